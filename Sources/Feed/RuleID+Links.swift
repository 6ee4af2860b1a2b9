extension RuleID {
    /// Rules about links and pictures.
    var linksFacts: RuleFacts {
        switch self {
        case .l01:
            RuleFacts(
                "No link", .error, .row,
                checks: "The link is there.",
                why: "Meta refuses items without one.",
                hint: "Fill in the address of the product page.")
        case .l02:
            RuleFacts(
                "Link not a web address", .error, .row,
                checks: "The link is an absolute `http` or `https` address with a host.",
                why: "The shop could not open it.",
                hint: "Write the whole address: https://host/path.")
        case .l03:
            RuleFacts(
                "Link without https", .warn, .row,
                checks: "The link uses `https`.",
                why: "Browsers warn of plain http.",
                hint: "Use https.")
        case .l04:
            RuleFacts(
                "Raw characters in link", .error, .row,
                checks: "The link has no space or control character. Raw non-ASCII characters are percent-encoded before sending.",
                why: "Meta refuses such links.",
                hint: "Percent-encode the address.")
        case .l05:
            RuleFacts(
                "Host not of the shop", .error, .row,
                checks: "The host is in the shop's list; without a list, it is not a test or local host.",
                why: "A staging address must never reach buyers.",
                hint: "Use the live host, or add it to the list.")
        case .l06:
            RuleFacts(
                "Long link", .error, .row,
                checks: "The link has at most 2,000 characters.",
                why: "Longer ones are cut or refused by browsers and shops.",
                hint: "Shorten the link.")
        case .l07:
            RuleFacts(
                "Example host", .info, .row,
                checks: "The host is not a reserved example name.",
                why: "Such an address never leads to a shop.",
                hint: "Use the live host.")
        case .l08:
            RuleFacts(
                "Same link on several ids", .warn, .run,
                checks: "At most `validation.ids_per_link` ids (1) without `item_group_id` have the same link. The finding names the line of the first of them.",
                why: "All of them lead the buyer to one page, often the shop's front page.",
                hint: "Link each product to its own page, or give variants a common `item_group_id`.")
        case .m01:
            RuleFacts(
                "No picture", .error, .row,
                checks: "The image link is there.",
                why: "Meta refuses items without one.",
                hint: "Fill in the address of the main picture.")
        case .m02:
            RuleFacts(
                "Picture link not a web address", .error, .row,
                checks: "The image link is an absolute `http` or `https` address with a host, without space or control character.",
                why: "Meta could not fetch it.",
                hint: "Write the whole address: https://host/picture.jpg.")
        case .m03:
            RuleFacts(
                "Slashes in picture link", .warn, .row,
                checks: "The path of the image link has no double slash, and no missing one behind a shop system's folder of pictures (`/media/catalog/product`, `/wp-content/uploads`).",
                why: "Folder and file name were joined wrongly.",
                hint: "Put exactly one slash between folder and file.")
        case .m04:
            RuleFacts(
                "Placeholder picture", .warn, .row,
                checks: "The picture is not a placeholder.",
                why: "Meta's policies ask for a picture of the product.",
                hint: "Use a picture of the product.")
        case .m05:
            RuleFacts(
                "Picture type", .warn, .row,
                checks: "The extension, if any, is of a picture: jpg, jpeg, png, gif, bmp, tiff, webp.",
                why: "Meta does not take other types.",
                hint: "Use JPEG or PNG.")
        case .m06:
            RuleFacts(
                "Same picture on many ids", .info, .run,
                checks: "At most `validation.ids_per_picture` ids (20) have the same picture. The finding names the line of the first of them.",
                why: "It is nearly always a stand-in for pictures that are missing.",
                hint: "Use a picture of each product.")
        case .m07:
            RuleFacts(
                "Additional pictures", .warn, .row,
                checks: "There are at most 20 additional pictures, 2,000 characters in all, each a web address.",
                why: "Meta ignores the rest.",
                hint: "Remove the surplus or wrong addresses.")
        default: preconditionFailure("\(rawValue) is told of in another file")
        }
    }
}
