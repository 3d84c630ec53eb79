/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings (RFC 2045 6) taken off. Quoted-printable and base64 are decoded here, at the
 * speed of memory: of base64 that is not clean GMime stops at the first padding, of
 * quoted-printable it leaves a soft line break with a blank after it (tests/unit/test_transfer.c).
 */
#include "content.h"

#include <gmime/gmime-encodings.h>

enum { CHUNK = 64 << 10 };

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

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/* True if a soft line break is at *p, after its '='; moves past it. Blanks may be at
 * the end of the line, where a gateway left them (RFC 2045 6.7, rule 3). The line may be the last
 * one, without an end. */
static bool soft_break(const char **p, const char *end) {
  enum { BLANKS_MAX = 76 };
  const char *at = *p;
  while (at < end && at - *p < BLANKS_MAX && is_blank(*at))
    at++;
  if (at < end && *at != '\n')
    return false;
  *p = at + (at < end);
  return true;
}

/* Literal bytes, "=XX" and soft line breaks at the start of `in`; a '=' that begins neither is
 * itself, as readers show it. Returns how many bytes that took: all of them where `last`, else what
 * no byte after can change. `out` has room for as many. */
static size_t decode_quoted(tide_span in, bool last, char *out, size_t *written) {
  enum { SIGN_MAX = 80 }; /* bytes from a '=' on that may belong to it */
  const char *p = in.ptr, *end = p + in.len;
  char *to = out;
  while (p < end) {
    const char *equals = memchr(p, '=', (size_t)(end - p));
    size_t run = (size_t)((equals ? equals : end) - p);
    memcpy(to, p, run);
    to += run;
    p += run;
    if (p == end || (!last && end - p < SIGN_MAX))
      break;
    int high = end - p > 2 ? hex_digit(p[1]) : -1, low = high < 0 ? -1 : hex_digit(p[2]);
    if (low >= 0) {
      *to++ = (char)(high << 4 | low);
      p += 3;
      continue;
    }
    p++;
    if (!soft_break(&p, end))
      *to++ = '=';
  }
  *written = (size_t)(to - out);
  return (size_t)(p - in.ptr);
}

/* Where the lines of a uuencoded file begin: after its "begin 644 name". */
static tide_span uu_lines(tide_span s) {
  while (s.len) {
    bool begins = tide_span_starts(s, SPAN("begin "));
    s = tide_span_slice(s, tide_span_find_char(s, '\n') + 1, s.len);
    if (begins)
      break;
  }
  return s;
}

/* --- base64 that is not clean --- */

tide_status tide_base64_end(base64_group *g, tide_buffer *out) {
  /* Two letters are a byte and four bits to spare, three are two bytes and two bits. */
  char bytes[2] = {(char)(g->have == 2 ? g->bits >> 4 : g->bits >> 10), (char)(g->bits >> 2)};
  size_t len = g->have >= 2 ? g->have - 1 : 0;
  *g = (base64_group){.have = 0};
  return len ? tide_buffer_put(out, tide_span_make(bytes, len)) : TIDE_OK;
}

tide_status tide_base64_put(base64_group *g, tide_span in, tide_buffer *out) {
  for (size_t i = 0; i < in.len; i++) {
    uint32_t six = sextet[(unsigned char)in.ptr[i]];
    if (in.ptr[i] == '-' || in.ptr[i] == '_') /* the alphabet for URLs, RFC 4648 5 */
      six = in.ptr[i] == '-' ? 62 : 63;
    if (in.ptr[i] == '=')
      TIDE_TRY(tide_base64_end(g, out));
    if (six > 63)
      continue;
    g->bits = g->bits << 6 | six;
    if (++g->have < 4)
      continue;
    char bytes[3] = {(char)(g->bits >> 16), (char)(g->bits >> 8), (char)g->bits};
    *g = (base64_group){.have = 0};
    TIDE_TRY(tide_buffer_put(out, tide_span_make(bytes, sizeof bytes)));
  }
  return TIDE_OK;
}

/* What kind a line is, of a body that says it is base64. */
typedef enum base64_line {
  LINE_BASE64, /* letters of it, with a stray sign perhaps */
  LINE_BLOCK,  /* whole groups, too many to be a word */
  LINE_WORDS   /* plain text */
} base64_line;

/* Is it written as base64 is, and words are not: capitals and digits in the middle of letters? Few
 * of its signs may be none of base64's letters. */
static bool looks_encoded(tide_span line) {
  enum { TURN_SHARE = 8 };
  size_t turns = 0, letters = 0, odd = 0;
  for (size_t i = 0; i < line.len; i++) {
    char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : ' ';
    if (tide_is_space(c))
      continue;
    letters++;
    odd += !tide_is_alnum(c) && !memchr("+/=-_", c, 5);
    bool small = tide_is_alpha(c) && tide_lower(c) == c;
    turns += (small && tide_is_alpha(next) && tide_lower(next) != next) ||
             (tide_is_alnum(c) && tide_is_alnum(next) && tide_is_digit(c) != tide_is_digit(next));
  }
  return odd == 0 && turns * TURN_SHARE >= letters && letters > 4;
}

static base64_line line_kind(tide_span line, bool padded) {
  /* Of words one sign in six is no letter; of base64 with stray signs far fewer are. */
  enum { BLOCK_MIN = 16, ODD_SHARE = 8, BLANK_SHARE = 20 };
  size_t odd = 0, blanks = 0;
  /* Quoted by someone who did not know what it is. */
  while (line.len && (line.ptr[0] == '>' || tide_is_space(line.ptr[0])))
    line = tide_span_slice(line, 1, line.len);
  line = tide_span_trim(line);
  if (tide_span_equal(line, SPAN("=")) || tide_span_equal(line, SPAN("==")))
    return LINE_BASE64; /* padding that was folded */
  size_t letters = line.len;
  while (letters && line.ptr[letters - 1] == '=')
    letters--;
  for (size_t i = 0; i < letters; i++) {
    odd += sextet[(unsigned char)line.ptr[i]] > 63 && line.ptr[i] != '=';
    blanks += line.ptr[i] == ' ' || line.ptr[i] == '\t';
  }
  if (letters == 0 && line.len)
    return LINE_WORDS;
  if (odd * (blanks ? BLANK_SHARE : ODD_SHARE) > line.len)
    return padded || !looks_encoded(line) ? LINE_WORDS : LINE_BASE64;
  if (odd == 0 && line.len % 4 == 0 && (line.len >= BLOCK_MIN || letters < line.len) && line.len)
    return LINE_BLOCK;
  /* After padding another block may begin, which would be of whole groups. */
  return padded && line.len % 4 ? LINE_WORDS : LINE_BASE64;
}

/* How far a body in base64 is decoded. */
typedef struct base64_reader {
  tide_span all;
  size_t at;     /* up to here */
  size_t judged; /* the end of the line that was looked at last; each is looked at once */
  size_t most;   /* bytes that are wanted */
  base64_group group;
  bool padded; /* the last group had padding */
} base64_reader;

static size_t line_end_at(const base64_reader *r, size_t at) {
  return at + tide_span_find_char(tide_span_slice(r->all, at, r->all.len), '\n');
}

/* Lines of plain text, up to the next block. */
static tide_status take_words(base64_reader *r, tide_buffer *into) {
  tide_status status = into->len ? tide_buffer_putc(into, '\n') : TIDE_OK;
  while (r->at < r->all.len && into->len < r->most && status == TIDE_OK) {
    size_t end = line_end_at(r, r->at) + 1;
    tide_span line = tide_span_slice(r->all, r->at, end);
    if (line_kind(line, true) == LINE_BLOCK)
      break;
    status = tide_buffer_put(into, tide_span_slice(line, 0, r->most));
    r->at += line.len;
  }
  r->judged = r->at;
  return status;
}

/* At a byte that is no part of a clean group. Takes the line's rest, to its padding at most, or the
 * plain text that it begins. */
static tide_status take_odd(base64_reader *r, tide_buffer *into) {
  if (r->at >= r->judged) {
    const char *before = r->at ? memrchr(r->all.ptr, '\n', r->at) : NULL;
    size_t start = before ? (size_t)(before + 1 - r->all.ptr) : 0, taken = r->at - start;
    r->judged = line_end_at(r, r->at);
    tide_span line = tide_span_slice(r->all, start, r->judged);
    r->judged += r->judged < r->all.len;
    bool blank = tide_span_trim(line).len == 0;
    if (!blank && taken % 4 == 0 && line_kind(line, r->padded) == LINE_WORDS) {
      TIDE_TRY(tide_base64_end(&r->group, into));
      size_t back = taken / 4 * 3; /* what of it was decoded */
      into->len -= back < into->len ? back : into->len;
      r->at = start;
      r->padded = false;
      return take_words(r, into);
    }
    r->padded = r->padded && blank;
  }
  size_t end = r->judged - r->at < CHUNK ? r->judged : r->at + CHUNK;
  tide_span rest = tide_span_slice(r->all, r->at, end);
  size_t padding = tide_span_find_char(rest, '=');
  r->padded = r->padded || padding < rest.len;
  while (padding < rest.len && rest.ptr[padding] == '=')
    padding++;
  rest.len = padding;
  r->at += rest.len;
  return tide_base64_put(&r->group, rest, into);
}

static tide_status base64_decode(base64_reader *r, tide_buffer *into) {
  while (r->at < r->all.len && into->len < r->most) {
    tide_span chunk = tide_span_slice(r->all, r->at, r->at + CHUNK);
    if (tide_buffer_reserve(into, chunk.len + 64) != TIDE_OK)
      return TIDE_FATAL;
    size_t written = 0, taken = 0;
    if (r->group.have == 0 && !r->padded)
      taken = decode_base64(chunk, into->ptr + into->len, &written);
    into->len += written;
    r->at += taken;
    if (taken == 0)
      TIDE_TRY(take_odd(r, into));
  }
  return r->at == r->all.len ? tide_base64_end(&r->group, into) : TIDE_OK;
}

tide_status tide_content_decode(const content *part, size_t most, tide_buffer *into,
                                tide_span *out) {
  GMimeEncoding state;
  tide_span in = part->bytes;
  bool quoted = false;
  switch (part->encoding) {
  case GMIME_CONTENT_ENCODING_DEFAULT:
  case GMIME_CONTENT_ENCODING_7BIT:
  case GMIME_CONTENT_ENCODING_8BIT:
  case GMIME_CONTENT_ENCODING_BINARY:
    *out = tide_span_slice(in, 0, most);
    return in.len > most ? TIDE_SKIP : TIDE_OK;
  case GMIME_CONTENT_ENCODING_UUENCODE: in = uu_lines(in); break;
  case GMIME_CONTENT_ENCODING_BASE64: break;
  case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE: quoted = true; break;
  }
  tide_buffer_clear(into);
  into->limit = 0;
  if (part->encoding == GMIME_CONTENT_ENCODING_BASE64) {
    base64_reader reader = {.all = in, .most = most};
    if (base64_decode(&reader, into) != TIDE_OK)
      return TIDE_FATAL;
    *out = tide_buffer_span(into);
    return reader.at < in.len ? TIDE_SKIP : TIDE_OK;
  }
  into->limit = most + 2 * CHUNK;
  g_mime_encoding_init_decode(&state, part->encoding);
  if (!quoted)
    state.state |= GMIME_UUDECODE_STATE_BEGIN;
  while (in.len && into->len < most) {
    tide_span chunk = tide_span_slice(in, 0, CHUNK);
    const size_t room = quoted ? chunk.len : g_mime_encoding_outlen(&state, chunk.len);
    if (tide_buffer_reserve(into, room + 64) != TIDE_OK)
      return TIDE_FATAL;
    char *to = into->ptr + into->len;
    size_t written = 0;
    if (quoted)
      chunk.len = decode_quoted(chunk, chunk.len == in.len, to, &written);
    else
      written = g_mime_encoding_step(&state, chunk.ptr, chunk.len, to);
    into->len += written;
    in = tide_span_slice(in, chunk.len, in.len);
  }
  if (in.len == 0 && !quoted) {
    if (tide_buffer_reserve(into, g_mime_encoding_outlen(&state, 4)) != TIDE_OK)
      return TIDE_FATAL;
    into->len += g_mime_encoding_flush(&state, "", 0, into->ptr + into->len);
  }
  *out = tide_buffer_span(into);
  return in.len ? TIDE_SKIP : TIDE_OK;
}
