/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who received and who handed over in an archive, and which of them are its owner's servers. */
#ifndef CMD_SERVERS_H
#define CMD_SERVERS_H

#include "spamtide/engine.h"
#include "spamtide/relays.h"
#include "spamtide/table.h"

typedef struct servers {
  tide_relays *whole; /* of the last reading */
  uint64_t messages;  /* with a Received header */
  tide_hint *kept;    /* what was found to trust, in the order in which it was found */
  size_t kept_count;
  tide_hint *hints; /* all of the last reading */
  size_t hint_count;
} servers;

/* Reads the archive once and counts; run must extract TIDE_PART_TIME and TIDE_PART_ORIGIN. */
tide_status servers_count(servers *, const tide_run_options *run, tide_account *, tide_error *);
/* Can all that is read be read a second time? */
bool servers_can_read_again(const tide_run_options *);
/* Reads the archive until nothing new to trust is found, and adds what is found to trust, which the
 * run must use. What cannot be read again is read once. *account is of the last reading. */
tide_status servers_find(servers *, const tide_run_options *run, tide_trust *, tide_account *,
                         tide_error *);
void servers_free(servers *);

#endif
