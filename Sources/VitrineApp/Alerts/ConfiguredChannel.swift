import AWS
import Alerting
import Engine
import Settings
import Transport

/// A channel as the settings name it. Its password is looked up when something is to be sent: a run that has nothing to tell needs none.
struct ConfiguredChannel: AlertChannel {
    let settings: ChannelSettings
    let factory: PipelineFactory
    let link: AlertLink
    /// After a secret was fetched, before it is used.
    let lookForSecrets: @Sendable () -> Void

    func send(_ notice: AlertNotice, insteadOf: String?) async throws(DeliveryFailure) { try await made().send(notice, insteadOf: insteadOf) }
    func send(_ letter: AlertLetter) async throws(DeliveryFailure) { try await made().send(letter) }

    private func made() async throws(DeliveryFailure) -> any AlertChannel {
        switch settings.kind {
        case .email(let email): return try EmailChannel(try await configuration(email), mailer: try link.get())
        case .webhook(let url): return WebhookChannel(name: settings.name, url: url, transport: try link.get())
        case .sns(let topic): return TopicChannel { [factory] message throws(DeliveryFailure) in try await Self.publish(message, to: topic, factory) }
        }
    }

    private func configuration(_ email: EmailSettings) async throws(DeliveryFailure) -> EmailChannel.Configuration {
        var configuration = EmailChannel.Configuration(server: email.smtp, from: email.from, to: email.to, user: email.user)
        configuration.security = email.startTLS == .off ? .off : .requiredBeyondLoopback
        configuration.caFile = email.caFile.map(factory.loaded.path)
        guard let reference = email.password else { return configuration }
        do {
            if try await factory.fetchedSecrets.fetch([reference]) { lookForSecrets() }
            configuration.password = try reference.resolve(in: factory.secretSources)
        } catch {
            let stop = RunStop(appError: error)
            throw DeliveryFailure(culprit: "\(stop.culprit): \(stop.detail)", remedy: stop.remedy, isFinal: stop.code == .settings)
        }
        return configuration
    }

    private static func publish(_ message: TopicChannel.Message, to topic: String, _ factory: PipelineFactory) async throws(DeliveryFailure) {
        let session: AWSSession
        do { session = try factory.aws.session() } catch {
            throw DeliveryFailure(culprit: "sns: \(error)", remedy: "look at what libcurl needs on this machine", isFinal: false)
        }
        let sent = await Bounded.within(AlertDesk.attemptTime) { () -> Result<Void, AWSError> in
            do throws(AWSError) {
                _ = try await SNS(in: session).publish(topic: topic, subject: message.subject, message: message.text, attributes: message.attributes)
                return .success(())
            } catch { return .failure(error) }
        }
        guard let sent else {
            throw DeliveryFailure(culprit: "sns \(topic): no answer within \(AlertDesk.attemptTime.components.seconds) s", remedy: "look at the network", isFinal: false)
        }
        do throws(AWSError) { try sent.get() } catch { throw DeliveryFailure(culprit: error.culprit, remedy: error.remedy, isFinal: error.isFinalForMessage) }
    }
}

extension AWSError {
    /// The same message will not be taken later either, unless somebody changes something.
    fileprivate var isFinalForMessage: Bool {
        switch reason {
        case .noCredentials, .badCredentials, .noRegion, .badConfiguration, .denied, .notFound, .refused, .preconditionFailed: true
        case .expired, .throttled, .service, .conflict, .malformedAnswer, .transport, .cancelled: false
        }
    }
}

/// Work that is given only so much time, by the machine's clock whatever a test makes of the pipeline's.
enum Bounded {
    /// - Returns: nil where it was not done in time; it is cancelled then, and waited for.
    static func within<Value: Sendable>(_ bound: Duration, _ work: @escaping @Sendable () async -> Value) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await work() }
            group.addTask {
                try? await World.real.sleep(bound)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
