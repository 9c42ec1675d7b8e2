# Every target only calls tools/start.py, which works without make as well.
PYTHON ?= python3

.PHONY: demo test test-snel lint
demo test test-snel lint:
	@$(PYTHON) tools/start.py $@
