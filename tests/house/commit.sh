#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The commit that the program names is that of its source: in a checkout, in an export, and nowhere
# else; and never an earlier build's.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a \
  GIT_AUTHOR_EMAIL=a@b.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.example
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
# names NAME DIRECTORY WANT: the commit that the build of DIRECTORY names.
names() {
  cmake -DSOURCE="$work/$2" -DOUT="$work/commit.c" -P "$root/cmake/commit.cmake" ||
    { fail "$1: cmake/commit.cmake"; return; }
  is "$1: version_commit" "$3" \
    "$(sed -n 's/^const char version_commit\[\] = "\(.*\)";$/\1/p' "$work/commit.c")"
}
head() { git -C "$work/tree" rev-parse HEAD | cut -c1-12; }

mkdir -p "$work/tree/cmake"
cp "$root/.gitattributes" "$work/tree/"
echo '$Format:%H$' >"$work/tree/cmake/commit.txt"
names 'no repository' tree ''
git -C "$work/tree" init -q && git -C "$work/tree" add -A && git -C "$work/tree" commit -qm one
names 'a checkout' tree "$(head)"
touch -d 2001-01-01 "$work/commit.c"
names 'the same once more' tree "$(head)"
is 'not written again where nothing changed: everything would be linked anew' \
  "$(date -d 2001-01-01 +%s)" "$(stat -c %Y "$work/commit.c")"
echo x >"$work/tree/file" && git -C "$work/tree" add file
names 'a change' tree "$(head)-dirty"
git -C "$work/tree" commit -qm two && git -C "$work/tree" tag v1
names 'the next commit, with a tag' tree "$(head)"
git -C "$work/tree" worktree add -q "$work/second" HEAD
names 'a second worktree' second "$(head)"
mkdir "$work/export" && git -C "$work/tree" archive HEAD | tar x -C "$work/export"
names 'an export' export "$(head)"
mkdir -p "$work/tree/inside/cmake" && echo '$Format:%H$' >"$work/tree/inside/cmake/commit.txt"
names "inside somebody else's repository" tree/inside ''
if grep -qxE '[0-9a-f]{40}' "$root/cmake/commit.txt"; then # an export
  pass
else
  is 'cmake/commit.txt is what git replaces' '$Format:%H$' "$(<"$root/cmake/commit.txt")"
fi
finish
