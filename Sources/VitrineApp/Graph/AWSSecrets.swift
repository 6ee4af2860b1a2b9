import AWS
import Engine
import Events
import Settings
import Synchronization

/// The secrets that Secrets Manager and the parameter store keep, asked for once in a process. Forgotten when the one who was shown it
/// refuses it: then somebody has changed it.
final class AWSSecrets: Sendable {
    private let link: AWSLink
    private let known = Mutex<[SecretReference.Source: Secret]>([:])

    init(link: AWSLink) { self.link = link }

    /// Nil where it was not fetched.
    func secret(_ source: SecretReference.Source) -> Secret? { known.withLock { $0[source] } }

    /// - Returns: whether there is a secret that was not known before.
    /// - Throws: 77 without the right, 78 where there is no such secret, 69 where AWS does not answer.
    func fetch(_ references: [SecretReference]) async throws -> Bool {
        var isNew = false
        for reference in references where reference.isRemote && secret(reference.source) == nil {
            let secret = try await ask(reference)
            known.withLock { $0[reference.source] = secret }
            isNew = true
        }
        return isNew
    }

    /// - Returns: whether AWS has another one by now than the one that was used. What it cannot say leaves the old one.
    func renew(_ references: [SecretReference]) async -> Bool {
        var hasChanged = false
        for reference in references where reference.isRemote {
            guard let fresh = try? await ask(reference) else { continue }
            hasChanged = known.withLock { $0.updateValue(fresh, forKey: reference.source) }?.reveal() != fresh.reveal() || hasChanged
        }
        return hasChanged
    }

    private func ask(_ reference: SecretReference) async throws -> Secret {
        let session = try link.session()
        let secret: Secret
        do throws(AWSError) {
            switch reference.source {
            case .secretsManager(let id): secret = try await SecretsManager(in: session).value(id)
            case .parameter(let name): secret = try await ParameterStore(in: session).value(name)
            case .environment, .file: preconditionFailure("only asked for what is remote")
            }
        } catch {
            throw RunStop(error, at: reference)
        }
        let value = secret.reveal().trimmingLineEnds
        guard !value.isEmpty else {
            throw RunStop(
                .settings, reason: "secret", culprit: reference.place, detail: "\(reference.text) is empty", remedy: "Put the secret into it, alone.")
        }
        return Secret(value)
    }
}

extension SecretReference {
    /// `vitrine.yaml:12`
    fileprivate var place: String { "\(file):\(line)" }
}

extension RunStop {
    fileprivate init(_ error: AWSError, at reference: SecretReference) {
        let code: ExitCode =
            switch error.reason {
            case .noCredentials, .badCredentials, .expired, .denied: .permission
            case .notFound, .noRegion, .badConfiguration, .refused, .preconditionFailed: .settings
            case .throttled, .service, .conflict, .malformedAnswer, .transport: .serviceUnavailable
            case .cancelled: .tryAgainLater
            }
        self.init(
            code, reason: "secret", culprit: reference.place, detail: "the secret \(reference.text) cannot be had: \(error.culprit)", remedy: error.remedy)
    }
}
