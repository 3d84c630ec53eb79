/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a message was delivered, as each of its statements has it. */
#ifndef LIB_HOPS_DELIVERY_H
#define LIB_HOPS_DELIVERY_H

#include "mail/date.h"
#include "extract/extractor.h"

/* One statement of when a message came, as the time extractor reads it. */
typedef struct tide_time_statement {
  tide_span text;             /* as written; empty for a file's name */
  tide_date date;             /* where it is readable */
  bool there, readable, sane; /* sane: not before TIDE_NO_TIME_BEFORE, and not later than a day
                                 after the run's clock */
  const char *zone;           /* of a `From ` line: how its zone is known; else NULL */
} tide_time_statement;

/* What `source` says, whether or not another one decides. */
tide_time_statement tide_time_state(const tide_extraction *, tide_time_source source);

#endif
