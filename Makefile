# One command each, on a machine with Python 3.11 or newer and make. The environment is built in .venv
# the first time it is needed, from the locked requirements, and again when they change.

PYTHON ?=
# Compiled modules are kept (in __pycache__) even where the environment says not to: every process starts faster.
export PYTHONDONTWRITEBYTECODE =
UV_VERSION := 0.13.9
WORKERS ?= $(shell python3 -c 'import os; print((os.cpu_count() or 1) + 1)' 2>/dev/null || echo auto)
PIP := .venv/bin/python -m pip --disable-pip-version-check -qq
LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help run demo test e2e bench check format lock clean teams-package wheel assets year pictures

help:
	@echo "make run     start the bot, connected as .env says; without credentials, in a browser with made-up people"
	@echo "make demo    a whole case told in the terminal, in under a minute"
	@echo "make test    the tests (PostgreSQL too, where one answers)"
	@echo "make bench   measurements: minutes of them, printed as they come; never part of the tests"
	@echo "make e2e     the bot in the Microsoft 365 Agents Playground (needs node, npm and Chromium)"
	@echo "make check   formatting, lint, types, and which floor may import which"
	@echo "make format  put the formatting right"
	@echo "make lock    write the lock files again from pyproject.toml (UPGRADE=--upgrade for newer releases)"
	@echo "make teams-package   the file to upload to Teams, made from .env"
	@echo "make assets  fetch the browser's libraries of the built-in page again, from npm"
	@echo "make year    live the year of messages again that the built-in page shows (minutes)"
	@echo "make pictures   take the pictures of the README and the guides again (needs Chromium)"
	@echo "make wheel   the whole bot as one file that pip installs, in dist"
	@echo "make clean   remove .venv and every cache; databases and .env stay"

run: .venv/installed
	@exec .venv/bin/python -m bot run

demo: .venv/installed
	@exec .venv/bin/python -m bot demo

# THOROUGH=1 adds the tests that start and kill whole processes, as CI does.
test: .venv/installed-dev
	@exec .venv/bin/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

# One alone: .venv/bin/python -m tests.benchmarks.due --help. BENCH_OUT names a folder for JSON; BENCHES which ones.
# Beside procrastinate too, once .venv/bin/pip install --require-hashes -r requirements-bench.txt has been done.
BENCHES ?= due growth crash skew honesty commands delivery deadlines lag outages memory daily_duties \
	planning_reviews messages_of_a_year annual_report reading_age
bench: .venv/installed-dev
	@for each in $(BENCHES); do .venv/bin/python -m tests.benchmarks.$$each || exit 1; done

# What we did not write: the Microsoft 365 Agents Playground in Chromium, and the schema of manifests. The network
# is needed the first time; the packages stay in .e2e. ARGS="--basetemp DIR" keeps the screenshots in DIR.
e2e: .venv/installed-dev
	@.venv/bin/python -m tests.e2e.preparing
	@E2E=1 .venv/bin/python -m pytest -n 0 tests/e2e $(ARGS)

check: .venv/installed-dev
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy
	.venv/bin/lint-imports --no-logo

format: .venv/installed-dev
	.venv/bin/python -m ruff format .
	.venv/bin/python -m ruff check --fix .

# What others wrote for the built-in page, from npm, each at one version and proved by its digest (needs node and npm).
assets: .venv/installed
	@.venv/bin/python -m bot.workspace.vendoring

# The year of messages that the built-in page shows, lived through by the engine: minutes.
year: .venv/installed
	@.venv/bin/python -m bot.sample.year bot/workspace/year.json

# The pictures of the README and the guides, taken of the built-in page in Chromium.
pictures: .venv/installed-dev
	@.venv/bin/python -m tests.browser.pictures docs/pictures

teams-package: .venv/installed
	@.venv/bin/python -m bot.teams.packaging

# Without what an earlier build left: setuptools puts every module it finds there into the wheel, also one that is gone.
wheel: .venv/installed
	@rm -rf build
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/iro_bot-*.whl

lock: .venv/created
	@$(PIP) install uv==$(UV_VERSION)
	$(LOCK) --extra build --output-file requirements.txt
	$(LOCK) --extra build --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) --extra build --extra dev --extra bench --constraint requirements-dev.txt --output-file requirements-bench.txt

clean:
	rm -rf .venv .e2e build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ------------------------------------------------------------ environment

.venv/installed: .venv/created requirements.txt pyproject.toml
	@echo "Installing what the bot needs into .venv (about a minute, this once) ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/installed-dev: .venv/created requirements-dev.txt pyproject.toml
	@echo "Installing what the bot and its tests need into .venv (about a minute, this once) ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@.venv/bin/python -m pytest -n 0 --collect-only -qq >/dev/null || true  # compiles the tests, which takes a while
	@touch $@

.venv/created:
	@python=''; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11); do \
		if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$candidate"; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "iro-bot needs Python 3.11 or newer, and $(or $(PYTHON),python3) here is $$("$(or $(PYTHON),python3)" --version 2>/dev/null || echo missing): install it, or name one with 'make PYTHON=/path/to/python3.11 ...'." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$python has no venv module: on Debian or Ubuntu, 'sudo apt install python3-venv' puts it there; then try again." >&2; exit 1; \
	fi; \
	"$$python" -m venv .venv
	@touch $@
