# One file for every routine job. Each target installs what it needs into .venv first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
AUTOBAHN := $(VENV)/autobahn
# Where it is set, Python compiles every module again for each of the hundreds of servers that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run tools test check lint types layers house bench prove mutants clients vendor screenshots lock clean

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(VENV)/.run: requirements.txt pyproject.toml agent/pyproject.toml clients/python/pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e ./agent -e ./clients/python -e .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

# Tools of some tests that are not Python packages: programs and a browser, for which Debian needs root, and from npm manufacturers' codecs
# and what judges pages (pinned in tests/support/vendors.py, where each is judged by its hash). Where something is missing, its tests skip.
VENDORS := @adeunis/codecs@1.6.1 @te-connectivity/iot-codec@3.0.0 axe-core@4.14.1
$(VENV)/.tools: $(VENV)/.run
	@PATH="$$PATH:/usr/sbin"; if ! { command -v mosquitto && command -v curl && command -v jq && command -v oathtool; } >/dev/null \
			&& test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mosquitto mosquitto-clients curl jq oathtool; } \
			>$(VENV)/tools.log 2>&1 || echo "mosquitto, curl, jq or oathtool could not be installed ($(VENV)/tools.log): their tests skip"; \
	fi
	@if ! { command -v chromium && command -v chromedriver; } >/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver; } \
			>>$(VENV)/tools.log 2>&1 || echo "chromium could not be installed ($(VENV)/tools.log): its tests skip"; \
	fi
	@PATH="$$PATH:/usr/sbin"; if ! command -v nginx >/dev/null && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light; } \
			>>$(VENV)/tools.log 2>&1 || echo "nginx could not be installed ($(VENV)/tools.log): its tests skip"; \
	fi
	@mkdir -p $(VENV)/vendors; if command -v npm >/dev/null; then \
		npm pack --silent --pack-destination $(VENV)/vendors $(VENDORS) >>$(VENV)/tools.log 2>&1 || \
			echo "the manufacturers' codecs and axe-core could not be fetched ($(VENV)/tools.log): their tests skip"; \
	fi
	touch $@

# The compiler of the TypeScript client, with which its tests build it (pinned in its lock file).
$(VENV)/.typescript: clients/typescript/package-lock.json | $(VENV)/.run
	@rm -rf $(VENV)/typescript; mkdir -p $(VENV)/typescript; if command -v npm >/dev/null; then \
		cp clients/typescript/package.json clients/typescript/package-lock.json clients/typescript/.npmrc $(VENV)/typescript && \
		npm ci --silent --ignore-scripts --prefix $(VENV)/typescript >>$(VENV)/tools.log 2>&1 || \
			echo "the TypeScript compiler could not be fetched ($(VENV)/tools.log): the tests of that client skip"; \
	fi
	touch $@

# What judges the OpenAPI document and generates from it in tests (pinned in that folder); the Go client's generator where its
# tests can run. It takes 130 MB, and ten seconds where nothing else runs.
DOCUMENT := tests/api/shared/openapi/document/tools
$(VENV)/.document: $(DOCUMENT)/package-lock.json $(DOCUMENT)/openapi-generator.txt | $(VENV)/.run
	@rm -rf $(VENV)/node $(VENV)/openapi-generator; mkdir -p $(VENV)/node; if command -v npm >/dev/null; then \
		cp $(DOCUMENT)/package.json $(DOCUMENT)/package-lock.json $(DOCUMENT)/.npmrc $(VENV)/node && \
		npm ci --silent --ignore-scripts --prefix $(VENV)/node >>$(VENV)/tools.log 2>&1 || \
			echo "what judges the OpenAPI document could not be fetched ($(VENV)/tools.log): its tests skip"; \
	fi
	@if command -v java >/dev/null && command -v go >/dev/null; then \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target $(VENV)/openapi-generator \
			-r $(DOCUMENT)/openapi-generator.txt >>$(VENV)/tools.log 2>&1 || \
			echo "the generator of the Go client could not be installed ($(VENV)/tools.log): its tests skip"; \
	fi
	touch $@

# The client of gRPC in TypeScript, with which its tests make calls (pinned in its lock file).
GRPC := tests/e2e/grpc/typescript
$(VENV)/.grpc-typescript: $(GRPC)/package-lock.json | $(VENV)/.run
	@rm -rf $(VENV)/grpc-typescript; mkdir -p $(VENV)/grpc-typescript; if command -v npm >/dev/null; then \
		cp $(GRPC)/package.json $(GRPC)/package-lock.json $(GRPC)/.npmrc $(VENV)/grpc-typescript && \
		npm ci --silent --ignore-scripts --prefix $(VENV)/grpc-typescript >>$(VENV)/tools.log 2>&1 || \
			echo "the client of gRPC in TypeScript could not be fetched ($(VENV)/tools.log): its tests skip"; \
	fi
	touch $@

# The Autobahn suite is a program of Python 2.7, where there is one (pyenv hides its own behind a name that may not work).
$(VENV)/.autobahn: tests/adapters/frontdoor/autobahn.txt
	@mkdir -p $(VENV); rm -rf $(AUTOBAHN); for python in python2.7 "$$HOME"/.pyenv/versions/2.7.*/bin/python2.7; do \
		place=$$("$$python" -c 'import pip, sys; print(sys.executable)' 2>/dev/null) || continue; \
		"$$place" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target $(AUTOBAHN) -r $< \
			>$(VENV)/autobahn.log 2>&1 && ln -s "$$place" $(AUTOBAHN)/python2 && break; \
		echo "the Autobahn suite could not be installed ($(VENV)/autobahn.log): its tests skip"; \
	done
	touch $@

run: $(VENV)/.run ## Start the server with the demo fleet on 127.0.0.1:8080 (data in ./data)
	$(BIN)/penstock serve --data-dir $(DATA) --demo

tools: $(VENV)/.tools $(VENV)/.typescript $(VENV)/.document $(VENV)/.grpc-typescript $(VENV)/.autobahn ## Get mosquitto, curl, jq, oathtool, chromium, nginx, axe-core, TypeScript, clients of gRPC, Redocly, Spectral, manufacturers' codecs and the Autobahn suite for the tests, where that is possible

# Some of the tests wait for other processes, so that two for each core keep it busy. A file stays in one process, as its tests
# share what they set up. `make test FILE=tests/api/v2/keys` runs what FILE names, in one process; `CASE="DELETE /api"` picks
# from tests that go through many cases those whose name holds it.
FILE ?=
CASE ?=
PYTEST := $(BIN)/python -m pytest $(if $(CASE),--case "$(CASE)")
test: $(VENV)/.dev $(VENV)/.tools $(VENV)/.typescript $(VENV)/.document $(VENV)/.grpc-typescript $(VENV)/.autobahn ## Run the test suite, or FILE=tests/… of it
ifeq ($(FILE),)
	$(PYTEST) -m "not prove" -n 4 --dist loadfile --no-loadscope-reorder --max-worker-restart 0
else
	$(PYTEST) -m "not prove" $(FILE)
endif

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

prove: $(VENV)/.dev $(VENV)/.tools $(VENV)/.typescript $(VENV)/.document $(VENV)/.grpc-typescript $(VENV)/.autobahn ## The long catalogue: kills, power cuts, long fuzzing, whole matrices
	$(BIN)/python -m pytest -m prove -rA

mutants: $(VENV)/.dev ## Plant bugs one by one in a copy of the tree, and print which test finds each
	$(BIN)/python -m mutants

clients: $(VENV)/.dev ## Write the client libraries again from the OpenAPI document
	$(BIN)/python -m clients.generator

vendor: ## Fetch the libraries of the console's pages again (needs npm; see vendoring/README.md)
	$(PYTHON) vendoring/vendor.py

screenshots: $(VENV)/.dev $(VENV)/.tools ## Take the pictures of the guide to the console again
	$(BIN)/python -m tests.support.screenshots

lock: $(VENV)/.dev ## Pin the versions again from pyproject.toml
	$(BIN)/python -m piptools compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras --no-annotate --allow-unsafe --extra build --extra connect --extra mcp -o requirements.txt pyproject.toml
	$(BIN)/python -m piptools compile -q --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras --no-annotate --allow-unsafe --extra build --extra connect --extra mcp --extra dev -o requirements-dev.txt pyproject.toml

clean: ## Remove the environment and caches (never ./data)
	rm -rf $(VENV) build .mypy_cache .ruff_cache .hypothesis
