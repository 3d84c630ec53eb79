#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Real mail whose figures are known.
# Looked for at $TIDE_CORPORA, else ../shared/corpora beside the checkout; skipped where it is
# missing.
#
#   tests/golden/corpora.sh BUILD_DIR
set -uo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.." || exit 2
. tests/check.sh
corpora=${TIDE_CORPORA:-../shared/corpora}
[ -d "$corpora" ] || { echo "skipped: no corpora at $corpora"; exit 77; }
corpora=$(cd "$corpora" && pwd)
export LC_ALL=C SOURCE_DATE_EPOCH=1767225600
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
tide=$build/spamtide
# messages FILE…: how many are read
messages() {
  "$tide" timeline "$@" 2>&1 >/dev/null | sed -n 's/.*: \([0-9]*\) messages\? read.*/\1/p'
}
# compared WINDOW GROUP RULES…: before and after of the unit messages
compared() {
  "$tide" compare --all-columns --format tsv --event 2008-11-11T21:30Z --before "$1" --after "$1" \
    "${@:2}" 2>/dev/null
}

# The list as delivered in 2008 (two independent readings agree on these figures).
mccolo=$corpora/mccolo-2008
"$tide" records --format tsv "$mccolo" >"$work/records" 2>"$work/account"
is 'mccolo-2008: account' \
  'spamtide: 1994 messages read: 1994 counted, 0 filtered, 0 undated, 0 damaged' \
  "$(sed 's/;.*//' "$work/account")"
is 'mccolo-2008: dated by Received' 1994 \
  "$(tail -n +2 "$work/records" | cut -f4 | grep -c '^received$')"
is 'mccolo-2008: with an origin' 1755 "$(tail -n +2 "$work/records" | cut -f6 | grep -c .)"
is 'mccolo-2008: 7 days' $'messages\t85\t76' "$(compared 7d "$mccolo" | sed -n 2p | cut -f1-3)"
is 'mccolo-2008: 28 days' $'messages\t411\t327' "$(compared 28d "$mccolo" | sed -n 2p | cut -f1-3)"
printf 'campaign,rule,field,pattern\ntomcat,,received,\\(from tomcat@localhost\\)\n' \
  >"$work/rules.csv"
is 'mccolo-2008: the forged family, 7 days' $'tomcat\tmessages\t39\t0' \
  "$(compared 7d --by campaign --campaigns "$work/rules.csv" "$mccolo" | grep '^tomcat.messages' |
    cut -f1-4)"
# Chains that contradict themselves: the week before the event, the week after it, and four weeks
# later.
forged() {
  "$tide" timeline --format tsv --bin 7d --event 2008-11-11T21:30Z --by chain "$mccolo" \
    2>/dev/null | awk -F '\t' -v day="$1" '$1 ~ "^" day && $3 == "by-mismatch" { print $4 }'
}
is 'mccolo-2008: forged chains, the week before' 54 "$(forged 2008-11-04)"
is 'mccolo-2008: forged chains, the week after' 4 "$(forged 2008-11-11)"
is 'mccolo-2008: forged chains, four weeks later' 21 "$(forged 2008-12-09)"

# docs/mccolo.md: change, interval and placebo rank, of everything and of those chains.
stated() { # WINDOW ARGUMENTS…
  compared "$@" "$mccolo" |
    awk -F '\t' 'NR == 2 { printf "%d %d %+.1f %+.1f to %+.1f %s ", $2, $3, $8, $9, $10, $14 }'
  "$tide" placebo --format tsv --event 2008-11-11T21:30Z --before "$1" --after "$1" "${@:2}" \
    "$mccolo" 2>/dev/null | awk -F '\t' '$2 == "event" { print $7 " of " $8 + 1 }'
}
while IFS='|' read -r _ messages window before after change interval _ method rank _; do
  set -- "${window// /}"
  case $messages in *where*) set -- "$@" --where chain=by-mismatch ;; esac
  is "docs/mccolo.md: $*" "$(echo $before $after $change $interval $method $rank | tr -d %)" \
    "$(stated "$@")"
done < <(grep -E '^\| (all messages|`--where)' docs/mccolo.md | sed 's/ % / /g')

# Each width of searches (lib/base/scan.h) reads the same.
for where in "$mccolo" "$corpora/nazario" "$corpora/exchange-online" "$corpora/spamassassin"; do
  [ -e "$where" ] || continue
  for width in 1 16 32; do
    SPAMTIDE_SCAN=$width "$tide" records --format jsonl --columns \
      source,offset,time,origin,subject,url,fingerprint,campaign,defects --campaigns builtin \
      "$where" >"$work/width-$width" 2>&1
    SPAMTIDE_SCAN=$width "$tide" timeline --bin year --by template --top 100 "$where" \
      >>"$work/width-$width" 2>&1
  done
  [ "$(wc -l <"$work/width-1")" -gt 100 ] ||
    is "${where##*/}: lines" 'more than 100' "$(wc -l <"$work/width-1")"
  for width in 1 16; do
    same "${where##*/}: searches of $width bytes, as of 32" "$work/width-32" "$work/width-$width"
  done
done

# There too: nobody sent from McColo, one change without being told of the event, and how spread the
# origins were.
is 'docs/mccolo.md: ten weeks' $'messages\t1118\t720' \
  "$(compared 70d "$mccolo" | sed -n 2p | cut -f1-3)"
is 'docs/mccolo.md: from McColo itself' $'messages\t0\t0' \
  "$(compared 70d --where origin-in=builtin:mccolo "$mccolo" | sed -n 2p | cut -f1-3)"
is 'docs/mccolo.md: changes' 'possible 2008-12-23 -55 3' \
  "$("$tide" changes --format tsv --since 2008-09-01 --until 2009-02-01 "$mccolo" 2>/dev/null |
    awk -F '\t' 'NR > 1 { printf "%s %s %.0f %.0f", $1, substr($2, 1, 10), $9, $10 }')"
is 'docs/mccolo.md: families at McColo' 'until 2008-11-12; from 2008-11-12' "$("$tide" changes --format tsv --since 2008-09-01 --until 2009-02-01 --by fingerprint --top 12 "$mccolo" 2>/dev/null | awk -F '\t' '$4 == "change" && $8 ~ /^2008-11-12/ { printf "until %s", substr($8, 1, 10) } $4 == "change" && $5 ~ /^2008-11-12/ { printf "; from %s", substr($5, 1, 10) }')"
is 'docs/mccolo.md: origins' '1755 1717' \
  "$("$tide" concentration --format jsonl "$mccolo" 2>/dev/null |
    sed -n 's/.*"messages":\([0-9]*\).*"groups":\([0-9]*\).*/\1 \2/p')"

is 'docs/concentration.md: networks' \
  '0.02609 0.02046 0.03329 67.59 0.4272; 0.02654 0.01577 0.04467 69 0.4244' \
  "$("$tide" concentration --format tsv --event mccolo --by origin/8 "$mccolo" 2>/dev/null |
    awk -F '\t' 'NR > 1 { printf "%s%s %s %s %s %s", sep, $8, $9, $10, $11, $12; sep = "; " }')"

# There too: a list of developers as the control, of whose mail the days are known.
# A message each, at noon.
awk -F, 'NR > 1 && $1 < "2009-03" { split(substr($1, 1, 10), d, "-");
  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", m, " ");
for (i = 0; i < $2; i++) printf "From a@b.example Mon %s %2d 12:00:00 %s\n\nx\n\n", m[d[2] + 0],
  d[3], d[1] }' "$corpora/series/linux-media.csv" >"$work/linux-media.mbox"
figures() { awk -F '\t' '$1 == "messages" { printf "%s%d %d %+.1f %+.1f to %+.1f p %.2f %s", sep,
  $2, $3, $4, $5, $6, $7, $9; sep = "; " }'; }
ham=$work/linux-media.mbox
is 'docs/mccolo.md: the control' \
  '912 1190 +30.5 -12.8 to +95.3 p 0.18 quasipoisson+ar1+history' \
  "$("$tide" compare --format tsv --unit messages --event mccolo "$ham" 2>/dev/null | figures)"
is 'docs/mccolo.md: four months of it' \
  '912 1190 +30.5 -20.5 to +114.1 p 0.26 quasipoisson+ar1+wander' \
  "$("$tide" compare --format tsv --unit messages --event mccolo --since 2008-09-11 --until \
    2009-01-12 "$ham" 2>/dev/null | figures)"
is 'docs/mccolo.md: its rank' '39 280' \
  "$("$tide" placebo --format tsv --event mccolo "$ham" 2>/dev/null |
    awk -F '\t' '$2 == "event" { print $7, $8 }')"
is 'docs/mccolo.md: relative to it' \
  '187 160 -35.8 -70.1 to +37.9 p 0.20 quasipoisson+ar1+control+history' \
  "$("$tide" compare --format tsv --unit messages --windows 14d --event mccolo --control \
    'mailbox~linux-media.mbox' "$mccolo" "$ham" 2>/dev/null | figures)"

# docs/origin.md: what share of the chains is what.
while IFS='|' read -r _ mail figures; do
  case $mail in
  *ham*) set -- "$corpora"/spamassassin/*ham* ;;
  *spam,*) set -- "$corpora"/spamassassin/spam-* ;;
  *auto*) set -- --trust auto "$corpora"/spamassassin/spam-* ;;
  *McColo*) set -- "$mccolo" ;;
  *Exchange*) set -- "$corpora/exchange-online" ;;
  *) set -- "$corpora/nazario" ;;
  esac
  is "docs/origin.md:$mail" "$(echo ${figures//[%,|]/})" \
    "$("$tide" records --format tsv --columns chain "$@" 2>/dev/null | awk '
      function share(k) { return seen[k] ? sprintf("%.1f", 100 * seen[k] / n) : 0 }
      NR > 1 { n++; seen[$1]++ }
        END { print n, share("private-by"), share("backwards"), share("by-mismatch") }')"
done < <(sed -n '/^### How often each occurs/,/^Around/p' docs/origin.md | grep -E '^\| .*[0-9] %')

# There too: the outside peer of mail that Exchange Online received is the one that it recorded
# itself, without an option. One was masked.
"$tide" records --format tsv --columns source,origin "$corpora/exchange-online" 2>/dev/null |
  tail -n +2 | while IFS=$'\t' read -r file origin; do
  said=$(tr -d '\r' <"$file" | sed -n 's/^X-Sender-IP: *//Ip' | sed -n 1p)
  [ -z "$said" ] || echo "$([ "${said,,}" = "$origin" ] && echo same || echo other)"
done | sort | uniq -c >"$work/peers"
is 'docs/origin.md: Exchange Online' '1 other 293 same' "$(echo $(cat "$work/peers"))"

# README shows the real thing.
"$tide" timeline --event mccolo --bin week "$mccolo" 2>/dev/null | tr -d '\r' >"$work/weeks"
while IFS= read -r line; do
  is "README: $line" 1 "$(grep -cxF "$line" "$work/weeks")"
done < <(grep -E '^(bin_start|2008-[0-9-]+T)' README.md)
"$tide" families --event mccolo "$mccolo" 2>/dev/null | tr -d '\r' |
  cut -d, -f1-5,10-12,14 >"$work/families"
while IFS= read -r line; do
  is "README: $line" 1 "$(grep -cxF "$line" "$work/families")"
done < <(grep -E '^(family,|\(all\),|f[0-9a-f]{12},)' README.md)

# 456 separators; what the first begins is the folder's own.
is 'nazario: messages' 455 "$(messages "$corpora/nazario/phishing1.mbox")"
is 'spamassassin: messages' 6046 "$(messages "$corpora/spamassassin")"
for part in spam-1:500 spam-2:1396 easy-ham-1:2500 easy-ham-2:1400 hard-ham-1:250; do
  is "spamassassin: ${part%:*}" "${part#*:}" "$(messages "$corpora/spamassassin/${part%:*}")"
done

# Framing against a second reading, place by place.
while IFS= read -r box; do
  "$tide" records --columns offset --format tsv "$box" 2>/dev/null | tail -n +2 >"$work/offsets"
  awk -f tests/golden/frame.awk "$box" >"$work/frames"
  same "framing: ${box#"$corpora"/}" "$work/frames" "$work/offsets"
done < <(find "$corpora/nazario" "$corpora/suites" -type f \
  \( -name '*.mbox' -o -path '*/mailboxes/*.txt' \) | sort)

# Other parsers' test mail: everything is asked for, nothing breaks, and the account adds up.
"$tide" timeline --by campaign "$corpora/suites" >/dev/null 2>"$work/account"
is 'suites: exit status' 1 $?
# Five mailboxes are compressed, and read; a message of Outlook's is named.
is 'suites: not read' 1 "$(grep -c '^spamtide: .*: not read' "$work/account")"
for packed in gz bz2 xz lz lzma; do
  box=$corpora/suites/grepmail/mailboxes/mailarc-1.txt
  [ -e "$box.$packed" ] || continue
  "$tide" records --columns "offset,subject,bytes" "$box" >"$work/plain" 2>/dev/null
  "$tide" records --columns "offset,subject,bytes" "$box.$packed" >"$work/packed" 2>/dev/null
  same "suites: $packed" "$work/plain" "$work/packed"
done
"$tide" records --campaigns builtin "$corpora/suites" >/dev/null 2>"$work/account"
is 'suites: exit status of records' 1 $?
read -r read counted filtered undated damaged < <(tail -n 1 "$work/account" | sed -nE 's/.*: ([0-9]+) messages? read: ([0-9]+) counted, ([0-9]+) filtered, ([0-9]+) undated, ([0-9]+) damaged.*/\1 \2 \3 \4 \5/p')
holds 'suites: more than 500 messages read' test "${read:-0}" -gt 500
is 'suites: messages read, as counted + filtered + undated + damaged' \
  "$((counted + filtered + undated + damaged))" "$read"

finish
