/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer where text is wanted: the same loop, and every text part decoded to UTF-8. */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

typedef struct sums {
  guint64 messages, parts, octets;
} sums;

static void add_text(GMimeObject *parent, GMimeObject *part, gpointer data) {
  sums *total = data;
  (void)parent;
  if (!GMIME_IS_TEXT_PART(part))
    return;
  char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
  if (!text)
    return;
  total->parts++;
  total->octets += strlen(text);
  g_free(text);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: gmime_text MBOX\n", stderr);
    return 2;
  }
  g_mime_init();
  int fd = open(argv[1], O_RDONLY);
  if (fd < 0) {
    perror(argv[1]);
    return 1;
  }
  GMimeStream *stream = g_mime_stream_fs_new(fd);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
  sums total = {0};
  while (!g_mime_parser_eos(parser)) {
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (!message)
      continue;
    total.messages++;
    const char *subject = g_mime_message_get_subject(message);
    if (subject)
      total.octets += strlen(subject);
    g_mime_message_foreach(message, add_text, &total);
    g_object_unref(message);
  }
  g_object_unref(parser);
  printf("what,messages,parts,octets\ntext,%llu,%llu,%llu\n", (unsigned long long)total.messages,
         (unsigned long long)total.parts, (unsigned long long)total.octets);
  g_mime_shutdown();
  return fflush(stdout) != 0;
}
