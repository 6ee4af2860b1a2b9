"""`make bench-trace`: how long `vitrine trace` takes over thirty days of hourly runs.

Twenty-four real runs against the sandbox, in each of which every product has a new price, make batch objects, receipts and a ledger; the ledger then
gets copies of them as older runs until there are 720, so that it is as large as one of thirty days. Asked for is a product that every run has sent:
the dearest question there is, since each sending is held against the one before it. Told is the median, the process's start with it.
"""

import argparse
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

import data
import results

BAR = 0.1
REAL_RUNS, RUNS = 24, 720
TITLE = "# vitrine trace over thirty days of hourly runs"
SETTINGS = """pipelines:
  bench:
    kind: catalog-sync
    landing: ./landing
    synced: ./synced
    catalog: {{id: "1234567890", graph_url: "http://127.0.0.1:{port}/v26.0", access_token: env:BENCH_TOKEN}}
    delivery: {{poll_interval: 100ms}}
    validation: {{max_price_move: 1, rules: {{P13: off}}}}
alerts: {{shipped: off}}
state: ./state
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def catalogue(products: int, number: int) -> str:
    rows = [data.HEADER]
    for product in range(products):
        rows.append(
            f"SKU-{product:06d},Walnut lamp {product:x},A lamp for the desk called {product:x} of walnut and steel.,https://shop.krd/p/{product},"
            f"https://cdn.shop.krd/{product}.jpg,in stock,{20 + product % 977 + number / 100:.2f} USD,Northlight,new,Lamps\n")
    return "".join(rows)


def make_store(vitrine: str, folder: Path, products: int) -> None:
    (folder / "landing" / "data").mkdir(parents=True)
    port = free_port()
    (folder / "vitrine.yaml").write_text(SETTINGS.format(port=port))
    environment = {**os.environ, "BENCH_TOKEN": "sandbox-token"}
    sandbox = subprocess.Popen([vitrine, "sandbox", "--port", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        for number in range(REAL_RUNS):
            (folder / "landing" / "data" / f"{number:03d}.csv").write_text(catalogue(products, number))
            run = subprocess.run([vitrine, "run", "--no-progress", "--log-level", "error"], cwd=folder, env=environment, capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"run {number} ended with {run.returncode}: {run.stdout[-1500:]}{run.stderr[-1500:]}")
    finally:
        sandbox.send_signal(signal.SIGTERM)
        sandbox.wait()


def copied(ledger: sqlite3.Connection, table: str, *own: str) -> str:
    """The columns of a table that a copy takes over as they are."""
    names = [row[1] for row in ledger.execute(f"PRAGMA table_info({table})")]
    return ", ".join(f'"{name}"' for name in names if name not in own)


def pad_ledger(path: Path) -> int:
    """Copies of real runs, as older ones; how many verdicts there are then."""
    ledger = sqlite3.connect(path)
    runs = ledger.execute("SELECT run_no FROM run ORDER BY started_at").fetchall()
    of_run, of_verdict = copied(ledger, "run", "run_no", "started_at", "ended_at"), copied(ledger, "verdict", "verdict_no", "at")
    for copy in range(RUNS - len(runs)):
        (real,) = runs[copy % len(runs)]
        word = ledger.execute("INSERT INTO word (text) VALUES (?)", (f"older-{copy:04d}",)).lastrowid
        earlier = (copy + 1) * 3_600_000
        ledger.execute(
            f"INSERT INTO run (run_no, started_at, ended_at, {of_run}) SELECT ?, started_at - ?, ended_at - ?, {of_run} FROM run WHERE run_no = ?",
            (word, earlier, earlier, real))
        ledger.execute(
            f"INSERT INTO verdict (verdict_no, {of_verdict}, at) SELECT (? << 32) | (verdict_no & 4294967295), {of_verdict}, at - ? "
            "FROM verdict WHERE verdict_no BETWEEN ? << 32 AND (? << 32 | 4294967295)", (word, earlier, real, real))
    ledger.commit()
    (count,) = ledger.execute("SELECT count(*) FROM verdict").fetchone()
    ledger.close()
    return count


def timed(vitrine: str, folder: Path, product: str, rounds: int) -> tuple[float, float, int]:
    walls, peak = [], 0
    for _ in range(rounds + 1):
        start = time.perf_counter()
        process = subprocess.Popen([vitrine, "trace", product], cwd=folder, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        walls.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss * 1024)
        if process.returncode != 0:
            sys.exit(f"trace ended with {process.returncode}")
    return statistics.median(walls[1:]), max(walls[1:]), peak


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--vitrine", required=True)
    ask.add_argument("--folder", required=True, type=Path)
    ask.add_argument("--products", type=int, default=5_000)
    ask.add_argument("--rounds", type=int, default=20)
    ask.add_argument("--results", action="store_true", help="write Benchmarks/RESULTS.md")
    given = ask.parse_args()
    folder = given.folder / f"trace-{given.products}"
    if not (folder / "complete").exists():
        make_store(given.vitrine, folder, given.products)
        print(f"{pad_ledger(folder / 'state' / 'ledger.sqlite'):,} verdicts of {RUNS} runs")
        (folder / "complete").touch()
    median, worst, peak = timed(given.vitrine, folder, f"SKU-{given.products // 2:06d}", given.rounds)
    size = (folder / "state" / "ledger.sqlite").stat().st_size
    lines = [
        TITLE, "", "Written by `make bench-trace`. " + " ".join(__doc__.split("\n\n")[1].split()), "",
        f"{RUNS} runs of {given.products:,} products, ledger {size / 1e6:.0f} MB, load of the machine {os.getloadavg()[0]:.1f}.", "",
        "| median | worst | peak memory | bar |", "|---|---|---|---|",
        f"| {median:.3f} s | {worst:.3f} s | {peak / 1e6:.0f} MB | {BAR} s: {'met' if median < BAR else 'MISSED'} |", "",
    ]
    print("\n".join(lines))
    if given.results:
        results.put(lines)


if __name__ == "__main__":
    main()
