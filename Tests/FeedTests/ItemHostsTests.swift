import Testing

@testable import Feed

@Suite("The hosts that an item leads to")
struct ItemHostsTests {
    @Test(
        "are those of every address in it, as they are called, and of no text that only speaks of one",
        arguments: [
            (#"{"id":"1","title":"a","link":"https://shop.krd/p/1","image_link":"http://cdn.shop.krd/1.jpg"}"#, ["shop.krd", "cdn.shop.krd"]),
            (#"{"id":"1","link":"HTTPS://Shop.KRD:8443/p","image":[{"url":"https://a.krd/1.jpg"},{"url":"https://b.krd/2.jpg","tag":["x"]}]}"#, ["shop.krd", "a.krd", "b.krd"]),
            (#"{"id":"1","link":"https://shop.krd:x@evil.krd/p"}"#, ["evil.krd"]),
            (#"{"id":"1","link":"https://shop.krd@evil.krd?x=https://third.krd/"}"#, ["evil.krd"]),
            (#"{"id":"1","description":"see https://other.krd/ or \"https://quoted.krd\"","link":"https://shop.krd"}"#, ["shop.krd"]),
            (#"{"id":"1","link":"https://متجر.krd/p","additional_image_link":["https://c.krd/1","https://c.krd/2"]}"#, ["xn--pgbep1f.krd", "c.krd"]),
            (#"{"id":"1","link":"ftp://shop.krd/p","image_link":"https:///x"}"#, []), (#"{}"#, []), ("\"https://", []),
        ])
    func found(item: String, hosts: [String]) {
        var reader = ItemHosts()
        for _ in 1...2 {
            reader.read(Array(item.utf8))
            #expect(reader.hosts == hosts)
        }
    }

    @Test("are written in settings as names alone", arguments: [
        ("shop.krd", "shop.krd"), ("Shop.KRD", "shop.krd"), ("https://shop.krd", nil), ("shop.krd:80", nil), ("*.shop.krd", nil), ("shop.krd/p", nil), ("", nil),
    ])
    func normal(name: String, host: String?) { #expect(ItemHosts.normal(name) == host) }
}
