/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/recovery.h"

#include <math.h>
#include <stdlib.h>

const char *tide_recovery_status_name(tide_recovery_status status) {
  static const char *const names[] = {
#define X(id, name, meaning) name,
      TIDE_RECOVERY_STATUSES(X)
#undef X
  };
  return names[status];
}

/* Smoothed levels: levels[i] is that at the end of day i + smooth, of the days that are known, and
 * where none is, what it was before. Sums are of whole numbers, so that taking off what was added
 * leaves no error. */
static void smooth(const double *days, size_t count, size_t width, double *levels) {
  double sum = 0, last = 0;
  size_t known = 0;
  for (size_t d = 0; d < count; d++) {
    if (!isnan(days[d])) {
      sum += days[d];
      known++;
    }
    if (d >= width && !isnan(days[d - width])) {
      sum -= days[d - width];
      known--;
    }
    if (known)
      last = sum / (double)known;
    if (d + 1 >= width)
      levels[d + 1 - width] = last;
  }
}

/* The first level from which on `sustain` more are all at least `target` too; count where there is
 * none. */
static size_t stays(const double *levels, size_t count, double target, size_t sustain) {
  size_t run = 0;
  for (size_t i = 0; i < count; i++) {
    run = levels[i] >= target ? run + 1 : 0;
    if (run == sustain + 1)
      return i - sustain;
  }
  return count;
}

static bool fell(const double *levels, size_t count, double target, size_t sustain) {
  for (size_t i = 0; i < count && i <= sustain; i++)
    if (levels[i] < target)
      return true;
  return false;
}

/* The first level below target: recovery begins behind it. */
static size_t below(const double *levels, size_t count, double target) {
  size_t i = 0;
  while (i < count && levels[i] >= target)
    i++;
  return i;
}

static void find(const double *levels, size_t count, const tide_recovery_options *o,
                 tide_recovery *r) {
  r->first = levels[0];
  r->last = levels[count - 1];
  size_t end = count; /* of what `lowest` looks at */
  if (!fell(levels, count, r->target, o->sustain)) {
    r->status = TIDE_RECOVERY_NEVER_FELL;
  } else {
    size_t start = below(levels, count, r->target),
           back = start + stays(levels + start, count - start, r->target, o->sustain);
    r->status = back < count ? TIDE_RECOVERY_RECOVERED : TIDE_RECOVERY_NOT_WITHIN;
    if (back < count) {
      r->days = back + o->smooth;
      end = back;
    }
    if (r->first < r->before) {
      size_t half = stays(levels, count, (r->before + r->first) / 2, o->sustain);
      r->has_half = half < count;
      if (r->has_half)
        r->half_days = half + o->smooth;
    }
  }
  size_t lowest = 0;
  for (size_t i = 1; i < end; i++)
    if (levels[i] < levels[lowest])
      lowest = i;
  r->lowest = levels[lowest];
  r->lowest_day = lowest + o->smooth;
}

tide_status tide_recovery_find(const double *before, size_t before_days, const double *after,
                               size_t after_days, const tide_recovery_options *o,
                               tide_recovery *out) {
  double sum = 0;
  size_t known = 0;
  *out = (tide_recovery){.status = TIDE_RECOVERY_TOO_SHORT};
  for (size_t d = 0; d < before_days; d++) {
    if (isnan(before[d]))
      continue;
    sum += before[d];
    known++;
  }
  if (known) {
    out->before = sum / (double)known;
    out->target = o->to * out->before;
  }
  if (known == 0 || o->smooth == 0 || after_days < o->smooth)
    return TIDE_OK;
  if (sum < TIDE_RECOVERY_LEAST) {
    out->status = sum > 0 ? TIDE_RECOVERY_TOO_FEW : TIDE_RECOVERY_NOTHING_BEFORE;
    return TIDE_OK;
  }
  size_t count = after_days - o->smooth + 1;
  double *levels = malloc(count * sizeof *levels);
  if (!levels)
    return TIDE_FATAL;
  smooth(after, after_days, o->smooth, levels);
  find(levels, count, o, out);
  free(levels);
  return TIDE_OK;
}
