/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small members are put into a batch as they were unpacked, one after the other, and are looked at
 * by the worker that gets it; long ones are cut piece by piece, as a large file is. What is passed
 * over is what would be passed over in the directory that the archive was made of. */
#include "members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "convert.h"
#include "cutter.h"
#include "base/pages.h"
#include "unpack.h"
#include "walk.h"

enum {
  PACKED_HEAD = 512,       /* a tar is known by no less */
  BLOCK_BYTES = 256 << 10, /* what unpacking gives at once, at most except a few formats */
  STEPS_MOST = 4096        /* in one batch: of those that are passed over there may be millions */
};

struct tide_members {
  tide_members_options options;
  tide_unpack *unpack;
  uint64_t counted;    /* bytes of the file that batches know of */
  bool force_maildir;  /* all in cur and new is a Maildir's, as a person said */
  bool lost;           /* something of the member */
  bool named, maildir; /* of the member: by the person; in cur or new */
  /* a member that is cut in pieces */
  bool cutting;
  bool converting;
  tide_convert convert;
  tide_buffer raw; /* before it is converted */
  tide_cutter cutter;
};

tide_status tide_members_open(tide_members **out, tide_input *in, tide_span head,
                              const tide_members_options *options) {
  tide_members *m = calloc(1, sizeof *m);
  if (!m) {
    tide_input_close(in);
    return TIDE_FATAL;
  }
  m->options = *options;
  m->counted = head.len;
  m->named = options->named;
  m->force_maildir = options->feed.input && strcmp(options->feed.input, "maildir") == 0;
  m->maildir = options->maildir;
  if (tide_unpack_open(&m->unpack, in, head, options->kind, options->path) != TIDE_OK) {
    free(m);
    return TIDE_FATAL;
  }
  *out = m;
  return TIDE_OK;
}

/* --- what is taken --- */

static tide_span name_take(tide_span *path) {
  size_t end = tide_span_find_char(*path, '/');
  tide_span name = tide_span_slice(*path, 0, end);
  *path = tide_span_slice(*path, end + 1, path->len);
  return name;
}

static bool is_box(tide_span name) {
  return tide_span_equal(name, SPAN("cur")) || tide_span_equal(name, SPAN("new"));
}

static bool is_hidden(tide_span name) {
  return name.len > 1 && name.ptr[0] == '.' && !tide_span_equal(name, SPAN(".."));
}

/* Is it to be read? What a walk through directories would say of the member's own path; the
 * siblings that a Maildir is known by there come later here, or never: its files' names have to do.
 */
static bool member_judge(tide_members *m, const tide_member *member, tide_batch *b) {
  tide_span rest = tide_span_of(member->path + member->own), parent = SPAN(""), name;
  for (name = name_take(&rest); rest.len; name = name_take(&rest)) {
    tide_span ahead = rest;
    parent = name;
    /* Hidden directories are entered only where they are a Maildir++ folder, or hold KMail's. */
    if (is_hidden(name) && !tide_walk_is_kmail(name) && !is_box(name_take(&ahead))) {
      b->found.passed[TIDE_PASSED_INDEX]++;
      return false;
    }
  }
  /* The name is at the end of the path, and so ends in a NUL. */
  const bool maildir_name = tide_walk_is_maildir_name(name.ptr);
  m->named = false;
  m->maildir = is_box(parent) && (maildir_name || m->force_maildir);
  const bool unfinished = maildir_name && tide_span_equal(parent, SPAN("tmp"));
  const bool index = m->maildir ? name.ptr[0] == '.' : tide_walk_is_index(name.ptr);
  if (unfinished || index) {
    b->found.passed[TIDE_PASSED_INDEX]++;
    return false;
  }
  if (!m->maildir && tide_walk_is_deleted(name.ptr)) {
    b->found.passed[TIDE_PASSED_DELETED]++;
    return false;
  }
  return true;
}

static bool member_take(tide_members *m, const tide_member *member, tide_batch *b) {
  switch (member->kind) {
  case TIDE_MEMBER_WHOLE: return true; /* as what it was packed as */
  case TIDE_MEMBER_FILE: return member_judge(m, member, b);
  case TIDE_MEMBER_LINK: b->found.passed[TIDE_PASSED_LINK]++; return false;
  case TIDE_MEMBER_SPECIAL: b->found.passed[TIDE_PASSED_SPECIAL]++; return false;
  case TIDE_MEMBER_DIRECTORY: break;
  }
  return false;
}

/* --- a long member --- */

/* Appends more of the member to `to` until it holds `most` bytes. TIDE_END: that was its end. What
 * was lost is said. */
static tide_status member_read(tide_members *m, tide_batch *b, tide_buffer *to, size_t most) {
  while (to->len < most) {
    tide_span block;
    tide_error err;
    tide_status status = tide_unpack_read(m->unpack, &block, &err);
    if (status == TIDE_FAIL) {
      m->lost = true;
      status = tide_findings_trouble(&b->found, tide_unpack_path(m->unpack), err.text);
      return status == TIDE_OK ? TIDE_END : status;
    }
    if (status != TIDE_OK)
      return status;
    if (tide_buffer_put(to, block) != TIDE_OK)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

/* A member that is too long for a batch's small files: what was read of it is its beginning. */
static tide_status long_begin(tide_members *m, tide_batch *b, tide_span begin) {
  const char *path = tide_unpack_path(m->unpack);
  tide_span peek = tide_span_slice(begin, 0, TIDE_PEEK_BYTES);
  const tide_packed *packed = tide_packed_find(peek);
  m->convert = (tide_convert){.kind = TIDE_CONVERT_NONE};
  if (tide_cutter_begin(&m->cutter, path) != TIDE_OK)
    return TIDE_FATAL;
  if (!packed)
    m->convert.kind = tide_convert_choose(peek);
  m->converting = m->convert.kind != TIDE_CONVERT_NONE;
  tide_status status = m->converting ? tide_convert_put(&m->convert, begin, false, &m->cutter.carry)
                                     : tide_buffer_put(&m->cutter.carry, begin);
  if (status != TIDE_OK)
    return TIDE_FATAL;
  peek = tide_span_slice(tide_buffer_span(&m->cutter.carry), 0, TIDE_PEEK_BYTES);
  m->cutter.format = tide_format_for(m->options.forced, m->maildir, path, packed, peek);
  if (m->maildir)
    m->cutter.file_time = tide_file_name_time(path);
  m->cutting = m->cutter.format != NULL;
  return m->cutting ? TIDE_OK : tide_findings_pass_over(&b->found, path, m->named, peek);
}

/* The next piece of it, into a batch that holds nothing else. */
static tide_status long_next(tide_members *m, tide_batch *b) {
  /* The last block of a piece is taken whole. */
  const size_t room = TIDE_PIECE_ROOM + TIDE_PIECE_BYTES + BLOCK_BYTES, had = b->bytes.cap;
  tide_status status;
  tide_buffer_clear(&b->bytes);
  if (tide_buffer_reserve(&b->bytes, room) != TIDE_OK)
    return TIDE_FATAL;
  if (b->bytes.cap != had)
    tide_memory_fetch(b->bytes.ptr, room); /* a new buffer will be filled */
  b->bytes.len = TIDE_PIECE_ROOM;
  if (m->converting) {
    tide_buffer_clear(&m->raw);
    status = member_read(m, b, &m->raw, TIDE_PIECE_BYTES);
    if (status == TIDE_FATAL || tide_convert_put(&m->convert, tide_buffer_span(&m->raw),
                                                 status == TIDE_END, &b->bytes) != TIDE_OK)
      return TIDE_FATAL;
  } else {
    status = member_read(m, b, &b->bytes, TIDE_PIECE_ROOM + TIDE_PIECE_BYTES);
  }
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  b->uncut = true;
  b->uncut_last = status == TIDE_END;
  m->cutting = !b->uncut_last;
  return TIDE_OK;
}

tide_status tide_members_cut(tide_members *m, tide_batch *b) {
  if (!b->uncut)
    return TIDE_OK;
  b->uncut = false;
  m->cutter.ended = b->uncut_last;
  return tide_cutter_cut(&m->cutter, b) == TIDE_OK ? TIDE_OK : TIDE_FATAL;
}

bool tide_members_goes_on(const tide_members *m) {
  return m->cutting;
}

/* That more memory was asked for than is usual is said, and is no damage. */
static tide_status say_asked(tide_members *m, tide_batch *b) {
  const uint64_t asked = tide_unpack_asked(m->unpack);
  char note[96];
  if (!asked)
    return TIDE_OK;
  snprintf(note, sizeof note, "unpacking it takes up to %llu MiB of memory",
           (unsigned long long)asked >> 20);
  return tide_findings_note(&b->found, tide_unpack_path(m->unpack), note);
}

/* --- small members --- */

/* Puts the member into the batch, or begins with it where it is a container or too long. */
static tide_status member_add(tide_members *m, tide_batch *b) {
  const size_t at = b->bytes.len;
  tide_error err;
  m->lost = false;
  tide_status status = member_read(m, b, &b->bytes, at + PACKED_HEAD);
  tide_span held = tide_span_slice(tide_buffer_span(&b->bytes), at, b->bytes.len);
  const tide_packed *packed = tide_packed_find(held);
  if (status != TIDE_FATAL && tide_packed_is_read(packed)) {
    b->bytes.len = at;
    status = tide_unpack_enter(m->unpack, packed, held, &err);
    if (status == TIDE_FAIL)
      return tide_findings_trouble(&b->found, tide_unpack_path(m->unpack), err.text);
    return status;
  }
  if (status == TIDE_OK)
    status = member_read(m, b, &b->bytes, at + TIDE_SMALL_FILE);
  if (status == TIDE_FATAL)
    return TIDE_FATAL;
  b->found.files_read++;
  held = tide_span_slice(tide_buffer_span(&b->bytes), at, b->bytes.len);
  if (status == TIDE_OK) {
    b->bytes.len = at;
    return long_begin(m, b, held);
  }
  if (!held.len && (m->lost || !m->maildir)) {
    b->found.passed[TIDE_PASSED_EMPTY] += !m->lost;
    return TIDE_OK;
  }
  tide_file file = {.maildir = m->maildir,
                    .named = m->named && !m->lost,
                    .held = true,
                    .at = at,
                    .len = held.len};
  return tide_batch_add_file(b, file, tide_unpack_path(m->unpack));
}

static tide_status members_step(tide_members *m, tide_batch *b) {
  tide_member member;
  tide_error err;
  TIDE_TRY(say_asked(m, b));
  if (m->cutting)
    return long_next(m, b);
  tide_status status = tide_unpack_next(m->unpack, &member, &err);
  if (status == TIDE_FAIL)
    return tide_findings_trouble(&b->found, tide_unpack_path(m->unpack), err.text);
  if (status == TIDE_OK && member.odd)
    status = tide_findings_trouble(&b->found, member.path, member.odd);
  if (status != TIDE_OK)
    return status;
  return member_take(m, &member, b) ? member_add(m, b) : TIDE_OK;
}

tide_status tide_members_fill(tide_members *m, tide_batch *b) {
  tide_status status = TIDE_OK;
  unsigned steps = 0;
  b->raw_count = b->raw_at = b->file_count = b->file_at = 0;
  b->in_file = false;
  tide_buffer_clear(&b->bytes);
  tide_buffer_clear(&b->names);
  while (status == TIDE_OK && b->file_count < TIDE_BATCH_FILES && b->bytes.len < TIDE_PIECE_BYTES &&
         !b->uncut && steps++ < STEPS_MOST) {
    /* What is cut in pieces has a batch of its own. */
    if (m->cutting && b->file_count)
      break;
    if (tide_unpack_stopped(m->unpack))
      status = TIDE_END;
    else
      status = members_step(m, b);
  }
  b->found.bytes_read += tide_unpack_taken(m->unpack) - m->counted;
  m->counted = tide_unpack_taken(m->unpack);
  return status == TIDE_END && b->file_count ? TIDE_OK : status;
}

void tide_members_close(tide_members *m) {
  if (!m)
    return;
  tide_unpack_close(m->unpack);
  tide_cutter_free(&m->cutter);
  tide_buffer_free(&m->raw);
  free(m);
}
