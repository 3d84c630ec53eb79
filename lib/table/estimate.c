/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One unit of one group: a contrast of its days, widened to what the archive's earlier dates ask.
 */
#include "estimate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "table/receivers.h"

/* In method. */
static const char history_mark[] = "+history", presumed_mark[] = "+wander",
                  control_mark[] = "+control", groups_mark[] = "+groups";

static const double dispersion_much = 2;
const double tide_estimate_slope_p = 0.05;
static const double autocorrelation_much = 0.9;

/* Few messages have no better an estimate for being counted in bytes. */
static bool too_few(const tide_compare *c, unit u, const sides *own) {
  return tide_unit_quantity(u) == TIDE_QUANTITY_AMOUNT && c->contrast.model == TIDE_MODEL_AUTO &&
         (own->before.messages < TIDE_CONTRAST_SMALL || own->after.messages < TIDE_CONTRAST_SMALL);
}

static void method_mark(tide_contrast *e, const char *mark) {
  const size_t used = strlen(e->method);
  snprintf(e->method + used, sizeof e->method - used, "%s", mark);
}

static bool is_exact(const tide_contrast *e) {
  static const char exact[] = "exact";
  return strncmp(e->method, exact, sizeof exact - 1) == 0;
}

/* Sums of a series before the event and after it, and their days. */
typedef struct windowed {
  double sum[2], days[2];
} windowed;

static windowed windowed_of(const tide_series *series) {
  windowed of = {{0}, {0}};
  for (size_t i = 0; i < series->count; i++) {
    of.sum[series->start[i] >= 0] += series->value[i];
    of.days[series->start[i] >= 0] += series->days[i];
  }
  return of;
}

/* From the middle of one window to that of the other. */
static double days_apart(const tide_compare *c) {
  return (double)(c->windows->before / 2 + c->windows->washout + c->windows->after / 2) /
         SECONDS_A_DAY;
}

static double presumed_of(const tide_compare *c, unit u, const tide_contrast *e, double noise) {
  const double counted = tide_unit_quantity(u) == TIDE_QUANTITY_COUNT ? noise : 0;
  return tide_reference_presumed(e->standard_error * e->standard_error, counted, days_apart(c));
}

/* Of a contrast without a model: as its days stray, but no less than all mail, and the control's
 * error. Bursts beside a silent side are allowed for by allow_for_bursts. */
static double presumed_without_model(const tide_compare *c, const slots *s, unit u,
                                     const tide_contrast *e, const windowed *of) {
  const bool silent = !(of->sum[0] > 0) || !(of->sum[1] > 0);
  const double own = tide_reference_presumed_few(of->sum[0], of->sum[1], silent ? 1 : e->dispersion,
                                                 days_apart(c));
  return fmax(s->presumed[u], own) + (s->has_control ? s->control_alone[u].wander : 0);
}

/* What the history shows, and what is presumed: with a control its history alone, since no model
 * knows how much both have in common. */
static tide_reference reference_with(const tide_compare *c, const slots *s,
                                     const tide_reference *history, double presumed) {
  tide_reference r = *history;
  if (s->has_control && history->dates)
    return r;
  if (s->has_control)
    r = (tide_reference){.quantity = history->quantity};
  if (c->history)
    tide_reference_presume(&r, presumed);
  return r;
}

/* The step of a model with a trend, held against the same step at earlier dates. */
static tide_status calibrate_step(const tide_compare *c, const slots *s, const tide_series *series,
                                  unit u, tide_contrast *e) {
  const tide_reference *history = tide_slots_step_history(s, u);
  double step, noise;
  if (!c->history || !e->method[0] || is_exact(e))
    return TIDE_OK;
  tide_status status = tide_contrast_step(series, &c->contrast, &step, &noise);
  if (status != TIDE_OK || isnan(step))
    return status;
  const tide_reference r = reference_with(c, s, history, presumed_of(c, u, e, noise));
  tide_reference_calibrate_step(&r, noise, c->contrast.confidence, e);
  method_mark(e, history->dates ? history_mark : presumed_mark);
  return TIDE_OK;
}

/* Holds an estimate against the archive's earlier dates, and what is presumed of them. With a trend
 * the change is that of a model, and not what the dates compare. */
static void calibrate(const tide_compare *c, slots *s, const tide_series *series, unit u,
                      tide_contrast *e) {
  const tide_reference *history = tide_slots_history(s, u);
  const bool exact = is_exact(e);
  const windowed of = windowed_of(series);
  if (!e->method[0] || (c->contrast.trend && !exact))
    return;
  const double noise = 1 / of.sum[0] + 1 / of.sum[1];
  tide_reference r = reference_with(
      c, s, history, exact ? presumed_without_model(c, s, u, e, &of) : presumed_of(c, u, e, noise));
  if (exact) {
    /* The wider interval serves without history too where there is a control to allow for. */
    if (!c->history && s->has_control)
      r = s->control_alone[u];
    const tide_reference_few few = {(uint64_t)of.sum[0], (uint64_t)of.sum[1], of.days[0],
                                    of.days[1]};
    tide_slots_calibrate_exact(s, &r, &few, c->contrast.confidence, e);
  } else if (c->history) {
    /* The model takes subject and control for independent: where they go together, which a control
     * is for, its interval is far too wide. That of the earlier dates needs no model. */
    if (s->has_control && history->dates)
      e->standard_error = NAN;
    tide_reference_calibrate(&r, of.sum[0], of.sum[1], c->contrast.confidence, e);
  }
  if (c->history)
    method_mark(e, history->dates ? history_mark : presumed_mark);
}

/* Events of the side of a series that is not silent, if the other is. */
typedef struct silence {
  bool after; /* is it the side after that is silent? */
  double messages, events, active_days, silent_days;
} silence;

/* false: neither side is silent, or both are. */
static bool silence_of(const tide_series *series, silence *of) {
  const windowed both = windowed_of(series);
  size_t before = 0;
  while (before < series->count && series->start[before] < 0)
    before++;
  *of = (silence){.after = both.sum[0] > 0};
  of->messages = both.sum[!of->after];
  of->active_days = both.days[!of->after];
  of->silent_days = both.days[of->after];
  of->events = of->after ? tide_wait_events(series->value, before)
                         : tide_wait_events(series->value + before, series->count - before);
  return (both.sum[0] > 0) != (both.sum[1] > 0);
}

/* The exact interval presumes messages that come one by one. Where a side is silent their bursts
 * can be allowed for: what counts are events. */
static void allow_for_bursts(const tide_compare *c, const tide_series *series,
                             const tide_reference *r, tide_contrast *e) {
  silence of;
  if (!silence_of(series, &of) || !(of.events < of.messages) || !is_exact(e) ||
      c->contrast.model != TIDE_MODEL_AUTO)
    return;
  const double tail = (1 - c->contrast.confidence) / 2,
               bound = tide_wait_bound(of.events, of.active_days, of.silent_days, tail, r);
  e->p = fmax(e->p, tide_wait_p(of.events, of.active_days, of.silent_days, r));
  if (of.after)
    e->high = fmax(e->high, bound);
  else
    e->low = fmin(e->low, 1 / bound);
}

tide_status tide_estimate_make(const tide_compare *c, slots *s, const tide_series *series, unit u,
                               const sides *own, tide_contrast *out) {
  *out = tide_contrast_unknown();
  if (u == UNIT_ORIGINS || too_few(c, u, own))
    return TIDE_OK;
  if (s->has_control && !(s->control[u].ratio > 0))
    return TIDE_OK;
  const tide_series scaled = tide_slots_scaled(s, series, u);
  const tide_reference *r = tide_slots_reference(s, u);
  TIDE_TRY(tide_contrast_estimate(&scaled, tide_unit_quantity(u), &c->contrast, out));
  if (s->has_control && out->method[0]) {
    tide_contrast_add_error(out, s->control[u].standard_error, s->control[u].freedom,
                            c->contrast.confidence);
    method_mark(out, control_mark);
  }
  if (c->contrast.trend && calibrate_step(c, s, &scaled, u, out) != TIDE_OK)
    return TIDE_FATAL;
  calibrate(c, s, &scaled, u, out);
  allow_for_bursts(c, &scaled, r, out);
  return TIDE_OK;
}

tide_status tide_estimate_presume_all(const tide_compare *c, slots *s) {
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT && c->history; u++) {
    tide_contrast e;
    if (u == UNIT_ORIGINS || !s->asked[u])
      continue;
    const tide_series series = tide_slots_series(s, u);
    const windowed of = windowed_of(&series);
    TIDE_TRY(tide_contrast_estimate(&series, tide_unit_quantity(u), &c->contrast, &e));
    if (e.standard_error > 0)
      s->presumed[u] = presumed_of(c, u, &e, 1 / of.sum[0] + 1 / of.sum[1]);
  }
  return TIDE_OK;
}

/* The interval that the pool gives few things, beside what there is. */
static void calibrate_few(const tide_compare *c, slots *s, const tide_reference *pool,
                          const windowed *of, tide_contrast *e) {
  const tide_reference_few few = {(uint64_t)of->sum[0], (uint64_t)of->sum[1], of->days[0],
                                  of->days[1]};
  tide_contrast own = {.low = INFINITY};
  tide_slots_calibrate_exact(s, pool, &few, c->contrast.confidence, &own);
  e->low = fmin(e->low, own.low);
  if (few.before)
    e->high = fmax(e->high, own.high);
  e->p = fmax(e->p, own.p);
}

tide_status tide_estimate_group(const tide_compare *c, slots *s, const tide_series *series, unit u,
                                const sides *own, tide_contrast *out) {
  const tide_reference *pool = tide_slots_pooled(s, u);
  tide_compare asked = *c;
  /* What other groups of the archive do is more than what is presumed of any archive. */
  asked.history = c->history && !(pool && !tide_slots_history(s, u)->dates && !s->has_control);
  TIDE_TRY(tide_estimate_make(&asked, s, series, u, own, out));
  if (!pool || !out->method[0] || c->contrast.trend)
    return TIDE_OK;
  const tide_series scaled = tide_slots_scaled(s, series, u);
  const windowed of = windowed_of(&scaled);
  if (is_exact(out))
    calibrate_few(c, s, pool, &of, out);
  else
    tide_reference_calibrate(pool, of.sum[0], of.sum[1], c->contrast.confidence, out);
  method_mark(out, groups_mark);
  return TIDE_OK;
}

/* How far a group wanders that has mail on one side alone, as calibrate has it for its interval. */
static tide_reference reference_of_silence(const tide_compare *c, const slots *s,
                                           const silence *of) {
  const double before = of->after ? of->messages : 0;
  const windowed sums = {.sum = {before, of->messages - before}};
  tide_contrast none = tide_contrast_unknown();
  if (!c->history && s->has_control)
    return s->control_alone[UNIT_MESSAGES];
  return reference_with(c, s, tide_slots_history(s, UNIT_MESSAGES),
                        presumed_without_model(c, s, UNIT_MESSAGES, &none, &sums));
}

/* By its own history, by what is presumed, and by what all groups do: the largest. */
static double silence_p(const tide_compare *c, const slots *s, const silence *of) {
  const tide_reference presumed = reference_of_silence(c, s, of);
  const tide_reference *const all[] = {tide_slots_reference(s, UNIT_MESSAGES), &presumed,
                                       tide_slots_pooled(s, UNIT_MESSAGES)};
  double p = 0;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    p = fmax(p, tide_wait_p(of->events, of->active_days, of->silent_days, all[i]));
  return p;
}

double tide_estimate_wait_p(const tide_compare *c, slots *s) {
  const tide_series series = tide_slots_series(s, UNIT_MESSAGES),
                    scaled = tide_slots_scaled(s, &series, UNIT_MESSAGES);
  silence of;
  return silence_of(&scaled, &of) ? silence_p(c, s, &of) : NAN;
}

double tide_estimate_least_p(const tide_compare *c, const slots *s, double messages) {
  const double before = s->window_days[0],
               after = s->window_days[1] * (s->has_control ? s->control[UNIT_MESSAGES].ratio : 1);
  const silence fallen = {true, messages, messages, before, after},
                risen = {false, messages, messages, after, before};
  return fmin(silence_p(c, s, &fallen), silence_p(c, s, &risen));
}

static bool is_marked(const tide_contrast *e, const char *mark) {
  const tide_span method = tide_span_of(e->method);
  return tide_span_find(method, tide_span_of(mark)) < method.len;
}

bool tide_estimate_is_calibrated(const tide_contrast *e) {
  return is_marked(e, history_mark);
}

bool tide_estimate_is_persistent(const slots *s, const tide_contrast *e) {
  const bool modelled = !s->has_control || !tide_estimate_is_calibrated(e);
  return modelled && e->autocorrelation > autocorrelation_much;
}

bool tide_estimate_wanders(const tide_compare *c, const slots *s, unit u, const tide_contrast *e) {
  return !c->contrast.trend && tide_estimate_is_calibrated(e) &&
         tide_reference_grows(tide_slots_history(s, u));
}

bool tide_estimate_windows_are_weeks(const tide_windows *w) {
  return w->before % (7 * SECONDS_A_DAY) == 0 && w->after % (7 * SECONDS_A_DAY) == 0;
}

bool tide_estimate_ignores_bursts(const tide_compare *c, const tide_contrast *e, const sides *own) {
  const bool silent = !own->before.messages || !own->after.messages;
  return !c->history && is_exact(e) && e->dispersion > dispersion_much &&
         !(silent && c->contrast.model == TIDE_MODEL_AUTO);
}

bool tide_estimate_peak_carries(const tide_compare *c, const tide_contrast *e,
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

/* Did one of several servers stop in one of the windows, or begin? */
static bool has_receiver_gap(const tide_compare *c) {
  const tide_windows *w = c->windows;
  const int64_t after = w->event + w->washout;
  return tide_receiver_gaps_tilt(c->receivers, (tide_bin){w->event - w->before, w->event},
                                 (tide_bin){after, after + w->after});
}

unsigned tide_estimate_cautions(const tide_compare *c, const slots *s, const sides *own, unit u,
                                const tide_contrast *e) {
  bool holds[TIDE_CAUTION_COUNT] = {
      [TIDE_CAUTION_WEEKS] = !tide_estimate_windows_are_weeks(c->windows),
      [TIDE_CAUTION_CLIPPED] = s->clipped,
      [TIDE_CAUTION_GAP] = s->gap_days[0] + s->gap_days[1] > 0,
      [TIDE_CAUTION_RECEIVER] = has_receiver_gap(c),
      [TIDE_CAUTION_EMPTY_DAYS] = s->empty_days[0] + s->empty_days[1] > 0,
  };
  const bool control = s->has_control && s->control[u].ratio > 0;
  holds[TIDE_CAUTION_CONTROL_EMPTY] = s->has_control && !control;
  if (u != UNIT_ORIGINS) {
    const tide_reference *r = tide_slots_reference(s, u);
    const bool history = tide_slots_reference_is_history(s, r);
    holds[TIDE_CAUTION_NO_INTERVAL] = !e->method[0];
    holds[TIDE_CAUTION_NO_HISTORY] = c->history && e->method[0] && !tide_estimate_is_calibrated(e);
    holds[TIDE_CAUTION_BURSTS] = tide_estimate_ignores_bursts(c, e, own);
    holds[TIDE_CAUTION_PERSISTENT] = tide_estimate_is_persistent(s, e);
    holds[TIDE_CAUTION_WANDERS] = tide_estimate_wanders(c, s, u, e);
    holds[TIDE_CAUTION_CONTROL_APART] = control && history && r->spread >= r->alone;
    holds[TIDE_CAUTION_CONTROL_UNKNOWN] = control && !history;
  }
  return tide_cautions_set(holds);
}
