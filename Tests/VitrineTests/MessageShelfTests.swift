import AWS
import Events
import Foundation
import Testing

@testable import VitrineApp

@Suite("Messages that are held")
struct MessageShelfTests {
    private static let start = Timestamp(year: 2026, month: 11, day: 21, hour: 8)

    private static func message(_ id: String, _ receipt: String = "r") throws -> SQS.Message {
        try JSONDecoder().decode(SQS.Message.self, from: Data(#"{"MessageId":"\#(id)","ReceiptHandle":"\#(receipt)","Body":""}"#.utf8))
    }

    @Test("a closed run answers those that were there when it began, and no later ones")
    func closes() throws {
        var shelf = MessageShelf()
        #expect(shelf.take([try Self.message("a", "ra"), try Self.message("b", "rb")], at: Self.start) == 2)
        shelf.runBegins()
        #expect(shelf.take([try Self.message("c", "rc")], at: Self.start) == 1)
        #expect(shelf.runEnded(isClosed: true) == ["ra", "rb"])
        #expect(shelf.held.map(\.id) == ["c"])
    }

    @Test("a run that is to be gone on with answers none; the next closed one answers all")
    func fails() throws {
        var shelf = MessageShelf()
        _ = shelf.take([try Self.message("a", "ra")], at: Self.start)
        shelf.runBegins()
        #expect(shelf.runEnded(isClosed: false).isEmpty && shelf.held.count == 1)
        #expect(shelf.runEnded(isClosed: true).isEmpty, "a run that began before it was answered nothing")
        shelf.runBegins()
        #expect(shelf.runEnded(isClosed: true) == ["ra"])
    }

    @Test("a message that comes again is the same one under a new receipt")
    func again() throws {
        var shelf = MessageShelf()
        _ = shelf.take([try Self.message("a", "old")], at: Self.start)
        #expect(shelf.take([try Self.message("a", "new")], at: Self.start) == 0)
        shelf.runBegins()
        #expect(shelf.runEnded(isClosed: true) == ["new"])
    }

    @Test("what cannot be held longer, or is not ours any more, is let go; there is a bound")
    func bounds() throws {
        var shelf = MessageShelf()
        for number in 1...MessageShelf.most { _ = shelf.take([try Self.message("\(number)", "r\(number)")], at: Self.start) }
        #expect(shelf.isFull)
        shelf.lost(["r1", "r2"])
        #expect(!shelf.isFull && shelf.held.count == MessageShelf.most - 2)
        shelf.letGo(at: Self.start + MessageShelf.longestHold)
        #expect(shelf.held.isEmpty)
    }
}
