/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting an archive: each message in one bin, in its groups and in the total. What timeline,
 * compare and the other tables over time are made from. */
#ifndef CMD_COUNTING_H
#define CMD_COUNTING_H

#include "session.h"

/* The earliest message of the first bin, or of the last: who wants to see what stands alone there
 * can look at it. */
typedef struct counting_end {
  bool any;
  int64_t bin, time;
  tide_buffer source;
  uint64_t offset;
} counting_end;

typedef struct counting {
  session *session;
  /* The bin of a time, as any number, and until when it lasts: times from `from` before `until`
   * have the same one. false: the message is filtered. */
  bool (*bin)(const session *, int64_t time, int64_t *bin, tide_bin *lasts);
  /* The day of a time, by its start, for `archive`; NULL: it is not wanted. */
  bool (*day)(const session *, int64_t time, int64_t *bin, tide_bin *lasts);
  bool with_total;
  bool with_ends; /* note the messages at both ends */
  /* Filled by counting_run; NULL before. */
  tide_tally *groups;
  tide_tally *total; /* each message once, in the empty group, where with_total; groups of --by can
                        share messages */
  tide_examples *examples;
  tide_tally *archive; /* where there is a `day`: every dated message that it took, whatever --where
                          says, in the empty group; messages alone */
  counting_end first, last; /* where with_ends: of the messages that were counted */
} counting;

/* Reads the session's mailboxes and counts them. The groups then have their names (templates) and
 * no more than --top of them are left. */
tide_status counting_run(counting *, tide_error *);
void counting_free(counting *);
/* The archive as far as it was read, whatever --where says. */
tide_extent counting_extent(const counting *);
/* TIDE_USAGE where the event lies before the first or behind the last message that was read; where
 * nothing was read, there is nothing to say. */
tide_status counting_event_check(const counting *, tide_error *);
/* A `bin` that is the session's --bin: the bin's start. */
bool counting_bin_start(const session *, int64_t time, int64_t *bin, tide_bin *lasts);

#endif
