#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Mail that was made to break readers: each is read within seconds and bounded memory, counted, and
# named where something of it was not read.
#
#   tests/golden/hostile.sh [--sanitized] BUILD_DIR
#
# --sanitized: a build that needs more time and memory; only crashes and results count.
set -uo pipefail
slower=1 sanitized=
[ "${1:-}" = --sanitized ] && { sanitized=1 slower=10; shift; }
build=$(cd "$1" && pwd)
. "$(dirname "$0")/../check.sh"
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1767225600 LC_ALL=C
cd "$work" || exit 2
printf \
  'campaign,rule,field,pattern\nnever,,text,\\Ano such text\\z\nnever,,subject,\\Anor this\\z\n' \
  >text.csv
head='Received: from h (h.example.com [203.0.113.8]) by mx.example.org with SMTP;'
head+=' Tue, 11 Nov 2008 16:30:00 -0500'

# in_time NAME SECONDS STARTED: no more of them have gone by since then.
in_time() {
  local most=$(($2 * slower)) took=$((SECONDS - $3))
  [ $took -le $most ] || fail "$1: seconds" "wanted: at most $most" "got:    $took"
}
# check NAME WANT_FIELDS WANT_ACCOUNT SECONDS: FILE is message.eml; the fields are origin, hops,
# defects.
check() {
  local started=$SECONDS
  is "$1: origin, hops, defects" "$2" "$("$build/spamtide" records --campaigns text.csv \
    --format tsv --jobs 1 message.eml 2>err | tail -n +2 | cut -f6,12,26 | tr '\t' ' ')"
  contains "$1: account" "$(tail -n 2 err)" "$3"
  in_time "$1" "$4" "$started"
}
one='1 message read: 1 counted'

{
  echo "$head"
  printf 'X-Long: '
  head -c 100000000 /dev/zero | tr '\0' x
  printf '\nSubject: behind it\n\nx\n'
} >message.eml
check 'a header line of 100 MB' '203.0.113.8 1 oversize no-body' "$one" 20

{
  for ((i = 0; i < 1000; i++)); do
    for ((j = 0; j < 100; j++)); do
      echo 'Received: from a (a.example.com [10.1.2.3]) by b; Tue, 11 Nov 2008 16:30:00 -0500'
    done
  done
  echo "$head"
  echo
  echo x
} >message.eml
check '100,000 Received lines' ' 16384 too-many-headers' "$one" 20

nest() {
  echo "$head"; echo 'MIME-Version: 1.0'
  seq "$1" | awk '{ if ($1 > 1) print "--b" $1 - 1;
    print "Content-Type: multipart/mixed; boundary=b" $1 "\n" }'
  printf -- '--b%s\nContent-Type: text/plain\n\nthe bottom\n' "$1"
}
nest 1000 >message.eml
check '1,000 nested parts' '203.0.113.8 1 too-deep' "$one" 20
nest 100000 >message.eml
check '100,000 nested parts' '203.0.113.8 1 too-many-parts too-deep' "$one" 20

{
  echo "$head"
  printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n'
  yes -- "$(printf -- '--b\nContent-Type: text/plain\n\nx')" | head -n 4000000
} >message.eml
check 'a million parts' '203.0.113.8 1 too-many-parts' "$one" 30

{ echo "$head"; yes 'Content-Type: message/rfc822

' | head -n 300000; } >message.eml
check 'messages in messages' '203.0.113.8 1 long-text' "$one" 20

{
  echo "$head"
  printf 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="'
  head -c 10000000 /dev/zero | tr '\0' b
  printf '"\n\nx\n'
} >message.eml
check 'a boundary of 10 MB' '203.0.113.8 1 long-header' "$one" 20

{
  echo "$head"
  printf 'MIME-Version: 1.0\nContent-Type: text/html\n\n'
  yes '<a b="x><<<<<&&&&&&#' | head -c 20000000
} >message.eml
check 'HTML that is never closed' '203.0.113.8 1 long-text' "$one" 20

{
  echo "$head"
  printf 'MIME-Version: 1.0\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n'
  head -c 30000000 /dev/zero | base64 | head -c 30000000
} >message.eml
check 'base64 without end' '203.0.113.8 1 long-text' "$one" 20

{
  echo "$head"
  printf 'Subject: '
  for ((i = 0; i < 20000; i++)); do printf '=?utf-8?B?'; done
  printf '\n\nx\n'
} >message.eml
check 'encoded words that never end' '203.0.113.8 1 long-header' "$one" 20

{
  echo "$head"
  printf 'Received: from '
  head -c 200000 /dev/zero | tr '\0' '('
  printf '\nTo: '
  head -c 200000 /dev/zero | tr '\0' '"'
  printf '\n\nx\n'
} >message.eml
check 'parentheses and quotes that never close' '203.0.113.8 2 long-header' "$one" 20

{
  echo "From a Tue Nov 11 16:30:00 2008"
  echo "$head"
  echo
  yes 'From x Tue Nov 11 16:30:00 2008' | head -c 50000000
} >message.eml
# After the empty line the first of them begins a message: a sender and a date, whatever follows.
check 'separators without headers' $'203.0.113.8 1 no-body\n 0 oversize no-body header-junk' \
  '2 messages read: 2 counted' 20

{
  echo 'From a Tue Nov 11 16:30:00 2008'
  echo "$head"
  yes '>From x' | head -c 20000000
} >message.eml
check 'escaped separators in a head that never ends' '203.0.113.8 1 no-body header-junk' "$one" 20

# A pattern that backtracks for ever costs its limit of steps and no more.
printf 'campaign,rule,field,pattern\nslow,,text,(a+)+$\nslower,,text,(?:a|a)*(?:a|a)*(?:a|a)*b\n' \
  >rules.csv
{ echo "$head"; echo; head -c 100000 /dev/zero | tr '\0' a; echo '!'; } >message.eml
started=$SECONDS
is 'a pattern that backtracks: campaigns, defects' $'\tmatch-limit' "$("$build/spamtide" records \
  --campaigns rules.csv --format tsv message.eml 2>/dev/null | tail -n +2 | cut -f17,26)"
in_time 'a pattern that backtracks' 20 $started

# Memory does not grow with the archive: 64 MB are enough for 400 MB from a pipe.
for ((i = 0; i < 40; i++)); do
  printf 'From a Tue Nov 11 16:30:00 2008\n%s\n\nx\n\n' "$head"
done >small.mbox
{
  printf 'From a Tue Nov 11 16:30:00 2008\n%s\n\n' "$head"
  head -c 4000 /dev/zero | tr '\0' x
  printf '\n\n'
} >large
yes large | head -n 1000 | xargs cat >large.mbox
"$build/tests/bench/measure" --anon --repeat 100 large.mbox --output /dev/null "$build/spamtide" \
  timeline --jobs 1 - >memory 2>&1
# bounded NAME: the file memory tells of less than 64 MB.
bounded() {
  local own
  own=$(sed -n 's/.*anon_kb=\([0-9]*\).*/\1/p' memory)
  if [ -n "$sanitized" ] || { [ "${own:-0}" -gt 0 ] && [ "$own" -lt 65536 ]; }; then
    pass
  else
    fail "$1: memory of its own" 'wanted: less than 65536 kB' "got:    ${own:-unknown} kB" \
      "$(head -n 5 memory)"
  fi
}
contains 'a long pipe: account' "$(<memory)" ' 100000 counted'
bounded 'a long pipe'

# Nor with what a head announces: a name of 3 GB, of which 300 MB are there; five million files in a
# 7z of 239 bytes.
head_of() {
  printf '070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x' 1 33188 0 0 1 0 0 0 0 0 0 \
    "$1" 0
}
{ head_of 3000000000; head -c 300000000 /dev/zero | tr '\0' n; } | gzip -1c >name.cpio.gz
{
  printf '!<arch>\n%-16s%-12s%-6s%-6s%-8s%-10s`\n' // 0 0 0 100644 999999999
  head -c 300000000 /dev/zero | tr '\0' n
} | gzip -1c >name.a.gz
echo N3q8ryccAATj10qRsgAAAAAAAAAdAAAAAAAAAE8FaKYAAIGaG+tRVrH7HqaObkPiHAATjyXiCudob6SJTjDQRJ9BApRL4FeFZZVUZ9EPyJ269/ICTPH+zygNjYtSgNqacF8rVGP4Bm8dYoKUI9/xDs+MH/8uOGFTp0rvFyD2pb5d1Xuh7Mp83vuaMC5WwI+F84OBwGXEJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCO8O3bcAbkBn///KiwAAFwYAAQmAsgAHCwEAASMDAQEFXQAAAQAMyXSJAAA= | base64 -d >list.7z
for name in name.cpio.gz name.a.gz list.7z; do
  "$build/tests/bench/measure" --anon --output /dev/null "$build/spamtide" timeline --jobs 1 \
    "$name" >memory 2>err
  bounded "what a head announces, $name"
  case $name in *.7z) said='more than 1000000 files' ;; *) said='longer than 32 MiB' ;; esac
  contains "what is said of $name" "$(<err)" "$said"
done

# Ctrl-C: exit 130, no result, no half file.
mkfifo slow
(cat small.mbox; sleep 5) >slow &
# A shell's background job ignores Ctrl-C unless it is told not to.
env --default-signal=INT "$build/spamtide" records -o result.csv slow >/dev/null 2>err &
pid=$!
sleep 0.7
kill -INT $pid
wait $pid
is 'Ctrl-C: exit status' 130 $?
is 'Ctrl-C: files that stay' '' "$(ls result.csv* 2>/dev/null)"
contains 'Ctrl-C: what is said' "$(<err)" stopped
kill %1 2>/dev/null

# A file that grows or shrinks while it is read.
yes small.mbox | head -n 3000 | xargs cat >changing.mbox
(
  for ((i = 0; i < 20; i++)); do cat small.mbox >>changing.mbox; sleep 0.01; done
  truncate -s 1000 changing.mbox
) &
for ((i = 0; i < 5; i++)); do
  "$build/spamtide" timeline changing.mbox >/dev/null 2>err
  code=$?
  [ $code -le 1 ] || break
done
wait
if [ $code -le 1 ]; then
  pass
else
  fail 'a changing file: exit status' 'wanted: 0 or 1' "got:    $code" "$(tail -n 4 err)"
fi

finish
