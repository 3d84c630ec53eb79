/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row as those who link the library see it. */
#include <string.h>

#include "opaque.h"

static const tide_value *cell_at(const tide_row *r, size_t column) {
  static const tide_value empty;
  return r->cells && column < r->count ? &r->cells[column] : &empty;
}

size_t tide_row_size(const tide_row *r) {
  return r->count;
}

const char *tide_row_name(const tide_row *r, size_t column) {
  return column < r->count ? r->names[column] : NULL;
}

const char *tide_row_help(const tide_row *r, size_t column) {
  return column < r->count && r->helps && r->helps[column] ? r->helps[column] : "";
}

size_t tide_row_find(const tide_row *r, const char *name) {
  for (size_t i = 0; i < r->count; i++)
    if (strcmp(r->names[i], name) == 0)
      return i;
  return SIZE_MAX;
}

tide_cell tide_row_kind(const tide_row *r, size_t column) {
  switch (cell_at(r, column)->kind) {
  case TIDE_VALUE_EMPTY: return TIDE_CELL_EMPTY;
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT: return TIDE_CELL_TEXT;
  case TIDE_VALUE_UINT: return TIDE_CELL_COUNT;
  case TIDE_VALUE_REAL:
  case TIDE_VALUE_PROBABILITY: return TIDE_CELL_REAL;
  case TIDE_VALUE_TIME: return TIDE_CELL_TIME;
  }
  return TIDE_CELL_EMPTY;
}

const char *tide_row_text(const tide_row *r, size_t column, size_t *length) {
  const bool text = tide_row_kind(r, column) == TIDE_CELL_TEXT;
  const tide_span s = text ? cell_at(r, column)->text : SPAN("");
  if (length)
    *length = s.len;
  return s.ptr;
}

uint64_t tide_row_count(const tide_row *r, size_t column) {
  return tide_row_kind(r, column) == TIDE_CELL_COUNT ? cell_at(r, column)->uint : 0;
}

double tide_row_real(const tide_row *r, size_t column) {
  const tide_cell kind = tide_row_kind(r, column);
  if (kind == TIDE_CELL_COUNT)
    return (double)cell_at(r, column)->uint;
  return kind == TIDE_CELL_REAL ? cell_at(r, column)->real : 0;
}

int64_t tide_row_time(const tide_row *r, size_t column, int32_t *offset) {
  const bool time = tide_row_kind(r, column) == TIDE_CELL_TIME;
  const tide_value *v = cell_at(r, column);
  if (offset)
    *offset = time ? v->time.offset : 0;
  return time ? v->time.seconds : 0;
}
