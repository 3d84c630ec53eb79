/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of each fingerprint's mail. Addresses are kept in one table for all fingerprints;
 * when it is full, those of every other address go, and of the others all: which addresses are left
 * in the end depends on what was counted alone. */
#include "families/senders.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/mix.h"

enum { CAP_FIRST = 1024, DAY = 86400 };

static const unsigned trait_parts[TIDE_TRAIT_COUNT] = {
#define X(id, part) part,
    TIDE_TRAITS(X)
#undef X
};

struct tide_senders {
  tide_senders_options options;
  tide_map fingerprints;
  tide_pages facts; /* tide_sender by number */
  uint32_t count;
  tide_example_list layouts, mailers; /* by number */
  tide_examples *subjects;            /* keys are signatures */
  tide_tally *traits[TIDE_TRAIT_COUNT];
  tide_buffer group;
  tide_sender_address *slots; /* messages 0: free */
  size_t slot_count, slot_cap;
  unsigned halvings;
};

static tide_status senders_open(tide_senders *s) {
  TIDE_TRY(tide_examples_new(&s->subjects));
  for (int i = 0; i < TIDE_TRAIT_COUNT; i++)
    if (s->options.parts & trait_parts[i])
      TIDE_TRY(tide_tally_new(&s->traits[i]));
  return TIDE_OK;
}

tide_status tide_senders_new(const tide_senders_options *options, tide_senders **out) {
  tide_senders *s = calloc(1, sizeof *s);
  if (!s)
    return TIDE_FATAL;
  s->options = *options;
  const tide_status status = senders_open(s);
  if (status != TIDE_OK) {
    tide_senders_free(s);
    return status;
  }
  *out = s;
  return TIDE_OK;
}

void tide_senders_free(tide_senders *s) {
  if (!s)
    return;
  tide_map_free(&s->fingerprints);
  tide_pages_free(&s->facts, sizeof(tide_sender));
  tide_example_list_free(&s->layouts);
  tide_example_list_free(&s->mailers);
  tide_examples_free(s->subjects);
  for (int i = 0; i < TIDE_TRAIT_COUNT; i++)
    tide_tally_free(s->traits[i]);
  tide_buffer_free(&s->group);
  tide_zeros_free(s->slots, s->slot_cap, sizeof *s->slots);
  free(s);
}

static tide_sender *fact_at(const tide_senders *s, uint32_t number) {
  return tide_pages_at(&s->facts, number, sizeof(tide_sender));
}

static tide_status number_of(tide_senders *s, tide_span fingerprint, uint32_t *number) {
  *number = tide_map_add(&s->fingerprints, fingerprint);
  if (*number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (*number < s->count)
    return TIDE_OK;
  s->count = *number + 1;
  return tide_pages_make(&s->facts, *number, sizeof(tide_sender));
}

/* --- addresses --- */

/* Is the address among those that are kept? */
static bool is_sampled(const tide_senders *s, const tide_sender_address *a) {
  const uint64_t among = (UINT64_C(1) << s->halvings) - 1;
  return (tide_mix(a->high ^ tide_mix(a->low + TIDE_MIX_STEP)) & among) == 0;
}

static size_t slot_of(const tide_sender_address *slots, size_t cap, const tide_sender_address *a) {
  const uint64_t key[3] = {a->high, a->low, a->number};
  size_t at = tide_hash(tide_span_make((const char *)key, sizeof key)) & (cap - 1);
  while (slots[at].messages &&
         (slots[at].high != a->high || slots[at].low != a->low || slots[at].number != a->number))
    at = (at + 1) & (cap - 1);
  return at;
}

/* Takes all that are sampled into a table of that size. */
static tide_status slots_move(tide_senders *s, size_t cap) {
  tide_sender_address *slots = tide_zeros_new(cap, sizeof *slots);
  if (!slots)
    return TIDE_FATAL;
  s->slot_count = 0;
  for (size_t i = 0; i < s->slot_cap; i++) {
    const tide_sender_address *a = &s->slots[i];
    if (!a->messages || !is_sampled(s, a))
      continue;
    slots[slot_of(slots, cap, a)] = *a;
    s->slot_count++;
  }
  tide_zeros_free(s->slots, s->slot_cap, sizeof *s->slots);
  s->slots = slots;
  s->slot_cap = cap;
  return TIDE_OK;
}

static tide_status address_add(tide_senders *s, const tide_sender_address *a) {
  if (!is_sampled(s, a))
    return TIDE_OK;
  if (2 * s->slot_count >= s->slot_cap) {
    TIDE_TRY(slots_move(s, s->slot_cap ? 2 * s->slot_cap : CAP_FIRST));
  }
  tide_sender_address *slot = &s->slots[slot_of(s->slots, s->slot_cap, a)];
  if (slot->messages) {
    const uint32_t room = UINT32_MAX - slot->messages;
    slot->messages += a->messages < room ? a->messages : room;
    return TIDE_OK;
  }
  *slot = *a;
  s->slot_count++;
  while (s->slot_count > TIDE_LIMIT_SENDERS) {
    s->halvings++;
    if (slots_move(s, s->slot_cap) != TIDE_OK)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

/* What was handed over by the host that wrote it has no Received field below that of the hand-over,
 * or one that this host forged: a hop received by another host than the one above it came from, as
 * honest mail hardly has (docs/origin.md). Below a relay's, a webmail's and a list's there is an
 * honest one, and what these have in common are customers. Of 4,150 messages of SpamAssassin's ham
 * 53 count here, 49 of them advertisers'. */
static bool is_direct(const tide_record *r) {
  return r->origin.family &&
         (r->chain_verdict == TIDE_CHAIN_DIRECT || r->chain_verdict == TIDE_CHAIN_BY_MISMATCH);
}

static tide_sender_address address_of(const tide_ip *ip, uint32_t number) {
  tide_sender_address a = {.number = number, .messages = 1};
  if (ip->family == 4) {
    for (int i = 0; i < 4; i++)
      a.low = a.low << 8 | ip->bytes[i];
    a.low |= UINT64_C(0xffff) << 32;
    return a;
  }
  for (int i = 0; i < 8; i++)
    a.high = a.high << 8 | ip->bytes[i];
  return a;
}

/* --- adding --- */

static tide_span fingerprint_of(const tide_record *r) {
  return r->fingerprint.len ? r->fingerprint : SPAN("");
}

static tide_status trait_add(tide_senders *s, tide_trait trait, tide_span value,
                             const tide_record *r) {
  if (!value.len)
    return TIDE_OK;
  tide_buffer_clear(&s->group);
  TIDE_TRY(tide_group_put(&s->group, fingerprint_of(r)));
  TIDE_TRY(tide_group_put(&s->group, value));
  return tide_tally_add(s->traits[trait], 0, tide_buffer_span(&s->group), r);
}

static tide_status traits_add(tide_senders *s, const tide_record *r, const tide_field_context *c) {
  if (s->traits[TIDE_TRAIT_NETWORK])
    TIDE_TRY(trait_add(s, TIDE_TRAIT_NETWORK, r->asn, r));
  if (s->traits[TIDE_TRAIT_CAMPAIGN])
    for (uint32_t i = 0; i < r->campaign_count; i++)
      TIDE_TRY(trait_add(s, TIDE_TRAIT_CAMPAIGN, c->campaigns[r->campaigns[i]], r));
  if (!s->traits[TIDE_TRAIT_TEMPLATE] || !r->template.len)
    return TIDE_OK;
  TIDE_TRY(trait_add(s, TIDE_TRAIT_TEMPLATE, r->template, r));
  return tide_examples_add(s->subjects, r->template, r->subject, r);
}

void tide_sender_add(tide_sender *to, const tide_sender *from) {
  const bool any = to->messages > 0;
  if (!from->messages)
    return;
  to->first = any && to->first < from->first ? to->first : from->first;
  to->last = any && to->last > from->last ? to->last : from->last;
  if (from->before && (!to->before || from->last_before > to->last_before))
    to->last_before = from->last_before;
  if (from->behind && (!to->behind || from->first_behind < to->first_behind))
    to->first_behind = from->first_behind;
  if (from->within && (!to->within || from->last_within > to->last_within))
    to->last_within = from->last_within;
  if (from->later && (!to->later || from->first_later < to->first_later))
    to->first_later = from->first_later;
  to->before |= from->before;
  to->behind |= from->behind;
  to->within |= from->within;
  to->later |= from->later;
  to->messages += from->messages;
}

tide_status tide_senders_add(tide_senders *s, const tide_record *r, const tide_field_context *c) {
  uint32_t number;
  TIDE_TRY(number_of(s, fingerprint_of(r), &number));
  const tide_senders_options *o = &s->options;
  const tide_sender one = {
      .messages = 1,
      .first = r->time,
      .last = r->time,
      .before = o->has_event && r->time < o->event,
      .behind = o->has_event && r->time >= o->event,
      .within = o->has_event && r->time >= o->event && r->time - o->event < DAY,
      .later = o->has_event && r->time >= o->event && r->time - o->event >= DAY,
      .last_before = r->time,
      .first_behind = r->time,
      .last_within = r->time,
      .first_later = r->time};
  tide_sender_add(fact_at(s, number), &one);
  TIDE_TRY(tide_example_list_add(&s->layouts, number, r->fingerprint_layout, r));
  TIDE_TRY(tide_example_list_add(&s->mailers, number, r->mailer, r));
  TIDE_TRY(traits_add(s, r, c));
  if (is_direct(r)) {
    const tide_sender_address address = address_of(&r->origin, number);
    TIDE_TRY(address_add(s, &address));
  }
  return TIDE_OK;
}

static tide_status addresses_merge(tide_senders *into, const tide_senders *from,
                                   const uint32_t *numbers) {
  if (from->halvings > into->halvings) {
    into->halvings = from->halvings;
    TIDE_TRY(slots_move(into, into->slot_cap ? into->slot_cap : CAP_FIRST));
  }
  for (size_t i = 0; i < from->slot_cap; i++) {
    tide_sender_address a = from->slots[i];
    if (!a.messages)
      continue;
    a.number = numbers[a.number];
    TIDE_TRY(address_add(into, &a));
  }
  return TIDE_OK;
}

static tide_status senders_merge(tide_senders *into, const tide_senders *from, uint32_t *numbers) {
  for (uint32_t i = 0; i < from->count; i++) {
    TIDE_TRY(number_of(into, tide_map_key(&from->fingerprints, i), &numbers[i]));
    tide_sender_add(fact_at(into, numbers[i]), fact_at(from, i));
    TIDE_TRY(tide_example_list_offer(&into->layouts, numbers[i],
                                     tide_example_list_get(&from->layouts, i)));
    TIDE_TRY(tide_example_list_offer(&into->mailers, numbers[i],
                                     tide_example_list_get(&from->mailers, i)));
  }
  TIDE_TRY(tide_examples_merge(into->subjects, from->subjects));
  for (int i = 0; i < TIDE_TRAIT_COUNT; i++)
    if (into->traits[i])
      TIDE_TRY(tide_tally_merge(into->traits[i], from->traits[i], NULL));
  return addresses_merge(into, from, numbers);
}

tide_status tide_senders_merge(tide_senders *into, const tide_senders *from) {
  uint32_t *numbers = malloc((from->count + 1u) * sizeof *numbers);
  const tide_status status = numbers ? senders_merge(into, from, numbers) : TIDE_FATAL;
  free(numbers);
  return status;
}

tide_status tide_senders_settle(tide_senders *s) {
  for (int i = 0; i < TIDE_TRAIT_COUNT; i++)
    if (s->traits[i])
      TIDE_TRY(tide_tally_settle(s->traits[i]));
  return TIDE_OK;
}

/* --- reading --- */

uint32_t tide_senders_count(const tide_senders *s) {
  return s->count;
}
tide_span tide_senders_fingerprint(const tide_senders *s, uint32_t number) {
  return tide_map_key(&s->fingerprints, number);
}
const tide_sender *tide_senders_get(const tide_senders *s, uint32_t number) {
  return fact_at(s, number);
}
uint32_t tide_senders_find(const tide_senders *s, tide_span fingerprint) {
  const uint32_t number = tide_map_find(&s->fingerprints, fingerprint);
  return number == TIDE_MAP_NONE ? TIDE_EXAMPLE_NONE : number;
}

const tide_example *tide_senders_layout(const tide_senders *s, uint32_t number) {
  return number < s->count ? tide_example_list_get(&s->layouts, number) : NULL;
}
const tide_example *tide_senders_mailer(const tide_senders *s, uint32_t number) {
  return number < s->count ? tide_example_list_get(&s->mailers, number) : NULL;
}

const tide_tally *tide_senders_trait(const tide_senders *s, tide_trait trait) {
  return s->traits[trait];
}
const tide_examples *tide_senders_subjects(const tide_senders *s) {
  return s->subjects;
}

tide_status tide_senders_addresses(const tide_senders *s, tide_sender_address **out, size_t *count,
                                   unsigned *halvings) {
  tide_sender_address *all = malloc((s->slot_count + 1) * sizeof *all);
  size_t n = 0;
  if (!all)
    return TIDE_FATAL;
  for (size_t i = 0; i < s->slot_cap; i++)
    if (s->slots[i].messages)
      all[n++] = s->slots[i];
  *out = all;
  *count = n;
  *halvings = s->halvings;
  return TIDE_OK;
}
