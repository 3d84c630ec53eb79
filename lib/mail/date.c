/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The usual form is read at once at fixed places (date_english.c). All others are read as words and
 * numbers (date_scan.c), after what hides them is taken off: encoded words, the field's name again,
 * digits of other scripts. */
#include "mail/date.h"

#include "base/utf8.h"
#include "date_english.h"
#include "date_scan.h"

enum { DATE_MAX = 256 };

static int base64_digit(char c) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *at = c ? memchr(digits, c, sizeof digits - 1) : NULL;
  return at ? (int)(at - digits) : -1;
}

/* Takes encoded words (RFC 2047) apart: nobody should write a date so, and some do. False if s
 * holds none. The charset does not matter to what a date is made of. */
static bool decode_words(tide_span s, char out[DATE_MAX], size_t *out_len) {
  size_t len = 0, at;
  bool any = false;
  while ((at = tide_span_find(s, SPAN("=?"))) < s.len) {
    tide_span word = tide_span_slice(s, at + 2, s.len);
    size_t mark = tide_span_find_char(word, '?'), end;
    tide_span text = tide_span_slice(word, mark + 3, word.len);
    if (text.len == 0 || word.ptr[mark + 2] != '?' ||
        (end = tide_span_find(text, SPAN("?="))) == text.len)
      break;
    bool base64 = tide_lower(word.ptr[mark + 1]) == 'b';
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < end && len < DATE_MAX; i++) {
      char c = text.ptr[i];
      if (base64) {
        int digit = base64_digit(c);
        if (digit < 0)
          continue;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held < 8)
          continue;
        held -= 8;
        c = (char)(bits >> held & 0xff);
      } else if (c == '_') {
        c = ' ';
      } else if (c == '=' && i + 2 < end && tide_hex_digit(text.ptr[i + 1]) >= 0 &&
                 tide_hex_digit(text.ptr[i + 2]) >= 0) {
        c = (char)(tide_hex_digit(text.ptr[i + 1]) * 16 + tide_hex_digit(text.ptr[i + 2]));
        i += 2;
      }
      out[len++] = c;
    }
    any = true;
    s = tide_span_slice(text, end + 2, text.len);
  }
  for (size_t i = 0; i < s.len && len < DATE_MAX; i++)
    out[len++] = s.ptr[i];
  *out_len = len;
  return any;
}

/* The date with ASCII's digits for those of other scripts; out has room for all of s. */
static tide_span plain_digits(tide_span s, char *out) {
  static const uint32_t zeros[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6,  0xb66,  0xbe6,
                                   0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0, 0xff10};
  size_t len = 0, high = 0;
  while (high < s.len && (unsigned char)s.ptr[high] < 0x80)
    high++;
  if (high == s.len)
    return s;
  for (size_t at = 0, step; at < s.len; at += step) {
    uint32_t c = 0;
    step = tide_utf8_take(tide_span_slice(s, at, s.len), &c);
    size_t i = 0;
    while (step > 1 && i < sizeof zeros / sizeof *zeros && c - zeros[i] > 9)
      i++;
    if (step > 1 && i < sizeof zeros / sizeof *zeros) {
      out[len++] = (char)('0' + (c - zeros[i]));
      continue;
    }
    step = step ? step : 1;
    memcpy(out + len, s.ptr + at, step);
    len += step;
  }
  return tide_span_make(out, len);
}

bool tide_date_parse(tide_span s, tide_date *out) {
  if (tide_date_rfc(s, out))
    return true;
  s = tide_span_slice(s, 0, DATE_MAX);
  char decoded[DATE_MAX], digits[DATE_MAX];
  size_t len;
  /* "Date: Tue, …", "Gesendet: …": the field's name again. */
  size_t name = 0;
  while (name < s.len && (tide_is_alpha(s.ptr[name]) || s.ptr[name] & 0x80))
    name++;
  if (name > 2 && name < s.len && s.ptr[name] == ':' && !tide_weekday_any(s.ptr, name))
    s = tide_span_slice(s, name + 1, s.len);
  if (s.len > 2 && s.ptr[0] == '=' && decode_words(s, decoded, &len))
    s = tide_span_make(decoded, len);
  s = plain_digits(s, digits);
  if (tide_date_scan(s, false, out) || tide_date_epoch(s, out))
    return true;
  /* A whole Received field, or other words, in front. */
  const char *semicolon = s.len ? memrchr(s.ptr, ';', s.len) : NULL;
  return semicolon &&
         tide_date_scan(tide_span_make(semicolon + 1, (size_t)(s.ptr + s.len - semicolon - 1)),
                        false, out);
}
