/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query: one question, in the words of the command line.
 *
 * "timeline", "compare" and so on are the questions, and what `spamtide timeline --bin week` says
 * by an option is said by tide_query_set(query, "bin", "week", …). New abilities come as questions,
 * options and columns with names, not as functions: tide_question_name and tide_option_name
 * (catalog.h) list them. A query holds no mail and can be asked of one archive after another.
 *
 * A query is used by one thread at a time. Text that is passed in is copied. */
#ifndef SPAMTIDE_QUERY_H
#define SPAMTIDE_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "spamtide/row.h"
#include "spamtide/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tide_query tide_query;

/* A new query, the caller's to free. TIDE_USAGE where there is no such question; TIDE_FATAL when
 * memory is out. *out is set only on success. */
TIDE_PUBLIC tide_status tide_query_new(tide_query **out, const char *question, tide_error *);
TIDE_PUBLIC void tide_query_free(tide_query *); /* may be NULL */

/* Sets an option, by its long name without dashes. value is what stands after it on the command
 * line: durations "28d", fields "origin/16", and NULL for one that takes no argument. An option
 * that may be given several times gets one value more; of others the last one holds. TIDE_USAGE
 * where the question has no such option, or the value is none for it: that is known at once of
 * numbers, durations and choices, and of the rest when it is asked (tide_archive_ask). */
TIDE_PUBLIC tide_status tide_query_set(tide_query *, const char *option, const char *value,
                                       tide_error *);

/* Where the answer goes as text, in the form of the option format (csv where it is not set). write
 * is called with pieces of it, in order, one call at a time but not always from the thread that
 * asks; text has no NUL after it and lives until write returns. What write returns ends the run
 * unless it is TIDE_OK: TIDE_END without a reason, TIDE_FATAL with one in the text of the error,
 * which is never NULL there. */
typedef tide_status tide_write(void *context, const char *text, size_t length, tide_error *);
TIDE_PUBLIC void tide_query_write_to(tide_query *, tide_write *write, void *context);

/* Where the answer goes cell by cell, instead of as text. heads (may be NULL) is called once,
 * before the first row and also where no row follows, with a row of empty cells that has the
 * columns; the question explain has no heads, and its rows differ in their columns. Calls and what
 * they return are as those of tide_write. */
typedef tide_status tide_take_row(void *context, const tide_row *, tide_error *);
TIDE_PUBLIC void tide_query_rows_to(tide_query *, tide_take_row *heads, tide_take_row *row,
                                    void *context);

/* Whom the answer's notes and cautions are told, as sentences without a full stop: during
 * tide_archive_ask, from the thread that asks. Without one nobody is told. */
typedef void tide_say(void *context, tide_remark, const char *sentence);
TIDE_PUBLIC void tide_query_say_to(tide_query *, tide_say *say, void *context);

/* How it ended when it was last asked: status TIDE_OK and an empty text where it was answered,
 * TIDE_END where it was not asked or not reached. Lives until the next call with this query. */
TIDE_PUBLIC const tide_error *tide_query_error(const tide_query *);

/* A number of its account: what became of every message when it was last asked. Each message that
 * was read is in exactly one of "messages.counted", "messages.filtered", "messages.undated",
 * "messages.damaged", "messages.undecided" and "messages.duplicate", whose sum is "messages.read";
 * tide_count_name (catalog.h) lists all names, which are those of the file that --account writes.
 * *out is set only on success. TIDE_USAGE where there is no such number. Before it is asked all are
 * 0. */
TIDE_PUBLIC tide_status tide_query_count(const tide_query *, const char *name, uint64_t *out,
                                         tide_error *);

#ifdef __cplusplus
}
#endif

#endif
