import CatalogSync
import Engine
import Events
import MetaCatalog
import Settings
import Transport

/// Whether Meta knows the token, the catalogue and the version, and what its clock says. One call.
struct CatalogueChecks {
    let factory: PipelineFactory
    let transport: any HTTPTransport
    let now: @Sendable () -> Timestamp

    /// A clock that is off by more makes signatures and proofs invalid (five minutes at Meta, "Login security").
    static let clockFails = Duration.seconds(300)
    static let clockWarns = Duration.seconds(30)

    func checks(of pipeline: PipelineSettings) async -> [Check] {
        let name = pipeline.name
        let endpoint: CatalogEndpoint
        do {
            _ = try await factory.fetchedSecrets.fetch(pipeline.catalog.secrets)
            endpoint = try factory.endpoint(pipeline)
        } catch { return [.fail("token", error, of: name)] }
        let before = now()
        switch await CatalogClient(endpoint: endpoint, transport: transport).catalog() {
        case .answered(let catalogue, let info):
            return [
                .ok("token", "Meta accepts it", of: name), self.catalogue(catalogue, endpoint, of: name), version(info, endpoint, of: name),
                clock(info, before, now(), of: name),
            ]
        case .failed(let failure): return [self.failure(failure, of: name)]
        }
    }

    private func catalogue(_ catalogue: CatalogInfo, _ endpoint: CatalogEndpoint, of pipeline: String) -> Check {
        guard catalogue.id == endpoint.catalogID else {
            return .fail("catalogue", "asked for \(endpoint.catalogID), Meta answered with \(catalogue.id)", "Check catalog.id.", .settings, of: pipeline)
        }
        let count = catalogue.productCount.map { ", \($0) products" } ?? ""
        return .ok("catalogue", "\(catalogue.name.map { "“\($0)”" } ?? "without a name") (\(catalogue.id))\(count)", of: pipeline)
    }

    private func version(_ info: CallInfo, _ endpoint: CatalogEndpoint, of pipeline: String) -> Check {
        let asked = endpoint.graphURL.split(separator: "/").last.map(String.init) ?? ""
        guard let answered = info.apiVersionAnswered else { return .ok("version", "asked for \(asked); Meta did not say which one answered", of: pipeline) }
        if asked == answered { return .ok("version", answered, of: pipeline) }
        return .warn(
            "version", "asked for \(asked), \(answered) answered: Meta moves calls on from a version that is retired",
            "Read Meta's changelog from \(asked) to \(answered), then raise the version in catalog.graph_url.", of: pipeline)
    }

    /// The answer's time has whole seconds and lies between the moments before and after the call.
    private func clock(_ info: CallInfo, _ before: Timestamp, _ after: Timestamp, of pipeline: String) -> Check {
        guard let there = info.answeredAt else { return .ok("clock", "the answer has no Date to compare with", of: pipeline) }
        let behind = before - (there + .seconds(1))
        let ahead = there - after
        let off = max(behind, ahead, .zero)
        let seconds = Int(off / .seconds(1))
        if off <= Self.clockWarns { return .ok("clock", "agrees with Meta's", of: pipeline) }
        let found = "\(seconds) seconds \(behind > ahead ? "ahead of" : "behind") Meta's"
        let remedy = "Set the clock of this machine (NTP)."
        return off > Self.clockFails ? .fail("clock", found, remedy, .serviceUnavailable, of: pipeline) : .warn("clock", found, remedy, of: pipeline)
    }

    private func failure(_ failure: CallFailure, of pipeline: String) -> Check {
        let said = "\(failure.message)\(failure.code.map { " (code \($0))" } ?? "")"
        switch failure.kind {
        case .authentication: return .fail("token", said, failure.remedy, .permission, of: pipeline)
        case .permission: return .fail("catalogue", said, failure.remedy, .permission, of: pipeline)
        case .throttled: return .warn("catalogue", "Meta wants no calls now: \(said)", failure.remedy, of: pipeline)
        case .versionRetired: return .fail("version", said, failure.remedy, .settings, of: pipeline)
        case .badRequest, .dataRefused, .tooLarge:
            return .fail("catalogue", said, "Check catalog.id and catalog.graph_url, and that the catalogue is assigned to the system user.", .permission, of: pipeline)
        case .transient, .lostAnswer, .unreachable, .malformedAnswer, .cancelled:
            return .fail("catalogue", said, failure.remedy, .serviceUnavailable, of: pipeline)
        }
    }
}
