/// Who a mail is from or for: `ops@shop.example` or `Shop alerts <ops@shop.example>`.
struct MailAddress: Equatable {
    var name: String?
    /// Bare, ASCII.
    var address: String

    /// Nil for what is no address, above all for anything with a line break.
    init?(_ text: String) {
        guard !text.unicodeScalars.contains(where: PlainText.isControl), text.utf8.count <= 500 else { return nil }
        var address = Substring(text)
        if let open = text.firstIndex(of: "<") {
            guard text.last == ">" else { return nil }
            let name = text[..<open].split(separator: " ").joined(separator: " ")
            self.name = name.isEmpty ? nil : name
            address = text[text.index(after: open)...].dropLast()
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), address.utf8.count <= 254,
            address.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"<>()[],;:\\\"".utf8.contains($0) })
        else { return nil }
        self.address = String(address)
    }

    var domain: String { String(address[address.index(after: address.firstIndex(of: "@") ?? address.startIndex)...]) }

    /// As a header says it.
    var header: String { name.map { "\(MailHeader.encode($0, isPhrase: true)) <\(address)>" } ?? address }
}
