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

/* Which `>From ` lines of a message's body have a '>' that is not the message's. */
typedef enum tide_escape {
  TIDE_ESCAPE_NONE, /* not an mbox, or mboxcl2 */
  TIDE_ESCAPE_ONE,  /* mboxo, mboxcl: `>From ` */
  TIDE_ESCAPE_ALL   /* mboxrd: any number of '>' before `From ` */
} tide_escape;

/* The bytes of one message and where they stood. */
typedef struct tide_raw {
  tide_span
      envelope;    /* the `From ` separator line without its line end; empty where there is none */
  tide_span bytes; /* headers and body, without the envelope line and without the empty line that
                      ends it in an mbox */
  uint64_t offset; /* of the message (its envelope line where it has one) in its file */
  uint64_t size;   /* octets of the message as delivered: `>From ` unescaped, more than bytes.len
                      where it was cut */
  size_t hole_at, hole_len; /* within bytes: what is not the message's (Babyl's second head);
                               tide_batch_next gives none */
  tide_escape escape;       /* what bytes still hold of it */
  bool cut;                 /* longer than TIDE_LIMIT_MESSAGE: bytes hold only its beginning */
  const char *packed;       /* what it is compressed with (TIDE_SKIP), or what packed file stands
                               at its end, behind the mailbox; NULL */
  int64_t file_time; /* time of delivery in a Maildir file's name; INT64_MIN where there is none */
} tide_raw;

/* --- formats --- */

/* What a format remembers between calls for one stream of bytes. */
typedef struct tide_cut {
  size_t seen;       /* bytes of the current message that were searched already */
  uint64_t dropped;  /* bytes of the current message that were let go between TIDE_LIMIT_MESSAGE and
                        seen */
  size_t escapes;    /* escaped lines met in the current message */
  size_t headed;     /* up to where the current message's header block was read */
  size_t body;       /* where its body begins; 0: not found yet */
  uint64_t length;   /* its Content-Length; 0: none */
  size_t length_end; /* where Content-Length says that it ends; SIZE_MAX: it does not say, or was
                        found wrong */
  bool length_used;  /* Content-Length was proved right against a separator inside the body */
  size_t carried, carried_len; /* the boundary above a mailbox that is attached; 0: none was met */
  size_t carried_end;          /* where that boundary comes again; 0: not looked for yet */
  bool began;                  /* a message has been found in this stream */
  bool said;                   /* that something of the stream is packed was said */
} tide_cut;

typedef struct tide_format {
  const char *name; /* as --input takes it */
  const char *help;
  /* How sure this format is that a file beginning with peek is its own: 0 no, 100 certain. */
  int (*bid)(tide_span peek);
  /* Cuts the next message off window, which begins where the last one ended. TIDE_OK: *out and
   * *used (bytes of window that are done with) are set. TIDE_SKIP: *used bytes are no message (what
   * a mail program keeps in a folder for itself). TIDE_END: more bytes are needed; or, where
   * `last`, there is no further message. out->offset is relative to window. */
  tide_status (*next)(tide_cut *, tide_span window, bool last, tide_raw *out, size_t *used);
} tide_format;

/* The formats by their names, which --input takes; tide_format_NAME is each one's row. A new one is
 * a file in lib/source/ and a word here. */
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

/* All formats, NULL at the end. */
extern const tide_format *const tide_formats[];
/* The format that bids most for a file beginning with peek, or NULL where it is not mail. */
const tide_format *tide_format_choose(tide_span peek);
/* True where line (without its end) begins with a header field's name and a colon (RFC 5322 2.2).
 */
bool tide_line_is_header(tide_span line);

/* --- single files --- */

/* The content of the file at `path`, which may be compressed and may lie in a container, as in
 * "corpus.tgz/full/index". Replaces what stands in *text. TIDE_OK; TIDE_FAIL where it is not there,
 * cannot be read or has more than `most` bytes; TIDE_FATAL. */
tide_status tide_text_read(const char *path, size_t most, const atomic_bool *stop,
                           tide_buffer *text, tide_error *);
/* A text that was searched for; the caller frees both. */
typedef struct tide_text_found {
  tide_buffer path; /* NUL-terminated after its end */
  tide_buffer text;
} tide_text_found;
/* The same for the first file whose path ends in `end`: within the container at `place`; or in the
 * directory there, in one that stands in it or beside it. *found is its path, NUL-terminated after
 * its end. TIDE_END: there is none. */
tide_status tide_text_find(const char *place, const char *end, size_t most, const atomic_bool *stop,
                           tide_text_found *out, tide_error *);

/* The first file for whose path `matches` holds: in the directory at `place`, by names alone, or
 * within the container there. *found is its path, NUL-terminated after its end. TIDE_OK, TIDE_END:
 * there is none; TIDE_FATAL. */
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

/* A list of files lost, each with its reason; in the order of the archive. */
typedef struct tide_trouble {
  struct tide_trouble *next;
  bool note;   /* nothing is lost: it is only said */
  char text[]; /* "PATH: reason", clean for a terminal */
} tide_trouble;
void tide_troubles_free(tide_trouble *first);

typedef struct tide_file { /* a small file that a batch only names */
  size_t path;             /* offset in the batch's names */
  bool maildir;            /* stands in cur or new: one message whatever it looks like */
  bool named;              /* by the person: not to be mail is an error */
  bool held;               /* it was unpacked: the batch's bytes hold it, `len` of them from `at` */
  size_t at, len;
} tide_file;

/* Zero-initialised is empty; reused from call to call; one for each worker. */
typedef struct tide_batch {
  uint64_t lane, number;              /* each 0, 1, 2, … in the order of the archive */
  bool closes;                        /* the last of its lane */
  size_t argument;                    /* index of the named path that all of it comes from */
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
  struct tide_batch *inner;     /* what comes of them */
  bool uncut, uncut_last;       /* bytes are a piece of a member, not cut yet; its last one */
  /* what happened, for the account */
  tide_trouble *trouble, **trouble_end;
  uint64_t passed[TIDE_PASSED_COUNT];
  uint64_t files_read, bytes_read;
} tide_batch;

typedef struct tide_feed tide_feed;

/* Begins at the first of paths ("-" is standard input). Paths are borrowed until close. TIDE_USAGE
 * for an unknown input kind. */
tide_status tide_feed_open(tide_feed **out, const char *const *paths, size_t count,
                           const tide_feed_options *, tide_error *);
/* Fills batch with the next piece of work, which may be none: a piece of a file in which no message
 * ends. Any number of callers at a time. TIDE_END when everything has been given out. TIDE_FATAL
 * when memory is out. */
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
 * *options->stop became true. TIDE_USAGE as tide_feed_open. TIDE_FATAL when memory is out. */
tide_status tide_feed_meets(const char *const *paths, size_t count, const tide_feed_options *,
                            const tide_file_ids *sought, tide_file_met *out, tide_error *);
/* Bytes and files that the feed knows of so far: of the named files from the start, of directories
 * when they are entered. bytes is 0 where it cannot be known (a pipe, a directory). May be called
 * while another thread is in tide_feed_next. */
void tide_feed_known(const tide_feed *, uint64_t *bytes, uint64_t *files);
/* True where the named path is a directory, but no Maildir: to find no mail in it is worth a word.
 */
bool tide_feed_is_plain_directory(const tide_feed *, size_t argument);
void tide_feed_close(tide_feed *);

/* The next message of a batch, in the worker that owns it. *source is the path it came from. Both
 * live until the next call. TIDE_OK, TIDE_END, TIDE_FATAL. Files that cannot be read go to
 * batch->trouble. */
tide_status tide_batch_next(tide_batch *, tide_raw *out, tide_span *source);
/* Does what the next call will give live longer: until the batch is filled again? */
static inline bool tide_batch_lasts(const tide_batch *b) {
  return b->raw_at < b->raw_count;
}
void tide_batch_free(tide_batch *);

#endif
