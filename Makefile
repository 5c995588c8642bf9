# `make demo` searches the sample archive, `make test` runs all tests. Python 3.11 and make are all they need.
.PHONY: demo test check archive clean
VENV := .venv
HOME_DIR := .demo
PYTHON ?= python3
PIP := $(VENV)/bin/pip --disable-pip-version-check --quiet

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable ".[test]"
	touch $@

demo: $(VENV)/installed
	$(VENV)/bin/python -m eval.demo $(ARGS)

test: $(VENV)/installed-test
	$(VENV)/bin/python -m pytest $(ARGS)

# Formatting, types and the direction of imports.
check: $(VENV)/installed-test
	$(VENV)/bin/ruff check searchsvc ingest eval tests
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Build the files of the sample archive from their texts.
archive: $(VENV)/installed-test
	$(VENV)/bin/python -m eval.archive.build $(ARGS)

clean:
	rm -rf $(VENV) $(HOME_DIR)
