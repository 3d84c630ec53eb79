/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worker takes batches from the feed until there are no more. What it makes of a message is in
 * taking.c. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "rules/campaign.h"

enum { KEPT_MOST = 4 << 20 }; /* bytes of messages that are kept until their turn comes */

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
