#include "spamtide/table.h"

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
  return __builtin_add_overflow(a, b, &sum) ? (b < 0 ? INT64_MIN : INT64_MAX) : sum;
}

static int64_t before_start(const tide_windows *w) { return w->has_before ? add(w->event, -w->before) : INT64_MIN; }
static int64_t after_start(const tide_windows *w) { return add(w->event, w->washout); }
static int64_t after_end(const tide_windows *w) { return w->has_after ? add(after_start(w), w->after) : INT64_MAX; }

tide_period tide_windows_period_at(const tide_windows *w, int64_t time) {
  return tide_windows_period_of(w, (tide_bin){time, add(time, 1)});
}

tide_period tide_windows_period_of(const tide_windows *w, tide_bin bin) {
  if (!w->has_event) return TIDE_PERIOD_NONE;
  if (bin.start < w->event && bin.end > w->event) return TIDE_PERIOD_DURING;
  if (bin.end <= w->event) return bin.start >= before_start(w) ? TIDE_PERIOD_BEFORE : TIDE_PERIOD_OUTSIDE;
  return bin.start >= after_start(w) && bin.end <= after_end(w) ? TIDE_PERIOD_AFTER : TIDE_PERIOD_OUTSIDE;
}
