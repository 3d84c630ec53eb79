/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is put into batches, whoever fills them: the feed from files, members.c from containers. */
#ifndef LIB_SOURCE_BATCH_H
#define LIB_SOURCE_BATCH_H

#include "packed.h"
#include "source/source.h"

enum {
  TIDE_BATCH_FILES = 128,
  TIDE_SMALL_FILE = 1 << 20, /* what is larger is cut in pieces */
  TIDE_PEEK_BYTES = 64 << 10 /* enough to choose a format by */
};

/* Empties it for the next piece of work. */
void tide_batch_clear(tide_batch *);
/* Each becomes the other. */
void tide_batch_swap(tide_batch *, tide_batch *);
/* Another small file; file->path is set to where its name stands. TIDE_OK or TIDE_FATAL. */
tide_status tide_batch_add_file(tide_batch *, tide_file file, const char *path);
/* Adds "PATH: reason" to the batch. */
tide_status tide_batch_trouble(tide_batch *, const char *path, const char *reason);
/* The same of a file of which nothing is lost. */
tide_status tide_batch_note(tide_batch *, const char *path, const char *text);
/* Moves what happened in one batch to the end of another's. */
void tide_batch_take_account(tide_batch *to, tide_batch *from);
/* Says what a file is that cannot be read as mail. Packed files most likely hold mail, and are
 * named wherever they lie; others are an error where a person named them, else a count. TIDE_OK or
 * TIDE_FATAL. */
tide_status tide_batch_pass_over(tide_batch *, const char *path, bool named, tide_span peek);

/* Counts what a format cut off that is no message (`what` is TIDE_SKIP), and says once for each
 * stream that something in it is packed. TIDE_OK or TIDE_FATAL. */
tide_status tide_batch_piece(tide_batch *, tide_cut *, const char *path, const tide_raw *,
                             tide_status what);

/* The format to read the file at `path` with, which begins so; NULL where it is not mail. What is
 * packed is not, whatever a person says that it is. */
const tide_format *tide_format_for(const tide_format *forced, bool maildir, const char *path,
                                   const tide_packed *packed, tide_span peek);
/* Keeps no more of the message than TIDE_LIMIT_MESSAGE. */
void tide_raw_limit(tide_raw *);
/* When a Maildir file was delivered by its name; INT64_MIN where that does not say it. */
int64_t tide_file_name_time(const char *path);

#endif
