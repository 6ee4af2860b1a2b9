import MetaCatalog
import Testing

@Suite("Families of messages")
struct FailureFamilyTests {
    @Test("the words that differ from item to item are gone", arguments: [
        (#"Invalid value: Value passed at position 0 (id=SKU-1001) is invalid: "x: y""#, "Invalid value"),
        ("A required field is missing: price", "A required field is missing"), ("Descriptions are missing: ...", "Descriptions are missing"),
        ("Duplicate retailer_id in batch api call - SKU-1002.", "Duplicate retailer_id in batch api call"),
        ("Duplicate retailer_id in batch api call - Tisch.", "Duplicate retailer_id in batch api call"),
        ("Can not find required field id", "Can not find required field id"),
        ("Unrecognised field: ... contains unrecognised field: 'colour'", "Unrecognised field"),
        ("(#100) Invalid parameter: price of 'Lamp 3' is wrong", "Invalid parameter"),
        ("Error: the price 12.50 EUR of SKU-7 is too low", "Error: the price … EUR of … is too low"),
        ("The image at https://cdn.example/a.jpg was not found", "The image at … was not found"),
        ("Title \"It's: a lamp\" isn't allowed", "Title … isn't allowed"), ("Value “مصباح” is not allowed", "Value … is not allowed"),
        ("An unclosed \"quote stays", "An unclosed \"quote stays"), ("قيمة غير صالحة: 7", "قيمة غير صالحة"), ("12 34 56", "unspecified"),
        ("", "unspecified"), (" \n\t ", "unspecified"), (":", "unspecified"), ("17 items were refused", "items were refused"),
        ("too\nmany   spaces", "too many spaces"),
    ])
    func family(message: String, family: String) {
        #expect(failureFamily(of: message) == family)
    }

    @Test("messages that differ only in the item are one family")
    func grouping() {
        let messages = (1...50).map { "Item \($0): the image https://x.example/\($0).jpg of 'Lamp \($0)' has \($0 * 7) pixels" }
        #expect(Set(messages.map(failureFamily)).count == 1)
    }

    @Test("a family is at most 80 characters long, however long the message")
    func bound() {
        #expect(failureFamily(of: String(repeating: "word ", count: 100_000)).count <= 80)
    }
}
