# One file for every routine job. Each target installs what it needs into .venv first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
# Where it is set, Python compiles every module again for each of the hundreds of servers that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run tools test check lint types layers house bench prove lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/.run: requirements.txt pyproject.toml agent/pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e ./agent -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# What tests want and is no Python package: programs, which only root of a Debian gets, and makers' codecs, which npm brings (pinned in
# tests/support/vendors.py, where each is judged by its hash). Where something is missing, its tests skip.
VENDORS := @adeunis/codecs@1.6.1 @te-connectivity/iot-codec@3.0.0
$(VENV)/.tools: $(VENV)/.run
	@PATH="$$PATH:/usr/sbin"; if ! command -v mosquitto >/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mosquitto; } \
			>$(VENV)/tools.log 2>&1 || echo "mosquitto could not be installed ($(VENV)/tools.log): its tests skip"; \
	fi
	@mkdir -p $(VENV)/vendors; if command -v npm >/dev/null; then \
		npm pack --silent --pack-destination $(VENV)/vendors $(VENDORS) >>$(VENV)/tools.log 2>&1 || \
			echo "makers' codecs could not be fetched ($(VENV)/tools.log): their tests skip"; \
	fi
	touch $@

run: $(VENV)/.run ## Start the server with the demo fleet on 127.0.0.1:8080 (data in ./data)
	$(BIN)/penstock serve --data-dir $(DATA) --demo

tools: $(VENV)/.tools ## Get mosquitto and makers' codecs for the tests, where that is possible

test: $(VENV)/.dev $(VENV)/.tools ## Run the test suite
	$(BIN)/python -m pytest -m "not prove and not alone" -n 4 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest -m "alone and not prove"

lint: $(VENV)/.dev ## Style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Strict types
	$(BIN)/mypy

layers: $(VENV)/.dev ## Import contracts
	$(BIN)/lint-imports

check: lint types layers test ## Everything CI checks

bench: $(VENV)/.dev ## Measure; prints one table with limits beside the figures
	$(BIN)/python -m bench

prove: $(VENV)/.dev $(VENV)/.tools ## The long catalogue: kills, power cuts, long fuzzing
	$(BIN)/python -m pytest -m prove -rA

lock: $(VENV)/.dev ## Pin the versions again from pyproject.toml
	$(BIN)/python -m piptools compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras --no-annotate --allow-unsafe --extra build -o requirements.txt pyproject.toml
	$(BIN)/python -m piptools compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras --no-annotate --allow-unsafe --extra build --extra dev -o requirements-dev.txt pyproject.toml

clean: ## Remove the environment and caches (never ./data)
	rm -rf $(VENV) build .mypy_cache .ruff_cache .hypothesis
