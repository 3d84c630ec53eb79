/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large tables come from mmap, on huge pages where they fill them: a table that grew leaves nothing
 * behind in malloc's heap. */
#include "base/pages.h"

#include <stdlib.h>
#include <sys/mman.h>

/* From a page on, tables have memory of their own: what a growing one leaves behind in malloc's
 * would stay taken (1,024 shards of 125 KB: 128 MB). */
enum { LARGE = 4096, SMALL_PAGE = 4096, HUGE_PAGE = 2 << 20, AHEAD = 256 };

void tide_memory_fetch(void *start, size_t size) {
#ifdef MADV_POPULATE_WRITE
  const uintptr_t from = ((uintptr_t)start + SMALL_PAGE - 1) / SMALL_PAGE * SMALL_PAGE,
                  to = ((uintptr_t)start + size) / SMALL_PAGE * SMALL_PAGE;
  if (to > from)
    (void)madvise((void *)from, to - from, MADV_POPULATE_WRITE);
#else
  (void)start;
  (void)size;
#endif
}

/* A mapping of bytes whose beginning fits a huge page; NULL when out of memory. */
static char *map_aligned(size_t bytes) {
  const size_t slack = bytes >= HUGE_PAGE ? HUGE_PAGE : 0;
  if (bytes > SIZE_MAX - slack)
    return NULL;
  char *got = mmap(NULL, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED)
    return NULL;
  if (!slack)
    return got;
  char *begin = got + (HUGE_PAGE - (uintptr_t)got % HUGE_PAGE) % HUGE_PAGE;
  if (begin > got)
    munmap(got, (size_t)(begin - got));
  munmap(begin + bytes, (size_t)(got + slack - begin));
  return begin;
}

/* Whole pages, as munmap counts, and huge ones for what is larger than one. */
static size_t bytes_of(size_t count, size_t size) {
  const size_t page = count * size >= HUGE_PAGE ? HUGE_PAGE : SMALL_PAGE;
  return (count * size + page - 1) / page * page;
}

/* Zeros, of which those that are in small pages are taken at once, and those in huge pages if
 * `whole`. */
static void *zeros_new(size_t count, size_t size, bool whole) {
  if (count > (SIZE_MAX - HUGE_PAGE) / size)
    return NULL;
  if (count * size < LARGE)
    return calloc(count, size);
  const size_t bytes = bytes_of(count, size);
  char *zeros = map_aligned(bytes);
  if (!zeros)
    return NULL;
  /* A wish, as fetching is. */
  if (bytes >= HUGE_PAGE)
    (void)madvise(zeros, bytes, MADV_HUGEPAGE);
  if (whole || bytes < HUGE_PAGE)
    tide_memory_fetch(zeros, bytes);
  return zeros;
}

void *tide_zeros_new(size_t count, size_t size) {
  return zeros_new(count, size, true);
}

static void zeros_free(void *zeros, size_t count, size_t size) {
  if (!zeros)
    return;
  if (count * size < LARGE)
    free(zeros);
  else
    munmap(zeros, bytes_of(count, size));
}

void tide_zeros_free(void *zeros, size_t count, size_t size) {
  zeros_free(zeros, count, size);
}

tide_status tide_pages_make(tide_pages *p, uint32_t i, size_t size) {
  if (i >= TIDE_PAGES_ITEMS)
    return TIDE_FATAL;
  const unsigned page = tide_pages_page(i);
  if (!p->page[page])
    p->page[page] =
        zeros_new((size_t)TIDE_PAGES_FIRST << page, size,
                  false); /* it is filled from its beginning, and perhaps not to its end */
  if (!p->page[page])
    return TIDE_FATAL;
  /* Zeros that nobody has touched are as far away as memory is: those that come next are sent for.
   * After the end of a page this asks for nothing. */
  __builtin_prefetch((const char *)tide_pages_at(p, i, size) + AHEAD, 1);
  return TIDE_OK;
}

void tide_pages_free(tide_pages *p, size_t size) {
  for (unsigned page = 0; page < TIDE_PAGES; page++)
    zeros_free(p->page[page], (size_t)TIDE_PAGES_FIRST << page, size);
  *p = (tide_pages){0};
}
