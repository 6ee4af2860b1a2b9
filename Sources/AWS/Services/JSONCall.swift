import FoundationEssentials
import Transport

/// The services that take and give JSON: the operation stands in a header.
struct JSONCall: Sendable {
    let client: AWSClient
    /// Such as `AmazonSQS`.
    let target: String
    /// `1.0` or `1.1`.
    let version: String

    /// - Parameter change: what is unusual about this call.
    func send(
        _ operation: AWSOperation, _ input: some Encodable & Sendable, subject: String, _ change: (inout AWSCall) -> Void = { _ in }
    ) async throws(AWSError) -> [UInt8] {
        var call = AWSCall(operation, .json)
        call.subject = subject
        call.headers = [
            (name: "Content-Type", value: "application/x-amz-json-\(version)"), (name: "X-Amz-Target", value: "\(target).\(operation.rawValue)"),
        ]
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            call.body = .bytes(Array(try encoder.encode(input)))
        } catch {
            throw AWSError(.refused, culprit: "\(client.service.rawValue) \(operation.rawValue) \(subject): a number is not finite", remedy: "This is a defect: report it.")
        }
        change(&call)
        return try await client.send(call).body
    }

    func send<Output: Decodable & Sendable>(
        _ operation: AWSOperation, _ input: some Encodable & Sendable, subject: String, giving: Output.Type, _ change: (inout AWSCall) -> Void = { _ in }
    ) async throws(AWSError) -> Output {
        let body = try await send(operation, input, subject: subject, change)
        do {
            return try JSONDecoder().decode(Output.self, from: Data(body))
        } catch {
            throw .malformed("\(client.service.rawValue) \(operation.rawValue) \(subject)", "is not the JSON that was expected")
        }
    }
}

/// The services that take a form and give XML.
struct FormCall: Sendable {
    let client: AWSClient
    let version: String

    func send(
        _ operation: AWSOperation, _ parameters: [(name: String, value: String)], subject: String, isSigned: Bool = true, _ change: (inout AWSCall) -> Void = { _ in }
    ) async throws(AWSError) -> XMLElement {
        var call = AWSCall(operation, .query)
        call.subject = subject
        call.isSigned = isSigned
        call.headers = [(name: "Content-Type", value: "application/x-www-form-urlencoded; charset=utf-8")]
        call.body = .bytes(URIEncoding.form([(name: "Action", value: operation.rawValue), (name: "Version", value: version)] + parameters))
        change(&call)
        let body = try await client.send(call).body
        do {
            return try XMLElement.read(body)
        } catch {
            throw .malformed("\(client.service.rawValue) \(operation.rawValue) \(subject)", error.problem.rawValue)
        }
    }
}
