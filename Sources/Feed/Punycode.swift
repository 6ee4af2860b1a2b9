/// Turns a host with non-ASCII letters into its `xn--` form, by RFC 3492. Case is folded and the text composed; the finer tables of
/// IDNA 2008 are left to the registries.
enum Punycode {
    /// Nil if a label does not fit into 63 bytes.
    static func host(_ name: String) -> String? {
        var labels: [String] = []
        for label in name.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
            if label.utf8.allSatisfy({ $0 < 0x80 }) {
                labels.append(String(label))
            } else {
                guard let encoded = encode(Array(label.unicodeScalars)), encoded.utf8.count + 4 <= 63 else { return nil }
                labels.append("xn--" + encoded)
            }
        }
        return labels.joined(separator: ".")
    }

    private static func encode(_ scalars: [Unicode.Scalar]) -> String? {
        var out = String(String.UnicodeScalarView(scalars.filter(\.isASCII)))
        let basic = out.unicodeScalars.count
        var handled = basic
        if basic > 0 { out += "-" }
        var n: UInt32 = 128
        var delta: UInt32 = 0
        var bias: UInt32 = 72
        while handled < scalars.count {
            guard let next = scalars.lazy.map(\.value).filter({ $0 >= n }).min() else { return nil }
            let (step, overflow) = (next - n).multipliedReportingOverflow(by: UInt32(handled + 1))
            guard !overflow, delta <= .max - step else { return nil }
            delta += step
            n = next
            for scalar in scalars {
                if scalar.value < n { delta += 1 }
                guard scalar.value == n else { continue }
                appendNumber(delta, bias: bias, to: &out)
                bias = adapt(delta, points: UInt32(handled + 1), isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return out
    }

    private static func appendNumber(_ delta: UInt32, bias: UInt32, to out: inout String) {
        var q = delta
        var k: UInt32 = 36
        while true {
            let t = k <= bias ? 1 : (k >= bias + 26 ? 26 : k - bias)
            if q < t { break }
            out.append(digit(t + (q - t) % (36 - t)))
            q = (q - t) / (36 - t)
            k += 36
        }
        out.append(digit(q))
    }

    private static func adapt(_ delta: UInt32, points: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / points
        var k: UInt32 = 0
        while delta > 455 {
            delta /= 35
            k += 36
        }
        return k + 36 * delta / (delta + 38)
    }

    private static func digit(_ value: UInt32) -> Character { Character(Unicode.Scalar(UInt8(value < 26 ? value + 97 : value - 26 + 48))) }
}
