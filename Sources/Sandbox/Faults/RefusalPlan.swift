/// Items that Meta refuses for reasons no client can check: policy review and ownership of a domain. They surface when their handle finishes.
public struct RefusalPlan: Sendable, Equatable {
    /// Share of ids refused, 0...1. Drawn from the seed and the id, so an id has the same fate in every call.
    public var share: Double = 0
    /// Hosts of `link` that do not belong to the business: "the landing host is not the shop's".
    public var linkHosts: Set<String> = []
    /// Words in a title, compared without case, that fail the commerce policy.
    public var titleWords: [String] = []

    public init() {}

    /// What the demo's landing zone contains a few of.
    public static var demo: RefusalPlan {
        var plan = RefusalPlan()
        plan.linkHosts = ["outlet.example"]
        plan.titleWords = ["replica"]
        return plan
    }

    /// Meta's message for an item it will not have, or nil.
    func message(id: String, fields: [String: SandboxValue], seed: UInt64) -> String? {
        if let host = fields["link"]?.text.flatMap(LinkText.host(of:)), linkHosts.contains(host) {
            return "Invalid link: The link of this item (id=\(id)) does not belong to a domain that is verified by your business: \"\(host)\""
        }
        if let title = fields["title"]?.text?.lowercased(), let word = titleWords.first(where: { title.contains($0) }) {
            return "Policy violation: This item (id=\(id)) goes against our Commerce Policies: \"\(word)\""
        }
        var dice = SplitMix64(seed: seed, "refusal", id)
        guard share > 0, Double.random(in: 0..<1, using: &dice) < share else { return nil }
        return Self.drawn[Int.random(in: 0..<Self.drawn.count, using: &dice)] + " (id=\(id))"
    }

    private static let drawn = [
        "Image could not be downloaded: The image_link of this item answers with an error",
        "Policy violation: This item goes against our Commerce Policies",
        "Invalid google product category: The value is not part of the taxonomy",
    ]
}
