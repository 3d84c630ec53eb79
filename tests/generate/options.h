/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked for. */
#ifndef GENERATE_OPTIONS_H
#define GENERATE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum gen_format { GEN_MBOX, GEN_MAILDIR, GEN_FILES } gen_format;
typedef enum gen_size_mix { GEN_MIX_DEFAULT, GEN_MIX_SMALL } gen_size_mix;
typedef enum gen_dates { GEN_DATES_PLAIN, GEN_DATES_HOSTILE } gen_dates;
typedef enum gen_bodies { GEN_BODIES_MIXED, GEN_BODIES_TEMPLATES } gen_bodies;
typedef enum gen_dialect { GEN_MBOXRD, GEN_MBOXO, GEN_MBOXCL2 } gen_dialect;

typedef enum gen_falls { GEN_FALLS_TOGETHER, GEN_FALLS_APART } gen_falls;

typedef struct gen_options {
  uint64_t seed;
  gen_format format;
  const char *output;                      /* NULL or "-": standard output, for mbox only */
  const char *truth, *truth_daily, *rules; /* NULL: not written */
  uint64_t messages, per_day;              /* exactly one is not 0 */
  int64_t start, event;                    /* seconds UTC; start is a midnight */
  bool has_event;
  uint32_t days, drop, recovery_days; /* recovery_days 0: no comeback */
  uint32_t overdispersion;            /* hundredths */
  uint32_t origins;                   /* 0: as many as suit the number of messages */
  uint32_t campaigns, forged, ham;
  uint32_t botnets; /* 0: campaigns with senders of their own */
  gen_falls falls;
  gen_size_mix size_mix;
  gen_bodies bodies;
  gen_dates dates;
  gen_dialect dialect;
  bool crlf;
} gen_options;

enum { GEN_LIMIT_CAMPAIGNS = 200, GEN_LIMIT_BOTNETS = 100 };

#endif
