# make help lists the commands.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: catalogues help run check check-long torture test lint bench screens lock clean
.DEFAULT_GOAL := help

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.ready catalogues ## set up if needed and serve on 127.0.0.1:8000 (make run PORT=…)
	@$(RUN)/python -m app.web.serve --port $(PORT)

check: $(VENV)/.ready-check catalogues ## lint, types, contracts, catalogues, tests (what CI runs)
	@bash scripts/check_tools.sh
	@bash scripts/check.sh

check-long: $(VENV)/.ready-check catalogues ## the tests that take long and seldom tell anything new
	@bash scripts/check_tools.sh
	@$(RUN)/pytest -m long -n 2 --dist loadfile --durations=20

torture: $(VENV)/.ready-check catalogues ## faults while answers are saved, on SQLite and PostgreSQL (make torture ARGS="--help")
	@bash scripts/check_tools.sh
	@$(RUN)/python -m tests.torture $(ARGS)

test: $(VENV)/.ready-check catalogues ## tests alone, without the long ones
	@$(RUN)/pytest -m "not long"

bench: $(VENV)/.ready-check catalogues ## attempt, bell, saving, drawing and steps on both databases (ARGS="--write")
	@$(RUN)/python -m tests.bench $(ARGS)

screens: $(VENV)/.ready-check catalogues ## pictures of the running site into docs/pictures
	@$(RUN)/python -m tests.screens

catalogues: translations/zh_Hans_CN/LC_MESSAGES/messages.mo

translations/zh_Hans_CN/LC_MESSAGES/messages.mo: translations/zh_Hans_CN/LC_MESSAGES/messages.po $(VENV)/.ready
	@$(RUN)/python scripts/catalogues.py compile
	@touch $@

lock: ## pin every dependency anew
	@$(PYTHON) -m venv $(VENV) && $(RUN)/pip install -q pip-tools
	@CUSTOM_COMPILE_COMMAND="make lock" $(RUN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --generate-hashes -o requirements.txt requirements.in
	@CUSTOM_COMPILE_COMMAND="make lock" $(RUN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --generate-hashes -o requirements-check.txt requirements-check.in

$(VENV)/.ready: requirements.txt
	@echo "  virtual environment: installing pinned packages (once, about a minute)"
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@$(RUN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.ready-check: $(VENV)/.ready requirements-check.txt
	@echo "  virtual environment: installing the tools of make check (once)"
	@$(RUN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-check.txt
	@touch $@

clean: ## remove the virtual environment and everything made by tests; instance/ is kept
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
