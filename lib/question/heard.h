/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows on their way to a sheet, and the codes of cautions that are in them: what a reader finds
 * in a row is explained where the run says its cautions. */
#ifndef LIB_QUESTION_HEARD_H
#define LIB_QUESTION_HEARD_H

#include "question/question.h"
#include "table/receivers.h"

/* Whom a table tells its cautions: the question, and of several comparisons which one it was. */
typedef struct tide_hearer {
  const tide_question *question;
  char caption[64];
} tide_hearer;

void tide_hearer_hear(void *hearer, const char *text);

typedef struct tide_heard {
  tide_sheet *sheet;
  size_t behind; /* columns that come after that of the cautions */
  tide_caution_count count;
} tide_heard;

/* Of a table with a column `cautions`. */
tide_heard tide_heard_of(tide_sheet *, const tide_columns *);
tide_row_writer tide_heard_writer(tide_heard *);

/* Where servers are looked for that stopped while others went on. */
typedef struct tide_heard_servers {
  tide_bin reach, shown;     /* as those of tide_receivers */
  const tide_binning *civil; /* the type's days; NULL: 24 hours from the event */
} tide_heard_servers;

/* Has a table written whose rows are cautioned of such servers, and tells of these and what the
 * codes in the rows mean. */
typedef tide_status (*tide_heard_table)(const tide_question *, const tide_extent *,
                                        tide_receiver_gaps *, tide_heard *, tide_error *);
tide_status tide_heard_answer(const tide_question *, const tide_extent *,
                              const tide_heard_servers *, tide_heard_table, tide_error *);

#endif
