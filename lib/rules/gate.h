/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates: which patterns cannot match a text, at the price of one pass over the text for all of
 * them. */
#ifndef LIB_RULES_GATE_H
#define LIB_RULES_GATE_H

#include "base/buffer.h"
#include "base/span.h"
#include "base/status.h"

enum {
  GATE_WORD_MAX = 16,
  GATE_WORD_LEAST = 2,
  GATE_NODES_MAX = 512,
  GATE_NO_NODE = UINT16_MAX,
  GATE_OTHER = 0xff /* the sign of every character beyond ASCII */
};

/* Where a word is one by itself: no letter, digit or underscore of ASCII comes before, or after.
 */
enum { GATE_EDGE_LEFT = 1, GATE_EDGE_RIGHT = 2 };

/* A literal word, without regard to case: ASCII in small letters, and GATE_OTHER. */
typedef struct gate_word {
  uint8_t len, edges;
  uint8_t signs[GATE_WORD_MAX];
} gate_word;

/* What a pattern needs: a tree of words, of which all or any must be there. Children come before
 * their parents. */
typedef struct gate_node {
  uint16_t parent; /* GATE_NO_NODE: the root, or given up while it was read */
  uint16_t need;   /* how many of its children; 0: it is a word */
  uint8_t sides;   /* GATE_EDGE_…: while it is read, where the word is at the end of its group */
  uint8_t rarity;  /* how seldom it is there by chance; of no use but to compare */
  gate_word word;
} gate_node;

typedef struct gate_formula {
  uint16_t count, root; /* root GATE_NO_NODE: nothing is known, the pattern has to be tried */
  gate_node nodes[GATE_NODES_MAX];
} gate_formula;

/* Whatever text the pattern matches, the formula holds for it. The pattern is one that PCRE2 took.
 */
void tide_gate_formula_read(tide_span pattern, gate_formula *out);

/* The gates of many patterns, and what finds their words in one pass. Read-only once it is built.
 */
typedef struct gate_set gate_set;
#define GATE_NONE UINT32_MAX

tide_status tide_gate_set_new(gate_set **out);
void tide_gate_set_free(gate_set *);
/* Adds a pattern; *gate becomes its number, GATE_NONE where it always has to be tried. TIDE_FATAL
 * when out of memory. */
tide_status tide_gate_set_add(gate_set *, tide_span pattern, uint32_t *gate);
/* After the last pattern, and again after each further one. */
tide_status tide_gate_set_build(gate_set *);

typedef struct gate_count gate_count;

/* Which gates a text opened; one for each worker. Zero-initialised is empty. */
typedef struct gate_marks {
  uint32_t *opened;   /* by gate: the last turn in which it was */
  uint32_t *found;    /* by word: the last turn in which it was */
  gate_count *counts; /* by node */
  uint32_t gate_cap, word_cap, node_cap, turn;
  tide_buffer plain;
} gate_marks;
void tide_gate_marks_free(gate_marks *);
/* All shut, for a new text. */
tide_status tide_gate_marks_shut(const gate_set *, gate_marks *);
/* Opens those whose words are in the text; of several texts, one after the other, they may be in
 * different ones. TIDE_FATAL when out of memory. */
tide_status tide_gate_search(const gate_set *, tide_span text, gate_marks *);
/* False only where the pattern cannot match any text since they were shut. */
static inline bool gate_open(const gate_marks *m, uint32_t gate) {
  return gate == GATE_NONE || m->opened[gate] == m->turn;
}

#endif
