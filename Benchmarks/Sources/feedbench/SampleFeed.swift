/// A file in memory, the same each time: a third of its texts in Arabic, Kurdish and English, some fields in quotes, every fiftieth row repeated.
enum SampleFeed {
    static let rows = 20_000

    static func bytes(repeating share: Int = 50) -> [UInt8] {
        var text = "id,title,description,link,image_link,availability,price,brand,condition,product_type\n"
        for number in 0..<rows {
            let id = share > 0 && number % share == share - 1 ? number / 2 : number
            let (title, description) = texts[number % texts.count]
            text += "SKU-\(id),\(title) \(number),\(description),https://shop.krd/products/\(id),https://cdn.shop.krd/img/\(id).jpg,"
            text += "in stock,\(1 + number % 400).90 USD,Northlight,new,Home > Lamps\n"
        }
        return Array(text.utf8)
    }

    private static let texts = [
        ("Walnut desk lamp", "\"A dimmable lamp of oiled walnut, for quiet evenings and late work; with a linen shade and a long cable.\""),
        ("مصباح مكتبي من خشب الجوز", "مصباح قابل للتعتيم من خشب الجوز المزيت للأمسيات الهادئة والعمل المتأخر مع غطاء من الكتان"),
        ("چرای مێز لە داری گوێز", "چرایەکی جوان لە داری گوێز بۆ ئێوارەی ئارام و کاری درەنگ لەگەڵ سەرپۆشێکی کەتان"),
    ]
}
