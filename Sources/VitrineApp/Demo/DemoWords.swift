/// The shop's vocabulary. Names are invented; the categories are paths of Google's product taxonomy.
enum DemoWords {
    struct Kind {
        var name: String
        var category: String
        var use: String
        /// Price of the plainest one in US dollars.
        var dollars: Int
    }

    static let english: [Kind] = [
        Kind(name: "Desk Lamp", category: "Home & Garden > Lighting > Lamps", use: "A dimmable lamp for long evenings at the desk", dollars: 39),
        Kind(name: "Floor Lamp", category: "Home & Garden > Lighting > Lamps", use: "Warm light for the reading corner", dollars: 89),
        Kind(name: "Coffee Mug", category: "Home & Garden > Kitchen & Dining > Tableware > Drinkware > Mugs", use: "Holds 350 ml and keeps its handle cool", dollars: 12),
        Kind(name: "Tea Kettle", category: "Home & Garden > Kitchen & Dining > Cookware & Bakeware > Cookware > Tea Kettles", use: "Whistles softly when the water is ready", dollars: 34),
        Kind(name: "Frying Pan", category: "Home & Garden > Kitchen & Dining > Cookware & Bakeware > Cookware", use: "Heats evenly on gas and induction", dollars: 45),
        Kind(name: "Cutting Board", category: "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils", use: "Oiled by hand, kind to knives", dollars: 24),
        Kind(name: "Wall Clock", category: "Home & Garden > Decor > Clocks > Wall Clocks", use: "A silent movement and a clear face", dollars: 42),
        Kind(name: "Throw Pillow", category: "Home & Garden > Decor > Throw Pillows", use: "Comes with a washable cover", dollars: 22),
        Kind(name: "Wool Rug", category: "Home & Garden > Decor > Rugs", use: "Woven on a hand loom, 140 by 200 cm", dollars: 180),
        Kind(name: "Duvet Cover", category: "Home & Garden > Linens & Bedding > Bedding", use: "Soft after the first wash", dollars: 55),
        Kind(name: "Backpack", category: "Luggage & Bags > Backpacks", use: "Room for a laptop and a weekend", dollars: 69),
        Kind(name: "Tote Bag", category: "Luggage & Bags > Shopping Totes", use: "Carries twelve kilograms without complaint", dollars: 19),
        Kind(name: "Notebook", category: "Office Supplies > General Office Supplies > Paper Products", use: "160 pages that lie flat", dollars: 9),
        Kind(name: "Fountain Pen", category: "Office Supplies > Office Instruments > Writing & Drawing Instruments", use: "A fine nib that starts at once", dollars: 29),
        Kind(name: "Watering Can", category: "Home & Garden > Lawn & Garden > Watering & Irrigation", use: "Pours slowly and where you point it", dollars: 27),
        Kind(name: "Storage Basket", category: "Home & Garden > Household Supplies > Storage & Organization", use: "Tidies a shelf in one move", dollars: 18),
    ]

    static let makes = ["Walnut", "Oak", "Linen", "Enamel", "Brushed Steel", "Recycled", "Handmade", "Compact", "Classic", "Foldable"]
    static let colors = ["Black", "White", "Sand", "Forest Green", "Navy", "Terracotta"]
    static let brands = ["Northlight", "Ovenbird & Sons", "Tesselhaus", "Karadagh Home", "Zagros Outdoor", "Lumora", "Haldenworks", "Pinecourt"]

    /// Arabic and Sorani Kurdish: name, category, description.
    static let arabic: [(name: String, category: String, use: String)] = [
        ("مصباح مكتب من خشب الجوز", "Home & Garden > Lighting > Lamps", "إضاءة دافئة قابلة للتعتيم، مناسبة للقراءة والعمل."),
        ("طقم فناجين قهوة من السيراميك", "Home & Garden > Kitchen & Dining > Tableware", "ستة فناجين مع صحونها، آمنة في غسالة الصحون."),
        ("سجادة صوف منسوجة يدويا", "Home & Garden > Decor > Rugs", "صوف طبيعي بنقوش تقليدية، قياس ١٤٠ × ٢٠٠ سم."),
        ("حقيبة ظهر مقاومة للماء", "Luggage & Bags > Backpacks", "تتسع لحاسوب محمول ولها جيوب كثيرة."),
        ("إبريق شاي من الفولاذ", "Home & Garden > Kitchen & Dining > Cookware & Bakeware", "سعة لتر ونصف مع مصفاة."),
        ("وسادة قطنية مطرزة", "Home & Garden > Decor > Throw Pillows", "غطاء قابل للغسل وحشوة ناعمة."),
        ("ساعة حائط خشبية", "Home & Garden > Decor > Clocks > Wall Clocks", "حركة صامتة وأرقام واضحة."),
        ("مقلاة من الحديد الزهر", "Home & Garden > Kitchen & Dining > Cookware & Bakeware", "توزع الحرارة بالتساوي على كل المواقد."),
        ("لحاف شتوي دافئ", "Home & Garden > Linens & Bedding > Bedding", "خفيف الوزن ودافئ في ليالي الشتاء."),
        ("طقم سكاكين مطبخ", "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils", "خمس سكاكين مع حامل خشبي."),
        ("صينية ضيافة نحاسية", "Home & Garden > Kitchen & Dining > Tableware", "نقش يدوي ولمعان يدوم."),
        ("سلة تخزين من القش", "Home & Garden > Household Supplies > Storage & Organization", "متينة وخفيفة وسهلة الحمل."),
    ]

    static let kurdish: [(name: String, category: String, use: String)] = [
        ("چرای مێز لە داری گوێز", "Home & Garden > Lighting > Lamps", "ڕووناکییەکی گەرم بۆ خوێندنەوە و کارکردن."),
        ("دەستە فنجانی قاوە", "Home & Garden > Kitchen & Dining > Tableware", "شەش فنجان لەگەڵ ژێرپیاڵەکانیان."),
        ("فەرشی دەستچن", "Home & Garden > Decor > Rugs", "لە خوری سروشتی، بە نەخشی کوردی."),
        ("جانتای پشتی دژەئاو", "Luggage & Bags > Backpacks", "جێگای لاپتۆپ و چەند گیرفانێکی هەیە."),
        ("قۆری چای ستیل", "Home & Garden > Kitchen & Dining > Cookware & Bakeware", "یەک لیتر و نیو دەگرێت."),
        ("باڵیفی لۆکە", "Home & Garden > Decor > Throw Pillows", "ڕووپۆشەکەی دەشۆردرێت."),
        ("کاتژمێری دیوار", "Home & Garden > Decor > Clocks > Wall Clocks", "بێدەنگ و بە ژمارەی ڕوون."),
        ("تاوەی ئاسن", "Home & Garden > Kitchen & Dining > Cookware & Bakeware", "گەرمی بە یەکسانی دابەش دەکات."),
        ("لێفەی زستانە", "Home & Garden > Linens & Bedding > Bedding", "سووک و گەرم بۆ شەوانی زستان."),
        ("دەستە چەقۆی چێشتخانە", "Home & Garden > Kitchen & Dining > Kitchen Tools & Utensils", "پێنج چەقۆ لەگەڵ پایەی دارین."),
        ("سینی مسی دەستکرد", "Home & Garden > Kitchen & Dining > Tableware", "نەخشی دەستکرد و بریقەی بەردەوام."),
        ("سەبەتەی حەسیر", "Home & Garden > Household Supplies > Storage & Organization", "بەهێز و سووک و ئاسان بۆ هەڵگرتن."),
    ]

    static let arabicColors = ["أسود", "أبيض", "أزرق", "أخضر", "بني", "رمادي"]
    static let kurdishColors = ["ڕەش", "سپی", "شین", "سەوز", "قاوەیی", "خۆڵەمێشی"]
}
