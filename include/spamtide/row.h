/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of a table, cell by cell.
 *
 * A row, and all text that these functions return, live until the callback that got the row
 * returns. Until then any thread may read it. Columns are numbered from 0. If the number is too
 * large, the column has no name and its cell is empty. */
#ifndef SPAMTIDE_ROW_H
#define SPAMTIDE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "spamtide/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tide_row tide_row;

/* What a cell contains. Cells of one column are of one kind, or empty. Later versions may add
 * kinds. */
typedef enum tide_cell {
  TIDE_CELL_EMPTY, /* unknown, or not given by the method; it never means zero */
  TIDE_CELL_TEXT,
  TIDE_CELL_COUNT, /* a whole number that is not negative: messages, bytes */
  TIDE_CELL_REAL,  /* a rate, a percentage, a p-value: never infinite, never NaN */
  TIDE_CELL_TIME   /* an instant */
} tide_cell;

/* The number of columns. */
TIDE_PUBLIC size_t tide_row_size(const tide_row *);
/* A column's name, as in the first line of CSV. NULL: there is no such column. */
TIDE_PUBLIC const char *tide_row_name(const tide_row *, size_t column);
/* A column's meaning and unit, in one sentence. "": the name comes from the mail or says enough. */
TIDE_PUBLIC const char *tide_row_help(const tide_row *, size_t column);
/* The number of the column of that name. SIZE_MAX: there is none. */
TIDE_PUBLIC size_t tide_row_find(const tide_row *, const char *name);

TIDE_PUBLIC tide_cell tide_row_kind(const tide_row *, size_t column);
/* A TEXT cell's value, in UTF-8 with a NUL after it. *length (may be NULL) is set to its bytes
 * without the NUL. "" for other kinds. Text from mail was written by strangers. Control characters
 * and invisible ones are replaced unless the option raw-cells is set. Markup and formulas are
 * not. */
TIDE_PUBLIC const char *tide_row_text(const tide_row *, size_t column, size_t *length);
/* A COUNT cell's value; 0 for other kinds. */
TIDE_PUBLIC uint64_t tide_row_count(const tide_row *, size_t column);
/* A REAL cell's value, or a COUNT's as the nearest double; 0 for other kinds. */
TIDE_PUBLIC double tide_row_real(const tide_row *, size_t column);
/* A TIME cell's value, in seconds since 1970-01-01T00:00:00Z; 0 for other kinds. *offset (may be
 * NULL) is set to the offset from UTC at that instant in the archive's zone (its option tz), in
 * seconds, positive east of it. */
TIDE_PUBLIC int64_t tide_row_time(const tide_row *, size_t column, int32_t *offset);

#ifdef __cplusplus
}
#endif

#endif
