"""One peer, one run: six conditions, the last row of each id, JSON lines into the void. Run as a process of its own by `compare.py`.

    peers.py PEER FOLDER [--check]        --check prints how many rows come out, and the bytes of their texts, to be held against the others
"""

import sys
from pathlib import Path

PRICE = r"^[0-9]+(\.[0-9]+)? [A-Z]{3}$"
KNOWN = ["in stock", "out of stock", "preorder", "available for order", "discontinued"]
FIELDS = ["id", "title", "description", "link", "image_link", "availability", "price", "brand", "condition", "product_type"]
VOID = "/dev/null"


def duckdb_query(paths: list[str]) -> str:
    files = "[" + ", ".join(f"'{path}'" for path in paths) + "]"
    types = "{" + ", ".join(f"'{field}': 'VARCHAR'" for field in FIELDS) + "}"
    known = ", ".join(f"'{word}'" for word in KNOWN)
    return f"""
        SELECT {', '.join(FIELDS)} FROM (
            SELECT *, row_number() OVER () AS place
            FROM read_csv({files}, header = true, delim = ',', quote = '"', escape = '"', columns = {types})
        )
        WHERE coalesce(id, '') <> '' AND coalesce(title, '') <> '' AND regexp_matches(price, '{PRICE}') AND availability IN ({known})
          AND starts_with(link, 'https://') AND coalesce(brand, '') <> ''
        QUALIFY row_number() OVER (PARTITION BY id ORDER BY place DESC) = 1"""


def run_duckdb(paths: list[str], checks: bool) -> tuple:
    import duckdb

    connection = duckdb.connect()
    if checks:
        return connection.execute(f"SELECT count(*), sum(strlen(title || description || price)) FROM ({duckdb_query(paths)})").fetchone()
    connection.execute(f"COPY ({duckdb_query(paths)}) TO '{VOID}' (FORMAT json)")
    return ()


def run_polars(paths: list[str], checks: bool) -> tuple:
    import polars as pl

    rows = (
        pl.scan_csv(paths, schema={field: pl.String for field in FIELDS})
        .filter(
            (pl.col("id").fill_null("") != "")
            & (pl.col("title").fill_null("") != "")
            & pl.col("price").str.contains(PRICE)
            & pl.col("availability").is_in(KNOWN)
            & pl.col("link").str.starts_with("https://")
            & (pl.col("brand").fill_null("") != "")
        )
        .unique(subset=["id"], keep="last", maintain_order=False)
    )
    if checks:
        texts = pl.col("title").str.len_bytes() + pl.col("description").str.len_bytes() + pl.col("price").str.len_bytes()
        return rows.select(pl.len(), texts.cast(pl.Int64).sum().alias("bytes")).collect().row(0)
    rows.sink_ndjson(VOID)
    return ()


def run_pandas(paths: list[str], checks: bool) -> tuple:
    import pandas as pd

    rows = pd.concat([pd.read_csv(path, dtype=str, keep_default_na=False) for path in paths], ignore_index=True)
    good = (
        (rows["id"] != "") & (rows["title"] != "") & rows["price"].str.match(PRICE) & rows["availability"].isin(KNOWN)
        & rows["link"].str.startswith("https://") & (rows["brand"] != "")
    )
    rows = rows[good].drop_duplicates(subset="id", keep="last")
    if checks:
        return len(rows), sum((rows[field].str.encode("utf-8").str.len().sum() for field in ("title", "description", "price")))
    rows.to_json(VOID, orient="records", lines=True, force_ascii=False)
    return ()


PEERS = {"duckdb": run_duckdb, "polars": run_polars, "pandas": run_pandas}

if __name__ == "__main__":
    found = PEERS[sys.argv[1]](sorted(str(path) for path in (Path(sys.argv[2]) / "data").iterdir()), "--check" in sys.argv)
    if found:
        print(*found)
