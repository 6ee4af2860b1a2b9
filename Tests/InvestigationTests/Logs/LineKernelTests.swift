import CFeedKernels
import Foundation
import Testing

@testable import Investigation

@Suite("Kernels over log lines")
struct LineKernelTests {
    struct Member: Equatable {
        var key: String
        var value: String
        var kind: Int
    }

    /// Nil where the line cannot be read.
    static func read(_ bytes: [UInt8], _ kernel: (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<vf_member>, UInt32) -> vf_line) -> [Member]? {
        var members = [vf_member](repeating: vf_member(), count: 64)
        return withPadded(bytes) { line, count in
            let result = members.withUnsafeMutableBufferPointer { kernel(line, count, $0.baseAddress!, 64) }
            guard result.status == UInt32(VF_LINE_OK) else { return nil }
            func text(_ start: UInt32, _ length: UInt32) -> String {
                String(decoding: UnsafeBufferPointer(start: line + Int(start), count: Int(length)), as: UTF8.self)
            }
            return members.prefix(Int(result.members)).map {
                Member(key: text($0.key, $0.key_length), value: text($0.value, $0.value_length), kind: Int($0.kind))
            }
        }
    }

    /// The first member of each name; nil where the line cannot be read.
    static func pick(_ names: [[UInt8]], _ firsts: Set<Int>, _ bytes: [UInt8], _ kernel: (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<vf_wanted>, UInt32) -> vf_line) -> [String?]? {
        let places = names.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
        return withPadded(names.flatMap(\.self)) { start, _ in
            var wanted = names.indices.map { vf_wanted(name: start + places[$0], length: UInt32(names[$0].count), is_first: firsts.contains($0), member: vf_member()) }
            return withPadded(bytes) { line, count in
                guard wanted.withUnsafeMutableBufferPointer({ kernel(line, count, $0.baseAddress!, UInt32(names.count)) }).status == UInt32(VF_LINE_OK) else { return nil }
                return wanted.map { one in
                    if one.member.kind == 0 { return nil }
                    let value = UnsafeBufferPointer(start: line + Int(one.member.value), count: Int(one.member.value_length))
                    return "\(one.member.kind) \(one.member.value_escaped) " + String(decoding: value, as: UTF8.self)
                }
            }
        }
    }

    /// What `pick` must say, by the slow way: every line is taken apart whole. Of a name that is not first nobody needs to know once all firsts are there.
    static func expectPicked(_ names: [String], _ firsts: Set<Int>, _ bytes: [UInt8], _ note: @autoclosure () -> String) {
        let names = names.map { Array($0.utf8) }
        let slow = slowPick(names, bytes)
        let isComplete = slow.map { found in firsts.allSatisfy { found[$0] != nil } } ?? false
        for kernel in [vf_pick, vf_pick_plain] {
            let found = pick(names, firsts, bytes, kernel)
            guard let found, let slow else {
                #expect(found == slow, "\(note()): \(String(decoding: bytes, as: UTF8.self))")
                continue
            }
            for place in names.indices {
                let isLeftOut = isComplete && !firsts.contains(place) && found[place] == nil
                #expect(found[place] == slow[place] || isLeftOut, "\(note()), name \(place): \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    private static func slowPick(_ names: [[UInt8]], _ bytes: [UInt8]) -> [String?]? {
        var members = [vf_member](repeating: vf_member(), count: 256)
        return withPadded(bytes) { line, count in
            let result = vf_read_line_plain(line, count, &members, 256)
            guard result.status == UInt32(VF_LINE_OK) else { return nil }
            func part(_ start: UInt32, _ length: UInt32) -> [UInt8] { Array(UnsafeBufferPointer(start: line + Int(start), count: Int(length))) }
            return names.map { name in
                members.prefix(Int(result.members)).first { part($0.key, $0.key_length) == name }.map {
                    "\($0.kind) \($0.value_escaped) " + String(decoding: part($0.value, $0.value_length), as: UTF8.self)
                }
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var line: String
        /// `key=value`, as they stand there; nil: cannot be read.
        var members: [String]?
        var testDescription: String { line }
    }

    static let cases: [Case] = [
        Case(line: "{}", members: []), Case(line: " { } \r", members: []), Case(line: #"{"a":1}"#, members: ["a=1"]),
        Case(line: #"{ "a" : "x" , "b" : -1.5e+3 }"#, members: ["a=x", "b=-1.5e+3"]), Case(line: #"{"a":true,"b":false,"c":null}"#, members: ["a=true", "b=false", "c=null"]),
        Case(line: #"{"a":"q\"w","b":"\\","c":"\u00e9\n"}"#, members: [#"a=q\"w"#, #"b=\\"#, #"c=\u00e9\n"#]),
        Case(line: #"{"a":{"b":[1,{"c":"}]"}],"d":{}},"e":[]}"#, members: [#"a={"b":[1,{"c":"}]"}],"d":{}}"#, "e=[]"]),
        Case(line: #"{"a":"مصباح 𝄞","":0}"#, members: ["a=مصباح 𝄞", "=0"]), Case(line: #"{"a":[[[[]]],[{}]]}"#, members: ["a=[[[[]]],[{}]]"]),
        Case(line: "", members: nil), Case(line: "garbage", members: nil), Case(line: "[1]", members: nil), Case(line: #"{"a":1"#, members: nil),
        Case(line: #"{"a":1,}"#, members: nil), Case(line: #"{"a" 1}"#, members: nil), Case(line: #"{"a":01}"#, members: nil), Case(line: #"{"a":1.}"#, members: nil),
        Case(line: #"{"a":-}"#, members: nil), Case(line: #"{"a":1e}"#, members: nil), Case(line: #"{"a":"x}"#, members: nil), Case(line: #"{"a":"\x"}"#, members: nil),
        Case(line: #"{"a":"\u12g4"}"#, members: nil), Case(line: #"{"a":"\"#, members: nil), Case(line: "{\"a\":\"\t\"}", members: nil), Case(line: #"{"a":tru}"#, members: nil),
        Case(line: #"{"a":1}{"b":2}"#, members: nil), Case(line: #"{"a":[1}}"#, members: nil), Case(line: #"{"a":{"b"}}"#, members: nil), Case(line: #"{"a":[1,]}"#, members: nil),
        Case(line: #"{a:1}"#, members: nil), Case(line: #"{"a":[}"#, members: nil), Case(line: #"{"a":}"#, members: nil), Case(line: #"{,}"#, members: nil),
        Case(line: "{\"a\":" + String(repeating: "[", count: 65) + String(repeating: "]", count: 65) + "}", members: nil),
        Case(line: "{\"a\":" + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}", members: ["a=" + String(repeating: "[", count: 64) + String(repeating: "]", count: 64)]),
        Case(line: #"{"time":"2026-10-21T08:00:00.000Z","message":"\#(String(repeating: "long ", count: 60))"}"#, members: ["time=2026-10-21T08:00:00.000Z", "message=" + String(repeating: "long ", count: 60)]),
    ]

    @Test("a line is taken apart as RFC 8259 has it, or not at all", arguments: cases)
    func table(each: Case) {
        for kernel in [vf_read_line, vf_read_line_plain] {
            let found = Self.read(Array(each.line.utf8), kernel)
            #expect(found?.map { "\($0.key)=\($0.value)" } == each.members)
        }
        for firsts in [[], [0], [1], [0, 1, 2]] as [Set<Int>] { Self.expectPicked(["a", "b", "time"], firsts, Array(each.line.utf8), "firsts \(firsts)") }
    }

    /// Lines in which what is looked for stands in front: the rest is judged by its shape alone.
    @Test("behind what is looked for a broken line is still broken, and a sound one sound", arguments: [
        #","b":2}"#, #","b":"x"}"#, "}", #","b":"x","c":0,"d":"","":""}"#, #","b":"\#(String(repeating: "x", count: 200))","c":\#(String(repeating: "7", count: 90))}"#, #","b":{"c":[1]}}"#,
        #", "b" : 2 } "#, #","b":-1.5e3,"c":true,"d":null}"#, #","b":"\"","c":"\\"}"#, #","b":"م,:{}","c":1}"#, "} \r", #","b":01}"#, #","b":00}"#, #","b":0}"#, #","b":}"#, #","b"}"#, #","b":2"#, #","b":"x}"#,
        #","b":"x""y"}"#, #","b":"x":"y"}"#, #","b","c":1}"#, #","b":2,}"#, #",,"b":2}"#, #","b"::2}"#, #","b":2 3}"#, #","b":2"c":3}"#, #""b":2}"#, #":2}"#, "2}", ",2:3}", ",2}", #","b":2}}"#,
        #","b":2},"c":3}"#, #","b":x}"#, #","b":"x"y}"#, #","b":"x",c:1}"#, #","b":1:2}"#, ",\"b\":\"\u{1}\"}", "", ",", "\"", #","b":"x","c"}"#, #","b":"x","c":"y":1}"#, #","b":1"}"#, #","b":1,"}"#,
        #","b":tru}"#, #","b":"\x"}"#, #","b":{}}"#, #","b":{"}"#,
    ])
    func behind(rest: String) {
        for width in 0...130 {
            let line = #"{"time":1,"a":"\#(String(repeating: "w", count: width))"\#(rest)"#
            for firsts in [[0], [1], [0, 1]] as [Set<Int>] { Self.expectPicked(["time", "a"], firsts, Array(line.utf8), "width \(width), firsts \(firsts)") }
        }
    }

    @Test("twins find the same place, whatever the bytes, the length and the beginning", arguments: UInt64(0)..<20)
    func find(part: UInt64) {
        for seed in part * 200..<part * 200 + 200 {
            var random = SeededRandom(seed: seed)
            let alphabet = seed % 2 == 0 ? Array("ab".utf8) : Array("ab\"e:\n".utf8)
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            var texts = vf_texts()
            vf_texts_clear(&texts)
            for _ in 0..<Int.random(in: 0...9, using: &random) {
                let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
                _ = vf_texts_add(&texts, text, text.count, Int.random(in: 0...9, using: &random))
            }
            withPadded(bytes) { start, count in
                var from = 0
                while from <= count {
                    let (quick, plain) = (vf_find(&texts, start, count, from), vf_find_plain(&texts, start, count, from))
                    #expect(quick == plain, "seed \(seed), from \(from)")
                    from = min(quick, plain) + 1
                }
            }
        }
    }

    @Test("escapes become what they stand for", arguments: [
        (#"a\n\t\"\\\/\b\f\r"#, "a\n\t\"\\/\u{8}\u{C}\r"), (#"\u0041\u00e9\u0645\u20ac"#, "Aéم€"), (#"\ud834\udd1e"#, "𝄞"), (#"\ud834x"#, "\u{FFFD}x"), (#"\udd1e"#, "\u{FFFD}"),
        (#"\ud834\u0041"#, "\u{FFFD}A"), ("", ""), ("plain", "plain"),
    ])
    func unescape(text: String, meant: String) {
        withPadded(Array(text.utf8)) { bytes, count in
            let room = UnsafeMutablePointer<UInt8>.allocate(capacity: count + 1)
            defer { room.deallocate() }
            let written = vf_json_unescape(room, bytes, count)
            #expect(String(decoding: UnsafeBufferPointer(start: room, count: written), as: UTF8.self) == meant && written <= count)
        }
    }
}

/// `make fuzz` goes on with new seeds for `FUZZ_SECONDS`, from `FUZZ_SEED`; `swift test` looks at some thousand lines that are always the same.
@Suite("Nasty lines", .timeLimit(.minutes(60)))
struct LineFuzzTests {
    @Test("are read by both twins alike, and as Foundation reads them", arguments: UInt64(0)..<8)
    func always(_ part: UInt64) { for seed in part * 500..<part * 500 + 500 { look(seed) } }

    @Test("are read alike, for as long as is asked for", .enabled(if: LineFuzzTests.seconds > 0))
    func asLongAsAsked() {
        let start = ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let end = ContinuousClock.now + .seconds(Self.seconds)
        var seed = start
        while ContinuousClock.now < end {
            look(seed)
            seed &+= 1
        }
        print("fuzz: \(seed &- start) lines from FUZZ_SEED=\(start)")
    }

    private static let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap { Int($0) } ?? 0

    /// A line of ours, of which a few bytes are gone, doubled or others.
    private static func bittenLine(_ seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        var line = #"{"time":"2026-11-21T08:00:00.000Z","level":"warning","event":"row.rejected""#
        for number in 0..<Int.random(in: 0...14, using: &random) {
            let text = String(repeating: "v", count: Int.random(in: 0...70, using: &random))
            let value = ["\"\(text)\"", "\(Int.random(in: 0...2_000, using: &random))", "\"مصباح, \(number): {}\"", "0"].randomElement(using: &random)!
            line += #","field_\#(number)":\#(value)"#
        }
        var bytes = Array((line + "}").utf8)
        let bites = Array("\",:{}[]\\0159-+.eEtfn \t\u{1}é".utf8)
        for _ in 0..<[0, 1, 1, 1, 2, 4].randomElement(using: &random)! {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[place], at: place)
            case 2: bytes.insert(bites.randomElement(using: &random)!, at: place)
            default: bytes[place] = bites.randomElement(using: &random)!
            }
        }
        return bytes
    }

    private func look(_ seed: UInt64) {
        let bytes = Self.nastyLine(seed)
        let quick = LineKernelTests.read(bytes, vf_read_line), plain = LineKernelTests.read(bytes, vf_read_line_plain)
        #expect(quick == plain, "seed \(seed)")
        LineKernelTests.expectPicked(["a", "time", "event"], Set([0, 1, 2].filter { seed >> UInt64($0) & 1 == 1 }), bytes, "seed \(seed)")
        LineKernelTests.expectPicked(["time", "event", "level"], [0, Int(seed % 3)], Self.bittenLine(seed), "bitten, seed \(seed)")
        // Foundation refuses what is no UTF-8 and half a pair of surrogates, knows no limit of depth below 512, and lets a comma stand at an end;
        // and it refuses a number that no Double holds (3e827), which the grammar allows.
        let text = String(decoding: bytes, as: UTF8.self)
        guard Array(text.utf8) == bytes, !text.lowercased().contains(#"\ud"#), !bytes.contains(0), text.firstMatch(of: /,\s*[\]}]|[0-9][eE]\+?[0-9]{3}/) == nil else { return }
        let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect((object != nil) == (plain != nil), "seed \(seed): \(text)")
        guard let object, let plain, Set(plain.map(\.key)).count == plain.count, !plain.contains(where: { $0.key.contains("\\") }) else { return }
        #expect(Set(object.keys) == Set(plain.map(\.key)), "seed \(seed): \(text)")
    }

    private static let pieces = [
        #""a""#, #""time""#, #""b\n""#, #""\u00e9""#, ":", ":", ":", ",", ",", ",", "{", "}", "[", "]", "1", "-2.5e3", "0", "true", "false", "null", " ", #""x y""#, "مصباح", "\"", "\\", "\t", "e", "+", ".",
    ]

    /// A good line with a few mistakes, or pieces of JSON in any order.
    private static func nastyLine(_ seed: UInt64) -> [UInt8] {
        var random = SeededRandom(seed: seed)
        if seed % 5 == 0 { return Array((0..<Int.random(in: 1...14, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined().utf8) }
        func value(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &random) {
            case 0: "\(Int.random(in: -5...100_000, using: &random))"
            case 1: #""مصباح \" \\ \u0645 \#(String(repeating: "x", count: Int.random(in: 0...70, using: &random)))""#
            case 2: ["true", "false", "null", "1.5", "-0.25e-3"].randomElement(using: &random)!
            case 3: #""plain""#
            case 4: "[" + (0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) }.joined(separator: ", ") + "]"
            default: "{" + (0..<Int.random(in: 0...3, using: &random)).map { "\"k\($0)\": \(value(depth + 1))" }.joined(separator: ",") + "}"
            }
        }
        var bytes = Array(("{" + (0..<Int.random(in: 0...6, using: &random)).map { "\"f\($0)\":\(value(0))" }.joined(separator: ",") + "}").utf8)
        for _ in 0..<Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = Array("{}[]\",:\\ 0e\u{1}".utf8).randomElement(using: &random)!
            default: bytes.insert(Array("{}[]\",:\\ 1".utf8).randomElement(using: &random)!, at: place)
            }
        }
        return bytes
    }
}
