import Testing

@testable import Investigation

@Suite("What changed between two versions of an item")
struct ChangesTests {
    private static func fields(_ json: String) throws -> ItemFields { try #require(ItemFields(Array(json.utf8))) }

    @Test("is told by field: a field that is missing changes nothing, an empty one clears", arguments: [
        (#"{"id":"a","price":"1 USD"}"#, #"{"id":"a","price":"1 USD"}"#, []),
        (#"{"id":"a","price":"1 USD","title":"T"}"#, #"{"id":"a","price":"2 USD"}"#, ["price: 1 USD -> 2 USD"]),
        (#"{"price":"1 USD","sale_price":"0.5 USD"}"#, #"{"price":"1 USD","sale_price":""}"#, ["sale_price: 0.5 USD -> nil"]),
        (#"{"title":"قميص"}"#, #"{"title":"قميص جديد"}"#, ["title: قميص -> قميص جديد"]),
        (#"{"image":[{"url":"u","tag":["a"]}]}"#, #"{"image":[{"url":"v","tag":["a"]}]}"#, [#"image: [{tag: ["a"], url: "u"}] -> [{tag: ["a"], url: "v"}]"#]),
        (#"{"quantity":1,"flag":true,"x":null,"w":1.5}"#, #"{"quantity":2,"flag":false,"x":"y","w":1.5}"#, ["flag: true -> false", "quantity: 1 -> 2", "x: nil -> y"]),
    ])
    func changes(old: String, new: String, expected: [String]) throws {
        let found = try Self.fields(new).changes(from: try Self.fields(old))
        #expect(found.map { "\($0.field): \($0.old ?? "nil") -> \($0.new ?? "nil")" } == expected)
    }

    @Test("against nothing is every field that has a value")
    func new() throws {
        #expect(try Self.fields(#"{"id":"a","title":"T","sale_price":""}"#).changes(from: nil).map(\.field) == ["title"])
    }

    @Test("bytes that are no item are no fields", arguments: ["", "[]", "{", "3"])
    func broken(text: String) { #expect(ItemFields(Array(text.utf8)) == nil) }
}
