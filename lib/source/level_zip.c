/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Members of a zip ask for memory: libarchive lets LZMA, xz and PPMd take what they ask for, so
 * that is judged here before a member is read. */
#include "level.h"

/* What a member's data begin with; less than `most` bytes where they go on in a block that was not
 * read yet. */
static tide_span zip_begin(tide_level *l, tide_buffer *space, size_t most) {
  tide_error err;
  const la_int64_t at = archive_filter_bytes(l->archive, 0);
  if (!l->indexed)
    return tide_level_rest(l);
  if (at < 0 || tide_input_read_at(&l->owner->input, space, most, (uint64_t)at, &err) != TIDE_OK)
    return SPAN("");
  return tide_buffer_span(space);
}

/* The window of LZMA or the model of PPMd, which come before the data (APPNOTE.TXT 5.8 and 5.10).
 * 0: it is not known, as for xz, whose blocks each have their own. */
static uint64_t zip_memory(tide_span name, tide_span begin) {
  const unsigned char *p = (const unsigned char *)begin.ptr;
  enum { LZMA_BEGIN = 9, PPMD_BEGIN = 2 };
  if (tide_span_find(name, SPAN("lzma")) < name.len && begin.len >= LZMA_BEGIN)
    return (uint64_t)(p[5] | p[6] << 8 | p[7] << 16) | (uint64_t)p[8] << 24 | 1;
  if (tide_span_find(name, SPAN("ppmd")) < name.len && begin.len >= PPMD_BEGIN)
    return (((p[0] | p[1] << 8) >> 4 & 0xffull) + 1) << 20;
  return 0;
}

static bool zip_asks(tide_span name) {
  return tide_span_find(name, SPAN("(lzma")) < name.len ||
         tide_span_find(name, SPAN("(ppmd")) < name.len ||
         tide_span_find(name, SPAN("(xz")) < name.len;
}

/* How much memory does the member ask for? Judged before it is passed over too, as for that it is
 * unpacked where its size is not said. */
static tide_status zip_ask(tide_level *l, tide_span name) {
  enum { BEGIN = 16 };
  tide_buffer space = {0};
  const uint64_t told = l->told;
  uint64_t asks = zip_memory(name, zip_begin(l, &space, BEGIN));
  tide_buffer_free(&space);
  if (!asks && !archive_entry_size_is_set(l->entry))
    return tide_level_fail(l, "not read", "how much memory it takes is not known");
  if (!asks) {
    /* A window is no larger than what it is a window on. */
    const uint64_t size = (uint64_t)archive_entry_size(l->entry);
    asks = size < TIDE_UNPACK_MEMORY_USUAL ? TIDE_UNPACK_MEMORY_USUAL : size;
    if (asks > TIDE_LIMIT_UNPACK_MEMORY)
      asks = TIDE_LIMIT_UNPACK_MEMORY;
    l->most = asks;
  }
  TIDE_TRY(tide_level_ask(l, asks));
  if (l->owner->asked <= told)
    l->owner->asked = 0;
  else
    l->told = l->owner->asked;
  return TIDE_OK;
}

void tide_level_zip_judge(tide_level *l) {
  const tide_span name = tide_span_of(archive_format_name(l->archive));
  l->refused = false;
  l->most = 0;
  if (l->kind->format != ARCHIVE_FORMAT_ZIP || !zip_asks(name) || zip_ask(l, name) == TIDE_OK)
    return;
  l->refusal = l->why;
  l->refused = true;
  l->failed = false;
}

/* What is before the first member of a zip that begins as one with a member, and is not in its
 * list: another zip, to which this one was appended. */
bool tide_level_zip_is_second(tide_level *l) {
  enum { HEAD = 30, LENGTHS_AT = 26 };
  tide_error err;
  tide_buffer head = {0};
  const la_int64_t at = archive_filter_bytes(l->archive, 0);
  bool second = false;
  if (l->kind->format == ARCHIVE_FORMAT_ZIP && l->indexed && at >= HEAD &&
      tide_input_read_at(&l->owner->input, &head, HEAD, 0, &err) == TIDE_OK && head.len == HEAD &&
      tide_span_starts(tide_buffer_span(&head), SPAN("PK\x03\x04"))) {
    const unsigned char *p = (const unsigned char *)head.ptr + LENGTHS_AT;
    second = at > HEAD + (p[0] | p[1] << 8) + (p[2] | p[3] << 8);
  }
  tide_buffer_free(&head);
  return second;
}

/* At its end, behind the list of files, a zip says where that list is, and ends in a comment
 * (APPNOTE.TXT 4.3.16). */
enum { END_BYTES = 22, END_COMMENT_AT = 20, END_MOST = END_BYTES + UINT16_MAX };

tide_status tide_level_zip_keep(tide_level *l, tide_span rest) {
  tide_buffer *tail = &l->tail;
  rest = tide_span_slice(rest, rest.len > END_MOST ? rest.len - END_MOST : 0, rest.len);
  TIDE_TRY(tide_buffer_put(tail, rest));
  if (tail->len > 2 * END_MOST) {
    memmove(tail->ptr, tail->ptr + tail->len - END_MOST, END_MOST);
    tail->len = END_MOST;
  }
  return TIDE_OK;
}

/* libarchive reads what comes before it all the same, and does not miss it. */
bool tide_level_zip_ends(tide_level *l) {
  tide_error err;
  const uint64_t size = l->owner->input.size;
  if (l->indexed && tide_input_read_at(&l->owner->input, &l->tail, END_MOST,
                                       size > END_MOST ? size - END_MOST : 0, &err) == TIDE_FATAL)
    return true;
  const size_t from = l->tail.len > END_MOST ? l->tail.len - END_MOST : 0;
  for (tide_span s = tide_span_slice(tide_buffer_span(&l->tail), from, l->tail.len);
       s.len >= END_BYTES;) {
    s = tide_span_slice(s, tide_span_find(s, SPAN("PK\x05\x06")), s.len);
    const unsigned char *comment = (const unsigned char *)s.ptr + END_COMMENT_AT;
    if (s.len >= END_BYTES && s.len - END_BYTES >= (size_t)(comment[0] | comment[1] << 8))
      return true;
    s = tide_span_slice(s, 1, s.len);
  }
  return false;
}
