/// Where logs and metrics go.
public struct TelemetrySettings: Sendable, Equatable {
    public var logs: Logs
    public var prometheus: Prometheus
    public var cloudWatch: CloudWatch
    public var otlp: OTLP

    public struct Logs: Sendable, Equatable {
        public var file: String?
        /// debug, info, warning or error.
        public var level: String
        /// Bytes.
        public var rotateSize: Int
        public var rotateAge: Duration
        public var rotateKeep: Duration
    }

    public struct Prometheus: Sendable, Equatable {
        /// `HOST:PORT`; nil serves nothing.
        public var listen: String?
        /// Who scrapes or looks has to show this token, or this name and password. Both nil: everybody may.
        public var bearerToken: SecretReference?
        public var login: Login?
        /// Listens beyond this machine although everybody may look.
        public var isUnprotected = false
        /// Nil: plain HTTP.
        public var tls: TLS?
        public var textfile: String?
        public var pushgateway: String?

        /// Paths of PEM files.
        public struct TLS: Sendable, Equatable {
            public var certificate: String
            public var key: String
        }

        public struct Login: Sendable, Equatable {
            public var user: String
            public var password: SecretReference
        }
    }

    public struct CloudWatch: Sendable, Equatable {
        public var namespace: String
        public var enabled: Bool
        public var logGroup: String?
        public var logRetention: Duration
    }

    public struct OTLP: Sendable, Equatable {
        public var endpoint: String?
    }
}
