/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query: options are kept by name until it is asked, and what came of it after that. */
#include "opaque.h"

#include <stdlib.h>
#include <string.h>

static void error_reset(tide_query *q) {
  q->error = (tide_error){.status = TIDE_END};
}

tide_status tide_query_new(tide_query **out, const char *question, tide_error *err) {
  const tide_request_kind *kind = tide_request_kind_find(question);
  if (!kind)
    return tide_error_set(err, TIDE_USAGE, "there is no question \"%s\"", question);
  tide_query *q = calloc(1, sizeof *q);
  if (!q)
    return tide_error_memory(err);
  q->kind = kind;
  q->words.groups = kind->groups;
  error_reset(q);
  tide_status status = tide_options_preset(kind->groups, &q->words.settings, err);
  if (status != TIDE_OK) {
    tide_query_free(q);
    return status;
  }
  *out = q;
  return TIDE_OK;
}

void tide_query_free(tide_query *q) {
  if (!q)
    return;
  tide_words_free(&q->words);
  free(q->cells);
  free(q);
}

tide_status tide_query_set(tide_query *q, const char *option, const char *value, tide_error *err) {
  return tide_words_set(&q->words, tide_reading_options, option, value, err);
}

void tide_query_write_to(tide_query *q, tide_write *write, void *context) {
  q->write = write;
  q->heads = NULL;
  q->row = NULL;
  q->out = context;
}

void tide_query_rows_to(tide_query *q, tide_take_row *heads, tide_take_row *row, void *context) {
  q->write = NULL;
  q->heads = heads;
  q->row = row;
  q->out = context;
}

void tide_query_say_to(tide_query *q, tide_say *say, void *context) {
  q->say = say;
  q->say_context = context;
}

const tide_error *tide_query_error(const tide_query *q) {
  return &q->error;
}

tide_status tide_query_count(const tide_query *q, const char *name, uint64_t *out,
                             tide_error *err) {
  for (size_t i = 0; i < tide_counts_columns.count; i++)
    if (strcmp(tide_counts_columns.at[i].name, name) == 0) {
      *out = tide_counts_columns.at[i].get(&q->account).uint;
      return TIDE_OK;
    }
  return tide_error_set(err, TIDE_USAGE, "there is no number \"%s\"", name);
}
