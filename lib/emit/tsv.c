/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tab-separated values (IANA text/tab-separated-values): no quotes, so that a cell can hold neither
 * a tab nor a line end. */
#include "emitters.h"

static tide_status tsv_head(const char *const *names, size_t count,
                            const tide_emit_options *options, tide_buffer *out) {
  TIDE_TRY(tide_emit_bom(options, out));
  for (size_t i = 0; i < count; i++) {
    if (i)
      TIDE_TRY(tide_buffer_putc(out, '\t'));
    TIDE_TRY(tide_cell_clean(tide_span_of(names[i]), !options->raw_cells, options->cut, out));
  }
  return tide_buffer_putc(out, '\n');
}

static tide_status tsv_row(const char *const *names, const tide_value *row, size_t count,
                           const tide_emit_options *options, tide_buffer *out) {
  (void)names;
  for (size_t i = 0; i < count; i++) {
    if (i)
      TIDE_TRY(tide_buffer_putc(out, '\t'));
    /* Cleaned even where raw cells are asked for, except the apostrophe: the format has no other
     * way to hold controls. */
    bool text = row[i].kind == TIDE_VALUE_TEXT || row[i].kind == TIDE_VALUE_WORD;
    if (text)
      TIDE_TRY(tide_cell_clean(row[i].text, row[i].kind == TIDE_VALUE_TEXT && !options->raw_cells,
                               options->cut, out));
    else
      TIDE_TRY(tide_emit_plain(&row[i], options->times, out));
  }
  return tide_buffer_putc(out, '\n');
}

const tide_emitter tide_emit_tsv = {.name = "tsv",
                                    .help = "tab-separated, with column heads",
                                    .takes_bom = true,
                                    .head = tsv_head,
                                    .row = tsv_row};
