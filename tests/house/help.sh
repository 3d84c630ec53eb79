#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Help, man pages, completion and the pages' tables name the same options and columns of every
# command, and are well formed; a page lists every defect.
#
#   tests/house/help.sh BUILD_DIR                checks the program of a build
#   tests/house/help.sh --self-test BUILD_DIR    checks that each kind of fault in it is reported
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
self_test=
[ "${1:-}" = --self-test ] && { self_test=1; shift; }
build=$(cd "$1" && pwd) || exit 2
tide=$build/spamtide
work=$(mktemp -d) || exit 2 # its name may end in .5: mandoc takes the section from a page's name
trap 'rm -rf "$work"' EXIT

# What each form lists, of what it is given; names only.
markdown_options() { sed -nE 's/^\| `(-[a-z], )?(--[a-z-]+)[ `].*/\2/p'; }
help_options() { sed -nE 's/^  (-[a-z], )?(--[a-z-]+)( .*)?$/\2/p'; }
man_options() {
  sed -nE 's/^(\\fB\\-[a-z]\\fR, )?\\fB(\\-\\-[a-z\\-]+)\\fR.*/\2/p' | tr -d '\\'
}
completed_options() { # COMMAND
  sed -nE "s/^        $1\) .* -W '(--[^']*)'.*/\1/p" | tr ' ' '\n' | grep .
}
markdown_columns() { sed '1,/^| column/d' | sed -nE 's/^\| `([a-z_0-9]+)` \| .+/\1/p'; }
# Options of columns have a heading of that name too.
help_columns() { # HEADING
  sed -nE "/^$1:\$/,/^\$/s/^  ([a-z_0-9]+)  .*/\1/p"
}
man_columns() { # HEADING
  sed -n "/^\.SH $1/,/^\.SH [^$1]/p" | sed -nE 's/^\.B ([a-z_0-9]+)$/\1/p'
}

# mandoc's words about the page, where mandoc is there.
linted() { ! command -v mandoc >/dev/null || mandoc -T lint -W warning "$1" 2>&1; }

check_command() { # COMMAND
  local command=$1 options columns name
  "$tide" "$command" --help >"$work/help"
  "$tide" help man "$command" >"$work/page.1"
  "$tide" help markdown "$command" >"$work/markdown"
  is "$command --help: lines of more than 79 columns" '' \
    "$(grep -E '^.{80}' "$work/help" | grep -v '^  spamtide ')"
  options=$(markdown_options <"$work/markdown")
  contains "$command: options of help markdown" "$options" --help
  is "$command --help: options, as in help markdown" "$options" "$(help_options <"$work/help")"
  is "help man $command: options, as in help markdown" "$options" "$(man_options <"$work/page.1")"
  is "completion of $command: options, as in help markdown" "$options" \
    "$(completed_options "$command" <"$work/completion")"
  # An option is taken where a wrong argument of it is not an unknown option.
  for name in $options; do
    lacks "$command $name=: is the option taken?" "$("$tide" "$command" "$name=" 2>&1)" \
      "unknown option"
  done
  columns=$(markdown_columns <"$work/markdown")
  holds "$command: help markdown has columns" test -n "$columns"
  is "$command --help: columns, as in help markdown" "$columns" \
    "$(help_columns Columns <"$work/help")"
  is "help man $command: columns, as in help markdown" "$columns" \
    "$(man_columns COLUMNS <"$work/page.1")"
  is "help man $command: fields for --by, as in --help" \
    "$(help_columns 'Fields for --by' <"$work/help")" "$(man_columns FIELDS <"$work/page.1")"
  is "help man $command: what mandoc says" '' "$(linted "$work/page.1")"
}

check() { # COMMAND...: these, and what is asked once
  local command defect defects
  "$tide" completion >"$work/completion"
  is "the list of commands in --help" "$("$tide" help commands)" \
    "$("$tide" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')"
  holds "help commands names some" test $# -gt 0
  for command; do check_command "$command"; done
  holds "completion is bash" bash -n "$work/completion"
  "$tide" help man >"$work/page.1"
  is "help man: what mandoc says" '' "$(linted "$work/page.1")"
  # The page of records lists each defect.
  defects=$(sed -n '/define TIDE_DEFECTS/,/^$/p' "$root/lib/record/record.h" |
    grep -o 'X([A-Z_]*, "[a-z-]*"' | cut -d'"' -f2)
  holds "lib/record/record.h names defects" test -n "$defects"
  for defect in $defects; do
    holds "docs/records.md has the defect $defect" grep "^| \`$defect\` | ." "$root/docs/records.md"
  done
}

self_test_all() {
  plant "$tide" "$work/planted"
  # finds WANT WHERE SED: with that change, the check named WANT fails, and no other.
  finds() {
    is "'$2', changed by '$3'" "FAILED: $1" \
      "$(export PLANT_IN=$2 PLANT=$3; tide=$work/planted; check timeline | grep '^FAILED')"
  }
  is 'what is not changed' '' "$(check timeline | grep '^FAILED')"
  finds 'timeline --help: lines of more than 79 columns' 'timeline --help' \
    "3s/.*/$(printf 'word %.0s' {1..16})/"
  finds 'timeline --help: options, as in help markdown' 'timeline --help' '/^  --label LABEL/d'
  finds 'help man timeline: options, as in help markdown' 'help man timeline' \
    's/-top/-tops/'
  finds 'completion of timeline: options, as in help markdown' completion \
    '/^        timeline\)/s/ --label / /'
  finds 'timeline --bin=: is the option taken?' 'timeline --bin=' 's/.*/unknown option/'
  finds 'timeline --help: columns, as in help markdown' 'timeline --help' '/^  origins /d'
  finds 'help man timeline: columns, as in help markdown' 'help man timeline' \
    's/^\.B covered/.B cover/'
  finds 'help man timeline: fields for --by, as in --help' 'timeline --help' '/^  weekday /d'
  finds 'the list of commands in --help' '--help' '/^  placebo /d'
  finds 'completion is bash' completion '$s/$/ )/'
  ! command -v mandoc >/dev/null ||
    finds 'help man timeline: what mandoc says' 'help man timeline' '3s/$/\n.XX/'
}

if [ -n "$self_test" ]; then
  self_test_all
else
  # shellcheck disable=SC2046
  check $("$tide" help commands)
fi
finish
