/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The comparison of two windows is made again at each day that has room for both, from running
 * sums, and the event takes its rank among them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate.h"
#include "groups.h"
#include "base/limits.h"
#include "table/outages.h"
#include "table/receivers.h"
#include "stats/reference.h"

typedef enum kind { KIND_EVENT, KIND_PLACEBO, KIND_OVERLAP, KIND_GAP } kind;

static const char *const kind_names[] = {"event", "placebo", "overlap", "gap"};

/* One date. */
typedef struct placebo_row {
  const tide_zone *zone;
  int64_t time;
  kind kind;
  double before, after, before_days, after_days, control, statistic;
  uint64_t placebos, rank; /* how many there are, and the event's rank among them; rank 0: none */
  size_t history_dates;
  double history_p;
  char cautions[TIDE_CAUTIONS_TEXT];
} placebo_row;

TIDE_GETTER(placebo_row, date, tide_zone_value(r->zone, r->time))
TIDE_GETTER(placebo_row, kind, tide_value_word(tide_span_of(kind_names[r->kind])))
TIDE_GETTER(placebo_row, before, tide_value_uint((uint64_t)r->before))
TIDE_GETTER(placebo_row, after, tide_value_uint((uint64_t)r->after))
TIDE_GETTER(placebo_row, change_pct,
            tide_value_real(r->before > 0 ? percent(r->after / r->after_days /
                                                    (r->before / r->before_days) / r->control)
                                          : NAN))
TIDE_GETTER(placebo_row, statistic, tide_value_real(r->statistic))
TIDE_GETTER(placebo_row, rank,
            r->kind == KIND_EVENT && r->placebos && r->rank ? tide_value_uint(r->rank)
                                                            : tide_value_empty())
TIDE_GETTER(placebo_row, placebos,
            r->kind == KIND_EVENT ? tide_value_uint(r->placebos) : tide_value_empty())
TIDE_GETTER(placebo_row, placebo_p,
            r->kind == KIND_EVENT && r->placebos && r->rank
                ? tide_value_probability((double)r->rank / (double)(r->placebos + 1))
                : tide_value_empty())

TIDE_GETTER(placebo_row, history_p,
            r->kind == KIND_EVENT ? tide_value_probability(r->history_p) : tide_value_empty())
TIDE_GETTER(placebo_row, history_dates,
            r->kind == KIND_EVENT && r->history_dates ? tide_value_uint(r->history_dates)
                                                      : tide_value_empty())

TIDE_GETTER(placebo_row, cautions, tide_value_text(tide_span_of(r->cautions)))

static const tide_column placebo_columns[] = {
    {.name = "date",
     .help = "the date of the comparison, a whole number of days from the event",
     .get = get_date},
    {.name = "kind",
     .help = "event: the event itself; placebo: neither a window nor the washout contains the "
             "event; overlap: one of them does; gap: one of them contains days on which nothing "
             "was collected. Overlaps and gaps are not ranked",
     .get = get_kind},
    {.name = "before", .help = "messages in the window before that date", .get = get_before},
    {.name = "after", .help = "messages in the window after it", .get = get_after},
    {.name = "change_pct",
     .help = "change of the rate in percent, with --control relative to that of the control; empty "
             "if there was nothing before",
     .get = get_change_pct},
    {.name = "statistic",
     .help = "what is ranked: logarithm of (after + 0.5) / after_days over (before + 0.5) / "
             "before_days, which is defined even if a window is empty; with --control, minus that "
             "of the control, and empty if the control has none on a side",
     .get = get_statistic},
    {.name = "rank",
     .help = "in the event's row: its place among the event and all placebos, with the largest "
             "change in either direction first; ties count against the event",
     .get = get_rank},
    {.name = "placebos",
     .help = "in the event's row: how many placebos have a statistic",
     .get = get_placebos},
    {.name = "placebo_p",
     .help = "in the event's row: rank / (placebos + 1)",
     .get = get_placebo_p},
    {.name = "history_p",
     .help = "in the event's row: two-sided p-value as compare gives it: by how much the ratio "
             "varied at the dates whose windows end before the event, or by a model of the event's "
             "days, whichever is larger; empty if the windows fit into those dates less than four "
             "times",
     .get = get_history_p},
    {.name = "history_dates",
     .help = "in the event's row: how many such dates there are",
     .get = get_history_dates},
    {.name = "cautions",
     .help =
         "reasons not to trust the row: weeks (the windows are not whole weeks), gap (days on "
         "which nothing was collected were left out), receiver (one of several servers received "
         "nothing for days, while others did), nothing-before, and in the event's row no-history "
         "(fewer than four windows before the event: there is no history_p), few-placebos (fewer "
         "than 19: placebo_p cannot be below 0.05), control-empty (the control has no messages "
         "before or none after), control-apart (the control moves differently)",
     .get = get_cautions},
};

const tide_columns tide_placebo_columns = TIDE_COLUMNS(placebo_columns);

/* Days from the event; the days of the archive, and the dates whose windows they hold. */
typedef struct span_of_days {
  int64_t before, washout, after;
  int64_t first, last;           /* whole days of the archive */
  int64_t first_date, last_date; /* no date where first_date > last_date */
  double *sums, *control_sums;   /* of a group and of the control, up to each day */
  size_t *gaps;                  /* days of gaps up to each day */
  double *values, *control;      /* of each day; control: NULL without one */
  bool *gap;
} span_of_days;

static tide_status days_of(const tide_windows *w, const tide_extent *e, span_of_days *d,
                           tide_error *err) {
  *d = (span_of_days){.before = w->before / SECONDS_A_DAY,
                      .washout = w->washout / SECONDS_A_DAY,
                      .after = w->after / SECONDS_A_DAY};
  if (!e->any)
    return tide_error_set(err, TIDE_USAGE, "there is no dated mail to compare");
  /* Whole days: the first begins where the archive does, or later, and that of the last message may
   * not be over. */
  tide_cover cover = tide_extent_cover(e);
  d->first = tide_day_from(w->event, cover.begin);
  d->last = tide_day_of(w->event, cover.end) - 1;
  d->first_date = d->first + d->before;
  d->last_date = d->last + 1 - d->after - d->washout;
  const int64_t before = d->first < 0 ? -d->first : 0, after = d->last >= 0 ? d->last + 1 : 0;
  if (d->first_date > 0 || d->last_date < 0)
    return tide_error_set(err, TIDE_USAGE,
                          "the archive has whole days from %lld %s before the event to %lld %s "
                          "after it, and the windows need %lld and %lld: choose shorter ones",
                          (long long)before, tide_plural(before, "day", "days"), (long long)after,
                          tide_plural(after, "day", "days"), (long long)d->before,
                          (long long)(d->washout + d->after));
  if (d->last_date - d->first_date >= (int64_t)TIDE_LIMIT_PLACEBOS)
    return tide_error_set(err, TIDE_FATAL,
                          "more than %u dates to compare at: choose --since and --until",
                          TIDE_LIMIT_PLACEBOS);
  return TIDE_OK;
}

static void days_free(span_of_days *d) {
  free(d->sums);
  free(d->control_sums);
  free(d->control);
  free(d->gaps);
  free(d->values);
  free(d->gap);
}

/* Messages of a day, of a group. Of a day that --exclude cuts into, the rest is left out too. */
static double day_count(const span_of_days *d, const tide_tally *t, int64_t day, uint32_t group) {
  if (!tide_tally_group_count(t) || d->gap[day - d->first])
    return 0;
  return (double)tide_tally_count(t, day, group).messages;
}

static tide_status control_open(const tide_tally *t, span_of_days *d) {
  const size_t count = (size_t)(d->last - d->first) + 1;
  d->control = calloc(count, sizeof *d->control);
  d->control_sums = calloc(count + 1, sizeof *d->control_sums);
  if (!d->control || !d->control_sums)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++) {
    d->control[i] = day_count(d, t, d->first + (int64_t)i, 0);
    d->control_sums[i + 1] = d->control_sums[i] + d->control[i];
  }
  return TIDE_OK;
}

/* Room for the days, and which of them are gaps. */
static tide_status days_open(const tide_placebo *p, const tide_extent *e, span_of_days *d) {
  const size_t count = (size_t)(d->last - d->first) + 1;
  tide_outages outages;
  d->sums = calloc(count + 1, sizeof *d->sums);
  d->gaps = calloc(count + 1, sizeof *d->gaps);
  d->values = calloc(count, sizeof *d->values);
  d->gap = calloc(count, sizeof *d->gap);
  if (!d->sums || !d->gaps || !d->values || !d->gap)
    return TIDE_FATAL;
  TIDE_TRY(tide_outages_around(p->windows->event, d->first, d->last, e, &outages));
  for (size_t i = 0; i < count; i++) {
    const int64_t day = p->windows->event + (d->first + (int64_t)i) * SECONDS_A_DAY;
    d->gap[i] = tide_outages_overlap(&outages, day, day + SECONDS_A_DAY) > 0;
    d->gaps[i + 1] = d->gaps[i] + d->gap[i];
  }
  tide_outages_free(&outages);
  return p->control ? control_open(p->control, d) : TIDE_OK;
}

/* Days [from, to). */
typedef struct window {
  double messages, days; /* days: without gaps */
} window;

static window window_of(const span_of_days *d, const double *sums, int64_t from, int64_t to) {
  const size_t begin = (size_t)(from - d->first), end = (size_t)(to - d->first);
  return (window){sums[end] - sums[begin],
                  (double)(to - from) - (double)(d->gaps[end] - d->gaps[begin])};
}

/* The windows at a date, of running totals. */
static double log_ratio(const span_of_days *d, const double *sums, int64_t date, window *before,
                        window *after) {
  *before = window_of(d, sums, date - d->before, date);
  *after = window_of(d, sums, date + d->washout, date + d->washout + d->after);
  if (!(before->days > 0) || !(after->days > 0))
    return NAN;
  return log((after->messages + 0.5) / after->days) - log((before->messages + 0.5) / before->days);
}

/* The same of the control: 0 without one, and NaN if it has nothing on a side to compare with.
 */
static double control_log_ratio(const span_of_days *d, int64_t date) {
  window before, after;
  if (!d->control)
    return 0;
  const double ratio = log_ratio(d, d->control_sums, date, &before, &after);
  return before.messages > 0 && after.messages > 0 ? ratio : NAN;
}

/* By how much the control's rate changed: 1 without one. */
static double control_ratio(const span_of_days *d, int64_t date) {
  window before, after;
  if (!d->control)
    return 1;
  log_ratio(d, d->control_sums, date, &before, &after);
  return before.messages > 0 && after.messages > 0
             ? after.messages / after.days / (before.messages / before.days)
             : NAN;
}

static double statistic(const span_of_days *d, int64_t date, window *before, window *after) {
  return log_ratio(d, d->sums, date, before, after) - control_log_ratio(d, date);
}

static kind kind_of(const span_of_days *d, int64_t date) {
  if (date == 0)
    return KIND_EVENT;
  /* The event is the instant at which day 0 begins. A window that ends or begins there does not
   * hold it. */
  if (date - d->before < 0 && date + d->washout + d->after > 0)
    return KIND_OVERLAP;
  const size_t from = (size_t)(date - d->before - d->first),
               to = (size_t)(date + d->washout + d->after - d->first);
  return d->gaps[to] > d->gaps[from] ? KIND_GAP : KIND_PLACEBO;
}

enum { PLACEBOS_LEAST = 19 };

static unsigned cautions_of(const tide_placebo *p, const span_of_days *d,
                            const tide_reference *history, const placebo_row *r) {
  const bool event = r->kind == KIND_EVENT,
             gap = r->before_days + r->after_days < (double)(d->before + d->after);
  const tide_windows *w = p->windows;
  const int64_t behind = r->time + w->washout;
  const bool receiver =
      tide_receiver_gaps_tilt(p->receivers, (tide_bin){r->time - w->before, r->time},
                              (tide_bin){behind, behind + w->after});
  const bool holds[TIDE_CAUTION_COUNT] = {
      [TIDE_CAUTION_WEEKS] = !tide_estimate_windows_are_weeks(p->windows),
      [TIDE_CAUTION_GAP] = gap,
      [TIDE_CAUTION_RECEIVER] = receiver,
      [TIDE_CAUTION_NOTHING_BEFORE] = !(r->before > 0),
      [TIDE_CAUTION_NO_HISTORY] = event && !r->history_dates,
      [TIDE_CAUTION_CONTROL_EMPTY] = event && isnan(control_log_ratio(d, 0)),
      [TIDE_CAUTION_CONTROL_APART] =
          event && d->control && history->dates && history->spread >= history->alone,
      [TIDE_CAUTION_FEW_PLACEBOS] = event && r->placebos < PLACEBOS_LEAST};
  return tide_cautions_set(holds);
}

/* What the rows are of, and where they go. */
typedef struct placebo_rows {
  const tide_placebo *placebo;
  span_of_days *days;
  const tide_row_writer *writer;
} placebo_rows;

/* What a group's rows have in common. */
typedef struct placebo_group {
  tide_reference history;
  double history_p;
  uint64_t placebos, rank; /* rank 0: none */
} placebo_group;

static void group_count(span_of_days *d, tide_table_group g) {
  for (int64_t day = d->first; day <= d->last; day++) {
    const size_t i = (size_t)(day - d->first);
    d->values[i] = day_count(d, g.tally, day, g.number);
    d->sums[i + 1] = d->sums[i] + d->values[i];
  }
}

static const double confidence = 0.95;

/* Adds the days [from, to) that are no gaps. */
static void series_add(const span_of_days *d, int64_t from, int64_t to, double *room[3],
                       size_t *count) {
  for (int64_t day = from; day < to; day++) {
    const size_t i = (size_t)(day - d->first);
    if (d->gap[i])
      continue;
    room[0][*count] = d->values[i];
    room[1][*count] = 1;
    room[2][(*count)++] = (double)day;
  }
}

/* What a model of the event's days says, as for compare. */
static tide_status model_make(const span_of_days *d, tide_contrast *out) {
  const tide_contrast_options options = {.confidence = confidence};
  const size_t most = (size_t)(d->before + d->after);
  double *numbers = calloc(3 * most + 1, sizeof *numbers);
  double *room[] = {numbers, numbers + most, numbers + 2 * most};
  size_t count = 0;
  if (!numbers)
    return TIDE_FATAL;
  series_add(d, -d->before, 0, room, &count);
  series_add(d, d->washout, d->washout + d->after, room, &count);
  const tide_series series = {count, room[0], room[1], room[2]};
  const tide_status status = tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, out);
  free(numbers);
  return status;
}

/* Where one window is silent, the other's messages count as the independent events that they are
 * worth. */
static double wait_p(const span_of_days *d, const tide_reference *history, window before,
                     window after) {
  const bool fell = before.messages > 0;
  const int64_t from = fell ? -d->before : d->washout;
  const size_t length = (size_t)(fell ? d->before : d->after);
  const double events = tide_wait_events(d->values + (from - d->first), length);
  return fell ? tide_wait_p(events, before.days, after.days, history)
              : tide_wait_p(events, after.days, before.days, history);
}

/* The larger of the model's p-value and that by the earlier dates, which a presumed wander joins
 * where they are few: what compare gives these windows. */
static tide_status history_p(const span_of_days *d, const tide_reference *history, window before,
                             window after, double *p) {
  const double apart = (double)(d->before / 2 + d->washout + d->after / 2);
  tide_contrast e;
  tide_reference r = *history;
  TIDE_TRY(model_make(d, &e));
  if (strncmp(e.method, "exact", strlen("exact")) == 0) {
    const bool silent = !(before.messages > 0) || !(after.messages > 0);
    const tide_reference_few few = {(uint64_t)before.messages, (uint64_t)after.messages,
                                    before.days, after.days};
    tide_reference_presume(&r, tide_reference_presumed_few(before.messages, after.messages,
                                                           silent ? 1 : e.dispersion, apart));
    tide_reference_calibrate_exact(&r, &few, confidence, &e);
    if (silent)
      e.p = fmax(e.p, wait_p(d, history, before, after));
  } else {
    const double noise = 1 / before.messages + 1 / after.messages;
    tide_reference_presume(
        &r, tide_reference_presumed(e.standard_error * e.standard_error, noise, apart));
    tide_reference_calibrate(&r, before.messages, after.messages, confidence, &e);
  }
  *p = e.p;
  return TIDE_OK;
}

/* The event among the group's other dates, and beside how it varied before. */
static tide_status group_judge(const span_of_days *d, placebo_group *out) {
  window before, after;
  const double own = statistic(d, 0, &before, &after);
  const tide_history history = {(size_t)-d->first, d->values, d->gap, d->control};
  const tide_reference_windows windows = {(size_t)d->before, (size_t)d->washout, (size_t)d->after};
  tide_reference *r = &out->history;
  TIDE_TRY(tide_reference_estimate(&history, &windows, TIDE_QUANTITY_COUNT, r));
  if (d->control && r->dates) {
    window control[2];
    log_ratio(d, d->control_sums, 0, &control[0], &control[1]);
    tide_reference_take_control(r, control[0].messages, control[1].messages);
  }
  /* Of a control's dates no model knows how much they have in common. */
  out->history_p = tide_reference_p(r, own, before.messages, after.messages);
  if (r->dates && !d->control && before.days > 0 && after.days > 0)
    TIDE_TRY(history_p(d, r, before, after, &out->history_p));
  out->placebos = 0;
  uint64_t as_large = 0;
  for (int64_t date = d->first_date; date <= d->last_date; date++) {
    const double other = statistic(d, date, &before, &after);
    if (kind_of(d, date) != KIND_PLACEBO || isnan(other))
      continue;
    out->placebos++;
    /* What differs by rounding alone is equal, and counts against the event. */
    as_large += fabs(other) >= fabs(own) - 1e-12;
  }
  out->rank = isfinite(own) ? as_large + 1 : 0;
  return TIDE_OK;
}

static tide_status date_write(const placebo_rows *r, int64_t date, const placebo_group *group,
                              tide_value *row, tide_error *err) {
  const tide_placebo *p = r->placebo;
  window before, after;
  placebo_row now = {.zone = p->zone,
                     .time = p->windows->event + date * SECONDS_A_DAY,
                     .kind = kind_of(r->days, date),
                     .statistic = statistic(r->days, date, &before, &after),
                     .control = control_ratio(r->days, date),
                     .placebos = group->placebos,
                     .rank = group->rank,
                     .history_dates = group->history.dates,
                     .history_p = group->history_p};
  now.before = before.messages;
  now.after = after.messages;
  now.before_days = before.days;
  now.after_days = after.days;
  const unsigned set = cautions_of(p, r->days, &group->history, &now);
  tide_cautions_write(set, now.cautions);
  return tide_columns_write(&tide_placebo_columns, &now, p->group_values, row, r->writer, err);
}

static tide_status placebo_group_write(void *context, tide_table_group g, tide_error *err) {
  const placebo_rows *r = context;
  placebo_group group;
  group_count(r->days, g);
  if (group_judge(r->days, &group) != TIDE_OK)
    return tide_error_memory(err);
  for (int64_t date = r->days->first_date; date <= r->days->last_date; date++)
    TIDE_TRY(date_write(r, date, &group, g.row, err));
  return TIDE_OK;
}

tide_status tide_placebo_write(const tide_placebo *p, const tide_tally *total,
                               const tide_tally *groups, const tide_extent *extent,
                               const tide_row_writer *writer, tide_error *err) {
  span_of_days d;
  TIDE_TRY(days_of(p->windows, extent, &d, err));
  uint32_t count = p->group_values ? tide_tally_group_count(groups) : 0;
  if (((uint64_t)count + 1) * (uint64_t)(d.last_date - d.first_date + 1) > TIDE_LIMIT_PLACEBO_ROWS)
    return tide_error_set(err, TIDE_FATAL,
                          "more than %u rows: choose --top, or --since and --until",
                          TIDE_LIMIT_PLACEBO_ROWS);
  placebo_rows to = {p, &d, writer};
  const tide_group_rows rows = {.total = total,
                                .groups = groups,
                                .values = p->group_values,
                                .columns = tide_placebo_columns.count,
                                .write = placebo_group_write,
                                .context = &to};
  const tide_status status =
      days_open(p, extent, &d) == TIDE_OK ? tide_groups_each(&rows, err) : tide_error_memory(err);
  days_free(&d);
  return status;
}
