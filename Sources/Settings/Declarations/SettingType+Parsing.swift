import Events

/// Why a text is not what a setting may hold.
struct SettingFault: Error, Equatable {
    let message: String
    let remedy: String
}

extension SettingType {
    /// Reads a scalar. Secrets are not read here: their reference needs to know where it stands.
    func parse(_ text: String) throws(SettingFault) -> SettingValue {
        switch self {
        case .text, .texts: .text(text)
        case .name: .text(try check(text, Self.isName(text), "is no name", "use letters, digits, `.`, `_` and `-`, at most 64"))
        case .digits: .text(try check(text, Self.isDigits(text), "is not made of digits", "copy the number from Meta's Commerce Manager, in quotes"))
        case .currency: .text(try check(text, Self.isCurrency(text), "is no currency code", "write three capital letters, such as IQD"))
        case .store: .text(try store(text))
        case .url(let schemes): .text(try url(text, schemes))
        case .address: .text(try check(text, Self.isAddress(text), "is no address", "write HOST:PORT, such as 127.0.0.1:9464"))
        case .flag, .flagOrPairs: .flag(try flag(text))
        case .integer(let range): .integer(try integer(text, range))
        case .decimal: .decimal(try decimal(text))
        case .duration(let range): .duration(try duration(text, range))
        case .size(let range): .integer(try size(text, range))
        case .share: .share(try share(text))
        case .threshold: try threshold(text)
        case .cron: .cron(try cron(text))
        case .date: .moment(try date(text))
        case .time: .integer(try time(text))
        case .choice(let words), .choices(let words), .choiceOrPairs(let words): .text(try choice(text, words))
        case .section, .named, .list, .pairs, .secret: throw SettingFault(message: "holds one word", remedy: "write keys and values below it")
        }
    }

    private func check(_ text: String, _ isGood: Bool, _ message: String, _ remedy: String) throws(SettingFault) -> String {
        guard isGood else { throw SettingFault(message: "\(text.quoted) \(message)", remedy: remedy) }
        return text
    }

    static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.first != "."
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private static func isDigits(_ text: String) -> Bool { (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) } }
    private static func isCurrency(_ text: String) -> Bool { text.utf8.count == 3 && text.utf8.allSatisfy { (65...90).contains($0) } }

    private static func isAddress(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex, let port = UInt16(text[text.index(after: colon)...]) else { return false }
        return port > 0 || text.hasSuffix(":0")
    }

    private func folder(_ text: String) throws(SettingFault) -> String {
        return try check(text, !text.isEmpty && !text.contains("://"), "is no folder", "write a path, such as ./landing-zone")
    }

    private func store(_ text: String) throws(SettingFault) -> String {
        guard text.hasPrefix("s3://") else { return try folder(text) }
        return try check(text, Self.isBucket(text.dropFirst(5)), "is no bucket", "write s3://BUCKET or s3://BUCKET/PREFIX, the name as S3 has it")
    }

    /// Names that S3 gives: 3 to 63 of `a-z 0-9 . -`; and a prefix that is no way out of it.
    private static func isBucket(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.first, (3...63).contains(name.utf8.count), name.first != ".", name.first != "-", !name.contains("..") else { return false }
        let isName = name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d }
        var prefix = parts.dropFirst()
        while prefix.last?.isEmpty == true { prefix.removeLast() }
        return isName && prefix.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }

    private func url(_ text: String, _ schemes: [String]) throws(SettingFault) -> String {
        let example = "\(schemes[0])://host"
        guard let url = Endpoint(text), schemes.contains(url.scheme) else {
            throw SettingFault(message: "is no URL of the right kind", remedy: "write one such as \(example)")
        }
        guard !url.hasUserInfo else {
            throw SettingFault(message: "holds a name or password inside the URL", remedy: "take it out of the URL; a password is named as env:NAME or file:PATH")
        }
        return text
    }

    private func flag(_ text: String) throws(SettingFault) -> Bool {
        switch text.lowercased() {
        case "true", "on", "yes": true
        case "false", "off", "no": false
        default: throw SettingFault(message: "\(text.quoted) is neither true nor false", remedy: "write true or false")
        }
    }

    private func integer(_ text: String, _ range: ClosedRange<Int>) throws(SettingFault) -> Int {
        let remedy = "write a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let value = Int(text.filter { $0 != "_" }) else {
            throw SettingFault(message: "\(text.quoted) is no whole number", remedy: remedy)
        }
        guard range.contains(value) else { throw SettingFault(message: "\(value) is out of range", remedy: remedy) }
        return value
    }

    private func decimal(_ text: String) throws(SettingFault) -> Double {
        guard let value = Double(text), value.isFinite, value >= 0 else {
            throw SettingFault(message: "\(text.quoted) is no number above zero", remedy: "write a number such as 1000000")
        }
        return value
    }

    private func share(_ text: String) throws(SettingFault) -> Double {
        let isPercent = text.hasSuffix("%")
        let number = Double(isPercent ? text.dropLast() : text[...])
        guard let number, case let value = isPercent ? number / 100 : number, (0...1).contains(value) else {
            throw SettingFault(message: "\(text.quoted) is no share", remedy: "write 0.2 or 20%, from 0 to 1")
        }
        return value
    }

    private func threshold(_ text: String) throws(SettingFault) -> SettingValue {
        text.hasSuffix("%") ? .share(try share(text)) : .decimal(try decimal(text))
    }

    private func cron(_ text: String) throws(SettingFault) -> CronExpression {
        do throws(CronError) {
            return try CronExpression(text)
        } catch {
            throw SettingFault(
                message: "\(text.quoted) \(error.message)", remedy: "write five fields (minute hour day month weekday, UTC), such as \"0 * * * *\"")
        }
    }

    /// The end of that day.
    private func date(_ text: String) throws(SettingFault) -> Timestamp {
        let isDate = text.utf8.count == 10 && text.utf8.allSatisfy { (48...57).contains($0) || $0 == 45 }
        guard isDate, let day = Timestamp(rfc3339: text + "T00:00:00Z") else {
            throw SettingFault(message: "\(text.quoted) is no day", remedy: "write year, month and day: 2026-12-31")
        }
        return day + .days(1)
    }

    private func time(_ text: String) throws(SettingFault) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...24).contains(hour), (0...59).contains(minute), hour * 60 + minute <= 1440
        else { throw SettingFault(message: "\(text.quoted) is no time of the day", remedy: "write hours and minutes in quotes: \"09:00\"") }
        return hour * 60 + minute
    }

    private func choice(_ text: String, _ words: [String]) throws(SettingFault) -> String {
        guard words.contains(text) else {
            let near = Spelling.nearest(to: text, in: words).map { "did you mean \($0)? " } ?? ""
            throw SettingFault(message: "\(text.quoted) is not known", remedy: "\(near)write one of: \(words.joined(separator: ", "))")
        }
        return text
    }
}

extension SettingType {
    private static let durationUnits: [(String, Duration)] = [
        ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .minutes(1)), ("h", .hours(1)), ("d", .days(1)),
    ]
    private static let sizeUnits: [(String, Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1), ("", 1),
    ]

    fileprivate func duration(_ text: String, _ range: ClosedRange<Duration>) throws(SettingFault) -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = Self.durationUnits.first(where: { $0.0 == text.dropFirst(digits.count) }), let count = Int32(digits) else {
            throw SettingFault(message: "\(text.quoted) is no duration", remedy: "write a number with a unit: 100ms, 2s, 30m, 1h or 30d")
        }
        let value = unit.1 * count
        guard range.contains(value) else {
            throw SettingFault(message: "\(text) is out of range", remedy: "write \(range.lowerBound.short) to \(range.upperBound.short)")
        }
        return value
    }

    fileprivate func size(_ text: String, _ range: ClosedRange<Int>) throws(SettingFault) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let unit = Self.sizeUnits.first(where: { $0.0 == text.dropFirst(digits.count) }), let count = Int32(digits),
            case let (value, overflow) = Int(count).multipliedReportingOverflow(by: unit.1), !overflow
        else { throw SettingFault(message: "\(text.quoted) is no size", remedy: "write a number with a unit, such as 100MB") }
        guard range.contains(value) else {
            throw SettingFault(message: "\(text) is out of range", remedy: "write \(range.lowerBound) to \(range.upperBound) bytes")
        }
        return value
    }
}

extension Duration {
    /// In the largest unit that divides it, as settings write it.
    var short: String {
        let milliseconds = Int(self / .milliseconds(1))
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        where milliseconds != 0 && milliseconds % size == 0 { return "\(milliseconds / size)\(unit)" }
        return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
    }
}

extension String {
    /// For a message: in quotes, cut, and on one line.
    var quoted: String {
        let visible = prefix(80).map { $0.isNewline || $0 < " " ? " " : $0 }
        return "\"\(String(visible))\(count > 80 ? "…" : "")\""
    }
}
