/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message, with line ends as LF and without any mbox quoting. */
#ifndef GENERATE_MESSAGE_H
#define GENERATE_MESSAGE_H

#include "plan.h"

typedef struct gen_message {
  gen_buffer head, body;  /* the header block without its empty line; what follows it */
  gen_buffer subject;     /* decoded, UTF-8 */
  gen_buffer sender;      /* of the envelope */
  gen_buffer id;          /* the Message-ID field's value, as written */
  gen_buffer plain, html; /* the text that the body is made of */
  int64_t time, claimed_time;
  uint32_t origin,
      relayed_from; /* relayed_from: who handed list mail to the list server; 0 for none */
  uint32_t recipients, hops;
  const char *mailer;
  bool forged;
} gen_message;

/* Makes the number-th message of the plan; the buffers are reused. */
void gen_message_make(gen_message *, const gen_plan *, uint64_t number);
void gen_message_free(gen_message *);

#endif
