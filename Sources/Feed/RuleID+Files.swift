extension RuleID {
    /// Rules about files and identity.
    var filesFacts: RuleFacts {
        switch self {
        case .f01:
            RuleFacts(
                "Empty file", .file, .file,
                checks: "The file has at least one byte, and at least one data row after the header. A header alone is only noted.",
                why: "An empty file usually means that the export failed half-way.",
                hint: "Export the file again.")
        case .f02:
            RuleFacts(
                "Encoding", .file, .file,
                checks: "The text is UTF-8, with or without byte order mark, and holds no NUL byte.",
                why: "Any other encoding turns Arabic and Kurdish titles into garbage in the shop.",
                hint: "Save the file as \"CSV UTF-8\".")
        case .f03:
            RuleFacts(
                "Required columns", .file, .file,
                checks: "The ten required columns are there (brand and condition may come from a default).",
                why: "Without them no row can become an item.",
                hint: "Add the column, or name it under `columns` in the settings.")
        case .f04:
            RuleFacts(
                "Header names", .file, .file,
                checks: "No header name is empty or occurs twice, after trimming and case folding.",
                why: "It would be a guess which of the two is meant.",
                hint: "Give each column a name of its own.")
        case .f05:
            RuleFacts(
                "Unknown column", .warn, .file,
                checks: "Every column is one we know; Airbyte's own are expected.",
                why: "A new name upstream often means that an old one has gone.",
                hint: "Rename it, map it under `columns`, or drop it. It is ignored.")
        case .f06:
            RuleFacts(
                "Header spelling", .info, .file,
                checks: "Header names are spelled as we spell them, apart from order.",
                why: "Differences in case and spaces are accepted, but hint at a changed export.",
                hint: "Nothing to do; to be quiet, spell the header exactly.")
        case .f07:
            RuleFacts(
                "Number of fields", .error, .row,
                checks: "The record has as many fields as the header.",
                why: "In a shorter or longer record every later field may be in the wrong column.",
                hint: "Quote fields that hold the delimiter, a quote or a line end.")
        case .f08:
            RuleFacts(
                "Open quote", .file, .file,
                checks: "Every opening quote is closed, and what follows the closing one is a delimiter or a line end.",
                why: "Behind a broken quote nothing in the file can be trusted.",
                hint: "Close the quote; a quote inside a quoted field is written twice.")
        case .f09:
            RuleFacts(
                "Delimiter", .file, .file,
                checks: "The delimiter is the configured one.",
                why: "A file split at the wrong sign has one huge column.",
                hint: "Set the delimiter in the settings or export with the configured one.")
        case .f10:
            RuleFacts(
                "Size", .file, .file,
                checks: "No field, record or file is longer than its limit.",
                why: "A huge field is nearly always a quote that was never closed.",
                hint: "Shorten the field, or raise the limit in the settings.")
        case .f11:
            RuleFacts(
                "Complete file", .file, .file,
                checks: "A `.gz` ends properly. A file whose name ends in a working suffix, or that changes while it is read, waits for a later run.",
                why: "Half a file would look like half a shop.",
                hint: "Export the file again; write it under a hidden name and rename it when it is complete.")
        case .f12:
            RuleFacts(
                "Bytes seen before", .info, .file,
                checks: "The same bytes were not taken in by an earlier run. It only tells: each row decides for itself whether it is unchanged.",
                why: "An export that stands still is worth knowing of.",
                hint: "Nothing to do, if the file was put back on purpose.")
        case .f13:
            RuleFacts(
                "Repeated header or total", .error, .row,
                checks: "The row is a product, not the header again and not a line of totals.",
                why: "Files glued together and spreadsheets leave such lines behind.",
                hint: "Delete the line.")
        case .f14:
            RuleFacts(
                "Line ends", .info, .file,
                checks: "Lines end in LF or CRLF. A lone CR is noted; a file with no other line end is refused.",
                why: "A lone CR is either an old Macintosh file or a stray character.",
                hint: "Save the file with LF or CRLF line ends.")
        case .i01:
            RuleFacts(
                "No id", .error, .row,
                checks: "The id is there and not only spaces.",
                why: "Without an id nobody can say which product is meant.",
                hint: "Fill in the shop's own product id.")
        case .i02:
            RuleFacts(
                "Long id", .error, .row,
                checks: "The id has at most 100 characters.",
                why: "Meta refuses longer ones.",
                hint: "Shorten the id; it must equal the one the pixel sends.")
        case .i03:
            RuleFacts(
                "Id too long for Google", .info, .row,
                checks: "The id has at most 50 characters.",
                why: "Google takes at most 50, if the same feed goes there.",
                hint: "Nothing to do if the feed goes to Meta only.")
        case .i04:
            RuleFacts(
                "Id with hidden characters", .error, .row,
                checks: "The id has no control character, no line end and no space at its ends.",
                why: "Such an id never equals the one the pixel sends.",
                hint: "Remove the spaces and hidden characters around the id.")
        case .i05:
            RuleFacts(
                "Id mangled by a spreadsheet", .error, .row,
                checks: "The id is not of the form `1.23E+12`, `123.0` or a date.",
                why: "A spreadsheet has rewritten the code; several products may now share one id.",
                hint: "Format the id column as text and export again.")
        case .i06:
            RuleFacts(
                "Same row twice", .warn, .row,
                checks: "No id occurs twice in one file with the same content.",
                why: "It is sent once; the repetition points to a faulty join in the export.",
                hint: "Export each product once.")
        case .i07:
            RuleFacts(
                "Same id, different rows", .warn, .row,
                checks: "No id occurs twice in one file with different content.",
                why: "Only the newest row is sent, and it may be the wrong one.",
                hint: "Decide which row is right and delete the other.")
        case .i08:
            RuleFacts(
                "Same id in several files", .info, .row,
                checks: "No id occurs in several files of one run.",
                why: "The newest file wins; this is normal when files have piled up.",
                hint: "Nothing to do.")
        case .i09:
            RuleFacts(
                "Ids that look alike", .warn, .run,
                checks: "No two ids differ only in case, blanks or leading zeros. The finding names the line of the first of them.",
                why: "It is usually one product under two spellings, and the shop window shows it twice.",
                hint: "Use one spelling; if they are two products, give them ids that differ in more.")
        case .i12:
            RuleFacts(
                "Mended row with another id", .error, .row,
                checks: "A row of a `.rejected.csv` that comes back has the id, or the missing id, that it had when it was rejected on `_line`.",
                why: "With another id it would be another product: a spreadsheet may have shifted or sorted one column alone.",
                hint: "Put the id of this `_line` back. For a new product write a file of its own.")
        case .i10:
            RuleFacts(
                "Known product under a new id", .warn, .history,
                checks: "A product that was never sent does not have both title and link of one that was sent under another id. Rows with an `item_group_id` are not compared: variants may share both.",
                why: "A changed SKU makes a second product in the catalogue; the old one stays there with its old price.",
                hint: "Keep the id a product was sent with, or delete the old one in the Commerce Manager.")
        case .i11:
            RuleFacts(
                "Unreadable version", .warn, .row,
                checks: "The version column holds a whole number or an ISO 8601 moment.",
                why: "A row without a readable version counts as the oldest.",
                hint: "Write moments as 2026-01-31T08:00:00Z.")
        default: preconditionFailure("\(rawValue) is told of in another file")
        }
    }
}
