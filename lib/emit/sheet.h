/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet: heads and rows of one table on their way through an emitter to where they are written.
 */
#ifndef LIB_EMIT_SHEET_H
#define LIB_EMIT_SHEET_H

#include "base/arena.h"
#include "base/stop.h"
#include "table/column.h"
#include "emit/emitter.h"
#include "table/table.h"

/* Zero except the members up to shown; freed by tide_sheet_free. */
typedef struct tide_sheet {
  const tide_emitter *emitter;
  tide_emit_options options;
  /* Takes text; TIDE_END if nobody reads on. */
  tide_status (*write)(void *context, tide_span text, tide_error *);
  void *context;
  const atomic_bool *stop; /* once true, rows end with TIDE_END: tables can take longer than the
                              reading did; may be NULL */
  /* Columns after all others that are the same in every row; may be NULL. The row is looked at
   * when the first row of the table is written. */
  const tide_columns *behind;
  const void *behind_row;
  bool all_columns;            /* those too that are extra (tide_column) */
  unsigned shown;              /* TIDE_SHOW_...: of those, the ones that are shown all the same */
  const char **heads, **helps; /* names and meanings of the columns that are shown */
  size_t head_count;
  bool *hidden; /* of the columns that rows have, heads shown and not: which are left out */
  size_t column_count;
  bool any_hidden;
  tide_value *row; /* without those, and with the columns after */
  tide_arena names;
  tide_buffer text;
  _Atomic uint64_t cut; /* cells that were; options.cut points here where they are counted */
} tide_sheet;

/* Adds a head as it is; help, its meaning, is borrowed, and NULL if nobody wrote one. TIDE_FATAL
 * when out of memory, here and below. */
tide_status tide_sheet_head(tide_sheet *, tide_span name, const char *help, tide_error *);
/* Adds a column's head; what is no letter and no digit becomes _, so that origin/16 is the column
 * origin_16: R, gnuplot and SQL keep such a name as it is. */
tide_status tide_sheet_column(tide_sheet *, tide_span name, const char *help, tide_error *);
/* Adds the heads of those columns that lead, or of the others. Of those that are extra rows have
 * their values, but neither head nor value is shown unless all_columns or shown says so. */
tide_status tide_sheet_columns(tide_sheet *, const tide_columns *, bool leading, tide_error *);
/* Writes the heads. */
tide_status tide_sheet_begin(tide_sheet *, tide_error *);
/* Writes a row; a tide_row_writer's row, whose context is the sheet. */
tide_status tide_sheet_row(void *sheet, const tide_value *, size_t count, tide_error *);
/* Writes one row of a table without groups. */
tide_status tide_sheet_row_of(tide_sheet *, const tide_columns *, const void *row, tide_error *);
void tide_sheet_free(tide_sheet *);

#endif
