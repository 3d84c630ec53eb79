/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts the messages of mailboxes apart as every command does before it looks at them, and prints
 * how many there are: what reading and framing cost by themselves. */
#include <stdio.h>

#include "source/source.h"

int main(int argc, char **argv) {
  tide_feed *feed;
  tide_batch *batch = tide_batch_new();
  tide_error err;
  unsigned long long messages = 0;
  if (argc < 2 || !batch)
    return 2;
  if (tide_feed_open(&feed, (const char *const *)(argv + 1), (size_t)argc - 1, NULL, &err) !=
      TIDE_OK) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  tide_status status;
  do {
    tide_raw raw;
    tide_span source;
    status = tide_feed_next(feed, batch);
    while (tide_batch_next(batch, &raw, &source) == TIDE_OK)
      messages++;
  } while (status == TIDE_OK);
  printf("%llu\n", messages);
  tide_batch_free(batch);
  tide_feed_close(feed);
  return status == TIDE_END ? 0 : 1;
}
