/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row for each kind of compressed file or archive: the bytes that it must begin with. What they
 * are comes from each format's own description, and from Debian's magic(5) database where there is
 * none. Some have none, or too few, and are known by their arithmetic. */
#include "packed.h"

#include <archive.h>
#include <string.h>

typedef struct packed_row {
  tide_packed kind;
  size_t at; /* where the bytes are */
  tide_span magic;
} packed_row;

/* In the order of their first two bytes, by which they are searched: every file is asked for. */
static const packed_row packed_rows[] = {
    {.kind = {.name = "dar", .archive = true}, .magic = SPAN("\0\0\0\x7b")},
    {.kind = {.name = "lz4", .filter = ARCHIVE_FILTER_LZ4},
     .magic = SPAN("\x02\x21\x4c\x18")}, /* its older form */
    {.kind = {.name = "lz4", .codec = &tide_codec_lz4}, .magic = SPAN("\x04\x22\x4d\x18")},
    {.kind = {.name = "mailbox of Foxmail", .how = "export its messages", .archive = true},
     .magic = SPAN("\x10\x10\x10\x10\x10\x10\x10\x11")},
    {.kind = {.name = "NSF of Lotus Notes", .how = "export its messages", .archive = true},
     .magic = SPAN("\x1a\0\0\x04\0\0")},
    {.kind = {.name = "pack"}, .magic = SPAN("\x1f\x1e")},
    {.kind = {.name = "gzip", .codec = &tide_codec_gzip},
     .magic = SPAN("\x1f\x8b\x08")}, /* RFC 1952: 8 is deflate */
    {.kind = {.name = "compress", .filter = ARCHIVE_FILTER_COMPRESS}, .magic = SPAN("\x1f\x9d")},
    {.kind = {.name = "TBB of The Bat!", .how = "export its messages", .archive = true},
     .magic = SPAN("\x20\x06\x79\x19")},
    {.kind = {.name = "ar", .archive = true, .format = ARCHIVE_FORMAT_AR},
     .magic = SPAN("!<arch>\n")},
    {.kind = {.name = "thin ar", .archive = true}, .magic = SPAN("!<thin>\n")},
    {.kind = {.name = "PST of Outlook", .how = "convert it with readpst", .archive = true},
     .magic = SPAN("!BDN")},
    {.kind = {.name = "compressed batch of news"}, .magic = SPAN("#! cunbatch")},
    {.kind = {.name = "shell archive", .archive = true},
     .magic = SPAN("#!/bin/sh\n# This is a shell archive")},
    {.kind = {.name = "BinHex"}, .magic = SPAN("(This file must be converted with BinHex")},
    {.kind = {.name = "zstd", .codec = &tide_codec_zstd},
     .magic = SPAN("\x28\xb5\x2f\xfd")}, /* RFC 8878 */
    {.kind = {.name = "PGP, encrypted"}, .magic = SPAN("-----BEGIN PGP MESSAGE-----")},
    {.kind = {.name = "xz in base64"}, .magic = SPAN("/Td6WFoAA")},
    {.kind = {.name = "cpio", .archive = true, .format = ARCHIVE_FORMAT_CPIO},
     .magic = SPAN("070701")},
    {.kind = {.name = "cpio", .archive = true, .format = ARCHIVE_FORMAT_CPIO},
     .magic = SPAN("070702")},
    {.kind = {.name = "cpio", .archive = true, .format = ARCHIVE_FORMAT_CPIO},
     .magic = SPAN("070707")},
    {.kind = {.name = "zpaq", .archive = true}, .magic = SPAN("7kSt\xa0\x31")},
    {.kind = {.name = "7z", .archive = true, .format = ARCHIVE_FORMAT_7ZIP, .seeks = true},
     .magic = SPAN("7z\xbc\xaf\x27\x1c")},
    {.kind = {.name = "mix of UW's IMAP server",
              .how = "convert it with mailutil",
              .archive = true},
     .magic = SPAN(":msg:")},
    {.kind = {.name = "PFC of AOL", .how = "export its messages", .archive = true},
     .magic = SPAN("AOLVM100")},
    {.kind = {.name = "bzip3"}, .magic = SPAN("BZ3v1")},
    /* What Dovecot's zlib plugin makes of a Maildir's messages, beside gzip, bzip2, xz and zstd. */
    {.kind = {.name = "lz4 of Dovecot"}, .magic = SPAN("Dovecot-LZ4\x0d\x2a\x9b\xc5")},
    {.kind = {.name = "gzip in base64"}, .magic = SPAN("H4sI")},
    {.kind = {.name = "MBX of Outlook Express 4", .how = "export its messages", .archive = true},
     .magic = SPAN("JMF6")},
    {.kind = {.name = "zstd in base64"}, .magic = SPAN("KLUv/")},
    {.kind = {.name = "lrzip"}, .magic = SPAN("LRZI\0")},
    {.kind = {.name = "lzip", .codec = &tide_codec_lzip}, .magic = SPAN("LZIP\x01")},
    {.kind = {.name = "cab", .archive = true, .format = ARCHIVE_FORMAT_CAB},
     .magic = SPAN("MSCF\0\0\0\0")},
    {.kind = {.name = "wim", .archive = true}, .magic = SPAN("MSWIM\0\0\0")},
    {.kind = {.name = "7z in base64", .archive = true}, .magic = SPAN("N3q8ryccA")},
    {.kind = {.name = "pack of git, as public-inbox's",
              .how = "export its messages with git",
              .archive = true},
     .magic = SPAN("PACK\0\0\0")},
    {.kind = {.name = "zip", .archive = true, .format = ARCHIVE_FORMAT_ZIP},
     .magic = SPAN("PK\x03\x04")},
    {.kind = {.name = "zip", .archive = true, .format = ARCHIVE_FORMAT_ZIP},
     .magic = SPAN("PK\x05\x06")}, /* empty */
    {.kind = {.name = "zip", .archive = true, .format = ARCHIVE_FORMAT_ZIP},
     .magic = SPAN("PK\x07\x08PK")}, /* in pieces */
    {.kind = {.name = "zip", .archive = true, .format = ARCHIVE_FORMAT_ZIP},
     .magic = SPAN("PK00PK\x03\x04")}, /* one piece */
    {.kind = {.name = "bzip2 in base64"}, .magic = SPAN("QlpoO")},
    {.kind = {.name = "rar", .archive = true}, .magic = SPAN("RE~^")}, /* before version 1.5 */
    {.kind = {.name = "rzip"}, .magic = SPAN("RZIP\2")},
    {.kind = {.name = "rar", .archive = true, .format = ARCHIVE_FORMAT_RAR},
     .magic = SPAN("Rar!\x1a\x07\x00")},
    {.kind = {.name = "rar", .archive = true, .format = ARCHIVE_FORMAT_RAR_V5},
     .magic = SPAN("Rar!\x1a\x07\x01\x00")},
    {.kind = {.name = "mail in base64"}, .magic = SPAN("RnJvbS")},
    {.kind = {.name = "openssl, encrypted"}, .magic = SPAN("Salted__")},
    {.kind = {.name = "StuffIt", .archive = true}, .magic = SPAN("StuffIt (c)")},
    {.kind = {.name = "zip in base64", .archive = true}, .magic = SPAN("UEsDB")},
    {.kind = {.name = "mail in base64"}, .magic = SPAN("UmV0dXJuLVBhdGg6")},
    {.kind = {.name = "mail in base64"}, .magic = SPAN("UmVjZWl2ZWQ6")},
    {.kind = {.name = "WARC", .archive = true}, .magic = SPAN("WARC/")},
    {.kind = {.name = "arj", .archive = true}, .magic = SPAN("\x60\xea")},
    {.kind = {.name = "age, encrypted"}, .magic = SPAN("age-encryption.org/")},
    {.kind = {.name = "uuencode"}, .magic = SPAN("begin 6")},
    {.kind = {.name = "uuencode"}, .magic = SPAN("begin-base64 ")},
    {.kind = {.name = "squashfs", .archive = true}, .magic = SPAN("hsqs")},
    {.kind = {.name = "xar", .archive = true}, .magic = SPAN("xar!")},
    {.kind = {.name = "TNEF of Outlook", .archive = true}, .magic = SPAN("\x78\x9f\x3e\x22")},
    {.kind = {.name = "zpaq", .archive = true}, .magic = SPAN("zPQ")},
    {.kind = {.name = "lzop"}, .magic = SPAN("\x89LZO\0\r\n\x1a\n")},
    {.kind = {.name = "DBX of Outlook Express",
              .how = "convert it with readdbx or undbx",
              .archive = true},
     .magic = SPAN("\xcf\xad\x12\xfe")},
    {.kind = {.name = "compound file, such as Outlook's .msg",
              .how = "convert it with msgconvert",
              .archive = true},
     .magic = SPAN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
    {.kind = {.name = "rpm", .archive = true}, .magic = SPAN("\xed\xab\xee\xdb")},
    {.kind = {.name = "xz", .codec = &tide_codec_xz}, .magic = SPAN("\xfd\x37zXZ\0")},
    {.kind = {.name = "snappy"}, .magic = SPAN("\xff\x06\0\0sNaPpY")},
};

/* Those whose bytes come later in the file. */
static const packed_row packed_inner[] = {
    {.kind = {.name = "bzip2", .codec = &tide_codec_bzip2},
     .at = 4,
     .magic = SPAN("\x31\x41\x59\x26\x53\x59")},
    {.kind = {.name = "bzip2", .codec = &tide_codec_bzip2},
     .at = 4,
     .magic = SPAN("\x17\x72\x45\x38\x50\x90")}, /* empty */
    {.kind = {.name = "EDB of Exchange", .how = "export its messages", .archive = true},
     .at = 4,
     .magic = SPAN("\xef\xcd\xab\x89")},
    {.kind = {.name = "StuffIt", .archive = true}, .at = 10, .magic = SPAN("rLau")},
    {.kind = {.name = "tar", .archive = true, .format = ARCHIVE_FORMAT_TAR},
     .at = 257,
     .magic = SPAN("ustar")},
    {.kind = {.name = "ISO image", .archive = true}, .at = 32769, .magic = SPAN("CD001")},
};

enum { TAR_HEADER = 512, TAR_SUM_AT = 148, TAR_SUM_LEN = 8, LZMA_HEADER = 13 };

/* The tar of before POSIX has nothing but the sum of its header, in octal, in which its own place
 * counts as blanks. */
static bool is_old_tar(tide_span peek) {
  if (peek.len < TAR_HEADER || peek.ptr[0] == '\0')
    return false;
  unsigned said = 0, sum = 0, digits = 0;
  for (size_t i = 0; i < TAR_SUM_LEN; i++) {
    char c = peek.ptr[TAR_SUM_AT + i];
    if (c >= '0' && c <= '7') {
      said = said * 8 + (unsigned)(c - '0');
      digits++;
    } else if (c != ' ' && c != '\0') {
      return false;
    }
  }
  if (digits < 3)
    return false;
  for (size_t i = 0; i < TAR_HEADER; i++) {
    bool own = i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_LEN;
    sum += own ? ' ' : (unsigned char)peek.ptr[i];
  }
  return said == sum;
}

static unsigned two_at(tide_span s, size_t at) {
  return (unsigned)(unsigned char)s.ptr[at] << 8 | (unsigned char)s.ptr[at + 1];
}

static unsigned swapped(unsigned two) {
  return (two & 0xff) << 8 | two >> 8;
}

/* The cpio of PDP-11 and VAX, which GNU cpio still writes unless told otherwise: words of 16 bits
 * in either order, the first of them 070707. Two bytes are few, so the length of the name is held
 * against where the name ends. */
static bool is_old_cpio(tide_span peek) {
  enum { MAGIC = 070707, HEADER = 26, NAME_LEN_AT = 20 };
  if (peek.len < HEADER)
    return false;
  const unsigned magic = two_at(peek, 0), len = two_at(peek, NAME_LEN_AT);
  if (magic != MAGIC && magic != swapped(MAGIC))
    return false;
  const size_t name_len = magic == MAGIC ? len : swapped(len);
  return name_len > 1 && HEADER + name_len <= peek.len &&
         tide_span_find_char(tide_span_slice(peek, HEADER, peek.len), '\0') == name_len - 1;
}

/* "-lh5-" for how the first member is packed, "-lhd-" for a directory; the level of the header. */
static bool is_lha(tide_span peek) {
  enum { METHOD_AT = 2, METHOD_END = 6, LEVEL_AT = 20, LEVEL_MOST = 3 };
  if (peek.len <= LEVEL_AT || peek.ptr[METHOD_AT] != '-' || peek.ptr[METHOD_END] != '-')
    return false;
  const tide_span method = tide_span_slice(peek, METHOD_AT, peek.len);
  return (tide_span_starts(method, SPAN("-lh")) || tide_span_starts(method, SPAN("-lz"))) &&
         (unsigned char)peek.ptr[LEVEL_AT] <= LEVEL_MOST;
}

/* zstd and lz4 share frames that are to be skipped (RFC 8878 3.1.2); pzstd writes one in front.
 * What follows it decides; where that is too far in, it is zstd, which is written so more often. */
static tide_span behind_skipped(tide_span peek) {
  enum { HEAD = 8, SIZE_AT = 4 };
  const unsigned char *p = (const unsigned char *)peek.ptr;
  if (peek.len < HEAD || (p[0] & 0xf0) != 0x50 ||
      !tide_span_starts(tide_span_slice(peek, 1, peek.len), SPAN("\x2a\x4d\x18")))
    return peek;
  size_t size = 0;
  for (int i = HEAD - 1; i >= SIZE_AT; i--)
    size = size << 8 | p[i];
  return size < peek.len - HEAD ? tide_span_slice(peek, HEAD + size, peek.len)
                                : SPAN("\x28\xb5\x2f\xfd");
}

/* LZMA alone: properties 0x5d, which all writers give; a dictionary of 2^n or 2^n + 2^(n-1) bytes;
 * and a length that is unknown (all ones) or below 256 GiB (the rule of xz's own decoder). */
static bool is_lzma(tide_span peek) {
  if (peek.len < LZMA_HEADER || peek.ptr[0] != 0x5d)
    return false;
  const unsigned char *p = (const unsigned char *)peek.ptr;
  uint32_t dictionary = 0;
  uint64_t length = 0;
  for (int i = 4; i > 0; i--)
    dictionary = dictionary << 8 | p[i];
  for (int i = 12; i > 4; i--)
    length = length << 8 | p[i];
  uint32_t rest = dictionary & (dictionary - 1); /* without its lowest bit */
  bool sound = dictionary >= 1 << 12 && (rest == 0 || dictionary == rest + rest / 2);
  return sound && (length == UINT64_MAX || length < (uint64_t)1 << 38);
}

/* zlib's own form (RFC 1950): the largest window, no dictionary, a sum of the two bytes. A text can
 * begin so ("x^"), but has no control characters in its first bytes. */
static bool is_zlib(tide_span peek) {
  enum { HEAD = 2, WINDOW = 0x78, DICTIONARY = 0x20, LOOKED_AT = 64 };
  if (peek.len <= HEAD || peek.ptr[0] != WINDOW || (peek.ptr[1] & DICTIONARY) ||
      two_at(peek, 0) % 31)
    return false;
  for (size_t i = HEAD; i < peek.len && i < LOOKED_AT; i++)
    if ((unsigned char)peek.ptr[i] < ' ' && !tide_is_space(peek.ptr[i]))
      return true;
  return false;
}

static const packed_row *row_find(tide_span peek) {
  enum { ROWS = sizeof packed_rows / sizeof *packed_rows };
  if (peek.len < 2)
    return NULL;
  const unsigned key = two_at(peek, 0);
  size_t low = 0, high = ROWS;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (two_at(packed_rows[middle].magic, 0) < key)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < ROWS && two_at(packed_rows[low].magic, 0) == key; low++)
    if (tide_span_starts(peek, packed_rows[low].magic))
      return &packed_rows[low];
  for (size_t i = 0; i < sizeof packed_inner / sizeof *packed_inner; i++) {
    const packed_row *row = &packed_inner[i];
    if (row->at < peek.len && peek.ptr[row->at] == row->magic.ptr[0] &&
        tide_span_starts(tide_span_slice(peek, row->at, peek.len), row->magic))
      return row;
  }
  return NULL;
}

const tide_packed *tide_packed_find(tide_span peek) {
  static const tide_packed old_tar = {.name = "tar", .archive = true, .format = ARCHIVE_FORMAT_TAR};
  static const tide_packed old_cpio = {
      .name = "cpio", .archive = true, .format = ARCHIVE_FORMAT_CPIO};
  static const tide_packed lha = {.name = "lha", .archive = true, .format = ARCHIVE_FORMAT_LHA};
  static const tide_packed lzma = {.name = "lzma", .codec = &tide_codec_lzma};
  static const tide_packed zlib = {.name = "zlib", .codec = &tide_codec_zlib};
  const packed_row *row = row_find(behind_skipped(peek));
  if (row)
    return &row->kind;
  if (is_old_tar(peek))
    return &old_tar;
  if (is_old_cpio(peek))
    return &old_cpio;
  if (is_lha(peek))
    return &lha;
  if (is_zlib(peek))
    return &zlib;
  return is_lzma(peek) ? &lzma : NULL;
}

/* Takes the extension off the name; "" where it has none. */
static tide_span extension_take(tide_span *name) {
  size_t dot = name->len;
  while (dot && name->ptr[dot - 1] != '.')
    dot--;
  const tide_span extension = dot ? tide_span_slice(*name, dot, name->len) : SPAN("");
  *name = tide_span_slice(*name, 0, dot ? dot - 1 : 0);
  return extension;
}

static bool is_packed_extension(tide_span extension) {
  static const tide_span known[] = {SPAN("7z"),  SPAN("br"),  SPAN("bz2"), SPAN("gz"),
                                    SPAN("lz"),  SPAN("lz4"), SPAN("rar"), SPAN("tar"),
                                    SPAN("tbz"), SPAN("tgz"), SPAN("txz"), SPAN("xz"),
                                    SPAN("z"),   SPAN("zip"), SPAN("zst"), SPAN("lzma")};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (tide_span_iequal(extension, known[i]))
      return true;
  return false;
}

/* As 7z numbers pieces (.001), or split names them (.aa). */
static bool is_piece_extension(tide_span extension) {
  bool digits = extension.len > 0, letters = digits;
  for (size_t i = 0; i < extension.len; i++) {
    digits &= tide_is_digit(extension.ptr[i]);
    letters &= tide_is_alpha(extension.ptr[i]);
  }
  return (digits && (extension.len == 2 || extension.len == 3)) || (letters && extension.len == 2);
}

static tide_span last_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return tide_span_of(slash ? slash + 1 : path);
}

/* ".z01", ".r00" */
static bool is_volume_extension(tide_span last, char first) {
  return last.len == 3 && tide_lower(last.ptr[0]) == first && tide_is_digit(last.ptr[1]) &&
         tide_is_digit(last.ptr[2]);
}

bool tide_packed_is_piece(const char *path) {
  tide_span name = last_name(path);
  const tide_span last = extension_take(&name);
  if (is_volume_extension(last, 'z')) /* a zip's pieces before its last: .z01 */
    return true;
  return is_piece_extension(last) && is_packed_extension(extension_take(&name));
}

bool tide_packed_is_named(const char *path) {
  tide_span name = last_name(path);
  const tide_span last = extension_take(&name);
  return tide_packed_is_piece(path) || is_packed_extension(last) || is_volume_extension(last, 'r');
}
