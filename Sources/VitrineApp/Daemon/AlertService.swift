import Engine
import Events
import ServiceLifecycle
import Telemetry

/// Lets time pass for alerts: deadlines, reminders, ends of silences and the digest each minute, and messages when they are due. What a run has
/// to tell goes out when it has ended. What is left when the daemon ends goes when all runs have given up.
struct AlertService: Service {
    static let pause = Duration.seconds(60)
    /// A message that another process is just sending is not asked for more often.
    private static let shortestSleep = Duration.seconds(5)

    let daemon: Daemon
    let world: World

    func run() async {
        await cancelWhenGracefulShutdown {
            var nextLook = world.now()
            while !Task.isCancelled {
                let alerts = daemon.session.alerts
                guard alerts.isAtWork else {
                    await daemon.alertBell.wait()
                    continue
                }
                if world.now() >= nextLook {
                    await alerts.look(waiting: daemon.waiting)
                    nextLook = world.now() + Self.pause
                }
                let due = await alerts.deliver()
                daemon.session.telemetry.hub.flush()
                await rest(until: [due.map { max($0, world.now() + Self.shortestSleep) }, nextLook].compactMap(\.self).min() ?? nextLook)
            }
        }
    }

    private func rest(until moment: Timestamp) async {
        let wait = max(.zero, moment - world.now())
        await withTaskGroup(of: Void.self) { race in
            race.addTask { try? await world.sleep(wait) }
            race.addTask { await daemon.alertBell.wait() }
            await race.next()
            race.cancelAll()
        }
    }
}
