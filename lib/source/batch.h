/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a batch, for whoever fills it: the feed from files, members.c from containers. */
#ifndef LIB_SOURCE_BATCH_H
#define LIB_SOURCE_BATCH_H

#include "findings.h"
#include "formats.h"
#include "packed.h"
#include "source/source.h"

enum {
  TIDE_BATCH_FILES = 128,
  TIDE_SMALL_FILE = 1 << 20 /* what is larger is cut in pieces */
};

typedef struct tide_file { /* a small file that a batch only names */
  size_t path;             /* offset in the batch's names */
  bool maildir;            /* is in cur or new: one message whatever it looks like */
  bool named;              /* by the person: not to be mail is an error */
  bool held;               /* it was unpacked: the batch's bytes hold it, `len` of them from `at` */
  size_t at, len;
} tide_file;

/* Zero-initialised is empty. */
struct tide_batch {
  tide_turn turn;
  tide_findings found;
  const tide_format *format, *forced; /* forced: whatever the files look like; NULL: found out */
  tide_feed_options options;
  tide_span source; /* the path that raws come from */
  tide_buffer bytes;
  tide_raw *raws;
  size_t raw_count, raw_cap, raw_at;
  tide_file *files;
  size_t file_count, file_cap, file_at;
  tide_buffer names; /* the paths of files, NUL-terminated */
  /* state of tide_batch_next inside one of files */
  tide_cut cut;
  tide_span window;
  size_t window_at;
  bool in_file;
  tide_buffer converted;        /* of a file that is held */
  struct tide_members *members; /* of a file that is unpacked */
  tide_batch *inner;            /* what comes of them */
  bool uncut, uncut_last;       /* bytes are a piece of a member, not cut yet; its last one */
};

/* Releases what it holds; it is empty then. */
void tide_batch_close(tide_batch *);
/* Empties it for the next piece of work. */
void tide_batch_clear(tide_batch *);
/* Each becomes the other. */
void tide_batch_swap(tide_batch *, tide_batch *);
/* Another small file; file->path is set to where its name is. TIDE_OK or TIDE_FATAL. */
tide_status tide_batch_add_file(tide_batch *, tide_file file, const char *path);
/* The format to read the file at `path` with, which begins so; NULL if it is not mail. What is
 * packed is not, whatever a person says that it is. */
const tide_format *tide_format_for(const tide_format *forced, bool maildir, const char *path,
                                   const tide_packed *packed, tide_span peek);
/* Keeps no more of the message than TIDE_LIMIT_MESSAGE. */
void tide_raw_limit(tide_raw *);
/* Leaves out the hole in it that was found when it was cut off: moves what comes before the hole
 * up to what comes after it. `home` are the bytes that it is in. */
void tide_raw_close_hole(tide_raw *, const tide_cut *, char *home);
/* When a Maildir file was delivered by its name; INT64_MIN if that does not say it. */
int64_t tide_file_name_time(const char *path);

#endif
