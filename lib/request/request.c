/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what was asked for to a question: instants, windows, groups, filters, cells. */
#include "request/request.h"

#include <stdlib.h>
#include <string.h>

#include "hops/trust.h"
#include "rules/campaign.h"
#include "values.h"

static void say(const tide_request *r, tide_remark kind, const char *sentence) {
  if (r->say)
    r->say(r->say_context, kind, sentence);
}

static tide_status open_groups(tide_request *r, tide_error *err) {
  const tide_option_list *by = &r->settings.by;
  for (size_t i = 0; i < by->count; i++)
    TIDE_TRY(tide_grouping_add(&r->question.groups, tide_span_of(by->items[i]), err));
  return TIDE_OK;
}

static tide_status open_instants(tide_request *r, const tide_reading *reading, tide_error *err) {
  const tide_settings *o = &r->settings;
  r->instants[TIDE_INSTANT_EVENT] = (tide_instant){.option = "event", .written = o->event};
  r->instants[TIDE_INSTANT_SINCE] = (tide_instant){.option = "since", .written = o->since};
  r->instants[TIDE_INSTANT_UNTIL] = (tide_instant){.option = "until", .written = o->until};
  for (size_t i = 0; i < TIDE_INSTANT_COUNT; i++) {
    tide_instant *at = &r->instants[i];
    if (at->written)
      TIDE_TRY(tide_event_parse(reading->calendar, tide_span_of(at->written), reading->zone,
                                &at->time, &at->zoned, err));
  }
  return TIDE_OK;
}

static tide_status open_windows(tide_request *r, tide_error *err) {
  const tide_settings *o = &r->settings;
  tide_windows *w = &r->question.windows;
  if (o->event) {
    w->event = r->instants[TIDE_INSTANT_EVENT].time;
    w->has_event = true;
  } else if (o->before || o->after || o->washout) {
    return tide_error_set(err, TIDE_USAGE, "--before, --after and --washout need --event");
  }
  w->has_before = o->before > 0;
  w->has_after = o->after > 0;
  w->before = o->before;
  w->after = o->after;
  w->washout = o->washout;
  return TIDE_OK;
}

static tide_status open_excluded(tide_request *r, const tide_reading *reading, tide_error *err) {
  const tide_option_list *asked = &r->settings.exclude;
  if (asked->count > TIDE_EXCLUDED_MAX)
    return tide_error_set(err, TIDE_USAGE, "--exclude is given more than %d times",
                          TIDE_EXCLUDED_MAX);
  for (size_t i = 0; i < asked->count; i++) {
    tide_span text = tide_span_of(asked->items[i]);
    const size_t at = tide_span_find(text, SPAN(".."));
    if (at == text.len)
      return tide_error_set(err, TIDE_USAGE, "--exclude takes FROM..TO, not \"%s\"",
                            asked->items[i]);
    tide_bin *bin = &r->excluded[i];
    bool zoned;
    TIDE_TRY(tide_event_parse(reading->calendar, tide_span_slice(text, 0, at), reading->zone,
                              &bin->start, &zoned, err));
    TIDE_TRY(tide_event_parse(reading->calendar, tide_span_slice(text, at + 2, text.len),
                              reading->zone, &bin->end, &zoned, err));
    if (bin->start >= bin->end)
      return tide_error_set(err, TIDE_USAGE, "--exclude %s ends before it begins", asked->items[i]);
  }
  r->question.excluded = r->excluded;
  r->question.excluded_count = asked->count;
  return TIDE_OK;
}

static tide_status open_range(tide_request *r, const tide_reading *reading, tide_error *err) {
  r->question.has_since = r->settings.since != NULL;
  r->question.since = r->instants[TIDE_INSTANT_SINCE].time;
  r->question.has_until = r->settings.until != NULL;
  r->question.until = r->instants[TIDE_INSTANT_UNTIL].time;
  if (r->question.has_since && r->question.has_until && r->question.since >= r->question.until)
    return tide_error_set(err, TIDE_USAGE, "--since must be earlier than --until");
  return open_excluded(r, reading, err);
}

/* Half a day is between the readings that people have in mind: which one it was is said. */
static void say_zones(const tide_request *r, const tide_reading *reading) {
  for (size_t i = 0; i < TIDE_INSTANT_COUNT; i++) {
    const tide_instant *at = &r->instants[i];
    char time[TIDE_RFC3339_MAX];
    tide_error text; /* cleaned, as whatever is quoted from the command line */
    if (!at->written || at->zoned)
      continue;
    tide_rfc3339_format(at->time, tide_zone_offset(reading->zone, at->time), time);
    tide_error_set(&text, TIDE_OK, "--%s %s names no zone: taken as %s, in the zone of --tz (%s)",
                   at->option, at->written, time, reading->settings->tz);
    say(r, TIDE_REMARK_NOTE, text.text);
  }
}

/* Of --times; commands that write no table have no such option. */
static tide_time_form times_of(const char *given) {
  tide_span name = tide_span_of(given ? given : "");
  static const struct {
    tide_span name;
    tide_time_form form;
  } forms[] = {{SPAN("local"), TIDE_TIMES_LOCAL},
               {SPAN("date"), TIDE_TIMES_DATE},
               {SPAN("epoch"), TIDE_TIMES_EPOCH}};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (tide_span_equal(name, forms[i].name))
      return forms[i].form;
  return TIDE_TIMES_RFC3339;
}

static tide_status open_filter(tide_filter **out, const tide_option_list *conditions,
                               tide_error *err) {
  TIDE_TRY(tide_filter_new(out, err));
  for (size_t i = 0; i < conditions->count; i++)
    TIDE_TRY(tide_filter_add(*out, tide_span_of(conditions->items[i]), err));
  return TIDE_OK;
}

static bool shows_templates(const tide_request *r) {
  return r->kind == &tide_request_families && r->settings.own.families.templates;
}

/* Columns that are asked for by what else is. */
static unsigned shown_of(const tide_request *r, const tide_reading_settings *reading) {
  const tide_settings *o = &r->settings;
  return (o->event ? TIDE_SHOW_EVENT : TIDE_SHOW_LIVES) |
         (reading->campaigns.count ? TIDE_SHOW_CAMPAIGNS : 0u) |
         (shows_templates(r) ? TIDE_SHOW_TEMPLATES : 0u) | (reading->asn ? TIDE_SHOW_NETWORKS : 0u);
}

static tide_status open_sheet(tide_request *r, const tide_reading *reading, tide_error *err) {
  const tide_settings *o = &r->settings;
  tide_sheet *sheet = &r->sheet;
  sheet->emitter = r->emitter ? r->emitter : tide_emitter_find(o->format);
  if (!sheet->emitter)
    return tide_error_set(err, TIDE_USAGE, "unknown format \"%s\"", o->format);
  if (o->bom && !sheet->emitter->takes_bom)
    return tide_error_set(err, TIDE_USAGE, "--format %s has no byte order mark: leave --bom out",
                          o->format);
  r->question.times = times_of(o->times);
  sheet->options = (tide_emit_options){
      .raw_cells = o->raw_cells, .times = r->question.times, .bom = o->bom, .cut = &sheet->cut};
  sheet->write = r->write;
  sheet->context = r->context;
  sheet->stop = reading->stop;
  sheet->all_columns = o->all_columns;
  sheet->shown = shown_of(r, reading->settings);
  if (o->coverage) {
    sheet->behind = &tide_coverage_columns;
    sheet->behind_row = &r->question.account;
  }
  return TIDE_OK;
}

/* What the question has beside its type: when, in which groups, which messages. */
static tide_status open_question(tide_request *r, const tide_reading *reading, tide_error *err) {
  const tide_settings *o = &r->settings;
  tide_question *q = &r->question;
  q->calendar = reading->calendar;
  q->zone = q->binning.zone = reading->zone;
  const bool copies = tide_reading_of_duplicates(reading, "only");
  TIDE_TRY(open_instants(r, reading, err));
  TIDE_TRY(open_windows(r, err));
  TIDE_TRY(open_range(r, reading, err));
  if (o->bin)
    TIDE_TRY(tide_binning_parse(tide_span_of(o->bin), &q->binning, err));
  TIDE_TRY(open_groups(r, err));
  TIDE_TRY(open_filter(&r->filter, &o->where, err));
  if (copies)
    TIDE_TRY(tide_filter_add(r->filter, SPAN("duplicate=yes"), err));
  TIDE_TRY(open_filter(&r->control, &o->control, err));
  q->binning.zone = reading->zone;
  if (q->windows.has_event)
    q->binning.anchor = q->windows.event;
  q->top = (uint32_t)o->top;
  q->filter = o->where.count || copies ? r->filter : NULL;
  q->control = o->control.count ? r->control : NULL;
  q->sheet = &r->sheet;
  q->say = r->say;
  q->say_context = r->say_context;
  return TIDE_OK;
}

/* What is refused whatever the archive. */
static tide_status check_kind(const tide_request *r, tide_error *err) {
  const tide_question_type *type = r->question.type;
  if (type->needs_event && !r->asked->event)
    return tide_error_set(err, TIDE_USAGE,
                          "%s needs --event WHEN; `spamtide events` lists known ones", type->name);
  if (!type->write && r->asked->coverage)
    return tide_error_set(err, TIDE_USAGE,
                          "records are written before all mail has been read: --account has what "
                          "--coverage would say");
  if (type->writes_text && r->emitter)
    return tide_error_set(err, TIDE_USAGE, "%s: what is asked for is text and has no cells",
                          type->name);
  return TIDE_OK;
}

static tide_status open_type(tide_request *r, const tide_reading *reading, tide_error *err) {
  tide_question *q = &r->question;
  q->type = r->kind->instead ? r->kind->instead(&r->settings) : r->kind->question;
  TIDE_TRY(check_kind(r, err));
  if (r->kind->prepare)
    r->kind->prepare(&r->settings);
  r->parts |= q->type->parts;
  if (q->type == &tide_question_records)
    TIDE_TRY(tide_request_columns(&r->settings.columns, reading->settings, q, &r->parts, err));
  r->parts |= q->type->wishes & ~tide_request_without(shows_templates(r), reading->settings);
  return TIDE_OK;
}

static tide_status open_options(tide_request *r, const tide_reading *reading, tide_error *err) {
  tide_question *q = &r->question;
  r->origins_shown = !q->type->shows_hops && (tide_question_parts(q) & TIDE_PART_ORIGIN);
  q->options.own = r->settings.own;
  if (r->kind->options)
    TIDE_TRY(r->kind->options(&r->settings, &q->options, err));
  q->options.rules = r->rules;
  q->options.trust = reading->trust;
  if (!q->type->shows_marks)
    return TIDE_OK;
  TIDE_TRY(
      tide_request_marks(reading->calendar, reading->zone, &r->marks, &q->options.mark_count, err));
  q->options.marks = r->marks;
  return TIDE_OK;
}

static tide_status request_open(tide_request *r, tide_reading *reading, tide_error *err) {
  tide_question *q = &r->question;
  r->settings = *r->asked;
  if (r->kind)
    TIDE_TRY(open_type(r, reading, err));
  TIDE_TRY(open_question(r, reading, err));
  const unsigned asked =
      tide_filter_parts(r->filter) | tide_filter_parts(r->control) | q->groups.parts;
  TIDE_TRY(tide_request_tables_check(reading->settings, asked, err));
  TIDE_TRY(open_sheet(r, reading, err));
  q->parts = r->parts |= asked;
  return TIDE_OK;
}

/* What the reading must have for it. Where no rules are named some questions take rules that others
 * do not: in one reading each would answer as it does alone only where both have the same. */
static tide_status need(const tide_request *r, tide_reading *reading, tide_error *err) {
  const bool campaigns = r->parts & TIDE_PART_CAMPAIGN;
  const char *marks = r->kind ? r->kind->question->marks : NULL;
  bool built_in = false;
  for (size_t i = 0; i < reading->settings->campaigns.count; i++)
    built_in |= strcmp(reading->settings->campaigns.items[i], "builtin") == 0;
  if (!built_in && campaigns && (marks ? reading->plain_rules : reading->marks != NULL))
    return tide_error_set(err, TIDE_USAGE,
                          "%s needs other campaign rules than another question of the same "
                          "reading: name builtin among --campaigns, or ask them separately",
                          r->kind->question->name);
  reading->parts |= r->parts;
  if (marks)
    reading->marks = marks;
  reading->plain_rules |= campaigns && !marks;
  return TIDE_OK;
}

tide_status tide_requests_open(tide_request *const *requests, size_t count, tide_reading *reading,
                               tide_error *err) {
  TIDE_TRY(tide_reading_begin(reading, err));
  for (size_t i = 0; i < count; i++) {
    TIDE_TRY(request_open(requests[i], reading, err));
    TIDE_TRY(need(requests[i], reading, err));
  }
  TIDE_TRY(tide_reading_open(reading, err));
  for (size_t i = 0; i < count; i++) {
    say_zones(requests[i], reading);
    if (!requests[i]->kind)
      continue;
    TIDE_TRY(open_options(requests[i], reading, err));
    TIDE_TRY(tide_question_check(&requests[i]->question, err));
  }
  return TIDE_OK;
}

/* A name that no rule has would silently be that of no message. */
static tide_status check_campaigns(const tide_request *r, const tide_reading *reading,
                                   tide_error *err) {
  const size_t count = reading->rules ? tide_rules_campaign_count(reading->rules) : 0;
  TIDE_TRY(tide_filter_check_campaigns(r->filter, reading->campaign_names, count, err));
  return tide_filter_check_campaigns(r->control, reading->campaign_names, count, err);
}

tide_status tide_requests_ask(tide_request *const *requests, size_t count, tide_reading *reading,
                              tide_error *err) {
  tide_question *questions[TIDE_SINKS_MAX];
  if (count > TIDE_SINKS_MAX)
    return tide_error_set(err, TIDE_USAGE, "one reading answers %d questions at most",
                          TIDE_SINKS_MAX);
  for (size_t i = 0; i < count; i++) {
    TIDE_TRY(check_campaigns(requests[i], reading, err));
    questions[i] = &requests[i]->question;
  }
  return tide_questions_ask(questions, count, &reading->run, err);
}

enum { CAUTION_LEAST = 20 }; /* messages: fewer are no archive */

/* One origin of most of the mail is nearly always a relay of the owner's own, or a list's server.
 */
static void caution_one_origin(const tide_request *r, const tide_reading *reading) {
  const tide_leaders *l = &r->question.account.leaders;
  const int most = tide_leaders_majority(l);
  if (!r->origins_shown || !tide_trust_is_empty(reading->trust) || most < 0 ||
      l->total < CAUTION_LEAST)
    return;
  char address[TIDE_IP_TEXT];
  tide_ip_format(&l->address[most], address);
  tide_error text;
  tide_error_set(&text, TIDE_OK,
                 "%.0f %% of the messages with an origin have the same one, %s; if that is a relay "
                 "of yours or a mailing list's server, it hides the senders: use --trust auto, or "
                 "choose with spamtide relays",
                 100.0 * (double)tide_leaders_count(l, most) / (double)l->total, address);
  say(r, TIDE_REMARK_CAUTION, text.text);
}

/* A misspelt name trusts nobody, and leaves a relay as the origin. */
static void caution_trust(const tide_request *r, const tide_reading *reading) {
  const tide_account *account = &r->question.account;
  const tide_option_list *named = &reading->settings->trust;
  tide_error text;
  if (!(account->looked & TIDE_PART_ORIGIN) || account->read < CAUTION_LEAST)
    return;
  for (size_t i = 0, list = 0; i < named->count; i++) {
    if (strcmp(named->items[i], "auto") == 0 || tide_trust_is_met(reading->trust, list++))
      continue;
    tide_error_set(&text, TIDE_OK, "--trust %s: no message came through such a host",
                   named->items[i]);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
}

/* A misspelt value is that of no message. */
static void caution_where(const tide_request *r) {
  const tide_option_list *asked = &r->asked->where;
  tide_error text;
  size_t met = 0;
  /* A control takes its messages first. */
  if (r->question.account.read < CAUTION_LEAST || r->asked->control.count)
    return;
  while (met < asked->count && tide_filter_was_met(r->filter, met))
    met++;
  if (met == asked->count)
    return;
  tide_error_set(&text, TIDE_OK, "--where %s: no message in the time asked for matches%s",
                 asked->items[met], met ? " together with the conditions before it" : "");
  say(r, TIDE_REMARK_CAUTION, text.text);
}

void tide_requests_cautions(tide_request *const *requests, size_t count,
                            const tide_reading *reading) {
  tide_reading_cautions(reading, &requests[0]->question.account);
  caution_trust(requests[0], reading);
  for (size_t i = 0; i < count; i++) {
    caution_where(requests[i]);
    caution_one_origin(requests[i], reading);
  }
}

void tide_request_free(tide_request *r) {
  tide_filter_free(r->filter);
  tide_filter_free(r->control);
  tide_question_free(&r->question);
  tide_sheet_free(&r->sheet);
  free(r->marks);
}
