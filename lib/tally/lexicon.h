/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lexicon: which words the messages of two periods have, kept by template, so that one bulk
 * message counts once. Its memory is bounded whatever the mail; what is left out is a sample that
 * depends on the messages alone, not on their order, split or merge.
 *
 * Templates are sampled by a hash of their signature's least value, which near-identical messages
 * mostly share: while there are more words than the limit, half of the templates that are left are
 * given up (adaptive sampling: Flajolet, "On adaptive sampling", 1990). Of a template with more
 * words than its own limit words are given up likewise. */
#ifndef LIB_TALLY_LEXICON_H
#define LIB_TALLY_LEXICON_H

#include "tally/example.h"
#include "record/record.h"
#include "base/status.h"

typedef struct tide_lexicon tide_lexicon;

enum { TIDE_SIDE_BEFORE, TIDE_SIDE_AFTER, TIDE_SIDES };

/* A word in a template. */
typedef struct tide_lexicon_use {
  uint32_t word;                 /* its number: tide_lexicon_word */
  uint32_t messages[TIDE_SIDES]; /* that have it; stays at UINT32_MAX */
  bool in_example[TIDE_SIDES];   /* has the template's example of that side it? */
} tide_lexicon_use;

/* The messages of one group with one signature. */
typedef struct tide_lexicon_entry {
  tide_span group, signature;       /* borrowed from the lexicon */
  tide_example example[TIDE_SIDES]; /* the earliest message; source NULL if there is none */
  const tide_lexicon_use *uses;     /* by word's number */
  uint32_t count;
} tide_lexicon_entry;

/* What was left out. */
typedef struct tide_lexicon_left {
  uint64_t messages;    /* added, each once for each of its groups */
  uint64_t sampled_out; /* of them, those whose templates were given up */
  uint64_t cut;         /* templates of which words were given up */
} tide_lexicon_left;

/* Keeps about `limit` uses at most, TIDE_LIMIT_LEXICON where it is 0, and of one template
 * TIDE_LIMIT_LEXICON_TEMPLATE. TIDE_FATAL when out of memory, here and below. */
tide_status tide_lexicon_new(tide_lexicon **out, uint64_t limit);
void tide_lexicon_free(tide_lexicon *);
/* Adds a message's distinct words to one of its groups; the record has its template. */
tide_status tide_lexicon_add(tide_lexicon *, tide_span group, int side, const tide_span *words,
                             uint32_t count, const tide_record *);
/* Adds all of `from`, which must have the same limit. */
tide_status tide_lexicon_merge(tide_lexicon *into, const tide_lexicon *from);

uint32_t tide_lexicon_word_count(const tide_lexicon *);
/* Words are numbered in the order of their first appearance, which depends on the split. */
tide_span tide_lexicon_word(const tide_lexicon *, uint32_t number);
uint32_t tide_lexicon_entry_count(const tide_lexicon *);
/* In no order to rely on. */
tide_lexicon_entry tide_lexicon_entry_at(const tide_lexicon *, uint32_t number);
tide_lexicon_left tide_lexicon_left_out(const tide_lexicon *);

#endif
