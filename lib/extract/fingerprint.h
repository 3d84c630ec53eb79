/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints: which program wrote a message, recognised by how it was written and not by what it
 * says. */
#ifndef LIB_EXTRACT_FINGERPRINT_H
#define LIB_EXTRACT_FINGERPRINT_H

#include "mime/message.h"

/* Header fields that the writing program does not add itself, and those that a mail client writes
 * in some messages only. Read-only once made. */
typedef struct tide_additions tide_additions;

typedef struct tide_addition {
  tide_span name, who, reason; /* who: relay, delivery, filter, list or client */
} tide_addition;

/* From CSV as in lib/data/added-fields.csv. TIDE_USAGE if it cannot be read, TIDE_FATAL when
 * memory is out. */
tide_status tide_additions_read(tide_additions **out, tide_span csv, tide_error *);
void tide_additions_free(tide_additions *);
/* The row for a field of that name. NULL: the field is the writing program's own. */
const tide_addition *tide_additions_find(const tide_additions *, const tide_header *field);

/* What becomes of a header field. X(enumerator, "name", "meaning") */
#define TIDE_FIELD_PARTS(X)                                                                        \
  X(ABOVE, "above", "is above the last Received field: servers wrote it, or moved it there")       \
  X(ADDED, "added", "not the writing program's, or varied by its user")                            \
  X(FILLED_IN, "filled in", "a relay wrote it because the sender had not")                         \
  X(SENT, "sent", "the writing program's")

typedef enum tide_field_part {
#define X(id, name, meaning) TIDE_FIELD_##id,
  TIDE_FIELD_PARTS(X)
#undef X
} tide_field_part;

/* The layout of a message: the names of the fields that the writing program wrote, as spelled and
 * in order, and the shapes of some of their values (docs/fingerprints.md). In the arena; empty
 * where no such field is there. parts (may be NULL) has room for header_count entries and gets what
 * became of each field. TIDE_FATAL when out of memory. */
tide_status tide_fingerprint_layout(const tide_message *, const tide_additions *, tide_arena *,
                                    tide_field_part *parts, tide_span *layout);

/* The short name of a layout: a letter and hexadecimal digits of a hash of it, the same everywhere.
 */
enum { TIDE_FINGERPRINT_NAME = 13 };
void tide_fingerprint_name(tide_span layout, char out[TIDE_FINGERPRINT_NAME + 1]);

#endif
