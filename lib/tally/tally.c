#include "spamtide/tally.h"

#include <stdlib.h>

#include "spamtide/map.h"

typedef struct tally_key {
  int64_t bin;
  uint64_t group;
} tally_key;

struct tide_tally {
  tide_map groups;  /* group bytes → group number */
  tide_map cells;   /* tally_key → cell number */
  /* Distinct origins: nearly all are IPv4 and stand in the pair themselves, so that one look into one table is enough; the others have a number. */
  tide_pairs seen4;  /* (cell, IPv4 address) */
  tide_map origins6; /* tide_ip → origin number */
  tide_pairs seen6;  /* (cell, origin number) */
  tide_count *counts; /* by cell */
  uint32_t *cell_group;
  size_t cap;
  uint64_t *group_messages;
  size_t group_cap;
  bool any;
  int64_t first, last;
  /* The cell of the last message: often the next one's too. */
  bool has_recent;
  int64_t recent_bin;
  uint32_t recent_cell, recent_group;
};

tide_status tide_tally_new(tide_tally **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_tally_free(tide_tally *t) {
  if (!t) return;
  tide_map_free(&t->groups);
  tide_map_free(&t->cells);
  tide_map_free(&t->origins6);
  tide_pairs_free(&t->seen4);
  tide_pairs_free(&t->seen6);
  free(t->counts);
  free(t->cell_group);
  free(t->group_messages);
  free(t);
}

static tide_span key_span(const tally_key *key) { return tide_span_make((const char *)key, sizeof *key); }
static tide_span ip_span(const tide_ip *ip) { return tide_span_make((const char *)ip, sizeof *ip); }

/* The number of the cell (bin, group), made if new. */
static tide_status cell_of(tide_tally *t, int64_t bin, tide_span group_bytes, uint32_t *cell, uint32_t *group) {
  uint32_t g = tide_map_add(&t->groups, group_bytes);
  if (g == TIDE_MAP_NONE) return TIDE_FATAL;
  if (g >= t->group_cap) {
    size_t cap = t->group_cap ? t->group_cap * 2 : 16;
    uint64_t *grown = realloc(t->group_messages, cap * sizeof *grown);
    if (!grown) return TIDE_FATAL;
    memset(grown + t->group_cap, 0, (cap - t->group_cap) * sizeof *grown);
    t->group_messages = grown;
    t->group_cap = cap;
  }
  tally_key key = {bin, g};
  uint32_t before = t->cells.count;
  uint32_t c = tide_map_add(&t->cells, key_span(&key));
  if (c == TIDE_MAP_NONE) return TIDE_FATAL;
  if (t->cells.count != before) {
    if (c >= t->cap) {
      size_t cap = t->cap ? t->cap * 2 : 64;
      tide_count *counts = realloc(t->counts, cap * sizeof *counts);
      if (!counts) return TIDE_FATAL;
      t->counts = counts;
      uint32_t *groups = realloc(t->cell_group, cap * sizeof *groups);
      if (!groups) return TIDE_FATAL;
      t->cell_group = groups;
      t->cap = cap;
    }
    t->counts[c] = (tide_count){0};
    t->cell_group[c] = g;
    if (!t->any || bin < t->first) t->first = bin;
    if (!t->any || bin > t->last) t->last = bin;
    t->any = true;
  }
  *cell = c;
  *group = g;
  return TIDE_OK;
}

static tide_status origin_add(tide_tally *t, uint32_t cell, const tide_ip *ip) {
  bool added;
  tide_status status;
  uint32_t origin;
  if (ip->family == 4) {
    memcpy(&origin, ip->bytes, sizeof origin);
    status = tide_pairs_add(&t->seen4, cell, origin, &added);
  } else {
    origin = tide_map_add(&t->origins6, ip_span(ip));
    status = origin == TIDE_MAP_NONE ? TIDE_FATAL : tide_pairs_add(&t->seen6, cell, origin, &added);
  }
  if (status != TIDE_OK) return status;
  t->counts[cell].origins += added;
  return TIDE_OK;
}

tide_status tide_tally_add(tide_tally *t, int64_t bin, tide_span group_bytes, const tide_record *r) {
  uint32_t cell = t->recent_cell, group = t->recent_group;
  if (!t->has_recent || t->recent_bin != bin || !tide_span_equal(tide_map_key(&t->groups, group), group_bytes)) {
    if (cell_of(t, bin, group_bytes, &cell, &group) != TIDE_OK) return TIDE_FATAL;
    t->has_recent = true;
    t->recent_bin = bin;
    t->recent_cell = cell;
    t->recent_group = group;
  }
  t->counts[cell].messages++;
  t->counts[cell].bytes += r->bytes;
  t->counts[cell].recipients += r->recipients;
  t->group_messages[group]++;
  return r->origin.family ? origin_add(t, cell, &r->origin) : TIDE_OK;
}

/* Adds all of `from`, its groups and bins mapped where there are maps. */
static tide_status add_all(tide_tally *into, const tide_tally *from, const tide_span *group_map, int64_t (*bin_map)(int64_t bin)) {
  uint32_t *cells = malloc((from->cells.count + 1u) * sizeof *cells);
  if (!cells) return TIDE_FATAL;
  tide_status status = TIDE_OK;
  for (uint32_t c = 0; c < from->cells.count && status == TIDE_OK; c++) {
    tally_key key;
    memcpy(&key, tide_map_key(&from->cells, c).ptr, sizeof key);
    uint32_t group = from->cell_group[c], own;
    tide_span bytes = group_map ? group_map[group] : tide_map_key(&from->groups, group);
    status = cell_of(into, bin_map ? bin_map(key.bin) : key.bin, bytes, &cells[c], &own);
    if (status != TIDE_OK) break;
    const tide_count *n = &from->counts[c];
    tide_count *to = &into->counts[cells[c]];
    to->messages += n->messages;
    to->bytes += n->bytes;
    to->recipients += n->recipients;
    into->group_messages[own] += n->messages;
  }
  for (size_t i = 0; i < from->seen4.cap && status == TIDE_OK; i++) {
    if (!from->seen4.slots[i]) continue;
    uint64_t pair = from->seen4.slots[i] - 1;
    uint32_t address = (uint32_t)pair;
    tide_ip ip = {.family = 4};
    memcpy(ip.bytes, &address, sizeof address);
    status = origin_add(into, cells[pair >> 32], &ip);
  }
  for (size_t i = 0; i < from->seen6.cap && status == TIDE_OK; i++) {
    if (!from->seen6.slots[i]) continue;
    uint64_t pair = from->seen6.slots[i] - 1;
    tide_ip ip;
    memcpy(&ip, tide_map_key(&from->origins6, (uint32_t)pair).ptr, sizeof ip);
    status = origin_add(into, cells[pair >> 32], &ip);
  }
  free(cells);
  return status;
}

tide_status tide_tally_merge(tide_tally *into, const tide_tally *from, const tide_span *group_map) { return add_all(into, from, group_map, NULL); }

tide_status tide_tally_rebin(const tide_tally *from, int64_t (*bin)(int64_t bin), tide_tally **out) {
  tide_tally *made;
  tide_status status = tide_tally_new(&made);
  if (status != TIDE_OK) return status;
  /* Cells stand in the order in which they were made, so that groups appear in their old order. */
  status = add_all(made, from, NULL, bin);
  if (status == TIDE_OK) *out = made;
  else tide_tally_free(made);
  return status;
}

uint32_t tide_tally_group_count(const tide_tally *t) { return t->groups.count; }
tide_span tide_tally_group(const tide_tally *t, uint32_t group) { return tide_map_key(&t->groups, group); }
uint64_t tide_tally_group_messages(const tide_tally *t, uint32_t group) { return t->group_messages[group]; }

tide_count tide_tally_count(const tide_tally *t, int64_t bin, uint32_t group) {
  tally_key key = {bin, group};
  uint32_t cell = tide_map_find(&t->cells, key_span(&key));
  return cell == TIDE_MAP_NONE ? (tide_count){0} : t->counts[cell];
}

bool tide_tally_range(const tide_tally *t, int64_t *first, int64_t *last) {
  *first = t->first;
  *last = t->last;
  return t->any;
}

tide_status tide_group_put(tide_buffer *group, tide_span value) {
  uint32_t len = value.len > UINT32_MAX ? UINT32_MAX : (uint32_t)value.len;
  tide_status status = tide_buffer_put(group, tide_span_make((const char *)&len, sizeof len));
  return status == TIDE_OK ? tide_buffer_put(group, tide_span_slice(value, 0, len)) : status;
}

bool tide_group_take(tide_span *group, tide_span *value) {
  uint32_t len;
  if (group->len < sizeof len) return false;
  memcpy(&len, group->ptr, sizeof len);
  *value = tide_span_slice(*group, sizeof len, sizeof len + (size_t)len);
  *group = tide_span_slice(*group, sizeof len + (size_t)len, group->len);
  return true;
}
