/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Delays workers at random, for tests/order/run. Loaded by LD_PRELOAD.
 *
 *   TIDE_DELAY=SEED    the order of the delays; nothing is delayed without it
 *
 * Before a lock is taken, before and after a wait, and around opens and reads a thread sleeps for
 * nothing, for up to 0.2 ms, or seldom for 3 ms; and reads are cut short at random lengths. What
 * depends on who comes first then shows. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static uint64_t seed;
static _Atomic uint64_t threads;
static _Thread_local uint64_t state;

__attribute__((constructor)) static void begin(void) {
  const char *given = getenv("TIDE_DELAY");
  seed = given ? strtoull(given, NULL, 10) + 1 : 0;
}

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016). */
static uint64_t draw(void) {
  if (!state)
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + ++threads;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * UINT64_C(0x2545f4914f6cdd1d) >> 32;
}

static void dawdle(void) {
  if (!seed)
    return;
  uint64_t r = draw();
  long micros = 0;
  if (r % 128 == 0)
    micros = 3000;
  else if (r % 4 == 0)
    micros = (long)(r / 128 % 200);
  if (micros)
    nanosleep(&(struct timespec){.tv_nsec = micros * 1000}, NULL);
}

static size_t shorter(size_t size) {
  if (!seed || size < 2 || draw() % 2)
    return size;
  return 1 + draw() % (size - 1);
}

#define NEXT(type, name) ((type)(uintptr_t)dlsym(RTLD_NEXT, name))

int pthread_mutex_lock(pthread_mutex_t *lock) {
  static int (*next)(pthread_mutex_t *);
  if (!next)
    next = NEXT(int (*)(pthread_mutex_t *), "pthread_mutex_lock");
  dawdle();
  return next(lock);
}

int pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *lock) {
  static int (*next)(pthread_cond_t *, pthread_mutex_t *);
  if (!next)
    next = NEXT(int (*)(pthread_cond_t *, pthread_mutex_t *), "pthread_cond_wait");
  int result = next(condition, lock);
  dawdle();
  return result;
}

ssize_t read(int fd, void *to, size_t size) {
  static ssize_t (*next)(int, void *, size_t);
  if (!next)
    next = NEXT(ssize_t(*)(int, void *, size_t), "read");
  dawdle();
  return next(fd, to, shorter(size));
}

ssize_t pread64(int fd, void *to, size_t size, off64_t at) {
  static ssize_t (*next)(int, void *, size_t, off64_t);
  if (!next)
    next = NEXT(ssize_t(*)(int, void *, size_t, off64_t), "pread64");
  dawdle();
  ssize_t result = next(fd, to, shorter(size), at);
  dawdle();
  return result;
}

int open64(const char *path, int flags, ...) {
  static int (*next)(const char *, int, ...);
  va_list rest;
  if (!next)
    next = NEXT(int (*)(const char *, int, ...), "open64");
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  dawdle();
  return next(path, flags, mode);
}
