/* spamtide compare: before and after the event, cut at its second. */
#include "commands.h"
#include "counting.h"

static bool bin_of_period(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  tide_period period = tide_windows_period_at(&s->windows, time);
  *bin = period;
  *lasts = (tide_bin){time, time};
  return period == TIDE_PERIOD_BEFORE || period == TIDE_PERIOD_AFTER;
}

int command_compare(const settings *o) {
  if (!o->event) return session_refuse("compare needs --event WHEN; `spamtide events` lists known ones");
  session s;
  counting counts = {.session = &s, .bin = bin_of_period, .with_total = true};
  tide_error err = {0};
  tide_status status = session_open(&s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  if (status == TIDE_OK) status = session_group_columns(&s, &err);
  for (size_t i = 0; i < TIDE_COMPARE_FIXED_AFTER && status == TIDE_OK; i++)
    status = session_column(&s, tide_span_of(tide_compare_columns[i].name), &err);
  if (status == TIDE_OK) status = session_begin(&s, &err);
  if (status == TIDE_OK) status = counting_run(&counts, &err);
  if (status == TIDE_OK) {
    tide_compare table = {.windows = &s.windows, .group_values = s.group_values};
    tide_row_writer writer = {.row = session_row, .context = &s};
    status = tide_compare_write(&table, counts.total, counts.groups, &writer, &err);
  }
  counting_free(&counts);
  return session_close(&s, status, &err);
}
