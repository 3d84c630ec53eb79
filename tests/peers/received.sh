#!/usr/bin/env bash
# Our reading of Received fields against SpamAssassin's, on all real mail at hand ($TIDE_CORPORA, else ../shared/corpora beside the checkout), hop by hop.
#
#   tests/peers/received.sh BUILD_DIR
#
# Skipped where the mail or SpamAssassin is missing (`tools/setup --peers` installs it). Takes some seconds. What it made stays in BUILD_DIR/peers.
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
for corpus in mccolo-2008 spamassassin nazario suites; do echo "$corpora/$corpus"; done >"$out/paths"
"$hops" <"$out/paths" >"$out/ours.tsv"
"$hops" heads <"$out/paths" | "$here/received-by-spamassassin.pl" >"$out/theirs.tsv"
"$here/compare-received.pl" "$here/received-differences.tsv" "$out/ours.tsv" "$out/theirs.tsv"
