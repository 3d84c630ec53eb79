/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message says, as a signature. */
#include "extract/template.h"

#include "record/signature.h"
#include "base/mix.h"
#include "base/utf8.h"

#include "extract/extractors.h"

enum {
  /* Words that a feature joins. */
  SHINGLE = 3,
  /* Features among the first words count fourfold, those after the next once, of the rest one in
   * four: what spammers append against filters is long and random, what lists append is the same
   * under different mails, and what is sold is in front. */
  FRONT_WORDS = 64,
  FRONT_WEIGHT = 4,
  MIDDLE_WORDS = 256,
  REST_SHARE = 4,
  /* Words beyond these are taken for random ones. That some true words fall too ("strengths") does
     no harm: they do so in every message. */
  CONSONANTS_MAX = 4,
  VOWELLESS_MAX = 3,
  WORD_MAX = 24,
  /* Where a list's footer is looked for, and what the line above it has: dashes at least, bytes at
     most. */
  FOOTER_MAX = 768,
  SIGNATURE_MAX = 4096, /* and below "-- " with its blank, which nothing else is (RFC 3676 4.3) */
  RULE_MIN = 20,
  RULE_MAX = 120,
  RECIPIENT_WORDS = 32,
  GREETED_WORDS = 4
};

/* --- hash: fixed, since signatures outlive the process (the finisher of splitmix64, public domain,
 * S. Vigna) --- */

enum { HASH_START = 0x5bd1e995 };
static inline uint64_t hash_byte(uint64_t h, unsigned char c) {
  return (h ^ c) * 0x100000001b3u;
}

/* --- the words of a text --- */

typedef enum word_class { WORD_PLAIN, WORD_NUMBER, WORD_PLACE, WORD_BREAK } word_class;

typedef struct reader {
  uint64_t recipient[RECIPIENT_WORDS]; /* hashes of words that name the recipient */
  size_t recipients;
  uint64_t recipient_filter; /* one bit for each of them */
  word_class last;
  uint32_t words;                                            /* plain ones */
  tide_buffer *spelled;                                      /* NULL: not wanted */
  void (*visit)(void *context, tide_span word, bool joined); /* NULL: not wanted */
  void *visit_context;
  const char *visited; /* the end of the word before; NULL if nothing can join it */
  tide_status status;
  /* the sketch */
  uint64_t window[SHINGLE];
  uint32_t in_window, plain_in_window; /* words there; bit for each of the last that is plain */
  uint32_t position;
  uint32_t values[TIDE_SIGNATURE_VALUES];
  uint32_t count;
} reader;

static void keep(reader *r, uint32_t value) {
  if (r->count == TIDE_SIGNATURE_VALUES && value >= r->values[r->count - 1])
    return;
  uint32_t at = 0, end = r->count;
  while (at < end) {
    uint32_t middle = (at + end) / 2;
    if (r->values[middle] < value)
      at = middle + 1;
    else
      end = middle;
  }
  if (at < r->count && r->values[at] == value)
    return;
  uint32_t moved = r->count - at;
  if (r->count == TIDE_SIGNATURE_VALUES)
    moved--;
  else
    r->count++;
  memmove(r->values + at + 1, r->values + at, moved * sizeof *r->values);
  r->values[at] = value;
}

static void feature(reader *r, uint64_t hash) {
  hash = tide_mix(hash);
  if (r->position < FRONT_WORDS) {
    for (uint64_t i = 0; i < FRONT_WEIGHT; i++)
      keep(r, (uint32_t)(tide_mix(hash + i * TIDE_MIX_STEP) >> 32));
  } else if (r->position < MIDDLE_WORDS || hash % REST_SHARE == 0) {
    keep(r, (uint32_t)(tide_mix(hash) >> 32)); /* the first of the four */
  }
}

static void put(reader *r, word_class class, uint64_t hash, tide_span spelling) {
  /* One number after the other is one number, however many there are. */
  if (class != WORD_PLAIN && class == r->last)
    return;
  r->last = class;
  if (r->spelled) {
    if (r->spelled->len)
      r->status = tide_buffer_putc(r->spelled, ' ');
    if (r->status == TIDE_OK)
      r->status = tide_buffer_put(r->spelled, spelling);
  }
  if (class == WORD_BREAK) {
    r->in_window = 0;
    return;
  }
  r->words += class == WORD_PLAIN;
  for (int i = SHINGLE - 1; i > 0; i--)
    r->window[i] = r->window[i - 1];
  r->window[0] = hash;
  r->plain_in_window = (r->plain_in_window << 1 | (class == WORD_PLAIN)) & ((1u << SHINGLE) - 1);
  if (r->in_window < SHINGLE)
    r->in_window++;
  r->position++;
  /* Numbers and addresses alone say nothing. */
  if (r->in_window < SHINGLE || !r->plain_in_window)
    return;
  uint64_t all = 0;
  for (int i = 0; i < SHINGLE; i++)
    all = tide_mix(all ^ r->window[i]) + TIDE_MIX_STEP;
  feature(r, all);
}

static void put_class(reader *r, word_class class, char sign) {
  r->visited = NULL;
  put(r, class, tide_mix((unsigned char)sign), tide_span_make(&sign, 1));
}

static inline bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* Latin letters without their accents, which spam scatters over its words: U+00C0 to U+017F; ' '
 * for ligatures and signs. */
static const char plain_letters[] =
    "aaaaaa ceeeeiiiidnooooo ouuuuy saaaaaa ceeeeiiiidnooooo ouuuuy "
    "yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkkllllllllllnnnnnnnnnoooooo"
    "  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Lower case of Greek and Cyrillic capitals; others stay. */
static uint32_t lower_code(uint32_t x) {
  if ((x >= 0x391 && x <= 0x3a9) || (x >= 0x410 && x <= 0x42f))
    return x + 32;
  if (x >= 0x400 && x <= 0x40f)
    return x + 80;
  return x;
}

/* Punctuation, spaces and symbols. */
static bool is_gap(uint32_t x) {
  return x < 0xc0 || x == 0xd7 || x == 0xf7 || (x >= 0x2000 && x <= 0x2bff) ||
         (x >= 0x3000 && x <= 0x303f) || (x >= 0xfe00 && x <= 0xfe6f) ||
         (x >= 0xff00 && x <= 0xff0f) || x == 0xfeff || x == 0xfffd || x >= 0x1f000;
}

/* Scripts that put no space between words: each character is one. */
static bool is_ideograph(uint32_t x) {
  return (x >= 0x2e80 && x <= 0x9fff) || (x >= 0xf900 && x <= 0xfaff) ||
         (x >= 0x20000 && x <= 0x3ffff) || (x >= 0xe00 && x <= 0xe7f);
}

static bool is_ideographic(tide_span s) {
  uint32_t x = 0;
  return s.len && tide_utf8_take(s, &x) && is_ideograph(x);
}

static inline bool is_word_byte(char c) {
  return tide_is_alnum(c) || (c & 0x80);
}

typedef struct letters {
  uint64_t hash;
  uint32_t letters, digits, others; /* others: beyond ASCII */
  uint32_t consonants, run, vowels, humps;
  bool lower_before, digit_first, digit_behind;
  char last; /* letter */
  char spelling[WORD_MAX * 4];
  size_t len;
  size_t gap; /* bytes of the character that ended it, where that was taken with it */
} letters;

static void letters_add(letters *w, const char *bytes, size_t len) {
  for (size_t i = 0; i < len; i++)
    w->hash = hash_byte(w->hash, (unsigned char)bytes[i]);
  if (w->len + len <= sizeof w->spelling)
    memcpy(w->spelling + w->len, bytes, len);
  w->len += len;
}

static void letters_take(letters *w, char c) {
  char low = tide_lower(c);
  bool upper = low != c;
  w->humps += upper && w->lower_before;
  w->lower_before = !upper;
  w->letters++;
  if (is_vowel(low)) {
    w->vowels++;
    w->run = 0;
  } else if (++w->run > w->consonants) {
    w->consonants = w->run;
  }
  /* Doubled letters are what spam misspells words with most often: in "doctors" as in "doctorss"
   * each counts once. */
  if (low != w->last)
    letters_add(w, &low, 1);
  w->last = low;
}

static bool looks_random(const letters *w) {
  if (w->letters + w->digits + w->others > WORD_MAX)
    return true;
  if (w->letters && w->digits)
    return true;
  if (w->others)
    return false;
  return w->consonants > CONSONANTS_MAX || (w->vowels == 0 && w->letters > VOWELLESS_MAX) ||
         w->humps > 1;
}

static bool is_recipient(const reader *r, uint64_t hash) {
  if (!(r->recipient_filter >> (hash & 63) & 1))
    return false;
  for (size_t i = 0; i < r->recipients; i++)
    if (r->recipient[i] == hash)
      return true;
  return false;
}

static void put_word(reader *r, const letters *w) {
  uint64_t hash = tide_mix(w->hash);
  if (w->digits && !w->letters && !w->others) {
    put_class(r, WORD_NUMBER, '#');
  } else if (w->digits && w->digit_first && w->letters <= 3 && !w->digit_behind && !w->others) {
    put_class(r, WORD_NUMBER, '#'); /* 100mg, 24h, 1st */
  } else if (w->letters + w->others < 2 || looks_random(w) || is_recipient(r, hash)) {
    return;
  } else {
    put(r, WORD_PLAIN, hash,
        tide_span_make(w->spelling, w->len < sizeof w->spelling ? w->len : sizeof w->spelling));
  }
}

/* Is there nothing but blanks? */
static bool is_blank(tide_span s) {
  enum { BLANKS_MAX = 16 };
  const tide_span no_break = SPAN("\xc2\xa0");
  for (size_t i = 0; i < s.len && s.len <= BLANKS_MAX;)
    if (tide_is_space(s.ptr[i]))
      i++;
    else if (tide_span_starts(tide_span_slice(s, i, s.len), no_break))
      i += no_break.len;
    else
      return false;
  return s.len <= BLANKS_MAX;
}

/* What visitors see, as it is written: `w` is empty for a word of a script without spaces. */
static void visit_word(reader *r, tide_span word, const letters *w) {
  enum { DIGITS_MAX = 2 }; /* beside letters, as in v1agra: with more it is a number or random */
  const uint32_t signs = w->letters + w->others;
  if (!r->visit || word.len == 0)
    return;
  if (w->len && (signs < 2 || signs + w->digits > WORD_MAX || w->digits > DIGITS_MAX ||
                 is_recipient(r, tide_mix(w->hash)))) {
    r->visited = NULL;
    return;
  }
  const bool joined =
      r->visited && is_blank(tide_span_make(r->visited, (size_t)(word.ptr - r->visited)));
  r->visit(r->visit_context, word, joined);
  r->visited = word.ptr + word.len;
}

/* Takes the word that begins at s[at] and tells where it ends. */
static size_t read_word(tide_span s, size_t at, letters *w, reader *r) {
  *w = (letters){.hash = HASH_START};
  while (at < s.len) {
    char c = s.ptr[at];
    if (tide_is_digit(c)) {
      if (w->len == 0)
        w->digit_first = true;
      else if (w->letters)
        w->digit_behind = true;
      w->digits++;
      w->run = 0;
      w->last = 0;
      letters_add(w, &c, 1);
      at++;
    } else if (tide_is_alpha(c)) {
      letters_take(w, c);
      at++;
    } else if (c == '\'' && w->letters && at + 1 < s.len && tide_is_alpha(s.ptr[at + 1])) {
      at++; /* don't */
    } else if (c & 0x80) {
      uint32_t x = 0xfffd;
      size_t taken = tide_utf8_take(tide_span_slice(s, at, s.len), &x), len = taken ? taken : 1;
      if (is_gap(x)) {
        bool apostrophe =
            len == 3 && x == 0x2019 && w->letters && at + 3 < s.len && tide_is_alpha(s.ptr[at + 3]);
        at += len;
        if (apostrophe)
          continue;
        w->gap = len;
        break;
      }
      if (is_ideograph(x)) {
        if (w->len)
          break;
        uint64_t hash = tide_mix(tide_mix(HASH_START) + x);
        if (r)
          put(r, WORD_PLAIN, hash, tide_span_slice(s, at, at + len));
        return at + len;
      }
      if (x >= 0xc0 && x <= 0x17f && plain_letters[x - 0xc0] != ' ') {
        letters_take(w, plain_letters[x - 0xc0]);
        at += len;
        continue;
      }
      char utf8[4];
      uint32_t low = lower_code(x);
      memcpy(utf8, s.ptr + at, len);
      if (low != x) { /* both of two bytes */
        utf8[0] = (char)(0xc0 | low >> 6);
        utf8[1] = (char)(0x80 | (low & 0x3f));
      }
      w->others++;
      w->run = 0;
      w->last = 0;
      letters_add(w, utf8, len);
      at += len;
    } else {
      break;
    }
  }
  return at;
}

/* --- what is no word: addresses, URLs, greeted names --- */

static inline bool ends_place(char c) {
  return (unsigned char)c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || c == '(' ||
         c == ')' || c == '[' || c == ']' || c == '|';
}

/* Ends of host names that are written without http:// before them. */
static bool is_top_level(tide_span label) {
  static const char *const names[] = {
      "com", "net", "org", "info", "biz", "edu", "gov",     "mil",  "name",
      "ru",  "cn",  "us",  "uk",   "de",  "nl",  "fr",      "it",   "eu",
      "tk",  "hk",  "cc",  "in",   "br",  "pl",  "ua",      "jp",   "kr",
      "tw",  "ca",  "au",  "es",   "ch",  "se",  "invalid", "test", "example"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_iequal(label, tide_span_of(names[i])))
      return true;
  return false;
}

/* Does s begin with an address, a URL or a host name? However it is spelled: spam
 * changes them from message to message. */
static bool is_place(tide_span s) {
  if (tide_span_istarts(s, SPAN("http:")) || tide_span_istarts(s, SPAN("https:")) ||
      tide_span_istarts(s, SPAN("www.")) || tide_span_istarts(s, SPAN("ftp:")) ||
      tide_span_istarts(s, SPAN("mailto:")))
    return true;
  size_t end = 0, dot = 0, at = 0;
  while (end < s.len && tide_is_name_byte(s.ptr[end])) {
    if (s.ptr[end] == '@' && end > 0)
      at = end;
    if (s.ptr[end] == '.' && end + 1 < s.len && tide_is_alnum(s.ptr[end + 1]))
      dot = end;
    end++;
  }
  if (at && at + 1 < end && tide_is_alnum(s.ptr[at + 1]))
    return true;
  while (end > dot && !tide_is_alnum(s.ptr[end - 1]))
    end--;
  return dot > 0 && is_top_level(tide_span_slice(s, dot + 1, end));
}

static bool is_greeting(tide_span word) {
  static const char *const names[] = {"dear",      "hi",    "hello",   "hey", "attn",
                                      "attention", "hallo", "bonjour", "hola"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_iequal(word, tide_span_of(names[i])))
      return true;
  return false;
}

/* Where the names end that are greeted from s[at] on: at the comma or the line's end, if that is
 * near. */
static size_t greeted_end(tide_span s, size_t at) {
  size_t words = 0, i = at;
  bool inside = false;
  for (; i < s.len && i - at < 64; i++) {
    char c = s.ptr[i];
    if (c == ',' || c == '!' || c == ':' || c == ';' || c == '\n' || c == '\r' ||
        (c == '-' && !inside))
      return i;
    if (is_word_byte(c)) {
      if (!inside && ++words > GREETED_WORDS)
        return at;
      inside = true;
    } else if (c == ' ' || c == '\t') {
      inside = false;
    }
  }
  return i == s.len ? i : at;
}

static void read_text(reader *r, tide_span s) {
  bool line_start = true;
  for (size_t at = 0; at < s.len && r->status == TIDE_OK;) {
    char c = s.ptr[at];
    if (!is_word_byte(c)) {
      if (c == '>' && line_start) {
        /* Another's words: answers to one mail are not the same mail. */
        at += tide_span_find_char(tide_span_slice(s, at, s.len), '\n');
        continue;
      }
      if (c == '\n')
        line_start = true;
      at++;
      continue;
    }
    /* Looked for only where no part of a host comes before, so that no byte is looked at twice for
     * it. */
    if ((at == 0 || !tide_is_name_byte(s.ptr[at - 1])) && is_place(tide_span_slice(s, at, s.len))) {
      while (at < s.len && !ends_place(s.ptr[at]))
        at++;
      put_class(r, WORD_PLACE, '@');
      line_start = false;
      continue;
    }
    letters w;
    size_t begin = at;
    at = read_word(s, at, &w, r);
    if (w.len || is_ideographic(tide_span_slice(s, begin, at)))
      visit_word(r, tide_span_slice(s, begin, at - w.gap), &w);
    if (w.len)
      put_word(r, &w);
    if (line_start && is_greeting(tide_span_slice(s, begin, at)))
      at = greeted_end(s, at);
    line_start = false;
  }
}

/* "Re: ", "Fwd: " and the like, as often as they stand there. */
static tide_span strip_reply(tide_span s) {
  static const char *const marks[] = {"re:", "fw:", "fwd:", "aw:", "sv:", "antw:"};
  for (bool again = true; again;) {
    again = false;
    s = tide_span_trim(s);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
      tide_span mark = tide_span_of(marks[i]);
      if (!tide_span_istarts(s, mark))
        continue;
      s = tide_span_slice(s, mark.len, s.len);
      again = true;
    }
  }
  return s;
}

/* A line of "-" or "_", with a name in it or none; "-- " (RFC 3676 4.3); or how to leave a list. */
static bool is_rule(tide_span line) {
  size_t dashes = 0;
  if (tide_span_istarts(line, SPAN("to unsubscribe")))
    return true;
  if (line.len < 2 || line.len > RULE_MAX || (line.ptr[0] != '-' && line.ptr[0] != '_'))
    return false;
  for (size_t i = 0; i < line.len; i++)
    dashes += line.ptr[i] == '-' || line.ptr[i] == '_';
  return dashes >= RULE_MIN || tide_span_equal(line, SPAN("--"));
}

/* Without what comes below the first "-- " near the end, where something comes above it. */
static tide_span strip_signature(tide_span s) {
  size_t at = s.len > SIGNATURE_MAX ? s.len - SIGNATURE_MAX : 0;
  while (at < s.len) {
    at += tide_span_find(tide_span_slice(s, at, s.len), SPAN("\n-- "));
    tide_span behind = tide_span_slice(s, at + 4, s.len);
    if (behind.len && (behind.ptr[0] == '\n' || tide_span_starts(behind, SPAN("\r\n"))) &&
        tide_span_trim(tide_span_slice(s, 0, at)).len)
      return tide_span_slice(s, 0, at + 1);
    at++;
  }
  return s;
}

/* Without what comes below a rule near the end: lists put the same footer under mail that has
 * nothing else in common, and under mail that says nothing at all. A text that ends in a rule is
 * framed by it; that is no footer. */
static tide_span strip_footer(tide_span s) {
  s = strip_signature(s);
  size_t at = s.len > FOOTER_MAX ? s.len - FOOTER_MAX : 0, first = s.len;
  bool below = false;
  if (at)
    at += tide_span_find_char(tide_span_slice(s, at, s.len), '\n') + 1;
  while (at < s.len) {
    tide_span line =
        tide_span_slice(s, at, at + tide_span_find_char(tide_span_slice(s, at, s.len), '\n'));
    size_t next = at + line.len + 1;
    line = tide_span_trim(line);
    if (is_rule(line)) {
      if (first == s.len)
        first = at;
      below = line.ptr[0] != '-' && line.ptr[0] != '_';
    } else if (line.len) {
      below = true;
    }
    at = next;
  }
  return below ? tide_span_slice(s, 0, first) : s;
}

static void learn_recipients(reader *r, const tide_span *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    tide_span s = tide_span_slice(values[i], 0, 1024);
    for (size_t at = 0; at < s.len && r->recipients < RECIPIENT_WORDS;) {
      if (!is_word_byte(s.ptr[at])) {
        /* After the @ is a host, whose words are not the recipient's name. */
        if (s.ptr[at] == '@')
          while (at < s.len && s.ptr[at] != ',' && s.ptr[at] != '>' && !tide_is_space(s.ptr[at]))
            at++;
        else
          at++;
        continue;
      }
      letters w;
      at = read_word(s, at, &w, NULL);
      if (w.letters + w.others < 3)
        continue;
      uint64_t hash = tide_mix(w.hash);
      r->recipient[r->recipients++] = hash;
      r->recipient_filter |= (uint64_t)1 << (hash & 63);
    }
  }
}

static void read_all(reader *r, const tide_template_text *t) {
  r->last = WORD_BREAK;
  learn_recipients(r, t->recipients, t->recipient_count);
  read_text(r, strip_reply(tide_span_slice(t->subject, 0, TIDE_LIMIT_TEMPLATE_TEXT)));
  put_class(r, WORD_BREAK, '|');
  read_text(r, strip_footer(tide_span_slice(t->text, 0, TIDE_LIMIT_TEMPLATE_TEXT)));
}

/* --- signatures --- */

/* All that is there, in lower case and with its blanks folded: numbers, names and URLs too. False
 * where there is nothing. */
static bool hash_exactly(tide_span s, uint64_t lanes[2]) {
  bool any = false, blank = false;
  for (size_t i = 0; i < s.len; i++) {
    if ((unsigned char)s.ptr[i] <= ' ') {
      blank = any;
      continue;
    }
    if (blank)
      for (int k = 0; k < 2; k++)
        lanes[k] = hash_byte(lanes[k], ' ');
    blank = false;
    any = true;
    unsigned char c = (unsigned char)tide_lower(s.ptr[i]);
    lanes[0] = hash_byte(lanes[0], c);
    lanes[1] = tide_mix(lanes[1] + c);
  }
  return any;
}

static void put_big_endian(unsigned char *to, uint64_t x, int bytes) {
  for (int i = 0; i < bytes; i++)
    to[i] = (unsigned char)(x >> 8 * (bytes - 1 - i) & 0xff);
}

tide_status tide_template_make(const tide_template_text *t, tide_arena *arena, tide_buffer *words,
                               tide_span *out) {
  reader r = {.status = TIDE_OK, .spelled = words};
  read_all(&r, t);
  TIDE_TRY(r.status);
  unsigned char bytes[TIDE_SIGNATURE_MAX];
  size_t len;
  if (r.words >= TIDE_SIGNATURE_WORDS && r.count) {
    bytes[0] = TIDE_SIGNATURE_SKETCH;
    for (uint32_t i = 0; i < r.count; i++)
      put_big_endian(bytes + 1 + 4 * i, r.values[i], 4);
    len = 1 + 4 * (size_t)r.count;
  } else {
    uint64_t lanes[2] = {HASH_START, HASH_START};
    bool any = hash_exactly(tide_span_slice(t->subject, 0, TIDE_LIMIT_TEMPLATE_TEXT), lanes);
    for (int k = 0; k < 2; k++)
      lanes[k] = tide_mix(lanes[k] + '\n');
    any |= hash_exactly(tide_span_slice(t->text, 0, TIDE_LIMIT_TEMPLATE_TEXT), lanes);
    *out = (tide_span){0};
    if (!any)
      return TIDE_OK;
    bytes[0] = TIDE_SIGNATURE_EXACT;
    for (int k = 0; k < 2; k++)
      put_big_endian(bytes + 1 + 8 * k, tide_mix(lanes[k]), 8);
    len = 17;
  }
  *out = tide_arena_copy(arena, tide_span_make((const char *)bytes, len));
  return out->ptr ? TIDE_OK : TIDE_FATAL;
}

void tide_template_visit(const tide_template_text *t,
                         void (*visit)(void *context, tide_span word, bool joined), void *context) {
  reader r = {.status = TIDE_OK, .visit = visit, .visit_context = context};
  read_all(&r, t);
}

static unsigned template_needs(const tide_extract_options *options) {
  (void)options;
  return TIDE_NEED_SUBJECT | TIDE_NEED_TEXT;
}

static tide_status template_apply(const tide_extraction *x, tide_record *r) {
  const tide_message *m = x->message;
  const tide_span recipients[] = {tide_message_header(m, TIDE_HEADER_TO),
                                  tide_message_header(m, TIDE_HEADER_DELIVERED_TO)};
  const tide_template_text text = {.subject = m->subject,
                                   .text = m->text,
                                   .recipients = recipients,
                                   .recipient_count = sizeof recipients / sizeof *recipients};
  return tide_template_make(&text, x->arena, NULL, &r->template);
}

const tide_extractor tide_extract_template = {.name = "template",
                                              .fills = TIDE_PART_TEMPLATE,
                                              .needs = template_needs,
                                              .uses = TIDE_PART_SUBJECT,
                                              .apply = template_apply};
