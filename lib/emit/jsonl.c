/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON Lines: an object a row (RFC 8259). Nothing calculates it, so formulas need no apostrophe;
 * controls are escaped and invalid UTF-8 is repaired. */
#include "emitters.h"

tide_status tide_json_string(tide_span text, _Atomic uint64_t *cut, tide_buffer *out) {
  TIDE_TRY(tide_buffer_putc(out, '"'));
  size_t start = out->len;
  TIDE_TRY(tide_cell_clean(text, false, cut, out));
  /* tide_cell_clean leaves only `"` and `\` to escape: grow from behind, in place. */
  size_t more = 0;
  for (size_t i = start; i < out->len; i++)
    more += out->ptr[i] == '"' || out->ptr[i] == '\\';
  TIDE_TRY(tide_buffer_reserve(out, more + 1));
  for (size_t i = out->len, to = out->len + more; i > start && to > i;) {
    out->ptr[--to] = out->ptr[--i];
    if (out->ptr[to] == '"' || out->ptr[to] == '\\')
      out->ptr[--to] = '\\';
  }
  out->len += more;
  return tide_buffer_putc(out, '"');
}

static tide_status jsonl_head(const char *const *names, size_t count,
                              const tide_emit_options *options, tide_buffer *out) {
  (void)names;
  (void)count;
  (void)options;
  (void)out;
  return TIDE_OK;
}

static tide_status put_value(const tide_value *v, const tide_emit_options *options,
                             tide_buffer *out) {
  switch (v->kind) {
  case TIDE_VALUE_EMPTY: return tide_buffer_put(out, SPAN("null"));
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT: return tide_json_string(v->text, options->cut, out);
  case TIDE_VALUE_UINT:
  case TIDE_VALUE_REAL:
  case TIDE_VALUE_PROBABILITY: return tide_emit_plain(v, options->times, out);
  case TIDE_VALUE_TIME: break;
  }
  if (options->times == TIDE_TIMES_EPOCH)
    return tide_emit_plain(v, options->times, out);
  TIDE_TRY(tide_buffer_putc(out, '"'));
  TIDE_TRY(tide_emit_plain(v, options->times, out));
  return tide_buffer_putc(out, '"');
}

static tide_status jsonl_row(const char *const *names, const tide_value *row, size_t count,
                             const tide_emit_options *options, tide_buffer *out) {
  for (size_t i = 0; i < count; i++) {
    TIDE_TRY(tide_buffer_put(out, i ? SPAN(",") : SPAN("{")));
    TIDE_TRY(tide_json_string(tide_span_of(names[i]), NULL, out));
    TIDE_TRY(tide_buffer_putc(out, ':'));
    TIDE_TRY(put_value(&row[i], options, out));
  }
  return tide_buffer_put(out, SPAN("}\n"));
}

const tide_emitter tide_emit_jsonl = {.name = "jsonl",
                                      .help = "an object a line; unknown is null",
                                      .head = jsonl_head,
                                      .row = jsonl_row};
