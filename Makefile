# mlplayground: two commands on a fresh machine are `make lab` and `make test`.
# Needed beforehand: Python 3.11 or newer. Everything else is installed into $(VENV).
#
#   make lab LAB_ARGS="--no-browser --port 8899"   arguments for JupyterLab
#   make test ALLOW_SKIPS=1                        accept what cannot run here
#   make bench BENCH="recorder server"             only these measurements
#   make check VENV=/tmp/venv                      another environment

VENV ?= .venv
LAB_ARGS ?=
BENCH ?=
ALLOW_SKIPS ?=
BIN := $(abspath $(VENV))/bin
export ALLOW_SKIPS

# Whatever makes an installed environment stale. Python files do not: it is editable.
SOURCES := pyproject.toml constraints.txt hatch_build.py scripts/install \
  $(shell find labextension server_ext/jupyter-config server_ext/voila-template -type f \
    -not -path '*/node_modules/*' -not -path '*/lib/*' -not -name '*.tsbuildinfo')

.PHONY: help lab test check lint fast bench soak build screenshots clean

help:
	@echo "make lab          install the core and open JupyterLab at the curriculum (first time: 1-2 min)"
	@echo "make test         run everything, Chromium and PostgreSQL included (under 20 min)"
	@echo "make check        style, types, layers and the fast tests (under 90 s)"
	@echo "make bench        measurements"
	@echo "make soak         the large counts; goes on where it was stopped (rm -r .soak: anew)"
	@echo "make build        sdist and wheel, into dist/"
	@echo "make screenshots  new pictures for README and docs"
	@echo "make clean        remove what was built; keeps $(VENV)"

lab: $(VENV)/.installed-core
	@$(BIN)/mlplayground lab $(LAB_ARGS)

test: $(VENV)/.installed-dev
	@scripts/system-packages
	@scripts/test $(BIN)

check: $(VENV)/.installed-dev lint fast

lint: $(VENV)/.installed-dev
	@scripts/lint $(BIN)

fast: $(VENV)/.installed-dev
	@scripts/fast $(BIN)

bench: $(VENV)/.installed-dev
	@scripts/bench $(BIN) $(BENCH)

soak: $(VENV)/.installed-dev
	@$(BIN)/pytest -q -s -m soak tests

build: $(VENV)/.installed-dev
	@rm -rf dist
	@$(BIN)/python -m build

screenshots: $(VENV)/.installed-dev
	@$(BIN)/python scripts/screenshots.py

clean:
	rm -rf build dist mlplayground/labextension labextension/lib labextension/node_modules \
	  labextension/*.tsbuildinfo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache \
	  .hypothesis .benchmarks
	find mlplayground server_ext tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed-core: $(SOURCES)
	@scripts/install $(VENV)
	@touch $@

$(VENV)/.installed-dev: $(SOURCES)
	@scripts/install $(VENV) dev dask postgres
	@touch $@ $(VENV)/.installed-core
