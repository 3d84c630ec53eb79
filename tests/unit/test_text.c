/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of messages: charsets, transfer encodings, parts, escapes, and what a bomb may cost. */
#include "cmocka_all.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mime/message.h"
#include "record/record.h"

static tide_parser *parser;

static int setup(void **state) {
  (void)state;
  tide_mime_init();
  return tide_parser_new(&parser);
}

static int teardown(void **state) {
  (void)state;
  tide_parser_free(parser);
  return 0;
}

static const tide_message *parse(tide_span bytes) {
  tide_raw raw = {.bytes = bytes};
  static const tide_message *m;
  assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_TEXT, &m), TIDE_OK);
  return m;
}

/* header fields, body, text, defects */
typedef struct text_case {
  const char *head;
  tide_span body;
  const char *text;
  unsigned defects;
} text_case;

#define PLAIN(charset) "Content-Type: text/plain; charset=" charset "\n"
#define HTML(charset)  "Content-Type: text/html; charset=" charset "\n"
#define QP             "Content-Transfer-Encoding: quoted-printable\n"
#define B64            "Content-Transfer-Encoding: base64\n"
#define MIXED          "Content-Type: multipart/mixed; boundary=b\n"

static const text_case cases[] = {
    /* no MIME, and plain types */
    {"X: y\n", SPAN("Viagra\n"), "Viagra\n", 0},
    {"X: y\n", SPAN(""), "", 0},
    {"X: y\n", SPAN("caf\xc3\xa9"), "caf\xc3\xa9", 0},
    {"X: y\n", SPAN("caf\xe9"), "caf\xc3\xa9", TIDE_DEFECT_BAD_CHARSET},
    {"Content-Type: text/plain\n", SPAN("a"), "a", 0},
    {"Content-Type: text\n", SPAN("a"), "a", 0},
    {"Content-Type: \n", SPAN("a"), "a", 0},
    {"Content-Type: text plain\n", SPAN("a"), "a", 0},
    {"Content-Type: TEXT/PLAIN; format=flowed; CHARSET=\"UTF-8\"\n", SPAN("\xc3\xa9"), "\xc3\xa9",
     0},
    {"Content-Type: text/plain;\n\tcharset = utf-8 ; x=y\n", SPAN("\xc3\xa9"), "\xc3\xa9", 0},
    {"Content-Type: text/plain (comment); charset=koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset*=us-ascii'en'koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: application/pdf\n", SPAN("%PDF"), "", 0},
    {"Content-Type: image/gif\n" B64, SPAN("R0lGODlh"), "", 0},
    {"Content-Type: text/enriched\n", SPAN("a"), "a", 0},
    {"Content-Type: text/enriched\n",
     SPAN("<bold>Vi</bold>agra <<5 <color><param>red</param>now</color> <3"), "Viagra <5 now <3",
     0},
    {"Content-Type: text/richtext\n", SPAN("V<comment>x</comment>ia<lt>gra<nl>a"), "Via<gra\na", 0},
    /* fields written as they should not be */
    {"Content-Type: text/plain; charset: koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset=koi8-r (Plain text)\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset=koi8-r.\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset='koi8-r'\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset=\"koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset=\"charset=\"koi8-r\"\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset=\"Charset = koi8-r\"\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset=charset=charset=koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain charset=koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain, charset=koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: charset=koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text; charset=koi8-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: \"text/html\"; charset=koi8-r\n", SPAN("<b>\xf0</b>"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset*0=koi8; charset*1=-r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {"Content-Type: text/plain; charset*0*=x''koi8%2D; charset*1=r\n", SPAN("\xf0"), "\xd0\x9f", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: base64;\n", SPAN("VmlhZ3Jh"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: \"base64\"\n", SPAN("VmlhZ3Jh"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: base_64\n", SPAN("VmlhZ3Jh"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: (x) Base64 (y)\n", SPAN("VmlhZ3Jh"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: x-base64\n", SPAN("VmlhZ3Jh"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: quoted printable\n", SPAN("V=69agra"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: quoted/printable\n", SPAN("V=69agra"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: QP\n", SPAN("V=69agra"), "Viagra", 0},
    /* no charset, or one that says nothing: what the letters look like */
    {"Content-Type: text/plain\n", SPAN("\xc2\xe0\xf8 \xe7\xe0\xea\xe0\xe7 \xe3\xee\xf2\xee\xe2"),
     "\xd0\x92\xd0\xb0\xd1\x88 \xd0\xb7\xd0\xb0\xd0\xba\xd0\xb0\xd0\xb7 "
     "\xd0\xb3\xd0\xbe\xd1\x82\xd0\xbe\xd0\xb2",
     TIDE_DEFECT_BAD_CHARSET},
    {HTML("us-ascii"), SPAN("<b>\xb1\xa4\xb0\xed \xb8\xde\xc0\xcf</b>"),
     "\xea\xb4\x91\xea\xb3\xa0 \xeb\xa9\x94\xec\x9d\xbc", TIDE_DEFECT_BAD_CHARSET},
    /* the charset of the page itself */
    {"Content-Type: text/html\n", SPAN("<meta charset=koi8-r><p>\xf0"), "\xd0\x9f", 0},
    {HTML("us-ascii"),
     SPAN("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=windows-1251'>\xcf"),
     "\xd0\x9f", 0},
    {HTML("us-ascii"), SPAN("<meta charset=koi8-r>\xc3\xa9"), "\xc3\xa9", 0},
    {HTML("iso-8859-1"), SPAN("<meta charset=koi8-r>\xe9"), "\xc3\xa9", 0},
    {"Content-Type: text/html\n", SPAN("<meta charset=utf-16>\xe9"), "\xc3\xa9",
     TIDE_DEFECT_BAD_CHARSET},
    {"Content-Type: text/html\n",
     SPAN("<meta name=x content=y><meta charset=iso-2022-jp>\x1b$B$3\x1b(B"), "\xe3\x81\x93", 0},
    {"Content-Type: text/plain\n", SPAN("<meta charset=koi8-r>\xe9"),
     "<meta charset=koi8-r>\xc3\xa9", TIDE_DEFECT_BAD_CHARSET},
    {"Content-Type: text/html\n", SPAN("<?xml version='1.0' encoding=\"koi8-r\"?><p>\xf0"),
     "\xd0\x9f", 0},
    /* signs of the text itself, whatever the label is */
    {PLAIN("utf-8"), SPAN("\x1b$B$3\x1b(B"), "\xe3\x81\x93", 0},
    {HTML("shift_jis"), SPAN("<b>\x1b$B$3\x1b(B"), "\xe3\x81\x93", 0},
    {"Content-Type: text/plain\n", SPAN("a\x1b[1mb\x1b$B$3\x1b(B"), "a\x1b[1mb\xe3\x81\x93",
     TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("x"), SPAN("\x1b$)C\x0e\x31\x24\x0f"), "\xea\xb4\x91", 0},
    {PLAIN("utf-8"), SPAN("\x1b$B$3\x1b(B\xe3\x81\x93"), "\x1b$B$3\x1b(B\xe3\x81\x93", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: base64\n", SPAN("//5hAOkA"), "a\xc3\xa9", 0},
    /* lines that flow */
    {PLAIN("utf-8; format=flowed; delsp=yes"), SPAN("ca \r\nsi  \nno\n-- \nx \n> y \nz\n"),
     "casi no\n-- \nx \n> y \nz\n", 0},
    {PLAIN("utf-8; format=flowed"), SPAN("ca \nno\n"), "ca \nno\n", 0},
    /* charsets */
    {PLAIN("iso-8859-1"), SPAN("caf\xe9"), "caf\xc3\xa9", 0},
    {PLAIN("iso-8859-1"), SPAN("\x93q\x94 \x80"), "\xe2\x80\x9cq\xe2\x80\x9d \xe2\x82\xac", 0},
    {PLAIN("iso-8859-2"), SPAN("\xb1"), "\xc4\x85", 0},
    {PLAIN("iso-8859-15"), SPAN("\xa4"), "\xe2\x82\xac", 0},
    {PLAIN("windows-1251"), SPAN("\xcf\xf0\xe8"), "\xd0\x9f\xd1\x80\xd0\xb8", 0},
    {PLAIN("koi8-r"), SPAN("\xf0\xd2\xc9"), "\xd0\x9f\xd1\x80\xd0\xb8", 0},
    {PLAIN("KOI8-U"), SPAN("\xf0"), "\xd0\x9f", 0},
    {PLAIN("iso-2022-jp"), SPAN("\x1b$B$3\x1b(B x"), "\xe3\x81\x93 x", 0},
    {PLAIN("shift_jis"), SPAN("\x82\xb1"), "\xe3\x81\x93", 0},
    {PLAIN("euc-jp"), SPAN("\xa4\xb3"), "\xe3\x81\x93", 0},
    {PLAIN("gb2312"), SPAN("\xc4\xe3\xba\xc3"), "\xe4\xbd\xa0\xe5\xa5\xbd", 0},
    {PLAIN("gb2312"), SPAN("\x81\x40"), "\xe4\xb8\x82", 0}, /* GBK beyond GB 2312 */
    {PLAIN("big5"), SPAN("\xa7\x41\xa6\x6e"), "\xe4\xbd\xa0\xe5\xa5\xbd", 0},
    {PLAIN("euc-kr"), SPAN("\xbe\xc8"), "\xec\x95\x88", 0},
    {PLAIN("ks_c_5601-1987"), SPAN("\xbe\xc8"), "\xec\x95\x88", 0},
    {PLAIN("utf-16"),
     SPAN("\xff\xfe"
          "V\0i\0\x1f\x04"),
     "Vi\xd0\x9f", 0},
    {PLAIN("utf-16"), SPAN("\xfe\xff\0V\0i"), "Vi", 0},
    {PLAIN("utf-16"), SPAN("\0V\0i"), "Vi", 0},
    {PLAIN("utf-16"), SPAN("V\0i\0"), "Vi", 0},
    {PLAIN("utf-16le") B64, SPAN("VgBpAGEAZwByAGEA\n"), "Viagra", 0},
    {PLAIN("utf-16"), SPAN("Viagra"), "Viagra", TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("utf-7"), SPAN("V+AGk-agra"), "Viagra", 0},
    {PLAIN("x-klingon"), SPAN("caf\xe9"), "caf\xc3\xa9", TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("x-klingon"), SPAN("caf\xc3\xa9"), "caf\xc3\xa9", TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("x-klingon"), SPAN("Viagra"), "Viagra", TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("../../etc/passwd"), SPAN("Viagra"), "Viagra", TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("utf-8//TRANSLIT"), SPAN("Viagra"), "Viagra", 0},
    {PLAIN("utf-8"), SPAN("a\xe9z \xc3\xa9 \xff"), "a\xc3\xa9z \xc3\xa9 \xc3\xbf",
     TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("us-ascii"), SPAN("a\x92z"), "a\xe2\x80\x99z", TIDE_DEFECT_BAD_CHARSET},
    {PLAIN("big5"), SPAN("Via\xffgra"), "Via\xc3\xbfgra", TIDE_DEFECT_BAD_CHARSET},
    /* transfer encodings */
    {PLAIN("utf-8") QP, SPAN("V=69ag=\nra=C3=A9=3D\n"), "Viagra\xc3\xa9=\n", 0},
    {PLAIN("utf-8") QP, SPAN("Via=\r\ngra"), "Viagra", 0},
    /* lines end in LF, whatever is stored; a CR elsewhere stays */
    {PLAIN("utf-8"), SPAN("a\r\nb\r\n"), "a\nb\n", 0},
    {PLAIN("utf-8"), SPAN("\r\na\rb\r\r\n\nc\n\r"), "\na\rb\r\n\nc\n\r", 0},
    {PLAIN("utf-8") B64, SPAN("YQ0KYg0K"), "a\nb\n", 0},
    {PLAIN("utf-8") QP, SPAN("a=0D=0Ab=0D"), "a\nb\r", 0},
    {PLAIN("utf-16le") B64, SPAN("YQANAAoAYgA="), "a\nb", 0},
    {PLAIN("utf-8") QP, SPAN("a=zz ="), "a=zz ", 0},
    {PLAIN("utf-8") B64, SPAN("Vmlh\nZ3Jh\n"), "Viagra", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZ3Jh!VmlhZ3Jh*\r\nZ3Jh"), "ViagraViagragra", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZ3J"), "Viagr", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZ3I="), "Viagr", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZw"), "Viag", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZw=="), "Viag", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZw==\n"), "Viag", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZw="), "Viag", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZ"), "Via", 0},
    {PLAIN("utf-8") B64, SPAN("VmlhZw==cmE="), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: x-uuencode\n",
     SPAN("junk\nbegin 644 x\n&5FEA9W)A\n`\nend\n"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: BASE64 \n", SPAN("VmlhZ3Jh"), "Viagra", 0},
    {PLAIN("utf-8") "Content-Transfer-Encoding: nonsense\n", SPAN("Viagra"), "Viagra", 0},
    /* HTML */
    {HTML("utf-8"), SPAN("<p>V<b></b>ia&#103;ra</p><p style='display:none'>no"), "Viagra", 0},
    {HTML("utf-8") B64, SPAN("PGI+Vmk8L2I+YWdyYQ=="), "Viagra", 0},
    {HTML("windows-1251") QP, SPAN("<b>=CF</b>=F0=E8"), "\xd0\x9f\xd1\x80\xd0\xb8", 0},
    {HTML("utf-16le") B64, SPAN("PABiAD4AVgA8AC8AYgA+AGkA"), "Vi", 0},
    /* parts */
    {MIXED, SPAN("no\n--b\n\none\n--b\nContent-Type: text/html\n\n<b>two</b>\n--b--\nno\n"),
     "one\ntwo", 0},
    {MIXED, SPAN("--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\n"), "one\ntwo", 0},
    {MIXED,
     SPAN("--b\nContent-Type: image/gif\n\nno\n--b\nContent-Type: text/plain\n" B64
          "\nVmlhZ3Jh\n--b--"),
     "Viagra", 0},
    {MIXED,
     SPAN("--b\nContent-Type: multipart/alternative; boundary=\"c d\"\n\n--c d\n\none\n--c "
          "d\n\ntwo\n--c "
          "d--\n--b\n\nthree\n--b--\n"),
     "one\ntwo\nthree", 0},
    {MIXED,
     SPAN("--b\nContent-Type: message/rfc822\n\nSubject: x\nContent-Type: "
          "text/html\n\n<i>in</i>side\n--b--\n"),
     "inside", 0},
    {"Content-Type: message/rfc822\n", SPAN("Subject: x\n\ninside"), "inside", 0},
    {"Content-Type: message/rfc822\n", SPAN("no head\nat all"), "no head\nat all", 0},
    {MIXED, SPAN("--b\nContent-Type: message/rfc822\n\nno head\n--b--\n"), "no head", 0},
    {MIXED, SPAN("--b\nContent-Type: message/rfc822\n\n>From a\nSubject: x\n\ninside\n--b--\n"),
     "inside", 0},
    {"Content-Type: multipart/digest; boundary=b\n",
     SPAN("--b\n\nSubject: x\n\none\n--b\n\nSubject: y\n\ntwo\n--b--\n"), "one\ntwo", 0},
    {MIXED, SPAN("--b\n" PLAIN("koi8-r") "\n\xf0\n--b\n" PLAIN("windows-1251") "\n\xcf\n--b--\n"),
     "\xd0\x9f\n\xd0\x9f", 0},
    {MIXED, SPAN("--b\n" PLAIN("nonsense") "\n\xe9\n--b--\n"), "\xc3\xa9", TIDE_DEFECT_BAD_CHARSET},
    {MIXED, SPAN("--b\nContent-Type: text\n\nViagra\n--b--\n"), "Viagra", 0},
    /* boundaries */
    {"Content-Type: multipart/mixed; boundary=\"b\n", SPAN("--b\n\none\n--b--\n"), "one", 0},
    {"Content-Type: multipart/mixed; boundary=b (x)\n", SPAN("--b\n\none\n--b--\n"), "one", 0},
    {"Content-Type: multipart/mixed; type=\"text/html\" boundary=\"b\"\n",
     SPAN("--b\n\none\n--b--\n"), "one", 0},
    {"Content-Type: multipart/mixed; boundary=a\"b\"\n", SPAN("--ab\n\none\n--ab--\n"), "one", 0},
    {"Content-Type: multipart/mixed; boundary=\" b\"\n", SPAN("-- b\n\none\n-- b--\n"), "one", 0},
    {"Content-Type: multipart/mixed\n", SPAN("--b\nContent-Type: text/html\n\n<i>o</i>ne\n--b--\n"),
     "one", 0},
    {"Content-Type: multipart/mixed; boundary=b c\n", SPAN("--b c\n\none\n--b c--\n"), "one", 0},
    {"Content-Type: multipart/mixed; boundary=b c; x=y\n", SPAN("--b c\n\none\n--b c--\n"), "one",
     0},
    {"Content-Type: multipart/mixed; boundary=b type=\"text/html\"\n", SPAN("--b\n\none\n--b--\n"),
     "one", 0},
    {"Content-Type: multipart/mixed; boundary=other\n",
     SPAN("--b\nContent-Type: text/html\n\n<i>o</i>ne\n--b--\n"), "one", 0},
    {MIXED,
     SPAN("--b\nContent-Type: multipart/alternative\n\n--c\nContent-Type: "
          "text/html\n\n<i>o</i>ne\n--c--\n--b--\n"),
     "one", 0},
    {MIXED,
     SPAN("--b\nContent-Type: multipart/alternative; boundary=\"c\n\n--c\nContent-Type: "
          "text/html\n\n<i>o</i>ne\n--c--\n--b--\n"),
     "one", 0},
    {MIXED, SPAN("--b\rContent-Type: text/html\r\r<i>o</i>ne\r--b--\r"), "one", 0},
    /* messages that are encoded inside others */
    {MIXED, SPAN("--b\nContent-Type: message/rfc822\n" B64 "\nU3ViamVjdDogeAoKaW5zaWRl\n--b--\n"),
     "inside", 0},
    {MIXED,
     SPAN("--b\nContent-Type: message/rfc822\n" QP
          "\nSubject: x\nContent-Type: text/html\n\n<i>in</i>s=\nide\n--b--\n"),
     "inside", 0},
    {"Content-Type: message/rfc822\n" B64, SPAN("U3ViamVjdDogeAoKaW5zaWRl\n"), "inside", 0},
    /* malformed */
    {MIXED, SPAN("--b\n\none"), "one", 0},
    {MIXED, SPAN("--b\n\none\n--b\n"), "one", 0},
    {MIXED, SPAN("no boundary at all\n"), "no boundary at all\n", 0},
    {MIXED, SPAN(""), "", 0},
    {"Content-Type: multipart/mixed\n", SPAN("Viagra"), "Viagra", 0},
    {"Content-Type: multipart/mixed; boundary=\"\"\n", SPAN("Viagra"), "Viagra", 0},
    {"Content-Type: multipart/mixed; boundary=\"never closed\n", SPAN("--never closed\n\nViagra"),
     "Viagra", 0},
    {"Content-Type: multipart/mixed; boundary=b\nContent-Type: text/plain\n",
     SPAN("--b\n\none\n--b--"), "one", 0},
    {"Content-Type: text/html\nContent-Type: image/gif\n", SPAN("<b>Vi</b>agra"), "Viagra", 0},
};

static void texts(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].head);
    tide_buffer b = {0};
    tide_buffer_put(&b, tide_span_of(cases[i].head));
    tide_buffer_putc(&b, '\n');
    tide_buffer_put(&b, cases[i].body);
    /* In memory of just that size: a byte read too far is found. */
    char *exact = malloc(b.len);
    assert_non_null(exact);
    memcpy(exact, b.ptr, b.len);
    const tide_message *m = parse(tide_span_make(exact, b.len));
    if (!tide_span_equal(m->text, tide_span_of(cases[i].text)))
      fail_msg("%s%s: got \"%.*s\", want \"%s\"", cases[i].head, cases[i].body.ptr,
               (int)m->text.len, m->text.ptr, cases[i].text);
    if (m->defects != cases[i].defects)
      fail_msg("%s%s: defects %x", cases[i].head, cases[i].body.ptr, m->defects);
    free(exact);
    tide_buffer_free(&b);
  }
}

/* A message with one part is decoded without GMime's tree; the same message inside a multipart is
 * decoded with it. */
static void fast_path_is_gmime(void **state) {
  (void)state;
  static const char *const types[] = {"",
                                      "text/plain",
                                      "text/html",
                                      "text/plain; charset=utf-8",
                                      "text/plain; charset=\"koi8-r\"",
                                      "text/html; charset=gb2312",
                                      "TEXT/Plain ; Charset=ISO-8859-1; x=y",
                                      "text/plain; x=\"charset=koi8-r\"",
                                      "text/plain; charset=",
                                      "text/plain; charset=a b",
                                      "text/plain; charset=koi8-r x",
                                      "text/plain; charset=koi8-r; charset=big5",
                                      "text/plain;; charset=koi8-r",
                                      "text/plain charset=koi8-r",
                                      "text/plain; xcharset=koi8-r",
                                      "text/plain; name=\"a;b\"; charset=koi8-r",
                                      "text/plain; charset=(x)koi8-r",
                                      "text/x-y; charset=koi8-r;",
                                      "text/plain; charset=\"koi8-r",
                                      "text/plain; charset='koi8-r'",
                                      "image/png",
                                      "text",
                                      "text/",
                                      "/plain",
                                      "text/plain/x",
                                      ";",
                                      "text/plain; charset=\"koi8-r \""};
  static const char *const encodings[] = {
      NULL,     "7bit",       "8bit",     "binary", "quoted-printable", "Quoted-Printable",
      "base64", "x-uuencode", "uuencode", "bogus",  "base64; x",        "\"base64\""};
  static const char *const bodies[] = {"Viagra",
                                       "V=69=\nagra \xf0\xd2 =C9 x=3d",
                                       "VmlhZ3Jh\n0M8=\n",
                                       "begin 644 x\n&5FEA9W)A\n`\nend",
                                       "<b>V</b>ia\xc4\xe3gra",
                                       "a=",
                                       "a=\r\n",
                                       "VmlhZ3J",
                                       "AAAA====\nVmlh",
                                       ""};
  for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
    at("row %zu of types: %s", t, types[t]);
    for (size_t e = 0; e < sizeof encodings / sizeof *encodings; e++) {
      at("row %zu of encodings: %s", e, encodings[e]);
      for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++) {
        at("row %zu of bodies: %s", k, bodies[k]);
        tide_buffer fields = {0}, single = {0}, multi = {0};
        if (*types[t])
          tide_buffer_printf(&fields, "Content-Type: %s\n", types[t]);
        if (encodings[e])
          tide_buffer_printf(&fields, "Content-Transfer-Encoding: %s\n", encodings[e]);
        tide_buffer_printf(&single, "Subject: x\n%.*s\n%s", (int)fields.len,
                           fields.ptr ? fields.ptr : "", bodies[k]);
        tide_buffer_printf(&multi, MIXED "\n--b\n%.*s\n%s\n--b--\n", (int)fields.len,
                           fields.ptr ? fields.ptr : "", bodies[k]);
        const tide_message *m = parse(tide_buffer_span(&single));
        tide_buffer ours = {0};
        tide_buffer_put(&ours, m->text);
        unsigned defects = m->defects;
        m = parse(tide_buffer_span(&multi));
        /* A charset that does not fit is found only where there is text. */
        if (!tide_span_equal(tide_buffer_span(&ours), m->text) || defects != m->defects)
          fail_msg("%.*s%s: \"%.*s\" (%x), GMime \"%.*s\" (%x)", (int)fields.len,
                   fields.ptr ? fields.ptr : "", bodies[k], (int)ours.len, ours.ptr ? ours.ptr : "",
                   defects, (int)m->text.len, m->text.ptr ? m->text.ptr : "", m->defects);
        tide_buffer_free(&ours);
        tide_buffer_free(&fields);
        tide_buffer_free(&single);
        tide_buffer_free(&multi);
      }
    }
  }
}

static void escapes(void **state) {
  (void)state;
  static const struct {
    const char *message;
    const char *text[4]; /* none, one, all, dots */
  } table[] = {
      {"A: b\n\n>From x\n", {">From x\n", "From x\n", "From x\n", ">From x\n"}},
      {"A: b\n\n>>From x\n", {">>From x\n", ">>From x\n", ">From x\n", ">>From x\n"}},
      {"A: b\n\na\n>From x\nb\n>>>From y\n",
       {"a\n>From x\nb\n>>>From y\n", "a\nFrom x\nb\n>>>From y\n", "a\nFrom x\nb\n>>From y\n",
        "a\n>From x\nb\n>>>From y\n"}},
      {"A: b\n\na >From x\n> From y\n>from z\n",
       {"a >From x\n> From y\n>from z\n", "a >From x\n> From y\n>from z\n",
        "a >From x\n> From y\n>from z\n", "a >From x\n> From y\n>from z\n"}},
      {"A: b\n\nFrom x\n", {"From x\n", "From x\n", "From x\n", "From x\n"}},
      {"A: b\r\n\r\na\r\n>From x\r\n",
       {"a\n>From x\n", "a\nFrom x\n", "a\nFrom x\n", "a\n>From x\n"}},
      {">From x\nA: b\n\n>From y", {">From y", "From y", "From y", ">From y"}},
      {MIXED "\n--b\n\n>From x\n--b--\n", {">From x", "From x", "From x", ">From x"}},
      {PLAIN("utf-8") QP "\na=\n>From x\n", {"a>From x\n", "aFrom x\n", "aFrom x\n", "a>From x\n"}},
      {"A: b\n\n..x\n...\n.y\nz..\n.",
       {"..x\n...\n.y\nz..\n.", "..x\n...\n.y\nz..\n.", "..x\n...\n.y\nz..\n.",
        ".x\n..\n.y\nz..\n."}},
      {PLAIN("utf-8") QP "\nhttp://a=\n..b\r\n..\r\n",
       {"http://a..b\n..\n", "http://a..b\n..\n", "http://a..b\n..\n", "http://a.b\n.\n"}},
  };
  static const tide_escape kinds[] = {TIDE_ESCAPE_NONE, TIDE_ESCAPE_ONE, TIDE_ESCAPE_ALL,
                                      TIDE_ESCAPE_DOT};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    at("row %zu of table: %s", i, table[i].message);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
      at("row %zu of kinds", k);
      tide_raw raw = {.bytes = tide_span_of(table[i].message), .escape = kinds[k]};
      const tide_message *m;
      assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_TEXT, &m), TIDE_OK);
      assert_span_equal(m->text, table[i].text[k]);
    }
  }
}

/* Millions of them: by doubling what is there. */
static void put_times(tide_buffer *b, tide_span unit, size_t times) {
  const size_t whole = unit.len * times;
  assert_int_equal(tide_buffer_reserve(b, whole), TIDE_OK);
  char *to = b->ptr + b->len;
  memcpy(to, unit.ptr, unit.len);
  for (size_t done = unit.len; done < whole; done *= 2)
    memcpy(to + done, to, done < whole - done ? done : whole - done);
  b->len += whole;
}

static void text_ends_at_the_limit(void **state) {
  (void)state;
  static const struct {
    const char *head, *unit, *want;
  } table[] = {
      {"A: b\n\n", "\xe2\x82\xac", "\xe2\x82\xac"},
      {HTML("utf-8") "\n", "<b>\xe2\x82\xac</b>", "\xe2\x82\xac"},
      {PLAIN("koi8-r") "\n", "\xf0", "\xd0\x9f"},
      {PLAIN("utf-8") B64 "\n", "4oKs", "\xe2\x82\xac"},
      {MIXED "\n--b\n\n", "\xe2\x82\xac", "\xe2\x82\xac"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    at("row %zu of table: %s", i, table[i].head);
    tide_buffer b = {0};
    tide_buffer_put(&b, tide_span_of(table[i].head));
    put_times(&b, tide_span_of(table[i].unit), 2000000);
    const tide_message *m = parse(tide_buffer_span(&b));
    size_t unit = strlen(table[i].want);
    assert_int_equal(m->text.len, TIDE_LIMIT_TEXT / unit * unit);
    assert_memory_equal(m->text.ptr, table[i].want, unit);
    assert_memory_equal(m->text.ptr, m->text.ptr + unit, m->text.len - unit); /* again and again */
    assert_true(m->defects == TIDE_DEFECT_LONG_TEXT);
    tide_buffer_free(&b);
  }
}

static tide_span read_file(const char *name, const char *end, tide_buffer *b) {
  char path[4096];
  const char *source = getenv("TIDE_SOURCE");
  snprintf(path, sizeof path, "%s/test-corpora/mime/%s.%s", source ? source : ".", name, end);
  FILE *f = fopen(path, "rb");
  if (!f)
    fail_msg("%s is not there", path);
  assert_int_equal(tide_buffer_reserve(b, 1 << 16), TIDE_OK);
  b->len = fread(b->ptr, 1, 1 << 16, f);
  fclose(f);
  return tide_buffer_span(b);
}

/* Whole messages, with the text that a reader sees beside them. */
static void corpus(void **state) {
  (void)state;
  static const char *const names[] = {"hidden-words",
                                      "inside",
                                      "no-boundary",
                                      "list-footer",
                                      "two-blocks",
                                      "unclosed-boundary",
                                      "no-gap",
                                      "visible-child",
                                      "encoded-message",
                                      "page-charset",
                                      "enriched",
                                      "returns",
                                      "soft-break-blank",
                                      "spaced-base64",
                                      "upside-down",
                                      "unknown-page",
                                      "cut-off",
                                      "cyrillic-utf-16",
                                      "no-separator",
                                      "no-separator-page",
                                      "part-no-gap",
                                      "first-piece",
                                      "pages",
                                      "byte-order-mark"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    at("row %zu of names: %s", i, names[i]);
    tide_buffer message = {0}, want = {0};
    const tide_message *m = parse(read_file(names[i], "eml", &message));
    tide_span text = read_file(names[i], "txt", &want);
    if (!tide_span_equal(m->text, text))
      fail_msg("%s: got \"%.*s\"", names[i], (int)m->text.len, m->text.ptr);
    /* Text right after the fields is told, and read. */
    assert_int_equal(m->defects & ~(unsigned)TIDE_DEFECT_HEADER_JUNK, 0);
    tide_buffer_free(&message);
    tide_buffer_free(&want);
  }
}

/* --- bombs --- */

typedef struct bomb {
  const char *name, *head, *unit; /* unit is written count times; %d is its number */
  int count;
  const char *tail;
  unsigned defects; /* that must be set */
} bomb;

static const bomb bombs[] = {
    {"1,000 multiparts in each other", "", "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n",
     1000, "\nViagra\n", TIDE_DEFECT_TOO_DEEP},
    {"100,000 multiparts in each other", "",
     "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", 100000, "\nViagra\n",
     TIDE_DEFECT_TOO_DEEP},
    {"the same boundary, 100,000 levels", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
     100000, "\nViagra\n", 0},
    {"100,000 messages in each other", "", "Content-Type: message/rfc822\n\n", 100000, "\nViagra\n",
     TIDE_DEFECT_TOO_DEEP},
    {"a million messages in each other", "", "Content-Type: message/rfc822\n\n", 1000000,
     "\nViagra\n", TIDE_DEFECT_TOO_DEEP},
    {"a million parts", MIXED "\n", "--b\n\n\n", 1000000, "", TIDE_DEFECT_TOO_MANY_PARTS},
    {"a million parts with types", MIXED "\n", "--b\nContent-Type: image/gif\n\n", 1000000, "",
     TIDE_DEFECT_TOO_MANY_PARTS},
    {"4,097 parts", MIXED "\n", "--b\n\nx\n", 4097, "", TIDE_DEFECT_TOO_MANY_PARTS},
    {"a million messages in a digest", "Content-Type: multipart/digest; boundary=b\n\n",
     "--b\n\nA: b\n\n", 1000000, "", TIDE_DEFECT_TOO_MANY_PARTS},
    {"1,000 levels and a million dashes", "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
     "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", 1000, "\n", TIDE_DEFECT_TOO_DEEP},
    {"a boundary that never ends", "Content-Type: multipart/mixed; boundary=\"\n\n", "--never--",
     3000000, "", 0},
    {"boundary lines of megabytes", MIXED "\n--b\n\n", "--bbbbbbbbbb", 2000000, "", 0},
    {"a boundary of 10 MB", "Content-Type: multipart/mixed; boundary=\"", "0123456789", 1000000,
     "\"\n\n--0123\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"a part's boundary of 30 MB", MIXED "\n--b\nContent-Type: multipart/mixed; boundary=\"",
     "0123456789", 3000000, "\"\n\n--0123\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"a part's boundary, folded", MIXED "\n--b\nContent-Type: multipart/mixed; boundary=\"",
     "0123456789\n ", 2000000, "\"\n\n--0123\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"a million parameters", MIXED "\n--b\nContent-Type: text/plain", "; a%d*0*=b", 1000000,
     "\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"parameters of the message", "Content-Type: multipart/mixed; boundary=b", "; a*%d*=b", 1000000,
     "\n\n--b\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"ten million fields of a part", MIXED "\n--b\n", "a:\n", 10000000, "\nViagra\n",
     TIDE_DEFECT_TOO_MANY_HEADERS},
    {"ten million lines of junk", MIXED "\n--b\n", "a\n", 10000000, "\nViagra\n",
     TIDE_DEFECT_TOO_MANY_HEADERS},
    {"fields of a message in a message", "Content-Type: message/rfc822\n\n", "a:\n", 10000000,
     "\nViagra\n", TIDE_DEFECT_TOO_MANY_HEADERS},
    {"30 MB in one field of a part", MIXED "\n--b\nX: ", "0123456789", 3000000, "\n\nViagra\n",
     TIDE_DEFECT_LONG_HEADER},
    {"30 MB in one field of a message", MIXED "\n--b\nContent-Type: message/rfc822\n\nX: ",
     "0123456789", 3000000, "\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"30 MB in one field in a digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nX: ",
     "0123456789", 3000000, "\n\nViagra\n", TIDE_DEFECT_LONG_HEADER},
    {"100,000 long fields", MIXED "\n--b\n",
     "X: "
     "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
     "3456789012"
     "345678901234567890123456789\n",
     200000, "\nViagra\n", TIDE_DEFECT_TOO_MANY_HEADERS},
    {"base64 without end", PLAIN("utf-8") B64 "\n", "VmlhZ3Jh", 4000000, "", TIDE_DEFECT_LONG_TEXT},
    {"base64 without end, in a part", MIXED "\n--b\n" PLAIN("utf-8") B64 "\n", "VmlhZ3Jh", 4000000,
     "", TIDE_DEFECT_LONG_TEXT},
    {"base64 of nothing", HTML("utf-8") B64 "\n", "********", 4000000, "", 0},
    {"HTML of nothing", HTML("utf-8") "\n", "<b>", 10000000, "", TIDE_DEFECT_LONG_TEXT},
    {"4,000 parts of HTML", MIXED "\n", "--b\nContent-Type: text/html\n\n<b><p hidden>no\n", 4000,
     "", 0},
    {"uuencode without end", PLAIN("utf-8") "Content-Transfer-Encoding: uuencode\n\nbegin 644 x\n",
     "M5FEA9W)A5FEA9W)A5FEA9W)A5FEA9W)A5FEA9W)A5FEA9W)A5FEA9W)A\n", 500000, "",
     TIDE_DEFECT_LONG_TEXT},
    {"escaped shifts", PLAIN("iso-2022-jp") "\n", "\x1b$B\x1b(B", 5000000, "", 0},
    {"bytes that do not fit", PLAIN("big5") "\n", "\xff", 30000000, "",
     TIDE_DEFECT_BAD_CHARSET | TIDE_DEFECT_LONG_TEXT},
    {"no boundary, 30 MB", MIXED "\n", "0123456789", 3000000, "", TIDE_DEFECT_LONG_TEXT},
    {"a part without a boundary, 30 MB", MIXED "\n--b\nContent-Type: multipart/mixed\n\n",
     "012345678\n", 3000000, "", TIDE_DEFECT_LONG_TEXT},
};

/* What the calling thread has worked, in seconds: a busy machine makes a test wait, but not work.
 */
static double worked(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The most memory that this process has had since the mark was set back, in MiB. */
static long peak_mb(bool reset) {
  long kb = 0;
  char line[256];
  FILE *f = fopen(reset ? "/proc/self/clear_refs" : "/proc/self/status", reset ? "w" : "r");
  if (!f)
    return 0;
  if (reset)
    fputs("5", f);
  while (!reset && fgets(line, sizeof line, f))
    if (strncmp(line, "VmHWM:", 6) == 0)
      kb = strtol(line + 6, NULL, 10);
  fclose(f);
  return kb >> 10;
}

typedef struct explosion {
  tide_raw raw;
  const tide_message *message; /* NULL where there is none */
  double seconds;
} explosion;

static void *explode(void *data) {
  explosion *x = data;
  double start = worked();
  if (tide_message_parse(parser, &x->raw, TIDE_NEED_TEXT, &x->message) != TIDE_OK)
    x->message = NULL;
  x->seconds = worked() - start;
  return NULL;
}

/* A unit's number stands where it has %d. */
static void put_numbered(tide_buffer *b, tide_span unit, int number) {
  for (size_t at = 0; at < unit.len;) {
    size_t percent = tide_span_find(tide_span_slice(unit, at, unit.len), SPAN("%d"));
    tide_buffer_put(b, tide_span_slice(unit, at, at + percent));
    at += percent;
    if (at < unit.len)
      tide_buffer_printf(b, "%d", number);
    if (at < unit.len)
      at += 2;
  }
}

static void put_units(tide_buffer *b, const bomb *x) {
  const tide_span unit = tide_span_of(x->unit);
  if (!strstr(x->unit, "%d")) {
    put_times(b, unit, (size_t)x->count);
    return;
  }
  for (int k = 0; k < x->count && b->len < TIDE_LIMIT_MESSAGE; k++)
    put_numbered(b, unit, k);
}

static void bombs_are_cheap(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
    at("row %zu of bombs: %s", i, bombs[i].head);
    const bomb *x = &bombs[i];
    tide_buffer b = {0};
    tide_buffer_put(&b, tide_span_of(x->head));
    put_units(&b, x);
    if (strstr(x->name, "dashes"))
      put_times(&b, SPAN("--b9\n"), 1000000);
    tide_buffer_put(&b, tide_span_of(x->tail));
    if (b.len > TIDE_LIMIT_MESSAGE)
      b.len = TIDE_LIMIT_MESSAGE;
    explosion result = {.raw = {.bytes = tide_buffer_span(&b)}};
    /* On a thread like a worker's. */
    pthread_t thread;
    pthread_attr_t attributes;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 8 << 20), 0);
    peak_mb(true);
    long before = peak_mb(false);
    assert_int_equal(pthread_create(&thread, &attributes, explode, &result), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    double seconds = result.seconds;
    long mb = peak_mb(false) - before;
    pthread_attr_destroy(&attributes);
    const tide_message *m = result.message;
    if (!m)
      fail_msg("%s: no message", x->name);
    if (getenv("TIDE_VERBOSE"))
      print_message("%-36s %4zu MB: %.3f s, %ld MB, defects %x, text %zu\n", x->name, b.len >> 20,
                    seconds, mb, m->defects, m->text.len);
    if ((m->defects & x->defects) != x->defects)
      fail_msg("%s: defects %x", x->name, m->defects);
#ifdef TIDE_SANITIZED
    if (seconds > 60)
      fail_msg("%s: %.1f s", x->name, seconds);
#else
    if (seconds > 2)
      fail_msg("%s: %.1f s", x->name, seconds);
    if (mb > 200)
      fail_msg("%s: %ld MB", x->name, mb);
#endif
    tide_buffer_free(&b);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts),   cmocka_unit_test(fast_path_is_gmime),
      cmocka_unit_test(escapes), cmocka_unit_test(text_ends_at_the_limit),
      cmocka_unit_test(corpus),  cmocka_unit_test(bombs_are_cheap)};
  return cmocka_run_group_tests(tests, setup, teardown);
}
