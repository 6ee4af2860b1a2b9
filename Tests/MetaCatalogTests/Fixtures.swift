import Events
import Testing
import Transport

@testable import MetaCatalog

let token = "EAABtokenThatNobodyMaySee"
let appSecret = "appSecretThatNobodyMaySee"

func endpoint(appSecret: Secret? = nil, bodyForm: CatalogEndpoint.BodyForm = .json) -> CatalogEndpoint {
    CatalogEndpoint(
        graphURL: "https://graph.facebook.com/v26.0", catalogID: "1234567890", accessToken: Secret(token), appSecret: appSecret, bodyForm: bodyForm)
}

func client(_ transport: ScriptedTransport) -> CatalogClient { CatalogClient(endpoint: endpoint(), transport: transport) }

let oneItem = Array(#"[{"method":"UPDATE","data":{"id":"SKU-1","title":"مصباح & co"}}]"#.utf8)

extension CatalogClient {
    func sentAnswer() async throws -> (BatchAnswer, CallInfo) {
        switch await send(requests: oneItem) {
        case .answered(let answer, let info): return (answer, info)
        case .failed(let failure): throw failure
        }
    }

    func sendFailure() async throws -> CallFailure {
        switch await send(requests: oneItem) {
        case .answered(let answer, _): throw Unexpected(what: "answered \(answer)")
        case .failed(let failure): return failure
        }
    }

    func statusAnswer() async throws -> HandleStatus {
        switch await status(of: "AcxEXAMPLEhandle01") {
        case .answered(let status, _): return status
        case .failed(let failure): throw failure
        }
    }

    func statusFailure() async throws -> CallFailure {
        switch await status(of: "AcxEXAMPLEhandle01") {
        case .answered(let status, _): throw Unexpected(what: "answered \(status)")
        case .failed(let failure): return failure
        }
    }
}

struct Unexpected: Error { let what: String }
