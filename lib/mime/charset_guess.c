/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The charset of text that names none, guessed from what scripts without Latin letters look like:
 * their letters come next to each other, apart from those of ASCII, and a few of them are a good
 * part of any text. In doubt nothing is said: Western text has single letters within words. */
#include "charset.h"

/* --- letters of one byte --- */

enum { COMMON = 8 };

typedef struct script {
  tide_span label;
  unsigned weight;                  /* how often mail in it names no charset, against others */
  unsigned char common[COMMON + 1]; /* the letters met most: about half of any text */
} script;

/* From the translations of free programs: half of their files; the other half was kept aside
 * (tests/unit/test_charset_guess.c). */
static const script scripts[] = {
    {.label = SPAN("windows-1251"), .weight = 100, .common = "\xee\xe5\xe0\xe8\xed\xf2\xf1\xf0"},
    {.label = SPAN("windows-1251"),
     .weight = 90,
     .common = "\xce\xc5\xc0\xc8\xcd\xd2\xd1\xd0"}, /* in capitals */
    {.label = SPAN("windows-1251"),
     .weight = 100,
     .common = "\xe0\xed\xb3\xee\xf2\xf0\xea\xe5"}, /* Ukrainian */
    {.label = SPAN("koi8-r"), .weight = 100, .common = "\xcf\xc5\xc1\xc9\xce\xd4\xd3\xd2"},
    {.label = SPAN("koi8-r"), .weight = 80, .common = "\xef\xe5\xe1\xe9\xee\xf4\xf3\xf2"},
    {.label = SPAN("iso-8859-5"), .weight = 95, .common = "\xde\xd5\xd0\xd8\xdd\xe2\xe1\xe0"},
    {.label = SPAN("windows-1253"), .weight = 95, .common = "\xe1\xef\xe5\xf4\xe9\xed\xf1\xf3"},
    {.label = SPAN("windows-1255"), .weight = 85, .common = "\xe9\xe5\xe4\xec\xe0\xf8\xfa\xf0"},
    {.label = SPAN("windows-1256"), .weight = 95, .common = "\xc7\xe1\xed\xe3\xd1\xe6\xc9\xe4"},
};
enum { SCRIPTS = sizeof scripts / sizeof *scripts };

/* --- letters of two bytes --- */

typedef enum pair_kind { PAIR_NONE, PAIR_RARE, PAIR_COMMON, PAIR_KANA } pair_kind;

static bool in(unsigned char c, unsigned char from, unsigned char to) {
  return c >= from && c <= to;
}

static pair_kind pair_euc_jp(unsigned char a, unsigned char b) {
  if (a == 0x8e && in(b, 0xa1, 0xdf))
    return PAIR_RARE;
  if (!in(a, 0xa1, 0xfe) || !in(b, 0xa1, 0xfe))
    return PAIR_NONE;
  if (a == 0xa4 || a == 0xa5)
    return PAIR_KANA;
  return in(a, 0xa1, 0xa3) || in(a, 0xb0, 0xcf) ? PAIR_COMMON : PAIR_RARE;
}

static pair_kind pair_shift_jis(unsigned char a, unsigned char b) {
  const bool lead = in(a, 0x81, 0x9f) || in(a, 0xe0, 0xfc);
  if (!lead || !(in(b, 0x40, 0x7e) || in(b, 0x80, 0xfc)))
    return PAIR_NONE;
  if ((a == 0x82 && in(b, 0x9f, 0xf1)) || (a == 0x83 && in(b, 0x40, 0x96)))
    return PAIR_KANA;
  return in(a, 0x81, 0x98) ? PAIR_COMMON : PAIR_RARE;
}

static pair_kind pair_euc_kr(unsigned char a, unsigned char b) {
  if (!in(a, 0xa1, 0xfe) || !in(b, 0xa1, 0xfe))
    return PAIR_NONE;
  return in(a, 0xa1, 0xa3) || in(a, 0xb0, 0xc8) ? PAIR_COMMON : PAIR_RARE;
}

static pair_kind pair_gb18030(unsigned char a, unsigned char b) {
  if (!in(a, 0x81, 0xfe) || !(in(b, 0x40, 0x7e) || in(b, 0x80, 0xfe)))
    return PAIR_NONE;
  return (in(a, 0xa1, 0xa3) || in(a, 0xb0, 0xd7)) && b >= 0xa1 ? PAIR_COMMON : PAIR_RARE;
}

static pair_kind pair_big5(unsigned char a, unsigned char b) {
  if (!in(a, 0xa1, 0xf9) || !(in(b, 0x40, 0x7e) || in(b, 0xa1, 0xfe)))
    return PAIR_NONE;
  return in(a, 0xa1, 0xa3) || in(a, 0xa4, 0xc6) ? PAIR_COMMON : PAIR_RARE;
}

typedef struct pairs {
  tide_span label;
  pair_kind (*kind_of)(unsigned char, unsigned char);
  unsigned common_percent; /* at least so many of its letters are common */
  unsigned kana_percent;
} pairs;

static const pairs pair_charsets[] = {
    {.label = SPAN("euc-jp"), .kind_of = pair_euc_jp, .common_percent = 90, .kana_percent = 20},
    {.label = SPAN("shift_jis"),
     .kind_of = pair_shift_jis,
     .common_percent = 90,
     .kana_percent = 20},
    {.label = SPAN("euc-kr"), .kind_of = pair_euc_kr, .common_percent = 93},
    {.label = SPAN("gb18030"), .kind_of = pair_gb18030, .common_percent = 85},
    {.label = SPAN("big5"), .kind_of = pair_big5, .common_percent = 88},
};
enum { PAIR_CHARSETS = sizeof pair_charsets / sizeof *pair_charsets };

/* --- counting --- */

/* Letters beyond ASCII, and which come next to each other. */
typedef struct crowd {
  size_t letters, common, kana, bad;
  size_t kinds;          /* different bytes */
  size_t low;            /* letters whose second byte is one of ASCII */
  size_t runs, touching; /* runs of letters; those that a letter of ASCII touches */
} crowd;

static void end_run(crowd *c, tide_span s, size_t from, size_t to) {
  if (from == to)
    return;
  c->runs++;
  c->touching +=
      (from > 0 && tide_is_alpha(s.ptr[from - 1])) || (to < s.len && tide_is_alpha(s.ptr[to]));
}

static crowd count_pairs(const pairs *p, tide_span s) {
  crowd c = {0};
  size_t from = 0, at = 0;
  while (at < s.len) {
    const unsigned char a = (unsigned char)s.ptr[at];
    pair_kind kind = PAIR_NONE;
    if (a & 0x80 && at + 1 < s.len)
      kind = p->kind_of(a, (unsigned char)s.ptr[at + 1]);
    if (kind == PAIR_NONE) {
      c.bad += (a & 0x80) != 0 && at + 1 < s.len;
      end_run(&c, s, from, at);
      from = ++at;
      continue;
    }
    c.letters++;
    c.common += kind != PAIR_RARE;
    c.kana += kind == PAIR_KANA;
    c.low += !(s.ptr[at + 1] & 0x80);
    at += 2;
  }
  end_run(&c, s, from, at);
  return c;
}

/* A blank that does not break, 0xa0, is none: Western pages have rows of them. */
static crowd count_bytes(tide_span s, size_t counts[256]) {
  crowd c = {0};
  size_t from = 0;
  for (size_t at = 0; at < s.len; at++) {
    const unsigned char byte = (unsigned char)s.ptr[at];
    if (byte & 0x80 && byte != 0xa0) {
      c.kinds += counts[byte]++ == 0;
      c.letters++;
      continue;
    }
    end_run(&c, s, from, at);
    from = at + 1;
  }
  end_run(&c, s, from, s.len);
  return c;
}

/* --- the guess --- */

enum {
  LOOKED_AT = 16384,     /* bytes */
  KINDS_MIN = 4,         /* rows of points and lines have less */
  LETTERS_MIN = 6,       /* of one byte */
  PAIRS_MIN = 3,         /* letters of two bytes */
  PAIRS_SURE = 20,       /* so many need not be apart, where both bytes are beyond ASCII */
  TOUCHING_PERCENT = 30, /* of runs */
  COMMON_PERCENT = 45    /* of letters of one byte */
};

static bool stands_apart(const crowd *c) {
  return c->touching * 100 <= c->runs * TOUCHING_PERCENT;
}

/* Japanese follows Latin letters without a blank, and is known by its kana. */
static bool is_likely(const pairs *p, const crowd *c) {
  return c->letters >= PAIRS_MIN && c->bad * 100 <= c->letters &&
         c->common * 100 >= c->letters * p->common_percent &&
         c->kana * 100 >= c->letters * p->kana_percent &&
         (p->kana_percent || (c->letters >= PAIRS_SURE && c->low == 0) || stands_apart(c));
}

static size_t common_of(const script *t, const size_t counts[256]) {
  size_t common = 0;
  for (size_t i = 0; i < COMMON; i++)
    common += counts[t->common[i]];
  return common;
}

static tide_span guess_script(const crowd *c, const size_t counts[256]) {
  tide_span label = {0};
  size_t most = 0;
  if (c->letters < LETTERS_MIN || c->letters < c->runs * 2 || !stands_apart(c))
    return label;
  for (size_t i = 0; i < SCRIPTS; i++) {
    const size_t common = common_of(&scripts[i], counts), weighed = common * scripts[i].weight;
    if (weighed <= most || common * 100 < c->letters * COMMON_PERCENT)
      continue;
    most = weighed;
    label = scripts[i].label;
  }
  return label;
}

static tide_span guess_pairs(tide_span s, bool kana) {
  for (size_t i = 0; i < PAIR_CHARSETS; i++) {
    if ((pair_charsets[i].kana_percent > 0) != kana)
      continue;
    const crowd c = count_pairs(&pair_charsets[i], s);
    if (is_likely(&pair_charsets[i], &c))
      return pair_charsets[i].label;
  }
  return (tide_span){0};
}

tide_span tide_charset_guess(tide_span s) {
  size_t counts[256] = {0};
  s = tide_span_slice(s, 0, LOOKED_AT);
  const crowd c = count_bytes(s, counts);
  if (c.kinds < KINDS_MIN)
    return (tide_span){0};
  tide_span label = guess_pairs(s, true);
  if (!label.len)
    label = guess_script(&c, counts);
  return label.len ? label : guess_pairs(s, false);
}
