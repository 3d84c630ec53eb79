/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An archive: which mail is read, and by which rules. Queries are asked of it, several in one
 * reading.
 *
 * An archive is used by one thread at a time, except for tide_archive_stop. Threads may each ask an
 * archive of their own. Text that is passed in is copied. */
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

/* A new archive without mail, the caller's to free. TIDE_FATAL when memory is out. *out is set only
 * on success. */
TIDE_PUBLIC tide_status tide_archive_new(tide_archive **out, tide_error *);
TIDE_PUBLIC void tide_archive_free(tide_archive *); /* may be NULL */

/* Adds a mailbox: an mbox, a Maildir, a directory of these, a file with one message, any of them
 * compressed or in a container; "-" is standard input, and "/dev/fd/3" a descriptor that is open.
 * Nothing is opened before it is read. TIDE_FATAL when memory is out. */
TIDE_PUBLIC tide_status tide_archive_add(tide_archive *, const char *path, tide_error *);

/* Sets an option of the reading, as tide_query_set sets one of a question: "tz", "trust", "asn",
 * "campaigns", "labels", "input", "jobs" and what else tide_option_name(NULL, …) lists. They hold
 * for all queries, since the mail is read once for all. */
TIDE_PUBLIC tide_status tide_archive_set(tide_archive *, const char *option, const char *value,
                                         tide_error *);
/* The time that counts as now, in seconds since 1970-01-01T00:00:00Z: what a message cannot be
 * later than. The system's clock where it is not set. */
TIDE_PUBLIC void tide_archive_set_now(tide_archive *, int64_t now);

/* Whom troubles and notes of the reading are told: a file that could not be read, servers that the
 * option trust=auto found. From any thread, one call at a time. */
TIDE_PUBLIC void tide_archive_say_to(tide_archive *, tide_say *say, void *context);

/* How far the reading is; totals are 0 while they are not known. Members may be added after. */
typedef struct tide_progress {
  uint64_t bytes, total_bytes, files, total_files, messages;
} tide_progress;
/* Called a few times a second, from the thread that asks. */
typedef void tide_show(void *context, const tide_progress *);
TIDE_PUBLIC void tide_archive_show_to(tide_archive *, tide_show *show, void *context);

/* Reads the mail (once, or more often where trust=auto or a field says so) and answers the queries:
 * one to 16, each other than the rest. All are checked before any mail is read. The answers are
 * written one after the other when the mail is read; those of records, explain and rules hits while
 * it is read. TIDE_OK: all are answered, though files may not have been read ("not_read",
 * tide_query_count). TIDE_USAGE: what was asked makes no sense; or one query has no answer in this
 * archive, and the others are answered: tide_query_error tells which. TIDE_END: it was stopped.
 * TIDE_FATAL: memory or output. Where it is not TIDE_OK, what was written of queries without an
 * answer is not to be used. */
TIDE_PUBLIC tide_status tide_archive_ask(tide_archive *, tide_query *const *queries, size_t count,
                                         tide_error *);

/* Ends tide_archive_ask with TIDE_END as soon as possible; before it is asked, the next one. May be
 * called from any thread and from a signal handler. */
TIDE_PUBLIC void tide_archive_stop(tide_archive *);

#ifdef __cplusplus
}
#endif

#endif
