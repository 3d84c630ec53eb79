/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Duplicates: which messages of an archive are copies of an earlier one. */
#ifndef LIB_RECORD_DUPLICATES_H
#define LIB_RECORD_DUPLICATES_H

#include "base/firsts.h"
#include "base/status.h"

/* What is known of the messages that were met; one for each reading at a time. */
typedef struct tide_duplicates tide_duplicates;

typedef struct tide_duplicates_options {
  bool drop;     /* who reads leaves them out: as if they were not in the archive */
  bool places;   /* places of the first ones are asked for: four bytes more for each message, and
                    the path of each file once */
  uint64_t most; /* messages that are remembered; 0: TIDE_LIMIT_DUPLICATES. The copies of those
                    that are met later are not noticed */
} tide_duplicates_options;

/* What became of a message. */
typedef struct tide_duplicate {
  bool is;          /* a copy of one that was met before */
  tide_span source; /* where that one is, where places were asked for; borrowed */
  uint64_t offset;
} tide_duplicate;

tide_status tide_duplicates_new(tide_duplicates **out, const tide_duplicates_options *);
const tide_duplicates_options *tide_duplicates_options_of(const tide_duplicates *);
/* Which IDs of messages (copy_id) occur more than once in what will be read may be known before:
 * first how many IDs there are in all, then each that is repeated. A message with another ID is
 * neither a copy nor has one, and need not be met. TIDE_FATAL when out of memory. */
tide_status tide_duplicates_expect(tide_duplicates *, uint64_t ids);
void tide_duplicates_add_repeated(tide_duplicates *, tide_wide_hash id);
/* May a message of that ID have a copy? True if nothing is known, and of a few others. */
bool tide_duplicates_may_repeat(const tide_duplicates *, tide_wide_hash id);
bool tide_duplicates_knows_repeated(const tide_duplicates *);
/* Forgets all that was met: a reading begins. */
void tide_duplicates_begin(tide_duplicates *);
/* The next message in the order of the archive, by one thread at a time. Two messages of the same
 * key are copies of one. label: of the message, empty if it has none. TIDE_FATAL when memory is
 * out. */
tide_status tide_duplicates_meet(tide_duplicates *, tide_wide_hash key, tide_span label,
                                 tide_span source, uint64_t offset, tide_duplicate *out);

typedef struct tide_duplicates_account {
  uint64_t found, forgotten; /* messages that are copies; those that were not remembered */
  uint64_t contradicted;     /* copies with another label than the first one, where both have one */
  tide_span first_contradicted; /* the source of the first of these; borrowed */
  uint64_t first_contradicted_at;
} tide_duplicates_account;

void tide_duplicates_sum(const tide_duplicates *, tide_duplicates_account *out);
void tide_duplicates_free(tide_duplicates *);

#endif
