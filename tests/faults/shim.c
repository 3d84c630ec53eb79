/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the n-th call of one kind fail, for tests/faults/run. Loaded by LD_PRELOAD.
 *
 *   TIDE_FAULT=KIND:N:once|on:HOW   KIND is memory, read, open, stat, write, sync, rename or close;
 *                                   once or from the N-th on; HOW is an errno's number, or short (a
 *                                   read or write of one byte)
 *   TIDE_FAULT_HIT=FILE             is made when a call was made to fail
 *
 * Calls are counted from main on, in every library. */
#include <errno.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { HOW_SHORT = -1 };
static bool counting, stays;
static char kind[16];
static unsigned long from;
static _Atomic unsigned long seen;
static int how;

static void hit(void) {
  const char *path = getenv("TIDE_FAULT_HIT");
  if (!path)
    return;
  long fd = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY, 0600);
  if (fd >= 0)
    syscall(SYS_close, fd);
}

/* Is this call to fail? Sets errno if so. */
static bool fails(const char *what) {
  if (!counting || strcmp(what, kind) != 0)
    return false;
  unsigned long n = ++seen;
  if (n < from || (n > from && !stays))
    return false;
  if (n == from)
    hit();
  if (how != HOW_SHORT)
    errno = how;
  return true;
}

void *malloc(size_t size) {
  return fails("memory") ? NULL : __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  return fails("memory") ? NULL : __libc_calloc(count, size);
}
void *realloc(void *p, size_t size) {
  return size && fails("memory") ? NULL : __libc_realloc(p, size);
}
void *aligned_alloc(size_t align, size_t size) {
  return fails("memory") ? NULL : __libc_memalign(align, size);
}
int posix_memalign(void **out, size_t align, size_t size) {
  if (fails("memory"))
    return ENOMEM;
  *out = __libc_memalign(align, size);
  return *out ? 0 : ENOMEM;
}

#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

ssize_t read(int fd, void *to, size_t size) {
  if (fails("read")) {
    if (how != HOW_SHORT)
      return -1;
    size = size ? 1 : 0;
  }
  return syscall(SYS_read, fd, to, size);
}
ssize_t pread64(int fd, void *to, size_t size, off64_t at) {
  if (fails("read")) {
    if (how != HOW_SHORT)
      return -1;
    size = size ? 1 : 0;
  }
  return syscall(SYS_pread64, fd, to, size, at);
}
ssize_t write(int fd, const void *bytes, size_t size) {
  /* Standard error is how we hear of it. */
  if (fd != STDERR_FILENO && fails("write")) {
    if (how != HOW_SHORT)
      return -1;
    size = size ? 1 : 0;
  }
  return syscall(SYS_write, fd, bytes, size);
}

static int open_at(int at, const char *path, int flags, va_list rest) {
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  return fails("open") ? -1 : (int)syscall(SYS_openat, at, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int fd = open_at(AT_FDCWD, path, flags, rest);
  va_end(rest);
  return fd;
}
int openat64(int at, const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int fd = open_at(at, path, flags, rest);
  va_end(rest);
  return fd;
}
int mkostemp64(char *name, int flags) {
  return fails("open") ? -1 : NEXT(mkostemp64)(name, flags);
}
FILE *fopen64(const char *path, const char *mode) {
  return fails("open") ? NULL : NEXT(fopen64)(path, mode);
}
int stat64(const char *path, struct stat64 *st) {
  return fails("stat") ? -1 : NEXT(stat64)(path, st);
}
int fstat64(int fd, struct stat64 *st) {
  return fails("stat") ? -1 : NEXT(fstat64)(fd, st);
}
int fstatat64(int at, const char *path, struct stat64 *st, int flags) {
  return fails("stat") ? -1 : NEXT(fstatat64)(at, path, st, flags);
}
int fsync(int fd) {
  return fails("sync") ? -1 : (int)syscall(SYS_fsync, fd);
}
int rename(const char *old, const char *new) {
  return fails("rename") ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, old, AT_FDCWD, new);
}
int close(int fd) {
  int n = (int)syscall(SYS_close, fd); /* gone, whatever is said of it: close(2) */
  return fails("close") ? -1 : n;
}

static int (*program)(int, char **, char **);

static int begin(int argc, char **argv, char **environment) {
  const char *fault = getenv("TIDE_FAULT");
  char mode[8], manner[16];
  if (fault && sscanf(fault, "%15[a-z]:%lu:%7[a-z]:%15s", kind, &from, mode, manner) == 4) {
    stays = strcmp(mode, "on") == 0;
    how = strcmp(manner, "short") == 0 ? HOW_SHORT : (int)strtol(manner, NULL, 10);
    counting = true;
  }
  return program(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end) {
  program = main;
  return NEXT(__libc_start_main)(begin, argc, argv, init, fini, rtld_fini, stack_end);
}
