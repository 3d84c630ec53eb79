/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts are read once more, their names sorted: what is the same text then is one set. From the
 * text of a set that of one with a field less is made, and looked up. */
#include "shuffled.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/room.h"
#include "base/sort.h"
#include "stats/overlap.h"

static const double LEVEL = 0.01;

enum { NAMES_MAX = TIDE_LIMIT_LAYOUT / 2 };

/* All fingerprints of the same names and shapes. */
typedef struct set {
  uint64_t messages, agreeing; /* pairs of messages in the same order */
  size_t names;                /* how many */
  uint32_t parent;             /* a set of the same program; itself: the root */
  uint32_t first;              /* of a root: the number of a fingerprint of it */
  bool shuffled;
} set;

typedef struct shuffling {
  const tide_senders *senders;
  const atomic_bool *stop;
  uint32_t count; /* of fingerprints */
  tide_map texts; /* of sets */
  set *sets;
  size_t set_cap;
  uint32_t *of; /* by fingerprint: its set, or TIDE_MAP_NONE */
  tide_buffer text;
} shuffling;

static int name_compare(const void *a, const void *b, void *context) {
  (void)context;
  return tide_span_compare(*(const tide_span *)a, *(const tide_span *)b);
}

/* The names of a layout, sorted, each with a comma, and then its shapes. */
static tide_status text_make(shuffling *s, tide_span names, tide_span shapes, set *made) {
  tide_span at[NAMES_MAX];
  size_t count = 0;
  while (names.len && count < NAMES_MAX) {
    const size_t comma = tide_span_find_char(names, ',');
    at[count++] = tide_span_slice(names, 0, comma);
    names = tide_span_slice(names, comma + 1, names.len);
  }
  TIDE_TRY(tide_sort(at, count, sizeof *at, name_compare, NULL, s->stop));
  tide_buffer_clear(&s->text);
  for (size_t i = 0; i < count; i++) {
    TIDE_TRY(tide_buffer_put(&s->text, at[i]));
    TIDE_TRY(tide_buffer_putc(&s->text, ','));
  }
  *made = (set){.names = count};
  /* The encoding's place is a matter of order too, though it is written among the shapes. */
  const tide_span ordered = SPAN(" encoding-first");
  const size_t at_order = tide_span_ifind(shapes, ordered);
  TIDE_TRY(tide_buffer_put(&s->text, tide_span_slice(shapes, 0, at_order)));
  return tide_buffer_put(&s->text, tide_span_slice(shapes, at_order + ordered.len, shapes.len));
}

static tide_status fingerprint_take(shuffling *s, uint32_t number) {
  const tide_span layout = tide_senders_layout(s->senders, number)->text;
  const size_t blank = tide_span_find_char(layout, ' ');
  const tide_span shapes = tide_span_slice(layout, blank, layout.len);
  const uint64_t messages = tide_senders_get(s->senders, number)->messages;
  const uint32_t sets = s->texts.count;
  set made;
  s->of[number] = TIDE_MAP_NONE;
  if (layout.len == 0)
    return TIDE_OK;
  TIDE_TRY(text_make(s, tide_span_slice(layout, 0, blank), shapes, &made));
  const uint32_t at = tide_map_add(&s->texts, tide_buffer_span(&s->text));
  if (at == TIDE_MAP_NONE || tide_room(&s->sets, &s->set_cap, at, sizeof *s->sets) != TIDE_OK)
    return TIDE_FATAL;
  made.parent = at;
  made.first = number;
  if (at == sets)
    s->sets[at] = made;
  s->of[number] = at;
  s->sets[at].messages += messages;
  s->sets[at].agreeing += messages * (messages - 1) / 2;
  return TIDE_OK;
}

/* Could the set, if so many pairs of its messages agreed, be told from programs with an order? */
static bool is_shuffled(const set *t, uint64_t agreeing, uint64_t sets) {
  return t->names >= TIDE_SHUFFLED_FIELDS &&
         tide_agreement_p(t->messages, agreeing, TIDE_SHUFFLED_ORDERS) * (double)sets <= LEVEL;
}

static uint32_t root_of(shuffling *s, uint32_t at) {
  while (s->sets[at].parent != at)
    at = s->sets[at].parent = s->sets[s->sets[at].parent].parent;
  return at;
}

/* Joins a set with those that have one name less. */
static tide_status set_join(shuffling *s, uint32_t number) {
  const tide_span text = tide_map_key(&s->texts, number);
  size_t from = 0;
  for (size_t i = 0; i < s->sets[number].names; i++) {
    const size_t to = from + tide_span_find_char(tide_span_slice(text, from, text.len), ',') + 1;
    tide_buffer_clear(&s->text);
    TIDE_TRY(tide_buffer_put(&s->text, tide_span_slice(text, 0, from)));
    TIDE_TRY(tide_buffer_put(&s->text, tide_span_slice(text, to, text.len)));
    const uint32_t less = tide_map_find(&s->texts, tide_buffer_span(&s->text));
    if (less != TIDE_MAP_NONE && s->sets[less].shuffled)
      s->sets[root_of(s, number)].parent = root_of(s, less);
    from = to;
  }
  return TIDE_OK;
}

static tide_status sets_join(shuffling *s) {
  uint64_t able = 0;
  for (uint32_t i = 0; i < s->texts.count; i++)
    able += is_shuffled(&s->sets[i], 0, 1);
  for (uint32_t i = 0; i < s->texts.count; i++)
    s->sets[i].shuffled = is_shuffled(&s->sets[i], s->sets[i].agreeing, able);
  for (uint32_t i = 0; i < s->texts.count; i++) {
    if (tide_stopped(s->stop))
      return TIDE_END;
    if (s->sets[i].shuffled)
      TIDE_TRY(set_join(s, i));
  }
  return TIDE_OK;
}

static tide_status shuffled_find(shuffling *s, uint32_t *first, uint64_t *joined) {
  for (uint32_t i = 0; i < s->count; i++) {
    if (tide_stopped(s->stop))
      return TIDE_END;
    TIDE_TRY(fingerprint_take(s, i));
  }
  TIDE_TRY(sets_join(s));
  *joined = 0;
  for (uint32_t i = 0; i < s->count; i++) {
    const uint32_t of = s->of[i];
    first[i] = of != TIDE_MAP_NONE && s->sets[of].shuffled ? s->sets[root_of(s, of)].first : i;
    *joined += first[i] != i;
  }
  return TIDE_OK;
}

tide_status tide_shuffled_find(const tide_senders *senders, const atomic_bool *stop,
                               uint32_t *first, uint64_t *joined) {
  shuffling s = {.senders = senders, .stop = stop, .count = tide_senders_count(senders)};
  s.of = malloc((s.count + 1u) * sizeof *s.of);
  const tide_status status = s.of ? shuffled_find(&s, first, joined) : TIDE_FATAL;
  tide_map_free(&s.texts);
  tide_buffer_free(&s.text);
  free(s.sets);
  free(s.of);
  return status;
}
