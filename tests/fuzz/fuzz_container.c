/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole way of a container: what is unpacked, member by member, down to messages. Nothing may
 * be lost in silence: where there is no message there is a trouble, or a count of what was passed
 * over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/source.h"
#include "small.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_far(tide_span path) {
  return path.len > 64 && path.ptr[path.len - 1] == 'x';
}

/* What labels look for: a path, a text by the end of its path, and by its whole path. */
static void search(const char *path) {
  tide_error err = {.text = ""};
  tide_buffer text = {0};
  tide_text_found found = {0};
  enum { MOST = 1 << 20 };
  tide_status status = tide_text_find(path, "full/index", MOST, NULL, &found, &err);
  if (status == TIDE_OK &&
      (found.text.len > MOST ||
       tide_text_read(found.path.ptr, MOST, NULL, &text, &err) != TIDE_OK ||
       !tide_span_equal(tide_buffer_span(&found.text), tide_buffer_span(&text))))
    abort();
  tide_buffer_free(&found.path);
  tide_buffer_free(&found.text);
  tide_buffer_free(&text);
  status = tide_path_find(path, is_far, NULL, &text, &err);
  if (status != TIDE_OK && status != TIDE_END)
    abort();
  tide_buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char path[64];
  int fd = memfd_create("container", MFD_CLOEXEC);
  if (fd < 0 || write(fd, data, size) != (ssize_t)size)
    abort();
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const char *const paths[] = {path};
  tide_feed *feed;
  tide_error err;
  static tide_batch *batch;
  uint64_t seen = 0;
  if (!batch)
    batch = tide_batch_new();
  if (!batch || tide_feed_open(&feed, paths, 1, NULL, &err) != TIDE_OK)
    abort();
  const tide_findings *found = tide_batch_findings(batch);
  tide_status status;
  while ((status = tide_feed_next(feed, batch)) == TIDE_OK) {
    tide_raw raw;
    tide_span source;
    while ((status = tide_batch_next(batch, &raw, &source)) == TIDE_OK) {
      if (!tide_span_starts(source, tide_span_of(path)) || raw.bytes.len > TIDE_LIMIT_MESSAGE)
        abort();
      /* Every byte that is said to be there is there. */
      for (size_t i = 0; i < raw.bytes.len; i += 64)
        seen += (unsigned char)raw.bytes.ptr[i];
      seen++;
    }
    if (status != TIDE_END)
      abort();
    for (const tide_trouble *t = found->troubles.first; t; t = t->next)
      seen += strlen(t->text) > 0;
    for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
      seen += found->passed[i];
  }
  if (status != TIDE_END)
    abort();
  tide_feed_close(feed);
  search(path);
  close(fd);
  if (size && !seen)
    abort();
  return 0;
}
