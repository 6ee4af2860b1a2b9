import Transport

/// What a test does to calls on their way in.
extension MotoServer {
    /// Calls whose `METHOD /path` and target hold this text, or all its parts between `*`, wait from here on, unanswered and undone. All tests share the
    /// server: name a bucket of your own.
    public func hold(_ text: String) async throws { _ = try await ask(.post, "/-trouble/hold", service: "s3", body: text) }

    /// How many calls wait.
    public func held(_ text: String) async throws -> Int {
        Int(String(decoding: try await ask(.post, "/-trouble/met", service: "s3", body: text), as: UTF8.self)) ?? 0
    }

    /// They go on, and those that come later too.
    public func letGo(_ text: String) async throws { _ = try await ask(.post, "/-trouble/pass", service: "s3", body: text) }

    /// They are not done at all; those that come later are.
    public func drop(_ text: String) async throws { _ = try await ask(.post, "/-trouble/drop", service: "s3", body: text) }

    /// From here on calls whose `METHOD /path` holds this text are done, and answered with 503.
    public func mute(_ text: String) async throws { _ = try await ask(.post, "/-trouble/mute", service: "s3", body: text) }

    public func unmute(_ text: String) async throws { _ = try await ask(.post, "/-trouble/unmute", service: "s3", body: text) }

    /// What time does by itself: the hidden messages of a queue can be received again.
    public func showMessages(ofQueue name: String) async throws { _ = try await ask(.post, "/-trouble/show", service: "s3", body: name) }

    /// From here on who shows this session token may do nothing.
    public func forbid(token: String) async throws { _ = try await ask(.post, "/-trouble/forbid", service: "s3", body: token) }

    /// From here on a session token is one that has ended.
    public func expire(token: String) async throws { _ = try await ask(.post, "/-trouble/expire", service: "s3", body: token) }
}
