/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide compare: before and after the event, cut at its second. */
#include "commands.h"
#include "counting.h"
#include "spamtide/limits.h"

static bool bin_of_slot(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  return tide_windows_slot(&s->windows, time, bin, lasts);
}

static bool bin_of_history(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  return tide_compare_slot(&s->windows, time, bin, lasts);
}

static bool day_of_reach(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  const tide_bin reach = tide_compare_reach(&s->windows);
  if (time < reach.start || time >= reach.end)
    return false;
  *bin = s->windows.event + tide_day_of(s->windows.event, time) * 86400;
  *lasts = (tide_bin){*bin, *bin + 86400};
  return true;
}

/* "95", "99.9": hundredths of a percent are enough, and need no locale. */
static tide_status confidence_parse(const char *text, double *out, tide_error *err) {
  tide_span s = tide_span_of(text), whole = tide_span_slice(s, 0, tide_span_find_char(s, '.')),
            part = tide_span_slice(s, whole.len + 1, s.len);
  uint64_t percents = 0, hundredths = 0;
  bool sound =
      whole.len <= 3 && tide_span_uint(whole, &percents) &&
      (whole.len == s.len || (part.len > 0 && part.len <= 2 && tide_span_uint(part, &hundredths)));
  if (part.len == 1)
    hundredths *= 10;
  hundredths += 100 * percents;
  if (!sound || hundredths < 5000 || hundredths > 9999)
    return tide_error_set(err, TIDE_USAGE,
                          "--confidence takes a percentage from 50 to 99.99, not \"%s\"", text);
  *out = (double)hundredths / 10000;
  return TIDE_OK;
}

static tide_status contrast_of(const settings *o, tide_contrast_options *out, tide_error *err) {
  tide_span model = tide_span_of(o->model), errors = tide_span_of(o->errors);
  *out = (tide_contrast_options){.weekdays = o->weekdays, .trend = o->trend};
  out->model = tide_span_equal(model, SPAN("quasipoisson")) ? TIDE_MODEL_QUASIPOISSON
               : tide_span_equal(model, SPAN("negbin"))     ? TIDE_MODEL_NEGBIN
               : tide_span_equal(model, SPAN("exact"))      ? TIDE_MODEL_EXACT
                                                            : TIDE_MODEL_AUTO;
  out->errors = tide_span_equal(errors, SPAN("newey-west"))    ? TIDE_ERRORS_NEWEY_WEST
                : tide_span_equal(errors, SPAN("independent")) ? TIDE_ERRORS_INDEPENDENT
                                                               : TIDE_ERRORS_AR1;
  if (out->model == TIDE_MODEL_EXACT && (o->weekdays || o->trend))
    return tide_error_set(err, TIDE_USAGE, "--model exact has no --weekdays and no --trend");
  return confidence_parse(o->confidence, &out->confidence, err);
}

static tide_status windows_check(const tide_windows *w, tide_error *err) {
  const int64_t most = (int64_t)TIDE_LIMIT_DAYS * 86400;
  if (w->before > most || w->after > most || w->washout > most || w->before + w->after > most)
    return tide_error_set(err, TIDE_USAGE, "the windows and the washout may have %u days together",
                          TIDE_LIMIT_DAYS);
  return TIDE_OK;
}

int command_compare(const settings *o) {
  if (!o->event)
    return session_refuse("compare needs --event WHEN; `spamtide events` lists known ones");
  session s;
  counting counts = {.session = &s, .bin = bin_of_slot, .day = day_of_reach, .with_total = true};
  tide_compare table = {.history = tide_span_equal(tide_span_of(o->errors), SPAN("history")) &&
                                   !tide_span_equal(tide_span_of(o->model), SPAN("exact"))};
  if (table.history)
    counts.bin = bin_of_history;
  tide_error err = {0};
  tide_status status =
      session_open(&s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_IDENTITY, &err);
  if (status == TIDE_OK)
    status = contrast_of(o, &table.contrast, &err);
  if (status == TIDE_OK)
    status = windows_check(&s.windows, &err);
  if (status == TIDE_OK)
    status = session_columns(&s, &tide_compare_columns, s.group_count, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK)
    status = counting_event_check(&counts, &err);
  if (status == TIDE_OK) {
    table.windows = &s.windows;
    table.group_values = s.group_values;
    tide_extent extent = counting_extent(&counts);
    table.extent = &extent;
    tide_row_writer writer = {.row = session_row, .context = &s};
    status = tide_compare_write(&table, counts.total, counts.groups, &writer, &err);
    if (status == TIDE_OK)
      status = tide_compare_cautions(&table, counts.total, session_caution, NULL, &err);
  }
  counting_free(&counts);
  return session_close(&s, status, &err);
}
