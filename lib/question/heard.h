/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows on their way to a sheet, and the codes of cautions that are in them: what a reader finds
 * in a row is explained where the run says its cautions. */
#ifndef LIB_QUESTION_HEARD_H
#define LIB_QUESTION_HEARD_H

#include "emit/sheet.h"
#include "table/table.h"

typedef struct tide_heard {
  tide_sheet *sheet;
  size_t behind; /* columns that come after that of the cautions */
  tide_caution_count count;
} tide_heard;

/* Of a table with a column `cautions`. */
tide_heard tide_heard_of(tide_sheet *, const tide_columns *);
/* A row writer; the context is a tide_heard. */
tide_status tide_heard_row(void *heard, const tide_value *row, size_t count, tide_error *);

#endif
