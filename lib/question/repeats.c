/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All workers count in one table, which is locked in parts: tables of their own would have to be
 * merged, and take twice the memory then. */
#include "question/repeats.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/firsts.h"
#include "base/limits.h"

enum { ONCE, MORE }; /* notes beside an ID */
enum { PARTS = 16, PART_SHIFT = 60 };

typedef struct ids {
  struct part {
    pthread_mutex_t lock;
    tide_firsts met;
  } parts[PARTS];
  atomic_uint_fast64_t count; /* that were met, and those for which there was no room */
  uint64_t most;
} ids;

static ids *ids_new(uint64_t most) {
  ids *all = calloc(1, sizeof *all);
  if (!all)
    return NULL;
  all->most = most;
  for (size_t i = 0; i < PARTS; i++)
    pthread_mutex_init(&all->parts[i].lock, NULL);
  return all;
}

static void ids_free(ids *all) {
  for (size_t i = 0; i < PARTS; i++) {
    pthread_mutex_destroy(&all->parts[i].lock);
    tide_firsts_free(&all->parts[i].met);
  }
  free(all);
}

static bool ids_full(const ids *all) {
  return atomic_load_explicit(&all->count, memory_order_relaxed) > all->most;
}

static tide_status part_meet(ids *all, tide_firsts *met, tide_wide_hash id) {
  tide_first first;
  if (tide_firsts_find(met, id, &first)) {
    if (first.note == ONCE)
      tide_firsts_note(met, id, MORE);
    return TIDE_OK;
  }
  atomic_fetch_add_explicit(&all->count, 1, memory_order_relaxed);
  return ids_full(all) ? TIDE_OK : tide_firsts_add(met, id, (tide_first){.note = ONCE});
}

static tide_status ids_meet(ids *all, tide_wide_hash id) {
  struct part *part = &all->parts[id.b >> PART_SHIFT];
  pthread_mutex_lock(&part->lock);
  const tide_status status = part_meet(all, &part->met, id);
  pthread_mutex_unlock(&part->lock);
  return status;
}

static tide_status worker_open(void *context, void **worker, tide_error *err) {
  (void)err;
  *worker = context;
  return TIDE_OK;
}

static tide_status worker_record(void *worker, tide_record *r, const tide_extraction *x,
                                 tide_fate *fate, tide_error *err) {
  (void)x;
  *fate = TIDE_FATE_COUNTED;
  if (!r->has_copy_id || ids_full(worker))
    return TIDE_OK;
  return tide_error_of_status(err, ids_meet(worker, r->copy_id));
}

static tide_status worker_close(void *worker, bool failed, tide_error *err) {
  (void)worker;
  (void)failed;
  (void)err;
  return TIDE_OK;
}

static tide_status keep_repeated(void *context, tide_wide_hash id, tide_first first) {
  if (first.note == MORE)
    tide_duplicates_add_repeated(context, id);
  return TIDE_OK;
}

static tide_status ids_tell(ids *all, tide_duplicates *to) {
  TIDE_TRY(tide_duplicates_expect(to, all->count));
  for (size_t i = 0; i < PARTS; i++)
    TIDE_TRY(tide_firsts_each(&all->parts[i].met, keep_repeated, to));
  return TIDE_OK;
}

tide_status tide_repeats_read(const tide_run_options *options, uint64_t most, tide_error *err) {
  ids *all = ids_new(most ? most : TIDE_LIMIT_DUPLICATES);
  if (!all)
    return tide_error_memory(err);
  const tide_sink sink = {.context = all,
                          .parts = TIDE_PART_COPY_ID,
                          .open = worker_open,
                          .record = worker_record,
                          .close = worker_close};
  const tide_sink *const sinks[] = {&sink};
  tide_run_options run = *options;
  tide_account account;
  run.duplicates = NULL; /* nothing is left out here */
  run.trouble = NULL;    /* it is told when the mail is read for the answer */
  tide_status status = tide_run(&run, sinks, 1, &account, err);
  if (status == TIDE_OK && !ids_full(all))
    status = tide_error_of_status(err, ids_tell(all, options->duplicates));
  ids_free(all);
  return status;
}
