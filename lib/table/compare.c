/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "slots.h"
#include "spamtide/adjust.h"
#include "spamtide/civil.h"
#include "spamtide/limits.h"
#include "spamtide/ranks.h"

/* One unit of one group; what is unknown is NaN. */
typedef struct compare_row {
  unit unit;
  uint64_t before, after;
  double before_days, after_days, gap_days, before_rate, after_rate;
  tide_contrast estimated, without_peak;
  double adjusted, share_before, share_after, contribution, rank_p, slope, slope_p;
  size_t history_dates; /* 0: no history */
  char cautions[96];
} compare_row;

static double percent(double factor) {
  return 100 * (factor - 1);
}

TIDE_GETTER(compare_row, unit, tide_value_word(tide_span_of(unit_name(r->unit))))
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
             "daily_origins (distinct in each 24 hours, which before and after are the sums of), "
             "or recipients (addresses in To, "
             "Cc and Bcc)",
     .get = get_unit},
    {.name = "before", .help = "count in the window before the event", .get = get_before},
    {.name = "after",
     .help = "count in the window after the event and the washout",
     .get = get_after},
    {.name = "before_days",
     .help = "length of the window before, in days of 24 hours; less than --before where it "
             "reached beyond the archive or holds a gap",
     .get = get_before_days},
    {.name = "after_days",
     .help = "length of the window after; less than --after where it reached beyond the archive "
             "or holds a gap",
     .get = get_after_days},
    {.name = "before_per_day", .help = "count a day before", .get = get_before_per_day},
    {.name = "after_per_day", .help = "count a day after", .get = get_after_per_day},
    {.name = "change_pct",
     .help = "change of the rate in percent, with --weekdays or --trend that of the model; "
             "empty where there was nothing before",
     .get = get_change_pct},
    {.name = "change_low",
     .help = "lower end of its interval; empty where the method gives none, as all of the "
             "interval is for origins",
     .get = get_change_low},
    {.name = "change_high",
     .help = "upper end of its interval; empty where nothing was before: there is no upper bound",
     .get = get_change_high},
    {.name = "ratio",
     .help = "rate after over rate before, with --weekdays or --trend that of the model; empty "
             "where there was nothing before",
     .get = get_ratio},
    {.name = "p_value",
     .help = "two-sided p-value of no change, by the method named in method; never 0: what is "
             "smaller than 2.225e-308 is shown as that",
     .get = get_p_value},
    {.name = "p_adjusted",
     .help = "the same, adjusted for the number of groups (Benjamini and Hochberg), each "
             "unit for itself; empty for the total",
     .get = get_p_adjusted},
    {.name = "method",
     .help = "how interval and p-value were made, such as quasipoisson+ar1+history, negbin+ar1 "
             "or exact; empty where there are none",
     .get = get_method},
    {.name = "share_before",
     .help =
         "the group's part of all before, from 0 to 1; empty for origins, which groups can share",
     .get = get_share_before},
    {.name = "share_after", .help = "the group's part of all after", .get = get_share_after},
    {.name = "contribution_pct",
     .help = "the group's part of the total change of the rate, in percent; empty "
             "where the total did not change, and for origins",
     .get = get_contribution_pct},
    {.name = "rank_p",
     .help = "two-sided p-value of Wilcoxon's rank sum test on the days' rates, which presumes "
             "independent days",
     .get = get_rank_p},
    {.name = "dispersion",
     .help = "variance of the days' counts over what independent events would have: above 1, "
             "they come in bursts; for bytes and recipients in their own unit",
     .get = get_dispersion},
    {.name = "autocorrelation",
     .help =
         "how much a day resembles the day before, from 0 to 0.95; empty where no model was fitted",
     .get = get_autocorrelation},
    {.name = "trend_pct",
     .help = "slope within the window before, in percent a day; empty for fewer than 10 "
             "messages or 7 days there",
     .get = get_trend_pct},
    {.name = "trend_p", .help = "two-sided p-value of that slope", .get = get_trend_p},
    {.name = "slope_change_pct",
     .help = "with --trend: by how much the slope changed at the event, in percent a day",
     .get = get_slope_change_pct},
    {.name = "without_peak_pct",
     .help = "change of the rate without the day that has most",
     .get = get_without_peak_pct},
    {.name = "without_peak_p", .help = "p-value without that day", .get = get_without_peak_p},
    {.name = "history_dates",
     .help = "earlier dates that the interval was held against; empty without +history",
     .get = get_history_dates},
    {.name = "gap_days",
     .help = "days of both windows that were left out: nothing was collected, of whatever kind",
     .get = get_gap_days},
    {.name = "cautions",
     .help = "why not to trust the row, as words: weeks (the windows are no whole weeks), clipped "
             "(to the archive), gap (days were left out), nothing-before, no-interval, no-history "
             "(the interval presumes a level that does not wander), bursts (the exact interval "
             "presumes that there are none), slope (before the event), persistent (days resemble "
             "their neighbours so much that the interval says next to nothing), peak (one day "
             "carries the result)",
     .get = get_cautions},
};

const tide_columns tide_compare_columns = TIDE_COLUMNS(compare_columns);

typedef struct side {
  tide_count before, after;
} side;

/* Few messages have no better an estimate for being counted in bytes. */
static bool too_few(const tide_compare *c, unit u, const side *own) {
  return unit_quantity(u) == TIDE_QUANTITY_AMOUNT && c->contrast.model == TIDE_MODEL_AUTO &&
         (own->before.messages < TIDE_CONTRAST_SMALL || own->after.messages < TIDE_CONTRAST_SMALL);
}

static tide_contrast unknown(void) {
  return (tide_contrast){.ratio = NAN,
                         .low = NAN,
                         .high = NAN,
                         .p = NAN,
                         .standard_error = NAN,
                         .freedom = NAN,
                         .dispersion = NAN,
                         .autocorrelation = NAN,
                         .slope_change = NAN};
}

static const char history_mark[] = "+history"; /* in method */

/* Beyond these a caution is said. */
static const double DISPERSION_MUCH = 2, SLOPE_P = 0.05, AUTOCORRELATION_MUCH = 0.9;

/* Holds an estimate against the archive's earlier dates, where there are any. With a trend the
 * change is that of a model, and not what the dates compare. */
static void calibrate(const tide_compare *c, slots *s, const tide_series *series,
                      const tide_reference *r, tide_contrast *e) {
  double sum[2] = {0}, days[2] = {0};
  if (!r || c->contrast.trend || !e->method[0])
    return;
  for (size_t i = 0; i < series->count; i++) {
    sum[series->start[i] >= 0] += series->value[i];
    days[series->start[i] >= 0] += series->days[i];
  }
  if (tide_span_equal(tide_span_of(e->method), SPAN("exact"))) {
    const tide_reference_few few = {(uint64_t)sum[0], (uint64_t)sum[1], days[0], days[1]};
    slots_calibrate_exact(s, r, &few, c->contrast.confidence, e);
  } else {
    tide_reference_calibrate(r, sum[0], sum[1], c->contrast.confidence, e);
  }
  const size_t used = strlen(e->method);
  snprintf(e->method + used, sizeof e->method - used, "%s", history_mark);
}

static tide_status estimate(const tide_compare *c, slots *s, const tide_series *series, unit u,
                            const side *own, tide_contrast *out) {
  *out = unknown();
  if (u == UNIT_ORIGINS || too_few(c, u, own))
    return TIDE_OK;
  tide_status status = tide_contrast_estimate(series, unit_quantity(u), &c->contrast, out);
  if (status == TIDE_OK)
    calibrate(c, s, series, slots_reference(s, u), out);
  return status;
}

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
static sums sums_of(const side *own, const slots *s, unit u) {
  if (u != UNIT_DAILY_ORIGINS)
    return (sums){unit_of(&own->before, u), unit_of(&own->after, u)};
  sums of = {0};
  for (size_t i = 0; i < s->count; i++)
    *(i < s->before ? &of.before : &of.after) += s->counts[i].origins;
  return of;
}

static bool is_calibrated(const tide_contrast *e) {
  tide_span method = tide_span_of(e->method), mark = tide_span_of(history_mark);
  return method.len > mark.len &&
         tide_span_equal(tide_span_slice(method, method.len - mark.len, method.len), mark);
}

static bool windows_are_weeks(const tide_windows *w) {
  return w->before % (7 * SECONDS_A_DAY) == 0 && w->after % (7 * SECONDS_A_DAY) == 0;
}

static bool is_exact(const tide_contrast *e) {
  static const char exact[] = "exact";
  return strncmp(e->method, exact, sizeof exact - 1) == 0;
}

/* Does one day carry the result? The values are the slots' last. */
static bool peak_carries(const tide_compare *c, const tide_contrast *e,
                         const tide_contrast *without, const slots *s) {
  double level = 1 - c->contrast.confidence;
  if (isnan(e->p) || isnan(without->p) || isnan(e->ratio))
    return false;
  /* Significance came or went, or a change worth naming lost more than half of itself. */
  double whole = log(e->ratio), rest = log(without->ratio), sign = whole < 0 ? -1 : 1;
  bool turned = (e->p < level) != (without->p < level),
       shrunk = fabs(whole) > 0.2 && isfinite(whole) && !(sign * rest >= 0.5 * fabs(whole));
  double messages = 0;
  for (size_t i = 0; i < s->count; i++)
    messages += (double)s->counts[i].messages;
  return turned || (shrunk && messages >= 2 * TIDE_CONTRAST_SMALL);
}

static void code_put(compare_row *row, bool holds, const char *code) {
  const size_t used = strlen(row->cautions);
  if (holds)
    snprintf(row->cautions + used, sizeof row->cautions - used, "%s%s", used ? " " : "", code);
}

/* The short form of what tide_compare_cautions says, of this row. */
static void codes_put(const tide_compare *c, const slots *s, compare_row *row) {
  const tide_contrast *e = &row->estimated;
  code_put(row, !windows_are_weeks(c->windows), "weeks");
  code_put(row, s->clipped, "clipped");
  code_put(row, row->gap_days > 0, "gap");
  code_put(row, row->before == 0, "nothing-before");
  if (row->unit == UNIT_ORIGINS)
    return;
  code_put(row, !e->method[0], "no-interval");
  code_put(row, c->history && e->method[0] && !is_calibrated(e), "no-history");
  code_put(row, is_exact(e) && !is_calibrated(e) && e->dispersion > DISPERSION_MUCH, "bursts");
  code_put(row, row->slope_p < SLOPE_P, "slope");
  code_put(row, e->autocorrelation > AUTOCORRELATION_MUCH, "persistent");
  code_put(row, peak_carries(c, e, &row->without_peak, s), "peak");
}

static tide_status measure(const tide_compare *c, unit u, const side *own, const side *all,
                           slots *s, compare_row *row) {
  const sums own_sum = sums_of(own, s, u);
  double before = (double)own_sum.before, after = (double)own_sum.after;
  double all_before = (double)unit_of(&all->before, u), all_after = (double)unit_of(&all->after, u);
  *row = (compare_row){.unit = u,
                       .before = own_sum.before,
                       .after = own_sum.after,
                       .before_days = s->window_days[0],
                       .after_days = s->window_days[1],
                       .gap_days = s->gap_days[0] + s->gap_days[1],
                       .without_peak = unknown(),
                       .adjusted = NAN,
                       .share_before = NAN,
                       .share_after = NAN,
                       .contribution = NAN,
                       .rank_p = NAN,
                       .slope = NAN,
                       .slope_p = NAN};
  row->before_rate = before / row->before_days;
  row->after_rate = after / row->after_days;
  size_t peak;
  tide_series series = slots_series(s, u);
  tide_status status = estimate(c, s, &series, u, own, &row->estimated);
  if (is_calibrated(&row->estimated))
    row->history_dates = slots_reference(s, u)->dates;
  if (u != UNIT_ORIGINS) {
    if (status == TIDE_OK)
      status = rank_p(s, &row->rank_p);
    if (status == TIDE_OK && own->before.messages >= TIDE_CONTRAST_SMALL)
      status = tide_contrast_slope_before(&series, &row->slope, &row->slope_p);
    series = slots_without_peak(s, &peak);
    if (status == TIDE_OK)
      status = estimate(c, s, &series, u, own, &row->without_peak);
  }
  codes_put(c, s, row);
  /* Zero before: said by an empty cell, not divided by. */
  if (!row->estimated.method[0])
    row->estimated.ratio = before > 0 ? row->after_rate / row->before_rate : NAN;
  if (u == UNIT_ORIGINS || u == UNIT_DAILY_ORIGINS)
    return status; /* one address may send for several groups: they do not add up */
  double all_change = all_after / row->after_days - all_before / row->before_days;
  if (all_before > 0)
    row->share_before = before / all_before;
  if (all_after > 0)
    row->share_after = after / all_after;
  if (all_change < 0 || all_change > 0)
    row->contribution = 100 * (row->after_rate - row->before_rate) / all_change;
  return status;
}

/* context: the clipped windows. */
static int64_t period_of_slot(const void *context, int64_t slot) {
  const tide_windows *w = context;
  if (slot < -slots_begun(w->before) || slot >= slots_begun(w->after))
    return TIDE_PERIOD_OUTSIDE;
  return slot < 0 ? TIDE_PERIOD_BEFORE : TIDE_PERIOD_AFTER;
}

static side side_of(const tide_tally *windows, uint32_t group) {
  return (side){tide_tally_count(windows, TIDE_PERIOD_BEFORE, group),
                tide_tally_count(windows, TIDE_PERIOD_AFTER, group)};
}

static bool unit_is_asked(const tide_compare *c, unit u) {
  return !c->unit.len || tide_span_equal(c->unit, tide_span_of(unit_name(u)));
}

static tide_status group_write(const tide_compare *c, tide_value *row, size_t width,
                               const side *own, const side *all, slots *s, const double *adjusted,
                               const tide_row_writer *writer, tide_error *err) {
  tide_status status = TIDE_OK;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT && status == TIDE_OK; u++) {
    compare_row now;
    if (!unit_is_asked(c, u))
      continue;
    status = measure(c, u, own, all, s, &now);
    now.adjusted = adjusted[u];
    tide_columns_fill(&tide_compare_columns, &now, c->group_values, row);
    if (status == TIDE_OK)
      status = writer->row(writer->context, row, width, err);
    else
      tide_error_set(err, status, "out of memory");
  }
  return status;
}

/* The adjusted p-values of all groups: p[u * groups + i] of the i-th group in order. */
static tide_status adjust(const tide_compare *c, const tide_tally *groups,
                          const tide_tally *windows, const uint32_t *order, slots *s, double *p) {
  uint32_t count = tide_tally_group_count(groups);
  tide_status status = TIDE_OK;
  for (uint32_t i = 0; i < count && status == TIDE_OK; i++) {
    if (c->stop && atomic_load_explicit(c->stop, memory_order_relaxed))
      return TIDE_END;
    side own = side_of(windows, order[i]);
    const bool shown = tide_tally_group_messages(groups, order[i]) > 0;
    if (shown)
      status = slots_count(s, groups, order[i]);
    for (unit u = UNIT_MESSAGES; u < UNIT_COUNT && status == TIDE_OK; u++) {
      tide_contrast e;
      p[(size_t)u * count + i] = NAN;
      if (!shown || !unit_is_asked(c, u))
        continue;
      tide_series series = slots_series(s, u);
      status = estimate(c, s, &series, u, &own, &e);
      p[(size_t)u * count + i] = e.p;
    }
  }
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT && status == TIDE_OK; u++)
    status = tide_adjust_bh(p + (size_t)u * count, count);
  return status;
}

tide_status tide_compare_write(const tide_compare *asked, const tide_tally *total,
                               const tide_tally *groups, const tide_row_writer *writer,
                               tide_error *err) {
  const tide_windows clipped = tide_windows_clip(asked->windows, asked->extent);
  tide_compare clip = *asked, *c = &clip;
  clip.windows = &clipped;
  size_t width = c->group_values + tide_compare_columns.count;
  uint32_t count = c->group_values ? tide_tally_group_count(groups) : 0;
  slots s;
  tide_status status = slots_make(c, &s, err);
  s.clipped = clipped.before < asked->windows->before || clipped.after < asked->windows->after;
  tide_value *row = calloc(width, sizeof *row);
  double *p = calloc(((size_t)count + 1) * UNIT_COUNT, sizeof *p);
  uint32_t *order = groups_sorted(groups);
  tide_tally *all_windows = NULL, *windows = NULL;
  if (status == TIDE_OK &&
      (!row || !p || !order ||
       tide_tally_rebin(total, period_of_slot, &clipped, &all_windows) != TIDE_OK ||
       tide_tally_rebin(groups, period_of_slot, &clipped, &windows) != TIDE_OK))
    status = tide_error_set(err, TIDE_FATAL, "out of memory");
  side all = {0};
  double adjusted[UNIT_COUNT];
  if (status == TIDE_OK && tide_tally_group_count(total)) {
    all = side_of(all_windows, 0);
    if (slots_count(&s, total, 0) != TIDE_OK)
      status = tide_error_set(err, TIDE_FATAL, "out of memory");
    slots_count_was_all(&s);
  }
  if (status == TIDE_OK) {
    for (size_t i = 0; i < c->group_values; i++)
      row[i] = tide_value_word(SPAN(TIDE_GROUP_ALL));
    for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++)
      adjusted[u] = NAN;
    status = group_write(c, row, width, &all, &all, &s, adjusted, writer, err);
  }
  if (status == TIDE_OK && count) {
    status = adjust(c, groups, windows, order, &s, p);
    if (status != TIDE_OK)
      tide_error_set(err, status, status == TIDE_END ? "stopped" : "out of memory");
  }
  for (uint32_t i = 0; i < count && status == TIDE_OK; i++) {
    /* A group of the history alone is none of the comparison's. */
    if (!tide_tally_group_messages(groups, order[i]))
      continue;
    side own = side_of(windows, order[i]);
    if (slots_count(&s, groups, order[i]) != TIDE_OK)
      status = tide_error_set(err, TIDE_FATAL, "out of memory");
    for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++)
      adjusted[u] = p[(size_t)u * count + i];
    groups_values(tide_tally_group(groups, order[i]), c->group_values, row);
    if (status == TIDE_OK)
      status = group_write(c, row, width, &own, &all, &s, adjusted, writer, err);
  }
  tide_tally_free(all_windows);
  tide_tally_free(windows);
  slots_free(&s);
  free(row);
  free(order);
  free(p);
  return status;
}

/* Sentences, one at a time. */
typedef struct speaker {
  void (*say)(void *context, const char *text);
  void *context;
} speaker;

__attribute__((format(printf, 2, 3))) static void speak(const speaker *s, const char *format, ...) {
  tide_error text; /* its text is one line, cut where it is too long */
  va_list args;
  char line[TIDE_ERROR_MAX];
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  tide_error_set(&text, TIDE_OK, "%s", line);
  s->say(s->context, text.text);
}

static void caution_weeks(const tide_windows *w, const speaker *s) {
  if (!windows_are_weeks(w))
    speak(s, "the windows are not whole weeks: weekdays that are not in both alike can make a "
             "change, or hide one");
}

/* Messages of the slot behind the last of a window that was clipped: the archive's own part of a
 * day. */
static uint64_t left_out(const tide_tally *total, int64_t slot) {
  return tide_tally_group_count(total) ? tide_tally_count(total, slot, 0).messages : 0;
}

static void caution_clip(const tide_compare *c, const tide_windows *clipped,
                         const tide_tally *total, const speaker *speech) {
  const tide_windows *w = c->windows;
  const tide_cover cover = tide_extent_cover(c->extent);
  const int64_t lost[2] = {w->before - clipped->before, w->after - clipped->after};
  for (int after = 0; after < 2; after++) {
    const bool exact = after ? cover.until_holds : cover.since_holds;
    const int64_t asked = after ? w->after : w->before, has = asked - lost[after],
                  edge = after ? c->extent->last : c->extent->first;
    char time[TIDE_RFC3339_MAX];
    if (!lost[after])
      continue;
    tide_rfc3339_format(edge, 0, time);
    const char *window = after ? "after" : "before", *edge_name = after ? "last" : "first";
    const double days = (double)has / SECONDS_A_DAY, of = (double)asked / SECONDS_A_DAY;
    if (exact) {
      speak(speech, "the window %s is clipped to --%s: %.4g of %.4g days", window,
            after ? "until" : "since", days, of);
      continue;
    }
    const int64_t covered = after ? cover.end - w->event - w->washout : w->event - cover.begin;
    if (!has)
      speak(speech,
            "the window %s lies beyond the archive, whose %s message is of %s: none of %.4g days",
            window, edge_name, time, of);
    else if (covered < has)
      speak(speech,
            "the window %s is clipped to the archive, whose %s message is of %s: %.4g of %.4g "
            "days, and that in part only",
            window, edge_name, time, days, of);
    else
      speak(speech,
            "the window %s is clipped to the archive, whose %s message is of %s: %.4g of %.4g "
            "days (messages left out on the day that it %s in: %llu)",
            window, edge_name, time, days, of, after ? "ends" : "begins",
            (unsigned long long)left_out(total, after ? slots_begun(has) : -slots_begun(has) - 1));
  }
}

/* Whether any mail came in the slot, of whatever kind. */
static bool slot_has_mail(const tide_compare *c, int64_t slot) {
  const tide_tally *days = c->extent->days;
  const int64_t first =
                    c->windows->event + (slot < 0 ? 0 : c->windows->washout) + slot * SECONDS_A_DAY,
                day = tide_day_of(c->windows->event, first),
                last = tide_day_of(c->windows->event, first + SECONDS_A_DAY - 1);
  if (!tide_tally_group_count(days))
    return false;
  for (int64_t at = day; at <= last; at++)
    if (tide_tally_count(days, c->windows->event + at * SECONDS_A_DAY, 0).messages)
      return true;
  return false;
}

static void caution_gaps(const tide_compare *c, const slots *s, const speaker *speech) {
  size_t missing[2] = {0}, known[2] = {s->before, s->count - s->before};
  bool some[2] = {0};
  for (size_t i = 0; i < s->count; i++) {
    const bool none = !slot_has_mail(c, s->number[i]), after = i >= s->before;
    bool part = s->days[i] < 1 && known[after] > 1; /* a part of a day without mail is no gap */
    missing[after] += none && !part;
    some[after] |= !none;
    known[after] -= part;
  }
  for (int i = 0; i < 2; i++) {
    const char *window = i ? "after" : "before";
    if (s->gap_days[i] > 0)
      speak(speech,
            "%.4g days in the window %s were left out: no mail came of any kind, which beside the "
            "days around says that none was collected",
            s->gap_days[i], window);
    if (!some[i])
      speak(speech, "the window %s has no mail at all, of any kind", window);
    else if (missing[i])
      speak(speech,
            "%zu of %zu days in the window %s have no mail at all, of any kind: if the archive has "
            "gaps there, they count as days without spam",
            missing[i], known[i], window);
  }
}

static void caution_history(const tide_compare *c, const slots *s, const tide_contrast *e,
                            const speaker *speech) {
  const tide_windows *w = c->windows;
  size_t without_gaps = 0;
  for (size_t i = 0; i < s->past; i++)
    without_gaps += !s->past_gap[i];
  if (!c->history || !e->method[0] || is_calibrated(e))
    return;
  if (c->contrast.trend)
    speak(speech, "the interval presumes a level that does not wander beside its trend: with "
                  "--trend the archive's earlier dates are not asked");
  else if (!s->windows.before)
    speak(speech, "the interval presumes a level that does not wander: windows of less than a day "
                  "have no earlier dates to be held against");
  else
    speak(speech,
          "the interval presumes a level that does not wander, as that of real mail does: it takes "
          "%.4g days without gaps before the event to show how much, and the archive has %zu",
          TIDE_REFERENCE_WINDOWS * (double)(w->before + w->after) / 2 / SECONDS_A_DAY,
          without_gaps);
}

static void caution_peak(const tide_compare *c, const tide_contrast *e,
                         const tide_contrast *without, const slots *s, size_t peak,
                         const speaker *speech) {
  if (!peak_carries(c, e, without, s))
    return;
  int64_t slot = s->number[peak];
  char time[TIDE_RFC3339_MAX];
  tide_rfc3339_format((slot < 0 ? c->windows->event : c->windows->event + c->windows->washout) +
                          slot * SECONDS_A_DAY,
                      0, time);
  if (isnan(without->ratio))
    speak(speech, "one day carries the result: all messages before came in the 24 hours from %s",
          time);
  else
    speak(speech,
          "one day carries the result: without the 24 hours from %s the change is %+.1f percent "
          "with p %.3g, not %+.1f with p %.3g",
          time, percent(without->ratio), fmax(without->p, DBL_MIN), percent(e->ratio),
          fmax(e->p, DBL_MIN));
}

tide_status tide_compare_cautions(const tide_compare *asked, const tide_tally *total,
                                  void (*say)(void *context, const char *text), void *context,
                                  tide_error *err) {
  const tide_windows clipped = tide_windows_clip(asked->windows, asked->extent);
  tide_compare clip = *asked, *c = &clip;
  slots s;
  speaker speech = {say, context};
  clip.windows = &clipped;
  tide_status status = slots_make(c, &s, err);
  if (status != TIDE_OK) {
    slots_free(&s);
    return status;
  }
  if (!c->extent->any) {
    speak(&speech, "there is no dated mail to compare");
    slots_free(&s);
    return TIDE_OK;
  }
  side own = {0};
  if (tide_tally_group_count(total) && slots_count(&s, total, 0) != TIDE_OK) {
    slots_free(&s);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  for (size_t i = 0; i < s.count; i++)
    *(i < s.before ? &own.before.messages : &own.after.messages) += s.counts[i].messages;
  caution_weeks(c->windows, &speech);
  caution_clip(asked, &clipped, total, &speech);
  caution_gaps(c, &s, &speech);
  if (own.before.messages + own.after.messages == 0)
    speak(&speech, "no message of those asked for lies in either window");
  else if (!own.before.messages)
    speak(
        &speech,
        "nothing before: there is no change in percent, and the interval has a lower bound alone");
  tide_contrast e, without;
  double slope = NAN, slope_p = NAN;
  size_t peak;
  tide_series series = slots_series(&s, UNIT_MESSAGES);
  status = estimate(c, &s, &series, UNIT_MESSAGES, &own, &e);
  if (status == TIDE_OK && own.before.messages >= TIDE_CONTRAST_SMALL)
    status = tide_contrast_slope_before(&series, &slope, &slope_p);
  series = slots_without_peak(&s, &peak);
  if (status == TIDE_OK)
    status = estimate(c, &s, &series, UNIT_MESSAGES, &own, &without);
  if (status == TIDE_OK) {
    if (!e.method[0] && own.before.messages && own.after.messages)
      speak(&speech, "too few days for the model that was asked for: there is no interval");
    if (is_exact(&e) && !is_calibrated(&e) && e.dispersion > DISPERSION_MUCH)
      speak(&speech,
            "the exact interval presumes messages that come independently, but days vary %.1f "
            "times as much as that: it is too narrow",
            e.dispersion);
    if (slope_p < SLOPE_P)
      speak(&speech,
            "messages were %s before the event already, by %.1f percent a day (p %.3g): see "
            "--trend, and `spamtide placebo`",
            slope < 1 ? "falling" : "rising", fabs(percent(slope)), fmax(slope_p, DBL_MIN));
    if (e.autocorrelation > AUTOCORRELATION_MUCH)
      speak(&speech, "days resemble their neighbours so much that the interval says next to "
                     "nothing: what looks like a step may be a slope, see --trend");
    caution_history(c, &s, &e, &speech);
    caution_peak(c, &e, &without, &s, peak, &speech);
  } else {
    tide_error_set(err, status, "out of memory");
  }
  slots_free(&s);
  return status;
}
