/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch in the hands of its worker: the messages that were cut already, or small files that are
 * opened here one after the other. A small file that is packed is unpacked here too: a directory of
 * them is unpacked by as many workers as there are. */
#include "batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "cutter.h"
#include "formats.h"
#include "input.h"
#include "members.h"
#include "base/invariant.h"
#include "base/room.h"
#include "base/visible.h"

static tide_status trouble_add(tide_batch *b, const char *path, const char *reason, bool note) {
  size_t len = 4 * strlen(path) + strlen(reason) + 3;
  tide_trouble *t = malloc(sizeof *t + len);
  if (!t)
    return TIDE_FATAL;
  size_t at = tide_visible(tide_span_of(path), t->text, len);
  snprintf(t->text + at, len - at, ": %s", reason);
  t->next = NULL;
  t->note = note;
  if (!b->trouble_end)
    b->trouble_end = &b->trouble;
  *b->trouble_end = t;
  b->trouble_end = &t->next;
  return TIDE_OK;
}

tide_status tide_batch_trouble(tide_batch *b, const char *path, const char *reason) {
  return trouble_add(b, path, reason, false);
}

tide_status tide_batch_note(tide_batch *b, const char *path, const char *text) {
  return trouble_add(b, path, text, true);
}

void tide_troubles_free(tide_trouble *first) {
  for (tide_trouble *next; first; first = next) {
    next = first->next;
    free(first);
  }
}

tide_status tide_batch_pass_over(tide_batch *b, const char *path, bool named, tide_span peek) {
  const tide_packed *packed = tide_packed_find(peek);
  tide_passed why = packed ? TIDE_PASSED_COMPRESSED : TIDE_PASSED_NOT_MAIL;
  if (peek.len == 0)
    why = TIDE_PASSED_EMPTY;
  b->passed[why]++;
  const bool split = !packed && tide_packed_is_named(path);
  const char *holder =
      packed ? NULL : tide_message_holder(tide_span_slice(peek, 0, TIDE_PEEK_BYTES));
  if (why == TIDE_PASSED_EMPTY || (!named && !packed && !split && !holder))
    return TIDE_OK;
  char reason[128];
  if (packed && packed->archive)
    snprintf(reason, sizeof reason, "not read: an archive (%s): %s first", packed->name,
             packed->how ? packed->how : "unpack it");
  else if (packed)
    snprintf(reason, sizeof reason, "not read: compressed (%s): unpack it first, or pipe it in",
             packed->name);
  else if (split)
    snprintf(reason, sizeof reason,
             "not mail, and not packed as its name says: perhaps one piece of several, to be "
             "joined first");
  else if (holder)
    snprintf(reason, sizeof reason, "not read: mail within something else, as %s: export it first",
             holder);
  else
    snprintf(reason, sizeof reason, "not mail; use --input to read it all the same");
  return tide_batch_trouble(b, path, reason);
}

tide_status tide_batch_piece(tide_batch *b, tide_cut *cut, const char *path, const tide_raw *raw,
                             tide_status what) {
  const bool lost = what == TIDE_SKIP;
  if (lost)
    b->passed[raw->packed ? TIDE_PASSED_COMPRESSED : TIDE_PASSED_INSIDE]++;
  if (!raw->packed || cut->said)
    return TIDE_OK;
  char reason[128];
  snprintf(reason, sizeof reason,
           lost ? "not read: messages in it are compressed (%s): unpack them first"
                : "what follows its last message is not read: it is packed (%s)",
           raw->packed);
  cut->said = true;
  return tide_batch_trouble(b, path, reason);
}

const tide_format *tide_format_for(const tide_format *forced, bool maildir, const char *path,
                                   const tide_packed *packed, tide_span peek) {
  if (packed)
    return NULL;
  if (forced)
    return forced;
  if (maildir)
    return &tide_format_message;
  return tide_packed_is_piece(path) ? NULL : tide_format_choose(peek);
}

void tide_raw_limit(tide_raw *raw) {
  if (raw->bytes.len <= TIDE_LIMIT_MESSAGE)
    return;
  raw->bytes.len = TIDE_LIMIT_MESSAGE;
  raw->cut = true;
}

void tide_batch_clear(tide_batch *b) {
  tide_members_close(b->members);
  b->members = NULL;
  tide_troubles_free(b->trouble);
  b->trouble = NULL;
  b->trouble_end = &b->trouble;
  b->raw_count = b->raw_at = b->file_count = b->file_at = 0;
  b->in_file = b->closes = b->uncut = false;
  b->bytes_read = b->files_read = 0;
  memset(b->passed, 0, sizeof b->passed);
  tide_buffer_clear(&b->names);
  /* One huge message must not keep its memory for the rest of the run. */
  if (b->bytes.cap > 8 * TIDE_PIECE_BYTES)
    tide_buffer_free(&b->bytes);
}

void tide_batch_swap(tide_batch *a, tide_batch *b) {
  const tide_batch held = *a;
  *a = *b;
  *b = held;
  if (!a->trouble)
    a->trouble_end = &a->trouble;
  if (!b->trouble)
    b->trouble_end = &b->trouble;
}

tide_status tide_batch_add_file(tide_batch *b, tide_file file, const char *path) {
  if (tide_room(&b->files, &b->file_cap, b->file_count, sizeof *b->files) != TIDE_OK)
    return TIDE_FATAL;
  file.path = b->names.len;
  b->files[b->file_count++] = file;
  return tide_buffer_put(&b->names, tide_span_make(path, strlen(path) + 1)) == TIDE_OK ? TIDE_OK
                                                                                       : TIDE_FATAL;
}

void tide_batch_take_account(tide_batch *to, tide_batch *from) {
  if (from->trouble) {
    if (!to->trouble_end)
      to->trouble_end = &to->trouble;
    *to->trouble_end = from->trouble;
    to->trouble_end = from->trouble_end;
    from->trouble = NULL;
    from->trouble_end = &from->trouble;
  }
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
    to->passed[i] += from->passed[i];
  to->files_read += from->files_read;
  to->bytes_read += from->bytes_read;
  memset(from->passed, 0, sizeof from->passed);
  from->files_read = from->bytes_read = 0;
}

/* "1226442600.M1P2.host,S=123:2,S": seconds of delivery before the first dot
 * (cr.yp.to/proto/maildir.html); OfflineIMAP has an underscore there: "1226442600_3.57912.host". */
int64_t tide_file_name_time(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  uint64_t seconds;
  tide_span digits = tide_span_make(name, strcspn(name, "._"));
  return digits.len <= 12 && tide_span_uint(digits, &seconds) ? (int64_t)seconds : INT64_MIN;
}

/* Begins with a window of the file's bytes, if it is mail. TIDE_SKIP where it is not. */
static tide_status batch_begin_file(tide_batch *b, const tide_file *file, const tide_packed *packed,
                                    tide_span bytes) {
  const char *path = b->names.ptr + file->path;
  b->window = bytes;
  b->window_at = 0;
  b->format = tide_format_for(b->forced, file->maildir, path, packed, bytes);
  if (b->format && (bytes.len || file->maildir))
    return TIDE_OK;
  TIDE_TRY(tide_batch_pass_over(b, path, file->named, bytes));
  return TIDE_SKIP;
}

/* The next of the batch's files whose bytes it holds. */
static tide_status batch_hold_file(tide_batch *b, const tide_file *file) {
  tide_span bytes = tide_span_slice(tide_buffer_span(&b->bytes), file->at, file->at + file->len);
  const tide_packed *packed = tide_packed_find(bytes);
  tide_convert convert = {.kind = TIDE_CONVERT_NONE};
  if (!packed)
    convert.kind = tide_convert_choose(bytes);
  b->cut = (tide_cut){0};
  if (convert.kind != TIDE_CONVERT_NONE) {
    tide_buffer_clear(&b->converted);
    if (tide_convert_put(&convert, bytes, true, &b->converted) != TIDE_OK)
      return TIDE_FATAL;
    bytes = tide_buffer_span(&b->converted);
  }
  return batch_begin_file(b, file, packed, bytes);
}

/* Begins to unpack the file that `in` reads, which is the members' from here on. TIDE_SKIP: what it
 * gives comes from the inner batch. */
static tide_status batch_unpack(tide_batch *b, const tide_file *file, const tide_packed *packed,
                                tide_input *in) {
  tide_members_options options = {.kind = packed,
                                  .path = b->names.ptr + file->path,
                                  .forced = b->forced,
                                  .feed = b->options,
                                  .named = file->named,
                                  .maildir = file->maildir};
  b->bytes_read -= b->bytes.len; /* they are read again */
  if (!b->inner && !(b->inner = calloc(1, sizeof *b->inner))) {
    tide_input_close(in);
    return TIDE_FATAL;
  }
  tide_batch_clear(b->inner);
  b->inner->options = b->options;
  b->inner->forced = b->forced;
  TIDE_TRY(tide_members_open(&b->members, in, SPAN(""), &options));
  return TIDE_SKIP;
}

/* Opens and reads the next of the batch's small files. TIDE_SKIP where it is lost or not mail. */
static tide_status batch_open_file(tide_batch *b, const tide_file *file) {
  const char *path = b->names.ptr + file->path;
  tide_input in;
  tide_error err;
  tide_buffer_clear(&b->bytes);
  const tide_packed *packed = NULL;
  tide_status status = tide_input_open(&in, path, true, b->options.stop, &err);
  if (status == TIDE_OK) {
    b->files_read++;
    size_t want = in.size < TIDE_SMALL_FILE ? (size_t)in.size + 1 : TIDE_SMALL_FILE;
    while (status == TIDE_OK && b->bytes.len <= TIDE_LIMIT_MESSAGE) {
      size_t before = b->bytes.len;
      status = tide_input_read(&in, &b->bytes, want, &err);
      b->bytes_read += b->bytes.len - before;
      /* Fewer than the file's size and one: that was its end. */
      if (status == TIDE_OK && b->bytes.len == in.size && b->bytes.len < want)
        status = TIDE_END;
      want = TIDE_SMALL_FILE;
    }
    b->cut = (tide_cut){0};
    packed = tide_packed_find(tide_buffer_span(&b->bytes));
    if (status != TIDE_FATAL && tide_packed_is_read(packed) && tide_input_rewind(&in))
      return batch_unpack(b, file, packed, &in);
    if (status == TIDE_END && tide_input_shrank(&in, b->bytes.len, &err))
      status = TIDE_FAIL;
    if (status == TIDE_OK && in.size > b->bytes.len)
      b->cut.dropped = in.size - b->bytes.len;
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
  return batch_begin_file(b, file, packed, tide_buffer_span(&b->bytes));
}

/* Moves what stands before the hole up to what stands after it. The bytes are the batch's own. */
static void raw_close_hole(tide_batch *b, tide_raw *raw) {
  if (raw->hole_at + raw->hole_len <= raw->bytes.len) {
    const bool converted = b->in_file && b->window.ptr == b->converted.ptr;
    char *home = converted ? b->converted.ptr : b->bytes.ptr;
    char *begin = home + (raw->bytes.ptr - home);
    memmove(begin + raw->hole_len, begin, raw->hole_at);
    raw->bytes = tide_span_slice(raw->bytes, raw->hole_len, raw->bytes.len);
  }
  raw->hole_at = raw->hole_len = 0;
}

/* The next message of the file that is being unpacked. TIDE_END: it has no more. */
static tide_status batch_next_inside(tide_batch *b, tide_raw *out, tide_span *source) {
  for (;;) {
    tide_status status = tide_batch_next(b->inner, out, source);
    if (status != TIDE_END)
      return status;
    status = tide_members_fill(b->members, b->inner);
    if (status == TIDE_OK)
      status = tide_members_cut(b->members, b->inner);
    if (status == TIDE_FATAL)
      return status;
    if (status == TIDE_OK)
      continue;
    tide_batch_take_account(b, b->inner);
    tide_members_close(b->members);
    b->members = NULL;
    return TIDE_END;
  }
}

tide_status tide_batch_next(tide_batch *b, tide_raw *out, tide_span *source) {
  TIDE_INVARIANT(b->raw_at <= b->raw_count && b->file_at <= b->file_count);
  if (b->raw_at < b->raw_count) {
    *out = b->raws[b->raw_at++];
    if (out->hole_len)
      raw_close_hole(b, out);
    *source = b->source;
    return TIDE_OK;
  }
  for (;;) {
    if (b->members) {
      tide_status status = batch_next_inside(b, out, source);
      if (status != TIDE_END)
        return status;
    }
    if (!b->in_file) {
      if (b->file_at == b->file_count)
        return TIDE_END;
      const tide_file *next = &b->files[b->file_at++];
      tide_status status = next->held ? batch_hold_file(b, next) : batch_open_file(b, next);
      if (status == TIDE_SKIP)
        continue;
      if (status != TIDE_OK)
        return status;
      b->in_file = true;
    }
    const tide_file *file = &b->files[b->file_at - 1];
    *source = tide_span_of(b->names.ptr + file->path);
    tide_span window = tide_span_slice(b->window, b->window_at, b->window.len);
    size_t used = 0;
    tide_status status;
    out->packed = NULL;
    if (file->maildir &&
        b->window.len == 0) { /* an empty file in cur is a message that lost its content */
      *out = (tide_raw){0};
      status = TIDE_OK;
      b->in_file = false;
    } else {
      status = b->format->next(&b->cut, window, true, out, &used);
    }
    if (status == TIDE_END) {
      b->passed[TIDE_PASSED_EMPTY] += b->window_at == 0;
      b->in_file = false;
      continue;
    }
    if (status != TIDE_OK && status != TIDE_SKIP)
      return status;
    out->offset += b->window_at;
    b->window_at += used;
    TIDE_INVARIANT(used <= window.len && b->window_at <= b->window.len);
    TIDE_TRY(tide_batch_piece(b, &b->cut, b->names.ptr + file->path, out, status));
    b->cut = (tide_cut){.began = true, .said = b->cut.said};
    if (status == TIDE_SKIP)
      continue;
    out->file_time = file->maildir ? tide_file_name_time(b->names.ptr + file->path) : INT64_MIN;
    tide_raw_limit(out);
    if (out->hole_len)
      raw_close_hole(b, out);
    return TIDE_OK;
  }
}

void tide_batch_free(tide_batch *b) {
  tide_batch_clear(b);
  if (b->inner) {
    tide_batch_free(b->inner);
    free(b->inner);
  }
  tide_buffer_free(&b->bytes);
  tide_buffer_free(&b->converted);
  tide_buffer_free(&b->names);
  free(b->raws);
  free(b->files);
  *b = (tide_batch){0};
}
