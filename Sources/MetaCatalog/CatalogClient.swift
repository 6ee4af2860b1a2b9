public import Transport

/// The three calls of the Catalog Batch API we need. Each is one request: no retry, no waiting, no memory. What to do about a failure is
/// the caller's decision; `CallFailure.kind` says which decisions there are.
public struct CatalogClient: Sendable {
    private let requests: CatalogRequests
    private let transport: any HTTPTransport
    private let redaction: Redaction

    public init(endpoint: CatalogEndpoint, transport: any HTTPTransport) {
        requests = CatalogRequests(endpoint: endpoint)
        redaction = Redaction(requests.secrets)
        self.transport = transport
    }

    /// Method and address of a call, for those who follow it; without the values of its query.
    public struct Address: Sendable, Equatable {
        public var method: String
        public var url: String

        public init(method: String, url: String) {
            self.method = method
            self.url = url
        }

        fileprivate init(_ request: HTTPRequest) { self.init(method: request.method.rawValue, url: request.redactedURL) }
    }

    /// Of `send`.
    public var batchAddress: Address { Address(requests.batch([])) }
    /// Of `status`.
    public var statusAddress: Address { Address(requests.status(of: "")) }

    /// Sends one batch.
    ///
    /// - Parameter requests: the bytes of a JSON array of objects `{"method", "data"}`, at most 5,000 of them and 28,000,000 bytes.
    public func send(requests items: [UInt8]) async -> SendOutcome {
        do throws(CallFailure) {
            let (answer, info) = try await call("items_batch", requests.batch(items)) { (answer) throws(AnswerShapeError) in try BatchAnswer(answer) }
            return .answered(answer, info)
        } catch {
            return .failed(error)
        }
    }

    /// Asks what became of a batch.
    public func status(of handle: String) async -> StatusOutcome {
        do throws(CallFailure) {
            let (answer, info) = try await call("check_batch_request_status", requests.status(of: handle)) { (answer) throws(AnswerShapeError) in
                try HandleStatus(answer)
            }
            return .answered(answer, info)
        } catch {
            return .failed(error)
        }
    }

    /// Asks the catalogue for its name and size: proof that address, token and permission fit together.
    public func catalog() async -> CatalogOutcome {
        do throws(CallFailure) {
            let (answer, info) = try await call("reading", requests.catalog()) { (answer) throws(AnswerShapeError) in
                guard let id = answer["id"]?.filledText else { throw AnswerShapeError("the answer has no `id`") }
                return CatalogInfo(id: id, name: answer["name"]?.text, productCount: answer["product_count"]?.integer)
            }
            return .answered(answer, info)
        } catch {
            return .failed(error)
        }
    }

    private func call<Answer>(
        _ name: String, _ request: HTTPRequest, _ read: (JSONValue) throws(AnswerShapeError) -> Answer
    ) async throws(CallFailure) -> (Answer, CallInfo) {
        let judge = AnswerJudge(
            call: "\(name) of catalogue \(requests.endpoint.catalogID)", carriesItems: request.body != nil, redaction: redaction)
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.send(request)
        } catch {
            throw judge.judge(error)
        }
        let (answer, info) = try judge.judge(response)
        do throws(AnswerShapeError) {
            return (try read(answer), info)
        } catch {
            throw judge.malformed(error.what, info)
        }
    }
}
