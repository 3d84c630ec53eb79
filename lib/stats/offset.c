/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A control as an offset: its smoothed level goes into the widths of bins, so that whatever looks
 * at levels, how they stray and when they changed needs to know nothing of it. */
#include "stats/offset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "even.h"
#include "stats/wander.h"

static double sum_of(const double *a, size_t from, size_t to) {
  double sum = 0;
  for (size_t i = from; i < to; i++)
    sum += a[i];
  return sum;
}

/* The control without its bursts, a bin of mean width each. room is for 4 n. */
static const double *calm_make(const double *control, const double *widths, size_t n, size_t around,
                               double *room) {
  double *even = room, *calm = room + n;
  memcpy(even, control, n * sizeof *even);
  tide_even_widths(even, widths, n);
  tide_even_bursts(even, n, TIDE_WANDER_AROUND * around, calm, calm + n);
  return calm;
}

tide_status tide_offset_widths(const double *control, const double *widths, size_t n, size_t around,
                               double *out) {
  double *room = calloc(4 * n + 1, sizeof *room);
  if (!room)
    return TIDE_FATAL;
  const double *calm = calm_make(control, widths, n, around, room),
               mean = sum_of(calm, 0, n) / (double)n;
  for (size_t i = 0; i < n; i++) {
    const size_t low = i > around / 2 ? i - around / 2 : 0,
                 high = i + around / 2 + 1 < n ? i + around / 2 + 1 : n;
    const double messages = sum_of(calm, low, high) + 1, usual = mean * (double)(high - low) + 1;
    out[i] = widths[i] * (mean > 0 ? messages / usual : 1);
  }
  free(room);
  return TIDE_OK;
}

/* The logarithm of the ratio of two windows, the first from bin `from` on; one message is added, so
 * that an empty window has one (as in stats/wander.h). */
static double log_ratio(const double *counts, const double *widths, size_t from, size_t window) {
  const double before = sum_of(counts, from, from + window),
               after = sum_of(counts, from + window, from + 2 * window),
               before_width = sum_of(widths, from, from + window),
               after_width = sum_of(widths, from + window, from + 2 * window),
               half = before_width / (before_width + after_width);
  return log((after + 1 - half) * before_width / ((before + half) * after_width));
}

static bool holds_change(const tide_offset_pair *p, size_t from, size_t to) {
  for (size_t i = 0; i < p->boundaries; i++)
    if (p->boundary[i] > from && p->boundary[i] < to)
      return true;
  return false;
}

static tide_offset_common measure(const tide_offset_pair *p, size_t window) {
  tide_offset_common c = {.correlation = NAN};
  double own = 0, its = 0, both = 0;
  for (size_t at = 0; at + 2 * window <= p->n; at++) {
    if (holds_change(p, at, at + 2 * window))
      continue;
    const double a = log_ratio(p->counts, p->widths, at, window),
                 b = log_ratio(p->control, p->widths, at, window);
    c.places++;
    own += a * a;
    its += b * b;
    both += a * b;
  }
  if (c.places < TIDE_OFFSET_WINDOWS * window)
    return (tide_offset_common){.correlation = NAN};
  c.alone = own / (double)c.places;
  c.spread = (own + its - 2 * both) / (double)c.places;
  if (own > 0 && its > 0)
    c.correlation = both / sqrt(own * its);
  return c;
}

tide_offset_common tide_offset_in_common(const tide_offset_pair *p) {
  const tide_offset_common c = measure(p, TIDE_OFFSET_UNITS * p->unit);
  return c.places ? c : measure(p, TIDE_OFFSET_UNITS / 2 * p->unit);
}

bool tide_offset_is_apart(const tide_offset_common *c) {
  return c->places && c->spread >= c->alone;
}
