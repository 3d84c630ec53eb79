/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings (RFC 2045 6) taken off. What is clean is decoded here, at the speed of memory;
 * from the first byte that is not, GMime's decoders go on until they are between two groups of
 * base64 or two characters of quoted-printable again. So the result is theirs
 * (tests/unit/test_transfer.c). */
#include "content.h"

#include <gmime/gmime-encodings.h>

enum {
  CHUNK = 64 << 10,
  ODD = 4096 /* bytes that GMime is given before the short way is tried again */
};

/* The six bits of a letter of base64; 0xff for what is none. */
static const uint8_t sextet[256] = {
    /* clang-format off */
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,  62, 255, 255, 255,  63,
     52,  53,  54,  55,  56,  57,  58,  59,  60,  61, 255, 255, 255, 255, 255, 255,
    255,   0,   1,   2,   3,   4,   5,   6,   7,   8,   9,  10,  11,  12,  13,  14,
     15,  16,  17,  18,  19,  20,  21,  22,  23,  24,  25, 255, 255, 255, 255, 255,
    255,  26,  27,  28,  29,  30,  31,  32,  33,  34,  35,  36,  37,  38,  39,  40,
     41,  42,  43,  44,  45,  46,  47,  48,  49,  50,  51, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    /* clang-format on */
};

/* Whole groups of four letters at the start of `in`, with line ends between them; returns how many
 * bytes that took. `out` has room for three bytes in four, and one more. */
static size_t decode_base64(tide_span in, char *out, size_t *written) {
  const unsigned char *p = (const unsigned char *)in.ptr, *end = p + in.len;
  char *to = out;
  for (;;) {
    while (end - p >= 4) {
      uint32_t a = sextet[p[0]], b = sextet[p[1]], c = sextet[p[2]], d = sextet[p[3]];
      if ((a | b | c | d) & 0xc0)
        break;
      uint32_t group = a << 18 | b << 12 | c << 6 | d;
      *to++ = (char)(group >> 16);
      *to++ = (char)(group >> 8);
      *to++ = (char)group;
      p += 4;
    }
    const unsigned char *stop = p;
    while (p < end && (*p == '\n' || *p == '\r'))
      p++;
    if (p == stop)
      break;
  }
  *written = (size_t)(to - out);
  return (size_t)(p - (const unsigned char *)in.ptr);
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Literal bytes, "=XX" and soft line breaks at the start of `in`; returns how many bytes that took.
 * `out` has room for as many. */
static size_t decode_quoted(tide_span in, char *out, size_t *written) {
  const char *p = in.ptr, *end = p + in.len;
  char *to = out;
  for (;;) {
    const char *equals = p < end ? memchr(p, '=', (size_t)(end - p)) : NULL;
    size_t run = (size_t)((equals ? equals : end) - p);
    memcpy(to, p, run);
    to += run;
    p += run;
    if (end - p < 3)
      break; /* at the end, or at a sign that the chunk may have cut */
    if (p[1] == '\n') {
      p += 2;
    } else if (p[1] == '\r' && p[2] == '\n') {
      p += 3;
    } else {
      int high = hex_digit(p[1]), low = hex_digit(p[2]);
      if (high < 0 || low < 0)
        break;
      *to++ = (char)(high << 4 | low);
      p += 3;
    }
  }
  *written = (size_t)(to - out);
  return (size_t)(p - in.ptr);
}

/* Where the lines of a uuencoded file begin: behind its "begin 644 name". */
static tide_span uu_lines(tide_span s) {
  while (s.len) {
    bool begins = tide_span_starts(s, SPAN("begin "));
    s = tide_span_slice(s, tide_span_find_char(s, '\n') + 1, s.len);
    if (begins)
      break;
  }
  return s;
}

tide_status content_decode(const content *part, size_t most, tide_buffer *into, tide_span *out) {
  GMimeEncoding state;
  tide_span in = part->bytes;
  size_t (*clean)(tide_span, char *, size_t *) = NULL;
  switch (part->encoding) {
  case GMIME_CONTENT_ENCODING_DEFAULT:
  case GMIME_CONTENT_ENCODING_7BIT:
  case GMIME_CONTENT_ENCODING_8BIT:
  case GMIME_CONTENT_ENCODING_BINARY:
    *out = tide_span_slice(in, 0, most);
    return in.len > most ? TIDE_SKIP : TIDE_OK;
  case GMIME_CONTENT_ENCODING_UUENCODE: in = uu_lines(in); break;
  case GMIME_CONTENT_ENCODING_BASE64: clean = decode_base64; break;
  case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE: clean = decode_quoted; break;
  }
  g_mime_encoding_init_decode(&state, part->encoding);
  if (part->encoding == GMIME_CONTENT_ENCODING_UUENCODE)
    state.state |= GMIME_UUDECODE_STATE_BEGIN;
  tide_buffer_clear(into);
  into->limit = most + 2 * CHUNK;
  while (in.len && into->len < most) {
    tide_span chunk = tide_span_slice(in, 0, CHUNK);
    if (tide_buffer_reserve(into, chunk.len + 64) != TIDE_OK)
      return TIDE_FATAL;
    if (clean && state.state == 0) {
      size_t written, taken = clean(chunk, into->ptr + into->len, &written);
      into->len += written;
      in = tide_span_slice(in, taken, in.len);
      if (taken)
        continue;
    }
    if (clean)
      chunk = tide_span_slice(in, 0, ODD);
    if (tide_buffer_reserve(into, g_mime_encoding_outlen(&state, chunk.len)) != TIDE_OK)
      return TIDE_FATAL;
    into->len += g_mime_encoding_step(&state, chunk.ptr, chunk.len, into->ptr + into->len);
    in = tide_span_slice(in, chunk.len, in.len);
  }
  if (in.len == 0) {
    if (tide_buffer_reserve(into, g_mime_encoding_outlen(&state, 4)) != TIDE_OK)
      return TIDE_FATAL;
    /* Padding that was left off: GMime would lose the last letters. */
    if (part->encoding == GMIME_CONTENT_ENCODING_BASE64 && state.state >= 2 && state.state <= 3)
      into->len +=
          g_mime_encoding_step(&state, "==", (size_t)(4 - state.state), into->ptr + into->len);
    into->len += g_mime_encoding_flush(&state, "", 0, into->ptr + into->len);
  }
  *out = tide_buffer_span(into);
  return in.len ? TIDE_SKIP : TIDE_OK;
}
