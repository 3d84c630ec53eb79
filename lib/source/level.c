/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all levels do: they take their bytes from the level below, and keep to the limits on what is
 * unpacked. What is given is borrowed from the libraries' own buffers, so
 * that a level costs no copy. */
#include "level.h"

#include <stdio.h>

tide_status tide_unpack_no_memory(tide_unpack *u) {
  u->memory_out = true;
  return TIDE_FATAL;
}

tide_status tide_level_fail(tide_level *l, const char *what, const char *reason) {
  l->failed = true;
  l->said = false;
  return tide_error_set(&l->why, TIDE_FAIL, "%s (%s): %s", what, l->kind->name, reason);
}

size_t tide_zeros_at_end(tide_span s) {
  size_t count = 0;
  while (count < s.len && !s.ptr[s.len - 1 - count])
    count++;
  return count;
}

static tide_status level_source_any(tide_level *l, tide_span *out) {
  tide_unpack *u = l->owner;
  if (l->head_at < l->head.len) {
    *out = tide_span_slice(tide_buffer_span(&l->head), l->head_at, l->head.len);
    l->head_at = l->head.len;
    return TIDE_OK;
  }
  if (l->in_memory)
    return TIDE_END;
  if (l != u->levels) {
    tide_level *below = l - 1;
    tide_status status = tide_level_block(below, out);
    if (status == TIDE_FAIL) {
      l->failed = true;
      l->said = below->said;
      l->why = below->why;
      below->said = true;
    }
    return status;
  }
  tide_buffer read = {.ptr = u->read, .cap = TIDE_LEVEL_READ};
  tide_error err;
  tide_status status = tide_input_read(&u->input, &read, TIDE_LEVEL_READ, &err);
  u->taken += read.len;
  *out = tide_buffer_span(&read);
  if (status == TIDE_FAIL)
    return tide_level_fail(l, "lost", err.text);
  if (status == TIDE_FATAL)
    return tide_unpack_no_memory(u);
  return status;
}

/* GNU tar's volumes after the first begin with what is left of a member: a head of type M, or in
 * POSIX's form fields that say so (tar's manual, "Multi-volume archives"). A label may come first.
 */
static bool is_later_piece(tide_span tar) {
  enum { TYPE_AT = 156, HEADS = 4 };
  if (tar.len < TIDE_TAR_BLOCK)
    return false;
  const size_t at = tar.ptr[TYPE_AT] == 'V' ? TIDE_TAR_BLOCK : 0;
  const tide_span heads = tide_span_slice(tar, at, at + HEADS * TIDE_TAR_BLOCK);
  return (heads.len > TYPE_AT && heads.ptr[TYPE_AT] == 'M') ||
         tide_span_find(heads, SPAN(" GNU.volume.offset=")) < heads.len;
}

/* One volume of several, by the flags of its main header (RARLAB's technotes of both formats). */
static bool is_rar_volume(tide_span rar) {
  enum { SIGN = 7, FLAGS_AT = 3, VOLUME = 1, SUM = 4 };
  if (tide_span_starts(rar, SPAN("Rar!\x1a\x07\0")))
    return rar.len > SIGN + FLAGS_AT && (rar.ptr[SIGN + FLAGS_AT] & VOLUME);
  /* Numbers of seven bits a byte: the header's size, its type, its flags, a size that is there
   * where they say so, and the archive's flags. */
  enum { SIZE, TYPE, HEADER, EXTRA, ARCHIVE, COUNT, MAIN = 1, HAS_EXTRA = 1 };
  uint64_t number[COUNT] = {0};
  size_t at = SIGN + 1 + SUM;
  for (int i = SIZE; i < COUNT; i++) {
    if (i == EXTRA && !(number[HEADER] & HAS_EXTRA))
      continue;
    unsigned char c = 0x80;
    for (unsigned shift = 0; at < rar.len && (c & 0x80) && shift < 63; shift += 7) {
      c = (unsigned char)rar.ptr[at++];
      number[i] |= (uint64_t)(c & 0x7f) << shift;
    }
  }
  return number[TYPE] == MAIN && (number[ARCHIVE] & VOLUME);
}

/* What is wrong with the archive as a whole, by how it begins; NULL: nothing. */
static const char *level_look(const tide_level *l, tide_span begin) {
  if (l->kind->format == ARCHIVE_FORMAT_TAR && is_later_piece(begin))
    return "it began in the piece before this one, where its head is";
  const bool rar =
      l->kind->format == ARCHIVE_FORMAT_RAR || l->kind->format == ARCHIVE_FORMAT_RAR_V5;
  return rar && is_rar_volume(begin)
             ? "the archive is one piece of several, which may begin or end within a file"
             : NULL;
}

/* The next bytes of what the level reads. TIDE_OK, TIDE_END, TIDE_FAIL with l->why, TIDE_FATAL. */
tide_status tide_level_source(tide_level *l, tide_span *out) {
  TIDE_TRY(level_source_any(l, out));
  if (l->given == 0)
    l->first = level_look(l, *out);
  l->last = *out;
  l->given += out->len;
  if (l->kind->format != ARCHIVE_FORMAT_TAR)
    return TIDE_OK;
  const size_t zeros_there = tide_zeros_at_end(*out);
  l->zeros = zeros_there == out->len ? l->zeros + zeros_there : zeros_there;
  return TIDE_OK;
}

/* Its window and what belongs to it take so much memory. */
tide_status tide_level_ask(tide_level *l, uint64_t bytes) {
  if (bytes > TIDE_LIMIT_UNPACK_MEMORY) {
    char reason[96];
    snprintf(reason, sizeof reason, "it asks for %llu MiB of memory, and may take %u",
             (unsigned long long)bytes >> 20, TIDE_LIMIT_UNPACK_MEMORY >> 20);
    return tide_level_fail(l, "not read", reason);
  }
  if (bytes > TIDE_UNPACK_MEMORY_USUAL)
    l->owner->asked = bytes;
  return TIDE_OK;
}

void tide_level_close(tide_level *l) {
  archive_entry_free(l->entry);
  archive_read_free(l->archive);
  tide_codec_close(l->codec);
  tide_buffer_free(&l->head);
  tide_buffer_free(&l->tail);
  tide_pairs_free(&l->names);
  *l = (tide_level){0};
}

/* The next bytes of the member that the level is at. */
tide_status tide_level_block(tide_level *l, tide_span *out) {
  tide_unpack *u = l->owner;
  if (l->over)
    return TIDE_FAIL;
  TIDE_TRY(l->block(l, out));
  u->given += out->len;
  if (u->given <= TIDE_LIMIT_UNPACKED_FREE ||
      u->given - TIDE_LIMIT_UNPACKED_FREE <= u->taken * TIDE_LIMIT_UNPACKED_RATIO)
    return TIDE_OK;
  char reason[96];
  snprintf(reason, sizeof reason, "it unpacks to more than %u times its size",
           TIDE_LIMIT_UNPACKED_RATIO);
  l->over = true;
  return tide_level_fail(l, "not read to its end", reason);
}

/* What comes after what was taken of the source so far, as far as that was read. */
tide_span tide_level_rest(const tide_level *l) {
  const la_int64_t taken = archive_filter_bytes(l->archive, 0);
  const uint64_t left = taken >= 0 && (uint64_t)taken < l->given ? l->given - (uint64_t)taken : 0;
  const size_t len = left < l->last.len ? (size_t)left : l->last.len;
  return tide_span_slice(l->last, l->last.len - len, l->last.len);
}
