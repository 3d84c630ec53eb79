/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates that groups share. The changes of each are those of `changes`, whose rows are taken apart
 * by the names of its columns. */
#include "table/together_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/room.h"
#include "stats/together.h"

/* Bins before a date by which a group's share of all is told. */
enum { SHARE_BINS = 28, DAY_SECONDS = 86400 };
/* Of each direction; both together are promised twice that. */
static const double LEVEL = 0.025;

typedef struct together_row {
  const char *status;
  const tide_zone *zone;
  bool found;
  int64_t date, low, high;
  uint64_t groups;
  tide_span names;
  double before, after, share, p;
  const tide_mark *mark;
  double mark_days;
  uint64_t searched; /* groups with changes in that direction, of all */
} together_row;

static tide_value time_of(const together_row *r, int64_t time) {
  return r->found ? tide_value_time(time, tide_zone_offset(r->zone, time)) : tide_value_empty();
}

TIDE_GETTER(together_row, status, tide_value_word(tide_span_of(r->status)))
TIDE_GETTER(together_row, date, time_of(r, r->date))
TIDE_GETTER(together_row, low, time_of(r, r->low))
TIDE_GETTER(together_row, high, time_of(r, r->high))
TIDE_GETTER(together_row, groups, r->found ? tide_value_uint(r->groups) : tide_value_empty())
TIDE_GETTER(together_row, names, r->found ? tide_value_text(r->names) : tide_value_empty())
TIDE_GETTER(together_row, before_per_day, tide_value_real(r->before))
TIDE_GETTER(together_row, after_per_day, tide_value_real(r->after))
TIDE_GETTER(together_row, share_pct, tide_value_real(r->share))
TIDE_GETTER(together_row, p_value, tide_value_probability(r->p))
TIDE_GETTER(together_row, event, r->mark ? tide_value_word(r->mark->name) : tide_value_empty())
TIDE_GETTER(together_row, event_days, r->mark ? tide_value_real(r->mark_days) : tide_value_empty())
TIDE_GETTER(together_row, searched, tide_value_uint(r->searched))

static const tide_column together_columns[] = {
    {.name = "status",
     .help = "fell or rose: groups that did so together; none: no date is shared by more groups "
             "than chance allows",
     .get = get_status},
    {.name = "date", .help = "start of the first bin of the new levels", .get = get_date},
    {.name = "low",
     .help =
         "start of the first bin that could be the date, by all of them together (95% interval)",
     .get = get_low},
    {.name = "high", .help = "start of the last bin that could be the date", .get = get_high},
    {.name = "groups", .help = "groups that changed within a bin of it", .get = get_groups},
    {.name = "names", .help = "which they are", .get = get_names},
    {.name = "before_per_day",
     .help = "mean count per day of all of them before the date, by their own levels",
     .get = get_before_per_day},
    {.name = "after_per_day",
     .help = "mean count per day after the date",
     .get = get_after_per_day},
    {.name = "share_pct",
     .help = "that level before, in percent of all mail in the 28 bins before the date",
     .get = get_share_pct},
    {.name = "p_value",
     .help = "share of archives with as many changes together, or more, on any date, if each "
             "change may fall on any day of its eight weeks; doubled, because both falls and rises "
             "are asked for",
     .get = get_p_value},
    {.name = "event",
     .help = "the takedown or return in the calendar that is nearest to the date, within 30 days",
     .get = get_event},
    {.name = "event_days",
     .help = "days from that event to the date; negative if the date is earlier",
     .get = get_event_days},
    {.name = "searched",
     .help = "groups that changed in that direction at any time; of none, in either",
     .get = get_searched},
};

const tide_columns tide_together_columns = TIDE_COLUMNS(together_columns);

/* --- what changes says --- */

#define TOGETHER_TAKEN(X)                                                                          \
  X(status)                                                                                        \
  X(date)                                                                                          \
  X(low)                                                                                           \
  X(high)                                                                                          \
  X(before_per_day)                                                                                \
  X(after_per_day)                                                                                 \
  X(until)                                                                                         \
  X(until_low)                                                                                     \
  X(until_high)

typedef enum taken {
#define X(name) TAKEN_##name,
  TOGETHER_TAKEN(X)
#undef X
      TAKEN_COUNT
} taken;

/* One change of one group. */
typedef struct dated {
  uint32_t group; /* its number among the names */
  int64_t at, low, high;
  double before, after;
} dated;

typedef struct listener {
  const tide_changes *changes;
  size_t places[TAKEN_COUNT];
  tide_map names;
  dated *all;
  size_t count, cap;
} listener;

static bool places_find(size_t places[TAKEN_COUNT], size_t group_values) {
  static const char *const names[TAKEN_COUNT] = {
#define X(name) #name,
      TOGETHER_TAKEN(X)
#undef X
  };
  const tide_columns *c = &tide_changes_columns;
  size_t leading = 0, behind = tide_columns_leading(c) + group_values, found = 0;
  for (size_t i = 0; i < c->count; i++) {
    const size_t at = c->at[i].leads ? leading++ : behind++;
    for (int k = 0; k < TAKEN_COUNT; k++)
      if (strcmp(c->at[i].name, names[k]) == 0) {
        places[k] = at;
        found++;
      }
  }
  return found == TAKEN_COUNT;
}

static tide_status dated_put(listener *l, const dated *d, tide_error *err) {
  if (tide_room(&l->all, &l->cap, l->count, sizeof *l->all) != TIDE_OK)
    return tide_error_memory(err);
  l->all[l->count++] = *d;
  return TIDE_OK;
}

static tide_status listen(void *context, const tide_value *row, size_t count, tide_error *err) {
  listener *l = context;
  const tide_value *date = &row[l->places[TAKEN_date]], *low = &row[l->places[TAKEN_low]],
                   *high = &row[l->places[TAKEN_high]],
                   *before = &row[l->places[TAKEN_before_per_day]],
                   *after = &row[l->places[TAKEN_after_per_day]];
  (void)count;
  /* Gaps have a date, but no level; what may be no change is none here. */
  if (low->kind != TIDE_VALUE_TIME || before->kind != TIDE_VALUE_REAL ||
      !tide_span_equal(row[l->places[TAKEN_status]].text, SPAN("change")))
    return TIDE_OK;
  /* What stands beside a group, such as a layout, has no place in a list. */
  const tide_span name = row[tide_columns_leading(&tide_changes_columns)].text;
  if (tide_span_equal(name, SPAN(TIDE_GROUP_ALL)))
    return TIDE_OK;
  const uint32_t group = tide_map_add(&l->names, name);
  if (group == TIDE_MAP_NONE)
    return tide_error_memory(err);
  const dated begin = {group,        date->time.seconds, low->time.seconds, high->time.seconds,
                       before->real, after->real};
  tide_status status = dated_put(l, &begin, err);
  const tide_value *until = &row[l->places[TAKEN_until]];
  if (status != TIDE_OK || until->kind != TIDE_VALUE_TIME)
    return status;
  /* What ended again goes back. */
  const dated end = {group,
                     until->time.seconds,
                     row[l->places[TAKEN_until_low]].time.seconds,
                     row[l->places[TAKEN_until_high]].time.seconds,
                     after->real,
                     before->real};
  return dated_put(l, &end, err);
}

/* --- bins --- */

typedef struct bins {
  int64_t *start;
  size_t count;
} bins;

static tide_status bins_make(bins *b, const tide_changes *c, const tide_extent *e) {
  const tide_cover cover = tide_extent_cover(e);
  size_t cap = 0;
  *b = (bins){0};
  if (!e->any)
    return TIDE_OK;
  for (tide_bin bin = tide_bin_of(c->binning, cover.begin);
       bin.start < cover.end && b->count < TIDE_LIMIT_SERIES;
       bin = tide_bin_next(c->binning, bin)) {
    if (tide_room(&b->start, &cap, b->count, sizeof *b->start) != TIDE_OK)
      return TIDE_FATAL;
    b->start[b->count++] = bin.start;
  }
  return TIDE_OK;
}

/* The bin that begins last of those that begin by then. */
static size_t bin_at(const bins *b, int64_t time) {
  size_t from = 0, to = b->count;
  while (to - from > 1) {
    const size_t middle = from + (to - from) / 2;
    if (b->start[middle] <= time)
      from = middle;
    else
      to = middle;
  }
  return from;
}

/* --- rows --- */

typedef struct writing {
  const tide_changes *changes;
  const tide_tally *total;
  const listener *listener;
  const bins *bins;
  const tide_row_writer *writer;
  tide_arena arena;
} writing;

/* The mean count a day of all mail in the bins before. */
static double level_before(const writing *w, size_t at) {
  const size_t from = at > SHARE_BINS ? at - SHARE_BINS : 0;
  double messages = 0;
  for (size_t i = from; i < at && tide_tally_group_count(w->total); i++)
    messages += (double)tide_tally_count(w->total, w->bins->start[i], 0).messages;
  return messages / ((double)(w->bins->start[at] - w->bins->start[from]) / DAY_SECONDS);
}

static bool is_asked(const dated *d, bool fell) {
  return fell ? d->after < d->before : d->after > d->before;
}

static tide_status names_put(const writing *w, const tide_together *t, tide_buffer *text) {
  for (size_t i = 0; i < t->count; i++) {
    if (i)
      TIDE_TRY(tide_buffer_put(text, SPAN("; ")));
    TIDE_TRY(tide_buffer_put(text, tide_map_key(&w->listener->names, t->series[i])));
  }
  return TIDE_OK;
}

static tide_status names_make(writing *w, const tide_together *t, together_row *row) {
  tide_buffer text = {0};
  const tide_status status = names_put(w, t, &text);
  row->names = tide_arena_copy(&w->arena, tide_buffer_span(&text));
  tide_buffer_free(&text);
  return status == TIDE_OK && row->names.ptr ? TIDE_OK : TIDE_FATAL;
}

static bool is_member(const tide_together *t, uint32_t group) {
  for (size_t i = 0; i < t->count; i++)
    if (t->series[i] == group)
      return true;
  return false;
}

/* Sums the levels of the members' changes that lie within a bin of the date's interval. */
static void levels_sum(const writing *w, const tide_together *t, bool fell, together_row *row) {
  for (size_t i = 0; i < w->listener->count; i++) {
    const dated *d = &w->listener->all[i];
    const size_t at = bin_at(w->bins, d->at);
    if (!is_asked(d, fell) || at + 1 < t->low || at > t->high + 1 || !is_member(t, d->group))
      continue;
    row->before += d->before;
    row->after += d->after;
  }
}

static tide_status row_put(const writing *w, const together_row *row, tide_error *err) {
  tide_value values[sizeof together_columns / sizeof *together_columns];
  return tide_columns_write(&tide_together_columns, row, 0, values, w->writer, err);
}

static tide_status date_write(writing *w, const tide_together *t, bool fell, uint64_t searched,
                              tide_error *err) {
  together_row row = {.status = fell ? "fell" : "rose",
                      .zone = w->changes->binning->zone,
                      .found = true,
                      .date = w->bins->start[t->at],
                      .low = w->bins->start[t->low],
                      .high = w->bins->start[t->high],
                      .groups = t->count,
                      .p = fmin(2 * t->p, 1),
                      .searched = searched};
  if (names_make(w, t, &row) != TIDE_OK)
    return tide_error_memory(err);
  levels_sum(w, t, fell, &row);
  row.share = 100 * row.before / level_before(w, t->at);
  row.mark = tide_changes_mark(w->changes, row.date);
  if (row.mark)
    row.mark_days = (double)(row.date - row.mark->time) / DAY_SECONDS;
  return row_put(w, &row, err);
}

static int by_group(const void *a, const void *b) {
  const tide_together_date *x = a, *y = b;
  if (x->series != y->series)
    return x->series < y->series ? -1 : 1;
  return (x->at > y->at) - (x->at < y->at);
}

/* Falls, or rises. *groups: how many groups had any. */
static tide_status direction_write(writing *w, bool fell, uint64_t *groups, size_t *found,
                                   tide_error *err) {
  const listener *l = w->listener;
  tide_together_date *dates = malloc((l->count + 1) * sizeof *dates);
  tide_together *all = NULL;
  size_t count = 0;
  *groups = 0;
  *found = 0;
  if (!dates)
    return tide_error_memory(err);
  for (size_t i = 0; i < l->count; i++)
    if (is_asked(&l->all[i], fell))
      dates[count++] =
          (tide_together_date){l->all[i].group, bin_at(w->bins, l->all[i].at),
                               bin_at(w->bins, l->all[i].low), bin_at(w->bins, l->all[i].high)};
  qsort(dates, count, sizeof *dates, by_group);
  for (size_t i = 0; i < count; i++)
    *groups += i == 0 || dates[i].series != dates[i - 1].series;
  const tide_together_options options = {
      .bins = w->bins->count, .level = LEVEL, .stop = w->changes->stop};
  tide_status status = tide_together_find(dates, count, &options, &all, found);
  tide_error_of_status(err, status);
  for (size_t i = 0; i < *found && status == TIDE_OK; i++)
    status = date_write(w, &all[i], fell, *groups, err);
  tide_together_free(all, *found);
  free(dates);
  return status;
}

static tide_status rows_write(writing *w, tide_error *err) {
  uint64_t fallen, risen;
  size_t falls, rises;
  TIDE_TRY(direction_write(w, true, &fallen, &falls, err));
  TIDE_TRY(direction_write(w, false, &risen, &rises, err));
  if (falls + rises)
    return TIDE_OK;
  const together_row none = {.status = "none",
                             .zone = w->changes->binning->zone,
                             .before = NAN,
                             .after = NAN,
                             .share = NAN,
                             .p = NAN,
                             .searched = w->listener->names.count};
  return row_put(w, &none, err);
}

tide_status tide_together_write(const tide_changes *c, const tide_extent *extent,
                                const tide_tally *total, const tide_tally *groups,
                                const tide_row_writer *writer, tide_error *err) {
  listener l = {.changes = c};
  const tide_row_writer ours = {.row = listen, .context = &l};
  bins b = {0};
  writing w = {.changes = c, .total = total, .listener = &l, .bins = &b, .writer = writer};
  if (!places_find(l.places, c->group_values))
    return tide_error_set(err, TIDE_FATAL, "changes lacks a column that --together needs");
  tide_status status = tide_changes_write(c, extent, total, groups, &ours, err);
  if (status == TIDE_OK)
    status = bins_make(&b, c, extent) == TIDE_OK ? rows_write(&w, err) : tide_error_memory(err);
  tide_arena_free(&w.arena);
  tide_map_free(&l.names);
  free(l.all);
  free(b.start);
  return status;
}
