# SPDX-License-Identifier: GPL-3.0-or-later
# A second reading of an mbox, as plain as can be: the byte offset of each line that begins with
# "From ", holds a weekday, a time and a year, and has a header field in the line below; not where
# it stands right behind the head of a part (a message or mailbox that was attached), nor further on
# in that part, nor where the folder's own data are the message.
# Held against the program's own framing by corpora.sh.
function is_separator(line) {
  return line ~ ("^From .*(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? " \
    ".*[0-9][0-9]?:[0-9][0-9](:[0-9][0-9])?.*(19|20)[0-9][0-9]")
}
{
  line = $0
  sub(/\r$/, "", line)
  if (pending >= 0 && line ~ /^[!-9;-~]+[ \t]*:/) held = pending
  if (held >= 0 && line ~ /^Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA$/) held = -1
  if (held >= 0 && line == "") { print held; held = -1 }
  if (carried != "" && index(line, carried) == 1) carried = ""
  if (is_separator(line) && part == "behind") carried = mark
  pending = is_separator(line) && part != "behind" && carried == "" ? at : -1
  if (line ~ /^--[^ ]/) { part = "boundary"; mark = line }
  else if ((part == "boundary" || part == "head") &&
    line ~ /^(Content-[!-9;-~]+:|[ \t])/) part = "head"
  else part = part == "head" && line == "" ? "behind" : ""
  at += length($0) + 1
}
END { if (held >= 0) print held }
BEGIN { pending = held = -1; at = 0 }
