/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Framing: where an mbox is cut, what of it is the message's, and that neither the size of the
 * pieces read nor a pipe changes that. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "source/formats.h"

#define SEP  "From bob@example.com Tue Nov 11 16:30:00 2008\n"
#define SEP2 "From ann@example.net Wed Nov 12 09:00:01 2008\n"

static const tide_format *format(const char *name) {
  for (const tide_format *const *f = tide_formats; *f; f++)
    if (strcmp((*f)->name, name) == 0)
      return *f;
  return NULL;
}

/* Cuts text, which comes in pieces of `step` bytes, and writes "envelope|bytes|size" of each
 * message, one after the other. */
static void cut(const char *name, tide_span text, size_t step, tide_buffer *out) {
  const tide_format *f = format(name);
  assert_non_null(f);
  tide_cut state = {0};
  size_t at = 0, have = step < text.len ? step : text.len;
  tide_buffer_clear(out);
  for (;;) {
    tide_raw raw;
    size_t used = 0;
    tide_status status =
        f->next(&state, tide_span_slice(text, at, have), have == text.len, &raw, &used);
    if (status == TIDE_END) {
      if (have == text.len)
        return;
      have = have + step < text.len ? have + step : text.len;
      continue;
    }
    assert_true(status == TIDE_OK || status == TIDE_SKIP);
    assert_number(used, >, 0);
    if (status == TIDE_SKIP) {
      tide_buffer_printf(out, "skipped;");
    } else {
      tide_buffer_put(out, raw.envelope);
      tide_buffer_putc(out, '|');
      tide_buffer_put(out, raw.bytes);
      tide_buffer_printf(out, "|%llu;", (unsigned long long)raw.size);
    }
    at += used;
    state = (tide_cut){.began = true};
  }
}

static void check(const char *name, tide_span text, const char *want) {
  tide_buffer out = {0};
  for (size_t step = 1; step < text.len + 2; step = step < 64 ? step + 1 : step * 2) {
    at("step = %zu", step);
    cut(name, text, step, &out);
    tide_span got = tide_buffer_span(&out);
    if (got.len != strlen(want) || (got.len && memcmp(got.ptr, want, got.len) != 0))
      fail_msg("%s in steps of %zu: got \"%.*s\", want \"%s\"", name, step, (int)got.len, got.ptr,
               want);
  }
  tide_buffer_free(&out);
}

#define E1 "From bob@example.com Tue Nov 11 16:30:00 2008|"
#define E2 "From ann@example.net Wed Nov 12 09:00:01 2008|"

static void separators(void **state) {
  (void)state;
  check("mbox", SPAN(SEP "A: 1\n\nx\n\n" SEP2 "B: 2\n\ny\n"),
        E1 "A: 1\n\nx\n|8;" E2 "B: 2\n\ny\n|8;");
  /* CRLF, and both in one file. */
  check("mbox", SPAN("From b Tue Nov 11 16:30:00 2008\r\nA: 1\r\n\r\nx\r\n\r\n" SEP2 "B: 2\n\ny"),
        "From b Tue Nov 11 16:30:00 2008|A: 1\r\n\r\nx\r\n|11;" E2 "B: 2\n\ny|7;");
  /* A `From ` in text: without a date, with one but no header after it, with one but in the middle
   * of a line. */
  check("mbox",
        SPAN(SEP "A: 1\n\nFrom here on\nFrom bob Tue Nov 11 16:30:00 2008\nhe wrote:\nxFrom b Tue "
                 "Nov 11 16:30:00 2008\nB: 2\n"),
        E1 "A: 1\n\nFrom here on\nFrom bob Tue Nov 11 16:30:00 2008\nhe wrote:\nxFrom b Tue Nov 11 "
           "16:30:00 2008\nB: 2\n|101;");
  /* A phrase with numbers among separators with dates, and a word that looks like a field. */
  check("mbox",
        SPAN(SEP "A: 1\n\nFrom 12:30 to 14:00\nSubject: x\nis the rule\n\n" SEP2 "B: 2\n\ny\n"),
        E1 "A: 1\n\nFrom 12:30 to 14:00\nSubject: x\nis the rule\n|49;" E2 "B: 2\n\ny\n|8;");
  /* No empty line before it, but a header after it: mailboxes put together by hand. */
  check("mbox", SPAN(SEP "A: 1\n\nx\n" SEP2 "B: 2\n\ny\n"),
        E1 "A: 1\n\nx\n|8;" E2 "B: 2\n\ny\n|8;");
  /* A message without anything, and a separator at the very end of a file that is still growing. */
  check("mbox", SPAN(SEP "\n" SEP2 "\n"), E1 "\n|1;" E2 "\n|1;");
  check("mbox", SPAN(SEP "A: 1\n\nx\n\n" SEP2), E1 "A: 1\n\nx\n|8;" E2 "|0;");
  check("mbox", SPAN(SEP "A: 1\n\nx\n\nFrom ann@example.net Wed Nov 12 09:0"),
        E1 "A: 1\n\nx\n\nFrom ann@example.net Wed Nov 12 09:0|45;");
  /* Empty lines before the first. */
  check("mbox", SPAN("\n\r\n" SEP "A: 1\n\nx\n"), E1 "A: 1\n\nx\n|8;");
  check("mbox", SPAN(""), "");
  check("mbox", SPAN("\n\n"), "");
  /* NUL bytes are bytes. */
  check("mboxcl2", SPAN(SEP "A: 1\n\nx\n"), E1 "A: 1\n\nx\n|8;");
}

static void styles(void **state) {
  (void)state;
  static const char *const lines[] = {
      "From bob@example.com Tue Nov 11 16:30:00 2008",
      "From bob@example.com  Tue Nov  4 16:30:00 2008",
      "From bob@example.com Tue Nov 11 16:30 2008",
      "From bob@example.com Tue Nov 11 16:30:00 EST 2008",
      "From bob@example.com Tue Nov 11 16:30:00 2008 -0500",
      "From bob@example.com Tue, 11 Nov 2008 16:30:00 -0500",
      "From - Tue Nov 11 16:30:00 2008",
      "From ???@??? Tue Nov 11 16:30:00 2008",
      "From bob at example.com  Tue Nov 11 16:30:00 2008",
      "From MAILER-DAEMON Tue Nov 11 16:30:00 2008",
      "From \"bob smith\"@example.com Tue Nov 11 16:30:00 2008",
      "From bob Tue Nov 11 16:30:00 2008 remote from uucp",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    at("row %zu of lines: %s", i, lines[i]);
    char text[256], want[256];
    snprintf(text, sizeof text, "%sA: 1\n\nx\n\n%s\nB: 2\n\ny\n", SEP, lines[i]);
    snprintf(want, sizeof want, "%sA: 1\n\nx\n|8;%s|B: 2\n\ny\n|8;", E1, lines[i]);
    check("mbox", tide_span_of(text), want);
  }
}

/* Three messages, the second with something odd around its separator: each is one message, and all
 * that was odd is nobody's or its own. `before` ends the first, `line` begins the second. */
static void check_odd(const char *before, const char *line, const char *odd, const char *kept) {
  static const char *const head = "Received: x\nMessage-ID: <2@x>\nFrom: b\nSubject: 2\n\ny\n";
  tide_buffer text = {0}, want = {0};
  tide_buffer_printf(&text, "%sA: 1\n\nx\n%s", SEP, before);
  tide_buffer_put(&text, tide_span_of(line));
  tide_buffer_printf(&text, "\n%s%s\n%sC: 3\n\nz\n", odd, head, SEP2);
  /* The empty line is the mailbox's own. */
  const char *own = strcmp(before, "\n") == 0 ? "" : before;
  tide_buffer_printf(&want, "%sA: 1\n\nx\n%s|%zu;%s|%s%s|%zu;%sC: 3\n\nz\n|8;", E1, own,
                     8 + strlen(own), line, kept, head, strlen(kept) + strlen(head), E2);
  tide_buffer_putc(&want, '\0');
  check("mbox", tide_buffer_span(&text), want.ptr);
  tide_buffer_free(&text);
  tide_buffer_free(&want);
}

static void oddities(void **state) {
  (void)state;
  static const struct {
    const char *odd, *kept;
  } cases[] = {
      {"\n", ""},
      {"\r\n \t\n", ""},
      {"\xef\xbb\xbf", ""},
      {"\r", ""},
      {"\1\1\1\1\n", ""},
      {"From - Mon Nov 10 08:00:00 2008\n", ""},
      {">>From c Mon Nov 10 08:00:00 2008\n", ">>From c Mon Nov 10 08:00:00 2008\n"},
      {" folded: no field\n", " folded: no field\n"},
      {"Fwd\n", "Fwd\n"},
      {"X-Gr\xfc\xdf: e\n", "X-Gr\xfc\xdf: e\n"},
      {"<pre>\n", "<pre>\n"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    check_odd("\n", "From bob@example.com Tue Nov 11 16:30:00 2008", cases[i].odd, cases[i].kept);
    check_odd("\n", "From bob@example.com  Tue, 11 Nov 2008 16:30:00 -0500", cases[i].odd,
              cases[i].kept);
    check_odd("\n", "From -", cases[i].odd, cases[i].kept);
  }
}

/* Lines without a date that can be read. */
static void undated(void **state) {
  (void)state;
  static const char *const lines[] = {
      "From -",
      "From",
      "From ???@???",
      "From 5550123",
      "From -8412345678901234567",
      "From bob@example.com",
      "From MAILER-DAEMON",
      "From bob at example.com",
      "From - jue. 11/11 16h30",
      "From <4711@example.com>",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    char line[64];
    snprintf(line, sizeof line, "%s%s", lines[i], strlen(lines[i]) == 4 ? " " : "");
    check_odd("\n", line, "", "");
    /* After a multipart that was closed there need be no empty line. */
    check_odd("--b1--\n", line, "", "");
  }
  /* Text: nothing before it, no head after it, a sentence and a word with a colon, an address. */
  static const char *const texts[] = {
      "x\nFrom -\nReceived: y\n",
      "\nFrom 5550123\nNot a field\n",
      "\nFrom what I can see\nNote: it works\n",
      "\nFrom his mail:\nSubject: hello\n",
      "\nFrom 12 to 14\nhttp://example.com/ has it\n",
      "\nFrom bob\n\nSubject: hello\n",
      "--b1 --x\nFrom -\nReceived: y\n",
      "\nFrom the Daily News, 11 Nov 2008 21:30\nLONDON: shares fell\n",
      "\nFrom the Daily News, Tuesday, 11 Nov 2008 21:30\nLONDON: shares fell\n",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    at("row %zu of texts: %s", i, texts[i]);
    tide_buffer text = {0}, want = {0};
    tide_buffer_printf(&text, "%sA: 1\n\n%s", SEP, texts[i]);
    tide_buffer_printf(&want, "%sA: 1\n\n%s|%zu;", E1, texts[i], 6 + strlen(texts[i]));
    tide_buffer_putc(&want, '\0');
    check("mbox", tide_buffer_span(&text), want.ptr);
    tide_buffer_free(&text);
    tide_buffer_free(&want);
  }
  /* In a mailbox without dates a field of any name is enough. */
  check("mbox", SPAN("From -\nA: 1\n\nx\n\nFrom -\nB: 2\n\ny\n"),
        "From -|A: 1\n\nx\n|8;From -|B: 2\n\ny\n|8;");
  /* Where separators are names, one with something odd after it is like the others. */
  check("mbox",
        SPAN("From Ann Example\nA: 1\n\nx\n\nFrom Ann Example\nFwd\nReceived: y\nFrom: b\n"
             "Subject: 2\n\ny\n"),
        "From Ann Example|A: 1\n\nx\n|8;From Ann Example|Fwd\nReceived: y\nFrom: b\nSubject: 2\n\n"
        "y\n|38;");
  /* A mailbox without dates and without blank lines: only a head that a program wrote begins a
   * message. */
#define HEAD "Received: y\nFrom: b\n\n"
  check("mbox",
        SPAN("From \n" HEAD "x\nFrom \n" HEAD "From here on\nFrom \nTo: you\nFrom \n" HEAD "z\n"),
        "From |" HEAD "x\n|23;From |" HEAD "From here on\nFrom \nTo: you\n|48;From |" HEAD
        "z\n|23;");
  check("mbox", SPAN("From b@x\n" HEAD "x\nFrom c@x\n" HEAD "y\n"),
        "From b@x|" HEAD "x\n|23;From c@x|" HEAD "y\n|23;");
  /* One field is enough there after a junk line, where the line is the same again. */
  check("mbox", SPAN("From -\n" HEAD "x\n\nFrom -\nFwd\nReceived: y\n\ny\n"),
        "From -|" HEAD "x\n|23;From -|Fwd\nReceived: y\n\ny\n|19;");
#undef HEAD
  /* A word of text, and the next message after it. */
  check("mbox",
        SPAN(SEP "A: 1\n\nFrom what\n\n" SEP2 "Received: y\nMessage-ID: <2@x>\nFrom: b\n\ny\n"),
        E1 "A: 1\n\nFrom what\n|16;" E2 "Received: y\nMessage-ID: <2@x>\nFrom: b\n\ny\n|41;");
  /* Several separators are one, and so are the lines of hosts on the way. */
  check("mbox",
        SPAN(SEP "From - Tue Nov 11 16:30:00 2008\n" SEP2 "To: 1\n\nx\n\n" SEP2 SEP SEP
                 "To: 2\n\ny\n"),
        E1 "To: 1\n\nx\n|9;" E2 "To: 2\n\ny\n|9;");
  check("mbox",
        SPAN("From -\nA: 1\n\nx\n\nFrom -\n>From c\n>From d\nReceived: y\nMessage-ID: <2@x>\n"
             "From: b\n\ny\n"),
        "From -|A: 1\n\nx\n|8;From -|>From c\n>From d\nReceived: y\nMessage-ID: <2@x>\nFrom: b\n\n"
        "y\n|57;");
  /* A sender and a whole date need no head after them. */
  check("mbox", SPAN(SEP "A: 1\n\nx\n\n" SEP2 "y\n\n" SEP "C: 3\n\nz\n"),
        E1 "A: 1\n\nx\n|8;" E2 "y\n|2;" E1 "C: 3\n\nz\n|8;");
  /* A mailbox that some program wrote in lower case. */
  check("mbox",
        SPAN("from bob Tue Nov 11 16:30:00 2008\nA: 1\n\nfrom x\n\nfrom ann Wed Nov 12 09:00:01 "
             "2008\nB: 2\n\ny\n"),
        "from bob Tue Nov 11 16:30:00 2008|A: 1\n\nfrom x\n|13;from ann Wed Nov 12 09:00:01 "
        "2008|B: 2\n\ny\n|8;");
}

/* `From ` lines that belong to what a message carries. */
static void carried(void **state) {
  (void)state;
  static const char *const bodies[] = {
      /* a message as a part, with its own line in front */
      "--b1\nContent-Type: text/plain\n\nsee\n--b1\nContent-Type: message/rfc822\n\n" SEP2
      "Subject: inner\n\nx\n--b1--\n",
      /* a mailbox as an attachment */
      "--b1\nContent-Type: text/plain;\n\tname=old.mbox\nContent-Disposition: attachment\n\n" SEP2
      "Subject: inner\n\nx\n--b1--\n",
      /* the same, with more than one message in it */
      "--b1\nContent-Type: text/plain\n\nsee\n--b1\nContent-Type: application/mbox\n\n" SEP2
      "Subject: inner\n\nx\n\n" SEP "Received: y\nSubject: second\n\nx\n\n" SEP
      "Received: y\nSubject: third\n\nx\n--b1--\n",
      /* and a boundary that stands in any head by chance */
      "--e\nContent-Type: application/mbox\n\n" SEP2 "Subject: inner\n\nx\n\n" SEP
      "Received: y\nSubject: second\n\nx\n--e--\n",
      /* a patch of git */
      ("\nFrom 00112233445566778899aabbccddeeff00112233 Mon Sep 17 00:00:00 2001\nFrom: B\n"
       "Subject: [PATCH] y\n\n---\n"),
  };
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    at("row %zu of bodies: %s", i, bodies[i]);
    tide_buffer text = {0}, want = {0};
    tide_buffer_printf(&text, "%sA: 1\n\n%s\n%sC: 3\n\nz\n", SEP, bodies[i], SEP2);
    tide_buffer_printf(&want, "%sA: 1\n\n%s|%zu;%sC: 3\n\nz\n|8;", E1, bodies[i],
                       6 + strlen(bodies[i]), E2);
    tide_buffer_putc(&want, '\0');
    check("mbox", tide_buffer_span(&text), want.ptr);
    tide_buffer_free(&text);
    tide_buffer_free(&want);
  }
  /* The whole message is a message. */
  check("mbox", SPAN(SEP "Content-Type: message/rfc822\n\n" SEP2 "Subject: y\n\nz\n"),
        E1 "Content-Type: message/rfc822\n\n" SEP2 "Subject: y\n\nz\n|90;");
  /* A signature is no part's head. */
  check("mbox", SPAN(SEP "A: 1\n\nx\n-- \nPhone: 555\n\n" SEP2 "B: 2\n\ny\n"),
        E1 "A: 1\n\nx\n-- \nPhone: 555\n|23;" E2 "B: 2\n\ny\n|8;");
  /* A series of patches is a mailbox. */
#define PATCH "From 00112233445566778899aabbccddeeff00112233 Mon Sep 17 00:00:00 2001"
  check("mbox", SPAN(PATCH "\nFrom: B\n\nx\n\n" PATCH "\nFrom: B\n\ny\n"),
        PATCH "|From: B\n\nx\n|11;" PATCH "|From: B\n\ny\n|11;");
  /* A digest, whose parts have no head of their own. */
#define DIGEST                                                                                     \
  "A: multipart/digest; boundary=b1\n\n--b1\n\n" SEP2 "Subject: x\n\nx\n--b1\n\n" SEP2             \
  "Subject: y\n\ny\n--b1--\n"
  check("mbox", SPAN(SEP DIGEST "\n" SEP2 "C: 3\n\nz\n"), E1 DIGEST "|173;" E2 "C: 3\n\nz\n|8;");
#undef DIGEST
  /* A close that lacks its dashes is none of a digest's parts. */
#define UNCLOSED "A: multipart/mixed; boundary=b1\n\n--b1\n\nx\n--b1\n"
  check("mbox", SPAN(SEP UNCLOSED "\n" SEP2 "C: 3\n\nz\n"), E1 UNCLOSED "|46;" E2 "C: 3\n\nz\n|8;");
#undef UNCLOSED
  /* A message that was cut off inside such a part, and one whose boundary the next message uses,
   * too: they end where the next begins. */
#define PART "--b1\nContent-Type: application/mbox\n\n" SEP2 "Subject: inner\n\nx\n"
  check("mbox", SPAN(SEP "A: 1\n\n" PART "\n" SEP2 "C: 3\n\nz\n"),
        E1 "A: 1\n\n" PART "|107;" E2 "C: 3\n\nz\n|8;");
  check("mbox", SPAN(SEP "A: 1\n\n" PART "\n" SEP2 "C: boundary=b1\n\n--b1\n\nz\n--b1--\n"),
        E1 "A: 1\n\n" PART "|107;" E2 "C: boundary=b1\n\n--b1\n\nz\n--b1--\n|31;");
#undef PART
  /* One that was cut off right behind a part's head: no mailbox stands in what is encoded, nor in a
   * text that nothing ends. */
  static const char *const heads[] = {
      "Content-Type: text/plain\n", "Content-Type: text/html; charset=utf-8\nContent-ID: <x>\n",
      "Content-Type: application/mbox\nContent-Transfer-Encoding: base64\n",
      "Content-Transfer-Encoding: X-UUencode\nContent-Type: message/rfc822\n"};
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    tide_buffer text = {0}, want = {0};
    tide_buffer_printf(&text, "%sA: 1\n\n--b1\n%s\n%sC: 3\n\nz\n", SEP, heads[i], SEP2);
    tide_buffer_printf(&want, "%sA: 1\n\n--b1\n%s|%zu;%sC: 3\n\nz\n|8;", E1, heads[i],
                       11 + strlen(heads[i]), E2);
    tide_buffer_putc(&want, '\0');
    check("mbox", tide_buffer_span(&text), want.ptr);
    tide_buffer_free(&text);
    tide_buffer_free(&want);
  }
}

/* What stands in a mailbox and is no message. */
static void not_messages(void **state) {
  (void)state;
  /* Mailboxes put one after the other, each with its byte order mark; a block never written. */
  check("mbox",
        SPAN("\xef\xbb\xbf" SEP "A: 1\n\nx\n\n\xef\xbb\xbf" SEP2 "B: 2\n\ny\n\n\0\0\0" SEP
             "C: 3\n\nz\n"),
        E1 "A: 1\n\nx\n|8;" E2 "B: 2\n\ny\n|8;" E1 "C: 3\n\nz\n|8;");
  check("mbox", SPAN("HTTP/1.0 200 OK\nDate: today\n\n" SEP "A: 1\n\nx\n"),
        "skipped;" E1 "A: 1\n\nx\n|8;");
  /* But not a message without its separator. */
  check("mbox", SPAN("Received: x\nSubject: y\n\nz\n\n" SEP "A: 1\n\nx\n"),
        "|Received: x\nSubject: y\n\nz\n|26;" E1 "A: 1\n\nx\n|8;");
#define INTERNAL                                                                                   \
  "From MAILER-DAEMON Tue Nov 11 16:30:00 2008\nDate: 11 Nov 2008 16:30:00 -0500\nFrom: Mail "     \
  "System "                                                                                        \
  "Internal Data <MAILER-DAEMON@host>\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL "     \
  "DATA\n"                                                                                         \
  "X-IMAP: 1 2\nStatus: RO\n\nThis is no message.\n\n"
  check("mbox", SPAN(INTERNAL SEP "A: 1\n\nx\n"), "skipped;" E1 "A: 1\n\nx\n|8;");
  /* A mail about that message is a mail. */
  check("mbox",
        SPAN(SEP "Received: x\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\nx\n"),
        E1 "Received: x\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\nx\n|74;");
}

#define MBX_LINE(length) " 1-Nov-2008 21:30:00 +0000," length ";00000000000f-00000001\r\n"

/* The other containers, in pieces of any size. */
static void containers(void **state) {
  (void)state;
  check("mmdf",
        SPAN("\1\1\1\1\nA: 1\n\nx\n\1\1\1\1\n\1\1\1\1\n" SEP
             "B: 2\n\n\1\1 y\n\1\1\1\1\n\1\1\1\1\nC: 3\n"),
        "|A: 1\n\nx\n|8;" E1 "B: 2\n\n\1\1 y\n|11;|C: 3\n|5;");
  check("mmdf", SPAN("\1\1\1\1\r\nA: 1\r\n\r\nx\r\n\1\1\1\1\r\n"), "|A: 1\r\n\r\nx\r\n|11;");
  /* A length that is right, one that is wrong, none, and a mark that is text. */
  check("rnews",
        SPAN("#! rnews 19\nA: 1\n\n#! rnews 8\nx\n#! rnews 7\nB: 2\n\ny\n#! rnews\t\n#! rnews \nC: "
             "3\n\nz\n"),
        "|A: 1\n\n#! rnews 8\nx\n|19;|B: 2\n\ny\n#! rnews\t\n|18;|C: 3\n\nz\n|8;");
  check("dbox",
        SPAN("2 M1e C4919f0a8\n\1\2N         0000000000000008\nA: 1\n\nx\n\n\1\3\nR49\nV8\n\n"
             "\1\2N         0000000000000003\nB: 2\n\ny\n\n\1\3\nR49\n\n"),
        "|A: 1\n\nx\n|8;|B: 2\n\ny\n|8;");
  check("emlx", SPAN("8         \nA: 1\n\nx\n<?xml version=\"1.0\"?>\n<plist/>\n"),
        "|A: 1\n\nx\n|8;");
  check("emlx", SPAN("12\nA: 1\n\n<?xml\n<?xml version=\"1.0\"?>\n<plist/>\n"),
        "|A: 1\n\n<?xml\n|12;");
  check("bsmtp", SPAN("DATA\nA: 1\n\n..\n...\n.x\nx..\n..\r\n.\r\nQUIT\n"),
        "|A: 1\n\n..\n...\n.x\nx..\n..\r\n|21;");
  /* Lengths that are right, one that is wrong, and a line of that form inside a message. */
  check("bsmtp",
        SPAN("HELO a\nMAIL FROM:<>\nrcpt to:<b>\nDATA\nA: 1\n\nx\n..y\n.\nMAIL FROM:<c>\r\n"
             "data\r\nB: 2\r\n\r\n.\r\nwhat?\n.\nDATA\nC: 3\n\nno end\n"),
        "|A: 1\n\nx\n..y\n|11;|B: 2\r\n\r\n|8;|what?\n|6;|C: 3\n\nno end\n|13;");
  check("mbx",
        SPAN(MBX_LINE("8") "A: 1\n\nx\n" MBX_LINE("60") "B: 2\n\n" MBX_LINE("8") "y\n" MBX_LINE(
            "9") "C: 3\n\nz\n" MBX_LINE("8") "D: 4\n\nw\n"),
        "|A: 1\n\nx\n|8;|B: 2\n\n" MBX_LINE("8") "y\n|60;|C: 3\n\nz\n|8;|D: 4\n\nw\n|8;");
  check("babyl",
        SPAN("BABYL OPTIONS:\nVersion: 5\n\x1f\f\n0,,\n*** EOOH ***\nA: 1\n\nx\n\x1f\f\n0,,\n*** "
             "EOOH ***\n"
             "B: 2\n\ny\n\x1f"),
        "|A: 1\n\nx\n|8;|B: 2\n\ny\n|8;");
}

static void escapes(void **state) {
  (void)state;
  /* size is that of the message as delivered: one '>' less for each escaped line of the dialect. */
  const tide_span text = SPAN(SEP "A: 1\n\n>From x\n>>From y\n> From z\nx>From w\n");
  check("mbox", text, E1 "A: 1\n\n>From x\n>>From y\n> From z\nx>From w\n|39;");
  check("mboxrd", text, E1 "A: 1\n\n>From x\n>>From y\n> From z\nx>From w\n|39;");
  check("mboxo", text, E1 "A: 1\n\n>From x\n>>From y\n> From z\nx>From w\n|40;");
  check("mboxcl2", text, E1 "A: 1\n\n>From x\n>>From y\n> From z\nx>From w\n|41;");
  /* sendmail's old `>From ` line among the headers is not escaped text. */
  check("mbox", SPAN(SEP ">From bob Tue Nov 11 16:30:00 2008\nA: 1\n\nx\n"),
        E1 ">From bob Tue Nov 11 16:30:00 2008\nA: 1\n\nx\n|43;");
}

static void content_length(void **state) {
  (void)state;
  /* Right: the separator inside the body is text, and nothing in it is escaped. */
  const char *inner = "see\n\n" SEP2 "B: 2\n\ny\n>From me\n";
  char text[512], want[512];
  snprintf(text, sizeof text, "%sContent-Length: %zu\n\n%s\n%sC: 3\n\nz\n", SEP, strlen(inner),
           inner, SEP2);
  snprintf(want, sizeof want, "%sContent-Length: %zu\n\n%s|%zu;%sC: 3\n\nz\n|8;", E1, strlen(inner),
           inner, strlen(inner) + 20, E2);
  check("mbox", tide_span_of(text), want);
  /* Right at the end of the file. */
  snprintf(text, sizeof text, "%sContent-Length: %zu\n\n%s", SEP, strlen(inner), inner);
  snprintf(want, sizeof want, "%sContent-Length: %zu\n\n%s|%zu;", E1, strlen(inner), inner,
           strlen(inner) + 20);
  check("mboxcl2", tide_span_of(text), want);
  /* Wrong, in every way that was seen: too short, too long, absurd, negative, not a number. */
  static const char *const wrong[] = {"3", "33", "4000", "99999999999999999999", "-5", "x"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    at("row %zu of wrong: %s", i, wrong[i]);
    snprintf(text, sizeof text, "%sContent-Length: %s\n\nbody\n\n%sC: 3\n\nz\n", SEP, wrong[i],
             SEP2);
    snprintf(want, sizeof want, "%sContent-Length: %s\n\nbody\n|%zu;%sC: 3\n\nz\n|8;", E1, wrong[i],
             strlen(wrong[i]) + 23, E2);
    check("mbox", tide_span_of(text), want);
  }
}

/* Each format is found under the name that --input takes. */
static void names(void **state) {
  (void)state;
#define NAME(name) #name,
  static const char *const named[] = {TIDE_FORMATS(NAME) NULL};
#undef NAME
  for (size_t i = 0; named[i] || tide_formats[i]; i++) {
    at("i = %zu", i);
    assert_string_equal(tide_formats[i]->name, named[i]);
  }
}

static void bids(void **state) {
  (void)state;
  static const struct {
    tide_span peek;
    const char *format; /* NULL: not mail */
  } cases[] = {
      {SPAN(SEP "A: 1\n\nx\n"), "mbox"},
      {SPAN("\n\n" SEP "A: 1\n\nx\n"), "mbox"},
      {SPAN("\xef\xbb\xbf" SEP "A: 1\n\nx\n"), "mbox"},
      {SPAN("From someone\nReceived: x\n\nx\n"), "mbox"},
      {SPAN("\0\0\n" SEP "A: 1\n\nx\n"), "mbox"},
      {SPAN(SEP "just text\n"), "mbox"},
      {SPAN("From -\nX-Mozilla-Status: 0001\n\nx\n"), "mbox"},
      {SPAN("HTTP/1.0 200 OK\nDate: x\nContent-Type: y\n\n" SEP "A: 1\n\nx\n"), "mbox"},
      {SPAN("Subject: x\n\n" SEP "A: 1\n\nx\n"), "message"},
      {SPAN("\1\1\1\1\nA: 1\n\nx\n"), "mmdf"},
      {SPAN("\1\1\1\1\n" SEP "A: 1\n\nx\n"), "mmdf"},
      {SPAN("BABYL OPTIONS: -*- rmail -*-\nVersion: 5\n"), "babyl"},
      {SPAN("#! rnews 8\nA: 1\n\nx\n"), "rnews"},
      {SPAN("23  \nSubject: x\n\ny\n"), "emlx"},
      {SPAN("23\n1,2\n"), NULL},
      {SPAN("2 M1e C4919f0a8\n\1\2N         0000000000000008\nA: 1\n\nx\n"), "dbox"},
      {SPAN("*mbx*\r\n49198d2000000002\r\n"), "mbx"},
      {SPAN("EHLO a.example\nMAIL FROM:<a@example.com>\nRCPT TO:<b>\nDATA\nTo: b\n\nx\n.\n"),
       "bsmtp"},
      {SPAN("11-Nov-2008 21:30:00 -0500,12;000000000001\nA: 1\n\nx\n"), "mbx"},
      {SPAN("11-Nov-2008 21:30:00 -0500, a log of the server\n"), NULL},
      {SPAN("\xe2\x80\x8bSubject: x\n\nx\n"), "message"},
      {SPAN("From: a@example.com\nSubject: x\n\nx\n"), "message"},
      {SPAN("Received: x\n\ty\nX-A: b\n\nx\n"), "message"},
      {SPAN("Subject: x"), "message"},
      {SPAN("X-Junk\nFrom: a@example.com\nTo: b\nSubject: x\n\n"), "message"},
      {SPAN("X-Junk\nReceived: from a ([192.0.2.1]) by b; x\n\nx\n"), "message"},
      {SPAN("Forwarded by the filter\r\nReceived: by b id 1;\r\n\tx\r\n\r\nx\r\n"), "message"},
      {SPAN("X-Junk\nMessage-ID: <1@a.example>\n\nx\n"), "message"},
      {SPAN("--- begin\nReturn-Path: <a@b.example>"), "message"},
      {SPAN("About mail\nReceived: fields are written by hosts.\n\nx\n"), NULL},
      {SPAN("About\nmail\nReceived: from a by b; x\n\nx\n"), NULL},
      {SPAN("About mail\nReceived: from a by b; x\nis what a host writes.\n"), NULL},
      {SPAN("About mail\nFrom: a@b.example\n\nx\n"), NULL},
      {SPAN("HTTP/1.0 200 OK\nContent-Type: text/html\n\nx\n"), NULL},
      {SPAN("Note: this is a licence\nYou may copy it.\n"), NULL},
      {SPAN("name,value\n1,2\n"), NULL},
      {SPAN("\x7f"
            "ELF\x02\x01\x01"),
       NULL},
      {SPAN(""), NULL},
      {SPAN("From here to eternity\nby James Jones\n"), NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const tide_format *f = tide_format_choose(cases[i].peek);
    const char *got = f ? f->name : "none", *want = cases[i].format ? cases[i].format : "none";
    if (strcmp(got, want) != 0)
      fail_msg("case %zu: %s instead of %s", i, got, want);
  }
}

static size_t messages_in(const tide_buffer *out) {
  size_t count = 0;
  for (size_t i = 0; i < out->len; i++)
    count += out->ptr[i] == ';';
  return count;
}

/* What stands before a line is looked at whole, however long it is. */
static void long_lines(void **state) {
  (void)state;
  enum { PIECE = 4096 };
  for (size_t length = PIECE - 2; length <= 2 * PIECE + 2;
       length += length % PIECE == 2 ? PIECE - 4 : 1) {
    at("length = %zu", length);
    char spaces[2 * PIECE + 4], hyphens[2 * PIECE + 4];
    memset(spaces, ' ', length);
    memset(hyphens, '-', length);
    spaces[length] = hyphens[length] = '\0';
    hyphens[2] = 'b';
    tide_buffer text = {0}, out = {0};
    /* Blank, so a word and a field are enough; with a letter in front, they are not. */
    tide_buffer_printf(&text, SEP "A: 1\n\n%s\nFrom ann\nSubject: 2\n\ny\n", spaces);
    cut("mbox", tide_buffer_span(&text), text.len, &out);
    assert_int_equal(messages_in(&out), 2);
    tide_buffer_clear(&text);
    tide_buffer_printf(&text, SEP "A: 1\n\nx%s\nFrom ann\nSubject: 2\n\ny\n", spaces);
    cut("mbox", tide_buffer_span(&text), text.len, &out);
    assert_int_equal(messages_in(&out), 1);
    tide_buffer_clear(&text);
    tide_buffer_printf(&text, SEP "A: 1\n\n%s\nFrom ann\nSubject: 2\n\ny\n", hyphens);
    cut("mbox", tide_buffer_span(&text), text.len, &out);
    assert_int_equal(messages_in(&out), 2);
    tide_buffer_free(&text);
    tide_buffer_free(&out);
  }
}

/* A message over the limit: its beginning is kept, its size is right, and what follows is not lost.
 */
static void oversize(void **state) {
  (void)state;
  char path[] = "/tmp/spamtide-mbox-XXXXXX";
  int fd = mkstemp(path);
  assert_number(fd, >=, 0);
  FILE *file = fdopen(fd, "w");
  fputs(SEP "A: 1\n\n", file);
  const size_t lines = (TIDE_LIMIT_MESSAGE / 64) * 2 + 12345;
  for (size_t i = 0; i < lines; i++)
    fputs("0123456789012345678901234567890123456789012345678901234567890ab\n", file);
  fputs("\n" SEP2 "B: 2\n\ny\n", file);
  fclose(file);
  const char *paths[] = {path};
  tide_feed *feed;
  tide_error err;
  tide_batch *batch = tide_batch_new();
  tide_raw raw;
  tide_span source;
  assert_non_null(batch);
  assert_int_equal(tide_feed_open(&feed, paths, 1, NULL, &err), TIDE_OK);
  uint64_t sizes[3] = {0}, offsets[3] = {0};
  size_t count = 0;
  while (tide_feed_next(feed, batch) == TIDE_OK)
    while (tide_batch_next(batch, &raw, &source) == TIDE_OK && count < 3) {
      sizes[count] = raw.size;
      offsets[count] = raw.offset;
      assert_int_equal(raw.cut, count == 0);
      assert_number(raw.bytes.len, <=, TIDE_LIMIT_MESSAGE);
      count++;
    }
  assert_int_equal(count, 2);
  assert_int_equal(sizes[0], 6 + lines * 64);
  assert_int_equal(sizes[1], 8);
  assert_int_equal(offsets[1], strlen(SEP) + 6 + lines * 64 + 1);
  tide_feed_close(feed);
  tide_batch_free(batch);
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(separators), cmocka_unit_test(styles),
                                     cmocka_unit_test(oddities),   cmocka_unit_test(undated),
                                     cmocka_unit_test(carried),    cmocka_unit_test(not_messages),
                                     cmocka_unit_test(containers),

                                     cmocka_unit_test(escapes),    cmocka_unit_test(content_length),
                                     cmocka_unit_test(names),      cmocka_unit_test(bids),
                                     cmocka_unit_test(long_lines), cmocka_unit_test(oversize)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
