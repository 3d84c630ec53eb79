/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a message. A message has a word or has it not: how often does not matter, as spam
 * repeats what it likes. */
#include "extract/wording.h"

#include <stdlib.h>

#include "base/limits.h"
#include "extract/template.h"
#include "base/utf8.h"

enum { WORD_BYTES = 96 }; /* 24 characters of four bytes */

typedef struct wording {
  tide_arena *arena;
  tide_span *words;
  uint32_t count, cap;
  bool cut, failed;
  char pair[2 * WORD_BYTES + 1]; /* the word before, a blank, and room for the next */
  size_t before;                 /* length of the word before; 0: there is none */
} wording;

static void keep(wording *w, tide_span word) {
  if (w->count == w->cap) {
    w->cut = true;
    return;
  }
  tide_span copy = tide_arena_copy(w->arena, word);
  w->failed = w->failed || !copy.ptr;
  w->words[w->count++] = copy;
}

/* In small letters, with one kind of apostrophe; returns its length, 0 if there is no room. */
static size_t fold(tide_span word, char out[WORD_BYTES]) {
  size_t len = 0;
  for (size_t at = 0; at < word.len;) {
    uint32_t x = 0xfffd;
    size_t taken = tide_utf8_take(tide_span_slice(word, at, word.len), &x);
    at += taken ? taken : 1;
    if (len + 4 > WORD_BYTES)
      return 0;
    len += tide_utf8_put(x == 0x2019 ? '\'' : tide_utf8_lower(x), out + len);
  }
  return len;
}

/* The names of months and days come and go with the calendar, whatever is sold. Those that mean
 * something else too (may, march, mar, sun) stay. */
static bool is_date_name(tide_span word) {
  static const char *const names[] = {
      "jan",     "feb",       "apr",      "jun",       "jul",      "aug",      "sep",
      "sept",    "oct",       "nov",      "dec",       "january",  "february", "april",
      "june",    "july",      "august",   "september", "october",  "november", "december",
      "mon",     "tue",       "wed",      "thu",       "fri",      "sat",      "monday",
      "tuesday", "wednesday", "thursday", "friday",    "saturday", "sunday"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_equal(word, tide_span_of(names[i])))
      return true;
  return false;
}

static void take_word(void *context, tide_span word, bool joined) {
  wording *w = context;
  char folded[WORD_BYTES];
  const size_t len = fold(word, folded);
  if (len == 0 || is_date_name(tide_span_make(folded, len))) {
    w->before = 0;
    return;
  }
  keep(w, tide_span_make(folded, len));
  if (joined && w->before) {
    w->pair[w->before] = ' ';
    memcpy(w->pair + w->before + 1, folded, len);
    keep(w, tide_span_make(w->pair, w->before + 1 + len));
  }
  memcpy(w->pair, folded, len);
  w->before = len;
}

static int compare_words(const void *a, const void *b) {
  return tide_span_compare(*(const tide_span *)a, *(const tide_span *)b);
}

tide_status tide_wording_make(const tide_message *m, tide_arena *arena, const tide_span **words,
                              uint32_t *count, bool *cut) {
  const tide_span recipients[] = {tide_message_header(m, TIDE_HEADER_TO),
                                  tide_message_header(m, TIDE_HEADER_DELIVERED_TO)};
  /* A word and the blank after it take two bytes at least, and give a word and a pair. */
  const size_t most = m->subject.len + m->text.len + 2;
  wording w = {.arena = arena,
               .cap = most < TIDE_LIMIT_WORDING ? (uint32_t)most : TIDE_LIMIT_WORDING};
  w.words = tide_arena_take(arena, w.cap * sizeof *w.words);
  if (!w.words)
    return TIDE_FATAL;
  const tide_template_text text = {.subject = m->subject,
                                   .text = m->text,
                                   .recipients = recipients,
                                   .recipient_count = sizeof recipients / sizeof *recipients};
  tide_template_visit(&text, take_word, &w);
  if (w.failed)
    return TIDE_FATAL;
  qsort(w.words, w.count, sizeof *w.words, compare_words);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < w.count; i++)
    if (i == 0 || !tide_span_equal(w.words[i], w.words[kept - 1]))
      w.words[kept++] = w.words[i];
  *words = w.words;
  *count = kept;
  *cut = w.cut;
  return TIDE_OK;
}
