/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide timeline: one row per bin, and per group where --by is given; or one column a group. */
#include "spamtide/timeline.h"

#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "counting.h"
#include "say.h"
#include "spamtide/limits.h"
#include "spamtide/map.h"

enum { DAY = 86400 };

static bool is_word(const char *given, const char *word) {
  return given && tide_span_equal(tide_span_of(given), tide_span_of(word));
}

/* What does not go together is refused before any mail is read. */
static tide_status options_check(const session *s, tide_error *err) {
  const settings *o = s->settings;
  const tide_binning *b = &s->binning;
  bool hours = b->unit == TIDE_BIN_HOUR || (b->unit == TIDE_BIN_SPAN && b->seconds % DAY);
  if (o->share && !s->group_count)
    return tide_error_set(err, TIDE_USAGE, "--share needs --by: all messages are 100 percent");
  if (o->unit && !o->wide && !o->share)
    return tide_error_set(err, TIDE_USAGE,
                          "--unit says what --wide shows and --share is of: a "
                          "table without them has all units");
  if (o->wide && is_word(o->which_rows, "filled"))
    return tide_error_set(err, TIDE_USAGE, "--wide has a row for every bin: leave --rows out");
  if (hours && s->emit.times == TIDE_TIMES_DATE)
    return tide_error_set(err, TIDE_USAGE,
                          "--times date would give several bins the same bin_start: take local, or "
                          "bins of whole days");
  return TIDE_OK;
}

static void table_of(const session *s, const tide_extent *extent, tide_timeline *t) {
  const settings *o = s->settings;
  *t = (tide_timeline){.binning = &s->binning,
                       .windows = &s->windows,
                       .has_since = s->run.has_since,
                       .has_until = s->run.has_until,
                       .since = s->run.since,
                       .until = s->run.until,
                       .extent = extent,
                       .group_values = s->group_values,
                       .rows = is_word(o->which_rows, "all")      ? TIDE_TIMELINE_ROWS_ALL
                               : is_word(o->which_rows, "filled") ? TIDE_TIMELINE_ROWS_FILLED
                                                                  : TIDE_TIMELINE_ROWS_AUTO,
                       .wide = o->wide,
                       .share = o->share};
  for (size_t i = 0; i < TIDE_TIMELINE_UNITS; i++)
    if (is_word(o->unit, tide_timeline_unit_names[i]))
      t->unit = (tide_timeline_unit)i;
}

/* --- heads of a wide table: names of groups, which are text from mail --- */

/* Its values with "; " between them, on one line; defused only where names are compared. */
static tide_status name_of(tide_span group, bool defuse, tide_buffer *out) {
  tide_buffer joined = {.limit = TIDE_LIMIT_CELL};
  tide_span value;
  tide_status status = TIDE_OK;
  while (status == TIDE_OK && tide_group_take(&group, &value)) {
    /* What a template has beside its name may be empty. */
    if (value.len && joined.len && joined.len + 2 < TIDE_LIMIT_CELL)
      status = tide_buffer_put(&joined, SPAN("; "));
    if (status == TIDE_OK)
      status = tide_buffer_put(&joined, tide_span_slice(value, 0, TIDE_LIMIT_CELL - joined.len));
    if (tide_span_equal(value, SPAN(TIDE_GROUP_OTHER)))
      break; /* all its values are that */
  }
  tide_buffer_clear(out);
  if (status == TIDE_OK)
    status = tide_cell_clean(tide_buffer_span(&joined), defuse, out);
  tide_buffer_free(&joined);
  return status;
}

/* Names that are the same when cleaned get a number; `seen` holds those of all columns. */
static tide_status wide_head(session *s, tide_map *seen, tide_span group, tide_error *err) {
  tide_buffer name = {0}, shown = {0};
  tide_status status = name_of(group, false, &name);
  if (status == TIDE_OK)
    status = name_of(group, true, &shown);
  size_t name_len = name.len, shown_len = shown.len;
  for (unsigned n = 2; status == TIDE_OK; n++) {
    uint32_t known = seen->count, number = tide_map_add(seen, tide_buffer_span(&shown));
    if (number == TIDE_MAP_NONE)
      status = TIDE_FATAL;
    if (number == known)
      break;
    name.len = name_len;
    shown.len = shown_len;
    if (status == TIDE_OK)
      status = tide_buffer_printf(&name, " (%u)", n);
    if (status == TIDE_OK)
      status = tide_buffer_printf(&shown, " (%u)", n);
  }
  if (status == TIDE_OK)
    status = session_head(s, tide_buffer_span(&name), err);
  else
    tide_error_set(err, status, "out of memory");
  tide_buffer_free(&name);
  tide_buffer_free(&shown);
  return status;
}

static tide_status wide_heads(session *s, const tide_timeline_plan *p, const tide_tally *groups,
                              tide_error *err) {
  tide_map seen = {0};
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < s->column_count && status == TIDE_OK; i++)
    if (tide_map_add(&seen, tide_span_of(s->columns[i])) == TIDE_MAP_NONE)
      status = tide_error_set(err, TIDE_FATAL, "out of memory");
  for (uint32_t i = 0; i < p->groups && status == TIDE_OK; i++)
    status = wide_head(s, &seen, tide_tally_group(groups, p->order[i]), err);
  tide_map_free(&seen);
  return status;
}

static tide_status heads(session *s, const tide_timeline *t, const tide_timeline_plan *p,
                         const tide_tally *groups, tide_error *err) {
  const tide_columns columns = tide_timeline_columns_of(t);
  tide_status status = session_columns(s, &columns, t->wide ? 0 : s->group_count, err);
  if (status == TIDE_OK && t->wide && t->group_values)
    status = wide_heads(s, p, groups, err);
  else if (status == TIDE_OK && t->wide)
    status = session_column(s, tide_span_of(tide_timeline_unit_names[t->unit]), err);
  return status == TIDE_OK ? session_heads(s, err) : status;
}

/* --- what is said on standard error --- */

static void say_filled(const tide_timeline_plan *p) {
  say("%lu groups have rows only in the bins where they have mail, %llu in all; "
      "--rows all gives each group every bin",
      (unsigned long)p->groups, (unsigned long long)p->rows);
}

static void say_stray(const session *s, const tide_stray *stray, const counting_end *end,
                      bool before, bool filled) {
  char at[TIDE_RFC3339_MAX], edge[TIDE_RFC3339_MAX], more[64] = "";
  tide_error text; /* cleaned, as whatever comes from outside */
  bool one = stray->messages == 1;
  tide_rfc3339_format(end->time, tide_zone_offset(s->zone, end->time), at);
  tide_rfc3339_format(stray->edge, tide_zone_offset(s->zone, stray->edge), edge);
  if (!filled)
    snprintf(more, sizeof more, " and make%s %s%llu bins more", one ? "s" : "",
             stray->bins >= TIDE_LIMIT_ROWS ? "at least " : "", (unsigned long long)stray->bins);
  tide_error_set(&text, TIDE_OK,
                 "%llu message%s far %s all others%s (%s, at %llu in %.*s); %s %s leaves %s out",
                 (unsigned long long)stray->messages, one ? " stands" : "s stand",
                 before ? "before" : "behind", more, at, (unsigned long long)end->offset,
                 (int)end->source.len, end->source.ptr ? end->source.ptr : "",
                 before ? "--since" : "--until", edge, one ? "it" : "them");
  session_caution(NULL, text.text);
}

static tide_status say_strays(const session *s, const counting *c, bool filled, tide_error *err) {
  tide_stray before, behind;
  const tide_tally *once = c->total ? c->total : c->groups;
  if (tide_timeline_strays(&s->binning, once, &before, &behind) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  if (before.messages)
    say_stray(s, &before, &c->first, true, filled);
  if (behind.messages)
    say_stray(s, &behind, &c->last, false, filled);
  return TIDE_OK;
}

int command_timeline(const settings *o) {
  session s;
  counting counts = {.session = &s, .bin = counting_bin_start, .with_ends = true};
  tide_timeline table;
  tide_timeline_plan plan = {0};
  tide_extent extent;
  tide_error err = {0};
  tide_status status = session_open(&s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  if (status == TIDE_OK)
    status = options_check(&s, &err);
  if (status == TIDE_OK)
    status = session_begin_plain(&s, &err);
  counts.with_total = s.group_count > 0; /* a message may stand in several groups */
  if (status == TIDE_OK)
    status = counting_run(&counts, &err);
  if (status == TIDE_OK && s.windows.has_event && counting_event_check(&counts, &err) != TIDE_OK)
    session_caution(NULL, err.text);
  if (status == TIDE_OK) {
    extent = counting_extent(&counts);
    table_of(&s, &extent, &table);
    status = tide_timeline_plan_make(&table, counts.groups, &plan, &err);
    /* A table that is too large may be so because of a stray: it is named all the same. */
    tide_error why;
    if (say_strays(&s, &counts, plan.filled, &why) != TIDE_OK && status == TIDE_OK) {
      status = TIDE_FATAL;
      err = why;
    }
  }
  if (status == TIDE_OK && plan.filled && table.rows == TIDE_TIMELINE_ROWS_AUTO)
    say_filled(&plan);
  if (status == TIDE_OK)
    status = heads(&s, &table, &plan, counts.groups, &err);
  if (status == TIDE_OK) {
    tide_row_writer writer = {.row = session_row, .context = &s};
    status = tide_timeline_write(&table, &plan, counts.groups, counts.total, &writer, &err);
  }
  tide_timeline_plan_free(&plan);
  counting_free(&counts);
  return session_close(&s, status, &err);
}
