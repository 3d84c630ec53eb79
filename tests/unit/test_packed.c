/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which beginnings are packed files, and which only look like one. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "../../lib/source/packed.h"

#define CASE(name, bytes)                                                                          \
  { name, SPAN(bytes) }

static void beginnings(void **state) {
  (void)state;
  static const struct {
    const char *name; /* NULL: nothing of the kind */
    tide_span bytes;
  } cases[] = {
      CASE("gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"),
      CASE("bzip2", "BZh91AY&SY\x3f"),
      CASE("bzip2", "BZh9\x17rE8P\x90\0\0\0\0"),
      CASE("xz", "\xfd"
                 "7zXZ\0\0\x04"),
      CASE("zstd", "\x28\xb5\x2f\xfd\x24"),
      CASE("lz4", "\x04\x22\x4d\x18\x64"),
      CASE("lz4 of Dovecot", "Dovecot-LZ4\x0d\x2a\x9b\xc5\0\0"),
      CASE("lzma", "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0"),
      CASE("lzma", "\x5d\0\0\x60\0\x10\0\0\0\0\0\0\0\0"),
      CASE("lzip", "LZIP\x01\x0c"),
      CASE("lzop", "\x89LZO\0\r\n\x1a\n\x10"),
      CASE("compress", "\x1f\x9d\x90"),
      CASE("zip", "PK\x03\x04\x14"),
      CASE("zip", "PK\x05\x06\0"),
      CASE("7z", "7z\xbc\xaf\x27\x1c\0"),
      CASE("rar", "Rar!\x1a\x07\x01\0"),
      CASE("cab", "MSCF\0\0\0\0\x10"),
      CASE("lha", "\x1d\x7f-lh5-\x10pppssssttttA\1"),
      CASE("lha", "\x1d\x7f-lhd-\x10pppssssttttA\2"),
      CASE("zstd", "\x5f\x2a\x4d\x18\2\0\0\0xx\x28\xb5\x2f\xfd"),
      CASE("lz4", "\x5f\x2a\x4d\x18\2\0\0\0xx\x04\x22\x4d\x18"),
      CASE("zstd", "\x50\x2a\x4d\x18\xff\xff\xff\xff"),
      CASE("zlib", "\x78\x9c\xed\x5a\1"),
      CASE("zlib", "\x78\x01\x4b\x04"),
      CASE("rpm", "\xed\xab\xee\xdb\3"),
      CASE("uuencode", "begin 644 m.mbox"),
      CASE("uuencode", "begin-base64 644 m.mbox"),
      CASE("gzip in base64", "H4sIAAAA"),
      CASE("mail in base64", "RnJvbSBh"),
      CASE("shell archive", "#!/bin/sh\n# This is a shell archive (produced"),
      CASE("WARC", "WARC/1.0\r\n"),
      CASE("cpio", "070701000"),
      CASE("ar", "!<arch>\nx"),
      CASE("lz4", "\x02\x21\x4c\x18x"),
      CASE("pack", "\x1f\x1e"),
      CASE("PST of Outlook", "!BDNx"),
      CASE("compressed batch of news", "#! cunbatch\n"),
      CASE("cpio", "070702000"),
      CASE("cpio", "\xc7qddiiMMuuggnnrrTTtt\x03\0SSss"
                   "ab\0"),
      CASE("cpio", "q\xc7"
                   "ddiiMMuuggnnrrTTtt\0\x03SSss"
                   "ab\0"),
      CASE("cpio", "070707000"),
      CASE("lrzip", "LRZI\0\6"),
      CASE("zip", "PK\x07\x08PK"),
      CASE("zip", "PK00PK\x03\x04"),
      CASE("rar", "RE~^x"),
      CASE("StuffIt", "StuffIt (c)1997"),
      CASE("StuffIt", "SIT!\0\1\0\0\0\0rLau"),
      CASE("arj", "\x60\xea\x1e"),
      CASE("xar", "xar!\0"),
      CASE("TNEF of Outlook", "\x78\x9f\x3e\x22\1"),
      CASE("DBX of Outlook Express", "\xcf\xad\x12\xfe\xc5"),
      CASE("compound file, such as Outlook's .msg", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
      CASE("zlib", "\x78\x01\xcb\x1c\xff"),
      CASE("mailbox of Foxmail", "\x10\x10\x10\x10\x10\x10\x10\x11\x11\x11\x11\x11\x11S\r\n"),
      CASE("NSF of Lotus Notes", "\x1a\0\0\x04\0\0\x01"),
      CASE("TBB of The Bat!", "\x20\x06\x79\x19\x0c\x0c"),
      CASE("mix of UW's IMAP server", ":msg:00000001:20081111213000+0000:000004d2:\r\n"),
      CASE("PFC of AOL", "AOLVM100\0"),
      CASE("MBX of Outlook Express 4", "JMF6\x03\0\1\0"),
      CASE("pack of git, as public-inbox's", "PACK\0\0\0\2\0\0"),
      CASE("EDB of Exchange", "SSSS\xef\xcd\xab\x89\x20\x06"),
      /* Near misses, and mail that speaks of them. */
      CASE(NULL, ""),
      CASE(NULL, "\x1f"),
      CASE(NULL, "\x1f\x8b"),
      CASE(NULL, "\x1f\x8b\x07"),
      CASE(NULL, "BZh: a header\n"),
      CASE(NULL, "BZh91AY&S"),
      CASE(NULL, "PK: a header\n"),
      CASE(NULL, "\xc7qddiiMMuuggnnrrTTtt\x04\0SSss"
                 "ab\0"),
      CASE(NULL, "\xc7q: a header, and a body\n\nx"),
      CASE(NULL, "Rar: a header\n"),
      CASE(NULL, "xx-lh5-Header-of-a-message: x\n"),
      CASE(NULL, "x^: a header\n"),
      CASE(NULL, "\x78\x9d\xed\x5a\1"),
      CASE(NULL, "x\x01\r\n\t a text"),
      CASE(NULL, "PACK: a header\n"),
      CASE(NULL, "\x5f\x2a\x4d\x18\2\0\0\0xxSubject"),
      CASE(NULL, "begin: a header\n"),
      CASE(NULL, "#!/bin/sh\n# This is a script"),
      CASE(NULL, "7z: a header\n"),
      CASE(NULL, "]: Return-Path: <a@b.example>\n"),
      CASE(NULL, "\x5d\0\0\x81\0\xff\xff\xff\xff\xff\xff\xff\xff\0"),
      CASE(NULL, "\x5d\0\0\x70\0\xff\xff\xff\xff\xff\xff\xff\xff\0"),
      CASE(NULL, "\x5d\0\0\x80\0\x10\0\0\0\0\x01\0\0\0"),
      CASE(NULL, "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff"),
      CASE(NULL, "From a@b.example Tue Nov 11 21:30:00 2008\n"),
      CASE(NULL, "Subject: PK\x03\x04\n"),
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].name);
    /* In memory of its own size, so that a sanitizer sees who reads beyond. */
    char *bytes = malloc(cases[i].bytes.len + 1);
    assert_non_null(bytes);
    memcpy(bytes, cases[i].bytes.ptr, cases[i].bytes.len);
    char *exact = realloc(bytes, cases[i].bytes.len ? cases[i].bytes.len : 1);
    const tide_packed *got = tide_packed_find(tide_span_make(exact, cases[i].bytes.len));
    if ((got == NULL) != (cases[i].name == NULL) || (got && strcmp(got->name, cases[i].name) != 0))
      fail_msg("case %zu: want %s, got %s", i, cases[i].name ? cases[i].name : "nothing",
               got ? got->name : "nothing");
    free(exact);
  }
}

static void names(void **state) {
  (void)state;
  static const char *const packed[] = {"2008-11.7z.002", "a/mail.z01", "mail.Zip", "x.tar.gz.ab",
                                       "in.box.br",      "m.tgz",      "mail.r00"};
  static const char *const others[] = {"inmail.002",
                                       "mail.7z/inmail.002",
                                       "cur/1.M2P3.host:2,S",
                                       "gz",
                                       "list.ab",
                                       "x.gz.1",
                                       "x.gz.txt",
                                       ".002",
                                       "z.z1",
                                       ""};
  for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
    if (!tide_packed_is_named(packed[i]))
      fail_msg("%s", packed[i]);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (tide_packed_is_named(others[i]))
      fail_msg("%s", others[i]);
  assert_true(tide_packed_is_piece("x.tar.ab") && tide_packed_is_piece("mail.z01"));
  assert_false(tide_packed_is_piece("spam-2008.r12")); /* a rar's volume is known by its bytes */
  assert_false(tide_packed_is_piece("2008-November.txt.gz") || tide_packed_is_piece("inmail.002"));
}

/* Makes the header of a tar with that magic (POSIX has "ustar", older ones nothing). */
static void tar_header(char header[512], const char *magic) {
  memset(header, 0, 512);
  memcpy(header, "mail/1.eml", 10);
  memcpy(header + 100, "0000644", 7);
  memcpy(header + 124, "00000001234", 11);
  memcpy(header + 257, magic, strlen(magic));
  memset(header + 148, ' ', 8);
  unsigned sum = 0;
  for (int i = 0; i < 512; i++)
    sum += (unsigned char)header[i];
  for (int i = 5; i >= 0; i--) {
    header[148 + i] = (char)('0' + sum % 8);
    sum /= 8;
  }
  header[154] = '\0';
}

static void tars(void **state) {
  (void)state;
  char header[512];
  tar_header(header, "ustar");
  assert_string_equal(tide_packed_find(tide_span_make(header, 512))->name, "tar");
  assert_string_equal(tide_packed_find(tide_span_make(header, 262))->name, "tar");
  assert_null(tide_packed_find(tide_span_make(header, 261)));
  tar_header(header, "");
  const tide_packed *old = tide_packed_find(tide_span_make(header, 512));
  assert_non_null(old);
  assert_true(old->archive && tide_packed_is_read(old));
  assert_null(tide_packed_find(tide_span_make(header, 511)));
  header[3]++;
  assert_null(tide_packed_find(tide_span_make(header, 512)));
  memset(header, 0, sizeof header);
  assert_null(tide_packed_find(tide_span_make(header, 512)));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(beginnings), cmocka_unit_test(names),
                                     cmocka_unit_test(tars)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
