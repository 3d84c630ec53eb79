/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of a table, cell by cell.
 *
 * A row and all that is got from it live until the call that it was given to returns. It may be
 * looked at in that call only, by any thread that the call waits for. Columns are numbered from 0;
 * a number that is too large is an empty cell without a name. */
#ifndef SPAMTIDE_ROW_H
#define SPAMTIDE_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "spamtide/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tide_row tide_row;

/* What a cell holds. A column has one kind in all of its rows that are not empty there. More kinds
 * may come. */
typedef enum tide_cell {
  TIDE_CELL_EMPTY, /* unknown, or not given by the method; never zero instead */
  TIDE_CELL_TEXT,
  TIDE_CELL_COUNT, /* a whole number that is not negative: messages, bytes */
  TIDE_CELL_REAL,  /* a rate, a percentage, a p-value: never infinite, never NaN */
  TIDE_CELL_TIME   /* an instant */
} tide_cell;

/* How many columns there are. */
TIDE_PUBLIC size_t tide_row_size(const tide_row *);
/* A column's name, as in the first line of CSV; NULL: there is no such column. */
TIDE_PUBLIC const char *tide_row_name(const tide_row *, size_t column);
/* Its meaning, with its unit, in one sentence; "" where its name comes from the mail or says it. */
TIDE_PUBLIC const char *tide_row_help(const tide_row *, size_t column);
/* The column of that name; SIZE_MAX where there is none. */
TIDE_PUBLIC size_t tide_row_find(const tide_row *, const char *name);

TIDE_PUBLIC tide_cell tide_row_kind(const tide_row *, size_t column);
/* Of TEXT: UTF-8 of *length bytes (length may be NULL) with a NUL after them; of others "". Text
 * from mail was written by strangers. Characters that control or hide are replaced in it unless the
 * option raw-cells is set; markup, formulas and lies are not. */
TIDE_PUBLIC const char *tide_row_text(const tide_row *, size_t column, size_t *length);
/* Of COUNT; of others 0. */
TIDE_PUBLIC uint64_t tide_row_count(const tide_row *, size_t column);
/* Of REAL, and of COUNT as the nearest double; of others 0. */
TIDE_PUBLIC double tide_row_real(const tide_row *, size_t column);
/* Of TIME: seconds since 1970-01-01T00:00:00Z; of others 0. *offset (may be NULL) becomes the
 * seconds east of UTC that hold then in the archive's zone (its option tz). */
TIDE_PUBLIC int64_t tide_row_time(const tide_row *, size_t column, int32_t *offset);

#ifdef __cplusplus
}
#endif

#endif
