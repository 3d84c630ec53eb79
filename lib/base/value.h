/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One typed value: what a field of a record gives, what is in a cell of a table. */
#ifndef LIB_BASE_VALUE_H
#define LIB_BASE_VALUE_H

#include <float.h>

#include "base/span.h"

typedef enum tide_value_kind {
  TIDE_VALUE_EMPTY, /* unknown, or not given by the method: an empty cell */
  TIDE_VALUE_WORD,  /* text of ours: names of columns' values */
  TIDE_VALUE_TEXT,  /* text from mail: cleaned on the way out */
  TIDE_VALUE_UINT,
  TIDE_VALUE_REAL,        /* never NaN or infinite: those are EMPTY */
  TIDE_VALUE_PROBABILITY, /* such as a p-value: real; small ones are not rounded to 0 */
  TIDE_VALUE_TIME         /* seconds since the epoch and the offset to write it in */
} tide_value_kind;

typedef struct tide_value {
  tide_value_kind kind;
  union {
    tide_span text; /* WORD, TEXT: borrowed */
    uint64_t uint;
    double real;
    struct {
      int64_t seconds;
      int32_t offset;
    } time;
  };
} tide_value;

static inline tide_value tide_value_empty(void) {
  return (tide_value){.kind = TIDE_VALUE_EMPTY};
}
static inline tide_value tide_value_word(tide_span s) {
  return (tide_value){.kind = TIDE_VALUE_WORD, .text = s};
}
static inline tide_value tide_value_text(tide_span s) {
  return (tide_value){.kind = TIDE_VALUE_TEXT, .text = s};
}
/* The same of what may not be there, which is empty then. */
static inline tide_value tide_value_text_if(tide_span s) {
  return s.len ? tide_value_text(s) : tide_value_empty();
}
static inline tide_value tide_value_uint(uint64_t n) {
  return (tide_value){.kind = TIDE_VALUE_UINT, .uint = n};
}
static inline tide_value tide_value_real(double x) {
  return x - x == 0 ? (tide_value){.kind = TIDE_VALUE_REAL, .real = x} : tide_value_empty();
}
/* One that is too small for a double is the smallest that spreadsheets read: never 0. */
static inline tide_value tide_value_probability(double p) {
  tide_value v = tide_value_real(p < DBL_MIN ? DBL_MIN : p);
  if (v.kind == TIDE_VALUE_REAL)
    v.kind = TIDE_VALUE_PROBABILITY;
  return v;
}
static inline tide_value tide_value_time(int64_t seconds, int32_t offset) {
  return (tide_value){.kind = TIDE_VALUE_TIME, .time = {seconds, offset}};
}

#endif
