import Yams

/// A settings file as it may leave the machine: comments gone, secrets and what may hold one taken out.
public struct RedactedSettings: Sendable, Equatable {
    /// YAML; of a file that is none, nothing.
    public let text: String
    /// References to secrets (`env:NAME`, …) that stand in it, as they are written.
    public let references: [String]
    /// Texts that were taken out: they are secrets, wherever else they stand.
    public let removed: [String]

    static let mark = "<secret>"
    /// Values under these keys are shown only where they say where a secret is.
    private static let secretKeys: Set = ["access_token", "app_secret", "password", "token", "secret", "bearer_token", "key", "user"]
    private static let sources = ["env:", "file:", "secretsmanager:", "ssm:"]

    public init(yaml: String) {
        var walk = Walk()
        let node = (try? Yams.compose(yaml: yaml)).flatMap { $0 }.map { walk.clean($0, under: "") }
        text = node.flatMap { try? Yams.serialize(node: $0, allowUnicode: true) } ?? ""
        references = walk.references
        removed = walk.removed
    }

    private struct Walk {
        var references: [String] = []
        var removed: [String] = []

        mutating func clean(_ node: Node, under key: String) -> Node {
            switch node {
            case .scalar(let scalar): return Node(clean(scalar.string, under: key), scalar.tag, scalar.style)
            case .sequence(let sequence): return Node(sequence.map { clean($0, under: key) })
            case .mapping(let mapping):
                return Node(mapping.map { pair in (pair.key, clean(pair.value, under: pair.key.string ?? "")) })
            case .alias: return node
            }
        }

        private mutating func clean(_ text: String, under key: String) -> String {
            if RedactedSettings.sources.contains(where: text.hasPrefix) {
                references.append(text)
                return text
            }
            if RedactedSettings.secretKeys.contains(key), !text.isEmpty, text != "null", text != "~" { return remove(text, leaving: "") }
            return cleanAddress(text)
        }

        /// Of an address only scheme, host and port, unless it is a bucket: names, passwords, paths and queries of hooks are as good as keys.
        private mutating func cleanAddress(_ text: String) -> String {
            guard let start = text.range(of: "://"), !text.hasPrefix("s3://") else { return text }
            let rest = text[start.upperBound...]
            let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            let behind = rest.dropFirst(authority.count)
            let path = behind.prefix { $0 != "?" && $0 != "#" }
            // The version of an API is no secret: /v26.0
            let isHarmless = path.count <= 7 && behind.count == path.count
            guard authority.count != host.count || !isHarmless else { return text }
            if authority.count != host.count {
                let login = authority.dropLast(host.count + 1)
                removed += login.split(separator: ":", maxSplits: 1).dropFirst().map(String.init)
            }
            if !isHarmless { removed.append(String(behind.drop { $0 == "/" })) }
            return text[..<start.upperBound] + host + (isHarmless ? String(path) : "/" + RedactedSettings.mark)
        }

        private mutating func remove(_ text: String, leaving rest: String) -> String {
            removed.append(text)
            return rest + RedactedSettings.mark
        }
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<Index>? { firstRange(of: part) }
}
