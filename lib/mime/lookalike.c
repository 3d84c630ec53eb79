/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Look-alikes: letters of other scripts, styled letters, accents, and digits and signs inside
 * words, as the ASCII letters that a reader takes them for. */
#include <glib.h>

#include "parser.h"

/* Letters beyond ASCII that no compatibility decomposition (Unicode, UAX 15) turns into Latin ones,
 * and that print the same or nearly: a part of the Unicode confusables (UTS 39), letters only. */
static const struct {
  uint16_t from;
  char to;
} alike[] = {
    /* Greek */
    {0x391, 'A'},
    {0x392, 'B'},
    {0x395, 'E'},
    {0x396, 'Z'},
    {0x397, 'H'},
    {0x399, 'I'},
    {0x39a, 'K'},
    {0x39c, 'M'},
    {0x39d, 'N'},
    {0x39f, 'O'},
    {0x3a1, 'P'},
    {0x3a4, 'T'},
    {0x3a5, 'Y'},
    {0x3a7, 'X'},
    {0x3b1, 'a'},
    {0x3b3, 'y'},
    {0x3b5, 'e'},
    {0x3b7, 'n'},
    {0x3b9, 'i'},
    {0x3ba, 'k'},
    {0x3bd, 'v'},
    {0x3bf, 'o'},
    {0x3c1, 'p'},
    {0x3c3, 'o'},
    {0x3c4, 't'},
    {0x3c5, 'u'},
    {0x3c7, 'x'},
    {0x3c9, 'w'},
    {0x3f2, 'c'},
    {0x3f9, 'C'},
    /* Cyrillic */
    {0x405, 'S'},
    {0x406, 'I'},
    {0x408, 'J'},
    {0x410, 'A'},
    {0x412, 'B'},
    {0x415, 'E'},
    {0x417, '3'},
    {0x41a, 'K'},
    {0x41c, 'M'},
    {0x41d, 'H'},
    {0x41e, 'O'},
    {0x420, 'P'},
    {0x421, 'C'},
    {0x422, 'T'},
    {0x423, 'Y'},
    {0x425, 'X'},
    {0x430, 'a'},
    {0x432, 'B'},
    {0x433, 'r'},
    {0x435, 'e'},
    {0x43a, 'k'},
    {0x43c, 'M'},
    {0x43d, 'H'},
    {0x43e, 'o'},
    {0x43f, 'n'},
    {0x440, 'p'},
    {0x441, 'c'},
    {0x442, 'T'},
    {0x443, 'y'},
    {0x445, 'x'},
    {0x44c, 'b'},
    {0x455, 's'},
    {0x456, 'i'},
    {0x458, 'j'},
    {0x4ae, 'Y'},
    {0x4af, 'y'},
    {0x4bb, 'h'},
    {0x4c0, 'I'},
    {0x501, 'd'},
    {0x51b, 'q'},
    {0x51d, 'w'},
    /* Latin letters with a stroke, without a dot, and small capitals */
    {0xd0, 'D'},
    {0xd8, 'O'},
    {0xf0, 'd'},
    {0xf8, 'o'},
    {0x110, 'D'},
    {0x111, 'd'},
    {0x126, 'H'},
    {0x127, 'h'},
    {0x131, 'i'},
    {0x141, 'L'},
    {0x142, 'l'},
    {0x166, 'T'},
    {0x167, 't'},
    {0x180, 'b'},
    {0x197, 'I'},
    {0x19a, 'l'},
    {0x1b5, 'Z'},
    {0x1b6, 'z'},
    {0x251, 'a'},
    {0x261, 'g'},
    {0x268, 'i'},
    {0x269, 'i'},
    {0x26a, 'I'},
    {0x274, 'N'},
    {0x280, 'R'},
    {0x28f, 'Y'},
    {0x299, 'B'},
    {0x29c, 'H'},
    {0x29f, 'L'},
    {0x1d00, 'A'},
    {0x1d04, 'C'},
    {0x1d05, 'D'},
    {0x1d07, 'E'},
    {0x1d0a, 'J'},
    {0x1d0b, 'K'},
    {0x1d0d, 'M'},
    {0x1d0f, 'O'},
    {0x1d18, 'P'},
    {0x1d1b, 'T'},
    {0x1d1c, 'U'},
    {0x1d20, 'V'},
    {0x1d21, 'W'},
    {0x1d22, 'Z'},
};

/* The letter that a code point is taken for, or 0. The table ascends within each script, not over
 * all: it is short. */
static char letter_alike(uint32_t c) {
  for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
    if (alike[i].from == c)
      return alike[i].to;
  return 0;
}

static bool is_combining(uint32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x1ab0 && c <= 0x1aff) || (c >= 0x20d0 && c <= 0x20ff);
}

/* The letter that a digit or sign stands for inside a word: "v1@gr@", "c0de1ne". What one could
 * take for two letters is the one that spam more often means. */
static char sign_alike(char c) {
  switch (c) {
  case '0': return 'o';
  case '1': return 'i';
  case '!': return 'i';
  case '|': return 'l';
  case '3': return 'e';
  case '@': return 'a';
  case '$': return 's';
  case '5': return 's';
  default: return 0;
  }
}

/* Rewrites signs inside words, in place. A word has a letter beside each of them or beside a
 * neighbour that is one, and no more of them than letters: "v1@gra" is one, "$100", "2008",
 * "a@b.example" and "MP3" (a digit at its end) are not. */
static void fold_signs(char *s, size_t len) {
  for (size_t at = 0; at < len;) {
    size_t end = at, letters = 0, signs = 0, last_letter = 0;
    while (end < len && (tide_is_alpha(s[end]) || sign_alike(s[end]))) {
      if (tide_is_alpha(s[end])) {
        letters++;
        last_letter = end;
      } else {
        signs++;
      }
      end++;
    }
    bool begins = at == 0 || !(tide_is_digit(s[at - 1]) || s[at - 1] == '.'),
         ends = end == len || !(tide_is_digit(s[end]) ||
                                (s[end] == '.' && end + 1 < len && tide_is_alnum(s[end + 1])));
    if (signs && letters >= signs && letters >= 2 && begins && ends && tide_is_alpha(s[at]))
      for (size_t i = at; i < end; i++)
        /* After the last letter only a sign that is no digit and no mark: "viagr@", not "sale!" or
         * "MP3". */
        if (!tide_is_alpha(s[i]) && (i < last_letter || s[i] == '@' || s[i] == '$'))
          s[i] = sign_alike(s[i]);
    at = end + (end == at);
  }
}

/* A piece without NUL, which ends a text for GLib. */
static tide_status put_letters(const gchar *plain, tide_buffer *out) {
  for (const gchar *p = plain; *p; p += g_utf8_skip[(unsigned char)*p]) {
    uint32_t c = g_utf8_get_char(p);
    if (is_combining(c))
      continue;
    char letter = c < 0x80 ? (char)c : letter_alike(c);
    TIDE_TRY(letter ? tide_buffer_putc(out, letter) : tide_buffer_put_utf8(out, c));
  }
  return TIDE_OK;
}

static tide_status fold_letters(tide_span piece, tide_buffer *out) {
  gchar *plain = g_utf8_normalize(piece.ptr, (gssize)piece.len, G_NORMALIZE_NFKD);
  if (!plain)
    return tide_buffer_put(out, piece); /* no UTF-8: nothing to fold */
  const tide_status status = put_letters(plain, out);
  g_free(plain);
  return status;
}

static tide_status fold_pieces(tide_span text, tide_buffer *out) {
  while (text.len) {
    size_t end = tide_span_find_char(text, '\0');
    tide_span piece = tide_span_slice(text, 0, end);
    TIDE_TRY(tide_ascii_length(piece) == piece.len ? tide_buffer_put(out, piece)
                                                   : fold_letters(piece, out));
    if (end < text.len)
      TIDE_TRY(tide_buffer_putc(out, '\0'));
    text = tide_span_slice(text, end + 1, text.len);
  }
  return TIDE_OK;
}

tide_status tide_lookalikes_fold(tide_span text, tide_buffer *out) {
  size_t start = out->len;
  const tide_status status = fold_pieces(text, out);
  if (out->len > start)
    fold_signs(out->ptr + start, out->len - start);
  return status;
}
