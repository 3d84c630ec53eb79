/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the date of a Received field is. */
#include "received_date.h"

/* The last `;` outside of comments and quotes: after it is the date. */
size_t tide_received_date(tide_span s) {
  /* Nearly always the last one of all: then nothing that opened before it closes after it. */
  const char *last = s.len ? memrchr(s.ptr, ';', s.len) : NULL;
  if (!last)
    return s.len;
  const char *at = last + 1, *end = s.ptr + s.len;
  int open = 0;
  for (; open >= 0; at++) {
    at += tide_scan_any(tide_span_between(at, end), "\"()(");
    if (at == end || *at == '"')
      break;
    open += *at == '(' ? 1 : -1;
  }
  if (at == end && open >= 0)
    return (size_t)(last - s.ptr);
  size_t found = s.len;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    if (c == '\\')
      i++;
    else if (c == '"' && depth == 0)
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (c == '(')
      depth++;
    else if (c == ')' && depth)
      depth--;
    else if (c == ';' && depth == 0)
      found = i;
  }
  if (found < s.len)
    return found;
  /* Broken parentheses or quotes: then any last one. */
  return depth || quoted ? (size_t)(last - s.ptr) : s.len;
}

static bool is_one_of(tide_span word, const char *names) {
  for (; *names; names += 3)
    if (tide_lower(word.ptr[0]) == names[0] && tide_lower(word.ptr[1]) == names[1] &&
        tide_lower(word.ptr[2]) == names[2])
      return true;
  return false;
}

/* Where no `;` says so: does a date begin here ("Thu, 20 Feb 2003", "Thu Feb 20", "20 Feb 2003")?
 */
bool tide_received_date_begins(tide_span word, tide_scanner s) {
  static const char days[] = "sunmontuewedthufrisat",
                    months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
  bool day = (word.len == 3 || (word.len == 4 && word.ptr[3] == ',')) && is_one_of(word, days);
  bool number =
      word.len <= 2 && tide_is_digit(word.ptr[0]) && tide_is_digit(word.ptr[word.len - 1]);
  if (word.len >= 10 && word.ptr[4] == '-' && word.ptr[7] == '-' && tide_is_digit(word.ptr[0]) &&
      tide_is_digit(word.ptr[5]) && tide_is_digit(word.ptr[9]))
    return true; /* "2008-11-11 21:30:00" */
  if (!day && !number)
    return false;
  tide_span next = tide_word_next(&s);
  return (day && next.len && next.len <= 2 && tide_is_digit(next.ptr[0])) ||
         (next.len >= 3 && is_one_of(next, months));
}
