public import Engine
public import Events
import Glibc

extension World {
    /// The machine's clock and chance.
    public static var real: World {
        World(now: { .now }, sleep: { try await Task.sleep(for: $0) }, random: { UInt64.random(in: .min ... .max) })
    }
}

extension Timestamp {
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
