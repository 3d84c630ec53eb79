/* Searches that every byte of an archive goes through, with vector instructions where the processor has them. */
#ifndef SPAMTIDE_SCAN_H
#define SPAMTIDE_SCAN_H

#include "spamtide/span.h"

/* The first position i >= from, i >= 1, where s holds "From " behind a line feed or a '>'; s.len where there is none.
 * Those are the places where an mbox may be cut, and those where a `>From ` may be unescaped. */
size_t tide_scan_from(tide_span s, size_t from);

/* The same without vector instructions, byte for byte the same answer: for other processors, and to test against. */
size_t tide_scan_from_plain(tide_span s, size_t from);

#endif
