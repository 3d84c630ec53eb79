/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target without a fuzzer: over every file of a corpus, and over a few thousand changed
 * copies of each, the same ones every time. What a fuzzer once found stays found, on every machine
 * and with every compiler. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t seed = 88172645463325252u;
static uint64_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Changes a copy of data in one to four places: a bit, a byte, a cut, a doubled piece; or its first
 * byte, by which a target may choose how it reads the rest. Returns its
 * new size. */
static size_t change(uint8_t *copy, size_t size, size_t room) {
  static const char interesting[] = "\n\r\0 \t;:()<>[]\"\\=?,.@-+0From ";
  for (uint64_t n = next_random() % 4 + 1; n && size; n--) {
    size_t at = next_random() % size;
    switch (next_random() % 6) {
    case 0: copy[at] ^= (uint8_t)(1u << next_random() % 8); break;
    case 1: copy[at] = (uint8_t)interesting[next_random() % (sizeof interesting - 1)]; break;
    case 2: copy[at] = (uint8_t)next_random(); break;
    case 3: { /* cut a piece out */
      size_t len = next_random() % 16 + 1;
      if (len > size - at)
        len = size - at;
      memmove(copy + at, copy + at + len, size - at - len);
      size -= len;
      break;
    }
    case 4: { /* double a piece */
      size_t len = next_random() % 64 + 1;
      if (len > size - at)
        len = size - at;
      if (size + len > room)
        break;
      memmove(copy + at + len, copy + at, size - at);
      size += len;
      break;
    }
    case 5: copy[0] = (uint8_t)next_random(); break;
    default: break;
    }
  }
  return size;
}

static int replay(const char *path, unsigned changes) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    return 1;
  }
  enum { MOST = 1 << 20 };
  uint8_t *data = malloc(MOST);
  size_t size = data ? fread(data, 1, MOST, file) : 0;
  fclose(file);
  LLVMFuzzerTestOneInput(data, size);
  if (size > 65536)
    changes /= 50;
  for (unsigned i = 0; i < changes; i++) {
    size_t room = size + 4096;
    uint8_t *copy = malloc(room);
    if (!copy)
      return 1;
    memcpy(copy, data, size);
    size_t now = change(copy, size, room);
    /* An allocation of exactly its size, for the sanitizer to see the first byte too far. */
    uint8_t *exact = malloc(now ? now : 1);
    if (!exact)
      return 1;
    memcpy(exact, copy, now);
    LLVMFuzzerTestOneInput(exact, now);
    free(exact);
    free(copy);
  }
  free(data);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s CORPUS_DIRECTORY CHANGES\n", argv[0]);
    return 2;
  }
  DIR *dir = opendir(argv[1]);
  if (!dir) {
    perror(argv[1]);
    return 1;
  }
  char *names[4096];
  size_t count = 0;
  for (struct dirent *e; (e = readdir(dir)) && count < 4096;)
    if (e->d_name[0] != '.')
      names[count++] = strdup(e->d_name);
  closedir(dir);
  qsort(names, count, sizeof *names, compare_names);
  int failed = count == 0;
  for (size_t i = 0; i < count; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", argv[1], names[i]);
    failed |= replay(path, (unsigned)atoi(argv[2]));
    free(names[i]);
  }
  printf("%zu files replayed\n", count);
  return failed;
}
