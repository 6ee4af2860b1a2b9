/// What is missing in an account, and the command that mends it.
struct SetupFinding: Encodable, Equatable {
    enum Kind: String, Encodable {
        case bucket, lifecycle
        case notification
        case queue
        /// Who may send to the queue.
        case queuePolicy = "queue_policy"
        case deadLetters = "dead_letters"
        case topic
        case logGroup = "log_group"
        case logRetention = "log_retention"
        case alarm
    }

    let kind: Kind
    /// Of AWS, by name, URL or ARN.
    let resource: String
    let why: String
    /// A command of AWS's own tool, to be read before it is run.
    let command: String
}

/// What could not be looked at: it may be there or not.
struct SetupUnseen: Encodable, Equatable {
    let kind: SetupFinding.Kind
    let resource: String
    let reason: String
    let remedy: String
}
