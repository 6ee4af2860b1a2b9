public import Events

/// One value, or many, of one metric at one moment.
public struct MetricDatum: Sendable, Equatable {
    public struct Dimension: Sendable, Equatable, Encodable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case value = "Value"
        }
    }

    /// One of CloudWatch's 27.
    public enum Unit: String, Sendable { case count = "Count", seconds = "Seconds" }

    public enum Content: Sendable, Equatable {
        case value(Double)
        /// Different values and how often each came; at most `CloudWatch.mostValues`.
        case values([Double], counts: [Double])
    }

    public var name: String
    public var dimensions: [Dimension]
    public var unit: Unit
    public var moment: Timestamp
    public var content: Content

    public init(_ name: String, _ dimensions: [Dimension], _ unit: Unit, at moment: Timestamp, _ content: Content) {
        self.name = name
        self.dimensions = dimensions
        self.unit = unit
        self.moment = moment
        self.content = content
    }
}

extension MetricDatum: Encodable {
    private enum Key: String, CodingKey { case MetricName, Dimensions, Unit, Timestamp, Value, Values, Counts }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .MetricName)
        try container.encode(dimensions, forKey: .Dimensions)
        try container.encode(unit.rawValue, forKey: .Unit)
        try container.encode(moment.nanoseconds / 1_000_000_000, forKey: .Timestamp)
        switch content {
        case .value(let value): try container.encode(value, forKey: .Value)
        case .values(let values, let counts):
            try container.encode(values, forKey: .Values)
            try container.encode(counts, forKey: .Counts)
        }
    }
}

/// CloudWatch's metrics.
public struct CloudWatch: Sendable {
    /// Of one call. Source: botocore 1.43, service model.
    public static let mostData = 1_000
    /// Bytes of one call's body, after packing.
    public static let largestBody = 1_000_000
    /// Different values of one datum.
    public static let mostValues = 150
    /// Smaller bodies are sent as they are, as the SDKs do.
    static let packedFrom = 10_240

    let call: JSONCall
    private let form: FormCall
    private let chosen = ChosenForm()
    private let pack: (@Sendable ([UInt8]) -> [UInt8]?)?

    /// - Parameter pack: makes a gzip member of a body; nil: nothing is packed. `AWS_DISABLE_REQUEST_COMPRESSION=true` switches it off too.
    public init(in session: AWSSession, reporter: Reporter? = nil, pack: (@Sendable ([UInt8]) -> [UInt8]?)? = nil) {
        let client = session.client(.cloudWatch, reporter: reporter)
        form = FormCall(client: client, version: Self.formVersion)
        call = JSONCall(client: client, target: "GraniteServiceVersion20100801", version: "1.0")
        self.pack = session.world.isTrue("AWS_DISABLE_REQUEST_COMPRESSION") ? nil : pack
    }

    private struct Input: Encodable {
        let Namespace: String
        let MetricData: [MetricDatum]
    }

    /// Not sent again where the answer was lost: the figures of a run are summed, and must not count twice.
    /// - Parameter data: at most `mostData`.
    public func put(_ data: [MetricDatum], namespace: String) async throws(AWSError) {
        if !chosen.wantsForm {
            do throws(AWSError) {
                _ = try await call.send(.putMetricData, Input(Namespace: namespace, MetricData: data), subject: namespace) { prepare(&$0) }
                return
            } catch {
                guard Self.wantsForm(error) else { throw error }
                chosen.takeForm()
            }
        }
        _ = try await form.send(.putMetricData, Self.form(data, namespace: namespace), subject: namespace) { prepare(&$0) }
    }

    private func prepare(_ call: inout AWSCall) {
        call.mayRepeat = false
        if case .bytes(let body) = call.body, body.count >= Self.packedFrom, let packed = pack?(body) {
            call.body = .bytes(packed)
            call.headers.append((name: "Content-Encoding", value: "gzip"))
        }
    }
}
