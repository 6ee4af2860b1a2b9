import Testing

@testable import AWS

@Suite("The reader of XML")
struct XMLTests {
    @Test("gives elements, texts and what stands for a letter")
    func reads() throws {
        let text = """
            \u{feff}<?xml version="1.0" encoding="UTF-8"?>
            <!-- said by nobody -->
            <ns:Root xmlns:ns="http://a/b" x='1 > 0'>
              <Key>a&amp;b&#x41;&#233;<![CDATA[<raw>&amp;]]>&quot;&apos;&lt;&gt;</Key><Empty/><Empty></Empty>
              <Key> second </Key>
            </ns:Root>
            """
        let root = try XMLElement.read(Array(text.utf8))
        #expect(root.name == "Root" && root.children.map(\.name) == ["Key", "Empty", "Empty", "Key"])
        #expect(root.all("Key").map(\.text) == ["a&bAé<raw>&amp;\"'<>", " second "])
        #expect(root.text.isEmpty && root["Empty"]?.text == "" && root.filled("Empty") == nil && root["Nothing"] == nil)
    }

    @Test("refuses what is not well formed, and says where", arguments: [
        ("", .endsEarly), ("   ", .endsEarly), ("text", .unexpected), ("<a>", .endsEarly), ("<a></b>", .mismatch), ("<a></a", .unexpected),
        ("<a/><b/>", .unexpected), ("<a/>tail", .unexpected), ("<a b=c/>", .unexpected), ("<a b='<'/>", .unexpected), ("<a b='x/>", .endsEarly),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", .doctype), ("<a>&x;</a>", .badEntity), ("<a>&#xD800;</a>", .badEntity),
        ("<a>&amp</a>", .badEntity), ("<a>& b</a>", .badEntity), ("<>", .unexpected), ("<a><![CDATA[x</a>", .endsEarly), ("<a><!-- x</a>", .endsEarly),
        (String(repeating: "<a>", count: 100), .tooDeep),
    ] as [(String, XMLError.Problem)])
    func refuses(text: String, problem: XMLError.Problem) {
        #expect { try XMLElement.read(Array(text.utf8)) } throws: { ($0 as? XMLError)?.problem == problem }
    }

    @Test("refuses bytes that are no UTF-8")
    func notText() {
        #expect(throws: XMLError.self) { try XMLElement.read(Array("<a>".utf8) + [0xff, 0xfe] + Array("</a>".utf8)) }
    }

    @Test("ends on any prefix and any changed byte of a real answer", arguments: 0..<40)
    func survives(seed: Int) {
        let whole = Array(#"<?xml version="1.0"?><R a="b"><K>x&amp;y</K><E/><![CDATA[z]]><!-- c --></R>"#.utf8)
        for length in 0..<whole.count { _ = try? XMLElement.read(Array(whole[..<length])) }
        var changed = whole
        changed[seed * 7 % whole.count] = UInt8(truncatingIfNeeded: seed &* 37 &+ 60)
        _ = try? XMLElement.read(changed)
    }
}
