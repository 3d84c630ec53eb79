/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The days of a comparison. Time in which nothing was collected is taken out of a day's length. */
#include "slots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

/* What a group did in fewer windows says less of what it may do than what all groups did. */
enum { OWN_WINDOWS = 8 };

const char *const tide_compare_units[UNIT_COUNT + 1] = {"messages", "bytes", "origins",
                                                        "daily_origins", "recipients"};

const char *tide_unit_name(unit u) {
  return tide_compare_units[u];
}

uint64_t tide_unit_of(const tide_count *n, unit u) {
  switch (u) {
  case UNIT_MESSAGES: return n->messages;
  case UNIT_BYTES: return n->bytes;
  case UNIT_ORIGINS:
  case UNIT_DAILY_ORIGINS: return n->origins;
  case UNIT_RECIPIENTS: return n->recipients;
  case UNIT_COUNT: break;
  }
  return 0;
}

tide_quantity tide_unit_quantity(unit u) {
  return u == UNIT_BYTES || u == UNIT_RECIPIENTS ? TIDE_QUANTITY_AMOUNT : TIDE_QUANTITY_COUNT;
}

void tide_slots_free(slots *s) {
  for (size_t i = 0; i < sizeof s->memory / sizeof *s->memory; i++)
    free(s->memory[i]);
  tide_outages_free(&s->outages);
  tide_pool_forget(&s->pool_own);
}

int64_t tide_slots_begun(int64_t seconds) {
  return seconds / SECONDS_A_DAY + (seconds % SECONDS_A_DAY > 0);
}

tide_bin tide_compare_reach(const tide_windows *w) {
  const int64_t history = (int64_t)TIDE_REFERENCE_DAYS_MOST * SECONDS_A_DAY,
                side = (int64_t)TIDE_GAP_SIDE * SECONDS_A_DAY;
  const int64_t before = w->before > history ? w->before : history;
  return (tide_bin){w->event - before - side, w->event + w->washout + w->after + side};
}

bool tide_compare_slot(const tide_windows *w, int64_t time, int64_t *slot, tide_bin *lasts) {
  if (tide_windows_slot(w, time, slot, lasts))
    return true;
  const int64_t day = tide_day_of(w->event, time);
  if (day >= 0 || day < -TIDE_REFERENCE_DAYS_MOST)
    return false;
  *slot = TIDE_TALLY_ASIDE + day;
  *lasts = (tide_bin){w->event + day * SECONDS_A_DAY, w->event + (day + 1) * SECONDS_A_DAY};
  if (lasts->end > w->event - w->before)
    lasts->end = w->event - w->before;
  return true;
}

static tide_status outages_make(const tide_compare *c, slots *s) {
  const tide_cover cover = tide_extent_cover(c->extent);
  const tide_bin reach = tide_compare_reach(c->windows);
  if (!c->extent->any)
    return TIDE_OK;
  const int64_t event = c->windows->event,
                begin = cover.begin > reach.start ? cover.begin : reach.start,
                end = cover.end < reach.end ? cover.end : reach.end;
  if (begin >= end)
    return TIDE_OK;
  return tide_outages_around(event, tide_day_of(event, begin), tide_day_of(event, end - 1),
                             c->extent, &s->outages);
}

/* History is counted in whole days, and so are the windows that are looked for in it. */
static void windows_make(const tide_compare *c, slots *s) {
  const tide_windows *w = c->windows;
  if (!c->history || !c->extent->any || w->before < SECONDS_A_DAY || w->after < SECONDS_A_DAY)
    return;
  const int64_t half = SECONDS_A_DAY / 2;
  s->windows = (tide_reference_windows){(size_t)((w->before + half) / SECONDS_A_DAY),
                                        (size_t)((w->washout + half) / SECONDS_A_DAY),
                                        (size_t)((w->after + half) / SECONDS_A_DAY)};
  int64_t first = tide_day_from(w->event, tide_extent_cover(c->extent).begin);
  if (first < -TIDE_REFERENCE_DAYS_MOST)
    first = -TIDE_REFERENCE_DAYS_MOST;
  s->past = first < 0 ? (size_t)-first : 0;
}

static tide_status memory_take(slots *s) {
  double *numbers = calloc(7 * s->places + 2 * s->past + 1, sizeof *numbers);
  s->memory[0] = numbers;
  s->memory[1] = s->counts = calloc(s->places + s->past + 1, sizeof *s->counts);
  s->memory[2] = s->number = calloc(s->places + 1, sizeof *s->number);
  s->memory[3] = s->place = calloc(s->places + 1, sizeof *s->place);
  s->memory[5] = s->control_counts = calloc(s->places + s->past + 1, sizeof *s->control_counts);
  s->memory[4] = s->past_gap = calloc(s->past + 1, sizeof *s->past_gap);
  if (!numbers || !s->counts || !s->number || !s->place || !s->past_gap || !s->control_counts)
    return TIDE_FATAL;
  s->past_counts = s->counts + s->places;
  s->control_past_counts = s->control_counts + s->places;
  s->days = numbers;
  s->start = s->days + s->places;
  s->value = s->start + s->places;
  s->other_days = s->value + s->places;
  s->other_start = s->other_days + s->places;
  s->other_value = s->other_start + s->places;
  s->scaled_days = s->other_value + s->places;
  s->past_value = s->scaled_days + s->places;
  s->control_past_value = s->past_value + s->past;
  return TIDE_OK;
}

/* The slots of one window that is at [from, to); those after the event are counted from where
 * the lead begins. */
static void window_make(slots *s, bool after, int64_t from, int64_t to, const tide_compare *c) {
  const tide_windows *w = c->windows;
  const int64_t origin = after ? w->event + w->washout - c->lead : w->event;
  const int64_t gap = tide_outages_overlap(&s->outages, from, to);
  s->gap_days[after] = (double)gap / SECONDS_A_DAY;
  s->window_days[after] = (double)(to - from - gap) / SECONDS_A_DAY;
  const int64_t slots_there = tide_slots_begun(to - from),
                first = after ? c->lead / SECONDS_A_DAY : -slots_there;
  for (int64_t i = 0; i < slots_there; i++) {
    const int64_t number = first + i;
    int64_t begin = origin + number * SECONDS_A_DAY, end = begin + SECONDS_A_DAY;
    begin = begin < from ? from : begin;
    end = end > to ? to : end;
    const int64_t length = end - begin - tide_outages_overlap(&s->outages, begin, end);
    const size_t place = (size_t)(number - s->first_number);
    s->place[place] = SIZE_MAX;
    if (length <= 0)
      continue;
    s->place[place] = s->count;
    s->number[s->count] = number;
    s->days[s->count] = (double)length / SECONDS_A_DAY;
    s->start[s->count] = (double)(begin - w->event) / SECONDS_A_DAY;
    s->count++;
  }
}

/* Whether any mail came in the 24 hours of a slot, of whatever kind. */
static bool slot_has_mail(const tide_compare *c, int64_t slot) {
  const tide_tally *days = c->extent->days;
  const tide_windows *w = c->windows;
  const int64_t first = w->event + (slot < 0 ? 0 : w->washout - c->lead) + slot * SECONDS_A_DAY,
                day = tide_day_of(w->event, first),
                last = tide_day_of(w->event, first + SECONDS_A_DAY - 1);
  if (!days || !tide_tally_group_count(days))
    return false;
  for (int64_t at = day; at <= last; at++)
    if (tide_tally_count(days, w->event + at * SECONDS_A_DAY, 0).messages)
      return true;
  return false;
}

static void empty_days_count(const tide_compare *c, slots *s) {
  s->whole_days[0] = s->before;
  s->whole_days[1] = s->count - s->before;
  for (size_t i = 0; i < s->count && c->extent->any; i++) {
    const bool none = !slot_has_mail(c, s->number[i]), after = i >= s->before;
    const bool part =
        s->days[i] < 1 && s->whole_days[after] > 1; /* a part of a day without mail is no gap */
    s->empty_days[after] += none && !part;
    s->any_mail[after] |= !none;
    s->whole_days[after] -= part;
  }
}

tide_status tide_slots_make(const tide_compare *c, slots *s, tide_error *err) {
  const tide_windows *w = c->windows;
  const int64_t most = (int64_t)TIDE_LIMIT_DAYS * SECONDS_A_DAY;
  *s = (slots){0};
  if (w->before > most || w->after > most ||
      tide_slots_begun(w->before) + tide_slots_begun(w->after) > (int64_t)TIDE_LIMIT_DAYS)
    return tide_error_set(err, TIDE_USAGE, "both windows together have more than %u days",
                          TIDE_LIMIT_DAYS);
  s->first_number = -tide_slots_begun(w->before);
  s->places =
      (size_t)(tide_slots_begun(w->before) + c->lead / SECONDS_A_DAY + tide_slots_begun(w->after));
  s->contrast = c->contrast;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++)
    s->asked[u] = !c->unit.len || tide_span_equal(c->unit, tide_span_of(tide_unit_name(u)));
  s->asked[UNIT_MESSAGES] = true; /* the cautions are of messages */
  windows_make(c, s);
  if (outages_make(c, s) != TIDE_OK || memory_take(s) != TIDE_OK)
    return tide_error_memory(err);
  for (size_t i = 0; i < s->places; i++)
    s->place[i] = SIZE_MAX;
  window_make(s, false, w->event - w->before, w->event, c);
  s->before = s->count;
  window_make(s, true, w->event + w->washout, w->event + w->washout + w->after, c);
  empty_days_count(c, s);
  for (size_t i = 0; i < s->past; i++) {
    const int64_t day = w->event - (int64_t)(s->past - i) * SECONDS_A_DAY;
    s->past_gap[i] = tide_outages_overlap(&s->outages, day, day + SECONDS_A_DAY) > 0;
  }
  return TIDE_OK;
}

static void count_add(tide_count *to, const tide_count *n) {
  to->messages += n->messages;
  to->bytes += n->bytes;
  to->recipients += n->recipients;
  to->origins += n->origins;
}

/* Of a day that the window before cuts in two, an origin may be seen in both parts: the history
 * counts it twice, one day in hundreds. */
static void slot_take(void *context, int64_t bin, const tide_count *n) {
  slots *s = context;
  const bool aside = bin < TIDE_TALLY_ASIDE;
  const int64_t number = aside ? bin - TIDE_TALLY_ASIDE : bin;
  if (number < 0 && number >= -(int64_t)s->past)
    count_add(&s->past_counts[(int64_t)s->past + number], n);
  if (aside || number < s->first_number || number >= s->first_number + (int64_t)s->places)
    return;
  const size_t place = s->place[number - s->first_number];
  if (place != SIZE_MAX)
    s->counts[place] = *n;
}

bool tide_slots_has_history(const slots *s) {
  const double window = (double)(s->windows.before + s->windows.after) / 2;
  double messages = 0, weights = 0;
  for (size_t i = 0; i < s->past; i++) {
    const double weight = tide_reference_weight(&s->windows, s->past - 1 - i);
    messages += weight * (double)s->past_counts[i].messages;
    weights += weight;
  }
  return messages * window >= TIDE_HISTORY_LEAST * weights;
}

static void counts_take(slots *s, const tide_tally *t, uint32_t group) {
  memset(s->counts, 0, s->count * sizeof *s->counts);
  memset(s->past_counts, 0, s->past * sizeof *s->past_counts);
  memset(s->own, 0, sizeof s->own);
  memset(s->own_step, 0, sizeof s->own_step);
  tide_tally_each(t, group, slot_take, s);
}

/* How the group counted wanders, by what the pool knows. */
static void pool_ask(slots *s, uint32_t group) {
  if (!s->pool)
    return;
  tide_pool_tell(s->pool, group, &s->pooled);
  if (s->has_control)
    s->pooled.wander += s->control_alone[UNIT_MESSAGES].wander;
}

tide_status tide_slots_count(slots *s, const tide_tally *t, uint32_t group) {
  counts_take(s, t, group);
  pool_ask(s, group);
  if (!s->past || !s->windows.before || !tide_slots_has_history(s))
    return TIDE_OK;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++) {
    if (u == UNIT_ORIGINS)
      continue;
    for (size_t i = 0; i < s->past; i++)
      s->past_value[i] = (double)tide_unit_of(&s->past_counts[i], u);
    tide_history history = {s->past, s->past_value, s->past_gap, NULL};
    for (size_t i = 0; i < s->past && s->has_control; i++)
      s->control_past_value[i] = (double)tide_unit_of(&s->control_past_counts[i], u);
    if (s->has_control)
      history.control = s->control_past_value;
    if (tide_reference_estimate(&history, &s->windows, tide_unit_quantity(u), &s->own[u]) !=
        TIDE_OK)
      return TIDE_FATAL;
    if (s->contrast.trend && !s->has_control && s->asked[u] &&
        tide_reference_estimate_step(&history, &s->windows, tide_unit_quantity(u), &s->contrast,
                                     &s->own_step[u]) != TIDE_OK)
      return TIDE_FATAL;
    if (s->has_control && s->own[u].dates)
      tide_reference_take_control(&s->own[u], s->control_before[u], s->control_after[u]);
  }
  return TIDE_OK;
}

/* The variance of the logarithm of a ratio of which no model gives one. */
static double plain_variance(double before, double after) {
  return 1 / (before + 0.5) + 1 / (after + 0.5);
}

static tide_status control_take(slots *s, unit u, const tide_contrast_options *options) {
  tide_contrast *c = &s->control[u];
  for (size_t i = 0; i < s->count; i++) {
    s->value[i] = (double)tide_unit_of(&s->control_counts[i], u);
    *(i < s->before ? &s->control_before[u] : &s->control_after[u]) += s->value[i];
  }
  const tide_series series = {s->count, s->value, s->days, s->start};
  tide_status status = tide_contrast_estimate(&series, tide_unit_quantity(u), options, c);
  if (!(s->control_before[u] > 0) || !(s->control_after[u] > 0))
    c->ratio = NAN;
  if (!(c->standard_error > 0)) {
    c->standard_error = sqrt(plain_variance(s->control_before[u], s->control_after[u]));
    c->freedom = INFINITY;
  }
  s->control_alone[u] = (tide_reference){.dates = 1,
                                         .freedom = fmin(c->freedom, 1e6),
                                         .wander = c->standard_error * c->standard_error,
                                         .spread = c->standard_error * c->standard_error,
                                         .correlation = NAN,
                                         .quantity = tide_unit_quantity(u)};
  return status;
}

tide_status tide_slots_count_control(slots *s, const tide_tally *t,
                                     const tide_contrast_options *options) {
  tide_count *own = s->counts, *own_past = s->past_counts;
  s->has_control = true;
  s->counts = s->control_counts;
  s->past_counts = s->control_past_counts;
  if (tide_tally_group_count(t))
    tide_tally_each(t, 0, slot_take, s);
  s->counts = own;
  s->past_counts = own_past;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT; u++) {
    s->control[u].ratio = NAN;
    if (u != UNIT_ORIGINS && control_take(s, u, options) != TIDE_OK)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

tide_series tide_slots_scaled(slots *s, const tide_series *series, unit u) {
  tide_series scaled = *series;
  if (!s->has_control)
    return scaled;
  for (size_t i = 0; i < series->count; i++)
    s->scaled_days[i] = series->days[i] * (series->start[i] < 0 ? 1 : s->control[u].ratio);
  scaled.days = s->scaled_days;
  return scaled;
}

void tide_slots_count_was_all(slots *s) {
  memcpy(s->whole, s->own, sizeof s->whole);
  memcpy(s->whole_step, s->own_step, sizeof s->whole_step);
}

/* --- the pool --- */

/* Days behind the event, without those that are not whole. */
static size_t behind_take(const slots *s, double *value, bool *gap) {
  size_t count = 0;
  for (size_t i = s->before; i < s->count; i++) {
    /* A slot that is all gap is not there. */
    for (int64_t missing = s->number[i] - (i > s->before ? s->number[i - 1] + 1 : s->number[i]);
         missing > 0; missing--) {
      value[count] = 0;
      gap[count++] = true;
    }
    value[count] = (double)s->counts[i].messages;
    gap[count++] = s->days[i] < 1;
  }
  return count;
}

/* What lends each group's days to the pool. */
typedef struct slots_pool {
  slots *slots;
  const tide_tally *groups;
  bool *gap; /* of the days behind the event */
} slots_pool;

static bool pool_days(void *context, uint32_t group, tide_pool_days out[2]) {
  const slots_pool *p = context;
  slots *s = p->slots;
  counts_take(s, p->groups, group);
  for (size_t i = 0; i < s->past; i++)
    s->past_value[i] = (double)s->past_counts[i].messages;
  out[0] = (tide_pool_days){s->past, s->past_value, s->past_gap};
  out[1] = (tide_pool_days){behind_take(s, s->other_value, p->gap), s->other_value, p->gap};
  return true;
}

static tide_status pool_learn(slots *s, const tide_tally *tally) {
  const size_t after = (size_t)(s->places + (size_t)s->first_number);
  slots_pool pool = {.slots = s, .groups = tally, .gap = malloc(s->places + 1)};
  const tide_pool_groups groups = {.count = tide_tally_group_count(tally),
                                   .stretch = s->past > after ? s->past : after,
                                   .days = pool_days,
                                   .context = &pool};
  tide_status status = TIDE_FATAL;
  if (pool.gap)
    status = tide_pool_learn_groups(&groups, &s->windows, &s->pool_own);
  free(pool.gap);
  return status;
}

tide_status tide_slots_pool(slots *s, const tide_tally *groups, const tide_pool_known *known) {
  if (!known && s->windows.before) {
    TIDE_TRY(pool_learn(s, groups));
    known = &s->pool_own;
  }
  s->pool = known;
  return TIDE_OK;
}

const tide_reference *tide_slots_pooled(const slots *s, unit u) {
  const tide_reference *own = &s->own[u];
  return s->pooled.dates && !(own->dates && own->freedom >= OWN_WINDOWS) ? &s->pooled : NULL;
}

const tide_reference *tide_slots_reference(const slots *s, unit u) {
  const tide_reference *r = s->own[u].dates ? &s->own[u] : &s->whole[u];
  if (!r->dates && s->has_control)
    r = &s->control_alone[u];
  return r->dates ? r : NULL;
}

static const tide_reference *longer(const tide_reference *own, const tide_reference *whole) {
  return own->dates || own->freedom >= whole->freedom ? own : whole;
}

const tide_reference *tide_slots_history(const slots *s, unit u) {
  return longer(&s->own[u], &s->whole[u]);
}

const tide_reference *tide_slots_step_history(const slots *s, unit u) {
  return longer(&s->own_step[u], &s->whole_step[u]);
}

bool tide_slots_reference_is_history(const slots *s, const tide_reference *r) {
  return r && !(r >= s->control_alone && r < s->control_alone + UNIT_COUNT);
}

static bool same(double a, double b) {
  return !(a < b || a > b);
}

static bool few_same(const tide_reference_few *a, const tide_reference_few *b) {
  return a->before == b->before && a->after == b->after && same(a->before_days, b->before_days) &&
         same(a->after_days, b->after_days);
}

static bool reference_same(const slots_few *known, const tide_reference *r) {
  bool all = same(known->wander, r->wander) && same(known->freedom, r->freedom);
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS && all && r->mixed; k++)
    all = same(known->mixture.weight[k], r->mixture.weight[k]);
  return all;
}

void tide_slots_calibrate_exact(slots *s, const tide_reference *r, const tide_reference_few *few,
                                double confidence, tide_contrast *c) {
  const uint64_t place = few->before * 61 + few->after + (uint64_t)(1e6 * r->wander);
  slots_few *known = &s->few[place % SLOTS_FEW];
  if (reference_same(known, r) && few_same(&known->few, few)) {
    c->low = known->low;
    c->high = known->high;
    c->p = known->p;
    return;
  }
  tide_reference_calibrate_exact(r, few, confidence, c);
  *known = (slots_few){*few, r->wander, r->freedom, r->mixture, c->low, c->high, c->p};
}

tide_series tide_slots_series(slots *s, unit u) {
  for (size_t i = 0; i < s->count; i++)
    s->value[i] = (double)tide_unit_of(&s->counts[i], u);
  return (tide_series){s->count, s->value, s->days, s->start};
}

tide_series tide_slots_without_peak(slots *s, size_t *peak) {
  size_t to = 0;
  *peak = 0;
  for (size_t i = 1; i < s->count; i++)
    if (s->value[i] > s->value[*peak])
      *peak = i;
  for (size_t i = 0; i < s->count; i++) {
    if (i == *peak)
      continue;
    s->other_value[to] = s->value[i];
    s->other_days[to] = s->days[i];
    s->other_start[to++] = s->start[i];
  }
  return (tide_series){to, s->other_value, s->other_days, s->other_start};
}
