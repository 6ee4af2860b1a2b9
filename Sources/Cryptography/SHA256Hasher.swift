import COpenSSL

/// SHA-256 (FIPS 180-4) over bytes that come piece by piece, such as the blocks of a file while it is read.
///
/// OpenSSL chooses the fastest code for the machine. A failure of these calls means that the library is broken or memory is gone;
/// there is nothing a caller could do, so it is a precondition and not an error.
public struct SHA256Hasher: ~Copyable {
    /// Length of the digest in bytes.
    public static let byteCount = 32

    private let context: OpaquePointer

    public init() {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("EVP_MD_CTX_new: no memory") }
        precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "EVP_DigestInit_ex: SHA-256 is not available")
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "EVP_DigestUpdate failed")
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest, 32 bytes.
    public consuming func finishBytes() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { digest, count in
            precondition(EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1, "EVP_DigestFinal_ex failed")
            count = Self.byteCount
        }
    }

    /// The digest in lower-case hex, 64 characters.
    public consuming func finish() -> String { hex(finishBytes()) }
}

/// SHA-256 of bytes that are all there, in lower-case hex.
public func sha256Hex(_ bytes: [UInt8]) -> String {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finish()
}
