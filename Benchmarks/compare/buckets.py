"""`make buckets`: one large file out of a bucket of moto's, planned and run, with the peak memory of vitrine.

moto keeps the buckets in its own memory and hands them out in Python, so the times are not S3's; the memory is vitrine's own. The run sends to
vitrine's sandbox. Run by an interpreter that can import moto (`make judges`).

The table goes to standard output, and to Benchmarks/RESULTS.md with --results.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import data
import results
import servers
from compare import BYTES_A_ROW, FLOOR_BYTES, Run

SETTINGS = """pipelines:
  bench:
    kind: catalog-sync
    landing: {landing}
    synced: {synced}
    catalog: {{id: "1234567890", graph_url: "http://127.0.0.1:{sandbox}/v26.0", access_token: "env:BENCH_TOKEN"}}
    delivery: {{poll_interval: 20ms}}
alerts: {{shipped: off}}
state: {state}
"""


def measured(name: str, vitrine: str, words: list[str], folder: Path, rows: int) -> list[str]:
    run = Run([vitrine, *words, "--config", str(folder / "bench.yaml"), "--output", "json", "--log-level", "error"], folder)
    report = json.loads(run.output)
    if run.code not in (0, 1) or not report["balanced"] or report["rows"]["read"] != rows:
        sys.exit(f"{name} ended with {run.code}: {run.output[:2000]}")
    bar = FLOOR_BYTES + BYTES_A_ROW * rows
    sent = report["items"]["sent"]
    return [f"| {name} | {run.wall:.1f} s | {run.cpu:.1f} s | {run.peak / 1e6:.0f} MB | under {bar / 1e6:.0f} MB: {'met' if run.peak < bar else 'MISSED'} | {rows:,} | {sent:,} |"]


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--vitrine", required=True, help="the release binary")
    ask.add_argument("--folder", required=True, type=Path, help="where the data is kept")
    ask.add_argument("--rows", type=int, default=1_000_000)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--state", default="./state", help="a folder, or s3://state-bench")
    ask.add_argument("--folders", action="store_true", help="folders in the buckets' place, to compare with")
    ask.add_argument("--results", action="store_true", help="write Benchmarks/RESULTS.md")
    told = ask.parse_args()
    vitrine = str(Path(told.vitrine).resolve())
    source = data.make(told.folder, told.rows, 1, False, told.seed) / "data"
    file = next(source.iterdir())
    work = told.folder.resolve() / "buckets"
    subprocess.run(["rm", "-rf", str(work)], check=True)
    work.mkdir(parents=True)

    with servers.moto() as url, servers.sandbox(vitrine) as port:
        os.environ.update(
            AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_REGION="us-east-1", BENCH_TOKEN="bench", TMPDIR=str(work))
        for bucket in ["landing-bench", "synced-bench", "state-bench"]:
            servers.put(f"{url}/{bucket}")
        with file.open("rb") as body:
            servers.put(f"{url}/landing-bench/zone/data/{file.name}", body, file.stat().st_size)
        (work / "bench.yaml").write_text(SETTINGS.format(
            sandbox=port, state=told.state, landing="./landing" if told.folders else "s3://landing-bench/zone",
            synced="./synced" if told.folders else "s3://synced-bench"))
        if told.folders:
            (work / "landing" / "data").mkdir(parents=True)
            shutil.copy(file, work / "landing" / "data" / file.name)
        place = "a folder" if told.folders else "a bucket of moto's"
        lines = [
            f"# A million rows out of {'a folder' if told.folders else 'a bucket'}", "",
            f"Written by `make buckets{' PLACE=folders' if told.folders else ''}`. " + " ".join(__doc__.split("\n\n")[1].split()), "",
            f"{told.rows:,} rows, one file of {file.stat().st_size / 1e6:.0f} MB in {place}; state: `{told.state}`. Load of the machine: {os.getloadavg()[0]:.1f}.",
            "", "| what | wall | CPU | peak memory | bar | rows | items sent |", "|---|---|---|---|---|---|---|",
        ]
        lines += measured("plan", vitrine, ["plan", "bench"], work, told.rows)
        lines += measured("run", vitrine, ["run", "bench"], work, told.rows)
    print("\n".join(lines))
    if told.results:
        results.put(lines)


if __name__ == "__main__":
    main()
