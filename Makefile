.PHONY: test
VENV := .venv

$(VENV)/installed: pyproject.toml
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --editable ".[test]"
	touch $@

test: $(VENV)/installed
	$(VENV)/bin/python -m pytest $(ARGS)
