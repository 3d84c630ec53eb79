/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON by hand, in one fixed order of members: two accounts of the same run can be compared by
 * diff. It reads nothing itself but the digests; all figures come from the run. */
#include "account.h"

#include <sys/stat.h>

#include "inputs.h"
#include "interrupt.h"
#include "say.h"
#include "base/civil.h"
#include "base/data.h"
#include "digest.h"
#include "base/visible.h"
#include "version.h"

/* JSON under way: `first` says whether the next member of the innermost object or list is its
 * first. */
typedef struct writer {
  tide_buffer text;
  tide_status status;
  bool first;
  unsigned depth;
  bool unread; /* some file could not be digested */
} writer;

static void put(writer *w, tide_span s) {
  if (w->status == TIDE_OK)
    w->status = tide_buffer_put(&w->text, s);
}

static void begin(writer *w) {
  put(w, w->first ? SPAN("\n") : SPAN(",\n"));
  for (unsigned i = 0; i < w->depth; i++)
    put(w, SPAN("  "));
  w->first = false;
}

static void put_string(writer *w, const char *text) {
  if (w->status == TIDE_OK)
    w->status = tide_json_string(tide_span_of(text), NULL, &w->text);
}

static void name(writer *w, const char *text) {
  begin(w);
  if (!text)
    return; /* of a list */
  put_string(w, text);
  put(w, SPAN(": "));
}

static void open_with(writer *w, const char *text, tide_span bracket) {
  name(w, text);
  put(w, bracket);
  w->first = true;
  w->depth++;
}

static void close_with(writer *w, tide_span bracket) {
  w->depth--;
  if (!w->first) {
    w->first = true;
    begin(w);
  }
  put(w, bracket);
  w->first = false;
}

static void text_member(writer *w, const char *key, const char *value) {
  name(w, key);
  if (value)
    put_string(w, value);
  else
    put(w, SPAN("null"));
}

/* So that the file can be found again, whatever its name. */
static void path_member(writer *w, const char *path) {
  tide_arena arena = {0};
  tide_span text = tide_path_visible(tide_span_of(path), &arena);
  name(w, "path");
  if (w->status == TIDE_OK)
    w->status = text.ptr ? tide_json_string(text, NULL, &w->text) : TIDE_FATAL;
  tide_arena_free(&arena);
}

static void number_member(writer *w, const char *key, uint64_t value) {
  char digits[TIDE_UINT_TEXT];
  name(w, key);
  put(w, tide_span_make(digits, tide_uint_format(value, digits)));
}

/* A file or directory with size and digest; what cannot be read has neither. What was read since
 * `began` (NULL: it was not) and changed after that is named. */
static tide_status file_members(writer *w, const char *path, const struct timespec *began,
                                tide_error *err) {
  tide_digest digest;
  path_member(w, path);
  tide_status status = tide_digest_path(path, &interrupted, &digest, err);
  if (status == TIDE_END || status == TIDE_FATAL)
    return status;
  if (status == TIDE_OK) {
    number_member(w, "files", digest.files);
    number_member(w, "bytes", digest.bytes);
    text_member(w, "sha256", digest.sha256);
    if (began && tide_digest_is_later(&digest.changed, began)) {
      name(w, "changed");
      put(w, SPAN("true"));
      say("for the account: %s: changed after the run began, so its digest may be of other bytes "
          "than were read",
          path);
    }
  } else {
    text_member(w, "not_read", err->text);
    say("for the account: %s", err->text);
    w->unread = true;
  }
  return TIDE_OK;
}

/* What a callback needs of both. */
typedef struct used {
  writer *w;
  const session *s;
} used;

static tide_status used_file(const used *u, const char *use, const char *path, tide_error *err) {
  writer *w = u->w;
  struct stat st;
  if (stat(path, &st) != 0)
    return TIDE_OK; /* no file: a network, a host name, a list that is built in */
  open_with(w, NULL, SPAN("{"));
  text_member(w, "option", use);
  tide_status status = file_members(w, path, &u->s->began, err);
  close_with(w, SPAN("}"));
  return status;
}

static tide_status used_built_in(writer *w, const char *use, const char *path, tide_span bytes,
                                 tide_error *err) {
  tide_digest digest;
  TIDE_TRY(tide_digest_bytes(bytes, &digest, err));
  open_with(w, NULL, SPAN("{"));
  text_member(w, "option", use);
  text_member(w, "path", path);
  number_member(w, "bytes", digest.bytes);
  text_member(w, "sha256", digest.sha256);
  close_with(w, SPAN("}"));
  return TIDE_OK;
}

/* The calendar, where one of the options names an event of it. */
static tide_status used_calendar(writer *w, const session *s, const char *use, const char *text,
                                 tide_error *err) {
  if (!text || !tide_calendar_find(s->reading.calendar, tide_span_of(text)))
    return TIDE_OK;
  return used_built_in(w, use, "builtin:takedowns", tide_data_takedowns, err);
}

static tide_status used_input(void *context, const char *use, const char *path, bool built_in,
                              tide_error *err) {
  const used *u = context;
  if (!built_in)
    return used_file(u, use, path, err);
  if (strcmp(use, "campaigns") != 0)
    return used_built_in(u->w, use, path, tide_data_mccolo_networks, err);
  return u->s->reading.rules ? used_built_in(u->w, use, path, tide_data_campaigns, err) : TIDE_OK;
}

static tide_status used_files(writer *w, const session *s, tide_error *err) {
  const tide_settings *o = &s->settings->asked;
  if (s->request.marks)
    TIDE_TRY(used_built_in(w, "events", "builtin:takedowns", tide_data_takedowns, err));
  TIDE_TRY(used_calendar(w, s, "event", o->event, err));
  TIDE_TRY(used_calendar(w, s, "since", o->since, err));
  TIDE_TRY(used_calendar(w, s, "until", o->until, err));
  used u = {w, s};
  return inputs_each(s, used_input, &u, err);
}

/* null where nobody asked for them. */
static void duplicates(writer *w, const session *s) {
  tide_duplicates_account a;
  if (!s->reading.duplicates) {
    text_member(w, "duplicates", NULL);
    return;
  }
  tide_duplicates_sum(s->reading.duplicates, &a);
  open_with(w, "duplicates", SPAN("{"));
  number_member(w, "found", a.found);
  number_member(w, "not_remembered", a.forgotten);
  number_member(w, "labels_contradicted", a.contradicted);
  close_with(w, SPAN("}"));
}

static void counts(writer *w, const session *s) {
  const tide_account *a = &s->request.question.account;
  open_with(w, "messages", SPAN("{"));
  number_member(w, "read", a->read);
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    if (i != TIDE_FATE_DUPLICATE || s->reading.duplicates)
      number_member(w, tide_fate_names[i], a->fates[i]);
  close_with(w, SPAN("}"));
  number_member(w, "filtered_by_time", a->outside);
  /* Of those counted; null where the question did not look. */
  open_with(w, "counted_without", SPAN("{"));
  if (a->looked & TIDE_PART_ORIGIN)
    number_member(w, "origin", a->without_origin);
  else
    text_member(w, "origin", NULL);
  if (a->looked & TIDE_PART_NETWORK)
    number_member(w, "network", a->without_network);
  else
    text_member(w, "network", NULL);
  close_with(w, SPAN("}"));
  number_member(w, "counted_with_defects", a->with_defects);
  duplicates(w, s);
  open_with(w, "defects", SPAN("{"));
  for (unsigned i = 0; i < TIDE_DEFECT_COUNT; i++)
    if (a->defects[i])
      number_member(w, defect_names[i], a->defects[i]);
  close_with(w, SPAN("}"));
  open_with(w, "passed_over", SPAN("{"));
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
    if (a->passed[i])
      number_member(w, passed_nouns[i].many, a->passed[i]);
  close_with(w, SPAN("}"));
  number_member(w, "files_read", a->files_read);
  number_member(w, "bytes_read", a->bytes_read);
  number_member(w, "not_read", a->troubles);
}

/* Why not to trust the answer, as it was said. */
static void cautions(writer *w, const session *s) {
  open_with(w, "cautions", SPAN("["));
  for (size_t i = 0; i < s->caution_count; i++)
    text_member(w, NULL, s->cautions[i]);
  close_with(w, SPAN("]"));
  if (s->caution_lost)
    w->status = TIDE_FATAL;
}

/* What was written for --event, --since and --until, and the instant that was taken for it. */
static void instants(writer *w, const session *s) {
  for (size_t i = 0; i < TIDE_INSTANT_COUNT; i++) {
    const tide_instant *at = &s->request.instants[i];
    char time[TIDE_RFC3339_MAX];
    if (!at->written)
      continue;
    open_with(w, at->option, SPAN("{"));
    text_member(w, "written", at->written);
    tide_rfc3339_format(at->time, tide_zone_offset(s->reading.zone, at->time), time);
    text_member(w, "instant", time);
    text_member(w, "zone_taken_from_tz", at->zoned ? NULL : s->settings->asked.reading.tz);
    close_with(w, SPAN("}"));
  }
}

/* What --trust auto found. */
static void found_servers(writer *w, const session *s) {
  char text[TIDE_IP_TEXT];
  if (s->reading.found.kept_count == 0)
    return;
  open_with(w, "trusted", SPAN("["));
  for (size_t i = 0; i < s->reading.found.kept_count; i++) {
    const tide_hint *hint = &s->reading.found.kept[i];
    tide_hint_text(hint, text);
    open_with(w, NULL, SPAN("{"));
    text_member(w, "network", text);
    text_member(w, "name", hint->name[0] ? hint->name : NULL);
    text_member(w, "reason", hint->reason);
    close_with(w, SPAN("}"));
  }
  close_with(w, SPAN("]"));
}

/* What is said before any file is read once more: the exit status depends on that. */
static void fill_head(writer *w, const session *s, int code) {
  const settings *o = s->settings;
  char time[TIDE_RFC3339_MAX];
  put(w, SPAN("{"));
  w->first = true;
  w->depth = 1;
  text_member(w, "program", "spamtide");
  text_member(w, "version", SPAMTIDE_VERSION);
  text_member(w, "commit", version_commit[0] ? version_commit : NULL);
  open_with(w, "command", SPAN("["));
  for (int i = 0; i < o->argc; i++) {
    name(w, NULL);
    put_string(w, o->argv[i]);
  }
  close_with(w, SPAN("]"));
  tide_rfc3339_format(s->reading.run.extract.now, 0, time);
  text_member(w, "time", time);
  number_member(w, "exit", (uint64_t)code);
  instants(w, s);
}

static tide_status fill_inputs(writer *w, const session *s, tide_error *err) {
  open_with(w, "inputs", SPAN("["));
  for (size_t i = 0; i < s->reading.run.path_count; i++) {
    open_with(w, NULL, SPAN("{"));
    if (strcmp(s->reading.run.paths[i], "-") == 0) {
      text_member(w, "path", "-"); /* a stream cannot be read twice */
      text_member(w, "sha256", NULL);
    } else {
      TIDE_TRY(file_members(w, s->reading.run.paths[i], &s->began, err));
    }
    close_with(w, SPAN("}"));
  }
  close_with(w, SPAN("]"));
  return TIDE_OK;
}

static tide_status fill_output(writer *w, const char *path, tide_error *err) {
  struct stat st;
  if (!path || strcmp(path, "-") == 0)
    return TIDE_OK;
  open_with(w, "output", SPAN("{"));
  if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
    TIDE_TRY(file_members(w, path, NULL, err));
  else
    path_member(w, path);
  close_with(w, SPAN("}"));
  return TIDE_OK;
}

static tide_status fill_rest(writer *w, const session *s, tide_error *err) {
  w->depth = 1;
  TIDE_TRY(fill_inputs(w, s, err));
  open_with(w, "files", SPAN("["));
  TIDE_TRY(used_files(w, s, err));
  close_with(w, SPAN("]"));
  TIDE_TRY(fill_output(w, s->settings->output, err));
  found_servers(w, s);
  cautions(w, s);
  counts(w, s);
  put(w, SPAN("\n}\n"));
  return tide_error_of_status(err, w->status);
}

static tide_status account_put(writer *w, writer *rest, const session *s, int *code,
                               tide_error *err) {
  TIDE_TRY(fill_rest(rest, s, err));
  if (rest->unread && *code == EXIT_ALL_READ)
    *code = EXIT_SOME_LOST;
  fill_head(w, s, *code);
  put(w, tide_buffer_span(&rest->text));
  TIDE_TRY(tide_error_of_status(err, w->status));
  return output_whole(s->settings->account, tide_buffer_span(&w->text), err);
}

tide_status account_write(const session *s, int *code, tide_error *err) {
  writer w = {.status = TIDE_OK}, rest = {.status = TIDE_OK};
  const tide_status status = account_put(&w, &rest, s, code, err);
  tide_buffer_free(&w.text);
  tide_buffer_free(&rest.text);
  return status;
}
