/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many words found in one pass: at each place of the text the four bytes there, but for the bit
 * that tells large from small letters, are looked up in a table of those that words need. Of each
 * word the four that are rarest in English decide; what is found is compared sign by sign. For a
 * few words all places of a block are compared at once (tide_scan_fours). */
#include <stdlib.h>

#include "gate.h"
#include "spamtide/scan.h"

enum { FOUR = 4, TABLE_LEAST = 12, TABLE_MOST = 24, NONE = UINT32_MAX };

typedef struct set_word {
  gate_word word;
  uint32_t gate, next; /* next: with the same place in the table, or NONE */
  uint32_t key;        /* its four bytes, as fold makes them */
  uint8_t at;          /* where in the word they stand */
} set_word;

struct gate_set {
  set_word *words;
  size_t count, cap;
  uint32_t gates;
  uint32_t fours[TIDE_SCAN_FOURS]; /* the keys, where they are so few */
  size_t four_count;
  unsigned bits;     /* of the table */
  uint64_t *present; /* a bit for each place that is taken: small enough to stay near */
  uint32_t *heads;   /* the first word of a place, or NONE */
  bool threes;       /* some word has three letters only */
};

tide_status gate_set_new(gate_set **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void gate_set_free(gate_set *s) {
  if (!s)
    return;
  free(s->words);
  free(s->present);
  free(s->heads);
  free(s);
}

/* A byte of each sign, as fold leaves it; the signs were made so that it is the only one but for
 * its other case. */
static uint8_t byte_of(uint8_t sign) {
  if (sign <= 26)
    return (uint8_t)('a' + sign - 1);
  if (sign <= 36)
    return (uint8_t)('0' + sign - 27);
  return sign == 37 ? ' ' : sign == 38 ? '-' : '.';
}

/* How common a sign is in English text, in tenths of a percent (Norvig, English Letter Frequency
 * Counts, 2012, letters; the rest by rank). */
static unsigned common(uint8_t sign) {
  static const uint8_t letters[26] = {80, 15, 33, 38, 125, 24, 19, 50, 76, 2,  5, 41, 25,
                                      72, 76, 21, 1,  63,  65, 93, 27, 11, 17, 2, 17, 1};
  return sign <= 26 ? letters[sign - 1] : sign == 37 ? 180 : 30;
}

static uint32_t key_of(const gate_word *w, unsigned at) {
  uint32_t key = 0;
  for (unsigned i = 0; i < FOUR && at + i < w->len; i++)
    key |= (uint32_t)byte_of(w->signs[at + i]) << 8 * i;
  return key;
}

tide_status gate_set_add(gate_set *s, tide_span pattern, uint32_t *gate) {
  gate_word words[GATE_WORDS_MAX];
  size_t count = gate_words(pattern, words);
  *gate = GATE_NONE;
  if (count == 0)
    return TIDE_OK;
  if (s->count + count > s->cap) {
    size_t cap = s->cap * 2 + count;
    set_word *grown = realloc(s->words, cap * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    s->words = grown;
    s->cap = cap;
  }
  for (size_t i = 0; i < count; i++) {
    set_word *w = &s->words[s->count++];
    *w = (set_word){.word = words[i], .gate = s->gates};
    unsigned least = UINT32_MAX;
    for (unsigned at = 0; at + FOUR <= w->word.len; at++) {
      unsigned sum = 0;
      for (unsigned k = 0; k < FOUR; k++)
        sum += common(w->word.signs[at + k]);
      if (sum >= least)
        continue;
      least = sum;
      w->at = (uint8_t)at;
    }
    w->key = key_of(&w->word, w->at);
  }
  *gate = s->gates++;
  return TIDE_OK;
}

/* Knuth's multiplicative hash; which texts collide is no secret and does no harm: a few more words
 * are compared. */
static inline uint32_t place_of(uint32_t key, unsigned bits) {
  return key * 2654435761u >> (32 - bits);
}

tide_status gate_set_build(gate_set *s) {
  s->bits = TABLE_LEAST;
  while (s->bits < TABLE_MOST && (size_t)1 << s->bits < 16 * s->count)
    s->bits++;
  free(s->present);
  free(s->heads);
  s->present = calloc(((size_t)1 << s->bits) / 64, sizeof *s->present);
  s->heads = malloc(((size_t)1 << s->bits) * sizeof *s->heads);
  if (!s->present || !s->heads)
    return TIDE_FATAL;
  for (size_t i = 0; i < (size_t)1 << s->bits; i++)
    s->heads[i] = NONE;
  s->threes = false;
  s->four_count = 0;
  bool few = true;
  for (size_t i = 0; i < s->count; i++) {
    set_word *w = &s->words[i];
    uint32_t place = place_of(w->key, s->bits);
    s->present[place / 64] |= 1ull << place % 64;
    w->next = s->heads[place];
    s->heads[place] = (uint32_t)i;
    s->threes |= w->word.len < FOUR;
    size_t k = 0;
    while (k < s->four_count && s->fours[k] != w->key)
      k++;
    if (k == TIDE_SCAN_FOURS)
      few = false;
    else if (k == s->four_count)
      s->fours[s->four_count++] = w->key;
  }
  if (!few || s->threes)
    s->four_count = 0;
  return TIDE_OK;
}

void gate_marks_free(gate_marks *m) {
  free(m->opened);
  tide_buffer_free(&m->plain);
}

tide_status gate_marks_shut(const gate_set *s, gate_marks *m) {
  if (m->count < s->gates) {
    uint32_t *grown = realloc(m->opened, s->gates * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    memset(grown + m->count, 0, (s->gates - m->count) * sizeof *grown);
    m->opened = grown;
    m->count = s->gates;
  }
  if (++m->turn == 0) { /* after 2^32 texts: old marks would be taken for new ones */
    if (m->count)
      memset(m->opened, 0, m->count * sizeof *m->opened);
    m->turn = 1;
  }
  return TIDE_OK;
}

/* Opens the gates of words at that place of the table whose key stands at `at` of the text. */
static void compare(const gate_set *s, tide_span text, size_t at, uint32_t key, gate_marks *m) {
  for (uint32_t i = s->heads[place_of(key, s->bits)]; i != NONE; i = s->words[i].next) {
    const set_word *w = &s->words[i];
    if (w->key != key || at < w->at || text.len - (at - w->at) < w->word.len ||
        m->opened[w->gate] == m->turn)
      continue;
    const char *p = text.ptr + at - w->at;
    unsigned k = 0;
    while (k < w->word.len && gate_signs[(unsigned char)p[k]] == w->word.signs[k])
      k++;
    if (k == w->word.len)
      m->opened[w->gate] = m->turn;
  }
}

/* Without regard to case, k is also the sign for kelvin (U+212A), and s the long s (U+017F): texts
 * that have one are rare, and searched with k and s in their place. */
static tide_status plain_letters(tide_span *text, tide_buffer *plain) {
  const char *end = text->ptr + text->len;
  bool found = false;
  for (const char *p = text->ptr; p < end && !found && (p = memchr(p, 0xc5, (size_t)(end - p)));
       p++)
    found = end - p > 1 && p[1] == '\xbf';
  for (const char *p = text->ptr; p < end && !found && (p = memchr(p, 0xe2, (size_t)(end - p)));
       p++)
    found = end - p > 2 && p[1] == '\x84' && p[2] == '\xaa';
  if (!found)
    return TIDE_OK;
  tide_buffer_clear(plain);
  if (tide_buffer_reserve(plain, text->len) != TIDE_OK)
    return TIDE_FATAL;
  char *to = plain->ptr;
  for (const char *p = text->ptr; p < end;) {
    bool longs = *p == '\xc5' && end - p > 1 && p[1] == '\xbf',
         kelvin = *p == '\xe2' && end - p > 2 && p[1] == '\x84' && p[2] == '\xaa';
    *to++ = longs ? 's' : kelvin ? 'k' : *p;
    p += longs ? 2 : kelvin ? 3 : 1;
  }
  *text = tide_span_make(plain->ptr, (size_t)(to - plain->ptr));
  return TIDE_OK;
}

tide_status gate_search(const gate_set *s, tide_span text, gate_marks *m) {
  if (s->count == 0 || text.len < GATE_WORD_LEAST)
    return TIDE_OK;
  if (plain_letters(&text, &m->plain) != TIDE_OK)
    return TIDE_FATAL;
  if (s->four_count) {
    for (size_t at = 0; (at = tide_scan_fours(text, at, s->fours, s->four_count)) < text.len;
         at++) {
      compare(s, text, at, tide_scan_four(text.ptr + at), m);
    }
    return TIDE_OK;
  }
  const uint64_t *present = s->present;
  const unsigned shift = s->bits;
  size_t at = 0;
  for (; at + FOUR <= text.len; at++) {
    uint32_t key = tide_scan_four(text.ptr + at);
    uint32_t place = place_of(key, shift);
    if (present[place / 64] >> place % 64 & 1)
      compare(s, text, at, key, m);
    if (s->threes) {
      place = place_of(key & 0xffffff, shift);
      if (present[place / 64] >> place % 64 & 1)
        compare(s, text, at, key & 0xffffff, m);
    }
  }
  if (s->threes && at + GATE_WORD_LEAST <= text.len)
    compare(s, text, at,
            ((uint32_t)(unsigned char)text.ptr[at] |
             (uint32_t)(unsigned char)text.ptr[at + 1] << 8 |
             (uint32_t)(unsigned char)text.ptr[at + 2] << 16) |
                (TIDE_SCAN_FOLD & 0xffffff),
            m);
  return TIDE_OK;
}
