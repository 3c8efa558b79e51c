#!/usr/bin/env bash
# Every check and every test, in the order in which they tell most.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()
check() { local name=$1; shift; echo "== $name"; "$@" || failed+=("$name"); }

if ! command -v chromium >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "== installing chromium for the browser tests"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null || true
  fi
  command -v chromium >/dev/null 2>&1 || echo "No chromium: the browser tests will fail. As root: apt-get install chromium"
fi

check "ruff" $bin/ruff check -q formsite tests migrations benchmarks scripts
check "mypy" $bin/mypy
check "import-linter" $bin/lint-imports
check "migrations" $bin/python scripts/check_migrations.py
check "unit and HTTP tests" $bin/python -m pytest -q -n 2 -m "not browser and not faults and not interop"
check "interop tests" $bin/python -m pytest -q -m interop
check "fault tests" $bin/python -m pytest -q -m faults
check "browser tests" $bin/python -m pytest -q -m browser

if [ ${#failed[@]} -gt 0 ]; then
  printf '\nFAILED: %s\n' "${failed[*]}"
  exit 1
fi
printf '\nAll checks and tests passed.\n'
