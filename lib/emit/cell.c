/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells from text that a spammer wrote. What a spreadsheet would calculate gets an apostrophe in
 * front, and so does what has one there already: taking one away gives the text back. */
#include "emit/emitter.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/utf8.h"
#include "base/visible.h"

/* What a spreadsheet may pass over, trim or take for a quote before it looks for a formula. */
static bool passed_over(uint32_t c) {
  return c <= ' ' || c == '\'' || c == '"' || c == 0xa0 || c == 0xad || c == 0x34f || c == 0x1680 ||
         c == 0x180e || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
         (c >= 0x205f && c <= 0x206f) || c == 0x3000 || (c >= 0xfe00 && c <= 0xfe0f) ||
         tide_hides(c);
}

/* The signs that begin a formula (OWASP, "CSV Injection"), and those that input methods and
 * programs take for them: small and full-width forms, the minus sign. */
static bool begins_formula(uint32_t c) {
  return c == '=' || c == '+' || c == '-' || c == '@' || c == 0xff1d || c == 0xff0b ||
         c == 0xff0d || c == 0xff20 || c == 0xfe66 || c == 0xfe62 || c == 0xfe63 || c == 0xfe6b ||
         c == 0x2212;
}

static bool is_formula(tide_span text) {
  for (size_t at = 0; at < text.len;) {
    uint32_t c = 0xfffd;
    size_t len = tide_utf8_take(tide_span_slice(text, at, text.len), &c);
    if (!len || !passed_over(c))
      return len && begins_formula(c);
    at += len;
  }
  return false;
}

tide_status tide_cell_clean(tide_span text, bool defuse, _Atomic uint64_t *cut, tide_buffer *out) {
  size_t start = out->len;
  /* Where a semicolon separates cells, what stands after one is the beginning of a cell. */
  bool fresh = defuse;
  for (size_t at = 0; at < text.len;) {
    if (fresh && out->len - start < TIDE_LIMIT_CELL &&
        is_formula(tide_span_slice(text, at, text.len)))
      TIDE_TRY(tide_buffer_putc(out, '\''));
    /* Nearly all text is ASCII that stays what it is. No more is looked at than still fits, and the
     * length of the text does not matter. */
    const size_t used = out->len - start + 3,
                 room = used < TIDE_LIMIT_CELL ? TIDE_LIMIT_CELL - used : 0;
    tide_span run = tide_span_slice(text, at, text.len);
    run.len = run.len < room ? run.len : room;
    run.len = tide_scan_printable(run);
    if (defuse)
      run = tide_span_slice(run, 0, tide_span_find_char(run, ';') + 1);
    if (run.len) {
      TIDE_TRY(tide_buffer_put(out, run));
      at += run.len;
      fresh = defuse && run.ptr[run.len - 1] == ';';
      continue;
    }
    uint32_t c = 0xfffd;
    size_t len = tide_utf8_take(tide_span_slice(text, at, text.len), &c);
    if (len == 0)
      len = 1;
    if (out->len - start + 4 > TIDE_LIMIT_CELL) {
      if (cut)
        atomic_fetch_add_explicit(cut, 1, memory_order_relaxed);
      break;
    }
    fresh = defuse && c == ';';
    if (tide_hides(c))
      c = ' ';
    TIDE_TRY(c < 0x80 ? tide_buffer_putc(out, (char)c) : tide_buffer_put_utf8(out, c));
    at += len;
  }
  return TIDE_OK;
}
