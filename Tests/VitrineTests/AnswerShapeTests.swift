import ArgumentParser
import Engine
import Foundation
import Sandbox
import Testing
import VitrineApp

@testable import vitrine

/// DESIGN's promise of `--output json`: one document on every exit code, with every field always there, and `error` beside them.
@Suite("Answers have the same fields, whatever went wrong")
struct AnswerShapeTests {
    /// How a command is asked so that it fails behind its arguments, and so that it succeeds in a shop of one ended run.
    struct Asked: Sendable, CustomTestStringConvertible {
        var words: String
        /// Behind the words.
        var needs: [String] = []
        /// Without settings it would not fail.
        var fails: [String] = ["--config", "/dev/null/none.yaml"]
        /// Nil: it never ends, or wants more than a shop.
        var succeeds: [String]?
        /// Stands for a port that somebody else listens on: to root no port is forbidden.
        static let takenPort = "taken"
        var testDescription: String { words }
    }

    static let table: [Asked] = [
        Asked(words: "demo", fails: ["--folder", "/dev/null/demo"]), Asked(words: "run", succeeds: []), Asked(words: "plan", succeeds: []),
        Asked(words: "init", fails: ["--from", "/dev/null/none.csv"], succeeds: ["--from", "landing/archive.csv", "--config", "new.yaml"]), Asked(words: "serve"),
        Asked(words: "stage", needs: ["check", "shop", "--run-id", "first"], succeeds: []), Asked(words: "runs", succeeds: []), Asked(words: "report", needs: ["last"], succeeds: []),
        Asked(words: "trace", needs: ["SKU-1"], succeeds: []), Asked(words: "logs search", succeeds: ["--limit", "1"]), Asked(words: "logs diff", needs: ["first", "last"], succeeds: []),
        Asked(words: "incident", needs: ["last"], succeeds: []), Asked(words: "products", succeeds: []), Asked(words: "changes", succeeds: []),
        Asked(words: "resend", needs: ["--all", "--reason", "r"], succeeds: []), Asked(words: "status", succeeds: []), Asked(words: "pause", needs: ["shop", "--reason", "r"], succeeds: []),
        Asked(words: "resume", needs: ["shop", "--reason", "r"], succeeds: []), Asked(words: "release", needs: ["first", "--reason", "r"]),
        Asked(words: "discard", needs: ["waiting.csv", "--reason", "r"], succeeds: []), Asked(words: "alerts list", succeeds: []), Asked(words: "alerts show", needs: ["x"]),
        Asked(words: "alerts test", needs: ["ops"]), Asked(words: "alerts silence", needs: ["--pipeline", "shop", "--for", "1h", "--reason", "r"], succeeds: []),
        Asked(words: "alerts explain", needs: ["last"], succeeds: []), Asked(words: "alerts backtest", succeeds: []), Asked(words: "alerts deadline", succeeds: ["--within", "26h"]), Asked(words: "doctor", succeeds: []),
        Asked(words: "setup aws", needs: ["--plan"], succeeds: []), Asked(words: "sandbox", fails: ["--port", Asked.takenPort]), Asked(words: "reindex", succeeds: []),
        Asked(words: "reference", fails: ["--folder", "/dev/null"], succeeds: ["--folder", "reference"]),
    ]

    @Test("the table has every command there is")
    func complete() {
        func leaves(_ type: any ParsableCommand.Type, _ words: [String]) -> [String] {
            let more = type.configuration.subcommands
            return more.isEmpty ? [words.joined(separator: " ")] : more.flatMap { leaves($0, words + [$0._commandName]) }
        }
        #expect(Set(leaves(Vitrine.self, [])) == Set(Self.table.map(\.words)))
    }

    private static func document(_ outcome: Outcome) throws -> JSON { JSON(value: try JSONSerialization.jsonObject(with: Data(outcome.json))) }

    private static func unread(_ arguments: [String]) throws -> JSON {
        do {
            let command = try Vitrine.parseAsRoot(arguments)
            Issue.record("\(arguments) were read as \(command)")
            return JSON(value: NSNull())
        } catch {
            return try document(WrongArguments(arguments, error).outcome)
        }
    }

    /// Fields of one document that the other has not, also those of its objects.
    private static func missing(in other: JSON, of one: JSON, _ path: String = "") -> [String] {
        guard let keys = one.keys, let known = other.keys else { return [] }
        return keys.subtracting(known).map { path + $0 }.sorted() + keys.intersection(known).filter { $0 != "error" }.flatMap { missing(in: other[$0], of: one[$0], path + $0 + ".") }
    }

    @Test("arguments that cannot be read, and settings that are not there", arguments: table)
    func failures(asked: Asked) async throws {
        let words = asked.words.split(separator: " ").map(String.init)
        let unread = try Self.unread(words + asked.needs + ["--no-such-option"])
        Contract.check(error: unread["error"], code: 64, word: "usage")
        for arguments in [words + ["--output", "nonsense"], words + ["--log-level", "loud"]] {
            #expect(try Self.unread(arguments).keys == unread.keys, "\(arguments)")
        }
        try await withSandbox { sandbox in
            let port = try #require(URL(string: sandbox.graphURL)?.port)
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            let fails = asked.fails.map { $0 == Asked.takenPort ? "\(port)" : $0 }
            let failed = try await shop.start(words + asked.needs + fails + ["--output", "json"]).end().document()
            #expect(failed["error.code"].text != nil && Self.missing(in: unread, of: failed) == [], "\(failed.value)")
        }
    }

    @Test("a success says nothing that a failure leaves out")
    func successes() async throws {
        try await withSandbox { sandbox in
            let shop = try Shop(graphURL: sandbox.graphURL, inMemory: true)
            try shop.write("landing/data/a.csv", Rows.file(1...3))
            try shop.write("landing/archive.csv", Rows.file(1...3))
            #expect(try await shop.vitrine("run", "shop", "--run-id", "first").code == 0)
            for asked in Self.table {
                guard let more = asked.succeeds else { continue }
                if asked.words == "discard" { try shop.write("landing/data/waiting.csv", Rows.file(1...2)) }
                let words = asked.words.split(separator: " ").map(String.init)
                let finished = try await shop.start(words + asked.needs + more + ["--output", "json"]).end()
                let document = try finished.document()
                #expect([0, 1, 2].contains(finished.code), "\(asked.words): \(finished.code) \(finished.stdout)")
                #expect(Self.missing(in: try Self.unread(words + ["--no-such-option"]), of: document) == [], "\(asked.words)")
                #expect(document.keys?.contains("error") == true && (document["error"].isNull || finished.code > 1), "\(asked.words)")
            }
            // One pipeline's report, and a run at once.
            for words in [["run", "shop", "--run-id", "first"], ["plan", "shop"], ["resend", "--all", "--reason", "r", "--now"], ["resend", "--refused", "--reason", "r", "--now", "--pipeline", "shop"]] {
                let document = try await shop.start(words + ["--output", "json"]).end().document()
                #expect(Self.missing(in: try Self.unread(words + ["--no-such-option"]), of: document) == [], "\(words)")
                if words[0] == "resend" { #expect(document.keys?.isSuperset(of: ["requests", "rejected"]) == true) }
            }
        }
    }

    @Test("the result file has it too, of wrong arguments and of a stdout that is json; one that cannot be written is said in the document")
    func resultFile() async throws {
        let shop = try Shop(graphURL: "http://127.0.0.1:9")
        try shop.write("answer.json", "old")
        let wrong = try await shop.vitrine("trace", "--nonsense", "--result-file", "answer.json")
        #expect(wrong.code == 64 && wrong.stdout.isEmpty && wrong.stderr.hasPrefix("Error: "))
        let kept = JSON(value: try JSONSerialization.jsonObject(with: shop.files()["answer.json"] ?? Data()))
        #expect(kept.keys == ["product_id", "now", "history", "error"] && kept["error.code"].text == "usage")
        let unwritten = try await shop.vitrine("status", "--output", "json", "--result-file", "/dev/null/x")
        let document = try unwritten.document()
        #expect(unwritten.code == 73 && document.keys == ["at", "health", "pipelines", "error"] && document["pipelines"].elements.count == 1)
        Contract.check(error: document["error"], code: 73, word: "cannot_write")
    }
}
