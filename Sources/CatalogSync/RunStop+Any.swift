public import Engine
import Feed
import MetaCatalog
import ObjectStore

extension RunStop {
    /// Every error that can end a run, with its exit code.
    public init(any error: any Error) {
        switch error {
        case let stop as RunStop: self = stop
        case is CancellationError: self = .toldToStop
        case let error as StoreError where error.reason == .cancelled: self = .toldToStop
        case let error as StoreError:
            let code: ExitCode =
                switch error.reason {
                case .unreachable: .serviceUnavailable
                case .permission: .permission
                case .misconfigured: .settings
                case .notFound, .alreadyThere, .changed, .denied, .noSpace, .tooLarge, .badKey, .cancelled, .failed: .cannotWrite
                }
            self.init(code, reason: error.reason.rawValue, culprit: error.culprit, detail: error.detail, remedy: error.remedy)
        case let error as LedgerError:
            self.init(.cannotWrite, reason: "ledger", culprit: error.path, detail: error.detail, remedy: error.remedy)
        case let error as SpoolError:
            self.init(.cannotWrite, reason: "spool", culprit: error.culprit, detail: error.detail, remedy: error.remedy)
        case let error as RowReadError:
            self.init(.tryAgainLater, reason: "file_changed", culprit: error.culprit, detail: "it changed while it was read", remedy: error.remedy)
        case let error as SourceChanged:
            self.init(
                .tryAgainLater, reason: "file_changed", culprit: error.file, detail: "it was written over while it was read",
                remedy: "Write files under a hidden name, rename them when they are complete, and run again.")
        default:
            self.init(
                .internalError, reason: "internal", culprit: "vitrine", detail: "\(error)",
                remedy: "This is a defect: keep the run folder and report it. The next run goes on from the journal.")
        }
    }

    static func everythingRefused(_ failure: CallFailure) -> RunStop {
        RunStop(
            .serviceUnavailable, reason: "everything_refused", culprit: failure.culprit,
            detail: "Meta refuses every batch as a whole, however small: \(failure.message)", remedy: failure.remedy)
    }

    static func everythingRefused(_ facts: PostFacts, at parcel: Parcel) -> RunStop {
        RunStop(
            .serviceUnavailable, reason: "everything_refused", culprit: "batch \(parcel.name)",
            detail: "Meta gives no handle for any batch, however small: \(facts.refused.first?.message ?? AnswerReading.noReason)",
            remedy: "Look at the message and at the catalogue in Commerce Manager, then run again: it goes on where it stopped.")
    }

    var facts: StopFacts { StopFacts(code: code, reason: reason, culprit: culprit, detail: detail, remedy: remedy) }
}
