/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Botnets and people: mail of which it is known which program wrote it and who ran the program. */
#ifndef GENERATE_BOTNETS_H
#define GENERATE_BOTNETS_H

#include "message.h"

enum { GEN_CLIENTS = 8, GEN_BOTNET_ENGINES = 4 };

/* One botnet. Its engines run on the same computers. */
typedef struct gen_botnet {
  uint32_t first_engine, engines;
  uint32_t campaigns[3]; /* of plan->campaigns; the last is rented on the next botnet too */
  uint32_t bots, share;
  int64_t stops; /* INT64_MAX: never */
  bool takes;    /* the campaigns of those that stopped: twice the mail from then on */
} gen_botnet;

typedef struct gen_botnets {
  gen_botnet *at;
  uint32_t count, shares;
  uint32_t nat[3];    /* after which computers of all botnets stand */
  uint32_t relays[6]; /* of people's providers */
} gen_botnets;

/* In the place of the plan's own arrivals. */
void gen_botnets_make(gen_plan *);
void gen_botnets_free(gen_botnets *);
void gen_botnets_message(gen_message *, const gen_plan *, uint64_t number);
/* After the other columns of the truth: ",sender,engine,fate". */
void gen_botnets_truth(gen_buffer *, const gen_plan *, uint64_t number);

#endif
