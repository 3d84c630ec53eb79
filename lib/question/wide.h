/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads of a wide table. */
#ifndef LIB_QUESTION_WIDE_H
#define LIB_QUESTION_WIDE_H

#include "emit/sheet.h"
#include "table/timeline.h"

/* Adds the name of each group of the plan as a head: no two are the same, and none is that of a
 * head that the sheet has already. TIDE_FATAL when out of memory. */
tide_status tide_wide_heads(tide_sheet *, const tide_timeline_plan *, const tide_tally *groups,
                            tide_error *);

#endif
