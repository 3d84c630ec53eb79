/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emitters: rows of values as text. */
#ifndef LIB_EMIT_EMITTER_H
#define LIB_EMIT_EMITTER_H

#include <stdatomic.h>

#include "base/buffer.h"
#include "base/status.h"
#include "base/value.h"

/* How times are written, in every column of every table. */
typedef enum tide_time_form {
  TIDE_TIMES_RFC3339, /* 2008-11-10T00:00:00-05:00: exact, and text to a spreadsheet */
  TIDE_TIMES_LOCAL,   /* 2008-11-10 00:00:00, in the zone of the table: what LibreOffice and Excel
                         take as a date with a time */
  TIDE_TIMES_DATE,    /* 2008-11-10, in the zone of the table */
  TIDE_TIMES_EPOCH    /* seconds since 1970-01-01T00:00:00Z, as a number */
} tide_time_form;

typedef struct tide_emit_options {
  bool raw_cells; /* text from mail as it is: no formula defused, controls and invalid UTF-8 kept
                     (csv only) */
  tide_time_form times;
  bool bom; /* begin with U+FEFF, by which Excel knows UTF-8; only where the emitter takes it */
  _Atomic uint64_t *cut; /* counts the cells of which only the beginning is there; may be NULL */
} tide_emit_options;

typedef struct tide_emitter {
  const char *name; /* as --format takes it */
  const char *help;
  bool takes_bom; /* may its text begin with a byte order mark? JSON must not (RFC 8259, 8.1) */
  /* Append to out. TIDE_FATAL when out of memory. Names are cleaned as text from mail is: with one
   * column a group they are that. */
  tide_status (*head)(const char *const *names, size_t count, const tide_emit_options *,
                      tide_buffer *out);
  tide_status (*row)(const char *const *names, const tide_value *, size_t count,
                     const tide_emit_options *, tide_buffer *out);
} tide_emitter;

/* The emitters by their names, which --format takes; tide_emit_NAME is each one's row. A new one is
 * a file in lib/emit/ and a word here. */
#define TIDE_EMITTERS(X)                                                                           \
  X(csv)                                                                                           \
  X(tsv)                                                                                           \
  X(jsonl)

/* NULL if none has the name. */
const tide_emitter *tide_emitter_find(const char *name);

/* Text from mail made safe for a spreadsheet and a terminal: invalid UTF-8 becomes U+FFFD, what
 * hides (tide_hides) a space, and at most TIDE_LIMIT_CELL bytes are kept. Where `defuse` is set,
 * what a spreadsheet would calculate gets an apostrophe in front: a sign that begins a formula,
 * `=`, `+`,
 * `-`, `@` or a full-width form, after nothing but blanks, apostrophes, quotes and characters that
 * show nothing; at the beginning, and after a semicolon, which separates cells in half of the
 * world. An apostrophe less in each such place is the text again. cut counts what is cut, and
 * several threads may share it; where it is NULL the text is no cell, and nothing is cut. */
tide_status tide_cell_clean(tide_span text, bool defuse, _Atomic uint64_t *cut, tide_buffer *out);

/* Text as a string of JSON with its quotes (RFC 8259), made safe as a cell is. */
tide_status tide_json_string(tide_span text, _Atomic uint64_t *cut, tide_buffer *out);

/* A number as text with four significant digits, but with all digits before the point, and without
 * zeros at the end. Rates, percentages and p-values are not known to more; the counts that they
 * come from are whole numbers in columns of their own. At most eleven decimals: smaller numbers are
 * mostly a rounded zero. No exponent, which a spreadsheet may read as text, and a point in every
 * locale. */
size_t tide_real_format(double x, char out[40]);
/* The same for a p-value, which is never 0: below 1e-8 it has an exponent, as in 2.500e-31, which
 * R, LibreOffice and Excel read as a number. */
size_t tide_probability_format(double p, char out[40]);

#endif
