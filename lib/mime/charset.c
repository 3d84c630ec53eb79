/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charsets to UTF-8. A lying or unknown charset costs characters, never the message (modoboa#944).
 */
#include "charset.h"

#include <errno.h>
#include <stdlib.h>

#include "base/utf8.h"

static size_t utf8_length(tide_span s) {
  uint32_t any;
  return tide_utf8_take(s, &any);
}

size_t tide_ascii_length(tide_span s) {
  size_t at = 0;
  for (uint64_t word; at + 8 <= s.len; at += 8) {
    memcpy(&word, s.ptr + at, 8);
    if (word & 0x8080808080808080u)
      break;
  }
  while (at < s.len && !(s.ptr[at] & 0x80))
    at++;
  return at;
}

bool tide_utf8_valid(tide_span s) {
  for (size_t at = 0; at < s.len;) {
    tide_span rest = tide_span_make(s.ptr + at, s.len - at);
    size_t len = s.ptr[at] & 0x80 ? utf8_length(rest) : tide_ascii_length(rest);
    if (len == 0)
      return false;
    at += len;
  }
  return true;
}

tide_span tide_utf8_trim(tide_span s) {
  size_t lead = s.len;
  while (lead && s.len - lead < 4 && ((unsigned char)s.ptr[lead - 1] & 0xc0) == 0x80)
    lead--;
  if (lead == 0)
    return s;
  unsigned char c = (unsigned char)s.ptr[lead - 1];
  size_t want = c >= 0xc0 ? 2 : 1;
  if (c >= 0xe0)
    want = c >= 0xf0 ? 4 : 3;
  if (want > 1 && s.len - (lead - 1) < want)
    s.len = lead - 1;
  return s;
}

/* What Windows-1252 has at 0x80..0x9f (unicode.org, CP1252.TXT); its five holes are U+FFFD. */
uint32_t tide_windows_1252_at(unsigned char byte) {
  static const uint16_t table[32] = {
      0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
      0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
      0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
  return byte >= 0x80 && byte < 0xa0 ? table[byte - 0x80] : byte;
}

/* `unicode`: what is valid UTF-8 is taken for it, and only the rest is Windows-1252. */
static tide_status put_bytes(tide_span s, bool unicode, tide_buffer *out, bool *lied) {
  tide_status status = TIDE_OK;
  for (size_t at = 0; at < s.len && status == TIDE_OK;) {
    tide_span rest = tide_span_make(s.ptr + at, s.len - at);
    size_t len = 0;
    if (!(s.ptr[at] & 0x80))
      len = tide_ascii_length(rest);
    else if (unicode)
      len = utf8_length(rest);
    if (len) {
      status = tide_buffer_put(out, tide_span_make(rest.ptr, len));
    } else {
      status = tide_buffer_put_utf8(out, tide_windows_1252_at((unsigned char)*rest.ptr));
      *lied = *lied || unicode;
      len = 1;
    }
    at += len;
  }
  return status;
}

/* UTF-16 without a byte order mark: in most scripts the zeros among its bytes tell. RFC 2781 4.3:
 * big-endian where nothing does. */
static const char *utf16_name(tide_span s) {
  size_t zeros[2] = {0};
  if (tide_span_starts(s, SPAN("\xff\xfe")))
    return "UTF-16LE";
  if (tide_span_starts(s, SPAN("\xfe\xff")))
    return "UTF-16BE";
  for (size_t i = 0; i < s.len && i < 256; i++)
    zeros[i & 1] += s.ptr[i] == 0;
  return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

static bool is_wide(const char *decoder) {
  return strncmp(decoder, "UTF-16", 6) == 0 || strncmp(decoder, "UTF-32", 6) == 0;
}

/* A text that is ASCII and says that it is UTF-16 or UTF-32 would turn into ideographs. Cyrillic in
 * UTF-16 is ASCII, too, except control characters that no text has: U+043A is 04 3A. */
static bool is_wide_lie(const char *decoder, tide_span bytes) {
  if (!is_wide(decoder))
    return false;
  for (size_t i = 0; i < bytes.len; i++)
    if ((unsigned char)bytes.ptr[i] < 0x08)
      return false;
  return tide_ascii_length(bytes) == bytes.len;
}

/* Charsets in which letters of two bytes, or letters that have no case, follow each other closely.
 */
static bool is_dense(const char *decoder) {
  static const char *const dense[] = {"GB18030", "BIG5", "EUC-", "CP932", "UHC", "JOHAB", "CP1162"};
  for (size_t i = 0; i < sizeof dense / sizeof *dense; i++)
    if (strncmp(decoder, dense[i], strlen(dense[i])) == 0)
      return true;
  return false;
}

/* UTF-8 under the name of another charset: programs that were set to the charset of their country
 * got text from the web ("India's" in a subject of Windows-1252 on a list of 2008). Each byte of a
 * character but its first is one that text in the other charset would have by chance. Of 444 parts
 * of real mail that say ISO-8859-1 and are no ASCII, one is valid UTF-8. In that charset one letter
 * is enough: "Ã" comes before another sign only in front of a quotation mark. */
static bool is_unicode_lie(const char *decoder, tide_span bytes) {
  enum { ENOUGH = 2, ENOUGH_DENSE = 8 };
  size_t by_chance = 0;
  bool western = false;
  for (size_t at = tide_ascii_length(bytes); at < bytes.len;) {
    const size_t len = utf8_length(tide_span_slice(bytes, at, bytes.len));
    if (len == 0)
      return false;
    by_chance += len - 1;
    western = western || (bytes.ptr[at] == '\xc3' && !memchr("\xab\xbb", bytes.ptr[at + 1], 2));
    at += len;
    at += tide_ascii_length(tide_span_slice(bytes, at, bytes.len));
  }
  if (western && decoder == tide_charset_western)
    return true;
  return by_chance >= ENOUGH_DENSE || (by_chance >= ENOUGH && !is_dense(decoder));
}

void tide_converter_close(converter *c) {
  if (c->name[0])
    iconv_close(c->cd);
  c->name[0] = '\0';
}

/* glibc says EINVAL of a decoder that it does not have, and of one that it could not load, whatever
 * for. So it is asked twice, and then it is seen whether there is as much memory as a decoder
 * takes. */
static tide_status decoder_open(const char *name, iconv_t *cd) {
  enum { TRIES = 2, DECODER_MEMORY = 1 << 16 };
  for (int i = 0; i < TRIES; i++) {
    *cd = iconv_open("UTF-8", name);
    if (*cd != (iconv_t)-1)
      return TIDE_OK;
  }
  bool short_of_memory = errno == ENOMEM;
  void *memory = malloc(DECODER_MEMORY);
  short_of_memory = short_of_memory || !memory;
  free(memory);
  return short_of_memory ? TIDE_FATAL : TIDE_FAIL;
}

/* TIDE_FAIL if this system has no such decoder. */
static tide_status converter_open(converter *c, const char *name) {
  if (c->name[0] && strcmp(c->name, name) == 0) {
    iconv(c->cd, NULL, NULL, NULL, NULL);
    return TIDE_OK;
  }
  tide_converter_close(c);
  TIDE_TRY(decoder_open(name, &c->cd));
  memcpy(c->name, name, strlen(name) + 1);
  return TIDE_OK;
}

static tide_status convert(converter *c, tide_span bytes, tide_buffer *out, bool *lied) {
  enum { PIECE = 4096 };
  char *in = (char *)(uintptr_t)bytes.ptr; /* iconv's signature wants it; it is not written to */
  size_t left = bytes.len;
  char piece[PIECE];
  tide_status status = TIDE_OK;
  for (bool more = true; more && status == TIDE_OK;) {
    char *to = piece;
    size_t room = sizeof piece;
    /* At the end it is flushed: CP1255 and CP1258 hold a letter back that an accent may follow. */
    more = left > 0;
    size_t n = iconv(c->cd, more ? &in : NULL, &left, &to, &room);
    int error = errno;
    status = tide_buffer_put(out, tide_span_make(piece, sizeof piece - room));
    if (n != (size_t)-1 || error == E2BIG || status != TIDE_OK)
      continue;
    if (error == EINVAL) {
      left = 0; /* the last character was cut */
      continue;
    }
    *lied = true;
    to = piece;
    room = sizeof piece;
    iconv(c->cd, NULL, NULL, &to, &room);
    status = tide_buffer_put(out, tide_span_make(piece, sizeof piece - room));
    if (status == TIDE_OK)
      status = tide_buffer_put_utf8(out, tide_windows_1252_at((unsigned char)*in));
    in++;
    left--;
  }
  return status;
}

/* ISO 8859 has controls at 0x80..0x9f, which no text has: there is the punctuation of Windows
 * (41 of 1,994 messages of a list of 2008, most of its largest sender). */
static bool is_windows_in_iso(const char *name, unsigned char c) {
  return c >= 0x80 && c < 0xa0 && strncmp(name, "ISO-8859-", 9) == 0;
}

static tide_status convert_runs(converter *c, tide_span bytes, tide_buffer *out, bool *lied) {
  tide_status status = TIDE_OK;
  for (size_t at = 0; at < bytes.len && status == TIDE_OK;) {
    size_t end = at;
    while (end < bytes.len && !is_windows_in_iso(c->name, (unsigned char)bytes.ptr[end]))
      end++;
    if (end > at) {
      status = convert(c, tide_span_slice(bytes, at, end), out, lied);
    } else {
      *lied = true;
      status = tide_buffer_put_utf8(out, tide_windows_1252_at((unsigned char)bytes.ptr[end++]));
    }
    at = end;
  }
  return status;
}

/* By one of the decoders of iconv. */
static tide_status put_converted(converter *c, tide_span bytes, const char *name, tide_buffer *out,
                                 bool *lied) {
  if (strcmp(name, "UTF-16") == 0)
    name = utf16_name(bytes);
  if (strncmp(name, "UTF-16", 6) == 0 &&
      (tide_span_starts(bytes, SPAN("\xff\xfe")) || tide_span_starts(bytes, SPAN("\xfe\xff"))))
    bytes = tide_span_slice(bytes, 2, bytes.len);
  tide_status status = converter_open(c, name);
  if (status == TIDE_OK)
    return convert_runs(c, bytes, out, lied);
  if (status == TIDE_FATAL)
    return status;
  *lied = true;
  return put_bytes(bytes, tide_utf8_valid(bytes), out, lied);
}

tide_span tide_charset_marked(tide_span bytes) {
  static const struct {
    char signs[5];
    tide_span label;
  } escapes[] = {{"\x1b$@", SPAN("iso-2022-jp")},
                 {"\x1b$B", SPAN("iso-2022-jp")},
                 {"\x1b$(D", SPAN("iso-2022-jp")},
                 {"\x1b$)C", SPAN("iso-2022-kr")},
                 {"\x1b$)A", SPAN("iso-2022-cn")}};
  if (tide_span_starts(bytes, SPAN("\xef\xbb\xbf")))
    return SPAN("utf-8");
  if (tide_span_starts(bytes, SPAN("\xff\xfe")) || tide_span_starts(bytes, SPAN("\xfe\xff")))
    return SPAN("utf-16");
  tide_span rest = bytes;
  for (size_t at; (at = tide_span_find_char(rest, '\x1b')) < rest.len;) {
    rest = tide_span_slice(rest, at, rest.len);
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
      if (tide_span_starts(rest, tide_span_of(escapes[i].signs)))
        return tide_ascii_length(bytes) == bytes.len ? escapes[i].label : (tide_span){0};
    rest = tide_span_slice(rest, 1, rest.len);
  }
  return (tide_span){0};
}

/* The decoder for a label; where it says no more than ASCII, or nothing known, and the bytes are
 * something else, what they look like. */
static const char *decoder_for(tide_span charset, tide_span bytes, bool *lied) {
  const char *decoder = tide_charset_find(charset);
  if ((decoder && decoder != tide_charset_utf8) ||
      tide_span_ifind(charset, SPAN("utf")) < charset.len || tide_utf8_valid(bytes))
    return decoder;
  const tide_span guess = tide_charset_guess(bytes);
  *lied = *lied || guess.len;
  return guess.len ? tide_charset_find(guess) : decoder;
}

tide_status tide_charset_put(converter *c, tide_span bytes, tide_span charset, tide_buffer *out,
                             bool *lied) {
  const char *decoder = c ? decoder_for(charset, bytes, lied) : tide_charset_find(charset);
  if (bytes.len == 0)
    return TIDE_OK;
  if (decoder == tide_charset_utf8)
    return put_bytes(bytes, true, out, lied);
  if (decoder && !is_wide(decoder) && is_unicode_lie(decoder, bytes)) {
    *lied = true;
    return tide_buffer_put(out, bytes);
  }
  if (decoder == tide_charset_western)
    return put_bytes(bytes, false, out, lied);
  if (!decoder || is_wide_lie(decoder, bytes)) {
    *lied = true;
    return put_bytes(bytes, tide_utf8_valid(bytes), out, lied);
  }
  tide_buffer plain = {0};
  tide_status status;
  const char *name = NULL;
  if (tide_charset_by_table(decoder, bytes, out, &status))
    return status;
  if (!tide_charset_unshift(decoder, bytes, &plain, &name, lied, &status))
    return put_converted(c, bytes, decoder, out, lied);
  if (status == TIDE_OK)
    status = name == tide_charset_utf8
                 ? put_bytes(tide_buffer_span(&plain), true, out, lied)
                 : put_converted(c, tide_buffer_span(&plain), name, out, lied);
  tide_buffer_free(&plain);
  return status;
}

tide_status tide_charset_decode(converter *c, tide_span bytes, tide_span charset,
                                tide_buffer *scratch, tide_span *out, bool *lied) {
  const char *decoder = tide_charset_find(charset);
  bool unicode = decoder == tide_charset_utf8, western = decoder == tide_charset_western;
  *out = bytes;
  if (unicode ? tide_utf8_valid(bytes) : western && tide_ascii_length(bytes) == bytes.len)
    return TIDE_OK;
  tide_buffer_clear(scratch);
  tide_status status = tide_charset_put(c, bytes, charset, scratch, lied);
  *out = tide_buffer_span(scratch);
  return status;
}
