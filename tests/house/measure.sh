#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How large the house is: the figures of docs/ARCHITECTURE.md, "Figures".
#
#   tests/house/measure.sh [DIRECTORY]    prints those of the checkout, or of another directory
#   tests/house/measure.sh --mend         writes them into the page
#   tests/house/measure.sh --check        fails where a function is longer than the page allows, or
#                                         the house a twentieth larger or smaller than it says
#
# What else the page says is held by tests of its own: house.lines, house.globals, house.column.
set -euo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
page=docs/ARCHITECTURE.md
most=75 # lines of a function

sources() { find cmd include lib -name '*.[ch]' -print0 | sort -z; }

# LINES FILE:LINE NAME of each function, the longest first. As clang-format lays them out, one ends
# with a brace in the first column, and begins with the last line before it that names something
# there and is no declaration.
functions() {
  sources | xargs -0 awk '
    FNR == 1 { start = 0 }
    /^[A-Za-z_].*\(/ && !/;$/ { start = FNR; name = $0; sub(/\(.*/, "", name) }
    /^}$/ && start {
      sub(/.*[ *]/, "", name)
      print FNR - start + 1, FILENAME ":" start, name
      start = 0
    }' | sort -rn
}

longest_files() { sources | xargs -0 wc -l | grep -v ' total$' | sort -rn; }

# NAME VALUE, as the page has them in the first and the third column of its table.
figures() {
  printf 'files\t%d\n' "$(sources | tr -cd '\0' | wc -c)"
  printf 'lines\t%d\n' "$(sources | xargs -0 cat | wc -l)"
  printf 'longest file, lines\t%d\n' "$(longest_files | awk 'NR == 1 { print $1 }')"
  printf 'longest function, lines\t%d\n' "$(functions | awk 'NR == 1 { print $1 }')"
  printf 'widest line, columns\t%d\n' "$(sources | xargs -0 cat | wc -L)"
}

# Of a figure: what the page says now.
said() {
  awk -F' *[|] *' -v name="$1" '$2 == name { print $4 }' $page | tr -d , | grep -oE '^[0-9]+'
}

case ${1:-} in
--check)
  cd "$root"
  long=$(functions | awk -v most=$most '$1 > most')
  [ -z "$long" ] || { echo "longer than $most lines:"; echo "$long"; exit 1; }
  grep -q "at most $most" $page || { echo "$page does not say: at most $most"; exit 1; }
  figures | while IFS=$'\t' read -r name value; do
    is=$(said "$name")
    ((is * 20 >= value * 19 && is * 20 <= value * 21)) || {
      echo "$page: $name: says $is, and it is $value: tests/house/measure.sh --mend"
      exit 1
    }
  done
  echo "$(functions | wc -l) functions of at most $most lines; $page is as large as the house"
  ;;
--mend)
  cd "$root"
  figures | while IFS=$'\t' read -r name value; do
    value=$(sed -E ':a; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; ta' <<<"$value")
    sed -i -E "s/^(\| $name \|[^|]*\|) [0-9,]+/\1 $value/" $page
  done
  ;;
*)
  cd "${1:-$root}"
  figures
  functions | awk 'NR <= 10 { print "function\t" $0 }'
  longest_files | awk 'NR <= 10 { print "file\t" $0 }'
  ;;
esac
