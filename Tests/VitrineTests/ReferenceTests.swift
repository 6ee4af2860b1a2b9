import Foundation
import Testing
@testable import VitrineApp

@Suite("The generated pages")
struct ReferenceTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test("are committed as the code makes them", arguments: ReferencePages.all.map(\.path))
    func fresh(path: String) throws {
        let page = try #require(ReferencePages.all.first { $0.path == path })
        let file = Self.root.appending(path: path)
        let committed = try? String(contentsOf: file, encoding: .utf8)
        guard committed != page.text else { return }
        let theirs = (committed ?? "").components(separatedBy: "\n")
        let ours = page.text.components(separatedBy: "\n")
        let line = zip(theirs, ours).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(theirs.count, ours.count)
        Issue.record("\(path) is not what the code makes, from line \(line + 1) on. Run: make docs")
    }

    @Test("are the same each time they are made")
    func stable() {
        #expect(ReferencePages.all.map(\.text) == ReferencePages.all.map(\.text))
    }
}
