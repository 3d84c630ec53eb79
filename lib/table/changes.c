/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each group's days are searched by stats/segment.h; this file knows which days there are, and
 * writes what was found. */
#include "table/changes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "groups.h"
#include "base/limits.h"
#include "base/room.h"
#include "table/outages.h"
#include "table/receivers.h"
#include "stats/segment.h"

enum { SECONDS_A_DAY = 86400 };

/* One change of a group, or that there is none. */
typedef struct changes_row {
  const char *status;
  const tide_segment_change *change; /* NULL if there is none */
  const tide_mark *mark;             /* nearest to it; may be NULL */
  const tide_outage *gap;            /* NULL if it is none */
  const tide_zone *zone;
  const tide_bin *bins; /* those that were searched */
  size_t bin_count;
  double days;                       /* mean width of one */
  double penalty;                    /* NaN if nothing could be searched */
  double correlation;                /* with the control; NaN if it is not known */
  char cautions[TIDE_CAUTIONS_TEXT]; /* the same as codes */
} changes_row;

static tide_value bin_time(const changes_row *r, size_t bin) {
  return tide_zone_value(r->zone, r->bins[bin].start);
}

/* Is it a change that ended again? */
static bool ended(const changes_row *r) {
  return r->change && r->change->ends;
}

TIDE_GETTER(changes_row, status, tide_value_word(tide_span_of(r->status)))
static tide_value date_of(const changes_row *r) {
  if (r->gap)
    return tide_zone_value(r->zone, r->gap->from);
  return r->change ? bin_time(r, r->change->at) : tide_value_empty();
}

TIDE_GETTER(changes_row, date, date_of(r))
static tide_value until_of(const changes_row *r) {
  if (r->gap)
    return tide_zone_value(r->zone, r->gap->to);
  return ended(r) ? bin_time(r, r->change->until) : tide_value_empty();
}

TIDE_GETTER(changes_row, until, until_of(r))
TIDE_GETTER(changes_row, until_low,
            ended(r) ? bin_time(r, r->change->until_low) : tide_value_empty())
TIDE_GETTER(changes_row, until_high,
            ended(r) ? bin_time(r, r->change->until_high) : tide_value_empty())
TIDE_GETTER(changes_row, window,
            r->change ? tide_value_uint(r->change->window) : tide_value_empty())
TIDE_GETTER(changes_row, low, r->change ? bin_time(r, r->change->low) : tide_value_empty())
TIDE_GETTER(changes_row, high, r->change ? bin_time(r, r->change->high) : tide_value_empty())
TIDE_GETTER(changes_row, before_per_day,
            r->change ? tide_value_real(r->change->before / r->days) : tide_value_empty())
TIDE_GETTER(changes_row, after_per_day,
            r->change ? tide_value_real(r->change->after / r->days) : tide_value_empty())
TIDE_GETTER(changes_row, change_pct,
            r->change && r->change->before > 0
                ? tide_value_real(100 * (r->change->after / r->change->before - 1))
                : tide_value_empty())
TIDE_GETTER(changes_row, change_low,
            r->change && r->change->before > 0 && r->change->after > 0
                ? tide_value_real(100 * (exp(r->change->log_low) - 1))
                : tide_value_empty())
TIDE_GETTER(changes_row, change_high,
            r->change && r->change->before > 0 && r->change->after > 0
                ? tide_value_real(100 * (exp(r->change->log_high) - 1))
                : tide_value_empty())
TIDE_GETTER(changes_row, strength,
            r->change ? tide_value_real(r->change->strength) : tide_value_empty())
TIDE_GETTER(changes_row, penalty, tide_value_real(r->change ? r->change->penalty : r->penalty))
TIDE_GETTER(changes_row, event, r->mark ? tide_value_word(r->mark->name) : tide_value_empty())
TIDE_GETTER(changes_row, event_days,
            r->mark ? tide_value_real((double)(r->bins[r->change->at].start - r->mark->time) /
                                      SECONDS_A_DAY)
                    : tide_value_empty())
TIDE_GETTER(changes_row, control_correlation, tide_value_real(r->correlation))
TIDE_GETTER(changes_row, cautions, tide_value_text(tide_span_of(r->cautions)))
TIDE_GETTER(changes_row, bins, tide_value_uint(r->bin_count))

static const tide_column changes_columns[] = {
    {.name = "status",
     .help =
         "change; possible (found, but the interval of its size includes no change, or an "
         "unrelated or empty control may have made it); gap (days on which nothing was collected, "
         "which are left out); none (no change found, though a fall to nothing would have "
         "been); too-few (fewer messages than can be searched, or so few for their spread "
         "that not even such a fall would have been found); no-control (the control has "
         "fewer messages than can be searched); too-short (fewer whole bins than four times "
         "the least length)",
     .get = get_status},
    {.name = "date",
     .help = "start of the first bin of the new level, or of the gap (RFC 3339, in the zone of "
             "--tz)",
     .get = get_date},
    {.name = "low",
     .help = "start of the first bin that could be the date (95% interval)",
     .get = get_low},
    {.name = "high", .help = "start of the last bin that could be the date", .get = get_high},
    {.name = "until",
     .help = "start of the first bin after a change that ended again; end of a gap",
     .get = get_until},
    {.name = "until_low",
     .help = "first bin that could be that end (95% interval)",
     .get = get_until_low,
     .extra = true},
    {.name = "until_high",
     .help = "last bin that could be that end",
     .get = get_until_high,
     .extra = true},
    {.name = "before_per_day",
     .help =
         "mean count per day before the change, with bursts cut and the cycle of the week taken "
         "out, and after its end if it ended again, as far as window says or to the next change",
     .get = get_before_per_day},
    {.name = "after_per_day",
     .help = "the same at the new level, until it ended, or as far as window says or to the next "
             "change",
     .get = get_after_per_day},
    {.name = "change_pct",
     .help = "change of the level in percent; empty if there was nothing before",
     .get = get_change_pct},
    {.name = "change_low",
     .help = "lower end of its 95% interval, given the date, and given that only changes as strong "
             "as the penalty are shown; empty if a level is zero",
     .get = get_change_low},
    {.name = "change_high", .help = "upper end of its interval", .get = get_change_high},
    {.name = "strength",
     .help = "square of the change in standard errors, judged by how much the level varies by "
             "itself near it",
     .get = get_strength},
    {.name = "penalty",
     .help = "strength that a change of its length needs to be shown; in a row none, that of four "
             "times the least length; empty if nothing could be searched",
     .get = get_penalty,
     .extra = true},
    {.name = "event",
     .help = "the takedown or return in the calendar that is nearest to the date, within 30 days",
     .get = get_event},
    {.name = "event_days",
     .help = "days from that event to the date; negative if the date is earlier",
     .get = get_event_days},
    {.name = "bins",
     .help = "whole bins of the archive that were searched",
     .get = get_bins,
     .extra = true},
    {.name = "window",
     .help = "number of bins that were compared on each side; of a change that ended again, its "
             "length when found",
     .get = get_window,
     .extra = true},
    {.name = "control_correlation",
     .help =
         "with --control: correlation of the logarithms of ratios of neighbouring windows, of the "
         "series and of the control, where there is no change",
     .get = get_control_correlation,
     .extra = true},
    {.name = "cautions",
     .help =
         "why not to trust the row, as short codes: gap (days on which nothing was collected "
         "lie within its windows), receiver (one of several servers received nothing for days, "
         "while others did), no-history (fewer than 52 times the least length were searched, 364 "
         "days or 208 weeks: swings that long look like changes), weekly-cycle (too little mail to "
         "take the cycle of the week out), wanders (the level near it varies more over longer "
         "windows: the levels differ, but maybe not from that date on), control-empty (the control "
         "has no messages before or none after), control-apart (the control moves differently), "
         "control-unknown (too short to say)",
     .get = get_cautions},
};

const tide_columns tide_changes_columns = TIDE_COLUMNS(changes_columns);

/* The bins that are searched, and room for the counts of a group. */
typedef struct series {
  tide_bin *bins;
  double *widths, *counts;  /* widths in seconds, without gaps */
  double *control, *scaled; /* counts of the control, and widths by its level; NULL: none */
  double control_sum;
  tide_offset_common common; /* of the group searched last with the control */
  size_t *phases;            /* of each bin among all, gaps counted */
  size_t length;
  tide_outages outages;
  double days; /* mean width */
} series;

static void series_free(series *s) {
  free(s->bins);
  free(s->widths);
  free(s->counts);
  free(s->control);
  free(s->scaled);
  free(s->phases);
  tide_outages_free(&s->outages);
}

/* The whole bins of the archive: [*first, *end) as instants; false if there are none. */
static bool range_of(const tide_changes *c, const tide_extent *e, int64_t *first, int64_t *end) {
  if (!e->any && !(e->has_since && e->has_until))
    return false;
  if (e->has_since) {
    tide_bin bin = tide_bin_of(c->binning, e->since);
    *first = bin.start < e->since ? bin.end : bin.start;
  } else {
    *first = tide_bin_of(c->binning, e->first).end;
  }
  *end = e->has_until ? e->until : tide_bin_of(c->binning, e->last).start;
  return *first < *end;
}

/* Gaps are found among days, whatever the bins are. */
static tide_status outages_open(series *s, const tide_changes *c, const tide_extent *extent) {
  const tide_binning binning = {.unit = TIDE_BIN_DAY, .zone = c->binning->zone};
  const int64_t end = s->bins[s->length - 1].end;
  size_t count = 0, cap = (size_t)((end - s->bins[0].start) / SECONDS_A_DAY + 3);
  tide_bin *days = calloc(cap, sizeof *days);
  if (!days)
    return TIDE_FATAL;
  for (tide_bin day = tide_bin_of(&binning, s->bins[0].start); day.start < end && count < cap;
       day = tide_bin_next(&binning, day))
    days[count++] = day;
  tide_status status = tide_outages_find(days, count, extent, &s->outages);
  free(days);
  return status;
}

static tide_status series_open(series *s, const tide_changes *c, const tide_extent *extent,
                               tide_error *err) {
  int64_t first, end;
  size_t cap = 0;
  *s = (series){0};
  if (!range_of(c, extent, &first, &end))
    return TIDE_OK;
  for (tide_bin bin = tide_bin_of(c->binning, first); bin.end <= end;
       bin = tide_bin_next(c->binning, bin)) {
    if (s->length == TIDE_LIMIT_SERIES)
      return tide_error_set(
          err, TIDE_FATAL,
          "more than %u bins: use wider bins, or a shorter time (--since, --until)",
          TIDE_LIMIT_SERIES);
    if (tide_room(&s->bins, &cap, s->length, sizeof *s->bins) != TIDE_OK)
      return tide_error_memory(err);
    s->bins[s->length++] = bin;
  }
  if (s->length == 0)
    return TIDE_OK;
  s->widths = malloc(s->length * sizeof *s->widths);
  s->counts = malloc(s->length * sizeof *s->counts);
  s->phases = malloc(s->length * sizeof *s->phases);
  if (!s->widths || !s->counts || !s->phases || outages_open(s, c, extent) != TIDE_OK)
    return tide_error_memory(err);
  size_t kept = 0;
  double sum = 0;
  for (size_t t = 0; t < s->length; t++) {
    const tide_bin bin = s->bins[t];
    const int64_t width =
        bin.end - bin.start - tide_outages_overlap(&s->outages, bin.start, bin.end);
    if (width <= 0)
      continue;
    s->bins[kept] = bin;
    s->widths[kept] = (double)width;
    s->phases[kept++] = t;
    sum += (double)width;
  }
  s->length = kept;
  s->days = kept ? sum / (double)kept / SECONDS_A_DAY : 0;
  return TIDE_OK;
}

/* The control's counts, and what they make of the widths. */
static tide_status control_open(series *s, const tide_changes *c) {
  if (!c->control || s->length == 0)
    return TIDE_OK;
  s->control = malloc(s->length * sizeof *s->control);
  s->scaled = malloc(s->length * sizeof *s->scaled);
  if (!s->control || !s->scaled)
    return TIDE_FATAL;
  const bool any = tide_tally_group_count(c->control) > 0;
  for (size_t t = 0; t < s->length; t++) {
    s->control[t] = any ? (double)tide_tally_count(c->control, s->bins[t].start, 0).messages : 0;
    s->control_sum += s->control[t];
  }
  return tide_offset_widths(s->control, s->widths, s->length, c->min_length, s->scaled);
}

const tide_mark *tide_changes_mark(const tide_changes *c, int64_t time) {
  const int64_t most = (int64_t)TIDE_CHANGES_EVENT_DAYS * SECONDS_A_DAY;
  const tide_mark *best = NULL;
  for (size_t i = 0; i < c->mark_count; i++)
    if (!best || llabs(c->marks[i].time - time) < llabs(best->time - time))
      best = &c->marks[i];
  return best && llabs(best->time - time) <= most ? best : NULL;
}

/* A table on its way to its writer. */
typedef struct changes_rows {
  const tide_changes *changes;
  series *series;
  const tide_tally *total;
  const tide_row_writer *writer;
  tide_value *row; /* of the group that is written */
} changes_rows;

static tide_status row_write(const changes_rows *r, const changes_row *now, tide_error *err) {
  return tide_columns_write(&tide_changes_columns, now, r->changes->group_values, r->row, r->writer,
                            err);
}

static tide_status gaps_write(const changes_rows *r, tide_error *err) {
  const series *s = r->series;
  for (size_t i = 0; i < s->outages.count; i++) {
    const changes_row now = {.status = "gap",
                             .zone = r->changes->binning->zone,
                             .bin_count = s->length,
                             .penalty = NAN,
                             .correlation = NAN,
                             .gap = &s->outages.at[i]};
    TIDE_TRY(row_write(r, &now, err));
  }
  return TIDE_OK;
}

/* What the series, except its changes, has in common with the control. */
static tide_status common_find(const tide_changes *c, series *s, const tide_segmentation *found) {
  size_t *boundary = malloc((2 * found->count + 1) * sizeof *boundary), boundaries = 0;
  if (!boundary)
    return TIDE_FATAL;
  for (size_t i = 0; i < found->count; i++) {
    boundary[boundaries++] = found->changes[i].at;
    if (found->changes[i].ends)
      boundary[boundaries++] = found->changes[i].until;
  }
  const tide_offset_pair pair = {.counts = s->counts,
                                 .control = s->control,
                                 .widths = s->widths,
                                 .n = s->length,
                                 .unit = c->min_length,
                                 .boundary = boundary,
                                 .boundaries = boundaries};
  s->common = tide_offset_in_common(&pair);
  free(boundary);
  return TIDE_OK;
}

/* Do days without collection lie within the windows of a change? */
static bool touches_gap(const series *s, const tide_segment_change *change) {
  return tide_outages_overlap(&s->outages, s->bins[change->from].start,
                              s->bins[change->to - 1].end) > 0;
}

/* The first bin behind a change: after its end, or after its windows. */
static size_t behind_of(const tide_segment_change *change) {
  return change->ends ? change->until : change->to;
}

/* Did one of several servers stop in its windows, or begin? */
static bool touches_receiver(const series *s, tide_receiver_gaps *receivers,
                             const tide_segment_change *change) {
  const int64_t at = s->bins[change->at].start, end = s->bins[behind_of(change) - 1].end;
  const tide_bin before = {s->bins[change->from].start, at}, within = {at, end},
                 behind = {end, s->bins[change->to - 1].end};
  const bool tilts = tide_receiver_gaps_tilt(receivers, before, within);
  return (change->ends && tide_receiver_gaps_tilt(receivers, within, behind)) || tilts;
}

static double control_in(const series *s, size_t from, size_t to) {
  double messages = 0;
  for (size_t t = from; t < to; t++)
    messages += s->control[t];
  return messages;
}

/* Has the control nothing on one side of a change, so that there is nothing to compare with? */
static bool misses_control(const series *s, const tide_segment_change *change) {
  const size_t behind = behind_of(change);
  if (!s->control)
    return false;
  return !(control_in(s, change->at, behind) > 0) ||
         !(control_in(s, change->from, change->at) + control_in(s, behind, change->to) > 0);
}

/* Does the interval of its size leave no change out, and is it strong enough for its control? */
static bool is_certain(const series *s, const tide_segment_change *change) {
  const bool apart = s->control && tide_offset_is_apart(&s->common);
  return (change->log_low >= 0 || change->log_high <= 0) && !misses_control(s, change) &&
         (!apart || change->strength >= change->penalty + TIDE_OFFSET_APART_MORE);
}

static void cautions_put(const changes_rows *r, const tide_segmentation *found, bool cycle_missed,
                         changes_row *row) {
  const series *s = r->series;
  const bool common = s->control && s->common.places;
  const bool holds[TIDE_CAUTION_COUNT] = {
      [TIDE_CAUTION_GAP] = row->change && touches_gap(s, row->change),
      [TIDE_CAUTION_RECEIVER] =
          row->change && touches_receiver(s, r->changes->receivers, row->change),
      [TIDE_CAUTION_NO_HISTORY] = row->change && found->no_history,
      [TIDE_CAUTION_WEEKLY_CYCLE] = cycle_missed,
      [TIDE_CAUTION_WANDERS] = row->change && row->change->wanders,
      [TIDE_CAUTION_CONTROL_EMPTY] = row->change && misses_control(s, row->change),
      [TIDE_CAUTION_CONTROL_UNKNOWN] = s->control && !common,
      [TIDE_CAUTION_CONTROL_APART] = common && tide_offset_is_apart(&s->common)};
  tide_cautions_write(tide_cautions_set(holds), row->cautions);
  if (s->control)
    row->correlation = s->common.correlation;
}

/* What was found in one series: a row each. */
static tide_status found_write(const changes_rows *r, const tide_segmentation *found,
                               bool cycle_missed, changes_row *now, tide_error *err) {
  const series *s = r->series;
  now->status = found->could_fall ? "none" : "too-few";
  cautions_put(r, found, cycle_missed, now);
  if (found->count == 0)
    return row_write(r, now, err);
  for (size_t i = 0; i < found->count; i++) {
    now->change = &found->changes[i];
    now->status = is_certain(s, now->change) ? "change" : "possible";
    now->mark = tide_changes_mark(r->changes, s->bins[now->change->at].start);
    cautions_put(r, found, cycle_missed, now);
    TIDE_TRY(row_write(r, now, err));
  }
  return TIDE_OK;
}

/* The bin that begins at `start`, or SIZE_MAX: there are no others in a tally, except those that
 * are left out. */
static size_t bin_find(const series *s, int64_t start) {
  size_t from = 0, to = s->length;
  while (from < to) {
    const size_t middle = from + (to - from) / 2;
    if (s->bins[middle].start < start)
      from = middle + 1;
    else
      to = middle;
  }
  return from < s->length && s->bins[from].start == start ? from : SIZE_MAX;
}

static void bin_take(void *context, int64_t bin, const tide_count *n) {
  series *s = context;
  const size_t at = bin_find(s, bin);
  if (at != SIZE_MAX)
    s->counts[at] = (double)n->messages;
}

/* How many messages there are in the bins that are searched. */
static double counts_fill(series *s, tide_table_group g) {
  double sum = 0;
  memset(s->counts, 0, s->length * sizeof *s->counts);
  /* Most of many thousand groups are too small, and need no look at their bins. */
  if (g.number < tide_tally_group_count(g.tally) &&
      tide_tally_group_messages(g.tally, g.number) >= TIDE_CHANGES_LEAST)
    tide_tally_each(g.tally, g.number, bin_take, s);
  for (size_t t = 0; t < s->length; t++)
    sum += s->counts[t];
  return sum;
}

/* The rows of one group; its values are in row. */
static tide_status group_write(const changes_rows *r, tide_table_group g, tide_error *err) {
  const tide_changes *c = r->changes;
  series *s = r->series;
  tide_segment_options options = {
      .min_length = c->min_length, .penalty = (double)c->penalty, .stop = c->stop};
  if (s->days > 0.9 && s->days < 1.1)
    options.cycle = 7; /* days, some of 23 or 25 hours */
  options.phases = s->phases;
  changes_row now = {.zone = c->binning->zone,
                     .bins = s->bins,
                     .bin_count = s->length,
                     .days = s->days,
                     .penalty = NAN,
                     .correlation = NAN};
  if (s->control) /* what is not searched says nothing of it */
    snprintf(now.cautions, sizeof now.cautions, "%s",
             tide_caution_name(TIDE_CAUTION_CONTROL_UNKNOWN));
  if (s->length < tide_segment_bins_least(c->min_length)) {
    now.status = "too-short";
    return row_write(r, &now, err);
  }
  now.penalty = c->penalty ? (double)c->penalty : tide_segment_penalty(s->length, c->min_length);
  if (counts_fill(s, g) < TIDE_CHANGES_LEAST) {
    now.status = "too-few";
    return row_write(r, &now, err);
  }
  if (s->control && s->control_sum < TIDE_CHANGES_LEAST) {
    now.status = "no-control";
    return row_write(r, &now, err);
  }
  tide_segmentation found;
  const double *widths = s->scaled ? s->scaled : s->widths;
  tide_status status = tide_segment_find(s->counts, widths, s->length, &options, &found);
  if (status != TIDE_OK)
    return tide_error_of_status(err, status);
  if (s->control && common_find(c, s, &found) != TIDE_OK)
    status = tide_error_memory(err);
  else
    status = found_write(r, &found, options.cycle && !found.cycle, &now, err);
  tide_segmentation_free(&found);
  return status;
}

/* What a series has something in. */
typedef struct life {
  const series *series;
  size_t first, last;
} life;

static void life_take(void *context, int64_t bin, const tide_count *n) {
  life *l = context;
  const size_t at = bin_find(l->series, bin);
  (void)n;
  if (at == SIZE_MAX)
    return;
  l->first = at < l->first ? at : l->first;
  l->last = at > l->last ? at : l->last;
}

/* The bins of a group that are looked at. */
static uint64_t bins_searched(const tide_changes *c, const series *s, const tide_tally *groups,
                              uint32_t group) {
  life l = {.series = s, .first = SIZE_MAX};
  size_t from, to;
  if (tide_tally_group_messages(groups, group) < TIDE_CHANGES_LEAST)
    return 0;
  tide_tally_each(groups, group, life_take, &l);
  if (l.first > l.last)
    return 0;
  tide_segment_reach(l.first, l.last, s->length, c->min_length, &from, &to);
  return to - from;
}

/* Is there so much to search that nobody would wait for it? */
static tide_status search_allowed(const tide_changes *c, const series *s, const tide_tally *groups,
                                  tide_error *err) {
  uint64_t searched = 0, bins = s->length;
  for (uint32_t g = 0; c->group_values && g < tide_tally_group_count(groups); g++) {
    const uint64_t more = bins_searched(c, s, groups, g);
    searched += more > 0;
    bins += more;
  }
  if (bins <= TIDE_LIMIT_SEARCH)
    return TIDE_OK;
  return tide_error_set(err, TIDE_FATAL,
                        "%llu groups with %llu bins in all are too much to search: use wider bins, "
                        "fewer groups (--top), or a shorter time (--since, --until)",
                        (unsigned long long)searched, (unsigned long long)bins);
}

/* The gaps of the collection come before the changes of all. */
static tide_status changes_group_write(void *context, tide_table_group g, tide_error *err) {
  changes_rows *r = context;
  r->row = g.row;
  if (g.tally != r->total)
    return group_write(r, g, err);
  TIDE_TRY(gaps_write(r, err));
  TIDE_TRY(group_write(r, g, err));
  if (r->changes->common)
    *r->changes->common =
        (tide_changes_common){(uint64_t)r->series->control_sum, r->series->common};
  return TIDE_OK;
}

/* The series with all that it is searched with. */
static tide_status series_make(series *s, const tide_changes *c, const tide_extent *extent,
                               const tide_tally *groups, tide_error *err) {
  TIDE_TRY(series_open(s, c, extent, err));
  if (control_open(s, c) != TIDE_OK)
    return tide_error_memory(err);
  return search_allowed(c, s, groups, err);
}

tide_status tide_changes_write(const tide_changes *c, const tide_extent *extent,
                               const tide_tally *total, const tide_tally *groups,
                               const tide_row_writer *writer, tide_error *err) {
  series s;
  changes_rows to = {.changes = c, .series = &s, .total = total, .writer = writer};
  const tide_group_rows rows = {.total = total,
                                .groups = groups,
                                .values = c->group_values,
                                .columns = tide_changes_columns.count,
                                .write = changes_group_write,
                                .context = &to};
  tide_status status = series_make(&s, c, extent, groups, err);
  if (status == TIDE_OK)
    status = tide_groups_each(&rows, err);
  series_free(&s);
  return status;
}
