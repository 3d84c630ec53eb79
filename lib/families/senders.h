/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Senders: what is known of each fingerprint's mail, and from which addresses it came. Counts that
 * can be added to in any order and merged in any split, with the same result. */
#ifndef LIB_FAMILIES_SENDERS_H
#define LIB_FAMILIES_SENDERS_H

#include "tally/example.h"
#include "record/field.h"
#include "record/record.h"
#include "base/status.h"
#include "tally/tally.h"

typedef struct tide_senders tide_senders;

/* What a fingerprint's messages have, each value counted. X(enumerator, part) */
#define TIDE_TRAITS(X)                                                                             \
  X(NETWORK, TIDE_PART_NETWORK)   /* asn */                                                        \
  X(CAMPAIGN, TIDE_PART_CAMPAIGN) /* names; a message counts in each that it matches */            \
  X(TEMPLATE, TIDE_PART_TEMPLATE) /* signatures */

typedef enum tide_trait {
#define X(id, part) TIDE_TRAIT_##id,
  TIDE_TRAITS(X)
#undef X
      TIDE_TRAIT_COUNT
} tide_trait;

/* event: what "before" and "behind" refer to; without one, nothing is before. parts: TIDE_PART_…
 * that records have, which decide the traits that are counted. */
typedef struct tide_senders_options {
  bool has_event;
  int64_t event;
  unsigned parts;
} tide_senders_options;

/* One fingerprint; times in seconds since the epoch. */
typedef struct tide_sender {
  uint64_t messages;
  int64_t first, last;
  /* Is there mail before the event, and from it on? In the 24 hours from it, and after those? */
  bool before, behind, within, later;
  int64_t last_before, first_behind, last_within, first_later;
} tide_sender;

/* Adds the mail of `from`. */
void tide_sender_add(tide_sender *to, const tide_sender *from);

tide_status tide_senders_new(const tide_senders_options *, tide_senders **out);
void tide_senders_free(tide_senders *);
/* Counts a dated record; one without a fingerprint counts under the empty one. Memory grows with
 * fingerprints and values of traits; addresses beyond TIDE_LIMIT_SENDERS are sampled. */
tide_status tide_senders_add(tide_senders *, const tide_record *, const tide_field_context *);
/* Ends the adding, as tide_tally_settle. */
tide_status tide_senders_settle(tide_senders *);
/* Adds all of `from`, which has the same options. */
tide_status tide_senders_merge(tide_senders *into, const tide_senders *from);

/* Fingerprints are numbered from 0 in the order of their first appearance, which depends on the
 * split. What is returned is borrowed until the next change. */
uint32_t tide_senders_count(const tide_senders *);
tide_span tide_senders_fingerprint(const tide_senders *, uint32_t number);
const tide_sender *tide_senders_get(const tide_senders *, uint32_t number);
/* The number of a fingerprint, or TIDE_EXAMPLE_NONE. */
uint32_t tide_senders_find(const tide_senders *, tide_span fingerprint);
/* Its earliest message, with the layout as text; and with the mailer that it names as text. NULL
 * for a number that is none. */
const tide_example *tide_senders_layout(const tide_senders *, uint32_t number);
const tide_example *tide_senders_mailer(const tide_senders *, uint32_t number);
/* Messages by trait: groups are (fingerprint, value), all in bin 0. NULL if it is not counted.
 */
const tide_tally *tide_senders_trait(const tide_senders *, tide_trait);
/* Of the templates: the earliest message of each signature, with the subject as text. */
const tide_examples *tide_senders_subjects(const tide_senders *);

/* An address that sent messages of a fingerprint itself: nothing in them says that it only passed
 * them on. For IPv6 it is the /64, which is what one host has. */
typedef struct tide_sender_address {
  uint64_t high, low; /* of the address; an IPv4 address is mapped (RFC 4291 2.5.5.2) */
  uint32_t number;    /* of the fingerprint */
  uint32_t messages;
} tide_sender_address;
/* All of them, in no order, in an array that the caller frees. Where there would be more than
 * TIDE_LIMIT_SENDERS, those of a part of all addresses: one in 2^*halvings, chosen by a hash of the
 * address alone. TIDE_FATAL when out of memory. */
tide_status tide_senders_addresses(const tide_senders *, tide_sender_address **out, size_t *count,
                                   unsigned *halvings);

#endif
