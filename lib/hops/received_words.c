/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is no plain word: comments, quoted strings and what is in brackets. */
#include "received_words.h"

/* Each parenthesis that never closes costs a look at all that follows: beyond this many of them,
 * parentheses are taken for white space. */
enum { UNCLOSED_MAX = 4 };

const bool tide_token_marks[256] = {
    ['\t'] = true, ['\n'] = true, ['\v'] = true, ['\f'] = true, ['\r'] = true,
    [' '] = true,  ['"'] = true,  ['('] = true,  [')'] = true,  ['['] = true};

/* Where the comment that begins at `at` closes, or NULL. */
static const char *comment_close(const char *at, const char *end) {
  int depth = 1;
  for (at++; at < end; at++) {
    at += tide_scan_any(tide_span_between(at, end), "\\()(");
    if (at == end)
      break;
    char c = *at;
    if (c == '\\') {
      if (++at == end)
        break;
    } else if (c == '(') {
      depth++;
    } else if (--depth == 0) {
      return at;
    }
  }
  return NULL;
}

tide_token tide_token_marked(tide_scanner *s, const char *at) {
  const char *end = s->end;
  for (;; at++) {
    while (at < end && tide_is_space(*at))
      at++;
    if (at == end) {
      s->at = at;
      return (tide_token){TOKEN_END, {0}, false};
    }
    if (*at == '(') {
      const char *close = s->unclosed < UNCLOSED_MAX ? comment_close(at, end) : NULL;
      if (close) {
        tide_token t = {TOKEN_COMMENT, tide_span_between(at + 1, close), at == s->at};
        if (t.text.len && (tide_is_space(t.text.ptr[0]) || tide_is_space(close[-1])))
          t.text = tide_span_trim(t.text);
        s->at = close + 1;
        return t;
      }
      s->unclosed += s->unclosed < UNCLOSED_MAX;
    } else if (*at != ')') {
      break;
    }
  }
  const char *from = at;
  if (*at == '"') {
    /* A quoted string, unless it never closes: then the quote is a character like others. */
    for (at++; at < end && *at != '"'; at++)
      if (*at == '\\' && at + 1 < end)
        at++;
    at = at < end ? at + 1 : from;
  } else if (*at == '[') {
    /* "[unix socket]" is one word. */
    const char *last = end - at > TIDE_BRACKETS_MAX ? at + TIDE_BRACKETS_MAX : end;
    at += tide_scan_any(tide_span_between(at, last), "])((");
    at = at < end && *at == ']' ? at : from;
  }
  return tide_word_to(s, from, at);
}
