/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups are counted by place and by one inner field; what is measured is how unequal the places'
 * parts are, for each period. */
#include "stats/concentration.h"

#include <math.h>
#include <stdlib.h>

#include "groups.h"
#include "table/concentration_table.h"
#include "table/outages.h"
#include "table/receivers.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/room.h"

enum { SECONDS_A_DAY = 86400 };

/* One period of one place. */
typedef struct concentration_row {
  tide_period period;
  tide_concentration found;
  uint64_t unknown, origins;
  tide_span largest;
  uint64_t equal; /* messages of the smaller period; 0: there is one alone */
  tide_rarefied rarefied;
  tide_concentration_intervals intervals;
  char cautions[TIDE_CAUTIONS_TEXT];
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

TIDE_GETTER(concentration_row, hhi_low, tide_value_real(r->intervals.hhi[0]))
TIDE_GETTER(concentration_row, hhi_high, tide_value_real(r->intervals.hhi[1]))
TIDE_GETTER(concentration_row, top_1_low, tide_value_real(r->intervals.top_1[0]))
TIDE_GETTER(concentration_row, top_1_high, tide_value_real(r->intervals.top_1[1]))
TIDE_GETTER(concentration_row, top_10_low, tide_value_real(r->intervals.top_10[0]))
TIDE_GETTER(concentration_row, top_10_high, tide_value_real(r->intervals.top_10[1]))
TIDE_GETTER(concentration_row, gini_low, tide_value_real(r->intervals.gini[0]))
TIDE_GETTER(concentration_row, gini_high, tide_value_real(r->intervals.gini[1]))
TIDE_GETTER(concentration_row, equal_messages,
            r->equal ? tide_value_uint(r->equal) : tide_value_empty())
TIDE_GETTER(concentration_row, equal_groups, tide_value_real(r->rarefied.groups))
TIDE_GETTER(concentration_row, equal_top_1, tide_value_real(r->rarefied.top_1))
TIDE_GETTER(concentration_row, equal_top_10, tide_value_real(r->rarefied.top_10))
TIDE_GETTER(concentration_row, equal_gini, tide_value_real(r->rarefied.gini))

TIDE_GETTER(concentration_row, cautions, tide_value_text(tide_span_of(r->cautions)))

static const tide_column concentration_columns[] = {
    {.name = "period", .help = "before or after the event; all without --event", .get = get_period},
    {.name = "messages",
     .help =
         "messages in groups; a message with several values, such as campaigns, counts for each",
     .get = get_messages},
    {.name = "unknown",
     .help = "messages without a value of the field: they are in no group, and in none of the "
             "figures that follow",
     .get = get_unknown},
    {.name = "groups", .help = "groups with at least one message", .get = get_groups},
    {.name = "origins",
     .help = "distinct origin addresses, including those of messages without a value",
     .get = get_origins,
     .extra = true},
    {.name = "top_1", .help = "share of the largest group, from 0 to 1", .get = get_top_1},
    {.name = "top_1_low",
     .help = "lower end of its 95% interval, made like that of hhi, for as many messages",
     .get = get_top_1_low,
     .extra = true},
    {.name = "top_1_high", .help = "upper end", .get = get_top_1_high, .extra = true},
    {.name = "top_10",
     .help = "share of the ten largest; 1 if there are no more than ten",
     .get = get_top_10},
    {.name = "top_10_low", .help = "lower end", .get = get_top_10_low, .extra = true},
    {.name = "top_10_high", .help = "upper end", .get = get_top_10_high, .extra = true},
    {.name = "top_100", .help = "share of the hundred largest", .get = get_top_100, .extra = true},
    {.name = "gini",
     .help = "Gini coefficient over the groups: 0 if all are alike, near 1 if a few have nearly "
             "everything",
     .get = get_gini},
    {.name = "gini_low", .help = "lower end", .get = get_gini_low, .extra = true},
    {.name = "gini_high", .help = "upper end", .get = get_gini_high, .extra = true},
    {.name = "hhi",
     .help = "Herfindahl-Hirschman index without the bias of small samples: the probability that "
             "two messages are from the same group, from 0 to 1",
     .get = get_hhi},
    {.name = "hhi_low",
     .help =
         "lower end of its 95% interval, from resampled blocks of days; empty for fewer than 14 "
         "days",
     .get = get_hhi_low},
    {.name = "hhi_high", .help = "upper end", .get = get_hhi_high},
    {.name = "effective",
     .help = "1 / hhi: that many groups of equal size would be as concentrated",
     .get = get_effective,
     .extra = true},
    {.name = "equal_messages",
     .help =
         "messages of the smaller of the two periods, for which the following columns are computed",
     .get = get_equal_messages,
     .extra = true},
    {.name = "equal_groups",
     .help = "groups expected in that many messages of the period, so that before and after have "
             "equal numbers (Hurlbert 1971)",
     .get = get_equal_groups},
    {.name = "equal_top_1",
     .help = "mean share of the largest group in samples of that many messages",
     .get = get_equal_top_1,
     .extra = true},
    {.name = "equal_top_10", .help = "the same for the ten largest", .get = get_equal_top_10},
    {.name = "equal_gini",
     .help = "mean Gini coefficient of such samples",
     .get = get_equal_gini,
     .extra = true},
    {.name = "largest", .help = "the largest group", .get = get_largest},
    {.name = "cautions",
     .help = "reasons not to trust the row: clipped (the window reaches beyond the archive), gap "
             "(days on which nothing was collected are left out of the intervals), receiver (one "
             "of several servers received nothing for days, while others did), no-interval (too "
             "few days with messages, or no two messages of one group)",
     .get = get_cautions},
};

const tide_columns tide_concentration_columns = TIDE_COLUMNS(concentration_columns);

static size_t outer_values(const tide_concentration_table *t) {
  return t->group_values - t->inner_values;
}

/* A group's bytes up to its outer values; the one after them goes to *inner. */
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
  uint64_t *counts; /* those of one place, ascending */
  size_t count;
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

/* Which place each group of the tally is in, numbered as they appear. */
static tide_status places_fill(places *p, const tide_tally *tally, size_t outer, uint32_t *number) {
  const uint32_t count = tide_tally_group_count(tally);
  TIDE_TRY(tide_tally_new(&p->outer));
  for (uint32_t g = 0; g < count; g++) {
    p->spans[g] = outer_of(tide_tally_group(tally, g), outer, &p->inner[g]);
    number[g] = tide_map_add(&p->numbers, p->spans[g]);
    if (number[g] == TIDE_MAP_NONE)
      return TIDE_FATAL;
    p->begin[number[g] + 1]++;
  }
  TIDE_TRY(tide_tally_merge(p->outer, tally, p->spans));
  for (uint32_t k = 0; k < p->numbers.count; k++)
    p->begin[k + 1] += p->begin[k];
  /* From the back: after this, begin[k + 1] is where k begins. */
  for (uint32_t g = count; g-- > 0;)
    p->members[--p->begin[number[g] + 1]] = g;
  return TIDE_OK;
}

static tide_status places_open(places *p, const tide_tally *tally, size_t outer) {
  uint32_t count = tide_tally_group_count(tally);
  *p = (places){.spans = malloc((count + 1u) * sizeof *p->spans),
                .inner = malloc((count + 1u) * sizeof *p->inner),
                .members = malloc((count + 1u) * sizeof *p->members),
                .begin = calloc(count + 2u, sizeof *p->begin),
                .counts = malloc((count + 1u) * sizeof *p->counts)};
  uint32_t *number = malloc((count + 1u) * sizeof *number);
  tide_status status = TIDE_FATAL;
  if (p->spans && p->inner && p->members && p->begin && p->counts && number)
    status = places_fill(p, tally, outer, number);
  free(number);
  return status;
}

/* Days of one period: their bins, and room for what they had. */
typedef struct period_days {
  const tide_tally *days;
  const bool *in_gap;  /* of all bins, from whole_first on; NULL: there are too many */
  uint32_t *number;    /* room for as many */
  int64_t whole_first; /* bin */
  int64_t first, last; /* bins; none where first > last */
  uint32_t group;
  tide_concentration_cell *cells;
  size_t count, room;
  bool failed;
} period_days;

static void cell_take(void *context, int64_t bin, const tide_count *n) {
  period_days *d = context;
  if (bin < d->first || bin > d->last || d->failed)
    return;
  d->failed = tide_room(&d->cells, &d->room, d->count, sizeof *d->cells) != TIDE_OK;
  if (d->failed)
    return;
  d->cells[d->count++] =
      (tide_concentration_cell){(uint32_t)(bin - d->first), d->group, n->messages};
}

/* Numbers the days anew, without those that are in a gap and had no stray message; how many are
 * left. */
static uint32_t days_number(period_days *d) {
  const size_t count = (size_t)(d->last - d->first + 1);
  const bool *in_gap = d->in_gap + (d->first - d->whole_first);
  uint32_t kept = 0;
  for (size_t i = 0; i < count; i++)
    d->number[i] = !in_gap[i];
  for (size_t i = 0; i < d->count; i++)
    d->number[d->cells[i].day] = true;
  for (size_t i = 0; i < count; i++) {
    const bool keep = d->number[i];
    d->number[i] = kept;
    kept += keep;
  }
  for (size_t i = 0; i < d->count; i++)
    d->cells[i].day = d->number[d->cells[i].day];
  return kept;
}

/* The intervals of a place, whose groups are those in members. */
static tide_status interval_of(const tide_concentration_table *t, period_days *d, const places *p,
                               const uint32_t *members, uint32_t count, concentration_row *row) {
  d->count = d->group = 0;
  row->intervals = (tide_concentration_intervals){{NAN, NAN}, {NAN, NAN}, {NAN, NAN}, {NAN, NAN}};
  if (d->first > d->last || !d->in_gap)
    return TIDE_OK;
  for (uint32_t i = 0; i < count; i++) {
    if (tide_span_equal(p->inner[members[i]], t->absent))
      continue;
    tide_tally_each(d->days, members[i], cell_take, d);
    d->group++;
  }
  if (d->failed)
    return TIDE_FATAL;
  return tide_concentration_intervals_find(d->cells, d->count, days_number(d), d->group, 0.95,
                                           &row->intervals);
}

/* Messages with a value in a period of one place. */
static uint64_t total_of(const tide_concentration_table *t, const tide_tally *tally,
                         const places *p, const uint32_t *members, uint32_t count,
                         tide_period period) {
  uint64_t total = 0;
  for (uint32_t i = 0; i < count; i++)
    if (!tide_span_equal(p->inner[members[i]], t->absent))
      total += tide_tally_count(tally, period, members[i]).messages;
  return total;
}

/* A place: its number among the outer groups, and the numbers of its own groups in the tally. */
typedef struct place {
  uint32_t number;
  const uint32_t *members;
  uint32_t count;
} place;

/* One period of one place. */
static concentration_row measure(const tide_concentration_table *t, const tide_tally *tally,
                                 places *p, place at, tide_period period) {
  concentration_row row = {.period = period};
  uint64_t most = 0;
  size_t n = 0;
  for (uint32_t i = 0; i < at.count; i++) {
    uint64_t messages = tide_tally_count(tally, period, at.members[i]).messages;
    tide_span name = p->inner[at.members[i]];
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
  p->count = n;
  if (at.number < tide_tally_group_count(p->outer))
    row.origins = tide_tally_count(p->outer, period, at.number).origins;
  return row;
}

/* All that is asked of the tally. */
typedef struct asked {
  const tide_concentration_table *table;
  const tide_tally *periods;
  period_days *days;
  int64_t first_bin, last_bin;
  tide_outages outages;
  bool *in_gap; /* of the bins from first_bin on */
  places places;
  tide_value *row;
  const tide_row_writer *writer;
} asked;

/* The bins of a period, as far as there is mail. */
static void days_of(const asked *a, tide_period period) {
  a->days->first = a->first_bin;
  a->days->last = a->last_bin;
  if (period == TIDE_PERIOD_BEFORE && a->last_bin > -1)
    a->days->last = -1;
  if (period == TIDE_PERIOD_AFTER && a->first_bin < 0)
    a->days->first = 0;
}

/* The time of a period, as far as outages are looked for. */
static tide_bin time_of(const asked *a, tide_period period) {
  const tide_windows *w = a->table->windows;
  const int64_t after = w->event + w->washout;
  switch (period) {
  case TIDE_PERIOD_BEFORE: return (tide_bin){w->event - w->before, w->event};
  case TIDE_PERIOD_AFTER: return (tide_bin){after, after + w->after};
  case TIDE_PERIOD_NONE:
  case TIDE_PERIOD_DURING:
  case TIDE_PERIOD_OUTSIDE: break;
  }
  return (tide_bin){INT64_MIN, INT64_MAX};
}

static void cautions_put(const asked *a, concentration_row *row) {
  const tide_concentration_table *t = a->table;
  const tide_bin time = time_of(a, row->period);
  const bool holds[TIDE_CAUTION_COUNT] = {
      [TIDE_CAUTION_CLIPPED] = (row->period == TIDE_PERIOD_BEFORE && t->clipped[0]) ||
                               (row->period == TIDE_PERIOD_AFTER && t->clipped[1]),
      [TIDE_CAUTION_GAP] = tide_outages_overlap(&a->outages, time.start, time.end) > 0,
      [TIDE_CAUTION_RECEIVER] =
          t->windows->has_event &&
          tide_receiver_gaps_tilt(t->receivers, time_of(a, TIDE_PERIOD_BEFORE),
                                  time_of(a, TIDE_PERIOD_AFTER)),
      [TIDE_CAUTION_NO_INTERVAL] = isnan(row->intervals.hhi[0]),
  };
  tide_cautions_write(tide_cautions_set(holds), row->cautions);
}

static tide_status place_write(asked *a, uint32_t number, tide_error *err) {
  static const tide_period whole[] = {TIDE_PERIOD_NONE},
                           both[] = {TIDE_PERIOD_BEFORE, TIDE_PERIOD_AFTER};
  const tide_concentration_table *t = a->table;
  places *p = &a->places;
  const bool event = t->windows->has_event;
  const tide_period *periods = event ? both : whole;
  bool any = number < tide_tally_group_count(p->outer);
  uint32_t own =
      any ? tide_map_find(&p->numbers, tide_tally_group(p->outer, number)) : TIDE_MAP_NONE;
  const uint32_t *members = any ? p->members + p->begin[own + 1] : p->members;
  uint32_t end =
      any && own + 1 < p->numbers.count ? p->begin[own + 2] : tide_tally_group_count(a->periods);
  uint32_t count = any ? end - p->begin[own + 1] : 0;
  uint64_t equal = 0;
  if (event) {
    const uint64_t before = total_of(t, a->periods, p, members, count, TIDE_PERIOD_BEFORE),
                   after = total_of(t, a->periods, p, members, count, TIDE_PERIOD_AFTER);
    equal = before < after ? before : after;
  }
  for (size_t i = 0; i < (event ? 2u : 1u); i++) {
    concentration_row now = measure(t, a->periods, p, (place){number, members, count}, periods[i]);
    now.equal = equal;
    days_of(a, periods[i]);
    if (tide_concentration_rarefy(p->counts, p->count, equal, &now.rarefied) != TIDE_OK ||
        interval_of(t, a->days, p, members, count, &now) != TIDE_OK)
      return tide_error_memory(err);
    cautions_put(a, &now);
    TIDE_TRY(tide_columns_write(&tide_concentration_columns, &now, outer_values(t), a->row,
                                a->writer, err));
  }
  return TIDE_OK;
}

/* context: the windows. */
static int64_t period_of_day(const void *context, int64_t bin) {
  const tide_windows *w = context;
  if (!w->has_event)
    return TIDE_PERIOD_NONE;
  return bin < 0 ? TIDE_PERIOD_BEFORE : TIDE_PERIOD_AFTER;
}

bool tide_concentration_bin(const tide_windows *w, int64_t time, int64_t *bin) {
  const tide_period period = tide_windows_period_at(w, time);
  int64_t origin = w->has_event ? w->event : 0;
  if (period == TIDE_PERIOD_AFTER)
    origin += w->washout;
  *bin = tide_day_of(origin, time);
  return period != TIDE_PERIOD_OUTSIDE;
}

/* What of the archive tells of gaps: the windows and what is beside them, or all. */
static tide_bin reach_of(const tide_windows *w) {
  const int64_t side = (int64_t)TIDE_GAP_SIDE * SECONDS_A_DAY;
  if (!w->has_event)
    return (tide_bin){INT64_MIN, INT64_MAX};
  return (tide_bin){w->event - w->before - side, w->event + w->washout + w->after + side};
}

bool tide_concentration_day(const tide_windows *w, int64_t time, int64_t *day) {
  const tide_bin reach = reach_of(w);
  const int64_t origin = w->has_event ? w->event : 0;
  *day = origin + tide_day_of(origin, time) * SECONDS_A_DAY;
  return time >= reach.start && time < reach.end;
}

static tide_status outages_make(asked *a) {
  const tide_extent *e = a->table->extent;
  const tide_windows *w = a->table->windows;
  const tide_bin reach = reach_of(w);
  const tide_cover cover = tide_extent_cover(e);
  const int64_t origin = w->has_event ? w->event : 0,
                begin = cover.begin > reach.start ? cover.begin : reach.start,
                end = cover.end < reach.end ? cover.end : reach.end;
  if (!e->any || begin >= end)
    return TIDE_OK;
  const int64_t first = tide_day_of(origin, begin), last = tide_day_of(origin, end - 1);
  /* Longer series have no intervals. */
  if (last - first >= (int64_t)TIDE_LIMIT_SERIES)
    return TIDE_OK;
  return tide_outages_around(origin, first, last, e, &a->outages);
}

static tide_status places_write(asked *a, const tide_tally *outer, const uint32_t *order,
                                tide_error *err) {
  const size_t values = outer_values(a->table);
  const uint32_t count = tide_tally_group_count(outer);
  if (count == 0 && values == 0)
    return place_write(a, 0, err);
  for (uint32_t i = 0; i < count; i++) {
    tide_groups_values(tide_tally_group(outer, order[i]), values, a->row);
    TIDE_TRY(place_write(a, order[i], err));
  }
  return TIDE_OK;
}

/* Which of the bins lie in a gap. */
static tide_status days_open(asked *a, period_days *d) {
  const tide_windows *w = a->table->windows;
  d->whole_first = a->first_bin;
  if (a->first_bin > a->last_bin || a->last_bin - a->first_bin >= (int64_t)TIDE_LIMIT_SERIES)
    return TIDE_OK;
  const size_t count = (size_t)(a->last_bin - a->first_bin + 1);
  a->in_gap = calloc(count, sizeof *a->in_gap);
  d->number = calloc(count, sizeof *d->number);
  d->in_gap = a->in_gap;
  if (!a->in_gap || !d->number)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++) {
    const int64_t bin = a->first_bin + (int64_t)i,
                  origin = (w->has_event ? w->event : 0) + (bin < 0 ? 0 : w->washout),
                  begin = origin + bin * SECONDS_A_DAY;
    a->in_gap[i] = tide_outages_overlap(&a->outages, begin, begin + SECONDS_A_DAY) == SECONDS_A_DAY;
  }
  return TIDE_OK;
}

static tide_status asked_write(asked *a, tide_error *err) {
  const size_t outer = outer_values(a->table);
  a->row = calloc(outer + tide_concentration_columns.count, sizeof *a->row);
  if (!a->row || outages_make(a) != TIDE_OK || days_open(a, a->days) != TIDE_OK ||
      places_open(&a->places, a->periods, outer) != TIDE_OK)
    return tide_error_memory(err);
  uint32_t *order = tide_groups_sorted(a->places.outer);
  const tide_status status =
      order ? places_write(a, a->places.outer, order, err) : tide_error_memory(err);
  free(order);
  return status;
}

tide_status tide_concentration_write(const tide_concentration_table *t, const tide_tally *tally,
                                     const tide_row_writer *writer, tide_error *err) {
  tide_tally *periods = NULL;
  period_days days = {.days = tally};
  asked a = {.table = t, .days = &days, .first_bin = 1, .writer = writer};
  if (tide_tally_remake(tally, NULL, period_of_day, t->windows, &periods) != TIDE_OK)
    return tide_error_memory(err);
  (void)tide_tally_range(tally, &a.first_bin, &a.last_bin);
  a.periods = periods;
  const tide_status status = asked_write(&a, err);
  places_free(&a.places);
  tide_tally_free(periods);
  tide_outages_free(&a.outages);
  free(a.in_gap);
  free(days.number);
  free(days.cells);
  free(a.row);
  return status;
}
