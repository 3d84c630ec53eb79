/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": names are few and short, so all are looked at. */
#include "base/nearest.h"

#include <string.h>

enum { LENGTH_MAX = 64 };

/* Levenshtein's distance of two short names; large where one is too long. */
static unsigned distance(tide_span a, tide_span b) {
  unsigned row[LENGTH_MAX + 1];
  if (a.len > LENGTH_MAX || b.len > LENGTH_MAX)
    return LENGTH_MAX;
  for (size_t j = 0; j <= b.len; j++)
    row[j] = (unsigned)j;
  for (size_t i = 1; i <= a.len; i++) {
    unsigned diagonal = row[0];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= b.len; j++) {
      unsigned change = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]), least = row[j] + 1;
      diagonal = row[j];
      if (row[j - 1] + 1 < least)
        least = row[j - 1] + 1;
      row[j] = change < least ? change : least;
    }
  }
  return row[b.len];
}

const char *tide_nearest(tide_span typed, const char *const *names, size_t count) {
  const char *best = NULL;
  unsigned least = 3; /* two slips at most, and fewer than half of the letters */
  for (size_t i = 0; i < count; i++) {
    tide_span name = tide_span_of(names[i]);
    unsigned d = distance(typed, name);
    if (typed.len >= 2 && tide_span_equal(tide_span_slice(name, 0, typed.len), typed))
      d = 1;
    if (d < least && 2 * d <= name.len) {
      least = d;
      best = names[i];
    }
  }
  return best;
}
