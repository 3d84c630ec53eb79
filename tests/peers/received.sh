#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Our reading of Received fields against SpamAssassin's, on all real mail at hand ($TIDE_CORPORA,
# else ../shared/corpora beside the checkout), hop by hop.
#
#   tests/peers/received.sh BUILD_DIR
#
# Skipped where the mail or SpamAssassin is missing (`tools/setup --peers` installs it).
# Takes some seconds. What it made stays in BUILD_DIR/peers.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
corpora=${TIDE_CORPORA:-../shared/corpora}
[ -d "$corpora" ] || { echo "skipped: no corpora at $corpora"; exit 77; }
perl -MMail::SpamAssassin::Message -e 1 2>/dev/null || { echo "skipped: no SpamAssassin"; exit 77; }
corpora=$(cd "$corpora" && pwd)
here=tests/peers hops=$build/tests/peers/received_hops out=$build/peers
export LC_ALL=C
mkdir -p "$out"
for corpus in mccolo-2008 spamassassin nazario suites; do
  echo "$corpora/$corpus"
done >"$out/paths"
"$hops" <"$out/paths" >"$out/ours.tsv"
"$hops" heads <"$out/paths" | "$here/received-by-spamassassin.pl" >"$out/theirs.tsv"
"$here/compare-received.pl" "$here/received-differences.tsv" "$out/ours.tsv" "$out/theirs.tsv"

# The origin of each message delivered in 2008: the first public peer among SpamAssassin's hops,
# from the top, is ours too.
awk -F '\t' '
  { path = $1; sub(/#0$/, "", path) }
  !(path in origin) { origin[path] = "" }
  $3 == "hop" && origin[path] == "" && $4 != "" && $4 !~ /^(0|10|127|22[4-9]|23[0-9]|24[0-9]|25[0-5])\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2[0-9]|3[01])\.|^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|^198\.1[89]\.|^(::1|f[cde])/ { origin[path] = $4 }
  END { for (path in origin) if (path ~ /\/mccolo-2008\//) print path "\t" origin[path] }' \
  "$out/theirs.tsv" | sort >"$out/their-origins"
"$build/spamtide" records --columns source,origin --format tsv "$corpora/mccolo-2008" 2>/dev/null |
  tail -n +2 | sort >"$out/our-origins"
if ! cmp -s "$out/our-origins" "$out/their-origins"; then
  echo "FAILED: origins differ"
  diff "$out/our-origins" "$out/their-origins" | head -n 20
  exit 1
fi
echo \
  "mccolo-2008: $(wc -l <"$out/our-origins") messages, $(grep -c '	.' \
    "$out/our-origins") with an origin, the same as SpamAssassin's"
