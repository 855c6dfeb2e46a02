#!/usr/bin/env bash
# Lint, types, contracts, catalogues, tests: each step named and timed, the first failure ends the run.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
step() { printf '\n== %s\n' "$1"; local name=$1 began=$SECONDS; shift; "$@"; times+=("$(printf '%4d s  %s' $((SECONDS - began)) "$name")"); }
times=()
step "ruff (lint)" $bin/ruff check .
step "ruff (format)" $bin/ruff format --check .
step "djlint" $bin/djlint app --lint --quiet
step "mypy" $bin/mypy
step "import contracts" $bin/lint-imports
step "catalogues complete" $bin/python scripts/catalogues.py check
step "vendored assets unchanged" $bin/python scripts/vendor_assets.py --check --offline
step "contrast of the colours" $bin/python scripts/check_contrast.py
step "tests" $bin/pytest -m "not long" -n 2 --dist loadfile --no-loadscope-reorder --durations=8 "$@"
printf '\n'
printf '%s\n' "${times[@]}"
