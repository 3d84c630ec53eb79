/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The members of a container, one after the other, as they are unpacked: an archive's files, the
 * one content of a compressed file, and those of containers within. Nothing is written anywhere. */
#ifndef LIB_SOURCE_UNPACK_H
#define LIB_SOURCE_UNPACK_H

#include "input.h"
#include "packed.h"

typedef struct tide_unpack tide_unpack;

typedef enum tide_member_kind {
  TIDE_MEMBER_FILE,
  TIDE_MEMBER_WHOLE, /* what a compressed file holds: it goes by that file's name */
  TIDE_MEMBER_DIRECTORY,
  TIDE_MEMBER_LINK,
  TIDE_MEMBER_SPECIAL
} tide_member_kind;

typedef struct tide_member {
  tide_member_kind kind;
  const char *path; /* the container's, then its own after a slash; until the next call */
  size_t own;       /* where its own begins in it */
  const char *odd;  /* what is wrong with it, though it is given; NULL */
} tide_member;

/* Begins with the file that `in` reads, of which `head` was read before; takes the input over, also
 * where it fails. TIDE_OK, TIDE_FATAL. */
tide_status tide_unpack_open(tide_unpack **out, tide_input *in, tide_span head,
                             const tide_packed *kind, const char *path);
/* The next member, wherever the last one was left. TIDE_END: there are no more. TIDE_FAIL: *err
 * says what was lost; the next call goes on after it. TIDE_FATAL: memory is out. */
tide_status tide_unpack_next(tide_unpack *, tide_member *out, tide_error *);
/* More bytes of the member; they live until the next call. TIDE_END: it has no more. TIDE_FAIL:
 * what is left of it is lost; *err says why. TIDE_FATAL. */
tide_status tide_unpack_read(tide_unpack *, tide_span *out, tide_error *);
/* The member is a container itself, of which `head` was read (and is copied): the next members are
 * its own. TIDE_OK, TIDE_FAIL if it is too deep, TIDE_FATAL. */
tide_status tide_unpack_enter(tide_unpack *, const tide_packed *kind, tide_span head, tide_error *);
/* What the members that are given are in, for what the errors are about. */
const char *tide_unpack_path(const tide_unpack *);
/* Bytes read of the file so far. */
uint64_t tide_unpack_taken(const tide_unpack *);
/* Bytes of memory that what was opened or read last asked for, if that is more than
 * TIDE_UNPACK_MEMORY_USUAL and was not told before; 0. */
uint64_t tide_unpack_asked(tide_unpack *);
bool tide_unpack_stopped(const tide_unpack *);
void tide_unpack_close(tide_unpack *);

#endif
