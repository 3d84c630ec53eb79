#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed is a library for others: the example of docs/library.md is built against it by
# pkg-config and by CMake, shared and static, in C and its headers in C++, and writes what the
# program writes; and the library shows the functions that include/spamtide/ declares, and no
# others.
#
#   tests/house/library.sh BUILD_DIR    (77 where no shared library was built)
set -uo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.." || exit 2
. tests/check.sh
[ -e "$build/libspamtide.so" ] || { echo "no libspamtide.so in this build"; exit 77; }
for tool in cmake pkg-config nm; do
  command -v "$tool" >/dev/null || { echo "$tool is not there"; exit 77; }
done
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# Moved once, so that nothing rests on the place that it was configured for.
cmake --install "$build" --prefix "$scratch/first" >/dev/null || exit 1
mv "$scratch/first" "$scratch/there"
pc=$(find "$scratch/there" -name spamtide.pc)
holds 'spamtide.pc is installed' test -n "$pc"
export PKG_CONFIG_PATH=${pc%/*}
read -r -a flags < <(pkg-config --cflags spamtide)
read -r -a libs < <(pkg-config --libs spamtide)
library=$(find "$scratch/there" -name 'libspamtide.so')
export LD_LIBRARY_PATH=${library%/*}
is 'the version that pkg-config knows' "$("$build/spamtide" --version | awk '{ print $2 }')" \
  "$(pkg-config --modversion spamtide)"
is 'its soname' libspamtide.so.0 "$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')"

# Shown and declared: both ways.
nm -D --defined-only "$library" | awk '{ print $3 }' | sort >"$scratch/shown"
cat include/spamtide/*.h | tr '\n' ' ' | grep -oE 'TIDE_PUBLIC [^;(]*\(' |
  grep -oE 'tide_[a-z_]+\($' | tr -d '(' | sort >"$scratch/declared"
holds 'more than 10 functions are declared' test "$(wc -l <"$scratch/declared")" -gt 10
same 'what the library shows is what include/spamtide/ declares' "$scratch/declared" \
  "$scratch/shown"

example=docs/examples/timeline.c
mail=test-corpora/mbox
sed -n '/^```c$/,/^```$/p' docs/library.md | sed '1d;$d' >"$scratch/page.c"
same 'docs/library.md shows the example' $example "$scratch/page.c"
holds 'the example has fewer than 60 lines' test "$(wc -l <$example)" -lt 60
"$build/spamtide" timeline --event mccolo --bin week $mail >"$scratch/wanted.csv" 2>/dev/null
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  holds "the example is C17 to $compiler" $compiler -std=c17 -Wall -Wextra -Wpedantic -Werror \
    "${flags[@]}" $example "${libs[@]}" -o "$scratch/$compiler"
  holds "the example of $compiler runs" bash -c '"$0" mccolo "$1" >"$0.csv"' "$scratch/$compiler" \
    $mail
  same "the example of $compiler writes what the program writes" "$scratch/wanted.csv" \
    "$scratch/$compiler.csv"
  contains "what the example of $compiler says of an unknown event" \
    "$("$scratch/$compiler" 'no such event' $mail 2>&1)" 'no such event'
done

# By CMake, in a directory of its own; linked to the archive it needs no libspamtide.so.
mkdir "$scratch/project"
cp $example "$scratch/project/timeline.c"
cat >"$scratch/project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(timeline LANGUAGES C)
find_package(spamtide 0.1 REQUIRED COMPONENTS static)
foreach(kind spamtide static)
  add_executable(with_${kind} timeline.c)
  target_link_libraries(with_${kind} PRIVATE spamtide::${kind})
endforeach()
END
out_of_tree() {
  cmake -G Ninja -S "$scratch/project" -B "$scratch/project/build" \
    -DCMAKE_PREFIX_PATH="$scratch/there" &&
    cmake --build "$scratch/project/build"
}
holds 'a project outside finds spamtide and is built' out_of_tree
for kind in spamtide static; do
  "$scratch/project/build/with_$kind" mccolo $mail >"$scratch/$kind.csv" 2>/dev/null
  same "the example with spamtide::$kind writes what the program writes" "$scratch/wanted.csv" \
    "$scratch/$kind.csv"
done
needs() { readelf -d "$scratch/project/build/$1" | grep -o 'libspamtide[^]]*'; }
is 'what the example with spamtide::static needs' '' "$(needs with_static)"
is 'what the example with spamtide::spamtide needs' libspamtide.so.0 "$(needs with_spamtide)"
sed -i 's/COMPONENTS static/COMPONENTS nothing/' "$scratch/project/CMakeLists.txt"
contains 'what CMake says of a component that there is not' \
  "$(cmake -G Ninja -S "$scratch/project" -B "$scratch/project/other" \
    -DCMAKE_PREFIX_PATH="$scratch/there" 2>&1)" 'has no component nothing'

cat >"$scratch/cells.cc" <<'END'
#include <spamtide/spamtide.h>
#include <cstring>
static tide_status take(void *sum, const tide_row *row, tide_error *) {
  *static_cast<uint64_t *>(sum) += tide_row_count(row, tide_row_find(row, "messages"));
  return TIDE_OK;
}
int main(int, char **argv) {
  tide_archive *archive = nullptr;
  tide_query *query = nullptr;
  tide_error err;
  uint64_t sum = 0, counted = 1;
  if (tide_archive_new(&archive, &err) || tide_archive_add(archive, argv[1], &err) ||
      tide_query_new(&query, "timeline", &err))
    return 2;
  tide_query_rows_to(query, nullptr, take, &sum);
  if (tide_archive_ask(archive, &query, 1, &err) ||
      tide_query_count(query, "messages.counted", &counted, &err))
    return 3;
  tide_query_free(query);
  tide_archive_free(archive);
  return sum == counted && sum > 0 ? 0 : 4;
}
END
for compiler in g++ clang++; do
  command -v $compiler >/dev/null && echo 'int main() {}' |
    $compiler -x c++ -fsyntax-only - 2>/dev/null || continue
  holds "a program in C++ is built by $compiler" $compiler -std=c++17 -Wall -Wextra -Werror \
    "${flags[@]}" "$scratch/cells.cc" "${libs[@]}" -o "$scratch/$compiler"
  holds "a program in C++ of $compiler counts cell by cell" "$scratch/$compiler" $mail
done
finish
