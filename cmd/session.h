/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a person asked for to what a run needs: zone, event, windows, trust, rules, filters,
 * output. */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "output.h"
#include "progress.h"
#include "settings.h"
#include "base/bin.h"
#include "emit/emitter.h"
#include "engine/engine.h"
#include "question/event.h"
#include "question/family_names.h"
#include "question/question.h"
#include "question/servers.h"

enum { SESSION_EXCLUDED_MAX = 64 };

/* A point in time that a person wrote: of --event, --since or --until. */
typedef struct session_instant {
  const char *option, *written; /* written: NULL where it was not */
  int64_t time;
  bool zoned; /* false: it names no zone, and is taken in that of --tz */
} session_instant;

enum { INSTANT_EVENT, INSTANT_SINCE, INSTANT_UNTIL, INSTANT_COUNT };

typedef struct session {
  const settings *settings;
  tide_zone *zone, *envelope_zone;
  tide_calendar *calendar;
  bool calendar_shown; /* its events stand in the rows: for the account */
  tide_trust *trust;
  bool trust_auto; /* what looks like a server of the archive's owner is to be found and trusted */
  tide_servers found;  /* it */
  bool families_asked; /* families are to be told before the mail is read for the answer */
  tide_family_names families;
  bool origins_shown; /* the answer shows origins, or counts by them */
  tide_services *services;
  tide_rules *rules;
  tide_networks *networks;
  tide_additions *additions;
  tide_labels *labels;
  tide_duplicates *duplicates;
  tide_filter *filter, *control;
  session_instant instants[INSTANT_COUNT];
  tide_bin excluded[SESSION_EXCLUDED_MAX];
  tide_question question; /* its account is that of every command that reads mail */
  tide_span *campaign_names;
  tide_sheet sheet;
  tide_sheet rules_sheet; /* of --rules-out: into rules_text, which is written when all is done */
  tide_buffer rules_text;
  output out;
  bool out_open;
  progress progress;
  tide_run_options run;
  char **cautions; /* the sentences that were said, for the account */
  size_t caution_count;
  bool caution_lost; /* memory was out for one */
} session;

/* Everything that the settings name is opened and checked before any mail is read. The question is
 * what the command has made of it so far, or NULL; parts is what the command itself needs. */
tide_status session_open(session *, const settings *, const tide_question *, unsigned parts,
                         tide_error *);
/* TIDE_USAGE where parts (of fields that were asked for by name) need a table that was not given.
 */
tide_status session_tables_check(const settings *, unsigned parts, tide_error *);
/* Says what is wrong with what was asked for, where no session could be opened. Returns the exit
 * code. */
int session_refuse(const char *reason);
/* Says why not to trust the answer, and keeps it for the account. */
void session_caution(session *, const char *sentence);
/* Opens the output. */
tide_status session_begin(session *, tide_error *);
/* What must be known before the mail is read for the answer: with --trust auto, whose servers the
 * archive shows; and families, where a field needs them. */
tide_status session_prepare(session *, tide_error *);
/* Ends the output (kept only where status is TIDE_OK), writes the account, frees all, and returns
 * the program's exit code. */
int session_close(session *, tide_status, const tide_error *);

enum { EXIT_ALL_READ = 0, EXIT_SOME_LOST = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

#endif
