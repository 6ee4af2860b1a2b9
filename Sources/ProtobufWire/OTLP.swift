/// What OTLP carries, as values. Times are nanoseconds since 1970. `OTLP.metrics`, `.logs` and `.traces` make the bytes of a request of them.
public enum OTLP {
    public enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case number(Double)
        case flag(Bool)
    }

    public struct Attribute: Sendable, Equatable {
        public let key: String
        public let value: Value

        public init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// Who says it: the process, and the part of it.
    public struct Origin: Sendable, Equatable {
        public var resource: [Attribute]
        public var scope: String
        public var version: String

        public init(resource: [Attribute], scope: String, version: String) {
            self.resource = resource
            self.scope = scope
            self.version = version
        }
    }

    public struct Exemplar: Sendable, Equatable {
        public var time: UInt64
        public var value: Double
        /// 16 bytes.
        public var trace: [UInt8]
        /// 8 bytes, or none.
        public var span: [UInt8]

        public init(time: UInt64, value: Double, trace: [UInt8], span: [UInt8]) {
            self.time = time
            self.value = value
            self.trace = trace
            self.span = span
        }
    }

    public struct Metric: Sendable, Equatable {
        public var name: String
        public var help: String
        /// Of UCUM: `s`, `By`, `1`, or none.
        public var unit: String
        public var points: Points

        public enum Points: Sendable, Equatable {
            case gauge([NumberPoint])
            /// Cumulative and only rising.
            case sum([NumberPoint])
            case histogram([HistogramPoint])
        }

        public init(name: String, help: String, unit: String, points: Points) {
            self.name = name
            self.help = help
            self.unit = unit
            self.points = points
        }
    }

    public struct NumberPoint: Sendable, Equatable {
        public enum Number: Sendable, Equatable { case integer(Int64), number(Double) }

        public var attributes: [Attribute]
        /// 0: not told.
        public var start: UInt64
        public var time: UInt64
        public var number: Number
        public var exemplars: [Exemplar]

        public init(attributes: [Attribute], start: UInt64, time: UInt64, number: Number, exemplars: [Exemplar] = []) {
            self.attributes = attributes
            self.start = start
            self.time = time
            self.number = number
            self.exemplars = exemplars
        }
    }

    public struct HistogramPoint: Sendable, Equatable {
        public var attributes: [Attribute]
        public var start: UInt64
        public var time: UInt64
        public var sum: Double
        /// Rising, without the last one; and the counts of each bucket by itself, one more.
        public var bounds: [Double]
        public var counts: [UInt64]
        public var exemplars: [Exemplar]

        public init(attributes: [Attribute], start: UInt64, time: UInt64, sum: Double, bounds: [Double], counts: [UInt64], exemplars: [Exemplar]) {
            self.attributes = attributes
            self.start = start
            self.time = time
            self.sum = sum
            self.bounds = bounds
            self.counts = counts
            self.exemplars = exemplars
        }
    }

    public struct LogRecord: Sendable, Equatable {
        public var time: UInt64
        /// 5 debug, 9 info, 13 warning, 17 error.
        public var severity: Int32
        public var severityText: String
        public var event: String
        public var body: String
        public var attributes: [Attribute]
        /// 16 bytes, or none.
        public var trace: [UInt8]
        public var span: [UInt8]

        public init(
            time: UInt64, severity: Int32, severityText: String, event: String, body: String, attributes: [Attribute], trace: [UInt8], span: [UInt8]
        ) {
            self.time = time
            self.severity = severity
            self.severityText = severityText
            self.event = event
            self.body = body
            self.attributes = attributes
            self.trace = trace
            self.span = span
        }
    }

    public struct Span: Sendable, Equatable {
        public enum Kind: Int32, Sendable { case `internal` = 1, client = 3 }

        public var trace: [UInt8]
        public var span: [UInt8]
        /// None for a root.
        public var parent: [UInt8]
        public var name: String
        public var kind: Kind
        public var start: UInt64
        public var end: UInt64
        public var attributes: [Attribute]
        /// Why it failed; nil where it did not.
        public var failure: String?

        public init(
            trace: [UInt8], span: [UInt8], parent: [UInt8], name: String, kind: Kind, start: UInt64, end: UInt64, attributes: [Attribute], failure: String?
        ) {
            self.trace = trace
            self.span = span
            self.parent = parent
            self.name = name
            self.kind = kind
            self.start = start
            self.end = end
            self.attributes = attributes
            self.failure = failure
        }
    }

    /// What a receiver did not take of a request that it answered with 200, and what it says of it.
    public struct PartialSuccess: Sendable, Equatable {
        public let rejected: Int
        public let message: String
    }
}
