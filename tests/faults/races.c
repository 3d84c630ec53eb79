/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Races of known kinds, to see that the build with ThreadSanitizer finds them as it is compiled:
 * tests/faults/planted runs each. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What two threads have in common. The second comes later by the clock, which orders nothing. */
typedef struct common {
  pthread_mutex_t one, two;
  int number;
  bool flag;
  atomic_bool ready;
  char *text;
} common;

typedef struct race {
  const char *name;
  void (*first)(common *);
  void (*second)(common *);
} race;

static void write_number(common *c) {
  c->number++;
}

static void read_number(common *c) {
  printf("%d\n", c->number);
}

static void write_under(pthread_mutex_t *lock, common *c) {
  pthread_mutex_lock(lock);
  c->number++;
  pthread_mutex_unlock(lock);
}

static void write_under_one(common *c) {
  write_under(&c->one, c);
}

static void write_under_two(common *c) {
  write_under(&c->two, c);
}

static void raise_flag(common *c) {
  c->number = 1;
  c->flag = true;
}

static void look_at_flag(common *c) {
  if (c->flag)
    puts("raised");
}

/* Nothing but the flag itself is ordered by it. */
static void publish_relaxed(common *c) {
  c->number = 1;
  atomic_store_explicit(&c->ready, true, memory_order_relaxed);
}

static void take_relaxed(common *c) {
  if (atomic_load_explicit(&c->ready, memory_order_relaxed))
    read_number(c);
}

static void free_text(common *c) {
  free(c->text);
}

static void read_text(common *c) {
  printf("%c\n", c->text[1]);
}

static void write_text(common *c) {
  c->text[1] = 'x';
}

/* No two bytes in common, but one that both write. */
static void fill_begin(common *c) {
  memset(c->text, 'a', 5);
}

static void fill_end(common *c) {
  memset(c->text + 4, 'b', 4);
}

static void lock_both(pthread_mutex_t *outer, pthread_mutex_t *inner) {
  pthread_mutex_lock(outer);
  pthread_mutex_lock(inner);
  pthread_mutex_unlock(inner);
  pthread_mutex_unlock(outer);
}

static void lock_one_first(common *c) {
  lock_both(&c->one, &c->two);
}

static void lock_two_first(common *c) {
  lock_both(&c->two, &c->one);
}

static const race races[] = {
    {"write-beside-write", write_number, write_number},
    {"read-beside-write", write_number, read_number},
    {"lock-on-one-side", write_under_one, write_number},
    {"two-locks", write_under_one, write_under_two},
    {"plain-flag", raise_flag, look_at_flag},
    {"relaxed-flag", publish_relaxed, take_relaxed},
    {"free-beside-read", read_text, free_text},
    {"heap-write-beside-read", write_text, read_text},
    {"overlap-of-one-byte", fill_begin, fill_end},
    {"locks-in-two-orders", lock_one_first, lock_two_first},
};

typedef struct task {
  void (*step)(common *);
  common *common;
  useconds_t wait;
} task;

static void *run(void *context) {
  const task *t = context;
  usleep(t->wait);
  t->step(t->common);
  return NULL;
}

static void make(const race *r) {
  common c = {
      .one = PTHREAD_MUTEX_INITIALIZER, .two = PTHREAD_MUTEX_INITIALIZER, .text = calloc(8, 1)};
  task tasks[] = {{r->first, &c, 0}, {r->second, &c, 50000}};
  pthread_t threads[2];
  for (size_t i = 0; i < 2; i++)
    if (!c.text || pthread_create(&threads[i], NULL, run, &tasks[i]) != 0)
      exit(0); /* is told as a race that was not found */
  for (size_t i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
}

/* races: the names of the races; races NAME: makes one. */
int main(int argc, char **argv) {
  for (size_t i = 0; i < sizeof races / sizeof *races; i++) {
    if (argc < 2)
      puts(races[i].name);
    else if (strcmp(argv[1], races[i].name) == 0)
      make(&races[i]);
  }
  return 0;
}
