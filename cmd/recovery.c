/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide recovery: how long after an event until the volume was back. */
#include "spamtide/recovery_table.h"

#include "commands.h"
#include "counting.h"

enum { DAY = 86400 };

static bool bin_of_day(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  *bin = tide_recovery_day(s->windows.event, time);
  int64_t start = s->windows.event + *bin * DAY;
  *lasts = (tide_bin){start, start + DAY};
  return true;
}

static bool day_of_archive(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  bin_of_day(s, time, bin, lasts);
  *bin = lasts->start;
  return true;
}

static tide_status days_of(const char *name, int64_t seconds, tide_error *err) {
  if (seconds % DAY == 0)
    return TIDE_OK;
  return tide_error_set(err, TIDE_USAGE, "--%s takes whole days", name);
}

int command_recovery(const settings *o) {
  if (!o->event)
    return session_refuse("recovery needs --event WHEN; `spamtide events` lists known ones");
  session s;
  counting counts = {.session = &s, .bin = bin_of_day, .day = day_of_archive, .with_total = true};
  tide_error err = {0};
  tide_status status = session_open(&s, o, TIDE_PART_TIME, &err);
  if (status == TIDE_OK)
    status = days_of("before", o->before, &err);
  if (status == TIDE_OK)
    status = days_of("smooth", o->smooth, &err);
  if (status == TIDE_OK)
    status = days_of("sustain", o->sustain, &err);
  if (status == TIDE_OK)
    status = session_columns(&s, &tide_recovery_columns, s.group_count, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK) {
    tide_recovery_table table = {.zone = s.zone,
                                 .event = s.windows.event,
                                 .before_days = o->before / DAY,
                                 .options = {.to = (double)o->to / 100,
                                             .smooth = (size_t)(o->smooth / DAY),
                                             .sustain = (size_t)(o->sustain / DAY)},
                                 .group_values = s.group_values};
    tide_row_writer writer = {.row = session_row, .context = &s};
    tide_extent extent = counting_extent(&counts);
    status = tide_recovery_write(&table, &extent, counts.total, counts.groups, &writer, &err);
  }
  counting_free(&counts);
  return session_close(&s, status, &err);
}
