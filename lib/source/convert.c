/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files as editors, shells and old systems left them: PowerShell's redirection writes UTF-16
 * (PyMISP#624), Eudora and Entourage on Mac OS 9 ended lines with a carriage return
 * (jakartaee/mail-api#12), a text-mode copy of CR LF doubles the CR. What a file is must show in
 * all of its beginning: a stray carriage return in a body changes nothing. */
#include "convert.h"

/* Where nearly all line ends are of one kind. */
static bool nearly_all(size_t some, size_t all) {
  return some >= 2 && some * 10 >= all * 9;
}

static tide_conversion line_ends(tide_span s) {
  size_t lf = 0, crlf = 0, crcrlf = 0, lfcr = 0, cr = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '\n') {
      bool pair = i + 1 < s.len && s.ptr[i + 1] == '\r';
      lfcr += pair;
      lf += !pair;
      i += pair;
    } else if (s.ptr[i] == '\r') {
      size_t run = 1;
      while (i + run < s.len && s.ptr[i + run] == '\r')
        run++;
      if (i + run < s.len && s.ptr[i + run] == '\n') {
        crcrlf += run > 1;
        crlf += run == 1;
        i += run;
      } else {
        cr += run;
        i += run - 1;
      }
    }
  }
  size_t all = lf + crlf + crcrlf + lfcr + cr;
  if (nearly_all(crcrlf, all))
    return TIDE_CONVERT_CRCRLF;
  if (nearly_all(lfcr, all))
    return TIDE_CONVERT_LFCR;
  return nearly_all(cr, all) ? TIDE_CONVERT_CR : TIDE_CONVERT_NONE;
}

/* Does the first line end with LF or CR LF, and hold no carriage return? So nearly all files
 * begin, and this is asked of every one. */
static bool begins_plain(tide_span s) {
  size_t end = tide_span_find_char(s, '\n');
  if (end == 0 || end + 1 >= s.len || s.ptr[end + 1] == '\r')
    return false;
  return tide_span_find_char(tide_span_slice(s, 0, end - 1), '\r') >= end - 1;
}

/* Text in UTF-16 is known by its mark, or, as nearly all of a head is ASCII, by every other byte
 * being NUL. */
static tide_conversion utf16(tide_span s) {
  enum { UNITS = 32, LEAST = 8 };
  const unsigned char *p = (const unsigned char *)s.ptr;
  size_t units = s.len / 2 < UNITS ? s.len / 2 : UNITS, little = 0, big = 0;
  if (units < LEAST || (p[0] && p[1] && (p[0] | p[1]) != 0xff))
    return TIDE_CONVERT_NONE;
  for (size_t i = 0; i < units; i++) {
    unsigned char first = p[2 * i], second = p[2 * i + 1];
    little += second == 0 && first >= '\t' && first < 0x7f;
    big += first == 0 && second >= '\t' && second < 0x7f;
  }
  bool little_mark = p[0] == 0xff && p[1] == 0xfe, big_mark = p[0] == 0xfe && p[1] == 0xff;
  if (little == units || (little_mark && little > units / 2))
    return TIDE_CONVERT_UTF16LE;
  return big == units || (big_mark && big > units / 2) ? TIDE_CONVERT_UTF16BE : TIDE_CONVERT_NONE;
}

tide_conversion tide_convert_choose(tide_span peek) {
  enum { LINES_PEEK = 16 << 10 };
  tide_conversion kind = utf16(peek);
  if (kind || begins_plain(peek))
    return kind;
  return line_ends(tide_span_slice(peek, 0, LINES_PEEK));
}

static size_t utf8_put(uint32_t c, char out[4]) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  if (c < 0x800) {
    out[0] = (char)(0xc0 | c >> 6);
    out[1] = (char)(0x80 | (c & 0x3f));
    return 2;
  }
  if (c < 0x10000) {
    out[0] = (char)(0xe0 | c >> 12);
    out[1] = (char)(0x80 | (c >> 6 & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    return 3;
  }
  out[0] = (char)(0xf0 | c >> 18);
  out[1] = (char)(0x80 | (c >> 12 & 0x3f));
  out[2] = (char)(0x80 | (c >> 6 & 0x3f));
  out[3] = (char)(0x80 | (c & 0x3f));
  return 4;
}

/* One code unit more: the bytes of UTF-8 that are certain now. Half of a pair alone is U+FFFD. */
static size_t unit_put(tide_convert *c, uint32_t unit, char out[8]) {
  enum { REPLACEMENT = 0xfffd };
  size_t len = 0;
  bool began = c->began;
  c->began = true;
  if (c->high && unit >= 0xdc00 && unit < 0xe000) {
    uint32_t pair = 0x10000 + ((c->high - 0xd800) << 10) + (unit - 0xdc00);
    c->high = 0;
    return utf8_put(pair, out);
  }
  if (c->high)
    len = utf8_put(REPLACEMENT, out);
  c->high = 0;
  if (unit >= 0xd800 && unit < 0xdc00)
    c->high = unit;
  else if (unit >= 0xdc00 && unit < 0xe000)
    len += utf8_put(REPLACEMENT, out + len);
  else if (unit != 0xfeff || began)
    len += utf8_put(unit, out + len);
  return len;
}

static size_t put_utf16(tide_convert *c, tide_span bytes, bool last, char *out) {
  const unsigned char *p = (const unsigned char *)bytes.ptr;
  const bool little = c->kind == TIDE_CONVERT_UTF16LE;
  size_t len = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    if (c->held_len == 0) {
      c->held[0] = p[i];
      c->held_len = 1;
      continue;
    }
    uint32_t first = c->held[0], second = p[i];
    c->held_len = 0;
    len += unit_put(c, little ? second << 8 | first : first << 8 | second, out + len);
  }
  if (last && (c->high || c->held_len))
    len += utf8_put(0xfffd, out + len);
  return len;
}

/* held: how many carriage returns (LF CR: line feeds, one at most) wait for what follows. */
static size_t put_lines(tide_convert *c, tide_span bytes, bool last, char *out) {
  size_t len = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    char byte = bytes.ptr[i];
    if (c->kind == TIDE_CONVERT_LFCR) {
      if (byte != '\r' || !c->held_len)
        out[len++] = byte;
      c->held_len = byte == '\n';
    } else if (byte == '\r' && c->kind == TIDE_CONVERT_CRCRLF) {
      c->held_len = 1; /* of several in a row one is enough */
    } else if (byte == '\r') {
      out[len++] = '\n';
      c->held_len = 1;
    } else {
      if (c->held_len && c->kind == TIDE_CONVERT_CRCRLF)
        out[len++] = '\r';
      /* A CR LF among lines that end with CR is one line end. */
      if (byte != '\n' || !c->held_len || c->kind != TIDE_CONVERT_CR)
        out[len++] = byte;
      c->held_len = 0;
    }
  }
  if (last && c->held_len && c->kind == TIDE_CONVERT_CRCRLF)
    out[len++] = '\r';
  return len;
}

tide_status tide_convert_put(tide_convert *c, tide_span bytes, bool last, tide_buffer *out) {
  if (c->kind == TIDE_CONVERT_NONE)
    return tide_buffer_put(out, bytes);
  /* Two bytes make three at most; what was held makes the rest. */
  const size_t room = bytes.len + bytes.len / 2 + 16;
  if (tide_buffer_reserve(out, room) != TIDE_OK)
    return TIDE_FATAL;
  char *at = out->ptr + out->len;
  bool wide = c->kind == TIDE_CONVERT_UTF16LE || c->kind == TIDE_CONVERT_UTF16BE;
  out->len += wide ? put_utf16(c, bytes, last, at) : put_lines(c, bytes, last, at);
  if (last)
    c->held_len = c->high = 0;
  return TIDE_OK;
}
