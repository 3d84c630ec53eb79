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
    return tide_level_archive_rest(l);
  if (at < 0 || tide_input_read_at(&l->owner->input, space, most, (uint64_t)at, &err) != TIDE_OK)
    return SPAN("");
  return tide_buffer_span(space);
}

/* The window of LZMA or the model of PPMd, which stand before the data (APPNOTE.TXT 5.8 and 5.10).
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
