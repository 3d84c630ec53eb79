/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A worker's batch: messages that are cut already, or small files that are opened here one after
 * the other. A small file that is packed is unpacked here too, so that all workers share the
 * unpacking of a directory of them. */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "cutter.h"
#include "formats.h"
#include "input.h"
#include "members.h"
#include "base/invariant.h"
#include "base/room.h"

tide_batch *tide_batch_new(void) {
  return calloc(1, sizeof(tide_batch));
}

const tide_turn *tide_batch_turn(const tide_batch *b) {
  return &b->turn;
}

tide_findings *tide_batch_findings(tide_batch *b) {
  return &b->found;
}

bool tide_batch_lasts(const tide_batch *b) {
  return b->raw_at < b->raw_count;
}

void tide_batch_clear(tide_batch *b) {
  tide_members_close(b->members);
  b->members = NULL;
  tide_findings_free(&b->found);
  b->raw_count = b->raw_at = b->file_count = b->file_at = 0;
  b->in_file = b->turn.closes = b->uncut = false;
  tide_buffer_clear(&b->names);
  /* One huge message must not keep its memory for the rest of the run. */
  if (b->bytes.cap > 8 * TIDE_PIECE_BYTES)
    tide_buffer_free(&b->bytes);
}

void tide_batch_swap(tide_batch *a, tide_batch *b) {
  const tide_batch held = *a;
  *a = *b;
  *b = held;
}

/* Begins with a window of the file's bytes. TIDE_SKIP if it is not mail. */
static tide_status batch_begin_file(tide_batch *b, const tide_file *file, const tide_packed *packed,
                                    tide_span bytes) {
  const char *path = b->names.ptr + file->path;
  b->window = bytes;
  b->window_at = 0;
  b->format = tide_format_for(b->forced, file->maildir, path, packed, bytes);
  if (b->format && (bytes.len || file->maildir))
    return TIDE_OK;
  TIDE_TRY(tide_findings_pass_over(&b->found, path, file->named, bytes));
  return TIDE_SKIP;
}

/* Begins with the next file whose bytes the batch holds. */
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
  b->found.bytes_read -= b->bytes.len; /* they are read again */
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

/* Opens and reads the batch's next small file. TIDE_SKIP if it is lost or not mail. */
static tide_status batch_open_file(tide_batch *b, const tide_file *file) {
  const char *path = b->names.ptr + file->path;
  tide_input in;
  tide_error err;
  tide_buffer_clear(&b->bytes);
  const tide_packed *packed = NULL;
  tide_status status = tide_input_open(&in, path, true, b->options.stop, &err);
  if (status == TIDE_OK) {
    b->found.files_read++;
    size_t want = in.size < TIDE_SMALL_FILE ? (size_t)in.size + 1 : TIDE_SMALL_FILE;
    while (status == TIDE_OK && b->bytes.len <= TIDE_LIMIT_MESSAGE) {
      size_t before = b->bytes.len;
      status = tide_input_read(&in, &b->bytes, want, &err);
      b->found.bytes_read += b->bytes.len - before;
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
    status = tide_findings_trouble(&b->found, path, err.text);
    if (status != TIDE_OK)
      return status;
    if (b->bytes.len == 0)
      return TIDE_SKIP;
  }
  return batch_begin_file(b, file, packed, tide_buffer_span(&b->bytes));
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
    tide_findings_move(&b->found, &b->inner->found);
    tide_members_close(b->members);
    b->members = NULL;
    return TIDE_END;
  }
}

/* The bytes that the window is of. */
static char *batch_home(tide_batch *b) {
  return b->window.ptr == b->converted.ptr ? b->converted.ptr : b->bytes.ptr;
}

tide_status tide_batch_next(tide_batch *b, tide_raw *out, tide_span *source) {
  TIDE_INVARIANT(b->raw_at <= b->raw_count && b->file_at <= b->file_count);
  if (b->raw_at < b->raw_count) {
    *out = b->raws[b->raw_at++];
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
    if (file->maildir &&
        b->window.len == 0) { /* an empty file in cur is a message that lost its content */
      *out = (tide_raw){0};
      status = TIDE_OK;
      b->in_file = false;
    } else {
      status = b->format->next(&b->cut, window, true, out, &used);
    }
    if (status == TIDE_END) {
      b->found.passed[TIDE_PASSED_EMPTY] += b->window_at == 0;
      b->in_file = false;
      continue;
    }
    if (status != TIDE_OK && status != TIDE_SKIP)
      return status;
    out->offset += b->window_at;
    b->window_at += used;
    TIDE_INVARIANT(used <= window.len && b->window_at <= b->window.len);
    TIDE_TRY(tide_findings_piece(&b->found, &b->cut, b->names.ptr + file->path, status));
    if (status == TIDE_OK && b->cut.hole_len)
      tide_raw_close_hole(out, &b->cut, batch_home(b));
    b->cut = (tide_cut){.began = true, .said = b->cut.said};
    if (status == TIDE_SKIP)
      continue;
    out->file_time = file->maildir ? tide_file_name_time(b->names.ptr + file->path) : INT64_MIN;
    tide_raw_limit(out);
    return TIDE_OK;
  }
}

void tide_batch_close(tide_batch *b) {
  tide_batch_clear(b);
  tide_batch_free(b->inner);
  tide_buffer_free(&b->bytes);
  tide_buffer_free(&b->converted);
  tide_buffer_free(&b->names);
  free(b->raws);
  free(b->files);
  *b = (tide_batch){0};
}

void tide_batch_free(tide_batch *b) {
  if (b)
    tide_batch_close(b);
  free(b);
}
