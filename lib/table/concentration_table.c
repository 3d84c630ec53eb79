/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/concentration.h"

#include <math.h>
#include <stdlib.h>

#include "groups.h"
#include "spamtide/concentration_table.h"
#include "spamtide/map.h"

/* One period of one place. */
typedef struct concentration_row {
  tide_period period;
  tide_concentration found;
  uint64_t unknown, origins;
  tide_span largest;
} concentration_row;

TIDE_GETTER(concentration_row, period,
            tide_value_word(r->period == TIDE_PERIOD_NONE
                                ? SPAN("all")
                                : tide_span_of(tide_period_name(r->period))))
TIDE_GETTER(concentration_row, messages, tide_value_uint(r->found.total))
TIDE_GETTER(concentration_row, unknown, tide_value_uint(r->unknown))
TIDE_GETTER(concentration_row, groups, tide_value_uint(r->found.groups))
TIDE_GETTER(concentration_row, origins, tide_value_uint(r->origins))
TIDE_GETTER(concentration_row, top_1, tide_value_real(r->found.groups ? r->found.top_1 : NAN))
TIDE_GETTER(concentration_row, top_10, tide_value_real(r->found.groups ? r->found.top_10 : NAN))
TIDE_GETTER(concentration_row, top_100, tide_value_real(r->found.groups ? r->found.top_100 : NAN))
TIDE_GETTER(concentration_row, gini, tide_value_real(r->found.groups ? r->found.gini : NAN))
TIDE_GETTER(concentration_row, hhi, tide_value_real(r->found.groups ? r->found.hhi : NAN))
TIDE_GETTER(concentration_row, effective,
            tide_value_real(r->found.groups ? r->found.effective : NAN))
TIDE_GETTER(concentration_row, largest,
            r->found.groups ? tide_value_text(r->largest) : tide_value_empty())

static const tide_column concentration_columns[] = {
    {.name = "period", .help = "before or after the event; all without --event", .get = get_period},
    {.name = "messages",
     .help = "messages in groups; one with several values, such as campaigns, is counted for each",
     .get = get_messages},
    {.name = "unknown",
     .help =
         "messages that have no value of the field: in no group, and in no figure behind this one",
     .get = get_unknown},
    {.name = "groups", .help = "groups with at least one message", .get = get_groups},
    {.name = "origins",
     .help = "distinct origin addresses, those of messages without a value among them",
     .get = get_origins},
    {.name = "top_1", .help = "share of the largest group, from 0 to 1", .get = get_top_1},
    {.name = "top_10",
     .help = "share of the ten largest; 1 where there are no more",
     .get = get_top_10},
    {.name = "top_100", .help = "share of the hundred largest", .get = get_top_100},
    {.name = "gini",
     .help = "Gini coefficient over the groups: 0 where all are alike, near 1 where few have "
             "nearly all",
     .get = get_gini},
    {.name = "hhi",
     .help = "Herfindahl-Hirschman index: the sum of squared shares, from 0 to 1",
     .get = get_hhi},
    {.name = "effective",
     .help = "1 / hhi: as many groups of the same size would be as concentrated",
     .get = get_effective},
    {.name = "largest", .help = "the largest group", .get = get_largest},
};

const tide_columns tide_concentration_columns = TIDE_COLUMNS(concentration_columns);

static size_t outer_values(const tide_concentration_table *t) {
  return t->group_values - t->inner_values;
}

/* A group's bytes up to its outer values; the one behind them goes to *inner. */
static tide_span outer_of(tide_span group, size_t outer, tide_span *inner) {
  tide_span behind = group, value;
  for (size_t i = 0; i < outer; i++)
    (void)tide_group_take(&behind, &value);
  tide_span before = tide_span_slice(group, 0, group.len - behind.len);
  if (!tide_group_take(&behind, inner))
    *inner = (tide_span){0};
  return before;
}

/* The groups of a tally, put together by their outer values. */
typedef struct places {
  tide_tally *outer; /* counts of each, with its distinct origins */
  tide_map numbers;  /* bytes of the outer values → number */
  tide_span *spans, *inner;
  uint32_t *members,
      *begin;       /* groups of number k: from members[begin[k + 1]] until those of k + 1 */
  uint64_t *counts; /* room for those of one place */
} places;

static void places_free(places *p) {
  tide_tally_free(p->outer);
  tide_map_free(&p->numbers);
  free(p->spans);
  free(p->inner);
  free(p->members);
  free(p->begin);
  free(p->counts);
}

static tide_status places_open(places *p, const tide_tally *tally, size_t outer) {
  uint32_t count = tide_tally_group_count(tally);
  *p = (places){.spans = malloc((count + 1u) * sizeof *p->spans),
                .inner = malloc((count + 1u) * sizeof *p->inner),
                .members = malloc((count + 1u) * sizeof *p->members),
                .begin = calloc(count + 2u, sizeof *p->begin),
                .counts = malloc((count + 1u) * sizeof *p->counts)};
  uint32_t *number = malloc((count + 1u) * sizeof *number);
  tide_status status = p->spans && p->inner && p->members && p->begin && p->counts && number
                           ? tide_tally_new(&p->outer)
                           : TIDE_FATAL;
  for (uint32_t g = 0; g < count && status == TIDE_OK; g++) {
    p->spans[g] = outer_of(tide_tally_group(tally, g), outer, &p->inner[g]);
    number[g] = tide_map_add(&p->numbers, p->spans[g]);
    if (number[g] == TIDE_MAP_NONE)
      status = TIDE_FATAL;
    else
      p->begin[number[g] + 1]++;
  }
  if (status == TIDE_OK)
    status = tide_tally_merge(p->outer, tally, p->spans);
  for (uint32_t k = 0; status == TIDE_OK && k < p->numbers.count; k++)
    p->begin[k + 1] += p->begin[k];
  /* From the back: behind this, begin[k + 1] is where k begins. */
  for (uint32_t g = count; status == TIDE_OK && g-- > 0;)
    p->members[--p->begin[number[g] + 1]] = g;
  free(number);
  return status;
}

/* One period of one place, whose groups are those in members. place: its number in p->outer. */
static concentration_row measure(const tide_concentration_table *t, const tide_tally *tally,
                                 places *p, const uint32_t *members, uint32_t count, uint32_t place,
                                 tide_period period) {
  concentration_row row = {.period = period};
  uint64_t most = 0;
  size_t n = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t messages = tide_tally_count(tally, period, members[i]).messages;
    tide_span name = p->inner[members[i]];
    if (tide_span_equal(name, t->absent)) {
      row.unknown += messages;
      continue;
    }
    /* Of equals the one that comes first by its bytes. */
    if (messages > most ||
        (messages == most && messages && tide_span_compare(name, row.largest) < 0)) {
      most = messages;
      row.largest = name;
    }
    p->counts[n++] = messages;
  }
  tide_concentration_measure(p->counts, n, &row.found);
  if (place < tide_tally_group_count(p->outer))
    row.origins = tide_tally_count(p->outer, period, place).origins;
  return row;
}

static tide_status place_write(const tide_concentration_table *t, const tide_tally *tally,
                               places *p, uint32_t place, tide_value *row,
                               const tide_row_writer *writer, tide_error *err) {
  static const tide_period whole[] = {TIDE_PERIOD_NONE},
                           both[] = {TIDE_PERIOD_BEFORE, TIDE_PERIOD_AFTER};
  const tide_period *periods = t->windows->has_event ? both : whole;
  tide_status status = TIDE_OK;
  bool any = place < tide_tally_group_count(p->outer);
  uint32_t number =
      any ? tide_map_find(&p->numbers, tide_tally_group(p->outer, place)) : TIDE_MAP_NONE;
  const uint32_t *members = any ? p->members + p->begin[number + 1] : p->members;
  uint32_t end =
      any && number + 1 < p->numbers.count ? p->begin[number + 2] : tide_tally_group_count(tally);
  uint32_t count = any ? end - p->begin[number + 1] : 0;
  for (size_t i = 0; i < (t->windows->has_event ? 2u : 1u) && status == TIDE_OK; i++) {
    concentration_row now = measure(t, tally, p, members, count, place, periods[i]);
    tide_columns_fill(&tide_concentration_columns, &now, outer_values(t), row);
    status =
        writer->row(writer->context, row, outer_values(t) + tide_concentration_columns.count, err);
  }
  return status;
}

tide_status tide_concentration_write(const tide_concentration_table *t, const tide_tally *tally,
                                     const tide_row_writer *writer, tide_error *err) {
  places p;
  tide_status status = places_open(&p, tally, outer_values(t));
  tide_value *row = calloc(outer_values(t) + tide_concentration_columns.count, sizeof *row);
  uint32_t *order = status == TIDE_OK ? groups_sorted(p.outer) : NULL;
  if (!row || !order)
    status = tide_error_set(err, TIDE_FATAL, "out of memory");
  uint32_t count = status == TIDE_OK ? tide_tally_group_count(p.outer) : 0;
  if (status == TIDE_OK && count == 0 && outer_values(t) == 0)
    status = place_write(t, tally, &p, 0, row, writer, err);
  for (uint32_t i = 0; i < count && status == TIDE_OK; i++) {
    groups_values(tide_tally_group(p.outer, order[i]), outer_values(t), row);
    status = place_write(t, tally, &p, order[i], row, writer, err);
  }
  places_free(&p);
  free(row);
  free(order);
  return status;
}
