/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide placebo: the comparison at the event's date and at all others. */
#include "commands.h"
#include "counting.h"
#include "spamtide/limits.h"

static bool bin_of_day(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  *bin = tide_day_of(s->windows.event, time);
  *lasts = (tide_bin){time, time};
  return true;
}

static bool day_of_archive(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  *bin = s->windows.event + tide_day_of(s->windows.event, time) * 86400;
  *lasts = (tide_bin){*bin, *bin + 86400};
  return true;
}

int command_placebo(const settings *o) {
  if (!o->event)
    return session_refuse("placebo needs --event WHEN; `spamtide events` lists known ones");
  if (o->before % 86400 || o->after % 86400 || o->washout % 86400)
    return session_refuse(
        "placebo takes --before, --after and --washout in whole days, such as 28d");
  const int64_t most = (int64_t)TIDE_LIMIT_DAYS * 86400;
  if (o->before > most || o->after > most || o->washout > most)
    return session_refuse("the windows and the washout are too long");
  session s;
  counting counts = {.session = &s, .bin = bin_of_day, .day = day_of_archive, .with_total = true};
  tide_error err = {0};
  tide_status status = session_open(&s, o, TIDE_PART_TIME, &err);
  if (status == TIDE_OK)
    status = session_columns(&s, &tide_placebo_columns, s.group_count, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK)
    status = counting_event_check(&counts, &err);
  if (status == TIDE_OK) {
    tide_placebo table = {.windows = &s.windows, .group_values = s.group_values, .zone = s.zone};
    tide_extent extent = counting_extent(&counts);
    tide_row_writer writer = {.row = session_row, .context = &s};
    status = tide_placebo_write(&table, counts.total, counts.groups, &extent, &writer, &err);
  }
  counting_free(&counts);
  return session_close(&s, status, &err);
}
