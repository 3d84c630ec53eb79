#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Help, man pages and completion name every option of every command, and are well formed; a page
# lists every defect.
#
#   tests/house/help.sh BUILD_DIR
set -uo pipefail
tide=$(cd "$1" && pwd)/spamtide
passed=0 failed=0
check() {
  if "${@:2}"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}
narrow() {
  awk 'length > 79 && !/^  spamtide / { print "too wide: " $0; bad = 1 } END { exit bad }'
}
has() { [[ $1 == *"$2"* ]]; }
lacks() { ! has "$@"; }
work=$(mktemp -d) || exit 2 # its name may end in .5: mandoc takes the section from a page's name
trap 'rm -rf "$work"' EXIT

"$tide" completion >"$work/completion"
commands=$("$tide" help commands)
check "the list of commands in --help" [ "$commands" = \
  "$("$tide" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p')" ]
[ -n "$commands" ] || { echo "no commands found"; exit 1; }
for command in $commands; do
  "$tide" "$command" --help >"$work/help"
  "$tide" help man "$command" >"$work/page.1"
  "$tide" help markdown "$command" >"$work/markdown"
  check "$command: help is at most 79 columns wide" narrow <"$work/help"
  # Every option that the markdown table has is in the others too, and is taken: a wrong argument
  # is not an unknown option.
  help=$(<"$work/help") page=$(<"$work/page.1") completed=$(grep -- "$command)" "$work/completion")
  for name in $(grep -o '^| `[^`]*`' "$work/markdown" | grep -o -- '--[a-z-]*'); do
    check "$command: $name in --help" has "$help" "$name"
    check "$command: $name in the man page" has "$page" "${name//-/\\-}"
    check "$command: $name in completion" has "$completed" "$name "
    check "$command: $name is taken" lacks "$("$tide" "$command" "$name=" 2>&1)" "unknown option"
  done
  if command -v mandoc >/dev/null; then
    check "$command: man page" bash -c '! mandoc -T lint -W warning "$0" | grep .' "$work/page.1"
  fi
done
check "completion is bash" bash -n "$work/completion"
"$tide" help man >"$work/page.1"
if command -v mandoc >/dev/null; then
  check "man page of the program" bash -c '! mandoc -T lint -W warning "$0" | grep .' "$work/page.1"
fi
# The page of records lists each defect.
top=$(dirname "$0")/../..
defects=$(sed -n '/define TIDE_DEFECTS/,/^$/p' "$top/lib/record/record.h" |
  grep -o 'X([A-Z_]*, "[a-z-]*"' | cut -d'"' -f2)
[ -n "$defects" ] || { echo "no defects found"; exit 1; }
for defect in $defects; do
  check "docs/records.md has the defect $defect" grep -q "^| \`$defect\` | ." "$top/docs/records.md"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
