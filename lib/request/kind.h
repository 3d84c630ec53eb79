/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of request: a type of question and the options that shape it. */
#ifndef LIB_REQUEST_KIND_H
#define LIB_REQUEST_KIND_H

#include "question/question.h"
#include "request/settings.h"

typedef struct tide_request_kind {
  const tide_question_type *question; /* its name is the request's */
  /* Another type, where what is asked for makes it another question; may be NULL. */
  const tide_question_type *(*instead)(const tide_settings *);
  const tide_option_group *const *groups; /* NULL at the end; those of the reading among them */
  /* Takes from `own` what is this question's alone; TIDE_USAGE; may be NULL. */
  tide_status (*options)(const tide_settings *, tide_question_options *, tide_error *);
  void (*prepare)(tide_settings *settings); /* sets what was not given and depends on what was; may
                                               be NULL */
} tide_request_kind;

extern const tide_request_kind tide_request_timeline, tide_request_compare, tide_request_placebo,
    tide_request_course, tide_request_changes, tide_request_recovery, tide_request_concentration,
    tide_request_families, tide_request_keywords, tide_request_records, tide_request_explain,
    tide_request_relays, tide_request_hits, tide_request_events;

/* All of them, NULL at the end, and one by its name; NULL if there is none. */
extern const tide_request_kind *const tide_request_kinds[];
const tide_request_kind *tide_request_kind_find(const char *name);

/* The options of the reading, NULL at the end. */
extern const tide_option_group *const tide_reading_options[];

#endif
