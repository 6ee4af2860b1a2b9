import Engine
import Events
import ServiceLifecycle
import Telemetry

/// Hands CloudWatch what has gathered, each minute. What is left when the daemon ends goes when all runs have given up.
struct CloudWatchDelivery: Service {
    static let pause = Duration.seconds(60)

    private let cloudWatch: CloudWatchTelemetry
    private let reporter: Reporter
    private let world: World

    init(cloudWatch: CloudWatchTelemetry, reporter: Reporter, world: World) {
        self.cloudWatch = cloudWatch
        self.reporter = reporter
        self.world = world
    }

    /// Nil where CloudWatch is not switched on.
    init?(session: AppSession, world: World) {
        guard let cloudWatch = session.cloudWatch else { return nil }
        self.init(cloudWatch: cloudWatch, reporter: session.telemetry.reporter, world: world)
    }

    func run() async {
        await cancelWhenGracefulShutdown {
            while (try? await world.sleep(Self.pause)) != nil {
                await cloudWatch.deliver(isLast: false, reporter: reporter)
            }
        }
    }
}
