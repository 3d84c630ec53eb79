/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings as GMime takes them off in one step, byte for byte, at every length; and
 * base64 where more is decoded than by GMime. */
#include "cmocka_all.h"

#include <gmime/gmime-encodings.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../lib/mime/content.h"
#include "mime/message.h"

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)((seed >> 20) % n);
}

/* Quoted-printable, byte by byte. */
static tide_span plainly(tide_span in, char *out) {
  size_t len = 0;
  for (size_t i = 0; i < in.len; i++) {
    unsigned byte;
    char hex[3] = {0};
    size_t blank = i + 1;
    if (in.ptr[i] != '=') {
      out[len++] = in.ptr[i];
      continue;
    }
    if (i + 2 < in.len)
      memcpy(hex, in.ptr + i + 1, 2);
    if (strspn(hex, "0123456789abcdefABCDEF") == 2 && sscanf(hex, "%2x", &byte) == 1) {
      out[len++] = (char)byte;
      i += 2;
      continue;
    }
    while (blank < in.len && strchr(" \t\r", in.ptr[blank]))
      blank++;
    if (blank == in.len || in.ptr[blank] == '\n')
      i = blank;
    else
      out[len++] = '=';
  }
  return tide_span_make(out, len);
}

static void same_as_plainly(tide_span in, tide_buffer *into) {
  tide_span ours;
  content part = {.bytes = in, .encoding = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE};
  assert_int_equal(tide_content_decode(&part, 4 << 20, into, &ours), TIDE_OK);
  char *room = malloc(in.len + 1);
  tide_span want = plainly(in, room);
  if (!tide_span_equal(ours, want))
    fail_msg("\"%.*s\": \"%.*s\", want \"%.*s\"", (int)(in.len < 300 ? in.len : 300), in.ptr,
             (int)ours.len, ours.ptr, (int)want.len, want.ptr);
  free(room);
}

static void same(tide_span in, GMimeContentEncoding encoding, tide_buffer *into) {
  GMimeEncoding state;
  tide_span ours;
  content part = {.bytes = in, .encoding = encoding};
  assert_int_equal(tide_content_decode(&part, 4 << 20, into, &ours), TIDE_OK);
  g_mime_encoding_init_decode(&state, encoding);
  char *theirs = malloc(g_mime_encoding_outlen(&state, in.len) + 64);
  size_t len = g_mime_encoding_step(&state, in.ptr, in.len, theirs);
  /* Padding that was left off: GMime would lose the last letters. */
  if (encoding == GMIME_CONTENT_ENCODING_BASE64 && state.state >= 2 && state.state <= 3)
    len += g_mime_encoding_step(&state, "==", (size_t)(4 - state.state), theirs + len);
  len += g_mime_encoding_flush(&state, "", 0, theirs + len);
  if (ours.len != len || memcmp(ours.ptr, theirs, len) != 0)
    fail_msg("encoding %d of \"%.*s\": \"%.*s\", GMime \"%.*s\"", (int)encoding,
             (int)(in.len < 300 ? in.len : 300), in.ptr, (int)ours.len, ours.ptr, (int)len, theirs);
  free(theirs);
}

static void same_as_gmime(void **state) {
  (void)state;
  /* Clean but for stray signs: of anything else GMime decodes less. */
  static const char *const base64[] = {"V",
                                       "m",
                                       "lh",
                                       "Z3Jh",
                                       "////",
                                       "++++",
                                       "ABCDEFGHIJKLMNOP",
                                       "\n",
                                       "\r\n",
                                       "abcdefghijklmnopqrstuvwxyz0123456789",
                                       "abcdefghijklmno!pqrstuvwxyz0123456789",
                                       "abcdefghijklmnopqrstuvwxy\xc3z0123456789"};
  static const char *const quoted[] = {
      "a",
      "word and word ",
      "=3D",
      "=e9",
      "=E9",
      "=\n",
      "=\r\n",
      "=\r",
      "=",
      "==",
      "=4",
      "=zz",
      "=0",
      "\n",
      "\r\n",
      " \n",
      "_",
      "\xe9",
      "a long line of text, as most of them are, and more of it to the end"};
  enum { MOST = 200 << 10 };
  char *text = malloc(MOST);
  tide_buffer into = {.limit = 0};
  for (int round = 0; round < 40000; round++) {
    at("round = %d", round);
    const bool is_base64 = round % 2;
    /* Some are longer than what is decoded at once. */
    size_t len = 0, most = round % 400 < 2 ? MOST : below(300);
    const unsigned clean = is_base64 ? 9 : 7, all = is_base64 ? 12 : 19,
                   dirt = below(3) ? clean : all;
    while (len + 80 < most) {
      const unsigned kind = below(60) ? below(clean) : below(dirt);
      const char *piece = is_base64 ? base64[kind] : quoted[kind];
      memcpy(text + len, piece, strlen(piece));
      len += strlen(piece);
    }
    if (below(3) == 0 && !is_base64)
      text[len++] = '=';
    if (!is_base64)
      same_as_plainly(tide_span_make(text, len), &into);
    /* What is odd GMime reads otherwise: of "==41" it sees no byte. */
    if (is_base64 || dirt == clean)
      same(tide_span_make(text, len),
           is_base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
           &into);
  }
  tide_buffer_free(&into);
  free(text);
}

/* Blocks, padding and plain text in a body that says it is base64. */
static void blocks(void **state) {
  (void)state;
  static const struct {
    const char *in, *out;
  } cases[] = {
      {"VmlhZ3Jh", "Viagra"},
      {"Pz8_VmlhZ3Jh-_-_\n", "???Viagra\xfb\xff\xbf"}, /* RFC 4648 5 */
      {"VmlhZw==", "Viag"},
      {"VmlhZw=", "Viag"},
      {"VmlhZw", "Viag"},
      {"VmlhZ", "Via"},
      {"VmlhZ3I", "Viagr"},
      {"VmlhZw\n==\n", "Viag"},
      {"VmlhZ3Jh!VmlhZ3Jh\nVmlhZ3 JhVmlhZ3JhVmlhZ3Jh", "ViagraViagraViagraViagraViagra"},
      {"> VmlhZ3Jh\n> VmlhZ3Jh\n", "ViagraViagra"},
      {"  VmlhZ3Jh  \n", "Viagra"},
      /* blocks one after the other */
      {"Vmk=YWdyYQ==", "Viagra"},
      {"Vmk=\nYWdyYQ==\n", "Viagra"},
      {"Vg==\nadfg\n", "Vi\xd7\xe0"},
      {"Vg==\r\n\r\naWFncmE=\r\n", "Viagra"},
      /* footers, after padding and without */
      {"Vmlh\n\n-- \nLeave: mailto:x@example.org\n", "Via\n-- \nLeave: mailto:x@example.org\n"},
      {"VmlhZw==\n\n_____________\nA list of hats\n", "Viag\n_____________\nA list of hats\n"},
      {"VmlhZw\n-- \nhats\n", "Viag\n-- \nhats\n"},
      {"VmlhZw==\nUnsubscribe\nhere\n", "Viag\nUnsubscribe\nhere\n"},
      {"Vmlh\nSent from a hat shop\n", "Via\nSent from a hat shop\n"},
      /* and a block after them */
      {"Vmlh\n-- \nhats and more\nT25lIG1vcmUgYmxvY2sg\n",
       "Via\n-- \nhats and more\nOne more block "},
      /* no base64 at all */
      {"This was never encoded, whatever it says.\n",
       "This was never encoded, whatever it says.\n"},
      {"", ""},
      {"\n\n", ""},
      {"=", ""},
      {"====", "===="},
  };
  tide_buffer into = {.limit = 0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].in);
    content part = {.bytes = tide_span_of(cases[i].in), .encoding = GMIME_CONTENT_ENCODING_BASE64};
    tide_span got;
    assert_int_equal(tide_content_decode(&part, 4 << 20, &into, &got), TIDE_OK);
    if (!tide_span_equal(got, tide_span_of(cases[i].out)))
      fail_msg("\"%s\": \"%.*s\"", cases[i].in, (int)got.len, got.ptr ? got.ptr : "");
  }
  tide_buffer_free(&into);
}

int main(void) {
  tide_mime_init();
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_gmime), cmocka_unit_test(blocks)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  return failed;
}
