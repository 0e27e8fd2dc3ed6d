# What a person types. `make demo` to try Commonweal, `make test` to check it; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
INSTALLED := .venv/installed
NEWEST_PYTHON_CHECK := import sys; sys.exit(sys.version_info < (3, 11) and "Commonweal needs Python 3.11 or newer, and this is " + sys.version.split()[0] + ". Name one: make PYTHON=python3.12")

.PHONY: help setup system demo stop test lint drills bench lock screenshots

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

setup: system $(INSTALLED)  ## make .venv and install everything that is missing

system:
	@$(PYTHON) -c '$(NEWEST_PYTHON_CHECK)'
	@$(PYTHON) -m commonweal.system_packages

$(INSTALLED): requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing. Install: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing the packages of requirements.lock into .venv"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@touch $@

demo: SINCE := $(shell date +%s)
demo: setup  ## try it: database, web server and worker with the demo story (PORT=8000)
	@$(BIN)/python -m commonweal.processes start --port $(PORT) --since $(SINCE)

stop:  ## stop what `make demo` started
	@$(BIN)/python -m commonweal.processes stop

test: lint  ## lint, types, contracts, migrations and all tests
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/pytest --numprocesses auto --dist loadgroup

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir var/cache/import_linter

drills: setup  ## the long tests: concurrency, crashes, restores
	$(BIN)/pytest --numprocesses 0 -m drill

bench: setup  ## measure, and write docs/benchmarks.md
	$(BIN)/pytest --numprocesses 0 -m bench -s

screenshots: setup  ## take the pictures of the documentation again
	$(BIN)/python manage.py take_screenshots

lock: $(INSTALLED)  ## pin every dependency again
	$(BIN)/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements.lock
