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
[ -e "$build/libspamtide.so" ] || { echo "no libspamtide.so in this build"; exit 77; }
for tool in cmake pkg-config nm; do
  command -v "$tool" >/dev/null || { echo "$tool is not there"; exit 77; }
done
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0
check() { # WHAT COMMAND...
  if "${@:2}" >"$scratch/said" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $1"
    head -n 20 "$scratch/said"
  fi
}

# Moved once, so that nothing rests on the place that it was configured for.
cmake --install "$build" --prefix "$scratch/first" >/dev/null || exit 1
mv "$scratch/first" "$scratch/there"
pc=$(find "$scratch/there" -name spamtide.pc)
check 'spamtide.pc is installed' test -n "$pc"
export PKG_CONFIG_PATH=${pc%/*}
read -r -a flags < <(pkg-config --cflags spamtide)
read -r -a libs < <(pkg-config --libs spamtide)
library=$(find "$scratch/there" -name 'libspamtide.so')
export LD_LIBRARY_PATH=${library%/*}
check 'pkg-config knows the version' test "$(pkg-config --modversion spamtide)" = \
  "$("$build/spamtide" --version | awk '{ print $2 }')"
check 'its soname is libspamtide.so.0' grep -q 'SONAME.*\[libspamtide.so.0\]' \
  <(readelf -d "$library")

# Shown and declared: both ways.
nm -D --defined-only "$library" | awk '{ print $3 }' | sort >"$scratch/shown"
cat include/spamtide/*.h | tr '\n' ' ' | grep -oE 'TIDE_PUBLIC [^;(]*\(' |
  grep -oE 'tide_[a-z_]+\($' | tr -d '(' | sort >"$scratch/declared"
check 'functions are declared' test "$(wc -l <"$scratch/declared")" -gt 10
check 'what is shown is what is declared' diff "$scratch/declared" "$scratch/shown"

example=docs/examples/timeline.c
mail=test-corpora/mbox
check 'docs/library.md shows the example' diff $example \
  <(sed -n '/^```c$/,/^```$/p' docs/library.md | sed '1d;$d')
check 'the example has fewer than 60 lines' test "$(wc -l <$example)" -lt 60
"$build/spamtide" timeline --event mccolo --bin week $mail >"$scratch/wanted.csv" 2>/dev/null
check 'the program has a timeline' test -s "$scratch/wanted.csv"
for compiler in gcc clang; do
  command -v $compiler >/dev/null || continue
  check "the example is C17 to $compiler" $compiler -std=c17 -Wall -Wextra -Wpedantic -Werror \
    "${flags[@]}" $example "${libs[@]}" -o "$scratch/$compiler"
  check "the example of $compiler runs" bash -c '"$0" mccolo "$1" >"$0.csv"' "$scratch/$compiler" \
    $mail
  check "the example of $compiler writes what the program writes" cmp "$scratch/wanted.csv" \
    "$scratch/$compiler.csv"
  check "the example of $compiler says what is wrong" bash -c \
    '! "$0" "no such event" "$1" 2>&1 | grep -q "no such event" || exit 0; exit 1' \
    "$scratch/$compiler" $mail
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
check 'a project outside finds spamtide and is built' out_of_tree
for kind in spamtide static; do
  check "the example with spamtide::$kind writes what the program writes" \
    cmp "$scratch/wanted.csv" <("$scratch/project/build/with_$kind" mccolo $mail 2>/dev/null)
done
check 'the archive is in the program' \
  bash -c '! readelf -d "$0" | grep -q libspamtide && readelf -d "$1" | grep -q libspamtide.so.0' \
  "$scratch/project/build/with_static" "$scratch/project/build/with_spamtide"
sed -i 's/COMPONENTS static/COMPONENTS nothing/' "$scratch/project/CMakeLists.txt"
check 'a component that it has not is refused' bash -c '! cmake -G Ninja -S "$0" -B "$0/other" \
  -DCMAKE_PREFIX_PATH="$1" 2>&1 | grep -q "has no component nothing" || exit 0; exit 1' \
  "$scratch/project" "$scratch/there"

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
  check "a program in C++ is built by $compiler" $compiler -std=c++17 -Wall -Wextra -Werror \
    "${flags[@]}" "$scratch/cells.cc" "${libs[@]}" -o "$scratch/$compiler"
  check "a program in C++ of $compiler counts cell by cell" "$scratch/$compiler" $mail
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
