/// Token and proof, in that order.
struct AccessCheck {
    /// A time-stamped proof lives five minutes, in seconds. Source: Meta, login security.
    static let proofLifetime: Int64 = 300

    let configuration: SandboxConfiguration

    func check(_ request: SandboxRequest) throws(MetaError) {
        guard request.authorization == "Bearer \(configuration.accessToken)" else { throw .badToken }
        // A token in the URL ends in access logs: the sandbox is stricter than Meta here.
        guard request.query["access_token"] == nil else { throw .badToken }
        guard let secret = configuration.appSecret else { return }
        let body = try RequestParameters(request, byteLimit: configuration.byteLimit)
        guard let proof = body.text("appsecret_proof") else { throw .missingProof }
        guard let stamp = body.text("appsecret_time") else {
            return try expect(proof, SHA256.hexHMAC(key: secret, message: configuration.accessToken))
        }
        guard let seconds = Int64(stamp), abs(configuration.unixTime() - seconds) <= Self.proofLifetime else { throw .wrongProof }
        try expect(proof, SHA256.hexHMAC(key: secret, message: "\(configuration.accessToken)|\(stamp)"))
    }

    private func expect(_ proof: String, _ right: String) throws(MetaError) {
        guard proof == right else { throw .wrongProof }
    }
}
