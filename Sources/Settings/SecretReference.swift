public import Events

/// Where a secret is kept. The settings file holds only this, never the secret.
public struct SecretReference: Sendable, Equatable {
    public enum Source: Sendable, Hashable {
        case environment(String)
        case file(String)
        /// Name or ARN in AWS Secrets Manager.
        case secretsManager(String)
        /// Name or ARN in the parameter store of AWS Systems Manager.
        case parameter(String)
    }

    public let source: Source
    /// Where the reference stands, so that an error can point at it.
    public let file: String
    public let line: Int
    public let key: String

    /// As it is written in the settings.
    public var text: String {
        switch source {
        case .environment(let name): "env:\(name)"
        case .file(let path): "file:\(path)"
        case .secretsManager(let id): "secretsmanager:\(id)"
        case .parameter(let name): "ssm:\(name)"
        }
    }

    /// Whether it has to be fetched from another machine before it can be resolved.
    public var isRemote: Bool {
        switch source {
        case .environment, .file: false
        case .secretsManager, .parameter: true
        }
    }

    /// Looks the secret up.
    /// - Parameter sources: the process's environment and a way to read a file.
    /// - Throws: `SettingsError` naming the variable or file where there is nothing.
    public func resolve(in sources: SecretSources) throws(SettingsError) -> Secret {
        switch source {
        case .environment(let name):
            guard let value = sources.environment[name], !value.isEmpty else {
                throw error("the environment variable \(name) is not set", "export \(name), or name another place: file:PATH")
            }
            return Secret(value)
        case .file(let path):
            guard let content = sources.readFile(path) else {
                throw error("the file \(path) cannot be read", "make it readable for this user, or name another place: env:NAME")
            }
            let value = content.trimmingLineEnds
            guard !value.isEmpty else { throw error("the file \(path) is empty", "put the secret into it, alone") }
            return Secret(value)
        case .secretsManager, .parameter:
            guard let secret = sources.fetched(source) else { throw error("\(text) was not fetched", "name another place: env:NAME or file:PATH") }
            return secret
        }
    }

    private func error(_ message: String, _ remedy: String) -> SettingsError {
        SettingsError(file: file, line: line, key: key, message: message, remedy: remedy)
    }
}

/// The world in which references are looked up.
public struct SecretSources: Sendable {
    public let environment: [String: String]
    /// The text of a file, nil if it cannot be read.
    public let readFile: @Sendable (String) -> String?
    /// What was fetched from another machine; nil if it was not.
    public var fetched: @Sendable (SecretReference.Source) -> Secret?

    public init(
        environment: [String: String], readFile: @escaping @Sendable (String) -> String?,
        fetched: @escaping @Sendable (SecretReference.Source) -> Secret? = { _ in nil }
    ) {
        self.environment = environment
        self.readFile = readFile
        self.fetched = fetched
    }
}

extension String {
    /// Without the line ends that an editor leaves behind the last line.
    public var trimmingLineEnds: String {
        var text = self[...]
        while let last = text.unicodeScalars.last, last == "\n" || last == "\r" { text.unicodeScalars.removeLast() }
        return String(text)
    }
}
