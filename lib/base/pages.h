/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for what grows large: tables of zeros, and arrays whose items never move. */
#ifndef LIB_BASE_PAGES_H
#define LIB_BASE_PAGES_H

#include "base/span.h"
#include "base/status.h"

/* count items of size bytes, all zeros; NULL when out of memory. To be freed with the same count
 * and size. Of a large table all memory is taken at once, in pages of 2 MiB where the system has
 * them: it will nearly all be needed, and a fault for each 4 KiB costs up to twenty times as much.
 */
void *tide_zeros_new(size_t count, size_t size);
void tide_zeros_free(void *, size_t count, size_t size);

/* Has the pages between start and start + size at once, for who will write to all of them: a fault
 * for each costs many times as much (docs/PERFORMANCE.md). Only a wish: where the system does not
 * know it (before Linux 5.14), or has no such memory, each page comes as it is needed. */
void tide_memory_fetch(void *start, size_t size);

/* A growing array: pages of items, each page twice as large as the one before, so that an item
 * lives where it is as long as the array. Zero-initialised is empty. The size of an item is always
 * the same. */
enum {
  TIDE_PAGES = 26,
  TIDE_PAGES_FIRST = 32,
  TIDE_PAGES_ITEMS = TIDE_PAGES_FIRST * ((1 << TIDE_PAGES) - 1)
};
typedef struct tide_pages {
  char *page[TIDE_PAGES];
} tide_pages;

static inline unsigned tide_pages_page(uint32_t i) {
  return 31u - (unsigned)__builtin_clz(i / TIDE_PAGES_FIRST + 1);
}
static inline uint32_t tide_pages_start(unsigned page) {
  return TIDE_PAGES_FIRST * ((1u << page) - 1);
}

/* Sees to it that there is an item i, zeros if new. Items are made in their order. TIDE_FATAL when
 * memory is out, or when there would be more than TIDE_PAGES_ITEMS. */
tide_status tide_pages_make(tide_pages *, uint32_t i, size_t size);
/* Item i, which was made. */
static inline void *tide_pages_at(const tide_pages *p, uint32_t i, size_t size) {
  const unsigned page = tide_pages_page(i);
  return p->page[page] + (size_t)(i - tide_pages_start(page)) * size;
}
void tide_pages_free(tide_pages *, size_t size);

#endif
