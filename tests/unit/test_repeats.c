/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which Message-IDs occur more than once, up to which number of them that is told, and what it
 * takes of memory: tests/CMakeLists.txt puts a count around the calls that give large memory. */
#include "cmocka_all.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/pages.h"
#include "question/repeats.h"

enum { MESSAGES = 40000, BYTES_MOST = 24 };

static char path[64];
static atomic_size_t held, peak;

void *__real_tide_zeros_new(size_t count, size_t size);
void __real_tide_zeros_free(void *, size_t count, size_t size);
void *__wrap_tide_zeros_new(size_t count, size_t size);
void __wrap_tide_zeros_free(void *, size_t count, size_t size);

void *__wrap_tide_zeros_new(size_t count, size_t size) {
  const size_t now = atomic_fetch_add(&held, count * size) + count * size;
  size_t most = atomic_load(&peak);
  while (now > most && !atomic_compare_exchange_weak(&peak, &most, now))
    ;
  return __real_tide_zeros_new(count, size);
}

void __wrap_tide_zeros_free(void *zeros, size_t count, size_t size) {
  atomic_fetch_sub(&held, zeros ? count * size : 0);
  __real_tide_zeros_free(zeros, count, size);
}

/* A mailbox in which each of `ids` IDs occurs, and then the first ones again. */
static void mailbox_make(unsigned ids) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  for (unsigned i = 0; i < MESSAGES; i++)
    fprintf(f, "From a Tue Nov 11 16:30:00 2008\nMessage-ID: <%u@x>\n\n\n", i % ids);
  assert_int_equal(fclose(f), 0);
}

/* The duplicates are told what is repeated, and the peak is counted. */
static tide_duplicates *repeats_read(unsigned jobs, uint64_t most) {
  const char *const paths[] = {path};
  const tide_duplicates_options options = {.drop = true};
  tide_error err;
  tide_run_options run = {.paths = paths, .path_count = 1, .feed = {.input = "mbox"}, .jobs = jobs};
  assert_int_equal(tide_duplicates_new(&run.duplicates, &options), TIDE_OK);
  atomic_store(&peak, atomic_load(&held));
  assert_int_equal(tide_repeats_read(&run, most, &err), TIDE_OK);
  return run.duplicates;
}

static bool may_repeat(const tide_duplicates *d, unsigned id) {
  char text[16];
  const int len = snprintf(text, sizeof text, "%u@x", id);
  return tide_duplicates_may_repeat(d, tide_hash_wide(tide_span_make(text, (size_t)len)));
}

static const unsigned jobs[] = {1, 2, 3, 8};
enum { JOBS = sizeof jobs / sizeof *jobs };

/* All that are repeated are found, and few others: 62 of 38,000 in the mean, 8 more or less, by the
 * seed of the process's hashes. */
static void which_are_repeated(void **state) {
  (void)state;
  enum { IDS = MESSAGES - 1000 };
  mailbox_make(IDS);
  for (size_t i = 0; i < JOBS; i++) {
    at("i = %zu", i);
    tide_duplicates *d = repeats_read(jobs[i], 0);
    unsigned others = 0;
    assert_true(tide_duplicates_knows_repeated(d));
    for (unsigned id = 0; id < 1000; id++) {
      at("id = %u", id);
      assert_true(may_repeat(d, id));
    }
    for (unsigned id = 1000; id < IDS; id++)
      others += may_repeat(d, id);
    assert_in_range(others, 0, IDS / 250);
    tide_duplicates_free(d);
  }
}

/* More IDs than can be remembered: nothing is known then, for any number of threads. */
static void the_limit_of_ids(void **state) {
  (void)state;
  enum { IDS = MESSAGES / 2 };
  mailbox_make(IDS);
  for (size_t i = 0; i < JOBS; i++) {
    at("i = %zu", i);
    for (unsigned most = IDS - 1; most <= IDS; most++) {
      at("most = %u", most);
      tide_duplicates *d = repeats_read(jobs[i], most);
      assert_int_equal(tide_duplicates_knows_repeated(d), most == IDS);
      assert_true(may_repeat(d, 7));
      tide_duplicates_free(d);
    }
  }
}

/* Whatever the number of threads, and whether a table has just grown or not. */
static void memory_of_a_message(void **state) {
  (void)state;
  for (unsigned ids = MESSAGES / 2; ids <= MESSAGES; ids += MESSAGES / 4) {
    at("ids = %u", ids);
    mailbox_make(ids);
    for (size_t i = 0; i < JOBS; i++) {
      at("i = %zu", i);
      const size_t before = atomic_load(&held);
      tide_duplicates *d = repeats_read(jobs[i], 0);
      const double bytes = (double)(atomic_load(&peak) - before) / ids;
      if (!(bytes <= BYTES_MOST))
        fail_msg("%u IDs, %u threads: %.1f bytes each", ids, jobs[i], bytes);
      tide_duplicates_free(d);
      assert_int_equal(atomic_load(&held), before);
    }
  }
}

static int file_make(void **state) {
  (void)state;
  snprintf(path, sizeof path, "/tmp/test_repeats.XXXXXX");
  const int fd = mkstemp(path);
  return fd < 0 ? -1 : close(fd);
}

static int file_remove(void **state) {
  (void)state;
  return unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(which_are_repeated),
      cmocka_unit_test(the_limit_of_ids),
      cmocka_unit_test(memory_of_a_message),
  };
  return cmocka_run_group_tests(tests, file_make, file_remove);
}
