public import Events
import FoundationEssentials
import Glibc
import Synchronization

extension FolderStore: LeasingStore {
    /// flock(2): free the moment its holder dies. The file's text says who it was, and until when a staged run keeps it.
    public func lease(_ key: String, for holder: LeaseHolder, now: Timestamp) async throws(StoreError) -> LeaseAnswer {
        let path = try checked(key)
        try FolderStore.makeFolders(FolderPath.folder(of: path))
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw StoreError.posix(path, doing: "lock") }
        let lease = FolderLease(descriptor: descriptor, path: path, holder: holder)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let held = errno == EWOULDBLOCK
            let failure = StoreError.posix(path, doing: "lock")
            let other = lease.currentHolder()
            lease.abandon()
            if held { return .held(by: other) }
            throw failure
        }
        if let other = lease.currentHolder(), let until = other.until, until > now, other.runID != holder.runID {
            lease.abandon()
            return .held(by: other)
        }
        try lease.write(holder)
        return .granted(lease)
    }
}

final class FolderLease: Lease {
    private let descriptor: Mutex<Int32?>
    private let path: String
    private let holder: LeaseHolder

    /// The longest text a lease file can have, in bytes.
    private static let textLimit = 4096

    init(descriptor: Int32, path: String, holder: LeaseHolder) {
        self.descriptor = Mutex(descriptor)
        self.path = path
        self.holder = holder
    }

    deinit { abandon() }

    func extend(until: Timestamp) throws(StoreError) {
        var extended = holder
        extended.until = until
        try write(extended)
    }

    func release() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            ftruncate(open, 0)
            Self.unlock(open)
            descriptor = nil
        }
    }

    /// Closing alone would leave the lock to a child that this process is just starting, until the child closes what it was not meant to have.
    private static func unlock(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Closes without a word: the text stays for the next one to read.
    func abandon() {
        descriptor.withLock { descriptor in
            if let open = descriptor { Self.unlock(open) }
            descriptor = nil
        }
    }

    func currentHolder() -> LeaseHolder? {
        let text = descriptor.withLock { descriptor -> [UInt8] in
            guard let open = descriptor else { return [] }
            return [UInt8](unsafeUninitializedCapacity: Self.textLimit) { buffer, count in
                count = max(0, pread(open, buffer.baseAddress, buffer.count, 0))
            }
        }
        return try? JSONDecoder().decode(LeaseHolder.self, from: Data(text))
    }

    /// In one call and padded over what was there before: whenever the process dies, the file holds one whole text.
    func write(_ holder: LeaseHolder) throws(StoreError) {
        var text = Array((try? JSONEncoder().encode(holder)) ?? Data())
        guard text.count < Self.textLimit else {
            throw StoreError(
                .tooLarge, culprit: path, detail: "the holder's names have more than \(Self.textLimit) bytes", remedy: "Choose a shorter run id.")
        }
        text += repeatElement(UInt8(ascii: " "), count: Self.paddedLength - text.count % Self.paddedLength - 1) + [UInt8(ascii: "\n")]
        let failure = descriptor.withLock { descriptor -> StoreError? in
            guard let open = descriptor else { return .released(path) }
            let written = text.withUnsafeBytes { pwrite(open, $0.baseAddress, $0.count, 0) }
            guard written == text.count, ftruncate(open, off_t(text.count)) == 0, fsync(open) == 0 else {
                return StoreError.posix(path, doing: "write the lease in")
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Bytes. Holders have texts of the same length as a rule, so that the next one covers the last one.
    private static let paddedLength = 512
}

extension StoreError {
    fileprivate static func released(_ path: String) -> StoreError {
        StoreError(.failed, culprit: path, detail: "the lease was given back already", remedy: "This is a defect: report it.")
    }
}
