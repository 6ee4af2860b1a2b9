import Events
import Foundation
import TestKit
import Testing
import Transport
@testable import Alerting

@Suite("Mail")
struct MailTests {
    private func channel(
        _ server: MailServer, security: MailEnvelope.Security = .requiredBeyondLoopback, user: String? = nil, password: String? = nil, caFile: String? = nil
    ) throws -> EmailChannel {
        try EmailChannel(
            EmailChannel.Configuration(
                server: server.url, from: "متجر <vitrine@shop.example>", to: ["ops@shop.example", "Ana, on call <ana@shop.example>"], security: security,
                user: user, password: password.map { Secret($0) }, caFile: caFile),
            mailer: CurlTransport())
    }

    @Test("a thread of an incident, as a mail server and Python read it", .enabled(if: Judge.python.isHere))
    func thread() async throws {
        let server = try MailServer(.plain)
        let channel = try channel(server)
        let notices = Sample.story
        for notice in notices { try await channel.send(notice, insteadOf: nil) }
        let mails = try notices.map { _ in try server.next() }
        #expect(mails.flatMap(\.defects) == [])
        #expect(mails.map { $0.headers["subject"] } == [
            "[vitrine] critical: متجر بغداد: many-refused", "[vitrine] worse: متجر بغداد: many-refused", "[vitrine] resolved: متجر بغداد: many-refused",
        ])
        #expect(mails[0].from == "vitrine@shop.example" && mails[0].to == ["ops@shop.example", "ana@shop.example"])
        #expect(mails[0].headers["from"] == "متجر <vitrine@shop.example>")
        #expect(mails[0].headers["to"] == "ops@shop.example, \"Ana, on call\" <ana@shop.example>")
        #expect(mails[0].headers["date"] == "Sat, 21 Nov 2026 12:00:00 +0000")
        let first = try #require(mails[0].headers["message-id"])
        #expect(mails[0].headers["references"] == nil)
        #expect(mails.dropFirst().map { $0.headers["references"] } == [first, first])
        #expect(Set(mails.map { $0.headers["message-id"] }).count == 3)
        #expect(mails[0].text == AlertMessage(notices[0], insteadOf: nil).text)
        #expect(mails[0].html.contains("<b>21 ×</b> <bdi>Image # is too small</bdi>"))
    }

    @Test("STARTTLS and a login, with a certificate authority of one's own", .enabled(if: Judge.python.isHere))
    func secured() async throws {
        let server = try MailServer(.starttls)
        try await channel(server, security: .required, user: "vitrine", password: "s3cret", caFile: server.caFile).send(Sample.story[0], insteadOf: nil)
        let mail = try server.next()
        #expect(mail.isSecure && mail.user == "vitrine" && mail.defects == [])
    }

    @Test("what a server may not do, and what is said of it: never the password", .enabled(if: Judge.python.isHere))
    func refusals() async throws {
        let (secure, plain, refusing) = (try MailServer(.starttls), try MailServer(.plain), try MailServer(.refusing))
        func failure(_ channel: EmailChannel) async -> DeliveryFailure? {
            do throws(DeliveryFailure) {
                try await channel.send(Sample.story[0], insteadOf: nil)
                return nil
            } catch { return error }
        }
        let untrusted = await failure(try channel(secure, user: "vitrine", password: "s3cret"))
        #expect(untrusted?.culprit.contains("certificate") == true && untrusted?.remedy.contains("ca_file") == true && untrusted?.isFinal == false)
        let wrong = await failure(try channel(secure, user: "vitrine", password: "wr0ng", caFile: secure.caFile))
        #expect(wrong?.remedy == "check `user` and `password` of the channel" && wrong?.isFinal == true)
        let stripped = await failure(try channel(plain, security: .required))
        #expect(stripped?.remedy.contains("starttls: off") == true, "a server without STARTTLS gets no mail")
        let nobody = await failure(try channel(refusing))
        #expect(nobody?.isFinal == true && nobody?.culprit.contains("550") == true)
        for said in [untrusted, wrong, stripped, nobody] { #expect(said?.description.contains("wr0ng") == false) }
    }

    @Test("attack strings in everything that comes from outside leave a mail as it should be", .enabled(if: Judge.python.isHere))
    func attacks() async throws {
        let server = try MailServer(.plain)
        let channel = try channel(server)
        let expected = Set(["date", "from", "to", "subject", "message-id", "auto-submitted", "mime-version", "content-type"])
        for text in Attack.strings {
            try await channel.send(Attack.notice(text), insteadOf: text)
            let mail = try server.next()
            #expect(Set(mail.headers.keys) == expected)
            #expect(mail.to == ["ops@shop.example", "ana@shop.example"] && mail.defects == [])
            #expect(mail.html.wholeMatch(of: #/(?s).*<(script|img)\b.*/#) == nil)
            #expect(mail.text.utf8.count + mail.html.utf8.count < 64 << 10)
            #expect(!(mail.text + mail.html).unicodeScalars.contains { $0 != "\n" && PlainText.isControl($0) })
        }
    }

    @Test("addresses that would say more than an address", arguments: ["a@b\r\nRCPT TO:<x@y>", "a@b> SIZE=1", "a b@c", "a@b@c", "@", "", "ü@x.example", "N <a@b\n>"])
    func addresses(text: String) {
        #expect(throws: DeliveryFailure.self) {
            try EmailChannel(.init(server: "smtp://127.0.0.1:1", from: "a@b.example", to: [text]), mailer: CurlTransport())
        }
    }

    @Test("the transport itself takes no such address, no other scheme and no user in the URL")
    func envelope() async throws {
        let transport = try CurlTransport()
        for (server, to) in [("smtp://127.0.0.1:1", "a@b\r\nX"), ("http://127.0.0.1:1", "a@b.example"), ("smtp://u:p@127.0.0.1:1", "a@b.example")] {
            let mail = MailEnvelope(server: server, from: "a@b.example", to: [to], message: [])
            await #expect { try await transport.send(mail) } throws: { ($0 as? MailError)?.isFinal == true }
        }
        let nobody = MailEnvelope(server: "smtp://127.0.0.1:1", from: "a@b.example", to: ["a@b.example"], message: [])
        await #expect { try await transport.send(nobody) } throws: { ($0 as? MailError)?.isFinal == false }
    }

    @Test("a long header folds into words of at most 75 characters and reads back whole")
    func folding() {
        let text = String(repeating: "بغداد ", count: 40)
        let lines = MailHeader.encode(text).components(separatedBy: "\r\n ")
        #expect(lines.count > 1 && lines.allSatisfy { $0.utf8.count <= 75 })
        let decoded = lines.map { String(decoding: Data(base64Encoded: String($0.dropFirst(10).dropLast(2))) ?? Data(), as: UTF8.self) }.joined()
        #expect(decoded == text)
    }
}
