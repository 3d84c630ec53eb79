/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: from paths to the bytes of messages, in batches that a worker can own.
 *
 *   paths ─► walk ─► files ─► feed ─► batch ─► tide_batch_next: one tide_raw at a time
 *                                │
 *                                └─ a format (mbox, message) cuts the stream of bytes into messages
 *
 * The feed walks, reads large files and pipes, and cuts them in the order of the archive. A batch
 * is what one worker works on; small files are only named in it, and are opened and read by the
 * worker. Batches are numbered, so that what workers make of them can be put in the order of the
 * archive again. */
#ifndef LIB_SOURCE_SOURCE_H
#define LIB_SOURCE_SOURCE_H

#include "base/buffer.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/status.h"
#include "base/stop.h"

/* Which lines of a message's body have a sign in front that is not the message's. */
typedef enum tide_escape {
  TIDE_ESCAPE_NONE, /* not an mbox, or mboxcl2 */
  TIDE_ESCAPE_ONE,  /* mboxo, mboxcl: `>From ` */
  TIDE_ESCAPE_ALL,  /* mboxrd: any number of '>' before `From ` */
  TIDE_ESCAPE_DOT   /* BSMTP: a point before one with which a line begins (RFC 5321 4.5.2) */
} tide_escape;

/* The bytes of one message and where they were. */
typedef struct tide_raw {
  tide_span envelope; /* the `From ` separator line without its line end; empty if there is none */
  tide_span bytes;    /* headers and body, without the envelope line and without the empty line that
                         ends it in an mbox */
  uint64_t offset;    /* of the message (its envelope line where it has one) in its file */
  uint64_t size;      /* octets of the message as delivered: lines unescaped, more than bytes.len
                         where it was cut */
  tide_escape escape; /* what bytes still hold of it */
  bool cut;           /* longer than TIDE_LIMIT_MESSAGE: bytes hold only its beginning */
  int64_t file_time;  /* time of delivery in a Maildir file's name; INT64_MIN if there is none */
} tide_raw;

/* --- formats --- */

/* The formats by their names, which --input takes. A new one is a file in lib/source/ with its
 * tide_format_NAME (formats.h), and a word here. */
#define TIDE_FORMATS(X)                                                                            \
  X(mbox)                                                                                          \
  X(mboxrd)                                                                                        \
  X(mboxo)                                                                                         \
  X(mboxcl)                                                                                        \
  X(mboxcl2)                                                                                       \
  X(message)                                                                                       \
  X(mmdf)                                                                                          \
  X(babyl)                                                                                         \
  X(rnews)                                                                                         \
  X(emlx)                                                                                          \
  X(dbox)                                                                                          \
  X(mbx)                                                                                           \
  X(bsmtp)

/* --- single files --- */

/* The content of the file at `path`, which may be compressed and may be in a container, as in
 * "corpus.tgz/full/index". Replaces what is in *text. TIDE_OK; TIDE_FAIL if it is not there,
 * cannot be read or has more than `most` bytes; TIDE_FATAL. */
tide_status tide_text_read(const char *path, size_t most, const atomic_bool *stop,
                           tide_buffer *text, tide_error *);
/* A text that was searched for; the caller frees both. */
typedef struct tide_text_found {
  tide_buffer path; /* NUL-terminated after its end */
  tide_buffer text;
} tide_text_found;
/* The same for the first file whose path ends in `end`: within the container at `place`; or in the
 * directory there, in one that is in it or beside it. *found is its path, NUL-terminated after
 * its end. TIDE_END: there is none. */
tide_status tide_text_find(const char *place, const char *end, size_t most, const atomic_bool *stop,
                           tide_text_found *out, tide_error *);

/* The first file for whose path `matches` is true: in the directory at `place`, by names alone, or
 * within the container there. *found is set to its path, NUL-terminated after its end. TIDE_OK;
 * TIDE_END: there is none; TIDE_FATAL. */
tide_status tide_path_find(const char *place, bool (*matches)(tide_span path),
                           const atomic_bool *stop, tide_buffer *found, tide_error *);

/* --- the feed --- */

/* Why something below a named directory was not read as mail. X(enumerator, "words for
 * one", "words for several") */
#define TIDE_PASSED(X)                                                                             \
  X(NOT_MAIL, "not mail", "not mail")                                                              \
  X(COMPRESSED, "compressed file or archive", "compressed files or archives")                      \
  X(INDEX, "index or hidden file", "index or hidden files")                                        \
  X(SPECIAL, "FIFO, socket or device", "FIFOs, sockets or devices")                                \
  X(EMPTY, "empty file", "empty files")                                                            \
  X(LOOP, "directory met twice", "directories met twice")                                          \
  X(AGAIN, "file met twice", "files met twice")                                                    \
  X(DELETED, "message that MH keeps as deleted", "messages that MH keeps as deleted")              \
  X(INSIDE, "piece of a mailbox that is no message", "pieces of mailboxes that are no messages")   \
  X(LINK, "link in containers", "links in containers")

typedef enum tide_passed {
#define X(id, one, many) TIDE_PASSED_##id,
  TIDE_PASSED(X)
#undef X
      TIDE_PASSED_COUNT
} tide_passed;

/* A file, whatever its names. */
typedef struct tide_file_id {
  uint64_t device, inode; /* inode 0: none */
} tide_file_id;

typedef struct tide_feed_options {
  const char *input; /* a format's name, "maildir", or NULL or "auto": found from the content */
  const atomic_bool
      *stop;         /* may be NULL; once true, reading ends with TIDE_END as soon as possible */
  tide_file_id ours; /* a file under way in a directory that is read: neither read nor counted */
  unsigned at_once;  /* containers that may be unpacked side by side; 0: 1. With more, batches
                        of later lanes come before those of earlier ones */
} tide_feed_options;

/* A file that was lost, and why. */
typedef struct tide_trouble {
  struct tide_trouble *next;
  bool note;   /* nothing is lost: it is only said */
  char text[]; /* "PATH: reason", clean for a terminal */
} tide_trouble;

/* Several, in the order of the archive. Zero-initialised is none. */
typedef struct tide_troubles {
  tide_trouble *first, *last; /* last: meaningful only where there is a first */
} tide_troubles;
/* Moves all of `from` to the end of `to`. */
void tide_troubles_move(tide_troubles *to, tide_troubles *from);
void tide_troubles_free(tide_troubles *);

/* What was found besides messages. Zero-initialised is nothing. */
typedef struct tide_findings {
  tide_troubles troubles;
  uint64_t passed[TIDE_PASSED_COUNT];
  uint64_t files_read, bytes_read;
} tide_findings;

/* Where a batch is in the archive. */
typedef struct tide_turn {
  uint64_t lane, number; /* each 0, 1, 2, … in the order of the archive */
  bool closes;           /* the last of its lane */
  size_t argument;       /* index of the named path that all of it comes from */
} tide_turn;

/* A piece of work; one for each worker, filled again and again. */
typedef struct tide_batch tide_batch;

/* NULL when out of memory. */
tide_batch *tide_batch_new(void);
void tide_batch_free(tide_batch *);
const tide_turn *tide_batch_turn(const tide_batch *);
/* What was found besides messages while it was filled and read so far. A caller that takes the
 * troubles leaves none. */
tide_findings *tide_batch_findings(tide_batch *);
/* The next message, in the worker that owns the batch. *source is the path it came from. Both live
 * until the next call. TIDE_OK, TIDE_END, TIDE_FATAL. Files that cannot be read go to the findings.
 */
tide_status tide_batch_next(tide_batch *, tide_raw *out, tide_span *source);
/* Will the result of the next call live longer, until the batch is filled again? */
bool tide_batch_lasts(const tide_batch *);

typedef struct tide_feed tide_feed;

/* Begins at the first of paths ("-" is standard input). Paths are borrowed until close. TIDE_USAGE
 * for an unknown input kind. */
tide_status tide_feed_open(tide_feed **out, const char *const *paths, size_t count,
                           const tide_feed_options *, tide_error *);
/* Fills batch with the next piece of work. It may have no message, if it is a piece of a file in
 * which no message ends. May be called by any number of threads at once. TIDE_END when everything
 * has been given out. TIDE_FATAL when out of memory. */
tide_status tide_feed_next(tide_feed *, tide_batch *);
typedef struct tide_file_ids {
  const tide_file_id *ids;
  size_t count;
} tide_file_ids;
/* One of them, met on the way. */
typedef struct tide_file_met {
  size_t which;
  tide_buffer path; /* NUL-terminated */
} tide_file_met;
/* Is one of the files `sought` among those that would be read? Looks at names and directories only.
 * TIDE_OK: it is, in *out, whose path the caller frees in every case. TIDE_END: none is, or
 * *options->stop became true. TIDE_USAGE as tide_feed_open. TIDE_FATAL when out of memory. */
tide_status tide_feed_meets(const char *const *paths, size_t count, const tide_feed_options *,
                            const tide_file_ids *sought, tide_file_met *out, tide_error *);
/* Bytes and files that the feed knows of so far: of the named files from the start, of directories
 * when they are entered. bytes is 0 if it cannot be known (a pipe, a directory). May be called
 * while another thread is in tide_feed_next. */
void tide_feed_known(const tide_feed *, uint64_t *bytes, uint64_t *files);
/* True if the named path is a directory but not a Maildir. The user is told if it has no mail. */
bool tide_feed_is_plain_directory(const tide_feed *, size_t argument);
void tide_feed_close(tide_feed *);

#endif
