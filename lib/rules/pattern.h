/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns: PCRE2 with limits, so that none can hang a run. */
#ifndef LIB_RULES_PATTERN_H
#define LIB_RULES_PATTERN_H

#include "base/span.h"
#include "base/status.h"

typedef struct tide_pattern tide_pattern; /* immutable, shared by threads */
typedef struct tide_pattern_scratch
    tide_pattern_scratch; /* one for each thread, for any number of patterns */

/* Compiles a pattern: caseless, over Unicode (`\w`, `\d`, `\b` too), with JIT where the machine
 * allows it. For `^`, `$` and `.` a line ends in LF, CRLF or CR. TIDE_USAGE with PCRE2's reason,
 * and *offset (may be NULL) the byte in the pattern that it names; longer than TIDE_LIMIT_PATTERN
 * is TIDE_USAGE too. */
tide_status tide_pattern_compile(tide_pattern **out, tide_span pattern, size_t *offset,
                                 tide_error *);
void tide_pattern_free(tide_pattern *);

tide_status tide_pattern_scratch_new(tide_pattern_scratch **out);
void tide_pattern_scratch_free(tide_pattern_scratch *);

typedef enum tide_match {
  TIDE_MATCH_NO,
  TIDE_MATCH_YES,
  TIDE_MATCH_LIMIT_REACHED,
  TIDE_MATCH_NO_MEMORY
} tide_match;

/* Does it match anywhere in text? Bytes that are no UTF-8 match nothing and harm nothing. *found
 * (may be NULL) is what the first match covers. Time is linear in the length of text, whatever the
 * pattern: see the TIDE_LIMIT_MATCH… ceilings. The result depends on the arguments alone. */
tide_match tide_pattern_search(const tide_pattern *, tide_pattern_scratch *, tide_span text,
                               tide_span *found);

#endif
