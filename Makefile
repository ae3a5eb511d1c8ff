# Firsthand. `make help` lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
RUN_STAMP := $(VENV)/.run
TEST_STAMP := $(VENV)/.test
BROWSER_STAMP := $(VENV)/.browser
DEMO := demo-instance

.PHONY: help run test lint format demo lock styles clean
.DEFAULT_GOAL := help

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(RUN_STAMP) ## set everything up and serve at FIRSTHAND_BIND (default 127.0.0.1:8000)
	@exec $(BIN)/flask serve

test: $(TEST_STAMP) $(BROWSER_STAMP) ## set everything up and run the tests, on SQLite and PostgreSQL, in Chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(TEST_STAMP) ## formatter, linter, type checker, template linter
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/djlint --quiet --check --lint templates

format: $(TEST_STAMP) ## put code and templates into their form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --quiet --reformat templates

demo: $(RUN_STAMP) ## a new instance with invented stories in every state, and serve it
	@rm -rf $(DEMO)
	@FIRSTHAND_INSTANCE=$(DEMO) $(BIN)/flask demo --published 60 --waiting 25 --seed 7
	@FIRSTHAND_INSTANCE=$(DEMO) exec $(BIN)/flask serve

lock: $(VENV)/.uv ## resolve requirements*.in again
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --upgrade requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --upgrade requirements-dev.in -o requirements-dev.txt

styles: ## compile the style sheet (needs Node.js)
	cd styles && npm ci && npm run build

clean: ## take away what was made, but not the instance
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This machine cannot make a Python environment. Install it: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.uv: $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || echo "uv is not to be had here; pip does its work, more slowly" >&2
	@touch $@

# Installing for tests includes what running needs; installing for running leaves test tools that are there.
$(RUN_STAMP): requirements.txt $(VENV)/.uv
	@echo "Installing what Firsthand needs"
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --require-hashes -r requirements.txt; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; fi
	@touch $@

$(TEST_STAMP): requirements-dev.txt $(RUN_STAMP)
	@echo "Installing what the tests need"
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.txt; \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt; fi
	@touch $@

$(BROWSER_STAMP): $(TEST_STAMP)
	@$(BIN)/python -m tests.browser
	@touch $@
