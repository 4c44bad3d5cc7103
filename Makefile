# Needs Python 3.11 or newer, pip and make. Every target prepares what it depends on.
#   make PYTHON=python3.12 setup     chooses the interpreter

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp
ENGINES := $(VENV)/.engines

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-fast test-slow coverage bench mechanisms validation operations experiments lint format notebook wheel clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s  %s\n", $$1, $$2 }' Makefile

setup: $(STAMP) ## Create .venv and install the package with its tools

$(STAMP): pyproject.toml constraints.txt
	@if [ ! -x $(BIN)/python ]; then \
	  command -v $(PYTHON) >/dev/null 2>&1 || \
	    { echo "simsupply needs Python 3.11 or newer, and '$(PYTHON)' was not found; name one with: make PYTHON=/path/to/python3 setup" >&2; exit 1; }; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "simsupply needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1); name a newer one with: make PYTHON=/path/to/python3 setup" >&2; exit 1; }; \
	  $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	    { echo "'$(PYTHON)' cannot create virtual environments because its venv module is absent or incomplete; on Debian or Ubuntu install it with: apt-get install python3-venv" >&2; exit 1; }; \
	  echo "Creating $(VENV)"; \
	  $(PYTHON) -m venv $(VENV); \
	fi
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(VENV) holds $$($(BIN)/python --version 2>&1), and simsupply needs 3.11 or newer; delete $(VENV) and run make again" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@echo "Installing simsupply and its tools into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 -c constraints.txt -e '.[dev]'
	@touch $@

run: $(STAMP) ## Compare the first plan's strategies; results in outputs/first_plan
	@$(BIN)/simsupply compare output=outputs/first_plan
	@echo "Results: outputs/first_plan"

test: export MPLBACKEND := Agg
test: $(STAMP) ## Check style, types and rooms, then run the tests
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-fast: export MPLBACKEND := Agg
test-fast: $(STAMP) ## Run what is quick of the tests of every room, in a minute or so
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not lengthy" $(ARGS)

test-slow: export MPLBACKEND := Agg
test-slow: $(STAMP) ## Run the tests that take minutes (tests/slow)
	@$(BIN)/python -m pytest tests/slow

coverage: export MPLBACKEND := Agg
coverage: $(STAMP) ## Run the tests, show how many lines of each room they reach
	@$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=json:coverage.json
	@$(BIN)/python -m tests.architecture.coverage_by_room coverage.json

# Other engines to compare with, one by one: where one cannot be installed, its rows of the table say so.
$(ENGINES): $(STAMP) benchmarks/constraints.txt
	@echo "Installing other engines to compare with into $(VENV)"
	@for engine in cimba ciw salabim; do \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    -c constraints.txt -c benchmarks/constraints.txt $$engine || echo "$$engine could not be installed" >&2; \
	done
	@touch $@

bench: export MPLBACKEND := Agg
bench: $(ENGINES) ## Measure speed and memory, write docs/performance.md (ARGS=--quick: a smoke run)
	@$(BIN)/python -m benchmarks $(ARGS)

mechanisms: $(STAMP) ## Switch every mechanism off and on, write docs/mechanisms.md (ARGS=--only NAME: one)
	@$(BIN)/python -m mechanisms $(ARGS)

experiments: export MPLBACKEND := Agg
experiments: $(STAMP) ## Answer the questions of experiments/ anew, but for those up to date (ARGS=--again: all)
	@$(BIN)/python -m experiments $(ARGS)

validation: $(STAMP) ## Measure the promises of the statistics, write docs/validation.md (ARGS=--repetitions N)
	@$(BIN)/python -m validation $(ARGS)

operations: $(STAMP) ## Run the published operations as plans, write their part of docs/validation.md
	@$(BIN)/python -m validation.operations $(ARGS)

lint: $(STAMP) ## Check style, formatting, types, and which room imports which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tests.architecture.rooms

format: $(STAMP) ## Sort imports, apply safe fixes and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

notebook: $(STAMP) ## Open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

wheel: $(STAMP) ## Build the source archive and the wheel into dist/
	@$(BIN)/python -m build --no-isolation

clean: ## Remove build products and caches; keeps .venv and outputs
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov coverage.json
	@find . -name .venv -prune -o -name .git -prune -o -type d \
	  \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
