/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs are sorted by qsort_r, which takes milliseconds for each, and merged in pairs. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

enum { RUN = 4096, LOOK = 1024 };

typedef struct sorting {
  size_t count, size;
  int (*compare)(const void *, const void *, void *);
  void *context;
  const atomic_bool *stop;
} sorting;

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* Merges the runs [begin, middle) and [middle, end) of `from` into `to`. */
static bool merge(const sorting *s, const char *from, char *to, size_t begin, size_t middle,
                  size_t end) {
  const size_t size = s->size;
  size_t a = begin, b = middle, out = begin;
  for (; a < middle && b < end; out++) {
    if (out % LOOK == 0 && tide_stopped(s->stop))
      return false;
    const bool first = s->compare(from + a * size, from + b * size, s->context) <= 0;
    memcpy(to + out * size, from + (first ? a : b) * size, size);
    a += first;
    b += !first;
  }
  memcpy(to + out * size, from + a * size, (middle - a) * size);
  memcpy(to + (out + middle - a) * size, from + b * size, (end - b) * size);
  return true;
}

tide_status tide_sort(void *elements, size_t count, size_t size,
                      int (*compare)(const void *, const void *, void *context), void *context,
                      const atomic_bool *stop) {
  const sorting s = {count, size, compare, context, stop};
  char *from = elements;
  for (size_t at = 0; at < count; at += RUN) {
    if (tide_stopped(stop))
      return TIDE_END;
    qsort_r(from + at * size, least(RUN, count - at), size, compare, context);
  }
  if (count <= RUN)
    return TIDE_OK;
  char *other = tide_zeros_new(count, size), *to = other; /* given back to the system at once */
  if (!other)
    return TIDE_FATAL;
  bool done = true;
  for (size_t run = RUN; run < count && done; run *= 2) {
    for (size_t at = 0; at < count && done; at += 2 * run)
      done = merge(&s, from, to, at, least(at + run, count), least(at + 2 * run, count));
    char *swap = from;
    from = to;
    to = swap;
  }
  if (done && from == other)
    memcpy(elements, other, count * size);
  tide_zeros_free(other, count, size);
  return done ? TIDE_OK : TIDE_END;
}
