import CFeedKernels
import Testing

/// The quick twin must say what the plain twin says, whatever the bytes, the length and the alignment.
@Suite("Kernels")
struct KernelTests {
    private static let alphabets: [[UInt8]] = [
        Array(0...255), Array("\",\n\r a".utf8), Array("aAzZ09<&@:?#//  !!..\t\u{1}\"\\".utf8), Array("ab,\n".utf8) + [0],
        Array("مصباح é ’ 𝄞 ـٓ\u{E000}\u{FFFD}".utf8), [0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0x61],
        Array("freeshipusedwww.refurb1234".utf8),
    ]

    /// Bytes in a padded buffer at an alignment; the padding is filled with what would be noticed.
    private func withBytes(_ seed: UInt64, _ body: (UnsafePointer<UInt8>, Int) -> Void) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Self.alphabets[Int(seed) % Self.alphabets.count]
        let length = Int(seed) % 9 == 0 ? Int.random(in: 0...3000, using: &random) : Int.random(in: 0...140, using: &random)
        let shift = Int.random(in: 0...63, using: &random)
        let room = UnsafeMutablePointer<UInt8>.allocate(capacity: shift + length + Int(VF_PADDING))
        defer { room.deallocate() }
        for index in 0..<(shift + length + Int(VF_PADDING)) { room[index] = alphabet.randomElement(using: &random)! }
        // Mostly whole scalars where the alphabet is text, so that valid UTF-8 is seen too.
        if Int(seed) % Self.alphabets.count == 4, Bool.random(using: &random) {
            let text = Array(String(repeating: "مصباح é ’ 𝄞 ـٓ abc", count: length / 20 + 1).utf8.prefix(length))
            for (index, byte) in text.enumerated() { room[shift + index] = byte }
        }
        body(room + shift, length)
    }

    @Test("the processor's quick twins are in use where it has them") func dispatch() {
        if !vf_has_avx2() { print("no AVX2 here: the twins under test are one and the same") }
    }

    @Test("twins agree on random bytes", arguments: 0..<40)
    func twins(_ part: UInt64) {
        for seed in (part * 250)..<(part * 250 + 250) {
            withBytes(seed) { bytes, length in
                let (quick, plain) = (vf_classify(bytes, length), vf_classify_plain(bytes, length))
                #expect(quick.mask == plain.mask && quick.scalars == plain.scalars && quick.upper == plain.upper && quick.lower == plain.lower, "classify, seed \(seed)")
                #expect(vf_utf8_prefix(bytes, length) == vf_utf8_prefix_plain(bytes, length), "utf8, seed \(seed)")
                for previous in [0x0A, 0x22, 0x2C, 0x0D, 0x61] as [UInt8] {
                    let same = sameSurvey(vf_survey_block(bytes, length, previous, 0x2C), vf_survey_block_plain(bytes, length, previous, 0x2C))
                    #expect(same, "survey, seed \(seed)")
                }
                compareSplit(bytes, length, seed)
                compareNeedles(bytes, length, seed)
            }
        }
    }

    private func sameSurvey(_ a: vf_survey, _ b: vf_survey) -> Bool {
        a.quotes == b.quotes && a.newlines == b.newlines && a.lone_cr == b.lone_cr && a.nul_at == b.nul_at && a.first_end == b.first_end
            && a.lines_to_end == b.lines_to_end && a.ends == b.ends && a.stray == b.stray && a.non_ascii == b.non_ascii
    }

    private func compareSplit(_ bytes: UnsafePointer<UInt8>, _ length: Int, _ seed: UInt64) {
        var fields = [[vf_field]](repeating: [vf_field](repeating: vf_field(), count: 8), count: 2)
        let quick = vf_split(bytes, length, 0x2C, &fields[0], 8)
        let plain = vf_split_plain(bytes, length, 0x2C, &fields[1], 8)
        let isSame = quick.status == plain.status && quick.consumed == plain.consumed && quick.fields == plain.fields && quick.newlines == plain.newlines
            && quick.opened == plain.opened && quick.content == plain.content && quick.at == plain.at
        #expect(isSame, "split, seed \(seed)")
        for index in 0..<min(8, Int(plain.fields)) {
            let (a, b) = (fields[0][index], fields[1][index])
            #expect(a.start == b.start && a.length == b.length && a.flags == b.flags, "field \(index), seed \(seed)")
        }
    }

    private func compareNeedles(_ bytes: UnsafePointer<UInt8>, _ length: Int, _ seed: UInt64) {
        var needles = vf_needles()
        vf_needles_clear(&needles)
        vf_needles_add(&needles, Array("free".utf8), 0, 1)
        vf_needles_add(&needles, Array("used".utf8), 1, 2)
        vf_needles_add(&needles, Array("مص".utf8), 4, 4)
        vf_needles_add_loose(&needles, Array("1234".utf8), 7)
        #expect(vf_needles_find(&needles, bytes, length) == vf_needles_find_plain(&needles, bytes, length), "needles, seed \(seed)")
    }

    @Test("the UTF-8 check agrees with the standard library", arguments: 0..<20)
    func unicode(_ part: UInt64) {
        for seed in (part * 100)..<(part * 100 + 100) {
            withBytes(seed) { bytes, length in
                let isValid = String(validating: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self) != nil
                #expect((vf_utf8_prefix(bytes, length) == length) == isValid, "seed \(seed)")
            }
        }
    }

    @Test("a fingerprint depends on every byte, the length and the seed")
    func fingerprint() {
        func fingerprint(_ bytes: [UInt8], _ seed: UInt64) -> UInt64 {
            vf_fingerprint(bytes + [UInt8](repeating: 0xAA, count: Int(VF_PADDING)), bytes.count, seed)
        }
        var seen: Set<UInt64> = []
        for length in 0...100 {
            var bytes = [UInt8](repeating: 0, count: length)
            seen.insert(fingerprint(bytes, 0))
            for index in 0..<length {
                bytes[index] = 1
                seen.insert(fingerprint(bytes, 0))
                bytes[index] = 0
            }
        }
        #expect(seen.count == 101 + 100 * 101 / 2)
        #expect(fingerprint([1, 2, 3], 0) != fingerprint([1, 2, 3], 1))
        #expect(fingerprint(Array("sku-1".utf8), 1) == 8_020_976_753_216_042_174, "fingerprints are stored: they may never change")
    }
}
