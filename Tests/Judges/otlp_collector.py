"""An OTLP/HTTP receiver on a port that the system chooses, which is its first line of output. What comes is decoded with opentelemetry-proto.

    python otlp_collector.py [ANSWER ...]

Each answer is given once, in order, and then all is taken: `ok`, `503`, `503:2` (with Retry-After), `400`, `slow` (answers never), `partial:3` (three rejected),
`warn` (a message and nothing rejected). GET /received tells what came; GET /samples the newest figures under the names that Prometheus' own receiver gives them.
"""

import gzip
import http.server
import json
import os
import sys
import threading

from google.protobuf.json_format import MessageToDict
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces

KINDS = {
    "/v1/metrics": (metrics.ExportMetricsServiceRequest, metrics.ExportMetricsServiceResponse, "rejected_data_points"),
    "/v1/logs": (logs.ExportLogsServiceRequest, logs.ExportLogsServiceResponse, "rejected_log_records"),
    "/v1/traces": (traces.ExportTraceServiceRequest, traces.ExportTraceServiceResponse, "rejected_spans"),
}
UNITS = {"s": "seconds", "By": "bytes"}
answers, received, taken, lock = sys.argv[1:], [], [], threading.Lock()


def unknown(message):
    if len(UnknownFieldSet(message)):
        return True
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE and any(unknown(inner) for inner in ([value] if hasattr(value, "ListFields") else value)):
            return True
    return False


def number(value):
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def samples():
    """Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility"."""
    found = {}

    def add(name, attributes, value, more=()):
        labels = [(pair.key, pair.value.string_value) for pair in attributes] + list(more)
        text = ",".join('%s="%s"' % (key, word.replace("\\", "\\\\").replace('"', '\\"')) for key, word in labels)
        series = name + ("{%s}" % text if text else "")
        if series in found:
            raise ValueError(series + " twice")
        found[series] = value

    newest = [message for path, message in taken if path == "/v1/metrics"][-1:]
    for metric in [m for message in newest for r in message.resource_metrics for s in r.scope_metrics for m in s.metrics]:
        kind = metric.WhichOneof("data")
        name = metric.name.replace(".", "_")
        if metric.unit in UNITS:
            name += "_" + UNITS[metric.unit]
        elif metric.unit == "1" and kind == "gauge":
            name += "_ratio"
        if kind == "sum" and metric.sum.is_monotonic and metric.sum.aggregation_temporality == 2:
            name += "_total"
        for point in getattr(metric, kind).data_points:
            if kind == "histogram":
                if metric.histogram.aggregation_temporality != 2 or len(point.bucket_counts) != len(point.explicit_bounds) + 1 or sum(point.bucket_counts) != point.count:
                    raise ValueError(name + " does not fit together")
                total = 0
                for bound, count in zip([number(b) for b in point.explicit_bounds] + ["+Inf"], point.bucket_counts):
                    total += count
                    add(name + "_bucket", point.attributes, total, [("le", bound)])
                add(name + "_sum", point.attributes, point.sum)
                add(name + "_count", point.attributes, point.count)
            else:
                add(name, point.attributes, point.as_int if point.WhichOneof("value") == "as_int" else point.as_double)
    return found


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/x-protobuf", headers=()):
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with lock:
            try:
                found = {"/received": received, "/samples": samples()}[self.path]
            except ValueError as error:
                return self.answer(500, str(error).encode())
            self.answer(200, json.dumps(found).encode(), "application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        request, response, rejected = KINDS[self.path]
        with lock:
            manner = answers.pop(0) if answers else "ok"
            message = request()
            message.ParseFromString(gzip.decompress(body) if packed else body)
            status = 200 if manner in ("ok", "warn", "slow") or manner.startswith("partial") else int(manner.split(":")[0])
            received.append({
                "path": self.path, "status": status, "packed": packed, "headers": {k.lower(): v for k, v in self.headers.items()},
                "body": MessageToDict(message, preserving_proto_field_name=True), "unknown": unknown(message)})
            if status == 200:
                taken.append((self.path, message))
        answer = response()
        if manner == "slow":
            threading.Event().wait()
        if manner.startswith("partial"):
            setattr(answer.partial_success, rejected, int(manner.split(":")[1]))
            answer.partial_success.error_message = "too old"
        if manner == "warn":
            answer.partial_success.error_message = "this endpoint goes away"
        wait = [("Retry-After", manner.split(":")[1])] if status != 200 and ":" in manner else []
        self.answer(status, answer.SerializeToString() if status == 200 else b"", headers=wait)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()
