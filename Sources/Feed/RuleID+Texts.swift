extension RuleID {
    /// Rules about title and description.
    var textsFacts: RuleFacts {
        switch self {
        case .t01:
            RuleFacts(
                "No title", .error, .row,
                checks: "The title is there and not only spaces.",
                why: "Meta refuses items without one.",
                hint: "Fill in the product's name.")
        case .t02:
            RuleFacts(
                "Title too long", .error, .row,
                checks: "The title has at most 200 characters (Unicode scalars).",
                why: "Meta refuses longer ones.",
                hint: "Shorten the title.")
        case .t03:
            RuleFacts(
                "Long title", .warn, .row,
                checks: "The title has at most 100 characters (Unicode scalars).",
                why: "One of Meta's pages says 100; shops show about 65.",
                hint: "Shorten the title.")
        case .t04:
            RuleFacts(
                "Title in capitals", .warn, .row,
                checks: "The title is not all capitals.",
                why: "All-capital titles are the most reported reason for refusals.",
                hint: "Write the title in sentence case.")
        case .t05:
            RuleFacts(
                "HTML in title", .warn, .row,
                checks: "The title has no HTML tag and no character entity.",
                why: "Shops would show the code. Tags are removed and entities decoded before sending.",
                hint: "Export plain text.")
        case .t06:
            RuleFacts(
                "Advertising in title", .warn, .row,
                checks: "The title has no advertising phrase.",
                why: "Meta's commerce policies do not allow it.",
                hint: "Move the offer to `sale_price`.")
        case .t07:
            RuleFacts(
                "Hidden character in title", .error, .row,
                checks: "The title has no control, private-use or replacement character.",
                why: "It shows as an empty box, or says that text was lost upstream.",
                hint: "Retype the title; check the export's encoding.")
        case .t08:
            RuleFacts(
                "Placeholder title", .warn, .row,
                checks: "The title is not a placeholder and not equal to the id.",
                why: "Nobody can know what is sold.",
                hint: "Fill in the product's name.")
        case .t09:
            RuleFacts(
                "Title cut from description", .info, .row,
                checks: "The title is not just the start of the description.",
                why: "A cut-off sentence makes a poor title.",
                hint: "Write a title of its own.")
        case .t10:
            RuleFacts(
                "Same title on several ids", .warn, .run,
                checks: "No two ids without a common `item_group_id` have the same title. The finding names the line of the first of them.",
                why: "Buyers cannot tell the products apart, and one of them may be a double.",
                hint: "Say in the title what differs (size, colour, model), or give variants a common `item_group_id`.")
        case .t11:
            RuleFacts(
                "Repeated punctuation", .info, .row,
                checks: "No punctuation mark comes three times in a row.",
                why: "It looks like spam to reviewers.",
                hint: "Use the mark once.")
        case .d01:
            RuleFacts(
                "No description", .error, .row,
                checks: "The description is there and not only spaces.",
                why: "Meta refuses items without one.",
                hint: "Describe the product.")
        case .d02:
            RuleFacts(
                "Description too long", .error, .row,
                checks: "The description has at most 9,999 characters (Unicode scalars).",
                why: "Meta refuses longer ones.",
                hint: "Shorten the description.")
        case .d03:
            RuleFacts(
                "Long description", .warn, .row,
                checks: "The description has at most 5,000 characters (Unicode scalars).",
                why: "One of Meta's pages says 5,000.",
                hint: "Shorten the description.")
        case .d04:
            RuleFacts(
                "Description in capitals", .error, .row,
                checks: "The description is not all capitals.",
                why: "Meta refuses it.",
                hint: "Write it in sentence case.")
        case .d05:
            RuleFacts(
                "HTML in description", .warn, .row,
                checks: "The description has no HTML tag and no character entity.",
                why: "Shops would show the code. Tags are removed and entities decoded before sending.",
                hint: "Export plain text.")
        case .d06:
            RuleFacts(
                "Description equals title", .info, .row,
                checks: "The description says more than the title.",
                why: "It adds nothing for the buyer.",
                hint: "Describe the product.")
        case .d07:
            RuleFacts(
                "Hidden character in description", .error, .row,
                checks: "The description has no control, private-use or replacement character; line ends and tabs are fine.",
                why: "It shows as an empty box, or says that text was lost upstream.",
                hint: "Retype the passage; check the export's encoding.")
        case .d08:
            RuleFacts(
                "Doubly encoded text", .warn, .row,
                checks: "The description shows no sign of UTF-8 that was taken for Latin-1.",
                why: "Letters with accents turn into pairs of symbols.",
                hint: "Export as UTF-8 once; do not convert again.")
        case .d09:
            RuleFacts(
                "Contact in description", .info, .row,
                checks: "The description has no link, e-mail address or phone number.",
                why: "Meta's commerce policies do not allow it.",
                hint: "Remove it from the description.")
        default: preconditionFailure("\(rawValue) is told of in another file")
        }
    }
}
