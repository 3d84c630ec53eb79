/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of two examples the earlier message is kept, so that the result does not depend on who counted
 * first. */
#include "tally/example.h"

#include <stdlib.h>

#include "base/invariant.h"
#include "base/limits.h"
#include "base/map.h"

struct tide_examples {
  tide_map keys;
  tide_example_list list;
};

static tide_example *example_at(const tide_example_list *l, uint32_t number) {
  return tide_pages_at(&l->at, number, sizeof(tide_example));
}

static void example_free(tide_example *e) {
  free((char *)(uintptr_t)e->text.ptr);
}

void tide_example_list_free(tide_example_list *l) {
  for (uint32_t i = 0; i < l->count; i++)
    example_free(example_at(l, i));
  tide_pages_free(&l->at, sizeof(tide_example));
  *l = (tide_example_list){0};
}

tide_status tide_examples_new(tide_examples **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_examples_free(tide_examples *e) {
  if (!e)
    return;
  tide_example_list_free(&e->list);
  tide_map_free(&e->keys);
  free(e);
}

int tide_example_compare(const tide_example *a, const tide_example *b) {
  if (a->time != b->time)
    return a->time < b->time ? -1 : 1;
  int order = tide_span_compare(a->text, b->text);
  if (order == 0)
    order = tide_span_compare(a->source, b->source);
  return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

/* Takes a copy of what `from` borrows. */
static tide_status example_keep(tide_example *to, const tide_example *from) {
  size_t text = from->text.len, source = from->source.len;
  char *block = malloc(text + source + 1);
  if (!block)
    return TIDE_FATAL;
  if (text)
    memcpy(block, from->text.ptr, text);
  if (source)
    memcpy(block + text, from->source.ptr, source);
  example_free(to);
  *to = *from;
  to->text = tide_span_make(block, text);
  to->source = tide_span_make(block + text, source);
  return TIDE_OK;
}

tide_status tide_example_list_offer(tide_example_list *l, uint32_t number,
                                    const tide_example *example) {
  if (number < l->count)
    return tide_example_compare(example, example_at(l, number)) < 0
               ? example_keep(example_at(l, number), example)
               : TIDE_OK;
  TIDE_INVARIANT(number == l->count);
  TIDE_TRY(tide_pages_make(&l->at, number, sizeof(tide_example)));
  l->count++;
  return example_keep(example_at(l, number), example);
}

tide_status tide_example_list_add(tide_example_list *l, uint32_t number, tide_span text,
                                  const tide_record *r) {
  tide_example example = {.time = r->time, .text = text, .source = r->source, .offset = r->offset};
  if (text.len > TIDE_LIMIT_EXAMPLE) {
    example.text.len = TIDE_LIMIT_EXAMPLE;
    while (example.text.len && ((unsigned char)text.ptr[example.text.len] & 0xc0) == 0x80)
      example.text.len--;
  }
  return tide_example_list_offer(l, number, &example);
}

const tide_example *tide_example_list_get(const tide_example_list *l, uint32_t number) {
  return example_at(l, number);
}

tide_status tide_examples_add(tide_examples *e, tide_span key, tide_span text,
                              const tide_record *r) {
  const uint32_t number = tide_map_add(&e->keys, key);
  return number == TIDE_MAP_NONE ? TIDE_FATAL : tide_example_list_add(&e->list, number, text, r);
}

tide_status tide_examples_merge(tide_examples *into, const tide_examples *from) {
  for (uint32_t i = 0; i < from->keys.count; i++) {
    const uint32_t number = tide_map_add(&into->keys, tide_map_key(&from->keys, i));
    if (number == TIDE_MAP_NONE)
      return TIDE_FATAL;
    TIDE_TRY(tide_example_list_offer(&into->list, number, example_at(&from->list, i)));
  }
  return TIDE_OK;
}

uint32_t tide_examples_count(const tide_examples *e) {
  return e->keys.count;
}
tide_span tide_examples_key(const tide_examples *e, uint32_t number) {
  return tide_map_key(&e->keys, number);
}
const tide_example *tide_examples_get(const tide_examples *e, uint32_t number) {
  return example_at(&e->list, number);
}

uint32_t tide_examples_find(const tide_examples *e, tide_span key) {
  uint32_t number = tide_map_find(&e->keys, key);
  return number == TIDE_MAP_NONE ? TIDE_EXAMPLE_NONE : number;
}
