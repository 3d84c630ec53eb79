/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads and rows of one table: names are collected first, then each row is made into text. */
#include "emit/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/invariant.h"

enum { COLUMNS_MAX = 64 }; /* of a table that is described as rows */

static tide_status column_add(tide_sheet *s, bool hidden, tide_error *err) {
  bool *grown = realloc(s->hidden, (s->column_count + 1) * sizeof *grown);
  if (!grown)
    return tide_error_memory(err);
  s->hidden = grown;
  s->hidden[s->column_count++] = hidden;
  s->any_hidden |= hidden;
  return TIDE_OK;
}

tide_status tide_sheet_head(tide_sheet *s, tide_span name, const char *help, tide_error *err) {
  const char **heads = realloc(s->heads, (s->head_count + 1) * sizeof *heads);
  if (heads)
    s->heads = heads;
  const char **helps = realloc(s->helps, (s->head_count + 1) * sizeof *helps);
  if (helps)
    s->helps = helps;
  tide_span copy = heads && helps ? tide_arena_copy(&s->names, name) : (tide_span){0};
  if (!copy.ptr)
    return tide_error_memory(err);
  s->helps[s->head_count] = help;
  s->heads[s->head_count++] = copy.ptr;
  return column_add(s, false, err);
}

tide_status tide_sheet_column(tide_sheet *s, tide_span name, const char *help, tide_error *err) {
  char plain[64];
  if (name.len <= sizeof plain) {
    for (size_t i = 0; i < name.len; i++)
      plain[i] = tide_is_alnum(name.ptr[i]) ? name.ptr[i] : '_';
    name = tide_span_make(plain, name.len);
  }
  return tide_sheet_head(s, name, help, err);
}

tide_status tide_sheet_columns(tide_sheet *s, const tide_columns *c, bool leading,
                               tide_error *err) {
  for (size_t i = 0; i < c->count; i++) {
    if (c->at[i].leads != leading)
      continue;
    if (tide_column_is_shown(&c->at[i], s->all_columns, s->shown))
      TIDE_TRY(tide_sheet_column(s, tide_span_of(c->at[i].name), c->at[i].help, err));
    else
      TIDE_TRY(column_add(s, true, err));
  }
  return TIDE_OK;
}

static tide_status text_write(tide_sheet *s, tide_status made, tide_error *err) {
  if (made != TIDE_OK)
    return tide_error_memory(err);
  return s->write(s->context, tide_buffer_span(&s->text), err);
}

tide_status tide_sheet_begin(tide_sheet *s, tide_error *err) {
  if (s->behind)
    TIDE_TRY(tide_sheet_columns(s, s->behind, false, err));
  if (s->behind || s->any_hidden) {
    s->row = calloc(s->column_count + 1, sizeof *s->row);
    if (!s->row)
      return tide_error_memory(err);
  }
  tide_buffer_clear(&s->text);
  return text_write(s, s->emitter->head(s->heads, s->head_count, &s->options, &s->text), err);
}

tide_status tide_sheet_row(void *sheet, const tide_value *row, size_t count, tide_error *err) {
  tide_sheet *s = sheet;
  if (tide_stopped(s->stop))
    return tide_error_set(err, TIDE_END, "stopped");
  if (s->row) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
      if (!s->hidden[i])
        s->row[kept++] = row[i];
    row = s->row;
    count = kept;
  }
  if (s->behind) {
    tide_columns_fill(s->behind, s->behind_row, 0, s->row + count);
    count += s->behind->count;
  }
  TIDE_INVARIANT(count <= s->head_count);
  tide_buffer_clear(&s->text);
  return text_write(s, s->emitter->row(s->heads, row, count, &s->options, &s->text), err);
}

tide_status tide_sheet_row_of(tide_sheet *s, const tide_columns *columns, const void *row,
                              tide_error *err) {
  tide_value values[COLUMNS_MAX];
  if (columns->count > COLUMNS_MAX)
    return tide_error_set(err, TIDE_FATAL, "a table has more than %d columns", COLUMNS_MAX);
  tide_columns_fill(columns, row, 0, values);
  return tide_sheet_row(s, values, columns->count, err);
}

void tide_sheet_free(tide_sheet *s) {
  tide_arena_free(&s->names);
  tide_buffer_free(&s->text);
  free(s->heads);
  free(s->helps);
  free(s->hidden);
  free(s->row);
  s->heads = NULL;
  s->helps = NULL;
  s->hidden = NULL;
  s->row = NULL;
}
