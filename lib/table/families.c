/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families as rows. Change, interval and p-values are asked of compare, whose rows are taken apart
 * by the names of its columns: there is one inference, and it is not here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "family.h"
#include "groups.h"
#include "stats/adjust.h"
#include "base/sort.h"
#include "base/visible.h"

/* A p-value below which something is news; half of it where there are two questions, the change and
 * the wait; of the wait before the event a smaller one, so that few families of the event are taken
 * for others. */
static const double NEWS = 0.05, NEWS_OF_TWO = 0.025, NEWS_BEFORE = 0.01;
/* A shorter wait may be a night, or that of a program that sends once a day and now and then some
 * minutes later. */
static const double SILENT_DAYS = 2;

/* --- columns --- */

static tide_value zoned(const tide_zone *zone, int64_t time) {
  return tide_value_time(time, tide_zone_offset(zone, time));
}

static tide_value uint_of(bool known, uint64_t n) {
  return known ? tide_value_uint(n) : tide_value_empty();
}
static tide_value time_of(const family_row *r, bool known, int64_t time) {
  return known ? zoned(r->of->table->zone, time) : tide_value_empty();
}
static tide_value text_of(tide_span text) {
  return text.len ? tide_value_text(text) : tide_value_empty();
}
static bool has_event(const family_row *r) {
  return r->of->table->windows->has_event;
}
static int64_t event_of(const family_row *r) {
  return r->of->table->windows->event;
}
/* NULL for the row of all. */
static const tide_family *family_of(const family_row *r) {
  return r->place ? &r->of->found.at[r->place - 1] : NULL;
}
static tide_span family_name(const tide_family *f) {
  return f->name.len ? f->name : SPAN("(unknown)");
}
static tide_span name_of(const family_row *r) {
  return r->place ? family_name(family_of(r)) : SPAN(TIDE_GROUP_ALL);
}
/* Does it stand for one family? Not if it is that of all, or of all others. */
static bool is_one(const family_row *r) {
  return r->place && family_of(r)->largest != TIDE_EXAMPLE_NONE;
}
static tide_value layout_of(const family_row *r, const tide_senders *senders) {
  return is_one(r) ? text_of(tide_senders_layout(senders, family_of(r)->largest)->text)
                   : tide_value_empty();
}
static tide_value mailer_of(const family_row *r, const tide_senders *senders) {
  return is_one(r) ? text_of(tide_senders_mailer(senders, family_of(r)->largest)->text)
                   : tide_value_empty();
}

const tide_sender *tide_family_all(const family_row *r) {
  return r->place ? &family_of(r)->all : &r->of->all;
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

static tide_status say(families *f, family_row *r, family_compared which, const tide_value *v) {
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

family_texts *tide_family_texts_make(families *f, family_row *r) {
  if (r->texts)
    return r->texts;
  r->texts = tide_arena_take(&f->arena, sizeof *r->texts);
  if (r->texts)
    *r->texts = (family_texts){0};
  return r->texts;
}
static tide_value bots_of(const family_row *r, double value) {
  return r->has_bots ? tide_value_uint((uint64_t)(value + 0.5)) : tide_value_empty();
}

TIDE_GETTER(family_row, family, tide_value_word(name_of(r)))
#define X(name) TIDE_GETTER(family_row, compared_##name, tide_family_said(r, FAMILY_##name))
FAMILY_COMPARED(X)
#undef X
TIDE_GETTER(family_row, messages, tide_value_uint(tide_family_all(r)->messages))
TIDE_GETTER(family_row, origins_before, uint_of(r->has_bots, r->origins[SIDE_BEFORE]))
TIDE_GETTER(family_row, origins_after, uint_of(r->has_bots, r->origins[SIDE_AFTER]))
TIDE_GETTER(family_row, active_before, uint_of(has_event(r), r->active[SIDE_BEFORE]))
TIDE_GETTER(family_row, active_after, uint_of(has_event(r), r->active[SIDE_AFTER]))
TIDE_GETTER(family_row, first_seen,
            time_of(r, tide_family_all(r)->messages, tide_family_all(r)->first))
TIDE_GETTER(family_row, last_seen,
            time_of(r, tide_family_all(r)->messages, tide_family_all(r)->last))
TIDE_GETTER(family_row, last_before,
            time_of(r, tide_family_all(r)->before, tide_family_all(r)->last_before))
TIDE_GETTER(family_row, first_behind,
            time_of(r, tide_family_all(r)->behind, tide_family_all(r)->first_behind))
TIDE_GETTER(family_row, wait_from, time_of(r, r->waited, r->wait_from))
TIDE_GETTER(family_row, wait_days, tide_value_real(r->wait_days))
TIDE_GETTER(family_row, wait_p, tide_value_probability(r->wait_p))
TIDE_GETTER(family_row, quiet_p, tide_value_probability(r->quiet_p))
TIDE_GETTER(family_row, date, time_of(r, r->dated, r->date))
TIDE_GETTER(family_row, date_low, time_of(r, r->dated, r->date_low))
TIDE_GETTER(family_row, date_high, time_of(r, r->dated, r->date_high))
TIDE_GETTER(family_row, date_days,
            r->dated ? tide_value_real((double)(r->date - event_of(r)) / SECONDS_A_DAY)
                     : tide_value_empty())
TIDE_GETTER(family_row, bots_before, bots_of(r, r->bots[SIDE_BEFORE].least))
TIDE_GETTER(family_row, bots_before_low, bots_of(r, r->bots[SIDE_BEFORE].low))
TIDE_GETTER(family_row, bots_before_high, bots_of(r, r->bots[SIDE_BEFORE].high))
TIDE_GETTER(family_row, bots_after, bots_of(r, r->bots[SIDE_AFTER].least))
TIDE_GETTER(family_row, bots_after_low, bots_of(r, r->bots[SIDE_AFTER].low))
TIDE_GETTER(family_row, bots_after_high, bots_of(r, r->bots[SIDE_AFTER].high))
TIDE_GETTER(family_row, fingerprints,
            tide_value_uint(r->place ? family_of(r)->fingerprints
                                     : tide_senders_count(r->of->table->senders)))
TIDE_GETTER(family_row, members, r->texts ? text_of(r->texts->members) : tide_value_empty())
TIDE_GETTER(family_row, mailer, mailer_of(r, r->of->table->senders))
TIDE_GETTER(family_row, consistent_with,
            r->texts ? text_of(r->texts->consistent_with) : tide_value_empty())
TIDE_GETTER(family_row, campaigns, r->texts ? text_of(r->texts->campaigns) : tide_value_empty())
TIDE_GETTER(family_row, templates, uint_of(r->place && r->of->has_templates, r->templates))
TIDE_GETTER(family_row, template_subject,
            r->texts ? text_of(r->texts->subject) : tide_value_empty())
TIDE_GETTER(family_row, networks, r->texts ? text_of(r->texts->networks) : tide_value_empty())
TIDE_GETTER(family_row, layout, layout_of(r, r->of->table->senders))
TIDE_GETTER(family_row, example, text_of(tide_buffer_span(&r->of->place)))

static const tide_column families_columns[] = {
    {.name = "family",
     .help = "the fingerprint that most of its messages have; (all) for all mail, (unknown) for "
             "mail without fingerprints",
     .get = get_family},
    {.name = "status",
     .help =
         "silent (the wait for its first message after the event, of two days or more, is news), "
         "gone (it had stopped before the event, and that is news too), fell, rose, new "
         "(nothing before the event, and that is news), unchanged (no news, and the interval "
         "leaves out a fall to a tenth and a tenfold rise) or too-few (no news, and too few "
         "messages or mailings, or too little history, to tell); empty without an event",
     .get = get_compared_status,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "before",
     .help = "messages in the window before the event",
     .get = get_compared_before,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "after",
     .help = "messages in the window after the event and the washout",
     .get = get_compared_after,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "change_pct",
     .help = "change of the rate in percent, as compare gives it",
     .get = get_compared_change_pct,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "change_low",
     .help = "lower end of its interval",
     .get = get_compared_change_low,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "change_high",
     .help = "upper end of its interval",
     .get = get_compared_change_high,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "p_value",
     .help = "p-value of no change, as compare gives it",
     .get = get_compared_p_value,
     .extra = true},
    {.name = "p_adjusted",
     .help = "the same, adjusted for the number of families (Benjamini and Hochberg)",
     .get = get_compared_p_adjusted,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "contribution_pct",
     .help = "its part of the total's change of the rate, in percent",
     .get = get_compared_contribution_pct,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "last_before",
     .help = "time of its last message before the event",
     .get = get_last_before,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "first_behind",
     .help = "time of its first message after the event, including the washout",
     .get = get_first_behind,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "wait_from",
     .help = "when its silence began: at the event, or with its last message in the 24 hours after "
             "it, whichever makes the longer wait",
     .get = get_wait_from,
     .extra = true},
    {.name = "wait_days",
     .help = "how long that silence lasted, in days without gaps: until its next message, or the "
             "end of the window",
     .get = get_wait_days,
     .extra = true},
    {.name = "wait_p",
     .help = "how probable so long a wait is at the rate before, with the messages of one mailing "
             "counted as one; adjusted for the number of families, and no less than the share of "
             "the archive's other days at which any family had so surprising a wait",
     .get = get_wait_p,
     .extra = true},
    {.name = "quiet_p",
     .help = "the same for the days from last_before to the event: small if it had stopped before",
     .get = get_quiet_p,
     .extra = true},
    {.name = "date",
     .help = "first day of its own new level, at the strongest change in the direction of "
             "change_pct within the windows, found as changes finds dates, without being told "
             "where the event is; days are counted from the event's second. It has one whatever "
             "its status says, if the change is strong enough for changes",
     .get = get_date,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "date_low",
     .help = "first day that could be it (95% interval)",
     .get = get_date_low,
     .extra = true},
    {.name = "date_high", .help = "last day that could be it", .get = get_date_high, .extra = true},
    {.name = "date_days",
     .help = "days from the event to that date; negative if it is earlier",
     .get = get_date_days,
     .extra = true},
    {.name = "messages",
     .help = "messages in the whole archive",
     .get = get_messages,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "first_seen",
     .help = "time of its first message",
     .get = get_first_seen,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "last_seen",
     .help = "time of its last message",
     .get = get_last_seen,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "active_before",
     .help = "days with mail in the window before",
     .get = get_active_before,
     .extra = true},
    {.name = "active_after",
     .help = "days with mail in the window after",
     .get = get_active_after,
     .extra = true},
    {.name = "origins_before",
     .help = "distinct addresses in the window before",
     .get = get_origins_before,
     .extra = true},
    {.name = "origins_after",
     .help = "distinct addresses in the window after",
     .get = get_origins_after,
     .extra = true},
    {.name = "bots_before",
     .help = "lower bound of how many addresses there were, seen and unseen, in the window before "
             "(Chao 1987); an address is not a computer: see docs/families.md",
     .get = get_bots_before,
     .extra = true},
    {.name = "bots_before_low",
     .help = "lower end of its 95% interval",
     .get = get_bots_before_low,
     .extra = true},
    {.name = "bots_before_high", .help = "upper end", .get = get_bots_before_high, .extra = true},
    {.name = "bots_after",
     .help = "the same bound for the window after",
     .get = get_bots_after,
     .extra = true},
    {.name = "bots_after_low",
     .help = "lower end of its 95% interval",
     .get = get_bots_after_low,
     .extra = true},
    {.name = "bots_after_high", .help = "upper end", .get = get_bots_after_high, .extra = true},
    {.name = "before_days",
     .help = "length of the window before, in days, without gaps",
     .get = get_compared_before_days,
     .extra = true},
    {.name = "after_days",
     .help = "length of the window after",
     .get = get_compared_after_days,
     .extra = true},
    {.name = "before_per_day",
     .help = "messages per day before",
     .get = get_compared_before_per_day,
     .extra = true},
    {.name = "after_per_day",
     .help = "messages per day after",
     .get = get_compared_after_per_day,
     .extra = true},
    {.name = "method",
     .help = "how interval and p-value were made, as compare says it",
     .get = get_compared_method,
     .extra = true},
    {.name = "cautions",
     .help = "reasons not to trust the change, in the words of compare",
     .get = get_compared_cautions,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "fingerprints",
     .help =
         "how many fingerprints it consists of, joined by their senders or as one program's that "
         "shuffles its fields",
     .get = get_fingerprints,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "members",
     .help = "their names if there are several, the largest first",
     .get = get_members,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "mailer",
     .help = "the mailer that the earliest message of its largest fingerprint names",
     .get = get_mailer},
    {.name = "consistent_with",
     .help = "known programs whose published marks at least half of its messages bear, with the "
             "percentage",
     .get = get_consistent_with,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "campaigns",
     .help = "the three that most of its messages match, with percentages",
     .get = get_campaigns,
     .extra = true,
     .shown_by = TIDE_SHOW_CAMPAIGNS},
    {.name = "templates",
     .help = "how many templates it sent, groups of near-identical messages",
     .get = get_templates,
     .extra = true,
     .shown_by = TIDE_SHOW_TEMPLATES},
    {.name = "template_subject",
     .help = "subject of the commonest",
     .get = get_template_subject,
     .extra = true,
     .shown_by = TIDE_SHOW_TEMPLATES},
    {.name = "networks",
     .help = "the three that most of its messages came from, with percentages",
     .get = get_networks,
     .extra = true,
     .shown_by = TIDE_SHOW_NETWORKS},
    {.name = "layout",
     .help = "names and shapes of that message's header (fingerprint_layout)",
     .get = get_layout,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "example",
     .help = "place of that message (SOURCE:OFFSET)",
     .get = get_example,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
};

const tide_columns tide_families_columns = TIDE_COLUMNS(families_columns);

/* --- the tallies --- */

/* The name of each group's family, in the arena. */
static tide_status names_map(families *f, const tide_tally *groups, tide_buffer *name) {
  for (uint32_t g = 0; g < tide_tally_group_count(groups); g++) {
    tide_span bytes = tide_tally_group(groups, g), value;
    tide_group_take(&bytes, &value);
    uint32_t number = tide_senders_find(f->table->senders, value);
    if (number == TIDE_EXAMPLE_NONE)
      number = tide_senders_find(f->table->senders, SPAN(""));
    tide_buffer_clear(name);
    TIDE_TRY(tide_group_put(name, family_name(&f->found.at[f->found.of[number]])));
    f->map[g] = tide_arena_copy(&f->arena, tide_buffer_span(name));
    if (!f->map[g].ptr)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

static tide_status names_fill(families *f, const tide_tally *groups) {
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

/* --- what compare says --- */

static const char *const compared_names[FAMILY_COMPARED_COUNT] = {
#define X(name) #name,
    FAMILY_COMPARED(X)
#undef X
};

/* Where each of its columns stands in a row with one group. */
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

/* Rows still stand in the order of the families, after that of all. */
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
    if (say(l->families, to, (family_compared)k, &row[l->places[k]]) != TIDE_OK)
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
                                .stop = table->stop};
  listener l = {.families = f, .group = tide_columns_leading(&tide_compare_columns)};
  const tide_row_writer writer = {.row = listen, .context = &l};
  if (!compared_places(l.places))
    return tide_error_set(err, TIDE_FATAL, "compare lacks a column that families shows");
  return tide_compare_write(&compare, t->total_slots, t->slots, &writer, err);
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

/* Adjusts the waits. */
static tide_status waits_adjust(families *f) {
  const size_t count = f->count - 1;
  double *p = calloc(2 * count + 1, sizeof *p), threshold;
  if (!p)
    return TIDE_FATAL;
  double *least = p + count;
  for (size_t i = 0; i < count; i++) {
    p[i] = f->rows[i + 1].wait_p;
    least[i] = f->rows[i + 1].wait_least;
  }
  const tide_status status = tide_adjust_tarone(p, least, count, NEWS, f->table->stop, &threshold);
  for (size_t i = 0; i < count; i++)
    f->rows[i + 1].wait_p = p[i];
  free(p);
  return status;
}

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
  if (has_event(a) && (part_a < part_b || part_a > part_b))
    return part_a > part_b ? -1 : 1;
  if (tide_family_all(a)->messages != tide_family_all(b)->messages)
    return tide_family_all(a)->messages > tide_family_all(b)->messages ? -1 : 1;
  return tide_span_compare(name_of(a), name_of(b));
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

/* Which row has which group: all copies of the tally by the map of names number them in one way. */
static void groups_take(families *f, const tide_tally *groups) {
  for (uint32_t g = 0; g < tide_tally_group_count(groups); g++) {
    tide_span bytes = tide_tally_group(groups, g), name;
    tide_group_take(&bytes, &name);
    row_named(f, name)->group = g;
  }
}

static bool has_caution(const family_row *row, tide_caution caution) {
  const tide_value v = tide_family_said(row, FAMILY_cautions);
  return v.kind == TIDE_VALUE_TEXT &&
         tide_span_find(v.text, tide_span_of(tide_caution_name(caution))) < v.text.len;
}

static void worth_take(const families *f, const family_tallies *t, tide_families_control *out) {
  out->known = true;
  out->missing = !tide_tally_group_count(t->control_slots) ||
                 (f->rows[0].compared[FAMILY_before].uint > 0 &&
                  f->rows[0].kinds[FAMILY_change_pct] == TIDE_VALUE_EMPTY);
  out->apart = has_caution(&f->rows[0], TIDE_CAUTION_CONTROL_APART);
  out->untold = has_caution(&f->rows[0], TIDE_CAUTION_CONTROL_UNKNOWN);
}

static tide_status compared_fill(families *f, family_tallies *t, const tide_tally *groups,
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

static tide_status status_fill(families *f, family_row *row) {
  const tide_span status = status_of(row);
  const tide_value word = tide_value_word(status), none = tide_value_uint(0);
  row->changed = is_change(status);
  /* compare has no row for what has no mail in its windows: that is known, and none. */
  if (row->kinds[FAMILY_before] == TIDE_VALUE_EMPTY) {
    TIDE_TRY(say(f, row, FAMILY_before, &none));
    TIDE_TRY(say(f, row, FAMILY_after, &none));
  }
  return say(f, row, FAMILY_status, &word);
}

static tide_status statuses_fill(families *f) {
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

/* By the days of the families, for which the slots make room. */
static tide_status days_fill(families *f, family_tallies *t, const tide_tally *groups,
                             tide_error *err) {
  tide_tally_free(t->slots);
  t->slots = NULL;
  TIDE_TRY(tide_error_of_status(err, tide_tally_remake(groups, f->map, NULL, NULL, &f->days)));
  TIDE_TRY(tide_error_of_status(err, tide_family_bots_fill(f, t->total_days)));
  return tide_family_dates_fill(f, t, err);
}

/* The days are made anew when they are asked for again: they and the slots take much room. */
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
  TIDE_TRY(compared_fill(f, t, groups, err));
  TIDE_TRY(tide_family_waits_fill(f, t, err));
  TIDE_TRY(tide_error_of_status(err, statuses_fill(f)));
  if (f->table->worth && t->control_slots)
    worth_take(f, t, f->table->worth);
  return days_fill(f, t, groups, err);
}

static tide_status changes_fill(families *f, const tide_tally *total, const tide_tally *groups,
                                tide_error *err) {
  family_tallies t = {.total_days = total};
  f->clipped = tide_windows_clip(f->table->windows, f->table->extent);
  tide_status status = tide_error_of_status(err, names_fill(f, groups));
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

/* Where its example stands: of the earliest message of its largest fingerprint. */
static tide_status place_put(families *f, const family_row *row, tide_arena *arena) {
  tide_buffer_clear(&f->place);
  if (!is_one(row))
    return TIDE_OK;
  const tide_example *e = tide_senders_layout(f->table->senders, family_of(row)->largest);
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
