/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was given up never comes back, and what stays was never given up: so every count of what
 * stays is exact, and the same for any order. That holds because what an entry weighs only grows:
 * one that was cut weighs its limit for ever. */
#include "tally/lexicon.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/mix.h"
#include "base/room.h"
#include "record/signature.h"
#include "tally/tally.h"

enum { LEVELS = 64 };

/* Of an example the source is a copy. */
typedef struct entry {
  tide_lexicon_use *uses;
  uint32_t count, cap;
  uint8_t level; /* entries below the lexicon's are given up */
  uint8_t cut;   /* words below this level are given up; 0: none is */
  tide_example example[TIDE_SIDES];
} entry;

struct tide_lexicon {
  tide_map words;
  tide_map keys; /* group and signature */
  entry *entries;
  size_t cap;
  uint64_t limit, weight;
  uint8_t level;
  uint64_t messages[LEVELS]; /* by the level of their template */
  uint32_t *numbers;         /* of a message's words */
  size_t number_cap;
};

/* At least k with a chance of 2^-k. */
static uint8_t level_of(uint64_t hash) {
  uint8_t level = 0;
  while (level < LEVELS - 1 && !(hash >> level & 1))
    level++;
  return level;
}

/* By the least value of a sketch, after its first byte; else by all of it. */
static uint8_t signature_level(tide_span s) {
  if (s.len > 5 && s.ptr[0] == TIDE_SIGNATURE_SKETCH)
    s = tide_span_slice(s, 1, 5);
  return level_of(tide_hash_fixed(s));
}

tide_status tide_lexicon_new(tide_lexicon **out, uint64_t limit) {
  *out = calloc(1, sizeof **out);
  if (!*out)
    return TIDE_FATAL;
  (*out)->limit = limit ? limit : TIDE_LIMIT_LEXICON;
  return TIDE_OK;
}

static void entry_free(entry *e) {
  free(e->uses);
  for (int side = 0; side < TIDE_SIDES; side++)
    free((char *)(uintptr_t)e->example[side].source.ptr);
}

void tide_lexicon_free(tide_lexicon *x) {
  if (!x)
    return;
  for (uint32_t i = 0; i < x->keys.count && i < x->cap; i++)
    entry_free(&x->entries[i]);
  free(x->entries);
  free(x->numbers);
  tide_map_free(&x->words);
  tide_map_free(&x->keys);
  free(x);
}

static uint64_t weight_of(const entry *e) {
  return e->cut ? TIDE_LIMIT_LEXICON_TEMPLATE : e->count;
}

static int compare_uses(const void *a, const void *b) {
  uint32_t x = ((const tide_lexicon_use *)a)->word, y = ((const tide_lexicon_use *)b)->word;
  return x < y ? -1 : x > y;
}

static void sort_uses(tide_lexicon_use *uses, uint32_t count) {
  if (count)
    qsort(uses, count, sizeof *uses, compare_uses);
}

static void drop_words(const tide_lexicon *x, entry *e) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < e->count; i++)
    if (level_of(tide_hash_fixed(tide_map_key(&x->words, e->uses[i].word))) >= e->cut)
      e->uses[kept++] = e->uses[i];
  e->count = kept;
}

/* Gives up the words of an entry below a level, and more until it keeps to its limit. */
static void entry_cut(const tide_lexicon *x, entry *e, uint8_t cut) {
  if (cut > e->cut) {
    e->cut = cut;
    drop_words(x, e);
  }
  while (e->count > TIDE_LIMIT_LEXICON_TEMPLATE && e->cut < LEVELS - 1) {
    e->cut++;
    drop_words(x, e);
  }
}

/* The words and keys of the entries that stay, renumbered. */
static tide_status rename_kept(const tide_lexicon *x, tide_map *words, tide_map *keys,
                               uint32_t *renamed, uint64_t *weight) {
  for (uint32_t i = 0; i < x->words.count; i++)
    renamed[i] = TIDE_MAP_NONE;
  for (uint32_t i = 0; i < x->keys.count; i++) {
    const entry *e = &x->entries[i];
    if (e->level < x->level)
      continue;
    *weight += weight_of(e);
    if (tide_map_add(keys, tide_map_key(&x->keys, i)) == TIDE_MAP_NONE)
      return TIDE_FATAL;
    for (uint32_t k = 0; k < e->count; k++) {
      uint32_t *to = &renamed[e->uses[k].word];
      if (*to == TIDE_MAP_NONE)
        *to = tide_map_add(words, tide_map_key(&x->words, e->uses[k].word));
      if (*to == TIDE_MAP_NONE)
        return TIDE_FATAL;
    }
  }
  return TIDE_OK;
}

/* Moves the entries that stay, and their words, into maps of their own. */
static tide_status give_up(tide_lexicon *x) {
  tide_map words = {0}, keys = {0};
  uint64_t weight = 0;
  const uint32_t count = x->keys.count;
  uint32_t *renamed = malloc((x->words.count + 1u) * sizeof *renamed);
  if (!renamed || rename_kept(x, &words, &keys, renamed, &weight) != TIDE_OK) {
    tide_map_free(&words);
    tide_map_free(&keys);
    free(renamed);
    return TIDE_FATAL;
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    entry *e = &x->entries[i];
    if (e->level < x->level) {
      entry_free(e);
      continue;
    }
    for (uint32_t k = 0; k < e->count; k++)
      e->uses[k].word = renamed[e->uses[k].word];
    sort_uses(e->uses, e->count);
    x->entries[kept++] = *e;
  }
  free(renamed);
  tide_map_free(&x->words);
  tide_map_free(&x->keys);
  x->words = words;
  x->keys = keys;
  x->weight = weight;
  return TIDE_OK;
}

static int compare_numbers(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

/* Half of the templates after the other, until the rest keeps to the limit. */
static tide_status keep_to_limit(tide_lexicon *x) {
  while (x->weight > x->limit && x->level < LEVELS - 1) {
    x->level++;
    if (give_up(x) != TIDE_OK)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

static uint32_t plus(uint32_t a, uint32_t b) {
  return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

/* The example becomes the earlier one. Which words it has, is for the caller to say. */
static tide_status take_example(entry *e, int side, const tide_example *offered, bool *taken) {
  tide_example *kept = &e->example[side];
  *taken = offered->source.ptr && (!kept->source.ptr || tide_example_compare(offered, kept) < 0);
  if (!*taken)
    return TIDE_OK;
  char *source = malloc(offered->source.len + 1);
  if (!source)
    return TIDE_FATAL;
  memcpy(source, offered->source.ptr, offered->source.len);
  free((char *)(uintptr_t)kept->source.ptr);
  *kept = *offered;
  kept->source.ptr = source;
  for (uint32_t i = 0; i < e->count; i++)
    e->uses[i].in_example[side] = false;
  return TIDE_OK;
}

/* Adds uses, which are ascending and distinct, to those of the entry. */
static tide_status add_uses(entry *e, const tide_lexicon_use *more, uint32_t count) {
  uint32_t known = 0;
  for (uint32_t i = 0, k = 0; i < e->count && k < count;) {
    known += e->uses[i].word == more[k].word;
    if (e->uses[i].word < more[k].word)
      i++;
    else
      k++;
  }
  const uint32_t total = e->count + count - known;
  if (total > e->cap) {
    tide_lexicon_use *grown = realloc(e->uses, total * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    e->uses = grown;
    e->cap = total;
  }
  /* From the end, so that nothing is written over before it was read. */
  uint32_t i = e->count, k = count, to = total;
  while (k) {
    if (i && e->uses[i - 1].word > more[k - 1].word) {
      e->uses[--to] = e->uses[--i];
      continue;
    }
    const bool same = i && e->uses[i - 1].word == more[k - 1].word;
    tide_lexicon_use use = same ? e->uses[--i] : (tide_lexicon_use){.word = more[k - 1].word};
    k--;
    for (int side = 0; side < TIDE_SIDES; side++) {
      use.messages[side] = plus(use.messages[side], more[k].messages[side]);
      use.in_example[side] = use.in_example[side] || more[k].in_example[side];
    }
    e->uses[--to] = use;
  }
  e->count = total;
  return TIDE_OK;
}

/* The entry of a key, made if need be; NULL when out of memory. */
static entry *entry_of(tide_lexicon *x, tide_span key, uint8_t level) {
  const uint32_t before = x->keys.count, number = tide_map_add(&x->keys, key);
  if (number == TIDE_MAP_NONE)
    return NULL;
  if (tide_room(&x->entries, &x->cap, number, sizeof *x->entries) != TIDE_OK)
    return NULL;
  /* A place that an entry which was given up has left may hold anything. */
  if (number == before)
    x->entries[number] = (entry){.level = level};
  return &x->entries[number];
}

/* Adds uses of words that are x's own to an entry. */
static tide_status entry_add(tide_lexicon *x, entry *e, const tide_lexicon_use *uses,
                             uint32_t count, uint8_t cut) {
  x->weight -= weight_of(e);
  if (add_uses(e, uses, count) != TIDE_OK)
    return TIDE_FATAL;
  entry_cut(x, e, cut);
  x->weight += weight_of(e);
  return keep_to_limit(x);
}

static bool reserve(tide_lexicon *x, size_t count) {
  if (count <= x->number_cap)
    return true;
  uint32_t *grown = realloc(x->numbers, count * sizeof *grown);
  if (!grown)
    return false;
  x->numbers = grown;
  x->number_cap = count;
  return true;
}

/* The level at which an entry with so many words more is surely cut: words below it are not even
 * learnt, or those of a few long messages would fill the memory. */
static uint8_t cut_for(const entry *e, const tide_span *words, uint32_t count) {
  uint32_t levels[LEVELS] = {0}, kept = 0;
  uint8_t cut = e->cut;
  if (count <= TIDE_LIMIT_LEXICON_TEMPLATE)
    return cut;
  for (uint32_t i = 0; i < count; i++)
    levels[level_of(tide_hash_fixed(words[i]))]++;
  for (unsigned level = cut; level < LEVELS; level++)
    kept += levels[level];
  while (kept > TIDE_LIMIT_LEXICON_TEMPLATE && cut < LEVELS - 1)
    kept -= levels[cut++];
  return cut;
}

tide_status tide_lexicon_add(tide_lexicon *x, tide_span group, int side, const tide_span *words,
                             uint32_t count, const tide_record *r) {
  const tide_span signature = r->template;
  const uint8_t level = signature_level(signature);
  x->messages[level]++;
  if (level < x->level || count == 0)
    return TIDE_OK;
  tide_buffer key = {0};
  tide_status status = tide_group_put(&key, group);
  if (status == TIDE_OK)
    status = tide_buffer_put(&key, signature);
  entry *e = status == TIDE_OK ? entry_of(x, tide_buffer_span(&key), level) : NULL;
  tide_buffer_free(&key);
  if (!e || !reserve(x, count))
    return TIDE_FATAL;
  const uint8_t cut = cut_for(e, words, count);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (cut && level_of(tide_hash_fixed(words[i])) < cut)
      continue;
    x->numbers[kept] = tide_map_add(&x->words, words[i]);
    if (x->numbers[kept++] == TIDE_MAP_NONE)
      return TIDE_FATAL;
  }
  tide_lexicon_use *uses = calloc(kept + 1u, sizeof *uses);
  if (!uses)
    return TIDE_FATAL;
  if (kept)
    qsort(x->numbers, kept, sizeof *x->numbers, compare_numbers);
  const tide_example example = {.time = r->time, .source = r->source, .offset = r->offset};
  bool taken = false;
  status = take_example(e, side, &example, &taken);
  for (uint32_t i = 0; i < kept; i++) {
    uses[i].word = x->numbers[i];
    uses[i].messages[side] = 1;
    uses[i].in_example[side] = taken;
  }
  if (status == TIDE_OK)
    status = entry_add(x, e, uses, kept, cut);
  free(uses);
  return status;
}

static tide_status entry_merge(tide_lexicon *into, const tide_lexicon *from, const entry *source,
                               entry *e, tide_lexicon_use *uses) {
  bool taken[TIDE_SIDES] = {false, false};
  for (int side = 0; side < TIDE_SIDES; side++)
    TIDE_TRY(take_example(e, side, &source->example[side], &taken[side]));
  uint32_t kept = 0;
  for (uint32_t k = 0; k < source->count; k++) {
    tide_span word = tide_map_key(&from->words, source->uses[k].word);
    if (e->cut && level_of(tide_hash_fixed(word)) < e->cut)
      continue;
    uses[kept] = source->uses[k];
    uses[kept].word = tide_map_add(&into->words, word);
    if (uses[kept].word == TIDE_MAP_NONE)
      return TIDE_FATAL;
    for (int side = 0; side < TIDE_SIDES; side++)
      uses[kept].in_example[side] = uses[kept].in_example[side] && taken[side];
    kept++;
  }
  sort_uses(uses, kept);
  return entry_add(into, e, uses, kept, source->cut);
}

tide_status tide_lexicon_merge(tide_lexicon *into, const tide_lexicon *from) {
  for (int i = 0; i < LEVELS; i++)
    into->messages[i] += from->messages[i];
  if (into->level < from->level) {
    into->level = from->level;
    TIDE_TRY(give_up(into));
  }
  for (uint32_t i = 0; i < from->keys.count; i++) {
    const entry *source = &from->entries[i];
    if (source->level < into->level)
      continue;
    entry *e = entry_of(into, tide_map_key(&from->keys, i), source->level);
    tide_lexicon_use *uses = calloc(source->count + 1u, sizeof *uses);
    const tide_status status = e && uses ? entry_merge(into, from, source, e, uses) : TIDE_FATAL;
    free(uses);
    TIDE_TRY(status);
  }
  return TIDE_OK;
}

uint32_t tide_lexicon_word_count(const tide_lexicon *x) {
  return x->words.count;
}
tide_span tide_lexicon_word(const tide_lexicon *x, uint32_t number) {
  return tide_map_key(&x->words, number);
}
uint32_t tide_lexicon_entry_count(const tide_lexicon *x) {
  return x->keys.count;
}

tide_lexicon_entry tide_lexicon_entry_at(const tide_lexicon *x, uint32_t number) {
  const entry *e = &x->entries[number];
  tide_span key = tide_map_key(&x->keys, number);
  tide_lexicon_entry out = {.uses = e->uses, .count = e->count};
  memcpy(out.example, e->example, sizeof out.example);
  (void)tide_group_take(&key, &out.group);
  out.signature = key;
  return out;
}

tide_lexicon_left tide_lexicon_left_out(const tide_lexicon *x) {
  tide_lexicon_left left = {0};
  for (int i = 0; i < LEVELS; i++) {
    left.messages += x->messages[i];
    if (i < x->level)
      left.sampled_out += x->messages[i];
  }
  for (uint32_t i = 0; i < x->keys.count; i++)
    left.cut += x->entries[i].cut > 0;
  return left;
}
