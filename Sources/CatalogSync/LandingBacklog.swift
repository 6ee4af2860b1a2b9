public import Events
public import ObjectStore

/// What waits in a landing zone.
public struct LandingBacklog: Sendable, Equatable, Codable {
    /// Complete files, which the next run takes.
    public var files = 0
    /// Bytes of them.
    public var bytes = 0
    /// When the oldest of them was written.
    @Present public var oldest: Timestamp?
    /// Files that are still being written, or are no feed.
    public var others = 0

    init(files: Int = 0, bytes: Int = 0, oldest: Timestamp? = nil, others: Int = 0) {
        self.files = files
        self.bytes = bytes
        self.oldest = oldest
        self.others = others
    }

    public static func read(_ landing: any ObjectStore) async throws -> LandingBacklog {
        var backlog = LandingBacklog()
        for object in try await landing.list(prefix: LandingLayout.data) {
            guard LandingLayout.reasonToWait(LandingLayout.name(of: object)) == nil else {
                backlog.others += 1
                continue
            }
            backlog.files += 1
            backlog.bytes += object.size
            backlog.oldest = min(backlog.oldest ?? object.modified, object.modified)
        }
        return backlog
    }
}
