# Antesala. `make` alone lists the targets; `make run` is all that a first look takes.
SHELL   := /bin/bash
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check
UNREACHED = echo "The packages could not be had; the lines above say why. This machine needs the Python package index:" \
    "behind a proxy set HTTPS_PROXY, for an index of your own PIP_INDEX_URL. Then make again." >&2
LOCK    := --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links --quiet
export OMP_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench score soak lock clean

help: ## list the targets
	@echo "Antesala: make run starts it, make test proves it."
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(VENV)/.runs ## make the environment alone: .venv/bin/antesala

run: $(VENV)/.runs ## start Antesala here (Ctrl-C stops it); nothing else is needed
	@$(BIN)/antesala run

test: $(VENV)/.tests ## install what the tests need and run all of them
	@.ci/test

lint: $(VENV)/.tests ## ruff and mypy
	@twice=$$(find tests -name 'test_*.py' -printf '%f\n' | sort | uniq -d); \
	    [[ -z $$twice ]] || { echo "Two test files have one name, so that only one would run: $$twice" >&2; exit 1; }
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: $(VENV)/.tests ## mails a second, parse to decision
	@$(PIP) install --quiet --require-hashes -r bench/requirements.lock
	@for file in bench/judgement.py bench/parse.py bench/rules.py bench/intake.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

score: $(VENV)/.runs ## hold the default rules against labelled requests: make score REQUESTS=folder
	@.ci/score $(REQUESTS)

soak: $(VENV)/.tests ## the long proof: 100 kills of each kind of process (an hour or more)
	@echo "Kills each kind of process 100 times, on SQLite and on PostgreSQL, while 2,000 mails come into a real Dovecot and"
	@echo "1,000 webhooks are sent; then counts every mail in the mailboxes. A line for each 20 kills; it ends by itself."
	@SOAK=1 nice .ci/test -s --durations=0 tests/faults/test_sigkill.py

lock: $(VENV)/.tests ## resolve the dependencies anew into the lock files
	@$(BIN)/pip-compile $(LOCK) --all-build-deps -o requirements.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) --all-build-deps --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@$(BIN)/pip-compile $(LOCK) -c requirements-dev.lock -o bench/requirements.lock bench/requirements.txt
	@$(BIN)/pip-compile $(LOCK) -o bench/helpdesk.lock bench/helpdesk.txt

clean: ## remove the environment and the caches, keep var/
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} +

# The environments. A stamp is newer than what it was made from, so a second call costs nothing.
$(VENV)/bin/python:
	@$(PYTHON) .ci/venv.py $(VENV)

$(VENV)/.runs: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what requirements.lock names, each file checked against its hash ..."
	@$(PIP) install --quiet --require-hashes -r requirements.lock || { $(UNREACHED); exit 1; }
	@said=$$($(PIP) install --quiet --no-deps --no-build-isolation -e . 2>&1) || { echo "$$said" >&2; exit 1; }
	@touch $@

$(VENV)/.tests: requirements-dev.lock $(VENV)/.runs
	@echo "Installing what requirements-dev.lock names ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock || { $(UNREACHED); exit 1; }
	@touch $@
