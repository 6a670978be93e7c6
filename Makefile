# Needs Python 3.11 or newer, make and git; everything else goes into .venv.
# `make PYTHON=/path/to/python3` chooses the Python, `make SITE=DIR` the folder of the site.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
SITE ?= site
PORT ?= 8000
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check
TESTS ?=

# The first Python that is new enough; empty where there is none, which `make site` and `make test` then say.
FIND_PYTHON = for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$name"; break; }; done
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell $(FIND_PYTHON))
endif

# Stamps: set-up runs again only when what is installed changes, so that everything else works offline.
RUNTIME := $(VENV)/.assay-runtime
DEV := $(VENV)/.assay-dev

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

$(PY):
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer was found (install one, or use make PYTHON=/path/to/python3)" >&2; exit 2; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $(PYTHON) is no Python 3.11 or newer" >&2; exit 2; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { echo "error: $(PYTHON) comes without venv (on Debian: apt-get install python3-venv)" >&2; exit 2; }
	@echo "Setting up $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv "$(VENV)"

$(RUNTIME): pyproject.toml | $(PY)
	@echo "Installing Assay and what it needs"
	@$(PIP) install --editable .
	@touch $@

$(DEV): pyproject.toml | $(PY)
	@echo "Installing Assay with the tools that check it"
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(RUNTIME)

.PHONY: setup
setup: $(RUNTIME) ## Set up .venv with what Assay needs to run

.PHONY: site
site: $(RUNTIME) ## Build the demo's site into site/
	@$(VENV)/bin/assay demo --output "$(SITE)"
	@echo "Open the line above in a browser: no server is needed (make serve starts one all the same)."

.PHONY: serve
serve: $(RUNTIME) ## Serve site/ on this machine alone
	@test -f "$(SITE)/index.html" || $(MAKE) site
	@$(VENV)/bin/assay serve --output "$(SITE)" --port $(PORT)

.PHONY: test
test: lint types unit ## Run everything that must pass: lint with the import contract, types, tests

.PHONY: lint
lint: $(DEV) ## Check style, format, and that rooms import each other in one direction only
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports

.PHONY: format
format: $(DEV) ## Format the code, and mend what can be mended without thought
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

.PHONY: types
types: $(DEV) ## Check types
	$(VENV)/bin/mypy

# Tests start the program some hundred times with no leave to write beside its code: each would compile all of it.
.PHONY: compiled
compiled: $(DEV) ## Compile the program and its templates, which the tests start many times
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -m compileall -q generator
	@env -u PYTHONDONTWRITEBYTECODE $(PY) -m generator.site.precompile

.PHONY: unit
unit: compiled ## Run the tests; TESTS=tests/unit/model narrows them
	$(VENV)/bin/pytest -n 3 --dist loadfile $(TESTS)

.PHONY: fuzz
fuzz: $(DEV) ## Try the properties on many new examples
	ASSAY_FUZZ=1 $(VENV)/bin/pytest -n 2 tests/property $(TESTS)

.PHONY: reproducible
reproducible: $(DEV) ## Build the demo on machines of every kind, then kill it and fill its disk at 200 points each
	PYTHONPATH=tests $(PY) -m reproducible.run
	ASSAY_POINTS=200 $(VENV)/bin/pytest tests/bad/test_bad_faults.py

.PHONY: bench
bench: $(RUNTIME) ## Measure large histories
	$(PY) tests/bench/run.py

.PHONY: bench-judging
bench-judging: $(RUNTIME) ## Measure what checks, drift and triage add on a large history
	$(PY) tests/bench/judging.py

.PHONY: bench-metrics
bench-metrics: $(DEV) ## Measure what delivery measures take on a large history
	$(PY) tests/bench/metrics.py

.PHONY: bench-real
bench-real: $(DEV) ## Measure the histories of real projects, where they are present
	$(PY) tests/bench/real.py

.PHONY: golden
golden: $(DEV) ## Refresh the golden files after a change that is meant
	ASSAY_REFRESH=1 $(VENV)/bin/pytest tests/golden

.PHONY: screenshots
screenshots: $(DEV) ## Take the pictures in docs/images and docs/screenshots again (needs chromium)
	$(PY) docs/images/make.py
	PYTHONPATH=tests $(PY) docs/screenshots/make.py

define WRITE_SCHEMAS
from pathlib import Path
from generator.events.schemas import make_schemas as record_schemas
from generator.evidence.schemas import make_schemas, schema_text
from generator.readers.explicit.shapes import schemas
texts = {f"generator/evidence/schema/{name}.schema.json": schema_text(found) for name, found in make_schemas().items()}
texts |= {f"generator/events/schema/{name}.schema.json": schema_text(found) for name, found in record_schemas().items()}
texts |= {f"generator/readers/schemas/{name}": text for name, text in schemas().items()}
for name, text in sorted(texts.items()):
    Path(name).write_text(text, "utf-8")
    print(name)
endef
export WRITE_SCHEMAS

.PHONY: schemas
schemas: $(RUNTIME) ## Write the JSON Schemas that come with the package again
	@$(PY) -c "$$WRITE_SCHEMAS"

.PHONY: texts
texts: $(DEV) ## Bring the catalogues of the pages' texts up to date; LANGUAGE=fr begins a new one
	PYTHONPATH=tests $(PY) -m support.texts $(LANGUAGE)

.PHONY: clean
clean: ## Remove everything that was made, .venv included
	rm -rf "$(VENV)" "$(SITE)" build dist .bench .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find generator tests docs -name __pycache__ -type d -prune -exec rm -rf {} +
