#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The subject of a commit has at most 65 characters (CONTRIBUTING.md). Commits from before the rule
# was a test stay as they are.
#
#   tests/house/subjects.sh                checks the checkout's history
#   tests/house/subjects.sh --self-test    checks that a long subject is reported
#
# Skipped (77) without git, where there is no history, and where git does not give it: in a shallow
# clone, or where the checkout is another user's.
set -uo pipefail
export LC_ALL=C.UTF-8
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
command -v git >/dev/null || { echo "skipped: no git"; exit 77; }
# That of the first commit with the rule; later ones are behind it.
since=2026-11-28T12:00:00Z

check() { # DIRECTORY
  [ -e "$1/.git" ] || { echo "skipped: no history"; return 77; }
  local bad=0 count=0 commit subject subjects shallow
  shallow=$(git -C "$1" rev-parse --is-shallow-repository 2>&1) ||
    { echo "skipped: git refuses: $shallow"; return 77; }
  [ "$shallow" = false ] || { echo "skipped: a shallow clone has no history"; return 77; }
  subjects=$(git -C "$1" log --no-merges --since="$since" --format='%h %s' 2>&1) ||
    { echo "git log fails: $subjects"; return 1; }
  while read -r commit subject; do
    count=$((count + 1))
    [ "${#subject}" -le 65 ] ||
      { echo "$commit: ${#subject} characters, of 65: $subject"; bad=1; }
  done < <(grep . <<<"$subjects")
  [ "$count" -gt 0 ] || { echo "no commit since $since, though the rule is younger"; return 1; }
  [ "$bad" -eq 0 ] && echo "$count subjects have at most 65 characters"
  return "$bad"
}

self_test() {
  local tree
  tree=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$tree'" EXIT
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=a \
    GIT_AUTHOR_EMAIL=a@b.example GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.example
  unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
  subject() { # LENGTH YEAR
    GIT_COMMITTER_DATE="$2-01-01T00:00:00Z" git -C "$tree/one" commit -q --allow-empty \
      -m "$(printf 'é%.0s' $(seq "$1"))"
  }
  gives() { # NAME WANT DIRECTORY: exit status and last line of the check
    is "$1" "$2" "$(said=$(check "$tree/$3"); echo "exit $?: ${said##*$'\n'}")"
  }
  mkdir "$tree/one"
  gives 'no history' 'exit 77: skipped: no history' one
  git -C "$tree/one" init -q && subject 90 2026
  gives 'commits from before the rule' \
    "exit 1: no commit since $since, though the rule is younger" one
  subject 65 2027
  gives '65 characters' 'exit 0: 1 subjects have at most 65 characters' one
  git clone -q --depth 1 "file://$tree/one" "$tree/shallow"
  gives 'a shallow clone' 'exit 77: skipped: a shallow clone has no history' shallow
  subject 66 2027
  is '66 characters' "exit 1, $(git -C "$tree/one" rev-parse --short HEAD): 66 characters, of 65" \
    "$(said=$(check "$tree/one"); echo "exit $?, ${said%: *}")"
  # As if the checkout were another user's.
  is 'git refuses' 'exit 77: skipped: git refuses: fatal: detected dubious ownership in' \
    "$(said=$(GIT_TEST_ASSUME_DIFFERENT_OWNER=1 check "$tree/one"); code=$?
      echo "exit $code: ${said%% repository*}")"
  mkdir "$tree/broken" && git -C "$tree/broken" init -q -b master
  gives 'a history without a commit' \
    "exit 1: git log fails: fatal: your current branch 'master' does not have any commits yet" broken
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "$root" ;;
esac
