/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invented words, and what the mail is about. */
#ifndef GENERATE_WORDS_H
#define GENERATE_WORDS_H

#include "buffer.h"
#include "random.h"

enum { GEN_WORDS = 1024, GEN_THEMES = 8 };

/* Filler words hold no `x` and no `z`, brands begin with one of them: a brand is never found by
 * accident. */
typedef struct gen_words {
  char word[GEN_WORDS][12];
  uint8_t length[GEN_WORDS];
} gen_words;

typedef struct gen_theme {
  const char *name;
  const char *subject_with[4]; /* with the brand */
  const char *subject_without[6];
  const char *text_with[4];
  const char *text_without[8];
} gen_theme;

extern const gen_theme gen_themes[GEN_THEMES];
extern const gen_theme gen_theme_list; /* the mailing list's */

void gen_words_make(gen_words *, uint64_t seed);
/* The number-th brand of a seed, in lower case; all differ, and none is the beginning of another.
 */
void gen_brand_make(char out[16], uint64_t seed, uint32_t number);

/* Appends a template. %B brand with a capital, %b in capitals, %w a word, %W one with a capital, %n
 * a number, %p a price, %u the host of the campaign. */
void gen_expand(gen_buffer *, const char *text, const gen_words *, gen_random *, const char *brand,
                const char *host);

#endif
