/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that ask a question of the library: what a person wrote becomes a question, and the
 * table of its answer is written. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "say.h"
#include "session.h"

enum { DAY = 86400 };

static bool is_word(const char *given, const char *word) {
  return given && strcmp(given, word) == 0;
}

static void remark(void *context, tide_remark kind, const char *sentence) {
  switch (kind) {
  case TIDE_REMARK_NOTE: say("%s", sentence); break;
  case TIDE_REMARK_CAUTION: session_caution(context, sentence); break;
  }
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

static tide_status contrast_of(const settings *o, tide_contrast_options *out, tide_error *err) {
  *out = (tide_contrast_options){.weekdays = o->weekdays, .trend = o->trend};
  if (is_word(o->model, "quasipoisson"))
    out->model = TIDE_MODEL_QUASIPOISSON;
  if (is_word(o->model, "negbin"))
    out->model = TIDE_MODEL_NEGBIN;
  if (is_word(o->model, "exact"))
    out->model = TIDE_MODEL_EXACT;
  if (is_word(o->errors, "newey-west"))
    out->errors = TIDE_ERRORS_NEWEY_WEST;
  if (is_word(o->errors, "independent"))
    out->errors = TIDE_ERRORS_INDEPENDENT;
  return o->confidence ? confidence_parse(o->confidence, &out->confidence, err) : TIDE_OK;
}

/* "7d,14d,28d": both windows of each length in turn. */
static tide_status lengths_of(const settings *o, tide_question_options *out, tide_error *err) {
  tide_span list = tide_span_of(o->windows ? o->windows : ""), one;
  for (bool more = o->windows; more;) {
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

static tide_status recovery_of(const settings *o, tide_recovery_options *out, tide_error *err) {
  if (o->smooth % DAY)
    return tide_error_set(err, TIDE_USAGE, "--smooth takes whole days");
  if (o->sustain % DAY)
    return tide_error_set(err, TIDE_USAGE, "--sustain takes whole days");
  *out = (tide_recovery_options){.to = (double)o->to / 100,
                                 .smooth = (size_t)(o->smooth / DAY),
                                 .sustain = (size_t)(o->sustain / DAY)};
  return TIDE_OK;
}

/* Options that a command does not have are not set, and no question of its type looks at them. */
static tide_status options_of(const settings *o, tide_question_options *out, tide_error *err) {
  out->wide = o->wide;
  out->share = o->share;
  if (is_word(o->which_rows, "all"))
    out->rows = TIDE_TIMELINE_ROWS_ALL;
  if (is_word(o->which_rows, "filled"))
    out->rows = TIDE_TIMELINE_ROWS_FILLED;
  out->unit_asked = o->unit != NULL;
  for (size_t i = 0; i < TIDE_TIMELINE_UNITS; i++)
    if (is_word(o->unit, tide_timeline_unit_names[i]))
      out->unit = (tide_timeline_unit)i;
  out->history = is_word(o->errors, "history") && !is_word(o->model, "exact");
  if (o->unit)
    out->compare_unit = tide_span_of(o->unit);
  out->prose = o->prose;
  out->relay_rows = o->rows;
  out->step = o->step;
  out->keyword_rows = o->rows;
  out->together = o->together;
  out->penalty = o->penalty;
  out->min_length = o->min_length;
  tide_status status = contrast_of(o, &out->contrast, err);
  if (status == TIDE_OK)
    status = lengths_of(o, out, err);
  return status == TIDE_OK ? recovery_of(o, &out->recovery, err) : status;
}

/* What is not had, or too dear where nobody asks for it. */
static unsigned parts_without(const settings *o) {
  /* To search the text of every message costs many times as much as all other columns together. */
  return (o->campaigns.count ? 0u : (unsigned)TIDE_PART_CAMPAIGN) |
         (o->templates ? 0u : (unsigned)TIDE_PART_TEMPLATE) |
         (o->asn ? 0u : (unsigned)TIDE_PART_NETWORK) |
         (o->country ? 0u : (unsigned)TIDE_PART_COUNTRY);
}

/* The columns of `records`: all, or those that were asked for, and what they need. */
static tide_status columns_of(const settings *o, tide_question *q, unsigned *parts,
                              tide_error *err) {
  tide_question_options *to = &q->options;
  if (!o->columns.count) {
    tide_question_all_columns(q, parts_without(o), parts);
    return TIDE_OK;
  }
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < o->columns.count && status == TIDE_OK; i++)
    status = tide_field_list_parse(tide_span_of(o->columns.items[i]), "columns", to->columns,
                                   TIDE_RECORDS_COLUMNS, &to->column_count, err);
  for (size_t i = 0; i < to->column_count && status == TIDE_OK; i++)
    *parts |= to->columns[i].field->parts;
  return status == TIDE_OK ? session_tables_check(o, *parts, err) : status;
}

/* The calendar's takedowns and returns; placebos are none. *out is the caller's to free. */
static tide_status marks_of(session *s, tide_mark **out, tide_error *err) {
  size_t events = tide_calendar_count(s->calendar), count = 0;
  tide_mark *marks = calloc(events + 1, sizeof *marks);
  if (!marks)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < events && status == TIDE_OK; i++) {
    const tide_event *e = tide_calendar_event(s->calendar, i);
    if (tide_span_equal(e->kind, SPAN("placebo")))
      continue;
    marks[count].name = e->name;
    status = tide_when_parse(e->time, s->zone, &marks[count++].time, NULL, err);
  }
  *out = marks;
  s->question.options.marks = marks;
  s->question.options.mark_count = count;
  s->calendar_shown = true;
  return status;
}

int command_ask(const command *c, const settings *asked) {
  settings o = *asked;
  session s;
  tide_mark *marks = NULL;
  tide_error err = {0};
  if (c->question->needs_event && !o.event) {
    tide_error_set(&err, TIDE_USAGE, "%s needs --event WHEN; `spamtide events` lists known ones",
                   c->name);
    return session_refuse(err.text);
  }
  if (!c->question->write && o.coverage)
    return session_refuse("records are written before all mail has been read: --account has what "
                          "--coverage would say");
  if (c->prepare)
    c->prepare(&o);
  tide_question q = {.type = c->question, .say = remark, .say_context = &s};
  unsigned parts = c->question->parts;
  if (c->question == &tide_question_records && columns_of(&o, &q, &parts, &err) != TIDE_OK)
    return session_refuse(err.text);
  parts |= c->question->wishes & ~parts_without(&o);
  tide_status status = session_open(&s, &o, &q, parts, &err);
  s.origins_shown =
      !c->question->shows_hops && (tide_question_parts(&s.question) & TIDE_PART_ORIGIN);
  if (status == TIDE_OK)
    status = options_of(&o, &s.question.options, &err);
  if (o.rules_out)
    s.question.options.rules = &s.rules_sheet;
  if (status == TIDE_OK && c->question->shows_marks)
    status = marks_of(&s, &marks, &err);
  if (status == TIDE_OK)
    status = tide_question_check(&s.question, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = session_prepare(&s, &err);
  if (status == TIDE_OK) {
    tide_question *const asked_one[] = {&s.question};
    status = tide_questions_ask(asked_one, 1, &s.run, &err);
    progress_close(&s.progress);
  }
  if (status == TIDE_OK)
    status = tide_question_write(&s.question, &err);
  free(marks);
  return session_close(&s, status, &err);
}

/* Both forms are written by the question; the emitter only puts an object on a line. */
void explain_prepare(settings *o) {
  o->prose = is_word(o->format, "text");
  o->format = "jsonl";
}

/* Where there is an event its windows are those of compare, and so is what interval and p-value
 * are made by. */
void families_prepare(settings *o) {
  enum { WINDOW = 28 * DAY };
  o->errors = "history";
  o->confidence = "95";
  if (o->event && !o->before)
    o->before = WINDOW;
  if (o->event && !o->after)
    o->after = WINDOW;
}

void concentration_prepare(settings *o) {
  static const char *origin[] = {"origin"};
  enum { WINDOW = 28 * DAY };
  if (o->by.count == 0)
    o->by = (option_list){.items = origin, .count = 1};
  /* The more messages, the more of the rare groups are seen: windows of different lengths would not
   * compare. */
  if (o->event && !o->before)
    o->before = o->after ? o->after : WINDOW;
  if (o->event && !o->after)
    o->after = o->before;
}

/* What is counted reaches as far as the longest windows do. */
void compare_prepare(settings *o) {
  tide_question_options lengths = {.length_count = 0};
  tide_error ignored; /* said when the options are looked at */
  if (!o->windows || lengths_of(o, &lengths, &ignored) != TIDE_OK)
    return;
  o->before = o->after = 0;
  for (size_t i = 0; i < lengths.length_count; i++)
    if (lengths.lengths[i] > o->before)
      o->before = o->after = lengths.lengths[i];
}
