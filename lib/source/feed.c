/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats.h"
#include "input.h"
#include "packed.h"
#include "spamtide/pages.h"
#include "walk.h"

/* One batch of a large file: fits a second-level cache, and is large beside a message. Before its
 * bytes there is room for what the last one carries over. */
enum {
  BATCH_BYTES = 1 << 20,
  BATCH_ROOM = 64 << 10,
  BATCH_FILES = 128,
  SMALL_FILE = 1 << 20,
  PEEK_BYTES = 64 << 10,
  DROP_SLACK = 64 << 10
};

/* A large file, a pipe or standard input, cut as it is read. Pieces of a file are read by several
 * workers at once, each its own, and then cut in their order: a piece's first message begins where
 * the piece before ends. */
typedef struct stream {
  bool open, ended, failed;
  bool finished;              /* its last piece was cut */
  uint64_t claimed;           /* pieces given out to be read */
  _Atomic uint64_t cut_count; /* those that were cut */
  uint64_t read_at;           /* where the next piece begins in the file */
  tide_input input;
  const tide_format *format;
  tide_cut cut;
  tide_buffer carry; /* the beginning of a message that the last batch could not finish */
  uint64_t offset;   /* of carry's first byte in the file */
  size_t argument;
  bool named;
  tide_buffer path;
} stream;

struct tide_feed {
  pthread_mutex_t lock; /* on all that follows, but for a piece while it is read */
  pthread_cond_t piece_cut;
  tide_feed_options options;
  const tide_format *forced;
  bool force_maildir;
  tide_walk *walk;
  stream stream;
  uint64_t number;
  bool failed;         /* memory is out: nobody waits any more */
  tide_walked pending; /* a file that did not fit into the last batch */
  bool has_pending;
};

static const tide_format *format_named(const char *name) {
  for (const tide_format *const *f = tide_formats; *f; f++)
    if (strcmp((*f)->name, name) == 0)
      return *f;
  return NULL;
}

tide_status tide_feed_open(tide_feed **out, const char *const *paths, size_t count,
                           const tide_feed_options *options, tide_error *err) {
  tide_feed *feed = calloc(1, sizeof *feed);
  if (!feed)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  if (options)
    feed->options = *options;
  const char *input = feed->options.input;
  if (input && strcmp(input, "maildir") == 0) {
    feed->force_maildir = true;
  } else if (input && strcmp(input, "auto") != 0 && !(feed->forced = format_named(input))) {
    free(feed);
    return tide_error_set(err, TIDE_USAGE, "unknown kind of input \"%s\"", input);
  }
  if (tide_walk_open(&feed->walk, paths, count, feed->force_maildir, feed->options.ours) !=
      TIDE_OK) {
    free(feed);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  pthread_mutex_init(&feed->lock, NULL);
  pthread_cond_init(&feed->piece_cut, NULL);
  *out = feed;
  return TIDE_OK;
}

static void stream_close(stream *s) {
  if (s->open)
    tide_input_close(&s->input);
  s->open = false;
}

/* Says what a file is that cannot be read as mail. Packed files most likely hold mail, and are
 * named wherever they lie; others are an error where a person named them, else a count. */
static tide_status pass_over(tide_batch *b, const char *path, bool named, tide_span peek) {
  const tide_packed *packed = tide_packed_find(peek);
  tide_passed why = peek.len == 0 ? TIDE_PASSED_EMPTY
                    : packed      ? TIDE_PASSED_COMPRESSED
                                  : TIDE_PASSED_NOT_MAIL;
  b->passed[why]++;
  if (why == TIDE_PASSED_EMPTY || (!named && !packed))
    return TIDE_OK;
  char reason[96];
  if (packed && packed->archive)
    snprintf(reason, sizeof reason, "not read: an archive (%s): unpack it first", packed->name);
  else if (packed)
    snprintf(reason, sizeof reason, "not read: compressed (%s): unpack it first, or pipe it in",
             packed->name);
  else
    snprintf(reason, sizeof reason, "not mail; use --input to read it all the same");
  return tide_batch_trouble(b, path, reason);
}

/* The format to read a file with that begins so; NULL where it is not mail. What is packed is not,
 * whatever a person says that it is, unless its files stand in it as they were: a tar of mailboxes
 * read as one mailbox is a thing to ask for. */
static const tide_format *format_for(const tide_format *forced, bool maildir,
                                     const tide_packed *packed, tide_span peek) {
  if (packed && !(forced && packed->plain))
    return NULL;
  if (forced)
    return forced;
  return maildir ? &tide_format_message : tide_format_choose(peek);
}

static tide_status stream_open(tide_feed *feed, tide_batch *b, const tide_walked *file) {
  stream *s = &feed->stream;
  tide_error err;
  s->ended = s->failed = s->finished = false;
  s->cut = (tide_cut){0};
  s->offset = 0;
  s->claimed = 0;
  s->cut_count = 0;
  s->argument = file->argument;
  s->named = file->named;
  tide_buffer_clear(&s->carry);
  tide_buffer_clear(&s->path);
  if (tide_buffer_put(&s->path, tide_span_make(file->path, strlen(file->path) + 1)) != TIDE_OK)
    return TIDE_FATAL;
  s->path.len--;
  tide_status status = tide_input_open(&s->input, s->path.ptr, feed->options.stop, &err);
  if (status != TIDE_OK)
    return tide_batch_trouble(b, s->path.ptr, err.text);
  s->open = true;
  b->files_read++;
  while (s->carry.len < PEEK_BYTES && status == TIDE_OK) {
    size_t before = s->carry.len;
    status = tide_input_read(&s->input, &s->carry, PEEK_BYTES - s->carry.len, &err);
    b->bytes_read += s->carry.len - before;
    /* A slow pipe need not fill the peek: a few whole lines are enough to choose by. */
    if (status == TIDE_OK && s->input.waits && s->carry.len >= 4096)
      break;
  }
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  if (status == TIDE_END && tide_input_shrank(&s->input, tide_input_position(&s->input), &err))
    status = TIDE_FAIL;
  if (status == TIDE_END)
    s->ended = true;
  if (status == TIDE_FAIL) {
    s->ended = s->failed = true;
    if (tide_batch_trouble(b, s->path.ptr, err.text) != TIDE_OK)
      return TIDE_FATAL;
  }
  const tide_packed *packed = tide_packed_find(tide_buffer_span(&s->carry));
  if (!packed && tide_input_convert(&s->input, &s->carry, s->ended) != TIDE_OK)
    return TIDE_FATAL;
  s->format = format_for(feed->forced, false, packed, tide_buffer_span(&s->carry));
  if (!s->format || s->carry.len == 0) {
    status =
        s->failed ? TIDE_OK : pass_over(b, s->path.ptr, file->named, tide_buffer_span(&s->carry));
    stream_close(s);
    return status;
  }
  s->read_at = tide_input_position(&s->input);
  return TIDE_OK;
}

static tide_status batch_add_raw(tide_batch *b, const tide_raw *raw) {
  if (b->raw_count == b->raw_cap) {
    size_t cap = b->raw_cap ? b->raw_cap * 2 : 256;
    tide_raw *grown = realloc(b->raws, cap * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    b->raws = grown;
    b->raw_cap = cap;
  }
  b->raws[b->raw_count++] = *raw;
  return TIDE_OK;
}

/* A message longer than the limit keeps its beginning; what was searched behind that is let go. */
static void bytes_drop(tide_cut *cut, tide_buffer *bytes, size_t at) {
  const size_t keep = TIDE_LIMIT_MESSAGE + DROP_SLACK;
  if (bytes->len - at <= keep + BATCH_BYTES || cut->seen <= keep + DROP_SLACK)
    return;
  size_t drop = cut->seen - DROP_SLACK - keep;
  memmove(bytes->ptr + at + keep, bytes->ptr + at + keep + drop, bytes->len - at - keep - drop);
  bytes->len -= drop;
  cut->seen -= drop;
  cut->dropped += drop;
}

static void raw_limit(tide_raw *raw) {
  if (raw->bytes.len <= TIDE_LIMIT_MESSAGE)
    return;
  raw->bytes.len = TIDE_LIMIT_MESSAGE;
  raw->cut = true;
}

/* Puts what was carried over in front of the piece that stands in bytes behind BATCH_ROOM; *at is
 * where it begins. Where there is no room for it, the message is a long one: the piece is put
 * behind it, so that its beginning is not copied again and again. */
static tide_status carry_over(stream *s, tide_buffer *bytes, size_t *at) {
  if (s->carry.len <= BATCH_ROOM) {
    *at = BATCH_ROOM - s->carry.len;
    if (s->carry.len)
      memcpy(bytes->ptr + *at, s->carry.ptr, s->carry.len);
    return TIDE_OK;
  }
  if (tide_buffer_put(&s->carry,
                      tide_span_slice(tide_buffer_span(bytes), BATCH_ROOM, bytes->len)) != TIDE_OK)
    return TIDE_FATAL;
  tide_buffer swap = s->carry;
  s->carry = *bytes;
  *bytes = swap;
  *at = 0;
  return TIDE_OK;
}

/* Cuts whole messages of the piece into the batch; what is left over is carried into the next one.
 */
static tide_status stream_cut(stream *s, tide_batch *b) {
  size_t at;
  if (carry_over(s, &b->bytes, &at) != TIDE_OK)
    return TIDE_FATAL;
  tide_buffer_clear(&s->carry);
  tide_buffer_clear(&b->names);
  if (tide_buffer_put(&b->names, tide_buffer_span(&s->path)) != TIDE_OK)
    return TIDE_FATAL;
  b->source = tide_buffer_span(&b->names);
  b->argument = s->argument;
  for (;;) {
    tide_raw raw;
    size_t used = 0;
    tide_span window = tide_span_slice(tide_buffer_span(&b->bytes), at, b->bytes.len);
    tide_status status = s->format->next(&s->cut, window, s->ended, &raw, &used);
    if (status == TIDE_END)
      break;
    if (status == TIDE_SKIP) {
      b->passed[TIDE_PASSED_INSIDE]++;
    } else if (status == TIDE_OK) {
      raw.offset += s->offset;
      raw.file_time = INT64_MIN;
      raw_limit(&raw);
      if (batch_add_raw(b, &raw) != TIDE_OK)
        return TIDE_FATAL;
    } else {
      return status;
    }
    s->offset += used + s->cut.dropped;
    at += used;
    s->cut = (tide_cut){.began = true};
  }
  if (s->ended)
    return TIDE_OK;
  if (at == 0 &&
      b->raw_count == 0) { /* nothing but the beginning of a long message: it goes back as it is */
    tide_buffer swap = s->carry;
    s->carry = b->bytes;
    b->bytes = swap;
    bytes_drop(&s->cut, &s->carry, 0);
    return TIDE_OK;
  }
  return tide_buffer_put(&s->carry,
                         tide_span_slice(tide_buffer_span(&b->bytes), at, b->bytes.len)) == TIDE_OK
             ? TIDE_OK
             : TIDE_FATAL;
}

/* The pieces before this one are mostly cut within microseconds: less than it takes to be woken. */
static void spin_until_turn(stream *s, uint64_t piece) {
  enum { SPINS = 1000 };
  for (int i = 0; i < SPINS && atomic_load_explicit(&s->cut_count, memory_order_relaxed) != piece;
       i++) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
}

/* What a read gave, for the account and for the cutting. */
static tide_status stream_took(stream *s, tide_batch *b, tide_status status, uint64_t from,
                               tide_error *err) {
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  if (status == TIDE_END && !s->ended &&
      tide_input_shrank(&s->input, from + b->bytes.len - BATCH_ROOM, err))
    status = TIDE_FAIL;
  b->bytes_read += b->bytes.len - BATCH_ROOM;
  if (status == TIDE_END)
    s->ended = true;
  if (status == TIDE_FAIL) {
    s->ended = s->failed = true;
    return tide_batch_trouble(b, s->path.ptr, err->text);
  }
  return TIDE_OK;
}

/* Reads the next piece and cuts it when it is its turn. The lock is held at the beginning and at
 * the end; for a file it is free while the piece is read, and while it is cut: whose turn it is has
 * the stream for itself. */
static tide_status stream_next(tide_feed *feed, tide_batch *b) {
  stream *s = &feed->stream;
  tide_error err;
  const uint64_t piece = s->claimed++, from = s->read_at;
  const bool apart = !s->input.waits;
  s->read_at += BATCH_BYTES;
  tide_status status = s->ended ? TIDE_END : TIDE_OK;
  tide_buffer_clear(&b->bytes);
  const size_t had = b->bytes.cap;
  if (tide_buffer_reserve(&b->bytes, BATCH_ROOM + BATCH_BYTES) != TIDE_OK)
    return TIDE_FATAL;
  if (b->bytes.cap != had)
    tide_memory_fetch(b->bytes.ptr,
                      BATCH_ROOM + BATCH_BYTES); /* all of a new buffer will be read into */
  b->bytes.len = BATCH_ROOM;
  if (apart) {
    pthread_mutex_unlock(&feed->lock);
    if (status == TIDE_OK)
      status = tide_input_read_at(&s->input, &b->bytes, BATCH_BYTES, from, &err);
    spin_until_turn(s, piece);
    pthread_mutex_lock(&feed->lock);
    while (s->cut_count != piece && !feed->failed)
      pthread_cond_wait(&feed->piece_cut, &feed->lock);
    if (feed->failed)
      return TIDE_FATAL;
  } else if (status == TIDE_OK) {
    status = tide_input_read(&s->input, &b->bytes, BATCH_BYTES, &err);
  }
  if (s->finished) { /* a piece before this one was the last: the file grew meanwhile, or had no
                        more */
    b->bytes.len = 0;
  } else {
    status = stream_took(s, b, status, from, &err);
    if (status == TIDE_OK) {
      if (apart)
        pthread_mutex_unlock(&feed->lock);
      status = stream_cut(s, b);
      if (apart)
        pthread_mutex_lock(&feed->lock);
    }
    s->finished = s->ended;
  }
  s->cut_count++;
  pthread_cond_broadcast(&feed->piece_cut);
  return status;
}

static void batch_clear(tide_batch *b) {
  tide_troubles_free(b->trouble);
  b->trouble = NULL;
  b->trouble_end = &b->trouble;
  b->raw_count = b->raw_at = b->file_count = b->file_at = 0;
  b->in_file = false;
  b->bytes_read = b->files_read = 0;
  memset(b->passed, 0, sizeof b->passed);
  tide_buffer_clear(&b->names);
  /* One huge message must not keep its memory for the rest of the run. */
  if (b->bytes.cap > 8 * BATCH_BYTES)
    tide_buffer_free(&b->bytes);
}

static tide_status batch_add_file(tide_batch *b, const tide_walked *file) {
  if (b->file_count == b->file_cap) {
    size_t cap = b->file_cap ? b->file_cap * 2 : BATCH_FILES;
    tide_file *grown = realloc(b->files, cap * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    b->files = grown;
    b->file_cap = cap;
  }
  b->files[b->file_count++] =
      (tide_file){.path = b->names.len, .maildir = file->maildir, .named = file->named};
  return tide_buffer_put(&b->names, tide_span_make(file->path, strlen(file->path) + 1)) == TIDE_OK
             ? TIDE_OK
             : TIDE_FATAL;
}

/* With the lock held. */
static tide_status feed_next(tide_feed *feed, tide_batch *b) {
  stream *s = &feed->stream;
  uint64_t size = 0;
  for (;;) {
    if (feed->options.stop && atomic_load_explicit(feed->options.stop, memory_order_relaxed))
      return TIDE_END;
    if (s->open && !s->finished)
      return stream_next(feed, b);
    stream_close(s);
    tide_walked file;
    if (feed->has_pending) {
      file = feed->pending; /* its path is still the walk's: nothing was walked since */
      feed->has_pending = false;
    } else {
      tide_status status = tide_walk_next(feed->walk, &file, b);
      if (status == TIDE_END && b->file_count)
        return TIDE_OK;
      if (status != TIDE_OK)
        return status;
    }
    bool small = file.regular && (file.maildir || file.size <= SMALL_FILE);
    bool full = b->file_count >= BATCH_FILES || size >= BATCH_BYTES ||
                (b->file_count && (!small || file.argument != b->argument));
    if (full) {
      feed->pending = file;
      feed->has_pending = true;
      return TIDE_OK;
    }
    b->argument = file.argument;
    if (small) {
      size += file.size;
      if (batch_add_file(b, &file) != TIDE_OK)
        return TIDE_FATAL;
    } else {
      tide_status status = stream_open(feed, b, &file);
      if (status != TIDE_OK || b->trouble)
        return status;
    }
  }
}

tide_status tide_feed_next(tide_feed *feed, tide_batch *b) {
  batch_clear(b);
  pthread_mutex_lock(&feed->lock);
  /* Pieces behind the last of a file may still be with those who claimed them; only then comes the
   * next file, and a number in its order. */
  while (feed->stream.open && feed->stream.finished &&
         feed->stream.cut_count != feed->stream.claimed && !feed->failed)
    pthread_cond_wait(&feed->piece_cut, &feed->lock);
  b->number = feed->number++;
  b->options = feed->options;
  b->forced = feed->forced;
  tide_status status = feed->failed ? TIDE_FATAL : feed_next(feed, b);
  if (status == TIDE_FATAL) {
    feed->failed = true;
    pthread_cond_broadcast(&feed->piece_cut);
  }
  pthread_mutex_unlock(&feed->lock);
  return status;
}

tide_status tide_feed_meets(const char *const *paths, size_t count,
                            const tide_feed_options *options, const tide_file_id *ids,
                            size_t id_count, size_t *which, tide_buffer *path, tide_error *err) {
  tide_feed *feed;
  tide_batch b = {0};
  tide_walked file;
  tide_status status = tide_feed_open(&feed, paths, count, options, err);
  if (status != TIDE_OK)
    return status;
  status = TIDE_END;
  while (status == TIDE_END &&
         !(options->stop && atomic_load_explicit(options->stop, memory_order_relaxed))) {
    tide_status walked = tide_walk_next(feed->walk, &file, &b);
    if (walked == TIDE_END)
      break;
    if (walked != TIDE_OK)
      status = tide_error_set(err, TIDE_FATAL, "out of memory");
    for (size_t i = 0; i < id_count && status == TIDE_END; i++) {
      if (file.id.inode != ids[i].inode || file.id.device != ids[i].device || !file.id.inode)
        continue;
      *which = i;
      tide_buffer_clear(path);
      status = tide_buffer_put(path, tide_span_make(file.path, strlen(file.path) + 1));
      if (status != TIDE_OK)
        status = tide_error_set(err, TIDE_FATAL, "out of memory");
    }
  }
  tide_batch_free(&b);
  tide_feed_close(feed);
  return status;
}

void tide_feed_known(const tide_feed *feed, uint64_t *bytes, uint64_t *files) {
  tide_walk_known(feed->walk, bytes, files);
}

bool tide_feed_is_plain_directory(const tide_feed *feed, size_t argument) {
  return tide_walk_is_plain_directory(feed->walk, argument);
}

void tide_feed_close(tide_feed *feed) {
  if (!feed)
    return;
  stream_close(&feed->stream);
  tide_buffer_free(&feed->stream.carry);
  tide_buffer_free(&feed->stream.path);
  tide_walk_close(feed->walk);
  pthread_mutex_destroy(&feed->lock);
  pthread_cond_destroy(&feed->piece_cut);
  free(feed);
}

/* "1226442600.M1P2.host,S=123:2,S": seconds of delivery before the first dot
 * (cr.yp.to/proto/maildir.html); OfflineIMAP has an underscore there: "1226442600_3.57912.host". */
static int64_t file_name_time(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  uint64_t seconds;
  tide_span digits = tide_span_make(name, strcspn(name, "._"));
  return digits.len <= 12 && tide_span_uint(digits, &seconds) ? (int64_t)seconds : INT64_MIN;
}

/* Opens and reads the next of the batch's small files. TIDE_SKIP where it is lost or not mail. */
static tide_status batch_open_file(tide_batch *b, const tide_file *file) {
  const char *path = b->names.ptr + file->path;
  tide_input in;
  tide_error err;
  tide_buffer_clear(&b->bytes);
  const tide_packed *packed = NULL;
  tide_status status = tide_input_open(&in, path, b->options.stop, &err);
  if (status == TIDE_OK) {
    b->files_read++;
    size_t want = in.size < SMALL_FILE ? (size_t)in.size + 1 : SMALL_FILE;
    while (status == TIDE_OK && b->bytes.len <= TIDE_LIMIT_MESSAGE) {
      size_t before = b->bytes.len;
      status = tide_input_read(&in, &b->bytes, want, &err);
      b->bytes_read += b->bytes.len - before;
      /* Fewer than the file's size and one: that was its end. */
      if (status == TIDE_OK && b->bytes.len == in.size && b->bytes.len < want)
        status = TIDE_END;
      want = SMALL_FILE;
    }
    b->window_at = 0;
    b->cut = (tide_cut){0};
    if (status == TIDE_END && tide_input_shrank(&in, b->bytes.len, &err))
      status = TIDE_FAIL;
    if (status == TIDE_OK && in.size > b->bytes.len)
      b->cut.dropped = in.size - b->bytes.len;
    packed = tide_packed_find(tide_buffer_span(&b->bytes));
    if (status != TIDE_FATAL && !packed && tide_input_convert(&in, &b->bytes, true) != TIDE_OK)
      status = TIDE_FATAL;
    tide_input_close(&in);
  }
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  if (status == TIDE_FAIL) {
    status = tide_batch_trouble(b, path, err.text);
    if (status != TIDE_OK)
      return status;
    if (b->bytes.len == 0)
      return TIDE_SKIP;
  }
  b->format = format_for(b->forced, file->maildir, packed, tide_buffer_span(&b->bytes));
  if (!b->format || (b->bytes.len == 0 && !file->maildir)) {
    status = pass_over(b, path, file->named, tide_buffer_span(&b->bytes));
    return status == TIDE_OK ? TIDE_SKIP : status;
  }
  return TIDE_OK;
}

/* Moves what stands before the hole up to what stands behind it. The bytes are the batch's own. */
static void raw_close_hole(tide_batch *b, tide_raw *raw) {
  if (raw->hole_at + raw->hole_len <= raw->bytes.len) {
    char *begin = b->bytes.ptr + (raw->bytes.ptr - b->bytes.ptr);
    memmove(begin + raw->hole_len, begin, raw->hole_at);
    raw->bytes = tide_span_slice(raw->bytes, raw->hole_len, raw->bytes.len);
  }
  raw->hole_at = raw->hole_len = 0;
}

tide_status tide_batch_next(tide_batch *b, tide_raw *out, tide_span *source) {
  if (b->raw_at < b->raw_count) {
    *out = b->raws[b->raw_at++];
    if (out->hole_len)
      raw_close_hole(b, out);
    *source = b->source;
    return TIDE_OK;
  }
  for (;;) {
    if (!b->in_file) {
      if (b->file_at == b->file_count)
        return TIDE_END;
      tide_status status = batch_open_file(b, &b->files[b->file_at++]);
      if (status == TIDE_SKIP)
        continue;
      if (status != TIDE_OK)
        return status;
      b->in_file = true;
    }
    const tide_file *file = &b->files[b->file_at - 1];
    *source = tide_span_of(b->names.ptr + file->path);
    tide_span window = tide_span_slice(tide_buffer_span(&b->bytes), b->window_at, b->bytes.len);
    size_t used = 0;
    tide_status status;
    if (file->maildir &&
        b->bytes.len == 0) { /* an empty file in cur is a message that lost its content */
      *out = (tide_raw){0};
      status = TIDE_OK;
      b->in_file = false;
    } else {
      status = b->format->next(&b->cut, window, true, out, &used);
    }
    if (status == TIDE_END) {
      b->in_file = false;
      continue;
    }
    if (status != TIDE_OK && status != TIDE_SKIP)
      return status;
    out->offset += b->window_at;
    b->window_at += used;
    b->cut = (tide_cut){.began = true};
    if (status == TIDE_SKIP) {
      b->passed[TIDE_PASSED_INSIDE]++;
      continue;
    }
    out->file_time = file->maildir ? file_name_time(b->names.ptr + file->path) : INT64_MIN;
    raw_limit(out);
    if (out->hole_len)
      raw_close_hole(b, out);
    return TIDE_OK;
  }
}

void tide_batch_free(tide_batch *b) {
  batch_clear(b);
  tide_buffer_free(&b->bytes);
  tide_buffer_free(&b->names);
  free(b->raws);
  free(b->files);
  *b = (tide_batch){0};
}
