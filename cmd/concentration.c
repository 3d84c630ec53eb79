/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide concentration: how much of the mail comes from how few. */
#include "spamtide/concentration_table.h"

#include "commands.h"
#include "counting.h"

static bool bin_of_period(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  tide_period period = tide_windows_period_at(&s->windows, time);
  *bin = period;
  *lasts = (tide_bin){time, time};
  return period != TIDE_PERIOD_OUTSIDE;
}

int command_concentration(const settings *asked) {
  static const char *origin[] = {"origin"};
  enum { WINDOW = 28 * 86400 };
  settings o = *asked;
  if (o.by.count == 0)
    o.by = (option_list){.items = origin, .count = 1};
  /* The more messages, the more of the rare groups are seen: windows of different lengths would not
   * compare. */
  if (o.event && !o.before)
    o.before = o.after ? o.after : WINDOW;
  if (o.event && !o.after)
    o.after = o.before;
  session s;
  counting counts = {.session = &s, .bin = bin_of_period};
  tide_error err = {0};
  tide_status status = session_open(&s, &o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  if (status == TIDE_OK) /* the last group is what is measured */
    status = session_columns(&s, &tide_concentration_columns, s.group_count - 1, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK && s.windows.has_event && counting_event_check(&counts, &err) != TIDE_OK)
    session_caution(NULL, err.text);
  if (status == TIDE_OK) {
    size_t last = s.group_count - 1;
    tide_concentration_table table = {.windows = &s.windows,
                                      .group_values = s.group_values,
                                      .inner_values = session_group_width(&s, last),
                                      .absent = tide_span_of(s.groups[last].field->absent)};
    tide_row_writer writer = {.row = session_row, .context = &s};
    status = tide_concentration_write(&table, counts.groups, &writer, &err);
  }
  counting_free(&counts);
  return session_close(&s, status, &err);
}
