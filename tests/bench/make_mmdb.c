/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of networks as text (prefix/length TAB number, IPv4) as a database of both families:
 *   make_mmdb asn|country <table >database
 * Numbers are those of AS, each with a name, or, modulo 240, countries. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mmdb_write.h"

enum { IPV4_BITS = 96, WHAT_MAX = 1 << 16, DATA_MAX = 8 << 20 };

static uint32_t (*nodes)[2], count, cap;
static uint32_t place[WHAT_MAX]; /* in data, and one more; 0: not yet */
static unsigned char data[DATA_MAX];
static size_t size;

/* While the tree grows: nodes below this, data from here on. */
static const uint32_t NOTHING = UINT32_MAX, DATA = 1u << 31;

static uint32_t node_new(uint32_t both) {
  if (count == cap) {
    cap = cap ? 2 * cap : 1 << 16;
    nodes = realloc(nodes, cap * sizeof *nodes);
    if (!nodes)
      exit(3);
  }
  nodes[count][0] = nodes[count][1] = both;
  return count++;
}

/* Everything below a record: shorter prefixes have been put there before, and are kept where this
 * one does not reach. */
static void put(uint32_t root, uint32_t address, unsigned bits, uint32_t what) {
  uint32_t at = root;
  for (unsigned i = 0; i + 1 < bits; i++) {
    const uint32_t bit = address >> (31 - i) & 1, next = nodes[at][bit];
    if (next >= DATA) {
      const uint32_t made = node_new(next);
      nodes[at][bit] = made;
    }
    at = nodes[at][bit];
  }
  nodes[at][address >> (32 - bits) & 1] = what;
}

static void add_text(const char *s) {
  const size_t len = strlen(s);
  if (len < 29) {
    data[size++] = (unsigned char)(0x40 | len);
  } else {
    data[size++] = 0x40 | 29;
    data[size++] = (unsigned char)(len - 29);
  }
  memcpy(data + size, s, len);
  size += len;
}

static uint32_t place_of(unsigned number, int countries) {
  char text[64];
  if (place[number])
    return DATA + place[number] - 1;
  if (size + 256 > sizeof data)
    exit(3);
  place[number] = (uint32_t)size + 1;
  if (countries) {
    data[size++] = 0xe1;
    add_text("country");
    data[size++] = 0xe1;
    add_text("iso_code");
    snprintf(text, sizeof text, "%c%c", 'A' + number / 26, 'A' + number % 26);
  } else {
    data[size++] = 0xe2;
    add_text("autonomous_system_number");
    data[size++] = 0xc4;
    for (int shift = 24; shift >= 0; shift -= 8)
      data[size++] = (unsigned char)(number >> shift & 255);
    add_text("autonomous_system_organization");
    snprintf(text, sizeof text, "Example Networks %u Inc.", number);
  }
  add_text(text);
  return DATA + place[number] - 1;
}

typedef struct row {
  uint32_t address;
  unsigned bits, number;
} row;

static int by_length(const void *a, const void *b) {
  const row *x = a, *y = b;
  return (x->bits > y->bits) - (x->bits < y->bits);
}

int main(int argc, char **argv) {
  if (argc != 2 || (strcmp(argv[1], "asn") != 0 && strcmp(argv[1], "country") != 0)) {
    fputs("usage: make_mmdb asn|country <table >database\n", stderr);
    return 2;
  }
  const int countries = argv[1][0] == 'c';
  row *rows = NULL;
  size_t rows_count = 0, rows_cap = 0;
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    unsigned a, b, c, d, bits, number;
    if (sscanf(line, "%u.%u.%u.%u/%u %u", &a, &b, &c, &d, &bits, &number) != 6 || bits < 1 ||
        bits > 32)
      continue;
    if (rows_count == rows_cap) {
      rows_cap = rows_cap ? 2 * rows_cap : 1 << 16;
      rows = realloc(rows, rows_cap * sizeof *rows);
      if (!rows)
        return 3;
    }
    rows[rows_count++] =
        (row){a << 24 | b << 16 | c << 8 | d, bits, number % (countries ? 240 : WHAT_MAX)};
  }
  if (rows_count)
    qsort(rows, rows_count, sizeof *rows, by_length);
  uint32_t root = node_new(NOTHING);
  for (int i = 0; i < IPV4_BITS; i++) {
    const uint32_t below = node_new(NOTHING);
    nodes[root][0] = below;
    root = below;
  }
  for (size_t i = 0; i < rows_count; i++)
    put(root, rows[i].address, rows[i].bits, place_of(rows[i].number, countries));
  for (uint32_t i = 0; i < count; i++)
    for (int side = 0; side < 2; side++) {
      uint32_t *r = &nodes[i][side];
      if (*r == NOTHING)
        *r = count;
      else if (*r >= DATA)
        *r = count + MMDB_SEPARATOR + (*r - DATA);
    }
  mmdb_write(stdout, 6, nodes, count, data, size);
  free(nodes);
  free(rows);
  return fflush(stdout) == 0 ? 0 : 3;
}
