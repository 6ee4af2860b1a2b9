@testable import Feed

extension Torture {
    static let fileCases: [TortureCase] = [
        .init(.file, "No byte at all", shown: "(nothing)", "", .refused(.f01, line: 0, saying: "empty")),
        .init(.file, "Only a byte order mark", shown: "U+FEFF", "\u{FEFF}", .refused(.f01, line: 0, saying: "empty")),
        .init(.file, "Only blank lines", shown: "\\n\\n\\n", "\n\r\n\n", .refused(.f01, line: 0, saying: "empty")),
        .init(.file, "A header and no rows", shown: requiredHeader, head, .warned([.f01])),
        .init(.file, "Larger than the limit", shown: "(a file over the limit)", good, .refused(.f10, line: 0, saying: "larger than the limit"), options: { $0.maxFileBytes = 64 }),
        .init(.file, "A page of HTML instead of a file", shown: "<!DOCTYPE html>", "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n", .refused(.f03, line: 1, saying: "HTML")),
        .init(.file, "JSON instead of CSV", shown: "[{\"id\":\"1\"}]", "[{\"id\":\"1\",\"title\":\"Lamp\"}]\n", .refused(.f03, line: 1, saying: "JSON")),
        .init(.file, "A gzip file that is called .csv", shown: "1F 8B 08 …", [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4B, 0x04], .refused(.f02, line: 1, saying: "gzip")),
        .init(.file, "A spreadsheet that is called .csv", shown: "PK…", Array("PK".utf8) + [3, 4, 20, 0, 6, 0, 8, 0, 0, 0, 33, 0], .refused(.f02, line: 1, saying: "spreadsheet")),
        .init(.encoding, "UTF-16 with its mark", shown: "FF FE 69 00 …", [0xFF, 0xFE] + good.utf8.flatMap { [$0, 0] }, .refused(.f02, line: 1, saying: "UTF-16")),
        .init(.encoding, "UTF-16, big end first, with its mark", shown: "FE FF 00 69 …", [0xFE, 0xFF] + good.utf8.flatMap { [0, $0] }, .refused(.f02, line: 1, saying: "UTF-16")),
        .init(.encoding, "UTF-16 without a mark", shown: "69 00 64 00 …", good.utf8.flatMap { [$0, 0] }, .refused(.f02, line: 1, saying: "UTF-16")),
        .init(.encoding, "UTF-32", shown: "69 00 00 00 …", good.utf8.flatMap { [$0, 0, 0, 0] }, .refused(.f02, line: 1, saying: "UTF-32")),
        .init(.encoding, "Windows-1256 (Arabic)", shown: "E3 D5 C8 C7 CD", Array(head.utf8) + Array("a-1,".utf8) + [0xE3, 0xD5, 0xC8, 0xC7, 0xCD] + Array(row.dropFirst(22).utf8) + [10], .refused(.f02, line: 2, saying: "E3 D5 C8 C7")),
        .init(.encoding, "Windows-1252 (Western) in a later row", shown: "Caf E9", Array((good + "a-2,Caf").utf8) + [0xE9] + Array(row.dropFirst(22).utf8) + [10], .refused(.f02, line: 3, saying: "Windows-1252")),
        .init(.encoding, "A character cut in two at the end of the file", shown: "D9", Array(good.utf8) + [0xD9], .refused(.f02, line: 3, saying: "cut off")),
        .init(.encoding, "Half a surrogate pair, as some databases write it", shown: "ED A0 BD", Array(head.utf8) + [0xED, 0xA0, 0xBD] + Array(row.utf8) + [10], .refused(.f02, line: 2, saying: "ED A0 BD")),
        .init(.encoding, "Overlong UTF-8", shown: "C0 AF", Array(head.utf8) + [0xC0, 0xAF] + Array(row.utf8) + [10], .refused(.f02, line: 2, saying: "C0 AF")),
        .init(.encoding, "A header that is not UTF-8", shown: "FC", Array(requiredHeader.utf8) + [0x2C, 0xFC, 10] + Array(row.utf8) + Array(",x\n".utf8), .refused(.f02, line: 1, saying: "not UTF-8")),
        .init(.encoding, "A NUL byte in a row", shown: "00", good + "a\u{0}b" + row.dropFirst(5) + "\n", .refused(.f02, line: 3, saying: "NUL")),
        .init(.encoding, "A NUL byte in the header", shown: "00", requiredHeader + ",x\u{0}y\n" + row + ",1\n", .refused(.f02, line: 1, saying: "NUL")),
        .init(.encoding, "NUL bytes at the end, as a lost disk block leaves them", shown: "00 00 00", good + "\u{0}\u{0}\u{0}\u{0}", .refused(.f02, line: 3, saying: "NUL")),
        .odd(.encoding, "Text encoded twice", ["description": "CafÃ© lamp, walnut"], .d08),
        .bad(.encoding, "A replacement character: the damage was done before", ["title": "Caf\u{FFFD} lamp"], .t07),
    ]

    static let headerCases: [TortureCase] = [
        .init(.header, "A required column is missing", shown: "id,title", "id,title\n1,Lamp\n", .refused(.f03, line: 1, saying: "description")),
        .init(.header, "No header: the first line is a product", shown: String(row.prefix(40)), row + "\n" + row + "\n", .refused(.f03, line: 1, saying: "id, title")),
        .init(.header, "Airbyte's raw output", shown: "_airbyte_ab_id,_airbyte_data", "_airbyte_ab_id,_airbyte_data\n1,\"{\"\"id\"\": 1}\"\n", .refused(.f03, line: 1, saying: "Airbyte")),
        .init(.header, "The same name twice", shown: "…,title,…,Title ", requiredHeader + ",Title \n" + row + ",x\n", .refused(.f04, line: 1, saying: "Title")),
        .init(.header, "A column without a name", shown: "id,title,,…", requiredHeader + ",\n" + row + ",\n", .refused(.f04, line: 1, saying: "no name")),
        .init(.header, "Tabs between the fields", shown: "id⇥title", good.replacing(",", with: "\t"), .refused(.f09, line: 1, saying: "tab")),
        .init(.header, "Tabs between fields in quotes", shown: "\"id\"⇥\"title\"", requiredHeader.split(separator: ",").map { "\"\($0)\"" }.joined(separator: "\t") + "\n", .refused(.f09, line: 1, saying: "tab")),
        .init(.header, "Bars between the fields", shown: "id|title", good.replacing(",", with: "|"), .refused(.f09, line: 1, saying: "|")),
        .init(.header, "A quote in the header that is never closed", shown: "id,\"title,…", "id,\"title,description\n" + row + "\n", .refused(.f08, line: 1, saying: "quote")),
        .init(.header, "A header without end", shown: "id,xxxx…", "id," + String(repeating: "x", count: 300_000) + "\n" + row + "\n", .refused(.f10, line: 1, saying: "header")),
        .init(.header, "More columns than any export has", shown: "id,c1,c2,… c5000", requiredHeader + (0..<5000).map { ",c\($0)" }.joined() + "\n", .refused(.f10, line: 1, saying: "columns")),
        .init(.header, "A line of a report above the header", shown: "Products 2026-01-31", "Products 2026-01-31\n" + good, .refused(.f03, line: 1, saying: "id")),
        .init(.header, "A column nobody knows", shown: "…,colour", requiredHeader + ",colour\n" + row + ",red\n", .warned([.f05])),
        .init(.header, "Names in capitals or with spaces", shown: "ID,Title,…,Image Link", head.replacing("id,", with: "ID,").replacing("image_link", with: "Image Link") + row + "\n", .warned([.f06])),
    ]

    static let quoteCases: [TortureCase] = [
        .init(.quotes, "A quote that is never closed", shown: "\"Walnut desk lamp,…", good + "\"" + row + "\n" + row + "\n", .refused(.f08, line: 3, saying: "opened on line 3")),
        .init(.quotes, "A quote that is never closed, on a later line of its record", shown: "a,\"b⏎c\",\"d", good + "a,\"b\nc\",\"d\n" + row + "\n", .refused(.f08, line: 4, saying: "opened on line 4")),
        .init(.quotes, "Text behind a closing quote", shown: "\"Walnut\" lamp,", good + "\"Walnut\" lamp," + row + "\n", .refused(.f08, line: 3, saying: "closed in the middle")),
        .init(.quotes, "A quote inside quotes that is not doubled", shown: "\"12\" lamp\",", good + "\"12\" lamp\"," + row + "\n", .refused(.f08, line: 3, saying: "closed in the middle")),
        .init(.quotes, "A space between closing quote and comma", shown: "\"Walnut\" ,", good + "\"Walnut\" ," + row + "\n", .refused(.f08, line: 3, saying: "closed in the middle")),
        .init(.quotes, "Quotes escaped by a backslash", shown: "\"a \\\"b\\\" c\"", good + "\"a \\\"b\\\" c\"," + row + "\n", .refused(.f08, line: 3, saying: "closed in the middle")),
        .init(.quotes, "Lines that end in a lone CR", shown: "…␍…␍", good.replacing("\n", with: "\r"), .refused(.f14, line: 1, saying: "lone CR")),
        .init(.quotes, "A lone CR within a text", shown: "a␍b", file(["description": "Dimmable lamp.\rFor evenings."]), .warned([.f14])),
        .init(.quotes, "A field longer than the limit", shown: "(70,000 bytes)", good + String(repeating: "x", count: 70_000) + "," + row + "\n", .refused(.f10, line: 3, saying: "65536")),
        .init(.quotes, "A record longer than the limit", shown: "(over 1 MB)", head + String(repeating: "xxxxxxxxx,", count: 110_000) + "\n" + row + "\n", .refused(.f10, line: 2, saying: "1048576")),
    ]

    static let rowCases: [TortureCase] = [
        .init(.rows, "Too few fields", shown: "sku-2,Lamp", good + "sku-2,Lamp\n" + row(id: "sku-3") + "\n", .rejected([3: [.f07]])),
        .init(.rows, "Too many fields: a comma that is not in quotes", shown: "sku-2,Lamp, walnut,…", good + "sku-2,Lamp, walnut" + row.dropFirst(22) + "\n", .rejected([3: [.f07]])),
        .init(.rows, "The file ends in the middle of a row", shown: "sku-2,Waln", good + "sku-2,Waln", .rejected([3: [.f07]])),
        .init(.rows, "The header once more", shown: "id,title,…", good + head + row(id: "sku-3") + "\n", .rejected([3: [.f13, .l02, .m02, .p02, .v02, .c02]])),
        .init(.rows, "A line of totals", shown: "Total,,,,,,4990.00 USD,,,", good + "Total,,,,,,4990.00 USD,,,\n", .rejected([3: [.f13, .t01, .d01, .l01, .m01, .v01, .c01, .g01, .r07]])),
        .init(.rows, "A line of nothing but commas, as spreadsheets leave them", shown: ",,,,,,,,,", good + ",,,,,,,,,\n", .rejected([3: [.i01, .t01, .d01, .l01, .m01, .p01, .v01, .c01, .g01, .r07]])),
        .init(.rows, "The same row twice", shown: "(a line repeated)", good + row + "\n", .warned([])),
        .odd(.rows, "A version that is no number and no moment", ["v": "yesterday"], .i11, options: { $0.versionColumn = "v" }),
    ]
}
