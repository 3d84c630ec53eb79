/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keywords: which words fell and rose at an event, one row each (docs/keywords.md). */
#ifndef LIB_TABLE_KEYWORDS_TABLE_H
#define LIB_TABLE_KEYWORDS_TABLE_H

#include "tally/lexicon.h"
#include "table/table.h"

/* How many words and pairs were tested, and the smallest adjusted p-value: 1 where none was. */
typedef struct tide_keywords_tested {
  size_t count;
  double least;
} tide_keywords_tested;

typedef struct tide_keywords {
  size_t group_values;
  uint64_t top;                 /* rows that fell, and as many that rose, of each group */
  bool clipped;                 /* a window reaches beyond the archive */
  tide_keywords_tested *tested; /* filled by tide_keywords_write */
  const atomic_bool *stop;      /* may be NULL; once true writing ends with TIDE_END */
} tide_keywords;

enum {
  TIDE_KEYWORDS_TOP = 25,
  TIDE_KEYWORDS_LEAST = 5 /* templates that must have a word for it to be tested */
};

/* A word is shown whose odds changed by such a factor at least. Where messages are shorter, words
 * that nearly all of them have, such as "the", get a larger share, which says nothing. */
#define TIDE_KEYWORDS_FACTOR 1.5
/* And whose p-value is at most this, so that a group of a few templates has no rows of chance
 * alone. */
#define TIDE_KEYWORDS_P 0.1
/* Above this adjusted p-value a word's change is no news. */
#define TIDE_KEYWORDS_NEWS 0.05

extern const tide_columns tide_keywords_columns;
/* The columns of a rule file (docs/campaigns.md), which has two rows for each word of the
 * table: for the subject and for the text. */
extern const tide_columns tide_keywords_rule_columns;

/* Writes the rows of the table, and those of the rule file where `rules` is not NULL. Groups are
 * in the order of their bytes. TIDE_END if it was stopped. */
tide_status tide_keywords_write(const tide_keywords *, const tide_lexicon *,
                                const tide_row_writer *rows, const tide_row_writer *rules,
                                tide_error *);

#endif
