/* Patterns: PCRE2 with limits, so that none can hang a run. */
#ifndef SPAMTIDE_PATTERN_H
#define SPAMTIDE_PATTERN_H

#include "spamtide/status.h"
#include "spamtide/span.h"

typedef struct tide_pattern tide_pattern;               /* immutable, shared by threads */
typedef struct tide_pattern_scratch tide_pattern_scratch; /* one for each thread */

/* Compiles a caseless UTF pattern, with JIT where the machine has it. TIDE_USAGE with PCRE2's reason; *offset (may be NULL) is where in it. */
tide_status tide_pattern_compile(tide_pattern **out, tide_span pattern, size_t *offset, tide_error *);
void tide_pattern_free(tide_pattern *);

tide_status tide_pattern_scratch_new(tide_pattern_scratch **out);
void tide_pattern_scratch_free(tide_pattern_scratch *);

typedef enum tide_match { TIDE_MATCH_NO, TIDE_MATCH_YES, TIDE_MATCH_LIMIT_REACHED } tide_match;

/* Does it match anywhere in text? Invalid UTF-8 in text matches nothing and harms nothing. *found (may be NULL) is what it matched. At most
 * TIDE_LIMIT_MATCH steps and TIDE_LIMIT_MATCH_DEPTH levels. */
tide_match tide_pattern_search(const tide_pattern *, tide_pattern_scratch *, tide_span text, tide_span *found);

#endif
