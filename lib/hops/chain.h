/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of a message's Received fields: its hops, whose they are, and whether they contradict
 * each other. */
#ifndef LIB_HOPS_CHAIN_H
#define LIB_HOPS_CHAIN_H

#include "extract/extractor.h"
#include "hops/received.h"
#include "hops/services.h"
#include "hops/trust.h"

/* Zero-initialised has no hops. */
struct tide_chain {
  const tide_message *message;
  tide_hop *hops; /* in the arena; the first `parsed` are filled */
  uint32_t count, parsed;
  uint32_t next; /* index of the header field to parse next */
};

/* The chain of a message whose headers were read. */
static inline tide_chain tide_chain_of(const tide_message *m) {
  tide_chain chain = {.message = m, .next = m->first[TIDE_HEADER_RECEIVED]};
  for (uint32_t at = chain.next; at != TIDE_HEADER_NONE; at = m->headers[at].next)
    chain.count++;
  return chain;
}
/* The index-th hop from the top, parsed when it is first asked for. NULL beyond the last, or when
 * out of memory. */
const tide_hop *tide_chain_hop(tide_chain *, uint32_t index, tide_arena *);

/* The topmost hop that a server wrote when the message was delivered. A fetch from a mailbox, and
 * hops after the fetch, do not count: they come hours or months later. NULL if there is no hop, or
 * memory is out. */
const tide_hop *tide_chain_delivery(tide_chain *, const tide_trust *, tide_arena *);

/* Whose the index-th hop is, if all hops above it are ours: as tide_hop_standing says, or the
 * service or organisation that received the message (docs/origin.md). UNREAD when out of
 * memory. */
tide_standing tide_chain_standing(tide_chain *, uint32_t index, const tide_extract_options *,
                                  tide_arena *);

/* Seconds by which a hop may be dated later than the one above it: clocks are off, and zones that
 * are wrong by one are common. */
enum { TIDE_CHAIN_SKEW = 3600 };
/* A walk down the claims below the hop where the walk to the origin ended. */
typedef struct tide_chain_walk {
  const tide_hop *above; /* where the next hop's host must have handed over; NULL: not known */
  bool first;            /* the next is directly below the origin's hop */
} tide_chain_walk;

static inline tide_chain_walk tide_chain_begin(const tide_hop *outer) {
  return (tide_chain_walk){.above = outer, .first = true};
}
/* Call it for each hop below that one, going down: does the hop contradict the one above it (RFC
 * 5321 4.4)? CONSISTENT if not, else PRIVATE_BY, BACKWARDS or BY_MISMATCH. docs/origin.md says what
 * a mismatch is. */
tide_chain_verdict tide_chain_step(tide_chain_walk *, const tide_hop *);
/* Did the peer of `above` receive `below`, as far as names and addresses tell? A `by` fits a name
 * of the same registered domain, since hosts have several names, and an address of the same /24 or
 * /64, since farms share one. What cannot be compared fits. */
bool tide_chain_fits(const tide_hop *above, const tide_hop *below);

#endif
