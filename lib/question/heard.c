/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts the codes of the rows that a sheet is given. */
#include "heard.h"

#include <string.h>

#include "base/invariant.h"

tide_heard tide_heard_of(tide_sheet *sheet, const tide_columns *columns) {
  tide_heard heard = {.sheet = sheet};
  size_t at = columns->count;
  while (at && strcmp(columns->at[at - 1].name, "cautions") != 0)
    at--;
  TIDE_INVARIANT(at > 0 && !columns->at[at - 1].leads);
  heard.behind = columns->count - at;
  return heard;
}

tide_status tide_heard_row(void *heard, const tide_value *row, size_t count, tide_error *err) {
  tide_heard *h = heard;
  TIDE_INVARIANT(count > h->behind);
  const tide_value *cautions = &row[count - 1 - h->behind];
  tide_cautions_count(&h->count,
                      cautions->kind == TIDE_VALUE_TEXT ? tide_cautions_read(cautions->text) : 0);
  return tide_sheet_row(h->sheet, row, count, err);
}
