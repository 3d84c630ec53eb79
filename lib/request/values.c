/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody wrote for an option becomes a member of a question: each kind takes its own. */
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

static bool is_word(const char *given, const char *word) {
  return given && strcmp(given, word) == 0;
}

/* "95", "99.9": hundredths of a percent are enough, and need no locale. */
static tide_status confidence_parse(const char *text, double *out, tide_error *err) {
  tide_span s = tide_span_of(text), whole = tide_span_slice(s, 0, tide_span_find_char(s, '.')),
            part = tide_span_slice(s, whole.len + 1, s.len);
  uint64_t percents = 0, hundredths = 0;
  bool sound =
      whole.len <= 3 && tide_span_uint(whole, &percents) &&
      (whole.len == s.len || (part.len > 0 && part.len <= 2 && tide_span_uint(part, &hundredths)));
  if (part.len == 1)
    hundredths *= 10;
  hundredths += 100 * percents;
  if (!sound || hundredths < 5000 || hundredths > 9999)
    return tide_error_set(err, TIDE_USAGE,
                          "--confidence takes a percentage from 50 to 99.99, not \"%s\"", text);
  *out = (double)hundredths / 10000;
  return TIDE_OK;
}

static tide_status errors_of(const char *errors, const char *confidence, tide_question_options *out,
                             tide_error *err) {
  out->history = is_word(errors, "history");
  if (is_word(errors, "newey-west"))
    out->contrast.errors = TIDE_ERRORS_NEWEY_WEST;
  if (is_word(errors, "independent"))
    out->contrast.errors = TIDE_ERRORS_INDEPENDENT;
  return confidence ? confidence_parse(confidence, &out->contrast.confidence, err) : TIDE_OK;
}

/* "7d,14d,28d": both windows of each length in turn. */
static tide_status lengths_of(const char *windows, tide_question_options *out, tide_error *err) {
  tide_span list = tide_span_of(windows ? windows : ""), one;
  for (bool more = windows; more;) {
    const size_t comma = tide_span_find_char(list, ',');
    int64_t length;
    one = tide_span_slice(list, 0, comma);
    more = comma < list.len;
    list = tide_span_slice(list, comma + 1, list.len);
    if (!tide_duration_parse(one, &length) || length <= 0 || length % DAY)
      return tide_error_set(err, TIDE_USAGE, "--windows takes whole days, such as 7d,14d,28d");
    if (out->length_count == TIDE_LENGTHS)
      return tide_error_set(err, TIDE_USAGE, "--windows takes %d lengths at most", TIDE_LENGTHS);
    out->lengths[out->length_count++] = length;
  }
  return TIDE_OK;
}

tide_status tide_fill_timeline(const tide_settings *s, tide_question_options *out,
                               tide_error *err) {
  const tide_timeline_own *o = &s->own.timeline;
  (void)err;
  if (is_word(o->which_rows, "all"))
    out->rows = TIDE_TIMELINE_ROWS_ALL;
  if (is_word(o->which_rows, "filled"))
    out->rows = TIDE_TIMELINE_ROWS_FILLED;
  for (size_t i = 0; i < TIDE_TIMELINE_UNITS; i++)
    if (is_word(o->unit, tide_timeline_unit_names[i]))
      out->unit = (tide_timeline_unit)i;
  return TIDE_OK;
}

tide_status tide_fill_compare(const tide_settings *s, tide_question_options *out, tide_error *err) {
  const tide_compare_own *o = &s->own.compare;
  out->contrast = (tide_contrast_options){.weekdays = o->weekdays, .trend = o->trend};
  if (is_word(o->model, "quasipoisson"))
    out->contrast.model = TIDE_MODEL_QUASIPOISSON;
  if (is_word(o->model, "negbin"))
    out->contrast.model = TIDE_MODEL_NEGBIN;
  if (is_word(o->model, "exact"))
    out->contrast.model = TIDE_MODEL_EXACT;
  TIDE_TRY(errors_of(o->errors, o->confidence, out, err));
  out->history = out->history && !is_word(o->model, "exact");
  return lengths_of(o->windows, out, err);
}

tide_status tide_fill_course(const tide_settings *s, tide_question_options *out, tide_error *err) {
  return errors_of(s->own.course.errors, s->own.course.confidence, out, err);
}

tide_status tide_fill_recovery(const tide_settings *s, tide_question_options *out,
                               tide_error *err) {
  const tide_recovery_own *o = &s->own.recovery;
  if (o->smooth % DAY)
    return tide_error_set(err, TIDE_USAGE, "--smooth takes whole days");
  if (o->sustain % DAY)
    return tide_error_set(err, TIDE_USAGE, "--sustain takes whole days");
  out->recovery = (tide_recovery_options){.to = (double)o->to / 100,
                                          .smooth = (size_t)(o->smooth / DAY),
                                          .sustain = (size_t)(o->sustain / DAY)};
  return TIDE_OK;
}

/* Interval and p-value are made as compare makes them. */
tide_status tide_fill_families(const tide_settings *s, tide_question_options *out,
                               tide_error *err) {
  (void)s;
  return errors_of("history", "95", out, err);
}

const tide_question_type *tide_instead_of_relays(const tide_settings *s) {
  return s->own.relays.suggest ? &tide_question_suggestions : &tide_question_relays;
}

/* To search the text of every message costs many times as much as all other columns together. */
unsigned tide_request_without(bool templates, const tide_reading_settings *reading) {
  return (reading->campaigns.count ? 0u : (unsigned)TIDE_PART_CAMPAIGN) |
         (templates ? 0u : (unsigned)TIDE_PART_TEMPLATE) |
         (reading->asn ? 0u : (unsigned)TIDE_PART_NETWORK) |
         (reading->country ? 0u : (unsigned)TIDE_PART_COUNTRY);
}

tide_status tide_request_columns(const tide_option_list *asked,
                                 const tide_reading_settings *reading, tide_question *q,
                                 unsigned *parts, tide_error *err) {
  tide_question_options *to = &q->options;
  if (!asked->count) {
    tide_question_all_columns(q, tide_request_without(false, reading), parts);
    return TIDE_OK;
  }
  for (size_t i = 0; i < asked->count; i++)
    TIDE_TRY(tide_field_list_parse(tide_span_of(asked->items[i]), "columns", to->columns,
                                   TIDE_RECORDS_COLUMNS, &to->column_count, err));
  for (size_t i = 0; i < to->column_count; i++)
    *parts |= to->columns[i].field->parts;
  return tide_request_tables_check(reading, *parts, err);
}

/* Without the table every message would be in the group (unknown): no answer, but it looks like
 * one. */
tide_status tide_request_tables_check(const tide_reading_settings *o, unsigned parts,
                                      tide_error *err) {
  if ((parts & TIDE_PART_NETWORK) && !o->asn)
    return tide_error_set(err, TIDE_USAGE,
                          "asn, as_name, prefix and asn_table come from a table of networks: name "
                          "one with --asn");
  if ((parts & TIDE_PART_COUNTRY) && !o->country)
    return tide_error_set(err, TIDE_USAGE,
                          "country comes from a database of networks: name one with --country");
  return TIDE_OK;
}

tide_status tide_request_marks(const tide_calendar *calendar, const tide_zone *zone,
                               tide_mark **out, size_t *count, tide_error *err) {
  const size_t events = tide_calendar_count(calendar);
  tide_mark *marks = calloc(events + 1, sizeof *marks);
  if (!marks)
    return tide_error_memory(err);
  *out = marks;
  *count = 0;
  for (size_t i = 0; i < events; i++) {
    const tide_event *e = tide_calendar_event(calendar, i);
    if (tide_span_equal(e->kind, SPAN("placebo")))
      continue;
    marks[*count].name = e->name;
    TIDE_TRY(tide_when_parse(e->time, zone, &marks[(*count)++].time, NULL, err));
  }
  return TIDE_OK;
}

/* Both forms are written by the question; the emitter only puts an object on a line. */
void tide_prepare_explain(tide_settings *o) {
  o->own.explain.prose = is_word(o->format, "text");
  o->format = "jsonl";
}

/* Where there is an event its windows are those of compare. */
void tide_prepare_families(tide_settings *o) {
  enum { WINDOW = 28 * DAY };
  if (o->event && !o->before)
    o->before = WINDOW;
  if (o->event && !o->after)
    o->after = WINDOW;
}

void tide_prepare_concentration(tide_settings *o) {
  static const char *origin[] = {"origin"};
  enum { WINDOW = 28 * DAY };
  if (o->by.count == 0)
    o->by = (tide_option_list){.items = origin, .count = 1};
  /* The more messages, the more of the rare groups are seen: windows of different lengths would not
   * compare. */
  if (o->event && !o->before)
    o->before = o->after ? o->after : WINDOW;
  if (o->event && !o->after)
    o->after = o->before;
}

/* What is counted reaches as far as the longest windows do. */
void tide_prepare_compare(tide_settings *o) {
  tide_question_options lengths = {.length_count = 0};
  tide_error ignored; /* said when the options are looked at */
  const char *windows = o->own.compare.windows;
  if (!windows || lengths_of(windows, &lengths, &ignored) != TIDE_OK)
    return;
  o->before = o->after = 0;
  for (size_t i = 0; i < lengths.length_count; i++)
    if (lengths.lengths[i] > o->before)
      o->before = o->after = lengths.lengths[i];
}
