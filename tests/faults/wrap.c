/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the n-th allocation of our own code fail, in a build whose sanitizer has the allocator: the
 * linker sends the calls of our objects here (--wrap), and those of libraries where they always
 * went. For tests/faults/leaks.
 *
 *   TIDE_FAULT=N:once|on   the N-th allocation alone, or all from then on
 *   TIDE_FAULT_HIT=FILE    is made when one was made to fail */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The names are the linker's. */
void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
char *__real_strdup(const char *);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
char *__wrap_strdup(const char *);

static unsigned long from;
static bool stays;
static _Atomic unsigned long seen;

__attribute__((constructor)) static void begin(void) {
  const char *fault = getenv("TIDE_FAULT");
  char mode[8] = "";
  if (fault && sscanf(fault, "%lu:%7[a-z]", &from, mode) == 2)
    stays = strcmp(mode, "on") == 0;
}

static bool fails(void) {
  if (!from)
    return false;
  const unsigned long n = ++seen;
  if (n < from || (n > from && !stays))
    return false;
  const char *path = getenv("TIDE_FAULT_HIT");
  if (n == from && path) {
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0)
      close(fd);
  }
  errno = ENOMEM;
  return true;
}

void *__wrap_malloc(size_t size) {
  return fails() ? NULL : __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size) {
  return fails() ? NULL : __real_calloc(count, size);
}
void *__wrap_realloc(void *p, size_t size) {
  return fails() ? NULL : __real_realloc(p, size);
}
char *__wrap_strdup(const char *s) {
  return fails() ? NULL : __real_strdup(s);
}
