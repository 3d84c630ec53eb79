/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Room in an array that grows: it is doubled, so that adding n elements copies fewer than 2 n. */
#ifndef LIB_BASE_ROOM_H
#define LIB_BASE_ROOM_H

#include <stddef.h>

#include "base/status.h"

/* What tide_room does where the array is too small. */
tide_status tide_room_grow(void *array, size_t *cap, size_t count, size_t size);

/* Makes room for element number `count` of an array of *cap elements of `size` bytes: array is the
 * address of the pointer to them, NULL at first and the caller's to free. TIDE_FATAL when memory is
 * out or the size has no number; all is as it was then. */
static inline tide_status tide_room(void *array, size_t *cap, size_t count, size_t size) {
  return count < *cap ? TIDE_OK : tide_room_grow(array, cap, count, size);
}

#endif
