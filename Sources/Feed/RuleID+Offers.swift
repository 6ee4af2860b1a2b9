extension RuleID {
    /// Rules about price, availability and condition.
    var offersFacts: RuleFacts {
        switch self {
        case .p01:
            RuleFacts(
                "No price", .error, .row,
                checks: "The price is there.",
                why: "Meta refuses items without one.",
                hint: "Fill in the price: 9.99 USD.")
        case .p02:
            RuleFacts(
                "Price not understood", .error, .row,
                checks: "The price is an amount and a currency.",
                why: "A guess could sell at the wrong price.",
                hint: "Write the price as 9.99 USD.")
        case .p03:
            RuleFacts(
                "No currency", .error, .row,
                checks: "A currency code is there, or a default currency is set.",
                why: "An amount without currency is not a price.",
                hint: "Write the price as 9.99 USD, or set `defaults: {currency: USD}`.")
        case .p04:
            RuleFacts(
                "Unknown currency", .error, .row,
                checks: "The code is in ISO 4217.",
                why: "Meta refuses other codes.",
                hint: "Use the code of three letters, such as IQD.")
        case .p05:
            RuleFacts(
                "Other currency", .error, .row,
                checks: "The code is the catalogue's currency.",
                why: "Meta refuses prices in another.",
                hint: "Convert the price or use another catalogue.")
        case .p06:
            RuleFacts(
                "Price of zero", .error, .row,
                checks: "The amount is above zero.",
                why: "A price of zero is nearly always a missing one.",
                hint: "Fill in the price, or leave the product out.")
        case .p07:
            RuleFacts(
                "Price out of range", .error, .row,
                checks: "The amount is not negative, and not above the configured limit.",
                why: "A slipped decimal sign would be sold at.",
                hint: "Correct the price, or raise the limit.")
        case .p08:
            RuleFacts(
                "Decimals", .error, .row,
                checks: "The amount has no more decimals than its currency.",
                why: "The receiver would round it, or read thousands as decimals.",
                hint: "Write the amount with the currency's decimals; for IQD none.")
        case .p09:
            RuleFacts(
                "Ambiguous decimal sign", .error, .row,
                checks: "It is clear whether a mark before three digits is the decimal sign.",
                why: "`1,299` may be 1299 or 1.299.",
                hint: "Write 1299.00, or set `number_format`.")
        case .p10:
            RuleFacts(
                "Sale price not lower", .error, .row,
                checks: "The sale price is below the price.",
                why: "Meta refuses it.",
                hint: "Correct the sale price, or leave it empty.")
        case .p11:
            RuleFacts(
                "Sale price's currency", .error, .row,
                checks: "The sale price has the currency of the price.",
                why: "Meta refuses it.",
                hint: "Use one currency.")
        case .p12:
            RuleFacts(
                "Sale dates", .warn, .row,
                checks: "The sale's time is two ISO 8601 moments with a slash, the start before the end, and the end not past.",
                why: "The sale would not start, never end, or is over already.",
                hint: "Write 2026-01-31T08:00+03:00/2026-02-28T23:59+03:00.")
        case .p13:
            RuleFacts(
                "Price moved far", .warn, .history,
                checks: "The price of a product has not moved by more than `validation.max_price_move` (60 %) since it was sent last, in the same currency. The finding says both.",
                why: "A slipped decimal sign or a price in the wrong column shows as such a jump, and is sold at until somebody notices.",
                hint: "Look at the product. If the price is right there is nothing to do: the next run compares with it.")
        case .p14:
            RuleFacts(
                "One price for many", .hold, .guardian,
                checks: "No single new price is given to more than `guards.same_price` (20 %) of the known products whose prices change.",
                why: "An export that has lost its prices often fills in one and the same.",
                hint: "Look at the export's prices. If they are right, release the run.")
        case .p15:
            RuleFacts(
                "Many prices moved far", .hold, .guardian,
                checks: "Not more than `guards.price_moves` (20 %) of the known products move in price by more than `validation.max_price_move` (rule P13).",
                why: "A wrong currency, unit or column moves all prices at once, and they are sold at until somebody notices.",
                hint: "Look at the prices named. If they are right, release the run.")
        case .v01:
            RuleFacts(
                "No availability", .error, .row,
                checks: "The availability is there.",
                why: "Meta refuses items without one.",
                hint: "Write in stock or out of stock.")
        case .v02:
            RuleFacts(
                "Availability not understood", .error, .row,
                checks: "The availability is, after translation, one of: in stock, out of stock, preorder, available for order, discontinued.",
                why: "Meta refuses other words.",
                hint: "Write in stock or out of stock.")
        case .v03:
            RuleFacts(
                "Availability translated", .info, .row,
                checks: "The availability is spelled as Meta spells it.",
                why: "A synonym was translated.",
                hint: "Nothing to do.")
        case .v04:
            RuleFacts(
                "No availability date", .warn, .row,
                checks: "A preorder comes with a date.",
                why: "Buyers want to know when.",
                hint: "Fill in `availability_date`.")
        case .v06:
            RuleFacts(
                "Many turn out of stock", .hold, .guardian,
                checks: "Not more than `guards.out_of_stock` (30 %) of the known products turn from available to out of stock or discontinued in one run.",
                why: "A failed stock export empties the shop window while everything is on the shelves.",
                hint: "Look at the stock of the products named. If it is right, release the run.")
        case .v05:
            RuleFacts(
                "Quantity contradicts", .warn, .row,
                checks: "The quantity, if any, does not contradict the availability.",
                why: "One of the two is wrong.",
                hint: "Correct the quantity or the availability.")
        case .c01:
            RuleFacts(
                "No condition", .error, .row,
                checks: "The condition is there, or a default is set.",
                why: "Meta refuses items without one.",
                hint: "Write new, refurbished or used, or set `defaults: {condition: new}`.")
        case .c02:
            RuleFacts(
                "Condition not understood", .error, .row,
                checks: "The condition is, after translation, one of: new, refurbished, used.",
                why: "Meta refuses other words.",
                hint: "Write new, refurbished or used.")
        case .c03:
            RuleFacts(
                "Condition contradicts", .warn, .row,
                checks: "Neither title nor description calls a new product used or refurbished.",
                why: "Buyers would be deceived.",
                hint: "Correct the condition or the text.")
        default: preconditionFailure("\(rawValue) is told of in another file")
        }
    }
}
