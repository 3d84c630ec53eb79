/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed files and archives of files, known by how they begin and never by their names. */
#ifndef LIB_SOURCE_PACKED_H
#define LIB_SOURCE_PACKED_H

#include "spamtide/span.h"

typedef struct tide_packed {
  const char *name; /* "gzip", "zip" */
  bool archive;     /* of files, with names of their own */
  bool plain;       /* keeps its files as they were: mail can be made out in it */
} tide_packed;

/* What a file that begins with peek is packed as; NULL where it is nothing of the kind. No mail
 * begins like one of them. */
const tide_packed *tide_packed_find(tide_span peek);

#endif
