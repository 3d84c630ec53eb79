/* SPDX-License-Identifier: GPL-3.0-or-later */
/* changes --together: the dates that more groups share than chance lets coincide, as rows. */
#ifndef LIB_TABLE_TOGETHER_TABLE_H
#define LIB_TABLE_TOGETHER_TABLE_H

#include "table/changes.h"

extern const tide_columns tide_together_columns;

/* Asks tide_changes_write for the changes of each group, which must have group_values, and
 * tide_together_find for the dates that falls, or rises, share: one row each, by time, and one that
 * says none where there is none. Its p-value is doubled, as falls and rises are asked for. Errors
 * are those of tide_changes_write. */
tide_status tide_together_write(const tide_changes *, const tide_extent *, const tide_tally *total,
                                const tide_tally *groups, const tide_row_writer *, tide_error *);

#endif
