#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A table has at most 14 columns unless all are asked for (--all-columns), or groups, labels and
# tables of networks add theirs: what a paper prints.
# With --all-columns it has every column that the help names; without, no other than those.
# Asked of every command there is, so that a new one has to keep to it.
#
#   tests/house/width.sh BUILD_DIR                checks the program of a build
#   tests/house/width.sh --self-test BUILD_DIR    checks that each kind of fault in it is reported
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
self_test=
[ "${1:-}" = --self-test ] && { self_test=1; shift; }
tide=$(cd "$1" && pwd)/spamtide
cd "$root" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
most=14
# The interval and the reasons not to trust it are never hidden.
declare -A shown=(
  [compare]='change_low change_high cautions'
  [families]='change_low change_high cautions'
  [course]='change_low change_high'
  [recovery]='recovered_low recovered_high half_life_low half_life_high'
  [concentration]='hhi_low hhi_high'
)

# columns ARGUMENTS...: of what the command writes, one a line.
columns() { "$tide" "$@" test-corpora/changes 2>/dev/null | tr -d '\r' | head -n 1 | tr , '\n'; }
# not_in LIST OF: the lines of OF that the list has not.
not_in() { comm -13 <(sort -u <<<"$1") <(sort -u <<<"$2"); }

# width NAME ARGUMENTS...: of the command with its usual columns, and with all.
width() {
  local name=$1 usual all documented
  shift
  usual=$(columns "$@")
  [ -n "$usual" ] ||
    { fail "$name: no columns" "$("$tide" "$@" test-corpora/changes 2>&1)"; return; }
  is "$name: columns after the first $most" '' "$(tail -n +$((most + 1)) <<<"$usual")"
  is "$name: columns that are always shown, and are not" '' \
    "$(not_in "$usual" "$(tr ' ' '\n' <<<"${shown[$name]:-}")")"
  documented=$("$tide" help markdown "$1" | sed '1,/^| column/d' |
    sed -n 's/^| `\([a-z_0-9]*\)` .*/\1/p')
  all=$usual
  if "$tide" help markdown "$1" | grep '^| `--all-columns`' >/dev/null; then
    all=$(columns "$@" --all-columns)
    is "$name: usual columns that --all-columns lacks" '' "$(not_in "$all" "$usual")"
  fi
  case $name in *together*) return ;; esac # has columns of its own
  is "$name: columns that the help does not name" '' "$(not_in "$documented" "$all")"
  is "$name: columns of the help that all do not have" '' \
    "$(not_in "$all" "$documented" | grep -vx share_pct)" # which --share adds
}

check() { # [COMMAND...]
  local command event
  for command in ${*:-$("$tide" help commands)}; do
    case $command in
      records) continue ;; # one row per message, with the columns that --columns names
      explain | rules | events | version | help) continue ;; # no tables of counts
    esac
    event=()
    "$tide" help markdown "$command" | grep '^| `--event WHEN`' >/dev/null && event=(--event mccolo)
    width "$command" "$command" "${event[@]}"
  done
  [ $# -eq 0 ] || return
  width 'families without an event' families
  width 'concentration without an event' concentration
  width 'changes --together' changes --together --by family
}

self_test() {
  plant "$tide" "$work/planted"
  # finds COMMAND ARGUMENTS SED WANT...: with that change of what it writes for them, the checks of
  # the command named WANT fail, and no others.
  finds() {
    is "'$1 $2', changed by '$3'" "$(printf '%s\n' "${@:4}")" "$(
      export PLANT_IN="$1 $2 test-corpora/changes" PLANT=$3
      [ "$2" != help ] || PLANT_IN="help markdown $1"
      tide=$work/planted
      check "$1" | sed -n "s/^FAILED: $1: //p"
    )"
  }
  finds compare nothing '' ''
  finds timeline '--event mccolo' '1s/^/one_more,/' 'columns that the help does not name'
  finds timeline '--event mccolo' d 'no columns'
  finds compare '--event mccolo' '1s/^/ratio,/' 'columns after the first 14'
  finds compare '--event mccolo' '1s/,cautions/,ratio/' \
    'columns that are always shown, and are not'
  finds compare '--event mccolo --all-columns' '1s/^unit,/ratio,/' \
    'usual columns that --all-columns lacks' 'columns of the help that all do not have'
  finds relays help '/`depth`/d' 'columns that the help does not name'
}

if [ -n "$self_test" ]; then self_test; else check; fi
finish
