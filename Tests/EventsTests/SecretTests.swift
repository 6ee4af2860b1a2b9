import Events
import Testing

@Suite struct SecretTests {
    private struct Holder { let token: Secret }

    @Test("a secret prints nowhere, only reveal() gives it away")
    func printsNowhere() {
        let secret = Secret("hunter2hunter2")
        var dumped = ""
        dump(Holder(token: secret), to: &dumped)
        let printed = ["\(secret)", String(describing: secret), String(reflecting: secret), "\(Holder(token: secret))", "\([secret])", dumped]
        for text in printed { #expect(!text.contains("hunter2"), "\(text)") }
        #expect(secret.reveal() == "hunter2hunter2")
    }
}
