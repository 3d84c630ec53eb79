#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Who may include what: holds every #include line of include/, lib/ and cmd/ against the tables
# below.
#
#   tests/house/layers.sh [DIRECTORY]
#       checks the checkout, or another directory with the same folders
#   tests/house/layers.sh --self-test
#       checks that each of its rules can be broken and is then reported
#
# Prints FILE:LINE: what is wrong.
# A new folder, offered header, library or header of the system gets its row here first; a row for
# what nobody includes is reported too.
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"

# folder | the folders whose offered headers it may include; several rows of one folder add up
layers='
spamtide | spamtide
base     | spamtide base
mail     | base mail
source   | base mail source
record   | base mail source record
mime     | base mail source record mime
extract  | base mail record mime extract
networks | base mail record mime extract networks
hops     | base mail record mime extract networks hops
rules    | base mail record mime extract hops networks rules
tally    | base record tally
stats    | base stats
families | base record tally stats families
table    | base record tally stats families table
emit     | base table emit
engine   | base mail source record mime extract hops networks rules
engine   | tally stats families table emit engine
question | base mail source record mime extract hops networks rules
question | tally stats families table emit engine question
request  | base mail source record mime extract hops networks rules
request  | tally stats families table emit engine question request
api      | spamtide base mime emit engine question request
cmd      | base mail source record mime extract hops networks rules
cmd      | tally stats families table emit engine question request
'

# folder | the headers that it offers to other folders, included as "folder/name.h"; its other
# headers stay in it. spamtide is include/spamtide/, the public interface, which lib/api/
# implements: it speaks of nothing but itself and the C library.
headers='
spamtide | archive catalog query row spamtide status
base     | arena bin buffer civil data firsts invariant ip limits map mix nearest pages room rows
base     | scan sort span status stop utf8 value visible zone
mail     | date domain
source   | source
record   | duplicates field labels record signature
mime     | message
extract  | extractor extractors fingerprint template url wording
hops     | chain delivery received services trust
networks | netlist network prefixes
rules    | campaign filter pattern
tally    | example leader lexicon relays tally
stats    | adjust concentration contrast covariance dating exact gaps loglinear logodds mixture
stats    | offset overlap pool ranks recovery reference segment together wait wander
families | families senders
table    | changes column concentration_table course families_table keywords_table outages receivers
table    | recovery_table table timeline together_table
emit     | emitter sheet
engine   | engine
question | event family_names grouping own question repeats servers
request  | kind option reading request settings
'

# header of a library, * standing for anything | the folders and files that may include it; offered
# headers never may
libraries='
gmime/*         | lib/mime
locale.h        | lib/source/level_archive.c lib/source/unpack.c
glib.h          | lib/mime lib/base/zone.c lib/mail/domain.c cmd/digest.c cmd/interrupt.c
pcre2.h         | lib/rules
libpsl.h        | lib/mail
csv.h           | lib/base/rows.c lib/emit lib/rules
maxminddb.h     | lib/networks
zlib.h          | lib/networks lib/source/codec.c lib/source/listing.c
lzma.h          | lib/source/codec.c
bzlib.h         | lib/source/codec.c
zstd.h          | lib/source/codec.c
zstd_errors.h   | lib/source/codec.c
lz4frame.h      | lib/source/codec.c
archive.h       | lib/source
archive_entry.h | lib/source/level.h lib/source/listing.c
gsl/*           | lib/stats
immintrin.h     | lib/base/scan.c
'

# The headers of the C library and POSIX that are included, by whomever.
# Never here because of the rules of the house: ctype, locale, regex, wchar. The locale that
# libarchive needs for names stands with the libraries.
system='assert errno fcntl float iconv limits math pthread signal stdarg stdatomic stdbool stddef
stdint stdio stdlib string time unistd
arpa/inet dirent poll sched sys/mman sys/random sys/resource sys/time sys/stat sys/types'

# Those that the public interface may include.
public='stddef stdint'

# Every #include below the current directory as FILE:LINE:KIND NAME, where KIND is < or ", or ? for
# what cannot be read.
includes() {
  find include lib cmd -type f \( -name '*.c' -o -name '*.h' \) 2>/dev/null | sort |
    xargs -r -d '\n' awk '
    /^[ \t]*(#|%:)[ \t]*(include|import|include_next)/ {
      text = $0
      sub(/^[ \t]*(#|%:)[ \t]*[a-z_]+[ \t]*/, "", text)
      kind = substr(text, 1, 1)
      end = index(substr(text, 2), kind == "<" ? ">" : "\"")
      if ((kind != "<" && kind != "\"") || end < 2) print FILENAME ":" FNR ":? " text
      else print FILENAME ":" FNR ":" kind " " substr(text, 2, end - 1)
    }'
}

# Where a header lies that is included as FOLDER/NAME.
place_of() { case $1 in spamtide/*) echo "include/$1" ;; *) echo "lib/$1" ;; esac; }

# A row that nobody needs lets in what nobody decided.
# Not for the trees of the self-test, which hold next to nothing.
check_rows() {
  local bad=0 all row name
  all=$(includes | sed -n 's/^[^:]*:[0-9]*:[<"] //p' | sort -u)
  while IFS='| ' read -r row name; do
    [ -z "$row" ] || grep -qE "^${row//\*/.*}\$" <<<"$all" || {
      echo "tests/house/layers.sh: nobody includes <$row>: take its row out"
      bad=1
    }
  done <<<"$libraries"
  for name in $system; do
    grep -qFx "$name.h" <<<"$all" || {
      echo "tests/house/layers.sh: nobody includes <$name.h>: take it out"
      bad=1
    }
  done
  while IFS='| ' read -r row name; do
    for name in $name; do
      [ -e "$(place_of "$row/$name.h")" ] || {
        echo "tests/house/layers.sh: there is no $(place_of "$row/$name.h")"
        bad=1
      }
    done
  done <<<"$headers"
  return "$bad"
}

check() { # DIRECTORY
  local bad=0 count=0 folder names name place file line kind target owner own
  declare -A may=() offered=() library=() is_system=()
  while IFS='| ' read -r folder names; do
    [ -n "$folder" ] && may[$folder]+=" $names "
  done <<<"$layers"
  while IFS='| ' read -r folder names; do
    for name in $names; do offered[$folder/$name.h]=1; done
  done <<<"$headers"
  while IFS='| ' read -r name names; do
    [ -n "$name" ] && library[$name]=" $names "
  done <<<"$libraries"
  for name in $system; do is_system[$name.h]=1; done
  cd "$1" || return 2
  say() { echo "$place: $*"; bad=1; }

  # The table itself knows no circle: every folder can be built before those that include it.
  if ! for owner in "${!may[@]}"; do
    for name in ${may[$owner]}; do [ "$name" = "$owner" ] || echo "$owner $name"; done
  done | tsort >/dev/null 2>&1; then
    echo "tests/house/layers.sh: the table of layers has a circle"; bad=1
  fi
  while IFS=: read -r file line name; do
    count=$((count + 1)) place=$file:$line kind=${name%% *} name=${name#* }
    case $file in
    lib/*/*) folder=${file#lib/} folder=${folder%%/*} ;;
    include/*/*) folder=${file#include/} folder=${folder%%/*} ;;
    *) folder=cmd ;;
    esac
    own=${file#lib/} own=${own#include/} target=$(place_of "$name")
    [ -n "${may[$folder]:-}" ] || {
      say "folder $folder has no row in tests/house/layers.sh"
      continue
    }
    if [ "$kind" = '?' ]; then
      say "an include that cannot be followed: $name"
    elif [[ /$name/ == */../* || $name == /* ]]; then
      say "$name leaves its folder"
    elif [[ $name == */* && -n "${may[${name%%/*}]:-}" ]]; then
      owner=${name%%/*}
      if [ "$kind" != '"' ]; then say "<$name> is ours: write \"$name\""
      elif [ ! -e "$target" ]; then say "there is no $target"
      elif [ "$file" = "$target" ]; then say "includes itself"
      elif [ -z "${offered[$name]:-}" ]; then
        say "$owner does not offer $name: give it a row in tests/house/layers.sh"
      elif [[ ${may[$folder]} != *" $owner "* ]]; then say "$folder may not include $name"; fi
    elif [ "$kind" = '"' ]; then
      # A private header stays in its folder.
      [ -z "${offered[$own]:-}" ] || {
        say "an offered header includes the private $name"
        continue
      }
      if [ ! -e "${file%/*}/$name" ] || [[ $name == */* ]]; then
        say "$name is not a header of ${file%/*}"
      elif [ "${file##*/}" = "$name" ]; then say "includes itself"
      elif [ -n "${offered[$folder/$name]:-}" ]; then say "write \"$folder/$name\""; fi
    elif [ "$folder" = spamtide ] && [[ " $public " != *" ${name%.h} "* ]]; then
      say "<$name> in the public interface"
    elif [ -z "${is_system[$name]:-}" ]; then
      target=
      for owner in "${!library[@]}"; do
        # shellcheck disable=SC2053
        [[ $name == $owner ]] && target=$owner
      done
      if [ -z "$target" ]; then say "<$name> is in no table of tests/house/layers.sh"
      elif [ -n "${offered[$own]:-}" ]; then say "<$name> in an offered header"
      elif [[ ${library[$target]} != *" ${file%/*} "* && ${library[$target]} != *" $file "* ]]; then
        say "<$name> is only for${library[$target]% }"
      fi
    fi
  done < <(includes)

  # Headers include each other downward only.
  local circle
  circle=$(includes | while IFS=: read -r file line name; do
    [[ $file == *.h && $name == '" '* ]] || continue
    name=${name#* }
    case $name in */*) echo "$file $(place_of "$name")" ;; *) echo "$file ${file%/*}/$name" ;; esac
  done | tsort 2>&1 >/dev/null | sed -n 's/^tsort: \(.*\.h\)$/\1/p' | sort -u)
  for file in $circle; do place=$file:1; say "is in a circle of headers: ${circle//$'\n'/ }"; done

  [ "$count" -gt 0 ] || { echo "$1: no #include found"; return 2; }
  [ "$bad" -eq 0 ] && echo "$count includes keep to the layers"
  return "$bad"
}

self_test() {
  local work got
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  tree() {
    rm -rf "$work/tree"
    mkdir -p "$work"/tree/{cmd,include/spamtide,lib/{base,source,record,mime,extract,tally,stats,table,emit,engine}}
    cd "$work/tree" || exit 2
    printf '%s\n' '#include <stddef.h>' '#include "spamtide/status.h"' >lib/base/span.h
    echo '#include <stdint.h>' >include/spamtide/status.h
    echo '#include "spamtide/status.h"' >include/spamtide/row.h
    for got in base/zone record/record source/source mime/message extract/extractor tally/tally \
      table/table emit/emitter engine/engine; do
      echo '#include "base/span.h"' >lib/$got.h
    done
    echo '#include "base/span.h"' >lib/source/walk.h
    printf '%s\n' '#include "walk.h"' '' '  #  include <stdio.h> /* a remark */' \
      '#include "source/source.h"' >lib/source/walk.c
    echo '#include <glib.h>' >lib/base/zone.c
    echo '#include "engine/engine.h"' >cmd/main.c
  }
  # breaks FILE LINE WHAT...: put into FILE (as its last line), it is reported for FILE:LINE with
  # WHAT; nothing else is.
  breaks() {
    mkdir -p "${1%/*}"
    echo "$3" >>"$1"
    got=$(check "$work/tree")
    is "'$3' in $1" "exit 1: $1:$2: $4" "exit $?: $got"
    tree
  }
  tree
  holds 'a good tree' check "$work/tree"
  breaks lib/base/zone.c 2 '#include "record/record.h"' 'base may not include record/record.h'
  breaks lib/source/walk.c 5 '#include "mime/message.h"' 'source may not include mime/message.h'
  breaks lib/tally/tally.c 1 '#include "mime/message.h"' 'tally may not include mime/message.h'
  breaks lib/stats/rank.c 1 '#include "tally/tally.h"' 'stats may not include tally/tally.h'
  breaks lib/hops/origin.c 1 ' #  include "source/source.h"' 'hops may not include source/source.h'
  breaks lib/emit/csv.c 1 '#include "tally/tally.h"' 'emit may not include tally/tally.h'
  local circle='1: is in a circle of headers: lib/base/span.h lib/engine/engine.h'
  breaks lib/base/span.h 3 '#include "engine/engine.h"' "base may not include engine/engine.h
lib/base/span.h:$circle
lib/engine/engine.h:$circle"
  breaks include/spamtide/row.h 2 '#include "base/span.h"' 'spamtide may not include base/span.h'
  breaks include/spamtide/row.h 2 '#include <unistd.h>' '<unistd.h> in the public interface'
  breaks include/spamtide/row.h 2 '#include <spamtide/status.h>' \
    '<spamtide/status.h> is ours: write "spamtide/status.h"'
  breaks lib/source/walk.c 5 '#include "spamtide/row.h"' 'source may not include spamtide/row.h'
  breaks lib/source/walk.c 5 '#include "source/walk.h"' \
    'source does not offer source/walk.h: give it a row in tests/house/layers.sh'
  breaks lib/source/walk.c 5 '#include "source.h"' 'write "source/source.h"'
  breaks lib/mime/message.h 2 '#include <gmime/gmime.h>' '<gmime/gmime.h> in an offered header'
  breaks lib/source/source.h 2 '#include "walk.h"' 'an offered header includes the private walk.h'
  breaks lib/tally/tally.c 1 '#include <gmime/gmime-stream.h>' \
    '<gmime/gmime-stream.h> is only for lib/mime'
  breaks lib/mime/text.c 1 '#include <pcre2.h>' '<pcre2.h> is only for lib/rules'
  breaks lib/source/mbox.c 1 '#include <csv.h>' \
    '<csv.h> is only for lib/base/rows.c lib/emit lib/rules'
  breaks lib/mail/date.c 1 '#include <glib.h>' \
    '<glib.h> is only for lib/mime lib/base/zone.c lib/mail/domain.c cmd/digest.c cmd/interrupt.c'
  breaks lib/engine/engine.c 1 '#include <archive.h>' '<archive.h> is only for lib/source'
  breaks lib/engine/engine.c 1 '#include <sqlite3.h>' \
    '<sqlite3.h> is in no table of tests/house/layers.sh'
  breaks lib/mime/text.c 1 '#include <zlib.h>' \
    '<zlib.h> is only for lib/networks lib/source/codec.c lib/source/listing.c'
  breaks lib/record/field.c 1 '#include <maxminddb.h>' '<maxminddb.h> is only for lib/networks'
  breaks cmd/main.c 2 '#include <glib.h>' \
    '<glib.h> is only for lib/mime lib/base/zone.c lib/mail/domain.c cmd/digest.c cmd/interrupt.c'
  breaks lib/rules/rule.c 1 '#include <openssl/evp.h>' \
    '<openssl/evp.h> is in no table of tests/house/layers.sh'
  breaks lib/base/span.c 1 '#include <ctype.h>' '<ctype.h> is in no table of tests/house/layers.sh'
  breaks lib/source/walk.c 5 '#include "../mime/parser.h"' '../mime/parser.h leaves its folder'
  breaks cmd/main.c 2 '#include "walk.h"' 'walk.h is not a header of cmd'
  breaks cmd/main.c 2 '#include <base/span.h>' '<base/span.h> is ours: write "base/span.h"'
  breaks cmd/main.c 2 '#include "base/nothing.h"' 'there is no lib/base/nothing.h'
  breaks cmd/main.c 2 '#include HEADER' 'an include that cannot be followed: HEADER'
  breaks lib/novel/plot.c 1 '#include <stdio.h>' 'folder novel has no row in tests/house/layers.sh'
  breaks lib/source/walk.h 2 '#include "walk.h"' 'includes itself'
  is 'base above engine' 'tests/house/layers.sh: the table of layers has a circle' \
    "$(layers+=$'base | spamtide base engine\n'; check "$work/tree")"
  # A row without an include: each of the three tables says so.
  rows() { # WHAT: the tables of the tree are small; what the caller added is reported as WHAT
    is "rows of libraries '$libraries', system '$system', headers '$headers'" "$1" "$(check_rows)"
  }
  tree
  libraries='glib.h | lib/base' system='stddef stdio' headers='base | span'
  rows ''
  libraries+=$'\npcre2.h | lib/extract'
  rows 'tests/house/layers.sh: nobody includes <pcre2.h>: take its row out'
  libraries='gl* | lib/base' system='stddef std.o'
  rows 'tests/house/layers.sh: nobody includes <std.o.h>: take it out'
  system=stdio headers='base | span nothing'
  rows 'tests/house/layers.sh: there is no lib/base/nothing.h'
  rm -r include lib cmd
  exits 2 'an empty tree' check "$work/tree"
  finish
}

case ${1:-} in
--self-test) self_test ;;
"")
  check "$root"
  status=$?
  cd "$root" && check_rows || status=1
  exit "$status"
  ;;
*) check "$1" ;;
esac
