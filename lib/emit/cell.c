/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells from text that a spammer wrote. What a spreadsheet would calculate gets an apostrophe in
 * front, and so does what has one there already: taking one away gives the text back. */
#include "emit/emitter.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/utf8.h"
#include "base/visible.h"

/* What a spreadsheet may pass over, trim or take for a quote before it looks for a formula: what is
 * blank, and what Unicode says may be ignored (Default_Ignorable_Code_Point). */
static bool passed_over(uint32_t c) {
  static const struct {
    uint32_t first, last;
  } blanks[] = {{0xa0, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},    {0x115f, 0x1160},
                {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},  {0x2000, 0x200f},
                {0x2028, 0x202f},   {0x205f, 0x206f},   {0x2800, 0x2800},  {0x3000, 0x3000},
                {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xffa0, 0xffa0},  {0xfff0, 0xfffb},
                {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
  if (c <= ' ' || c == '\'' || c == '"' || tide_hides(c))
    return true;
  if (c < blanks[0].first)
    return false;
  for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
    if (c >= blanks[i].first && c <= blanks[i].last)
      return true;
  return false;
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
  enum { PIECE = 256 }; /* looked at before the semicolons in it: there may be as many as bytes */
  const size_t start = out->len, most = cut ? TIDE_LIMIT_CELL : SIZE_MAX;
  /* Where a semicolon separates cells, what comes after one is the beginning of a cell. */
  bool fresh = defuse;
  for (size_t at = 0; at < text.len;) {
    if (fresh && out->len - start < most && is_formula(tide_span_slice(text, at, text.len)))
      TIDE_TRY(tide_buffer_putc(out, '\''));
    /* Nearly all text is ASCII that stays what it is. No more is looked at than still fits, and the
     * length of the text does not matter. */
    const size_t used = out->len - start + 3, room = used < most ? most - used : 0;
    tide_span run = tide_span_slice(text, at, at + PIECE);
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
    if (cut && out->len - start + 4 > most) {
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
