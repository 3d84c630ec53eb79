/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reading of the archive that counts senders, to tell the families before the mail is read for
 * the answer. */
#include "question/family_names.h"

#include <stdlib.h>

#include "base/limits.h"

/* One worker's counts. */
typedef struct counter {
  tide_family_names *whole;
  tide_senders *senders;
  const tide_field_context *fields;
} counter;

typedef struct reading {
  tide_family_names *names;
  const tide_field_context *fields;
} reading;

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  static const tide_senders_options options = {0};
  const reading *r = context;
  counter *c = calloc(1, sizeof *c);
  if (!c || tide_senders_new(&options, &c->senders) != TIDE_OK) {
    free(c);
    return tide_error_memory(err);
  }
  c->whole = r->names;
  c->fields = r->fields;
  *worker = c;
  return TIDE_OK;
}

static tide_status counter_record(void *worker, tide_record *r, const tide_extraction *x,
                                  tide_fate *fate, tide_error *err) {
  counter *c = worker;
  (void)x;
  *fate = TIDE_FATE_COUNTED;
  return tide_senders_add(c->senders, r, c->fields) == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  tide_family_names *whole = c->whole;
  tide_status status = failed ? TIDE_OK : tide_senders_settle(c->senders);
  if (!failed && status == TIDE_OK && !whole->senders) {
    whole->senders = c->senders;
    c->senders = NULL;
  } else if (!failed && status == TIDE_OK) {
    status = tide_senders_merge(whole->senders, c->senders);
  }
  tide_senders_free(c->senders);
  free(c);
  return status == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}

static tide_status table_make(tide_family_names *n) {
  const uint32_t count = tide_senders_count(n->senders);
  tide_span *family = calloc(count + 1u, sizeof *family);
  n->table.family = family;
  if (!family)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < count; i++) {
    if (tide_map_add(&n->table.fingerprints, tide_senders_fingerprint(n->senders, i)) != i)
      return TIDE_FATAL;
    family[i] = n->families.at[n->families.of[i]].name;
  }
  return TIDE_OK;
}

tide_status tide_family_names_read(const tide_run_options *run, tide_family_names *out,
                                   tide_error *err) {
  reading r = {.names = out, .fields = &run->fields};
  const tide_sink sink = {.context = &r,
                          .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_CHAIN |
                                   TIDE_PART_FINGERPRINT,
                          .open = counter_open,
                          .record = counter_record,
                          .close = counter_close};
  const tide_sink *const sinks[] = {&sink};
  tide_account account;
  *out = (tide_family_names){0};
  TIDE_TRY(tide_run(run, sinks, 1, &account, err));
  TIDE_TRY(tide_error_of_status(err, tide_families_find(out->senders, run->stop, &out->families)));
  return table_make(out) == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}

void tide_families_bounds_say(const tide_families_bounds *bounds,
                              void (*say)(void *context, tide_remark, const char *sentence),
                              void *context) {
  tide_error text;
  if (bounds->others) {
    tide_error_set(&text, TIDE_OK,
                   "only the %u families with the most messages have rows of their own: the other "
                   "%u are in (other)",
                   TIDE_LIMIT_FAMILIES, bounds->others);
    say(context, TIDE_REMARK_CAUTION, text.text);
  }
  if (bounds->halvings) {
    tide_error_set(&text, TIDE_OK,
                   "families are joined by only one in %llu addresses, because at most %u pairs of "
                   "fingerprint and address are kept",
                   1ull << bounds->halvings, TIDE_LIMIT_SENDERS);
    say(context, TIDE_REMARK_CAUTION, text.text);
  }
}

void tide_family_names_free(tide_family_names *n) {
  tide_map_free(&n->table.fingerprints);
  free((void *)(uintptr_t)n->table.family);
  tide_families_free(&n->families);
  tide_senders_free(n->senders);
  *n = (tide_family_names){0};
}
