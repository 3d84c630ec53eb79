/* Gates: which patterns cannot match a text, at the price of one pass over the text for all of them. */
#ifndef LIB_EXTRACT_GATE_H
#define LIB_EXTRACT_GATE_H

#include "spamtide/arena.h"
#include "spamtide/span.h"

/* What every match of a pattern contains: at least one of some words. */
typedef struct gate gate;

/* In the arena. NULL where nothing of use is known of the pattern (or memory is out): then it has to be tried. The pattern is one that PCRE2 took. */
gate *gate_compile(tide_span pattern, tide_arena *);

/* Which runs of three letters, digits, blanks, hyphens and full stops a text has, and, by a hash of so many bits, which of four; ASCII, without
 * regard to case. */
enum { GATE_SIGNS = 40, GATE_THREES = GATE_SIGNS * GATE_SIGNS * GATE_SIGNS, GATE_HASH = 17, GATE_BITS = GATE_THREES + (1 << GATE_HASH) };
typedef struct gate_text {
  uint64_t bits[(GATE_BITS + 63) / 64];
} gate_text;

void gate_read(gate_text *, tide_span text);
/* Adds those of another text: then the gate stands for both. */
void gate_read_more(gate_text *, tide_span text);
/* False only where the pattern cannot match the text. */
bool gate_open(const gate *, const gate_text *);

#endif
