/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extractors: each fills its part of a record from a message. */
#ifndef SPAMTIDE_EXTRACTOR_H
#define SPAMTIDE_EXTRACTOR_H

#include "spamtide/arena.h"
#include "spamtide/campaign.h"
#include "spamtide/date.h"
#include "spamtide/fingerprint.h"
#include "spamtide/message.h"
#include "spamtide/network.h"
#include "spamtide/received.h"
#include "spamtide/record.h"
#include "spamtide/services.h"
#include "spamtide/status.h"
#include "spamtide/trust.h"
#include "spamtide/zone.h"

/* What the extractors of a run share, read-only. All borrowed. */
typedef struct tide_extract_options {
  int64_t now;             /* the run's clock: what is dated more than a day later is not sane */
  const tide_trust *trust; /* may be NULL */
  const tide_services *services;   /* may be NULL */
  const tide_rules *rules;         /* may be NULL */
  const tide_networks *networks;   /* may be NULL */
  const tide_additions *additions; /* NULL only where no fingerprint is asked for */
  const tide_zone *envelope_zone;  /* of `From ` lines that write none; NULL: not known */
  bool webmail_origin; /* headers in which a webmail names its user's address decide the origin,
                          where they are there */
} tide_extract_options;

/* One extraction under way: what an extractor may use of the worker. */
typedef struct tide_extraction {
  const tide_extract_options *options;
  const tide_raw *raw;
  const tide_message *message;
  tide_matcher *matcher;
  tide_arena *arena;
} tide_extraction;

typedef struct tide_extractor {
  const char *name;
  unsigned fills;                                         /* TIDE_PART_… */
  unsigned (*needs)(const tide_extract_options *options); /* TIDE_NEED_…; NULL: headers only */
  unsigned uses; /* parts that must have been filled before */
  tide_status (*apply)(const tide_extraction *, tide_record *);
} tide_extractor;

/* All extractors, in an order in which each finds what it uses; NULL at the end. A new one is a
 * file in lib/extract/ and a line in lib/extract/extractor.c. */
extern const tide_extractor *const tide_extractors[];

/* The parts that `parts` needs, itself included. */
unsigned tide_extract_parts(unsigned parts);
/* What is needed of the message for parts, which are as tide_extract_parts gave them; here and
 * below. */
unsigned tide_extract_needs(unsigned parts, const tide_extract_options *);
/* Fills the record: first what every record has, then the parts, by their extractors. Adds defects.
 */
tide_status tide_extract(const tide_extraction *, unsigned parts, tide_record *out);

/* The index-th hop from the top, taken apart when first asked for; NULL beyond the last or when
 * memory is out. */
const tide_hop *tide_chain_hop(tide_chain *, uint32_t index, tide_arena *);

/* Whose the index-th hop is, where all hops above it are ours: as tide_hop_standing says, or of the
 * service or the organisation that received the message (origin.md). UNREAD when memory is out. */
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
/* For each hop below that one, from there down: does it contradict the one above (RFC 5321 4.4)?
 * CONSISTENT where nothing says so, else PRIVATE_BY, BACKWARDS or BY_MISMATCH. docs/origin.md says
 * what is a mismatch. */
tide_chain_verdict tide_chain_step(tide_chain_walk *, const tide_hop *);
/* Did the peer of `above` receive `below`, as far as names and addresses tell? A `by` fits a name
 * of the same registered domain, since hosts have several names, and an address of the same /24 or
 * /64, since farms share one. What cannot be compared fits. */
bool tide_chain_fits(const tide_hop *above, const tide_hop *below);

/* One statement of when a message came, as the time extractor reads it. */
typedef struct tide_time_statement {
  tide_span text;             /* as written; empty for a file's name */
  tide_date date;             /* where it is readable */
  bool there, readable, sane; /* sane: not before TIDE_NO_TIME_BEFORE, and not later than a day
                                 after the run's clock */
  const char *zone;           /* of a `From ` line: how its zone is known; else NULL */
} tide_time_statement;

/* What `source` says, whether or not another one decides. */
tide_time_statement tide_time_state(const tide_extraction *, tide_record *,
                                    tide_time_source source);

#endif
