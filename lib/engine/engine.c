/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workers take batches from the feed in any order. What must not depend on that, the account and
 * the turn of duplicates, is put together in the order of the archive. */
#include "engine/engine.h"
#include "base/invariant.h"
#include "base/room.h"
#include "rules/campaign.h"
#include "record/labels.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const tide_fate_names[TIDE_FATE_COUNT] = {"counted", "filtered",  "undated",
                                                      "damaged", "undecided", "duplicate"};

enum { SAMPLE_WHOLE = 64, SAMPLE_ONE_OF = 8 }; /* messages of a batch whose origins are compared */
enum { PROGRESS_MS = 200, WORKER_STACK = 8 << 20, AHEAD_MOST = 64 };
enum { KEPT_MOST = 4 << 20 }; /* bytes of messages that are kept until their turn comes */

/* What a batch leaves behind: its part of the account, and what could not be read. */
typedef struct outcome {
  struct outcome *next;
  uint64_t number;
  bool closes;
  size_t argument;
  tide_trouble *trouble;
  tide_account accounts[]; /* by sink */
} outcome;

/* What the batches of one lane left behind so far. Accounts are added up lane by lane, and within
 * one batch by batch: so the sum is the same whoever was first. */
typedef struct lane {
  struct lane *next;
  uint64_t lane, turn;                  /* the batch that is accounted for next */
  bool closed;                          /* there is none */
  outcome *ahead;                       /* of batches whose turn has not come, by number */
  tide_trouble *trouble, **trouble_end; /* kept until the lane's turn comes */
  tide_account accounts[];              /* by sink */
} lane;

typedef struct run {
  const tide_run_options *options;
  const tide_sink *const *sinks;
  size_t sink_count;
  bool writes_rows; /* some sink has flush */
  bool tells;       /* messages are told whether they are duplicates */
  unsigned parts, needs;
  unsigned key_parts, key_needs; /* of what copies are known by */
  tide_feed *feed;
  /* Batches are given out in order by the feed, and accounted for in order. Who writes rows waits
   * for the turn; the outcome of others waits, and they go on. */
  pthread_mutex_t turn_lock;
  pthread_cond_t turn_came;
  uint64_t told_lane, told; /* the batch whose turn it is to be told; under turn_lock */
  uint64_t lane;            /* whose turn it is; under turn_lock */
  lane *lanes;              /* from that one on, in their order; under turn_lock */
  tide_account *accounts;   /* by sink, under turn_lock */
  uint64_t *messages_of;    /* by named path, under turn_lock */
  pthread_cond_t worker_done;
  unsigned running;   /* under turn_lock */
  tide_status status; /* the first failure, under turn_lock */
  tide_error error;
  atomic_bool abandon;                     /* one worker failed: the others stop */
  _Atomic uint64_t bytes, files, messages; /* for progress */
} run;

/* A message of a batch whose turn to be told of duplicates has not come yet. */
typedef struct waiting {
  tide_raw raw;
  tide_span source, label;
  bool has_key; /* else it is damaged, or a copy of none */
  tide_wide_hash key;
  tide_duplicate duplicate;
} waiting;

typedef struct worker {
  run *run;
  pthread_t thread;
  bool started;
  void *states[TIDE_SINKS_MAX];
  size_t state_count; /* sinks that were opened */
  tide_parser *parser;
  tide_matcher *matcher;
  tide_pattern_scratch *scratch;
  tide_arena arena;
  tide_account accounts[TIDE_SINKS_MAX]; /* of the batch, by sink */
  tide_leaders leaders;                  /* of the batch */
  waiting *waiting;
  size_t waiting_count, waiting_cap;
  tide_arena kept; /* bytes of those that wait, where the batch does not hold them */
  size_t kept_bytes;
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
  return tide_stopped(r->options->stop) || atomic_load_explicit(&r->abandon, memory_order_relaxed);
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
    account_date(account, record->time, record->time);
  if (sink->filter)
    status = tide_filter_decide(sink->filter, w->scratch, record, &r->options->fields, &w->arena,
                                &decision);
  bool undated = (r->parts & TIDE_PART_TIME) && !record->has_time;
  if (undated)
    fate = TIDE_FATE_UNDATED;
  if (decision == TIDE_DECISION_NO || outside ||
      (record->has_time && is_excluded(sink, record->time)))
    fate = TIDE_FATE_FILTERED;
  else if (decision == TIDE_DECISION_NONE)
    fate = TIDE_FATE_UNDECIDED;
  else if (status == TIDE_OK && (!undated || (sink->wants_undated && !sink->has_since &&
                                              !sink->has_until && !sink->excluded_count)))
    status = sink->record(w->states[index], record, &w->arena, &fate, err);
  if (fate == TIDE_FATE_UNDECIDED)
    record->defects |= TIDE_DEFECT_MATCH_LIMIT;
  /* A value that there was no memory for would be an empty cell. */
  if (status == TIDE_FATAL || w->arena.failed)
    return w->arena.failed || !err->text[0] ? tide_error_memory(err) : status;
  for (unsigned left = record->defects; left; left &= left - 1)
    account->defects[__builtin_ctz(left)]++;
  account->fates[fate]++;
  if (fate == TIDE_FATE_COUNTED) {
    account->without_origin += record->origin.family == 0;
    account->without_network += record->asn.len == 0;
    account->with_defects += record->defects != 0;
  }
  record->defects = defects; /* what one sink met is not the next one's */
  return status;
}

/* Reads what `parts` are of the message. TIDE_SKIP: it is damaged. */
static tide_status message_read(worker *w, const tide_raw *raw, unsigned parts, unsigned needs,
                                const tide_message **message, tide_record *record) {
  tide_arena_reset(&w->arena);
  TIDE_TRY(tide_message_parse(w->parser, raw, needs, message));
  const tide_extraction x = {.options = &w->run->options->extract,
                             .raw = raw,
                             .message = *message,
                             .matcher = w->matcher,
                             .arena = &w->arena};
  return tide_extract(&x, parts, record);
}

static tide_span label_of(worker *w, const tide_message *message, tide_span source) {
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

/* told: what is known of it already; NULL where nobody asks for duplicates. */
static tide_status take_message(worker *w, const tide_raw *raw, tide_span source, tide_span mailbox,
                                const waiting *told, tide_error *err) {
  const run *r = w->run;
  const tide_message *message;
  tide_record record;
  for (size_t i = 0; i < r->sink_count; i++)
    w->accounts[i].read++;
  if (told && told->duplicate.is && tide_duplicates_options_of(r->options->duplicates)->drop)
    return end_as(w, TIDE_FATE_DUPLICATE);
  tide_status status = message_read(w, raw, r->parts, r->needs, &message, &record);
  if (status == TIDE_SKIP)
    return end_as(w, TIDE_FATE_DAMAGED);
  if (status != TIDE_OK)
    return tide_error_memory(err);
  record.source = source;
  record.mailbox = mailbox;
  if (r->parts & TIDE_PART_LABEL)
    record.label = told ? told->label : label_of(w, message, source);
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

/* --- duplicates ---
 *
 * Which message is a copy is a matter of the order of the archive, not of who comes first. So a
 * worker first looks at all messages of its batch for what copies are known by, then waits until
 * those of all batches before it are known, is told, and reads its messages for the answer beside
 * the other workers. */

/* The bytes of a message, to be there until its turn comes. */
static tide_status waiting_keep(worker *w, waiting *m) {
  tide_span *const spans[] = {&m->raw.bytes, &m->raw.envelope, &m->source};
  for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
    if (!spans[i]->len)
      continue;
    *spans[i] = tide_arena_copy(&w->kept, *spans[i]);
    if (!spans[i]->ptr)
      return TIDE_FATAL;
    w->kept_bytes += spans[i]->len;
  }
  return TIDE_OK;
}

/* Has it an ID that no other message has? Its text need not be read then. */
static tide_status stands_alone(worker *w, const tide_raw *raw, const tide_message **message,
                                bool *alone) {
  const run *r = w->run;
  tide_record record;
  *alone = false;
  if (!tide_duplicates_knows_repeated(r->options->duplicates))
    return TIDE_OK;
  tide_status status = message_read(w, raw, TIDE_PART_COPY_ID, TIDE_NEED_HEADERS, message, &record);
  *alone = status == TIDE_OK && record.has_copy_id &&
           !tide_duplicates_may_repeat(r->options->duplicates, record.copy_id);
  return status;
}

/* lasting: the batch holds the message until it is filled again. */
static tide_status waiting_add(worker *w, const tide_raw *raw, tide_span source, bool lasting) {
  const run *r = w->run;
  const tide_message *message;
  tide_record record;
  if (tide_room(&w->waiting, &w->waiting_cap, w->waiting_count, sizeof *w->waiting) != TIDE_OK)
    return TIDE_FATAL;
  waiting *m = &w->waiting[w->waiting_count++];
  *m = (waiting){.raw = *raw, .source = source};
  bool alone;
  tide_status status = stands_alone(w, raw, &message, &alone);
  if (status == TIDE_OK && !alone) {
    status = message_read(w, raw, r->key_parts, r->key_needs, &message, &record);
    m->has_key = status == TIDE_OK && record.has_copy_key;
    m->key = record.copy_key;
  }
  if (status == TIDE_OK && (r->parts & TIDE_PART_LABEL))
    m->label = label_of(w, message, source);
  if (status == TIDE_FATAL || w->arena.failed)
    return TIDE_FATAL;
  return lasting ? TIDE_OK : waiting_keep(w, m);
}

/* Those that wait are told. `last`: the batch has no more. */
static tide_status waiting_tell(worker *w, const tide_batch *b, bool last) {
  run *r = w->run;
  tide_status status = TIDE_OK;
  pthread_mutex_lock(&r->turn_lock);
  while (!atomic_load(&r->abandon) && (r->told_lane != b->lane || r->told != b->number))
    pthread_cond_wait(&r->turn_came, &r->turn_lock);
  for (size_t i = 0; i < w->waiting_count && status == TIDE_OK && !atomic_load(&r->abandon); i++) {
    waiting *m = &w->waiting[i];
    if (m->has_key)
      status = tide_duplicates_meet(r->options->duplicates, m->key, m->label, m->source,
                                    m->raw.offset, &m->duplicate);
  }
  if (last) {
    r->told_lane += b->closes;
    r->told = b->closes ? 0 : r->told + 1;
    pthread_cond_broadcast(&r->turn_came);
  }
  pthread_mutex_unlock(&r->turn_lock);
  return status;
}

static tide_status waiting_take(worker *w, const tide_batch *b, tide_span mailbox, bool last,
                                tide_error *err) {
  tide_status status = waiting_tell(w, b, last);
  if (status != TIDE_OK)
    return tide_error_memory(err);
  for (size_t i = 0; i < w->waiting_count && status == TIDE_OK && !stopped(w->run); i++) {
    const waiting *m = &w->waiting[i];
    status = take_message(w, &m->raw, m->source, mailbox, m, err);
  }
  w->waiting_count = w->kept_bytes = 0;
  tide_arena_reset(&w->kept);
  return status;
}

/* The messages of a batch. */
static tide_status batch_take(worker *w, tide_batch *b, tide_error *err) {
  const run *r = w->run;
  tide_raw raw;
  tide_span source,
      mailbox =
          tide_span_of(b->argument < r->options->path_count ? r->options->paths[b->argument] : "");
  tide_status next = TIDE_END;
  while (!stopped(r)) {
    const bool lasting = tide_batch_lasts(b);
    next = tide_batch_next(b, &raw, &source);
    if (next != TIDE_OK)
      break;
    if (!r->tells)
      TIDE_TRY(take_message(w, &raw, source, mailbox, NULL, err));
    else if (waiting_add(w, &raw, source, lasting) != TIDE_OK)
      return tide_error_memory(err);
    else if (w->kept_bytes > KEPT_MOST)
      TIDE_TRY(waiting_take(w, b, mailbox, false, err));
  }
  if (next != TIDE_END && next != TIDE_OK)
    return tide_error_memory(err);
  return r->tells ? waiting_take(w, b, mailbox, true, err) : TIDE_OK;
}

/* Is every message in exactly one count? */
static bool is_balanced(const tide_account *a) {
  uint64_t accounted = 0;
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    accounted += a->fates[i];
  return accounted == a->read;
}

static void account_add(tide_account *to, const tide_account *from) {
  TIDE_INVARIANT(is_balanced(from));
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

static void outcome_free(outcome *o) {
  tide_troubles_free(o->trouble);
  free(o);
}

/* The lane of that number, a new one where it has none yet; NULL when memory is out. */
static lane *lane_find(run *r, uint64_t number) {
  lane **at = &r->lanes;
  while (*at && (*at)->lane < number)
    at = &(*at)->next;
  if (*at && (*at)->lane == number)
    return *at;
  lane *l = calloc(1, sizeof *l + r->sink_count * sizeof *l->accounts);
  if (!l)
    return NULL;
  l->lane = number;
  l->trouble_end = &l->trouble;
  l->next = *at;
  *at = l;
  return l;
}

static void lane_free(lane *l) {
  for (outcome *o; (o = l->ahead);) {
    l->ahead = o->next;
    outcome_free(o);
  }
  tide_troubles_free(l->trouble);
  free(l);
}

static void say_troubles(run *r, const tide_trouble *trouble) {
  for (const tide_trouble *t = trouble; t && r->options->trouble; t = t->next)
    r->options->trouble(r->options->context, t->text);
}

/* The next batch of the lane. What it has to say is said when the lane's turn has come. */
static void outcome_take(run *r, lane *l, const tide_account *accounts, tide_trouble **trouble,
                         size_t argument, bool closes) {
  uint64_t troubles = 0;
  for (const tide_trouble *t = *trouble; t; t = t->next)
    troubles += !t->note;
  for (size_t i = 0; i < r->sink_count; i++) {
    account_add(&l->accounts[i], &accounts[i]);
    l->accounts[i].troubles += troubles;
  }
  if (argument < r->options->path_count)
    r->messages_of[argument] += accounts[0].read;
  l->turn++;
  l->closed = closes;
  if (r->lane == l->lane) {
    say_troubles(r, *trouble);
    return;
  }
  *l->trouble_end = *trouble;
  while (*l->trouble_end)
    l->trouble_end = &(*l->trouble_end)->next;
  *trouble = NULL;
}

/* Takes the first lane out, and adds what it left behind to the whole. */
static void lane_take(run *r) {
  lane *l = r->lanes;
  for (size_t i = 0; i < r->sink_count; i++)
    account_add(&r->accounts[i], &l->accounts[i]);
  r->lanes = l->next;
  r->lane = l->lane + 1;
  lane_free(l);
}

/* Goes on to the lanes whose turn has come because those before them are closed. */
static void lanes_go_on(run *r) {
  while (r->lanes && r->lanes->lane == r->lane && r->lanes->closed) {
    lane_take(r);
    if (r->lanes && r->lanes->lane == r->lane) {
      say_troubles(r, r->lanes->trouble);
      tide_troubles_free(r->lanes->trouble);
      r->lanes->trouble = NULL;
      r->lanes->trouble_end = &r->lanes->trouble;
    }
  }
}

/* Leaves the outcome until its turn comes; the batch's trouble goes with it. */
static tide_status outcome_leave(const run *r, lane *l, const tide_account *accounts,
                                 tide_batch *batch) {
  outcome *kept = malloc(sizeof *kept + r->sink_count * sizeof *accounts), **at = &l->ahead;
  if (!kept)
    return TIDE_FATAL;
  *kept = (outcome){.number = batch->number,
                    .closes = batch->closes,
                    .argument = batch->argument,
                    .trouble = batch->trouble};
  memcpy(kept->accounts, accounts, r->sink_count * sizeof *accounts);
  batch->trouble = NULL;
  batch->trouble_end = &batch->trouble;
  while (*at && (*at)->number < kept->number)
    at = &(*at)->next;
  kept->next = *at;
  *at = kept;
  return TIDE_OK;
}

static tide_status flush_all(worker *w, tide_error *err) {
  const run *r = w->run;
  for (size_t i = 0; i < r->sink_count; i++)
    if (r->sinks[i]->flush)
      TIDE_TRY(r->sinks[i]->flush(w->states[i], err));
  return TIDE_OK;
}

/* It is the batch's turn in its lane: its outcome, and those that waited after it. */
static tide_status turn_take(worker *w, lane *l, tide_batch *batch, tide_error *err) {
  run *r = w->run;
  tide_status status = TIDE_OK;
  outcome_take(r, l, w->accounts, &batch->trouble, batch->argument, batch->closes);
  if (!batch->trouble)
    batch->trouble_end = &batch->trouble;
  if (r->writes_rows)
    status = flush_all(w, err);
  for (outcome *next; (next = l->ahead) && next->number == l->turn;) {
    l->ahead = next->next;
    outcome_take(r, l, next->accounts, &next->trouble, next->argument, next->closes);
    outcome_free(next);
  }
  lanes_go_on(r);
  pthread_cond_broadcast(&r->turn_came);
  return status;
}

/* Accounts for the batch in the order of the archive, and writes what it gave. */
static tide_status take_turn(worker *w, tide_batch *batch, tide_error *err) {
  run *r = w->run;
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < r->sink_count; i++) {
    memcpy(w->accounts[i].passed, batch->passed, sizeof w->accounts[i].passed);
    w->accounts[i].leaders = w->leaders;
    w->accounts[i].bytes_read = batch->bytes_read;
    w->accounts[i].files_read = batch->files_read;
  }
  const uint64_t ahead = r->writes_rows ? 0 : AHEAD_MOST;
  pthread_mutex_lock(&r->turn_lock);
  lane *l = lane_find(r, batch->lane);
  if (!l)
    status = tide_error_memory(err);
  TIDE_INVARIANT(!l || batch->number >= l->turn); /* no batch has two turns */
  while (l && !atomic_load(&r->abandon) &&
         (batch->number - l->turn > ahead || (r->writes_rows && r->lane != l->lane)))
    pthread_cond_wait(&r->turn_came, &r->turn_lock);
  if (l && l->turn == batch->number)
    status = turn_take(w, l, batch, err);
  else if (l && !atomic_load(&r->abandon) && outcome_leave(r, l, w->accounts, batch) != TIDE_OK)
    status = tide_error_memory(err);
  pthread_mutex_unlock(&r->turn_lock);
  return status;
}

/* What a worker needs for a message. */
static tide_status worker_open(worker *w, tide_error *err) {
  const run *r = w->run;
  bool filtered = false;
  TIDE_TRY(tide_parser_new(&w->parser));
  if (r->options->extract.rules)
    TIDE_TRY(tide_matcher_new(&w->matcher, r->options->extract.rules));
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
  tide_arena_free(&w->kept);
  free(w->waiting);
  tide_arena_free(&w->arena);
  tide_matcher_free(w->matcher);
  tide_pattern_scratch_free(w->scratch);
  tide_parser_free(w->parser);
}

static void *worker_main(void *argument) {
  worker *w = argument;
  run *r = w->run;
  tide_batch batch = {0};
  tide_error err = {.text = "out of memory"};
  tide_status status = worker_open(w, &err);
  while (status == TIDE_OK && !stopped(r)) {
    memset(w->accounts, 0, r->sink_count * sizeof *w->accounts);
    w->leaders = (tide_leaders){.total = 0};
    tide_status fed = tide_feed_next(r->feed, &batch);
    if (fed != TIDE_OK && fed != TIDE_END) {
      status = tide_error_memory(&err);
      break;
    }
    uint64_t fed_bytes = batch.bytes_read, fed_files = batch.files_read;
    atomic_fetch_add_explicit(&r->bytes, fed_bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->files, fed_files, memory_order_relaxed);
    if (fed == TIDE_OK)
      status = batch_take(w, &batch, &err);
    atomic_fetch_add_explicit(&r->bytes, batch.bytes_read - fed_bytes, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->files, batch.files_read - fed_files, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->messages, w->accounts[0].read, memory_order_relaxed);
    if (fed == TIDE_END)
      break;
    if (status == TIDE_OK && !stopped(r))
      status = take_turn(w, &batch, &err);
  }
  if (status != TIDE_OK)
    run_fail(r, status, &err);
  tide_batch_free(&batch);
  worker_free(w);
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
    for (size_t k = 0; k < r->sink_count; k++)
      r->accounts[k].troubles++;
    tide_error text;
    tide_error_set(&text, TIDE_FAIL, "%s: no mail found in this directory", r->options->paths[i]);
    if (r->options->trouble)
      r->options->trouble(r->options->context, text.text);
  }
}

/* Starts the workers. Fewer than asked for do the same work; none is a
 * failure. */
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
        pthread_create(&workers[i].thread, &attributes, worker_main, &workers[i]) == 0;
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
    return tide_error_set(err, TIDE_USAGE, "one to %d questions are answered in one reading",
                          TIDE_SINKS_MAX);
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
    lane_take(&r);
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
