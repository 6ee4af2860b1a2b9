public import Engine

/// Words for figures, in the singular and the plural.
enum Words {
    static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(grouped(number)) \(number == 1 ? one : many)" }

    static func products(_ number: Int) -> String { count(number, "product", "products") }
    static func rows(_ number: Int) -> String { count(number, "row", "rows") }

    /// `1,234,567`
    static func grouped(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "−" : "") + String(digits)
    }

    /// `0.42 s`, `12.3 s`, `4 min 5 s`, `2 h 3 min`
    static func duration(_ seconds: Double) -> String {
        if seconds < 60 { return "\(decimal(seconds, places: seconds < 10 ? 2 : 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s") }
        return "\(whole / 3600) h" + (whole / 60 % 60 == 0 ? "" : " \(whole / 60 % 60) min")
    }

    static func decimal(_ number: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((number * scale).rounded())
        if places == 0 { return String(scaled) }
        let fraction = String(scaled % Int(scale))
        return "\(scaled / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}

extension RunState {
    /// For people, in a few words.
    public var inWords: String {
        switch self {
        case .running: "running"
        case .done: "done"
        case .doneWithErrors: "done, with errors"
        case .validationFailed: "validation failed, nothing sent"
        case .held: "held, waits for a person"
        case .failed: "stopped, nothing lost, the next run goes on"
        case .nothingToDo: "nothing to do"
        case .planned: "nothing was sent or written"
        }
    }
}

extension SyncReport {
    /// Rows stopped one by one, without those of files that were refused as a whole.
    private var rowsStopped: Int { refusedFiles.isEmpty ? rows.rejected : rejectedFiles.reduce(0) { $0 + $1.rows } }

    /// The run in one or two sentences for who looks after the products.
    public var inWords: String {
        if let stopped = endedEarly { return stopped }
        var sentences: [String] = []
        if items.sent > 0 { sentences.append(verdict) }
        if items.sent == 0 { sentences.append(nothingSent) }
        if items.unknown > 0 { sentences.append("Of \(Words.products(items.unknown)) Meta has not said yet what became of \(items.unknown == 1 ? "it" : "them").") }
        if rowsStopped > 0 { sentences.append("\(Words.rows(rowsStopped)) \(rowsStopped == 1 ? "was" : "were") stopped by our checks.") }
        if !refusedFiles.isEmpty { sentences.append("\(Words.count(refusedFiles.count, "file was", "files were")) refused as a whole.") }
        return sentences.joined(separator: " ")
    }

    private var verdict: String {
        if items.accepted == items.sent { return "Meta accepted \(items.sent == 1 ? "the one product" : "all \(Words.products(items.sent))") sent." }
        let refused = items.refused > 0 ? " and refused \(Words.grouped(items.refused))" : ""
        return "Meta accepted \(Words.grouped(items.accepted)) of \(Words.products(items.sent))\(refused)."
    }

    private var nothingSent: String {
        if rows.unchanged > 0 { return "Nothing new to send: \(Words.count(rows.unchanged, "row is", "rows are")) as Meta has judged \(rows.unchanged == 1 ? "it" : "them") last." }
        return files.taken == 0 ? "There was no new file." : "Nothing was sent."
    }

    private var endedEarly: String? {
        switch state {
        case .failed: "The run was stopped before its end. Nothing is lost: the next run goes on where it stopped."
        case .validationFailed: "Nothing was sent: \(Words.grouped(rows.rejected)) of \(Words.rows(rows.read)) were stopped by our checks. The files wait in the landing zone."
        case .held: "The run waits for a person. The files wait in the landing zone."
        case .running: "The run has not come to its end."
        case .planned: "A dry run: \(Words.products(rows.pending)) would be sent, \(Words.rows(rows.rejected)) would be stopped."
        case .done, .doneWithErrors, .nothingToDo: nil
        }
    }
}
