#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How large the house is: the figures of docs/ARCHITECTURE.md, "Figures".
#
#   tests/house/measure.sh [DIRECTORY]    prints those of the checkout, or of another directory
#   tests/house/measure.sh --mend         writes them into the page
#   tests/house/measure.sh --check [DIRECTORY]
#       fails where a function is longer than the page allows, or the house a twentieth larger or
#       smaller than it says
#   tests/house/measure.sh --self-test    checks that each of these is reported
#
# What else the page says is held by tests of its own: house.lines, house.globals, house.column.
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
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

check() { # DIRECTORY
  cd "$1" || return 2
  local bad=0 long count name value is
  count=$(functions | wc -l)
  [ "$count" -gt 0 ] || { echo "no function found"; bad=1; }
  long=$(functions | awk -v most=$most '$1 > most { print $2 " " $3 ": " $1 " lines" }')
  [ -z "$long" ] || { echo "longer than $most lines:"; echo "$long"; bad=1; }
  grep -q "at most $most" $page || { echo "$page does not say: at most $most"; bad=1; }
  while IFS=$'\t' read -r name value; do
    is=$(said "$name") || is=nothing
    [ "$is" != nothing ] && ((is * 20 >= value * 19 && is * 20 <= value * 21)) || {
      echo "$page: $name: says $is, and it is $value: tests/house/measure.sh --mend"
      bad=1
    }
  done < <(figures)
  [ $bad = 0 ] &&
    echo "$count functions of at most $most lines; $page is as large as the house"
  return $bad
}

self_test() {
  local work
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work"/{cmd,include,lib/base,docs}
  # gives WANT LINES SED: what is said of a house with a function of so many lines, and of its page
  # as SED leaves it.
  gives() {
    { echo 'static int one(int a) {'; yes '  a++;' | head -n $(($2 - 2)); echo '}'; } \
      >"$work/lib/base/a.c"
    printf '%s\n' '| figure | before | now |' '| files | 9 | 1 |' '| lines | 9 | 75 |' \
      '| longest file, lines | 9 | 75 |' '| longest function, lines | 9 | 75 (at most 75) |' \
      '| widest line, columns | 9 | 23 |' | sed "$3" >"$work/$page"
    is "$2 lines, a page changed by '$3'" "$1" "$(check "$work")"
  }
  gives "1 functions of at most 75 lines; $page is as large as the house" 75 ''
  gives $'longer than 75 lines:\nlib/base/a.c:1 one: 76 lines' 76 ''
  gives "$page does not say: at most 75" 75 s/at.most.75/long/
  gives "$page: lines: says 70, and it is 75: tests/house/measure.sh --mend" 75 '/^| lines/s/75/70/'
  gives "$page: lines: says 80, and it is 75: tests/house/measure.sh --mend" 75 '/^| lines/s/75/80/'
  gives "$page: files: says nothing, and it is 1: tests/house/measure.sh --mend" 75 /files/d
  finish
}

case ${1:-} in
--check) check "${2:-$root}" ;;
--self-test) self_test ;;
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
