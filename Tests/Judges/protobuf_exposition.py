"""Reads Prometheus' delimited protobuf from stdin with Google's own runtime, and prints its samples as JSON under the names of the text format. The schema is
written here anew, from prometheus/client_model, so that it is not ours that judges us."""

import json
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

TYPES = {"string": 9, "double": 1, "uint64": 4, "int64": 3, "int32": 5, "uint32": 13, "sint32": 17, "sint64": 18, "enum": 5}
SCHEMA = {
    "LabelPair": [("name", 1, "string"), ("value", 2, "string")],
    "Timestamp": [("seconds", 1, "int64"), ("nanos", 2, "int32")],
    "Exemplar": [("label", 1, "*LabelPair"), ("value", 2, "double"), ("timestamp", 3, "Timestamp")],
    "Gauge": [("value", 1, "double")],
    "Counter": [("value", 1, "double"), ("exemplar", 2, "Exemplar"), ("created_timestamp", 3, "Timestamp")],
    "Bucket": [("cumulative_count", 1, "uint64"), ("upper_bound", 2, "double"), ("exemplar", 3, "Exemplar")],
    "BucketSpan": [("offset", 1, "sint32"), ("length", 2, "uint32")],
    "Histogram": [
        ("sample_count", 1, "uint64"), ("sample_sum", 2, "double"), ("bucket", 3, "*Bucket"), ("schema", 5, "sint32"), ("zero_threshold", 6, "double"),
        ("zero_count", 7, "uint64"), ("positive_span", 12, "*BucketSpan"), ("positive_delta", 13, "*sint64"), ("created_timestamp", 15, "Timestamp")],
    "Metric": [("label", 1, "*LabelPair"), ("gauge", 2, "Gauge"), ("counter", 3, "Counter"), ("histogram", 7, "Histogram")],
    "MetricFamily": [("name", 1, "string"), ("help", 2, "string"), ("type", 3, "enum"), ("metric", 4, "*Metric"), ("unit", 5, "string")],
}


def family_class():
    file = descriptor_pb2.FileDescriptorProto(name="judge.proto", package="judge", syntax="proto2")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field, number, kind in fields:
            repeated, kind = kind.startswith("*"), kind.lstrip("*")
            made = message.field.add(name=field, number=number, label=3 if repeated else 1)
            if kind in TYPES:
                made.type = TYPES[kind]
            else:
                made.type, made.type_name = 11, ".judge." + kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("judge.MetricFamily"))


def families(data):
    make, at = family_class(), 0
    while at < len(data):
        size = shift = 0
        while True:
            byte = data[at]
            at, size, shift = at + 1, size | (byte & 127) << shift, shift + 7
            if byte < 128:
                break
        family = make()
        family.ParseFromString(data[at : at + size])
        if family.SerializeToString() != data[at : at + size]:
            raise ValueError(family.name + " has what the schema does not")
        at += size
        yield family


def number(value):
    return "+Inf" if value == float("inf") else str(int(value)) if float(value).is_integer() else repr(value)


def check(histogram, name):
    if histogram.HasField("schema"):
        check_native(histogram, name)
    elif histogram.positive_span or histogram.positive_delta or histogram.HasField("zero_count"):
        raise ValueError(name + ": half a native histogram")
    if histogram.bucket[-1].cumulative_count != histogram.sample_count or histogram.bucket[-1].upper_bound != float("inf"):
        raise ValueError(name + ": +Inf is not the count")
    if any(a.cumulative_count > b.cumulative_count for a, b in zip(histogram.bucket, histogram.bucket[1:])):
        raise ValueError(name + ": buckets fall")


def check_native(histogram, name):
    counts, last = 0, 0
    deltas = list(histogram.positive_delta)
    for span in histogram.positive_span:
        for _ in range(span.length):
            last += deltas.pop(0)
            counts += last
    if deltas or counts + histogram.zero_count != histogram.sample_count or not histogram.positive_span:
        raise ValueError(name + ": the native histogram does not add up")


def main():
    samples = {}

    def add(name, labels, value):
        text = ",".join('%s="%s"' % (key, word.replace("\\", "\\\\").replace('"', '\\"')) for key, word in labels)
        series = name + ("{%s}" % text if text else "")
        if series in samples:
            raise ValueError(series + " twice")
        samples[series] = value

    try:
        for family in families(sys.stdin.buffer.read()):
            for metric in family.metric:
                labels = [(pair.name, pair.value) for pair in metric.label]
                if metric.HasField("histogram"):
                    check(metric.histogram, family.name)
                    for bucket in metric.histogram.bucket:
                        add(family.name + "_bucket", labels + [("le", number(bucket.upper_bound))], bucket.cumulative_count)
                    add(family.name + "_sum", labels, metric.histogram.sample_sum)
                    add(family.name + "_count", labels, metric.histogram.sample_count)
                else:
                    add(family.name, labels, metric.counter.value if metric.HasField("counter") else metric.gauge.value)
    except ValueError as error:
        print(error)
        return 1
    print(json.dumps({"samples": samples}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
