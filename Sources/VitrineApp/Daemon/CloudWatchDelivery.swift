import Engine
import ServiceLifecycle
import Telemetry

/// Hands CloudWatch what has gathered, each minute. What is left when the daemon ends goes when all runs have given up.
struct CloudWatchDelivery: Service {
    static let pause = Duration.seconds(60)

    private let cloudWatch: CloudWatchTelemetry
    private let session: AppSession
    private let world: World

    /// Nil where CloudWatch is not switched on.
    init?(session: AppSession, world: World) {
        guard let cloudWatch = session.cloudWatch else { return nil }
        self.cloudWatch = cloudWatch
        self.session = session
        self.world = world
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await world.sleep(Self.pause)) != nil {
                await cloudWatch.deliver(isLast: false, reporter: session.telemetry.reporter)
            }
        }
    }
}
