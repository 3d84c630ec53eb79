#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A table has at most 14 columns unless all are asked for (--all-columns), or groups, labels and
# tables of networks add theirs: what a paper prints.
# With --all-columns it has every column that the help names.
# Asked of every command there is, so that a new one has to keep to it.
#
#   tests/house/width.sh BUILD_DIR
set -uo pipefail
tide=$(cd "$1" && pwd)/spamtide
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0
check() {
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}
columns() { tr -d '\r' | head -n 1 | tr , '\n'; }
MOST=14

# width NAME ARGUMENTS...: of the command with its usual columns, and with all.
width() {
  local name=$1 usual all documented
  shift
  usual=$("$tide" "$@" test-corpora/changes 2>/dev/null | columns)
  check "$name: has columns" [ -n "$usual" ]
  check "$name: has at most $MOST columns, not $(wc -l <<<"$usual")" [ "$(wc -l <<<"$usual")" \
    -le $MOST ]
  "$tide" help markdown "$1" | grep -- --all-columns >/dev/null || return
  all=$("$tide" "$@" --all-columns test-corpora/changes 2>/dev/null | columns)
  check "$name: --all-columns has those too" [ -z \
    "$(comm -23 <(sort <<<"$usual") <(sort <<<"$all"))" ]
  documented=$("$tide" help markdown "$1" | sed '1,/^| column/d' |
    sed -n 's/^| `\([a-z_0-9]*\)` .*/\1/p')
  case $name in *together*) return ;; esac # has columns of its own
  check "$name: --all-columns has every column of the help" [ "$(sort <<<"$all")" = \
    "$(sort <<<"$documented")" ]
}

for command in $("$tide" help commands); do
  case $command in
    records) continue ;; # one row per message, with the columns that --columns names
    explain | rules | events | version | help) continue ;; # no tables of counts
  esac
  event=()
  "$tide" help markdown "$command" | grep "^| \`--event WHEN\`" >/dev/null && event=(--event mccolo)
  width "$command" "$command" "${event[@]}"
done
width 'families without an event' families
width 'concentration without an event' concentration
width 'changes --together' changes --together --by family

# The interval and the reasons not to trust it are never hidden.
shown() { # COMMAND COLUMN...: are they among the usual ones?
  local usual column
  usual=$("$tide" "$1" --event mccolo test-corpora/changes 2>/dev/null | columns)
  for column in "${@:2}"; do check "$1 shows $column" grep -qx "$column" <<<"$usual"; done
}
shown compare change_low change_high cautions
shown families change_low change_high cautions
shown course change_low change_high
shown recovery recovered_low recovered_high half_life_low half_life_high
shown concentration hhi_low hhi_high
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
