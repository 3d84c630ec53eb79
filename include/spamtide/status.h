/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a call ended, and the one error a person may have to be told of.
 *
 * Every function that can fail returns a tide_status and takes a tide_error, which may be NULL and
 * is set only on failure. Both are plain values of the caller's; what they mean never changes. */
#ifndef SPAMTIDE_STATUS_H
#define SPAMTIDE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Marks what the shared library shows; all else in it is hidden. */
#if defined(__GNUC__)
#define TIDE_PUBLIC __attribute__((visibility("default")))
#else
#define TIDE_PUBLIC
#endif

/* What is lost, from nothing to the run. */
typedef enum tide_status {
  TIDE_OK = 0,
  TIDE_END = 1,    /* it was stopped (tide_archive_stop, or a callback that returned this); within
                      the library also: exhausted, which is no error */
  TIDE_SKIP = -1,  /* one message is lost: within the library only */
  TIDE_FAIL = -2,  /* one file is lost: within the library only */
  TIDE_FATAL = -3, /* the run is lost: memory, output */
  TIDE_USAGE = -4  /* what was asked for makes no sense: an option, a rule file, a zone; or the
                      archive holds no answer to it */
} tide_status;

enum { TIDE_ERROR_MAX = 1024 };

/* The reason of the last failure, as one line of UTF-8 without a newline, without a full stop and
 * without control characters, whatever file names and values it quotes. */
typedef struct tide_error {
  tide_status status;
  char text[TIDE_ERROR_MAX]; /* NUL-terminated */
} tide_error;

/* What a sentence that is said on the way is. More kinds may come. */
typedef enum tide_remark {
  TIDE_REMARK_NOTE,    /* how something was understood */
  TIDE_REMARK_CAUTION, /* why not to trust an answer */
  TIDE_REMARK_TROUBLE  /* a file or mailbox that could not be read, and why: the answer is of the
                          rest */
} tide_remark;

#ifdef __cplusplus
}
#endif

#endif
