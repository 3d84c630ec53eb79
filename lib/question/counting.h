/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting: what most questions make of records. */
#ifndef LIB_QUESTION_COUNTING_H
#define LIB_QUESTION_COUNTING_H

#include "question/question.h"
#include "table/receivers.h"

extern const tide_sink tide_counting_sink;
/* When all is counted: templates get their names, and the top groups are kept. TIDE_FATAL when
 * memory is out. */
tide_status tide_counting_finish(tide_question *, tide_error *);
void tide_counting_free(tide_counts *);

#endif
