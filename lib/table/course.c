/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The course of an effect: each step after the event is a comparison of its own with the window
 * before the event, until the level is back. */
#include "table/course.h"

#include <math.h>
#include <stdlib.h>

#include "estimate.h"
#include "groups.h"

/* Steps in a row at the old level, or past it, that end the course. */
enum { BACK_STEPS = 2 };
/* So much of the old level counts as having reached it, as for recovery, unless the interval says
 * that it has not. */
static const double back_part = 0.9;

typedef enum course_state { STATE_BELOW, STATE_ABOVE, STATE_UNCLEAR, STATE_BACK } course_state;
static const char *const state_names[] = {"below", "above", "unclear", "back"};

typedef struct course_row {
  const tide_zone *zone;
  uint64_t step, messages, history_dates;
  int64_t from, until;
  double days, before_rate;
  tide_contrast estimated;
  course_state state;
  bool returned; /* is the level back, or past the old one? */
  char cautions[TIDE_CAUTIONS_TEXT];
} course_row;

static tide_value time_value(const course_row *r, int64_t time) {
  return tide_value_time(time, r->zone ? tide_zone_offset(r->zone, time) : 0);
}

TIDE_GETTER(course_row, step, tide_value_uint(r->step))
TIDE_GETTER(course_row, from, time_value(r, r->from))
TIDE_GETTER(course_row, until, time_value(r, r->until))
TIDE_GETTER(course_row, messages, tide_value_uint(r->messages))
TIDE_GETTER(course_row, per_day, tide_value_real((double)r->messages / r->days))
TIDE_GETTER(course_row, before_per_day, tide_value_real(r->before_rate))
TIDE_GETTER(course_row, change_pct, tide_value_real(percent(r->estimated.ratio)))
TIDE_GETTER(course_row, change_low, tide_value_real(percent(r->estimated.low)))
TIDE_GETTER(course_row, change_high, tide_value_real(percent(r->estimated.high)))
TIDE_GETTER(course_row, p_value, tide_value_probability(r->estimated.p))
TIDE_GETTER(course_row, state, tide_value_word(tide_span_of(state_names[r->state])))
TIDE_GETTER(course_row, method,
            r->estimated.method[0] ? tide_value_text(tide_span_of(r->estimated.method))
                                   : tide_value_empty())
TIDE_GETTER(course_row, history_dates,
            r->history_dates ? tide_value_uint(r->history_dates) : tide_value_empty())

TIDE_GETTER(course_row, cautions, tide_value_text(tide_span_of(r->cautions)))

static const tide_column course_columns[] = {
    {.name = "step",
     .help = "number of the step; 1 begins at the event, or after the washout",
     .get = get_step},
    {.name = "from", .help = "where the step begins", .get = get_from},
    {.name = "until", .help = "where it ends", .get = get_until},
    {.name = "messages", .help = "messages in the step", .get = get_messages},
    {.name = "per_day", .help = "messages per day in it", .get = get_per_day},
    {.name = "before_per_day",
     .help = "messages per day in the window before the event",
     .get = get_before_per_day},
    {.name = "change_pct",
     .help = "change of the rate from the window before, in percent, with --control relative to "
             "that of the control; empty if that window had none",
     .get = get_change_pct},
    {.name = "change_low", .help = "lower end of its interval", .get = get_change_low},
    {.name = "change_high", .help = "upper end of its interval", .get = get_change_high},
    {.name = "p_value",
     .help = "two-sided p-value of no change, of this step alone",
     .get = get_p_value},
    {.name = "state",
     .help = "below or above (the interval does not contain the old level), back (it does, and "
             "after a fall the rate is at least 9/10 of the old level, after a rise at most 10/9; "
             "before any step was below or above, both), or unclear (it does, but the rate has not "
             "returned)",
     .get = get_state},
    {.name = "method", .help = "how interval and p-value were made", .get = get_method},
    {.name = "history_dates",
     .help = "number of earlier dates, with windows as far apart, by which the interval was "
             "calibrated; empty without +history",
     .get = get_history_dates},
    {.name = "cautions",
     .help = "reasons not to trust the row, as those of compare: weeks, clipped, gap, empty-days, "
             "receiver, nothing-before, no-interval, no-history, bursts, slope, persistent, "
             "control-empty, control-apart, control-unknown, wanders",
     .get = get_cautions},
};

const tide_columns tide_course_columns = TIDE_COLUMNS(course_columns);

/* effect: STATE_BELOW or STATE_ABOVE, as the first step that was either; else nothing was seen yet
 * that the level could have passed on its way back. A level that passed the old one has returned,
 * but is `back` only where its interval holds the old level. */
static void state_put(course_row *row, course_state effect) {
  const tide_contrast *e = &row->estimated;
  const bool below = e->high < 1;
  const bool above = e->low > 1;
  const bool up = e->ratio >= back_part && !below, down = e->ratio <= 1 / back_part && !above;
  row->returned = (up || effect == STATE_ABOVE) && (down || effect == STATE_BELOW);
  row->state = row->returned ? STATE_BACK : STATE_UNCLEAR;
  if (below)
    row->state = STATE_BELOW;
  if (above)
    row->state = STATE_ABOVE;
}

static sides sides_in(const slots *s) {
  sides of = {0};
  for (size_t i = 0; i < s->count; i++)
    *(i < s->before ? &of.before.messages : &of.after.messages) += s->counts[i].messages;
  return of;
}

/* One step: its windows and its days, which serve all groups. */
typedef struct step {
  tide_windows windows;
  slots days;
} step;

typedef struct course {
  const tide_course *asked;
  tide_compare compare;
  step *steps;
  size_t count;
  const tide_tally *total;
  tide_value *row; /* of the group that is written */
  const tide_row_writer *writer;
} course;

/* A step's comparison: its own windows say how far apart they are, not those of the whole course.
 */
static tide_compare compare_of(const course *c, size_t n) {
  tide_compare compare = c->compare;
  compare.windows = &c->steps[n].windows;
  compare.lead = (int64_t)n * c->asked->step;
  return compare;
}

/* How far a group's course has come. */
typedef struct standing {
  course_state effect; /* STATE_UNCLEAR until a step is below or above */
  size_t back;         /* steps in a row that have returned */
} standing;

static tide_status step_write(const course *c, size_t n, standing *at, tide_error *err) {
  const tide_compare compare = compare_of(c, n);
  const tide_windows *w = compare.windows;
  slots *s = &c->steps[n].days;
  const sides own = sides_in(s);
  const tide_series series = tide_slots_series(s, UNIT_MESSAGES);
  course_row now = {.zone = c->asked->zone,
                    .step = (uint64_t)n + 1,
                    .messages = own.after.messages,
                    .from = w->event + w->washout,
                    .until = w->event + w->washout + w->after,
                    .days = s->window_days[1],
                    .before_rate = (double)own.before.messages / s->window_days[0]};
  tide_contrast *e = &now.estimated;
  if (tide_estimate_make(&compare, s, &series, UNIT_MESSAGES, &own, e) != TIDE_OK)
    return tide_error_memory(err);
  double slope, slope_p = NAN;
  if (own.before.messages >= TIDE_CONTRAST_SMALL &&
      tide_contrast_slope_before(&series, &slope, &slope_p) != TIDE_OK)
    return tide_error_memory(err);
  if (!e->method[0])
    e->ratio = own.before.messages && !s->has_control
                   ? (double)own.after.messages / now.days / now.before_rate
                   : NAN;
  if (tide_estimate_is_calibrated(e))
    now.history_dates = tide_slots_history(s, UNIT_MESSAGES)->dates;
  state_put(&now, at->effect);
  if (at->effect == STATE_UNCLEAR && now.state != STATE_BACK)
    at->effect = now.state;
  at->back = now.returned ? at->back + 1 : 0;
  unsigned set = tide_estimate_cautions(&compare, s, &own, UNIT_MESSAGES, e);
  if (own.before.messages == 0)
    set |= 1u << TIDE_CAUTION_NOTHING_BEFORE;
  if (slope_p < tide_estimate_slope_p)
    set |= 1u << TIDE_CAUTION_SLOPE;
  tide_cautions_write(set, now.cautions);
  return tide_columns_write(&tide_course_columns, &now, c->asked->group_values, c->row, c->writer,
                            err);
}

static tide_status course_group_write(void *context, tide_table_group g, tide_error *err) {
  course *c = context;
  standing at = {.effect = STATE_UNCLEAR};
  if (g.tally != c->total && !tide_tally_group_messages(g.tally, g.number))
    return TIDE_OK;
  c->row = g.row;
  for (size_t n = 0; n < c->count && at.back < BACK_STEPS; n++) {
    if (tide_tally_group_count(g.tally) &&
        tide_slots_count(&c->steps[n].days, g.tally, g.number) != TIDE_OK)
      return tide_error_memory(err);
    TIDE_TRY(step_write(c, n, &at, err));
  }
  return TIDE_OK;
}

/* The windows of a step; false if the archive ends within it. */
static bool step_windows(const course *c, size_t n, tide_windows *out) {
  const tide_windows *w = c->asked->windows;
  const int64_t lead = (int64_t)n * c->asked->step;
  *out = *w;
  out->washout = w->washout + lead;
  out->after = c->asked->step;
  if (lead + c->asked->step > w->after)
    return false;
  const tide_windows clipped = tide_windows_clip(out, c->compare.extent);
  out->before = clipped.before;
  return clipped.after == out->after && out->before > 0;
}

static tide_status steps_make(course *c, const tide_tally *total, tide_error *err) {
  const size_t most = (size_t)(c->asked->windows->after / c->asked->step);
  c->steps = calloc(most + 1, sizeof *c->steps);
  if (!c->steps)
    return tide_error_memory(err);
  while (c->count < most && step_windows(c, c->count, &c->steps[c->count].windows)) {
    step *now = &c->steps[c->count];
    const tide_compare compare = compare_of(c, c->count);
    c->count++; /* its slots are to be freed, whatever comes of them */
    TIDE_TRY(tide_slots_make(&compare, &now->days, err));
    if (compare.control &&
        tide_slots_count_control(&now->days, compare.control, &compare.contrast) != TIDE_OK)
      return tide_error_memory(err);
    if (tide_tally_group_count(total) && tide_slots_count(&now->days, total, 0) != TIDE_OK)
      return tide_error_memory(err);
    tide_slots_count_was_all(&now->days);
    if (tide_estimate_presume_all(&compare, &now->days) != TIDE_OK)
      return tide_error_memory(err);
  }
  if (!c->count)
    return tide_error_set(err, TIDE_USAGE,
                          "the archive has no whole step of %lld %s after the event",
                          (long long)(c->asked->step / SECONDS_A_DAY),
                          tide_plural(c->asked->step / SECONDS_A_DAY, "day", "days"));
  return TIDE_OK;
}

tide_status tide_course_write(const tide_course *asked, const tide_tally *total,
                              const tide_tally *groups, const tide_extent *extent,
                              const tide_row_writer *writer, tide_error *err) {
  course c = {.asked = asked,
              .compare = {.windows = asked->windows,
                          .extent = extent,
                          .contrast = asked->contrast,
                          .history = asked->history,
                          .control = asked->control,
                          .receivers = asked->receivers},
              .total = total,
              .writer = writer};
  const tide_group_rows rows = {.total = total,
                                .groups = groups,
                                .values = asked->group_values,
                                .columns = tide_course_columns.count,
                                .write = course_group_write,
                                .context = &c};
  tide_status status = steps_make(&c, total, err);
  if (status == TIDE_OK)
    status = tide_groups_each(&rows, err);
  for (size_t i = 0; i < c.count; i++)
    tide_slots_free(&c.steps[i].days);
  free(c.steps);
  return status;
}
