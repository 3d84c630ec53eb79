/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Most rules do not match most messages, and to find that out by searching takes 5 ns for each byte
 * and pattern: more than reading the message took. What a pattern needs is found once, when the
 * rules are read (Cox, "Regular Expression Matching with a Trigram Index", 2012; here only the
 * simple part of it); whatever is not understood makes no gate. */
#include "gate.h"

enum {
  WORD_MAX = GATE_WORD_MAX,
  WORDS_MAX = GATE_WORDS_MAX,
  RUNS_MAX = 8,
  DEPTH_MAX = 24,
  WORD_LEAST = GATE_WORD_LEAST
};

/* A letter is the same sign large and small. */
const uint8_t gate_signs[256] = {
    ['a'] = 1,  ['b'] = 2,  ['c'] = 3,  ['d'] = 4,  ['e'] = 5,  ['f'] = 6,  ['g'] = 7,  ['h'] = 8,
    ['i'] = 9,  ['j'] = 10, ['k'] = 11, ['l'] = 12, ['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16,
    ['q'] = 17, ['r'] = 18, ['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22, ['w'] = 23, ['x'] = 24,
    ['y'] = 25, ['z'] = 26, ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,
    ['G'] = 7,  ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
    ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
    ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['0'] = 27, ['1'] = 28, ['2'] = 29, ['3'] = 30,
    ['4'] = 31, ['5'] = 32, ['6'] = 33, ['7'] = 34, ['8'] = 35, ['9'] = 36, [' '] = 37, ['-'] = 38,
    ['.'] = 39,
};

typedef gate_word word;

/* At least one of these is in every match; count 0: nothing is known. */
typedef struct words {
  size_t count;
  word all[WORDS_MAX];
} words;

typedef struct reader {
  tide_span pattern;
  size_t at;
  unsigned depth;
  bool lost; /* something that is not understood: nothing is known of the whole pattern */
} reader;

static int peek(const reader *r, size_t ahead) {
  return r->at + ahead < r->pattern.len ? (unsigned char)r->pattern.ptr[r->at + ahead] : -1;
}

static void read_choice(reader *r, words *out);

/* Longer words are rarer; fewer are passed by more seldom. */
static int worth(const words *w) {
  int least = WORD_MAX;
  for (size_t i = 0; i < w->count; i++)
    if (w->all[i].len < least)
      least = w->all[i].len;
  if (w->count == 0 || least < WORD_LEAST)
    return -1;
  return (least < 8 ? least : 8) * WORDS_MAX - (int)w->count;
}

static void consider(words *best, const words *offered) {
  if (worth(offered) > worth(best))
    *best = *offered;
}

/* The end of what stands together: the words so far are one thing that every match contains. */
static void close_run(words *run, words *best) {
  consider(best, run);
  run->count = 1;
  run->all[0].len = 0;
}

/* Each word of run with each of the signs behind it. */
static void extend(words *run, words *best, const uint8_t *signs, size_t count) {
  bool full = false;
  for (size_t i = 0; i < run->count; i++)
    full = full || run->all[i].len == WORD_MAX;
  if (full || run->count * count > RUNS_MAX)
    close_run(run, best);
  if (run->count * count > RUNS_MAX)
    return;
  const size_t before = run->count;
  for (size_t k = count; k--;)
    for (size_t i = 0; i < before; i++) {
      word *w = &run->all[k * before + i];
      *w = run->all[i];
      w->signs[w->len++] = signs[k];
    }
  run->count = before * count;
}

/* A class: its signs where they are few letters or digits (count 0 else), r behind it. */
static size_t read_class(reader *r, uint8_t signs[RUNS_MAX]) {
  size_t count = 0;
  bool plain = true, first = true;
  if (peek(r, 0) == '^') {
    plain = false;
    r->at++;
  }
  for (;; first = false) {
    int c = peek(r, 0);
    if (c < 0) {
      r->lost = true;
      return 0;
    }
    r->at++;
    if (c == ']' && !first)
      break;
    if (c == '\\') {
      int escaped = peek(r, 0);
      if (escaped == 'Q' || escaped == 'E' || escaped == 'c' || escaped < 0)
        r->lost = true;
      plain = false;
      r->at++;
    } else if (c == '[' && (peek(r, 0) == ':' || peek(r, 0) == '.' || peek(r, 0) == '=')) {
      /* [:alpha:], whose bracket is not the end; what only begins like it is not understood */
      for (r->at += 1 + (peek(r, 1) == '^'); peek(r, 0) >= 'a' && peek(r, 0) <= 'z';)
        r->at++;
      if (peek(r, 0) != ':' || peek(r, 1) != ']')
        r->lost = true;
      r->at += 2;
      plain = false;
    } else if (!tide_is_alnum((char)c) || peek(r, 0) == '-' || count == RUNS_MAX) {
      plain = false;
    } else {
      signs[count++] = gate_signs[c];
    }
  }
  return plain ? count : 0;
}

/* Behind `(`: what the group's matches contain, r behind its `)`. */
static void read_group(reader *r, words *out) {
  bool looks = false; /* around: takes no part in the match */
  out->count = 0;
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
      while (c == 'i' || c == 'm' || c == 's' || c == '-')
        c = (r->at++, peek(r, 0));
      if (c == ')') {
        r->at++;
        r->depth--;
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
    out->count = 0;
}

/* A quantifier, if there is one: may what stands before be missing, may it be there more than once?
 */
static void read_quantifier(reader *r, bool *missing, bool *more) {
  int c = peek(r, 0);
  *missing = *more = false;
  if (c == '?' || c == '*' || c == '+') {
    *missing = c != '+';
    *more = c != '?';
    r->at++;
  } else if (c == '{') {
    /* {n}, {n,}, {n,m}, and from 10.43 on {,m} and blanks. A brace with anything else stands for
     * itself, and what is behind it is pattern. */
    size_t close = 1;
    while (tide_is_digit((char)peek(r, close)) || peek(r, close) == ',' || peek(r, close) == ' ')
      close++;
    if (peek(r, close) != '}')
      return;
    *missing = peek(r, 1) < '1' || peek(r, 1) > '9';
    *more = true;
    r->at += close + 1;
  } else {
    return;
  }
  if (peek(r, 0) == '?' || peek(r, 0) == '+')
    r->at++;
  c = peek(r, 0); /* a{2}{0}: PCRE2 10.42 refuses it, others may not */
  if (c == '{' || c == '*' || c == '+' || c == '?')
    r->lost = true;
}

static void read_sequence(reader *r, words *best) {
  words run = {.count = 1}, inner;
  best->count = 0;
  while (!r->lost) {
    int c = peek(r, 0);
    if (c < 0 || c == '|' || c == ')')
      break;
    r->at++;
    uint8_t signs[RUNS_MAX];
    size_t count = 0; /* of signs; 0: anything else that is matched */
    inner.count = 0;
    if (gate_signs[c] && c != '.') {
      signs[count++] = gate_signs[c];
    } else if (c == '[') {
      count = read_class(r, signs);
    } else if (c == '(') {
      read_group(r, &inner);
    } else if (c == '\\') {
      c = peek(r, 0);
      r->at++;
      /* A class, a place, a control character, or a sign that stands for itself. The rest (\x41,
       * \Q…\E, \1, \p{L}) is not understood. */
      if (c < 0 || (tide_is_alnum((char)c) && !memchr("dDwWsShHvVRNXbBAzZGKnrtfae", c, 26)))
        r->lost = true;
      else if (!tide_is_alnum((char)c) && gate_signs[c])
        signs[count++] = gate_signs[c];
    }
    bool missing, more;
    read_quantifier(r, &missing, &more);
    if (r->lost)
      break;
    if (count && !missing)
      extend(&run, best, signs, count);
    if (count == 0 || missing || more)
      close_run(&run, best);
    if (inner.count && !missing)
      consider(best, &inner);
  }
  close_run(&run, best);
}

static void read_choice(reader *r, words *out) {
  words branch;
  bool known = true;
  out->count = 0;
  for (;;) {
    read_sequence(r, &branch);
    known = known && branch.count && branch.count <= WORDS_MAX - out->count;
    for (size_t i = 0; known && i < branch.count; i++)
      out->all[out->count++] = branch.all[i];
    if (r->lost || peek(r, 0) != '|')
      break;
    r->at++;
  }
  if (!known)
    out->count = 0;
}

size_t gate_words(tide_span pattern, gate_word out[GATE_WORDS_MAX]) {
  reader r = {.pattern = pattern};
  words needed;
  read_choice(&r, &needed);
  if (r.lost || r.at != pattern.len || worth(&needed) < 0)
    return 0;
  memcpy(out, needed.all, needed.count * sizeof *out);
  return needed.count;
}
