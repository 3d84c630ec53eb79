/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "question/repeats.h"

#include <stdlib.h>

#include "base/firsts.h"
#include "base/limits.h"

enum { ONCE, MORE }; /* notes beside an ID */

typedef struct ids {
  tide_firsts met;
  uint64_t most;
  bool full; /* there were more */
} ids;

/* One worker's. */
typedef struct counter {
  ids own, *whole;
} counter;

static tide_status ids_add(ids *to, tide_wide_hash id, uint16_t note) {
  tide_first first;
  if (tide_firsts_find(&to->met, id, &first)) {
    if (first.note == ONCE)
      tide_firsts_note(&to->met, id, MORE);
    return TIDE_OK;
  }
  to->full = to->full || to->met.count >= to->most;
  return to->full ? TIDE_OK : tide_firsts_add(&to->met, id, (tide_first){.note = note});
}

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  counter *c = calloc(1, sizeof *c);
  if (!c)
    return tide_error_memory(err);
  c->whole = context;
  c->own.most = c->whole->most;
  *worker = c;
  return TIDE_OK;
}

static tide_status counter_record(void *worker, tide_record *r, tide_arena *arena, tide_fate *fate,
                                  tide_error *err) {
  counter *c = worker;
  (void)arena;
  *fate = TIDE_FATE_COUNTED;
  return !r->has_copy_id || ids_add(&c->own, r->copy_id, ONCE) == TIDE_OK ? TIDE_OK
                                                                          : tide_error_memory(err);
}

static tide_status merge_one(void *context, tide_wide_hash id, tide_first first) {
  return ids_add(context, id, first.note);
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  tide_status status = TIDE_OK;
  c->whole->full = c->whole->full || c->own.full;
  if (!failed && !c->whole->full && !c->whole->met.count) {
    c->whole->met = c->own.met;
    c->own.met = (tide_firsts){.count = 0};
  } else if (!failed && !c->whole->full) {
    status = tide_firsts_each(&c->own.met, merge_one, c->whole);
  }
  tide_firsts_free(&c->own.met);
  free(c);
  return tide_error_of_status(err, status);
}

static tide_status keep_repeated(void *context, tide_wide_hash id, tide_first first) {
  return first.note == MORE ? tide_firsts_add(context, id, first) : TIDE_OK;
}

tide_status tide_repeats_read(const tide_run_options *options, uint64_t most, tide_error *err) {
  ids whole = {.most = most ? most : TIDE_LIMIT_DUPLICATES};
  const tide_sink sink = {.context = &whole,
                          .parts = TIDE_PART_COPY_ID,
                          .open = counter_open,
                          .record = counter_record,
                          .close = counter_close};
  const tide_sink *const sinks[] = {&sink};
  tide_run_options run = *options;
  tide_account account;
  tide_firsts repeated = {.count = 0};
  run.duplicates = NULL; /* nothing is left out here */
  run.trouble = NULL;    /* it is told when the mail is read for the answer */
  tide_status status = tide_run(&run, sinks, 1, &account, err);
  if (status == TIDE_OK && !whole.full) {
    status = tide_firsts_each(&whole.met, keep_repeated, &repeated);
    if (status == TIDE_OK)
      tide_duplicates_set_repeated(options->duplicates, &repeated);
    else
      status = tide_error_memory(err);
  }
  tide_firsts_free(&repeated);
  tide_firsts_free(&whole.met);
  return status;
}
