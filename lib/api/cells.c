/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows on their way to whoever wants cells: made into bytes where text would be made, and into a
 * row again in the order of the archive. So every question gives cells as it gives text. */
#include <stdlib.h>
#include <string.h>

#include "opaque.h"

/* What comes before the values of a row, which are followed by their texts. */
typedef struct head {
  const char *const *names;
  size_t count, text; /* cells; bytes of text */
  bool names_only;
} head;

static tide_span bytes_of(const void *at, size_t len) {
  return tide_span_make(at, len);
}

static tide_status cells_head(const char *const *names, size_t count, const tide_emit_options *o,
                              tide_buffer *out) {
  (void)o;
  const head h = {.names = names, .count = count, .names_only = true};
  return tide_buffer_put(out, bytes_of(&h, sizeof h));
}

/* Appends a cell's text and its NUL, cleaned where it is mail's. */
static tide_status text_put(const tide_value *v, const tide_emit_options *o, tide_buffer *out) {
  TIDE_TRY(v->kind == TIDE_VALUE_TEXT && !o->raw_cells
               ? tide_cell_clean(v->text, false, o->cut, out)
               : tide_buffer_put(out, v->text));
  return tide_buffer_putc(out, '\0');
}

static tide_status cells_row(const char *const *names, const tide_value *cells, size_t count,
                             const tide_emit_options *o, tide_buffer *out) {
  head h = {.names = names, .count = count};
  const size_t at = out->len, cells_at = at + sizeof h, text_at = cells_at + count * sizeof *cells;
  TIDE_TRY(tide_buffer_put(out, bytes_of(&h, sizeof h)));
  TIDE_TRY(tide_buffer_put(out, bytes_of(cells, count * sizeof *cells)));
  for (size_t i = 0; i < count; i++) {
    if (cells[i].kind != TIDE_VALUE_WORD && cells[i].kind != TIDE_VALUE_TEXT)
      continue;
    tide_value v = cells[i];
    const size_t begin = out->len;
    TIDE_TRY(text_put(&v, o, out));
    v.text = tide_span_make(NULL, out->len - begin - 1);
    memcpy(out->ptr + cells_at + i * sizeof v, &v, sizeof v);
  }
  h.text = out->len - text_at;
  memcpy(out->ptr + at, &h, sizeof h);
  return TIDE_OK;
}

const tide_emitter tide_emit_cells = {.name = "cells", .head = cells_head, .row = cells_row};

/* The cells of a row, each with its text where it now is. NULL when out of memory. */
static const tide_value *cells_read(tide_query *q, const head *h, tide_span *rest) {
  if (h->count > q->cell_room) {
    tide_value *grown = realloc(q->cells, h->count * sizeof *grown);
    if (!grown)
      return NULL;
    q->cells = grown;
    q->cell_room = h->count;
  }
  const char *text = rest->ptr + h->count * sizeof *q->cells;
  if (h->count)
    memcpy(q->cells, rest->ptr, h->count * sizeof *q->cells);
  for (size_t i = 0; i < h->count; i++) {
    tide_value *v = &q->cells[i];
    if (v->kind != TIDE_VALUE_WORD && v->kind != TIDE_VALUE_TEXT)
      continue;
    v->text.ptr = text;
    text += v->text.len + 1;
  }
  *rest = tide_span_slice(*rest, h->count * sizeof *q->cells + h->text, rest->len);
  return q->cells;
}

tide_status tide_cells_take(void *query, tide_span rest, tide_error *err) {
  tide_query *q = query;
  const tide_sheet *sheet = &q->request.sheet;
  while (rest.len) {
    head h;
    memcpy(&h, rest.ptr, sizeof h);
    rest = tide_span_slice(rest, sizeof h, rest.len);
    /* The rows of explain have names of their own. */
    const bool columns = h.names == (const char *const *)sheet->heads;
    tide_row row = {.names = h.names,
                    .helps = columns ? (const char *const *)sheet->helps : NULL,
                    .count = h.count};
    if (!h.names_only) {
      static const tide_value none;
      const tide_value *cells = h.count ? cells_read(q, &h, &rest) : &none;
      if (!cells)
        return tide_error_memory(err);
      row.cells = cells;
    }
    tide_take_row *take = h.names_only ? q->heads : q->row;
    if (take)
      TIDE_TRY(take(q->out, &row, err));
  }
  return TIDE_OK;
}
