# Sổ An Sinh. `make help` lists the verbs; each sets up what it needs and is quick the second time.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# A distribution's own Python first: it is built to be quick, and one that was compiled at home took a third longer.
FIT := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in /usr/bin/python3 python3; do $$each -c '$(FIT)' 2>/dev/null && break; done; echo $$each)
VENV := .venv
PY := $(VENV)/bin/python
DONE := $(VENV)/.done
PIP := $(PY) -m pip --disable-pip-version-check --no-input
TESTERS ?= 2
LINK ?= 1
WORDS := $(wildcard resources/translations/*/*.po)

.PHONY: help
help:  ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## *(.*)/  make \1\t\2/' | expand -t 20

.PHONY: run
run: $(DONE)/run $(DONE)/words  ## open Sổ An Sinh (PROFILE=second for a second laptop, ARGS="import list.xlsx")
	@$(PY) -m app $(if $(PROFILE),--profile $(PROFILE)) $(ARGS)

.PHONY: test
test: $(DONE)/dev  ## run the suite (ARGS="tests/domain -k dates" for a part of it)
	$(PY) -m pytest -q -n $(TESTERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: check
check: $(DONE)/dev $(DONE)/words  ## style, types and layers
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy app tests migrations
	$(VENV)/bin/mypy packaging
	$(VENV)/bin/lint-imports

.PHONY: soak
soak: $(DONE)/dev  ## the suite with every kill and many more examples; takes an hour
	SOAK=1 $(PY) -m pytest -q -n $(TESTERS) --dist loadfile -m "not package" -o faulthandler_timeout=1200 $(ARGS)

.PHONY: cover
cover: $(DONE)/dev $(DONE)/words  ## see that tests take every branch of the security core
	$(PY) -m tests.mutation.cover

.PHONY: mutate
mutate: $(DONE)/dev $(DONE)/words  ## break judge, approval and seal in every place; tests must notice; 5 quiet minutes (ARGS=seal or ARGS=bundles for less)
	$(PY) -m tests.mutation.run $(ARGS)

.PHONY: bench
bench: $(DONE)/dev $(DONE)/words  ## measure search, import, start and memory
	$(PY) -m tests.bench.run $(ARGS)

.PHONY: bench-sync
bench-sync: $(DONE)/dev $(DONE)/words $(DONE)/anki  ## measure sync beside Anki (N=1000 for a quick one, LINK= without 2G)
	@N=$(N) BIG=$(BIG) LINK=$(LINK) $(PY) -m tests.bench.sync.run

.PHONY: bench-central
bench-central: $(DONE)/dev $(DONE)/words  ## load the centre (STAGES="10 3321" PEOPLE=1505 MORNING=300 for a country)
	@STAGES="$(STAGES)" PEOPLE=$(PEOPLE) MORNING=$(MORNING) $(PY) -m tests.bench.central.run

.PHONY: screenshots
screenshots: $(DONE)/dev $(DONE)/words  ## draw every screen into screenshots/
	QT_QPA_PLATFORM=offscreen $(PY) -m tests.ui.screenshots $(ARGS)

.PHONY: central
central: $(DONE)/run $(DONE)/words  ## serve a central register (ARGS="--database postgresql://…")
	@$(PY) -m app central $(ARGS)

.PHONY: package
package: $(DONE)/package $(DONE)/words  ## build the program folder and the .deb into dist/, and start what was built
	$(PY) packaging/build.py
	$(PY) -m pytest -q -m package tests/test_packaging.py

.PHONY: lock
lock: $(DONE)/dev  ## write the locks (ARGS=--upgrade for newer versions)
	bash packaging/lock.sh $(ARGS)

.PHONY: clean
clean:  ## remove what was made here, the virtual environment included
	rm -rf $(VENV) build dist screenshots .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app tests migrations packaging -name __pycache__ -prune -exec rm -rf {} +
	rm -f resources/translations/*/soansinh.mo

# What has been done is a file in $(DONE), so that nothing is done twice.

$(DONE)/venv:
	@bash packaging/debian_packages.sh run
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo 'Python 3.11 or newer is needed; name it with PYTHON=python3.x' >&2; exit 1; }
	@[ -x $(PY) ] || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(DONE) && touch $@

$(DONE)/run: packaging/requirements.lock pyproject.toml packaging/debian-packages.txt | $(DONE)/venv
	@bash packaging/debian_packages.sh run
	@echo 'Installing the libraries that packaging/requirements.lock names …'
	@$(PIP) install -qq --require-hashes -r $<
	@$(PIP) install -qq --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/dev: packaging/requirements-dev.lock $(DONE)/run
	@bash packaging/debian_packages.sh test
	@echo 'Installing the tools that packaging/requirements-dev.lock names …'
	@$(PIP) install -qq --require-hashes -r $<
	@touch $@

# Another program's libraries, beside ours to be measured and never among them.
$(DONE)/anki: packaging/requirements-anki.lock | $(DONE)/venv
	@[ -x $(VENV)/anki/bin/python ] || $(PYTHON) -m venv $(VENV)/anki
	@$(VENV)/anki/bin/python -m pip --disable-pip-version-check --no-input install -qq --require-hashes -r $<
	@touch $@

$(DONE)/package: $(DONE)/dev
	@bash packaging/debian_packages.sh package
	@touch $@

$(DONE)/words: $(WORDS) packaging/compile_words.py | $(DONE)/run
	@$(PY) packaging/compile_words.py
	@touch $@
