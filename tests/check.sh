# SPDX-License-Identifier: GPL-3.0-or-later
# What test scripts count and say. It is sourced; `finish` ends a script.
#
# A failure names the check, what was wanted and what was got, so that it can be understood without
# reading the script. tests/house/check.sh holds these messages.
# shellcheck shell=bash
passed=0 failed=0

pass() { passed=$((passed + 1)); }

# fail NAME [LINE...]: a check failed; the lines say how. Long ones are cut.
fail() {
  failed=$((failed + 1))
  printf 'FAILED: %s\n' "$1"
  shift
  [ $# -eq 0 ] || printf '%s\n' "$@" | head -n 20 | cut -c 1-400 | sed 's/^/  /'
}

# is NAME WANT GOT: two texts are equal.
is() {
  if [ "$2" = "$3" ]; then
    pass
  elif [[ $2$3 == *$'\n'* ]]; then
    fail "$1" "$(diff -U1 --label wanted --label got <(printf '%s\n' "$2") <(printf '%s\n' "$3"))"
  else
    fail "$1" "wanted: $2" "got:    $3"
  fi
}

# same NAME WANT_FILE GOT_FILE: two files are equal to the byte, and not empty.
same() {
  if [ ! -s "$2" ]; then
    fail "$1" "nothing to compare with: $2 is $([ -e "$2" ] && echo empty || echo missing)"
  elif cmp -s "$2" "$3"; then
    pass
  else
    fail "$1" "$(diff -aU0 --label "wanted: ${2##*/}, $(wc -l <"$2") lines" \
      --label "got: ${3##*/}, $(wc -l <"$3") lines" "$2" "$3")"
  fi
}

# exits STATUS NAME COMMAND...: the command ends with that status. What it prints is shown where it
# does not.
exits() {
  local status=$1 name=$2 said code
  shift 2
  said=$("$@" 2>&1)
  code=$?
  if [ "$code" -eq "$status" ]; then
    pass
  else
    fail "$name" "command: ${*@Q}" "wanted: exit $status" "got:    exit $code" ${said:+"$said"}
  fi
}

# holds NAME COMMAND...: the command succeeds.
holds() { exits 0 "$@"; }

# contains NAME TEXT PART: the text has the part.
contains() {
  if [[ $2 == *"$3"* ]]; then pass; else fail "$1" "wanted: a text with: $3" "got: $2"; fi
}

# lacks NAME TEXT PART: it does not.
lacks() {
  if [[ $2 != *"$3"* ]]; then pass; else fail "$1" "wanted: a text without: $3" "got: $2"; fi
}

# plant PROGRAM FILE: makes FILE, which is the program but for what it prints for the arguments
# "$PLANT_IN": that is changed by sed -E "$PLANT". So a self-test tries whether a fault is seen.
plant() {
  printf '%s\n' '#!/bin/bash' "[ \"\$*\" = \"\$PLANT_IN\" ] || exec \"$1\" \"\$@\"" \
    "\"$1\" \"\$@\" 2> >(sed -E \"\$PLANT\" >&2) | sed -E \"\$PLANT\"" >"$2"
  chmod +x "$2"
}

# finish: the last line; fails where a check did, or where none was made.
finish() {
  echo "$passed passed, $failed failed"
  [ "$((passed + failed))" -gt 0 ] || { echo "FAILED: nothing was checked"; exit 1; }
  [ "$failed" -eq 0 ]
  exit
}
