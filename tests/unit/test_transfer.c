/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfer encodings as GMime takes them off in one step, byte for byte, at every length and with
 * every kind of dirt in them. */
#include "cmocka_all.h"

#include <gmime/gmime-encodings.h>
#include <stdlib.h>

#include "../../lib/mime/content.h"
#include "spamtide/message.h"

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)((seed >> 20) % n);
}

static void same(tide_span in, GMimeContentEncoding encoding, tide_buffer *into) {
  GMimeEncoding state;
  tide_span ours;
  content part = {.bytes = in, .encoding = encoding};
  assert_int_equal(content_decode(&part, 4 << 20, into, &ours), TIDE_OK);
  g_mime_encoding_init_decode(&state, encoding);
  char *theirs = malloc(g_mime_encoding_outlen(&state, in.len) + 64);
  size_t len = g_mime_encoding_step(&state, in.ptr, in.len, theirs);
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
  static const char *const base64[] = {"V",
                                       "m",
                                       "lh",
                                       "Z3Jh",
                                       "////",
                                       "++++",
                                       "ABCDEFGHIJKLMNOP",
                                       "\n",
                                       "\n",
                                       "\r\n",
                                       "=",
                                       "==",
                                       " ",
                                       "\t",
                                       "-",
                                       "_",
                                       "!",
                                       "\xc3",
                                       "abcdefghijklmnopqrstuvwxyz0123456789"};
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
    const bool is_base64 = round % 2;
    /* Some are longer than what is decoded at once. */
    size_t len = 0, most = round % 400 < 2 ? MOST : below(300);
    const unsigned dirt = below(3) ? 8 : 19, clean = is_base64 ? 10 : 7;
    while (len + 80 < most) {
      const unsigned kind = below(60) ? below(clean) : below(dirt);
      const char *piece = is_base64 ? base64[kind] : quoted[kind];
      memcpy(text + len, piece, strlen(piece));
      len += strlen(piece);
    }
    len += (size_t)(below(3) ? 0 : 1) * (len + 1 < MOST && (text[len] = '=', 1));
    same(tide_span_make(text, len),
         is_base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, &into);
  }
  tide_buffer_free(&into);
  free(text);
}

int main(void) {
  tide_mime_init();
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_gmime)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tide_mime_shutdown();
  return failed;
}
