/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/emitter.h"
#include "spamtide/limits.h"
#include "spamtide/scan.h"
#include "spamtide/utf8.h"

/* Characters that change how a terminal or a reader shows what stands around them. */
static bool hides(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f || c == 0x061c || c == 0xfeff;
}

static bool starts_formula(char c) {
  return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

tide_status tide_cell_clean(tide_span text, bool defuse, tide_buffer *out) {
  tide_status status = TIDE_OK;
  size_t start = out->len;
  /* The first character as mail wrote it: TAB and CR are replaced below, but a spreadsheet that
   * trims would still find what follows. */
  if (defuse && text.len && starts_formula(text.ptr[0]))
    status = tide_buffer_putc(out, '\'');
  for (size_t at = 0; at < text.len && status == TIDE_OK;) {
    /* Nearly all text is ASCII that stays what it is, and shorter than a cell may be. */
    tide_span run = tide_span_slice(text, at, text.len);
    run.len = tide_scan_printable(run);
    if (run.len && out->len - start + run.len + 3 <= TIDE_LIMIT_CELL) {
      status = tide_buffer_put(out, run);
      at += run.len;
      continue;
    }
    uint32_t c = 0xfffd;
    size_t len = tide_utf8_take(tide_span_slice(text, at, text.len), &c);
    if (len == 0)
      len = 1;
    if (out->len - start + 4 > TIDE_LIMIT_CELL)
      break;
    if (hides(c))
      c = ' ';
    status = c < 0x80 ? tide_buffer_putc(out, (char)c) : tide_buffer_put_utf8(out, c);
    at += len;
  }
  return status;
}
