"""Makes a log by seed: lines of every event as the generated reference shows them, with times, runs, products and numbers of their own.

The shares are those of a shop with mistakes: of each hundred lines about 42 are rejected rows, 12 refused items, 16 superseded rows, and the rest is
all the other events. Times rise by milliseconds, with a disorder of up to two seconds, as lines of several processes have.
"""

import random
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REFERENCE = ROOT / "docs" / "reference" / "log-events.md"
SHARES = {"row.rejected": 42, "item.refused": 12, "row.superseded": 16, "call.ended": 5, "handle.polled": 4, "batch.sent": 2, "batch.prepared": 2}
START = datetime(2026, 10, 22, tzinfo=timezone.utc)
LINES_A_RUN = 5_000
PRODUCTS = 40_000
# The needle in the haystack: this product comes once in a hundred thousand lines or so.
RARE_PRODUCT = "SKU-RARE-7"
MESSAGES = ["Invalid link: The link does not belong to a verified domain", "All capital letters: the title of this item is in capital letters", "Missing brand: this item has neither brand nor gtin"]
VALUES = ["12,50", "free", "maybe", "مصباح مكتب", "https://outlet.example/p/1", ""]


def templates() -> list[tuple[str, int, str]]:
    """Event, share, and a line of it with places to fill in."""
    found = []
    for line in re.findall(r"^\{\"time\".*\}$", REFERENCE.read_text(), re.MULTILINE):
        event = re.search(r'"event":"([^"]+)"', line).group(1)
        line = line.replace("{", "\0").replace("}", "\1")
        line = re.sub(r'"time":"[^"]+"', '"time":"{time}"', line)
        line = re.sub(r'"run_id":"[^"]+"', '"run_id":"{run}"', line)
        line = re.sub(r'"seq":\d+', '"seq":{seq}', line)
        line = re.sub(r'"product_id":"[^"]+"', '"product_id":"{product}"', line)
        line = re.sub(r'"row":\d+', '"row":{row}', line)
        line = re.sub(r'"value":"(?:[^"\\\\]|\\\\.)*"', '"value":"{value}"', line)
        line = re.sub(r'"meta_message":"[^"]*"', '"meta_message":"{message}"', line)
        line = re.sub(r'"duration_ms":\d+', '"duration_ms":{duration}', line)
        found.append((event, SHARES.get(event, 0), line.replace("\0", "{{").replace("\1", "}}")))
    rest = (100 - sum(SHARES.values())) / max(1, sum(1 for _, share, _ in found if share == 0))
    return [(event, share or rest, line) for event, share, line in found]


def make(folder: Path, size: int, seed: int = 7) -> Path:
    """A file of at least `size` bytes, made once."""
    target = folder / f"log-{size}-seed-{seed}.ndjson"
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    pick = random.Random(seed)
    lines = templates()
    shares, texts = [share for _, share, _ in lines], [text for _, _, text in lines]
    written, seq, now, run = 0, 0, START, ""
    draft = target.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="\n") as out:
        while written < size:
            chunk = []
            for text in pick.choices(texts, shares, k=20_000):
                if seq % LINES_A_RUN == 0:
                    run = f"{now:%Y%m%dT%H%M%SZ}-{pick.randrange(1 << 24):06x}"
                seq += 1
                now += timedelta(milliseconds=pick.randrange(1_400))
                shown = now - timedelta(milliseconds=pick.randrange(2_000) if pick.random() < 0.1 else 0)
                product = RARE_PRODUCT if pick.random() < 1e-5 else f"SKU-{pick.randrange(PRODUCTS):06d}"
                chunk.append(text.format(
                    time=shown.strftime("%Y-%m-%dT%H:%M:%S.") + f"{shown.microsecond // 1000:03d}Z", run=run, seq=seq, product=product, row=pick.randrange(2, 9_000),
                    value=pick.choice(VALUES), message=pick.choice(MESSAGES), duration=pick.randrange(5_000)))
            block = "\n".join(chunk) + "\n"
            out.write(block)
            written += len(block.encode())
    draft.rename(target)
    return target
