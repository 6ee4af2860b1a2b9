/// The reference page of `vitrine.yaml`, made from the declarations that decoding uses.
public func settingsReferenceMarkdown() -> String {
    var page = """
        # Settings

        Every key of `vitrine.yaml`. `*` stands for a name of your choice, `[]` for each element of a list. Durations are written `100ms`, `2s`,
        `30m`, `1h`, `30d`; sizes `100MB`; shares `0.2` or `20%`; secrets `env:NAME` or `file:PATH`. An unknown key is refused.

        | key | holds | default | meaning |
        |---|---|---|---|

        """
    for declaration in SettingCatalogue.all {
        let fallback = declaration.isRequired ? "required" : declaration.fallback.map { "`\($0)`" } ?? ""
        page += "| `\(declaration.path)` | \(declaration.type.title) | \(fallback) | \(declaration.doc.replacing("|", with: "\\|")) |\n"
    }
    return page
}

extension SettingType {
    /// What the setting may hold, for people.
    fileprivate var title: String {
        switch self {
        case .section: "keys"
        case .named: "names, each with keys"
        case .list: "list of keys"
        case .text: "text"
        case .name: "name"
        case .digits: "digits"
        case .currency: "currency code"
        case .store: "folder or bucket"
        case .url(let schemes): "URL (\(schemes.joined(separator: ", ")))"
        case .address: "HOST:PORT"
        case .flag: "true or false"
        case .integer(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .decimal: "number"
        case .duration(let range): "duration, \(range.lowerBound.short) to \(range.upperBound.short)"
        case .size(let range): "size, \(range.lowerBound) to \(range.upperBound) bytes"
        case .share: "share, 0 to 1"
        case .threshold: "number or share"
        case .cron: "cron expression"
        case .date: "day, `2026-12-31`"
        case .time: "time of the day, `09:00`"
        case .secret: "reference to a secret"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .texts: "text or list of texts"
        case .choices(let words): "any of " + words.map { "`\($0)`" }.joined(separator: ", ")
        case .pairs: "table of texts"
        case .flagOrPairs(let keys): "true, false or " + keys.map { "`{\($0): …}`" }.joined(separator: ", ")
        case .choiceOrPairs(let words): words.map { "`\($0)`" }.joined(separator: ", ") + " or a table of texts"
        }
    }
}
