/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a call ended, and an error that a person can read.
 *
 * Every function that can fail returns a tide_status and takes a tide_error, which may be NULL and
 * is set only on failure. The caller owns both. Their meaning never changes. */
#ifndef SPAMTIDE_STATUS_H
#define SPAMTIDE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Marks what the shared library exports. All else in it is hidden. */
#if defined(__GNUC__)
#define TIDE_PUBLIC __attribute__((visibility("default")))
#else
#define TIDE_PUBLIC
#endif

/* How much is lost, from nothing to the whole run. */
typedef enum tide_status {
  TIDE_OK = 0,
  TIDE_END = 1,    /* it was stopped (by tide_archive_stop, or by a callback that returned this);
                      within the library also: there is no more, which is not an error */
  TIDE_SKIP = -1,  /* one message is lost; within the library only */
  TIDE_FAIL = -2,  /* one file is lost; within the library only */
  TIDE_FATAL = -3, /* the run is lost: out of memory, or the output failed */
  TIDE_USAGE = -4  /* what was asked for makes no sense (an option, a rule file, a zone), or the
                      archive has no answer to it */
} tide_status;

enum { TIDE_ERROR_MAX = 1024 };

/* Why a call failed: one line of UTF-8 without a newline, a full stop or control characters,
 * whatever file names and values it quotes. */
typedef struct tide_error {
  tide_status status;
  char text[TIDE_ERROR_MAX]; /* NUL-terminated */
} tide_error;

/* The kind of a sentence that a callback gets (tide_say). Later versions may add kinds. */
typedef enum tide_remark {
  TIDE_REMARK_NOTE,    /* how something was understood */
  TIDE_REMARK_CAUTION, /* why not to trust an answer */
  TIDE_REMARK_TROUBLE  /* a file or mailbox that could not be read, and why; the answer leaves it
                          out */
} tide_remark;

#ifdef __cplusplus
}
#endif

#endif
