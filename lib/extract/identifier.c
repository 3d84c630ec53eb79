/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of Message-ID and boundary a generator keeps the same. */
#include "sketch.h"

enum { HEX_RUN = 12 }; /* letters and digits in which hexadecimal ones show */

const unsigned char tide_byte_classes[256] = {
    ['0' ... '9'] = IS_DOMAIN | IS_DIGIT,
    ['a' ... 'f'] = LOWER_HEX,
    ['g' ... 'z'] = LOWER_OTHER,
    ['A' ... 'F'] = UPPER_HEX,
    ['G' ... 'Z'] = UPPER_OTHER,
    ['.'] = IS_DOMAIN,
    ['-'] = IS_DOMAIN,
    ['_'] = IS_DOMAIN,
    ['$'] = IS_DOLLAR,
};

void tide_sketch_piece(tide_sketch *s, tide_span text) {
  const size_t len = text.len < PIECE_MAX ? text.len : PIECE_MAX;
  char *to = s->text + s->len;
  if (len < 4) {
    for (size_t i = 0; i < len; i++)
      to[i] = text.ptr[i];
  } else if (len < 8) {
    memcpy(to, text.ptr, 4);
    memcpy(to + len - 4, text.ptr + len - 4, 4);
  } else {
    for (size_t at = 0; at + 8 < len; at += 8)
      memcpy(to + at, text.ptr + at, 8);
    memcpy(to + len - 8, text.ptr + len - 8, 8);
  }
  tide_sketch_grow(s, len);
}

void tide_identifier_read(tide_span s, tide_identifier *out) {
  out->seen = 0;
  out->longest = out->separator_count = 0;
  size_t digits = 0;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    unsigned class = tide_byte_class(c);
    out->seen |= class;
    digits = class & IS_DIGIT ? digits + 1 : 0;
    out->longest = digits > out->longest ? digits : out->longest;
    if (!(class & IS_ALNUM) && c != '\r' && out->separator_count < SEPARATORS_MAX &&
        (i == 0 || s.ptr[i - 1] != c)) /* a run counts once: "--7" is "-" and -7 */
      out->separators[out->separator_count++] = c;
  }
}

/* Is there a run of at least HEX_RUN letters and digits, a letter among them? */
static bool has_long_run(tide_span s) {
  size_t run = 0;
  unsigned in_run = 0;
  for (size_t i = 0; i < s.len; i++) {
    const unsigned class = tide_byte_class(s.ptr[i]);
    run = class & IS_ALNUM ? run + 1 : 0;
    in_run = run ? in_run | class : 0;
    if (run >= HEX_RUN && in_run & IS_LETTER)
      return true;
  }
  return false;
}

void tide_sketch_identifier(tide_sketch *s, tide_span text, const tide_identifier *id,
                            bool known_hex) {
  static const unsigned all = IS_DIGIT | LOWER_OTHER | UPPER_OTHER;
  const bool hex = !(id->seen & IS_BEYOND_F) && (known_hex || has_long_run(text));
  const bool base64 = (id->seen & all) == all;
  if (id->seen & IS_DIGIT)
    tide_sketch_char(s, '9');
  if (id->seen & IS_LOWER)
    tide_sketch_char(s, hex ? 'f' : 'z');
  if (id->seen & IS_UPPER)
    tide_sketch_char(s, hex ? 'F' : 'Z');
  for (size_t i = 0; i < id->separator_count; i++) {
    char c = id->separators[i];
    bool chance = base64 && (c == '-' || c == '_' || c == '+' || c == '/' || c == '=');
    if (!chance && c > ' ' && c < 0x7f)
      tide_sketch_char(s, c);
  }
}

bool tide_sent_date_read(tide_sent_date *d) {
  if (!d->tried)
    d->readable = tide_date_parse(d->text, &d->date);
  d->tried = true;
  return d->readable;
}

bool tide_is_file_time(tide_span s, size_t end, int64_t date) {
  uint64_t high = 0;
  bool hex = end >= 8;
  for (size_t i = end - 8; hex && i < end; i++) {
    const char c = s.ptr[i];
    const unsigned class = tide_byte_class(c);
    hex = (class & IS_ALNUM) && !(class & IS_BEYOND_F);
    high = high << 4 | ((c & 15u) + 9u * (class / IS_LETTER)); /* 'a' and 'A' end in 1 */
  }
  if (!hex)
    return false;
  /* 100 ns since 1601 */
  return tide_is_near_days((int64_t)((high << 32) / 10000000) - 11644473600, date);
}
