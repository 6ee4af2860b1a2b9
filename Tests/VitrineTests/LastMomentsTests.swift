import Events
import Synchronization
import Testing

@testable import VitrineApp

@Suite("The end of a process")
struct LastMomentsTests {
    @Test("has one window for all who are told, whatever one of them takes of it; people leave the larger part to the others", arguments: [false, true])
    func window(isHurried: Bool) {
        let clock = Clock(time: Timestamp(nanoseconds: 0))
        let moments = LastMoments(isHurried: isHurried, now: { clock.now })
        let whole: Duration = isHurried ? .seconds(4) : .seconds(30)
        #expect(moments.left == whole)
        clock.pass(isHurried ? LastMoments.hurriedPeople : AlertOffice.bound)
        #expect(moments.left >= whole / 2)
        clock.pass(whole)
        #expect(moments.left == .zero, "and never less")
    }

    private final class Clock: Sendable {
        private let time: Mutex<Timestamp>
        init(time: Timestamp) { self.time = Mutex(time) }
        var now: Timestamp { time.withLock(\.self) }
        func pass(_ duration: Duration) { time.withLock { $0 = $0 + duration } }
    }
}
