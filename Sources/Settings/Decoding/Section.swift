import Events

/// A mapping of the file after reading: what each declared key holds, and where. Defaults come from the declarations.
struct Section {
    /// The declared path, with `*` and `[]`.
    let declared: String
    /// The path in the file, with names and places.
    let path: String
    /// The name under which it stands, for a section of the user's naming.
    var name = ""
    let line: Int
    var values: [String: SettingValue] = [:]
    var lines: [String: Int] = [:]
    var sections: [String: Section] = [:]
    /// The sections of a `named` or a `list`, in the order of the file.
    var groups: [String: [Section]] = [:]

    func key(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    func line(of key: String) -> Int { lines[key] ?? line }
    func has(_ key: String) -> Bool { lines[key] != nil }

    func section(_ key: String) -> Section {
        sections[key] ?? Section(declared: declared.isEmpty ? key : "\(declared).\(key)", path: self.key(key), line: line)
    }

    func group(_ key: String) -> [Section] { groups[key] ?? [] }

    /// What the key holds, or its default; nil for nothing.
    private func value(_ key: String) -> SettingValue? {
        if let value = values[key] { return value == .nothing ? nil : value }
        let path = declared.isEmpty ? key : "\(declared).\(key)"
        guard let declaration = SettingCatalogue.byPath[path] else { preconditionFailure("the setting \(path) is not declared") }
        return declaration.fallback.flatMap { try? declaration.type.parse($0) }
    }

    func text(_ key: String) -> String? {
        guard case .text(let value) = value(key) else { return nil }
        return value
    }

    func flag(_ key: String) -> Bool {
        guard case .flag(let value) = value(key) else { return false }
        return value
    }

    func integer(_ key: String) -> Int? {
        guard case .integer(let value) = value(key) else { return nil }
        return value
    }

    func decimal(_ key: String) -> Double? {
        guard case .decimal(let value) = value(key) else { return nil }
        return value
    }

    func share(_ key: String) -> Double? {
        guard case .share(let value) = value(key) else { return nil }
        return value
    }

    func duration(_ key: String) -> Duration? {
        guard case .duration(let value) = value(key) else { return nil }
        return value
    }

    /// The end of a day, UTC.
    func moment(_ key: String) -> Timestamp? {
        guard case .moment(let value) = value(key) else { return nil }
        return value
    }

    func cron(_ key: String) -> CronExpression? {
        guard case .cron(let value) = value(key) else { return nil }
        return value
    }

    func secret(_ key: String) -> SecretReference? {
        guard case .secret(let value) = value(key) else { return nil }
        return value
    }

    func texts(_ key: String) -> [String] {
        guard case .texts(let value) = value(key) else { return [] }
        return value
    }

    func pairs(_ key: String) -> [String: String]? {
        guard case .pairs(let value) = value(key) else { return nil }
        return value
    }
}
