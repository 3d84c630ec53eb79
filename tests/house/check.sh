#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Scripts of tests count and report with tests/check.sh: none has a counter or a function of that
# name of its own.
#
#   tests/house/check.sh [DIRECTORY]    checks the checkout, or another directory
#   tests/house/check.sh --self-test    checks that this is reported, and what a failed check says
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"

check() { # DIRECTORY
  cd "$1" || return 2
  local found names count
  names=$(sed -nE 's/^([a-z]+)\(\) \{.*/\1/p' tests/check.sh | tr '\n' '|')
  [ -n "$names" ] || { echo "tests/check.sh has no functions"; return 1; }
  count=$(grep -rlE '^ *\. .*tests/check\.sh|/\.\./check\.sh' tests | wc -l)
  [ "$count" -gt 0 ] || { echo "no script has tests/check.sh"; return 1; }
  found=$(grep -rnE "^[^#]*\b(passed|failed)=\\$\(\(\1|^ *(${names%|})\(\)" tests |
    grep -vE "^tests/(check|house/check)\.sh:|^tests/faults/(run|leaks|stop):" | # which count runs
    sed -E 's/^([^:]+:[0-9]+):.*/\1: has its own of what tests\/check.sh has/')
  [ -z "$found" ] || { echo "$found"; return 1; }
  echo "$count scripts count with tests/check.sh"
}

self_test() {
  local work
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work/tests/x"
  cp "$root/tests/check.sh" "$work/tests/"
  # gives WANT LINE: what is said of a script with that line.
  gives() {
    printf '%s\n' '. tests/check.sh' "$2" >"$work/tests/x/run"
    is "'$2'" "$1" "$(check "$work")"
  }
  gives '1 scripts count with tests/check.sh' 'is a b c'
  gives 'tests/x/run:2: has its own of what tests/check.sh has' 'is() { test "$1" = "$2"; }'
  gives 'tests/x/run:2: has its own of what tests/check.sh has' '  failed=$((failed + 1))'

  # says WANT LINE: what is said where a check fails, as the line makes one. The first line names
  # it.
  says() {
    is "'$2'" "$1"$'\n0 passed, 1 failed' "$(cd "$work" && . tests/check.sh; eval "$2"; finish)"
  }
  printf 'a\nb\n' >"$work/ab"
  printf 'a\nc\n' >"$work/ac"
  says $'FAILED: cells\n  wanted: 1\n  got:    2' 'is cells 1 2'
  says $'FAILED: rows\n  --- wanted\n  +++ got\n  @@ -1,2 +1,2 @@\n   1\n  -2\n  +3' \
    'is rows $'\''1\n2'\'' $'\''1\n3'\'
  says $'FAILED: files\n  --- wanted: ab, 2 lines\n  +++ got: ac, 2 lines\n  @@ -2 +2 @@\n  -b\n  +c' \
    'same files ab ac'
  says $'FAILED: files\n  nothing to compare with: none is missing' 'same files none ab'
  says $'FAILED: a run\n  command: \'false\'\n  wanted: exit 0\n  got:    exit 1' \
    "holds 'a run' false"
  says $'FAILED: a run\n  command: \'echo\' \'x\'\n  wanted: exit 3\n  got:    exit 0\n  x' \
    "exits 3 'a run' echo x"
  says $'FAILED: a text\n  wanted: a text with: x\n  got: abc' "contains 'a text' abc x"
  says $'FAILED: a text\n  wanted: a text without: b\n  got: abc' "lacks 'a text' abc b"
  is 'nothing is checked' $'0 passed, 0 failed\nFAILED: nothing was checked' \
    "$(passed=0; finish)"
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "${1:-$root}" ;;
esac
