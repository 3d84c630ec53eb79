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

# Nobody wrote down which messages are one campaign's. Those whose links lead to one domain mostly
# are: what share of a domain's messages stands in its largest group.
for corpus in mccolo-2008 spamassassin/spam-1 spamassassin/spam-2; do
  "$build/spamtide" timeline --bin year --by source,url_domain,template --format tsv "$corpus" \
    2>/dev/null | awk -F '\t' -v corpus="$corpus" '
    NR > 1 && $8 > 0 && !seen[$3, $4]++ { all[$3]; if ($4 ~ /^\(/) next
      messages[$4]++; group[$4, $5]++
      if (group[$4, $5] > largest[$4]) largest[$4] = group[$4, $5] }
    END {
      for (s in all) n++
      for (d in messages) if (messages[d] >= 3 && messages[d] <= n / 20) {
        domains++; share += largest[d] / messages[d] }
      printf "%s: %d domains of 3 to %d messages, %.2f of a domain in its largest group\n", corpus,
        domains, n / 20, share / domains }'
done
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
    if (bad) print "FAILED: messages of tests/templates/pairs.tsv are not in the corpora"
    if (p < 0.95) print "FAILED: precision: wanted 0.95 at least, got " p
    if (n["same", "same", 1] < 57)
      print "FAILED: pairs of one template in one group: wanted 57 at least, got " \
        n["same", "same", 1] + 0
    exit bad || p < 0.95 || n["same", "same", 1] < 57 }' - "$pairs"
