import Settings
import Testing

@Suite("Where serve listens")
struct ListeningTests {
    @Test(
        "on this machine without a word, elsewhere with a token, a password, or the word that everybody may look",
        arguments: [
            "listen: \"127.0.0.1:9464\"", "listen: \"127.8.8.8:1\"", "listen: \"localhost:9464\"", "listen: \"[::1]:9464\"", "listen: null",
            "listen: \"0.0.0.0:9464\", bearer_token: env:T", "listen: \"0.0.0.0:9464\", user: ana, password: env:P",
            "listen: \"[::]:9464\", unprotected: true",
        ])
    func allowed(keys: String) { #expect(problems(adding: "telemetry: {prometheus: {\(keys)}}") == []) }

    @Test("who may look is read as it is written")
    func reads() throws {
        let prometheus = try settings("telemetry: {prometheus: {bearer_token: env:T, user: ana, password: file:/run/p}}").telemetry.prometheus
        #expect(prometheus.bearerToken?.text == "env:T")
        #expect(prometheus.login?.user == "ana")
        #expect(prometheus.login?.password.text == "file:/run/p")
        #expect(!prometheus.isUnprotected)
        #expect(try settings().telemetry.prometheus.listen == "127.0.0.1:9464")
    }
}
