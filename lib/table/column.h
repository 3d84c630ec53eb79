/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns of tables: name, meaning and value of each stand in one row. */
#ifndef LIB_TABLE_COLUMN_H
#define LIB_TABLE_COLUMN_H

#include "base/value.h"

typedef struct tide_column {
  const char *name;
  const char *help; /* its meaning, for help, man pages and docs */
  /* Its value in a row, which is a struct of the table's own; text is borrowed from it. NULL where
   * the columns are only described. */
  tide_value (*get)(const void *row);
  bool leads; /* stands before the columns of the groups, not behind them */
  bool extra; /* is shown only where all columns are asked for (tide_sheet.all_columns) */
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

/* How many of them lead. */
size_t tide_columns_leading(const tide_columns *);
/* Puts a row's values where they stand in the output: those that lead, group_values places that are
 * left as they are, the others. `to` has room for count + group_values. */
void tide_columns_fill(const tide_columns *, const void *row, size_t group_values, tide_value *to);

#endif
