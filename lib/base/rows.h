/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of CSV (RFC 4180), as tables that are built in or named by a person have them. */
#ifndef LIB_BASE_ROWS_H
#define LIB_BASE_ROWS_H

#include "base/arena.h"
#include "base/status.h"

typedef struct tide_csv_row {
  size_t number; /* 0 is the first, which names the columns; empty lines are none */
  const tide_span *cells;
  size_t count;
} tide_csv_row;

/* Who is given the rows, one at a time. The row lives until take returns; what its cells point to,
 * as long as the arena keeps it, which take may reset. */
typedef struct tide_row_taker {
  tide_status (*take)(void *context, const tide_csv_row *);
  void *context;
  char separator; /* of cells; 0: a comma */
} tide_row_taker;

/* Reads a whole table; the text of cells is copied into the arena. Ends with the first status of
 * take that is not TIDE_OK, and returns it; TIDE_USAGE also where the text is no CSV, TIDE_FATAL
 * when out of memory. *at is then the row that could not be read, from 1. */
tide_status tide_rows_read(tide_span csv, tide_arena *, tide_row_taker, size_t *at);

#endif
