/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reading: which mail is read, and all that its messages are held against, opened before any of
 * it is read. One reading answers several requests. */
#ifndef LIB_REQUEST_READING_H
#define LIB_REQUEST_READING_H

#include "engine/engine.h"
#include "question/event.h"
#include "question/family_names.h"
#include "question/question.h"
#include "question/servers.h"
#include "request/settings.h"

typedef struct tide_reading {
  /* Set by whoever opens it, and borrowed until tide_reading_free; what is not set is zero. */
  const tide_reading_settings *settings;
  const char *const *paths;
  size_t path_count; /* 0: standard input */
  int64_t now;       /* seconds since the epoch: what a message cannot be later than */
  const atomic_bool *stop;
  void (*say)(void *context, tide_remark, const char *sentence); /* without a full stop */
  void *say_context;
  /* Filled by tide_reading_begin. */
  tide_zone *zone, *envelope_zone;
  tide_calendar *calendar;
  /* Said by those who ask, before tide_reading_open. */
  unsigned parts;    /* TIDE_PART_… that are needed */
  const char *marks; /* as in tide_question_type */
  bool plain_rules;  /* somebody needs campaigns without such marks */
  /* Filled by tide_reading_open. */
  tide_trust *trust;
  tide_services *services;
  tide_rules *rules;
  tide_span *campaign_names;
  tide_networks *networks;
  tide_additions *additions;
  tide_labels *labels;
  tide_option_list labels_found; /* files of labels beside the mail that nobody named; owned */
  tide_duplicates *duplicates;   /* NULL: nobody asked for them */
  bool trust_auto; /* what looks like a server of the archive's owner is to be found and trusted */
  bool families_asked;  /* families are to be told before the mail is read for the answer */
  tide_run_options run; /* except progress, trouble and context, which are the opener's; paths are
                           set when all is open */
  /* Filled by tide_reading_prepare. */
  tide_servers found;
  tide_family_names families;
} tide_reading;

/* Zones and the calendar, which requests are made with. TIDE_USAGE. */
tide_status tide_reading_begin(tide_reading *, tide_error *);
/* Everything else that the settings name is opened and checked. TIDE_USAGE. */
tide_status tide_reading_open(tide_reading *, tide_error *);
/* Does the option say that word of copies of an earlier message? */
bool tide_reading_of_duplicates(const tide_reading *, const char *word);
/* What must be known before the mail is read for the answer: copies, where they can be told by
 * headers; with --trust auto, whose servers the
 * archive shows; and families, where a field needs them. Reads the mail for it. */
tide_status tide_reading_prepare(tide_reading *, tide_error *);
/* Says what the reading gives to think of: labels that fit nothing, copies. The account is that of
 * one of its questions. */
void tide_reading_cautions(const tide_reading *, const tide_account *);
/* After any of these, whatever it returned. */
void tide_reading_free(tide_reading *);

#endif
