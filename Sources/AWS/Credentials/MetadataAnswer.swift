import Events
import FoundationEssentials

/// Credentials as ECS, EKS and EC2 hand them out. A 200 can also carry `Code` and `Message` in their place.
struct MetadataAnswer: Decodable, Sendable {
    var Code: String?
    var Message: String?
    var AccessKeyId: String?
    var SecretAccessKey: String?
    var Token: String?
    var Expiration: String?

    static func read(_ body: [UInt8], from source: some CredentialSource) throws(AWSError) -> AWSCredentials {
        let answer: MetadataAnswer
        do {
            answer = try JSONDecoder().decode(MetadataAnswer.self, from: Data(body))
        } catch {
            throw source.broken("the answer is not the JSON that was expected", "Check the role of this machine or container.")
        }
        guard let id = answer.AccessKeyId, let secret = answer.SecretAccessKey else {
            let words = [answer.Code, answer.Message].compactMap(\.self).joined(separator: ": ")
            throw source.broken("no keys in the answer\(words.isEmpty ? "" : " (\(words))")", "Check the role of this machine or container.")
        }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: answer.Token.map { Secret($0) },
            expiresAt: answer.Expiration.flatMap { Timestamp(rfc3339: $0) })
    }
}
