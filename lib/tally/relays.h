/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who received and who handed over, over a whole archive: counts that merge like a tally. */
#ifndef LIB_TALLY_RELAYS_H
#define LIB_TALLY_RELAYS_H

#include "base/ip.h"
#include "base/span.h"
#include "base/status.h"

typedef struct tide_relays tide_relays;

typedef enum tide_relay_role { TIDE_RELAY_RECEIVER, TIDE_RELAY_PEER } tide_relay_role;

/* When something was seen: seconds since the epoch; nothing was where first > last. */
typedef struct tide_days {
  int64_t first, last;
} tide_days;

/* A host in one role at one depth. */
typedef struct tide_relay {
  tide_relay_role role;
  tide_span host; /* a receiver's name in lower case, or its address; a peer's address */
  tide_span
      name; /* of a peer: a name that was looked up for it, the first by bytes of those there are */
  uint32_t depth;    /* 1 is the topmost Received header */
  uint64_t messages; /* in which it is there */
  uint64_t believed; /* of those: where a server of ours wrote the header */
  uint64_t fetched;  /* of those: where our own program fetched the message from it */
  tide_days days;
} tide_relay;

/* A peer at which the walk to the origin ended. */
typedef struct tide_handover {
  tide_ip peer;
  tide_span name, helo; /* looked up; claimed: each the first by bytes of those there are */
  uint64_t messages;
  uint64_t linked;  /* where it is in its own name in the header below: it passed the message on */
  uint64_t kin;     /* where its name is of the registered domain of a server of ours */
  uint64_t sources; /* distinct public peers that come below it */
  tide_days days;
} tide_handover;

tide_status tide_relays_new(tide_relays **out);
void tide_relays_free(tide_relays *);

/* Adds one message's sight of a host. host and name are copied; name may be empty. TIDE_FATAL when
 * memory is out. Memory grows with distinct hosts and depths, not with messages. days is one
 * instant, or nothing. */
tide_status tide_relays_add(tide_relays *, const tide_relay *sight);
/* Adds one message's end of the walk. source (may be NULL) is the public peer below; linked and kin
 * are 0 or 1, messages 1. */
tide_status tide_relays_end(tide_relays *, const tide_handover *end, const tide_ip *source);
/* Adds all of `from`, in any order with the same result. */
tide_status tide_relays_merge(tide_relays *into, const tide_relays *from);

/* Numbered from 0 in an order that depends on the split; spans live as long as the relays. */
uint32_t tide_relays_count(const tide_relays *);
tide_relay tide_relays_at(const tide_relays *, uint32_t number);
uint32_t tide_relays_end_count(const tide_relays *);
tide_handover tide_relays_end_at(const tide_relays *, uint32_t number);

#endif
