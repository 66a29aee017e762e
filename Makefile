# Merilo. `make help` lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What runs. Compiled by setup: a service mostly may not write there, and compiling takes as long as a start.
SHIPPED := bot dialogs content locales storage
CODE    := $(SHIPPED) tests benchmarks docs/pictures

# Two stamps, newer than the locks and pyproject.toml while .venv is up to date, and the lock it holds.
READY     := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
INSTALLED := $(VENV)/installed.lock

# A network may have certificates of its own, which only the system knows.
UV := UV_SYSTEM_CERTS=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never $(BIN)/uv --quiet

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test faults lint format messages check-messages spell licences audit pictures bench lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Install what the program needs into .venv (PYTHON=python3.12 to choose one)
	@$(BIN)/python -m compileall -q $(SHIPPED)
	@echo "Ready. Start it with: make run"

setup-dev: $(READY_DEV) ## The same, and what the tests and checks need
	@echo "Ready. Test it with: make test"

run: $(READY) ## Start Merilo; Ctrl-C stops it
	@exec $(BIN)/merilo serve

test: $(READY_DEV) ## Run the tests on every core, at most four (ARGS="-k name" to choose some)
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal $(ARGS)

faults: $(READY_DEV) ## Run the tests of faults in full, and print what was measured (two hours; ARGS="-k kill" for some)
	@MERILO_TEST_FAULTS=full $(BIN)/python -m pytest tests/faults tests/test_fuzz.py tests/test_announcements.py --timeout=0 $(ARGS)

lint: $(READY_DEV) ## Check style and types
	@echo "Checking style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "Checking types"
	@$(BIN)/mypy $(CODE)

format: $(READY_DEV) ## Put the code into the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

messages: $(READY_DEV) ## Bring the translation catalogues up to date with the sources
	@$(BIN)/python -m bot.messages update

check-messages: $(READY_DEV) ## Fail if the catalogues lag behind the sources
	@$(BIN)/python -m bot.messages check

spell: $(READY_DEV) ## Check the spelling of every text (needs hunspell with bg, lv and en-gb)
	@$(BIN)/python -m pytest -q tests/test_spelling.py

licences: $(READY_DEV) ## List the licences of all dependencies anew
	@$(BIN)/python -m tests.licences

audit: $(BIN)/uv ## Look for known vulnerabilities in what is locked (asks pypi.org)
	@$(UV) tool run --from 'pip-audit>=2.10,<3' pip-audit --strict --disable-pip --require-hashes \
	  --progress-spinner off -r requirements.lock || { \
	  echo "Vulnerable, or not audited at all: where it says 'not found on PyPI', pypi.org cannot be asked from here." >&2; exit 1; }

pictures: $(READY_DEV) ## Take the pictures of the README anew (needs Chromium)
	@$(BIN)/python -m docs.pictures.take

bench: $(READY_DEV) ## Measure it beside other bots (ARGS="--write" keeps the table, "--quick" tries it)
	@$(BIN)/python -m benchmarks.compare $(ARGS)

lock: $(BIN)/uv ## Remake the locks after a change in pyproject.toml (UPGRADE=1 for newer versions)
	@echo "Locking requirements.lock"
	@$(COMPILE) --group build -o requirements.lock pyproject.toml
	@echo "Locking requirements-dev.lock"
	@$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## Remove .venv, caches and builds
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade)

# --- how .venv is built ----------------------------------------------------------------------

# $(call install,LOCK): make .venv hold LOCK, unless it does already, and the project itself.
define install
	@cmp -s $(1) $(INSTALLED) || { \
	  echo "Installing $(1) into $(VENV)"; \
	  rm -f $(INSTALLED); \
	  $(UV) pip sync --python $(BIN)/python --compile-bytecode --require-hashes $(1) && cp $(1) $(INSTALLED); }
	@echo "Installing Merilo itself, editable"
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
endef

# Once the dev packages are there, setup keeps them.
$(READY): pyproject.toml requirements.lock | $(BIN)/uv
	$(call install,$(if $(wildcard $(READY_DEV)),requirements-dev.lock,requirements.lock))
	@touch $@

$(READY_DEV): pyproject.toml requirements.lock requirements-dev.lock | $(BIN)/uv
	$(call install,requirements-dev.lock)
	@touch $(READY) $@

# uv comes from the lock too, by pip, with its hash.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Merilo needs Python 3.11 or newer, and '$(PYTHON)' is not: try make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments: on Debian or Ubuntu, apt install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@awk '/^[^ #]/ { uv = /^uv==/ } uv && !/#/' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r $(VENV)/uv.lock
