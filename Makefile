PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Without compiled files every start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: install install-dev run test story check bench bench-introductions openapi contract format

# What the service needs; `install-dev` adds what the tests and checks need.
install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

$(VENV)/.installed: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(PIP) -r requirements-dev.txt
	@touch $@

run: install
	@exec $(BIN)/python -m app run

story: install
	@$(BIN)/python -m app story $(ARGS)

test: install-dev
	$(BIN)/python -m pytest -n auto --dist worksteal

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_contract.py tests/test_migrations.py

contract: install-dev
	$(BIN)/python -m tests.contract.probe

bench: install-dev
	$(BIN)/python -m bench

bench-introductions: install-dev
	$(BIN)/python -m bench.introductions

openapi: install-dev
	$(BIN)/python -m app openapi

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
