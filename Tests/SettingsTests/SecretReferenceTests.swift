import Events
import Settings
import Testing

@Suite struct SecretReferenceTests {
    private func reference(_ text: String) throws -> SecretReference {
        let yaml = least.replacing("env:TOKEN", with: text)
        return try #require(try VitrineSettings(yaml: yaml, file: "vitrine.yaml").pipelines.first).catalog.accessToken
    }

    private let sources = SecretSources(environment: ["TOKEN": "hunter2", "EMPTY": ""]) { path in
        ["/run/token": "hunter3\r\n", "/run/empty": "\n"][path]
    }

    @Test("a secret comes from the environment or from a file, without the file's last line end")
    func resolves() throws {
        #expect(try reference("env:TOKEN").resolve(in: sources).reveal() == "hunter2")
        #expect(try reference("file:/run/token").resolve(in: sources).reveal() == "hunter3")
        #expect(try reference("file:/run/token").text == "file:/run/token")
    }

    @Test(
        "a secret that is not there is told with the line of its reference",
        arguments: [("env:NONE", "NONE is not set"), ("env:EMPTY", "EMPTY is not set"), ("file:/none", "/none cannot be read"), ("file:/run/empty", "is empty")])
    func missing(text: String, says: String) throws {
        let reference = try reference(text)
        do throws(SettingsError) {
            _ = try reference.resolve(in: sources)
            Issue.record("resolved")
        } catch {
            #expect(error.line == 7 && error.key == "pipelines.shop.catalog.access_token" && error.description.contains(says))
        }
    }
}
