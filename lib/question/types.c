/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of question: for each its bins, what it refuses, and how its table is made from what
 * was counted. The tables themselves are in lib/table/. */
#include <stdio.h>

#include "base/civil.h"
#include "base/limits.h"
#include "question/family_names.h"
#include "question/question.h"
#include "table/receivers.h"
#include "table/together_table.h"
#include "heard.h"
#include "wide.h"

enum { DAY = 86400 };

static tide_status refuse(tide_error *err, const char *sentence) {
  return tide_error_set(err, TIDE_USAGE, "%s", sentence);
}

static tide_status heads_write(const tide_question *q, size_t group_fields, tide_error *err) {
  tide_sheet *sheet = q->sheet;
  TIDE_TRY(tide_sheet_columns(sheet, q->type->columns, true, err));
  TIDE_TRY(tide_grouping_heads(&q->groups, group_fields, sheet, err));
  TIDE_TRY(tide_sheet_columns(sheet, q->type->columns, false, err));
  return tide_sheet_begin(sheet, err);
}

static tide_row_writer writer_of(const tide_question *q) {
  return (tide_row_writer){.row = tide_sheet_row, .context = q->sheet};
}

static void caution(const tide_question *q, const char *text) {
  if (q->say)
    q->say(q->say_context, TIDE_REMARK_CAUTION, text);
}

/* The rows of an archive without dated mail say little: say why. */
static void empty_caution(const tide_question *q, const tide_extent *extent) {
  if (!extent->any)
    caution(q, "there is no dated mail");
}

/* --- bins --- */

static bool bin_of_start(const tide_question *q, int64_t time, int64_t *bin, tide_bin *lasts) {
  *lasts = tide_bin_of(&q->binning, time);
  *bin = lasts->start;
  return true;
}

/* By the hour, where dates that groups share are asked for. */
static bool bin_of_changes(const tide_question *q, int64_t time, int64_t *bin, tide_bin *lasts) {
  const tide_binning hours = {.unit = TIDE_BIN_HOUR, .zone = q->zone};
  if (!q->options.own.changes.together || !tide_together_by_hour(&q->binning))
    return bin_of_start(q, time, bin, lasts);
  *lasts = tide_bin_of(&hours, time);
  *bin = lasts->start;
  return true;
}

/* History and all, whether the interval is held against it or not: messages of the history say too
 * which signatures are one template, and groups are not to depend on how errors are estimated. */
static bool bin_of_slot(const tide_question *q, int64_t time, int64_t *bin, tide_bin *lasts) {
  return tide_compare_slot(&q->windows, time, bin, lasts);
}

/* Days of 24 hours from the event. */
static bool bin_of_day(const tide_question *q, int64_t time, int64_t *bin, tide_bin *lasts) {
  *bin = tide_day_of(q->windows.event, time);
  int64_t start = q->windows.event + *bin * DAY;
  *lasts = (tide_bin){start, start + DAY};
  return true;
}

/* The same days by their start. */
static bool day_of_event(const tide_question *q, int64_t time, int64_t *day, tide_bin *lasts) {
  bin_of_day(q, time, day, lasts);
  *day = lasts->start;
  return true;
}

/* The same as far as compare looks back. */
static bool day_of_reach(const tide_question *q, int64_t time, int64_t *day, tide_bin *lasts) {
  const tide_bin reach = tide_compare_reach(&q->windows);
  return time >= reach.start && time < reach.end && day_of_event(q, time, day, lasts);
}

/* Civil days. */
static bool day_of_zone(const tide_question *q, int64_t time, int64_t *day, tide_bin *lasts) {
  const tide_binning days = {.unit = TIDE_BIN_DAY, .zone = q->zone};
  *lasts = tide_bin_of(&days, time);
  *day = lasts->start;
  return true;
}

static bool bin_of_concentration(const tide_question *q, int64_t time, int64_t *bin,
                                 tide_bin *lasts) {
  *lasts = (tide_bin){time, time};
  return tide_concentration_bin(&q->windows, time, bin);
}

static bool day_of_concentration(const tide_question *q, int64_t time, int64_t *day,
                                 tide_bin *lasts) {
  const bool counts = tide_concentration_day(&q->windows, time, day);
  *lasts = (tide_bin){*day, *day + DAY};
  return counts;
}

/* --- the event --- */

static tide_status event_check(const tide_question *q, tide_error *err) {
  int64_t event = q->windows.event;
  const tide_account *a = &q->account;
  if (!q->windows.has_event || !a->dated || (event >= a->first && event <= a->last))
    return TIDE_OK;
  char at[TIDE_RFC3339_MAX], first[TIDE_RFC3339_MAX], last[TIDE_RFC3339_MAX];
  tide_rfc3339_format(event, tide_zone_offset(q->zone, event), at);
  tide_rfc3339_format(a->first, tide_zone_offset(q->zone, a->first), first);
  tide_rfc3339_format(a->last, tide_zone_offset(q->zone, a->last), last);
  return tide_error_set(err, TIDE_USAGE,
                        "the event (%s) is outside the archive, which has mail from %s to %s", at,
                        first, last);
}

/* The heads, where the archive can answer at all. */
static tide_status event_heads(const tide_question *q, size_t group_fields, tide_error *err) {
  TIDE_TRY(event_check(q, err));
  return heads_write(q, group_fields, err);
}

static void event_caution(const tide_question *q) {
  tide_error text;
  if (event_check(q, &text) != TIDE_OK)
    caution(q, text.text);
}

/* --- the windows --- */

static tide_status whole_days_check(const tide_question *q, tide_error *err) {
  const tide_windows *w = &q->windows;
  if (w->before % DAY == 0 && w->after % DAY == 0 && w->washout % DAY == 0)
    return TIDE_OK;
  return tide_error_set(err, TIDE_USAGE,
                        "%s takes --before, --after and --washout in whole days, such as 28d",
                        q->type->name);
}

static bool is_in_bounds(const tide_windows *w) {
  const int64_t most = (int64_t)TIDE_LIMIT_DAYS * DAY;
  return w->before <= most && w->after <= most && w->washout <= most;
}

static tide_status lengths_check(const tide_windows *w, tide_error *err) {
  if (is_in_bounds(w) && w->before + w->after <= (int64_t)TIDE_LIMIT_DAYS * DAY)
    return TIDE_OK;
  return tide_error_set(err, TIDE_USAGE,
                        "the windows and the washout may have at most %u days together",
                        TIDE_LIMIT_DAYS);
}

/* --- timeline --- */

static tide_status timeline_check(const tide_question *q, tide_error *err) {
  const tide_timeline_own *o = &q->options.own.timeline;
  const tide_binning *b = &q->binning;
  bool hours = b->unit == TIDE_BIN_HOUR || (b->unit == TIDE_BIN_SPAN && b->seconds % DAY);
  if (o->share && !q->groups.count)
    return refuse(err, "--share needs --by: all messages are 100 percent");
  if (o->unit && !o->wide && !o->share)
    return refuse(err, "--unit needs --wide or --share: without them the table has all units");
  if (o->wide && q->options.rows == TIDE_TIMELINE_ROWS_FILLED)
    return refuse(err, "--wide has a row for every bin: leave --rows out");
  if (hours && q->times == TIDE_TIMES_DATE)
    return refuse(err, "--times date would give several bins the same bin_start: use local, or "
                       "bins of whole days");
  return TIDE_OK;
}

static tide_status timeline_heads(const tide_question *q, const tide_timeline *t,
                                  const tide_timeline_plan *p, tide_error *err) {
  tide_sheet *sheet = q->sheet;
  const tide_columns columns = tide_timeline_columns_of(t);
  TIDE_TRY(tide_sheet_columns(sheet, &columns, true, err));
  if (!t->wide)
    TIDE_TRY(tide_grouping_heads(&q->groups, q->groups.count, sheet, err));
  TIDE_TRY(tide_sheet_columns(sheet, &columns, false, err));
  if (t->wide && t->group_values)
    TIDE_TRY(tide_wide_heads(sheet, p, q->counts.groups, err));
  else if (t->wide)
    TIDE_TRY(tide_sheet_column(sheet, tide_span_of(tide_timeline_unit_names[t->unit]), NULL, err));
  return tide_sheet_begin(sheet, err);
}

static void say_filled(const tide_question *q, const tide_timeline_plan *p) {
  tide_error text;
  tide_error_set(&text, TIDE_OK,
                 tide_plural(p->groups,
                             "%lu group has rows only in the bins where it has mail, %llu in all; "
                             "--rows all gives it every bin",
                             "%lu groups have rows only in the bins where they have mail, %llu in "
                             "all; --rows all gives each group every bin"),
                 (unsigned long)p->groups, (unsigned long long)p->rows);
  if (q->say)
    q->say(q->say_context, TIDE_REMARK_NOTE, text.text);
}

static void say_stray(const tide_question *q, const tide_stray *stray, bool before, bool filled) {
  const tide_count_end *end = before ? &q->counts.first : &q->counts.last;
  char at[TIDE_RFC3339_MAX], edge[TIDE_RFC3339_MAX], more[64] = "";
  tide_error text; /* cleaned, as whatever comes from outside */
  if (!stray->messages)
    return;
  tide_rfc3339_format(end->time, tide_zone_offset(q->zone, end->time), at);
  tide_rfc3339_format(stray->edge, tide_zone_offset(q->zone, stray->edge), edge);
  if (!filled)
    snprintf(more, sizeof more, " and %s %s%llu %s more",
             tide_plural(stray->messages, "makes", "make"),
             stray->bins >= TIDE_LIMIT_ROWS ? "at least " : "", (unsigned long long)stray->bins,
             tide_plural(stray->bins, "bin", "bins"));
  tide_error_set(
      &text, TIDE_OK,
      tide_plural(stray->messages,
                  "%llu message is far %s all others%s (%s, at %llu in %.*s); %s %s leaves it out",
                  "%llu messages are far %s all others%s (%s, at %llu in %.*s); %s %s leaves "
                  "them out"),
      (unsigned long long)stray->messages, before ? "before" : "after", more, at,
      (unsigned long long)end->offset, (int)end->source.len, end->source.ptr ? end->source.ptr : "",
      before ? "--since" : "--until", edge);
  caution(q, text.text);
}

static tide_status say_strays(const tide_question *q, bool filled, tide_error *err) {
  tide_stray before, behind;
  const tide_tally *once = q->counts.total ? q->counts.total : q->counts.groups;
  if (tide_timeline_strays(&q->binning, once, &before, &behind) != TIDE_OK)
    return tide_error_memory(err);
  say_stray(q, &before, true, filled);
  say_stray(q, &behind, false, filled);
  return TIDE_OK;
}

static tide_status timeline_rows(const tide_question *q, const tide_timeline *table,
                                 const tide_timeline_plan *plan, tide_error *err) {
  const tide_row_writer writer = writer_of(q);
  if (plan->filled && table->rows == TIDE_TIMELINE_ROWS_AUTO)
    say_filled(q, plan);
  TIDE_TRY(timeline_heads(q, table, plan, err));
  return tide_timeline_write(table, plan, q->counts.groups, q->counts.total, &writer, err);
}

static tide_status timeline_write(const tide_question *q, const tide_extent *extent,
                                  tide_error *err) {
  const tide_timeline table = {.binning = &q->binning,
                               .windows = &q->windows,
                               .has_since = extent->has_since,
                               .has_until = extent->has_until,
                               .since = extent->since,
                               .until = extent->until,
                               .extent = extent,
                               .group_values = q->groups.values,
                               .rows = q->options.rows,
                               .wide = q->options.own.timeline.wide,
                               .share = q->options.own.timeline.share,
                               .unit = q->options.unit};
  tide_timeline_plan plan = {0};
  tide_error why;
  event_caution(q);
  tide_status status = tide_timeline_plan_make(&table, q->counts.groups, &plan, err);
  /* A table that is too large may be so because of a stray: it is named all the same. */
  if (say_strays(q, plan.filled, &why) != TIDE_OK && status == TIDE_OK) {
    status = TIDE_FATAL;
    *err = why;
  }
  if (status == TIDE_OK)
    status = timeline_rows(q, &table, &plan, err);
  tide_timeline_plan_free(&plan);
  return status;
}

const tide_question_type tide_question_timeline = {
    .name = "timeline",
    .columns = &tide_timeline_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
    .counts = TIDE_COUNT_ENDS | TIDE_COUNT_TOTAL_OF_GROUPS,
    .bin = bin_of_start,
    .check = timeline_check,
    .write = timeline_write,
};

/* --- servers that stopped --- */

static const tide_bin ALWAYS = {INT64_MIN, INT64_MAX};

/* The days of the windows, and so many more beside them. */
static tide_bin windows_span(const tide_windows *w, int64_t more) {
  return (tide_bin){w->event - w->before - more * DAY,
                    w->event + w->washout + w->after + more * DAY};
}

/* Of types whose days are those that compare looks at. */
static tide_heard_servers servers_of_windows(const tide_question *q) {
  return (tide_heard_servers){.reach = tide_compare_reach(&q->windows),
                              .shown = windows_span(&q->windows, 0)};
}

/* --- compare --- */

static tide_status compare_check(const tide_question *q, tide_error *err) {
  const tide_contrast_options *o = &q->options.contrast;
  if (q->options.length_count && q->windows.washout % DAY)
    return refuse(err, "--windows takes a --washout of whole days");
  if (o->model == TIDE_MODEL_EXACT && (o->weekdays || o->trend))
    return refuse(err, "--model exact takes neither --weekdays nor --trend");
  return lengths_check(&q->windows, err);
}

/* The comparison of one pair of windows; of several the caption says which. */
static tide_status compare_one(const tide_question *q, const tide_extent *extent,
                               const tide_windows *windows, bool trend,
                               tide_receiver_gaps *receivers, tide_error *err) {
  const char *unit = q->options.own.compare.unit;
  tide_compare_summary summary = {0};
  tide_heard heard = tide_heard_of(q->sheet, q->type->columns);
  tide_compare table = {.windows = windows,
                        .extent = extent,
                        .group_values = q->groups.values,
                        .contrast = q->options.contrast,
                        .unit = tide_span_of(unit ? unit : ""),
                        .history = q->options.history,
                        .control = q->counts.control,
                        .zone = q->zone,
                        .summary = &summary,
                        .counted = &heard.count,
                        .receivers = receivers,
                        .stop = q->run->stop};
  tide_hearer to = {.question = q};
  table.contrast.trend = trend;
  if (q->options.length_count)
    snprintf(to.caption, sizeof to.caption,
             "windows of %lld %s%s: ", (long long)(windows->before / DAY),
             tide_plural(windows->before / DAY, "day", "days"), trend ? " with --trend" : "");
  const tide_row_writer writer = tide_heard_writer(&heard);
  TIDE_TRY(tide_compare_write(&table, q->counts.total, q->counts.groups, &writer, err));
  return tide_compare_cautions(&table, q->counts.total, tide_hearer_hear, &to, err);
}

static tide_status compare_answer(const tide_question *q, const tide_extent *extent,
                                  tide_receiver_gaps *receivers, tide_heard *heard,
                                  tide_error *err) {
  (void)heard; /* each comparison tells of its own rows */
  const tide_question_options *o = &q->options;
  TIDE_TRY(event_heads(q, q->groups.count, err));
  if (!o->length_count)
    TIDE_TRY(compare_one(q, extent, &q->windows, o->contrast.trend, receivers, err));
  for (size_t i = 0; i < o->length_count; i++) {
    tide_windows windows = q->windows;
    windows.before = windows.after = o->lengths[i];
    TIDE_TRY(compare_one(q, extent, &windows, false, receivers, err));
    if (o->contrast.trend)
      TIDE_TRY(compare_one(q, extent, &windows, true, receivers, err));
  }
  return TIDE_OK;
}

static tide_status compare_write(const tide_question *q, const tide_extent *extent,
                                 tide_error *err) {
  const tide_heard_servers servers = servers_of_windows(q);
  return tide_heard_answer(q, extent, &servers, compare_answer, err);
}

const tide_question_type tide_question_compare = {
    .name = "compare",
    .columns = &tide_compare_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_IDENTITY,
    .counts = TIDE_COUNT_TOTAL | TIDE_COUNT_RECEIVERS,
    .needs_event = true,
    .bin = bin_of_slot,
    .day = day_of_reach,
    .check = compare_check,
    .write = compare_write,
};

/* --- course --- */

static tide_status course_check(const tide_question *q, tide_error *err) {
  const tide_windows *w = &q->windows;
  const int64_t step = q->options.own.course.step;
  if (step <= 0 || step % DAY || w->after % DAY || w->washout % DAY)
    return refuse(err, "course takes --step, --after and --washout in whole days, such as 7d");
  if (step > w->after)
    return refuse(err, "--step is longer than --after");
  if (w->after / step > TIDE_LIMIT_STEPS)
    return tide_error_set(err, TIDE_USAGE, "course follows an effect for %u steps at most",
                          TIDE_LIMIT_STEPS);
  return compare_check(q, err);
}

static tide_status course_answer(const tide_question *q, const tide_extent *extent,
                                 tide_receiver_gaps *receivers, tide_heard *heard,
                                 tide_error *err) {
  const tide_course table = {.windows = &q->windows,
                             .step = q->options.own.course.step,
                             .zone = q->zone,
                             .group_values = q->groups.values,
                             .contrast = q->options.contrast,
                             .history = q->options.history,
                             .control = q->counts.control,
                             .receivers = receivers};
  const tide_row_writer writer = tide_heard_writer(heard);
  TIDE_TRY(event_heads(q, q->groups.count, err));
  if (!extent->any) {
    empty_caution(q, extent);
    return TIDE_OK;
  }
  TIDE_TRY(tide_course_write(&table, q->counts.total, q->counts.groups, extent, &writer, err));
  return TIDE_OK;
}

static tide_status course_write(const tide_question *q, const tide_extent *extent,
                                tide_error *err) {
  const tide_heard_servers servers = servers_of_windows(q);
  return tide_heard_answer(q, extent, &servers, course_answer, err);
}

const tide_question_type tide_question_course = {
    .name = "course",
    .columns = &tide_course_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
    .counts = TIDE_COUNT_TOTAL | TIDE_COUNT_RECEIVERS,
    .needs_event = true,
    .bin = bin_of_slot,
    .day = day_of_reach,
    .check = course_check,
    .write = course_write,
};

/* --- placebo --- */

static tide_status placebo_check(const tide_question *q, tide_error *err) {
  TIDE_TRY(whole_days_check(q, err));
  return is_in_bounds(&q->windows) ? TIDE_OK
                                   : refuse(err, "the windows and the washout are too long");
}

static tide_status placebo_answer(const tide_question *q, const tide_extent *extent,
                                  tide_receiver_gaps *receivers, tide_heard *heard,
                                  tide_error *err) {
  const tide_placebo table = {.windows = &q->windows,
                              .group_values = q->groups.values,
                              .zone = q->zone,
                              .control = q->counts.control,
                              .receivers = receivers};
  const tide_row_writer writer = tide_heard_writer(heard);
  TIDE_TRY(event_heads(q, q->groups.count, err));
  TIDE_TRY(tide_placebo_write(&table, q->counts.total, q->counts.groups, extent, &writer, err));
  return TIDE_OK;
}

static tide_status placebo_write(const tide_question *q, const tide_extent *extent,
                                 tide_error *err) {
  const tide_heard_servers servers = {ALWAYS, ALWAYS, NULL};
  return tide_heard_answer(q, extent, &servers, placebo_answer, err);
}

const tide_question_type tide_question_placebo = {
    .name = "placebo",
    .columns = &tide_placebo_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
    .counts = TIDE_COUNT_TOTAL | TIDE_COUNT_RECEIVERS,
    .needs_event = true,
    .bin = bin_of_day,
    .day = day_of_event,
    .check = placebo_check,
    .write = placebo_write,
};

/* --- changes --- */

static bool is_day(const tide_binning *b) {
  return b->unit == TIDE_BIN_DAY || (b->unit == TIDE_BIN_SPAN && b->seconds == DAY);
}

static tide_status changes_check(const tide_question *q, tide_error *err) {
  const tide_binning *b = &q->binning;
  if (q->options.own.changes.together && q->groups.count != 1)
    return refuse(err, "--together asks which groups changed on one date: it needs --by with one "
                       "field, such as family");
  if (b->unit == TIDE_BIN_HOUR || (b->unit == TIDE_BIN_SPAN && b->seconds < DAY))
    return refuse(err,
                  "changes needs bins of a day or longer: shorter ones would show the daily cycle");
  return TIDE_OK;
}

/* What the control is worth to all messages; groups have it in their cautions. */
static void say_common(const tide_question *q, const tide_changes_common *c) {
  tide_error text;
  const tide_offset_common *of = &c->found;
  if (!q->counts.control)
    return;
  if (c->messages < TIDE_CHANGES_LEAST)
    tide_error_set(
        &text, TIDE_OK, "control-unknown: the control has %llu %s: too few to compare with",
        (unsigned long long)c->messages, tide_plural(c->messages, "message", "messages"));
  else if (!of->places)
    tide_error_set(&text, TIDE_OK,
                   "control-unknown: there is too little time without changes to say whether the "
                   "control moves with what is searched");
  else if (tide_offset_is_apart(of))
    tide_error_set(&text, TIDE_OK,
                   "control-apart: the control moves differently (correlation %.2f): it guards "
                   "against what happened to both, but the search finds less",
                   of->correlation);
  else
    tide_error_set(&text, TIDE_OK,
                   "levels are relative to the control's; the ratios of neighbouring windows of "
                   "both have a correlation of %.2f",
                   of->correlation);
  caution(q, text.text);
}

static tide_status changes_answer(const tide_question *q, const tide_extent *extent,
                                  tide_receiver_gaps *receivers, tide_heard *heard,
                                  tide_error *err) {
  enum { DAYS_LEAST = 7, BINS_LEAST = 4 }; /* a week of days; a month of weeks */
  tide_changes_common common = {0};
  const bool together = q->options.own.changes.together;
  tide_changes table = {.binning = &q->binning,
                        .group_values = q->groups.values,
                        .min_length = q->options.own.changes.min_length,
                        .penalty = q->options.own.changes.penalty,
                        .marks = q->options.marks,
                        .mark_count = q->options.mark_count,
                        .control = q->counts.control,
                        .receivers = receivers,
                        .common = &common,
                        .stop = q->run->stop};
  if (!table.min_length)
    table.min_length = is_day(&q->binning) ? DAYS_LEAST : BINS_LEAST;
  const tide_row_writer writer = tide_heard_writer(heard);
  empty_caution(q, extent);
  if (together) {
    *heard = tide_heard_of(q->sheet, &tide_together_columns);
    TIDE_TRY(tide_sheet_columns(q->sheet, &tide_together_columns, false, err));
    TIDE_TRY(tide_sheet_begin(q->sheet, err));
    TIDE_TRY(tide_together_write(&table, extent, q->counts.total, q->counts.groups, &writer, err));
    say_common(q, &common);
    return TIDE_OK;
  }
  TIDE_TRY(heads_write(q, q->groups.count, err));
  TIDE_TRY(tide_changes_write(&table, extent, q->counts.total, q->counts.groups, &writer, err));
  say_common(q, &common);
  if (!q->groups.count) /* what was just said */
    heard->count.with[TIDE_CAUTION_CONTROL_APART] =
        heard->count.with[TIDE_CAUTION_CONTROL_UNKNOWN] = 0;
  return TIDE_OK;
}

static tide_status changes_write(const tide_question *q, const tide_extent *extent,
                                 tide_error *err) {
  const tide_binning days = {.unit = TIDE_BIN_DAY, .zone = q->zone};
  const tide_heard_servers servers = {ALWAYS, ALWAYS, &days};
  return tide_heard_answer(q, extent, &servers, changes_answer, err);
}

const tide_question_type tide_question_changes = {
    .name = "changes",
    .columns = &tide_changes_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
    .counts = TIDE_COUNT_TOTAL | TIDE_COUNT_RECEIVERS,
    .shows_marks = true,
    .bin = bin_of_changes,
    .day = day_of_zone,
    .check = changes_check,
    .write = changes_write,
};

/* --- families --- */

static const char families_marks[] = "consistent with ";

static tide_status families_check(const tide_question *q, tide_error *err) {
  TIDE_TRY(whole_days_check(q, err));
  return lengths_check(&q->windows, err);
}

/* What is counted is fingerprints; families are made of them when all are known, and the groups'
 * columns are the table's own. */
static tide_status families_begin(tide_question *q, tide_error *err) {
  q->groups = (tide_grouping){0};
  tide_status status = tide_grouping_add(&q->groups, SPAN("fingerprint"), err);
  q->groups.any_example = false;
  return status;
}

/* What else is to be said of the control is in the rows, by its code. */
static void say_worth(const tide_question *q, const tide_families_control *worth) {
  if (worth->known && !worth->missing)
    caution(q, "changes are relative to the control's");
}

/* tests/families/measure --quiet */
static void say_changed(const tide_question *q, const tide_families_changed *changed) {
  tide_error text;
  if (!changed->without_history)
    return;
  tide_error_set(&text, TIDE_OK,
                 "too little history to show how much their own level varies: %zu of the %zu "
                 "families that changed: compare `date` with the event",
                 changed->without_history, changed->all);
  caution(q, text.text);
}

static tide_status families_answer(const tide_question *q, const tide_extent *extent,
                                   tide_receiver_gaps *receivers, tide_heard *heard,
                                   tide_error *err) {
  tide_families_bounds bounds = {0};
  tide_families_control worth = {0};
  tide_families_changed changed = {0};
  const tide_families_table table = {.windows = &q->windows,
                                     .extent = extent,
                                     .zone = q->zone,
                                     .contrast = q->options.contrast,
                                     .history = q->options.history,
                                     .control = q->counts.control,
                                     .receivers = receivers,
                                     .worth = &worth,
                                     .changed = &changed,
                                     .bounds = &bounds,
                                     .senders = q->counts.senders,
                                     .marks = tide_span_of(families_marks),
                                     .stop = q->run->stop};
  const tide_row_writer writer = tide_heard_writer(heard);
  TIDE_TRY(event_heads(q, 0, err));
  empty_caution(q, extent);
  TIDE_TRY(tide_families_write(&table, q->counts.total, q->counts.groups, &writer, err));
  say_worth(q, &worth);
  say_changed(q, &changed);
  if (q->say)
    tide_families_bounds_say(&bounds, q->say, q->say_context);
  return TIDE_OK;
}

static tide_status families_write(const tide_question *q, const tide_extent *extent,
                                  tide_error *err) {
  const tide_heard_servers servers = servers_of_windows(q);
  return tide_heard_answer(q, extent, &servers, families_answer, err);
}

const tide_question_type tide_question_families = {
    .name = "families",
    .columns = &tide_families_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_CHAIN | TIDE_PART_IDENTITY |
             TIDE_PART_FINGERPRINT | TIDE_PART_CAMPAIGN,
    .counts = TIDE_COUNT_TOTAL | TIDE_COUNT_SENDERS | TIDE_COUNT_RECEIVERS,
    .wishes = TIDE_PART_NETWORK | TIDE_PART_TEMPLATE,
    .marks = families_marks,
    .bin = bin_of_day,
    .day = day_of_event,
    .check = families_check,
    .begin = families_begin,
    .write = families_write,
};

/* --- recovery --- */

static tide_status recovery_check(const tide_question *q, tide_error *err) {
  if (q->windows.before % DAY)
    return refuse(err, "--before takes whole days");
  return TIDE_OK;
}

static tide_status recovery_answer(const tide_question *q, const tide_extent *extent,
                                   tide_receiver_gaps *receivers, tide_heard *heard,
                                   tide_error *err) {
  const tide_recovery_table table = {.zone = q->zone,
                                     .event = q->windows.event,
                                     .before_days = q->windows.before / DAY,
                                     .options = q->options.recovery,
                                     .group_values = q->groups.values,
                                     .receivers = receivers};
  const tide_row_writer writer = tide_heard_writer(heard);
  event_caution(q);
  empty_caution(q, extent);
  TIDE_TRY(heads_write(q, q->groups.count, err));
  TIDE_TRY(tide_recovery_write(&table, extent, q->counts.total, q->counts.groups, &writer, err));
  return TIDE_OK;
}

static tide_status recovery_write(const tide_question *q, const tide_extent *extent,
                                  tide_error *err) {
  const tide_heard_servers servers = {ALWAYS, ALWAYS, NULL};
  return tide_heard_answer(q, extent, &servers, recovery_answer, err);
}

const tide_question_type tide_question_recovery = {
    .name = "recovery",
    .columns = &tide_recovery_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
    .counts = TIDE_COUNT_TOTAL | TIDE_COUNT_RECEIVERS,
    .needs_event = true,
    .bin = bin_of_day,
    .day = day_of_event,
    .check = recovery_check,
    .write = recovery_write,
};

/* --- concentration --- */

static tide_status concentration_answer(const tide_question *q, const tide_extent *extent,
                                        tide_receiver_gaps *receivers, tide_heard *heard,
                                        tide_error *err) {
  const size_t last = q->groups.count - 1; /* the last field is what is measured */
  const tide_windows *w = &q->windows;
  const tide_windows clipped = w->has_event && extent->any ? tide_windows_clip(w, extent) : *w;
  const tide_concentration_table table = {
      .windows = w,
      .extent = extent,
      .receivers = receivers,
      .group_values = q->groups.values,
      .inner_values = tide_grouping_width(&q->groups, last),
      .absent = tide_span_of(q->groups.fields[last].field->absent),
      .clipped = {clipped.before < w->before, clipped.after < w->after}};
  const tide_row_writer writer = tide_heard_writer(heard);
  event_caution(q);
  empty_caution(q, extent);
  TIDE_TRY(heads_write(q, last, err));
  TIDE_TRY(tide_concentration_write(&table, q->counts.groups, &writer, err));
  return TIDE_OK;
}

static tide_status concentration_write(const tide_question *q, const tide_extent *extent,
                                       tide_error *err) {
  const tide_windows *w = &q->windows;
  const tide_heard_servers servers = {w->has_event ? windows_span(w, TIDE_GAP_SIDE) : ALWAYS,
                                      w->has_event ? windows_span(w, 0) : ALWAYS, NULL};
  return tide_heard_answer(q, extent, &servers, concentration_answer, err);
}

const tide_question_type tide_question_concentration = {
    .name = "concentration",
    .columns = &tide_concentration_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
    .counts = TIDE_COUNT_RECEIVERS,
    .bin = bin_of_concentration,
    .day = day_of_concentration,
    .write = concentration_write,
};
