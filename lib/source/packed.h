/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed files and archives of files, known by how they begin and never by their names. */
#ifndef LIB_SOURCE_PACKED_H
#define LIB_SOURCE_PACKED_H

#include "base/span.h"
#include "codec.h"

typedef struct tide_packed {
  const char *name;             /* "gzip", "zip" */
  const char *how;              /* to make mail of it, where nothing reads it; NULL: unpack it */
  bool archive;                 /* of files, with names of their own */
  const tide_codec_type *codec; /* what reads it: a compressed file, */
  int filter;                   /* one that libarchive reads, as it numbers it, */
  int format;                   /* an archive, likewise; none of them: nothing does */
  bool seeks;                   /* and only where it can go back and forth in the file */
} tide_packed;

/* What a file that begins with peek is packed as; NULL if it is nothing of the kind. No mail
 * begins like one of them. */
const tide_packed *tide_packed_find(tide_span peek);
/* Is it by its name packed, or a piece of what was packed and split: "2008-11.7z.002", "mail.z01",
 * "mail.tgz.ab"? Of files that by their content are neither that nor mail. */
bool tide_packed_is_named(const char *path);
/* Is it by its name such a piece? What it begins with is then the middle of something, even where
 * that looks like mail. */
bool tide_packed_is_piece(const char *path);
/* Can its content be read? */
static inline bool tide_packed_is_read(const tide_packed *kind) {
  return kind && (kind->codec || kind->filter || kind->format);
}

#endif
