/* Charsets to UTF-8. A lying or unknown charset costs characters, never the message (modoboa#944). */
#include "parser.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <iconv.h>

enum { CHARSET_NAME_MAX = 64, PIECE = 4096 };

/* The length of the valid UTF-8 character at the start of s (RFC 3629), or 0. */
static size_t utf8_length(tide_span s) {
  const unsigned char *p = (const unsigned char *)s.ptr;
  if (p[0] < 0x80) return 1;
  if (p[0] < 0xc2 || p[0] > 0xf4) return 0;
  size_t len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
  if (len > s.len) return 0;
  for (size_t i = 1; i < len; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)) return 0;
  return len;
}

bool utf8_valid(tide_span s) {
  while (s.len) {
    /* Eight bytes of ASCII at a time. */
    uint64_t word;
    if (s.len >= 8 && (memcpy(&word, s.ptr, 8), (word & 0x8080808080808080u) == 0)) {
      s = tide_span_slice(s, 8, s.len);
      continue;
    }
    size_t len = utf8_length(s);
    if (len == 0) return false;
    s = tide_span_slice(s, len, s.len);
  }
  return true;
}

/* What Windows-1252 has at 0x80..0x9f (unicode.org, CP1252.TXT); its five holes are U+FFFD. */
static const uint16_t windows_1252[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
                                          0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                          0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static tide_status put_windows_1252(tide_span bytes, tide_buffer *out) {
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < bytes.len && status == TIDE_OK; i++) {
    unsigned char c = (unsigned char)bytes.ptr[i];
    if (c < 0x80) status = tide_buffer_putc(out, (char)c);
    else status = tide_buffer_put_utf8(out, c < 0xa0 ? windows_1252[c - 0x80] : c);
  }
  return status;
}

static bool is_one_of(tide_span name, const char *const *names) {
  for (; *names; names++)
    if (tide_span_iequal(name, tide_span_of(*names))) return true;
  return false;
}

tide_status charset_put(tide_span bytes, tide_span charset, tide_buffer *out, bool *lied) {
  static const char *const unicode[] = {"utf-8", "utf8", "us-ascii", "ascii", "", NULL};
  static const char *const western[] = {"iso-8859-1", "windows-1252", "latin1", "cp1252", NULL};
  if (is_one_of(charset, unicode)) {
    if (utf8_valid(bytes)) return tide_buffer_put(out, bytes);
    *lied = true;
    return put_windows_1252(bytes, out);
  }
  /* What says Latin-1 is Windows-1252 in fact (WHATWG Encoding). */
  if (is_one_of(charset, western)) return put_windows_1252(bytes, out);
  char name[CHARSET_NAME_MAX + 1];
  iconv_t cd = (iconv_t)-1;
  if (charset.len <= CHARSET_NAME_MAX) {
    memcpy(name, charset.ptr, charset.len);
    name[charset.len] = '\0';
    cd = g_mime_iconv_open("UTF-8", name);
  }
  if (cd == (iconv_t)-1) {
    *lied = true;
    return utf8_valid(bytes) ? tide_buffer_put(out, bytes) : put_windows_1252(bytes, out);
  }
  char *in = (char *)(uintptr_t)bytes.ptr;
  size_t left = bytes.len;
  tide_status status = TIDE_OK;
  while (left && status == TIDE_OK) {
    char piece[PIECE], *to = piece;
    size_t room = sizeof piece;
    size_t n = iconv(cd, &in, &left, &to, &room);
    int error = errno;
    status = tide_buffer_put(out, tide_span_make(piece, sizeof piece - room));
    if (n != (size_t)-1 || error == E2BIG) continue;
    *lied = true;
    if (error == EINVAL) break; /* the last character was cut */
    in++;
    left--;
    if (status == TIDE_OK) status = tide_buffer_put_utf8(out, 0xfffd);
  }
  g_mime_iconv_close(cd);
  return status;
}
