/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families as rows. Change, interval and p-values are asked of compare, whose rows are taken apart
 * by the names of its columns: there is one inference, and it is not here. */
#include <math.h>
#include <stdlib.h>

#include "family.h"
#include "base/sort.h"
#include "base/visible.h"

/* --- texts --- */

/* One fingerprint of a family. */
typedef struct member {
  uint32_t family;
  uint64_t messages;
  tide_span name;
} member;

static int member_compare(const void *x, const void *y, void *context) {
  (void)context;
  const member *a = x, *b = y;
  if (a->family != b->family)
    return a->family < b->family ? -1 : 1;
  if (a->messages != b->messages)
    return a->messages > b->messages ? -1 : 1;
  return tide_span_compare(a->name, b->name);
}

/* The names of a family's members, after one another. */
static tide_status members_put(const member *members, size_t count, tide_buffer *text) {
  tide_buffer_clear(text);
  for (size_t i = 0; i < count; i++) {
    if (i)
      TIDE_TRY(tide_buffer_putc(text, ' '));
    TIDE_TRY(tide_buffer_put(text, members[i].name));
  }
  return TIDE_OK;
}

static tide_status members_take(families *f, member *all, uint32_t count, tide_buffer *text) {
  TIDE_TRY(tide_sort(all, count, sizeof *all, member_compare, NULL, f->table->stop));
  for (uint32_t from = 0, to; from < count; from = to) {
    for (to = from; to < count && all[to].family == all[from].family; to++)
      ;
    if (to - from < 2)
      continue;
    family_texts *texts = tide_family_texts_make(f, &f->rows[all[from].family + 1]);
    if (!texts)
      return TIDE_FATAL;
    TIDE_TRY(members_put(all + from, to - from, text));
    texts->members = tide_arena_copy(&f->arena, tide_buffer_span(text));
    if (!texts->members.ptr)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

static tide_status members_fill(families *f) {
  const tide_senders *senders = f->table->senders;
  const uint32_t count = tide_senders_count(senders);
  member *all = malloc((count + 1u) * sizeof *all);
  tide_buffer text = {0};
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count && all; i++)
    if (f->found.at[f->found.of[i]].largest != TIDE_EXAMPLE_NONE)
      all[kept++] = (member){f->found.of[i], tide_senders_get(senders, i)->messages,
                             tide_senders_fingerprint(senders, i)};
  const tide_status status = all ? members_take(f, all, kept, &text) : TIDE_FATAL;
  tide_buffer_free(&text);
  free(all);
  return status;
}

static tide_status texts_fill(families *f) {
  TIDE_TRY(members_fill(f));
  return tide_family_traits_fill(f);
}

/* --- rows --- */

static double contribution_of(const family_row *r) {
  return r->kinds[FAMILY_contribution_pct] == TIDE_VALUE_REAL
             ? r->compared[FAMILY_contribution_pct].real
             : 0;
}

/* context: the rows, of which x and y are places. */
static int row_compare(const void *x, const void *y, void *context) {
  const family_row *rows = context, *a = &rows[*(const uint32_t *)x],
                   *b = &rows[*(const uint32_t *)y];
  const double part_a = contribution_of(a), part_b = contribution_of(b);
  if (tide_family_has_event(a) && (part_a < part_b || part_a > part_b))
    return part_a > part_b ? -1 : 1;
  if (tide_family_all(a)->messages != tide_family_all(b)->messages)
    return tide_family_all(a)->messages > tide_family_all(b)->messages ? -1 : 1;
  return tide_span_compare(tide_family_row_name(a), tide_family_row_name(b));
}

static tide_status rows_make(families *f) {
  f->count = (size_t)f->found.count + 1;
  f->rows = calloc(f->count, sizeof *f->rows);
  if (!f->rows)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < f->count; i++) {
    f->rows[i] = (family_row){
        .of = f, .place = i, .wait_days = NAN, .wait_p = NAN, .wait_least = NAN, .quiet_p = NAN};
    if (i)
      tide_sender_add(&f->all, &f->found.at[i - 1].all);
  }
  return TIDE_OK;
}

/* By the days of the families, for which the slots make room. */
static tide_status days_fill(families *f, family_tallies *t, const tide_tally *groups,
                             tide_error *err) {
  tide_tally_free(t->slots);
  t->slots = NULL;
  TIDE_TRY(tide_error_of_status(err, tide_tally_remake(groups, f->map, NULL, NULL, &f->days)));
  TIDE_TRY(tide_error_of_status(err, tide_family_bots_fill(f, t->total_days)));
  return tide_family_dates_fill(f, t, err);
}

/* The days are made again when they are asked for again: they and the slots take much room. */
static tide_status quiet_fill(families *f, const tide_tally *groups) {
  TIDE_TRY(tide_tally_remake(groups, f->map, NULL, NULL, &f->days));
  TIDE_TRY(tide_family_quiet_learn(f));
  tide_tally_free(f->days);
  f->days = NULL;
  return TIDE_OK;
}

static tide_status changes_take(families *f, family_tallies *t, const tide_tally *groups,
                                tide_error *err) {
  TIDE_TRY(tide_error_of_status(err, quiet_fill(f, groups)));
  TIDE_TRY(tide_family_compared_fill(f, t, groups, err));
  TIDE_TRY(tide_family_waits_fill(f, t, err));
  TIDE_TRY(tide_error_of_status(err, tide_family_statuses_fill(f)));
  if (f->table->worth && t->control_slots)
    tide_family_control_take(f, t, f->table->worth);
  return days_fill(f, t, groups, err);
}

static tide_status changes_fill(families *f, const tide_tally *total, const tide_tally *groups,
                                tide_error *err) {
  family_tallies t = {.total_days = total};
  f->clipped = tide_windows_clip(f->table->windows, f->table->extent);
  tide_status status = tide_error_of_status(err, tide_family_names_fill(f, groups));
  if (status == TIDE_OK)
    status = changes_take(f, &t, groups, err);
  tide_tally_free(t.total_slots);
  tide_tally_free(t.slots);
  tide_tally_free(t.control_slots);
  return status;
}

static tide_status families_fill(families *f) {
  TIDE_TRY(tide_families_find(f->table->senders, f->table->stop, &f->found));
  *f->table->bounds = f->found.bounds;
  TIDE_TRY(rows_make(f));
  return texts_fill(f);
}

/* Where its example is: of the earliest message of its largest fingerprint. */
static tide_status place_put(families *f, const family_row *row, tide_arena *arena) {
  tide_buffer_clear(&f->place);
  if (!tide_family_is_one(row))
    return TIDE_OK;
  const tide_example *e = tide_senders_layout(f->table->senders, tide_family_of(row)->largest);
  const tide_span source = tide_path_visible(e->source, arena);
  if (!source.ptr && e->source.len)
    return TIDE_FATAL;
  TIDE_TRY(tide_buffer_put(&f->place, source));
  return tide_buffer_printf(&f->place, ":%llu", (unsigned long long)e->offset);
}

static tide_status rows_write(families *f, const uint32_t *order, const tide_row_writer *writer,
                              tide_error *err) {
  tide_arena arena = {0};
  tide_value *row = calloc(tide_families_columns.count, sizeof *row);
  tide_status status = row ? TIDE_OK : tide_error_memory(err);
  for (size_t i = 0; i < f->count && status == TIDE_OK; i++) {
    const family_row *r = &f->rows[order[i]];
    status = tide_error_of_status(err, place_put(f, r, &arena));
    if (status != TIDE_OK)
      break;
    status = tide_columns_write(&tide_families_columns, r, 0, row, writer, err);
    tide_arena_reset(&arena);
  }
  tide_arena_free(&arena);
  free(row);
  return status;
}

static tide_status rows_sort(families *f, uint32_t *order) {
  for (uint32_t i = 0; i < f->count; i++)
    order[i] = i;
  return tide_sort(order + 1, f->count - 1, sizeof *order, row_compare, f->rows, f->table->stop);
}

static tide_status families_write(families *f, const tide_tally *total, const tide_tally *groups,
                                  const tide_row_writer *writer, tide_error *err) {
  TIDE_TRY(tide_error_of_status(err, families_fill(f)));
  if (f->table->windows->has_event)
    TIDE_TRY(changes_fill(f, total, groups, err));
  uint32_t *order = malloc(f->count * sizeof *order);
  tide_status status = tide_error_of_status(err, order ? rows_sort(f, order) : TIDE_FATAL);
  if (status == TIDE_OK)
    status = rows_write(f, order, writer, err);
  free(order);
  return status;
}

tide_status tide_families_write(const tide_families_table *table, const tide_tally *total,
                                const tide_tally *groups, const tide_row_writer *writer,
                                tide_error *err) {
  families f = {.table = table};
  const tide_status status = families_write(&f, total, groups, writer, err);
  tide_families_free(&f.found);
  tide_tally_free(f.days);
  tide_family_quiet_free(&f.quiet);
  tide_map_free(&f.words);
  tide_arena_free(&f.arena);
  tide_buffer_free(&f.place);
  free(f.map);
  free(f.rows);
  return status;
}
