/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which message is a copy is a matter of the order of the archive, not of who comes first. So a
 * worker first looks at all messages of its batch for what copies are known by, then waits until
 * those of all batches before it are known, is told, and reads its messages for the answer beside
 * the other workers. */
#include "run.h"

#include "base/room.h"

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

/* Does it have an ID that no other message has? Its text need not be read then. */
static tide_status stands_alone(worker *w, const tide_raw *raw, const tide_message **message,
                                bool *alone) {
  const run *r = w->run;
  tide_record record;
  *alone = false;
  if (!tide_duplicates_knows_repeated(r->options->duplicates))
    return TIDE_OK;
  tide_status status =
      tide_worker_read(w, raw, TIDE_PART_COPY_ID, TIDE_NEED_HEADERS, message, &record);
  *alone = status == TIDE_OK && record.has_copy_id &&
           !tide_duplicates_may_repeat(r->options->duplicates, record.copy_id);
  return status;
}

tide_status tide_copy_wait(worker *w, const tide_raw *raw, tide_span source, bool lasting) {
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
    status = tide_worker_read(w, raw, r->key_parts, r->key_needs, &message, &record);
    m->has_key = status == TIDE_OK && record.has_copy_key;
    m->key = record.copy_key;
  }
  if (status == TIDE_OK && (r->parts & TIDE_PART_LABEL))
    m->label = tide_worker_label(w, message, source);
  if (status == TIDE_FATAL || w->arena.failed)
    return TIDE_FATAL;
  return lasting ? TIDE_OK : waiting_keep(w, m);
}

/* Those that wait are told. `last`: the batch has no more. */
static tide_status waiting_tell(worker *w, const tide_turn *turn, bool last) {
  run *r = w->run;
  tide_status status = TIDE_OK;
  pthread_mutex_lock(&r->turn_lock);
  while (!atomic_load(&r->abandon) && (r->told_lane != turn->lane || r->told != turn->number))
    pthread_cond_wait(&r->turn_came, &r->turn_lock);
  for (size_t i = 0; i < w->waiting_count && status == TIDE_OK && !atomic_load(&r->abandon); i++) {
    waiting *m = &w->waiting[i];
    if (m->has_key)
      status = tide_duplicates_meet(r->options->duplicates, m->key, m->label, m->source,
                                    m->raw.offset, &m->duplicate);
  }
  if (last) {
    r->told_lane += turn->closes;
    r->told = turn->closes ? 0 : r->told + 1;
    pthread_cond_broadcast(&r->turn_came);
  }
  pthread_mutex_unlock(&r->turn_lock);
  return status;
}

tide_status tide_copies_take(worker *w, const tide_turn *turn, tide_span mailbox, bool last,
                             tide_error *err) {
  tide_status status = waiting_tell(w, turn, last);
  if (status != TIDE_OK)
    return tide_error_memory(err);
  for (size_t i = 0; i < w->waiting_count && status == TIDE_OK && !tide_run_stopped(w->run); i++) {
    const waiting *m = &w->waiting[i];
    status = tide_worker_take(w, &m->raw, m->source, mailbox, m, err);
  }
  w->waiting_count = w->kept_bytes = 0;
  tide_arena_reset(&w->kept);
  return status;
}
