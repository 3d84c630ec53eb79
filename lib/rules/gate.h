/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates: which patterns cannot match a text, at the price of one pass over the text for all of
 * them. */
#ifndef LIB_EXTRACT_GATE_H
#define LIB_EXTRACT_GATE_H

#include "spamtide/buffer.h"
#include "spamtide/span.h"
#include "spamtide/status.h"

enum { GATE_WORD_MAX = 16, GATE_WORD_LEAST = 3, GATE_WORDS_MAX = 48 };

/* A literal word, without regard to case: letters, digits, blanks, hyphens and full stops as signs.
 */
typedef struct gate_word {
  uint8_t len;
  uint8_t signs[GATE_WORD_MAX];
} gate_word;

/* The sign of a byte, from 1; 0 for those that stand in no word. */
extern const uint8_t gate_signs[256];

/* Words of which every match of the pattern contains at least one; 0 where nothing of use is known:
 * then the pattern has to be tried. The pattern is one that PCRE2 took. */
size_t gate_words(tide_span pattern, gate_word out[GATE_WORDS_MAX]);

/* The gates of many patterns, and what finds their words in one pass. Read-only once it is built.
 */
typedef struct gate_set gate_set;
enum { GATE_NONE = UINT32_MAX };

tide_status gate_set_new(gate_set **out);
void gate_set_free(gate_set *);
/* Adds a pattern; *gate becomes its number, GATE_NONE where it always has to be tried. TIDE_FATAL
 * when memory is out. */
tide_status gate_set_add(gate_set *, tide_span pattern, uint32_t *gate);
/* After the last pattern, and again after each further one. */
tide_status gate_set_build(gate_set *);

/* Which gates a text opened; one for each worker. Zero-initialised is empty. */
typedef struct gate_marks {
  uint32_t *opened; /* by gate: the last turn in which it was */
  uint32_t count, turn;
  tide_buffer plain;
} gate_marks;
void gate_marks_free(gate_marks *);
/* All shut, for a new text. */
tide_status gate_marks_shut(const gate_set *, gate_marks *);
/* Opens those with a word in the text; several texts may open them one after the other. TIDE_FATAL
 * when memory is out. */
tide_status gate_search(const gate_set *, tide_span text, gate_marks *);
/* False only where the pattern cannot match any text since they were shut. */
static inline bool gate_open(const gate_marks *m, uint32_t gate) {
  return gate == GATE_NONE || m->opened[gate] == m->turn;
}

#endif
