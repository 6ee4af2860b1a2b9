"""What vitrine speaks to in a benchmark: its own sandbox in Meta's place, moto in the place of AWS, and an HTTP server that takes whatever comes."""

import re
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

MOTO = """
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
import logging; logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""
# Takes OTLP and what is put to a Pushgateway, and keeps nothing of it.
TAKER = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Taker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_PUT = do_POST
    def log_message(self, *words): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def python_server(text: str):
    """The address of a server that prints its port."""
    process = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def moto():
    return python_server(MOTO)


def taker():
    return python_server(TAKER)


@contextmanager
def sandbox(vitrine: str):
    """The port of a sandbox that wants the token `bench`."""
    process = subprocess.Popen([vitrine, "sandbox", "--port", "0", "--token", "bench"], stderr=subprocess.PIPE, text=True)
    try:
        found = None
        while found is None:
            line = process.stderr.readline()
            if not line:
                sys.exit("the sandbox did not start")
            found = re.search(r"127\.0\.0\.1:(\d+)", line)
        yield int(found.group(1))
    finally:
        process.kill()
        process.wait()


def put(url: str, body=None, length: int = 0) -> None:
    """Into a bucket of moto's, which wants a signature and looks at none."""
    scope = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Authorization": scope, "Content-Length": str(length), "Content-Type": "application/octet-stream"})
    with urllib.request.urlopen(request) as answer:
        answer.read()
