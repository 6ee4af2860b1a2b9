import CatalogSync
import Engine
import Events
import Foundation
import Sandbox
import TestKit
import Testing

@testable import VitrineApp

/// Real receivers, told by real runs: a mail server, a topic with a queue behind it, Alertmanager.
@Suite("Receivers of alerts", .enabled(if: Judge.python.isHere))
struct AlertReceiverTests {
    private static let rule = "  rules: [{name: refused, figure: items_refused, above: 0, severity: critical, channels: [CHANNELS], runbook: \"https://wiki.shop.example/r\"}]\n"

    private static func alerts(_ channels: [(name: String, text: String)], more: String = "") -> String {
        "  shipped: off\n" + rule.replacing("CHANNELS", with: channels.map(\.name).joined(separator: ", ")) + more
            + "  channels:\n" + channels.map { "    \($0.name): \($0.text)" }.joined(separator: "\n")
    }

    private static func dropRefused(_ shop: TellingShop) throws {
        try shop.shop.write("landing/data/a.csv", Rows.header + Rows.row("SKU-1") + Rows.row("OUT-1", title: "حذاء رياضي", host: "outlet.example"))
    }

    @Test("a mail over STARTTLS with a login; its password and the token are nowhere")
    func mail() async throws {
        let server = try MailServer(.starttls)
        let channel = "{kind: email, smtp: \"\(server.url)\", from: \"Vitrine <vitrine@shop.example>\", to: [ops@shop.example, ana@shop.example], "
            + "user: vitrine, password: env:SMTP_PASSWORD, ca_file: \(server.caFile)}"
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts([("ops", channel)]))
            try Self.dropRefused(shop)
            let finished = try await shop.shop.vitrine("run", "shop", "--output", "json", "--log-level", "debug", environment: ["SMTP_PASSWORD": "s3cret"])
            #expect(finished.code == 1)
            #expect(try finished.document()["alerts.0"].text == "refused")
            let mail = try await aside { try server.next() }
            #expect(mail.isSecure && mail.user == "vitrine" && mail.defects == [])
            #expect(mail.to == ["ops@shop.example", "ana@shop.example"])
            #expect(mail.headers["subject"] == "[vitrine] critical: shop: refused")
            #expect(mail.text.contains("OUT-1") && mail.html.contains("https://wiki.shop.example/r"))
            let said = finished.stdout + finished.stderr + mail.text + mail.html + mail.headers.values.joined()
            for secret in ["s3cret", "sandbox-token"] {
                #expect(!said.contains(secret))
                for (name, content) in shop.shop.files() where name != "token" { #expect(content.range(of: Data(secret.utf8)) == nil, "\(name)") }
            }
        }
    }

    @Test("a wrong password is told with what to mend, and the mail waits")
    func wrongPassword() async throws {
        let server = try MailServer(.starttls)
        let channel = "{kind: email, smtp: \"\(server.url)\", from: v@shop.example, to: o@shop.example, user: vitrine, password: env:SMTP_PASSWORD, ca_file: \(server.caFile)}"
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts([("ops", channel)]))
            try Self.dropRefused(shop)
            let finished = try await shop.shop.vitrine("run", "shop", environment: ["SMTP_PASSWORD": "wr0ngw0rd"])
            #expect(finished.code == 1)
            let line = try #require(shop.lines("alert.send_failed").first)
            #expect(line["remedy"].text == "check `user` and `password` of the channel" && line["channel"].text == "ops")
            #expect(!finished.stderr.contains("wr0ngw0rd"))
            let missing = try await shop.shop.vitrine("alerts", "test", "ops", "--output", "json")
            #expect(missing.code == 69)
            #expect(try missing.document()["error.detail"].text?.contains("SMTP_PASSWORD") == true)
        }
    }

    /// A topic of moto with a queue behind it.
    private struct Topic {
        let moto: MotoServer
        let arn: String
        private let queue: String

        init() async throws {
            moto = try await MotoServer.shared()
            let name = "alerts-\(UUID().uuidString.lowercased().prefix(13))"
            arn = "arn:aws:sns:eu-central-1:123456789012:\(name)"
            queue = "\(moto.url)/123456789012/\(name)"
            _ = try await moto.ask("sqs", "AmazonSQS.CreateQueue", #"{"QueueName":"\#(name)"}"#, version: "1.0")
            _ = try await moto.ask("sns", form: "Action=CreateTopic&Version=2010-03-31&Name=\(name)")
            _ = try await moto.ask(
                "sns", form: "Action=Subscribe&Version=2010-03-31&TopicArn=\(arn)&Protocol=sqs&Endpoint=arn:aws:sqs:eu-central-1:123456789012:\(name)")
        }

        /// Up to ten.
        func messages() async throws -> [JSON] {
            let body = #"{"QueueUrl":"\#(queue)","MaxNumberOfMessages":10}"#
            let answer = try await moto.ask("sqs", "AmazonSQS.ReceiveMessage", body, version: "1.0")
            return try JSON(value: try JSONSerialization.jsonObject(with: Data(answer)))["Messages"].elements.compactMap { $0["Body"].text }
                .map { JSON(value: try JSONSerialization.jsonObject(with: Data($0.utf8))) }
        }
    }

    @Test("a topic gets subject, text and attributes; read back through a queue")
    func topic() async throws {
        let topic = try await Topic()
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts([("pager", "{kind: sns, topic: \"\(topic.arn)\"}")]))
            try Self.dropRefused(shop)
            let finished = try await shop.shop.start(["run", "shop"], environment: topic.moto.environment).end()
            #expect(finished.code == 1)
            let message = try #require(try await topic.messages().first)
            #expect(message["Subject"].text == "[vitrine] critical: shop: refused")
            #expect(message["Message"].text?.contains("items_refused is 1, above 0.") == true)
            let attributes = Dictionary(uniqueKeysWithValues: ["pipeline", "rule", "severity", "status"].map { ($0, message["MessageAttributes.\($0).Value"].text) })
            #expect(attributes == ["pipeline": "shop", "rule": "refused", "severity": "critical", "status": "firing"])
        }
    }

    @Test("Alertmanager's own API takes an incident and its end", .enabled(if: Judge.alertmanager.isHere))
    func alertmanager() async throws {
        let server = try AlertmanagerServer()
        defer { server.stop() }
        try await withRefusals { sandbox in
            let channel = "{kind: webhook, url: \"\(server.base)/api/v2/alerts\"}"
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: Self.alerts([("am", channel)]), at: .now + .seconds(-4 * 3600))
            try await shop.run(1...2, refused: 1...1)
            let open = try await server.alerts()
            #expect(open.map(\.labels) == [["alertname": "refused", "pipeline": "shop", "severity": "critical"]])
            #expect(open.first?.annotations["runbook_url"] == "https://wiki.shop.example/r")
            try await shop.run(1...2)
            #expect(try await server.alerts().isEmpty, "it is over")
        }
    }

    /// What a shop, or who writes into its database, could put into an id or a title. Meta repeats both.
    private static let attacks = [
        "x\r\nBcc: thief@evil.example", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|'/C calc'!A0", "\u{1b}[2J\u{1b}]0;t\u{7}",
        "\u{202e}elif", "\r\n.\r\nQUIT\r\n", "=?UTF-8?Q?=0D=0AX: y?=", "{{.}} ${jndi:ldap://x}", "\u{2028}line", String(repeating: "A", count: 900_000),
    ]

    private static func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }

    @Test("attack strings in ids, titles, file names and Meta's messages, through a run into every channel, are words and nothing else", .enabled(if: Judge.alertmanager.isHere))
    func attacks() async throws {
        let mails = try MailServer(.plain), manager = try AlertmanagerServer(), topic = try await Topic()
        defer { manager.stop() }
        let channels = [
            ("ops", "{kind: email, smtp: \"\(mails.url)\", from: v@shop.example, to: o@shop.example}"), ("pager", "{kind: sns, topic: \"\(topic.arn)\"}"),
            ("am", "{kind: webhook, url: \"\(manager.base)/api/v2/alerts\"}"),
        ]
        let rejected = "{name: rejected, figure: rows_rejected, above: 0, channels: [ops, pager, am]}"
        let text = Self.alerts(channels, more: "  digest: {at: \"00:00\", channels: [ops]}\n").replacing("rules: [", with: "rules: [\(rejected), ")
        try await withRefusals { sandbox in
            let shop = try TellingShop(graphURL: sandbox.graphURL, alerts: text)
            var csv = Rows.header
            for (number, attack) in Self.attacks.enumerated() {
                let row = { (id: String, title: String, price: String) in
                    "\(Self.quoted(id)),\(Self.quoted(title)),A lamp.,https://outlet.example/\(number),https://cdn.shop.example/\(number).jpg,in stock,\(price),B,new,Lamps\n"
                }
                csv += row(attack, "Lamp \(number)", "12.50 USD") + row("T-\(number)", attack, "12.50 USD") + row("P-\(number)", "Lamp", Self.quoted(attack))
            }
            let settings = TellingShop.settings(sandbox.graphURL, text).replacing("max_rejected_share: 1", with: "max_rejected_share: 1, max_field: 1MB")
            try shop.shop.write("vitrine.yaml", settings)
            try shop.shop.write("landing/data/=x<b>.csv", csv)
            let finished = try await shop.shop.start(["run", "shop", "--output", "json"], environment: topic.moto.environment).end()
            #expect(finished.code == 1, "\(finished.stderr.prefix(2000))")
            #expect(Set(try finished.document()["alerts"].elements.compactMap(\.text)) == ["refused", "rejected"])
            for _ in 1...3 {
                let mail = try await aside { try mails.next() }
                #expect(mail.defects == [] && mail.to == ["o@shop.example"])
                let allowed: Set = ["date", "from", "to", "subject", "message-id", "auto-submitted", "mime-version", "content-type"]
                #expect(Set(mail.headers.keys).subtracting(allowed) == [])
                for part in ["<script", "<img"] { #expect(!mail.html.contains(part), "\(mail.headers["subject"] ?? "")") }
                for part in ["\u{1b}", "\u{202e}", "\u{7}", "\u{2028}"] { #expect(!mail.text.contains(part) && !mail.html.contains(part)) }
                #expect(mail.text.utf8.count < 200_000 && mail.html.utf8.count < 400_000)
                for (name, content) in mail.attachments where name.hasSuffix(".csv") {
                    #expect(!content.contains("\n=cmd") && !content.contains(",=cmd"), "a formula begins with an apostrophe")
                }
            }
            let messages = try await topic.messages()
            #expect(Set(messages.compactMap { $0["MessageAttributes.rule.Value"].text }) == ["refused", "rejected"])
            #expect(messages.allSatisfy { ($0["Subject"].text ?? "").count < 100 && ($0["Message"].text ?? "").utf8.count < 262_144 })
            #expect(try await Set(manager.alerts().compactMap { $0.labels["alertname"] }) == ["refused", "rejected"])
        }
    }

    @Test("two processes at once on one state folder: one message")
    func twoProcesses() async throws {
        let receiver = try Receiver(isDown: true)
        try await withRefusals { sandbox in
            // The message waits since some hours: it is due.
            let shop = try TellingShop(
                graphURL: sandbox.graphURL, alerts: Self.alerts([("hook", "{kind: webhook, url: \"\(receiver.url)\"}")]), at: .now + .seconds(-5 * 3600))
            try await shop.run(1...2, refused: 1...1)
            #expect(receiver.tries == ["refused opened"])
            receiver.setDown(false)
            let second = "  annex:\n    landing: ./annex\n    synced: ./synced\n    catalog: {id: \"77\", graph_url: \"\(sandbox.graphURL)\", access_token: file:./token}\n"
            let settings = String(decoding: try #require(shop.shop.files()["vitrine.yaml"]), as: UTF8.self)
            try shop.shop.write("vitrine.yaml", settings.replacing("pipelines:\n", with: "pipelines:\n\(second)"))
            try FileManager.default.createDirectory(atPath: shop.shop.folder + "/annex/data", withIntermediateDirectories: true)
            let runs = try ["shop", "annex", "shop", "annex"].map { try shop.shop.start(["run", $0]) }
            for run in runs { _ = await run.end() }
            #expect(receiver.tries == ["refused opened", "refused opened"], "the one that was refused, and once more")
        }
    }
}
