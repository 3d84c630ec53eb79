/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How numbers and times are written, whatever the format. */
#include "emitters.h"

#include <stdio.h>

enum { DIGITS = 4, DECIMALS_MOST = 11 };
/* The least that DECIMALS_MOST show with all DIGITS. */
#define PROBABILITY_LEAST 1e-8

size_t tide_real_format(double x, char out[40]) {
  int decimals = DIGITS - 1;
  for (double more = 10; decimals > 0 && (x >= more || x <= -more); more *= 10)
    decimals--;
  if (x != 0)
    for (double least = 1; decimals < DECIMALS_MOST && x < least && x > -least; least /= 10)
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

size_t tide_probability_format(double p, char out[40]) {
  if (p >= PROBABILITY_LEAST)
    return tide_real_format(p, out);
  int len = snprintf(out, 40, "%.*e", DIGITS - 1, p);
  for (int i = 0; i < len; i++)
    if (out[i] == ',')
      out[i] = '.';
  return (size_t)len;
}

static tide_status put_time(const tide_value *v, tide_time_form form, tide_buffer *out) {
  char text[TIDE_RFC3339_MAX];
  tide_civil c;
  tide_civil_from_seconds(v->time.seconds + v->time.offset, &c);
  switch (form) {
  case TIDE_TIMES_RFC3339: break;
  case TIDE_TIMES_LOCAL:
    return tide_buffer_printf(out, "%04lld-%02d-%02d %02d:%02d:%02d", (long long)c.year, c.month,
                              c.day, c.hour, c.minute, c.second);
  case TIDE_TIMES_DATE:
    return tide_buffer_printf(out, "%04lld-%02d-%02d", (long long)c.year, c.month, c.day);
  case TIDE_TIMES_EPOCH: return tide_buffer_printf(out, "%lld", (long long)v->time.seconds);
  }
  return tide_buffer_put(
      out, tide_span_make(text, tide_rfc3339_format(v->time.seconds, v->time.offset, text)));
}

tide_status tide_emit_plain(const tide_value *v, tide_time_form times, tide_buffer *out) {
  char text[64];
  size_t len = 0;
  switch (v->kind) {
  case TIDE_VALUE_EMPTY: return TIDE_OK;
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT: return tide_buffer_put(out, v->text);
  case TIDE_VALUE_UINT: len = tide_uint_format(v->uint, text); break;
  case TIDE_VALUE_REAL: len = tide_real_format(v->real, text); break;
  case TIDE_VALUE_PROBABILITY: len = tide_probability_format(v->real, text); break;
  case TIDE_VALUE_TIME: return put_time(v, times, out);
  }
  return tide_buffer_put(out, tide_span_make(text, len));
}

tide_status tide_emit_bom(const tide_emit_options *options, tide_buffer *out) {
  return options->bom ? tide_buffer_put(out, SPAN("\xef\xbb\xbf")) : TIDE_OK;
}
