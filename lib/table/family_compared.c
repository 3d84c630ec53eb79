/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What compare says of families, whose rows are taken apart by the names of its columns, and what
 * that and the waits make of their status. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "family.h"
#include "groups.h"
#include "stats/adjust.h"

/* A p-value below which something is news; half of it where there are two questions, the change and
 * the wait; of the wait before the event a smaller one, so that few families of the event are taken
 * for others. */
static const double NEWS = 0.05, NEWS_OF_TWO = 0.025, NEWS_BEFORE = 0.01;
/* A shorter wait may be a night, or that of a program that sends once a day and now and then some
 * minutes later. */
static const double SILENT_DAYS = 2;

static tide_status family_say(families *f, family_row *r, family_compared which,
                              const tide_value *v) {
  r->kinds[which] = (unsigned char)v->kind;
  switch (v->kind) {
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT: {
    const uint32_t word = tide_map_add(&f->words, v->text);
    r->compared[which].uint = word;
    return word == TIDE_MAP_NONE ? TIDE_FATAL : TIDE_OK;
  }
  case TIDE_VALUE_UINT: r->compared[which].uint = v->uint; break;
  case TIDE_VALUE_REAL:
  case TIDE_VALUE_PROBABILITY: r->compared[which].real = v->real; break;
  case TIDE_VALUE_EMPTY:
  case TIDE_VALUE_TIME: break;
  }
  return TIDE_OK;
}

tide_value tide_family_said(const family_row *r, family_compared which) {
  const tide_value_kind kind = r->kinds[which];
  switch (kind) {
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT:
    return (tide_value){.kind = kind,
                        .text = tide_map_key(&r->of->words, (uint32_t)r->compared[which].uint)};
  case TIDE_VALUE_UINT: return tide_value_uint(r->compared[which].uint);
  case TIDE_VALUE_REAL:
  case TIDE_VALUE_PROBABILITY: return (tide_value){.kind = kind, .real = r->compared[which].real};
  case TIDE_VALUE_EMPTY:
  case TIDE_VALUE_TIME: break; /* compare gives no times */
  }
  return tide_value_empty();
}

/* The name of each group's family, in the arena. */
static tide_status names_map(families *f, const tide_tally *groups, tide_buffer *name) {
  for (uint32_t g = 0; g < tide_tally_group_count(groups); g++) {
    tide_span bytes = tide_tally_group(groups, g), value;
    tide_group_take(&bytes, &value);
    uint32_t number = tide_senders_find(f->table->senders, value);
    if (number == TIDE_EXAMPLE_NONE)
      number = tide_senders_find(f->table->senders, SPAN(""));
    tide_buffer_clear(name);
    TIDE_TRY(tide_group_put(name, tide_family_name(&f->found.at[f->found.of[number]])));
    f->map[g] = tide_arena_copy(&f->arena, tide_buffer_span(name));
    if (!f->map[g].ptr)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

tide_status tide_family_names_fill(families *f, const tide_tally *groups) {
  tide_buffer name = {0};
  f->map = malloc((tide_tally_group_count(groups) + 1u) * sizeof *f->map);
  const tide_status status = f->map ? names_map(f, groups, &name) : TIDE_FATAL;
  tide_buffer_free(&name);
  return status;
}

int tide_family_side(const tide_windows *w, int64_t day) {
  const int64_t washout = w->washout / SECONDS_A_DAY;
  if (day < 0)
    return day >= -tide_slots_begun(w->before) ? SIDE_BEFORE : SIDES;
  return day >= washout && day < washout + tide_slots_begun(w->after) ? SIDE_AFTER : SIDES;
}

/* context: the windows as they were asked for. The slots of compare are days from the event, or
 * from the end of the washout, and those of its history aside; of the rest it has no use. */
static int64_t slot_of_day(const void *context, int64_t day) {
  const tide_windows *w = context;
  switch (tide_family_side(w, day)) {
  case SIDE_BEFORE: return day;
  case SIDE_AFTER: return day - w->washout / SECONDS_A_DAY;
  default: break;
  }
  return day < 0 && day >= -TIDE_REFERENCE_DAYS_MOST ? TIDE_TALLY_ASIDE + day : INT64_MIN;
}

static const char *const compared_names[FAMILY_COMPARED_COUNT] = {
#define X(name) #name,
    FAMILY_COMPARED(X)
#undef X
};

/* Where each of its columns is in a row with one group. */
static bool compared_places(size_t places[FAMILY_COMPARED_COUNT]) {
  const tide_columns *c = &tide_compare_columns;
  size_t leading = 0, behind = tide_columns_leading(c) + 1, found = 0;
  for (size_t i = 0; i < c->count; i++) {
    const size_t at = c->at[i].leads ? leading++ : behind++;
    for (int k = 0; k < FAMILY_COMPARED_COUNT; k++)
      if (strcmp(c->at[i].name, compared_names[k]) == 0) {
        places[k] = at;
        found++;
      }
  }
  return found == FAMILY_COMPARED_COUNT;
}

typedef struct listener {
  families *families;
  size_t group; /* the place of the group */
  size_t places[FAMILY_COMPARED_COUNT];
} listener;

static int name_compare(const void *key, const void *at) {
  const tide_span *name = key;
  const tide_family *f = at;
  return tide_span_compare(*name, f->name);
}

/* Rows are still in the order of the families, after that of all. */
static family_row *row_named(families *f, tide_span name) {
  if (tide_span_equal(name, SPAN(TIDE_GROUP_ALL)))
    return &f->rows[0];
  if (tide_span_equal(name, SPAN("(unknown)")))
    name = SPAN("");
  const tide_family *at =
      bsearch(&name, f->found.at, f->found.count, sizeof *f->found.at, name_compare);
  return at ? &f->rows[at - f->found.at + 1] : NULL;
}

static tide_status listen(void *context, const tide_value *row, size_t count, tide_error *err) {
  listener *l = context;
  (void)count;
  family_row *to = row_named(l->families, row[l->group].text);
  if (!to)
    return TIDE_OK;
  for (int k = 0; k < FAMILY_COMPARED_COUNT; k++) {
    if (family_say(l->families, to, (family_compared)k, &row[l->places[k]]) != TIDE_OK)
      return tide_error_memory(err);
  }
  return TIDE_OK;
}

static tide_status ask_compare(families *f, const family_tallies *t, tide_error *err) {
  const tide_families_table *table = f->table;
  const tide_compare compare = {.windows = table->windows,
                                .extent = table->extent,
                                .group_values = 1,
                                .contrast = table->contrast,
                                .unit = SPAN("messages"),
                                .history = table->history,
                                .pool = &f->quiet.pool,
                                .control = t->control_slots,
                                .receivers = table->receivers,
                                .stop = table->stop};
  listener l = {.families = f, .group = tide_columns_leading(&tide_compare_columns)};
  const tide_row_writer writer = {.row = listen, .context = &l};
  if (!compared_places(l.places))
    return tide_error_set(err, TIDE_FATAL, "compare lacks a column that families shows");
  return tide_compare_write(&compare, t->total_slots, t->slots, &writer, err);
}

/* Which row has which group: all copies of the tally by the map of names number them in one way. */
static void groups_take(families *f, const tide_tally *groups) {
  for (uint32_t g = 0; g < tide_tally_group_count(groups); g++) {
    tide_span bytes = tide_tally_group(groups, g), name;
    tide_group_take(&bytes, &name);
    row_named(f, name)->group = g;
  }
}

tide_status tide_family_compared_fill(families *f, family_tallies *t, const tide_tally *groups,
                                      tide_error *err) {
  const tide_windows *w = f->table->windows;
  const tide_tally *control = f->table->control;
  TIDE_TRY(tide_error_of_status(
      err, tide_tally_remake(t->total_days, NULL, slot_of_day, w, &t->total_slots)));
  TIDE_TRY(tide_error_of_status(err, tide_tally_remake(groups, f->map, slot_of_day, w, &t->slots)));
  if (control)
    TIDE_TRY(tide_error_of_status(
        err, tide_tally_remake(control, NULL, slot_of_day, w, &t->control_slots)));
  groups_take(f, t->slots);
  return ask_compare(f, t, err);
}

/* --- status --- */

/* Did it change, whatever the event? */
static bool is_change(tide_span status) {
  return !tide_span_equal(status, SPAN("unchanged")) && !tide_span_equal(status, SPAN("too-few"));
}

/* Is the family's p-value news, as it must be for what compare says of it? The whole has none that
 * is adjusted, and is one question. */
static bool change_is_news(const family_row *row) {
  const tide_value p = tide_family_said(row, FAMILY_p_adjusted);
  return !row->place || (p.kind == TIDE_VALUE_PROBABILITY && p.real < NEWS_OF_TWO);
}

static bool is_told(const family_row *row) {
  const double whole = 100;
  return row->kinds[FAMILY_change_low] == TIDE_VALUE_REAL &&
         row->kinds[FAMILY_change_high] == TIDE_VALUE_REAL &&
         tide_outcome_is_told(1 + row->compared[FAMILY_change_low].real / whole,
                              1 + row->compared[FAMILY_change_high].real / whole);
}

/* What compare says, and what the wait adds: a family that is back within the window was silent all
 * the same, and one that had stopped before the event is not the event's. */
static tide_span status_of(const family_row *row) {
  const tide_value said = tide_family_said(row, FAMILY_status);
  const double before = row->compared[FAMILY_before_per_day].real,
               after = row->compared[FAMILY_after_per_day].real;
  if (said.kind == TIDE_VALUE_EMPTY)
    return SPAN("too-few");
  if (after < before && row->wait_p < NEWS_OF_TWO && row->wait_days >= SILENT_DAYS)
    return row->quiet_p < NEWS_BEFORE ? SPAN("gone") : SPAN("silent");
  if (!is_change(said.text) || change_is_news(row))
    return tide_span_equal(said.text, SPAN("silent")) ? SPAN("too-few") : said.text;
  return is_told(row) ? SPAN("unchanged") : SPAN("too-few");
}

/* Adjusts the waits of all but the whole, which is one question. */
static tide_status waits_adjust(families *f) {
  family_row *first = f->rows + 1;
  double threshold;
  if (f->count == 1)
    return TIDE_OK;
  const tide_tests tests = {.p = &first->wait_p,
                            .least = &first->wait_least,
                            .stride = sizeof *first,
                            .count = f->count - 1};
  return tide_adjust_tarone(&tests, NEWS, f->table->stop, &threshold);
}

static tide_status status_fill(families *f, family_row *row) {
  const tide_span status = status_of(row);
  const tide_value word = tide_value_word(status), none = tide_value_uint(0);
  row->changed = is_change(status);
  /* compare has no row for what has no mail in its windows: that is known, and none. */
  if (row->kinds[FAMILY_before] == TIDE_VALUE_EMPTY) {
    TIDE_TRY(family_say(f, row, FAMILY_before, &none));
    TIDE_TRY(family_say(f, row, FAMILY_after, &none));
  }
  return family_say(f, row, FAMILY_status, &word);
}

static bool has_caution(const family_row *row, tide_caution caution) {
  const tide_value v = tide_family_said(row, FAMILY_cautions);
  return v.kind == TIDE_VALUE_TEXT &&
         tide_span_find(v.text, tide_span_of(tide_caution_name(caution))) < v.text.len;
}

tide_status tide_family_statuses_fill(families *f) {
  TIDE_TRY(waits_adjust(f));
  for (size_t i = 0; i < f->count; i++) {
    family_row *row = &f->rows[i];
    if (row->place && row->waited && !isnan(row->wait_p))
      row->wait_p = fmax(row->wait_p, tide_family_quiet_share(&f->quiet, row));
    TIDE_TRY(status_fill(f, row));
    if (i > 0 && row->changed) {
      f->table->changed->all++;
      f->table->changed->without_history += has_caution(row, TIDE_CAUTION_NO_HISTORY);
    }
  }
  return TIDE_OK;
}

void tide_family_control_take(const families *f, const family_tallies *t,
                              tide_families_control *out) {
  out->known = true;
  out->missing = !tide_tally_group_count(t->control_slots) ||
                 has_caution(&f->rows[0], TIDE_CAUTION_CONTROL_EMPTY);
}
