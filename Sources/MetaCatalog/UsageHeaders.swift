import Transport

/// Reads the quota headers. What is not understood is left out: a header is advice, never a reason to fail.
enum UsageHeaders {
    /// Readings of all three headers, one for each quota: the worst where several objects share it.
    static func readings(in headers: HTTPHeaders) -> [UsageReading] {
        let all =
            values("X-Business-Use-Case-Usage", in: headers).flatMap(businessUseCase) + values("X-App-Usage", in: headers).compactMap(app)
            + values("X-Ad-Account-Usage", in: headers).compactMap(adAccount)
        var worst: [UsageReading] = []
        for reading in all {
            if let place = worst.firstIndex(where: { $0.quota == reading.quota }) {
                worst[place].ratio = max(worst[place].ratio, reading.ratio)
                worst[place].regainAccess = [worst[place].regainAccess, reading.regainAccess].compactMap(\.self).max()
            } else {
                worst.append(reading)
            }
        }
        return worst.sorted { $0.quota < $1.quota }
    }

    private static func values(_ name: String, in headers: HTTPHeaders) -> [JSONValue] {
        headers.values(of: name).compactMap { try? JSONReader.read($0) }
    }

    /// `{"<object id>": [{type, call_count, …}, …], …}`: every key, every entry.
    private static func businessUseCase(_ value: JSONValue) -> [UsageReading] {
        guard case .object(let objects) = value else { return [] }
        return objects.values.flatMap { $0.array ?? [] }.compactMap { entry in
            ratio(of: entry).map {
                // Minutes, unlike every other duration of the Graph API.
                UsageReading(quota: label(entry["type"]?.text), ratio: $0, regainAccess: pause(entry["estimated_time_to_regain_access"], secondsEach: 60))
            }
        }
    }

    private static func app(_ value: JSONValue) -> UsageReading? {
        ratio(of: value).map { UsageReading(quota: "app", ratio: $0) }
    }

    private static func adAccount(_ value: JSONValue) -> UsageReading? {
        guard let percent = value["acc_id_util_pct"]?.number else { return nil }
        // Seconds until the count starts anew: a wait only for who has used it up.
        let reset = percent >= 100 ? pause(value["reset_time_duration"], secondsEach: 1) : nil
        return UsageReading(quota: "ad_account", ratio: max(0, percent / 100), regainAccess: reset)
    }

    /// Calls, CPU time and wall time each have their limit; the fullest decides.
    private static func ratio(of entry: JSONValue) -> Double? {
        ["call_count", "total_cputime", "total_time"].compactMap { entry[$0]?.number }.max().map { max(0, $0 / 100) }
    }

    /// A day at most: what is longer is not waited for anyway.
    private static func pause(_ value: JSONValue?, secondsEach unit: Double) -> Duration? {
        guard let count = value?.number, count > 0 else { return nil }
        return .seconds(min(unit * count, 86_400))  // bounded before it becomes a Duration, which traps on what it cannot hold
    }

    /// The quota becomes a metric label: a short plain word or `other`.
    private static func label(_ type: String?) -> String {
        guard let type, (1...40).contains(type.utf8.count),
            type.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
        else { return "other" }
        return type
    }
}
