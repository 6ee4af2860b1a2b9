import Glibc

/// A POSIX extended regular expression. Owned by one task at a time.
final class LogPattern {
    private let compiled = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)

    /// Nil where the system does not take it.
    init?(_ text: String) {
        guard Self.problem(of: text) == nil, regcomp(compiled, text, Self.flags) == 0 else {
            compiled.deallocate()
            return nil
        }
    }

    deinit {
        regfree(compiled)
        compiled.deallocate()
    }

    /// Why it cannot be used, in the system's words; nil where it can.
    static func problem(of text: String) -> String? {
        if text.utf8.contains(0) { return "it has a zero byte" }
        if text.utf8.count > longest { return "it is longer than \(longest) bytes" }
        let trial = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
        defer { trial.deallocate() }
        let code = regcomp(trial, text, flags)
        guard code != 0 else {
            regfree(trial)
            return nil
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { room in
            regerror(code, trial, room.baseAddress, room.count)
            return room.baseAddress.map { String(cString: $0) }
        }
    }

    func isFound(in bytes: LogBytes) -> Bool {
        guard let base = bytes.baseAddress else { return isFound(in: LogBytes(start: Self.nothing, count: 0)) }
        // With REG_STARTEND the text needs no zero behind it. Source: regexec(3).
        var range = regmatch_t(rm_so: 0, rm_eo: regoff_t(bytes.count))
        let text = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
        return regexec(compiled, text, 1, &range, Int32(REG_STARTEND)) == 0
    }

    /// Bytes.
    private static let longest = 1_000
    private static let flags = Int32(REG_EXTENDED)
    // Never written to and never freed: somewhere to point at for a text of no bytes.
    nonisolated(unsafe) private static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}

/// Why a regular expression cannot be used.
public enum LogPatternProblem {
    /// In the system's words; nil where it can be.
    public static func of(_ text: String) -> String? { LogPattern.problem(of: text) }
}
