/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emitters.h"

#include <stdio.h>

const tide_emitter *const tide_emitters[] = {&tide_emit_csv, &tide_emit_tsv, &tide_emit_jsonl,
                                             NULL};

const tide_emitter *tide_emitter_find(const char *name) {
  for (const tide_emitter *const *e = tide_emitters; *e; e++)
    if (strcmp((*e)->name, name) == 0)
      return *e;
  return NULL;
}

size_t tide_real_format(double x, char out[40]) {
  /* %.6f and not %g: no exponent that a spreadsheet reads as text, and the C locale's point even
   * where the program set another. */
  int decimals = 6;
  /* Small ones keep up to three digits: a p-value is not 0. What is smaller still is mostly
   * rounding of a zero. */
  for (double least = 1e-4; decimals < 11 && x < least && x > -least; least /= 10)
    decimals++;
  int len = snprintf(out, 40, "%.*f", decimals, x);
  if (len < 0 || len >= 40)
    len = snprintf(out, 40, "%.15e", x);
  for (int i = 0; i < len; i++)
    if (out[i] == ',')
      out[i] = '.';
  if (strchr(out, '.') && !strchr(out, 'e')) {
    while (len && out[len - 1] == '0')
      len--;
    if (len && out[len - 1] == '.')
      len--;
  }
  out[len] = '\0';
  if (strcmp(out, "-0") == 0) {
    out[0] = '0';
    out[1] = '\0';
    len = 1;
  }
  return (size_t)len;
}

tide_status emit_plain(const tide_value *v, tide_buffer *out) {
  char text[64];
  size_t len = 0;
  switch (v->kind) {
  case TIDE_VALUE_EMPTY: return TIDE_OK;
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT: return tide_buffer_put(out, v->text);
  case TIDE_VALUE_UINT: len = tide_uint_format(v->uint, text); break;
  case TIDE_VALUE_REAL: len = tide_real_format(v->real, text); break;
  case TIDE_VALUE_TIME: len = tide_rfc3339_format(v->time.seconds, v->time.offset, text); break;
  }
  return tide_buffer_put(out, tide_span_make(text, len));
}
