/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query: one question, in the words of the command line.
 *
 * The questions are "timeline", "compare" and so on. tide_query_set(query, "bin", "week", …) does
 * what the option does in `spamtide timeline --bin week`. New features come as named questions,
 * options and columns, not as functions: tide_question_name and tide_option_name (catalog.h) list
 * them. A query contains no mail, and can be asked of one archive after another.
 *
 * Only one thread may use a query at a time. All text that is passed in is copied. */
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

/* Makes a query. The caller frees it with tide_query_free. *out is set only on success.
 * TIDE_USAGE: there is no such question. TIDE_FATAL: out of memory. */
TIDE_PUBLIC tide_status tide_query_new(tide_query **out, const char *question, tide_error *);
TIDE_PUBLIC void tide_query_free(tide_query *); /* may be NULL */

/* Sets an option, by its long name without dashes. value is what follows the option on the command
 * line, such as "28d" for a duration or "origin/16" for a field, and NULL if it takes no argument.
 * An option that may be given several times keeps all values. For others the last one counts.
 * TIDE_USAGE: the question has no such option, or the value is wrong. Numbers, durations and
 * choices are checked here, other values by tide_archive_ask. TIDE_FATAL: out of memory. */
TIDE_PUBLIC tide_status tide_query_set(tide_query *, const char *option, const char *value,
                                       tide_error *);

/* Sets who gets the answer as text, in the form of the option "format" (default: csv). write is
 * called with one piece after the other, in order. Calls never overlap, but need not come from the
 * thread that called tide_archive_ask. text has no NUL after it, and lives until write returns.
 * If write does not return TIDE_OK, the run ends: return TIDE_END without a reason, or TIDE_FATAL
 * with the reason in the text of the error, which is never NULL here. */
typedef tide_status tide_write(void *context, const char *text, size_t length, tide_error *);
TIDE_PUBLIC void tide_query_write_to(tide_query *, tide_write *write, void *context);

/* Sets who gets the answer as rows of cells instead of text. heads (may be NULL) is called once,
 * before the first row or if there is none, with a row of empty cells that has the columns. The
 * question explain has no heads, and its rows differ in their columns. Threads and return values
 * are as for tide_write. */
typedef tide_status tide_take_row(void *context, const tide_row *, tide_error *);
TIDE_PUBLIC void tide_query_rows_to(tide_query *, tide_take_row *heads, tide_take_row *row,
                                    void *context);

/* Sets who gets the answer's notes and cautions, as sentences without a full stop. say is called
 * during tide_archive_ask, from the thread that called it. The sentence lives until say returns.
 * NULL, the default: nobody. */
typedef void tide_say(void *context, tide_remark, const char *sentence);
TIDE_PUBLIC void tide_query_say_to(tide_query *, tide_say *say, void *context);

/* How the query ended when it was last asked. TIDE_OK with an empty text: it was answered.
 * TIDE_END: it was not asked yet, or the run ended before it was answered. The result lives until
 * the next call with this query. */
TIDE_PUBLIC const tide_error *tide_query_error(const tide_query *);

/* A number from the query's account, which says what became of every message when it was last
 * asked. Each message that was read is in exactly one of "messages.counted", "messages.filtered",
 * "messages.undated", "messages.damaged", "messages.undecided" and "messages.duplicate". Their sum
 * is "messages.read". tide_count_name (catalog.h) lists all names; the file that --account writes
 * has the same. All are 0 before the query is asked. *out is set only on success.
 * TIDE_USAGE: there is no such number. */
TIDE_PUBLIC tide_status tide_query_count(const tide_query *, const char *name, uint64_t *out,
                                         tide_error *);

#ifdef __cplusplus
}
#endif

#endif
