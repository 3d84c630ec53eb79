/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Containers that are cut short, at every byte: what is missing is never lost in silence. The
 * containers are those of the fuzzer's corpus, each made by bsdtar, GNU tar, 7z or a compressor. */
#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/source.h"

typedef struct outcome {
  unsigned messages, troubles, passed;
} outcome;

static outcome read_bytes(const char *bytes, size_t size) {
  char path[64];
  outcome o = {0};
  tide_batch *batch = tide_batch_new();
  tide_feed *feed;
  tide_error err;
  int fd = memfd_create("container", MFD_CLOEXEC);
  assert_non_null(batch);
  const tide_findings *found = tide_batch_findings(batch);
  assert_true(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const char *const paths[] = {path};
  assert_int_equal(tide_feed_open(&feed, paths, 1, NULL, &err), TIDE_OK);
  while (tide_feed_next(feed, batch) == TIDE_OK) {
    tide_raw raw;
    tide_span source;
    tide_status status;
    while ((status = tide_batch_next(batch, &raw, &source)) == TIDE_OK)
      o.messages++;
    assert_int_equal(status, TIDE_END);
    for (const tide_trouble *t = found->troubles.first; t; t = t->next)
      o.troubles++;
    for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
      o.passed += (unsigned)found->passed[i];
  }
  tide_batch_free(batch);
  tide_feed_close(feed);
  close(fd);
  return o;
}

/* compress and ar have neither a length nor an end mark: where they end is the end. */
static bool has_end(const char *name) {
  return !strstr(name, ".Z") && !strstr(name, ".ar");
}

static void cut_everywhere(const char *name, const char *bytes, size_t size) {
  enum { SMALL = 1024, STEP = 61 };
  const outcome whole = read_bytes(bytes, size);
  unsigned most = whole.messages;
  /* Tars are filled up with zeros, and need only the first of them. */
  size_t end = size;
  while (end > 512 && strstr(name, "tar") && bytes[end - 1] == 0)
    end--;
  for (size_t n = 1; n < end; n += size < SMALL ? 1 : STEP) {
    at("n = %zu", n);
    const outcome o = read_bytes(bytes, n);
    if (o.messages > most + 1)
      fail_msg("%s cut to %zu: %u messages, and whole %u", name, n, o.messages, most);
    if (o.messages < most && o.troubles == 0 && has_end(name) && n > 512)
      fail_msg("%s cut to %zu: %u messages of %u, and nothing is said", name, n, o.messages, most);
    if (o.messages + o.troubles + o.passed == 0)
      fail_msg("%s cut to %zu: nothing at all", name, n);
  }
}

static void cut_short(void **state) {
  (void)state;
  char path[4096];
  const char *root = getenv("TIDE_SOURCE");
  assert_non_null(root);
  snprintf(path, sizeof path, "%s/tests/fuzz/corpus/container", root);
  DIR *dir = opendir(path);
  assert_non_null(dir);
  size_t count = 0;
  struct dirent *entry;
  while ((entry = readdir(dir))) {
    at("file %s", entry->d_name);
    static char bytes[1 << 20];
    if (entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/container/%s", root, entry->d_name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    cut_everywhere(entry->d_name, bytes, size);
    count++;
  }
  closedir(dir);
  assert_number(count, >, 20);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(cut_short)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
