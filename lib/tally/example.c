/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally/example.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/room.h"

struct tide_examples {
  tide_map keys;
  tide_example *examples; /* by key; text and source of one stand in one block that begins with
                             the text */
  size_t cap;
};

tide_status tide_examples_new(tide_examples **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

static void example_free(tide_example *e) {
  free((char *)(uintptr_t)e->text.ptr);
}

void tide_examples_free(tide_examples *e) {
  if (!e)
    return;
  for (uint32_t i = 0; i < e->keys.count && i < e->cap; i++)
    example_free(&e->examples[i]);
  free(e->examples);
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

static tide_status offer(tide_examples *e, tide_span key, const tide_example *example) {
  uint32_t count = e->keys.count, number = tide_map_add(&e->keys, key);
  if (number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (e->keys.count == count)
    return tide_example_compare(example, &e->examples[number]) < 0
               ? example_keep(&e->examples[number], example)
               : TIDE_OK;
  if (tide_room(&e->examples, &e->cap, number, sizeof *e->examples) != TIDE_OK)
    return TIDE_FATAL;
  e->examples[number] = (tide_example){0};
  return example_keep(&e->examples[number], example);
}

tide_status tide_examples_add(tide_examples *e, tide_span key, tide_span text,
                              const tide_record *r) {
  tide_example example = {.time = r->time, .text = text, .source = r->source, .offset = r->offset};
  if (text.len > TIDE_LIMIT_EXAMPLE) {
    example.text.len = TIDE_LIMIT_EXAMPLE;
    while (example.text.len && ((unsigned char)text.ptr[example.text.len] & 0xc0) == 0x80)
      example.text.len--;
  }
  return offer(e, key, &example);
}

tide_status tide_examples_merge(tide_examples *into, const tide_examples *from) {
  for (uint32_t i = 0; i < from->keys.count; i++)
    TIDE_TRY(offer(into, tide_map_key(&from->keys, i), &from->examples[i]));
  return TIDE_OK;
}

uint32_t tide_examples_count(const tide_examples *e) {
  return e->keys.count;
}
tide_span tide_examples_key(const tide_examples *e, uint32_t number) {
  return tide_map_key(&e->keys, number);
}
const tide_example *tide_examples_get(const tide_examples *e, uint32_t number) {
  return &e->examples[number];
}

uint32_t tide_examples_find(const tide_examples *e, tide_span key) {
  uint32_t number = tide_map_find(&e->keys, key);
  return number == TIDE_MAP_NONE ? TIDE_EXAMPLE_NONE : number;
}
