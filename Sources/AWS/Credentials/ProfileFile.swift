/// The shared files `~/.aws/config` and `~/.aws/credentials`: sections of `key = value`, a value that is empty may have indented keys below it.
struct ProfileFile: Sendable, Equatable {
    /// By section as written, such as `profile shop`. Keys in lower case; a nested key is `outer.inner`.
    private(set) var sections: [String: [String: String]] = [:]

    init() {}

    init(_ text: String) {
        var section: String?
        var outer: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let isIndented = line.first == " " || line.first == "\t"
            let content = line.trimmed
            if content.isEmpty || content.hasPrefix("#") || content.hasPrefix(";") { continue }
            if content.hasPrefix("["), let end = content.firstIndex(of: "]") {
                let name = content[content.index(after: content.startIndex)..<end].trimmed
                section = name.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
                outer = nil
                if let section, sections[section] == nil { sections[section] = [:] }
                continue
            }
            guard let section, let equals = content.firstIndex(of: "=") else { continue }
            let key = content[..<equals].trimmed.lowercased()
            let value = content[content.index(after: equals)...].trimmed
            if isIndented, let outer {
                sections[section]?["\(outer).\(key)"] = value
            } else {
                sections[section]?[key] = value
                outer = value.isEmpty ? key : nil
            }
        }
    }
}

/// One profile out of both files.
struct Profile: Sendable, Equatable {
    static let defaultName = "default"

    let name: String
    /// Of the credentials file.
    var keys: [String: String]?
    /// Of the configuration file.
    var configuration: [String: String]?
    /// Of the `services` section it names.
    var services: [String: String] = [:]

    var isThere: Bool { keys != nil || configuration != nil }

    /// Credentials file first, as the SDKs do it.
    subscript(key: String) -> String? {
        (keys?[key] ?? configuration?[key]).flatMap { $0.isEmpty ? nil : $0 }
    }

    init(name: String, credentials: ProfileFile, configuration: ProfileFile) {
        self.name = name
        keys = credentials.sections[name]
        self.configuration = configuration.sections["profile \(name)"] ?? (name == Self.defaultName ? configuration.sections[name] : nil)
        if let section = self.configuration?["services"] { services = configuration.sections["services \(section)"] ?? [:] }
    }

    /// The profile that the environment names, or `default`.
    static func load(_ world: AWSWorld) -> Profile {
        let home = world.variable("HOME") ?? ""
        let credentials = world.variable("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials"
        let configuration = world.variable("AWS_CONFIG_FILE") ?? "\(home)/.aws/config"
        return Profile(
            name: chosenName(world) ?? defaultName, credentials: world.readFile(credentials).map(ProfileFile.init) ?? ProfileFile(),
            configuration: world.readFile(configuration).map(ProfileFile.init) ?? ProfileFile())
    }

    /// Nil where nobody chose one.
    static func chosenName(_ world: AWSWorld) -> String? { world.variable("AWS_PROFILE") ?? world.variable("AWS_DEFAULT_PROFILE") }
}

extension StringProtocol {
    /// Without blanks and line ends at both ends.
    var trimmed: String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n" }
        let head = unicodeScalars.drop(while: isBlank)
        guard let last = head.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(String.UnicodeScalarView(head[...last]))
    }
}
