/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run from its beginning to its end: workers are started, waited for and closed. They take
 * batches from the feed in any order; what must not depend on that, accounts, rows and copies, is
 * put together in the order of the archive (turn.c, copies.c). */
#include "run.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PROGRESS_MS = 200, WORKER_STACK = 8 << 20 };

unsigned tide_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int n = CPU_COUNT(&set);
    if (n > 0)
      return (unsigned)n > TIDE_LIMIT_JOBS ? TIDE_LIMIT_JOBS : (unsigned)n;
  }
  return 1;
}

static void show_progress(run *r) {
  uint64_t total_bytes, total_files;
  if (!r->options->progress)
    return;
  tide_feed_known(r->feed, &total_bytes, &total_files);
  r->options->progress(r->options->context, atomic_load(&r->bytes), total_bytes,
                       atomic_load(&r->files), total_files, atomic_load(&r->messages));
}

static void wait_for_workers(run *r) {
  pthread_mutex_lock(&r->turn_lock);
  while (r->running) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PROGRESS_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    if (pthread_cond_timedwait(&r->worker_done, &r->turn_lock, &until) == ETIMEDOUT) {
      /* Stopped from outside: whoever waits for a turn that will not come must look again. */
      if (tide_run_stopped(r)) {
        atomic_store(&r->abandon, true);
        pthread_cond_broadcast(&r->turn_came);
      }
      pthread_mutex_unlock(&r->turn_lock);
      show_progress(r);
      pthread_mutex_lock(&r->turn_lock);
    }
  }
  pthread_mutex_unlock(&r->turn_lock);
}

/* A directory without any mail is most likely the wrong directory. */
static void name_empty_directories(run *r) {
  for (size_t i = 0; i < r->options->path_count; i++) {
    if (r->messages_of[i] || !tide_feed_is_plain_directory(r->feed, i))
      continue;
    for (size_t k = 0; k < r->sink_count; k++)
      r->accounts[k].troubles++;
    tide_error text;
    tide_error_set(&text, TIDE_FAIL, "%s: no mail found in this directory", r->options->paths[i]);
    if (r->options->trouble)
      r->options->trouble(r->options->context, text.text);
  }
}

/* Starts the workers. Fewer than asked for do the same work; none is a failure. */
static void workers_start(run *r, worker *workers, unsigned jobs) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, WORKER_STACK);
  for (unsigned i = 0; i < jobs; i++) {
    workers[i].run = r;
    pthread_mutex_lock(&r->turn_lock);
    r->running++;
    pthread_mutex_unlock(&r->turn_lock);
    workers[i].started =
        pthread_create(&workers[i].thread, &attributes, tide_worker_main, &workers[i]) == 0;
    if (workers[i].started)
      continue;
    pthread_mutex_lock(&r->turn_lock);
    r->running--;
    pthread_mutex_unlock(&r->turn_lock);
    if (i == 0) {
      tide_error_set(&r->error, TIDE_FATAL, "cannot start a thread");
      r->status = TIDE_FATAL;
    }
    break;
  }
  pthread_attr_destroy(&attributes);
}

/* Gives each worker's states back to their sinks, one after the other. */
static void workers_close(run *r, worker *workers, unsigned jobs, bool stop) {
  for (unsigned i = 0; i < jobs; i++) {
    for (size_t k = 0; k < workers[i].state_count; k++) {
      tide_error error = {.text = "out of memory"};
      bool failed = r->status != TIDE_OK || stop;
      tide_status closed = r->sinks[k]->close(workers[i].states[k], failed, &error);
      if (closed != TIDE_OK && r->status == TIDE_OK) {
        r->status = closed;
        r->error = error;
      }
    }
  }
}

static void locks_open(run *r) {
  pthread_condattr_t clock;
  pthread_mutex_init(&r->turn_lock, NULL);
  pthread_cond_init(&r->turn_came, NULL);
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&r->worker_done, &clock);
  pthread_condattr_destroy(&clock);
}

static void locks_close(run *r) {
  pthread_mutex_destroy(&r->turn_lock);
  pthread_cond_destroy(&r->turn_came);
  pthread_cond_destroy(&r->worker_done);
}

/* What all sinks need of a message. */
static void needs_unite(run *r) {
  unsigned parts = 0;
  for (size_t i = 0; i < r->sink_count; i++) {
    const tide_sink *s = r->sinks[i];
    parts |= s->parts;
    if (s->filter)
      parts |= tide_filter_parts(s->filter);
    if (s->has_since || s->has_until)
      parts |= TIDE_PART_TIME;
    r->writes_rows |= s->flush != NULL;
  }
  r->parts = tide_extract_parts(parts);
  r->needs = tide_extract_needs(r->parts, &r->options->extract);
  r->tells = r->options->duplicates && (tide_duplicates_options_of(r->options->duplicates)->drop ||
                                        (r->parts & TIDE_PART_DUPLICATE));
  r->key_parts = tide_extract_parts(TIDE_PART_COPY_KEY);
  r->key_needs = tide_extract_needs(r->key_parts, &r->options->extract);
}

static unsigned jobs_of(const tide_run_options *o) {
  if (o->jobs < 1)
    return 1;
  return o->jobs > TIDE_LIMIT_JOBS ? TIDE_LIMIT_JOBS : o->jobs;
}

tide_status tide_run(const tide_run_options *options, const tide_sink *const *sinks, size_t count,
                     tide_account *accounts, tide_error *err) {
  run r = {.options = options, .sinks = sinks, .sink_count = count, .accounts = accounts};
  const unsigned jobs = jobs_of(options);
  if (count < 1 || count > TIDE_SINKS_MAX)
    return tide_error_set(err, TIDE_USAGE, "one reading answers 1 to %d questions", TIDE_SINKS_MAX);
  memset(accounts, 0, count * sizeof *accounts);
  needs_unite(&r);
  tide_feed_options feed = options->feed;
  /* Rows are written in the order of the archive, and duplicates told in it: nothing is kept until
   * its turn comes. */
  feed.at_once = r.writes_rows || r.tells ? 1 : jobs;
  if (r.tells)
    tide_duplicates_begin(options->duplicates);
  tide_status status = tide_feed_open(&r.feed, options->paths, options->path_count, &feed, err);
  if (status != TIDE_OK)
    return status;
  worker *workers = calloc(jobs, sizeof *workers);
  r.messages_of = calloc(options->path_count + 1, sizeof *r.messages_of);
  if (!workers || !r.messages_of) {
    tide_feed_close(r.feed);
    free(workers);
    free(r.messages_of);
    return tide_error_memory(err);
  }
  locks_open(&r);
  workers_start(&r, workers, jobs);
  wait_for_workers(&r);
  for (unsigned i = 0; i < jobs; i++)
    if (workers[i].started)
      pthread_join(workers[i].thread, NULL);
  bool stop = tide_stopped(options->stop);
  if (r.status == TIDE_OK && !stop)
    name_empty_directories(&r);
  show_progress(&r);
  workers_close(&r, workers, jobs, stop);
  while (r.lanes)
    tide_turn_first_lane(&r);
  for (size_t i = 0; i < count; i++)
    accounts[i].looked = r.parts;
  if (r.status != TIDE_OK && err)
    *err = r.error;
  tide_feed_close(r.feed);
  locks_close(&r);
  free(workers);
  free(r.messages_of);
  if (r.status != TIDE_OK)
    return r.status;
  return stop ? TIDE_END : TIDE_OK;
}
