/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates that groups share. The changes of each are those of `changes`, whose rows are taken apart
 * by the names of its columns; the hours about each say more nearly when it was. */
#include "table/together_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/room.h"
#include "stats/together.h"

enum {
  SHARE_BINS = 28, /* before a date, by which a group's share of all is told */
  DAY_SECONDS = 86400,
  HOUR_SECONDS = 3600,
  DAY_HOURS = 24,
  PAST_DAYS = 28,  /* by which the spread of a group's days and its course of the day are told */
  VAGUE_DAYS = 14, /* an interval that is longer has no hour */
  OTHERS = 3       /* dates by chance that are shown, of each direction */
};
/* What of the promise of 0.05 is spent on each direction: takedowns are falls. */
static const double LEVEL = 0.05, FALLS = 0.8, RISES = 0.2;
/* A level that is left counts as no less than this part of the other, and a change is deep from
 * this one on. */
static const double LEFT = 0.02, DEEP = 0.25;

typedef struct together_row {
  const char *status;
  const tide_zone *zone;
  bool found;
  int64_t date, low, high;
  bool has_hours;
  int64_t first_hour, last_hour;
  uint64_t groups;
  tide_span names;
  double before, after, share, p;
  const tide_mark *mark;
  double mark_days;
  char cautions[TIDE_CAUTIONS_TEXT];
  uint64_t searched; /* groups with changes in that direction, of all */
} together_row;

static tide_value time_of(const together_row *r, int64_t time) {
  return r->found ? tide_zone_value(r->zone, time) : tide_value_empty();
}

TIDE_GETTER(together_row, status, tide_value_word(tide_span_of(r->status)))
TIDE_GETTER(together_row, date, time_of(r, r->date))
TIDE_GETTER(together_row, low, time_of(r, r->low))
TIDE_GETTER(together_row, high, time_of(r, r->high))
TIDE_GETTER(together_row, first_hour, r->has_hours ? time_of(r, r->first_hour) : tide_value_empty())
TIDE_GETTER(together_row, last_hour, r->has_hours ? time_of(r, r->last_hour) : tide_value_empty())
TIDE_GETTER(together_row, groups, r->found ? tide_value_uint(r->groups) : tide_value_empty())
TIDE_GETTER(together_row, names, r->found ? tide_value_text(r->names) : tide_value_empty())
TIDE_GETTER(together_row, before_per_day, tide_value_real(r->before))
TIDE_GETTER(together_row, after_per_day, tide_value_real(r->after))
TIDE_GETTER(together_row, share_pct, tide_value_real(r->share))
TIDE_GETTER(together_row, p_value, tide_value_probability(r->p))
TIDE_GETTER(together_row, event, r->mark ? tide_value_word(r->mark->name) : tide_value_empty())
TIDE_GETTER(together_row, event_days, r->mark ? tide_value_real(r->mark_days) : tide_value_empty())
TIDE_GETTER(together_row, cautions, tide_value_text(tide_span_of(r->cautions)))
TIDE_GETTER(together_row, searched, tide_value_uint(r->searched))

static const tide_column together_columns[] = {
    {.name = "status",
     .help = "fell or rose: groups that did so together, beyond chance; possible-fall or "
             "possible-rise: the most striking dates that may well be chance, see p_value; none: "
             "no date is shared by two groups",
     .get = get_status},
    {.name = "date", .help = "start of the first bin of the new levels", .get = get_date},
    {.name = "low",
     .help =
         "start of the first bin that could be the date, by all of them together (95% interval)",
     .get = get_low},
    {.name = "high", .help = "start of the last bin that could be the date", .get = get_high},
    {.name = "first_hour",
     .help = "hour of the first of those that are nearest to each other, by its own messages: as "
             "probably earlier as later; empty where bins are longer than a day",
     .get = get_first_hour},
    {.name = "last_hour", .help = "hour of the last of them", .get = get_last_hour},
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
     .get = get_share_pct,
     .extra = true},
    {.name = "p_value",
     .help = "share of archives with so striking a date anywhere, if each change may fall on any "
             "hour of its sixteen weeks; times 1.25 for falls and 5 for rises, because both are "
             "asked for",
     .get = get_p_value},
    {.name = "event",
     .help = "the takedown or return in the calendar that is nearest to the date, within 30 days",
     .get = get_event},
    {.name = "event_days",
     .help = "days from that event to the date; negative if the date is earlier",
     .get = get_event_days},
    {.name = "cautions",
     .help = "why not to trust the row: those that changes has for the groups' own changes",
     .get = get_cautions},
    {.name = "searched",
     .help = "groups that changed in that direction at any time; of none, in either",
     .get = get_searched,
     .extra = true},
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
  X(until_high)                                                                                    \
  X(cautions)

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
  unsigned cautions;
} dated;

typedef struct listener {
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
  /* What is beside a group, such as a layout, has no place in a list. */
  const tide_span name = row[tide_columns_leading(&tide_changes_columns)].text;
  if (tide_span_equal(name, SPAN(TIDE_GROUP_ALL)))
    return TIDE_OK;
  const uint32_t group = tide_map_add(&l->names, name);
  if (group == TIDE_MAP_NONE)
    return tide_error_memory(err);
  const unsigned cautions = tide_cautions_read(row[l->places[TAKEN_cautions]].text);
  const dated begin = {group,        date->time.seconds, low->time.seconds, high->time.seconds,
                       before->real, after->real,        cautions};
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
                     before->real,
                     cautions};
  return dated_put(l, &end, err);
}

/* --- bins --- */

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

typedef struct bins {
  int64_t *start, end; /* of the last */
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
    b->end = bin.end;
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

/* --- hours --- */

/* What is counted by the hour: where each group of the listener is in its tally. */
typedef struct hours {
  const tide_tally *groups; /* NULL: bins are no days */
  uint32_t *number;         /* by the listener's group */
  const bins *bins;
  tide_binning binning; /* of the tally */
} hours;

static tide_status hours_open(hours *h, const listener *l) {
  const uint32_t count = h->groups ? tide_tally_group_count(h->groups) : 0;
  h->number = calloc(l->names.count + 1, sizeof *h->number);
  if (!h->number)
    return TIDE_FATAL;
  for (uint32_t g = 0; g < count; g++) {
    tide_span values = tide_tally_group(h->groups, g), name;
    const uint32_t group =
        tide_group_take(&values, &name) ? tide_map_find(&l->names, name) : TIDE_MAP_NONE;
    if (group != TIDE_MAP_NONE)
      h->number[group] = g;
  }
  return TIDE_OK;
}

static int64_t day_end(const bins *b, size_t bin) {
  return bin + 1 < b->count ? b->start[bin + 1] : b->end;
}

/* Of a day of 25 hours the last two count as one, and one of 23 hours has no last one. */
static double hour_count(const hours *h, uint32_t group, size_t bin, size_t hour) {
  const int64_t start = h->bins->start[bin] + (int64_t)hour * HOUR_SECONDS,
                day = day_end(h->bins, bin),
                end = hour + 1 < DAY_HOURS ? start + HOUR_SECONDS : day;
  double messages = 0;
  if (day - h->bins->start[bin] == DAY_SECONDS)
    return (double)tide_tally_count(h->groups, start, h->number[group]).messages;
  for (tide_bin one = tide_bin_of(&h->binning, start); one.start < end;
       one = tide_bin_next(&h->binning, one))
    if (one.start >= start)
      messages += (double)tide_tally_count(h->groups, one.start, h->number[group]).messages;
  return messages;
}

/* How a group's messages lie in the days on the higher side of a change. */
typedef struct habit {
  double part[DAY_HOURS]; /* of a day */
  double spread;          /* variance of a day over its mean; 1 or more */
} habit;

static habit habit_of(const hours *h, const dated *d) {
  const bool fell = d->after < d->before;
  const size_t low = bin_at(h->bins, d->low), high = bin_at(h->bins, d->high),
               from = fell ? low - least(low, PAST_DAYS) : high + 1,
               to = fell ? low : least(high + 1 + PAST_DAYS, h->bins->count);
  const double level = fell ? d->before : d->after;
  habit out = {.spread = 1};
  double sum = 0, squares = 0;
  for (size_t hour = 0; hour < DAY_HOURS; hour++)
    out.part[hour] = 1;
  for (size_t bin = from; bin < to; bin++) {
    double day = 0;
    for (size_t hour = 0; hour < DAY_HOURS; hour++) {
      const double n = hour_count(h, d->group, bin, hour);
      out.part[hour] += n;
      day += n;
    }
    sum += day;
    squares += (day - level) * (day - level);
  }
  for (size_t hour = 0; hour < DAY_HOURS; hour++)
    out.part[hour] /= sum + DAY_HOURS;
  if (to > from + 1 && level > 0)
    out.spread = fmax(1, squares / (double)(to - from - 1) / level);
  return out;
}

/* By how much the logarithm of the likelihood rises if the new level begins behind this hour and
 * not with it: Poisson's, over the spread of days, as messages come in mailings. */
static double hour_speaks(const hours *h, const dated *d, const habit *a, size_t bin, size_t hour) {
  const double most = fmax(d->before, d->after), before = fmax(d->before, LEFT * most),
               after = fmax(d->after, LEFT * most);
  return (hour_count(h, d->group, bin, hour) * log(before / after) -
          (before - after) * a->part[hour]) /
         a->spread;
}

/* The hour of a change, from a day before the first that could be its date to a day behind the
 * last: the median, and how many hours the middle half takes. */
static void hour_find(const hours *h, const dated *d, tide_together_date *out) {
  enum { HOURS_MOST = (VAGUE_DAYS + 3) * DAY_HOURS };
  const size_t low = bin_at(h->bins, d->low), high = bin_at(h->bins, d->high),
               first = low ? low - 1 : 0, last = least(high + 1, h->bins->count - 1);
  double value[HOURS_MOST] = {0}, log_value = 0, most = 0, sum = 0, passed = 0;
  size_t count = 0, quarter[3] = {0};
  if (last + 1 - first > VAGUE_DAYS + 2)
    return;
  const habit a = habit_of(h, d);
  for (size_t bin = first; bin <= last; bin++)
    for (size_t hour = 0; hour < DAY_HOURS; hour++) {
      value[count++] = log_value;
      most = fmax(most, log_value);
      log_value += hour_speaks(h, d, &a, bin, hour);
    }
  for (size_t i = 0; i < count; i++)
    sum += value[i] = exp(value[i] - most);
  for (size_t i = 0, q = 0; i < count; i++) {
    passed += value[i];
    for (; q < 3 && passed >= (double)(q + 1) / 4 * sum; q++)
      quarter[q] = i;
  }
  out->tick = first * DAY_HOURS + quarter[1];
  out->spread = quarter[2] - quarter[0];
}

/* --- rows --- */

typedef struct writing {
  const tide_changes *changes;
  const tide_tally *total;
  const hours *hours;
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

static size_t ticks_of(const writing *w) {
  return w->hours->groups ? DAY_HOURS : 1;
}

static tide_together_date date_of_change(const writing *w, const dated *d) {
  const double most = fmax(d->before, d->after), least_level = fmin(d->before, d->after);
  const size_t ticks = ticks_of(w);
  tide_together_date out = {.series = d->group,
                            .at = bin_at(w->bins, d->at),
                            .low = bin_at(w->bins, d->low),
                            .high = bin_at(w->bins, d->high),
                            .size = most - least_level,
                            .deep = least_level <= DEEP * most};
  out.tick = out.at * ticks;
  out.spread = (out.high - out.low) * ticks;
  if (ticks > 1)
    hour_find(w->hours, d, &out);
  return out;
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

/* Sums the levels of the members' changes that are within a bin of the date's interval, and takes
 * their cautions. */
static void levels_sum(const writing *w, const tide_together *t, bool fell, together_row *row) {
  unsigned cautions = 0;
  for (size_t i = 0; i < w->listener->count; i++) {
    const dated *d = &w->listener->all[i];
    const size_t at = bin_at(w->bins, d->at);
    if (!is_asked(d, fell) || at + 1 < t->low || at > t->high + 1 || !is_member(t, d->group))
      continue;
    row->before += d->before;
    row->after += d->after;
    cautions |= d->cautions;
  }
  tide_cautions_write(cautions, row->cautions);
}

static tide_status row_put(const writing *w, const together_row *row, tide_error *err) {
  tide_value values[sizeof together_columns / sizeof *together_columns];
  return tide_columns_write(&tide_together_columns, row, 0, values, w->writer, err);
}

static int64_t tick_time(const writing *w, size_t tick) {
  const size_t bin = tick / DAY_HOURS;
  const int64_t time = w->bins->start[bin] + (int64_t)(tick % DAY_HOURS) * HOUR_SECONDS,
                last = day_end(w->bins, bin) - HOUR_SECONDS;
  return time < last ? time : last;
}

static const char *status_of(double p, bool fell) {
  if (p > LEVEL)
    return fell ? "possible-fall" : "possible-rise";
  return fell ? "fell" : "rose";
}

static tide_status date_write(writing *w, const tide_together *t, bool fell, uint64_t searched,
                              tide_error *err) {
  const double p = fmin(t->p / (fell ? FALLS : RISES), 1);
  together_row row = {.status = status_of(p, fell),
                      .zone = w->changes->binning->zone,
                      .found = true,
                      .date = w->bins->start[t->at],
                      .low = w->bins->start[t->low],
                      .high = w->bins->start[t->high],
                      .groups = t->count,
                      .p = p,
                      .searched = searched};
  if (names_make(w, t, &row) != TIDE_OK)
    return tide_error_memory(err);
  row.has_hours = w->hours->groups;
  if (row.has_hours) {
    row.first_hour = tick_time(w, t->first);
    row.last_hour = tick_time(w, t->last);
  }
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
      dates[count++] = date_of_change(w, &l->all[i]);
  qsort(dates, count, sizeof *dates, by_group);
  for (size_t i = 0; i < count; i++)
    *groups += i == 0 || dates[i].series != dates[i - 1].series;
  const tide_together_options options = {.bins = w->bins->count,
                                         .ticks = ticks_of(w),
                                         .level = LEVEL * (fell ? FALLS : RISES),
                                         .others = OTHERS,
                                         .stop = w->changes->stop};
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

/* --- days --- */

static int64_t bin_of_hour(const void *context, int64_t hour) {
  return tide_bin_of(context, hour).start;
}

/* The tallies by the bins of `changes`. */
typedef struct by_bin {
  tide_tally *total, *groups, *control;
} by_bin;

static tide_status by_bin_make(by_bin *b, const tide_changes *c, const tide_tally *total,
                               const tide_tally *groups) {
  TIDE_TRY(tide_tally_remake(total, NULL, bin_of_hour, c->binning, &b->total));
  if (c->control)
    TIDE_TRY(tide_tally_remake(c->control, NULL, bin_of_hour, c->binning, &b->control));
  return tide_tally_remake(groups, NULL, bin_of_hour, c->binning, &b->groups);
}

static void by_bin_free(by_bin *b) {
  tide_tally_free(b->total);
  tide_tally_free(b->groups);
  tide_tally_free(b->control);
}

static tide_status together_make(writing *w, listener *l, hours *h, const tide_extent *extent,
                                 const by_bin *days, tide_error *err) {
  const tide_row_writer ours = {.row = listen, .context = l};
  tide_changes c = *w->changes;
  bins b = {0};
  c.control = days->control;
  TIDE_TRY(tide_changes_write(&c, extent, days->total, days->groups, &ours, err));
  w->bins = h->bins = &b;
  w->total = days->total;
  const tide_status made = bins_make(&b, &c, extent) == TIDE_OK ? hours_open(h, l) : TIDE_FATAL;
  const tide_status status = made == TIDE_OK ? rows_write(w, err) : tide_error_memory(err);
  free(b.start);
  return status;
}

bool tide_together_by_hour(const tide_binning *b) {
  return b->unit == TIDE_BIN_DAY;
}

tide_status tide_together_write(const tide_changes *c, const tide_extent *extent,
                                const tide_tally *total, const tide_tally *groups,
                                const tide_row_writer *writer, tide_error *err) {
  listener l = {0};
  hours h = {.groups = tide_together_by_hour(c->binning) ? groups : NULL,
             .binning = {.unit = TIDE_BIN_HOUR, .zone = c->binning->zone}};
  writing w = {.changes = c, .listener = &l, .hours = &h, .writer = writer};
  by_bin days = {0};
  if (!places_find(l.places, c->group_values))
    return tide_error_set(err, TIDE_FATAL, "changes lacks a column that --together needs");
  tide_status status = tide_error_of_status(err, by_bin_make(&days, c, total, groups));
  if (status == TIDE_OK)
    status = together_make(&w, &l, &h, extent, &days, err);
  by_bin_free(&days);
  tide_arena_free(&w.arena);
  tide_map_free(&l.names);
  free(l.all);
  free(h.number);
  return status;
}
