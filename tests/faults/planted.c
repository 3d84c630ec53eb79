/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults of known kinds, to see that the build with AddressSanitizer and UndefinedBehaviorSanitizer
 * finds them as it is compiled: tests/faults/planted runs each. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fault {
  const char *name;
  unsigned (*make)(const char *in, size_t len);
} fault;

static const char table[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static unsigned sum(const char *p, size_t len) {
  unsigned all = 0;
  for (size_t i = 0; i < len; i++)
    all += (unsigned char)p[i];
  return all;
}

static char *copy(const char *in, size_t len) {
  char *made = malloc(len);
  if (!made)
    exit(0); /* is told as a fault that was not found */
  memcpy(made, in, len);
  return made;
}

/* The compiler does not see that it is the same. Not inlined: a function with assembly in it has no
 * check of returned addresses by clang. */
__attribute__((noinline)) static const void *hidden(const void *p) {
  __asm__("" : "+r"(p));
  return p;
}

static unsigned heap_read(const char *in, size_t len) {
  char *own = copy(in, len);
  const unsigned all = sum(own, len + 1);
  free(own);
  return all;
}

static unsigned heap_write(const char *in, size_t len) {
  char *own = copy(in, len);
  for (size_t i = 0; i <= len; i++)
    own[i] = in[i];
  const unsigned all = sum(own, len);
  free(own);
  return all;
}

static unsigned stack_write(const char *in, size_t len) {
  char own[4];
  for (size_t i = 0; i < len; i++)
    own[i] = in[i];
  return sum(own, sizeof own);
}

static unsigned global_read(const char *in, size_t len) {
  (void)in;
  return sum(table, len + 4);
}

static unsigned after_free(const char *in, size_t len) {
  char *own = copy(in, len);
  const void *kept = hidden(own);
  free(own);
  return sum(kept, len);
}

static unsigned freed_twice(const char *in, size_t len) {
  char *own = copy(in, len);
  void *kept = (void *)(uintptr_t)hidden(own);
  free(own);
  free(kept);
  return (unsigned)len;
}

static unsigned leak(const char *in, size_t len) {
  return sum(copy(in, len), len);
}

static unsigned overflow(const char *in, size_t len) {
  (void)in;
  int32_t large = INT32_MAX - (int32_t)len + 1;
  large += (int32_t)len;
  return (unsigned)large;
}

static unsigned far_shift(const char *in, size_t len) {
  (void)in;
  return 1u << (len + 28);
}

__attribute__((noinline)) static const char *of_the_stack(const char *in) {
  char own[16];
  snprintf(own, sizeof own, "%s", in);
  return hidden(own);
}

static unsigned returned_stack(const char *in, size_t len) {
  return sum(of_the_stack(in), len);
}

static unsigned after_scope(const char *in, size_t len) {
  const char *kept;
  {
    char own[8];
    memcpy(own, in, len);
    kept = hidden(own);
  }
  return sum(kept, len);
}

static unsigned misaligned(const char *in, size_t len) {
  (void)len;
  return *(const uint32_t *)hidden(in + ((uintptr_t)in % 2 ? 0 : 1));
}

static const fault faults[] = {
    {"heap-read-by-one", heap_read},
    {"heap-write-by-one", heap_write},
    {"stack-write-by-one", stack_write},
    {"global-read-by-one", global_read},
    {"use-after-free", after_free},
    {"freed-twice", freed_twice},
    {"leak", leak},
    {"signed-overflow", overflow},
    {"shift-too-far", far_shift},
    {"returned-stack-address", returned_stack},
    {"use-after-scope", after_scope},
    {"misaligned-read", misaligned},
};

/* planted: the names of the faults; planted NAME TEXT: makes one, of a text of five bytes. */
int main(int argc, char **argv) {
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
    if (argc < 3)
      puts(faults[i].name);
    else if (strcmp(argv[1], faults[i].name) == 0)
      printf("%u\n", faults[i].make(argv[2], strlen(argv[2])));
  }
  return 0;
}
