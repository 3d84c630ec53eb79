/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide timeline: one row per bin, and per group where --by is given. */
#include "commands.h"
#include "counting.h"

int command_timeline(const settings *o) {
  session s;
  counting counts = {.session = &s, .bin = counting_bin_start};
  tide_error err = {0};
  tide_status status = session_open(&s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  if (status == TIDE_OK)
    status = session_columns(&s, &tide_timeline_columns, s.group_count, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK && s.windows.has_event && counting_event_check(&counts, &err) != TIDE_OK)
    session_caution(NULL, err.text);
  if (status == TIDE_OK) {
    tide_timeline table = {.binning = &s.binning,
                           .windows = &s.windows,
                           .has_since = s.run.has_since,
                           .has_until = s.run.has_until,
                           .since = s.run.since,
                           .until = s.run.until,
                           .group_values = s.group_values};
    tide_row_writer writer = {.row = session_row, .context = &s};
    status = tide_timeline_write(&table, counts.groups, &writer, &err);
  }
  counting_free(&counts);
  return session_close(&s, status, &err);
}
