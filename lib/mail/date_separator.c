/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of separator lines, which are looked for from behind. */
#include "base/scan.h"
#include "date_english.h"
#include "date_scan.h"

enum { SEPARATOR_DATE_MAX = 120 };

/* "From name@host  Tue Nov 11 21:30:00 2008": with an at sign in it, the one word in front cannot
 * be the beginning of a date. Procmail writes two spaces, most other programs one. */
static bool read_separator(tide_span s, tide_date *out, tide_span *sender) {
  enum { ASCTIME = 24 };
  if (s.len < ASCTIME + 2 || s.len > SEPARATOR_DATE_MAX || s.ptr[s.len - ASCTIME - 1] != ' ')
    return false;
  tide_span word = tide_span_slice(s, 0, s.len - ASCTIME - 1);
  while (word.len && word.ptr[word.len - 1] == ' ')
    word.len--;
  if (tide_scan_word(word) < word.len || tide_span_find_char(word, '@') == word.len ||
      !tide_date_asctime(s.ptr + s.len - ASCTIME, out))
    return false;
  if (sender)
    *sender = word;
  return true;
}

/* Takes " remote from HOST" (UUCP, RFC 976 2.4) off the end, and " forwarded by USER". */
static tide_span without_remote(tide_span s) {
  s = tide_span_slice(s, 0, tide_span_find(s, SPAN(" remote from ")));
  return tide_span_slice(s, 0, tide_span_find(s, SPAN(" forwarded by ")));
}

/* "From name@host 1226439000" */
static bool read_separator_epoch(tide_span s, tide_date *out, tide_span *sender) {
  const char *space = s.len ? memrchr(s.ptr, ' ', s.len) : NULL;
  if (!space)
    return false;
  tide_span name = tide_span_trim(tide_span_slice(s, 0, (size_t)(space - s.ptr)));
  if (tide_span_find_char(name, ' ') < name.len || tide_span_find_char(name, '@') == name.len ||
      !tide_date_epoch(tide_span_slice(s, (size_t)(space + 1 - s.ptr), s.len), out))
    return false;
  if (sender)
    *sender = name;
  return true;
}

bool tide_date_parse_separator(tide_span line, tide_date *out, tide_span *sender) {
  if (!tide_span_starts(line, SPAN("From ")) && !tide_span_istarts(line, SPAN("From ")))
    return false;
  if (read_separator(tide_span_slice(line, 5, line.len), out, sender))
    return true;
  tide_date unasked;
  out = out ? out : &unasked;
  tide_span s = tide_span_slice(without_remote(line), 5, line.len);
  while (s.len && tide_is_space(s.ptr[s.len - 1]))
    s.len--;
  size_t first = s.len > SEPARATOR_DATE_MAX ? s.len - SEPARATOR_DATE_MAX : 0;
  for (size_t at = first; at + 10 < s.len; at++) {
    bool starts = at == 0 || s.ptr[at - 1] == ' ' || s.ptr[at - 1] == '\t';
    if (!starts || !(tide_is_alpha(s.ptr[at]) || tide_is_digit(s.ptr[at])))
      continue;
    if (!tide_date_scan(tide_span_slice(s, at, s.len), true, out))
      continue;
    if (sender)
      *sender = tide_span_trim(tide_span_slice(s, 0, at));
    return true;
  }
  return read_separator_epoch(s, out, sender);
}

bool tide_date_has_asctime(tide_span line) {
  enum { STAMP = 19 };
  for (size_t at = 6; at + STAMP <= line.len; at++) {
    const char *p = line.ptr + at;
    if (p[-1] != ' ' || p[3] != ' ' || p[7] != ' ' || !tide_weekday_short(p) ||
        !tide_month_short(p + 4))
      continue;
    /* The day has one digit, two, or a space before its one. */
    p += 8 + (p[8] == ' ' || p[9] != ' ');
    if (p + 10 > line.ptr + line.len || !tide_is_digit(p[0]) || p[1] != ' ')
      continue;
    if (tide_two_digits(p + 2, false) < 25 && p[4] == ':' && tide_two_digits(p + 5, false) < 60 &&
        p[7] == ':' && tide_two_digits(p + 8, false) < 62)
      return true;
  }
  return false;
}
