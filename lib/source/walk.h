/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the paths that a person names to files, in an order that does not depend on the file system.
 */
#ifndef LIB_SOURCE_WALK_H
#define LIB_SOURCE_WALK_H

#include "source/source.h"

typedef struct tide_walk tide_walk;

typedef struct tide_walked {
  const char *path; /* until the next call */
  size_t argument;
  uint64_t size;
  tide_file_id id; /* none for standard input */
  bool named;      /* by the person, not found in a directory */
  bool regular;    /* else: standard input, a pipe or a device that was named */
  bool maildir;    /* in cur or new */
} tide_walked;

/* `ours` as in tide_feed_options. Once *stop (may be NULL) is true, reading a directory of many
 * files ends the walk. */
tide_status tide_walk_open(tide_walk **out, const char *const *paths, size_t count,
                           bool force_maildir, tide_file_id ours, const atomic_bool *stop);
/* Files in bytewise order of their names, directories in the middle of them where their names
 * are; of a Maildir never tmp; no file a second time, whatever its names. What is not taken is
 * counted or named in the findings. TIDE_OK, TIDE_END, TIDE_FATAL. */
tide_status tide_walk_next(tide_walk *, tide_walked *out, tide_findings *);
void tide_walk_known(const tide_walk *, uint64_t *bytes, uint64_t *files);
bool tide_walk_is_plain_directory(const tide_walk *, size_t argument);
void tide_walk_close(tide_walk *);

/* A name as files of a Maildir have; a file that mail programs keep beside mail, or a hidden one.
 */
bool tide_walk_is_maildir_name(const char *name);
bool tide_walk_is_index(const char *name);
/* ",12" or "#12": what rmm and refile of MH leave of a message that they took out of its folder. */
bool tide_walk_is_deleted(const char *name);
/* ".inbox.directory": where KMail keeps the folders below inbox. */
bool tide_walk_is_kmail(tide_span name);

#endif
