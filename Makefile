# Impact-KPI. `make help` lists what you can do; the README starts with `make mart` and `make test`.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
SOURCES ?= demo
READY   := $(VENV)/.klaar

export DO_NOT_TRACK := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup mart site serve test test-long bench lint format ui manifest lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo "  SOURCES=demo (default) | live | <archive folder> | <base address>, for example: make mart SOURCES=live"

setup: $(READY) ## make the virtual environment from requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; ok = (3, 11) <= sys.version_info[:2] <= (3, 13); sys.exit(0 if ok else \
	  "Impact-KPI needs Python 3.11, 3.12 or 3.13; %s is Python %d.%d. Try: make mart PYTHON=python3.12" \
	  % (sys.executable, *sys.version_info[:2]))'
	@echo "Setting up $(VENV) (once, about two minutes) ..."
	@$(PYTHON) -m venv --clear $(VENV) || { echo "Could not make a virtual environment; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

mart: $(READY) ## fetch the sources, build and publish the mart, show what came of it
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/impact-kpi refresh || [ $$? -eq 2 ]
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/impact-kpi overzicht

site: $(READY) ## the site of the publication on http://127.0.0.1:8765; makes the mart first when there is none
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/impact-kpi site > /dev/null 2>&1 || $(MAKE) --no-print-directory mart
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/impact-kpi site --serveer

test: $(READY) ## every test but the long ones
	@# Three at a time on two cores: some wait for a browser, an answer or a process.
	@$(BIN)/pytest -n 3 --dist loadgroup -m "not long"

test-long: $(READY) ## the tests that take minutes to hours: guides, kills, readers, thirty nights, whole nights of faults
	@$(BIN)/pytest -m long

bench: $(READY) ## the benchmarks, side by side with their peers; takes many minutes
	@$(BIN)/python -m benchmarks.open_data
	@$(BIN)/python -m benchmarks.own_data
	@$(BIN)/python -m benchmarks.pages

lint: $(READY) ## ruff, mypy, sqlfluff and codespell
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 dbt_project
	@$(BIN)/codespell

format: $(READY) ## let ruff and sqlfluff mend what they can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix dbt_project

serve: $(READY) ## the Dagster UI with its daemon on loopback: the nightly schedule runs (docs/beheer.md)
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/python -m orchestration.serve

ui: $(READY) ## the Dagster UI alone on http://127.0.0.1:3000, with the same assets and history as `make mart`
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/python -m orchestration.ui

manifest: $(READY) ## parse the dbt project
	@IMPACT_KPI_SOURCES="$(SOURCES)" $(BIN)/python -m orchestration.nightly --alleen-manifest

lock: ## renew requirements.lock (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-strip-extras --no-header --output-file requirements.lock

clean: ## remove the virtual environment and what the tools cached; data/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info dbt_project/target dbt_project/logs
