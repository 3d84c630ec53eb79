/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcsv hands over cells, and then says that a row has ended: here they become rows. What a row
 * means is its taker's; rule files, which tell the line of each row, read for themselves. */
#include "base/rows.h"

#include <csv.h>
#include <stdlib.h>

#include "base/room.h"

/* A reading under way. */
typedef struct rows_reading {
  tide_arena *arena;
  tide_row_taker taker;
  tide_span *cells;
  size_t count, cap; /* of the row under way */
  size_t rows;       /* that have ended */
  tide_status status;
} rows_reading;

static tide_status cell_add(rows_reading *r, tide_span cell) {
  if (tide_room(&r->cells, &r->cap, r->count, sizeof *r->cells) != TIDE_OK)
    return TIDE_FATAL;
  r->cells[r->count] = tide_arena_copy(r->arena, cell);
  return r->cells[r->count++].ptr ? TIDE_OK : TIDE_FATAL;
}

static void take_cell(void *text, size_t len, void *context) {
  rows_reading *r = context;
  if (r->status == TIDE_OK)
    r->status = cell_add(r, tide_span_make(text, len));
}

static void take_row(int terminator, void *context) {
  rows_reading *r = context;
  (void)terminator;
  if (r->status != TIDE_OK)
    return;
  const tide_csv_row row = {.number = r->rows, .cells = r->cells, .count = r->count};
  r->status = r->taker.take(r->taker.context, &row);
  r->rows += r->status == TIDE_OK;
  r->count = 0;
}

tide_status tide_rows_read(tide_span csv, tide_arena *arena, tide_row_taker taker, size_t *at) {
  struct csv_parser parser;
  rows_reading r = {.arena = arena, .taker = taker, .status = TIDE_OK};
  *at = 1;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
    return TIDE_FATAL;
  if (taker.separator)
    csv_set_delim(&parser, (unsigned char)taker.separator);
  const bool read = csv_parse(&parser, csv.ptr, csv.len, take_cell, take_row, &r) == csv.len &&
                    csv_fini(&parser, take_cell, take_row, &r) == 0;
  if (!read && r.status == TIDE_OK)
    r.status = csv_error(&parser) == CSV_EPARSE ? TIDE_USAGE : TIDE_FATAL;
  csv_free(&parser);
  free(r.cells);
  *at = r.rows + 1;
  return r.status;
}
