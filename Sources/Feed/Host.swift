internal import CFeedKernels

/// What is to be said of a host.
struct HostVerdict {
    /// Letters, digits, dots and hyphens, a dot-free label nowhere empty; non-ASCII letters are counted in.
    var isValid = false
    var hasNonASCII = false
    /// Local, private or staging.
    var isTest = false
    /// Reserved by RFC 2606 and RFC 6761.
    var isExample = false
    var isAllowed = true

    init(_ host: Text, allowed: [String]) {
        let name = host.string.lowercased()
        let bare = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let labels = (bare.first ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if bare.count == 2, !bare[1].utf8.allSatisfy(\.isDigit) { return }
        isValid = !labels.isEmpty && labels.allSatisfy(Self.isLabel)
        guard isValid else { return }
        hasNonASCII = name.utf8.contains { $0 >= 0x80 }
        let plain = labels.joined(separator: ".")
        isTest = Self.isTestHost(plain, labels)
        isExample = Self.isExampleHost(plain, labels)
        isAllowed = allowed.isEmpty || allowed.contains { plain == $0 || plain.hasSuffix("." + $0) }
    }

    private static func isLabel(_ label: String) -> Bool {
        !label.isEmpty && label.utf8.count <= 240 && label.utf8.first != UInt8(ascii: "-")
            && label.utf8.allSatisfy { $0.isASCIILetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 >= 0x80 }
    }

    private static func isTestHost(_ host: String, _ labels: [String]) -> Bool {
        if labels.count == 1 || labels.last == "local" || labels.last == "localhost" || labels.last == "internal" || labels.last == "test" { return true }
        if let first = labels.first, ["staging", "stage", "dev", "test", "uat", "preprod"].contains(first) { return true }
        guard labels.count == 4, labels.allSatisfy({ UInt8($0) != nil }) else { return false }
        return host.hasPrefix("127.") || host.hasPrefix("10.") || host.hasPrefix("192.168.") || host == "0.0.0.0"
            || host.hasPrefix("172.") && (16...31).contains(UInt8(labels[1]) ?? 0)
    }

    private static func isExampleHost(_ host: String, _ labels: [String]) -> Bool {
        if labels.last == "example" || labels.last == "invalid" { return true }
        return ["example.com", "example.net", "example.org"].contains { host == $0 || host.hasSuffix("." + $0) }
    }
}

/// The host of the row before: a file has one or two, so that a host is judged once and compared a million times.
struct HostMemory {
    private static let limit = 64
    private let bytes: UnsafeMutablePointer<UInt8>
    private var count = -1
    private var verdict: HostVerdict

    /// `bytes` has room for 64 and belongs to the caller.
    init(bytes: UnsafeMutablePointer<UInt8>) {
        self.bytes = bytes
        verdict = HostVerdict(Text(bytes, 0), allowed: [])
    }

    @inline(__always)
    func remembered(_ host: Text) -> HostVerdict? { host.count == count && vf_equal(bytes, host.base, count) ? verdict : nil }

    @inline(never)
    mutating func judge(_ host: Text, allowed: [String]) -> HostVerdict {
        let new = HostVerdict(host, allowed: allowed)
        guard host.count <= Self.limit else { return new }
        bytes.update(from: host.base, count: host.count)
        count = host.count
        verdict = new
        return new
    }
}
