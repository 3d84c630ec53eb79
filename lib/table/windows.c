/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows are cut to what the archive covers, and a day that it may have in part only is left out
 * where there is another. */
#include "table/table.h"

#include "base/invariant.h"

const char *tide_period_name(tide_period period) {
  switch (period) {
  case TIDE_PERIOD_NONE: return "";
  case TIDE_PERIOD_BEFORE: return "before";
  case TIDE_PERIOD_DURING: return "during";
  case TIDE_PERIOD_AFTER: return "after";
  case TIDE_PERIOD_OUTSIDE: return "outside";
  }
  return "";
}

/* a + b where the sum cannot leave the range of time: windows may be as long as a person likes. */
static int64_t add(int64_t a, int64_t b) {
  int64_t sum;
  if (!__builtin_add_overflow(a, b, &sum))
    return sum;
  return b < 0 ? INT64_MIN : INT64_MAX;
}

/* a - b where that cannot leave the range of time. */
static int64_t minus(int64_t a, int64_t b) {
  int64_t difference;
  if (!__builtin_sub_overflow(a, b, &difference))
    return difference;
  return b < 0 ? INT64_MAX : INT64_MIN;
}

static int64_t before_start(const tide_windows *w) {
  return w->has_before ? add(w->event, -w->before) : INT64_MIN;
}
static int64_t after_start(const tide_windows *w) {
  return add(w->event, w->washout);
}
static int64_t after_end(const tide_windows *w) {
  return w->has_after ? add(after_start(w), w->after) : INT64_MAX;
}

tide_period tide_windows_period_at(const tide_windows *w, int64_t time) {
  return tide_windows_period_of(w, (tide_bin){time, add(time, 1)});
}

tide_period tide_windows_period_of(const tide_windows *w, tide_bin bin) {
  if (!w->has_event)
    return TIDE_PERIOD_NONE;
  if (bin.start < w->event && bin.end > w->event)
    return TIDE_PERIOD_DURING;
  if (bin.end <= w->event)
    return bin.start >= before_start(w) ? TIDE_PERIOD_BEFORE : TIDE_PERIOD_OUTSIDE;
  return bin.start >= after_start(w) && bin.end <= after_end(w) ? TIDE_PERIOD_AFTER
                                                                : TIDE_PERIOD_OUTSIDE;
}

enum { DAY = 86400 };

int64_t tide_day_of(int64_t event, int64_t time) {
  const int64_t distance = minus(time, event);
  return distance / DAY - (distance % DAY < 0);
}

int64_t tide_day_from(int64_t event, int64_t time) {
  return -tide_day_of(time, event);
}

/* How much of a window stays, of which the archive has so many seconds. A day that it may have in
 * part is left out where there is another: what it lacks is not known, and a message in a window of
 * its own few seconds would be a rate of thousands a day. */
static int64_t part_covered(int64_t has, bool exact) {
  if (has <= 0)
    return 0;
  if (exact)
    return has;
  return has < DAY ? DAY : has / DAY * DAY;
}

tide_cover tide_extent_cover(const tide_extent *e) {
  tide_cover c = {.since_holds = e->has_since && e->first < add(e->since, DAY),
                  .until_holds = e->has_until && e->last >= add(e->until, -DAY)};
  c.begin = c.since_holds ? e->since : e->first;
  c.end = c.until_holds ? e->until : add(e->last, 1);
  return c;
}

tide_windows tide_windows_clip(const tide_windows *w, const tide_extent *e) {
  tide_windows clipped = *w;
  if (!e->any)
    return clipped;
  const tide_cover cover = tide_extent_cover(e);
  int64_t has = minus(w->event, cover.begin);
  if (has < w->before - (cover.since_holds ? 0 : DAY - 1))
    clipped.before = part_covered(has, cover.since_holds);
  has = minus(cover.end, after_start(w));
  if (has < w->after - (cover.until_holds ? 0 : DAY - 1))
    clipped.after = part_covered(has, cover.until_holds);
  TIDE_INVARIANT(clipped.before >= 0 && clipped.before <= w->before);
  TIDE_INVARIANT(clipped.after >= 0 && clipped.after <= w->after);
  return clipped;
}

bool tide_windows_slot(const tide_windows *w, int64_t time, int64_t *slot, tide_bin *lasts) {
  tide_period period = tide_windows_period_at(w, time);
  if (period != TIDE_PERIOD_BEFORE && period != TIDE_PERIOD_AFTER)
    return false;
  bool after = period == TIDE_PERIOD_AFTER;
  int64_t origin = after ? after_start(w) : w->event;
  *slot = tide_day_of(origin, time);
  *lasts = (tide_bin){origin + *slot * DAY, origin + (*slot + 1) * DAY};
  if (after && lasts->end > after_end(w))
    lasts->end = after_end(w);
  if (!after && lasts->start < before_start(w))
    lasts->start = before_start(w);
  TIDE_INVARIANT(lasts->start <= time && time < lasts->end);
  return true;
}
