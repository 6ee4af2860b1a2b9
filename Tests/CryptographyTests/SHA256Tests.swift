import Cryptography
import Testing

@Suite("SHA-256 and HMAC")
struct SHA256Tests {
    // Vectors of FIPS 180-4 (NIST CAVP).
    @Test("the digest is the one of the standard", arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func vectors(text: String, digest: String) {
        #expect(sha256Hex(Array(text.utf8)) == digest)
    }

    @Test("bytes in pieces give the digest of the whole", arguments: [1, 7, 63, 64, 65, 1000])
    func pieces(size: Int) {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var hasher = SHA256Hasher()
        for start in stride(from: 0, to: bytes.count, by: size) {
            hasher.update(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(hasher.finish() == sha256Hex(bytes))
    }

    @Test("an HMAC is the one of the standard", arguments: [
        // RFC 4231, test cases 1, 2 and 6.
        ([UInt8](repeating: 0x0b, count: 20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (Array("Jefe".utf8), "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        // No key, no message; made with Python's hmac module.
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func hmacVectors(key: [UInt8], message: String, mac: String) {
        #expect(hex(hmacSHA256(key: key, message: Array(message.utf8))) == mac)
    }

    @Test("hex keeps leading zeros and is lower case")
    func hexDigits() {
        #expect(hex([0x00, 0x0f, 0xa5, 0xff]) == "000fa5ff")
        #expect(hex([]) == "")
    }
}
