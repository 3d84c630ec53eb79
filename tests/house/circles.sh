#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# No two files of a room need each other, by themselves or through others: each can be read after
# those that it calls. Who calls whom is asked of the compiled files; what is static or inlined, or
# called through a pointer, is not seen.
# Between rooms, layers.sh holds the same.
#
#   tests/house/circles.sh BUILD_DIR      checks the files of a build
#   tests/house/circles.sh --self-test    checks that circles are found, in lines as nm prints them
#
# Prints the names of the files of a circle.
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/../check.sh"
command -v nm >/dev/null || { echo "skipped: nm (binutils) is not there"; exit 77; }

# circles < "OBJECT ADDRESS TYPE NAME" for each name, as nm -A prints them: a file that another one
# of its room calls, and that needs it in turn, is printed.
circles() {
  awk '
    { file = $1; sub(/:.*/, "", file); sub(/^.*\.dir\//, "", file); sub(/\.o$/, "", file)
      room = file; sub(/\/[^\/]*$/, "", room)
      if ($(NF - 1) == "U") needs[file, $NF] = room
      else if ($(NF - 1) ~ /^[A-TV-Z]$/) { home[$NF] = file; room_of[$NF] = room } }
    END { for (pair in needs) {
      split(pair, part, SUBSEP); name = part[2]
      if (name in home && home[name] != part[1] && room_of[name] == needs[pair])
        print part[1], home[name] } }' | sort -u | tsort 2>&1 >/dev/null |
    sed -n 's/^tsort: \([^ ]*\.c\)$/\1/p' | sort -u
}

check() { # BUILD_DIR
  local names found count object source
  # What a build kept of a file that is gone does not count.
  names=$(find "$1"/CMakeFiles/*.dir/{lib,cmd} -name '*.c.o' 2>/dev/null |
    while IFS= read -r object; do
      source=${object##*.dir/}
      [ ! -e "$root/${source%.o}" ] || printf '%s\n' "$object"
    done | xargs -r -d '\n' nm -A -g 2>/dev/null)
  count=$(cut -d: -f1 <<<"$names" | sort -u | grep -c .)
  [ "$count" -gt 100 ] || { echo "nm shows $count files in $1"; return 1; }
  found=$(circles <<<"$names")
  [ -z "$found" ] || { echo "files in a circle:"; echo "$found"; return 1; }
  echo "$count files, none of which is in a circle within its room"
}

self_test() {
  local a=b/CMakeFiles/x.dir/lib/r/a.c.o b=b/CMakeFiles/x.dir/lib/r/b.c.o
  local c=b/CMakeFiles/x.dir/lib/r/c.c.o other=b/CMakeFiles/y.dir/lib/s/d.c.o
  # gives WANT NAME LINE...: these files are in a circle.
  gives() { is "$2" "$1" "$(printf '%s\n' "${@:3}" | circles | tr '\n' ' ')"; }
  gives '' 'one needs the other' "$a:0 T f" "$a: U g" "$b:0 T g"
  gives 'lib/r/a.c lib/r/b.c ' 'two' "$a:0 T f" "$a: U g" "$b:0 T g" "$b: U f"
  gives 'lib/r/a.c lib/r/b.c ' 'by data' "$a:0 D f" "$a: U g" "$b:0 R g" "$b: U f"
  gives 'lib/r/a.c lib/r/b.c lib/r/c.c ' 'three' \
    "$a:0 T f" "$a: U g" "$b:0 T g" "$b: U h" "$c:0 T h" "$c: U f"
  gives '' 'no way back' "$a:0 T f" "$a: U g" "$b:0 T g" "$b: U h" "$c:0 T h" "$c: U malloc"
  gives '' 'two rooms' "$a:0 T f" "$a: U g" "$other:0 T g" "$other: U f"
  gives '' 'itself' "$a:0 T f" "$a: U f"
  is 'no build' 'nm shows 0 files in none' "$(check none)"
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "$1" ;;
esac
