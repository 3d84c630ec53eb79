/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of fields that others add: whole ones, beginnings and insides, all looked up in one
 * pass over a name. A hash is carried along byte by byte; where a beginning ends in it, or the
 * whole name, a table is asked. */
#include "extract/fingerprint.h"

#include <stdlib.h>

#include "base/room.h"
#include "base/rows.h"

enum {
  COLUMNS = 3,
  BEGIN = 4,   /* bytes that tell beginnings apart */
  MARKS = 4096 /* bits of a filter: a power of two */
};

typedef enum pattern_kind { PATTERN_WHOLE, PATTERN_BEGINNING, PATTERN_INSIDE } pattern_kind;

typedef struct pattern {
  tide_addition row;
  tide_span text; /* in lower case, without its stars */
  pattern_kind kind;
  uint32_t hash;
} pattern;

struct tide_additions {
  tide_arena arena;
  pattern *patterns;
  size_t count, cap;
  size_t insides;  /* how many of them, all in front */
  uint32_t *slots; /* of wholes and beginnings: number + 1, 0 is free */
  size_t slot_cap;
  uint64_t wholes[MARKS / 64], beginnings[MARKS / 64]; /* whether a hash can be one at all */
  const tide_addition *known[TIDE_HEADER_COUNT];       /* the rows of fields that have a number */
  uint32_t inside_pairs[32]; /* by a first letter, the second ones with which insides begin */
};

/* Of a name without regard to case. Other bytes than letters may fall together: it is only looked
 * up by it. */
static uint32_t begin_hash(tide_span name) {
  uint32_t bytes = 0;
  if (name.len >= BEGIN)
    memcpy(&bytes, name.ptr, BEGIN);
  bytes = (bytes | 0x20202020u) * 0x9e3779b1u;
  return bytes ^ bytes >> 16; /* the low bits, which tables go by, know little of the last bytes */
}
static uint32_t whole_hash(tide_span name) {
  uint32_t begin = begin_hash(name), end = 0;
  if (name.len >= BEGIN)
    memcpy(&end, name.ptr + name.len - BEGIN, BEGIN);
  end = ((end | 0x20202020u) + (uint32_t)name.len) * 0x85ebca6bu;
  return begin ^ end ^ end >> 16;
}

static bool is_marked(const uint64_t *marks, uint32_t hash) {
  return marks[hash % MARKS / 64] >> (hash % 64) & 1;
}

static pattern pattern_of(const tide_span cells[COLUMNS]) {
  pattern p = {.row = {cells[0], cells[1], cells[2]}, .text = cells[0]};
  bool open_end = p.text.len && p.text.ptr[p.text.len - 1] == '*';
  bool open_begin = p.text.len && p.text.ptr[0] == '*';
  p.text = tide_span_slice(p.text, open_begin, p.text.len - open_end);
  if (open_begin)
    p.kind = PATTERN_INSIDE;
  else if (open_end)
    p.kind = PATTERN_BEGINNING;
  p.hash = p.kind == PATTERN_BEGINNING ? begin_hash(p.text) : whole_hash(p.text);
  return p;
}

static tide_status take_addition(void *additions, const tide_csv_row *row) {
  tide_additions *a = additions;
  const bool remark = row->cells[0].len && row->cells[0].ptr[0] == '#';
  if (row->number == 0 || remark)
    return TIDE_OK;
  if (row->count != COLUMNS)
    return TIDE_USAGE;
  pattern p = pattern_of(row->cells);
  if (p.text.len == 0 || (p.kind != PATTERN_WHOLE && p.text.len < BEGIN))
    return TIDE_USAGE;
  if (tide_room(&a->patterns, &a->cap, a->count, sizeof *a->patterns) != TIDE_OK)
    return TIDE_FATAL;
  a->patterns[a->count++] = p;
  return TIDE_OK;
}

static tide_status index_patterns(tide_additions *a) {
  a->slot_cap = 64;
  while (a->slot_cap < a->count * 4)
    a->slot_cap *= 2;
  a->slots = calloc(a->slot_cap, sizeof *a->slots);
  if (!a->slots)
    return TIDE_FATAL;
  for (size_t i = 0; i < a->count; i++) {
    pattern inside = a->patterns[i];
    if (inside.kind != PATTERN_INSIDE)
      continue;
    a->inside_pairs[inside.text.ptr[0] & 31] |= 1u << (inside.text.ptr[1] & 31);
    a->patterns[i] = a->patterns[a->insides];
    a->patterns[a->insides++] = inside;
  }
  for (size_t i = a->insides; i < a->count; i++) {
    const pattern *p = &a->patterns[i];
    uint64_t *marks = p->kind == PATTERN_WHOLE ? a->wholes : a->beginnings;
    marks[p->hash % MARKS / 64] |= (uint64_t)1 << (p->hash % 64);
    size_t slot = p->hash & (a->slot_cap - 1);
    while (a->slots[slot])
      slot = (slot + 1) & (a->slot_cap - 1);
    a->slots[slot] = (uint32_t)i + 1;
  }
  return TIDE_OK;
}

static const tide_addition *look_up(const tide_additions *a, tide_span name, pattern_kind kind,
                                    uint32_t hash) {
  for (size_t slot = hash & (a->slot_cap - 1); a->slots[slot];
       slot = (slot + 1) & (a->slot_cap - 1)) {
    const pattern *p = &a->patterns[a->slots[slot] - 1];
    if (p->hash == hash && p->kind == kind &&
        (kind == PATTERN_WHOLE ? tide_name_equal(name, p->text) || tide_span_iequal(name, p->text)
                               : tide_span_istarts(name, p->text)))
      return &p->row;
  }
  return NULL;
}

static const tide_addition *look_inside(const tide_additions *a, tide_span name) {
  for (size_t i = 0; i + 1 < name.len; i++) {
    if (!(a->inside_pairs[name.ptr[i] & 31] >> (name.ptr[i + 1] & 31) & 1))
      continue;
    for (size_t k = 0; k < a->insides; k++)
      if (tide_span_istarts(tide_span_slice(name, i, name.len), a->patterns[k].text))
        return &a->patterns[k].row;
  }
  return NULL;
}

static const tide_addition *find(const tide_additions *a, tide_span name) {
  const uint32_t begin = begin_hash(name), whole = whole_hash(name);
  const tide_addition *found = NULL;
  if (is_marked(a->wholes, whole))
    found = look_up(a, name, PATTERN_WHOLE, whole);
  if (!found && is_marked(a->beginnings, begin))
    found = look_up(a, name, PATTERN_BEGINNING, begin);
  return found ? found : look_inside(a, name);
}

tide_status tide_additions_read(tide_additions **out, tide_span csv, tide_error *err) {
  tide_additions *a = calloc(1, sizeof *a);
  size_t at = 0;
  tide_status status =
      a ? tide_rows_read(csv, &a->arena, (tide_row_taker){.take = take_addition, .context = a}, &at)
        : TIDE_FATAL;
  if (status == TIDE_OK)
    status = index_patterns(a);
  static const char *const names[] = {
#define X(id, name) name,
      TIDE_HEADERS(X)
#undef X
  };
  for (int i = 0; status == TIDE_OK && i < TIDE_HEADER_COUNT; i++)
    a->known[i] = find(a, tide_span_of(names[i]));
  if (status != TIDE_OK) {
    tide_additions_free(a);
    if (status == TIDE_FATAL)
      return tide_error_memory(err);
    return tide_error_set(err, status, "added fields: line %zu cannot be read", at);
  }
  *out = a;
  return TIDE_OK;
}

void tide_additions_free(tide_additions *a) {
  if (!a)
    return;
  tide_arena_free(&a->arena);
  free(a->patterns);
  free(a->slots);
  free(a);
}

const tide_addition *tide_additions_find(const tide_additions *a, const tide_header *field) {
  return field->id == TIDE_HEADER_OTHER ? find(a, field->name) : a->known[field->id];
}
