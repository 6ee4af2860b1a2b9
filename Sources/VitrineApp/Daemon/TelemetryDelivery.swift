import Engine
import ServiceLifecycle

/// Hands CloudWatch and an OpenTelemetry receiver what has gathered: each minute, and sooner where a request is full. What is left when the daemon ends
/// goes when all runs have given up.
struct TelemetryDelivery: Service {
    static let pause = Duration.seconds(60)

    let world: World
    let eachMinute: @Sendable () async -> Void
    /// Until its task is cancelled.
    let whenFull: @Sendable () async -> Void

    func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await whenFull() }
                group.addTask { while (try? await world.sleep(Self.pause)) != nil { await eachMinute() } }
            }
        }
    }
}

extension TelemetryDelivery {
    /// Nil where nobody waits for it.
    init?(daemon: Daemon, world: World) {
        guard daemon.session.cloudWatch != nil || daemon.session.otlp != nil else { return nil }
        self.init(
            world: world, eachMinute: { await daemon.session.deliver(isLast: false, of: daemon.session.pipelineNames) },
            whenFull: { await daemon.session.deliverFullRequests() })
    }
}
