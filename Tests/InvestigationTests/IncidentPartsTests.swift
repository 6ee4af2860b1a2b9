import Events
import Foundation
import Testing

@testable import Investigation

@Suite("Parts of an incident's bundle")
struct IncidentPartsTests {
    @Test("the timeline tells single lines with their fields, and many of one event as one step")
    func timeline() {
        let all = [line(0, "info", "run.started")] + (1...50).map { line($0, "warning", "row.rejected") } + [line(60, "error", "run.stopped", run: "run-1", #""reason":"<b>token</b>""#)]
        let timeline = IncidentTimeline(all.map { Array($0.utf8) })
        #expect(timeline.steps.map(\.count) == [1, 50, 1] && timeline.steps.map(\.event) == ["run.started", "row.rejected", "run.stopped"] && timeline.left == 0)
        let text = timeline.text(title: "T")
        #expect(text.contains("WARNING  row.rejected          50 ×  m until 2026-11-21T08:00:50.000Z") && text.contains("ERROR    run.stopped"))
        let page = timeline.html(title: "T & co")
        #expect(page.contains("T &amp; co") && page.contains("&lt;b&gt;token&lt;/b&gt;") && !page.contains("<b>token") && !page.contains("<script") && !page.contains("http"))
    }

    @Test("a timeline is bounded, and says what it leaves out")
    func bounded() {
        let timeline = IncidentTimeline((0..<6_000).map { Array(line($0, "info", "e.\($0 % 7)").utf8) })
        #expect(timeline.steps.count == IncidentTimeline.mostSteps && timeline.left == 1_000 && timeline.text(title: "").contains("and 1000 more steps"))
    }

    @Test("a bundle redacts every file, its README too, and leaves out what has no room")
    func bundle() throws {
        var bundle = IncidentBundle(folder: "f", time: noon) { bytes in Array(String(decoding: bytes, as: UTF8.self).replacing("PLANTED", with: "<secret>").utf8) }
        try bundle.add("a.txt", "x PLANTED", "about PLANTED")
        try bundle.add("empty.txt", "", "nothing")
        try bundle.add("é/large.bin", [UInt8](repeating: 0x41, count: 1 << 20), "large")
        try bundle.add("huge.bin", [UInt8](repeating: 0, count: IncidentBundle.mostBytes), "too large")
        #expect(bundle.omitted.map(\.file) == ["huge.bin"] && bundle.files.map(\.name) == ["a.txt", "empty.txt", "é/large.bin"])
        let archive = try bundle.finish(head: ["PLANTED"])
        #expect(archive.starts(with: [0x50, 0x4B, 3, 4]))
        #expect(Data(archive).range(of: Data("PLANTED".utf8)) == nil)
        // Python's zipfile checks names, sizes and checksums of all of it.
        let path = FileManager.default.temporaryDirectory.appending(path: "zip-\(UUID().uuidString).zip")
        try Data(archive).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let check = Process()
        check.executableURL = URL(filePath: "/usr/bin/env")
        check.arguments = ["python3", "-c", "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(*z.namelist()); print(z.read('f/a.txt').decode())", path.path]
        let output = Pipe()
        check.standardOutput = output
        try check.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        check.waitUntilExit()
        #expect(check.terminationStatus == 0 && said == "f/a.txt f/empty.txt f/é/large.bin f/README.txt\nx <secret>\n")
    }
}
