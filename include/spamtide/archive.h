/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An archive: which mail is read, and what it is read with. It can answer several queries in one
 * reading.
 *
 * Only one thread may use an archive at a time, except for tide_archive_stop. Different threads may
 * use different archives. All text that is passed in is copied. */
#ifndef SPAMTIDE_ARCHIVE_H
#define SPAMTIDE_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "spamtide/query.h"
#include "spamtide/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tide_archive tide_archive;

/* Makes an archive without mail. The caller frees it with tide_archive_free. *out is set only on
 * success. TIDE_FATAL: out of memory. */
TIDE_PUBLIC tide_status tide_archive_new(tide_archive **out, tide_error *);
TIDE_PUBLIC void tide_archive_free(tide_archive *); /* may be NULL */

/* Adds a mailbox: an mbox, a Maildir, a directory of these, a file with one message, any of them
 * compressed or in a container. "-" is standard input, and "/dev/fd/3" an open descriptor.
 * Nothing is opened until tide_archive_ask. TIDE_FATAL: out of memory. */
TIDE_PUBLIC tide_status tide_archive_add(tide_archive *, const char *path, tide_error *);

/* Sets an option of the reading: "tz", "trust", "asn", "campaigns", "labels", "input", "jobs" and
 * whatever else tide_option_name(NULL, …) lists. Values and errors are as for tide_query_set. The
 * options hold for all queries, because the mail is read once for all of them. */
TIDE_PUBLIC tide_status tide_archive_set(tide_archive *, const char *option, const char *value,
                                         tide_error *);
/* Sets the time that counts as now, in seconds since 1970-01-01T00:00:00Z. No message can be later
 * than a day after it. Default: the system's clock. */
TIDE_PUBLIC void tide_archive_set_now(tide_archive *, int64_t now);

/* Sets who gets the errors and notes of the reading, such as a file that could not be read, or the
 * servers that the option trust=auto found. say may be called from any thread, but never twice at
 * the same time. NULL, the default: nobody. */
TIDE_PUBLIC void tide_archive_say_to(tide_archive *, tide_say *say, void *context);

/* How far the reading is. A total is 0 until it is known. Later versions may add members at the
 * end. */
typedef struct tide_progress {
  uint64_t bytes, total_bytes, files, total_files, messages;
} tide_progress;
/* Called a few times a second, from the thread that called tide_archive_ask. The values live until
 * it returns. */
typedef void tide_show(void *context, const tide_progress *);
TIDE_PUBLIC void tide_archive_show_to(tide_archive *, tide_show *show, void *context);

/* Reads the mail and answers the queries: 1 to 16, no query twice. The mail is read once, or more
 * often if trust=auto or a field needs it. All queries are checked before any mail is read. The
 * answers are written one after the other when all mail has been read; those of records, explain
 * and rules hits are written while it is read.
 *
 * TIDE_OK: all are answered. Some files may not have been read ("not_read", tide_query_count).
 * TIDE_USAGE: a query makes no sense and none is answered, or a query has no answer in this archive
 * and the others are answered. tide_query_error says which.
 * TIDE_END: it was stopped. TIDE_FATAL: out of memory, or the output failed.
 * Unless it is TIDE_OK, do not use what was written for queries that were not answered. */
TIDE_PUBLIC tide_status tide_archive_ask(tide_archive *, tide_query *const *queries, size_t count,
                                         tide_error *);

/* Makes tide_archive_ask return TIDE_END as soon as possible; if none is running, the next one. May
 * be called from any thread and from a signal handler. */
TIDE_PUBLIC void tide_archive_stop(tide_archive *);

#ifdef __cplusplus
}
#endif

#endif
