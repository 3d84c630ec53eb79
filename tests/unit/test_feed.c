/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that change while they are read, and which files would be read. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/source.h"

enum { MESSAGE = 64, MESSAGES = 100000 }; /* six pieces of a mebibyte */

static char path[64];

static int file_make(void **state) {
  (void)state;
  snprintf(path, sizeof path, "/tmp/test_feed.XXXXXX");
  int fd = mkstemp(path);
  FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
  for (int i = 0; f && i < MESSAGES; i++)
    fputs("From a Tue Nov 11 16:30:00 2008\nSubject: a small message\n\nx\n\n", f);
  return f && fclose(f) == 0 ? 0 : -1;
}

static int file_remove(void **state) {
  (void)state;
  return unlink(path);
}

/* Reads all of it; after the first batch the file is cut or grows to `size`. */
static uint64_t read_while(off_t size, char *trouble, size_t trouble_size) {
  const char *const paths[] = {path};
  tide_feed *feed;
  tide_batch *batch = tide_batch_new();
  tide_error err;
  tide_raw raw;
  tide_span source;
  uint64_t messages = 0;
  trouble[0] = '\0';
  assert_non_null(batch);
  assert_int_equal(tide_feed_open(&feed, paths, 1, NULL, &err), TIDE_OK);
  for (tide_status status = TIDE_OK; status == TIDE_OK;) {
    status = tide_feed_next(feed, batch);
    while (status == TIDE_OK && tide_batch_next(batch, &raw, &source) == TIDE_OK)
      messages++;
    if (tide_batch_turn(batch)->number == 0 && size >= 0)
      assert_int_equal(truncate(path, size), 0);
    const tide_trouble *first = tide_batch_findings(batch)->troubles.first;
    if (first)
      snprintf(trouble, trouble_size, "%s", first->text);
  }
  tide_batch_free(batch);
  tide_feed_close(feed);
  return messages;
}

static void whole(void **state) {
  (void)state;
  char trouble[256];
  assert_int_equal(read_while(-1, trouble, sizeof trouble), MESSAGES);
  assert_string_equal(trouble, "");
}

/* Wherever it is cut: within a piece, between two, before what was read already. */
static void shrinks(void **state) {
  (void)state;
  char trouble[256];
  const off_t sizes[] = {5 << 20, (3 << 20) + 12345, 1 << 20, 1000, 0};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    at("a file of %ld bytes", (long)sizes[i]);
    uint64_t messages = read_while(sizes[i], trouble, sizeof trouble);
    assert_true(messages > 0 && messages < MESSAGES);
    assert_non_null(strstr(trouble, ": became shorter while it was read: "));
    file_remove(state);
    assert_int_equal(file_make(state), 0);
  }
}

static void grows(void **state) {
  (void)state;
  char trouble[256];
  struct stat st;
  assert_int_equal(stat(path, &st), 0);
  read_while(st.st_size + (3 << 20), trouble, sizeof trouble);
  assert_string_equal(trouble, "");
}

/* Each worker has a batch of its own, and whichever takes the next piece says where it is from. */
static void names_its_argument(void **state) {
  (void)state;
  const char *const paths[] = {"/dev/null", path};
  tide_feed *feed;
  tide_error err;
  tide_raw raw;
  tide_span source;
  uint64_t messages = 0;
  assert_int_equal(tide_feed_open(&feed, paths, 2, NULL, &err), TIDE_OK);
  for (tide_status status = TIDE_OK; status == TIDE_OK;) {
    tide_batch *batch = tide_batch_new();
    assert_non_null(batch);
    status = tide_feed_next(feed, batch);
    while (status == TIDE_OK && tide_batch_next(batch, &raw, &source) == TIDE_OK)
      messages += tide_batch_turn(batch)->argument == 1;
    tide_batch_free(batch);
  }
  tide_feed_close(feed);
  assert_int_equal(messages, MESSAGES);
}

static void meets(void **state) {
  (void)state;
  char other[80];
  const char *const paths[] = {"-", "/dev/null", other};
  struct stat st;
  snprintf(other, sizeof other, "%s.link", path);
  assert_int_equal(symlink(path, other), 0);
  assert_int_equal(stat(path, &st), 0);
  tide_file_id ids[] = {{1, 2}, {(uint64_t)st.st_dev, (uint64_t)st.st_ino}};
  tide_feed_options options = {0};
  tide_file_met met = {.which = 9};
  const tide_file_ids both = {ids, 2}, first = {ids, 1};
  tide_error err;
  assert_int_equal(tide_feed_meets(paths, 3, &options, &both, &met, &err), TIDE_OK);
  assert_int_equal(met.which, 1);
  assert_string_equal(met.path.ptr, other);
  assert_int_equal(tide_feed_meets(paths, 3, &options, &first, &met, &err), TIDE_END);
  assert_int_equal(tide_feed_meets(paths, 2, &options, &both, &met, &err), TIDE_END);
  tide_buffer_free(&met.path);
  unlink(other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(whole, file_make, file_remove),
      cmocka_unit_test_setup_teardown(shrinks, file_make, file_remove),
      cmocka_unit_test_setup_teardown(grows, file_make, file_remove),
      cmocka_unit_test_setup_teardown(names_its_argument, file_make, file_remove),
      cmocka_unit_test_setup_teardown(meets, file_make, file_remove),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
