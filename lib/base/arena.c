/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks are kept when the arena is emptied, so that after some messages none is asked for any
 * more. */
#include "base/arena.h"
#include "base/invariant.h"

#include <stdlib.h>

struct tide_arena_block {
  tide_arena_block *next;
  size_t size;
  _Alignas(max_align_t) char bytes[];
};

enum { ARENA_BLOCK = 64 << 10, ARENA_KEEP = 1 << 20 };

static void arena_enter(tide_arena *a, tide_arena_block *block) {
  a->now = block;
  a->at = block->bytes;
  a->end = block->bytes + block->size;
}

static void *arena_out(tide_arena *a) {
  a->failed = true;
  return NULL;
}

void *tide_arena_take(tide_arena *a, size_t size) {
  const size_t align = _Alignof(max_align_t);
  if (size > SIZE_MAX / 2)
    return arena_out(a);
  size = (size + align - 1) & ~(align - 1);
  while (!a->now || (size_t)(a->end - a->at) < size) {
    tide_arena_block *next = a->now ? a->now->next : a->first;
    if (next && next->size >= size) {
      arena_enter(a, next);
      continue;
    }
    size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    tide_arena_block *block = malloc(sizeof *block + room);
    if (!block)
      return arena_out(a);
    block->size = room;
    block->next = next;
    if (a->now)
      a->now->next = block;
    else
      a->first = block;
    arena_enter(a, block);
  }
  TIDE_INVARIANT(a->at <= a->end && (size_t)(a->end - a->at) >= size);
  void *taken = a->at;
  a->at += size;
  return taken;
}

tide_span tide_arena_copy(tide_arena *a, tide_span s) {
  char *copy = tide_arena_take(a, s.len + 1);
  if (!copy)
    return (tide_span){0};
  if (s.len)
    memcpy(copy, s.ptr, s.len);
  copy[s.len] = '\0';
  return (tide_span){copy, s.len};
}

void tide_arena_reset(tide_arena *a) {
  size_t kept = 0;
  for (tide_arena_block **link = &a->first; *link;) {
    tide_arena_block *block = *link;
    kept += block->size;
    if (kept > ARENA_KEEP) {
      *link = block->next;
      free(block);
    } else {
      link = &block->next;
    }
  }
  a->now = NULL;
  a->at = a->end = NULL;
  if (a->first)
    arena_enter(a, a->first);
}

void tide_arena_free(tide_arena *a) {
  for (tide_arena_block *block = a->first, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  *a = (tide_arena){0};
}
