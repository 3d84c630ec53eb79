#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Packs mail into every container that is read, and demands what the plain files give: the same
# records and the same timeline, for one worker and for several, from files and from pipes.
#
#   tests/golden/archives.sh [--sanitized] BUILD_DIR
#
# --sanitized: a build that looks for faults and races; what differs only in its answer is left out.
# Packed are this project's own mailboxes, and, where it is at hand, real mail ($TIDE_CORPORA, else
# ../shared/corpora). Needs bsdtar; without it, skipped (77).
set -uo pipefail
sanitized=
[ "${1:-}" = --sanitized ] && { sanitized=1; shift; }
build=$(cd "$1" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/check.sh
root=$PWD
corpora=${TIDE_CORPORA:-$root/../shared/corpora}
export PATH="$build:$PATH" LC_ALL=C
command -v bsdtar >/dev/null || { echo "skipped: no bsdtar"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# Everything of a message but where it stands.
columns=offset,time,time_source,claimed_time,origin,hops,message_id,from_domain,subject,bytes,defects

# rows FILE...: its records, sorted, since a directory is read by name and an archive in its own
# order.
rows() { spamtide records --columns "$columns" "$@" 2>"$work/said" | sort; }
named() { spamtide records --columns "source,$columns" "$@" 2>"$work/said" | sort; }

# gives WANT COMMAND...: the command's output is what stands in the file, that of the plain mail.
gives() {
  local want=$1 before=$failed; shift
  "$@" >"$work/packed"
  same "$packed: ${*/"$work/"}, as of the plain files" "$want" "$work/packed"
  [ "$failed" = "$before" ] || head -n 4 "$work/said"
}
timeline() { spamtide timeline --bin week --by origin_source "$@" 2>"$work/said"; }

# clean: what was said last tells of no more losses than of the plain files.
lost_of() { sed -n '/messages\? read/s/.*not read: \([0-9]*\).*/\1/p' "$work/said"; }
clean() {
  local now
  now=$(lost_of)
  [ "$now" = "$lost" ] || fail "$packed: files not read of ${1/"$work/"}, as of the plain files" \
    "wanted: ${lost:-none}" "got:    ${now:-none}" "$(head -n 4 "$work/said")"
}

# both WANT_ROWS WANT_TIMELINE FILE: one worker and two, as a file and through a pipe.
# $brief: two workers and the rows are enough, since the other ways differ in what does not depend
# on the mail.
brief=$sanitized
both() {
  gives "$1" rows --jobs 2 "$3"; clean "$3"
  if [ -z "$brief" ]; then
    gives "$1" rows --jobs 1 "$3"; clean "$3"
    gives "$2" timeline --jobs 2 "$3"
  fi
  gives "$1" rows --jobs 2 - < <(cat "$3")
}

# At the lowest level: at the highest, packing would take most of this test's time.
packed_as() { # FORMAT FILE ARGUMENT...
  local format=$1 file=$2 level=()
  shift 2
  [ "$format" = 7zip ] && level=(--options 7zip:compression-level=1)
  bsdtar --format="$format" "${level[@]}" -cf "$file" "$@"
}

# compress FILE: what its filters make of it, one name a line.
filters=(gzip bzip2 xz lzma lzip zstd lz4 compress)
packed_by() { # FILTER FILE: on standard output
  case $1 in
  gzip | bzip2 | zstd | lz4) command -v "$1" >/dev/null && "$1" -1 -c <"$2" ;;
  xz) command -v xz >/dev/null && xz -0 -c <"$2" ;;
  lzma) command -v xz >/dev/null && xz -0 --format=lzma -c <"$2" ;;
  lzip)
    bsdtar --format=raw --lzip --options lzip:compression-level=1 -cf - -C "$(dirname "$2")" \
      "$(basename "$2")"
    ;;
  compress) bsdtar --format=raw --"$1" -cf - -C "$(dirname "$2")" "$(basename "$2")" ;;
  esac
}

archives=(ustar pax gnutar v7tar zip 7zip cpio newc bin ar)
archive() { # FORMAT DIRECTORY FILE
  local format=$1
  [ "$format" = ar ] && format=arbsd
  (cd "$2" && find . -type f | sort | packed_as "$format" "$3" -T -)
}

# try NAME DIRECTORY: packs the directory every way there is.
try() {
  local name=$1 dir=$2 format filter
  rows "$dir" >"$work/rows"; lost=$(lost_of); timeline "$dir" >"$work/timeline"
  [ "$(wc -l <"$work/rows")" -gt 1 ] || fail "$name: no records of $dir"
  for format in "${archives[@]}"; do
    # it knows no directories
    [ "$format" = ar ] && find "$dir" -mindepth 2 -type f | grep -q . && continue
    archive "$format" "$dir" "$work/a" 2>/dev/null || continue
    packed="$name as $format"
    both "$work/rows" "$work/timeline" "$work/a"
  done
  archive pax "$dir" "$work/a.tar"
  for filter in "${filters[@]}"; do
    packed_by "$filter" "$work/a.tar" >"$work/a.$filter" || continue
    packed="$name as tar and $filter"
    [ -s "$work/a.$filter" ] || continue
    both "$work/rows" "$work/timeline" "$work/a.$filter"
  done
  # One within another, and as one of several files of a directory.
  mkdir -p "$work/nest/inner" "$work/outer"
  gzip -c <"$work/a.tar" >"$work/nest/inner/mail.tgz"
  (cd "$work/nest" && bsdtar --format=zip -cf "$work/outer/b.zip" inner)
  packed="$name in containers in containers"
  gives "$work/rows" rows --jobs 2 "$work/outer"; clean "$work/outer"
  (cd "$work" && packed_as 7zip c.7z outer)
  gives "$work/rows" rows "$work/c.7z"; clean "$work/c.7z"
  gives "$work/rows" rows - < <(cat "$work/c.7z")
  # The names below the container's.
  named "$dir" | sed "s|$dir/||" | sort >"$work/names"
  packed="$name as pax"
  gives "$work/names" eval "named '$work/a.tar' | sed 's|$work/a.tar/||' | sort"
  rm -rf "$work/nest" "$work/outer"
}

# whole FILE: one mailbox, compressed.
whole() {
  local filter
  rows "$1" >"$work/rows"; lost=$(lost_of); timeline "$1" >"$work/timeline"
  for filter in "${filters[@]}"; do
    # bsdtar fills the last block with zeros, which only a tar does not mind
    [ "$filter" = compress ] && continue
    packed_by "$filter" "$1" >"$work/w.$filter" || continue
    packed="${1##*/} as $filter"
    [ -s "$work/w.$filter" ] || continue
    both "$work/rows" "$work/timeline" "$work/w.$filter"
    # In two pieces, as they come when a file is appended to.
    [ "$filter" = gzip ] && {
      { head -c 1000 "$1" | gzip -c; tail -c +1001 "$1" | gzip -c; } >"$work/w.two"
      packed="${1##*/} as two members of gzip"
      both "$work/rows" "$work/timeline" "$work/w.two"
    }
  done
}

for dir in mbox maildir containers line-ends; do
  [ -d "test-corpora/$dir" ] && try "$dir" "$root/test-corpora/$dir"
done
for file in test-corpora/mbox/mboxrd.mbox test-corpora/line-ends/*; do
  [ -f "$file" ] && whole "$file"
done
if [ -d "$corpora/nazario" ]; then
  # Packing takes most of the time: the filters of one library stand for each other.
  brief=1
  archives=(ustar cpio zip 7zip) filters=(gzip zstd)
  [ -n "$sanitized" ] || try mail-parser "$corpora/suites/mail-parser"
  filters=(gzip bzip2 xz zstd lz4)
  whole "$corpora/nazario/phishing1.mbox"
  archives=(gnutar zip) filters=(gzip bzip2)
  try mccolo "$corpora/mccolo-2008"
  [ -n "$sanitized" ] || try spam-2 "$corpora/spamassassin/spam-2"
fi

finish
