/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that shuffle their header fields, so that each message has a fingerprint of its own. */
#ifndef LIB_FAMILIES_SHUFFLED_H
#define LIB_FAMILIES_SHUFFLED_H

#include "base/stop.h"
#include "families/senders.h"

enum {
  TIDE_SHUFFLED_FIELDS = 4, /* names at least that a program shuffles */
  TIDE_SHUFFLED_ORDERS = 16 /* equally frequent orders that programs with an order of their own do
                               not come to together: see tide_shuffled_find */
};

/* Puts into first[i], for each fingerprint i that a shuffling program wrote, the number of one of
 * that program's fingerprints, the same for all of them; i itself for all others. *joined: how many
 * fingerprints have another's number.
 *
 * Fingerprints with the same names of fields in any order, and the same shapes, are held together.
 * Programs that keep an order are few of one such set, and each writes much; of a program that
 * shuffles hardly two messages have the same order. How many pairs of messages agree is Simpson's
 * measure (1949, Nature 163, 688): the programs of 6,800 messages of ham and spam (SpamAssassin's
 * corpus and others) come to 6 equally frequent orders at most, the sets of an engine that shuffles
 * (mccolo-2008) to 27 and more. A set is shuffled where so few pairs agree that it could hardly be
 * from TIDE_SHUFFLED_ORDERS orders (tide_agreement_p, at a level of 0.01 over all sets that are
 * large enough: Tarone 1990). Shuffled sets with the same shapes of which one has
 * one name more are one program, which writes a field or does not.
 *
 * first has room for tide_senders_count numbers. TIDE_FATAL when out of memory, TIDE_END soon after
 * *stop (may be NULL) became true. */
tide_status tide_shuffled_find(const tide_senders *, const atomic_bool *stop, uint32_t *first,
                               uint64_t *joined);

#endif
