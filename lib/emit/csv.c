/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV as RFC 4180, written by libcsv. Cells are quoted only where they must be: gnuplot and readers
 * of numbers take a quoted number for text. */
#include <csv.h>

#include "emitters.h"

#include "base/invariant.h"
#include "base/scan.h"

static bool must_quote(tide_span s) {
  if (tide_scan_any(s, ",\"\r\n") < s.len)
    return true;
  return s.len && (tide_is_space(s.ptr[0]) || tide_is_space(s.ptr[s.len - 1]));
}

/* Turns the bytes of out from `start` on into one cell. */
static tide_status quote_from(tide_buffer *out, size_t start) {
  tide_span cell = tide_span_slice(tide_buffer_span(out), start, out->len);
  if (!must_quote(cell))
    return TIDE_OK;
  TIDE_INVARIANT(start <= out->len);
  /* After the cell's text room is made for its quoted form, which then takes its place. */
  size_t need = csv_write(NULL, 0, cell.ptr, cell.len);
  TIDE_TRY(tide_buffer_reserve(out, need));
  char *quoted = out->ptr + out->len;
  size_t len = csv_write(quoted, need, out->ptr + start, out->len - start);
  memmove(out->ptr + start, quoted, len);
  out->len = start + len;
  return TIDE_OK;
}

static tide_status csv_head(const char *const *names, size_t count,
                            const tide_emit_options *options, tide_buffer *out) {
  TIDE_TRY(tide_emit_bom(options, out));
  for (size_t i = 0; i < count; i++) {
    if (i)
      TIDE_TRY(tide_buffer_putc(out, ','));
    size_t start = out->len;
    TIDE_TRY(tide_cell_clean(tide_span_of(names[i]), !options->raw_cells, options->cut, out));
    TIDE_TRY(quote_from(out, start));
  }
  return tide_buffer_put(out, SPAN("\r\n"));
}

static tide_status csv_row(const char *const *names, const tide_value *row, size_t count,
                           const tide_emit_options *options, tide_buffer *out) {
  const size_t begin = out->len;
  (void)names;
  for (size_t i = 0; i < count; i++) {
    if (i)
      TIDE_TRY(tide_buffer_putc(out, ','));
    size_t start = out->len;
    if (row[i].kind == TIDE_VALUE_TEXT && !options->raw_cells)
      TIDE_TRY(tide_cell_clean(row[i].text, true, options->cut, out));
    else
      TIDE_TRY(tide_emit_plain(&row[i], options->times, out));
    if (row[i].kind == TIDE_VALUE_TEXT || row[i].kind == TIDE_VALUE_WORD)
      TIDE_TRY(quote_from(out, start));
  }
  /* Most readers pass over a blank line: the row would be lost. */
  if (out->len == begin)
    TIDE_TRY(tide_buffer_put(out, SPAN("\"\"")));
  return tide_buffer_put(out, SPAN("\r\n"));
}

const tide_emitter tide_emit_csv = {.name = "csv",
                                    .help = "RFC 4180, UTF-8, with column heads",
                                    .takes_bom = true,
                                    .head = csv_head,
                                    .row = csv_row};
