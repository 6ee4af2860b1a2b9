import FoundationEssentials

/// The numbers of a report by their path, joined by `_`: `{"items": {"refused": 3}}` is `items_refused`. Whatever a report says in numbers can
/// be the figure of a rule, and a new number needs no new code.
public enum ReportFigures {
    /// Figures of one report.
    static let limit = 500
    private static let deepest = 8

    /// - Parameter json: one object. A list counts as `<path>_count`; true is 1, false 0; texts and null are no figures.
    /// - Returns: nothing where it is no JSON object.
    public static func read(json: [UInt8]) -> [String: Double] {
        guard let value = try? JSONDecoder().decode(ReportValue.self, from: Data(json)) else { return [:] }
        var figures: [String: Double] = [:]
        collect(value, at: "", depth: 0, into: &figures)
        return figures
    }

    private static func collect(_ value: ReportValue, at path: String, depth: Int, into figures: inout [String: Double]) {
        guard figures.count < limit, depth <= deepest else { return }
        switch value {
        case .number(let number): figures[path] = number
        case .list(let count): figures[path.isEmpty ? "count" : path + "_count"] = Double(count)
        case .object(let members):
            for (name, member) in members { collect(member, at: path.isEmpty ? name : "\(path)_\(name)", depth: depth + 1, into: &figures) }
        case .nothing: break
        }
    }
}

private enum ReportValue: Decodable {
    case number(Double)
    case list(Int)
    case object([String: ReportValue])
    case nothing

    init(from decoder: any Decoder) throws {
        if let members = try? decoder.singleValueContainer().decode([String: ReportValue].self) {
            self = .object(members)
        } else if let list = try? decoder.singleValueContainer().decode([ReportValue].self) {
            self = .list(list.count)
        } else if let flag = try? decoder.singleValueContainer().decode(Bool.self) {
            self = .number(flag ? 1 : 0)
        } else if let number = try? decoder.singleValueContainer().decode(Double.self) {
            self = .number(number)
        } else {
            self = .nothing
        }
    }
}
