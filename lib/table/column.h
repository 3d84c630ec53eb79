/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of tables: name, meaning and value of each are in one row. */
#ifndef LIB_TABLE_COLUMN_H
#define LIB_TABLE_COLUMN_H

#include "base/status.h"
#include "base/value.h"

/* What a question may ask for that shows columns which are extra otherwise. */
enum {
  TIDE_SHOW_EVENT = 1,     /* there is an event */
  TIDE_SHOW_LIVES = 2,     /* there is none */
  TIDE_SHOW_CAMPAIGNS = 4, /* rules of campaigns were named */
  TIDE_SHOW_TEMPLATES = 8,
  TIDE_SHOW_NETWORKS = 16 /* there is a table of networks */
};

typedef struct tide_column {
  const char *name;
  const char *help; /* its meaning, for help, man pages and docs */
  /* Its value in a row, which is a struct of the table's own; text is borrowed from it. NULL if
   * the columns are only described. */
  tide_value (*get)(const void *row);
  bool leads; /* comes before the columns of the groups, not after them */
  bool extra; /* is shown only where all columns are asked for (tide_sheet.all_columns), or */
  unsigned shown_by; /* TIDE_SHOW_... of which the question asks for one (tide_sheet.shown) */
} tide_column;

typedef struct tide_columns {
  const tide_column *at;
  size_t count;
} tide_columns;

/* All rows of an array, for an initializer: nobody counts them. */
#define TIDE_COLUMNS(rows)                                                                         \
  { .at = (rows), .count = sizeof(rows) / sizeof *(rows) }

/* Defines get_NAME, where `value` is an expression of r, the table's row of the type `type`. */
#define TIDE_GETTER(type, name, value)                                                             \
  static tide_value get_##name(const void *row) {                                                  \
    const type *r = row;                                                                           \
    return (value);                                                                                \
  }

/* Is it shown where `shown` (TIDE_SHOW_...) was asked for? */
bool tide_column_is_shown(const tide_column *, bool all_columns, unsigned shown);
/* How many of them lead. */
size_t tide_columns_leading(const tide_columns *);
/* Puts a row's values where they are in the output: those that lead, group_values places that are
 * left as they are, the others. `to` has room for count + group_values. */
void tide_columns_fill(const tide_columns *, const void *row, size_t group_values, tide_value *to);

/* Rows go to whoever wants them, one at a time; row and its text live until the call returns. */
typedef struct tide_row_writer {
  tide_status (*row)(void *context, const tide_value *row, size_t count, tide_error *);
  void *context;
} tide_row_writer;

/* The row that tide_columns_fill makes in `to`, to the writer. */
tide_status tide_columns_write(const tide_columns *, const void *row, size_t group_values,
                               tide_value *to, const tide_row_writer *, tide_error *);

#endif
