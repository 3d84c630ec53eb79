/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what a person asked for to what a run needs: zone, event, windows, trust, rules, filters,
 * output. */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "output.h"
#include "progress.h"
#include "servers.h"
#include "settings.h"
#include "spamtide/bin.h"
#include "spamtide/emitter.h"
#include "spamtide/engine.h"
#include "spamtide/event.h"
#include "spamtide/table.h"

enum { SESSION_EXCLUDED_MAX = 64, SESSION_GROUPS_MAX = 8, SESSION_COLUMNS_MAX = 64 };

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
  servers found;   /* it */
  bool origins_shown; /* the answer shows origins, or counts by them */
  tide_services *services;
  tide_rules *rules;
  tide_networks *networks;
  tide_additions *additions;
  tide_filter *filter;
  session_instant instants[INSTANT_COUNT];
  tide_windows windows;
  tide_binning binning;
  tide_field_use groups[SESSION_GROUPS_MAX];
  size_t group_count;
  bool any_example;    /* some group has columns beside it */
  size_t group_values; /* columns of the groups in the table */
  tide_span *campaign_names;
  tide_emit_options emit;
  const tide_emitter *emitter;
  output out;
  bool out_open;
  tide_value *covered;  /* a row with --coverage behind it; as wide as the heads */
  const char **columns; /* heads, NULL-terminated names owned below */
  size_t column_count;
  tide_arena names;
  tide_buffer row_text;
  tide_bin excluded[SESSION_EXCLUDED_MAX];
  progress progress;
  tide_run_options run;
  tide_account account;
} session;

/* Everything that the settings name is opened and checked before any mail is read; parts is what
 * the command itself needs. */
tide_status session_open(session *, const settings *, unsigned parts, tide_error *);
/* The fields that a list option names between commas, most at most. TIDE_USAGE where one is unknown
 * or there are more. */
tide_status session_fields(const option_list *, const char *name, tide_field_use *out, size_t most,
                           size_t *count, tide_error *);
/* TIDE_USAGE where parts (of fields that were asked for by name) need a table that was not given.
 */
tide_status session_tables_check(const settings *, unsigned parts, tide_error *);
/* Says, on standard error, what somebody should know who reads the result; context is not used. */
void session_caution(void *context, const char *text);
/* Says what is wrong with what was asked for, where no session could be opened. Returns the exit
 * code. */
int session_refuse(const char *reason);
/* Adds a column's head; what is no letter and no digit becomes _, so that origin/16 is the column
 * origin_16. */
tide_status session_column(session *, tide_span name, tide_error *);
/* The same with the name as it is. */
tide_status session_head(session *, tide_span name, tide_error *);
/* Adds the heads of a table, those of the first group_fields fields of --by among them. */
tide_status session_columns(session *, const tide_columns *, size_t group_fields, tide_error *);
/* How many columns a field of --by has, with those beside it. */
size_t session_group_width(const session *, size_t field);
/* Gives groups what stands beside them, and puts templates in the place of signatures; *tally stays
 * what it is where there is nothing of the kind. */
tide_status session_show_examples(const session *, tide_tally **tally, const tide_examples *,
                                  tide_error *);
/* Opens the output and writes the heads, those of --coverage behind them. */
tide_status session_begin(session *, tide_error *);
/* Opens the output, for text that is no table, or for one whose heads come with session_heads: what
 * its size forbids is then refused before anything is written. */
tide_status session_begin_plain(session *, tide_error *);
tide_status session_heads(session *, tide_error *);
/* Writes one row of a table without groups. */
tide_status session_row_of(session *, const tide_columns *, const void *row, tide_error *);
/* A tide_row_writer's row: context is the session. */
tide_status session_row(void *context, const tide_value *row, size_t count, tide_error *);
/* What must be known before the mail is read for the answer: with --trust auto, whose servers the
 * archive shows. session_run does it itself. */
tide_status session_prepare(session *, tide_error *);
/* Runs the engine over the settings' paths. */
tide_status session_run(session *, const tide_sink *, tide_error *);
/* Ends the output (kept only where status is TIDE_OK), writes the account, frees all, and returns
 * the program's exit code. */
int session_close(session *, tide_status, const tide_error *);

/* Calls add for each group that a record stands in: every combination of the values of --by, those
 * of one axis together. Beyond TIDE_LIMIT_GROUPS the record has the defect TOO_MANY_GROUPS. */
tide_status session_each_group(const session *, tide_record *, tide_arena *, tide_buffer *scratch,
                               tide_status (*add)(void *context, tide_span group,
                                                  const tide_record *),
                               void *context);

enum { EXIT_ALL_READ = 0, EXIT_SOME_LOST = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

#endif
