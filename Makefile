# Two commands: `make run` serves chatapp, `make test` checks it. Both set up first what is missing.

PYTHON ?= python3
BIN := .venv/bin
# More words for pytest, for example: make test PYTEST_ARGS="-k unread"
PYTEST_ARGS ?=
# `make lock` keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
UPGRADE ?=
# More words for the bench, for a quick look: make bench-delivery BENCH_ARGS="--only W1 --servers ours,raw"
BENCH_ARGS ?=
# `make attack ATTACK_ARGS=--publish` writes what came of it into docs/attacks.md.
ATTACK_ARGS ?=
# A shorter one: make soak SOAK_ARGS="--cycles 2000 --seconds 60"
SOAK_ARGS ?=

NEED_PYTHON := command -v $(PYTHON) >/dev/null || { \
	echo "chatapp: $(PYTHON) is missing: run 'apt-get install python3 python3-venv' as root, then this again" >&2; \
	exit 1; }

.PHONY: help setup setup-dev setup-bench run test check faults attack soak figures bench bench-delivery bench-files screenshots lint lock clean
.DEFAULT_GOAL := help

help: ## Show the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do \
		printf '%-20s %s\n' "$$name" "$$what"; done

setup: ## Set up what serving needs, into .venv/
	@$(NEED_PYTHON)
	@$(PYTHON) bin/setup

setup-dev:
	@$(NEED_PYTHON)
	@$(PYTHON) bin/setup --dev

setup-bench:
	@$(NEED_PYTHON)
	@$(PYTHON) bin/setup --bench

run: setup ## Serve on http://127.0.0.1:5000
	@$(BIN)/python -m chatapp migrate
	@exec $(BIN)/python wsgi.py

test: lint ## Check everything, journeys in a real browser too
	$(BIN)/pytest -n 2 $(PYTEST_ARGS)

check: lint ## Check everything but the slow journeys
	$(BIN)/pytest -m "not journey" $(PYTEST_ARGS)

faults: setup-dev ## Break everything for half an hour, count what is lost: FAULT=F4 SECONDS=600 SEED=7 DATABASE=sqlite
	$(BIN)/python -m tests.faults $(if $(FAULT),--fault $(FAULT)) $(if $(SECONDS),--seconds $(SECONDS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE)) $(if $(WORKERS),--workers $(WORKERS))

attack: setup-dev ## Attack a server of its own while honest members talk, see what it costs them: ATTACK=fragments
	$(BIN)/python -m tests.attacks $(if $(ATTACK),--attack $(ATTACK)) $(ATTACK_ARGS)

soak: setup-dev ## Let 20,000 come, be refused or break off within ten minutes, see that nothing of them stays
	$(BIN)/python -m tests.attacks.soak $(SOAK_ARGS)

figures: setup-dev ## Measure in a real browser how fast a room feels, in a company of 20 rooms and 100,000 messages
	$(BIN)/python -m tests.figures

bench: ## Measure what chatapp costs, a delivery and files: both, whatever the first one misses
	@$(MAKE) bench-delivery; missed=$$?; $(MAKE) bench-files && exit $$missed

bench-delivery: setup-bench ## Measure what a delivery costs, beside a raw send loop, stock Flask-SocketIO and socket.io
	$(BIN)/python -m bench $(BENCH_ARGS)

bench-files: setup-dev ## Measure what files cost, one of 100 MB and ten at once: DATABASE=sqlite STORAGE=s3
	$(BIN)/python -m bench.files $(if $(DATABASE),--database $(DATABASE)) $(if $(STORAGE),--storage $(STORAGE))

screenshots: setup-dev ## Take pictures of every main state: of the README anew, the others into tests/artefacts/screenshots/
	SCREENSHOTS=1 $(BIN)/pytest tests/journeys/test_screenshots.py

lint: setup-dev ## Check style, types and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

LOCK := $(BIN)/uv pip compile --no-config --no-sources --system-certs --quiet --universal --generate-hashes \
	--python-version 3.11 --custom-compile-command "make lock" $(UPGRADE)

lock: setup-dev ## Write the requirements files anew from pyproject.toml
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) pyproject.toml --extra dev --constraint requirements.txt --output-file requirements-dev.txt
	$(LOCK) --group npm --output-file frontend/requirements.txt
	$(LOCK) --group bench --constraint requirements.txt --output-file bench/requirements.txt

clean: ## Remove everything that set-up and tests made, but not instance/
	rm -rf .venv static/vendor static/dist tests/artefacts .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find static -name '*.gz' -delete 2>/dev/null || true
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
