import CoreMetrics
import Engine
import Telemetry
import VitrineApp

extension LibraryMetrics {
    /// swift-metrics takes one factory a process: this one, from the moment it is first named. Tests make factories of their own.
    static let ofThisProcess: LibraryMetrics = {
        let metrics = LibraryMetrics(clock: World.real.now)
        MetricsSystem.bootstrap(metrics)
        return metrics
    }()
}
