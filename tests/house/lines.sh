#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# No line that a person wrote is wider than 100 columns: code, scripts, recipes and pages.
#
#   tests/house/lines.sh [DIRECTORY]    checks the checkout, or another directory
#   tests/house/lines.sh --self-test    checks that each rule can be broken and is then reported
#
# Columns are counted, not bytes. What may be wider, because nothing of it can go into a line of its
# own:
#   - rows of a table in a page, and what a command prints there (a command itself is folded)
#   - a link, or another word without a blank, of more than 60 columns
#   - in scripts, a text in quotes of more than 70 columns
# Mail, data and what tests hold of outputs (test-corpora, *.test, *.csv and so on) are not looked
# at.
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
columns=100

# The files of the checkout that are read here: what git knows or would add, or all where there is
# no git.
files() {
  if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard
  else
    find . -type d \( -name .git -o -path './build*' -o -path ./out \) -prune -o -type f \
      -printf '%P\n'
  fi | grep -vE '^tests/fuzz/corpus/' | sort -u | while IFS= read -r file; do
    [ -f "$file" ] || continue
    case $file in
    *.c | *.h | *.sh | *.md | *.awk | *.pl | *.R | *.cmake | *.cmake.in | *.cff | *.supp) ;;
    CMakeLists.txt | */CMakeLists.txt) ;;
    *.*) continue ;;
    *) [ "$(head -c 2 "$file" | tr -d '\0')" = '#!' ] || continue ;;
    esac
    printf '%s\0' "$file"
  done
}

check() { # DIRECTORY
  cd "$1" || return 2
  local found count
  count=$(files | tr -cd '\0' | wc -c)
  [ "$count" -gt 0 ] || { echo "$1: no file found"; return 2; }
  found=$(files | xargs -0 perl -CSD -Mutf8 -ne '
    BEGIN { $columns = shift @ARGV }
    if ($. == 1) { $page = $ARGV =~ /\.md$/; $fenced = $console = $command = 0 }
    chomp;
    if ($page && /^```/) { $fenced = !$fenced; $console = $fenced && /console/; next }
    $command = $console && (/^\$ / || ($command && $before =~ /\\$/)); $before = $_;
    next if length() <= $columns || ($fenced && !$command) || ($page && !$fenced && /^\|/);
    next if /\S{61}/ || ($ARGV !~ /\.[ch]$/ && !$page && /"(?:[^"\\]|\\.){70,}"|\x27[^\x27]{70,}/);
    print "$ARGV:$.: over $columns columns\n";
  } continue { close ARGV if eof' "$columns" 2>&1)
  [ -z "$found" ] || { echo "$found"; return 1; }
  echo "$count files keep to $columns columns"
}

self_test() {
  local work got long words
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  # gives FILE TEXT LINE: FILE with TEXT is reported at LINE, or not at all where LINE is empty.
  gives() {
    printf '%s\n' "$2" >"$work/$1"
    got=$(check "$work")
    [[ $got == *'keep to'* || $got == *'no file found' ]] && got=
    rm "$work/$1"
    is "$1 with '$2'" "${3:+$1:$3: over $columns columns}" "$got"
  }
  words=$(printf 'word %.0s' {1..20})w # 101 columns
  long=$(printf 'x%.0s' {1..70})
  gives a.c "// $words" 1
  gives a.c "// ${words:3}" 1
  gives a.c "// ${words:4}" ''
  gives a.c "// $(printf 'ä %.0s' {1..48})" ''
  gives a.c "f(\"${words:0:90}\", 1, 2);" 1
  gives a.sh "# $words" 1
  gives a.sh "echo '${words:0:90}' is a text" ''
  gives a.sh "echo '${words:0:60}' a b c d e f g h i j k l m n o p q r s t u v w" 1
  gives a.cmake "# $words" 1
  gives CMakeLists.txt "# $words" 1
  gives a.R "# $words" 1
  gives script $'#!/bin/sh\n# '"$words" 2
  gives data "$words" ''
  gives a.csv "$words" ''
  gives a.md "$words" 1
  gives a.md "| $words |" ''
  gives a.md "see https://example.com/$long for more than that" ''
  gives a.md $'```console\n$ '"$words"$'\n```' 2
  gives a.md $'```console\n$ a \\\n'"$words"$'\n```' 3
  gives a.md $'```console\n$ a\n'"$words"$'\n```' ''
  gives a.md $'```\n'"$words"$'\n```\n'"$words" 4
  finish
}

if [ "${1:-}" = --self-test ]; then self_test; else check "${1:-$root}"; fi
