# SPDX-License-Identifier: GPL-3.0-or-later
# A second reading of an mbox, as plain as can be: the byte offset of each line that begins with "From ", holds a weekday, a time and a year, and has a header field in
# the line below. Held against the program's own framing by corpora.sh.
function is_separator(line) { return line ~ /^From .*(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*[0-9][0-9]?:[0-9][0-9](:[0-9][0-9])?.*(19|20)[0-9][0-9]/ }
{
  line = $0
  sub(/\r$/, "", line)
  if (pending >= 0 && line ~ /^[!-9;-~]+[ \t]*:/) print pending
  pending = is_separator(line) ? at : -1
  at += length($0) + 1
}
BEGIN { pending = -1; at = 0 }
