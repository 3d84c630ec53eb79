/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Most rules do not match most messages, and to find that out by searching takes 5 ns for each byte
 * and pattern: more than reading the message took. What a pattern needs is found once, when the
 * rules are read: words, all or any of them, as the pattern's sequences and alternatives say (Cox,
 * "Regular Expression Matching with a Trigram Index", 2012, and RE2's prefilter, whose sets of
 * exact strings these are). Whatever is not understood makes no gate. */
#include "gate.h"

#include "base/utf8.h"

enum {
  EXACT_MAX = 32, /* words that a part may be; beyond, it is cut into parts that are apart */
  CHILDREN_MAX = 48,
  DEPTH_MAX = 24
};

/* Where a part's matches are exactly some words, these; else what is known of them. The empty word
 * is one too, and with an edge it is a boundary of words. */
typedef struct part {
  size_t count;  /* 0: not exactly any words */
  uint16_t node; /* where count is 0; GATE_NO_NODE: nothing is known */
  bool gap;      /* where count is 0: characters of no word */
  gate_word all[EXACT_MAX];
} part;

/* Children of a node that is not made yet. */
typedef struct family {
  uint16_t count;
  bool lost; /* of any: there was one of which nothing is known */
  uint16_t nodes[CHILDREN_MAX];
} family;

typedef struct reader {
  tide_span pattern;
  size_t at;
  unsigned depth;
  bool lost; /* something that is not understood: nothing is known of the whole pattern */
  gate_formula *formula;
} reader;

static int peek(const reader *r, size_t ahead) {
  return r->at + ahead < r->pattern.len ? (unsigned char)r->pattern.ptr[r->at + ahead] : -1;
}

static void read_choice(reader *r, part *out);

static bool is_word_sign(uint8_t sign) {
  return tide_is_alnum((char)sign) || sign == '_';
}

static uint16_t add_node(reader *r, gate_node node) {
  if (r->formula->count == GATE_NODES_MAX)
    return GATE_NO_NODE;
  r->formula->nodes[r->formula->count] = node;
  return r->formula->count++;
}

/* A node of which so many of the family must be there. */
static uint16_t add_parent(reader *r, const family *f, uint16_t need) {
  gate_node *nodes = r->formula->nodes;
  if (f->lost || f->count == 0)
    return GATE_NO_NODE;
  if (f->count == 1)
    return f->nodes[0];
  uint8_t least = UINT8_MAX, most = 0;
  for (uint16_t i = 0; i < f->count; i++) {
    const uint8_t rarity = nodes[f->nodes[i]].rarity;
    least = rarity < least ? rarity : least;
    most = rarity > most ? rarity : most;
  }
  uint16_t parent = add_node(
      r, (gate_node){.parent = GATE_NO_NODE, .need = need, .rarity = need == 1 ? least : most});
  for (uint16_t i = 0; i < f->count && parent != GATE_NO_NODE; i++)
    nodes[f->nodes[i]].parent = parent;
  return parent;
}

/* A node of which all must be there. What is common beside what is rare would close the gate
 * seldom, and be found often. */
static uint16_t add_all(reader *r, const family *f) {
  enum { RARE = 5, COMMON = 4 };
  family kept = {0};
  bool rare = false;
  for (uint16_t i = 0; i < f->count; i++)
    rare = rare || r->formula->nodes[f->nodes[i]].rarity >= RARE;
  for (uint16_t i = 0; i < f->count; i++)
    if (!rare || r->formula->nodes[f->nodes[i]].rarity > COMMON)
      kept.nodes[kept.count++] = f->nodes[i];
  return add_parent(r, &kept, kept.count);
}

/* One more of which any may be there. */
static void offer(reader *r, family *f, uint16_t node) {
  if (node == GATE_NO_NODE)
    f->lost = true;
  if (f->lost)
    return;
  if (f->count == CHILDREN_MAX) {
    uint16_t elder = add_parent(r, f, 1);
    f->count = 0;
    f->lost = elder == GATE_NO_NODE;
    f->nodes[f->count++] = elder;
  }
  f->nodes[f->count++] = node;
}

/* One more of which all must be there; what there is no room for is not asked for. */
static void demand(family *f, uint16_t node) {
  if (node != GATE_NO_NODE && f->count < CHILDREN_MAX)
    f->nodes[f->count++] = node;
}

/* Is a found wherever b is? */
static bool covers(const gate_word *a, const gate_word *b, uint8_t sides) {
  const unsigned edges = a->edges | sides, others = b->edges | sides;
  for (unsigned at = 0; at + a->len <= b->len; at++)
    if (memcmp(b->signs + at, a->signs, a->len) == 0 &&
        (!(edges & GATE_EDGE_LEFT) || (at == 0 && others & GATE_EDGE_LEFT)) &&
        (!(edges & GATE_EDGE_RIGHT) || (at + a->len == b->len && others & GATE_EDGE_RIGHT)))
      return true;
  return false;
}

/* An edge beside anything else than a letter means that a letter is there: it is not asked for. */
static void add_edges(gate_word *w, unsigned edges) {
  edges |= w->edges;
  if (!is_word_sign(w->signs[0]))
    edges &= ~(unsigned)GATE_EDGE_LEFT;
  if (!is_word_sign(w->signs[w->len - 1]))
    edges &= ~(unsigned)GATE_EDGE_RIGHT;
  w->edges = (uint8_t)edges;
}

/* A node that holds where one of the words is, which begin or end their group as `sides` says. */
static uint16_t any_word(reader *r, part *p, uint8_t sides) {
  family f = {0};
  for (size_t i = 0; i < p->count; i++) {
    gate_word *w = &p->all[i];
    if (w->len < GATE_WORD_LEAST)
      return GATE_NO_NODE;
    add_edges(w, 0);
    if (w->len == GATE_WORD_LEAST && (w->edges | sides) != (GATE_EDGE_LEFT | GATE_EDGE_RIGHT))
      return GATE_NO_NODE; /* two letters that may be anywhere tell nothing */
  }
  for (size_t i = 0; i < p->count; i++) {
    const gate_word *w = &p->all[i];
    bool covered = false;
    for (size_t k = 0; k < p->count && !covered; k++)
      covered = k != i && covers(&p->all[k], w, sides) && (k < i || !covers(w, &p->all[k], sides));
    const unsigned edges = w->edges | sides, rarity = w->len + (edges & 1u) + (edges >> 1);
    if (!covered)
      offer(r, &f,
            add_node(r, (gate_node){.parent = GATE_NO_NODE,
                                    .sides = sides,
                                    .rarity = (uint8_t)rarity,
                                    .word = *w}));
  }
  return add_parent(r, &f, 1);
}

/* Of the words that have come to the formula since it had `from` nodes, those that end (or begin)
 * their group have that edge if it is there, and end no group any more unless `kept`. */
static void set_sides(reader *r, uint16_t from, uint8_t side, bool edge, bool kept) {
  for (uint16_t i = from; i < r->formula->count; i++) {
    gate_node *n = &r->formula->nodes[i];
    if (n->need == 0 && edge && n->sides & side)
      add_edges(&n->word, side);
    if (!kept)
      n->sides &= (uint8_t)~side;
  }
}

/* A part that is the empty word. */
static void make_empty(part *p, uint8_t edges) {
  p->count = 1;
  p->all[0] = (gate_word){.edges = edges};
}

/* The end of what is together: every match contains one of the run's words. */
static void close_run(reader *r, part *run, family *needed, uint8_t sides) {
  demand(needed, any_word(r, run, r->depth ? sides : 0));
  make_empty(run, 0);
}

/* Both, one after the other. An edge between them is not kept. */
static gate_word joined(const gate_word *a, const gate_word *b) {
  gate_word w = *a;
  memcpy(w.signs + a->len, b->signs, b->len);
  w.len = (uint8_t)(a->len + b->len);
  if (a->len && b->len)
    w.edges = (uint8_t)((a->edges & GATE_EDGE_LEFT) | (b->edges & GATE_EDGE_RIGHT));
  else if (a->len)
    w.edges = (uint8_t)(a->edges | (b->edges ? GATE_EDGE_RIGHT : 0));
  else
    w.edges = (uint8_t)(b->edges | (a->edges ? GATE_EDGE_LEFT : 0));
  return w;
}

/* Each word of the run with each of the part after it, if that can be. */
static bool extend(part *run, const part *p) {
  if (run->count * p->count > EXACT_MAX)
    return false;
  for (size_t i = 0; i < run->count; i++)
    for (size_t k = 0; k < p->count; k++)
      if (run->all[i].len + p->all[k].len > GATE_WORD_MAX)
        return false;
  const size_t before = run->count;
  for (size_t k = p->count; k--;)
    for (size_t i = 0; i < before; i++)
      run->all[k * before + i] = joined(&run->all[i], &p->all[k]);
  run->count = before * p->count;
  return true;
}

/* One word more, unless it is there; false if there is no room. */
static bool include(part *p, const gate_word *w) {
  for (size_t i = 0; i < p->count; i++)
    if (p->all[i].len == w->len && p->all[i].edges == w->edges &&
        memcmp(p->all[i].signs, w->signs, w->len) == 0)
      return true;
  if (p->count == EXACT_MAX)
    return false;
  p->all[p->count++] = *w;
  return true;
}

/* The sign of the pattern's next character, r after it; 0 for what is left out of words. k and s
 * have other cases beyond ASCII, the sign for kelvin and the long s. */
static uint8_t read_sign(reader *r) {
  int c = peek(r, 0);
  if (c < 0x80) {
    r->at++;
    return c < ' ' || c == 0x7f ? 0 : (uint8_t)tide_lower((char)c);
  }
  uint32_t character = 0;
  size_t len = tide_utf8_take(tide_span_slice(r->pattern, r->at, r->pattern.len), &character);
  if (len == 0)
    r->lost = true;
  r->at += len;
  if (character == 0x212a)
    return 'k';
  return character == 0x17f ? 's' : GATE_OTHER;
}

static void add_sign(part *p, uint8_t sign) {
  const gate_word w = {.len = 1, .signs = {sign}};
  (void)include(p, &w); /* a class of signs has room: read_class sees to it */
}

/* A class: its signs where they are few (count 0 else), r after it. */
static void read_class(reader *r, part *out) {
  bool plain = true, first = true;
  out->count = 0;
  if (peek(r, 0) == '^') {
    plain = false;
    r->at++;
  }
  for (;; first = false) {
    int c = peek(r, 0);
    if (c < 0) {
      r->lost = true;
      return;
    }
    if (c == ']' && !first)
      break;
    if (c == '\\') {
      int escaped = peek(r, 1);
      if (escaped == 'Q' || escaped == 'E' || escaped == 'c' || escaped < 0)
        r->lost = true;
      if (escaped < 0 || escaped >= 0x80 || tide_is_alnum((char)escaped))
        plain = false;
      r->at++;
    } else if (c == '[' && (peek(r, 1) == ':' || peek(r, 1) == '.' || peek(r, 1) == '=')) {
      /* [:alpha:], whose bracket is not the end; what only begins like it is not understood */
      for (r->at += peek(r, 2) == '^' ? 3 : 2; peek(r, 0) >= 'a' && peek(r, 0) <= 'z';)
        r->at++;
      if (peek(r, 0) != ':' || peek(r, 1) != ']')
        r->lost = true;
      r->at++;
      plain = false;
    }
    uint8_t sign = read_sign(r);
    if (r->lost)
      return;
    if (sign == 0 || out->count == EXACT_MAX || (peek(r, 0) == '-' && peek(r, 1) != ']'))
      plain = false;
    if (plain)
      add_sign(out, sign);
  }
  r->at++;
  if (!plain)
    out->count = 0;
}

/* After `(`: what the group's matches are, r after its `)`. */
static void read_group(reader *r, part *out) {
  bool looks = false; /* around: takes no part in the match */
  if (peek(r, 0) == '*' || ++r->depth > DEPTH_MAX) {
    r->lost = true;
    return;
  }
  if (peek(r, 0) == '?') {
    r->at++;
    int c = peek(r, 0);
    if (c == ':' || c == '>') {
      r->at++;
    } else if (c == '=' || c == '!') {
      looks = true;
      r->at++;
    } else if (c == '<' && (peek(r, 1) == '=' || peek(r, 1) == '!')) {
      looks = true;
      r->at += 2;
    } else {
      /* (?i-s) or (?i-s:…); x would change what a blank means, and whatever else there is, is rare
       */
      while (c == 'i' || c == 'm' || c == 's' || c == '-') {
        r->at++;
        c = peek(r, 0);
      }
      if (c == ')') {
        r->at++;
        r->depth--;
        make_empty(out, 0);
        return;
      }
      if (c != ':') {
        r->lost = true;
        return;
      }
      r->at++;
    }
  }
  read_choice(r, out);
  if (peek(r, 0) != ')')
    r->lost = true;
  r->at++;
  r->depth--;
  if (looks)
    make_empty(out, 0);
}

typedef enum times { ONCE, AT_MOST_ONCE, ONCE_OR_MORE, SOME, ANY } times;

/* A quantifier, if there is one. */
static times read_quantifier(reader *r) {
  int c = peek(r, 0);
  times n = ONCE;
  if (c == '?' || c == '*' || c == '+') {
    n = c == '*' ? ANY : ONCE_OR_MORE;
    if (c == '?')
      n = AT_MOST_ONCE;
    r->at++;
  } else if (c == '{') {
    /* {n}, {n,}, {n,m}, and from 10.43 on {,m} and blanks, which stand for themselves before: what
     * is on either side of a brace is never taken as one word. A brace with anything else stands
     * for itself in all versions, and what is after it is pattern. */
    size_t close = 1;
    while (tide_is_digit((char)peek(r, close)) || peek(r, close) == ',' || peek(r, close) == ' ')
      close++;
    if (peek(r, close) != '}')
      return ONCE;
    n = peek(r, 1) >= '1' && peek(r, 1) <= '9' ? SOME : ANY;
    r->at += close + 1;
  } else {
    return ONCE;
  }
  if (peek(r, 0) == '?' || peek(r, 0) == '+')
    r->at++;
  c = peek(r, 0); /* a{2}{0}: PCRE2 10.42 refuses it, others may not */
  if (c == '{' || c == '*' || c == '+' || c == '?')
    r->lost = true;
  return n;
}

/* After `\`. */
static void read_escape(reader *r, part *out) {
  int c = peek(r, 0);
  if (c < 0) {
    r->lost = true;
  } else if (!tide_is_alnum((char)c)) {
    uint8_t sign = read_sign(r);
    if (sign)
      add_sign(out, sign);
  } else if (c == 'p' || c == 'P') { /* \pL, \p{Greek} */
    r->at++;
    if (peek(r, 0) == '{')
      while (peek(r, 0) >= 0 && peek(r, 0) != '}')
        r->at++;
    r->at++;
  } else if (strchr("bBAzZGK", c)) { /* places */
    r->at++;
    make_empty(out, c == 'b' ? GATE_EDGE_LEFT : 0);
  } else {
    /* A class or a control character. The rest (\x41, \Q…\E, \1) is not understood. */
    r->at++;
    out->gap = strchr("WshvRnrtf", c) != NULL;
    if (!strchr("dDwWsShHvVRNXnrtfae", c) || (c == 'N' && peek(r, 0) == '{'))
      r->lost = true;
  }
}

/* The next thing of a sequence; where count is 0 and node GATE_NO_NODE, anything at all. */
static void read_item(reader *r, part *out) {
  int c = peek(r, 0);
  out->count = 0;
  out->node = GATE_NO_NODE;
  out->gap = false;
  if (c == '[') {
    r->at++;
    read_class(r, out);
  } else if (c == '(') {
    r->at++;
    read_group(r, out);
  } else if (c == '\\') {
    r->at++;
    read_escape(r, out);
  } else if (c == '^' || c == '$') {
    r->at++;
    make_empty(out, 0);
  } else {
    uint8_t sign = read_sign(r);
    if (sign && c != '.' && c != '{' && c != '}' && c != ']')
      add_sign(out, sign);
  }
}

/* Is it a place that takes nothing of the text? */
static bool is_place(const part *p) {
  return p->count == 1 && p->all[0].len == 0;
}

/* A sequence under way. */
typedef struct sequence {
  part *run;      /* what is together at its end so far */
  family needed;  /* of the runs before that, and of groups */
  bool whole;     /* the run is all that there is so far */
  uint8_t begin;  /* GATE_EDGE_LEFT until anything comes before the run */
  uint16_t group; /* where the words begin of a group that has just ended; GATE_NO_NODE */
} sequence;

/* What comes next is not together with the run. */
static void cut_run(reader *r, sequence *s) {
  s->whole = false;
  close_run(r, s->run, &s->needed, s->begin);
  s->begin = 0;
}

/* Groups have an edge where a place for one, or a gap, is beside them: behind the last one, and
 * before the item, if it is a group that must be there, with words from `from` on. */
static void settle_sides(reader *r, sequence *s, const part *item, uint16_t from, bool exact,
                         times n) {
  if (s->group != GATE_NO_NODE) {
    const bool place = exact && is_place(item);
    set_sides(r, s->group, GATE_EDGE_RIGHT, item->gap || (place && item->all[0].edges), place);
    if (!place)
      s->group = GATE_NO_NODE;
  }
  if (item->count || n == ANY || n == AT_MOST_ONCE)
    return;
  const bool alone = n == ONCE && is_place(s->run);
  set_sides(r, from, GATE_EDGE_LEFT, alone && s->run->all[0].edges, alone && s->begin);
  if (n == ONCE)
    s->group = from;
  else
    set_sides(r, from, GATE_EDGE_RIGHT, false, false);
  demand(&s->needed, item->node);
}

/* One more item, which occurs as often as n says. */
static void add_item(reader *r, sequence *s, part *item, uint16_t from, times n) {
  static const part edge = {.count = 1, .all = {{.edges = GATE_EDGE_LEFT}}};
  static const gate_word nothing;
  item->gap = item->gap && item->count == 0 && n != ANY && n != AT_MOST_ONCE;
  bool exact = item->count && n != ANY;
  if (exact && n == AT_MOST_ONCE)
    exact = include(item, &nothing);
  settle_sides(r, s, item, from, exact, n);
  if (exact && !extend(s->run, item)) {
    cut_run(r, s);
    (void)extend(s->run, item);
  }
  if (exact && (n == ONCE || n == AT_MOST_ONCE))
    return;
  if (item->gap)
    (void)extend(s->run, &edge);
  cut_run(r, s);
  if (item->gap)
    (void)extend(s->run, &edge);
  if (exact && n == ONCE_OR_MORE) /* what is repeated comes before the next as well */
    (void)extend(s->run, item);
}

static void read_sequence(reader *r, part *run) {
  sequence s = {.run = run, .whole = true, .begin = GATE_EDGE_LEFT, .group = GATE_NO_NODE};
  part item;
  make_empty(run, 0);
  while (!r->lost) {
    const int c = peek(r, 0);
    if (c < 0 || c == '|' || c == ')')
      break;
    const uint16_t from = r->formula->count;
    read_item(r, &item);
    const times n = r->lost ? ONCE : read_quantifier(r);
    if (!r->lost)
      add_item(r, &s, &item, from, n);
  }
  if (s.whole)
    return;
  close_run(r, run, &s.needed, s.begin | GATE_EDGE_RIGHT);
  run->count = 0;
  run->node = add_all(r, &s.needed);
}

static void read_choice(reader *r, part *out) {
  part branch;
  const uint8_t sides = r->depth ? GATE_EDGE_LEFT | GATE_EDGE_RIGHT : 0;
  family any = {0};
  bool exact = true;
  out->count = 0;
  for (;;) {
    read_sequence(r, &branch);
    if (branch.count == 0) {
      exact = false;
      offer(r, &any, branch.node);
    }
    for (size_t i = 0; i < branch.count; i++)
      if (!include(out, &branch.all[i])) {
        exact = false;
        offer(r, &any, any_word(r, out, sides));
        out->count = 0;
        (void)include(out, &branch.all[i]);
      }
    if (r->lost || peek(r, 0) != '|')
      break;
    r->at++;
  }
  if (exact)
    return;
  if (out->count)
    offer(r, &any, any_word(r, out, sides));
  out->count = 0;
  out->node = add_parent(r, &any, 1);
}

void tide_gate_formula_read(tide_span pattern, gate_formula *out) {
  reader r = {.pattern = pattern, .formula = out};
  part all;
  out->count = 0;
  read_choice(&r, &all);
  out->root = GATE_NO_NODE;
  if (!r.lost && r.at == pattern.len)
    out->root = all.count ? any_word(&r, &all, 0) : all.node;
}
