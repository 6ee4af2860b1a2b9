import Events
import Foundation
import Testing
@testable import Alerting

@Suite("Messages")
struct MessageTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    static let files: [(name: String, text: String)] = Sample.story.flatMap { notice in
        let message = AlertMessage(notice, insteadOf: notice.kind == .worse ? "pager" : nil)
        return [("\(notice.kind.rawValue).txt", "\(message.subject)\n\n\(message.text)"), ("\(notice.kind.rawValue).html", message.html(color: notice.color))]
    }

    @Test("what people get, word for word", arguments: files)
    func golden(file: (name: String, text: String)) throws {
        let place = Self.golden.appending(path: file.name)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" { try Data(file.text.utf8).write(to: place) }
        #expect(file.text == (try String(contentsOf: place, encoding: .utf8)))
    }

    @Test("attack strings stay one line, short, and without markup", arguments: Attack.strings, AlertNotice.Kind.allCases)
    func attacks(text: String, kind: AlertNotice.Kind) {
        let notice = Attack.notice(text, kind: kind)
        let message = AlertMessage(notice, insteadOf: text)
        #expect(message.subject.unicodeScalars.count <= AlertMessage.longestSubject + 1)
        #expect(!message.subject.unicodeScalars.contains(where: PlainText.isControl))
        #expect(!message.text.unicodeScalars.contains { $0 != "\n" && PlainText.isControl($0) })
        let clean = AlertMessage(Attack.notice("x", kind: kind), insteadOf: "x")
        // No value adds a line: neither to a mail nor to what a topic's subscribers see.
        let links = text.hasPrefix("http") ? 2 : 0
        #expect(message.text.split(separator: "\n", omittingEmptySubsequences: false).count == clean.text.split(separator: "\n", omittingEmptySubsequences: false).count + links)
        let tags = { (page: String) in page.unicodeScalars.count { $0 == "<" } }
        #expect(tags(message.html(color: "#000")) == tags(clean.html(color: "#000")))
        #expect(message.text.utf8.count < 64 << 10)
    }

    @Test("only pages become links")
    func links() {
        for url in ["javascript:alert(1)", "https://x\" onclick=\"y", "data:text/html,x", "https://x.example/<b>"] {
            var notice = Sample.story[0]
            notice.context.dashboard = url
            #expect(!AlertMessage(notice, insteadOf: nil).links.contains { $0.name == "Dashboard" })
        }
    }
}
