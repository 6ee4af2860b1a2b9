/// `/v26.0/{catalog}/{edge}`: the version must be one that lives, the edge must take the method.
struct GraphAddress {
    /// Graph versions with Marketing API answers in late 2026. Older ones are gone; without a version Meta picks an old one, so that is refused too.
    static let versions: Set<String> = ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"]

    let catalogID: String
    let edge: SandboxEdge

    init(_ request: SandboxRequest) throws(MetaError) {
        let segments = request.path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard let version = segments.first, Self.looksLikeVersion(version) else { throw .deprecatedVersion }
        guard Self.versions.contains(version) else {
            throw version.isOlder(than: "v21.0") ? .deprecatedVersion : .unknownPath(request.path)
        }
        guard segments.count == 2 || segments.count == 3 else { throw .unknownPath(request.path) }
        catalogID = segments[1]
        switch (request.method, segments.count > 2 ? segments[2] : "") {
        case ("POST", "items_batch"): edge = .itemsBatch
        case ("GET", "check_batch_request_status"): edge = .status
        case ("GET", ""): edge = .catalog
        case (_, "items_batch"), (_, "check_batch_request_status"), (_, ""): throw .unsupported(method: request.method, object: catalogID)
        case (_, let other): throw .unknownPath("/\(other)")
        }
    }

    private static func looksLikeVersion(_ segment: String) -> Bool {
        let parts = segment.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return segment.hasPrefix("v") && parts.count == 2 && parts.allSatisfy { Int($0) != nil }
    }
}

extension String {
    /// Whether a version like `v9.0` is older than another.
    fileprivate func isOlder(than other: String) -> Bool {
        func major(_ version: String) -> Int { Int(version.dropFirst().prefix { $0 != "." }) ?? 0 }
        return major(self) < major(other)
    }
}
