"""Reads OpenMetrics 1.0 from stdin with prometheus-client's strict parser, and prints what it says as JSON; ends with 1 and the fault where there is one."""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families


def number(text):
    return text if text == "+Inf" else str(int(float(text))) if float(text).is_integer() else text


def main():
    samples, created, exemplars, families = {}, {}, [], {}
    text = sys.stdin.buffer.read().decode()
    try:
        found = list(text_string_to_metric_families(text))
    except ValueError as error:
        print(error)
        return 1
    for family in found:
        families[family.name] = [family.type, family.unit]
        for sample in family.samples:
            labels = ",".join(
                '%s="%s"' % (key, (number(value) if key == "le" else value).replace("\\", "\\\\").replace('"', '\\"')) for key, value in sample.labels.items())
            series = sample.name + ("{%s}" % labels if labels else "")
            into = created if sample.name.endswith("_created") else samples
            if series in into:
                print(series + " twice")
                return 1
            into[series] = sample.value
            if sample.exemplar:
                exemplars.append({"series": series, "labels": sample.exemplar.labels, "value": sample.exemplar.value, "time": float(sample.exemplar.timestamp)})
    print(json.dumps({"samples": samples, "created": created, "exemplars": exemplars, "families": families}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
