/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/engine.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const tide_fate_names[TIDE_FATE_COUNT] = {"counted", "filtered", "undated", "damaged",
                                                      "undecided"};

enum { SAMPLE_WHOLE = 64, SAMPLE_ONE_OF = 8 }; /* messages of a batch whose origins are compared */
enum { PROGRESS_MS = 200, WORKER_STACK = 8 << 20, AHEAD_MOST = 64 };

/* What a batch leaves behind: its part of the account, and what could not be read. */
typedef struct outcome {
  struct outcome *next;
  uint64_t number;
  size_t argument;
  tide_account account;
  tide_trouble *trouble;
} outcome;

typedef struct run {
  const tide_run_options *options;
  const tide_sink *sink;
  unsigned parts, needs;
  tide_feed *feed;
  /* Batches are given out in order by the feed, and accounted for in order. Who writes rows waits
   * for the turn; the outcome of others waits, and they go on. */
  pthread_mutex_t turn_lock;
  pthread_cond_t turn_came;
  uint64_t turn;
  outcome *ahead;        /* of batches whose turn has not come, by number; under turn_lock */
  tide_account account;  /* under turn_lock */
  uint64_t *messages_of; /* by named path, under turn_lock */
  pthread_cond_t worker_done;
  unsigned running;   /* under turn_lock */
  tide_status status; /* the first failure, under turn_lock */
  tide_error error;
  atomic_bool abandon;                     /* one worker failed: the others stop */
  _Atomic uint64_t bytes, files, messages; /* for progress */
} run;

typedef struct worker {
  run *run;
  pthread_t thread;
  bool started;
  void *state;
  bool has_state;
} worker;

unsigned tide_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    int n = CPU_COUNT(&set);
    if (n > 0)
      return (unsigned)n > TIDE_LIMIT_JOBS ? TIDE_LIMIT_JOBS : (unsigned)n;
  }
  return 1;
}

static bool stopped(const run *r) {
  return (r->options->stop && atomic_load_explicit(r->options->stop, memory_order_relaxed)) ||
         atomic_load_explicit(&r->abandon, memory_order_relaxed);
}

static void run_fail(run *r, tide_status status, const tide_error *err) {
  pthread_mutex_lock(&r->turn_lock);
  if (r->status == TIDE_OK) {
    r->status = status;
    r->error = *err;
  }
  atomic_store(&r->abandon, true);
  pthread_cond_broadcast(&r->turn_came);
  pthread_mutex_unlock(&r->turn_lock);
}

static void account_date(tide_account *a, int64_t first, int64_t last) {
  if (!a->dated || first < a->first)
    a->first = first;
  if (!a->dated || last > a->last)
    a->last = last;
  a->dated = true;
}

static bool is_excluded(const tide_run_options *o, int64_t time) {
  for (size_t i = 0; i < o->excluded_count; i++)
    if (time >= o->excluded[i].start && time < o->excluded[i].end)
      return true;
  return false;
}

static tide_status take_message(run *r, void *state, tide_parser *parser, tide_matcher *matcher,
                                tide_pattern_scratch *scratch, tide_arena *arena,
                                const tide_raw *raw, tide_span source, tide_span mailbox,
                                tide_account *account, tide_error *err) {
  const tide_run_options *o = r->options;
  const tide_message *message;
  tide_record record;
  account->read++;
  tide_arena_reset(arena);
  tide_status status = tide_message_parse(parser, raw, r->needs, &message);
  if (status == TIDE_OK) {
    tide_extraction x = {
        .options = &o->extract, .raw = raw, .message = message, .matcher = matcher, .arena = arena};
    status = tide_extract(&x, r->parts, &record);
  }
  if (status == TIDE_SKIP) {
    account->fates[TIDE_FATE_DAMAGED]++;
    return TIDE_OK;
  }
  if (status != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  record.source = source;
  record.mailbox = mailbox;
  if (record.origin.family)
    tide_leaders_add(&account->leaders, &record.origin, 1);
  tide_fate fate = TIDE_FATE_COUNTED;
  tide_decision decision = TIDE_DECISION_YES;
  bool outside = record.has_time && ((o->has_since && record.time < o->since) ||
                                     (o->has_until && record.time >= o->until));
  /* How far the archive reaches is a matter of all its mail, not of the mail asked for. */
  if (record.has_time && !outside)
    account_date(account, record.time, record.time);
  if (o->filter)
    status = tide_filter_decide(o->filter, scratch, &record, &o->fields, arena, &decision);
  bool undated = (r->parts & TIDE_PART_TIME) && !record.has_time;
  if (undated)
    fate = TIDE_FATE_UNDATED;
  if (decision == TIDE_DECISION_NO || outside || (record.has_time && is_excluded(o, record.time)))
    fate = TIDE_FATE_FILTERED;
  else if (decision == TIDE_DECISION_NONE)
    fate = TIDE_FATE_UNDECIDED;
  else if (status == TIDE_OK && (!undated || (r->sink->wants_undated && !o->has_since &&
                                              !o->has_until && !o->excluded_count)))
    status = r->sink->record(state, &record, arena, &fate, err);
  if (fate == TIDE_FATE_UNDECIDED)
    record.defects |= TIDE_DEFECT_MATCH_LIMIT;
  /* A value that there was no memory for would be an empty cell. */
  if (status == TIDE_FATAL || arena->failed)
    return arena->failed || !err->text[0] ? tide_error_set(err, TIDE_FATAL, "out of memory")
                                          : status;
  for (unsigned defects = record.defects; defects; defects &= defects - 1)
    account->defects[__builtin_ctz(defects)]++;
  account->fates[fate]++;
  if (fate == TIDE_FATE_COUNTED) {
    account->without_origin += record.origin.family == 0;
    account->without_network += record.asn.len == 0;
    account->with_defects += record.defects != 0;
  }
  return status;
}

static void account_add(tide_account *to, const tide_account *from) {
  to->read += from->read;
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    to->fates[i] += from->fates[i];
  for (size_t i = 0; i < sizeof to->defects / sizeof *to->defects; i++)
    to->defects[i] += from->defects[i];
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
    to->passed[i] += from->passed[i];
  to->bytes_read += from->bytes_read;
  to->files_read += from->files_read;
  to->troubles += from->troubles;
  to->without_origin += from->without_origin;
  to->without_network += from->without_network;
  to->with_defects += from->with_defects;
  tide_leaders_merge(&to->leaders, &from->leaders);
  if (from->dated)
    account_date(to, from->first, from->last);
}

static void outcome_take(run *r, const outcome *o) {
  tide_account account = o->account;
  for (const tide_trouble *t = o->trouble; t; t = t->next) {
    account.troubles++;
    if (r->options->trouble)
      r->options->trouble(r->options->context, t->text);
  }
  account_add(&r->account, &account);
  if (o->argument < r->options->path_count)
    r->messages_of[o->argument] += account.read;
  r->turn++;
}

static void outcome_free(outcome *o) {
  tide_troubles_free(o->trouble);
  free(o);
}

/* Leaves the outcome until its turn comes; the batch's trouble goes with it. */
static tide_status outcome_leave(run *r, outcome *now, tide_batch *batch) {
  outcome *kept = malloc(sizeof *kept), **at = &r->ahead;
  if (!kept)
    return TIDE_FATAL;
  *kept = *now;
  batch->trouble = NULL;
  batch->trouble_end = &batch->trouble;
  while (*at && (*at)->number < kept->number)
    at = &(*at)->next;
  kept->next = *at;
  *at = kept;
  return TIDE_OK;
}

/* Accounts for the batch in the order of the archive, and writes what it gave. */
static tide_status take_turn(run *r, void *state, tide_batch *batch, tide_account *account,
                             tide_error *err) {
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
    account->passed[i] = batch->passed[i];
  account->bytes_read = batch->bytes_read;
  account->files_read = batch->files_read;
  outcome now = {.number = batch->number,
                 .argument = batch->argument,
                 .account = *account,
                 .trouble = batch->trouble};
  const uint64_t ahead = r->sink->flush && state ? 0 : AHEAD_MOST;
  pthread_mutex_lock(&r->turn_lock);
  while (now.number - r->turn > ahead && !atomic_load(&r->abandon))
    pthread_cond_wait(&r->turn_came, &r->turn_lock);
  if (r->turn == now.number) {
    outcome_take(r, &now);
    if (ahead == 0)
      status = r->sink->flush(state, err);
    for (outcome *next; (next = r->ahead) && next->number == r->turn;) {
      r->ahead = next->next;
      outcome_take(r, next);
      outcome_free(next);
    }
    pthread_cond_broadcast(&r->turn_came);
  } else if (!atomic_load(&r->abandon) && outcome_leave(r, &now, batch) != TIDE_OK) {
    status = tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  pthread_mutex_unlock(&r->turn_lock);
  return status;
}

static void *worker_main(void *argument) {
  worker *w = argument;
  run *r = w->run;
  tide_parser *parser = NULL;
  tide_matcher *matcher = NULL;
  tide_pattern_scratch *scratch = NULL;
  tide_arena arena = {0};
  tide_batch batch = {0};
  tide_error err = {.text = "out of memory"};
  tide_status status = tide_parser_new(&parser);
  if (status == TIDE_OK && r->options->extract.rules)
    status = tide_matcher_new(&matcher, r->options->extract.rules);
  if (status == TIDE_OK && r->options->filter)
    status = tide_pattern_scratch_new(&scratch);
  if (status == TIDE_OK) {
    status = r->sink->open(r->sink->context, &w->state, &err);
    w->has_state = status == TIDE_OK;
  }
  while (status == TIDE_OK && !stopped(r)) {
    tide_account account = {0};
    tide_status fed = tide_feed_next(r->feed, &batch);
    if (fed != TIDE_OK && fed != TIDE_END) {
      status = tide_error_set(&err, TIDE_FATAL, "out of memory");
      break;
    }
    uint64_t fed_bytes = batch.bytes_read, fed_files = batch.files_read;
    atomic_fetch_add_explicit(&r->bytes, fed_bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->files, fed_files, memory_order_relaxed);
    tide_raw raw;
    tide_span source, mailbox = tide_span_of(batch.argument < r->options->path_count
                                                 ? r->options->paths[batch.argument]
                                                 : "");
    tide_status next = TIDE_END;
    while (fed == TIDE_OK && status == TIDE_OK && !stopped(r) &&
           (next = tide_batch_next(&batch, &raw, &source)) == TIDE_OK)
      status = take_message(r, w->state, parser, matcher, scratch, &arena, &raw, source, mailbox,
                            &account, &err);
    if (status == TIDE_OK && next != TIDE_END && next != TIDE_OK)
      status = tide_error_set(&err, TIDE_FATAL, "out of memory");
    atomic_fetch_add_explicit(&r->bytes, batch.bytes_read - fed_bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->files, batch.files_read - fed_files, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->messages, account.read, memory_order_relaxed);
    if (status == TIDE_OK && !stopped(r))
      status = take_turn(r, w->state, &batch, &account, &err);
    if (fed == TIDE_END)
      break;
  }
  if (status != TIDE_OK)
    run_fail(r, status, &err);
  tide_batch_free(&batch);
  tide_arena_free(&arena);
  tide_matcher_free(matcher);
  tide_pattern_scratch_free(scratch);
  tide_parser_free(parser);
  pthread_mutex_lock(&r->turn_lock);
  r->running--;
  pthread_cond_broadcast(&r->turn_came);
  pthread_cond_signal(&r->worker_done);
  pthread_mutex_unlock(&r->turn_lock);
  return NULL;
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
      if (stopped(r)) {
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
    r->account.troubles++;
    tide_error text;
    tide_error_set(&text, TIDE_FAIL, "%s: no mail found in this directory", r->options->paths[i]);
    if (r->options->trouble)
      r->options->trouble(r->options->context, text.text);
  }
}

tide_status tide_run(const tide_run_options *options, const tide_sink *sink, tide_account *account,
                     tide_error *err) {
  run r = {.options = options, .sink = sink};
  *account = (tide_account){0};
  r.parts = tide_extract_parts(
      options->parts | (options->filter ? tide_filter_parts(options->filter) : 0) |
      (options->has_since || options->has_until || options->excluded_count ? TIDE_PART_TIME : 0u));
  r.needs = tide_extract_needs(r.parts, &options->extract);
  unsigned jobs = options->jobs < 1                 ? 1
                  : options->jobs > TIDE_LIMIT_JOBS ? TIDE_LIMIT_JOBS
                                                    : options->jobs;
  tide_status status =
      tide_feed_open(&r.feed, options->paths, options->path_count, &options->feed, err);
  if (status != TIDE_OK)
    return status;
  worker *workers = calloc(jobs, sizeof *workers);
  r.messages_of = calloc(options->path_count + 1, sizeof *r.messages_of);
  if (!workers || !r.messages_of) {
    tide_feed_close(r.feed);
    free(workers);
    free(r.messages_of);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  pthread_mutex_init(&r.turn_lock, NULL);
  pthread_cond_init(&r.turn_came, NULL);
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&r.worker_done, &clock);
  pthread_condattr_destroy(&clock);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, WORKER_STACK);
  for (unsigned i = 0; i < jobs; i++) {
    workers[i].run = &r;
    pthread_mutex_lock(&r.turn_lock);
    r.running++;
    pthread_mutex_unlock(&r.turn_lock);
    workers[i].started =
        pthread_create(&workers[i].thread, &attributes, worker_main, &workers[i]) == 0;
    if (!workers[i].started) {
      pthread_mutex_lock(&r.turn_lock);
      r.running--;
      pthread_mutex_unlock(&r.turn_lock);
      /* Fewer workers than asked for do the same work; none is a failure. */
      if (i == 0) {
        tide_error_set(&r.error, TIDE_FATAL, "cannot start a thread");
        r.status = TIDE_FATAL;
      }
      break;
    }
  }
  pthread_attr_destroy(&attributes);
  wait_for_workers(&r);
  for (unsigned i = 0; i < jobs; i++)
    if (workers[i].started)
      pthread_join(workers[i].thread, NULL);
  bool stop = options->stop && atomic_load(options->stop);
  if (r.status == TIDE_OK && !stop)
    name_empty_directories(&r);
  show_progress(&r);
  for (unsigned i = 0; i < jobs; i++) {
    if (!workers[i].has_state)
      continue;
    tide_error close_error = {.text = "out of memory"};
    tide_status closed = sink->close(workers[i].state, r.status != TIDE_OK || stop, &close_error);
    if (closed != TIDE_OK && r.status == TIDE_OK) {
      r.status = closed;
      r.error = close_error;
    }
  }
  while (r.ahead) {
    outcome *next = r.ahead;
    r.ahead = next->next;
    outcome_free(next);
  }
  *account = r.account;
  account->looked = r.parts;
  if (r.status != TIDE_OK && err)
    *err = r.error;
  tide_feed_close(r.feed);
  free(workers);
  free(r.messages_of);
  pthread_mutex_destroy(&r.turn_lock);
  pthread_cond_destroy(&r.turn_came);
  pthread_cond_destroy(&r.worker_done);
  return r.status != TIDE_OK ? r.status : stop ? TIDE_END : TIDE_OK;
}
