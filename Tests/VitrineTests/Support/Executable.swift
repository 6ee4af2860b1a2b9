import Foundation
import Glibc
import Testing

/// The real `vitrine`, found beside the test bundle in the build folder.
enum Executable {
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "vitrine").path
    }()
}

/// What a process left.
struct Finished {
    /// The exit code, or minus the signal that ended it.
    let code: Int32
    let stdout: String
    let stderr: String

    /// stdout as exactly one JSON document.
    func document(_ location: SourceLocation = #_sourceLocation) throws -> JSON {
        let value = try? JSONSerialization.jsonObject(with: Data(stdout.utf8))
        return JSON(value: try #require(value, "stdout is not exactly one JSON document: \(stdout.prefix(300)) (exit \(code), stderr: \(stderr.prefix(2000)))", sourceLocation: location))
    }

    var lastLine: Substring? { stdout.split(separator: "\n").last }
}

/// A started process. Its streams go to files, so that it never waits for a reader.
struct Running {
    let pid: pid_t
    /// Kept until the end of the process: with it goes the folder the process works in.
    private let owner: (any AnyObject & Sendable)?
    private let out: String
    private let err: String

    /// - Parameter environment: the whole environment of the process.
    init(_ command: [String], in folder: String, environment: [String: String], owner: (any AnyObject & Sendable)? = nil) throws {
        self.owner = owner
        let stem = "\(folder)/.process-\(UUID().uuidString)"
        (out, err) = (stem + ".out", stem + ".err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT, 0o600)
        // A shell that becomes the process goes to its folder: the portable way to start one there.
        let argv = (["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder] + command).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid = pid_t()
        let status = posix_spawn(&pid, "/bin/sh", &actions, nil, argv, envp)
        try #require(status == 0, "\(command[0]) cannot be started: \(String(cString: strerror(status)))")
        self.pid = pid
    }

    /// A process that takes longer is one that never ends; it is killed, and its test fails on the exit code.
    private static let longest = Duration.seconds(120)

    func signal(_ number: Int32) { kill(pid, number) }

    /// What it has written to stderr so far.
    var errors: String { String(decoding: FileManager.default.contents(atPath: err) ?? Data(), as: UTF8.self) }

    /// Waits on a thread of its own, so that the tests' pool stays free.
    func end() async -> Finished {
        let code: Int32 = await onThread {
            var status: Int32 = 0
            let deadline = ContinuousClock.now + Self.longest
            while waitpid(pid, &status, WNOHANG) == 0 {
                if ContinuousClock.now > deadline { kill(pid, SIGKILL) }
                poll(nil, 0, 1)
            }
            let signal = status & 0x7F
            return signal == 0 ? (status >> 8) & 0xFF : -signal
        }
        return withExtendedLifetime(owner) { Finished(code: code, stdout: text(out), stderr: text(err)) }
    }

    private func text(_ path: String) -> String {
        defer { unlink(path) }
        return String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    /// Whether it has come to its end; it stays to be waited for.
    var hasEnded: Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo != 0
    }
}

func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}

/// Watches closely until something is so. False where it was not within a minute, which is a hang and no slowness.
func becomes(_ condition: @escaping @Sendable () -> Bool) async -> Bool {
    await onThread {
        let deadline = ContinuousClock.now + .seconds(60)
        while !condition() {
            if ContinuousClock.now > deadline { return false }
            sched_yield()
        }
        return true
    }
}
