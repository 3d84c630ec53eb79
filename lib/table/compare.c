/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of compare. All groups are estimated first, since how much one of them says depends on
 * how many others are asked. */
#include <math.h>
#include <stdlib.h>

#include "compare_row.h"
#include "groups.h"
#include "stats/adjust.h"

/* What is said of a group beside its own figures. */
enum { VERDICT_WAIT = UNIT_COUNT }; /* after the units': the wait's */
typedef struct verdict {
  double adjusted[UNIT_COUNT + 1]; /* p-values, of many groups adjusted */
  double least;
} verdict;

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
  tide_compare_days(c, s, row, &of.seen_earlier);
  const bool compared = !s->has_control || s->control[row->unit].ratio > 0;
  if (row->unit != UNIT_ORIGINS && compared)
    row->outcome = tide_outcome_judge(&of, 1 - c->contrast.confidence);
  if (row->outcome != TIDE_OUTCOME_NONE && row->before + row->after == 0)
    row->outcome = TIDE_OUTCOME_TOO_FEW; /* such as recipients of messages that name none */
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
    if (tide_compare_measure(c, u, own, w->all, s, &now) != TIDE_OK)
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
