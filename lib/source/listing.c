/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libarchive 3.6.2 makes 88 bytes of each file that a 7z announces, up to a hundred million of
 * them, and a list of files without names is packed to nearly nothing: 239 bytes announce five
 * million (tests/golden/hostile.sh). So the list is read up to the number of files here, by the
 * grammar of 7-Zip's 7zFormat.txt as far as libarchive takes it
 * (archive_read_support_format_7zip.c): where this finds nothing that it understands, libarchive
 * finds it damaged.
 *
 * Most lists are packed themselves. libarchive unpacks them here too: as the one member of a small
 * 7z that is made of the list and of how it is packed. */
#include "listing.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/limits.h"

enum {
  START_BYTES = 32,        /* what a 7z begins with: above all where its list is */
  PIECE_BYTES = 64 << 10,  /* of a list, read at once */
  PACKING_BYTES = 64 << 10 /* how a list is packed is said in less */
};

/* What the parts of a list begin with. */
enum {
  ID_END,
  ID_HEADER,
  ID_PROPERTIES,
  ID_STREAMS = 4,
  ID_FILES,
  ID_PACKS,
  ID_UNPACKS,
  ID_SUBSTREAMS,
  ID_SIZES,
  ID_SUMS,
  ID_FOLDERS,
  ID_UNPACKED_SIZES,
  ID_SUBSTREAM_COUNTS,
  ID_PACKED_HEADER = 0x17
};

typedef struct listing {
  tide_span held;
  const tide_input *in;
  uint64_t from, end; /* of what is still to be read there */
  struct archive *archive;
  tide_span span; /* what was read of it last */
  size_t at;
  tide_buffer piece;
  tide_buffer summed; /* by folder: 1 where its sum is given */
  uint64_t packed_at, packed_size;
  size_t packs_behind, unpacks_behind; /* in a list that is one piece: where the parts end */
  uint64_t memory;                     /* that a folder asks for */
  bool bad, longer, memory_out;
} listing;

static bool going(const listing *l) {
  return !l->bad;
}

static void too_long(listing *l) {
  l->bad = l->longer = true;
}

/* More of the list into l->span. False if there is no more. */
static bool listing_more(listing *l) {
  tide_error err;
  if (l->archive) {
    const void *bytes;
    size_t size;
    la_int64_t offset;
    if (archive_read_data_block(l->archive, &bytes, &size, &offset) != ARCHIVE_OK)
      return false;
    l->span = tide_span_make(bytes, size);
    return true;
  }
  if (l->from >= l->end)
    return false;
  const uint64_t left = l->end - l->from;
  const size_t size = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
  if (l->held.ptr) {
    l->span = l->from < l->held.len
                  ? tide_span_slice(l->held, (size_t)l->from, (size_t)l->from + size)
                  : SPAN("");
  } else {
    tide_buffer_clear(&l->piece);
    l->memory_out |= tide_input_read_at(l->in, &l->piece, size, l->from, &err) == TIDE_FATAL;
    l->span = tide_buffer_span(&l->piece);
  }
  l->from += size;
  return l->span.len != 0;
}

/* 0, and nothing goes on, where the list is at its end. */
static unsigned take_byte(listing *l) {
  while (going(l) && l->at == l->span.len) {
    l->at = 0;
    l->span.len = 0;
    l->bad = !listing_more(l);
  }
  return going(l) ? (unsigned char)l->span.ptr[l->at++] : 0;
}

/* As many bytes follow the first as it has ones at its top; its other bits are the highest. */
static uint64_t take_number(listing *l) {
  const unsigned first = take_byte(l);
  uint64_t value = 0;
  unsigned mask = 0x80;
  for (unsigned i = 0; i < 8; i++, mask >>= 1) {
    if (!(first & mask))
      return value + ((uint64_t)(first & (mask - 1)) << 8 * i);
    value |= (uint64_t)take_byte(l) << 8 * i;
  }
  return value;
}

static void take_numbers(listing *l, uint64_t count) {
  while (count-- && going(l))
    (void)take_number(l);
}

/* A number of things that libarchive makes room for. */
static uint64_t take_count(listing *l) {
  const uint64_t count = take_number(l);
  if (count > TIDE_LIMIT_LISTED)
    too_long(l);
  return going(l) ? count : 0;
}

static void pass_over(listing *l, uint64_t count) {
  while (count-- && going(l))
    (void)take_byte(l);
}

static void expect(listing *l, unsigned id) {
  if (take_byte(l) != id)
    l->bad = true;
}

/* Sums of `count` things; of which of them they are goes into `summed`, where that is wanted. */
static void take_sums(listing *l, uint64_t count, char *summed) {
  const bool all = take_byte(l) != 0;
  uint64_t given = 0;
  unsigned bits = 0;
  for (uint64_t i = 0; i < count && going(l); i++) {
    if (!all && i % 8 == 0)
      bits = take_byte(l);
    const bool there = all || (bits >> (7 - i % 8) & 1);
    given += there;
    if (summed)
      summed[i] = there;
  }
  pass_over(l, 4 * given);
}

/* Where streams are packed. */
static void take_packs(listing *l) {
  l->packed_at = take_number(l);
  l->packs_behind = l->at;
  const uint64_t count = take_count(l);
  unsigned id = take_byte(l);
  if (id == ID_SIZES) {
    for (uint64_t i = 0; i < count && going(l); i++) {
      const uint64_t size = take_number(l);
      l->packed_size = count == 1 ? size : 0;
    }
    id = take_byte(l);
    if (id == ID_SUMS) {
      take_sums(l, count, NULL);
      id = take_byte(l);
    }
  }
  l->bad |= id != ID_END;
}

/* What methods have as properties, that ask for memory (7-Zip's Methods.txt). */
enum { LZMA2 = 0x21, LZMA = 0x030101, PPMD = 0x030401 };

static uint64_t window_of(uint64_t method, tide_span properties) {
  const unsigned char *p = (const unsigned char *)properties.ptr;
  if (method == LZMA2 && properties.len == 1 && p[0] <= 40)
    return p[0] == 40 ? UINT32_MAX : (2ull | (p[0] & 1)) << (p[0] / 2 + 11);
  if ((method == LZMA || method == PPMD) && properties.len == 5)
    return (uint64_t)p[1] | (uint64_t)p[2] << 8 | (uint64_t)p[3] << 16 | (uint64_t)p[4] << 24;
  return 0;
}

static void take_properties(listing *l, uint64_t method) {
  char kept[5] = {0};
  const uint64_t len = take_number(l);
  for (uint64_t i = 0; i < len && going(l); i++) {
    const unsigned byte = take_byte(l);
    if (i < sizeof kept)
      kept[i] = (char)byte;
  }
  const uint64_t window =
      len <= sizeof kept ? window_of(method, tide_span_make(kept, (size_t)len)) : 0;
  if (window > l->memory)
    l->memory = window;
}

/* By which methods a folder was packed; how many streams they give. */
static uint64_t take_folder(listing *l) {
  const uint64_t coders = take_number(l);
  uint64_t in = 0, out = 0;
  for (uint64_t i = 0; i < coders && going(l); i++) {
    const unsigned flags = take_byte(l);
    uint64_t method = 0;
    for (unsigned k = flags & 0xf; k; k--)
      method = method << 8 | take_byte(l);
    in += flags & 0x10 ? take_count(l) : 1;
    out += flags & 0x10 ? take_count(l) : 1;
    if (flags & 0x20)
      take_properties(l, method);
    if (in > TIDE_LIMIT_LISTED || out > TIDE_LIMIT_LISTED)
      too_long(l);
  }
  if (!out || in < out - 1)
    l->bad = true;
  if (!going(l))
    return 0;
  take_numbers(l, 2 * (out - 1));
  if (in - (out - 1) != 1)
    take_numbers(l, in - (out - 1));
  return out;
}

/* How they are unpacked; how many folders there are. */
static uint64_t take_unpacks(listing *l) {
  expect(l, ID_FOLDERS);
  const uint64_t folders = take_count(l);
  uint64_t streams = 0;
  expect(l, 0); /* they are here, and nowhere else */
  for (uint64_t i = 0; i < folders && going(l); i++)
    streams += take_folder(l);
  if (streams > TIDE_LIMIT_LISTED)
    too_long(l);
  expect(l, ID_UNPACKED_SIZES);
  take_numbers(l, streams);
  if (tide_buffer_reserve(&l->summed, (size_t)folders + 1) != TIDE_OK) {
    l->bad = l->memory_out = true;
    return 0;
  }
  memset(l->summed.ptr, 0, (size_t)folders + 1);
  unsigned id = take_byte(l);
  if (id == ID_SUMS) {
    take_sums(l, folders, l->summed.ptr);
    id = take_byte(l);
  }
  l->bad |= id != ID_END;
  return folders;
}

/* Which files the streams are. */
static void take_substreams(listing *l, uint64_t folders) {
  uint64_t sizes = 0, sums = 0, streams = 0;
  unsigned id = take_byte(l);
  const bool counted = id == ID_SUBSTREAM_COUNTS;
  for (uint64_t i = 0; i < folders && going(l); i++) {
    const uint64_t count = counted ? take_count(l) : 1;
    streams += count;
    sizes += count ? count - 1 : 0;
    sums += count == 1 && l->summed.ptr[i] ? 0 : count;
    if (streams > TIDE_LIMIT_LISTED)
      too_long(l);
  }
  if (counted)
    id = take_byte(l);
  if (id == ID_SIZES) {
    take_numbers(l, sizes);
    id = take_byte(l);
  }
  if (id == ID_SUMS) {
    take_sums(l, sums, NULL);
    id = take_byte(l);
  }
  l->bad |= id != ID_END;
}

static void take_streams(listing *l) {
  uint64_t folders = 0;
  unsigned id = take_byte(l);
  if (id == ID_PACKS) {
    take_packs(l);
    id = take_byte(l);
  }
  if (id == ID_UNPACKS) {
    folders = take_unpacks(l);
    l->unpacks_behind = l->at;
    id = take_byte(l);
  }
  if (id == ID_SUBSTREAMS) {
    take_substreams(l, folders);
    id = take_byte(l);
  }
  l->bad |= id != ID_END;
}

/* A list after its first byte, as far as the number of files. */
static void take_list(listing *l) {
  unsigned id = take_byte(l);
  if (id == ID_PROPERTIES) {
    while (take_byte(l) && going(l))
      (void)take_number(l);
    id = take_byte(l);
  }
  if (id == ID_STREAMS) {
    take_streams(l);
    id = take_byte(l);
  }
  if (id == ID_FILES)
    (void)take_count(l);
}

/* --- a list that is packed --- */

static void put_little(char *to, uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; i++)
    to[i] = (char)(value >> 8 * i);
}

static uint64_t get_little(const char *from, unsigned bytes) {
  uint64_t value = 0;
  for (unsigned i = bytes; i--;)
    value = value << 8 | (unsigned char)from[i];
  return value;
}

static uint32_t sum_of(tide_span s) {
  return (uint32_t)crc32(0, (const unsigned char *)s.ptr, (unsigned)s.len);
}

/* A 7z whose only member is the list: `packing` says how it is packed, from the number of packed
 * streams on, the list itself is in `small` after START_BYTES already. */
static tide_status small_finish(tide_buffer *small, tide_span packing) {
  static const tide_span before = SPAN("\x01\x04\x06\0"), behind = SPAN("\x08\0\0\x05\x01\0\0");
  const size_t header = small->len;
  if (tide_buffer_put(small, before) != TIDE_OK || tide_buffer_put(small, packing) != TIDE_OK ||
      tide_buffer_put(small, behind) != TIDE_OK)
    return TIDE_FATAL;
  const tide_span list = tide_span_slice(tide_buffer_span(small), header, small->len);
  memcpy(small->ptr, "7z\xbc\xaf\x27\x1c\0\x04", 8);
  put_little(small->ptr + 12, header - START_BYTES, 8);
  put_little(small->ptr + 20, list.len, 8);
  put_little(small->ptr + 28, sum_of(list), 4);
  put_little(small->ptr + 8, sum_of(tide_span_make(small->ptr + 12, 20)), 4);
  return TIDE_OK;
}

static void check_unpacked(listing *l, tide_span small) {
  listing inner = {.archive = archive_read_new()};
  struct archive_entry *entry = inner.archive ? archive_entry_new2(inner.archive) : NULL;
  l->memory_out |= !entry;
  if (entry && archive_read_support_format_7zip(inner.archive) == ARCHIVE_OK &&
      archive_read_open_memory(inner.archive, small.ptr, small.len) == ARCHIVE_OK &&
      archive_read_next_header2(inner.archive, entry) >= ARCHIVE_WARN) {
    if (archive_entry_size(entry) > (la_int64_t)TIDE_LIMIT_LIST)
      too_long(&inner);
    expect(&inner, ID_HEADER);
    take_list(&inner);
  }
  l->longer |= inner.longer;
  if (inner.memory > l->memory)
    l->memory = inner.memory;
  l->memory_out |= inner.memory_out;
  tide_buffer_free(&inner.summed);
  archive_entry_free(entry);
  archive_read_free(inner.archive);
}

static void check_packed(listing *l) {
  char start[START_BYTES] = {0};
  tide_buffer small = {0};
  tide_span packing = l->span;
  take_streams(l);
  if (!going(l) || !l->unpacks_behind)
    return;
  /* Nobody packs a list into several streams. */
  if (!l->packed_size || l->packed_size > TIDE_LIMIT_HELD) {
    too_long(l);
    return;
  }
  listing packed = {.held = l->held,
                    .in = l->in,
                    .from = START_BYTES + l->packed_at,
                    .end = START_BYTES + l->packed_at + l->packed_size};
  packing = tide_span_slice(packing, l->packs_behind, l->unpacks_behind);
  bool kept = tide_buffer_put(&small, tide_span_make(start, sizeof start)) == TIDE_OK;
  while (kept && listing_more(&packed))
    kept = tide_buffer_put(&small, packed.span) == TIDE_OK;
  if (kept && small_finish(&small, packing) == TIDE_OK)
    check_unpacked(l, tide_buffer_span(&small));
  else
    l->memory_out = true;
  l->memory_out |= packed.memory_out;
  tide_buffer_free(&packed.piece);
  tide_buffer_free(&small);
}

/* Zeros are no more than what fills a tape's block. */
static bool follows(listing *l, uint64_t end) {
  enum { LOOKED_AT = 64 };
  l->from = end;
  l->end = end + LOOKED_AT;
  while (listing_more(l))
    for (size_t i = 0; i < l->span.len; i++)
      if (l->span.ptr[i])
        return true;
  return false;
}

tide_status tide_listing_check(tide_span held, const tide_input *in, tide_listing *out,
                               tide_error *err) {
  listing l = {.held = held, .in = in, .end = START_BYTES};
  char start[START_BYTES];
  for (unsigned i = 0; i < START_BYTES; i++)
    start[i] = (char)take_byte(&l);
  const uint64_t at = get_little(start + 12, 8), size = get_little(start + 20, 8);
  if (going(&l) && size && at <= INT64_MAX - START_BYTES) {
    l.from = START_BYTES + at;
    l.end = l.from + size;
    if (size > TIDE_LIMIT_LIST) {
      too_long(&l);
      l.end = l.from;
    }
    const unsigned id = take_byte(&l);
    if (id == ID_HEADER)
      take_list(&l);
    else if (id == ID_PACKED_HEADER && size <= PACKING_BYTES)
      check_packed(&l);
    else if (id == ID_PACKED_HEADER)
      too_long(&l);
  }
  *out = (tide_listing){.memory = l.memory};
  if (at <= INT64_MAX / 2 && size <= TIDE_LIMIT_LIST)
    out->more = follows(&l, START_BYTES + at + size);
  tide_buffer_free(&l.piece);
  tide_buffer_free(&l.summed);
  if (l.memory_out)
    return TIDE_FATAL;
  if (!l.longer)
    return TIDE_OK;
  return tide_error_set(err, TIDE_FAIL,
                        "its list of files has more than %u files, or more than %u MiB: unpack it "
                        "first",
                        TIDE_LIMIT_LISTED, TIDE_LIMIT_LIST >> 20);
}
