/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An archive: what the program does with one question, for several. Making questions, reading and
 * writing are lib/request/'s and lib/question/'s. */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "mime/message.h"
#include "opaque.h"

struct tide_archive {
  tide_words words;
  const char **paths;
  size_t path_count;
  bool now_set;
  int64_t now;
  tide_say *say;
  void *say_context;
  tide_show *show;
  void *show_context;
  atomic_bool stop;
};

tide_status tide_archive_new(tide_archive **out, tide_error *err) {
  tide_archive *a = calloc(1, sizeof *a);
  if (!a)
    return tide_error_memory(err);
  a->words.groups = tide_reading_options;
  tide_status status = tide_options_preset(tide_reading_options, &a->words.settings, err);
  if (status != TIDE_OK) {
    tide_archive_free(a);
    return status;
  }
  *out = a;
  return TIDE_OK;
}

void tide_archive_free(tide_archive *a) {
  if (!a)
    return;
  tide_words_free(&a->words);
  free(a->paths);
  free(a);
}

tide_status tide_archive_add(tide_archive *a, const char *path, tide_error *err) {
  tide_option_list list = {.items = a->paths, .count = a->path_count};
  const tide_span copy = tide_arena_copy(&a->words.text, tide_span_of(path));
  tide_status status =
      copy.ptr ? tide_option_list_add(&list, copy.ptr, err) : tide_error_memory(err);
  a->paths = list.items;
  a->path_count = list.count;
  return status;
}

tide_status tide_archive_set(tide_archive *a, const char *option, const char *value,
                             tide_error *err) {
  return tide_words_set(&a->words, NULL, option, value, err);
}

void tide_archive_set_now(tide_archive *a, int64_t now) {
  a->now_set = true;
  a->now = now;
}

void tide_archive_say_to(tide_archive *a, tide_say *say, void *context) {
  a->say = say;
  a->say_context = context;
}

void tide_archive_show_to(tide_archive *a, tide_show *show, void *context) {
  a->show = show;
  a->show_context = context;
}

void tide_archive_stop(tide_archive *a) {
  atomic_store(&a->stop, true);
}

/* --- asking --- */

static void say(void *context, tide_remark kind, const char *sentence) {
  const tide_archive *a = context;
  if (a->say)
    a->say(a->say_context, kind, sentence);
}

static void trouble(void *context, const char *text) {
  say(context, TIDE_REMARK_TROUBLE, text);
}

static void show(void *context, uint64_t bytes, uint64_t total_bytes, uint64_t files,
                 uint64_t total_files, uint64_t messages) {
  const tide_archive *a = context;
  const tide_progress progress = {.bytes = bytes,
                                  .total_bytes = total_bytes,
                                  .files = files,
                                  .total_files = total_files,
                                  .messages = messages};
  if (a->show)
    a->show(a->show_context, &progress);
}

static tide_status text_take(void *query, tide_span text, tide_error *err) {
  const tide_query *q = query;
  return text.len ? q->write(q->out, text.ptr, text.len, err) : TIDE_OK;
}

static tide_status request_fill(tide_query *q, tide_error *err) {
  const bool cells = !q->write;
  if (cells && !q->row)
    return tide_error_set(err, TIDE_USAGE, "%s: no callback takes the answer",
                          q->kind->question->name);
  q->asked = q->words.settings;
  if (cells) {
    q->asked.format = "jsonl"; /* not for a person to read */
    q->asked.bom = false;
  }
  q->request = (tide_request){.kind = q->kind,
                              .asked = &q->asked,
                              .emitter = cells ? &tide_emit_cells : NULL,
                              .write = cells ? tide_cells_take : text_take,
                              .context = q,
                              .say = q->say,
                              .say_context = q->say_context};
  return TIDE_OK;
}

/* The answers, one after the other; one that the archive does not hold is no matter of the others.
 */
static tide_status answers_write(tide_query *const *queries, size_t count, tide_error *err) {
  tide_status all = TIDE_OK;
  for (size_t i = 0; i < count; i++) {
    tide_query *q = queries[i];
    tide_error failed = {.status = TIDE_OK};
    const tide_status status = tide_question_write(&q->request.question, &failed);
    failed.status = status;
    q->error = failed;
    if (status != TIDE_OK && all == TIDE_OK) {
      all = status;
      *err = failed;
    }
    if (status != TIDE_OK && status != TIDE_USAGE)
      break;
  }
  return all;
}

static tide_status requests_answer(tide_reading *reading, tide_request *const *requests,
                                   tide_query *const *queries, size_t count, tide_error *err) {
  TIDE_TRY(tide_requests_open(requests, count, reading, err));
  TIDE_TRY(tide_reading_prepare(reading, err));
  TIDE_TRY(tide_requests_ask(requests, count, reading, err));
  const tide_status status = answers_write(queries, count, err);
  if (status == TIDE_OK || status == TIDE_USAGE)
    tide_requests_cautions(requests, count, reading);
  return status;
}

static tide_status reading_ask(tide_reading *reading, tide_query *const *queries, size_t count,
                               tide_error *err) {
  tide_request *requests[TIDE_SINKS_MAX];
  for (size_t i = 0; i < count; i++)
    requests[i] = &queries[i]->request;
  const tide_status status = requests_answer(reading, requests, queries, count, err);
  for (size_t i = 0; i < count; i++) {
    queries[i]->account = queries[i]->request.question.account;
    tide_request_free(&queries[i]->request);
  }
  return status;
}

static tide_status queries_check(const tide_archive *a, tide_query *const *queries, size_t count,
                                 tide_error *err) {
  if (count < 1 || count > TIDE_SINKS_MAX)
    return tide_error_set(err, TIDE_USAGE, "one reading answers 1 to %d queries", TIDE_SINKS_MAX);
  for (size_t i = 0; i < count; i++) {
    if (!a->path_count && !queries[i]->kind->question->reads_no_mail)
      return tide_error_set(err, TIDE_USAGE, "an archive needs mail: tide_archive_add");
    for (size_t k = 0; k < i; k++)
      if (queries[i] == queries[k])
        return tide_error_set(err, TIDE_USAGE, "a query is asked twice");
  }
  return TIDE_OK;
}

static tide_status archive_read(const tide_archive *a, tide_reading *reading,
                                tide_query *const *queries, size_t count, tide_error *err) {
  TIDE_TRY(queries_check(a, queries, count, err));
  for (size_t i = 0; i < count; i++) {
    queries[i]->account = (tide_account){.read = 0};
    queries[i]->error = (tide_error){.status = TIDE_END};
    TIDE_TRY(request_fill(queries[i], err));
  }
  return reading_ask(reading, queries, count, err);
}

tide_status tide_archive_ask(tide_archive *a, tide_query *const *queries, size_t count,
                             tide_error *err) {
  tide_error failed = {.status = TIDE_OK}; /* callbacks may rely on one */
  tide_reading reading = {.settings = &a->words.settings.reading,
                          .paths = a->paths,
                          .path_count = a->path_count,
                          .now = a->now_set ? a->now : (int64_t)time(NULL),
                          .stop = &a->stop,
                          .say = say,
                          .say_context = a};
  reading.run.progress = show;
  reading.run.trouble = trouble;
  reading.run.context = a;
  const tide_status status = archive_read(a, &reading, queries, count, &failed);
  failed.status = status;
  if (status != TIDE_OK && err)
    *err = failed;
  tide_reading_free(&reading);
  atomic_store(&a->stop, false);
  return status;
}
