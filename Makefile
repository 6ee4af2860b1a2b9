# Everything a person does here. `make run` and `make test` do all the set-up on a fresh Debian 12 with Swift 6.3.

# What the build links, beside the Swift toolchain.
PACKAGES := libcurl4-openssl-dev libssl-dev zlib1g-dev libsqlite3-dev libprotobuf-c-dev
# Linked statically, so that the binary runs on a machine without Swift.
RELEASE  := swift build -c release --static-swift-stdlib --product vitrine
# All tests at once would keep each other waiting until their time limits.
FEW_AT_ONCE := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8
# Outside judges for the tests: programs of Debian and PyPI.
JUDGES   := $(CURDIR)/.build/judges
JUDGE_PACKAGES := prometheus prometheus-alertmanager prometheus-pushgateway
# `make bench`: rows, files (`1`, `100`, with `gz` packed), peers, rounds and the seed of the data. `make fuzz`: for how long, and from which seed.
SIZES    := 1000000
SHAPES   := 1
PEERS    := polars,duckdb,pandas
ROUNDS   := 5
SEED     := 7
ROWS     := 1000000
SECONDS  := 60
LOG_BYTES := 1000000000
FUZZ     := $(shell date +%s)
BENCH    := $(CURDIR)/.build/bench
ROOT     := $(if $(filter 0,$(shell id -u)),,sudo )

.PHONY: help run test build bench bench-logs bench-trace bench-telemetry buckets micro fuzz setup judges docs clean
.DEFAULT_GOAL := help

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: setup ## build it and see it at work on a sample shop, with a sandbox in Meta's place
	@$(RELEASE)
	@"$$($(RELEASE) --show-bin-path)/vitrine" demo

test: setup judges ## all tests
	@swift build --build-tests
	@PATH="$(JUDGES)/usr/bin:$$PATH" $(FEW_AT_ONCE) swift test --skip-build

build: setup ## the release binary; its path is the last line
	@$(RELEASE)
	@echo "$$($(RELEASE) --show-bin-path)/vitrine"

bench: setup ## vitrine beside DuckDB, Polars and pandas: times, memory, ratios (SIZES=10000,1000000 SHAPES=1,100,1gz ROUNDS=5)
	@$(RELEASE)
	@test -x $(BENCH)/.venv/bin/python || python3 -m venv $(BENCH)/.venv
	@$(BENCH)/.venv/bin/pip install -q --disable-pip-version-check --upgrade duckdb polars pandas
	@$(BENCH)/.venv/bin/python Benchmarks/compare/compare.py --vitrine "$$($(RELEASE) --show-bin-path)/vitrine" --folder $(BENCH) \
	  --sizes $(SIZES) --shapes $(SHAPES) --peers $(PEERS) --rounds $(ROUNDS) --seed $(SEED) --results

bench-logs: setup ## vitrine logs beside grep, jq and DuckDB over 1 GB of log lines (LOG_BYTES=1000000000 ROUNDS=5)
	@$(RELEASE)
	@test -x $(BENCH)/.venv/bin/python || python3 -m venv $(BENCH)/.venv
	@$(BENCH)/.venv/bin/pip install -q --disable-pip-version-check --upgrade duckdb
	@command -v jq >/dev/null || $(ROOT)env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends jq >/dev/null
	@$(BENCH)/.venv/bin/python Benchmarks/compare/logs.py --vitrine "$$($(RELEASE) --show-bin-path)/vitrine" --folder $(BENCH)/logs \
	  --size $(LOG_BYTES) --rounds $(ROUNDS) --seed $(SEED) --results

bench-trace: setup ## vitrine trace over thirty days of hourly runs
	@$(RELEASE)
	@python3 Benchmarks/compare/trace.py --vitrine "$$($(RELEASE) --show-bin-path)/vitrine" --folder $(BENCH)/trace --results

buckets: setup judges ## a file of a million rows out of a bucket (moto): times and peak memory (ROWS=1000000 PLACE=folders)
	@$(RELEASE)
	@$(JUDGES)/venv/bin/python Benchmarks/compare/buckets.py --vitrine "$$($(RELEASE) --show-bin-path)/vitrine" --folder $(BENCH) \
	  --rows $(ROWS) --seed $(SEED) $(if $(filter folders,$(PLACE)),--folders) --results

bench-telemetry: setup judges ## what all sinks cost a run (ROUNDS=5)
	@$(RELEASE)
	@$(JUDGES)/venv/bin/python Benchmarks/compare/telemetry.py --vitrine "$$($(RELEASE) --show-bin-path)/vitrine" --folder $(BENCH) \
	  --rounds $(ROUNDS) --seed $(SEED) --results

micro: setup ## the parts of the row path one by one, in nanoseconds
	@swift run -c release --package-path Benchmarks feedbench

fuzz: setup ## nasty files against the twins for a while (SECONDS=60 FUZZ=seed)
	@swift build --build-tests
	@FUZZ_SECONDS=$(SECONDS) FUZZ_SEED=$(FUZZ) swift test --skip-build --filter FuzzTests

docs: setup ## write docs/reference and vitrine.example.yaml anew, from the code
	@swift build --product vitrine
	@"$$(swift build --show-bin-path)/vitrine" reference --folder .

setup: ## install the Debian packages that are missing
	@command -v swift >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install/linux/debian/12/" >&2; exit 1; }
	@missing=""; for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "Installing:$$missing"; \
	  $(ROOT)apt-get update -qq && $(ROOT)env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; fi

# Outside judges for the tests. Prometheus and its kin are unpacked and not installed: no service is started. Without network their tests
# are skipped, and say so.
judges:
	@$(MAKE) -s $(JUDGES)/usr/bin/prometheus $(JUDGES)/venv/.complete || echo "Not all judges could be had; their tests are skipped."
	@command -v chromium >/dev/null || { echo "Installing: chromium"; \
	  $(ROOT)env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null; } \
	  || echo "chromium could not be had; its tests are skipped."

$(JUDGES)/usr/bin/prometheus:
	@mkdir -p $(JUDGES) && cd $(JUDGES) && $(ROOT)apt-get update -qq && apt-get download -qq $(JUDGE_PACKAGES) >/dev/null \
	  && for package in *.deb; do dpkg-deb -x $$package . || exit 1; done && rm -f *.deb && touch $@

$(JUDGES)/venv/.complete: Tests/Judges/requirements.txt
	@python3 -c 'import ensurepip' 2>/dev/null || $(ROOT)env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
	@python3 -m venv $(JUDGES)/venv && $(JUDGES)/venv/bin/pip install -q --disable-pip-version-check -r $< && touch $@

clean: ## remove what was built
	@rm -rf .build vitrine-demo
