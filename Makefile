# Every target makes what it needs first: on a fresh machine, `make run` alone is enough.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
PORT ?= 8000
JOBS ?= 2
BIN := .venv/bin
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --require-hashes -r
COMPILE := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
PYTEST := $(BIN)/python -m pytest -n $(JOBS)

.PHONY: help run demo test test-fast lint format clauses bench allauth-suite lock messages

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(BIN)/.run  ## set everything up and serve it at http://localhost:8000 (PORT=…)
	@LOCAL=1 exec $(BIN)/python manage.py dev --port $(PORT)

demo: $(BIN)/.run  ## add people to play with, and print their passwords
	@LOCAL=1 $(BIN)/python manage.py setup
	@LOCAL=1 SITE_URL=http://localhost:$(PORT) $(BIN)/python manage.py demo

test: $(BIN)/.dev  ## the whole suite: SQLite, then PostgreSQL, Redis, a Celery worker and a browser
	$(PYTEST) -m "not browser"
	$(PYTEST) --servers

test-fast: $(BIN)/.dev  ## the quick loop: SQLite, no browser
	$(PYTEST) -m "not slow and not browser"

lint: export LOCAL = 1
lint: export SECRET_KEY = lint
lint: $(BIN)/.dev  ## format, lint, types, floors, migrations, templates, production settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	VAR_DIR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run --skip-checks
	$(BIN)/python -m tests.production
	$(BIN)/python manage.py clauses --check

format: $(BIN)/.dev  ## let the formatters write
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clauses: $(BIN)/.dev  ## the table clause → tests; fails where a promise has no test
	@LOCAL=1 SECRET_KEY=clauses $(BIN)/python manage.py clauses

bench: $(BIN)/.dev  ## measure, print the table, write bench/results.json
	$(BIN)/python -m bench

allauth-suite: $(BIN)/.dev  ## django-allauth's own tests, plain and sealed; downloads them, so apart from `make test` (ARGS=--postgres)
	$(BIN)/python -m tests.allauth_suite --jobs $(JOBS) $(ARGS)

lock: $(UV)  ## compile pyproject.toml into the two hashed locks (UPGRADE=1 for newer versions)
	$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.txt
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group dev -c requirements.txt -o requirements-dev.txt

messages: $(BIN)/.run  ## collect the strings to translate (needs gettext), then compile them
	LOCAL=1 SECRET_KEY=messages $(BIN)/python manage.py makemessages --locale zh_Hans --ignore '.venv/*' --ignore 'var/*' --no-obsolete
	LOCAL=1 SECRET_KEY=messages $(BIN)/python manage.py compile_translations

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python can't make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(BIN)/.run: requirements.txt | $(UV)
	@$(INSTALL) requirements.txt
	@touch $@

$(BIN)/.dev: requirements-dev.txt | $(UV)
	@$(INSTALL) requirements-dev.txt
	@touch $@ $(BIN)/.run
