/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charsets in seven bits that switch between sets of characters by signs in the text: ISO-2022-JP
 * (RFC 1468, and what senders add: JIS X 0201 kana, JIS X 0212), ISO-2022-KR (RFC 1557),
 * ISO-2022-CN (RFC 1922), HZ (RFC 1843), UTF-7 (RFC 2152). Each becomes a charset in eight bits
 * that has the same characters. iconv's own decoders of these know less (kana) or have had their
 * holes (glibc bugs 27256, 24973). */
#include "charset.h"

enum { ESCAPE = 0x1b, SHIFT_OUT = 0x0e, SHIFT_IN = 0x0f, KANA_LEAD = 0x8e, EXTRA_LEAD = 0x8f };

/* What a byte of 0x21..0x7e means. */
typedef enum shift_set {
  SET_ASCII,
  SET_KANA,   /* one byte a character */
  SET_DOUBLE, /* two */
  SET_EXTRA   /* two, of JIS X 0212 */
} shift_set;

typedef struct escape_row {
  const char *sign; /* after the escape */
  shift_set set;
} escape_row;

/* ISO-IR 6, 14 (JIS-Roman, which differs in two signs), 13, 42, 87, 159, 228/233, 229. */
static const escape_row japanese[] = {
    {"(B", SET_ASCII},   {"(J", SET_ASCII},   {"(H", SET_ASCII},   {"(I", SET_KANA},
    {"$@", SET_DOUBLE},  {"$B", SET_DOUBLE},  {"$(@", SET_DOUBLE}, {"$(B", SET_DOUBLE},
    {"$(O", SET_DOUBLE}, {"$(Q", SET_DOUBLE}, {"$(D", SET_EXTRA},
};

static bool is_shifted(char c) {
  return c >= 0x21 && c <= 0x7e;
}

static char high(char c) {
  return (char)(c | 0x80);
}

/* The character at s, of that set, or a byte that is none of it; adds to *at how many bytes it
 * took. */
static tide_status take_shifted(tide_span s, shift_set set, tide_buffer *out, bool *lied,
                                size_t *at) {
  char bytes[3];
  size_t len = 0;
  const bool two = set == SET_DOUBLE || set == SET_EXTRA;
  if (set == SET_ASCII || !is_shifted(s.ptr[0])) {
    *lied = *lied || (two && s.ptr[0] & 0x80);
    ++*at;
    return tide_buffer_putc(out, s.ptr[0]);
  }
  if (two && s.len == 1) {
    ++*at;
    return TIDE_OK; /* the last character was cut */
  }
  if (two && !is_shifted(s.ptr[1])) {
    *lied = true;
    ++*at;
    return tide_buffer_putc(out, s.ptr[0]);
  }
  if (set == SET_KANA || set == SET_EXTRA)
    bytes[len++] = (char)(set == SET_KANA ? KANA_LEAD : EXTRA_LEAD);
  bytes[len++] = high(s.ptr[0]);
  if (two)
    bytes[len++] = high(s.ptr[1]);
  *at += two ? 2 : 1;
  return tide_buffer_put(out, tide_span_make(bytes, len));
}

static tide_status unshift_japanese(tide_span s, tide_buffer *out, bool *lied) {
  shift_set set = SET_ASCII, before = SET_ASCII;
  for (size_t at = 0; at < s.len;) {
    tide_span rest = tide_span_slice(s, at, s.len);
    char c = rest.ptr[0];
    if (c == ESCAPE) {
      tide_span sign = tide_span_slice(rest, 1, rest.len);
      size_t i = 0, rows = sizeof japanese / sizeof *japanese;
      while (i < rows && !tide_span_starts(sign, tide_span_of(japanese[i].sign)))
        i++;
      if (i < rows) {
        set = japanese[i].set;
        at += 1 + strlen(japanese[i].sign);
        continue;
      }
      *lied = true;
    } else if (c == SHIFT_OUT || c == SHIFT_IN) { /* kana without an escape: JIS X 0202, CP50222 */
      if (c == SHIFT_OUT && set != SET_KANA)
        before = set;
      set = c == SHIFT_OUT ? SET_KANA : before;
      at++;
      continue;
    } else if (c == '\n') {
      set = SET_ASCII; /* RFC 1468: a line ends in ASCII */
    }
    TIDE_TRY(take_shifted(rest, set, out, lied, &at));
  }
  return TIDE_OK;
}

/* Korean and Chinese: the set is named at the beginning of the text or line, and two signs turn it
 * on and off. */
static tide_status unshift_named(tide_span s, tide_buffer *out, bool *lied) {
  shift_set set = SET_ASCII;
  for (size_t at = 0; at < s.len;) {
    tide_span rest = tide_span_slice(s, at, s.len);
    char c = rest.ptr[0];
    if (c == ESCAPE && rest.len >= 4 && rest.ptr[1] == '$' &&
        (rest.ptr[2] == ')' || rest.ptr[2] == '*')) {
      /* KS X 1001 and GB 2312; the sets of CNS 11643 are no part of what this becomes. */
      *lied = *lied || (rest.ptr[3] != 'C' && rest.ptr[3] != 'A');
      at += 4;
      continue;
    }
    if (c == SHIFT_OUT || c == SHIFT_IN) {
      set = c == SHIFT_OUT ? SET_DOUBLE : SET_ASCII;
      at++;
      continue;
    }
    if (c == '\n')
      set = SET_ASCII;
    TIDE_TRY(take_shifted(rest, set, out, lied, &at));
  }
  return TIDE_OK;
}

static tide_status unshift_hz(tide_span s, tide_buffer *out, bool *lied) {
  shift_set set = SET_ASCII;
  for (size_t at = 0; at < s.len;) {
    tide_span rest = tide_span_slice(s, at, s.len);
    char sign = rest.ptr[0] == '~' && rest.len > 1 ? rest.ptr[1] : '\0';
    if (set == SET_ASCII && sign == '{') {
      set = SET_DOUBLE;
      at += 2;
    } else if (set == SET_DOUBLE && sign == '}') {
      set = SET_ASCII;
      at += 2;
    } else if (set == SET_ASCII && sign == '\n') {
      at += 2; /* a line that goes on */
    } else if (set == SET_ASCII && sign == '~') {
      TIDE_TRY(tide_buffer_putc(out, '~'));
      at += 2;
    } else {
      if (rest.ptr[0] == '\n')
        set = SET_ASCII;
      TIDE_TRY(take_shifted(rest, set, out, lied, &at));
    }
  }
  return TIDE_OK;
}

static int sextet_of(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (tide_is_digit(c))
    return c - '0' + 52;
  if (c == '+')
    return 62;
  return c == '/' ? 63 : -1;
}

/* What comes after a '+' at the start of s, up to what is no base64: UTF-16. Returns how many
 * bytes that took; 0 if not one character came of it, and the '+' is itself. */
static size_t take_utf16(tide_span s, tide_buffer *out, bool *lied, tide_status *status) {
  uint32_t bits = 0, lead = 0;
  unsigned have = 0;
  size_t at = 0, units = 0;
  for (int six; at < s.len && *status == TIDE_OK && (six = sextet_of(s.ptr[at])) >= 0; at++) {
    bits = bits << 6 | (uint32_t)six;
    have += 6;
    if (have < 16)
      continue;
    have -= 16;
    uint32_t unit = bits >> have & 0xffff;
    bits &= (1u << have) - 1;
    units++;
    bool low = unit >= 0xdc00 && unit < 0xe000;
    if (lead && !low) {
      *lied = true;
      *status = tide_buffer_put_utf8(out, 0xfffd);
    }
    if (unit >= 0xd800 && unit < 0xdc00) {
      lead = unit;
      continue;
    }
    if (low)
      unit = lead ? 0x10000 + ((lead - 0xd800) << 10) + (unit - 0xdc00) : 0xfffd;
    lead = 0;
    if (*status == TIDE_OK)
      *status = tide_buffer_put_utf8(out, unit);
  }
  if (lead && *status == TIDE_OK)
    *status = tide_buffer_put_utf8(out, 0xfffd);
  *lied = *lied || lead || (units && (have >= 6 || bits));
  return units ? at : 0;
}

static tide_status unshift_utf7(tide_span s, tide_buffer *out, bool *lied) {
  for (size_t at = 0; at < s.len;) {
    tide_status status = TIDE_OK;
    size_t plain = tide_span_find_char(tide_span_slice(s, at, s.len), '+');
    TIDE_TRY(tide_buffer_put(out, tide_span_slice(s, at, at + plain)));
    at += plain;
    if (at == s.len)
      break;
    size_t taken = take_utf16(tide_span_slice(s, at + 1, s.len), out, lied, &status);
    TIDE_TRY(status);
    at += 1 + taken;
    if (taken == 0)
      TIDE_TRY(tide_buffer_putc(out, '+'));
    at += at < s.len && s.ptr[at] == '-';
  }
  return TIDE_OK;
}

typedef struct shift_row {
  const char *decoder, *becomes;
  tide_status (*unshift)(tide_span, tide_buffer *, bool *lied);
} shift_row;

static const shift_row shifts[] = {
    {.decoder = "ISO-2022-JP", .becomes = "EUC-JP-MS", .unshift = unshift_japanese},
    {.decoder = "ISO-2022-KR", .becomes = "UHC", .unshift = unshift_named},
    {.decoder = "ISO-2022-CN", .becomes = "GB18030", .unshift = unshift_named},
    {.decoder = "HZ", .becomes = "GB18030", .unshift = unshift_hz},
    {.decoder = "UTF-7", .becomes = tide_charset_utf8, .unshift = unshift_utf7},
};

static const shift_row *shift_find(const char *decoder) {
  for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
    if (strcmp(decoder, shifts[i].decoder) == 0)
      return &shifts[i];
  return NULL;
}

bool tide_charset_is_shifted(const char *decoder) {
  return shift_find(decoder) != NULL;
}

bool tide_charset_unshift(const char *decoder, tide_span bytes, tide_buffer *out, const char **name,
                          bool *lied, tide_status *status) {
  const shift_row *row = shift_find(decoder);
  if (!row)
    return false;
  *name = row->becomes;
  *status = row->unshift(bytes, out, lied);
  return true;
}
