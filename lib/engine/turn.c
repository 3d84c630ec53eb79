/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts, what could not be read, and rows are put together in the order of the archive: lane by
 * lane, and within one batch by batch. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "base/invariant.h"

enum { AHEAD_MOST = 64 }; /* batches whose outcome waits for that of one before them */

void tide_run_fail(run *r, tide_status status, const tide_error *err) {
  pthread_mutex_lock(&r->turn_lock);
  if (r->status == TIDE_OK) {
    r->status = status;
    r->error = *err;
  }
  atomic_store(&r->abandon, true);
  pthread_cond_broadcast(&r->turn_came);
  pthread_mutex_unlock(&r->turn_lock);
}

static void outcome_free(outcome *o) {
  tide_troubles_free(&o->troubles);
  free(o);
}

/* The lane of that number, a new one where it has none yet; NULL when out of memory. */
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
  l->next = *at;
  *at = l;
  return l;
}

static void lane_free(lane *l) {
  for (outcome *o; (o = l->ahead);) {
    l->ahead = o->next;
    outcome_free(o);
  }
  tide_troubles_free(&l->troubles);
  free(l);
}

static void say_troubles(run *r, const tide_troubles *troubles) {
  for (const tide_trouble *t = troubles->first; t && r->options->trouble; t = t->next)
    r->options->trouble(r->options->context, t->text);
}

/* The next batch of the lane. What it has to say is said when the lane's turn has come. */
static void outcome_take(run *r, lane *l, const tide_account *accounts, const tide_turn *turn,
                         tide_troubles *troubles) {
  uint64_t lost = 0;
  for (const tide_trouble *t = troubles->first; t; t = t->next)
    lost += !t->note;
  for (size_t i = 0; i < r->sink_count; i++) {
    tide_account_add(&l->accounts[i], &accounts[i]);
    l->accounts[i].troubles += lost;
  }
  if (turn->argument < r->options->path_count)
    r->messages_of[turn->argument] += accounts[0].read;
  l->turn++;
  l->closed = turn->closes;
  if (r->lane == l->lane)
    say_troubles(r, troubles);
  else
    tide_troubles_move(&l->troubles, troubles);
}

void tide_turn_first_lane(run *r) {
  lane *l = r->lanes;
  for (size_t i = 0; i < r->sink_count; i++)
    tide_account_add(&r->accounts[i], &l->accounts[i]);
  r->lanes = l->next;
  r->lane = l->lane + 1;
  lane_free(l);
}

/* Goes on to the lanes whose turn has come because those before them are closed. */
static void lanes_go_on(run *r) {
  while (r->lanes && r->lanes->lane == r->lane && r->lanes->closed) {
    tide_turn_first_lane(r);
    if (r->lanes && r->lanes->lane == r->lane) {
      say_troubles(r, &r->lanes->troubles);
      tide_troubles_free(&r->lanes->troubles);
    }
  }
}

/* Leaves the outcome until its turn comes; the batch's troubles go with it. */
static tide_status outcome_leave(const run *r, lane *l, const tide_account *accounts,
                                 const tide_turn *turn, tide_troubles *troubles) {
  outcome *kept = calloc(1, sizeof *kept + r->sink_count * sizeof *accounts), **at = &l->ahead;
  if (!kept)
    return TIDE_FATAL;
  kept->turn = *turn;
  memcpy(kept->accounts, accounts, r->sink_count * sizeof *accounts);
  tide_troubles_move(&kept->troubles, troubles);
  while (*at && (*at)->turn.number < turn->number)
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
static tide_status turn_take(worker *w, lane *l, const tide_turn *turn, tide_troubles *troubles,
                             tide_error *err) {
  run *r = w->run;
  tide_status status = TIDE_OK;
  outcome_take(r, l, w->accounts, turn, troubles);
  if (r->writes_rows)
    status = flush_all(w, err);
  for (outcome *next; (next = l->ahead) && next->turn.number == l->turn;) {
    l->ahead = next->next;
    outcome_take(r, l, next->accounts, &next->turn, &next->troubles);
    outcome_free(next);
  }
  lanes_go_on(r);
  pthread_cond_broadcast(&r->turn_came);
  return status;
}

tide_status tide_turn_wait(worker *w, tide_batch *batch, tide_error *err) {
  run *r = w->run;
  tide_status status = TIDE_OK;
  const tide_turn *turn = tide_batch_turn(batch);
  tide_findings *found = tide_batch_findings(batch);
  for (size_t i = 0; i < r->sink_count; i++) {
    memcpy(w->accounts[i].passed, found->passed, sizeof w->accounts[i].passed);
    w->accounts[i].leaders = w->leaders;
    w->accounts[i].bytes_read = found->bytes_read;
    w->accounts[i].files_read = found->files_read;
  }
  const uint64_t ahead = r->writes_rows ? 0 : AHEAD_MOST;
  pthread_mutex_lock(&r->turn_lock);
  lane *l = lane_find(r, turn->lane);
  if (!l)
    status = tide_error_memory(err);
  TIDE_INVARIANT(!l || turn->number >= l->turn); /* no batch has two turns */
  while (l && !atomic_load(&r->abandon) &&
         (turn->number - l->turn > ahead || (r->writes_rows && r->lane != l->lane)))
    pthread_cond_wait(&r->turn_came, &r->turn_lock);
  if (l && l->turn == turn->number)
    status = turn_take(w, l, turn, &found->troubles, err);
  else if (l && !atomic_load(&r->abandon) &&
           outcome_leave(r, l, w->accounts, turn, &found->troubles) != TIDE_OK)
    status = tide_error_memory(err);
  pthread_mutex_unlock(&r->turn_lock);
  return status;
}
