import Alerting
import Events
import FoundationEssentials
import Synchronization
import Transport

/// The way to receivers: a transport of its own, so that its calls are counted apart from those to Meta. Made when something first asks for it.
final class AlertLink: Sendable {
    private let reporter: Reporter
    private let transport = Mutex<CurlTransport?>(nil)

    init(reporter: Reporter) { self.reporter = reporter }

    /// - Throws: where libcurl cannot be started.
    func get() throws(DeliveryFailure) -> CurlTransport {
        let made = transport.withLock { known -> Result<CurlTransport, TransportError> in
            if let known { return .success(known) }
            let result = Result { () throws(TransportError) in
                try CurlTransport(configuration: TransportConfiguration(environment: Environment.all), observer: { [reporter] in Self.tell($0, to: reporter) })
            }
            known = try? result.get()
            return result
        }
        do throws(TransportError) { return try made.get() } catch {
            throw DeliveryFailure(culprit: error.culprit, remedy: error.remedy, isFinal: false)
        }
    }

    func shutdown() { transport.withLock { $0?.shutdown() } }

    private static func tell(_ exchange: HTTPExchange, to reporter: Reporter) {
        guard let api = AlertEvent.API(rawValue: exchange.api) else { return }
        let outcome: AlertEvent.CallOutcome =
            switch (exchange.status, exchange.failure) {
            case (let status?, _) where (200..<300).contains(status): .ok
            case (429, _): .throttled
            case (let status?, _): status == 408 || status >= 500 ? .transient : .refused
            case (nil, let failure): failure?.isTransient == true ? .transient : .refused
            }
        reporter.report(AlertEvent.called(api, outcome, seconds: exchange.timings.total / .seconds(1)))
    }
}
