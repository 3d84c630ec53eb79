/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question asked of made mail: what it writes is kept, and it may only be refused with a reason.
 */
#ifndef TESTS_FUZZ_ASK_H
#define TESTS_FUZZ_ASK_H

#include <stdlib.h>

#include "base/buffer.h"
#include "question/question.h"

/* Keeps what is written in the tide_buffer that is the context. */
static inline tide_status fuzz_keep(void *buffer, tide_span text, tide_error *err) {
  (void)err;
  return tide_buffer_put(buffer, text);
}

/* A remark that says nothing is a fault. */
static inline void fuzz_say(void *context, tide_remark remark, const char *sentence) {
  (void)context;
  (void)remark;
  if (!*sentence)
    abort();
}

/* true: it was answered; false: it was refused as wrong usage. Anything else is a fault. */
static inline bool fuzz_ask(tide_question *q, const tide_run_options *run) {
  tide_question *const asked[] = {q};
  tide_error err = {0};
  tide_status status = tide_question_check(q, &err);
  if (status == TIDE_OK)
    status = tide_questions_ask(asked, 1, run, &err);
  if (status == TIDE_OK)
    status = tide_question_write(q, &err);
  if (status != TIDE_OK && (status != TIDE_USAGE || !*err.text))
    abort();
  return status == TIDE_OK;
}

#endif
