import TestKit
import Testing

/// Asks for the text of `/metrics` until it is as wished: an answer is counted when it is with its client, so that may be one question later.
func page(_ client: PlainClient, headers: [String] = [], where isWished: ([String: Double]) -> Bool) async throws -> ExpositionText {
    var text = ExpositionText("")
    for _ in 0..<500 {
        text = ExpositionText(try #require(await client.get("/metrics", headers: headers)).text)
        if isWished(text.samples) { return text }
    }
    Issue.record("never as wished: \(text.samples.filter { !$0.key.hasPrefix("vitrine_") })")
    return text
}
