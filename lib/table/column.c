/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values into their places: a table makes a struct for each row, and its columns say what of it
 * is where. */
#include "table/column.h"

bool tide_column_is_shown(const tide_column *column, bool all_columns, unsigned shown) {
  return !column->extra || all_columns || (column->shown_by & shown);
}

size_t tide_columns_leading(const tide_columns *c) {
  size_t count = 0;
  for (size_t i = 0; i < c->count; i++)
    count += c->at[i].leads;
  return count;
}

void tide_columns_fill(const tide_columns *c, const void *row, size_t group_values,
                       tide_value *to) {
  tide_value *behind = to + tide_columns_leading(c) + group_values;
  for (size_t i = 0; i < c->count; i++)
    *(c->at[i].leads ? to++ : behind++) = c->at[i].get(row);
}

tide_status tide_columns_write(const tide_columns *c, const void *row, size_t group_values,
                               tide_value *to, const tide_row_writer *writer, tide_error *err) {
  tide_columns_fill(c, row, group_values, to);
  return writer->row(writer->context, to, c->count + group_values, err);
}
