/// One key of the settings, said once. Decoding, defaults, the check for unknown keys and the reference page all come from it.
struct SettingDeclaration: Sendable {
    /// The keys from the top, joined by dots; `*` stands for a name of the user's, `[]` for each element of a list.
    let path: String
    let type: SettingType
    /// As it would be written; nil where there is none.
    let fallback: String?
    let isRequired: Bool
    /// One line for people.
    let doc: String

    var key: String { String(path[(path.lastIndex(of: ".").map(path.index(after:)) ?? path.startIndex)...]) }
    var parent: String { path.lastIndex(of: ".").map { String(path[..<$0]) } ?? "" }

    static func optional(_ path: String, _ type: SettingType, _ fallback: String? = nil, _ doc: String) -> SettingDeclaration {
        SettingDeclaration(path: path, type: type, fallback: fallback, isRequired: false, doc: doc)
    }

    static func required(_ path: String, _ type: SettingType, _ doc: String) -> SettingDeclaration {
        SettingDeclaration(path: path, type: type, fallback: nil, isRequired: true, doc: doc)
    }
}
