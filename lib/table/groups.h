/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of a tally in the order of a table. */
#ifndef LIB_TABLE_GROUPS_H
#define LIB_TABLE_GROUPS_H

#include "table/table.h"

/* The numbers of all groups, those with the most messages first, equals by their bytes,
 * TIDE_GROUP_OTHER last: an order that does not depend on who counted what. The caller frees it.
 * NULL when out of memory, or the tally was stopped. */
uint32_t *tide_groups_sorted(const tide_tally *);
/* Is it what --top left? */
bool tide_groups_is_rest(tide_span group);
/* Writes a group's values into row; those that are missing are left empty. */
void tide_groups_values(tide_span group, size_t count, tide_value *row);
/* The same for the row of all messages: TIDE_GROUP_ALL. */
void tide_groups_all(size_t count, tide_value *row);

/* The rows of a table: those of all messages, then those of each group, in its order. */
typedef struct tide_group_rows {
  const tide_tally *total, *groups;
  size_t values, columns; /* of a group, 0: there is only the row of all; cells behind them */
  /* The values are in the row already. */
  tide_status (*write)(void *context, tide_table_group, tide_error *);
  void *context;
} tide_group_rows;
/* As `write`, and TIDE_FATAL if memory is out. */
tide_status tide_groups_each(const tide_group_rows *, tide_error *);

/* The example of each group of keys, by the number of its leader; NULL for others. The caller frees
 * it. NULL when out of memory. */
const tide_example **tide_groups_examples(const tide_examples *, const uint32_t *leader);

#endif
