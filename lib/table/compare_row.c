/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of compare, and what is measured for a row of them. */
#include "compare_row.h"

#include <math.h>
#include <stdio.h>

#include "base/civil.h"
#include "stats/ranks.h"

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
     .help = "silent (messages before, none after), new (none before), fell, rose, unchanged (not "
             "significant, and the interval excludes a fall to a tenth and a tenfold rise), or "
             "too-few (not significant, and too few messages or too little history to say). All "
             "but the last two need a p-value (for silent and new, that of the wait) below "
             "1 - --confidence, adjusted for the number of groups. Empty for origins, and if the "
             "control has no messages on one side",
     .get = get_status},
    {.name = "first_day",
     .help = "first day with messages, in windows and history. Days are 24 hours counted from the "
             "event's second; the date is the one, in the zone of --tz, on which most of those "
             "hours are",
     .get = get_first_day},
    {.name = "last_day", .help = "last day with messages", .get = get_last_day},
    {.name = "cautions",
     .help =
         "reasons not to trust the row: weeks (the windows are not whole weeks), clipped (a "
         "window was cut to the archive), gap (days were left out), empty-days (days without "
         "any mail count as days without spam), receiver (one of several servers received "
         "nothing for days, while others did), nothing-before, no-interval, no-history (how "
         "much the level varies is estimated, since there is too little history), bursts (the "
         "exact interval assumes that there are none), slope (before the event), persistent "
         "(days resemble their neighbours so much that the interval says next to nothing), "
         "peak (the result depends on one day), control-empty (the control has no messages "
         "before or none after), control-apart (the control moves differently, and makes the "
         "interval wider), control-unknown (too little history to say), wanders (the level varies "
         "more over longer windows: the interval may be too narrow)",
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

/* The date that most of the 24 hours from `day` on lie in. */
static void date_put(const tide_zone *zone, int64_t day, char out[16]) {
  enum { NOON = SECONDS_A_DAY / 2, YEAR_LAST = 9999 };
  tide_civil c;
  tide_civil_from_seconds(day + NOON + (zone ? tide_zone_offset(zone, day + NOON) : 0), &c);
  if (c.year >= 0 && c.year <= YEAR_LAST)
    snprintf(out, 16, "%04d-%02d-%02d", (int)c.year, c.month % 100, c.day % 100);
}

void tide_compare_days(const tide_compare *c, const slots *s, compare_row *row, bool *earlier) {
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

static void control_put(slots *s, double ratio, compare_row *row) {
  const tide_reference *r = tide_slots_reference(s, row->unit);
  row->control_before = s->control_before[row->unit];
  row->control_after = s->control_after[row->unit];
  row->control_ratio = ratio;
  if (tide_slots_reference_is_history(s, r))
    row->correlation = r->correlation;
}

/* The group's part of all. One address may send for several groups: origins do not add up. */
static void shares_put(const sides *all, compare_row *row) {
  const double before = (double)tide_unit_of(&all->before, row->unit),
               after = (double)tide_unit_of(&all->after, row->unit),
               change = after / row->after_days - before / row->before_days;
  if (row->unit == UNIT_ORIGINS || row->unit == UNIT_DAILY_ORIGINS)
    return;
  if (before > 0)
    row->share_before = (double)row->before / before;
  if (after > 0)
    row->share_after = (double)row->after / after;
  if (change < 0 || change > 0)
    row->contribution = 100 * (row->after_rate - row->before_rate) / change;
}

tide_status tide_compare_measure(const tide_compare *c, unit u, const sides *own, const sides *all,
                                 slots *s, compare_row *row) {
  const sums own_sum = sums_of(own, s, u);
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
  row->before_rate = (double)row->before / row->before_days;
  row->after_rate = (double)row->after / row->after_days;
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
    row->estimated.ratio = row->before > 0 ? row->after_rate / row->before_rate / control : NAN;
  if (s->has_control)
    control_put(s, control, row);
  shares_put(all, row);
  return TIDE_OK;
}
