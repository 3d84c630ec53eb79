#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The C code is as clang-format writes it by .clang-format. How wide a line may be, where nothing
# breaks it, is held by lines.sh.
#
#   tests/house/format.sh [DIRECTORY]    checks the checkout, or another directory
#   tests/house/format.sh --self-test    checks that each rule can be broken and is then reported
#
# Skipped where clang-format is not version 14, Debian 12's: other versions break lines elsewhere.
# To mend: git ls-files '*.c' '*.h' | xargs clang-format -i
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"

formatter=
for name in clang-format-14 clang-format; do
  if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then
    formatter=$name
    break
  fi
done
[ -n "$formatter" ] || { echo "skipped: no clang-format 14"; exit 77; }

sources() {
  find cmd include lib tests \( -name '*.c' -o -name '*.h' \) -print0 | LC_ALL=C sort -z
}

check() { # DIRECTORY
  cd "$1" || return 2
  local found
  found=$(
    sources | xargs -0 "$formatter" --dry-run 2>&1 |
      sed -nE 's/^([^:]+:[0-9]+):[0-9]+: warning: code should be clang-formatted.*/\1: not as clang-format writes it/p' |
      sort -u -t: -k1,1
  )
  [ -z "$found" ] || { echo "$found"; return 1; }
  echo "$(sources | tr -cd '\0' | wc -c) files are formatted"
}

self_test() {
  local work got
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work"/{cmd,include,lib,tests}
  cp "$root/.clang-format" "$work"
  # gives TEXT WANT: the file with TEXT is reported so, or not at all where WANT is empty.
  gives() {
    printf '%s\n' "$1" >"$work/lib/a.c"
    got=$(check "$work" | head -n 1)
    [[ $got == *"files are formatted" ]] && got=
    is "'$1'" "$2" "$got"
  }
  gives 'int a(void);' ''
  gives 'int  a(void);' 'lib/a.c:1: not as clang-format writes it'
  finish
}

if [ "${1:-}" = --self-test ]; then self_test; else check "${1:-$root}"; fi
