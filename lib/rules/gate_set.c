/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many words found in one pass: at each place of the text the four bytes there, except the bit
 * that tells large from small letters, are looked up in a table of those that words need. Of each
 * word the four that are rarest in English decide; what is found is compared sign by sign. For a
 * few words all places of a block are compared at once (tide_scan_fours). */
#include <stdlib.h>

#include "gate.h"
#include "base/map.h"
#include "base/room.h"
#include "base/scan.h"

enum {
  FOUR = 4,
  TABLE_LEAST = 12,
  TABLE_MOST = 24,
  LINKS_MAX = 1 << 22, /* beyond, further patterns have no gate */
  SHORT_BITS = 16,
  NONE = UINT32_MAX
};

/* Where a word or node that is there counts: a node, or where its top bit is set, a gate that
 * opens. */
enum { TO_GATE = 0x80000000u };

typedef struct link {
  uint32_t to, next; /* the next of the same word, or NONE */
} link;

typedef struct set_word {
  gate_word word;
  uint32_t links; /* the first */
  uint32_t next;  /* with the same place in the table, or NONE */
  uint32_t key;   /* its four bytes, as fold makes them */
  uint8_t at;     /* where in the word they are */
} set_word;

typedef struct set_node {
  uint32_t need, to;
} set_node;

struct gate_set {
  tide_map numbers; /* of words: edges and signs */
  set_word *words;
  size_t count, word_cap;
  link *links;
  size_t link_count, link_cap;
  set_node *nodes;
  size_t node_count, node_cap;
  uint32_t gates;
  uint32_t fours[TIDE_SCAN_FOURS]; /* the keys, where they are so few */
  size_t four_count;
  unsigned bits;     /* of the table */
  uint64_t *present; /* a bit for each place that is taken: small enough to stay near */
  uint32_t *heads;   /* the first word of a place, or NONE */
  uint64_t *threes;  /* the same by the first three bytes: elsewhere nothing else is looked at */
  uint64_t *shorts;  /* and for words of fewer than four letters alone */
};

struct gate_count {
  uint32_t turn, count; /* of its children, in that turn */
};

tide_status tide_gate_set_new(gate_set **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_gate_set_free(gate_set *s) {
  if (!s)
    return;
  tide_map_free(&s->numbers);
  free(s->words);
  free(s->links);
  free(s->nodes);
  free(s->present);
  free(s->heads);
  free(s->threes);
  free(s->shorts);
  free(s);
}

/* How common a sign is in English text, in tenths of a percent (Norvig, "English Letter Frequency
 * Counts", 2012, letters; the rest by rank). */
static unsigned common(uint8_t sign) {
  static const uint8_t letters[26] = {80, 15, 33, 38, 125, 24, 19, 50, 76, 2,  5, 41, 25,
                                      72, 76, 21, 1,  63,  65, 93, 27, 11, 17, 2, 17, 1};
  if (sign >= 'a' && sign <= 'z')
    return letters[sign - 'a'];
  return sign == ' ' ? 180 : 30;
}

/* The commonest fours by the same counts and, after them, those of mail. */
static bool is_common_four(const uint8_t *signs) {
  static const char fours[] =
      "tion|atio|that|ther|with|ment|ions|this|here|from|ould|ting|hich|whic|ctio|ence|have|othe|"
      "ight|sion|ever|ical|they|inte|ough|ance|were|tive|your|http|www.|mail|work|info|form|free|"
      " the|the | and|and | you|you |our | for|for |ing |ion |rom |all |ed t";
  for (const char *p = fours; p < fours + sizeof fours - 1; p += FOUR + 1)
    if (memcmp(p, signs, FOUR) == 0)
      return true;
  return false;
}

static uint32_t key_of(const gate_word *w, unsigned at) {
  uint32_t key = 0;
  for (unsigned i = 0; i < FOUR && at + i < w->len; i++)
    key |= (w->signs[at + i] | (uint32_t)(TIDE_SCAN_FOLD & 0xff)) << 8 * i;
  return key;
}

/* The four signs that are rarest decide. */
static void choose_key(set_word *w) {
  unsigned least = UINT32_MAX;
  w->at = 0;
  for (unsigned at = 0; at + FOUR <= w->word.len; at++) {
    unsigned sum = is_common_four(w->word.signs + at) ? 1000 : 0;
    for (unsigned k = 0; k < FOUR; k++)
      sum += common(w->word.signs[at + k]);
    if (sum >= least)
      continue;
    least = sum;
    w->at = (uint8_t)at;
  }
  w->key = key_of(&w->word, w->at);
}

static tide_status add_word(gate_set *s, const gate_word *word, uint32_t to) {
  char name[1 + GATE_WORD_MAX] = {(char)word->edges};
  memcpy(name + 1, word->signs, word->len);
  uint32_t number = tide_map_add(&s->numbers, tide_span_make(name, 1u + word->len));
  if (number == TIDE_MAP_NONE ||
      tide_room(&s->words, &s->word_cap, s->count, sizeof *s->words) != TIDE_OK ||
      tide_room(&s->links, &s->link_cap, s->link_count, sizeof *s->links) != TIDE_OK)
    return TIDE_FATAL;
  if (number == s->count) {
    s->words[s->count++] = (set_word){.word = *word, .links = NONE};
    choose_key(&s->words[number]);
  }
  s->links[s->link_count] = (link){to, s->words[number].links};
  s->words[number].links = (uint32_t)s->link_count++;
  return TIDE_OK;
}

tide_status tide_gate_set_add(gate_set *s, tide_span pattern, uint32_t *gate) {
  gate_formula formula;
  uint32_t to[GATE_NODES_MAX]; /* by node of the formula, what stands for it here; NONE: given up */
  *gate = GATE_NONE;
  tide_gate_formula_read(pattern, &formula);
  if (formula.root == GATE_NO_NODE || s->link_count + formula.count > LINKS_MAX)
    return TIDE_OK;
  for (uint16_t i = formula.count; i--;) {
    const gate_node *n = &formula.nodes[i];
    uint32_t up = n->parent == GATE_NO_NODE ? NONE : to[n->parent];
    if (i == formula.root)
      up = TO_GATE | s->gates;
    to[i] = NONE;
    if (up == NONE)
      continue;
    if (n->need == 0) {
      if (add_word(s, &n->word, up) != TIDE_OK)
        return TIDE_FATAL;
      continue;
    }
    if (tide_room(&s->nodes, &s->node_cap, s->node_count, sizeof *s->nodes) != TIDE_OK)
      return TIDE_FATAL;
    s->nodes[s->node_count] = (set_node){n->need, up};
    to[i] = (uint32_t)s->node_count++;
  }
  *gate = s->gates++;
  return TIDE_OK;
}

/* Knuth's multiplicative hash; which texts collide is no secret and does no harm: a few more words
 * are compared. */
static inline uint32_t place_of(uint32_t key, unsigned bits) {
  return key * 2654435761u >> (32 - bits);
}

/* The same of the first three bytes. */
static inline uint32_t short_place_of(uint32_t key) {
  return place_of(key << 8, SHORT_BITS);
}

static void set_bit(uint64_t *bits, uint32_t place) {
  bits[place / 64] |= 1ull << place % 64;
}

static bool is_word_byte(char c) {
  return tide_is_alnum(c) || c == '_';
}

/* After a word of two letters comes whatever may be there. */
static void add_threes(gate_set *s, const set_word *w) {
  const bool two = w->word.len < FOUR - 1;
  for (unsigned c = 0; c <= (two ? UINT8_MAX : 0); c++) {
    if (two && w->word.edges & GATE_EDGE_RIGHT && is_word_byte((char)c))
      continue;
    const uint32_t third = two ? (c | (TIDE_SCAN_FOLD & 0xff)) << 16 : 0;
    set_bit(s->threes, short_place_of(w->key | third));
    if (w->word.len < FOUR)
      set_bit(s->shorts, short_place_of(w->key | third));
  }
}

tide_status tide_gate_set_build(gate_set *s) {
  s->bits = TABLE_LEAST;
  while (s->bits < TABLE_MOST && (size_t)1 << s->bits < 16 * s->count)
    s->bits++;
  free(s->present);
  free(s->heads);
  free(s->threes);
  free(s->shorts);
  s->threes = calloc((1u << SHORT_BITS) / 64, sizeof *s->threes);
  s->shorts = calloc((1u << SHORT_BITS) / 64, sizeof *s->shorts);
  s->present = calloc(((size_t)1 << s->bits) / 64, sizeof *s->present);
  s->heads = malloc(((size_t)1 << s->bits) * sizeof *s->heads);
  if (!s->present || !s->heads || !s->threes || !s->shorts)
    return TIDE_FATAL;
  for (size_t i = 0; i < (size_t)1 << s->bits; i++)
    s->heads[i] = NONE;
  s->four_count = 0;
  bool few = true, any_short = false;
  for (size_t i = 0; i < s->count; i++) {
    set_word *w = &s->words[i];
    uint32_t place = place_of(w->key, s->bits);
    set_bit(s->present, place);
    w->next = s->heads[place];
    s->heads[place] = (uint32_t)i;
    add_threes(s, w);
    any_short |= w->word.len < FOUR;
    size_t k = 0;
    while (k < s->four_count && s->fours[k] != w->key)
      k++;
    if (k == TIDE_SCAN_FOURS)
      few = false;
    else if (k == s->four_count)
      s->fours[s->four_count++] = w->key;
  }
  if (!few || any_short)
    s->four_count = 0;
  return TIDE_OK;
}

void tide_gate_marks_free(gate_marks *m) {
  free(m->opened);
  free(m->found);
  free(m->counts);
  tide_buffer_free(&m->plain);
}

/* Room for `count` of them, new ones as in no turn. */
static bool widen(void *array, uint32_t *cap, size_t count, size_t size) {
  if (count <= *cap)
    return true;
  void **at = array;
  char *grown = realloc(*at, count * size);
  if (!grown)
    return false;
  memset(grown + *cap * size, 0, (count - *cap) * size);
  *at = grown;
  *cap = (uint32_t)count;
  return true;
}

static void forget(void *array, size_t size) {
  if (size)
    memset(array, 0, size);
}

tide_status tide_gate_marks_shut(const gate_set *s, gate_marks *m) {
  if (!widen(&m->opened, &m->gate_cap, s->gates, sizeof *m->opened) ||
      !widen(&m->found, &m->word_cap, s->count, sizeof *m->found) ||
      !widen(&m->counts, &m->node_cap, s->node_count, sizeof *m->counts))
    return TIDE_FATAL;
  if (++m->turn == 0) { /* after 2^32 texts: old marks would be taken for new ones */
    forget(m->opened, m->gate_cap * sizeof *m->opened);
    forget(m->found, m->word_cap * sizeof *m->found);
    forget(m->counts, m->node_cap * sizeof *m->counts);
    m->turn = 1;
  }
  return TIDE_OK;
}

/* A word is there: what it and the nodes that this fulfils count for. */
static void count_word(const gate_set *s, const set_word *w, gate_marks *m) {
  for (uint32_t i = w->links; i != NONE; i = s->links[i].next) {
    uint32_t to = s->links[i].to;
    while (!(to & TO_GATE)) {
      gate_count *c = &m->counts[to];
      if (c->turn != m->turn)
        *c = (gate_count){.turn = m->turn};
      if (++c->count != s->nodes[to].need)
        break;
      to = s->nodes[to].to;
    }
    if (to & TO_GATE)
      m->opened[to & ~TO_GATE] = m->turn;
  }
}

static bool stands_at(const gate_word *w, tide_span text, size_t at) {
  const char *p = text.ptr + at;
  for (unsigned k = 0; k < w->len; k++)
    if ((uint8_t)tide_lower(p[k]) != w->signs[k])
      return false;
  if (w->edges & GATE_EDGE_LEFT && at && is_word_byte(p[-1]))
    return false;
  return !(w->edges & GATE_EDGE_RIGHT && at + w->len < text.len && is_word_byte(p[w->len]));
}

/* Counts the words at that place of the table whose key is at `at` of the text. */
static void compare(const gate_set *s, tide_span text, size_t at, uint32_t key, gate_marks *m) {
  for (uint32_t i = s->heads[place_of(key, s->bits)]; i != NONE; i = s->words[i].next) {
    const set_word *w = &s->words[i];
    if (w->key != key || at < w->at || text.len - (at - w->at) < w->word.len ||
        m->found[i] == m->turn || !stands_at(&w->word, text, at - w->at))
      continue;
    m->found[i] = m->turn;
    count_word(s, w, m);
  }
}

/* The same of words that are shorter than a key. */
static void compare_short(const gate_set *s, tide_span text, size_t at, uint32_t key,
                          gate_marks *m) {
  for (unsigned len = GATE_WORD_LEAST; len < FOUR; len++)
    compare(s, text, at, key & (UINT32_MAX >> 8 * (FOUR - len)), m);
}

/* How many bytes of ASCII are at p. */
static size_t ascii_run(const char *p, const char *end) {
  const char *from = p;
  uint64_t eight;
  for (; end - p >= 8; p += 8) {
    memcpy(&eight, p, 8);
    if (eight & 0x8080808080808080u)
      break;
  }
  while (p < end && (unsigned char)*p < 0x80)
    p++;
  return (size_t)(p - from);
}

/* Every character beyond ASCII as one GATE_OTHER; but without regard to case, k is also the sign
 * for kelvin (U+212A), and s the long s (U+017F). What is no character may become one: no pattern
 * matches it, and what is beside it stays apart. */
static tide_status plain_letters(tide_span *text, tide_buffer *plain) {
  const char *p = text->ptr, *end = p + text->len;
  size_t run = ascii_run(p, end);
  if (run == text->len)
    return TIDE_OK;
  tide_buffer_clear(plain);
  if (tide_buffer_reserve(plain, text->len) != TIDE_OK)
    return TIDE_FATAL;
  char *to = plain->ptr;
  for (;; run = ascii_run(p, end)) {
    memcpy(to, p, run);
    to += run;
    p += run;
    if (p == end)
      break;
    const unsigned char lead = (unsigned char)*p;
    size_t len = lead < 0xc0 ? 1 : 2;
    if (lead >= 0xe0)
      len = lead < 0xf0 ? 3 : 4;
    char sign = (char)GATE_OTHER;
    if (lead == 0xc5 && end - p > 1 && p[1] == '\xbf')
      sign = 's';
    if (lead == 0xe2 && end - p > 2 && p[1] == '\x84' && p[2] == '\xaa')
      sign = 'k';
    *to++ = sign;
    for (p++; --len && p < end && ((unsigned char)*p & 0xc0) == 0x80;)
      p++;
  }
  *text = tide_span_make(plain->ptr, (size_t)(to - plain->ptr));
  return TIDE_OK;
}

static inline bool has_bit(const uint64_t *bits, uint32_t place) {
  return bits[place / 64] >> place % 64 & 1;
}

static void look_at(const gate_set *s, tide_span text, size_t at, uint32_t key, gate_marks *m) {
  if (has_bit(s->present, place_of(key, s->bits)))
    compare(s, text, at, key, m);
  if (has_bit(s->shorts, short_place_of(key)))
    compare_short(s, text, at, key, m);
}

/* Looks at every place; four keys come from one load. */
static void search_all(const gate_set *s, tide_span text, gate_marks *m) {
  enum { STEP = 4, LOAD = 8 };
  const uint64_t *threes = s->threes;
  size_t at = 0;
  for (; at + LOAD <= text.len; at += STEP) {
    const char *p = text.ptr + at;
    const uint64_t eight = tide_scan_four(p) | (uint64_t)tide_scan_four(p + FOUR) << 32;
    const uint32_t keys[STEP] = {(uint32_t)eight, (uint32_t)(eight >> 8), (uint32_t)(eight >> 16),
                                 (uint32_t)(eight >> 24)};
    if (has_bit(threes, short_place_of(keys[0])))
      look_at(s, text, at, keys[0], m);
    if (has_bit(threes, short_place_of(keys[1])))
      look_at(s, text, at + 1, keys[1], m);
    if (has_bit(threes, short_place_of(keys[2])))
      look_at(s, text, at + 2, keys[2], m);
    if (has_bit(threes, short_place_of(keys[3])))
      look_at(s, text, at + 3, keys[3], m);
  }
  for (; at + GATE_WORD_LEAST <= text.len; at++) {
    char last[FOUR] = "   "; /* blanks are an edge */
    const size_t rest = text.len - at < FOUR ? text.len - at : FOUR;
    memcpy(last, text.ptr + at, rest);
    look_at(s, text, at, tide_scan_four(last), m);
  }
}

tide_status tide_gate_search(const gate_set *s, tide_span text, gate_marks *m) {
  if (s->count == 0 || text.len < GATE_WORD_LEAST)
    return TIDE_OK;
  if (plain_letters(&text, &m->plain) != TIDE_OK)
    return TIDE_FATAL;
  if (s->four_count) {
    for (size_t at = 0; (at = tide_scan_fours(text, at, s->fours, s->four_count)) < text.len;
         at++) {
      compare(s, text, at, tide_scan_four(text.ptr + at), m);
    }
    return TIDE_OK;
  }
  search_all(s, text, m);
  return TIDE_OK;
}
