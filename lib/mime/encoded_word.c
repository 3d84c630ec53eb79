/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded words (RFC 2047), decoded without GMime: 3.2.13 joins neighbours before decoding, and a
 * `=` of padding between them then ends the text: "=?utf-8?B?VmlhZw==?= =?utf-8?B?cmE=?=" became
 * "Viag" (test-corpora/charsets/hidden-word.eml). Charsets are converted over neighbours together,
 * so that characters cut in two are whole again. */
#include "parser.h"

#include "content.h"

/* =?charset?B|Q?text?= (RFC 2047 2) */
typedef struct encoded_word {
  tide_span charset, text;
  char encoding;  /* 'b' or 'q' */
  size_t end;     /* after it */
  bool shortened; /* the end of the value cut it off */
} encoded_word;

static size_t skip_blanks(tide_span s, size_t at) {
  while (at < s.len && tide_is_space(s.ptr[at]))
    at++;
  return at;
}

/* Behind the last blank of s. */
static size_t behind_blanks(tide_span s) {
  size_t at = s.len;
  while (at && !tide_is_space(s.ptr[at - 1]))
    at--;
  return at;
}

/* How long the text of a word in Q is: up to the "?=" that ends it. Some writers leave questions
 * as they are, "Really?", even before an encoded byte: "Really?=20Yes". What ends it for sure is
 * looked for in the next 256 bytes. s.len where it has no end. */
static size_t quoted_length(tide_span s) {
  enum { FARTHER = 256 };
  size_t end = s.len;
  for (size_t at = 0; (at += tide_span_find_char(tide_span_slice(s, at, s.len), '?')) + 1 < s.len;
       at++) {
    if (end < s.len && at - end > FARTHER)
      break;
    if (s.ptr[at + 1] == '=') {
      bool byte = at + 4 < s.len && tide_hex_digit(s.ptr[at + 2]) >= 0 &&
                  tide_hex_digit(s.ptr[at + 3]) >= 0;
      if (!byte)
        return at;
      if (end == s.len)
        end = at;
    } else if (at > 0 && s.ptr[at - 1] == '=') {
      break; /* another word begins */
    }
  }
  return end;
}

/* A word that the end of the value cuts off, within its text or its "?=": some servers shorten
 * subjects. No text would begin so by itself. */
static bool is_cut(char encoding, tide_span text, bool blank) {
  enum { TELLING = 4 };
  if (encoding == 'q')
    return text.len >= TELLING && !blank;
  for (size_t i = 0; i < text.len; i++)
    if (!tide_is_alnum(text.ptr[i]) && !memchr("+/=-_", text.ptr[i], 5))
      return false;
  return text.len >= TELLING;
}

/* "=" and "=C" at the end of a word in Q; empty if it ends with a whole sign. */
static tide_span cut_escape(tide_span text) {
  const size_t last = text.len && tide_hex_digit(text.ptr[text.len - 1]) >= 0 ? 2 : 1;
  tide_span end = last <= text.len ? tide_span_slice(text, text.len - last, text.len) : text;
  return end.len && end.ptr[0] == '=' ? end : (tide_span){0};
}

/* blanks: behind_blanks of s. */
static bool word_at(tide_span s, size_t at, size_t blanks, encoded_word *out) {
  tide_span rest = tide_span_slice(s, at, s.len);
  out->shortened = false;
  if (!tide_span_starts(rest, SPAN("=?")))
    return false;
  /* Blanks around the charset and its encoding are nobody's: "=?utf-8 ?B?…". */
  size_t begin = skip_blanks(rest, 2), first = begin;
  while (first < rest.len && first < begin + CHARSET_NAME_MAX && rest.ptr[first] > ' ' &&
         rest.ptr[first] < 0x7f && rest.ptr[first] != '?')
    first++;
  out->charset = tide_span_slice(rest, begin, first);
  first = skip_blanks(rest, first);
  if (out->charset.len == 0 || first >= rest.len || rest.ptr[first] != '?')
    return false;
  first = skip_blanks(rest, first + 1);
  const size_t mark = skip_blanks(rest, first + 1);
  if (mark + 1 >= rest.len || rest.ptr[mark] != '?')
    return false;
  /* RFC 2231 5: a language after an asterisk. */
  out->charset.len = tide_span_find_char(out->charset, '*');
  out->encoding = tide_lower(rest.ptr[first]);
  if (out->encoding != 'b' && out->encoding != 'q')
    return false;
  size_t text = mark + 1;
  tide_span behind = tide_span_slice(rest, text, rest.len);
  size_t len = out->encoding == 'q' ? quoted_length(behind) : tide_span_find_char(behind, '?');
  if (text + len + 1 >= rest.len) {
    out->text = tide_span_slice(behind, 0, len);
    out->text.len -= out->encoding == 'q' && len && behind.ptr[len - 1] == '?';
    out->text.len -= out->encoding == 'q' ? cut_escape(out->text).len : 0;
    out->shortened = true;
    out->end = s.len;
    return is_cut(out->encoding, out->text, at + text < blanks);
  }
  if (rest.ptr[text + len + 1] != '=')
    return false;
  out->text = tide_span_slice(rest, text, text + len);
  out->end = at + text + len + 2;
  return true;
}

/* The bytes of neighbouring words of one charset. Base64 is decoded in two ways: some writers cut
 * it anywhere, and the next word goes on with the rest of a group of four; others leave the padding
 * off, and each word is for itself. */
typedef struct word_run {
  tide_span charset;
  tide_buffer joined, apart;
  base64_group group;
  tide_span escape; /* "=" or "=C": what the last word in Q ended within */
  bool cut, ragged; /* a word ended within a group, its spare bits empty, or not */
  bool open, shortened;
} word_run;

/* Are the bits empty that a group of two or three letters has to spare? */
static bool is_spare_empty(base64_group g) {
  return g.have == 2 ? (g.bits & 0xf) == 0 : g.have == 3 && (g.bits & 3) == 0;
}

static tide_status put_quoted(tide_span text, tide_buffer *out) {
  for (size_t i = 0; i < text.len; i++) {
    char c = text.ptr[i];
    int high, low;
    if (c == '=' && i + 2 < text.len && (high = tide_hex_digit(text.ptr[i + 1])) >= 0 &&
        (low = tide_hex_digit(text.ptr[i + 2])) >= 0) {
      c = (char)(high << 4 | low);
      i += 2;
    } else if (c == '=' && i + 1 < text.len && tide_is_space(text.ptr[i + 1])) {
      i = skip_blanks(text, i + 1) - 1;
      continue; /* a soft line break, which only bodies have (RFC 2045 6.7) */
    } else if (c == '_') {
      c = ' ';
    }
    TIDE_TRY(tide_buffer_putc(out, c));
  }
  return TIDE_OK;
}

/* A word in Q. Some writers cut it anywhere, within an escape, too: "p=?= =?utf-8?Q?C5". */
static tide_status add_quoted(word_run *run, tide_span text) {
  const size_t had = run->escape.len, lack = had ? 3 - had : 0;
  bool hex = lack && lack <= text.len;
  for (size_t i = 0; i < lack && hex; i++)
    hex = tide_hex_digit(text.ptr[i]) >= 0;
  if (hex) {
    const int high = tide_hex_digit(had == 2 ? run->escape.ptr[1] : text.ptr[0]);
    run->joined.len -= had;
    TIDE_TRY(
        tide_buffer_putc(&run->joined, (char)(high << 4 | tide_hex_digit(text.ptr[lack - 1]))));
    text = tide_span_slice(text, lack, text.len);
  }
  run->escape = cut_escape(text);
  return put_quoted(text, &run->joined);
}

/* Adds the bytes that an encoded word stands for. */
static tide_status add_word(word_run *run, const encoded_word *w) {
  base64_group own = {.have = 0};
  run->shortened = w->shortened;
  if (w->encoding == 'q') {
    TIDE_TRY(tide_base64_end(&run->group, &run->joined));
    TIDE_TRY(put_quoted(w->text, &run->apart));
    return add_quoted(run, w->text);
  }
  run->escape.len = 0;
  TIDE_TRY(tide_base64_put(&run->group, w->text, &run->joined));
  TIDE_TRY(tide_base64_put(&own, w->text, &run->apart));
  run->cut = run->cut || is_spare_empty(own);
  run->ragged = run->ragged || (own.have && !is_spare_empty(own));
  return tide_base64_end(&own, &run->apart);
}

/* Takes the piece of a character from the end of a subject that was cut off within it. */
static void trim_shortened(word_run *run) {
  if (!run->shortened || !tide_span_iequal(run->charset, SPAN("utf-8")))
    return;
  run->joined.len = tide_utf8_trim(tide_buffer_span(&run->joined)).len;
  run->apart.len = tide_utf8_trim(tide_buffer_span(&run->apart)).len;
}

/* Ends the run: its bytes as UTF-8. Where each word that ends within a group could end there, as
 * its spare bits are empty, each was for itself; unless that does not fit the charset and the other
 * way does. */
static tide_status put_words(word_run *run, converter *c, tide_buffer *out) {
  bool lied = false, other_lied = false, apart = run->cut && !run->ragged;
  const size_t start = out->len;
  TIDE_TRY(tide_base64_end(&run->group, &run->joined));
  trim_shortened(run);
  TIDE_TRY(tide_charset_put(c, tide_buffer_span(apart ? &run->apart : &run->joined), run->charset,
                            out, &lied));
  if (!lied || !run->cut)
    return TIDE_OK;
  tide_buffer other = {0};
  tide_status status = tide_charset_put(c, tide_buffer_span(apart ? &run->joined : &run->apart),
                                        run->charset, &other, &other_lied);
  if (status == TIDE_OK && !other_lied) {
    out->len = start;
    status = tide_buffer_put(out, tide_buffer_span(&other));
  }
  tide_buffer_free(&other);
  return status;
}

static tide_status put_run(word_run *run, converter *c, tide_buffer *out) {
  const size_t start = out->len;
  const tide_status status = put_words(run, c, out);
  while (out->len > start && out->ptr[out->len - 1] == '\0')
    out->len--; /* a string of C, with its end */
  tide_buffer_clear(&run->joined);
  tide_buffer_clear(&run->apart);
  run->escape.len = 0;
  run->open = run->cut = run->ragged = run->shortened = false;
  return status;
}

/* The charset of the first encoded word, where it is one of raw bytes; empty if there is none.
 */
static tide_span first_charset(tide_span value) {
  encoded_word w;
  const size_t blanks = behind_blanks(value);
  for (size_t at = 0;
       (at += tide_span_find(tide_span_slice(value, at, value.len), SPAN("=?"))) < value.len;
       at += 2)
    if (word_at(value, at, blanks, &w))
      return w.charset;
  return (tide_span){0};
}

/* Appends bytes outside encoded words: valid UTF-8, else in the charset of the body, else
 * Windows-1252. */
static tide_status put_raw(converter *c, tide_span bytes, tide_span fallback, tide_buffer *out) {
  const tide_span marks = tide_charset_marked(bytes);
  bool lied = false;
  size_t start = out->len;
  if (!marks.len && (fallback.len == 0 || tide_utf8_valid(bytes)))
    return tide_charset_put(c, bytes, (tide_span){0}, out, &lied);
  tide_status status = tide_charset_put(c, bytes, marks.len ? marks : fallback, out, &lied);
  if (!lied || status != TIDE_OK)
    return status;
  out->len = start;
  return tide_charset_put(c, bytes, (tide_span){0}, out, &lied);
}

static tide_status put_value(word_run *run, converter *c, tide_span value, tide_span fallback,
                             tide_buffer *out) {
  const size_t blanks = behind_blanks(value);
  size_t plain = 0;
  for (size_t at = 0; at < value.len;) {
    encoded_word w;
    at += tide_span_find(tide_span_slice(value, at, value.len), SPAN("=?"));
    if (!word_at(value, at, blanks, &w)) {
      at = at < value.len ? at + 2 : at;
      continue;
    }
    /* RFC 2047 6.2: white space between two encoded words is no text. */
    tide_span between = tide_span_slice(value, plain, at);
    bool blank = tide_span_trim(between).len == 0, goes_on = run->open && blank;
    if (run->open && (!blank || !tide_span_iequal(run->charset, w.charset)))
      TIDE_TRY(put_run(run, c, out));
    if (!goes_on)
      TIDE_TRY(put_raw(c, between, fallback, out));
    TIDE_TRY(add_word(run, &w));
    run->charset = w.charset;
    run->open = true;
    plain = at = w.end;
  }
  TIDE_TRY(put_run(run, c, out));
  return put_raw(c, tide_span_slice(value, plain, value.len), fallback, out);
}

tide_status tide_encoded_words_put(converter *c, tide_span value, tide_span fallback,
                                   tide_buffer *out) {
  word_run run = {.open = false};
  /* What is raw beside an encoded word is most likely of its charset. */
  if (fallback.len == 0 && tide_ascii_length(value) < value.len)
    fallback = first_charset(value);
  const tide_status status = put_value(&run, c, value, fallback, out);
  tide_buffer_free(&run.joined);
  tide_buffer_free(&run.apart);
  return status;
}
