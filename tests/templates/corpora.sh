#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# --by template on real mail, held against pairs that were judged one by one:
# tests/templates/pairs.tsv.
# Looked for at $TIDE_CORPORA, else ../shared/corpora; skipped where it is missing.
#
#   tests/templates/corpora.sh BUILD_DIR
#
# Precision is that of all pairs in the file that stand in one group.
# Near misses were drawn from pairs that are alike by 20 to 39 percent and stood in different
# groups: how many of those that were judged one template are found measures where the misses are,
# not all there is to find.
set -uo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.." || exit 2
pairs=$PWD/tests/templates/pairs.tsv
corpora=${TIDE_CORPORA:-../shared/corpora}
[ -d "$corpora/mccolo-2008" ] || { echo "skipped: no corpora at $corpora"; exit 77; }
cd "$corpora" || exit 2
export LC_ALL=C SOURCE_DATE_EPOCH=1767225600
for corpus in mccolo-2008 spamassassin/spam-2; do
  "$build/spamtide" timeline --bin year --by source,template --format tsv "$corpus" 2>/dev/null |
    awk -F '\t' '$7 > 0 { print $3 "\t" ($4 == "(no text)" ? $3 : $4) }'
done | awk -F '\t' '
  FILENAME == "-" { group[$1] = $2; next }
  /^#/ { next }
  !($3 in group) || !($4 in group) { print "not there: " $3 " " $4; bad = 1; next }
  { one = group[$3] == group[$4]; n[$1, $2, one]++; if (one) found[$2]++ }
  END {
    p = found["same"] / (found["same"] + found["different"])
    near = n["near", "same", 0] + n["near", "same", 1]
    printf "pairs of one group when drawn: %d of %d are in one group\n",
      n["same", "same", 1] + n["same", "different", 1], 60
    printf "near misses: %d judged one template, %d of them in one group; %d not, %d of them in one group\n", near, n["near", "same", 1], 60 - near, n["near", "different", 1] + 0
    printf "precision of the pairs in one group: %.3f (%d)\n", p, found["same"] + found["different"]
    exit bad || p < 0.95 || n["same", "same", 1] < 57 }' - "$pairs"
