"""`make bench-telemetry`: what observability costs a run, all sinks on against off.

The same run, with fresh folders each time, in turns: once with every sink switched off (`--log-level error`, no file, no exporter), once with all of
them on: log lines to a file and to standard error, textfile, Pushgateway, OTLP metrics, logs and traces, CloudWatch metrics and logs. Receivers and
the sandbox are processes of their own; told is the CPU of vitrine alone (wait4), since a run waits for Meta most of its time, and the ratio of
neighbouring runs. Nothing of a clean file is rejected, so that it has no lines for rows: what is left is the row path's own telemetry.

Run by an interpreter that can import moto (`make judges`). The table goes to standard output, and to Benchmarks/RESULTS.md with --results.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
from pathlib import Path

import data
import results
import servers
from compare import Run

TITLE = "# Telemetry, all sinks on against off"
SHARE_BAR = 0.01
NANOSECONDS_BAR = 2
OFF = """telemetry:
  prometheus: {{listen: null}}
"""
ON = """telemetry:
  logs: {{file: ./logs/vitrine.ndjson, level: info}}
  prometheus: {{listen: null, textfile: ./vitrine.prom, pushgateway: "{taker}"}}
  otlp: {{endpoint: "{taker}"}}
  cloudwatch: {{namespace: Bench, enabled: true, log_group: /bench/vitrine}}
"""
SETTINGS = """pipelines:
  bench:
    kind: catalog-sync
    landing: ./landing
    synced: ./synced
    catalog: {{id: "1234567890", graph_url: "http://127.0.0.1:{sandbox}/v26.0", access_token: "env:BENCH_TOKEN"}}
    delivery: {{poll_interval: 20ms}}
alerts: {{shipped: off}}
state: ./state
"""


def run(vitrine: str, work: Path, file: Path, isOn: bool, moto: str, taker: str) -> tuple[Run, dict]:
    shutil.rmtree(work, ignore_errors=True)
    (work / "landing" / "data").mkdir(parents=True)
    shutil.copy(file, work / "landing" / "data" / file.name)
    with servers.sandbox(vitrine) as port:
        (work / "bench.yaml").write_text((SETTINGS + (ON if isOn else OFF)).format(sandbox=port, taker=taker))
        words = ["--output", "json", "--log-level", "info" if isOn else "error"]
        took = Run([vitrine, "run", "bench", "--config", str(work / "bench.yaml"), *words], work)
    report = json.loads(took.output)
    if took.code not in (0, 1) or not report["balanced"]:
        sys.exit(f"the run ended with {took.code}: {took.output[:2000]}")
    if isOn and not (work / "vitrine.prom").exists():
        sys.exit("the sinks were not on")
    return took, report


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--vitrine", required=True, help="the release binary")
    ask.add_argument("--folder", required=True, type=Path, help="where the data is kept")
    ask.add_argument("--rows", type=int, default=200_000)
    ask.add_argument("--rounds", type=int, default=5)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--results", action="store_true", help="write Benchmarks/RESULTS.md")
    told = ask.parse_args()
    vitrine = str(Path(told.vitrine).resolve())
    work = told.folder.resolve() / "telemetry"
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_REGION="us-east-1", BENCH_TOKEN="bench")
    lines = [
        TITLE, "", "Written by `make bench-telemetry`. " + " ".join(__doc__.split("\n\n")[1].split()), "",
        f"{told.rows:,} rows, {told.rounds} rounds, load of the machine at the beginning {os.getloadavg()[0]:.1f}.", "",
        "| rows | lines of log | CPU off | CPU on | on against off | bar | of one row | bar |", "|---|---|---|---|---|---|---|---|",
    ]
    with servers.moto() as moto, servers.taker() as taker:
        os.environ["AWS_ENDPOINT_URL"] = moto
        for name, is_clean in [("clean", True), ("3 % rejected, 4 % superseded", False)]:
            file = next((data.make(told.folder, told.rows, 1, False, told.seed, is_clean) / "data").iterdir())
            off, on, said = [], [], 0
            for number in range(told.rounds + 1):
                quiet, _ = run(vitrine, work, file, False, moto, taker)
                loud, report = run(vitrine, work, file, True, moto, taker)
                if number == 0:
                    said = sum(1 for _ in (work / "logs" / "vitrine.ndjson").open())
                    continue
                off.append(quiet.cpu)
                on.append(loud.cpu)
            share = statistics.median(b / a - 1 for a, b in zip(off, on))
            row = statistics.median((b - a) / report["rows"]["read"] * 1e9 for a, b in zip(off, on))
            lines.append(
                f"| {name} | {said:,} | {statistics.median(off):.2f} s | {statistics.median(on):.2f} s | {share:+.1%} | "
                f"1 %: {'met' if share <= SHARE_BAR else 'MISSED'} | {row:+.0f} ns | 2 ns: {'met' if row <= NANOSECONDS_BAR else 'MISSED'} |")
            print(lines[-1], flush=True)
    print("\n".join(lines))
    if told.results:
        results.put(lines)


if __name__ == "__main__":
    main()
