/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run under way: what its workers share, and what each has of its own. */
#ifndef LIB_ENGINE_RUN_H
#define LIB_ENGINE_RUN_H

#include <pthread.h>

#include "engine/engine.h"
#include "hops/chain.h"

/* What a batch leaves behind: its part of the account, and what could not be read. */
typedef struct outcome {
  struct outcome *next;
  tide_turn turn;
  tide_troubles troubles;
  tide_account accounts[]; /* by sink */
} outcome;

/* What the batches of one lane left behind so far. Accounts are added up lane by lane, and within
 * one batch by batch: so the sum is the same whoever was first. */
typedef struct lane {
  struct lane *next;
  uint64_t lane, turn;     /* the batch that is accounted for next */
  bool closed;             /* there is none */
  outcome *ahead;          /* of batches whose turn has not come, by number */
  tide_troubles troubles;  /* kept until the lane's turn comes */
  tide_account accounts[]; /* by sink */
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
  tide_batch *batch;
  tide_extraction message; /* that is read now */
  tide_chain chain;        /* its own */
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

/* Was it stopped from outside, or did a worker fail? */
static inline bool tide_run_stopped(const run *r) {
  return tide_stopped(r->options->stop) || atomic_load_explicit(&r->abandon, memory_order_relaxed);
}

/* --- fates.c: accounts of what became of messages --- */

/* Some message has such a time, or two have. */
void tide_account_date(tide_account *, int64_t first, int64_t last);
void tide_account_add(tide_account *to, const tide_account *from);

/* --- turn.c: what is in the order of the archive, whoever was first --- */

/* Accounts for the batch when its turn comes, and writes what it gave; or leaves its outcome behind
 * for whoever comes to it. */
tide_status tide_turn_wait(worker *, tide_batch *, tide_error *);
/* Takes the first lane out, and adds what it left behind to the whole. */
void tide_turn_first_lane(run *);
/* Ends the run with the first failure. */
void tide_run_fail(run *, tide_status, const tide_error *);

/* --- taking.c: from a message to the sinks --- */

/* Reads what `parts` are of the message. TIDE_SKIP: it is damaged. */
tide_status tide_worker_read(worker *, const tide_raw *, unsigned parts, unsigned needs,
                             const tide_message **, tide_record *);
tide_span tide_worker_label(worker *, const tide_message *, tide_span source);
/* Gives the message to the sinks. told: what is known of it already; NULL if nobody asks for
 * duplicates. */
tide_status tide_worker_take(worker *, const tide_raw *, tide_span source, tide_span mailbox,
                             const waiting *told, tide_error *);

/* --- copies.c: which messages are copies of earlier ones --- */

/* Keeps the message until its turn to be told comes. lasting: the batch holds it until it is filled
 * again. */
tide_status tide_copy_wait(worker *, const tide_raw *, tide_span source, bool lasting);
/* Waits for that turn, and gives the messages to the sinks. last: the batch has no more. */
tide_status tide_copies_take(worker *, const tide_turn *, tide_span mailbox, bool last,
                             tide_error *);

/* --- worker.c: all batches that one worker gets --- */

/* Its thread. */
void *tide_worker_main(void *worker);

#endif
