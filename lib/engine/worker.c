/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worker takes batches from the feed, and gives each message's record to the sinks. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "record/labels.h"
#include "rules/campaign.h"

enum { SAMPLE_WHOLE = 64, SAMPLE_ONE_OF = 8 }; /* messages of a batch whose origins are compared */
enum { KEPT_MOST = 4 << 20 }; /* bytes of messages that are kept until their turn comes */

static bool is_excluded(const tide_sink *sink, int64_t time) {
  for (size_t i = 0; i < sink->excluded_count; i++)
    if (time >= sink->excluded[i].start && time < sink->excluded[i].end)
      return true;
  return false;
}

/* What one sink makes of a record. */
static tide_status sink_take(worker *w, size_t index, tide_record *record, tide_error *err) {
  const run *r = w->run;
  const tide_sink *sink = r->sinks[index];
  tide_account *account = &w->accounts[index];
  tide_fate fate = TIDE_FATE_COUNTED;
  tide_decision decision = TIDE_DECISION_YES;
  tide_status status = TIDE_OK;
  const unsigned defects = record->defects;
  bool outside = record->has_time && ((sink->has_since && record->time < sink->since) ||
                                      (sink->has_until && record->time >= sink->until));
  /* How far the archive reaches is a matter of all its mail, not of the mail asked for. */
  if (record->has_time && !outside)
    tide_account_date(account, record->time, record->time);
  if (sink->filter)
    status = tide_filter_decide(sink->filter, w->scratch, record, &r->options->fields, &w->arena,
                                &decision);
  bool undated = (r->parts & TIDE_PART_TIME) && !record->has_time;
  if (undated)
    fate = TIDE_FATE_UNDATED;
  if (outside || (record->has_time && is_excluded(sink, record->time)))
    fate = TIDE_FATE_OUTSIDE;
  else if (decision == TIDE_DECISION_NO)
    fate = TIDE_FATE_FILTERED;
  else if (decision == TIDE_DECISION_NONE)
    fate = TIDE_FATE_UNDECIDED;
  else if (status == TIDE_OK && (!undated || (sink->wants_undated && !sink->has_since &&
                                              !sink->has_until && !sink->excluded_count)))
    status = sink->record(w->states[index], record, &w->message, &fate, err);
  if (fate == TIDE_FATE_UNDECIDED)
    record->defects |= TIDE_DEFECT_MATCH_LIMIT;
  /* A value that there was no memory for would be an empty cell. */
  if (status == TIDE_FATAL || w->arena.failed)
    return w->arena.failed || !err->text[0] ? tide_error_memory(err) : status;
  for (unsigned left = record->defects; left; left &= left - 1)
    account->defects[__builtin_ctz(left)]++;
  if (fate == TIDE_FATE_OUTSIDE) {
    account->outside++;
    fate = TIDE_FATE_FILTERED;
  }
  account->fates[fate]++;
  if (fate == TIDE_FATE_COUNTED) {
    account->without_origin += record->origin.family == 0;
    account->without_network += record->asn.len == 0;
    account->with_defects += record->defects != 0;
  }
  record->defects = defects; /* what one sink met is not the next one's */
  return status;
}

tide_status tide_worker_read(worker *w, const tide_raw *raw, unsigned parts, unsigned needs,
                             const tide_message **message, tide_record *record) {
  tide_arena_reset(&w->arena);
  TIDE_TRY(tide_message_parse(w->parser, raw, needs, message));
  w->message.raw = raw;
  w->message.message = *message;
  return tide_extract(&w->message, parts, record);
}

tide_span tide_worker_label(worker *w, const tide_message *message, tide_span source) {
  return tide_labels_find(
      w->run->options->extract.labels, source,
      tide_header_unfold(tide_message_header(message, TIDE_HEADER_MESSAGE_ID), &w->arena),
      &w->arena);
}

/* The same for all sinks, whatever they ask. */
static tide_status end_as(worker *w, tide_fate fate) {
  for (size_t i = 0; i < w->run->sink_count; i++)
    w->accounts[i].fates[fate]++;
  return TIDE_OK;
}

tide_status tide_worker_take(worker *w, const tide_raw *raw, tide_span source, tide_span mailbox,
                             const waiting *told, tide_error *err) {
  const run *r = w->run;
  const tide_message *message;
  tide_record record;
  for (size_t i = 0; i < r->sink_count; i++)
    w->accounts[i].read++;
  if (told && told->duplicate.is && tide_duplicates_options_of(r->options->duplicates)->drop)
    return end_as(w, TIDE_FATE_DUPLICATE);
  tide_status status = tide_worker_read(w, raw, r->parts, r->needs, &message, &record);
  if (status == TIDE_SKIP)
    return end_as(w, TIDE_FATE_DAMAGED);
  if (status != TIDE_OK)
    return tide_error_memory(err);
  record.source = source;
  record.mailbox = mailbox;
  if (r->parts & TIDE_PART_LABEL)
    record.label = told ? told->label : tide_worker_label(w, message, source);
  if (told) {
    record.is_duplicate = told->duplicate.is;
    record.duplicate_of = told->duplicate.source;
    record.duplicate_of_offset = told->duplicate.offset;
  }
  /* A sample is enough of what is long. */
  const uint64_t number = w->accounts[0].read;
  if (record.origin.family && (number < SAMPLE_WHOLE || number % SAMPLE_ONE_OF == 0))
    tide_leaders_add(&w->leaders, &record.origin, 1);
  for (size_t i = 0; i < r->sink_count; i++)
    TIDE_TRY(sink_take(w, i, &record, err));
  return TIDE_OK;
}

/* The messages of a batch. */
static tide_status batch_take(worker *w, tide_batch *b, tide_error *err) {
  const run *r = w->run;
  const tide_turn *turn = tide_batch_turn(b);
  const tide_span mailbox = tide_span_of(
      turn->argument < r->options->path_count ? r->options->paths[turn->argument] : "");
  tide_raw raw;
  tide_span source;
  tide_status next = TIDE_END;
  while (!tide_run_stopped(r)) {
    const bool lasting = r->tells && tide_batch_lasts(b);
    next = tide_batch_next(b, &raw, &source);
    if (next != TIDE_OK)
      break;
    if (!r->tells)
      TIDE_TRY(tide_worker_take(w, &raw, source, mailbox, NULL, err));
    else if (tide_copy_wait(w, &raw, source, lasting) != TIDE_OK)
      return tide_error_memory(err);
    else if (w->kept_bytes > KEPT_MOST)
      TIDE_TRY(tide_copies_take(w, turn, mailbox, false, err));
  }
  if (next != TIDE_END && next != TIDE_OK)
    return tide_error_memory(err);
  return r->tells ? tide_copies_take(w, turn, mailbox, true, err) : TIDE_OK;
}

/* What a worker needs for a message. */
static tide_status worker_open(worker *w, tide_error *err) {
  const run *r = w->run;
  bool filtered = false;
  w->batch = tide_batch_new();
  if (!w->batch)
    return TIDE_FATAL;
  TIDE_TRY(tide_parser_new(&w->parser));
  if (r->options->extract.rules)
    TIDE_TRY(tide_matcher_new(&w->matcher, r->options->extract.rules));
  w->message = (tide_extraction){.options = &r->options->extract,
                                 .chain = &w->chain,
                                 .matcher = w->matcher,
                                 .arena = &w->arena};
  for (size_t i = 0; i < r->sink_count; i++)
    filtered |= r->sinks[i]->filter != NULL;
  if (filtered)
    TIDE_TRY(tide_pattern_scratch_new(&w->scratch));
  for (; w->state_count < r->sink_count; w->state_count++) {
    const tide_sink *sink = r->sinks[w->state_count];
    TIDE_TRY(sink->open(sink->context, &w->states[w->state_count], err));
  }
  return TIDE_OK;
}

static void worker_free(worker *w) {
  tide_batch_free(w->batch);
  tide_arena_free(&w->kept);
  free(w->waiting);
  tide_arena_free(&w->arena);
  tide_matcher_free(w->matcher);
  tide_pattern_scratch_free(w->scratch);
  tide_parser_free(w->parser);
}

void *tide_worker_main(void *argument) {
  worker *w = argument;
  run *r = w->run;
  tide_error err = {.text = "out of memory"};
  tide_status status = worker_open(w, &err);
  while (status == TIDE_OK && !tide_run_stopped(r)) {
    memset(w->accounts, 0, r->sink_count * sizeof *w->accounts);
    w->leaders = (tide_leaders){.total = 0};
    tide_status fed = tide_feed_next(r->feed, w->batch);
    if (fed != TIDE_OK && fed != TIDE_END) {
      status = tide_error_memory(&err);
      break;
    }
    const tide_findings *found = tide_batch_findings(w->batch);
    const uint64_t fed_bytes = found->bytes_read, fed_files = found->files_read;
    atomic_fetch_add_explicit(&r->bytes, fed_bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->files, fed_files, memory_order_relaxed);
    if (fed == TIDE_OK)
      status = batch_take(w, w->batch, &err);
    atomic_fetch_add_explicit(&r->bytes, found->bytes_read - fed_bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->files, found->files_read - fed_files, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->messages, w->accounts[0].read, memory_order_relaxed);
    if (fed == TIDE_END)
      break;
    if (status == TIDE_OK && !tide_run_stopped(r))
      status = tide_turn_wait(w, w->batch, &err);
  }
  if (status != TIDE_OK)
    tide_run_fail(r, status, &err);
  worker_free(w);
  pthread_mutex_lock(&r->turn_lock);
  r->running--;
  pthread_cond_broadcast(&r->turn_came);
  pthread_cond_signal(&r->worker_done);
  pthread_mutex_unlock(&r->turn_lock);
  return NULL;
}
