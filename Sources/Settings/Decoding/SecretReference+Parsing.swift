extension SecretReference {
    /// Reads `env:NAME`, `file:PATH`, `secretsmanager:ARN` and `ssm:NAME`. What is refused is never repeated: it may be the secret itself.
    init(_ text: String, file: String, line: Int, key: String) throws(SettingFault) {
        self.init(source: try Self.source(text), file: file, line: line, key: key)
    }

    private static func source(_ text: String) throws(SettingFault) -> Source {
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            guard isVariable(name) else {
                throw SettingFault(message: "what follows env: is no name of an environment variable", remedy: "write env:META_ACCESS_TOKEN")
            }
            return .environment(name)
        }
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty else { throw SettingFault(message: "what follows file: is no path", remedy: "write file:/run/secrets/token") }
            return .file(path)
        }
        if text.hasPrefix("secretsmanager:") {
            return .secretsManager(try remote(text, "write secretsmanager:ARN, or the name of the secret"))
        }
        if text.hasPrefix("ssm:") { return .parameter(try remote(text, "write ssm:NAME, such as ssm:/shop/meta-token")) }
        throw SettingFault(
            message: "holds a secret itself, or no reference to one",
            remedy: "put the secret into an environment variable or a file, write env:NAME or file:PATH, and replace a secret that was shared with this file")
    }

    /// What follows the first colon. AWS knows no name with a blank or a letter beyond ASCII.
    private static func remote(_ text: String, _ remedy: String) throws(SettingFault) -> String {
        let kind = text.prefix { $0 != ":" }
        let name = text.dropFirst(kind.count + 1)
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw SettingFault(message: "what follows \(kind): is no name", remedy: remedy)
        }
        return String(name)
    }

    private static func isVariable(_ name: String) -> Bool {
        !name.isEmpty && name.first?.isNumber == false && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
