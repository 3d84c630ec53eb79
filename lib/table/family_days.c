/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What shows in a family's days: on how many there was mail, whether the wait after the event is
 * longer than the rate before lets expect, and when its own level changed. */
#include <math.h>
#include <stdlib.h>

#include "family.h"
#include "table/changes.h"
#include "stats/offset.h"
#include "stats/segment.h"
#include "stats/wait.h"

/* Days that a level lasts at least, as `changes` has it. */
enum { LEVEL_DAYS = 7 };
/* The strength from which on the change of a family is dated of which it is known that it changed,
 * by the comparison or by the wait: the 95th percentile of chi squared with a degree of freedom. Of
 * the others a change must be as strong as `changes` asks. */
static const double DATED_PENALTY = 3.84;

/* The days that changes are looked for in: those of the windows and the washout, whole ones of
 * which none is a gap. */
typedef struct course {
  int64_t first; /* day from the event */
  size_t places; /* days from first on, gaps and all */
  size_t *place; /* by day: its bin, or SIZE_MAX */
  size_t *phase; /* by bin: its day, counted from first */
  double *width, *count;
  double *control, *scaled; /* counts of the control, and widths by its level; NULL: none */
  size_t length;            /* bins */
  tide_outages outages;
  double messages;
} course;

static void course_free(course *c) {
  free(c->place);
  free(c->phase);
  free(c->width);
  free(c->count);
  free(c->control);
  free(c->scaled);
  tide_outages_free(&c->outages);
}

/* The first and the last day of the archive may not be whole. */
static tide_status course_open(const families *f, course *c) {
  const tide_windows *w = f->table->windows;
  const tide_cover cover = tide_extent_cover(f->table->extent);
  const int64_t before = w->before / SECONDS_A_DAY,
                behind = (w->washout + w->after) / SECONDS_A_DAY;
  *c = (course){0};
  if (!f->table->extent->any)
    return TIDE_OK;
  int64_t first = tide_day_from(w->event, cover.begin), end = tide_day_of(w->event, cover.end);
  if (first < -before)
    first = -before;
  if (end > behind)
    end = behind;
  if (first >= end)
    return TIDE_OK;
  c->first = first;
  c->places = (size_t)(end - first);
  c->place = malloc(c->places * sizeof *c->place);
  c->phase = malloc(c->places * sizeof *c->phase);
  c->width = malloc(c->places * sizeof *c->width);
  c->count = malloc(c->places * sizeof *c->count);
  if (!c->place || !c->phase || !c->width || !c->count ||
      tide_outages_around(w->event, first, end - 1, f->table->extent, &c->outages) != TIDE_OK)
    return TIDE_FATAL;
  for (size_t i = 0; i < c->places; i++) {
    const int64_t from = w->event + (first + (int64_t)i) * SECONDS_A_DAY;
    const int64_t width =
        SECONDS_A_DAY - tide_outages_overlap(&c->outages, from, from + SECONDS_A_DAY);
    c->place[i] = width > 0 ? c->length : SIZE_MAX;
    if (width <= 0)
      continue;
    c->phase[c->length] = i;
    c->width[c->length++] = (double)width;
  }
  return TIDE_OK;
}

static void course_take(void *context, int64_t day, const tide_count *n) {
  course *c = context;
  if (day < c->first || day >= c->first + (int64_t)c->places)
    return;
  const size_t at = c->place[day - c->first];
  if (at == SIZE_MAX)
    return;
  c->count[at] = (double)n->messages;
  c->messages += (double)n->messages;
}

static void control_take(void *context, int64_t day, const tide_count *n) {
  course *c = context;
  if (day < c->first || day >= c->first + (int64_t)c->places)
    return;
  const size_t at = c->place[day - c->first];
  if (at != SIZE_MAX)
    c->control[at] = (double)n->messages;
}

/* Days in proportion to the control's level, in which families are dated. */
static tide_status course_control(const families *f, course *c) {
  const tide_tally *control = f->table->control;
  if (!control || !tide_tally_group_count(control) || c->length == 0)
    return TIDE_OK;
  c->control = calloc(c->length, sizeof *c->control);
  c->scaled = malloc(c->length * sizeof *c->scaled);
  if (!c->control || !c->scaled)
    return TIDE_FATAL;
  tide_tally_each(control, 0, control_take, c);
  return tide_offset_widths(c->control, c->width, c->length, LEVEL_DAYS, c->scaled);
}

static int64_t course_time(const families *f, const course *c, size_t bin) {
  /* After the last bin is the end. */
  const int64_t day = bin < c->length ? (int64_t)c->phase[bin] : (int64_t)c->places;
  return f->table->windows->event + (c->first + day) * SECONDS_A_DAY;
}

static bool has_fallen(const family_row *row) {
  return row->kinds[FAMILY_before_per_day] == TIDE_VALUE_REAL &&
         row->kinds[FAMILY_after_per_day] == TIDE_VALUE_REAL &&
         row->compared[FAMILY_after_per_day].real < row->compared[FAMILY_before_per_day].real;
}

/* The strongest change in the direction of the comparison's, found without being told where the
 * event is. */
static tide_status date_find(const families *f, course *c, const tide_tally *t, family_row *row) {
  const tide_segment_options options = {.min_length = LEVEL_DAYS,
                                        .penalty = row->changed ? DATED_PENALTY : 0,
                                        .cycle = 7,
                                        .phases = c->phase,
                                        .stop = f->table->stop};
  const bool fallen = has_fallen(row);
  double strongest = 0;
  c->messages = 0;
  for (size_t i = 0; i < c->length; i++)
    c->count[i] = 0;
  tide_tally_each(t, row->group, course_take, c);
  if (c->messages < TIDE_CHANGES_LEAST || c->length < tide_segment_bins_least(LEVEL_DAYS))
    return TIDE_OK;
  tide_segmentation found;
  const double *width = c->scaled ? c->scaled : c->width;
  tide_status status = tide_segment_find(c->count, width, c->length, &options, &found);
  if (status != TIDE_OK)
    return status;
  for (size_t i = 0; i < found.count; i++) {
    const tide_segment_change *change = &found.changes[i];
    /* What ended again rose and fell, or fell and rose. */
    const bool begins = (change->after < change->before) == fallen;
    if ((!begins && !change->ends) || change->strength <= strongest)
      continue;
    strongest = change->strength;
    row->dated = true;
    row->date = course_time(f, c, begins ? change->at : change->until);
    row->date_low = course_time(f, c, begins ? change->low : change->until_low);
    row->date_high = course_time(f, c, begins ? change->high : change->until_high);
  }
  tide_segmentation_free(&found);
  return TIDE_OK;
}

/* Seconds of [from, to) that something was collected in, in days. */
static double days_between(const course *c, int64_t from, int64_t to) {
  if (to <= from)
    return 0;
  return (double)(to - from - tide_outages_overlap(&c->outages, from, to)) / SECONDS_A_DAY;
}

/* What was silent for long before the event is not the event's, so that there are two waits: the
 * one after the event, and the one before it that began with the last message. A program that was
 * cut off can go on for some hours with what it has in hand: the wait may begin with the last
 * message of the day after the event, where that makes the longer one; then there were two to
 * choose from. */
static void wait_measure(const families *f, slots *s, const course *c, family_row *row) {
  const tide_windows *w = &f->clipped;
  const tide_cover cover = tide_extent_cover(f->table->extent);
  const tide_reference *reference = tide_slots_reference(s, UNIT_MESSAGES);
  const tide_sender *seen = tide_family_all(row);
  const int64_t window = w->event + w->washout + w->after,
                end = window < cover.end ? window : cover.end;
  double active = 0, lived = 0;
  size_t heard = 0; /* slots until the last message before the event */
  for (size_t i = 0; i < s->before; i++) {
    s->value[i] = (double)s->counts[i].messages;
    active += s->days[i];
    if (s->counts[i].messages) {
      heard = i + 1;
      lived = active;
    }
  }
  if (!heard)
    return;
  const double events = tide_wait_events(s->value, s->before);
  /* A day after the event is worth what the control has of it against a day before. */
  const double worth =
      s->has_control && s->control[UNIT_MESSAGES].ratio > 0 ? s->control[UNIT_MESSAGES].ratio : 1;
  const int64_t until = seen->behind && seen->first_behind < end ? seen->first_behind : end,
                later = seen->later && seen->first_later < end ? seen->first_later : end;
  double choices = 1;
  row->wait_from = w->event;
  row->wait_days = days_between(c, w->event, until);
  if (seen->within && later - seen->last_within > until - w->event) {
    choices = 2;
    row->wait_from = seen->last_within;
    row->wait_days = days_between(c, seen->last_within, later);
  }
  row->waited = true;
  row->wait_alone = choices * tide_wait_p(events, active, worth * row->wait_days, NULL);
  row->wait_p = fmin(choices * tide_wait_p(events, active, worth * row->wait_days, reference), 1);
  row->wait_least = tide_wait_p(events, active, worth * days_between(c, w->event, end), reference);
  row->quiet_p = tide_wait_p(tide_wait_events(s->value, heard), lived,
                             days_between(c, seen->last_before, w->event), reference);
}

static tide_status waits_measure(families *f, const family_tallies *t, slots *s, course *c) {
  TIDE_TRY(course_open(f, c));
  if (t->control_slots)
    TIDE_TRY(tide_slots_count_control(s, t->control_slots, &f->table->contrast));
  for (size_t i = 0; i < f->count; i++) {
    family_row *row = &f->rows[i];
    const tide_tally *slotted = i ? t->slots : t->total_slots;
    if (tide_stopped(f->table->stop))
      return TIDE_END;
    if (!tide_tally_group_count(slotted))
      continue;
    TIDE_TRY(tide_slots_count(s, slotted, row->group));
    if (i == 0)
      tide_slots_count_was_all(s);
    wait_measure(f, s, c, row);
  }
  return TIDE_OK;
}

tide_status tide_family_waits_fill(families *f, const family_tallies *t, tide_error *err) {
  const tide_compare compare = {
      .windows = &f->clipped, .extent = f->table->extent, .history = f->table->history};
  course c = {0};
  slots s;
  tide_status status = tide_slots_make(&compare, &s, err);
  if (status == TIDE_OK)
    status = tide_error_of_status(err, waits_measure(f, t, &s, &c));
  course_free(&c);
  tide_slots_free(&s);
  return status;
}

typedef struct activity {
  const tide_windows *windows;
  family_row *row;
} activity;

static void activity_take(void *context, int64_t day, const tide_count *n) {
  activity *a = context;
  const int side = tide_family_side(a->windows, day);
  if (side < SIDES && n->messages)
    a->row->active[side]++;
}

static tide_status dates_find(families *f, const family_tallies *t, course *c) {
  TIDE_TRY(course_open(f, c));
  TIDE_TRY(course_control(f, c));
  for (size_t i = 0; i < f->count; i++) {
    family_row *row = &f->rows[i];
    const tide_tally *days = i ? f->days : t->total_days;
    activity a = {&f->clipped, row};
    if (tide_stopped(f->table->stop))
      return TIDE_END;
    if (!tide_tally_group_count(days))
      continue;
    tide_tally_each(days, row->group, activity_take, &a);
    TIDE_TRY(date_find(f, c, days, row));
  }
  return TIDE_OK;
}

tide_status tide_family_dates_fill(families *f, const family_tallies *t, tide_error *err) {
  course c = {0};
  const tide_status status = tide_error_of_status(err, dates_find(f, t, &c));
  course_free(&c);
  return status;
}
