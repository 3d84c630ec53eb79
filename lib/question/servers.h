/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who received and who handed over in an archive, and which of them are its owner's servers. */
#ifndef LIB_QUESTION_SERVERS_H
#define LIB_QUESTION_SERVERS_H

#include "question/question.h"
#include "tally/relays.h"

typedef struct tide_servers {
  tide_hint *kept; /* what was found to trust, in the order in which it was found */
  size_t kept_count;
  tide_hint *hints; /* all of the last reading */
  size_t hint_count;
} tide_servers;

/* Can all that is read be read a second time? */
bool tide_servers_can_read_again(const tide_run_options *);
/* Reads the archive until nothing new to trust is found, and adds what is found to the tide_trust,
 * which the run must use. What cannot be read again is read once. *account is that of the last
 * reading. */
tide_status tide_servers_find(tide_servers *, const tide_run_options *run, const tide_question *of,
                              tide_trust *, tide_account *, tide_error *);
void tide_servers_free(tide_servers *);

#endif
