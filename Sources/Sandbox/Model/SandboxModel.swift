/// The whole of the sandbox but for sockets and pauses: a request in, a reply out. Written from the fact sheet alone; none of the client's rooms is used.
struct SandboxModel: Sendable {
    let configuration: SandboxConfiguration
    private(set) var faults: FaultPlan
    private(set) var calls: [SandboxCall] = []
    var items: [String: SandboxItem]
    var handles: [String: HandleRecord] = [:]
    private var dice: FaultDice

    init(configuration: SandboxConfiguration) {
        self.configuration = configuration
        faults = configuration.faults
        items = Dictionary(configuration.existingItems.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        dice = FaultDice(plan: configuration.faults, seed: configuration.seed)
    }

    /// Takes another plan; its call numbers and streaks start over.
    mutating func set(_ plan: FaultPlan) {
        faults = plan
        dice = FaultDice(plan: plan, seed: configuration.seed)
    }

    mutating func answer(_ request: SandboxRequest) -> SandboxReply {
        var call = SandboxCall(number: calls.count + 1, edge: nil)
        call.bodyBytes = request.bodyBytes
        let traceID = Self.identifier("trace", String(call.number), seed: configuration.seed, length: 11)
        var reply: SandboxReply
        do {
            reply = try route(request, &call)
        } catch {
            call.errorCode = error.code
            reply = error.reply(traceID: traceID)
        }
        if reply.ending.isAnswer { call.status = reply.status } else { call.errorCode = nil }
        reply.headers += headers(for: call, path: request.path, traceID: traceID)
        calls.append(call)
        return reply
    }

    private mutating func route(_ request: SandboxRequest, _ call: inout SandboxCall) throws(MetaError) -> SandboxReply {
        let address = try GraphAddress(request)
        call.edge = address.edge
        try AccessCheck(configuration: configuration).check(request)
        guard address.catalogID == configuration.catalogID else { throw .unsupported(method: request.method, object: address.catalogID) }
        switch address.edge {
        case .itemsBatch: return try itemsBatch(request, &call)
        case .status: return try status(request, &call)
        case .catalog: return try catalogNode(request)
        }
    }

    private mutating func itemsBatch(_ request: SandboxRequest, _ call: inout SandboxCall) throws(MetaError) -> SandboxReply {
        let batch = try BatchCall(request, recordLimit: configuration.recordLimit, byteLimit: configuration.byteLimit)
        call.items = batch.records.compactMap(\.id)
        call.fault = dice.roll(edge: .itemsBatch, subjects: call.items, titles: batch.records.compactMap(\.title))
        if let fault = call.fault, let reply = try refuse(fault, on: .itemsBatch) { return reply }
        if call.fault == .noHandle { return .json(.object(("validation_status", .array([])))) }
        var reply = ingest(batch, &call)
        switch call.fault {
        case .answerLost: reply.ending = .closed
        case .partialBody: reply.ending = .cut
        case .slow: reply.ending = .late(faults.slowAnswer)
        default: break
        }
        return reply
    }

    private mutating func status(_ request: SandboxRequest, _ call: inout SandboxCall) throws(MetaError) -> SandboxReply {
        guard let handle = request.query["handle"], !handle.isEmpty else { throw .invalidParameter("The parameter handle is required.") }
        call.handle = handle
        guard handles[handle] != nil else { throw .invalidParameter("Invalid batch handle: \(handle)") }
        call.fault = dice.roll(edge: .status, subjects: [handle])
        if let fault = call.fault, let reply = try refuse(fault, on: .status) { return reply }
        let loadsIDs = ["true", "1"].contains(request.query["load_ids_of_invalid_requests", default: "false"].lowercased())
        let answer = handles[handle]?.poll(delay: configuration.handleDelay, sampleSize: configuration.sampleSize, loadsIDs: loadsIDs)
        var reply = SandboxReply.json(.object(("data", .array(answer.map { [$0] } ?? []))))
        if call.fault == .partialBody { reply.ending = .cut }
        if call.fault == .slow { reply.ending = .late(faults.slowAnswer) }
        return reply
    }

    /// The answer of a fault that strikes before a call is looked into, nil for the others.
    private func refuse(_ fault: FaultKind, on edge: SandboxEdge) throws(MetaError) -> SandboxReply? {
        if let error = MetaError(fault: fault, edge: edge) { throw error }
        switch fault {
        case .badGateway: return .badGateway
        case .reset: return SandboxReply(body: "", ending: .reset)
        case .hang: return SandboxReply(body: "", ending: .hang(faults.hangLimit))
        default: return nil
        }
    }

    private func catalogNode(_ request: SandboxRequest) throws(MetaError) -> SandboxReply {
        let known: [String: SandboxValue] = [
            "id": .string(configuration.catalogID), "name": .string(configuration.catalogName), "product_count": .count(items.count),
        ]
        var members: [SandboxValue.Member] = []
        for field in (request.query["fields"] ?? "id,name").split(separator: ",").map(String.init) {
            guard let value = known[field] else {
                throw .invalidParameter("Tried accessing nonexisting field (\(field)) on node type (ProductCatalog)")
            }
            members.append(.init(field, value))
        }
        if !members.contains(where: { $0.name == "id" }), let id = known["id"] { members.append(.init("id", id)) }
        return .json(.object(members))
    }
}

extension SandboxModel {
    /// Text of letters and digits that depends on nothing but the seed and its subject.
    static func identifier(_ subject: String..., seed: UInt64, length: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        var dice = SplitMix64(seed: seed, subject.joined(separator: "/"))
        return "A" + String((1..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &dice)] })
    }

    /// Headers worth logging. The `type` a catalogue has in the usage header is not documented, neither is its key: ours is the catalogue's id.
    private func headers(for call: SandboxCall, path: String, traceID: String) -> [(name: String, value: String)] {
        let isThrottled = [4, 17, 613, 80009, 80014].contains(call.errorCode)
        let load = SandboxValue.count(isThrottled ? 100 : min(99, call.number % 100))
        let business = SandboxValue.object((
            configuration.catalogID,
            .array([
                .object(
                    ("type", .string(call.edge == .itemsBatch ? "catalog_batch" : "catalog_management")), ("call_count", load),
                    ("total_cputime", .count(3)), ("total_time", .count(5)),
                    ("estimated_time_to_regain_access", .count(isThrottled ? faults.throttleMinutes : 0)))
            ])
        ))
        let app = SandboxValue.object(("call_count", load), ("total_time", .count(5)), ("total_cputime", .count(3)))
        let version = configuration.answeredVersion ?? path.split(separator: "/").first.map(String.init) ?? "v26.0"
        return [
            ("facebook-api-version", version), ("x-fb-trace-id", traceID), ("x-fb-request-id", traceID + "r"), ("x-fb-rev", "1029384756"),
            ("x-business-use-case-usage", business.json), ("x-app-usage", app.json),
        ]
    }
}
