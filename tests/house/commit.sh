#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The commit that the program names is that of its source: in a checkout, in an export, and nowhere
# else; and never an earlier build's.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a \
  GIT_AUTHOR_EMAIL=a@b.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.example
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
passed=0 failed=0
# is NAME DIRECTORY WANT: what the build of DIRECTORY says
is() {
  local got
  cmake -DSOURCE="$work/$2" -DOUT="$work/commit.c" -P "$root/cmake/commit.cmake" || return 1
  got=$(sed -n 's/^const char version_commit\[\] = "\(.*\)";$/\1/p' "$work/commit.c")
  if [ "$got" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1: want '$3', got '$got'"
  fi
}
head() { git -C "$work/tree" rev-parse HEAD | cut -c1-12; }

mkdir -p "$work/tree/cmake"
cp "$root/.gitattributes" "$work/tree/"
echo '$Format:%H$' >"$work/tree/cmake/commit.txt"
is 'no repository' tree ''
git -C "$work/tree" init -q && git -C "$work/tree" add -A && git -C "$work/tree" commit -qm one
is 'a checkout' tree "$(head)"
touch -d 2001-01-01 "$work/commit.c"
is 'the same once more' tree "$(head)"
[ "$(stat -c %Y "$work/commit.c")" -lt 1000000000 ] || {
  failed=$((failed + 1))
  echo "FAILED: written though nothing changed: everything would be linked again"
}
echo x >"$work/tree/file" && git -C "$work/tree" add file
is 'a change' tree "$(head)-dirty"
git -C "$work/tree" commit -qm two && git -C "$work/tree" tag v1
is 'the next commit, with a tag' tree "$(head)"
git -C "$work/tree" worktree add -q "$work/second" HEAD
is 'a second worktree' second "$(head)"
mkdir "$work/export" && git -C "$work/tree" archive HEAD | tar x -C "$work/export"
is 'an export' export "$(head)"
mkdir -p "$work/tree/inside/cmake" && echo '$Format:%H$' >"$work/tree/inside/cmake/commit.txt"
is "inside somebody else's repository" tree/inside ''
cmp -s <(echo '$Format:%H$') "$root/cmake/commit.txt" ||
  grep -qE '^[0-9a-f]{40}$' "$root/cmake/commit.txt" ||
  { failed=$((failed + 1)); echo "FAILED: cmake/commit.txt is not what git replaces"; }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
