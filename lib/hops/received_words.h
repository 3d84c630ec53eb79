/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Received field as words and comments. */
#ifndef LIB_HOPS_RECEIVED_WORDS_H
#define LIB_HOPS_RECEIVED_WORDS_H

#include "base/scan.h"
#include "base/span.h"

typedef enum tide_token_kind { TOKEN_END, TOKEN_WORD, TOKEN_COMMENT } tide_token_kind;

typedef struct tide_token {
  tide_token_kind kind;
  tide_span text; /* of a comment: without its parentheses */
  bool glued;     /* no white space in front: "host(192.0.2.1)" */
} tide_token;

typedef struct tide_scanner {
  const char *at, *end;
  unsigned unclosed; /* parentheses met that never close */
} tide_scanner;

enum { TIDE_BRACKETS_MAX = 80 }; /* what brackets hold at most, if they are to be one word */

static inline tide_scanner tide_scanner_of(tide_span s) {
  return (tide_scanner){.at = s.ptr, .end = s.ptr + s.len};
}

static inline tide_span tide_span_between(const char *from, const char *to) {
  return (tide_span){from, (size_t)(to - from)};
}

/* What a token cannot begin with if it is the bytes up to the next space: space, and the marks of
 * comments and quotes. */
extern const bool tide_token_marks[256];

/* The word that goes on at `at`, and began at `from`. */
static inline tide_token tide_word_to(tide_scanner *s, const char *from, const char *at) {
  at += tide_scan_word(tide_span_between(at, s->end));
  tide_token t = {TOKEN_WORD, tide_span_between(from, at), from == s->at};
  s->at = at;
  return t;
}

/* What begins with a mark, at `at`. A parenthesis that never closes, or closes nothing, is white
 * space: what follows are words of the clause. */
tide_token tide_token_marked(tide_scanner *, const char *at);

/* The next word or comment. Inlined, as the calls cost 2 % of a timeline by headers. */
__attribute__((always_inline)) static inline tide_token tide_token_take(tide_scanner *s) {
  const char *at = s->at;
  if (at < s->end && *at == ' ')
    at++;
  if (at < s->end && tide_token_marks[(unsigned char)*at]) {
    while (at < s->end && tide_is_space(*at))
      at++; /* a fold */
    if (at < s->end && tide_token_marks[(unsigned char)*at])
      return tide_token_marked(s, at);
  }
  if (at < s->end)
    return tide_word_to(s, at, at);
  s->at = at;
  return (tide_token){TOKEN_END, {0}, false};
}

/* The next word; empty if none is, or a comment. */
static inline tide_span tide_word_next(tide_scanner *s) {
  tide_token t = tide_token_take(s);
  return t.kind == TOKEN_WORD ? t.text : (tide_span){0};
}

#endif
