import Engine
import ServiceLifecycle
import Telemetry

/// Hands CloudWatch and an OpenTelemetry receiver what has gathered: each minute, and sooner where a request is full. What is left when the daemon ends
/// goes when all runs have given up.
struct TelemetryDelivery: Service {
    static let pause = Duration.seconds(60)

    private let session: AppSession
    private let world: World

    /// Nil where nobody waits for it.
    init?(session: AppSession, world: World) {
        guard session.cloudWatch != nil || session.otlp != nil else { return nil }
        self.session = session
        self.world = world
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await session.deliverFullRequests() }
                group.addTask { while (try? await world.sleep(Self.pause)) != nil { await session.deliver(isLast: false) } }
            }
        }
    }
}
