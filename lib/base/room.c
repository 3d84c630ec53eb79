/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slow way of tide_room. */
#include "base/room.h"
#include "base/invariant.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 64 };

tide_status tide_room_grow(void *array, size_t *cap, size_t count, size_t size) {
  size_t more = *cap ? *cap : FIRST / 2;
  while (more <= count || more == *cap) {
    if (more > SIZE_MAX / 2 / size)
      return TIDE_FATAL;
    more *= 2;
  }
  /* The pointer's own type is the caller's. */
  void *old;
  memcpy(&old, array, sizeof old);
  void *grown = realloc(old, more * size);
  if (!grown)
    return TIDE_FATAL;
  memcpy(array, &grown, sizeof grown);
  *cap = more;
  TIDE_INVARIANT(count < *cap);
  return TIDE_OK;
}
