# `make run`: the demo site. `make test`: every test. Both do all the set-up first; a second run starts in seconds.
PYTHON ?= python3
.PHONY: setup run test lint bench lock clean

setup:
	@$(PYTHON) scripts/setup.py

run: setup
	@.venv/bin/formsite demo

test: setup
	@scripts/test.sh

lint: setup
	@.venv/bin/ruff check formsite tests migrations benchmarks scripts && .venv/bin/mypy && .venv/bin/lint-imports

bench: setup
	@.venv/bin/python benchmarks/run.py

lock:
	@.venv/bin/python -m pip install -q uv && .venv/bin/uv pip compile -q --universal --python-version 3.11 --extra test \
	  --no-header --no-annotate pyproject.toml -o requirements.lock

clean:
	@rm -rf .venv node_modules static/dist .pytest_cache .mypy_cache .ruff_cache
