#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every global name of the library begins with tide_: it can be linked into any program.
# What of them the shared library shows is held against include/spamtide/ by library.sh.
#
#   tests/house/globals.sh BUILD_DIR      checks the library of a build
#   tests/house/globals.sh --self-test    checks that a name without tide_ is reported
set -uo pipefail
export LC_ALL=C
. "$(dirname "$0")/../check.sh"
command -v nm >/dev/null || { echo "skipped: nm (binutils) is not there"; exit 77; }

check() { # ARCHIVE
  local names strange count
  names=$(nm -gA --defined-only "$1" 2>/dev/null | awk '{ print $NF, $1 }')
  # Sanitizers add names of their own, which begin with two underscores.
  strange=$(grep -vE '^(tide_|__)' <<<"$names" | sed -E 's/^(.*) .*:([^:]+):.*/\1 of \2/')
  count=$(grep -c '^tide_' <<<"$names")
  [ "$count" -gt 100 ] || { echo "nm shows $count names that begin with tide_ in $1"; return 1; }
  [ -z "$strange" ] || { echo "globals that do not begin with tide_:"; echo "$strange"; return 1; }
  echo "$count global names, all of them begin with tide_"
}

self_test() {
  local work
  command -v gcc >/dev/null || { echo "skipped: no gcc"; exit 77; }
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  # gives WANT TEXT: what is said of a library of TEXT and 101 good names.
  gives() {
    rm -f "$work/a.a"
    { echo "$2"; printf 'int tide_%d;\n' {1..101}; } >"$work/a.c"
    gcc -fno-common -c "$work/a.c" -o "$work/a.o" && ar rc "$work/a.a" "$work/a.o"
    is "$2" "$1" "$(check "$work/a.a" | tail -n 1)"
  }
  gives '101 global names, all of them begin with tide_' 'static int bad;'
  gives '102 global names, all of them begin with tide_' 'void tide_run(void) {}'
  gives 'bad of a.o' 'int bad(void) { return 0; }'
  gives 'bad_number of a.o' 'const int bad_number = 1;'
  gives '_tide of a.o' 'int _tide;'
  gives 'tidebad of a.o' 'int tidebad = 2;'
  is 'no archive' "nm shows 0 names that begin with tide_ in $work/none" "$(check "$work/none")"
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "$1/libspamtide.a" ;;
esac
