/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tide_received_parse says of every Received field of the mailboxes named on standard input,
 * one path a line. Lines with tabs:
 *
 *   received_hops         message, number of the field from the top, kind, peer, rdns, helo, by,
 * server, words not read, first of them, the field received_hops heads   message, length of its
 * head in bytes; then those bytes and a line end
 *
 * A message is named by its path and, in a file with several, its offset. Tabs and line ends inside
 * a cell become spaces. */
#include <stdio.h>
#include <stdlib.h>

#include "mime/message.h"
#include "hops/received.h"
#include "source/source.h"

static void print_cell(tide_span s) {
  putchar('\t');
  for (size_t i = 0; i < s.len; i++)
    putchar(tide_is_space(s.ptr[i]) || s.ptr[i] == '\0' ? ' ' : s.ptr[i]);
}

static void print_hops(const char *name, const tide_message *m) {
  unsigned number = 0;
  for (uint32_t i = m->first[TIDE_HEADER_RECEIVED]; i != TIDE_HEADER_NONE; i = m->headers[i].next) {
    tide_hop hop;
    char peer[TIDE_IP_TEXT];
    tide_received_parse(m->headers[i].value, &hop);
    tide_ip_format(&hop.peer, peer);
    printf("%s\t%u\t%s\t%s", name, ++number, tide_hop_kind_name(hop.kind), peer);
    print_cell(hop.rdns);
    print_cell(hop.helo);
    print_cell(hop.by);
    printf("\t%s\t%u", hop.server ? hop.server : "", hop.unread_count);
    print_cell(hop.unread);
    print_cell(m->headers[i].value);
    putchar('\n');
  }
}

int main(int argc, char **argv) {
  bool heads = argc > 1 && strcmp(argv[1], "heads") == 0;
  tide_parser *parser;
  tide_mime_init();
  tide_batch *batch = tide_batch_new();
  if (!batch || tide_parser_new(&parser) != TIDE_OK)
    return 1;
  static char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = '\0';
    const char *path = line;
    tide_feed *feed;
    tide_feed_options options = {0};
    tide_error error;
    if (tide_feed_open(&feed, &path, 1, &options, &error) != TIDE_OK)
      return 1;
    for (tide_status next = TIDE_OK; next == TIDE_OK;) {
      next = tide_feed_next(feed, batch);
      if (next != TIDE_OK && next != TIDE_END)
        return 1;
      tide_raw raw;
      tide_span source;
      while (tide_batch_next(batch, &raw, &source) == TIDE_OK) {
        const tide_message *m;
        char name[8192];
        if (tide_message_parse(parser, &raw, TIDE_NEED_HEADERS, &m) != TIDE_OK)
          continue;
        snprintf(name, sizeof name, raw.envelope.len ? "%.*s#%llu" : "%.*s", (int)source.len,
                 source.ptr, (unsigned long long)raw.offset);
        if (heads) {
          printf("%s\t%zu\n", name, m->head.len);
          fwrite(m->head.ptr, 1, m->head.len, stdout);
          putchar('\n');
        } else {
          print_hops(name, m);
        }
      }
    }
    tide_feed_close(feed);
  }
  tide_batch_free(batch);
  tide_parser_free(parser);
  return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
