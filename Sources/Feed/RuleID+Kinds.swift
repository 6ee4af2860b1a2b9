extension RuleID {
    /// Rules about brand, category, variants, batches and runs.
    var kindsFacts: RuleFacts {
        switch self {
        case .g01:
            RuleFacts(
                "No brand or code", .error, .row,
                checks: "At least one of brand, gtin and mpn is there.",
                why: "Meta refuses items without one.",
                hint: "Fill in the brand, or set `defaults: {brand: NAME}`.")
        case .g02:
            RuleFacts(
                "Long brand", .error, .row,
                checks: "The brand has at most 100 characters.",
                why: "Meta refuses longer ones.",
                hint: "Shorten the brand.")
        case .g03:
            RuleFacts(
                "Placeholder brand", .warn, .row,
                checks: "The brand is not a placeholder such as n/a or unknown.",
                why: "It shows to buyers as it is.",
                hint: "Fill in the brand or leave it empty.")
        case .g04:
            RuleFacts(
                "Malformed gtin", .error, .row,
                checks: "The gtin has 8, 12, 13 or 14 digits.",
                why: "Meta refuses others.",
                hint: "Write the number under the bar code, digits only.")
        case .g05:
            RuleFacts(
                "Wrong check digit", .error, .row,
                checks: "The gtin's check digit is right.",
                why: "A digit was mistyped or a spreadsheet cut the code.",
                hint: "Copy the number again from the bar code.")
        case .g06:
            RuleFacts(
                "Not a real gtin", .warn, .row,
                checks: "The gtin is not one digit repeated and not from a range for internal use.",
                why: "It matches no product anywhere.",
                hint: "Leave the field empty.")
        case .g07:
            RuleFacts(
                "Bad mpn", .warn, .row,
                checks: "The mpn has at most 70 characters and is not a placeholder.",
                why: "Meta matches products by it.",
                hint: "Correct it or leave it empty.")
        case .g08:
            RuleFacts(
                "Identifier contradicts", .warn, .row,
                checks: "`identifier_exists` is not `no` while brand, gtin or mpn is filled.",
                why: "The row says two different things.",
                hint: "Correct `identifier_exists`.")
        case .k01:
            RuleFacts(
                "No category", .warn, .row,
                checks: "The product type is there.",
                why: "Items without category are found less often.",
                hint: "Fill in the product type.")
        case .k02:
            RuleFacts(
                "Long category", .warn, .row,
                checks: "The product type has at most 750 characters.",
                why: "Meta cuts longer ones.",
                hint: "Shorten it.")
        case .k03:
            RuleFacts(
                "Many categories", .warn, .row,
                checks: "The product type has at most 10 values.",
                why: "More are ignored.",
                hint: "Keep the ten that matter.")
        case .k04:
            RuleFacts(
                "Not a Google category", .warn, .row,
                checks: "What is sent as `google_product_category` on purpose (the file's column, or the mapping table) is a number, or a path that begins with a top category of Google's taxonomy. With `category: as_is` the product type is not judged.",
                why: "Meta ignores other values, and the product falls out of category rules.",
                hint: "Write a number or a path of Google's product taxonomy in US English, such as Home & Garden > Lighting > Lamps.")
        case .k05:
            RuleFacts(
                "Shallow category", .warn, .row,
                checks: "The category sent has at least two levels.",
                why: "A top category alone says little about the product.",
                hint: "Choose a category further down: Home & Garden > Lighting.")
        case .k06:
            RuleFacts(
                "Category not in the table", .warn, .row,
                checks: "The product type has an entry in the mapping table, if there is one.",
                why: "Without an entry no `google_product_category` is sent.",
                hint: "Add the product type to the table: `category` in the settings, or the `category_file`.")
        case .r01:
            RuleFacts(
                "Variant without group", .info, .row,
                checks: "A row with colour, size, material or pattern has an `item_group_id`.",
                why: "Variants are shown together only if they share a group.",
                hint: "Fill in `item_group_id` if the product has variants.")
        case .r02:
            RuleFacts(
                "Group with uneven attributes", .warn, .run,
                checks: "All rows of an `item_group_id` fill the same of colour, size, material, pattern, age group and gender. The finding names the line of the group's first row.",
                why: "Buyers choose a variant by these; one that lacks them cannot be chosen.",
                hint: "Fill the same attributes in all rows of the group.")
        case .r03:
            RuleFacts(
                "Group that disagrees", .warn, .run,
                checks: "All rows of an `item_group_id` have the same brand and product type. The finding names the line of the group's first row.",
                why: "Variants are one product; rows that disagree were probably grouped by mistake.",
                hint: "Correct brand and product type, or the `item_group_id`.")
        case .r04:
            RuleFacts(
                "Long variant", .warn, .row,
                checks: "Colour, size and pattern have at most 100 characters, material at most 200.",
                why: "Meta refuses longer ones.",
                hint: "Shorten the text.")
        case .r05:
            RuleFacts(
                "Many colours", .info, .row,
                checks: "At most three colours, parted by `/` or a comma, each of at most 40 characters.",
                why: "More are cut, or taken for one long colour.",
                hint: "Name the main colours: Red/Blue.")
        case .r06:
            RuleFacts(
                "Unknown age group or gender", .warn, .row,
                checks: "`age_group` and `gender` are of the known words.",
                why: "Meta ignores others.",
                hint: "Write adult, kids, toddler, infant or newborn; female, male or unisex.")
        case .r07:
            RuleFacts(
                "Continuation row", .error, .row,
                checks: "The row is a product of its own: not one of those that repeat an id, or leave it out, with most other fields empty.",
                why: "Some exports write further pictures or sizes of a product under it; sent, such a row would be a product without a name.",
                hint: "Export one full row for each product; put further pictures into `additional_image_link`.")
        case .s01:
            RuleFacts(
                "Custom number", .warn, .row,
                checks: "`custom_number_0` to `custom_number_4` are whole numbers from 0 to 4294967295.",
                why: "Meta takes no other; the number sent before is cleared.",
                hint: "Write digits only.")
        case .s02:
            RuleFacts(
                "Internal labels", .warn, .row,
                checks: "At most 5,000 internal labels, each of at most 110 characters.",
                why: "Meta refuses more.",
                hint: "Shorten or remove labels.")
        case .b01:
            RuleFacts(
                "Too many requests", .error, .run,
                checks: "A batch has at most 5,000 requests.",
                why: "Meta refuses the whole batch.",
                hint: "Report this as a fault of Vitrine.")
        case .b02:
            RuleFacts(
                "Batch too large", .error, .run,
                checks: "The encoded body has at most 28,000,000 bytes.",
                why: "Meta refuses the whole batch.",
                hint: "Report this as a fault of Vitrine.")
        case .b03:
            RuleFacts(
                "Id twice in a batch", .error, .run,
                checks: "No id occurs twice in a batch.",
                why: "It would be unclear which of the two counts.",
                hint: "Report this as a fault of Vitrine.")
        case .b04:
            RuleFacts(
                "Method", .error, .run,
                checks: "The method is UPDATE only.",
                why: "Nothing here may delete a product.",
                hint: "Report this as a fault of Vitrine.")
        case .b05:
            RuleFacts(
                "Incomplete item", .error, .row,
                checks: "Every required field has a usable value, even where its own rule was turned down in the settings.",
                why: "Meta refuses the item, or would show it wrong.",
                hint: "Fill in the field; a rule that is turned down does not make it optional.")
        case .b06:
            RuleFacts(
                "JSON changed", .error, .run,
                checks: "The item's JSON reads back to the same values.",
                why: "Meta would store something else than the shop has.",
                hint: "Report this as a fault of Vitrine.")
        case .x01:
            RuleFacts(
                "Too many rejected", .error, .run,
                checks: "The share of rejected rows is below its limit.",
                why: "A broken export must not empty the shop window by degrees.",
                hint: "Mend the rows, or run once with --accept-rejected --reason.")
        case .x02:
            RuleFacts(
                "Far more than usual", .hold, .guardian,
                checks: "A run sends not more than `guards.times_usual` (10) times the items of the usual run, the median of the last 20 that sent something; asked once there are 5 of them, and where it is more than a tenth of the known catalogue.",
                why: "An export that has lost its memory, or another shop's file, looks like this.",
                hint: "If a full load is meant: vitrine release, or announce it next time with run --expect-full.")
        case .x03:
            RuleFacts(
                "Much of the catalogue changes", .off, .guardian,
                checks: "A run changes not more than `guards.changed` (80 %) of the known products.",
                why: "In a shop whose prices do not move together, a change of nearly everything is a mistake.",
                hint: "If it is meant: vitrine release, or announce it next time with run --expect-full.")
        case .x08:
            RuleFacts(
                "Hosts never seen", .hold, .guardian,
                checks: "Not more than `guards.unseen` (10 %) of the known products would lead to hosts that no item of this catalogue was sent with before.",
                why: "Links of a staging machine or of another shop go live unnoticed, since each of them is valid.",
                hint: "If the shop has moved, release the run; its hosts are known from then on.")
        case .x09:
            RuleFacts(
                "Currencies never seen", .hold, .guardian,
                checks: "Not more than `guards.unseen` (10 %) of the known products would have a currency that no item of this catalogue was sent with before.",
                why: "The prices of another country in this catalogue are wrong for everybody who sees them.",
                hint: "If the currency is right, release the run; it is known from then on.")
        case .x10:
            RuleFacts(
                "Not of this catalogue", .hold, .guardian,
                checks: "Every item keeps to `guards.bound`: its link and picture lead to the hosts named there, its price has the currency named there, and no host and no file has one of the words under `without` in its name.",
                why: "A file of the staging environment in the landing zone of the live shop is refused before it does harm, from the first run on.",
                hint: "Take the file away with vitrine discard, or mend `guards.bound`.")
        case .x04:
            RuleFacts(
                "Nothing to do", .info, .run,
                checks: "Something changed since the last run.",
                why: "No call is made for nothing.",
                hint: "Nothing to do.")
        case .x07:
            RuleFacts(
                "Older than sent", .warn, .history,
                checks: "A row is newer than the row of its product that was sent last. The finding names that one.",
                why: "A file that comes late would undo newer values: the row is superseded, and not sent.",
                hint: "Nothing to do if files may come late. If the row is the right one, export it again, or raise its value in the version column.")
        default: preconditionFailure("\(rawValue) is told of in another file")
        }
    }
}
