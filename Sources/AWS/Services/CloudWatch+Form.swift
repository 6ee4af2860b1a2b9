import Events
import Synchronization

/// The older way to say PutMetricData: a form, which endpoints take that know no JSON (some emulators and proxies).
extension CloudWatch {
    static let formVersion = "2010-08-01"

    /// Whether an answer says that the endpoint does not know the call in JSON. Nothing has counted then.
    static func wantsForm(_ error: AWSError) -> Bool {
        if let code = error.code, ["UnknownOperationException", "UnknownOperation", "InvalidAction", "SerializationException", "MissingAction"].contains(code) {
            return true
        }
        return error.code == nil && [404, 405, 415, 501].contains(error.status ?? 0)
    }

    static func form(_ data: [MetricDatum], namespace: String) -> [(name: String, value: String)] {
        var parameters = [(name: "Namespace", value: namespace)]
        for (index, datum) in data.enumerated() {
            let member = "MetricData.member.\(index + 1)"
            parameters += [
                (name: "\(member).MetricName", value: datum.name), (name: "\(member).Unit", value: datum.unit.rawValue),
                (name: "\(member).Timestamp", value: datum.moment.rfc3339),
            ]
            for (place, dimension) in datum.dimensions.enumerated() {
                parameters += [
                    (name: "\(member).Dimensions.member.\(place + 1).Name", value: dimension.name),
                    (name: "\(member).Dimensions.member.\(place + 1).Value", value: dimension.value),
                ]
            }
            switch datum.content {
            case .value(let value): parameters.append((name: "\(member).Value", value: "\(value)"))
            case .values(let values, let counts):
                for (place, value) in values.enumerated() { parameters.append((name: "\(member).Values.member.\(place + 1)", value: "\(value)")) }
                for (place, count) in counts.enumerated() { parameters.append((name: "\(member).Counts.member.\(place + 1)", value: "\(count)")) }
            }
        }
        return parameters
    }
}

/// Which way an endpoint has been found to take. Known for the life of a process.
final class ChosenForm: Sendable {
    private let isForm = Mutex(false)

    var wantsForm: Bool { isForm.withLock { $0 } }
    func takeForm() { isForm.withLock { $0 = true } }
}
