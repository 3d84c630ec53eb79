/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PCRE2 with limits of steps and heap, and long texts searched in pieces, so that a pattern costs
 * no more than its share whatever a spammer writes. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/pattern.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

struct tide_pattern {
  pcre2_code *code;
  bool endless; /* a match may be longer than TIDE_LIMIT_MATCH_SPAN */
};

struct tide_pattern_scratch {
  pcre2_match_data *data;
  pcre2_match_context *context;
  pcre2_jit_stack *stack;
};

enum {
  JIT_STACK_FIRST = 32 << 10,
  PIECE_STARTS =
      3 * TIDE_LIMIT_MATCH_SPAN, /* places where a match may begin in one piece of a long text */
  PIECE = PIECE_STARTS + TIDE_LIMIT_MATCH_SPAN
};

/* May a match be longer than TIDE_LIMIT_MATCH_SPAN? It may be where something is repeated, referred
 * to or called, or is itself that long; a byte of a pattern takes four of a text at most. */
static bool may_be_endless(tide_span pattern) {
  if (pattern.len > TIDE_LIMIT_MATCH_SPAN / 4)
    return true;
  for (size_t i = 0; i < pattern.len; i++) {
    const char c = pattern.ptr[i], next = i + 1 < pattern.len ? pattern.ptr[i + 1] : '\0';
    if (c == '*' || c == '+' || c == '{')
      return true;
    if (c == '\\' && (tide_is_digit(next) || next == 'g' || next == 'k' || next == 'X'))
      return true;
    /* (?R), (?1), (?&name), (?P>name) */
    if (c == '(' && next == '?' && i + 2 < pattern.len &&
        (tide_is_digit(pattern.ptr[i + 2]) || strchr("R&P-", pattern.ptr[i + 2])))
      return true;
  }
  return false;
}

tide_status tide_pattern_compile(tide_pattern **out, tide_span pattern, size_t *offset,
                                 tide_error *err) {
  /* MATCH_INVALID_UTF: mail's bytes may be anything, and checking them first costs more than the
   * search (docs/campaigns.md). \C would break characters apart, and JIT refuses it. */
  uint32_t options =
      PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
  if (offset)
    *offset = 0;
  if (pattern.len > TIDE_LIMIT_PATTERN)
    return tide_error_set(err, TIDE_USAGE, "longer than %u bytes", (unsigned)TIDE_LIMIT_PATTERN);
  tide_pattern *p = calloc(1, sizeof *p);
  pcre2_compile_context *context = pcre2_compile_context_create(NULL);
  if (!p || !context) {
    free(p);
    pcre2_compile_context_free(context);
    return tide_error_memory(err);
  }
  /* Some archives have CRLF, and `raw` is searched as it is stored. */
  pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
  p->endless = may_be_endless(pattern);
  if (p->endless)
    options |= PCRE2_USE_OFFSET_LIMIT;
  int code;
  PCRE2_SIZE at = 0;
  p->code = pcre2_compile((PCRE2_SPTR)(pattern.ptr ? pattern.ptr : ""), pattern.len, options, &code,
                          &at, context);
  pcre2_compile_context_free(context);
  if (!p->code) {
    PCRE2_UCHAR reason[256];
    pcre2_get_error_message(code, reason, sizeof reason);
    free(p);
    if (code == PCRE2_ERROR_HEAP_FAILED)
      return tide_error_memory(err);
    if (offset)
      *offset = at < pattern.len ? at : pattern.len;
    return tide_error_set(err, TIDE_USAGE, "%s", (const char *)reason);
  }
  /* If there is no JIT the interpreter gives the same answers. */
  (void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE | (p->endless ? PCRE2_JIT_PARTIAL_HARD : 0));
  *out = p;
  return TIDE_OK;
}

void tide_pattern_free(tide_pattern *p) {
  if (!p)
    return;
  pcre2_code_free(p->code);
  free(p);
}

tide_status tide_pattern_scratch_new(tide_pattern_scratch **out) {
  tide_pattern_scratch *s = calloc(1, sizeof *s);
  if (!s)
    return TIDE_FATAL;
  s->data = pcre2_match_data_create(
      1, NULL); /* no pattern's groups are asked for, only the whole match */
  s->context = pcre2_match_context_create(NULL);
  s->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, TIDE_LIMIT_MATCH_STACK, NULL);
  if (!s->data || !s->context || !s->stack) {
    tide_pattern_scratch_free(s);
    return TIDE_FATAL;
  }
  pcre2_set_depth_limit(s->context, TIDE_LIMIT_MATCH_DEPTH);
  pcre2_set_heap_limit(s->context, TIDE_LIMIT_MATCH_HEAP);
  pcre2_jit_stack_assign(s->context, NULL, s->stack);
  *out = s;
  return TIDE_OK;
}

void tide_pattern_scratch_free(tide_pattern_scratch *s) {
  if (!s)
    return;
  pcre2_jit_stack_free(s->stack);
  pcre2_match_context_free(s->context);
  pcre2_match_data_free(s->data);
  free(s);
}

/* at, or a little before it: where a character begins (RFC 3629 3). */
static size_t character_start(tide_span text, size_t at) {
  for (int i = 0; i < 3 && at && at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80; i++)
    at--;
  return at;
}

/* Behind the character at `at`. */
static size_t character_end(tide_span text, size_t at) {
  at++;
  for (int i = 0; i < 3 && at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80; i++)
    at++;
  return at;
}

static int match_in(const tide_pattern *p, tide_pattern_scratch *s, tide_span text, size_t from,
                    size_t end) {
  uint32_t options = 0;
  if (end != text.len)
    options = PCRE2_NOTEOL | (p->endless ? PCRE2_PARTIAL_HARD : 0);
  return pcre2_match(p->code, (PCRE2_SPTR)text.ptr, end, from, options, s->data, s->context);
}

/* A match that begins at `start` and may go beyond the piece: twice as much is looked at until that
 * is settled, or *looks, the bytes that may be looked at, are used up. */
static int match_further(const tide_pattern *p, tide_pattern_scratch *s, tide_span text,
                         size_t start, uint64_t *looks) {
  int n = PCRE2_ERROR_PARTIAL;
  pcre2_set_offset_limit(s->context, start);
  for (size_t room = PIECE; n == PCRE2_ERROR_PARTIAL; room *= 2) {
    const size_t left = text.len - start, take = room < left ? room : left;
    n = PCRE2_ERROR_MATCHLIMIT;
    if (take > *looks)
      break;
    *looks -= take;
    n = match_in(p, s, text, start, take == left ? text.len : character_start(text, start + take));
  }
  pcre2_set_offset_limit(s->context, PCRE2_UNSET);
  return n;
}

/* PCRE2 tries a match at every place, and at each may look at all that follows: a megabyte of text
 * and a simple pattern such as
 * `(?:[a-z]*+ ?)*+!x` passes over 10^11 letters, in few steps at each place (test_pattern.c, ends).
 * So a long text is searched in pieces. A piece is cut after what its last starting places are
 * promised to see, and a match that begins there is left to the next piece, which sees more of it.
 * One that begins before them and is not at its end where the piece is, is looked at by itself: so
 * the answer is that without pieces, or that a limit was reached. */
tide_match tide_pattern_search(const tide_pattern *p, tide_pattern_scratch *s, tide_span text,
                               tide_span *found) {
  if (!text.ptr)
    text = SPAN("");
  uint64_t steps = TIDE_LIMIT_MATCH_WORK / (text.len + 1);
  if (steps > TIDE_LIMIT_MATCH)
    steps = TIDE_LIMIT_MATCH;
  if (steps < TIDE_LIMIT_MATCH_LEAST)
    steps = TIDE_LIMIT_MATCH_LEAST;
  pcre2_set_match_limit(s->context, (uint32_t)steps);
  uint64_t looks = TIDE_LIMIT_MATCH_LOOKS;
  for (size_t from = 0;;) {
    bool last = text.len - from <= PIECE;
    size_t end = last ? text.len : character_start(text, from + PIECE);
    size_t next = last ? text.len : character_start(text, from + PIECE_STARTS);
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(s->data);
    int n = match_in(p, s, text, from, end);
    if (n == PCRE2_ERROR_PARTIAL) {
      const size_t start = at[0];
      n = start < next ? match_further(p, s, text, start, &looks) : PCRE2_ERROR_NOMATCH;
      if (start < next)
        next = character_end(text, start);
      last = false;
    }
    if (n >= 0 && (last || pcre2_get_startchar(s->data) < next)) {
      if (found)
        *found = tide_span_slice(text, at[0], at[1]);
      return TIDE_MATCH_YES;
    }
    if (n == PCRE2_ERROR_NOMEMORY)
      return TIDE_MATCH_NO_MEMORY;
    if (n < 0 && n != PCRE2_ERROR_NOMATCH)
      return TIDE_MATCH_LIMIT_REACHED;
    if (last)
      return TIDE_MATCH_NO;
    from = next;
  }
}
