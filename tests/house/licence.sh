#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each source file and script says its licence: the SPDX line is its first line, or the second below
# a #! line.
#
#   tests/house/licence.sh [DIRECTORY]    checks the checkout, or another directory
#   tests/house/licence.sh --self-test    checks that a file without it is reported
#   tests/house/licence.sh --mend         puts the line into the files that lack it
#
# A file is a source or script by its ending, or by its #! line.
# Data, mail, tables and prose are under LICENSE without it.
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
tag='SPDX-License-Identifier: GPL-3.0-or-later'

# The files of the checkout: what git knows or would add, or everything but what is built where
# there is no git.
files() {
  if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard
  else find . -type d \( -name .git -o -path './build*' -o -path ./out -o -exec test \
    -e '{}/CMakeCache.txt' \; \) -prune -o -type f -printf '%P\n'; fi |
    grep -vE '^(test-corpora|tests/fuzz/corpus)/' | sort -u
}

# wanted FILE: prints the line that FILE needs, or nothing where it needs none.
wanted() {
  case $1 in
  *.c | *.h) echo "/* $tag */" ;;
  *.sh | *.awk | *.pl | *.py | *.R | *.cmake | CMakeLists.txt | */CMakeLists.txt) echo "# $tag" ;;
  *) [ "$(head -c 2 "$1" | tr -d '\0')" != '#!' ] || echo "# $tag" ;;
  esac
}

# lacking: every file that has not the line at its place, with a tab and the line.
lacking() {
  local file line first
  while IFS= read -r file; do
    [ -f "$file" ] || continue
    line=$(wanted "$file")
    [ -n "$line" ] || continue
    first=1
    [ "$(head -c 2 "$file")" != '#!' ] || first=2
    [ "$(sed -n "${first}{p;q}" "$file")" = "$line" ] || printf '%s\t%s\n' "$file" "$line"
  done < <(files)
}

# The papers name one licence and one version.
papers() {
  local bad=0 version
  version=$(sed -nE 's/^project\(spamtide VERSION ([0-9.]+).*/\1/p' CMakeLists.txt)
  [ "$(head -n 1 LICENSE 2>/dev/null)" = "$tag" ] || { echo "LICENSE:1: is not: $tag"; bad=1; }
  grep -qx "license: ${tag#*: }" CITATION.cff || {
    echo "CITATION.cff: has not the licence ${tag#*: }"
    bad=1
  }
  grep -qx "version: $version" CITATION.cff || {
    echo "CITATION.cff: has not the version $version of CMakeLists.txt"
    bad=1
  }
  grep -q "^## $version\b" CHANGELOG.md || {
    echo "CHANGELOG.md: says nothing of version $version"
    bad=1
  }
  return "$bad"
}

check() { # DIRECTORY
  cd "$1" || return 2
  local bad
  bad=$(lacking)
  if [ -n "$bad" ]; then
    sed -E 's/^(.*)\t(.*)$/\1:1: its first line (below a #! line) is not: \2/' <<<"$bad"
    echo "To mend: tests/house/licence.sh --mend"
    return 1
  fi
  echo "every source file and script names its licence"
}

mend() {
  local file line
  cd "$root" || return 2
  while IFS=$'\t' read -r file line; do
    if [ "$(head -c 2 "$file")" = '#!' ]; then
      sed -i "1a $line" "$file"
    else
      sed -i "1i $line" "$file"
    fi
    echo "$file"
  done < <(lacking)
}

self_test() {
  local work got
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  # gives FILE TEXT WANT: FILE of TEXT lacks the line WANT, or nothing where WANT is empty.
  gives() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$work/tree/$1"
    got=$(check "$work/tree" | head -n 1)
    [[ $got == "every source"* ]] && got=
    is "$1 with '$2'" "${3:+$1:1: its first line (below a #! line) is not: $3}" "$got"
  }
  gives lib/base/a.c "/* $tag */" ""
  gives lib/base/a.c "/* A noun. */" "/* $tag */"
  gives lib/base/a.c $'\n'"/* $tag */" "/* $tag */"
  gives lib/base/a.h "// $tag" "/* $tag */"
  gives lib/base/a.c "/* ${tag/3/2} */" "/* $tag */"
  gives tools/a $'#!/usr/bin/env bash\n'"# $tag" ""
  gives tools/a $'#!/usr/bin/env bash\n# more' "# $tag"
  gives tools/a "#!/bin/sh" "# $tag"
  gives tests/stats/a.R "x <- 1" "# $tag"
  gives tests/CMakeLists.txt "add()" "# $tag"
  gives docs/a.md "prose" ""
  gives lib/data/a.csv "a,b" ""
  gives test-corpora/a.c "mail" ""
  # One paper after the other that says something else.
  paper() { # FILE SED WANT
    rm -rf "$work/tree"
    mkdir -p "$work/tree"
    cp "$root"/{LICENSE,CITATION.cff,CHANGELOG.md,CMakeLists.txt} "$work/tree/"
    sed -i "$2" "$work/tree/$1"
    is "$1 with '$2'" "$3" "$(cd "$work/tree" && papers)"
  }
  paper LICENSE '' ''
  paper LICENSE 1d "LICENSE:1: is not: $tag"
  paper CITATION.cff 's/^license: .*/license: MIT/' "CITATION.cff: has not the licence ${tag#*: }"
  paper CITATION.cff '/^version/d' \
    "CITATION.cff: has not the version $(sed -nE 's/^project\(spamtide VERSION ([0-9.]+).*/\1/p' \
      "$root/CMakeLists.txt") of CMakeLists.txt"
  paper CHANGELOG.md '/^## /d' \
    "CHANGELOG.md: says nothing of version $(sed -nE \
      's/^project\(spamtide VERSION ([0-9.]+).*/\1/p' "$root/CMakeLists.txt")"
  finish
}

case ${1:-} in
--self-test) self_test ;;
--mend) mend ;;
"") check "$root" && papers ;;
*) check "$1" ;;
esac
