#!/usr/bin/env bash
# Every check and every test, in the order in which they tell most. The last line counts all tests.
set -u
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # compiling all tests anew in each process takes longer than many of them
bin=.venv/bin
failed=()
skipped=""
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

check() { local name=$1; shift; echo "== $name"; "$@" || failed+=("$name"); }

skip() { skipped+="$1 SKIPPED: $2; "; echo "== $1 SKIPPED: $2"; }

tests() { local name=$1; shift; check "$name" $bin/python -m pytest -q --junitxml "$results/$name.xml" "$@"; }

if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "== installing chromium for the browser tests"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null
fi

check "ruff" $bin/ruff check -q formsite tests migrations benchmarks scripts
check "mypy" $bin/mypy
check "import-linter" $bin/lint-imports
check "migrations" $bin/python scripts/check_migrations.py
tests "unit and HTTP tests" -n 2 --dist worksteal -m "not laws and not browser and not faults and not interop"
tests "laws on generated values" -n 2 --dist worksteal -m "laws and not browser and not faults and not interop"
if command -v chromium >/dev/null 2>&1; then
  tests "browser tests" -m browser
else
  skip "browser tests" "there is no chromium (as root: apt-get install chromium)"
fi
tests "fault tests" -m "faults and not browser"
if [ -d ../shared/corpus ]; then
  tests "interop tests" -m "interop and not agreement and not browser and not faults"
else
  skip "interop tests" "there are no questionnaires in ../shared/corpus"
fi
tests "agreement with other engines" -n 2 --dist loadscope -m agreement

[ ${#failed[@]} -eq 0 ] || printf '\nFAILED: %s\n' "$(IFS=,; echo "${failed[*]}")"
echo
$bin/python scripts/count_tests.py "$results" "$skipped"
[ ${#failed[@]} -eq 0 ]
