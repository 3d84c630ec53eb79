/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header index: what is a field, what is not, and what an unkind header costs. */
#include "cmocka_all.h"

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

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The fields as "name=value|", line breaks in values as '/'; "-" where the message is damaged. */
static const char *fields(const tide_message *m) {
  static char out[4096];
  size_t len = 0;
  for (uint32_t i = 0; i < m->header_count; i++)
    len += (size_t)snprintf(out + len, sizeof out - len, "%.*s=%.*s|", (int)m->headers[i].name.len,
                            m->headers[i].name.ptr, (int)m->headers[i].value.len,
                            m->headers[i].value.ptr);
  out[len] = '\0';
  for (size_t i = 0; i < len; i++)
    if (out[i] == '\n')
      out[i] = '/';
  return out;
}

static void index_cases(void **state) {
  (void)state;
  static const struct {
    tide_span message;
    const char *fields, *body;
    unsigned defects;
  } cases[] = {
      {SPAN("A: 1\nB: 2\n\nbody\n"), "A=1|B=2|", "body\n", 0},
      {SPAN("A: 1\r\nB: 2\r\n\r\nbody\r\n"), "A=1|B=2|", "body\r\n", 0},
      {SPAN("A: 1\r\nB: 2\n\r\nbody"), "A=1|B=2|", "body", 0},
      {SPAN("A: 1\r\nB: 2\r\n\nbody"), "A=1|B=2|", "body", 0},
      {SPAN("A: 1\n 2\n\t3\nB: 4\n\n"), "A=1/ 2/\t3|B=4|", "", 0},
      {SPAN("A:\n 1\n\n"), "A=1|", "", 0},
      {SPAN("A:\n\n"), "A=|", "", 0},
      {SPAN("A:1\n \n\n"), "A=1|", "", 0},
      {SPAN("Subject : x\n\n"), "Subject=x|", "", 0},
      {SPAN("Subject\t : x\n\n"), "Subject=x|", "", 0},
      {SPAN("A: b:c\n\n"), "A=b:c|", "", 0},
      {SPAN("A: 1"), "A=1|", "", TIDE_DEFECT_NO_BODY},
      {SPAN("A: 1\n"), "A=1|", "", TIDE_DEFECT_NO_BODY},
      {SPAN("A: 1\r"), "A=1|", "", TIDE_DEFECT_NO_BODY},
      {SPAN("A: 1\r\n\r"), "A=1|", "", TIDE_DEFECT_NO_BODY | TIDE_DEFECT_HEADER_JUNK},
      {SPAN("From a@b Tue Nov 11 16:30:00 2008\nA: 1\n\n"), "A=1|", "", 0},
      {SPAN(">From: a@b\n\n"), ">From=a@b|", "", 0},
      {SPAN(">From a@b Tue Nov 11 16:30:00 2008\nA: 1\n\n"), "A=1|", "", 0},
      {SPAN("From : a@b\n\n"), "From=a@b|", "", 0},
      {SPAN("A: 1\nFrom a@b Tue Nov 11 16:30:00 2008\n\n"), "A=1|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("junk\nA: 1\n\n"), "A=1|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\njunk here\n continued\nB: 2\n\n"), "A=1|B=2|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\njunk: no\n\n"), "A=1|junk=no|", "", 0},
      /* Text without an empty line in front: more than one line of it, or a page. */
      {SPAN("A: 1\nstray\n\nx"), "A=1|", "x", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\ntext of\ntwo lines\n\nx"), "A=1|", "text of\ntwo lines\n\nx",
       TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\ntext\n"), "A=1|", "text\n", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\n<html>\n\nx"), "A=1|", "<html>\n\nx", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\ntext of\ntwo lines\nB: 2\n\nx"), "A=1|B=2|", "x", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\nju nk: no\n\n"), "A=1|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\n: empty\n\n"), "A=1|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\n\xe9: 2\n\n"), "A=1|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN(" continued\nA: 1\n\n"), "A=1|", "", TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: 1\rB: 2\n\n"), "A=1\rB: 2|", "", TIDE_DEFECT_BARE_CR},
      {SPAN("A: 1\r\r\nB: 2\n\n"), "A=1|B=2|", "", TIDE_DEFECT_BARE_CR},
      {SPAN("A: 1\n\r\rB\n\nx"), "A=1|", "x", TIDE_DEFECT_BARE_CR | TIDE_DEFECT_HEADER_JUNK},
      {SPAN("A: \xff\xfe\n\n"), "A=\xff\xfe|", "", 0},
      {SPAN("\xef\xbb\xbf"
            "A: 1\n\n"),
       "A=1|", "", 0},
      {SPAN("\nA: 1\n\n"), NULL, NULL, 0},
      {SPAN("\r\n"), NULL, NULL, 0},
      {SPAN(""), NULL, NULL, 0},
      {SPAN("only junk\nand more\n\nbody"), NULL, NULL, 0},
      {SPAN("From a@b Tue Nov 11 16:30:00 2008\n\nbody"), NULL, NULL, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].fields);
    tide_raw raw = {.bytes = cases[i].message};
    const tide_message *m = NULL;
    tide_status status = tide_message_parse(parser, &raw, 0, &m);
    if (!cases[i].fields) {
      assert_int_equal(status, TIDE_SKIP);
      assert_null(m);
      continue;
    }
    assert_int_equal(status, TIDE_OK);
    if (strcmp(fields(m), cases[i].fields) != 0)
      fail_msg("case %zu: got %s", i, fields(m));
    assert_span_equal(m->body, cases[i].body);
    if (m->defects != cases[i].defects)
      fail_msg("case %zu: defects %x", i, m->defects);
  }
}

static void nul_bytes_are_data(void **state) {
  (void)state;
  tide_raw raw = {.bytes = SPAN("A: 1\0 2\nB\0: 3\nC: 4\n\nx\0y")};
  const tide_message *m;
  assert_int_equal(tide_message_parse(parser, &raw, 0, &m), TIDE_OK);
  assert_int_equal(m->header_count, 2);
  assert_int_equal(m->headers[0].value.len, 4);
  assert_int_equal(m->body.len, 3);
  assert_true(m->defects == (TIDE_DEFECT_NUL_BYTES | TIDE_DEFECT_HEADER_JUNK));
}

static void known_names(void **state) {
  (void)state;
  static const char *const names[] = {
#define X(id, name) name,
      TIDE_HEADERS(X)
#undef X
  };
  for (unsigned i = 0; i < TIDE_HEADER_COUNT; i++) {
    at("i = %u", i);
    for (int how = 0; how < 3; how++) {
      at("how = %d", how);
      char text[128];
      size_t len = (size_t)snprintf(text, sizeof text, "%s: v\n%s: w\nx%s: no\n\n", names[i],
                                    names[i], names[i] + 1);
      for (size_t k = 0; k < len; k++) {
        if (how == 1)
          text[k] = tide_lower(text[k]);
        if (how == 2 && text[k] >= 'a' && text[k] <= 'z')
          text[k] = (char)(text[k] - 32);
      }
      tide_raw raw = {.bytes = tide_span_make(text, len)};
      const tide_message *m;
      assert_int_equal(tide_message_parse(parser, &raw, 0, &m), TIDE_OK);
      if (m->headers[0].id != i)
        fail_msg("%s is not found", names[i]);
      assert_int_equal(m->first[i], 0);
      assert_int_equal(m->headers[0].next, 1);
      /* Two names of the list differ from another only in their first letter. */
      if (tide_lower(names[i][0]) != 'x')
        assert_int_equal(m->headers[1].next, TIDE_HEADER_NONE);
      assert_span_equal(tide_message_header(m, (tide_header_id)i), how == 2 ? "V" : "v");
      for (unsigned k = 0; k < TIDE_HEADER_COUNT; k++)
        if (k != i && m->first[k] != TIDE_HEADER_NONE && m->first[k] != 2)
          fail_msg("%s is taken for %s", names[i], names[k]);
    }
  }
}

static void chains_keep_their_order(void **state) {
  (void)state;
  tide_raw raw = {.bytes = SPAN("Received: 1\nTo: a\nreceived: 2\nX: y\nRECEIVED: 3\n\n")};
  const tide_message *m;
  assert_int_equal(tide_message_parse(parser, &raw, 0, &m), TIDE_OK);
  const char *want[] = {"1", "2", "3"};
  int n = 0;
  for (uint32_t at = m->first[TIDE_HEADER_RECEIVED]; at != TIDE_HEADER_NONE;
       at = m->headers[at].next) {
    at("at = %u", at);
    assert_span_equal(m->headers[at].value, want[n++]);
  }
  assert_int_equal(n, 3);
}

/* count copies of piece between head and tail. */
static tide_span many(const char *head, const char *piece, size_t count, const char *tail) {
  static tide_buffer b;
  tide_buffer_clear(&b);
  assert_int_equal(tide_buffer_put(&b, tide_span_of(head)), TIDE_OK);
  for (size_t i = 0; i < count; i++) {
    at("i = %zu", i);
    assert_int_equal(tide_buffer_put(&b, tide_span_of(piece)), TIDE_OK);
  }
  assert_int_equal(tide_buffer_put(&b, tide_span_of(tail)), TIDE_OK);
  if (!*head && !*piece && !*tail)
    tide_buffer_free(&b);
  return tide_buffer_span(&b);
}

static void hostile_headers(void **state) {
  (void)state;
  const tide_message *m;
  double start = now();
  tide_raw raw = {.bytes = many("Subject: x\n",
                                "Received: from a by b; Tue, 11 Nov 2008 16:30:00 -0500\n", 100000,
                                "\nbody")};
  assert_int_equal(tide_message_parse(parser, &raw, 0, &m), TIDE_OK);
  assert_int_equal(m->header_count, TIDE_LIMIT_HEADERS);
  assert_true(m->defects & TIDE_DEFECT_TOO_MANY_HEADERS);
  assert_span_equal(m->body, "body");

  raw.bytes = many("Subject: ", "0123456789", 10000000, "\n\nbody");
  assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT, &m), TIDE_OK);
  assert_int_equal(tide_message_header(m, TIDE_HEADER_SUBJECT).len, 100000000);
  assert_int_equal(m->subject.len, TIDE_LIMIT_HEADER_VALUE);
  assert_true(m->defects & TIDE_DEFECT_LONG_HEADER);

  static const char *const pieces[] = {
      " \n",       "\r",    "a", "\t",  ": ",  "\r \n", "=?utf-8?q?a?= ",
      "\n x\r\n ", "\xe9 ", ">", "x\n", "a:\n"};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    at("row %zu of pieces: %s", i, pieces[i]);
    raw.bytes = many("Subject: ", pieces[i], 3000000, "\n\nbody");
    assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT, &m), TIDE_OK);
    assert_number(m->subject.len, <=, 3 * TIDE_LIMIT_HEADER_VALUE);
  }
  many("", "", 0, "");
  /* A second each would be much; the sanitizers take their share. */
  assert_number(now() - start, <, 30);
}

static void text_is_as_limited(void **state) {
  (void)state;
  /* Nothing is kept from one message to the next. */
  const tide_message *m;
  tide_raw raw = {.bytes = SPAN("Subject: one\n\ntext one")};
  assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT | TIDE_NEED_TEXT, &m),
                   TIDE_OK);
  assert_span_equal(m->subject, "one");
  assert_span_equal(m->text, "text one");
  raw.bytes = SPAN("To: two\n\n");
  assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT | TIDE_NEED_TEXT, &m),
                   TIDE_OK);
  assert_int_equal(m->subject.len, 0);
  assert_int_equal(m->text.len, 0);
  assert_int_equal(m->first[TIDE_HEADER_SUBJECT], TIDE_HEADER_NONE);
  raw.bytes = SPAN("Subject: three\n\nx");
  assert_int_equal(tide_message_parse(parser, &raw, 0, &m), TIDE_OK);
  assert_int_equal(m->subject.len + m->text.len, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(index_cases),     cmocka_unit_test(nul_bytes_are_data),
      cmocka_unit_test(known_names),     cmocka_unit_test(chains_keep_their_order),
      cmocka_unit_test(hostile_headers), cmocka_unit_test(text_is_as_limited),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
