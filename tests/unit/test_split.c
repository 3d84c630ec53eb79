/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Multiparts that are taken apart without GMime, against GMime's tree: texts, links and defects of
 * messages made at random from pieces of real ones, whole and broken. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../lib/mime/content.h"
#include "../../lib/mime/parser.h"
#include "record/record.h"

static tide_parser *ours, *trees;
static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)((seed >> 20) % n);
}

static int setup(void **state) {
  (void)state;
  tide_mime_init();
  if (tide_parser_new(&ours) != TIDE_OK || tide_parser_new(&trees) != TIDE_OK)
    return 1;
  trees->tree_only = true;
  return 0;
}

static int teardown(void **state) {
  (void)state;
  tide_parser_free(ours);
  tide_parser_free(trees);
  return 0;
}

/* GMime counts its own way what a bomb has too much of. */
enum {
  COUNTED = TIDE_DEFECT_TOO_MANY_PARTS | TIDE_DEFECT_TOO_MANY_HEADERS | TIDE_DEFECT_LONG_HEADER |
            TIDE_DEFECT_TOO_DEEP
};

static void same_as_tree(tide_span bytes) {
  tide_raw raw = {.bytes = bytes};
  const tide_message *a, *b;
  tide_status status = tide_message_parse(ours, &raw, TIDE_NEED_TEXT | TIDE_NEED_LINKS, &a);
  assert_int_equal(tide_message_parse(trees, &raw, TIDE_NEED_TEXT | TIDE_NEED_LINKS, &b), status);
  if (status != TIDE_OK)
    return;
  if (tide_span_equal(a->text, b->text) && tide_span_equal(a->links, b->links) &&
      (a->defects & ~(unsigned)COUNTED) == (b->defects & ~(unsigned)COUNTED))
    return;
  size_t at = 0;
  while (at < a->text.len && at < b->text.len && a->text.ptr[at] == b->text.ptr[at])
    at++;
  print_message("the texts differ at byte %zu of %zu and %zu; links %zu and %zu\n", at, a->text.len,
                b->text.len, a->links.len, b->links.len);
  fail_msg("of\n%.*s\nours (%x)\n%.*s\nGMime's (%x)\n%.*s", (int)bytes.len, bytes.ptr, a->defects,
           (int)a->text.len, a->text.ptr, b->defects, (int)b->text.len, b->text.ptr);
}

#define TOP "Content-Type: multipart/mixed; boundary=b\n\n"
/* A message, and whether it is plain enough to be taken apart without GMime. */
static const struct {
  const char *message;
  bool plain;
} cases[] = {
    {TOP "--b\nContent-Type: text/plain\n\nText\n--b--\n", true},
    {TOP "--b\nContent-Type: text/plain\n\nText\n\n--b\nContent-Type: "
         "text/html\n\n<b>x</b>\n--b--\nbehind\n",
     true},
    {TOP "before\n--no\n--b\nContent-Type: text/plain\n\nText\n--bb\n--b-\n-- b\n--b-- \t\n", true},
    {TOP "--b\t \r\nContent-Type: text/plain\r\n\r\nText\r\n--b--\r\n", true},
    {TOP "--b\nContent-Type: text/plain\n\n--b\nContent-Type: text/plain\n\n\n--b--\n", true},
    {TOP "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/plain\n\n\n\n--b--\n", true},
    {TOP
     "--b\nContent-Type: multipart/alternative; boundary=\"in:?'()\"\n\n--in:?'()\nContent-Type: "
     "text/plain\n\nText\n--in:?'()--\nbetween\n--in:?'()\n--b\nContent-Type: "
     "text/plain\n\nmore\n--b--\n",
     true},
    {TOP "--b\nContent-Type: multipart/alternative; boundary=in\n\n--in\nContent-Type: "
         "text/plain\n\nText\n--b--\n",
     true}, /* the inner end is missing */
    {TOP "--b\nContent-Type: multipart/alternative; boundary=in\n\nnothing\n--b--\n", false},
    {TOP "--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
         "text/plain\n\nText\n--b--\n",
     false},
    {TOP "--b\nContent-Type: multipart/alternative; boundary=b--\n\n--b--\nContent-Type: "
         "text/plain\n\nText\n--b----\n",
     false},
    {TOP "--b\nContent-Type: multipart/digest; boundary=in\n\n--in\n\nSubject: "
         "x\n\nText\n--in--\n--b--\n",
     false},
    {TOP "--b\nContent-Type: message/rfc822\n\nSubject: x\n\nText\n--b--\n", false},
    {TOP "--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n--b--\n", false},
    {TOP "--b\nContent-Type: text/plain\n\nText without an end\n", false},
    {TOP "--b\n\nText\n--b--\n", true},
    {TOP "--b\nX: y\n\nText\n--b--\n", true},
    {TOP "no part\n--b--\n", false},
    {TOP "--b\nContent-Type: text/html\n--b\nContent-Type: text/plain\n\nText\n--b--\n", false},
    {TOP "--b\nno field\n\nText\n--b--\n", false},
    {TOP "--b\nContent-Type: text/plain\n \nContent-Type: text/plain\n\nText\n--b--\n", false},
    {TOP "--b\nContent-Type: text/plain\nContent-Type: text/html\n\n<b>Text\n--b--\n", false},
    {TOP "--b\nContent-Type: text/plain (comment); charset=koi8-r\n\n\xf0\n--b--\n", false},
    {TOP "--b\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: "
         "Base64\n\n8A==\n--b--\n",
     true},
    {TOP "--b\nContent-Type: image/gif; name=\"a b\"\nContent-Transfer-Encoding: "
         "base64\n\nR0lG\n--b\nContent-Type: text/plain\n\nText\n--b--\n",
     true},
};

static void chosen(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].message);
    tide_span message = tide_span_of(cases[i].message);
    content parts[8];
    size_t count;
    same_as_tree(message);
    if (tide_content_split(tide_span_slice(message, sizeof TOP - 1, message.len), SPAN("b"), parts,
                           8, &count) != cases[i].plain)
      fail_msg("%s: %s without GMime", cases[i].message, cases[i].plain ? "not" : "taken apart");
  }
}

static void at_random(void **state) {
  (void)state;
  static const char *const pieces[] = {
      "--b\n",
      "--b\n",
      "--b\n",
      "--b\n",
      "--b\r\n",
      "--c\n",
      "--c\n",
      "--b--\n",
      "--c--\n",
      "--b \n",
      "--b\t--\n",
      "--bx\n",
      "--\n",
      "-- \n",
      " --b\n",
      "\n",
      "\n",
      "\n",
      "\r\n",
      "\n\n",
      "\r\r\n",
      " \n",
      "Content-Type: text/plain\n",
      "Content-Type: text/plain; charset=utf-8\n",
      "Content-Type: text/html; charset=\"iso-8859-1\"\n",
      "Content-Type: text/html\r\n",
      "Content-Type: image/png; name=x.png\n",
      "Content-Type: multipart/alternative; boundary=c\n",
      "Content-Type: multipart/related;\n\tboundary=\"c\"; type=\"text/html\"\n",
      "Content-Type: multipart/mixed\n",
      "Content-Type: multipart/digest; boundary=c\n",
      "Content-Type: message/rfc822\n",
      "Content-Type: text\n",
      "Content-Type: text/\n",
      "Content-Type: multipart/; boundary=c\n",
      "Content-Type: /plain\n",
      "Content-Type:\n",
      "content-type:text/html;charset=utf-8;\n",
      "Content-Type: text/plain; charset=utf-8; charset=koi8-r\n",
      "Content-Type: text/plain; charset*=utf-8''koi8-r\n",
      "Content-Type: text/html; x=\"a\\\"b\"; charset=koi8-r\n",
      "Content-Transfer-Encoding: quoted-printable\n",
      "Content-Transfer-Encoding: base64\n",
      "Content-Transfer-Encoding: 7bit\r\n",
      "Content-Transfer-Encoding: x-unknown\n",
      "Content-Disposition: attachment\n",
      "X-Field: value\n\tand more\n",
      "no field at all\n",
      "From someone\n",
      ">From someone\n",
      "word",
      "Text, more text.\n",
      "caf\xc3\xa9\n",
      "caf\xe9\n",
      "<p>a <b>b</b> <a href=\"http://example.com/\">c</a>\n",
      "=3Cb=3E x=\n",
      "Vmlh\n",
      "Z3JhIQ==\n",
      "begin 644 x\n",
  };
  static const char *const types[] = {
      "Content-Type: text/plain\n",
      "Content-Type: text/html\n",
      "Content-Type: text/plain; charset=koi8-r; format=flowed\n",
      "Content-Type: multipart/alternative; boundary=c\n\n--c\n",
      "",
      "Content-Type: image/gif\n",
      "X: y\n",
      "Content-Type: TEXT/HTML;\n\tcharset=\"utf-8\"\n",
      "Content-Type: multipart/related; boundary=\"c\"\n\npreamble\n--c\n",
      "Content-Type: text/plain; name=\"a;b\"\n"};
  static const char *const encodings[] = {
      "Content-Transfer-Encoding: quoted-printable\n", "Content-Transfer-Encoding: base64\n",
      "Content-Transfer-Encoding: 8bit\n", "Content-Transfer-Encoding: none\n"};
  static const char *const texts[] = {"word\n",
                                      "\n",
                                      "",
                                      "-- \nsignature\n",
                                      "caf\xc3\xa9\n",
                                      "<p>a <b>b</b> <a href=\"http://example.com/\">c</a>\n",
                                      "=3Cb=3E x=\n",
                                      "Vmlh\n",
                                      "Z3JhIQ==\n",
                                      "--c--\n",
                                      "--d\n",
                                      "\xf0\xd2\n"};
#ifdef TIDE_SANITIZED /* GMime allocates much */
  enum { ROUNDS = 20000 };
#else
  enum { ROUNDS = 60000 };
#endif
  char text[4096];
  size_t plain = 0;
  for (int round = 0; round < ROUNDS; round++) {
    at("round = %d", round);
    size_t len = (size_t)snprintf(text, sizeof text, "%s", TOP);
    const bool sane = below(4) > 0;
    for (unsigned i = 2 + below(24); i; i--) {
      /* Mostly a message as it should be, with something wrong in every other one. */
      if (sane && below(30))
        len += (size_t)snprintf(text + len, sizeof text - len, "--%s\n%s%s\n%s%s",
                                below(5) ? "b" : "c", types[below(10)],
                                below(2) ? encodings[below(4)] : "", texts[below(12)],
                                below(2) ? texts[below(12)] : "");
      else
        len += (size_t)snprintf(text + len, sizeof text - len, "%s",
                                pieces[below(sizeof pieces / sizeof *pieces)]);
    }
    if (below(3))
      len += (size_t)snprintf(text + len, sizeof text - len, "\n--c--\n--b--\n");
    content parts[64];
    size_t count;
    const bool apart =
        tide_content_split(tide_span_make(text + sizeof TOP - 1, len - (sizeof TOP - 1)), SPAN("b"),
                           parts, 64, &count);
    plain += apart;
    /* Where it is not taken apart both ask GMime: a few of those show that they do. */
    if (apart || round % 16 == 0)
      same_as_tree(tide_span_make(text, len));
  }
  print_message("%zu of %d without GMime\n", plain, ROUNDS);
  assert_number(plain, >, ROUNDS / 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(chosen), cmocka_unit_test(at_random)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
