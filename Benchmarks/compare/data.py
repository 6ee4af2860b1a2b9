"""Makes a shop's catalogue by seed: the same rows for the same seed and number, whatever the machine.

Rows are about 326 bytes long. Of each hundred about three break exactly one of the six conditions that the peers filter by, and about four
repeat an id seen before with a new price, so that "the last row wins" has work to do. Nothing else in them is an error by any rule.
Clean rows have neither.
"""

import gzip
import random
from pathlib import Path

HEADER = "id,title,description,link,image_link,availability,price,brand,condition,product_type\n"
SHARE_BAD = 0.03
SHARE_REPEATED = 0.04
CHUNK_ROWS = 20_000

WORDS = {
    "en": "walnut desk lamp steel bottle cotton shirt ceramic bowl leather wallet garden chair wool blanket glass vase copper kettle linen "
    "cushion running shoes travel backpack oak shelf winter jacket kitchen scale".split(),
    "ar": "مصباح مكتب خشب الجوز قارورة فولاذ قميص قطن وعاء سيراميك محفظة جلد كرسي حديقة بطانية صوف مزهرية زجاج غلاية نحاس وسادة كتان".split(),
    "ku": "چرای مێز دار گوێز بوتڵ پۆڵا کراس لۆکە قاپ سیرامیک جزدان چەرم کورسی باخچە بەتانی خوری گوڵدان شووشە کتری مس سەرین کەتان".split(),
}
BRANDS = ["Northlight", "Sulaymaniyah Crafts", "Tigris", "Zagros Home", "Babylon & Sons", "Erbil Works", "Dijla", "Halabja Wool"]
TYPES = ["Home > Lamps", "Home > Kitchen", "Clothing > Shirts", "Garden > Chairs", "Bags > Backpacks", "Home > Textiles"]
AVAILABILITY = ["in stock"] * 8 + ["out of stock"] * 2 + ["preorder"]
BROKEN = ["id", "title", "price", "availability", "link", "brand"]
BAD_PRICES = ["free", "12,5,0 USD", "USD", "-", "1.2.3 USD"]


def quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if "," in field or '"' in field or "\n" in field else field


def sentence(pick: random.Random, words: list[str], longest: int) -> str:
    """Words up to so many bytes of UTF-8."""
    out, size = [], 0
    while True:
        word = pick.choice(words)
        size += len(word.encode()) + 1
        if size > longest and out:
            return " ".join(out)
        out.append(word)


def row(pick: random.Random, number: int, is_clean: bool) -> str:
    words = WORDS[pick.choice(("en", "ar", "ku"))]
    repeated = not is_clean and number > 100 and pick.random() < SHARE_REPEATED
    product = pick.randrange(number) if repeated else number
    title = f"{sentence(pick, words, 38).capitalize()} {product:x}"  # a model's number: titles repeat no more than a shop's do
    shape = pick.random()
    description = sentence(pick, words, 150) + "."
    if shape < 0.30:
        description = description.replace(" ", ", ", 1)
    elif shape < 0.34:
        description = description.replace(" ", ' 12" ', 1)
    elif shape < 0.36:
        description = description.replace(" ", "\n", 1)
    fields = {
        "id": f"SKU-{product:08d}",
        "title": title,
        "description": description,
        "link": f"https://shop.krd/products/{product:08d}",
        "image_link": f"https://cdn.shop.krd/img/{product:08d}.jpg",
        "availability": pick.choice(AVAILABILITY),
        "price": f"{pick.randint(1, 400)}.{pick.randint(0, 99):02d} USD" if pick.random() < 0.8 else f"{pick.randint(1, 900)}000 IQD",
        "brand": pick.choice(BRANDS),
        "condition": "new",
        "product_type": pick.choice(TYPES),
    }
    if not is_clean and pick.random() < SHARE_BAD:
        broken = pick.choice(BROKEN)
        fields[broken] = {
            "price": pick.choice(BAD_PRICES), "availability": "maybe", "link": f"shop.krd/products/{product:08d}",
        }.get(broken, "")
    return ",".join(quoted(field) for field in fields.values()) + "\n"


def make(folder: Path, rows: int, files: int, gzipped: bool, seed: int = 7, is_clean: bool = False) -> Path:
    """A folder with so many files, made once; each file is named so that names, times and rows are in the same order."""
    target = folder / f"{rows}-rows-{files}-files{'-gz' if gzipped else ''}{'-clean' if is_clean else ''}-seed-{seed}"
    if (target / "complete").exists():
        return target
    data = target / "data"
    data.mkdir(parents=True, exist_ok=True)
    pick = random.Random(seed)
    number = 0
    for place in range(files):
        upto = rows * (place + 1) // files
        path = data / f"products-{place:05d}.csv{'.gz' if gzipped else ''}"
        opened = gzip.open(path, "wb", compresslevel=6) if gzipped else path.open("wb")
        with opened as out:
            out.write(HEADER.encode())
            while number < upto:
                some = min(CHUNK_ROWS, upto - number)
                out.write("".join(row(pick, number + k, is_clean) for k in range(some)).encode())
                number += some
    (target / "complete").touch()
    return target
