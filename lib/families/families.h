/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families: fingerprints that are joined by their senders, or by a program that shuffles its
 * fields.
 */
#ifndef LIB_FAMILIES_FAMILIES_H
#define LIB_FAMILIES_FAMILIES_H

#include "base/stop.h"
#include "families/senders.h"

/* What is joined, and when. */
enum {
  TIDE_FAMILY_MIXED = 8,   /* an address with more fingerprints than these is a NAT or a relay that
                              does not say so: it joins no families */
  TIDE_FAMILY_COMMON = 3,  /* least number of addresses that two have in common, */
  TIDE_FAMILY_PERCENT = 5, /* and least percentage of the addresses of the one with fewer; */
  TIDE_FAMILY_HALVES = 2   /* or this many, if that is at least half of the addresses of both */
};

typedef struct tide_family {
  tide_span name;        /* of the fingerprint with the most messages, or the bytewise least of
                            several; empty if there is none */
  uint32_t fingerprints; /* how many */
  tide_sender all;       /* of all of them */
  uint32_t largest;      /* the number of the one that gives the name; TIDE_EXAMPLE_NONE for
                            "(other)" */
} tide_family;

/* Where a limit was reached. */
typedef struct tide_families_bounds {
  uint32_t others;   /* families in "(other)", beyond TIDE_LIMIT_FAMILIES */
  unsigned halvings; /* as of tide_senders_addresses */
} tide_families_bounds;

typedef struct tide_families {
  tide_family *at; /* sorted by name */
  uint32_t count;
  tide_families_bounds bounds;
  uint32_t *of;      /* by fingerprint: its family's index */
  uint64_t shuffled; /* fingerprints that tide_shuffled_find joined to others, */
  uint64_t compared; /* pairs of those left that were compared by their senders, */
  uint64_t joined;   /* and that were found to belong together */
} tide_families;

/* Joins fingerprints to families.
 *
 * The fingerprints of a program that shuffles its fields are one family (families/shuffled.h). Two
 * others belong together if they have more addresses in common than chance explains
 * (tide_overlap_p), at a level of 0.01 over all pairs (Bonferroni) of fingerprints with at least
 * TIDE_FAMILY_HALVES addresses; this is transitive. An address counts only if it sent its messages
 * itself (tide_sender_address) and has at most TIDE_FAMILY_MIXED fingerprints.
 *
 * The number of addresses to draw from is the smaller of two. One is Chao's lower bound by their
 * messages: most sent only one message, so the number seen would be far too low. The other is the
 * number of equally busy addresses at which two programs would meet as often as at these (Simpson
 * 1949): a few have several programs, and two of those meet there by chance. Zhuang & others (LEET
 * 2008) join campaigns by the share of their senders, as do John & others (Botlab, NSDI 2009).
 *
 * The result depends only on what was counted. tide_families_free when done; TIDE_FATAL when out
 * of memory, TIDE_END soon after *stop (may be NULL) became true. */
tide_status tide_families_find(const tide_senders *, const atomic_bool *stop, tide_families *out);
void tide_families_free(tide_families *);

#endif
