/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks all that the data section holds once, with a limit on depth and on work, before
 * libmaxminddb sees it. */
#include "mmdb_data.h"

/* Types as the format numbers them; those from 8 on are in a second byte. */
enum {
  EXTENDED = 0,
  POINTER = 1,
  TEXT = 2,
  DOUBLE = 3,
  BYTES = 4,
  UINT16 = 5,
  UINT32 = 6,
  MAP = 7,
  INT32 = 8,
  UINT64 = 9,
  UINT128 = 10,
  ARRAY = 11,
  BOOLEAN = 14,
  FLOAT = 15
};

/* Records nest a handful of levels; libmaxminddb's own limit is 512. Values that are pointed to are
 * looked at again within others that hold them, so that a section may be walked more than once, but
 * not as often as its bytes. */
enum { DEPTH_MAX = 512, WALKS_MAX = 8 };

static tide_status check(mmdb_data *d, size_t *at, unsigned depth);

static tide_status check_many(mmdb_data *d, size_t *at, size_t values, unsigned depth) {
  while (values--)
    TIDE_TRY(check(d, at, depth));
  return TIDE_OK;
}

/* What is at a place that was not looked at before. A value on the way to itself is in a
 * circle, and is found by its depth. */
static tide_status check_place(mmdb_data *d, size_t place, unsigned depth) {
  if (place >= d->size)
    return TIDE_USAGE;
  if (tide_pair_map_find(&d->seen, 0, (uint32_t)place) != TIDE_MAP_NONE)
    return TIDE_OK;
  size_t at = place;
  TIDE_TRY(check(d, &at, depth));
  return tide_pair_map_put(&d->seen, 0, (uint32_t)place, 0);
}

/* The next `count` bytes as a number, big end first. */
static bool take(const mmdb_data *d, size_t *at, unsigned count, size_t *out) {
  *out = 0;
  if (d->size - *at < count)
    return false;
  while (count--)
    *out = *out << 8 | d->bytes[(*at)++];
  return true;
}

/* The value at *at, which is moved past it. */
static tide_status check(mmdb_data *d, size_t *at, unsigned depth) {
  const size_t begin = *at;
  size_t control, size, more;
  if (depth > DEPTH_MAX || d->walked / WALKS_MAX > d->size || !take(d, at, 1, &control))
    return TIDE_USAGE;
  size_t type = control >> 5;
  size = control & 31;
  if (type == POINTER) {
    /* Two bits for the length, three for the value's beginning; what shorter ones could say is not
     * said again by longer ones. */
    static const size_t from[] = {0, 2048, 526336, 0};
    const unsigned bytes = (unsigned)(size >> 3) + 1;
    if (!take(d, at, bytes, &more))
      return TIDE_USAGE;
    if (bytes < 4)
      more = (more | (size & 7) << 8 * bytes) + from[bytes - 1];
    d->walked += *at - begin;
    return check_place(d, more, depth + 1);
  }
  if (type == EXTENDED) {
    if (!take(d, at, 1, &type))
      return TIDE_USAGE;
    type += MAP;
  }
  if (size > 28) {
    static const size_t from[] = {29, 285, 65821};
    const size_t first = from[size - 29];
    if (!take(d, at, (unsigned)size - 28, &more))
      return TIDE_USAGE;
    size = first + more;
  }
  d->walked += *at - begin;
  switch (type) {
  case MAP: return check_many(d, at, 2 * size, depth + 1);
  case ARRAY: return check_many(d, at, size, depth + 1);
  case BOOLEAN: return size < 2 ? TIDE_OK : TIDE_USAGE;
  case TEXT:
  case BYTES: break;
  case DOUBLE:
    if (size != 8)
      return TIDE_USAGE;
    break;
  case FLOAT:
  case INT32:
  case UINT32:
    if (size > 4)
      return TIDE_USAGE;
    break;
  case UINT16:
    if (size > 2)
      return TIDE_USAGE;
    break;
  case UINT64:
    if (size > 8)
      return TIDE_USAGE;
    break;
  case UINT128:
    if (size > 16)
      return TIDE_USAGE;
    break;
  default: return TIDE_USAGE;
  }
  if (d->size - *at < size)
    return TIDE_USAGE;
  *at += size;
  return TIDE_OK;
}

tide_status tide_mmdb_data_check(mmdb_data *d, uint32_t place) {
  return check_place(d, place, 0);
}

void tide_mmdb_data_free(mmdb_data *d) {
  tide_pair_map_free(&d->seen);
}
