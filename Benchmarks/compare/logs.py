"""`make bench-logs`: `vitrine logs` beside grep, jq and DuckDB on the same file, in the same minutes.

One log of lines as Vitrine writes them. Each question is asked of all programs, and their counts must agree. Each run is a process of its own with as
many threads as it likes; wall time, CPU and peak memory are the operating system's (wait4). After a warm-up the programs take turns, and each ratio is
that of two neighbouring runs; told are medians. `grep -c` looks for a fixed text in the C locale and takes no line apart; vitrine takes every line apart
that may match and compares the field. A peak
of 39 MB or less is that of the program that starts them.

The table goes to standard output, and to Benchmarks/RESULTS.md with --results, behind what stands there.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import logdata
import results

TITLE = "# vitrine logs beside grep, jq and DuckDB"
GREP_BAR = 1.5
DUCKDB_BAR = 3.0


@dataclass
class Question:
    title: str
    vitrine: list[str]
    grep: str | None
    # Empty: not asked, since it takes a minute each time.
    jq: str
    duckdb: str


QUESTIONS = [
    Question("one event, 12 of 100 lines", ["--event", "item.refused", "--count"], '"event":"item.refused"', 'select(.event == "item.refused")',
             "SELECT count(*) FROM lines WHERE event = 'item.refused'"),
    Question("one product, once in 200,000 lines", ["--where", f"product_id={logdata.RARE_PRODUCT}", "--count"], f'"product_id":"{logdata.RARE_PRODUCT}"',
             "", f"SELECT count(*) FROM lines WHERE product_id = '{logdata.RARE_PRODUCT}'"),
    Question("errors", ["--level", "error", "--count"], '"level":"error"', "", "SELECT count(*) FROM lines WHERE level = 'error'"),
    Question("two conditions", ["--event", "row.rejected", "--where", "row<100", "--count"], None, "",
             'SELECT count(*) FROM lines WHERE event = \'row.rejected\' AND "row" < 100'),
    Question("lines by event and level", ["--group-by", "event,level", "--top", "1000", "--output", "json"], None, "",
             "SELECT event, level, count(*) FROM lines GROUP BY ALL"),
]


class Run:
    """What one process took."""

    def __init__(self, command: list[str], folder: Path):
        start = time.perf_counter()
        with (folder / "stdout").open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=folder, env={**os.environ, "LC_ALL": "C"})
            _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - start
        process.returncode = self.code = os.waitstatus_to_exitcode(status)
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss * 1024
        self.output = (folder / "stdout").read_text()


def duckdb_code(file: Path, query: str) -> str:
    columns = "{time: 'VARCHAR', level: 'VARCHAR', event: 'VARCHAR', product_id: 'VARCHAR', \"row\": 'BIGINT'}"
    source = f"read_json('{file}', format = 'newline_delimited', columns = {columns})"
    return f"import duckdb; duckdb.sql('SET enable_progress_bar = false'); r = duckdb.sql({query.replace('lines', source)!r}).fetchall(); print(r[0][0] if len(r) == 1 else len(r))"


def commands(question: Question, vitrine: str, file: Path, peers: list[str]) -> dict[str, list[str]]:
    made = {"vitrine": [vitrine, "logs", "--file", str(file), *question.vitrine]}
    if question.grep and "grep" in peers:
        made["grep -c"] = ["grep", "-c", "-F", "--", question.grep, str(file)]
    if "duckdb" in peers:
        made["duckdb"] = [sys.executable, "-c", duckdb_code(file, question.duckdb)]
    if "jq" in peers and question.jq:
        made["jq"] = ["sh", "-c", f"jq -c '{question.jq} | 1' {file} | wc -l"]
    return made


def counted(name: str, run: Run) -> str:
    if name == "vitrine" and run.output.startswith("{"):
        return str(len(json.loads(run.output)["groups"]))
    return run.output.strip()


def asked(question: Question, vitrine: str, file: Path, peers: list[str], rounds: int, folder: Path) -> list[str]:
    made = commands(question, vitrine, file, peers)
    answers, runs = {}, {name: [] for name in made}
    ratios: dict[str, list[float]] = {name: [] for name in made}
    for name, command in made.items():
        first = Run(command, folder)
        if first.code not in (0, 1):
            sys.exit(f"{name} ended with {first.code}: {first.output[:500]}")
        answers[name] = counted(name, first)
        if name == "jq":  # seconds a run: the warm-up is its only one
            runs[name].append(first)
    if len(set(answers.values())) > 1:
        sys.exit(f"{question.title}: the answers differ: {answers}")
    for _ in range(rounds):
        for name in made:
            if name in ("vitrine", "jq"):
                continue
            ours, theirs = Run(made["vitrine"], folder), Run(made[name], folder)
            runs["vitrine"].append(ours)
            runs[name].append(theirs)
            ratios[name].append(theirs.wall / ours.wall)
    if "jq" in made:
        ratios["jq"] = [runs["jq"][0].wall / statistics.median(run.wall for run in runs["vitrine"])]
    return table(question, answers["vitrine"], runs, ratios)


def table(question: Question, answer: str, runs: dict[str, list[Run]], ratios: dict[str, list[float]]) -> list[str]:
    what = "groups" if "group" in " ".join(question.vitrine) else "lines"
    lines = [f"### {question.title} ({int(answer):,} {what})", "", f"`vitrine logs {' '.join(question.vitrine)}`", "",
             "| program | wall | CPU | peak memory | wall against vitrine | bar |", "|---|---|---|---|---|---|"]
    for name, all_runs in runs.items():
        wall, cpu, peak = (statistics.median(getattr(run, what) for run in all_runs) for what in ("wall", "cpu", "peak"))
        ratio, bar = "1", ""
        if name != "vitrine":
            value = statistics.median(ratios[name])
            ratio = f"{value:.2f} ×"
            if name == "grep -c":
                bar = f"vitrine within {GREP_BAR} × of it: {'met' if value >= 1 / GREP_BAR else 'MISSED'} ({1 / value:.2f} ×)"
            elif name == "duckdb":
                bar = f"{DUCKDB_BAR:.0f} ×: {'met' if value >= DUCKDB_BAR else 'MISSED'}"
        lines.append(f"| {name} | {wall:.3f} s | {cpu:.3f} s | {peak / 1e6:.0f} MB | {ratio} | {bar} |")
    return lines + [""]


def versions(vitrine: str, peers: list[str]) -> str:
    def said(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]

    parts = ["vitrine " + said(vitrine, "--version").split()[-1]]
    if "grep" in peers:
        parts.append(said("grep", "--version"))
    if "jq" in peers:
        parts.append(said("jq", "--version"))
    if "duckdb" in peers:
        import duckdb
        parts.append(f"duckdb {duckdb.__version__}")
    return ", ".join([*parts, f"{os.cpu_count()} cores", platform.machine()])


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--vitrine", required=True, help="the release binary")
    ask.add_argument("--folder", required=True, type=Path, help="where the log is kept")
    ask.add_argument("--size", type=int, default=1_000_000_000, help="bytes")
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--peers", default="grep,duckdb,jq")
    ask.add_argument("--results", action="store_true", help="write Benchmarks/RESULTS.md")
    given = ask.parse_args()
    peers = [peer for peer in given.peers.split(",") if peer == "duckdb" or shutil.which(peer)]
    file = logdata.make(given.folder, given.size, given.seed)
    lines = [TITLE, "", "Written by `make bench-logs`. " + " ".join(__doc__.split("\n\n")[1].split()), "",
             f"{file.stat().st_size / 1e9:.2f} GB, in the page cache. {versions(given.vitrine, peers)}. Load of the machine at the beginning: {os.getloadavg()[0]:.1f}.", ""]
    print("\n".join(lines), flush=True)
    for question in QUESTIONS:
        section = asked(question, given.vitrine, file, peers, given.rounds, given.folder)
        print("\n".join(section), flush=True)
        lines += section
    if given.results:
        results.put(lines)


if __name__ == "__main__":
    main()
