"""`make bench`: vitrine beside DuckDB, Polars and pandas, on the same files, in the same minutes.

Vitrine checks every row against all row rules, finds the newest row of each id, encodes and cuts batches (`vitrine plan`). The peers do a
plain filter of six conditions, the same de-duplication and JSON lines into the void. Each run is a process of its own with as many threads
as it likes; wall time, CPU and peak memory are the operating system's (wait4). After a warm-up the programs take turns, and each ratio is
that of two neighbouring runs; told are medians.

The table goes to standard output, and to Benchmarks/RESULTS.md with --results.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import data
import results

HERE = Path(__file__).resolve().parent
PEERS = ["polars", "duckdb", "pandas"]
BARS = {"polars": 3.0, "duckdb": 7.0}
FLOOR_BYTES = 128 * 10**6
BYTES_A_ROW = 64
# Vitrine refuses larger files (rule F10, inflated), so that a larger catalogue comes as several.
LARGEST_FILE_ROWS = 1_500_000
# pandas keeps the whole file as Python strings, and Polars took 1.6 GB for a million rows; beyond this they would measure the machine's swapping.
MOST_ROWS = {"pandas": 1_000_000, "polars": 5_000_000}

SETTINGS = """pipelines:
  bench:
    kind: catalog-sync
    landing: .
    synced: ./synced
    catalog: {id: "1", graph_url: "http://127.0.0.1:9", access_token: "env:UNUSED_TOKEN"}
state: ./state
"""


class Run:
    """What one process took."""

    def __init__(self, command: list[str], folder: Path):
        start = time.perf_counter()
        with (folder / "stdout").open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=folder)
            _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        self.code = process.returncode
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024
        self.output = (folder / "stdout").read_text()


def vitrine_command(vitrine: str, folder: Path) -> list[str]:
    files = sorted((folder / "data").iterdir())
    if len(files) == 1:
        return [vitrine, "plan", str(files[0]), "--output", "json"]
    (folder / "bench.yaml").write_text(SETTINGS)
    return [vitrine, "plan", "bench", "--config", str(folder / "bench.yaml"), "--output", "json"]


def peer_command(peer: str, folder: Path, *more: str) -> list[str]:
    return [sys.executable, str(HERE / "peers.py"), peer, str(folder), *more]


def checked(vitrine: str, peers: list[str], folder: Path) -> int:
    """Warms up, and makes sure that all do the same work: so many rows come out, with so many bytes in their texts."""
    ours = Run(vitrine_command(vitrine, folder), folder)
    if ours.code not in (0, 1):
        sys.exit(f"vitrine ended with {ours.code}: {ours.output[:2000]}")
    report = json.loads(ours.output)
    if not report["balanced"]:
        sys.exit("vitrine's books do not balance")
    sums = set()
    for peer in peers:
        theirs = Run(peer_command(peer, folder, "--check"), folder)
        if theirs.code != 0:
            sys.exit(f"{peer} ended with {theirs.code}")
        sums.add(theirs.output)
        if int(theirs.output.split()[0]) != report["rows"]["pending"]:
            sys.exit(f"{peer} lets {theirs.output.split()[0]} rows out, vitrine {report['rows']['pending']}")
    if len(sums) > 1:
        sys.exit(f"the peers disagree: {sums}")
    return report["rows"]["read"]


def measured(vitrine: str, peers: list[str], folder: Path, rounds: int) -> tuple[dict[str, list[Run]], dict[str, list[float]]]:
    runs: dict[str, list[Run]] = {name: [] for name in ["vitrine", *peers]}
    ratios: dict[str, list[float]] = {peer: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            ours, theirs = Run(vitrine_command(vitrine, folder), folder), Run(peer_command(peer, folder), folder)
            if theirs.code != 0:
                sys.exit(f"{peer} ended with {theirs.code}")
            runs["vitrine"].append(ours)
            runs[peer].append(theirs)
            ratios[peer].append(theirs.wall / ours.wall)
    return runs, ratios


def table(rows: int, title: str, runs: dict[str, list[Run]], ratios: dict[str, list[float]]) -> list[str]:
    def middle(name: str, what: str) -> float:
        return statistics.median(getattr(run, what) for run in runs[name])

    # Half an answer on a busy machine: whoever shares it takes turns with us, but not fairly.
    busy = f"Load of the machine at the end: {os.getloadavg()[0]:.1f}."
    lines = [f"### {title}", "", busy, "", "| program | wall | CPU | peak memory | wall against vitrine | bar |", "|---|---|---|---|---|---|"]
    for name in runs:
        wall, cpu, peak = middle(name, "wall"), middle(name, "cpu"), middle(name, "peak")
        if name == "vitrine":
            limit = FLOOR_BYTES + BYTES_A_ROW * rows
            bar = f"memory under {limit / 1e6:.0f} MB: {'met' if peak < limit else 'MISSED'}"
            ratio = "1"
        else:
            ratio_value = statistics.median(ratios[name])
            ratio = f"{ratio_value:.2f} ×"
            bar = f"{BARS[name]:.0f} ×: {'met' if ratio_value >= BARS[name] else 'MISSED'}" if name in BARS else ""
        lines.append(f"| {name} | {wall:.3f} s | {cpu:.3f} s | {peak / 1e6:.0f} MB | {ratio} | {bar} |")
    return lines + [""]


def described(rows: int, files: int, gzipped: bool, folder: Path) -> str:
    size = sum(path.stat().st_size for path in (folder / "data").iterdir())
    return f"{rows:,} rows, {files} {'file' if files == 1 else 'files'}, {'gzip' if gzipped else 'plain'} ({size / 1e6:.1f} MB)"


def versions(vitrine: str, peers: list[str]) -> str:
    own = subprocess.run([vitrine, "--version"], capture_output=True, text=True, check=True).stdout.split()
    parts = [f"vitrine {own[-1] if own else ''}"] + [f"{peer} {importlib.metadata.version(peer)}" for peer in peers]
    return ", ".join([*parts, f"Python {platform.python_version()}", f"{os.cpu_count()} cores", platform.machine()])


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--vitrine", required=True, help="the release binary")
    ask.add_argument("--folder", required=True, type=Path, help="where the data is kept")
    ask.add_argument("--sizes", default="1000000", help="numbers of rows, with commas between")
    ask.add_argument("--shapes", default="1", help="of 1, 100, 1gz, 100gz: so many files, plain or gzipped; with commas between")
    ask.add_argument("--peers", default=",".join(PEERS))
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--results", action="store_true", help="write Benchmarks/RESULTS.md")
    given = ask.parse_args()
    wanted = given.peers.split(",")
    lines = [
        "# vitrine beside general engines", "",
        "Written by `make bench`. " + " ".join(__doc__.split("\n\n")[1].split()), "",
        f"`make bench SIZES={given.sizes} SHAPES={given.shapes} ROUNDS={given.rounds} SEED={given.seed}`", "", versions(given.vitrine, wanted) + ".", "",
    ]
    print("\n".join(lines))
    for rows in (int(size.replace("_", "")) for size in given.sizes.split(",")):
        for shape in given.shapes.split(","):
            gzipped, files = shape.endswith("gz"), int(shape.removesuffix("gz"))
            files = max(files, -(-rows // LARGEST_FILE_ROWS))
            peers = [peer for peer in wanted if rows <= MOST_ROWS.get(peer, rows)]
            folder = data.make(given.folder, rows, files, gzipped, given.seed)
            read = checked(given.vitrine, peers, folder)
            section = table(read, described(rows, files, gzipped, folder), *measured(given.vitrine, peers, folder, given.rounds))
            print("\n".join(section), flush=True)
            lines += section
            if given.results:
                results.put(lines)


if __name__ == "__main__":
    main()
