# Everything happens in a virtual environment of the project's own; nothing else is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := build
PYTEST_OPTIONS ?=

.PHONY: run test lint bench clean lock

run: $(VENV)/.installed  ## index seeds/ and serve the page at http://127.0.0.1:8000
	$(BIN)/dateline reindex
	$(BIN)/dateline serve

test: $(VENV)/.installed-dev  ## the whole test suite
	@.ci/install-tools
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

lint: $(VENV)/.installed-dev  ## style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed-dev $(BUILD)/synthetic.jsonl  ## all engines on one synthetic archive
	$(BIN)/python -m benchmarks.engines --corpus $(BUILD)/synthetic.jsonl

$(BUILD)/synthetic.jsonl: benchmarks/synthetic.py | $(VENV)/.installed-dev
	mkdir -p $(BUILD)
	$(BIN)/python -m benchmarks.synthetic --articles 300000 $@.part
	mv $@.part $@

clean:  ## remove what was built here: the environment, the archive, caches
	rm -rf $(VENV) $(BUILD) archive dateline.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Dateline needs Python 3.11 or later; name one with make PYTHON=python3.11'; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { rm -rf $(VENV); echo 'No virtual environment could be made. On Debian: apt-get install python3-venv'; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# The locks name packages, versions and hashes, and no host to get them from.
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header

lock: $(VENV)/.installed-dev  ## pin the newest versions that pyproject.toml allows
	$(COMPILE) --upgrade --extra build --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --all-extras --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
