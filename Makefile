# Every target sets up what it needs. PYTHON may name another interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000

# Some machines forbid Python to keep what it compiled; the tests start about two hundred programs.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/bytecode
# In a fresh checkout all runs of the tests begin at once, and each would compile these.
COMPILED_FIRST := import alembic.command, app.bootstrap, app.factory, hypothesis, pytest, simulators.demo.instance

.PHONY: help setup demo test fuzz exhaustive conformance bench advisories assets words release screenshots check lint types contracts

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

setup: $(STAMP) ## virtual environment from the lock file

$(STAMP): requirements/dev.lock pyproject.toml
	@$(PYTHON) scripts/create_venv.py $(VENV) requirements/dev.lock
	@touch $@

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports

demo: $(STAMP) ## the whole service with everything around it simulated; PORT=8000
	@exec $(BIN)/python -m simulators.demo --port $(PORT)

test: $(STAMP) ## all tests, with a real browser and a real PostgreSQL; beside them 30 seconds of fuzzing per kind of input
	$(BIN)/python scripts/ensure_tools.py
	@$(BIN)/python -c "$(COMPILED_FIRST)"
	$(BIN)/python scripts/run_tests.py all -m "not conformance"

fuzz: $(STAMP) ## read hostile XML, JSON and files for 30 seconds each
	@$(BIN)/python -m tests.fuzz all --seconds 30

PROGRESS ?= test-output/fuzz/progress.json
exhaustive: $(STAMP) ## a million hostile inputs of each kind, and 10,000 runs with faults; goes on where it stopped, and writes docs/exhaustive.md and docs/faults.md; then all judges on the whole corpus
	@$(BIN)/python -m tests.fuzz all --cases 1000000 --jobs 2 --progress $(PROGRESS) --summary docs/exhaustive.md
	@$(BIN)/python scripts/ensure_tools.py conformance
	@$(BIN)/python -m tests.faults --runs 10000 --jobs 2 --progress $(dir $(PROGRESS))faults.json --summary docs/faults.md
	@$(BIN)/python -m tests.conformance.table
	@$(BIN)/python -m tests.accessibility test-output/accessibility.md

conformance: $(STAMP) ## what others judge: veraPDF, EU DSS, pdfsig, openssl, jose, xmlsec1, oidc-provider, openid-client, and the SUWI schemas in ../shared/conformance, or in $BLAUWE_KNOP_CONFORMANCE
	$(BIN)/python scripts/ensure_tools.py conformance
	$(BIN)/python scripts/run_tests.py conformance

BENCH_STAMP := .venv-bench/.installed
$(BENCH_STAMP): requirements/bench.lock
	@$(PYTHON) scripts/create_venv.py .venv-bench requirements/bench.lock
	@touch $@

BENCH_ARGUMENTS ?=
bench: $(STAMP) $(BENCH_STAMP) ## ratios to the least that the same work costs, and to what others need; BENCH_ARGUMENTS="--only levels"
	@$(BIN)/python scripts/ensure_tools.py bench
	@$(BIN)/python -m bench $(BENCH_ARGUMENTS)

AUDIT_STAMP := .venv-audit/.installed
$(AUDIT_STAMP): requirements/audit.lock
	@$(PYTHON) scripts/create_venv.py .venv-audit requirements/audit.lock --without-project
	@touch $@

# --strict: a package about which nothing could be asked is a failure, never "no weaknesses".
advisories: $(AUDIT_STAMP) ## known weaknesses of every version that the image installs; needs PyPI's advisories, so not in check
	@for lock in run hsm; do \
		.venv-audit/bin/pip-audit --requirement requirements/$$lock.lock --require-hashes --disable-pip --strict --progress-spinner off || exit 1; \
	done

assets: $(STAMP) ## fetch the style of NL Design System and Noto Sans from npm, keep what the pages use, and put it into app/static/vendor
	$(BIN)/python -m scripts.assets

words: $(STAMP) ## bring the catalogues of translations (app/language/catalogues) up to date with the texts
	@$(BIN)/python -m scripts.words

RELEASE ?= dist/release
RELEASE_ARGUMENTS ?=
release: $(STAMP) ## wheel, chart, bill of materials, files of the image and their digests in dist/release, made twice and compared; docs/releasing.md
	@$(PYTHON) scripts/create_venv.py .venv-tools requirements/tools.lock --without-project
	@$(PYTHON) scripts/release.py $(RELEASE) $(RELEASE_ARGUMENTS)

screenshots: $(STAMP) ## a picture of every page and state at 375 and 1280 px in test-output/screenshots; the best ones in docs/images
	$(BIN)/python scripts/ensure_tools.py
	$(BIN)/python -m scripts.screenshots test-output/screenshots docs/images

check: lint ## what CI runs
	@$(MAKE) --no-print-directory -j 3 types contracts test
