import Foundation

/// util-linux's `flock` as a process of its own: what it says of a lease file is not our opinion.
struct OutsideJudge {
    private static let program = ["/usr/bin/flock", "/bin/flock"].first { FileManager.default.isExecutableFile(atPath: $0) }
    static var isThere: Bool { program != nil }

    /// True where another process could take the lock now.
    static func findsFree(_ path: String) throws -> Bool {
        let judge = try start(["--nonblock", path, "true"], output: nil)
        judge.waitUntilExit()
        return judge.terminationStatus == 0
    }

    /// Takes the lock and keeps it until it is killed. Returns when it has it.
    static func hold(_ path: String) throws -> Process {
        let pipe = Pipe()
        let judge = try start(["--no-fork", path, "sh", "-c", "echo held; exec sleep 600"], output: pipe)
        let word = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        guard word == "held\n" else { throw CocoaError(.fileLocking) }
        return judge
    }

    /// As a crash: no handler runs, nothing is given back in good order.
    static func kill(_ judge: Process) {
        _ = Glibc.kill(judge.processIdentifier, SIGKILL)
        judge.waitUntilExit()
    }

    private static func start(_ arguments: [String], output: Pipe?) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program ?? "/usr/bin/flock")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        if let output { process.standardOutput = output }
        try process.run()
        return process
    }
}
