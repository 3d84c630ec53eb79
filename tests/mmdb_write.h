/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes databases in MaxMind's format (MaxMind DB File Format 2.0) for tests and measurements. */
#ifndef TESTS_MMDB_WRITE_H
#define TESTS_MMDB_WRITE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What stands between the tree and the data. */
enum { MMDB_SEPARATOR = 16 };

static inline void mmdb_write_32(FILE *f, uint32_t n) {
  for (int shift = 24; shift >= 0; shift -= 8)
    fputc((int)(n >> shift & 255), f);
}

/* Of `count` nodes the records: another node below count, count where nothing is known, or count +
 * MMDB_SEPARATOR + a place in the data. */
static inline void mmdb_write(FILE *f, unsigned ip_version, uint32_t (*nodes)[2], uint32_t count,
                              const void *data, size_t size) {
  for (uint32_t i = 0; i < count; i++) {
    mmdb_write_32(f, nodes[i][0]);
    mmdb_write_32(f, nodes[i][1]);
  }
  for (int i = 0; i < MMDB_SEPARATOR; i++)
    fputc(0, f);
  fwrite(data, 1, size, f);
  /* A map of nine; before each value its type and size. */
  fputs("\xab\xcd\xefMaxMind.com\xe9", f);
  fputs("\x5b"
        "binary_format_major_version\xa1\x02\x5b"
        "binary_format_minor_version\xa0",
        f);
  fputs("\x4b"
        "build_epoch\x01\x02\x01\x4d"
        "database_type\x44Test\x4b"
        "description\xe0",
        f);
  fprintf(f, "\x4aip_version\xa1%c\x4anode_count\xc4", (int)ip_version);
  mmdb_write_32(f, count);
  fputs("\x4brecord_size\xa1\x20\x49languages", f);
  fwrite("\0\x04", 1, 2, f); /* an empty array */
}

#endif
