/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request: what somebody asks for, in the words of options, made into a question. The program and
 * the public interface (lib/api/) both ask through these functions. */
#ifndef LIB_REQUEST_REQUEST_H
#define LIB_REQUEST_REQUEST_H

#include "request/kind.h"
#include "request/reading.h"

enum { TIDE_EXCLUDED_MAX = 64 };

/* A point in time that a person wrote: of --event, --since or --until. */
typedef struct tide_instant {
  const char *option, *written; /* written: NULL if it was not */
  int64_t time;
  bool zoned; /* false: it names no zone, and is taken in that of --tz */
} tide_instant;

enum { TIDE_INSTANT_EVENT, TIDE_INSTANT_SINCE, TIDE_INSTANT_UNTIL, TIDE_INSTANT_COUNT };

/* Stays where it is until tide_request_free: its question points into it. */
typedef struct tide_request {
  /* Set by whoever opens it, and borrowed; what is not set is zero. */
  const tide_request_kind *kind; /* NULL: no question is asked, only what its options say is read */
  const tide_settings *asked;
  unsigned parts;              /* TIDE_PART_… beside those of the question */
  const tide_emitter *emitter; /* NULL: what asked->format names */
  tide_status (*write)(void *context, tide_span text, tide_error *); /* as a sheet's */
  void *context;
  tide_sheet *rules; /* keywords: where their rule file goes; may be NULL */
  void (*say)(void *context, tide_remark, const char *sentence); /* without a full stop */
  void *say_context;
  /* Filled by tide_requests_open. */
  tide_settings settings; /* with what the kind sets where it was not given */
  tide_instant instants[TIDE_INSTANT_COUNT];
  tide_bin excluded[TIDE_EXCLUDED_MAX];
  tide_filter *filter, *control;
  tide_mark *marks;   /* not NULL: the calendar's events are in its rows */
  bool origins_shown; /* the answer shows origins, or counts by them */
  tide_sheet sheet;
  tide_question question;
} tide_request;

/* Opens the reading and all requests and checks what they ask for, before any mail is read.
 * TIDE_USAGE; TIDE_FATAL. */
tide_status tide_requests_open(tide_request *const *, size_t count, tide_reading *, tide_error *);
/* Reads the mail once for all of them, one to TIDE_SINKS_MAX, after tide_reading_prepare; then
 * tide_question_write writes the answer of each. As tide_questions_ask. */
tide_status tide_requests_ask(tide_request *const *, size_t count, tide_reading *, tide_error *);
/* Says why not to trust the answers, when they are written. */
void tide_requests_cautions(tide_request *const *, size_t count, const tide_reading *);
/* After tide_requests_open, whatever it returned. */
void tide_request_free(tide_request *);

#endif
