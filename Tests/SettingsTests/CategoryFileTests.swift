import Settings
import Testing

@Suite struct CategoryFileTests {
    private func table(_ text: String) throws(SettingsError) -> [String: String] {
        try CategoryFile(Array(text.utf8), file: "categories.csv", key: "pipelines.shop.category_file").table
    }

    @Test(
        "a table of two columns is read as people write it",
        arguments: [
            "Lamps,Home & Garden > Lighting\nمصابيح,594\n",
            "product_type,google_product_category\nLamps,Home & Garden > Lighting\nمصابيح,594",
            "Product type;Google product category\r\n Lamps ; Home & Garden > Lighting \r\n\r\n;\r\nمصابيح;594\r\n",
            "\u{FEFF}Lamps\tHome & Garden > Lighting\nمصابيح\t594\n",
            "\"Lamps\",\"Home & Garden > Lighting\"\n\"مصابيح\",594\nLamps,Home & Garden > Lighting\n",
        ])
    func read(_ text: String) throws {
        #expect(try table(text) == ["Lamps": "Home & Garden > Lighting", "مصابيح": "594"])
    }

    @Test("quotes keep what is inside them") func quoted() throws {
        #expect(try table("\"Lamps, \"\"tall\"\"\nand wide\",594\nDesks,4191\n") == ["Lamps, \"tall\"\nand wide": "594", "Desks": "4191"])
    }

    static let faults: [(text: String, line: Int, says: String)] = [
        ("", 1, "no line"), ("\n\n", 1, "no line"), ("product_type,google_product_category\n", 1, "no line"),
        ("Lamps,594\nDesks\n", 2, "no two fields"), ("Lamps,594\n,4191\n", 2, "no two fields"), ("a,b\nLamps,594,x\n", 2, "no two fields"),
        ("Lamps,594\nDesks,1\nLamps,595\n", 3, "something else on line 1"), ("\"two\nlines\",1\nLamps,594\nDesks,\"41", 4, "never closed"),
    ]

    @Test("what is wrong is named with file, line and key", arguments: faults)
    func fault(_ row: (text: String, line: Int, says: String)) {
        let error = #expect(throws: SettingsError.self) { try table(row.text) }
        #expect(error?.file == "categories.csv" && error?.line == row.line && error?.key == "pipelines.shop.category_file", "\(String(describing: error))")
        #expect(error?.message.contains(row.says) == true && error?.remedy.isEmpty == false)
    }

    @Test("other encodings and huge files are refused") func bytes() {
        let latin = #expect(throws: SettingsError.self) { try CategoryFile([0x4C, 0xE4, 0x2C, 0x31], file: "f", key: "k") }
        #expect(latin?.remedy.contains("UTF-8") == true)
        #expect(throws: SettingsError.self) { try CategoryFile(Array(repeating: 0x61, count: CategoryFile.mostBytes + 1), file: "f", key: "k") }
    }
}
