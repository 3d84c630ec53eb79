#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tries what docs/ARCHITECTURE.md says of a new column: a row and its getter in one file, and
# nothing else. Output, help, man page and the pages' tables follow.
#
#   tests/house/column.sh BUILD_DIR    (77 where the build is not Ninja's)
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
[ -e "$build/build.ninja" ] && command -v ninja >/dev/null || {
  echo "not a build of Ninja"
  exit 77
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

file=lib/question/hits.c
sed -e 's/^TIDE_GETTER(hits_row, line,/TIDE_GETTER(hits_row, tried, r->count ? tide_value_word(SPAN("surely")) : tide_value_empty())\n&/' \
  -e 's/^ *{\.name = "line",/    {.name = "tried", .help = "what a test adds", .get = get_tried},\n&/' "$file" >"$scratch/hits.c"
[ "$(diff "$file" "$scratch/hits.c" | grep -c '^>')" -eq 2 ] || {
  echo "FAILED: $file has no row to put one before"
  exit 1
}

# One file is compiled as the build compiles it, and takes its place in a copy of the library.
compile=$(ninja -C "$build" -t commands CMakeFiles/spamtide.dir/$file.o | tail -n 1)
link=$(ninja -C "$build" -t commands spamtide | tail -n 1)
compile=${compile/-o CMakeFiles\/spamtide.dir\/$file.o/-o $scratch\/hits.c.o}
compile=${compile%-c *}
(cd "$build" && eval "$compile -c $scratch/hits.c")
cp "$build/libspamtide.a" "$scratch/libspamtide.a"
ar r "$scratch/libspamtide.a" "$scratch/hits.c.o"
link=${link/ libspamtide.a/ $scratch\/libspamtide.a}
link=${link/-o spamtide /-o $scratch\/spamtide }
(cd "$build" && eval "$link")

failed=0
follows() { # WHERE COMMAND…: its output has the column
  local where=$1
  shift
  "$@" 2>/dev/null >"$scratch/out" || true
  grep -q tried "$scratch/out" || { failed=1; echo "FAILED: $where does not have the new column"; }
}
follows 'the table' "$scratch/spamtide" rules hits --campaigns builtin test-corpora/campaigns
grep -q ',surely,' "$scratch/out" || { failed=1; echo "FAILED: its cells are not in the table"; }
follows 'JSON Lines' "$scratch/spamtide" rules hits --format jsonl --campaigns builtin \
  test-corpora/campaigns
follows 'the help' "$scratch/spamtide" rules --help
follows 'the man page' "$scratch/spamtide" help man rules
follows 'the table of docs/rules.md' "$scratch/spamtide" help markdown rules
if tools/docs --check "$scratch" >/dev/null 2>&1; then
  failed=1
  echo "FAILED: tools/docs --check does not miss it in the page"
fi
[ "$failed" -eq 0 ] && echo "a new column: one row, one getter, one file"
exit "$failed"
