/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who sends what, and when: everything but the text. */
#ifndef GENERATE_PLAN_H
#define GENERATE_PLAN_H

#include "options.h"
#include "words.h"

/* Which rule finds a campaign, so that every kind of rule is needed by some. */
typedef enum gen_rule_kind {
  GEN_RULE_SUBJECT, /* the brand stands in every subject */
  GEN_RULE_TEXT,    /* the brand stands in every text */
  GEN_RULE_BOTH,    /* one brand in the subject and another in the text: both rows of the rule are
                       needed */
  GEN_RULE_EITHER   /* one brand in the subject or another in the text: one row suffices */
} gen_rule_kind;

typedef struct gen_campaign {
  char name[40];
  const gen_theme *theme;
  gen_rule_kind kind;
  char brand[2][16];
  char host[48];  /* of its shop */
  uint32_t share; /* of the spam, in units that sum up to gen_plan.shares */
  bool vanishes;  /* at the event */
  uint32_t pool, pool_size,
      pool_forged; /* its origins in gen_plan.pool; the first pool_forged forge */
  uint32_t mailer;
} gen_campaign;

typedef struct gen_author { /* of list mail */
  char name[32], address[64], host[48];
  uint32_t ip;
  uint32_t mailer;
} gen_author;

enum { GEN_AUTHORS = 40, GEN_HAM = 0xffff };

typedef struct gen_arrival {
  int64_t time;
  uint32_t order;
  uint16_t campaign;       /* GEN_HAM: list mail */
  uint16_t sender, engine; /* with --botnets: which botnet or person, and which program */
  uint32_t address;
} gen_arrival;

typedef struct gen_plan {
  const gen_options *options;
  gen_words words;
  gen_campaign *campaigns;
  uint32_t shares, shares_after; /* of all campaigns, and of those that are left after the event */
  uint32_t *pool;
  uint32_t pool_size;
  gen_author authors[GEN_AUTHORS];
  uint32_t list_ip;
  uint32_t forged_share;       /* of the spam before the event, in 1/10000 */
  struct gen_botnets *botnets; /* NULL without --botnets */
  gen_arrival *arrivals;       /* in order of time */
  uint64_t count;
} gen_plan;

void gen_plan_make(gen_plan *, const gen_options *);
void gen_plan_free(gen_plan *);
bool gen_plan_after(const gen_plan *, int64_t time);
/* A random address that can stand on the open Internet: none of the special blocks of RFC 6890,
 * none that RFC 5737 keeps for documents, and no last octet of 0 or 255. */
uint32_t gen_public_address(gen_random *);

#endif
