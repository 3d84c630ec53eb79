#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tries what docs/ARCHITECTURE.md says of a new column: a row and its getter in one file, and
# nothing else. Output, help, man page and the pages' tables follow.
#
#   tests/house/column.sh BUILD_DIR    (77 where the build is not Ninja's)
set -uo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
. tests/check.sh
[ -e "$build/build.ninja" ] && command -v ninja >/dev/null || {
  echo "skipped: not a build of Ninja"
  exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

file=lib/question/hits.c
sed -e 's/^TIDE_GETTER(hits_row, line,/TIDE_GETTER(hits_row, tried, r->count ? tide_value_word(SPAN("surely")) : tide_value_empty())\n&/' \
  -e 's/^ *{\.name = "line",/    {.name = "tried", .help = "what a test adds", .get = get_tried},\n&/' "$file" >"$scratch/hits.c"
is "rows put into $file, before its row of line" 2 \
  "$(diff "$file" "$scratch/hits.c" | grep -c '^>')"

# One file is compiled as the build compiles it, and takes its place in a copy of the library.
compile=$(ninja -C "$build" -t commands CMakeFiles/spamtide.dir/$file.o | tail -n 1)
link=$(ninja -C "$build" -t commands spamtide | tail -n 1)
compile=${compile/-o CMakeFiles\/spamtide.dir\/$file.o/-o $scratch\/hits.c.o}
compile=${compile%-c *}
(cd "$build" && eval "$compile -c $scratch/hits.c") || exit 1
cp "$build/libspamtide.a" "$scratch/libspamtide.a"
ar r "$scratch/libspamtide.a" "$scratch/hits.c.o" || exit 1
link=${link/ libspamtide.a/ $scratch\/libspamtide.a}
link=${link/-o spamtide /-o $scratch\/spamtide }
(cd "$build" && eval "$link") || exit 1

follows() { # WHERE COMMAND…: its output has the column
  contains "the new column in $1" "$("${@:2}" 2>&1)" tried
}
follows 'the table' "$scratch/spamtide" rules hits --campaigns builtin test-corpora/campaigns
contains 'its cells in the table' \
  "$("$scratch/spamtide" rules hits --campaigns builtin test-corpora/campaigns 2>&1)" ,surely,
follows 'JSON Lines' "$scratch/spamtide" rules hits --format jsonl --campaigns builtin \
  test-corpora/campaigns
follows 'the help' "$scratch/spamtide" rules --help
follows 'the man page' "$scratch/spamtide" help man rules
follows 'the table of docs/rules.md' "$scratch/spamtide" help markdown rules
contains 'what tools/docs --check says of the page without it' \
  "$(tools/docs --check "$scratch" 2>&1)" 'docs/rules.md is not what the option tables say'
echo "a new column: one row, one getter, one file"
finish
