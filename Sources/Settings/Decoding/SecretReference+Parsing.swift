extension SecretReference {
    /// Reads `env:NAME` and `file:PATH`. What is refused is never repeated: it may be the secret itself.
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
        if text.hasPrefix("secretsmanager:") || text.hasPrefix("ssm:") {
            throw SettingFault(message: "\(text.prefix { $0 != ":" }): needs the AWS room (not built yet)", remedy: "write env:NAME or file:PATH")
        }
        throw SettingFault(
            message: "holds a secret itself, or no reference to one",
            remedy: "put the secret into an environment variable or a file, write env:NAME or file:PATH, and replace a secret that was shared with this file")
    }

    private static func isVariable(_ name: String) -> Bool {
        !name.isEmpty && name.first?.isNumber == false && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
