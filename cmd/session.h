/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command's run: what it asks, what it reads, where it writes, and what it tells a person. */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include <time.h>

#include "output.h"
#include "progress.h"
#include "invocation.h"
#include "request/request.h"

typedef struct session {
  const settings *settings;
  tide_reading reading;
  tide_request request;   /* its account is that of every command that reads mail */
  tide_sheet rules_sheet; /* of --rules-out: into rules_text, which is written when all is done */
  tide_buffer rules_text;
  output out;
  bool out_open;
  bool reads_mail;       /* and has paths to read */
  struct timespec began; /* by the clock of files, whatever SOURCE_DATE_EPOCH says */
  progress progress;
  char **cautions; /* the sentences that were said, for the account */
  size_t caution_count;
  bool caution_lost; /* memory was out for one */
} session;

/* What a command does with an open session: it begins, and writes its answer. */
typedef tide_status session_answer(session *, tide_error *);
/* Everything that the settings name is opened and checked before any mail is read; then the session
 * is answered and closed. Returns the exit code. kind is NULL if no question is asked. What
 * reads no mail has no account. */
int session_run(const settings *, const tide_request_kind *kind, session_answer *);
/* Reads the mail and writes the answer. */
tide_status session_ask(session *, tide_error *);
/* Says what is wrong with what was asked for, where no session could be opened. Returns the exit
 * code. */
int session_refuse(const char *reason);
/* Opens the output. */
tide_status session_begin(session *, tide_error *);
/* What must be known before the mail is read for the answer: with --trust auto, whose servers the
 * archive shows; and families, where a field needs them. */
tide_status session_prepare(session *, tide_error *);
enum { EXIT_ALL_READ = 0, EXIT_SOME_LOST = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

#endif
