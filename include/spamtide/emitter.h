/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emitters: rows of values as text. */
#ifndef SPAMTIDE_EMITTER_H
#define SPAMTIDE_EMITTER_H

#include "spamtide/buffer.h"
#include "spamtide/status.h"
#include "spamtide/value.h"

typedef struct tide_emit_options {
  bool raw_cells; /* text from mail as it is: no formula defused, controls and invalid UTF-8 kept
                     (csv only) */
} tide_emit_options;

typedef struct tide_emitter {
  const char *name; /* as --format takes it */
  const char *help;
  /* Append to out. TIDE_FATAL when memory is out. */
  tide_status (*head)(const char *const *names, size_t count, const tide_emit_options *,
                      tide_buffer *out);
  tide_status (*row)(const char *const *names, const tide_value *, size_t count,
                     const tide_emit_options *, tide_buffer *out);
} tide_emitter;

/* All emitters, NULL at the end. A new one is a file in lib/emit/ and a line in lib/emit/emitter.c.
 */
extern const tide_emitter *const tide_emitters[];
const tide_emitter *tide_emitter_find(const char *name);

/* Text from mail made safe for a spreadsheet and a terminal: invalid UTF-8 becomes U+FFFD, control
 * characters (C0, DEL, C1, and the bidirectional overrides) become a space or are replaced, at most
 * TIDE_LIMIT_CELL bytes, and a cell that a spreadsheet would calculate (first character `=`, `+`,
 * `-`, `@`, TAB, CR: OWASP, "CSV Injection") gets an apostrophe in front where `defuse` is set. */
tide_status tide_cell_clean(tide_span text, bool defuse, tide_buffer *out);

/* Text as a string of JSON with its quotes (RFC 8259), made safe as a cell is. */
tide_status tide_json_string(tide_span text, tide_buffer *out);

/* A number as text: the shortest with at most six decimals, and more where that leaves fewer than
 * three digits, up to eleven; with a point in every locale. */
size_t tide_real_format(double x, char out[40]);

#endif
