#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each limit of lib/base/limits.h has a row in limits.tsv: what is said where it is reached, and the
# test that reaches it and reads that; or why nothing needs to be said.
#
#   tests/house/limits.sh [LIMITS_H LIMITS_TSV]    checks the checkout, or other files
#   tests/house/limits.sh --self-test              checks that each kind of lack is reported
set -uo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.." || exit 2
. tests/check.sh

check() { # LIMITS_H LIMITS_TSV
  local bad=0 name kind test text
  local -A rows=()
  while IFS=$'\t' read -r name kind test text; do
    case $name in '' | '#'*) continue ;; esac
    [ -z "${rows[$name]:-}" ] || { echo "$name: has two rows"; bad=1; }
    rows[$name]=$kind
    grep -q "^#define $name\b" "$1" || { echo "$name: is no limit"; bad=1; }
    case $kind in
    said)
      grep -qF -- "$text" "$test" 2>/dev/null ||
        { echo "$name: $test does not read: $text"; bad=1; }
      [ -n "$text" ] || { echo "$name: nothing is read"; bad=1; } ;;
    unreached | inside) # the third cell is the reason
      [ "$(wc -w <<<"$test")" -ge 4 ] || { echo "$name: no reason"; bad=1; } ;;
    *) echo "$name: unknown kind \"$kind\""; bad=1 ;;
    esac
  done <"$2"
  for name in $(sed -nE 's/^#define (TIDE_[A-Z_]+) .*/\1/p' "$1"); do
    [ -n "${rows[$name]:-}" ] ||
      { echo "$name: no row says what becomes of what is beyond it"; bad=1; }
  done
  [ $bad = 0 ] && echo "${#rows[@]} limits have their word or their reason"
  return $bad
}

self_test() {
  local work
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  # gives WANT ROW...: the header has TIDE_LIMIT_A, the table these rows.
  gives() {
    printf '#define TIDE_LIMIT_A 1u\n' >"$work/limits.h"
    printf '%s\n' "${@:2}" >"$work/limits.tsv"
    is "rows: ${*:2}" "$1" "$(check "$work/limits.h" "$work/limits.tsv" | head -n 1)"
  }
  local good=$'TIDE_LIMIT_A\tinside\ta reason of four words'
  gives '1 limits have their word or their reason' "$good"
  gives 'TIDE_LIMIT_A: no row says what becomes of what is beyond it' '# none'
  gives 'TIDE_LIMIT_A: has two rows' "$good" "$good"
  gives 'TIDE_LIMIT_B: is no limit' "$good" "${good/_A/_B}"
  gives 'TIDE_LIMIT_A: no reason' $'TIDE_LIMIT_A\tunreached\tnone'
  gives 'TIDE_LIMIT_A: unknown kind "silent"' "${good/inside/silent}"
  gives 'TIDE_LIMIT_A: README.md does not read: a word that nobody wrote' \
    $'TIDE_LIMIT_A\tsaid\tREADME.md\ta word that nobody wrote'
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "${1:-lib/base/limits.h}" "${2:-tests/house/limits.tsv}" ;;
esac
