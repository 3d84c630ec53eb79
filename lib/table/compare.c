/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of compare. All groups are estimated first, since how much one of them says depends on
 * how many others are asked. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "estimate.h"
#include "groups.h"
#include "stats/adjust.h"
#include "stats/ranks.h"

/* One unit of one group; what is unknown is NaN. */
typedef struct compare_row {
  unit unit;
  uint64_t before, after;
  double before_days, after_days, gap_days, before_rate, after_rate;
  tide_contrast estimated, without_peak;
  double adjusted, share_before, share_after, contribution, rank_p, slope, slope_p;
  double control_before, control_after, control_ratio, correlation;
  size_t history_dates; /* 0: no history */
  tide_outcome outcome;
  const tide_zone *zone;
  bool seen;
  int64_t first_day, last_day;        /* where its 24 hours begin */
  char first_date[16], last_date[16]; /* empty where none was seen */
  unsigned codes;                     /* of cautions, a bit each */
  char days[32], cautions[TIDE_CAUTIONS_TEXT];
} compare_row;

static tide_value date_value(const char *date) {
  return date[0] ? tide_value_word(tide_span_of(date)) : tide_value_empty();
}

TIDE_GETTER(compare_row, unit, tide_value_word(tide_span_of(tide_unit_name(r->unit))))
TIDE_GETTER(compare_row, before, tide_value_uint(r->before))
TIDE_GETTER(compare_row, after, tide_value_uint(r->after))
TIDE_GETTER(compare_row, before_days, tide_value_real(r->before_days))
TIDE_GETTER(compare_row, after_days, tide_value_real(r->after_days))
TIDE_GETTER(compare_row, gap_days, tide_value_real(r->gap_days))
TIDE_GETTER(compare_row, before_per_day, tide_value_real(r->before_rate))
TIDE_GETTER(compare_row, after_per_day, tide_value_real(r->after_rate))
TIDE_GETTER(compare_row, change_pct, tide_value_real(percent(r->estimated.ratio)))
TIDE_GETTER(compare_row, change_low, tide_value_real(percent(r->estimated.low)))
TIDE_GETTER(compare_row, change_high, tide_value_real(percent(r->estimated.high)))
TIDE_GETTER(compare_row, ratio, tide_value_real(r->estimated.ratio))
TIDE_GETTER(compare_row, p_value, tide_value_probability(r->estimated.p))
TIDE_GETTER(compare_row, p_adjusted, tide_value_probability(r->adjusted))
TIDE_GETTER(compare_row, method,
            r->estimated.method[0] ? tide_value_text(tide_span_of(r->estimated.method))
                                   : tide_value_empty())
TIDE_GETTER(compare_row, history_dates,
            r->history_dates ? tide_value_uint(r->history_dates) : tide_value_empty())
TIDE_GETTER(compare_row, control_before, tide_value_real(r->control_before))
TIDE_GETTER(compare_row, control_after, tide_value_real(r->control_after))
TIDE_GETTER(compare_row, control_change_pct, tide_value_real(percent(r->control_ratio)))
TIDE_GETTER(compare_row, control_correlation, tide_value_real(r->correlation))
TIDE_GETTER(compare_row, days, tide_value_text(tide_span_of(r->days)))
TIDE_GETTER(compare_row, status,
            r->outcome == TIDE_OUTCOME_NONE
                ? tide_value_empty()
                : tide_value_word(tide_span_of(tide_outcome_name(r->outcome))))
TIDE_GETTER(compare_row, first_day, date_value(r->first_date))
TIDE_GETTER(compare_row, last_day, date_value(r->last_date))
TIDE_GETTER(compare_row, cautions, tide_value_text(tide_span_of(r->cautions)))
TIDE_GETTER(compare_row, share_before, tide_value_real(r->share_before))
TIDE_GETTER(compare_row, share_after, tide_value_real(r->share_after))
TIDE_GETTER(compare_row, contribution_pct, tide_value_real(r->contribution))
TIDE_GETTER(compare_row, rank_p, tide_value_probability(r->rank_p))
TIDE_GETTER(compare_row, dispersion, tide_value_real(r->estimated.dispersion))
TIDE_GETTER(compare_row, autocorrelation, tide_value_real(r->estimated.autocorrelation))
TIDE_GETTER(compare_row, trend_pct, tide_value_real(percent(r->slope)))
TIDE_GETTER(compare_row, trend_p, tide_value_probability(r->slope_p))
TIDE_GETTER(compare_row, slope_change_pct, tide_value_real(percent(r->estimated.slope_change)))
TIDE_GETTER(compare_row, without_peak_pct, tide_value_real(percent(r->without_peak.ratio)))
TIDE_GETTER(compare_row, without_peak_p, tide_value_probability(r->without_peak.p))

static const tide_column compare_columns[] = {
    {.name = "unit",
     .help = "what is counted: messages, bytes, origins (distinct addresses in the whole window), "
             "daily_origins (distinct addresses in each 24 hours; before and after are the sums of "
             "these), or recipients (addresses in To, Cc and Bcc)",
     .get = get_unit},
    {.name = "before", .help = "count in the window before the event", .get = get_before},
    {.name = "after",
     .help = "count in the window after the event and the washout",
     .get = get_after},
    {.name = "before_days",
     .help = "length of the window before, in days of 24 hours; less than --before if it reached "
             "beyond the archive or holds a gap",
     .get = get_before_days,
     .extra = true},
    {.name = "after_days",
     .help = "length of the window after; less than --after if it reached beyond the archive or "
             "holds a gap",
     .get = get_after_days,
     .extra = true},
    {.name = "before_per_day",
     .help = "count per day before",
     .get = get_before_per_day,
     .extra = true},
    {.name = "after_per_day",
     .help = "count per day after",
     .get = get_after_per_day,
     .extra = true},
    {.name = "change_pct",
     .help = "change of the rate in percent: with --weekdays or --trend that of the model, with "
             "--control relative to that of the control; empty if there was nothing before",
     .get = get_change_pct},
    {.name = "change_low",
     .help = "lower end of its interval; empty if the method gives none, as for origins, which "
             "have no interval",
     .get = get_change_low},
    {.name = "change_high",
     .help = "upper end of its interval; empty if there was nothing before, so that there is no "
             "upper bound",
     .get = get_change_high},
    {.name = "ratio",
     .help = "rate after over rate before, with --weekdays or --trend that of the model; empty if "
             "there was nothing before",
     .get = get_ratio,
     .extra = true},
    {.name = "p_value",
     .help = "two-sided p-value of no change, by the method in the column method; never 0: "
             "anything smaller than 2.225e-308 is shown as that",
     .get = get_p_value},
    {.name = "p_adjusted",
     .help = "the same, adjusted for the number of groups (Benjamini and Hochberg), separately for "
             "each unit; empty for the total, and for groups too small ever to be significant, "
             "which are left out (Tarone 1990)",
     .get = get_p_adjusted},
    {.name = "method",
     .help =
         "how interval and p-value were made, such as quasipoisson+ar1+history, exact+wander or "
         "exact+groups; empty if there are none",
     .get = get_method},
    {.name = "share_before",
     .help = "the group's share of the total before, from 0 to 1; empty for origins, which groups "
             "can have in common",
     .get = get_share_before,
     .extra = true},
    {.name = "share_after",
     .help = "the group's share of the total after",
     .get = get_share_after,
     .extra = true},
    {.name = "contribution_pct",
     .help = "the group's part of the total change of the rate, in percent; empty if the total did "
             "not change, and for origins",
     .get = get_contribution_pct,
     .extra = true},
    {.name = "rank_p",
     .help = "two-sided p-value of Wilcoxon's rank sum test on the days' rates, which assumes "
             "independent days",
     .get = get_rank_p,
     .extra = true},
    {.name = "dispersion",
     .help = "variance of the daily counts over that of independent events: above 1, they come in "
             "bursts; for bytes and recipients, in their own unit",
     .get = get_dispersion,
     .extra = true},
    {.name = "autocorrelation",
     .help =
         "how much a day resembles the day before, from 0 to 0.95; empty if no model was fitted",
     .get = get_autocorrelation,
     .extra = true},
    {.name = "trend_pct",
     .help = "slope within the window before, in percent per day; empty for fewer than 10 messages "
             "or 7 days there",
     .get = get_trend_pct,
     .extra = true},
    {.name = "trend_p",
     .help = "two-sided p-value of that slope",
     .get = get_trend_p,
     .extra = true},
    {.name = "slope_change_pct",
     .help = "with --trend: by how much the slope changed at the event, in percent per day",
     .get = get_slope_change_pct,
     .extra = true},
    {.name = "without_peak_pct",
     .help = "change of the rate without the day with the highest count",
     .get = get_without_peak_pct,
     .extra = true},
    {.name = "without_peak_p",
     .help = "p-value without that day",
     .get = get_without_peak_p,
     .extra = true},
    {.name = "history_dates",
     .help = "number of earlier dates by which the interval was calibrated; empty without +history",
     .get = get_history_dates,
     .extra = true},
    {.name = "gap_days",
     .help = "days of both windows that were left out because nothing of any kind was collected",
     .get = get_gap_days,
     .extra = true},
    {.name = "control_before",
     .help = "with --control: the control's count in the window before",
     .get = get_control_before,
     .extra = true},
    {.name = "control_after",
     .help = "the control's count in the window after",
     .get = get_control_after,
     .extra = true},
    {.name = "control_change_pct",
     .help = "the control's change, to which change_pct and ratio are relative",
     .get = get_control_change_pct,
     .extra = true},
    {.name = "control_correlation",
     .help = "correlation of the logarithms of both ratios at the earlier dates, from -1 to 1; "
             "empty without +history",
     .get = get_control_correlation,
     .extra = true},
    {.name = "days",
     .help = "lengths of the windows before and after as used, in days",
     .get = get_days},
    {.name = "status",
     .help = "silent (messages before, none after), new (none before), fell, rose, unchanged (no "
             "news, and the interval leaves out a fall to a tenth and a tenfold rise), or too-few "
             "(no news, and too few messages or too little history to tell). All but the last two "
             "need a p-value (of silent and "
             "new, that of the wait) below 1 - --confidence, adjusted for the number of groups",
     .get = get_status},
    {.name = "first_day",
     .help = "first day with messages, in windows and history. Days are 24 hours counted from the "
             "event's second; the date is the one, in the zone of --tz, on which most of those "
             "hours lie",
     .get = get_first_day},
    {.name = "last_day", .help = "last day with messages", .get = get_last_day},
    {.name = "cautions",
     .help =
         "reasons not to trust the row: weeks (the windows are not whole weeks), clipped (a window "
         "was cut to the archive), gap (days were left out), nothing-before, no-interval, "
         "no-history (how far the level wanders by itself is presumed), bursts (the exact "
         "interval assumes that there are none), slope (before the event), persistent (days "
         "resemble their neighbours so much that the interval says next to nothing), peak (one day "
         "carries the result), control-empty (the control has no messages before or none after), "
         "control-apart (the control has gone its own way, and cannot sharpen the comparison), "
         "control-unknown (too little history to tell)",
     .get = get_cautions},
};

const tide_columns tide_compare_columns = TIDE_COLUMNS(compare_columns);

static tide_status rank_p(slots *s, double *p) {
  for (size_t i = 0; i < s->count; i++)
    s->other_value[i] = s->value[i] / s->days[i];
  tide_ranks r;
  tide_status status = tide_ranks_compare(s->other_value + s->before, s->count - s->before,
                                          s->other_value, s->before, &r);
  *p = status == TIDE_OK ? r.p : NAN;
  return status == TIDE_FATAL ? status : TIDE_OK;
}

typedef struct sums {
  uint64_t before, after;
} sums;

/* Of both windows. The distinct origins of days do not add up to those of the window: what
 * daily_origins compares is the sum. */
static sums sums_of(const sides *own, const slots *s, unit u) {
  if (u != UNIT_DAILY_ORIGINS)
    return (sums){tide_unit_of(&own->before, u), tide_unit_of(&own->after, u)};
  sums of = {0};
  for (size_t i = 0; i < s->count; i++)
    *(i < s->before ? &of.before : &of.after) += s->counts[i].origins;
  return of;
}

/* The short form of what tide_compare_cautions says, of this row. */
static void cautions_put(const tide_compare *c, const slots *s, const sides *own,
                         compare_row *row) {
  const tide_contrast *e = &row->estimated;
  row->codes = tide_estimate_cautions(c, s, own, row->unit, e);
  if (row->before == 0)
    row->codes |= 1u << TIDE_CAUTION_NOTHING_BEFORE;
  if (row->unit != UNIT_ORIGINS) {
    if (row->slope_p < tide_estimate_slope_p)
      row->codes |= 1u << TIDE_CAUTION_SLOPE;
    if (tide_estimate_peak_carries(c, e, &row->without_peak, s))
      row->codes |= 1u << TIDE_CAUTION_PEAK;
  }
  tide_cautions_write(row->codes, row->cautions);
}

/* What is said of a group beside its own figures. */
enum { VERDICT_WAIT = UNIT_COUNT }; /* after the units': the wait's */
typedef struct verdict {
  double adjusted[UNIT_COUNT + 1]; /* p-values, of many groups adjusted */
  double least;
} verdict;

/* The date that most of the 24 hours from `day` on lie in. */
static void date_put(const tide_zone *zone, int64_t day, char out[16]) {
  enum { NOON = SECONDS_A_DAY / 2, YEAR_LAST = 9999 };
  tide_civil c;
  tide_civil_from_seconds(day + NOON + (zone ? tide_zone_offset(zone, day + NOON) : 0), &c);
  if (c.year >= 0 && c.year <= YEAR_LAST)
    snprintf(out, 16, "%04d-%02d-%02d", (int)c.year, c.month % 100, c.day % 100);
}

/* First and last day with mail of the group counted last, in windows and history. */
static void days_put(const tide_compare *c, const slots *s, compare_row *row, bool *earlier) {
  const tide_windows *w = c->windows;
  *earlier = false;
  for (size_t i = 0; i < s->past; i++) {
    const int64_t day = w->event - (int64_t)(s->past - i) * SECONDS_A_DAY;
    if (!s->past_counts[i].messages)
      continue;
    if (!row->seen)
      row->first_day = day;
    row->last_day = day;
    row->seen = true;
    *earlier |= day + SECONDS_A_DAY <= w->event - w->before;
  }
  for (size_t i = 0; i < s->count; i++) {
    const int64_t day =
        (i < s->before ? w->event : w->event + w->washout) + s->number[i] * SECONDS_A_DAY;
    if (!s->counts[i].messages)
      continue;
    if (!row->seen || day < row->first_day)
      row->first_day = day;
    if (!row->seen || day > row->last_day)
      row->last_day = day;
    row->seen = true;
  }
  if (!row->seen)
    return;
  date_put(c->zone, row->first_day, row->first_date);
  date_put(c->zone, row->last_day, row->last_date);
}

static void outcome_put(const tide_compare *c, const slots *s, const sides *own, const verdict *v,
                        double threshold, compare_row *row) {
  tide_outcome_of of = {.before = (double)own->before.messages,
                        .after = (double)own->after.messages,
                        .ratio = row->estimated.ratio,
                        .low = row->estimated.low,
                        .high = row->estimated.high,
                        .p = isnan(row->adjusted) ? row->estimated.p : row->adjusted,
                        .wait_p = v->adjusted[VERDICT_WAIT],
                        .too_few = v->least > threshold};
  days_put(c, s, row, &of.seen_earlier);
  const bool compared = !s->has_control || s->control[row->unit].ratio > 0;
  if (row->unit != UNIT_ORIGINS && compared)
    row->outcome = tide_outcome_judge(&of, 1 - c->contrast.confidence);
}

static tide_status measure(const tide_compare *c, unit u, const sides *own, const sides *all,
                           slots *s, compare_row *row) {
  const sums own_sum = sums_of(own, s, u);
  double before = (double)own_sum.before, after = (double)own_sum.after;
  double all_before = (double)tide_unit_of(&all->before, u),
         all_after = (double)tide_unit_of(&all->after, u);
  *row = (compare_row){.unit = u,
                       .before = own_sum.before,
                       .after = own_sum.after,
                       .before_days = s->window_days[0],
                       .after_days = s->window_days[1],
                       .gap_days = s->gap_days[0] + s->gap_days[1],
                       .without_peak = tide_contrast_unknown(),
                       .adjusted = NAN,
                       .share_before = NAN,
                       .share_after = NAN,
                       .contribution = NAN,
                       .rank_p = NAN,
                       .slope = NAN,
                       .slope_p = NAN,
                       .control_before = NAN,
                       .control_after = NAN,
                       .control_ratio = NAN,
                       .correlation = NAN,
                       .zone = c->zone};
  snprintf(row->days, sizeof row->days, "%.4g+%.4g", row->before_days, row->after_days);
  row->before_rate = before / row->before_days;
  row->after_rate = after / row->after_days;
  size_t peak;
  tide_series series = tide_slots_series(s, u);
  TIDE_TRY(tide_estimate_group(c, s, &series, u, own, &row->estimated));
  if (tide_estimate_is_calibrated(&row->estimated))
    row->history_dates =
        (c->contrast.trend ? tide_slots_step_history(s, u) : tide_slots_history(s, u))->dates;
  if (u != UNIT_ORIGINS) {
    TIDE_TRY(rank_p(s, &row->rank_p));
    if (own->before.messages >= TIDE_CONTRAST_SMALL)
      TIDE_TRY(tide_contrast_slope_before(&series, &row->slope, &row->slope_p));
    series = tide_slots_without_peak(s, &peak);
    TIDE_TRY(tide_estimate_group(c, s, &series, u, own, &row->without_peak));
  }
  cautions_put(c, s, own, row);
  /* Zero before: said by an empty cell, not divided by. */
  const double control = s->has_control ? s->control[u].ratio : 1;
  if (!row->estimated.method[0])
    row->estimated.ratio = before > 0 ? row->after_rate / row->before_rate / control : NAN;
  if (s->has_control) {
    const tide_reference *r = tide_slots_reference(s, u);
    row->control_before = s->control_before[u];
    row->control_after = s->control_after[u];
    row->control_ratio = control;
    if (tide_slots_reference_is_history(s, r))
      row->correlation = r->correlation;
  }
  if (u == UNIT_ORIGINS || u == UNIT_DAILY_ORIGINS)
    return TIDE_OK; /* one address may send for several groups: they do not add up */
  double all_change = all_after / row->after_days - all_before / row->before_days;
  if (all_before > 0)
    row->share_before = before / all_before;
  if (all_after > 0)
    row->share_after = after / all_after;
  if (all_change < 0 || all_change > 0)
    row->contribution = 100 * (row->after_rate - row->before_rate) / all_change;
  return TIDE_OK;
}

/* context: the clipped windows. */
static int64_t period_of_slot(const void *context, int64_t slot) {
  const tide_windows *w = context;
  if (slot < -tide_slots_begun(w->before) || slot >= tide_slots_begun(w->after))
    return TIDE_PERIOD_OUTSIDE;
  return slot < 0 ? TIDE_PERIOD_BEFORE : TIDE_PERIOD_AFTER;
}

/* Where both windows of a group are counted. */
typedef struct sides_source {
  const tide_windows *windows; /* clipped */
  const tide_tally *slots;
  tide_tally *whole; /* by period; NULL: origins, which do not add up, are not asked for */
} sides_source;

typedef struct sides_sum {
  const tide_windows *windows;
  sides of;
} sides_sum;

static void side_take(void *context, int64_t slot, const tide_count *n) {
  sides_sum *sum = context;
  const int64_t period = period_of_slot(sum->windows, slot);
  tide_count *to = period == TIDE_PERIOD_BEFORE ? &sum->of.before : &sum->of.after;
  if (period == TIDE_PERIOD_OUTSIDE)
    return;
  to->messages += n->messages;
  to->bytes += n->bytes;
  to->recipients += n->recipients;
}

static sides sides_of(const sides_source *s, uint32_t group) {
  sides_sum sum = {.windows = s->windows};
  if (s->whole)
    return (sides){tide_tally_count(s->whole, TIDE_PERIOD_BEFORE, group),
                   tide_tally_count(s->whole, TIDE_PERIOD_AFTER, group)};
  tide_tally_each(s->slots, group, side_take, &sum);
  return sum.of;
}

static bool unit_is_asked(const tide_compare *c, unit u) {
  return !c->unit.len || tide_span_equal(c->unit, tide_span_of(tide_unit_name(u)));
}

/* One row for each unit. */
typedef struct group_writer {
  tide_value *row;
  const sides *all;
  const double
      *thresholds; /* by unit: what has its least p-value above it could not be significant */
  const tide_row_writer *writer;
} group_writer;

static tide_status group_write(const tide_compare *c, const group_writer *w, const sides *own,
                               slots *s, const verdict *v, tide_error *err) {
  unsigned codes = 0;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++) {
    compare_row now;
    if (!unit_is_asked(c, u))
      continue;
    if (measure(c, u, own, w->all, s, &now) != TIDE_OK)
      return tide_error_memory(err);
    now.adjusted = v->adjusted[u];
    outcome_put(c, s, own, v, w->thresholds[u], &now);
    codes |= now.codes;
    TIDE_TRY(
        tide_columns_write(&tide_compare_columns, &now, c->group_values, w->row, w->writer, err));
  }
  for (tide_caution i = 0; c->summary && i < TIDE_CAUTION_COUNT; i++)
    c->summary->cautions[i] += codes >> i & 1;
  return TIDE_OK;
}

static verdict verdict_alone(void) {
  verdict v = {.adjusted[VERDICT_WAIT] = NAN};
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++)
    v.adjusted[u] = NAN;
  return v;
}

/* What a group of so many messages can have. */
static void verdict_take(const tide_compare *c, slots *s, const sides *own, verdict *v) {
  v->least = tide_estimate_least_p(c, s, (double)(own->before.messages + own->after.messages));
  v->adjusted[VERDICT_WAIT] = tide_estimate_wait_p(c, s);
}

/* What one comparison holds. */
typedef struct comparison {
  tide_compare asked;   /* with the windows that the archive has */
  tide_windows clipped; /* which are these */
  slots slots;
  sides_source all_from, from;
  tide_value *row;
  verdict *verdicts;
  double thresholds[UNIT_COUNT];
  uint32_t *order, count;
  sides all;
} comparison;

/* Adjusts one of the p-values of all verdicts. */
static tide_status adjust_one(const comparison *x, size_t which, double *threshold) {
  const tide_tests tests = {.p = &x->verdicts->adjusted[which],
                            .least = &x->verdicts->least,
                            .stride = sizeof *x->verdicts,
                            .count = x->count};
  return tide_adjust_tarone(&tests, 1 - x->asked.contrast.confidence, x->asked.stop, threshold);
}

/* The verdicts on all groups, in order, and the thresholds. */
static tide_status adjust(comparison *x, const tide_tally *groups) {
  const tide_compare *c = &x->asked;
  double none;
  for (uint32_t i = 0; i < x->count; i++) {
    const uint32_t group = x->order[i];
    verdict *v = &x->verdicts[i];
    if (tide_stopped(c->stop))
      return TIDE_END;
    sides own = sides_of(&x->from, group);
    *v = verdict_alone();
    if (!tide_tally_group_messages(groups, group))
      continue;
    TIDE_TRY(tide_slots_count(&x->slots, groups, group));
    verdict_take(c, &x->slots, &own, v);
    for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++) {
      tide_contrast e;
      if (!unit_is_asked(c, u))
        continue;
      tide_series series = tide_slots_series(&x->slots, u);
      TIDE_TRY(tide_estimate_group(c, &x->slots, &series, u, &own, &e));
      v->adjusted[u] = e.p;
    }
  }
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++)
    if (unit_is_asked(c, u))
      TIDE_TRY(adjust_one(x, u, &x->thresholds[u]));
  return adjust_one(x, VERDICT_WAIT, &none);
}

static void summary_take(const tide_compare *c, const verdict *v, const double *thresholds) {
  unit u = UNIT_MESSAGES;
  while (!unit_is_asked(c, u))
    u++;
  c->summary->groups++;
  c->summary->too_few += v->least > thresholds[u];
}

static tide_status sides_open(const tide_compare *c, const tide_tally *tally, sides_source *out) {
  *out = (sides_source){.windows = c->windows, .slots = tally};
  if (!unit_is_asked(c, UNIT_ORIGINS))
    return TIDE_OK;
  return tide_tally_remake(tally, NULL, period_of_slot, c->windows, &out->whole);
}

/* The control's distinct origins in both windows, which those of its days do not add up to. */
static tide_status control_origins_take(comparison *x) {
  slots *s = &x->slots;
  sides_source from;
  TIDE_TRY(sides_open(&x->asked, x->asked.control, &from));
  if (!from.whole)
    return TIDE_OK;
  const sides of = tide_tally_group_count(from.whole) ? sides_of(&from, 0) : (sides){0};
  const double before = (double)of.before.origins, after = (double)of.after.origins;
  s->control_before[UNIT_ORIGINS] = before;
  s->control_after[UNIT_ORIGINS] = after;
  if (before > 0 && after > 0)
    s->control[UNIT_ORIGINS].ratio = after / s->window_days[1] / (before / s->window_days[0]);
  tide_tally_free(from.whole);
  return TIDE_OK;
}

/* What takes long with many groups. */
static tide_status comparison_take(comparison *x, const tide_tally *total,
                                   const tide_tally *groups) {
  const tide_compare *c = &x->asked;
  x->row = calloc(c->group_values + tide_compare_columns.count, sizeof *x->row);
  x->verdicts = calloc((size_t)x->count + 1, sizeof *x->verdicts);
  x->order = tide_groups_sorted(groups);
  if (!x->row || !x->verdicts || !x->order)
    return tide_stopped(c->stop) ? TIDE_END : TIDE_FATAL;
  TIDE_TRY(sides_open(c, total, &x->all_from));
  TIDE_TRY(sides_open(c, groups, &x->from));
  if (c->control) {
    TIDE_TRY(tide_slots_count_control(&x->slots, c->control, &c->contrast));
    TIDE_TRY(control_origins_take(x));
  }
  if (!tide_tally_group_count(total))
    return TIDE_OK;
  x->all = sides_of(&x->all_from, 0);
  TIDE_TRY(tide_slots_count(&x->slots, total, 0));
  tide_slots_count_was_all(&x->slots);
  return tide_estimate_presume_all(c, &x->slots);
}

static tide_status comparison_open(comparison *x, const tide_compare *asked,
                                   const tide_tally *total, const tide_tally *groups,
                                   tide_error *err) {
  const tide_compare *c = &x->asked;
  x->clipped = tide_windows_clip(asked->windows, asked->extent);
  x->asked = *asked;
  x->asked.windows = &x->clipped;
  x->count = c->group_values ? tide_tally_group_count(groups) : 0;
  TIDE_TRY(tide_slots_make(c, &x->slots, err));
  x->slots.clipped =
      x->clipped.before < asked->windows->before || x->clipped.after < asked->windows->after;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++)
    x->thresholds[u] = 1 - c->contrast.confidence;
  return tide_error_of_status(err, comparison_take(x, total, groups));
}

static tide_status total_write(comparison *x, const group_writer *to, tide_error *err) {
  const tide_compare *c = &x->asked;
  verdict v = verdict_alone();
  verdict_take(c, &x->slots, &x->all, &v);
  tide_groups_all(c->group_values, x->row);
  TIDE_TRY(group_write(c, to, &x->all, &x->slots, &v, err));
  if (c->summary)
    *c->summary = (tide_compare_summary){0}; /* of groups alone */
  return TIDE_OK;
}

static tide_status groups_write(comparison *x, const tide_tally *groups, const group_writer *to,
                                tide_error *err) {
  const tide_compare *c = &x->asked;
  if (x->count && tide_slots_pool(&x->slots, groups, c->pool) != TIDE_OK)
    return tide_error_memory(err);
  if (x->count)
    TIDE_TRY(tide_error_of_status(err, adjust(x, groups)));
  for (uint32_t i = 0; i < x->count; i++) {
    const uint32_t group = x->order[i];
    if (tide_stopped(c->stop))
      return TIDE_END;
    /* A group of the history alone is none of the comparison's. */
    if (!tide_tally_group_messages(groups, group))
      continue;
    const sides own = sides_of(&x->from, group);
    if (tide_slots_count(&x->slots, groups, group) != TIDE_OK)
      return tide_error_memory(err);
    tide_groups_values(tide_tally_group(groups, group), c->group_values, x->row);
    if (c->summary)
      summary_take(c, &x->verdicts[i], x->thresholds);
    TIDE_TRY(group_write(c, to, &own, &x->slots, &x->verdicts[i], err));
  }
  return TIDE_OK;
}

static tide_status rows_write(comparison *x, const tide_tally *groups,
                              const tide_row_writer *writer, tide_error *err) {
  const group_writer to = {
      .row = x->row, .all = &x->all, .thresholds = x->thresholds, .writer = writer};
  TIDE_TRY(total_write(x, &to, err));
  return groups_write(x, groups, &to, err);
}

static void comparison_close(comparison *x) {
  tide_tally_free(x->all_from.whole);
  tide_tally_free(x->from.whole);
  tide_slots_free(&x->slots);
  free(x->row);
  free(x->order);
  free(x->verdicts);
}

tide_status tide_compare_write(const tide_compare *asked, const tide_tally *total,
                               const tide_tally *groups, const tide_row_writer *writer,
                               tide_error *err) {
  comparison x = {.count = 0};
  tide_status status = comparison_open(&x, asked, total, groups, err);
  if (status == TIDE_OK)
    status = rows_write(&x, groups, writer, err);
  comparison_close(&x);
  return status;
}
