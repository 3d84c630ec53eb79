/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded words (RFC 2047). GMime 3.2.13 joins neighbours before decoding, and a `=` of padding
 * between them then ends the text: "=?utf-8?B?VmlhZw==?= =?utf-8?B?cmE=?=" became "Viag"
 * (test-corpora/charsets/hidden-word.eml). Charsets are converted over neighbours together, so that
 * characters cut in two are whole again. */
#include "parser.h"

#include <gmime/gmime.h>

/* =?charset?B|Q?text?= (RFC 2047 2) */
typedef struct encoded_word {
  tide_span charset, text;
  char encoding; /* 'b' or 'q' */
  size_t end;    /* behind it */
} encoded_word;

static bool word_at(tide_span s, size_t at, encoded_word *out) {
  tide_span rest = tide_span_slice(s, at, s.len);
  if (!tide_span_starts(rest, SPAN("=?")))
    return false;
  size_t first = 2;
  while (first < rest.len && first < 2 + CHARSET_NAME_MAX && rest.ptr[first] > ' ' &&
         rest.ptr[first] < 0x7f && rest.ptr[first] != '?')
    first++;
  if (first == 2 || first + 3 >= rest.len || rest.ptr[first] != '?' || rest.ptr[first + 2] != '?')
    return false;
  out->charset = tide_span_slice(rest, 2, first);
  /* RFC 2231 5: a language behind an asterisk. */
  out->charset.len = tide_span_find_char(out->charset, '*');
  out->encoding = tide_lower(rest.ptr[first + 1]);
  if (out->encoding != 'b' && out->encoding != 'q')
    return false;
  size_t text = first + 3;
  size_t len = tide_span_find_char(tide_span_slice(rest, text, rest.len), '?');
  if (text + len + 1 >= rest.len || rest.ptr[text + len + 1] != '=')
    return false;
  out->text = tide_span_slice(rest, text, text + len);
  out->end = at + text + len + 2;
  return true;
}

static int hex_value(char c) {
  c = tide_lower(c);
  return tide_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Base64 between words. Some writers cut it anywhere, and the next word goes on with the rest of a
 * group of four; padding begins anew. */
typedef struct base64 {
  int state;
  guint32 save;
} base64;

/* Appends the bytes that an encoded word stands for. */
static tide_status word_bytes(const encoded_word *w, base64 *carry, tide_buffer *out) {
  tide_status status = tide_buffer_reserve(out, w->text.len + 4);
  if (status != TIDE_OK)
    return status;
  if (w->encoding == 'b') {
    out->len += g_mime_encoding_base64_decode_step((const unsigned char *)w->text.ptr, w->text.len,
                                                   (unsigned char *)out->ptr + out->len,
                                                   &carry->state, &carry->save);
    if (w->text.len && w->text.ptr[w->text.len - 1] == '=')
      *carry = (base64){0};
    return TIDE_OK;
  }
  *carry = (base64){0};
  for (size_t i = 0; i < w->text.len; i++) {
    char c = w->text.ptr[i];
    int high, low;
    if (c == '=' && i + 2 < w->text.len && (high = hex_value(w->text.ptr[i + 1])) >= 0 &&
        (low = hex_value(w->text.ptr[i + 2])) >= 0) {
      c = (char)(high << 4 | low);
      i += 2;
    } else if (c == '_') {
      c = ' ';
    }
    out->ptr[out->len++] = c;
  }
  return TIDE_OK;
}

tide_status encoded_words_put(tide_span value, tide_buffer *out) {
  tide_buffer run = {0}; /* the bytes of neighbouring words of one charset */
  tide_span charset = {0};
  base64 carry = {0};
  tide_status status = TIDE_OK;
  size_t plain = 0;
  bool lied = false, in_run = false;
  converter open = {0}; /* nothing yet */
  for (size_t at = 0; at < value.len && status == TIDE_OK;) {
    encoded_word w;
    at += tide_span_find(tide_span_slice(value, at, value.len), SPAN("=?"));
    if (!word_at(value, at, &w)) {
      at = at < value.len ? at + 2 : at;
      continue;
    }
    /* RFC 2047 6.2: white space between two encoded words is no text. */
    tide_span between = tide_span_slice(value, plain, at);
    bool blank = tide_span_trim(between).len == 0;
    if (in_run && (!blank || !tide_span_iequal(charset, w.charset))) {
      status = charset_put(&open, tide_buffer_span(&run), charset, out, &lied);
      tide_buffer_clear(&run);
      carry = (base64){0};
    }
    if (status == TIDE_OK && !(in_run && blank))
      status = charset_put(&open, between, (tide_span){0}, out, &lied);
    if (status == TIDE_OK)
      status = word_bytes(&w, &carry, &run);
    charset = w.charset;
    in_run = true;
    plain = at = w.end;
  }
  if (in_run && status == TIDE_OK)
    status = charset_put(&open, tide_buffer_span(&run), charset, out, &lied);
  if (status == TIDE_OK)
    status =
        charset_put(&open, tide_span_slice(value, plain, value.len), (tide_span){0}, out, &lied);
  tide_buffer_free(&run);
  converter_close(&open);
  return status;
}
