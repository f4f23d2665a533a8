# Everything runs from a bare machine: each target sets up what it needs first. `make help` lists the targets.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests demo serve test test-long check bench messages clean

python := .venv/bin/python
port ?= 8000
# The demonstration lives in var/ of this checkout, whatever the caller's environment says.
demo := env -u DATABASE_URL -u MIAOPU_VAR -u MIAOPU_TODAY DJANGO_SETTINGS_MODULE=config.settings.dev
workers ?= auto

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## system packages, Python environment, web assets, fonts, translations
	@.ci/setup.sh

setup-tests:
	@.ci/setup.sh --tests

demo: setup ## build the demonstration from scratch and run the whole job; results in var/demo/
	@rm -rf var/miaopu.sqlite3 var/miaopu.sqlite3-wal var/miaopu.sqlite3-shm var/media var/demo
	@echo "demo: making the database"
	@$(demo) $(python) manage.py migrate --verbosity 0
	@echo "demo: from the roster to the payment list and the forecast"
	@$(demo) $(python) manage.py load_demo
	@echo "demo: results in $(CURDIR)/var/demo:" && cd var/demo && find . -type f | sort | sed 's/^/  /'

serve: setup ## the web application with its worker on http://127.0.0.1:8000 over the demonstration data
	@[ -e var/demo/summary.json ] || $(MAKE) --no-print-directory demo
	@$(demo) $(python) manage.py load_demo --users >/dev/null
	@echo "serve: http://127.0.0.1:$(port)"
	@$(demo) $(python) manage.py resume_batches >/dev/null
	@$(demo) $(python) manage.py db_worker --no-reload & trap "kill $$!" EXIT; \
	$(demo) .venv/bin/gunicorn --bind 127.0.0.1:$(port) --workers 2 --timeout 120 --access-logfile - config.wsgi

test: setup-tests ## the test suite on SQLite, and on PostgreSQL where it is present
	@echo "test: SQLite"
	@env -u DATABASE_URL $(python) -m pytest -n $(workers) -m "not long and not postgres"
	@$(python) tests/postgres.py --if-present -- $(python) -m pytest -n $(workers) -m "postgres and not long"

test-long: setup-tests ## the proofs marked long
	@env -u DATABASE_URL $(python) -m pytest -m "long and not postgres"
	@$(python) tests/postgres.py --if-present -- $(python) -m pytest -m "long and postgres"

check: setup ## style, types, layers, templates, migrations, settings, translations, generated documents
	@.ci/check.sh

bench: setup ## the benchmarks; writes var/bench/results.json and prints the ratios (short=yes: on less work)
	@$(python) -m tests.benchmarks $(if $(short),--short)

messages: setup ## bring the translation catalogue up to the source
	@$(python) .ci/translations.py --write

clean: ## take away what setup, tests and demo made; never var/media or a database
	@rm -rf .venv node_modules var/tools var/tools-home var/fonts var/demo var/bench var/static var/test-databases
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} + ; find config/locale -name '*.mo' -delete 2>/dev/null || true
