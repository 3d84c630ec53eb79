#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of tide-generate itself: what the other tests take for the truth must be true.
# Usage: test-generate.sh PROGRAM
set -u
export LC_ALL=C
generate=$(realpath "${1:?usage: test-generate.sh PROGRAM}")
. "$(dirname "$0")/../check.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

refuses() { # refuses NAME STATUS COMMAND…: must end with that status and say something
  "${@:3}" >refused.out 2>refused.err
  is "$1: exit status of ${*:3}" "$2" $?
  holds "$1: something is said by ${*:3}" test -s refused.err
}
sum() { sha256sum <"$1"; }

# Undo an mbox: the messages one after the other, as a Maildir's files would be.
# Every line `From ` is a separator, as the dialect promises; the line before it is empty and not
# the message's.
unquote_mboxrd() { awk '/^From /{if(have)held=0;have=1;next}{if(held)print "";held=0}/^>+From /{sub(/^>/,"")}/^$/{held=1;next}{print}' "$1"; }
unquote_mboxo() { awk '/^From /{if(have)held=0;have=1;next}{if(held)print "";held=0}/^>From /{sub(/^>/,"")}/^$/{held=1;next}{print}' "$1"; }
bytes_of() { awk -F, 'NR>1{s+=$7}END{print s}' "$1"; }

common=(--preset mccolo --dates hostile)
"$generate" "${common[@]}" --seed 5 -o a.mbox --truth a.csv --truth-daily a.daily --rules a.rules ||
  exit 1
"$generate" "${common[@]}" --seed 5 -o b.mbox --truth b.csv --truth-daily b.daily --rules b.rules ||
  exit 1
"$generate" "${common[@]}" --seed 6 -o c.mbox || exit 1
for kind in mbox csv daily rules; do same "same seed, same $kind" a.$kind b.$kind; done
holds "another seed, other mail" eval '! cmp -s a.mbox c.mbox'
"$generate" --seed 5 "${common[@]}" >d.mbox
same "standard output, and the preset wherever it stands" a.mbox d.mbox

# The promise of the same bytes on any machine, held against sums that were taken once.
# Whoever changes what is generated changes them here: GENERATE_SUMS=1 prints them.
"$generate" --seed 1 --preset mccolo -o known.mbox --truth known.csv || exit 1
known="c477d45f882f629b 1d22d91e40b73fbd"
found="$(sum known.mbox | cut -c1-16) $(sum known.csv | cut -c1-16)"
[ -n "${GENERATE_SUMS:-}" ] && echo "$found"
is "the bytes are those of every other machine" "$known" "$found"

# Botnets: the same bytes each time, a column more of truth, what stops, and engines that do not
# share layouts.
bots=(--botnets 6 --per-day 60 --days 60 --start 2008-10-01 --event 2008-11-01T12:00:00Z --ham 20
  --seed 3)
"$generate" "${bots[@]}" -o bots.mbox --truth bots.csv || exit 1
"$generate" "${bots[@]}" -o again.mbox --truth again.csv || exit 1
holds "the same botnets" eval 'cmp -s bots.mbox again.mbox && cmp -s bots.csv again.csv'
holds "who sent stands in the truth" eval 'head -n1 bots.csv | grep -q ",sender,engine,fate$"'
holds "what is silent is silent an hour behind the event" eval \
  '! awk -F, "\$2 >= \"2008-11-01T13:00:00Z\"" bots.csv | grep -q ",silent$"'
holds "and was not before it" eval \
  'awk -F, "\$2 < \"2008-11-01T12:00:00Z\"" bots.csv | grep -q ",silent$"'
is "people hand over through relays" "$(grep -c ",client-" bots.csv)" \
  "$(grep -c "^Received: from desk" bots.mbox)"
refuses "botnets have a number of messages a day" 2 "$generate" --botnets 3 --messages 100

"$generate" "${common[@]}" --seed 5 --format maildir -o maildir --truth m.csv || exit 1
"$generate" "${common[@]}" --seed 5 --format files -o files --truth f.csv || exit 1
same "the truth is that of the Maildir" a.csv m.csv
same "the truth is that of the files" a.csv f.csv
find maildir/cur maildir/new -type f | sort >names
tr '\n' '\0' <names | xargs -0 cat >maildir.all
find files -type f | sort | tr '\n' '\0' | xargs -0 cat >files.all
unquote_mboxrd a.mbox >mbox.all
same "Maildir and files hold the same, in the same order" maildir.all files.all
same "the mbox holds the same once it is unquoted" mbox.all files.all
holds "a Maildir has a tmp, and mail in new" [ -d maildir/tmp -a -n "$(ls maildir/new)" ]
is "the names tell the sizes" "$(bytes_of a.csv)" \
  "$(sed 's/.*,S=//;s/:2,S$//' names | awk '{s+=$1}END{print s}')"
is "the truth counts the messages" "$(grep -c '^From ' a.mbox)" "$(($(wc -l <a.csv) - 1))"
is "the truth counts the bytes" "$(stat -c %s files.all)" "$(bytes_of a.csv)"
holds "there are lines that had to be quoted" grep -q '^>From ' a.mbox
holds "and lines that were quoted before" grep -q '^>>From ' a.mbox

awk -F, 'NR>1{day=substr($2,1,10);n[day]++;b[day]+=$7
    if(!((day,$3) in seen)){seen[day,$3]=1;o[day]++}}
  END{for(day in n)print day","n[day]","b[day]","o[day]}' a.csv | sort >days.sums
tail -n +2 a.daily | grep -v ',0,0,0$' >days.told
same "the days are the sums of their messages" days.sums days.told
"$generate" --per-day 1 --ham 0 --days 400 --origins 20 -o sparse.mbox --truth-daily sparse.daily
from=$(date -ud "$(sed -n 2p sparse.daily | cut -d, -f1)" +%s)
to=$(date -ud "$(tail -n 1 sparse.daily | cut -d, -f1)" +%s)
is "no day is missing between the first and the last" $(((to - from) / 86400 + 2)) \
  "$(wc -l <sparse.daily)"
holds "empty days are there with zeros" grep -q ',0,0,0$' sparse.daily

event=2008-11-11T21:30:00Z
is "nobody forges after the event" '' "$(awk -F, -v e=$event 'NR>1 && $5==1 && $2>=e' a.csv)"
is "somebody did before" "$(grep -c '^Received: (from tomcat@localhost)' a.mbox)" \
  "$(awk -F, 'NR>1 && $5==1' a.csv | wc -l)"
holds "all times are in order" eval 'tail -n +2 a.csv | cut -d, -f2 | sort -c'
"$generate" --per-day 2000 --days 40 --start 2008-10-22 --event 2008-11-11T21:30:00Z --ham 25 \
  --drop 65 --campaigns 9 \
  --size-mix small -o /dev/null --truth fall.csv
holds "the spam falls by 65 percent and the list by nothing, to within 3" awk -F, -v e=$event '
  NR>1 { after = $2 >= e; n[($4==""), after]++ }
  END { days0 = 20 + 21.5/24; days1 = 40 - days0
        spam = 100*(1 - (n[0,1]/days1)/(n[0,0]/days0));
        list = 100*(1 - (n[1,1]/days1)/(n[1,0]/days0))
        if (spam < 62 || spam > 68 || list < -5 || list > 5) { print spam, list; exit 1 }
          }' fall.csv
holds "some campaigns end with the event, others go on" awk -F, -v e=$event '
  NR>1 && $4!="" { all[$4]; if ($2 >= e) late[$4] }
  END { for (c in all) { total++; if (c in late) left++ }
    exit !(total == 9 && left > 0 && left < 9) }' fall.csv
"$generate" --per-day 200 --days 1500 --start 1990-01-01 --overdispersion 4 --size-mix small \
  -o /dev/null --truth-daily wide.daily
holds "the variance is 4 times the mean, to within 15 percent" awk -F, '
  NR>1 { n++; s+=$2; q+=$2*$2 } END { m=s/n; x=(q/n-m*m)/m; if (x<3.4 || x>4.6) { print x; exit 1 }
    }' wide.daily

"$generate" --messages 777 --overdispersion 3 --dialect mboxcl2 --seed 8 -o cl2.mbox \
  --truth cl2.csv || exit 1
"$generate" --messages 777 --overdispersion 3 --dialect mboxcl2 --seed 8 --format files -o cl2 ||
  exit 1
is "--messages is exact" 778 "$(wc -l <cl2.csv)"
holds "mboxcl2 leaves lines as they are" eval \
  '! grep -q "^>>>From " cl2.mbox && grep -q "^From today" cl2.mbox'
# Walk it by Content-Length alone.
holds "Content-Length leads from message to message" awk '
  BEGIN { want = 1 }
  want { if (!/^From /) { print "no separator at line " NR; bad = 1; exit 1 } want = 0; head = 1;
    next }
  head && /^Content-Length: / { left = $2 }
  head && /^$/ { head = 0; count++; if (left == 0) { gap = 1 } next }
  head { next }
  left > 0 { left -= length($0) + 1; if (left < 0) { bad = 1; exit 1 } if (left == 0) gap = 1;
    next }
  gap { if ($0 != "") { bad = 1; exit 1 } gap = 0; want = 1 }
  END { exit bad || count != 777 }' cl2.mbox
"$generate" --messages 900 --dialect mboxo --seed 8 -o o.mbox || exit 1
"$generate" --messages 900 --dialect mboxo --seed 8 --format files -o o || exit 1
unquote_mboxo o.mbox >o.all
holds "mboxo is unquoted to the same" eval 'find o -type f | sort | xargs cat | cmp -s - o.all'
"$generate" --messages 300 --crlf --seed 8 -o crlf.mbox --truth crlf.csv || exit 1
"$generate" --messages 300 --seed 8 -o lf.mbox || exit 1
holds "--crlf is the same with CR LF" eval 'sed "s/\r$//" crlf.mbox | cmp -s - lf.mbox && [ "$(grep -c "$(printf "\r")$" crlf.mbox)" = "$(wc -l <crlf.mbox)" ]'

holds "a private or special address is never drawn" awk -F, 'NR>1 { split($3,a,".");
  if (a[1]==0||a[1]==10||a[1]==127||a[1]>223||(a[1]==192&&a[2]==168)||
    (a[1]==172&&a[2]>15&&a[2]<32)||(a[1]==169&&a[2]==254)) { print; exit 1 } }' fall.csv
holds "--help tells every option" eval '[ "$("$generate" --help | grep -c -- "--[a-z]")" -ge 24 ]'
for bad in "--seed x" "--drop 101" "--messages 5 --per-day 5" "--event 2008-02-30" \
  "--start 2008-09-01T01:00:00Z" "--overdispersion 0.5" \
  "--format tar" "--format maildir" "--nonsense" "stray" "--forged 60 --ham 60" "--truth x -o x"; do
  # shellcheck disable=SC2086
  refuses "refuses $bad" 2 "$generate" $bad
done
refuses "does not write into a directory that holds something" 3 "$generate" --messages 2 \
  --format files -o files
refuses "a full disk is an error" 3 "$generate" --messages 2000 -o /dev/full
refuses "a truth that cannot be written is an error" 3 "$generate" --messages 2 -o x.mbox \
  --truth /nowhere/truth.csv
holds "no half-written file is left under the name" eval '[ ! -e x.mbox ] && [ ! -e x.mbox.part ]'
finish
