/* Tables: typed columns and rows of values, ready for an emitter. */
#ifndef SPAMTIDE_TABLE_H
#define SPAMTIDE_TABLE_H

#include "spamtide/arena.h"
#include "spamtide/bin.h"
#include "spamtide/buffer.h"
#include "spamtide/status.h"
#include "spamtide/tally.h"
#include "spamtide/value.h"

typedef struct tide_column {
  const char *name;
  const char *help; /* its meaning, for help, man pages and docs */
} tide_column;

/* Rows go to whoever wants them, one at a time; row and its text live until the call returns. */
typedef struct tide_row_writer {
  tide_status (*row)(void *context, const tide_value *row, size_t count, tide_error *);
  void *context;
} tide_row_writer;

/* The event and what is compared with what, in seconds since the epoch. Before is [event - before, event), after is
 * [event + washout, event + washout + after). */
typedef struct tide_windows {
  bool has_event;
  int64_t event;
  bool has_before, has_after; /* else everything on that side */
  int64_t before, after, washout;
} tide_windows;

typedef enum tide_period {
  TIDE_PERIOD_NONE,
  TIDE_PERIOD_BEFORE,
  TIDE_PERIOD_DURING,
  TIDE_PERIOD_AFTER,
  TIDE_PERIOD_OUTSIDE
} tide_period;

const char *tide_period_name(tide_period);
/* Of an instant: never DURING. Of a bin: BEFORE or AFTER only where all of it lies in that window. */
tide_period tide_windows_period_at(const tide_windows *, int64_t time);
tide_period tide_windows_period_of(const tide_windows *, tide_bin);

/* timeline: one row per bin and group. */
typedef struct tide_timeline {
  const tide_binning *binning;
  const tide_windows *windows;
  bool has_since, has_until;
  int64_t since, until;     /* bins are shown from since and before until even where there is no mail */
  size_t group_values;      /* values in a group: columns between period and messages */
} tide_timeline;

extern const tide_column tide_timeline_columns[];
enum { TIDE_TIMELINE_FIXED_BEFORE = 2, TIDE_TIMELINE_FIXED_AFTER = 3 };
/* Columns: bin_start, period, [group columns], messages, bytes, origins. The tally's bins are bin starts. TIDE_FATAL where there would be more than
 * TIDE_LIMIT_ROWS rows. */
tide_status tide_timeline_write(const tide_timeline *, const tide_tally *, const tide_row_writer *, tide_error *);

/* compare: one row per group and unit. The tally's bins are TIDE_PERIOD_BEFORE and TIDE_PERIOD_AFTER; `total` holds each message once, in
 * the empty group. */
typedef struct tide_compare {
  const tide_windows *windows; /* all of it set */
  size_t group_values;
} tide_compare;

extern const tide_column tide_compare_columns[];
enum { TIDE_COMPARE_FIXED_AFTER = 17 };
tide_status tide_compare_write(const tide_compare *, const tide_tally *total, const tide_tally *groups, const tide_row_writer *,
                               tide_error *);

/* The group of all messages, in tables that hold a total. */
#define TIDE_GROUP_ALL "(all)"
#define TIDE_GROUP_OTHER "(other)"

/* A copy of `from` that keeps the `top` groups with the most messages and puts the rest into TIDE_GROUP_OTHER. */
tide_status tide_tally_top(const tide_tally *from, uint32_t top, size_t group_values, tide_tally **out);

#endif
