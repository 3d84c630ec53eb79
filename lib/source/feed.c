/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources to batches, for several workers at once. Whoever comes for work either gets a batch that
 * is ready or becomes the one who reads or unpacks the next. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "cutter.h"
#include "formats.h"
#include "input.h"
#include "members.h"
#include "base/pages.h"
#include "walk.h"

/* A large file, a pipe or standard input, cut as it is read. Pieces of a file are read by several
 * workers at once, each its own, and then cut in their order: a piece's first message begins where
 * the piece before ends. */
typedef struct stream {
  bool open, failed;
  bool finished;              /* its last piece was cut */
  uint64_t claimed;           /* pieces given out to be read */
  _Atomic uint64_t cut_count; /* those that were cut */
  uint64_t read_at;           /* where the next piece begins in the file */
  tide_input input;
  tide_cutter cutter;
  size_t argument;
} stream;

/* Batches that are numbered by themselves: those of a container, or those of what is between
 * two of them. Several containers are unpacked at once, each by one worker at a time. */
typedef struct lane {
  struct lane *next;
  uint64_t lane, number; /* of the next batch */
  size_t argument;
  bool busy; /* a batch is being unpacked */
  tide_members *members;
  uint64_t cut_count; /* of its batches: those that were cut into messages */
} lane;

/* A batch that was unpacked, and whose worker went on to unpack the next. */
typedef struct unpacked {
  struct unpacked *next;
  lane *lane; /* whose turn its cutting takes; NULL: it is cut */
  tide_batch batch;
} unpacked;

/* A batch is unpacked before it is wanted, so that to unpack and to parse, which take turns in
 * being the faster one, do not wait for each other. */
enum { AHEAD = 2 };

struct tide_feed {
  pthread_mutex_t lock;     /* on all that follows, except a piece while it is read */
  pthread_cond_t piece_cut; /* or a lane is free, or closed, or memory is out */
  tide_feed_options options;
  const tide_format *forced;
  bool force_maildir;
  tide_walk *walk;
  stream stream;
  uint64_t lane, number; /* of the next batch of what is no container */
  lane *lanes;           /* the containers that are open, in the order of the archive */
  unsigned lane_count;
  unpacked *ready, *spare;       /* to be given out, in the order of the archive; and empty ones */
  unsigned ready_count, waiting; /* workers that have nothing to do */
  unsigned ahead;      /* batches unpacked beyond what they take; 0: there is one worker */
  bool walked;         /* there are no more files */
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
    return tide_error_memory(err);
  if (options)
    feed->options = *options;
  const char *input = feed->options.input;
  if (input && strcmp(input, "maildir") == 0) {
    feed->force_maildir = true;
  } else if (input && strcmp(input, "auto") != 0 && !(feed->forced = format_named(input))) {
    free(feed);
    return tide_error_set(err, TIDE_USAGE, "unknown kind of input \"%s\"", input);
  }
  if (tide_walk_open(&feed->walk, paths, count, feed->force_maildir, feed->options.ours,
                     feed->options.stop) != TIDE_OK) {
    free(feed);
    return tide_error_memory(err);
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

/* A container gets a lane of its own, and what follows it another. */
static tide_status lane_open(tide_feed *feed, const tide_walked *file, const tide_packed *packed) {
  stream *s = &feed->stream;
  const bool from_begin = tide_input_position(&s->input) == s->cutter.carry.len;
  const bool again = from_begin && tide_input_rewind(&s->input);
  tide_members_options options = {.kind = packed,
                                  .path = s->cutter.path.ptr,
                                  .forced = feed->forced,
                                  .feed = feed->options,
                                  .named = file->named,
                                  .maildir = file->maildir};
  lane **end = &feed->lanes, *l = calloc(1, sizeof *l);
  s->open = false;
  if (!l) {
    tide_input_close(&s->input);
    return TIDE_FATAL;
  }
  l->lane = ++feed->lane;
  feed->lane++;
  feed->number = 0;
  l->argument = file->argument;
  while (*end)
    end = &(*end)->next;
  *end = l;
  feed->lane_count++;
  return tide_members_open(&l->members, &s->input,
                           again ? SPAN("") : tide_buffer_span(&s->cutter.carry), &options);
}

static void lane_close(tide_feed *feed, lane *l) {
  lane **at = &feed->lanes;
  while (*at != l)
    at = &(*at)->next;
  *at = l->next;
  feed->lane_count--;
  tide_members_close(l->members);
  free(l);
}

/* The first lane that nobody is at work in; NULL if there is none. */
static lane *lane_free(const tide_feed *feed) {
  for (lane *l = feed->lanes; l; l = l->next)
    if (!l->busy)
      return l;
  return NULL;
}

static bool is_after(const tide_turn *a, const tide_turn *b) {
  return a->lane > b->lane || (a->lane == b->lane && a->number > b->number);
}

/* Leaves the batch to whoever has nothing to do, so that whoever unpacks goes on with that: what
 * its decoder looks at stays with its processor, and nobody is waited for. TIDE_SKIP: it was left;
 * *b is another, and empty. */
static tide_status lane_leave(tide_feed *feed, lane *l, tide_batch *b) {
  unpacked *u = feed->spare;
  if (u)
    feed->spare = u->next;
  else if (!(u = calloc(1, sizeof *u)))
    return TIDE_FATAL;
  tide_batch_swap(&u->batch, b);
  unpacked **at = &feed->ready;
  while (*at && is_after(&u->batch.turn, &(*at)->batch.turn))
    at = &(*at)->next;
  u->lane = l;
  u->next = *at;
  *at = u;
  feed->ready_count++;
  pthread_cond_broadcast(&feed->piece_cut);
  return TIDE_SKIP;
}

/* Cuts what was left of the lane, so that nobody is waited for who is at work on another. The lock
 * is held meanwhile: that happens with the last piece of a member only. */
static tide_status lane_settle(const tide_feed *feed, lane *l) {
  for (unpacked *u = feed->ready; u; u = u->next) {
    if (u->lane != l || u->batch.turn.number != l->cut_count)
      continue;
    TIDE_TRY(tide_members_cut(l->members, &u->batch));
    u->lane = NULL;
    l->cut_count++;
  }
  return TIDE_OK;
}

/* Waits until all batches of the lane before this one are cut. */
static tide_status lane_wait(tide_feed *feed, lane *l, uint64_t number) {
  tide_status status = lane_settle(feed, l);
  while (l->cut_count != number && !feed->failed && status == TIDE_OK) {
    pthread_cond_wait(&feed->piece_cut, &feed->lock);
    status = lane_settle(feed, l);
  }
  return feed->failed ? TIDE_FATAL : status;
}

/* Cuts what was unpacked into messages, in its turn. The lock is free while it is done. */
static tide_status lane_cut(tide_feed *feed, lane *l, tide_batch *b) {
  if (lane_wait(feed, l, b->turn.number) != TIDE_OK)
    return TIDE_FATAL;
  pthread_mutex_unlock(&feed->lock);
  tide_status status = tide_members_cut(l->members, b);
  pthread_mutex_lock(&feed->lock);
  l->cut_count++;
  pthread_cond_broadcast(&feed->piece_cut);
  return status;
}

/* The first of those that were left. */
static tide_status ready_take(tide_feed *feed, tide_batch *b) {
  unpacked *u = feed->ready;
  feed->ready = u->next;
  feed->ready_count--;
  tide_batch_swap(&u->batch, b);
  u->next = feed->spare;
  feed->spare = u;
  return u->lane ? lane_cut(feed, u->lane, b) : TIDE_OK;
}

static void unpacked_free(unpacked *first) {
  for (unpacked *next; first; first = next) {
    next = first->next;
    tide_batch_close(&first->batch);
    free(first);
  }
}

/* Unpacks the next batch. The lock is held at the beginning and at the end, and free between. */
static tide_status lane_next(tide_feed *feed, lane *l, tide_batch *b) {
  b->turn.lane = l->lane;
  b->turn.number = l->number++;
  b->turn.argument = l->argument;
  l->busy = true;
  pthread_mutex_unlock(&feed->lock);
  tide_status status = tide_members_fill(l->members, b);
  pthread_mutex_lock(&feed->lock);
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  /* With the last piece of a member its cutting ends: what comes next is cut in another way. */
  const bool alone = status == TIDE_END || !tide_members_goes_on(l->members);
  if (alone) {
    b->turn.closes = status == TIDE_END;
    if (lane_cut(feed, l, b) != TIDE_OK)
      return TIDE_FATAL;
  }
  l->busy = false;
  if (status == TIDE_END) {
    lane_close(feed, l);
    l = NULL;
    status = TIDE_OK;
  }
  TIDE_TRY(status);
  return lane_leave(feed, alone ? NULL : l, b);
}

static tide_status stream_open(tide_feed *feed, tide_batch *b, const tide_walked *file) {
  stream *s = &feed->stream;
  tide_error err;
  tide_cutter *c = &s->cutter;
  s->failed = s->finished = false;
  s->claimed = 0;
  s->cut_count = 0;
  s->argument = file->argument;
  if (tide_cutter_begin(c, file->path) != TIDE_OK)
    return TIDE_FATAL;
  tide_status status =
      tide_input_open(&s->input, c->path.ptr, file->regular, feed->options.stop, &err);
  if (status != TIDE_OK)
    return tide_findings_trouble(&b->found, c->path.ptr, err.text);
  s->open = true;
  b->found.files_read++;
  while (c->carry.len < TIDE_PEEK_BYTES && status == TIDE_OK) {
    size_t before = c->carry.len;
    status = tide_input_read(&s->input, &c->carry, TIDE_PEEK_BYTES - c->carry.len, &err);
    b->found.bytes_read += c->carry.len - before;
    /* A slow pipe need not fill the peek: a few whole lines are enough to choose by, but where
     * there may be another message behind the first. */
    if (status == TIDE_OK && s->input.waits && c->carry.len >= 4096 &&
        tide_format_choose(tide_buffer_span(&c->carry)) != &tide_format_message)
      break;
  }
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  const tide_packed *packed = tide_packed_find(tide_buffer_span(&c->carry));
  if (tide_packed_is_read(packed) && status != TIDE_FAIL)
    return lane_open(feed, file, packed);
  if (status == TIDE_END && tide_input_shrank(&s->input, tide_input_position(&s->input), &err))
    status = TIDE_FAIL;
  if (status == TIDE_END)
    c->ended = true;
  if (status == TIDE_FAIL) {
    c->ended = s->failed = true;
    if (tide_findings_trouble(&b->found, c->path.ptr, err.text) != TIDE_OK)
      return TIDE_FATAL;
  }
  if (!packed && tide_input_convert(&s->input, &c->carry, c->ended) != TIDE_OK)
    return TIDE_FATAL;
  c->format =
      tide_format_for(feed->forced, false, c->path.ptr, packed, tide_buffer_span(&c->carry));
  if (!c->format || c->carry.len == 0) {
    status = s->failed ? TIDE_OK
                       : tide_findings_pass_over(&b->found, c->path.ptr, file->named,
                                                 tide_buffer_span(&c->carry));
    stream_close(s);
    return status;
  }
  s->read_at = tide_input_position(&s->input);
  return TIDE_OK;
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
  if (status == TIDE_END && !s->cutter.ended &&
      tide_input_shrank(&s->input, from + b->bytes.len - TIDE_PIECE_ROOM, err))
    status = TIDE_FAIL;
  b->found.bytes_read += b->bytes.len - TIDE_PIECE_ROOM;
  if (status == TIDE_END)
    s->cutter.ended = true;
  if (status == TIDE_FAIL) {
    s->cutter.ended = s->failed = true;
    return tide_findings_trouble(&b->found, s->cutter.path.ptr, err->text);
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
  b->turn.argument = s->argument;
  s->read_at += TIDE_PIECE_BYTES;
  tide_status status = s->cutter.ended ? TIDE_END : TIDE_OK;
  tide_buffer_clear(&b->bytes);
  const size_t had = b->bytes.cap;
  if (tide_buffer_reserve(&b->bytes, TIDE_PIECE_ROOM + TIDE_PIECE_BYTES) != TIDE_OK)
    return TIDE_FATAL;
  if (b->bytes.cap != had)
    tide_memory_fetch(b->bytes.ptr,
                      TIDE_PIECE_ROOM +
                          TIDE_PIECE_BYTES); /* all of a new buffer will be read into */
  b->bytes.len = TIDE_PIECE_ROOM;
  if (apart) {
    pthread_mutex_unlock(&feed->lock);
    if (status == TIDE_OK)
      status = tide_input_read_at(&s->input, &b->bytes, TIDE_PIECE_BYTES, from, &err);
    spin_until_turn(s, piece);
    pthread_mutex_lock(&feed->lock);
    while (s->cut_count != piece && !feed->failed)
      pthread_cond_wait(&feed->piece_cut, &feed->lock);
    if (feed->failed)
      return TIDE_FATAL;
  } else if (status == TIDE_OK) {
    status = tide_input_read(&s->input, &b->bytes, TIDE_PIECE_BYTES, &err);
  }
  if (s->finished) { /* a piece before this one was the last: the file grew meanwhile, or had no
                        more */
    b->bytes.len = 0;
    status = TIDE_OK;
  } else {
    status = stream_took(s, b, status, from, &err);
    if (status == TIDE_OK) {
      if (apart)
        pthread_mutex_unlock(&feed->lock);
      status = tide_cutter_cut(&s->cutter, b);
      if (apart)
        pthread_mutex_lock(&feed->lock);
    }
    s->finished = s->cutter.ended;
  }
  s->cut_count++;
  pthread_cond_broadcast(&feed->piece_cut);
  return status;
}

/* With the lock held. */
static tide_status feed_next(tide_feed *feed, tide_batch *b) {
  stream *s = &feed->stream;
  uint64_t size = 0;
  for (;;) {
    if (tide_stopped(feed->options.stop))
      return TIDE_END;
    if (s->open && !s->finished)
      return stream_next(feed, b);
    stream_close(s);
    tide_walked file;
    if (feed->has_pending) {
      file = feed->pending; /* its path is still the walk's: nothing was walked since */
      feed->has_pending = false;
    } else {
      tide_status status = tide_walk_next(feed->walk, &file, &b->found);
      if (status == TIDE_END && b->file_count)
        return TIDE_OK;
      if (status != TIDE_OK)
        return status;
    }
    bool small = file.regular && (file.maildir || file.size <= TIDE_SMALL_FILE);
    bool full = b->file_count >= TIDE_BATCH_FILES || size >= TIDE_PIECE_BYTES ||
                (b->file_count && (!small || file.argument != b->turn.argument));
    if (full) {
      feed->pending = file;
      feed->has_pending = true;
      return TIDE_OK;
    }
    b->turn.argument = file.argument;
    if (small) {
      size += file.size;
      tide_file added = {.maildir = file.maildir, .named = file.named};
      if (tide_batch_add_file(b, added, file.path) != TIDE_OK)
        return TIDE_FATAL;
    } else {
      tide_status status = stream_open(feed, b, &file);
      if (status != TIDE_OK || b->found.troubles.first || feed->lane != b->turn.lane)
        return status;
    }
  }
}

/* The next batch of what is no container. With the lock held. */
static tide_status feed_walk_on(tide_feed *feed, tide_batch *b) {
  b->turn.lane = feed->lane;
  b->turn.number = feed->number++;
  tide_status status = feed_next(feed, b);
  b->turn.closes = feed->lane != b->turn.lane; /* it met a container */
  if (status == TIDE_END) {
    b->turn.closes = feed->walked = true;
    status = TIDE_OK;
  }
  return status;
}

tide_status tide_feed_next(tide_feed *feed, tide_batch *b) {
  const unsigned at_once = feed->options.at_once ? feed->options.at_once : 1;
  stream *s = &feed->stream;
  tide_status status = TIDE_SKIP;
  tide_batch_clear(b);
  pthread_mutex_lock(&feed->lock);
  while (status == TIDE_SKIP) {
    lane *l = lane_free(feed);
    b->options = feed->options;
    b->forced = feed->forced;
    /* Pieces after the last of a file may still be with those who claimed them; only then comes
     * the next file, and a number in its order. */
    const bool waits = s->open && s->finished && s->cut_count != s->claimed;
    if (feed->failed) {
      status = TIDE_FATAL;
    } else if (feed->ready && !(l && feed->ready_count <= feed->waiting + feed->ahead)) {
      status = ready_take(feed, b);
    } else if (l) {
      status = lane_next(feed, l, b);
    } else if (!feed->walked && !waits && feed->lane_count < at_once) {
      status = feed_walk_on(feed, b);
    } else if (feed->walked && !feed->lane_count) {
      status = TIDE_END;
    } else {
      feed->waiting++;
      feed->ahead = AHEAD;
      pthread_cond_wait(&feed->piece_cut, &feed->lock);
      feed->waiting--;
    }
  }
  if (status == TIDE_FATAL) {
    feed->failed = true;
    pthread_cond_broadcast(&feed->piece_cut);
  }
  if (feed->walked)
    pthread_cond_broadcast(&feed->piece_cut);
  pthread_mutex_unlock(&feed->lock);
  return status;
}

tide_status tide_feed_meets(const char *const *paths, size_t count,
                            const tide_feed_options *options, const tide_file_ids *sought,
                            tide_file_met *out, tide_error *err) {
  tide_feed *feed;
  tide_findings met = {.files_read = 0};
  tide_walked file;
  tide_status status = tide_feed_open(&feed, paths, count, options, err);
  if (status != TIDE_OK)
    return status;
  status = TIDE_END;
  while (status == TIDE_END && !tide_stopped(options->stop)) {
    tide_status walked = tide_walk_next(feed->walk, &file, &met);
    if (walked == TIDE_END)
      break;
    if (walked != TIDE_OK)
      status = tide_error_memory(err);
    for (size_t i = 0; i < sought->count && status == TIDE_END; i++) {
      const tide_file_id *id = &sought->ids[i];
      if (file.id.inode != id->inode || file.id.device != id->device || !file.id.inode)
        continue;
      out->which = i;
      tide_buffer_clear(&out->path);
      status = tide_buffer_put(&out->path, tide_span_make(file.path, strlen(file.path) + 1));
      if (status != TIDE_OK)
        status = tide_error_memory(err);
    }
  }
  tide_findings_free(&met);
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
  tide_cutter_free(&feed->stream.cutter);
  while (feed->lanes)
    lane_close(feed, feed->lanes);
  unpacked_free(feed->ready);
  unpacked_free(feed->spare);
  tide_walk_close(feed->walk);
  pthread_mutex_destroy(&feed->lock);
  pthread_cond_destroy(&feed->piece_cut);
  free(feed);
}
