import Testing

@testable import Feed

@Suite("A guess at a file that nobody has described")
struct GuessTests {
    private func guess(_ text: String) -> FeedGuess { guessFeed(Array(text.utf8)) }

    @Test("has nothing to say of a file as we write it") func ours() {
        let guess = guess(file([:]))
        #expect(guess == FeedGuess() && guess.yamlLines.isEmpty && guess.notes.isEmpty)
    }

    @Test("knows the usual English names") func english() {
        let guess = guess(
            """
            sku,name,description,url,image,stock,price_iqd,vendor,category,updated_at
            A1,Lamp,A lamp.,https://a.krd/1,https://a.krd/1.jpg,12,"25,000",N,Home,2026-01-31T08:00:00Z

            """)
        #expect(
            guess.yamlLines == [
                "columns:", #"  id: "sku""#, #"  title: "name""#, #"  availability: "stock""#, #"  price: "price_iqd""#, #"  link: "url""#,
                #"  image_link: "image""#, #"  brand: "vendor""#, #"  product_type: "category""#, "defaults: {currency: IQD, condition: new}",
                #"version_column: "updated_at""#, "number_format: comma_thousands",
            ])
        #expect(guess.missing.isEmpty && !guess.lacksBrand)
    }

    @Test("knows Arabic and Kurdish names, semicolons and quoted fields")
    func arabic() {
        let arabic = guess("المعرف;العنوان;الوصف;الرابط;الصورة;التوفر;السعر (د.ع);الحالة;الفئة;الكمية\n1;\"مصباح; كبير\";نص;https://a.krd/1;https://a.krd/1.jpg;متوفر;25.000;جديد;بيت;5\n")
        #expect(arabic.columns[.id] == "المعرف" && arabic.columns[.title] == "العنوان" && arabic.columns[.price] == "السعر (د.ع)")
        #expect(arabic.columns[.availability] == "التوفر" && arabic.columns[.quantity] == "الكمية" && arabic.columns[.condition] == "الحالة")
        #expect(arabic.delimiter == UInt8(ascii: ";") && arabic.defaults.currency == "IQD" && arabic.numberFormat == .comma)
        #expect(arabic.lacksBrand && arabic.missing.isEmpty)
        #expect(arabic.yamlLines.contains(#"delimiter: ";""#) && arabic.yamlLines.contains(#"defaults: {brand: "Your brand", currency: IQD}"#))
        let kurdish = guess("کۆد\tناو\tوەسف\tلینک\tوێنە\tبەردەستی\tنرخ\tمارکە\tپۆل\n")
        #expect(kurdish.delimiter == 0x09 && kurdish.columns.count == 9 && kurdish.missing.isEmpty && kurdish.yamlLines.contains("delimiter: tab"))
    }

    @Test("what it applies makes the file valid")
    func applied() async throws {
        let text = """
            sku;product_name;desc;product_url;image_url;qty;سعر;type
            1;Lamp;A lamp.;https://a.krd/1;https://a.krd/1.jpg;3;٢٥٬٠٠٠ د.ع;Home
            2;Desk;A desk.;https://a.krd/2;https://a.krd/2.jpg;0;7500 IQD;Home

            """
        let guess = guess(text)
        let options = guess.applied(to: FeedOptions())
        let found = try await scan(text, options: options)
        #expect(found.refusal == nil && found.rowCount == 2 && found.rejectedCount == 0, "\(found.tally.entries)")
        let (_, item) = try await firstRow(text, options: options)
        #expect(item.contains(#""availability":"in stock","condition":"new","price":"25000 IQD""#) && item.contains(#""brand":"Your brand""#))
    }

    @Test(
        "prices show how they are written",
        arguments: [
            (["1,299", "49.90"], "USD", NumberFormat.point), (["1.299", "49,90"], "EUR", .comma), (["25,000"], "IQD", .point), (["25.000"], "IQD", .comma),
            (["1,299"], "USD", .undecided), (["1,299", "1.299"], "USD", .undecided), (["49.90"], "USD", .undecided), (["1,299.00", "2,500"], "USD", .point),
        ])
    func numbers(_ prices: [String], _ currency: String, _ format: NumberFormat) {
        let text = requiredHeader + "\n" + prices.map { "1,a,b,c,d,e,\"\($0) \(currency)\",f,g,h\n" }.joined()
        #expect(guess(text).numberFormat == format)
    }

    @Test("says what a person has to decide") func notes() {
        let guess = guess("sku,name,price,availability\n1,Lamp,5,da\n2,Desk,6,nu\n")
        #expect(guess.missing == [.description, .link, .imageLink, .productType])
        #expect(
            guess.notes == [
                "\"sku\" is taken for id.", "\"name\" is taken for title.", "Prices name no currency: set defaults.currency, such as IQD.",
                "There is no brand: put your own into defaults.brand.", "There is no condition: all products are taken for new.",
                "Nothing looks like description: name the column under `columns`.",
                "Nothing looks like link: name the column under `columns`, or make it of others: {link: \"https://shop.example/p/{sku}\"}.",
                "Nothing looks like image_link: name the column under `columns`, or make it of others: {image_link: \"https://shop.example/p/{sku}\"}.",
                "Nothing looks like product_type: name the column under `columns`.",
                "availability has words that are not known (\"da\", \"nu\"): say what they mean under translate.availability.",
            ])
    }

    @Test("our own names are never taken away, and no name is used twice") func ownNames() {
        let guess = guess("id,sku,name,title,image,image_link,price\n1,a,b,c,d,e,5 USD\n")
        #expect(guess.columns.isEmpty)
    }

    @Test("a name that only looks like a moment is no version", arguments: [("2026-01-31", true), ("1700000000", true), ("yesterday", false), ("", false)])
    func version(_ value: String, _ isVersion: Bool) {
        #expect((guess("id,updated_at\n1,\(value)\n").versionColumn == "updated_at") == isVersion)
    }

    @Test("names are quoted so that YAML reads them back") func quoting() {
        var guess = FeedGuess()
        guess.columns = [.id: "a\"b\\c: d\u{7}"]
        #expect(guess.yamlLines == ["columns:", #"  id: "a\"b\\c: d\x07""#])
    }

    @Test("whatever the bytes are, it comes to an end", arguments: UInt64(0)..<50) func any(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["\"", ",", ";", "\n", "\r", "sku", "السعر", "\u{FEFF}", "\0", "1,299"].map { Array($0.utf8) } + [[0xFF, 0xFE], [0xD8]]
        let bytes = (0..<Int.random(in: 0...60, using: &random)).flatMap { _ in pieces.randomElement(using: &random)! }
        let guess = guessFeed(bytes)
        #expect(Set(guess.columns.values).count == guess.columns.count)
    }
}
