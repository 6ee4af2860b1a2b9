"""`make buckets`: one large file out of a bucket of moto's, planned and run, with the peak memory of vitrine.

moto keeps the buckets in its own memory and hands them out in Python, so the times are not S3's; the memory is vitrine's own. The run sends to
vitrine's sandbox. Run by an interpreter that can import moto (`make judges`).

The table goes to standard output, and to Benchmarks/BUCKETS.md with --results.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import data
from compare import BYTES_A_ROW, FLOOR_BYTES, ROOT, Run

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
MOTO = """
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
import logging; logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


def put(url: str, body=None, length: int = 0) -> None:
    scope = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Authorization": scope, "Content-Length": str(length), "Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request) as answer:
        answer.read()


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
    ask.add_argument("--results", action="store_true", help="write Benchmarks/BUCKETS.md")
    told = ask.parse_args()
    vitrine = str(Path(told.vitrine).resolve())
    source = data.make(told.folder, told.rows, 1, False, told.seed) / "data"
    file = next(source.iterdir())
    work = told.folder / "buckets"
    subprocess.run(["rm", "-rf", str(work)], check=True)
    work.mkdir(parents=True)

    moto = subprocess.Popen([sys.executable, "-c", MOTO], stdout=subprocess.PIPE, text=True)
    sandbox = subprocess.Popen([vitrine, "sandbox", "--port", "0", "--token", "bench"], stderr=subprocess.PIPE, text=True)
    try:
        url = f"http://127.0.0.1:{int(moto.stdout.readline())}"
        port = None
        while port is None:
            line = sandbox.stderr.readline()
            found = re.search(r"127\.0\.0\.1:(\d+)", line)
            port = found.group(1) if found else None
            if not line:
                sys.exit("the sandbox did not start")
        os.environ.update(
            AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench", AWS_REGION="us-east-1", BENCH_TOKEN="bench", TMPDIR=str(work))
        for bucket in ["landing-bench", "synced-bench", "state-bench"]:
            put(f"{url}/{bucket}")
        with file.open("rb") as body:
            put(f"{url}/landing-bench/zone/data/{file.name}", body, file.stat().st_size)
        (work / "bench.yaml").write_text(SETTINGS.format(
            sandbox=port, state=told.state, landing="./landing" if told.folders else "s3://landing-bench/zone",
            synced="./synced" if told.folders else "s3://synced-bench"))
        if told.folders:
            (work / "landing" / "data").mkdir(parents=True)
            shutil.copy(file, work / "landing" / "data" / file.name)
        place = "a folder" if told.folders else "a bucket of moto's"
        lines = [
            f"`make buckets ROWS={told.rows} SEED={told.seed}`: {told.rows:,} rows, one file of {file.stat().st_size / 1e6:.0f} MB in {place}; state: `{told.state}`.",
            "", "| what | wall | CPU | peak memory | bar | rows | items sent |", "|---|---|---|---|---|---|---|",
        ]
        lines += measured("plan", vitrine, ["plan", "bench"], work, told.rows)
        lines += measured("run", vitrine, ["run", "bench"], work, told.rows)
    finally:
        moto.kill()
        sandbox.kill()
    print("\n".join(lines))
    if told.results:
        (ROOT / "Benchmarks" / "BUCKETS.md").write_text("\n".join(["# A million rows out of a bucket", "", *lines]) + "\n")


if __name__ == "__main__":
    main()
