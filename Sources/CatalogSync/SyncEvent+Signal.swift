import Engine
public import Events
import MetaCatalog

extension SyncEvent {
    public func describe(to signal: inout Signal) {
        switch self {
        case .landingListed(let files, let oldest):
            signal.say(.info, "Landing zone listed.")
            signal.field(.files, files)
            signal.set(.landingPendingFiles, Double(files))
            signal.set(.landingOldestFile, oldest?.seconds ?? 0)
        case .fileClaimed(let file, let bytes, let modified):
            signal.say(.info, "File claimed.")
            signal.field(.file, file)
            signal.field(.bytes, bytes)
            signal.set(.lastFile, modified.seconds)  // files are claimed oldest first, so the newest has the last word
        case .fileSkipped(let file, let reason):
            signal.say(.info, "File left for a later run.")
            signal.field(.file, file)
            signal.field(.reason, reason)
        case .fileRefused(let file, let refusal):
            signal.say(.error, "File refused; none of its rows is sent.")
            signal.field(.file, file)
            signal.field(.row, refusal.line)
            signal.field(.rule, refusal.rule)
            signal.field(.value, refusal.value)
            signal.field(.reason, refusal.message)
            signal.field(.remedy, refusal.remedy)
            signal.add(.ruleFindings, 1, LabelValue(.rule, refusal.rule), LabelValue(.severity, "file"))
        case .fileArchived(let file, let outcome):
            signal.say(outcome == "lost" ? .warning : .info, "File finished.")
            signal.field(.file, file)
            signal.field(.outcome, outcome)
        case .fileSeenBefore(let file, let runID):
            signal.say(.info, "These bytes were taken in before; each row decides for itself.")
            signal.field(.file, file)
            signal.field(.reason, "same bytes as in run \(runID)")
        case .rowsValidated(let file, let read, let rejected):
            signal.say(.info, "File validated.")
            signal.field(.file, file)
            signal.field(.read, read)
            signal.field(.rejected, rejected)
            signal.add(.rowsValidated, read - rejected, LabelValue(.outcome, "valid"))
            signal.add(.rowsValidated, rejected, LabelValue(.outcome, "rejected"))
        case .findingsCounted(let rule, let severity, let count):
            signal.say(.debug, "Findings counted.")
            signal.field(.rule, rule)
            signal.field(.severity, severity)
            signal.field(.count, count)
            signal.add(.ruleFindings, count, LabelValue(.rule, rule), LabelValue(.severity, severity))
        case .rowRejected(let file, let row, let productID, let rule, let column, let value, let hint):
            signal.say(.warning, "Row rejected.")
            signal.field(.file, file)
            signal.field(.row, row)
            signal.field(.productID, productID)
            signal.field(.rule, rule)
            signal.field(.column, column)
            signal.field(.value, value)
            signal.field(.hint, hint)
        case .rowSuperseded(let file, let row, let productID, let newerFile, let newerRow):
            signal.say(.info, "Row superseded by a newer one.")
            signal.field(.file, file)
            signal.field(.row, row)
            signal.field(.productID, productID)
            signal.field(.otherFile, newerFile)
            signal.field(.otherRow, newerRow)
        case .validationFailed(let stop):
            signal.say(.error, "Validation failed; nothing is sent and nothing moves.")
            signal.field(.reason, stop.detail)
            signal.field(.remedy, stop.remedy)
        case .rejectedAccepted(let reason):
            signal.say(.warning, "A person let the run go on with its rejected rows.")
            signal.field(.reason, reason)
        case .runRestarted(let reason):
            signal.say(.warning, "A file changed before anything was sent; the run begins again.")
            signal.field(.reason, reason)
        case .rowsTransformed(let winners, let unchanged, let superseded, let items, let batches):
            signal.say(.info, "Rows transformed.")
            signal.field(.rows, winners)
            signal.field(.unchanged, unchanged)
            signal.field(.superseded, superseded)
            signal.field(.items, items)
            signal.field(.batches, batches)
        case .batchPrepared(let batch, let items, let bytes):
            signal.say(.info, "Batch prepared and stored.")
            signal.field(.batch, batch)
            signal.field(.items, items)
            signal.field(.bytes, bytes)
        case .batchPosting(let batch, let items):
            signal.say(.debug, "Batch on its way.")
            signal.begin(.batch, batch)
            signal.field(.batch, batch)
            signal.field(.items, items)
        case .batchSent(let batch, let handle, let items, let refused, let attempt, let seconds):
            signal.say(.info, "Batch sent.")
            signal.end(.batch, batch)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
            signal.field(.items, items)
            signal.field(.refused, refused)
            signal.field(.attempt, attempt)
            signal.field(.durationMilliseconds, Int(seconds * 1000))
            signal.add(.batchesSent, 1, LabelValue(.outcome, "sent"))
        case .batchRefused(let batch, let items, let message):
            signal.say(.warning, "Meta took nothing of this batch.")
            signal.end(.batch, batch, failed: true)
            signal.field(.batch, batch)
            signal.field(.items, items)
            signal.refusal(message)
            signal.add(.batchesSent, 1, LabelValue(.outcome, "failed"))
        case .batchDivided(let batch, let into, let reason):
            signal.say(.info, "Batch goes on in other parcels.")
            signal.field(.batch, batch)
            signal.field(.value, into)
            signal.field(.reason, reason)
        case .callFailed(let batch, let failure, let attempt, let wait):
            signal.say(.warning, "Call failed; it is tried again.")
            signal.field(.batch, batch)
            signal.failure(failure)
            signal.field(.attempt, attempt)
            signal.field(.waitMilliseconds, wait.milliseconds)
        case .throttled(let batch, let failure, let wait):
            signal.say(.warning, "Meta asks for a pause; no call is made until then.")
            signal.field(.batch, batch)
            signal.failure(failure)
            signal.field(.waitMilliseconds, wait.milliseconds)
        case .called(let api, let outcome, let seconds, let batch, let attempt, let status, let address):
            signal.say(.debug, "Call to Meta ended.")
            signal.whole(.call, seconds: seconds, of: batch, failed: outcome != .ok)
            signal.field(.api, api.rawValue)
            signal.field(.method, address.method)
            signal.field(.url, address.url)
            signal.field(.batch, batch)
            signal.field(.attempt, attempt)
            signal.field(.httpStatus, status)
            signal.field(.outcome, outcome.rawValue)
            signal.field(.durationMilliseconds, Int(seconds * 1000))
            signal.observe(.httpRequestDuration, seconds, LabelValue(.api, api.rawValue), LabelValue(.outcome, outcome.rawValue))
        case .quotaRead(let quota, let ratio):
            signal.say(.debug, "Quota read.")
            signal.field(.quota, quota)
            signal.field(.usedRatio, ratio)
            signal.set(.quotaUsed, ratio, LabelValue(.quota, (Quota(rawValue: quota) ?? .other).rawValue))
        case .handleAsked(let batch, let handle):
            signal.say(.debug, "Asking for a verdict.")
            signal.begin(.poll, batch)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
        case .handlePolled(let batch, let handle, let status):
            signal.say(.debug, "Handle not finished yet.")
            signal.end(.poll, batch)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
            signal.field(.state, status)
        case .handleFinished(let batch, let handle, let errors, let warnings, let seconds, let counts):
            signal.say(counts.refused > 0 ? .warning : .info, "Handle finished.")
            signal.end(.poll, batch)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
            signal.field(.errors, errors)
            signal.field(.warnings, warnings)
            signal.field(.accepted, counts.accepted)
            signal.field(.warned, counts.warned)
            signal.field(.refused, counts.refused)
            signal.field(.durationMilliseconds, Int(seconds * 1000))
            signal.add(.handleErrors, errors)
            signal.add(.handleWarnings, warnings)
            signal.observe(.handleLatency, seconds)
            signal.add(.items, counts.accepted, LabelValue(.outcome, "accepted"))
            signal.add(.itemsWarned, counts.warned)
        case .handleFailed(let batch, let handle, let status):
            signal.say(.warning, "Meta ended this handle without a result.")
            signal.end(.poll, batch, failed: true)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
            signal.field(.state, status)
        case .handleTimedOut(let batch, let handle, let seconds):
            signal.say(.warning, "No verdict before the deadline; later runs ask again.")
            signal.end(.poll, batch)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
            signal.field(.durationMilliseconds, Int(seconds * 1000))
        case .itemsGivenUp(let batch, let items, let reason):
            signal.say(.warning, "Items closed as unknown.")
            signal.field(.batch, batch)
            signal.field(.items, items)
            signal.field(.reason, reason)
        case .itemsUnknown(let items, let told):
            signal.say(items > 0 ? .warning : .info, items > 0 ? "Items of this run are without a verdict." : "No item of this run is without a verdict any more.")
            signal.field(.items, items)
            signal.revise(.items, by: items - told, LabelValue(.outcome, "unknown"))
        case .itemRefused(let productID, let file, let row, let batch, let handle, let message):
            signal.say(.warning, "Item refused by Meta.")
            signal.field(.file, file)
            signal.field(.row, row)
            signal.field(.productID, productID)
            signal.field(.batch, batch)
            signal.field(.handle, handle)
            signal.refusal(message)
            signal.add(.items, 1, LabelValue(.outcome, "refused"))
        case .runSettled(let runID, let state, let items):
            signal.say(.info, "An earlier run was settled.")
            signal.field(.value, runID)
            signal.field(.state, state.rawValue)
            signal.field(.items, items)
        case .productsCounted(let counts, let unresolved):
            signal.say(.debug, "Products counted.")
            signal.field(.pending, unresolved)
            signal.set(.unresolvedItems, Double(unresolved))
            for state in SubjectState.allCases {
                signal.field(state.field, counts[state] ?? 0)
                signal.set(.products, Double(counts[state] ?? 0), LabelValue(.state, state.rawValue))
            }
        case .runHeld(let stop):
            signal.say(.error, "The run is held: a person has to look before anything is sent.")
            signal.field(.reason, stop.detail)
            signal.field(.remedy, stop.remedy)
            signal.set(.heldRuns, 1)
        case .runStillHeld(let reason, let remedy):
            signal.say(.warning, "No run begins: an earlier one waits for a person.")
            signal.field(.reason, reason)
            signal.field(.remedy, remedy)
            signal.set(.heldRuns, 1)
        case .runReleased(let author, let reason):
            signal.say(.warning, "A person released a held run; the next run judges its files anew and may pass.")
            signal.field(.author, author)
            signal.field(.reason, reason)
            signal.set(.heldRuns, 0)
        case .releaseTaken(let runID, let author, let reason):
            signal.say(.info, "This run may pass what an earlier one was held for.")
            signal.field(.value, runID)
            signal.field(.author, author)
            signal.field(.reason, reason)
        case .runDiscarded(let files, let author, let reason):
            signal.say(.warning, "A person discarded a held run; its files were taken out of the landing zone.")
            signal.field(.files, files)
            signal.field(.author, author)
            signal.field(.reason, reason)
            signal.set(.heldRuns, 0)
        case .fileDiscarded(let file, let author, let reason):
            signal.say(.warning, "A person discarded a file.")
            signal.field(.file, file)
            signal.field(.author, author)
            signal.field(.reason, reason)
        case .resendRequested(let author, let what, let reason):
            signal.say(.warning, "A person wants products sent again; the next run does it.")
            signal.field(.author, author)
            signal.field(.value, what)
            signal.field(.reason, reason)
        case .resendTaken(let author, let what, let reason):
            signal.say(.info, "This run sends products again that a person asked for.")
            signal.field(.author, author)
            signal.field(.value, what)
            signal.field(.reason, reason)
        case .resendGathered(let items, let skipped):
            signal.say(.info, "What was sent last of the products is gathered.")
            signal.field(.items, items)
            signal.field(.count, skipped)
        case .productNotResent(let productID, let reason):
            signal.say(.warning, "A product that was asked for is not sent again.")
            signal.field(.productID, productID)
            signal.field(.reason, reason)
        case .runMarkLeft(let reason):
            signal.say(.info, "The run has ended; the next one tidies up behind it.")
            signal.field(.reason, reason)
        case .runLogLost(let reason):
            signal.say(.warning, "The run's own log could not be kept in its folder.")
            signal.field(.reason, reason)
        case .runLogCut(let lines):
            signal.say(.warning, "The run's own log was full: these lines are not in its folder.")
            signal.field(.count, lines)
        case .retentionSwept(let objects):
            signal.say(.info, "Objects past their retention removed.")
            signal.field(.count, objects)
        }
    }
}

extension Signal {
    /// What Meta said of an item or a batch, and the family that the report counts it under.
    fileprivate mutating func refusal(_ message: String) {
        field(.metaMessage, message)
        field(.family, CauseWord.of(message))
    }

    fileprivate mutating func failure(_ failure: CallFailure) {
        field(.reason, failure.kind.rawValue)
        field(.metaMessage, failure.message)
        field(.errorCode, failure.code)
        field(.errorSubcode, failure.subcode)
        field(.httpStatus, failure.httpStatus)
        field(.fbtraceID, failure.fbtraceID)
    }
}

extension SubjectState {
    fileprivate var field: FieldName {
        switch self {
        case .accepted: .accepted
        case .refused: .refused
        case .rejected: .rejected
        case .unknown: .unknown
        }
    }
}

extension Duration {
    var milliseconds: Int { Int(self / .milliseconds(1)) }
    var seconds: Double { self / .seconds(1) }
}
