import COpenSSL

/// HMAC with SHA-256 (RFC 2104), 32 bytes. Any length of key is allowed, also none.
public func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: SHA256Hasher.byteCount) { digest, count in
        var length: UInt32 = 0
        // OpenSSL reads a missing key as "the key of the last call", so an empty one must still have an address.
        let done = (key.isEmpty ? [0] : key).withUnsafeBytes { keyBytes in
            HMAC(EVP_sha256(), keyBytes.baseAddress, Int32(key.count), message, message.count, digest.baseAddress, &length)
        }
        precondition(done != nil && length == SHA256Hasher.byteCount, "HMAC: SHA-256 is not available")
        count = SHA256Hasher.byteCount
    }
}

/// HMAC with SHA-256 of two texts, as UTF-8.
public func hmacSHA256(key: String, message: String) -> [UInt8] {
    hmacSHA256(key: Array(key.utf8), message: Array(message.utf8))
}
