import CatalogSync
import Engine
import Events
import FoundationEssentials
import Glibc
import ObjectStore
import Settings

/// Whether the places can be written to, and have room.
struct StoreChecks {
    let factory: PipelineFactory
    let now: Timestamp
    /// Makes the names of probes, so that two doctors do not meet.
    let random: @Sendable () -> UInt64

    /// Bytes; below the first it fails, below the second it warns.
    static let tooLittle: UInt64 = 100_000_000
    static let little: UInt64 = 1_000_000_000

    /// Writes, reads and deletes a probe. It lies beside the folders that files are taken from, and its name is one that is never taken.
    func store(_ name: String, _ store: any ObjectStore, of pipeline: String? = nil) async -> Check {
        let key = ".vitrine-doctor-\(String(random(), radix: 36))"
        let probe = Array("Written by 'vitrine doctor', which deletes it again.\n".utf8)
        do {
            try await store.put(key, probe, .ifAbsent)
            let read = try await store.get(key, limit: probe.count)
            try await store.delete(key)
            guard read == probe else {
                return .fail(name, "\(store.location): what was written reads back differently", "Check the disk.", .cannotWrite, of: pipeline)
            }
            return .ok(name, "\(store.location) can be written, read and deleted from", of: pipeline)
        } catch {
            return .fail(name, error, of: pipeline)
        }
    }

    func space(_ name: String, _ path: String, of pipeline: String? = nil) -> Check {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return .warn(name, "\(path): the free space cannot be told: \(String(cString: strerror(errno)))", "Look at the disk.", of: pipeline)
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let found = "\(Self.size(free)) free at \(path)"
        if free < Self.tooLittle { return .fail(name, found, "Make room: runs cannot be kept.", .cannotWrite, of: pipeline) }
        return free < Self.little ? .warn(name, found, "Make room, or lower retention.", of: pipeline) : .ok(name, found, of: pipeline)
    }

    static func size(_ bytes: UInt64) -> String {
        bytes < 10_000_000_000 ? "\(bytes / 1_000_000) MB" : "\(bytes / 1_000_000_000) GB"
    }

    func ledger() async -> Check {
        do {
            guard let ledger = try await factory.ledgerIfAny() else { return .ok("ledger", "none yet: the first run makes it") }
            let last = try ledger.runs(pipeline: nil, limit: 1).first
            return .ok("ledger", "can be read" + (last.map { "; the last run is \($0.runID)" } ?? ""))
        } catch {
            return .fail("ledger", error)
        }
    }

    /// Who holds the pipeline, by the text of the lease: asking for it in earnest could turn away a run that begins at this moment.
    func lease(_ pipeline: PipelineSettings) async -> Check {
        do {
            let store = try factory.synced(pipeline)
            let key = RunFolder.lease(of: pipeline.name)
            guard let object = try await store.info(key) else { return .ok("lease", "free", of: pipeline.name) }
            let text = try await store.get(key, limit: 64 << 10)
            guard let holder = heldBy(text, writtenAt: object.modified) else {
                return .ok("lease", "free", of: pipeline.name)
            }
            return .warn("lease", "held by run \(holder.runID) in process \(holder.process)", "Nothing, if this run is at work; else end the process.", of: pipeline.name)
        } catch {
            return .fail("lease", error, of: pipeline.name)
        }
    }

    private func heldBy(_ text: [UInt8], writtenAt written: Timestamp) -> LeaseHolder? {
        if let lease = try? JSONDecoder().decode(TimedLease.self, from: Data(text)) {
            guard let holder = lease.holder else { return nil }
            return holder.until.map { $0 > now } ?? (written + .seconds(lease.seconds) > now) ? holder : nil
        }
        return (try? JSONDecoder().decode(LeaseHolder.self, from: Data(text))).flatMap { isHeld($0) ? $0 : nil }
    }

    /// A lease of a bucket, as `S3Store` writes it: it ends when its holder is silent.
    private struct TimedLease: Decodable {
        let seconds: Double
        let holder: LeaseHolder?
    }

    /// Who died leaves the text behind. Processes of other machines cannot be asked.
    private func isHeld(_ holder: LeaseHolder) -> Bool {
        if let until = holder.until { return until > now }
        let parts = holder.process.split(separator: ":")
        guard parts.count == 2, parts[0] == ProcessInfo.processInfo.hostName, let process = pid_t(parts[1]) else { return true }
        return kill(process, 0) == 0 || errno == EPERM
    }
}
