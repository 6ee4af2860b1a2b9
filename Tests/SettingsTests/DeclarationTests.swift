import Testing

@testable import Settings

@Suite struct DeclarationTests {
    @Test("every default is a value its own type takes", arguments: SettingCatalogue.all.map(\.path))
    func defaults(path: String) throws {
        let declaration = try #require(SettingCatalogue.byPath[path])
        if let fallback = declaration.fallback { #expect(throws: Never.self) { try declaration.type.parse(fallback) } }
        #expect(!declaration.isRequired || declaration.fallback == nil)
        #expect(!declaration.doc.isEmpty && !declaration.doc.contains("\n"))
    }

    @Test("every key stands under a container that is declared", arguments: SettingCatalogue.all.map(\.path))
    func parents(path: String) throws {
        let declaration = try #require(SettingCatalogue.byPath[path])
        guard !declaration.parent.isEmpty else { return }
        let isNamed = declaration.parent.hasSuffix(".*")
        let isList = declaration.parent.hasSuffix("[]")
        let container = SettingCatalogue.byPath[isNamed || isList ? String(declaration.parent.dropLast(2)) : declaration.parent]
        #expect(container?.type == (isNamed ? .named : isList ? .list : .section))
    }

    @Test("the reference page and the example name every key", arguments: SettingCatalogue.all.map(\.path))
    func documented(path: String) throws {
        let declaration = try #require(SettingCatalogue.byPath[path])
        #expect(settingsReferenceMarkdown().contains("| `\(path)` |"))
        #expect(exampleSettings.contains("\(declaration.key):"))
    }

    @Test("slips of the fingers are one edit, other words are none of ours")
    func spelling() {
        #expect(Spelling.distance("delivery", "deliverey") == 1 && Spelling.distance("form", "from") == 1 && Spelling.distance("", "abc") == 3)
        #expect(Spelling.nearest(to: "scheduel", in: ["synced", "schedule"]) == "schedule")
        #expect(Spelling.nearest(to: "banana", in: ["synced", "schedule"]) == nil)
    }
}
