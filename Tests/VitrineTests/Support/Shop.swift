import Foundation
import Sandbox
import Testing

/// A shop in a temporary folder: settings, landing zone, token; and the real executable to work on it.
final class Shop: Sendable {
    static let pipeline = "shop"

    let folder: String
    private let environment: [String: String]

    /// - Parameters:
    ///   - settings: replaces the settings file that is made for the sandbox.
    ///   - inMemory: where the system has a folder for that: a flush of a real disk costs more than a whole run.
    ///   - delivery: keys of `delivery` beside those that make tests fast.
    init(graphURL: String, token: String = "sandbox-token", delivery: String = "", extra: String = "", settings: String? = nil, inMemory: Bool = false) throws {
        let memory = "/dev/shm"
        let base = inMemory && FileManager.default.isWritableFile(atPath: memory) ? URL(filePath: memory) : FileManager.default.temporaryDirectory
        folder = base.appending(path: "shop-\(UUID().uuidString)").path
        environment = ["PATH": "/usr/bin:/bin", "HOME": folder, "TMPDIR": folder, "SHOP_TOKEN": token]
        try FileManager.default.createDirectory(atPath: folder + "/landing/data", withIntermediateDirectories: true)
        try write("vitrine.yaml", settings ?? Self.settings(graphURL, delivery, extra))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func settings(_ graphURL: String, _ delivery: String = "", _ extra: String = "") -> String {
        """
        pipelines:
          \(pipeline):
            kind: catalog-sync
            landing: ./landing
            synced: ./synced
        \(extra.isEmpty ? "" : "    \(extra)\n")    catalog: {id: "1234567890", graph_url: "\(graphURL)", access_token: env:SHOP_TOKEN}
            delivery: {poll_interval: 20ms\(delivery.isEmpty ? "" : ", \(delivery)")}
        alerts: {shipped: off}
        telemetry: {logs: {file: ./logs/vitrine.ndjson}}
        state: ./state

        """
    }

    func write(_ name: String, _ text: String) throws {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    func start(_ arguments: [String], environment more: [String: String] = [:]) throws -> Running {
        try Running([Executable.path] + arguments, in: folder, environment: environment.merging(more) { $1 }, owner: self)
    }

    func vitrine(_ arguments: String..., environment more: [String: String] = [:]) async throws -> Finished {
        try await start(arguments, environment: more).end()
    }

    /// A command line of bash, in which `$V` is the executable.
    func bash(_ line: String) async throws -> Finished {
        try await Running(["/bin/bash", "-c", line], in: folder, environment: environment.merging(["V": Executable.path]) { $1 }, owner: self).end()
    }

    /// Every file below a folder: path to content.
    func files(below name: String = "") -> [String: Data] {
        let root = name.isEmpty ? folder : folder + "/" + name
        var found: [String: Data] = [:]
        for path in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] where !path.hasPrefix(".process-") {
            var isFolder = false
            if let type = try? FileManager.default.attributesOfItem(atPath: root + "/" + path)[.type] as? FileAttributeType {
                isFolder = type == .typeDirectory
            }
            found[path + (isFolder ? "/" : "")] = isFolder ? Data() : FileManager.default.contents(atPath: root + "/" + path) ?? Data()
        }
        return found
    }
}

/// Rows of a small shop.
enum Rows {
    static let header = "id,title,description,link,image_link,availability,price,brand,condition,product_type\n"

    static func row(_ id: String, title: String? = nil, price: String = "12.50 USD", brand: String = "Northlight", host: String = "shop.example") -> String {
        "\(id),\(title ?? "Lamp \(id)"),A lamp for the desk called \(id).,https://\(host)/p/\(id),https://cdn.shop.example/\(id).jpg,in stock,\(price),\(brand),new,Lamps\n"
    }

    static func file(_ ids: ClosedRange<Int>, prefix: String = "SKU-") -> String {
        header + ids.map { row("\(prefix)\($0)") }.joined()
    }
}

/// A sandbox for the length of a test.
func withSandbox<Result>(
    _ faults: FaultPlan = .none, handleDelay: Int = 1, _ body: (Sandbox) async throws -> Result
) async throws -> Result {
    var configuration = SandboxConfiguration()
    configuration.faults = faults
    configuration.handleDelay = handleDelay
    let sandbox = Sandbox(configuration: configuration)
    try await sandbox.start()
    do {
        let result = try await body(sandbox)
        await sandbox.stop()
        return result
    } catch {
        await sandbox.stop()
        throw error
    }
}
