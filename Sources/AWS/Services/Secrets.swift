public import Events
import FoundationEssentials

/// Secrets Manager.
public struct SecretsManager: Sendable {
    private let call: JSONCall

    public init(in session: AWSSession) { call = JSONCall(client: session.client(.secretsManager), target: "secretsmanager", version: "1.1") }

    private struct Input: Encodable { let SecretId: String }
    private struct Output: Decodable { var SecretString: String?, SecretBinary: String? }

    /// - Parameter id: name or ARN.
    public func value(_ id: String) async throws(AWSError) -> Secret {
        let output = try await call.send(.getSecretValue, Input(SecretId: id), subject: id, giving: Output.self)
        if let text = output.SecretString { return Secret(text) }
        if let data = output.SecretBinary.flatMap({ Data(base64Encoded: $0) }), let text = String(validating: data, as: UTF8.self) { return Secret(text) }
        throw .malformed("secretsmanager GetSecretValue \(id)", "holds no text")
    }
}

/// Systems Manager's parameter store.
public struct ParameterStore: Sendable {
    private let call: JSONCall

    public init(in session: AWSSession) { call = JSONCall(client: session.client(.ssm), target: "AmazonSSM", version: "1.1") }

    private struct Input: Encodable {
        let Name: String
        let WithDecryption: Bool
    }

    private struct Output: Decodable {
        struct Parameter: Decodable { let Value: String }
        let Parameter: Parameter
    }

    public func value(_ name: String) async throws(AWSError) -> Secret {
        Secret(try await call.send(.getParameter, Input(Name: name, WithDecryption: true), subject: name, giving: Output.self).Parameter.Value)
    }
}
