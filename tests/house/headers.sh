#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each header of the library compiles alone and included twice, as strict C17, with gcc and with
# clang where it is there. With _GNU_SOURCE, which only adds names, the builds compile them all.
# Each of the public interface compiles as C++17 too, with g++ and clang++ where they are there.
#
#   tests/house/headers.sh [DIRECTORY]
#       checks the checkout, or another directory with include/ and lib/
#   tests/house/headers.sh --self-test    checks that a bad header is reported
#
# Prints the compiler's words, FILE:LINE: first.
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
compilers=() plus=()
for compiler in gcc clang; do command -v "$compiler" >/dev/null && compilers+=("$compiler"); done
for compiler in g++ clang++; do
  command -v "$compiler" >/dev/null && echo 'int main() {}' |
    "$compiler" -x c++ -fsyntax-only - 2>/dev/null && plus+=("$compiler")
done
[ "${#compilers[@]}" -gt 0 ] || { echo "neither gcc nor clang is here"; exit 77; }

# What pkg-config says of the libraries that headers of one room may speak of
# (tests/house/layers.sh).
read -r -a gmime < <(pkg-config --cflags gmime-3.0 2>/dev/null | sed 's/-I/-isystem /g')

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# told COMPILER: of its words, three of each header.
told() {
  grep -E '^[^ ]+:[0-9]+(:[0-9]+)?: ' | awk -F : -v compiler="$1" '
    seen[$1]++ < 3 { print $0 " (" compiler ")" }'
}

check() { # DIRECTORY
  local bad=0 header file name guard compiler out units=() public=()
  cd "$1" || return 2
  for header in include/*/*.h lib/*/*.h; do
    [ -e "$header" ] || { echo "$1: no header found"; return 2; }
    file=${header#lib/} file=${file#include/}
    name=${header#include/} name=${name%.h} name=${name//\//_} guard=${name^^}_H
    grep -q "^#ifndef $guard\$" "$header" || { echo "$header:1: its guard is not $guard"; bad=1; }
    # The declaration after them: a header of macros only would leave nothing to compile, which C
    # does not allow.
    printf '#include "%s"\n#include "%s"\nextern int tide_nothing;\n' "$file" "$file" \
      >"$work/$name.c"
    units+=("$work/$name.c")
    [[ $header == include/* ]] || continue
    printf '#include <%s>\n#include <%s>\n' "$file" "$file" >"$work/$name.cc"
    public+=("$work/$name.cc")
  done
  # One command for all: the compiler still reads each of them by itself.
  for compiler in "${compilers[@]}"; do
    if ! out=$("$compiler" -std=c17 -U_GNU_SOURCE -Iinclude -Ilib "${gmime[@]}" -fsyntax-only \
      -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wstrict-prototypes -Wmissing-prototypes \
      -Wmissing-declarations -Wcast-qual -Wwrite-strings -Werror "${units[@]}" 2>&1); then
      told "$compiler" <<<"$out"
      bad=1
    fi
  done
  for compiler in "${plus[@]}"; do
    if ! out=$("$compiler" -std=c++17 -Iinclude -fsyntax-only -Wall -Wextra -Wpedantic -Wundef \
      -Werror "${public[@]}" 2>&1); then
      told "$compiler" <<<"$out"
      bad=1
    fi
  done
  [ "$bad" -eq 0 ] && echo "${#units[@]} headers compile alone with ${compilers[*]}, the public ones with ${plus[*]:-no C++ compiler, since none is here}"
  return "$bad"
}

self_test() {
  local tree=$work/tree got compiler
  mkdir -p "$tree/lib/base" "$tree/include/spamtide"
  printf '%s\n' '#ifndef SPAMTIDE_GOOD_H' '#define SPAMTIDE_GOOD_H' 'int tide_good(void);' \
    '#endif' >"$tree/include/spamtide/good.h"
  printf '%s\n' '#ifndef LIB_BASE_GOOD_H' '#define LIB_BASE_GOOD_H' '#include <stddef.h>' \
    'typedef struct good { size_t n; } good;' '#endif' >"$tree/lib/base/good.h"
  exits 0 'a good header' check "$tree"
  # breaks PLACE TEXT: TEXT as lib/base/bad.h is reported by each compiler, or by nobody's words but
  # ours, at PLACE.
  breaks() {
    printf '%s\n' "$2" >"$tree/lib/base/bad.h"
    got=$(check "$tree")
    is "'$2'" "exit 1, first of lib/base/bad.h:$1:" \
      "exit $?, first of $(grep -oE '^[^:]+:[0-9]+:|^[0-9]+ headers' <<<"$got" | head -n 1)"
    [ "$1" != 1 ] || return
    for compiler in "${compilers[@]}"; do
      contains "what $compiler says of '$2'" "$got" "($compiler)"
    done
  }
  local open=$'#ifndef LIB_BASE_BAD_H\n#define LIB_BASE_BAD_H\n' close=$'\n#endif'
  breaks 3 "${open}typedef struct bad { size_t n; } bad;$close"
  breaks 3 "${open}static inline int bad_sum(tide_span s) { return (int)s.len; }$close"
  breaks 4 "$open"$'#include "base/good.h"\nint bad_define(good *g) { return (int)g->n; }'"$close"
  breaks 3 "${open}int bad_old_style();$close"
  breaks 3 "${open}typedef typeof(1) bad;$close"
  breaks 3 "${open}#include \"base/missing.h\"$close"
  local inlined='static inline void *bad_find(void *p) { return memmem(p, 1, p, 1); }'
  breaks 4 "${open}#include <string.h>"$'\n'"$inlined$close"
  breaks 3 "${open}#if BAD_NEVER_DEFINED"$'\n#endif'"$close"
  breaks 1 $'#ifndef SPAMTIDE_OTHER_H\n#define SPAMTIDE_OTHER_H\nextern int bad;\n#endif'
  breaks 1 $'enum { BAD };' # no guard: its second inclusion defines BAD again
  # What is C, but no C++.
  rm "$tree/lib/base/bad.h"
  if [ "${#plus[@]}" -gt 0 ]; then
    printf '%s\n' '#ifndef SPAMTIDE_BAD_H' '#define SPAMTIDE_BAD_H' 'int tide_bad(int new);' \
      '#endif' >"$tree/include/spamtide/bad.h"
    contains 'what is no C++' "$(check "$tree")" 'include/spamtide/bad.h:3:'
  fi
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "${1:-$root}" ;;
esac
