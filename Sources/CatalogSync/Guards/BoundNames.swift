/// Says of hosts and file names whether they belong into a catalogue (rule X10). A feed has a few of them, so each is judged once.
struct BoundNames {
    private let bound: CatalogSyncConfiguration.Guards.Bound
    private var hosts: [String: String?] = [:]
    private var files: [String: String?] = [:]

    /// Names remembered.
    private static let most = 1_000

    init(_ bound: CatalogSyncConfiguration.Guards.Bound) { self.bound = bound }

    /// The host itself where it is none of the shop's, the forbidden word that it holds, or nil.
    mutating func stranger(host: String) -> String? {
        guard !bound.hosts.isEmpty || !bound.without.isEmpty else { return nil }
        if let known = hosts[host] { return known }
        let isOurs = bound.hosts.isEmpty || bound.hosts.contains { host == $0 || host.hasSuffix("." + $0) }
        return remember(isOurs ? Self.forbiddenWord(in: host, bound.without) : host, of: host, in: &hosts)
    }

    mutating func forbiddenWord(file: String) -> String? {
        guard !bound.without.isEmpty else { return nil }
        if let known = files[file] { return known }
        return remember(Self.forbiddenWord(in: file, bound.without), of: file, in: &files)
    }

    private func remember(_ verdict: String?, of name: String, in names: inout [String: String?]) -> String? {
        if names.count < Self.most { names[name] = .some(verdict) }
        return verdict
    }

    /// Whole words between dots, hyphens, slashes and the like, in any case: `test` is in `test.shop.example` and not in `contest.example`,
    /// `pre-prod` in `pre-prod.shop.example` and in `pre_prod/today.csv`.
    static func forbiddenWord(in name: String, _ words: [String]) -> String? {
        let parts = parts(of: name)
        return words.first { word in
            let wanted = Self.parts(of: word)
            guard !wanted.isEmpty, wanted.count <= parts.count else { return false }
            return (0...(parts.count - wanted.count)).contains { parts[$0..<$0 + wanted.count].elementsEqual(wanted) }
        }
    }

    private static func parts(of name: String) -> [String] { name.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init) }
}
