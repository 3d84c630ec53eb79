#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The subject of a commit has at most 65 characters (CONTRIBUTING.md). Commits from before the rule
# was a test stay as they are.
#
#   tests/house/subjects.sh                checks the checkout's history
#   tests/house/subjects.sh --self-test    checks that a long subject is reported
#
# Skipped (77) without git or a history.
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }

check() { # DIRECTORY
  [ -e "$1/.git" ] || { echo "skipped: no history"; return 77; }
  local bad=0 count=0 commit subject
  while read -r commit subject; do
    count=$((count + 1))
    [ "${#subject}" -le 65 ] ||
      { echo "$commit: ${#subject} characters, of 65: $subject"; bad=1; }
  done < <(git -C "$1" log --no-merges --since=2026-11-28T12:00:00Z --format='%h %s')
  [ "$bad" -eq 0 ] && echo "$count subjects have at most 65 characters"
  return "$bad"
}

self_test() {
  local tree code got
  tree=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$tree'" EXIT
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a \
    GIT_AUTHOR_EMAIL=a@b.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.example
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
  subject() { # LENGTH YEAR
    GIT_COMMITTER_DATE="$2-01-01T00:00:00Z" git -C "$tree" commit -q --allow-empty \
      -m "$(printf 'é%.0s' $(seq "$1"))"
  }
  got=$(check "$tree"); code=$?
  [ $code = 77 ] || { echo "FAILED: no history: exit $code, not 77: $got"; return 1; }
  git -C "$tree" init -q && subject 90 2026 && subject 65 2027
  got=$(check "$tree") || { echo "FAILED: 65 characters: $got"; return 1; }
  subject 66 2027
  got=$(check "$tree"); code=$?
  [ $code = 1 ] && [[ $got == *'66 characters, of 65'* ]] ||
    { echo "FAILED: 66 characters: exit $code, not 1: $got"; return 1; }
  echo "3 passed, 0 failed"
}

case ${1:-} in
--self-test) self_test ;;
*) check "$root" ;;
esac
