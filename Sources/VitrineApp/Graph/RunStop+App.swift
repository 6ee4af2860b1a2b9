import CatalogSync
import Engine
import Settings
import Telemetry
import Transport

extension RunStop {
    /// Adds what only the composition root meets to what a pipeline can throw.
    init(appError error: any Error) {
        switch error {
        case let error as SettingsError: self.init(error)
        case let error as SettingsProblems: self.init(error)
        case let error as LogFileError:
            self.init(.cannotWrite, reason: "log_file", culprit: error.path, detail: error.reason, remedy: error.remedy)
        case let error as OTLPConfigurationError:
            self.init(.settings, reason: "otlp", culprit: error.variable, detail: "\(error.value) cannot be followed", remedy: error.remedy)
        case let error as TransportError:
            self.init(.internalError, reason: "transport", culprit: error.culprit, detail: "HTTP cannot be started", remedy: error.remedy)
        case let error as DemoError:
            self.init(.cannotWrite, reason: "demo", culprit: error.culprit, detail: "\(error.cause)", remedy: error.remedy)
        default: self.init(any: error)
        }
    }
}
