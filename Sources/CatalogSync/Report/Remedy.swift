public import Engine
import Feed
import MetaCatalog

/// What is wrong with products that are not live, and what a person does about it. Products with the same cause have the same remedy.
public struct Remedy: Sendable, Equatable, Codable {
    /// What the ledger groups by: a rule's id, or the family of Meta's message. Nil where nothing more is known.
    @Present public var cause: String?
    /// Such as `No brand`.
    public var title: String
    /// In plain words, for who mends the data.
    public var action: String

    /// - Parameter cause: as the ledger has it.
    public static func of(_ state: SubjectState, cause: String?) -> Remedy {
        switch state {
        case .accepted: Remedy(cause: cause, title: "Live", action: "Nothing to do.")
        case .unknown:
            Remedy(cause: cause, title: "No verdict from Meta yet", action: "Nothing to mend: later runs ask again. To send it once more: vitrine resend --unknown")
        case .rejected: ofRule(cause)
        case .refused: ofRefusal(cause)
        }
    }

    private static func ofRule(_ cause: String?) -> Remedy {
        guard let cause, let rule = RuleID(rawValue: cause) else {
            return Remedy(cause: cause, title: cause ?? "Stopped by our checks", action: "Mend the row in the file of rejected rows and drop it back in.")
        }
        return Remedy(cause: cause, title: rule.title, action: rule.hint)
    }

    private static func ofRefusal(_ cause: String?) -> Remedy {
        guard let cause else { return Remedy(cause: nil, title: "Refused by Meta", action: unknownRefusal) }
        if let field = CauseWord.missingField(of: cause) {
            return Remedy(cause: cause, title: "No \(field.replacing("_", with: " "))", action: "Fill in the column \(field).")
        }
        let words = cause.prefix(longestCause).lowercased()
        return Remedy(cause: cause, title: cause, action: known.first { words.contains($0.words) }?.action ?? unknownRefusal)
    }

    /// Characters in which the words are looked for: Meta says it in a sentence, and what comes from outside may be a megabyte.
    private static let longestCause = 500

    private static let unknownRefusal =
        "Read what Meta says about it, change the row and drop it in again. If Meta was wrong: vitrine resend --product ID"

    /// By words of Meta's messages (reference pages of items_batch and check_batch_request_status, and the types of item errors).
    private static let known: [(words: String, action: String)] = [
        ("link", "Use an address of the product on a domain that is verified for your business."),
        ("image", "Use an address of a picture that anybody can open, at least 500 × 500 pixels."),
        ("description", "Write a description of the product in plain text, without addresses and not all in capitals."),
        ("title", "Write a title in plain text, not all in capitals."),
        ("price", "Write a price above zero with its currency: 9.99 USD."),
        ("availability", "Use in stock, out of stock, preorder, available for order or discontinued."),
        ("category", "Use a path or number of Google's product taxonomy."),
        ("duplicate", "Give each product an id of its own."),
        ("policy", "Look at the product in Commerce Manager, which names the policy; change it, or ask for a review there."),
    ]
}

/// The cause of an end, as the ledger groups by it.
enum CauseWord {
    private static let missing = "A required field is missing"

    /// The family of the message, and with a missing field which one: each wants another remedy.
    static func of(_ message: String) -> String {
        let family = failureFamily(of: message)
        guard family == missing, let field = field(in: message.dropFirst(missing.count)) else { return family }
        return "\(missing): \(field)"
    }

    static func missingField(of cause: String) -> String? {
        cause.hasPrefix(missing + ": ") ? String(cause.dropFirst(missing.count + 2)) : nil
    }

    /// Letters of a column's name at most.
    private static let longestField = 40

    private static func field(in rest: Substring) -> String? {
        let word = rest.drop { $0 == ":" || $0 == " " || $0 == "\"" || $0 == "'" }.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return word.isEmpty || word.count > longestField ? nil : String(word)
    }
}

extension Receipt {
    /// With its cause, which receipts of earlier versions do not have.
    var withCause: Receipt {
        guard cause == nil else { return self }
        var receipt = self
        switch end {
        case .rejected: receipt.cause = rules.first
        case .refused: receipt.cause = messages.first.map(CauseWord.of)
        case .superseded, .unchanged, .held, .pending, .accepted, .unknown: break
        }
        return receipt
    }
}
