/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Duplicates: which messages of an archive are copies of an earlier one. */
#ifndef LIB_RECORD_DUPLICATES_H
#define LIB_RECORD_DUPLICATES_H

#include "base/firsts.h"
#include "base/status.h"

/* The messages that were seen so far. One serves one reading at a time. */
typedef struct tide_duplicates tide_duplicates;

typedef struct tide_duplicates_options {
  bool drop;     /* the reader leaves copies out, as if they were not in the archive */
  bool places;   /* keep the place of each first copy: four bytes more for each message, and the
                    path of each file once */
  uint64_t most; /* messages to remember; 0: TIDE_LIMIT_DUPLICATES. Copies of later messages are
                    not noticed */
} tide_duplicates_options;

/* What became of a message. */
typedef struct tide_duplicate {
  bool is;          /* a copy of an earlier message */
  tide_span source; /* the path of that message, if `places` is set; borrowed */
  uint64_t offset;
} tide_duplicate;

tide_status tide_duplicates_new(tide_duplicates **out, const tide_duplicates_options *);
const tide_duplicates_options *tide_duplicates_options_of(const tide_duplicates *);
/* For a caller that knows before the reading which message IDs (copy_id) occur more than once: call
 * expect with the number of all IDs, then add_repeated with each ID that is repeated. A message
 * with another ID neither is a copy nor has one, and need not be passed to tide_duplicates_meet.
 * TIDE_FATAL when out of memory. */
tide_status tide_duplicates_expect(tide_duplicates *, uint64_t ids);
void tide_duplicates_add_repeated(tide_duplicates *, tide_wide_hash id);
/* Can a message of that ID have a copy? True also if nothing is known, and by chance for a few IDs
 * that are not repeated. */
bool tide_duplicates_may_repeat(const tide_duplicates *, tide_wide_hash id);
bool tide_duplicates_knows_repeated(const tide_duplicates *);
/* Forgets all messages, for a new reading. */
void tide_duplicates_begin(tide_duplicates *);
/* Takes the next message in the order of the archive, from one thread at a time. Messages with the
 * same key are copies. label is the message's, empty if it has none. TIDE_FATAL when out of
 * memory. */
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
