/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The peer: the plain loop that a person with GMime's manual writes to count mail by day, from
 * headers alone.
 */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The day of the topmost Received header, or of Date where that has none. */
static gint64 message_day(GMimeMessage *message) {
  GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
  int count = g_mime_header_list_get_count(headers);
  for (int i = 0; i < count; i++) {
    GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
    if (g_ascii_strcasecmp(g_mime_header_get_name(header), "Received") != 0)
      continue;
    const char *value = g_mime_header_get_raw_value(header),
               *mark = value ? strrchr(value, ';') : NULL;
    GDateTime *date = mark ? g_mime_utils_header_decode_date(mark + 1) : NULL;
    if (!date)
      break;
    gint64 day = g_date_time_to_unix(date) / 86400;
    g_date_time_unref(date);
    return day;
  }
  GDateTime *date = g_mime_message_get_date(message);
  return date ? g_date_time_to_unix(date) / 86400 : -1;
}

static void add_one(GHashTable *days, gint64 day) {
  guint64 *count = g_hash_table_lookup(days, &day);
  if (!count) {
    gint64 *key = g_new(gint64, 1);
    *key = day;
    count = g_new0(guint64, 1);
    g_hash_table_insert(days, key, count);
  }
  ++*count;
}

static GMimeStream *open_stream(const char *kind, const char *path) {
  if (strcmp(kind, "file") == 0) {
    FILE *file = fopen(path, "rb");
    return file ? g_mime_stream_file_new(file) : NULL;
  }
  int fd = open(path, O_RDONLY);
  if (fd < 0)
    return NULL;
  return strcmp(kind, "mmap") == 0 ? g_mime_stream_mmap_new(fd, PROT_READ, MAP_PRIVATE)
                                   : g_mime_stream_fs_new(fd);
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) {
    fputs("usage: gmime_headers MBOX [fs|file|mmap]\n", stderr);
    return 2;
  }
  g_mime_init();
  GMimeStream *stream = open_stream(argc == 3 ? argv[2] : "fs", argv[1]);
  if (!stream) {
    perror(argv[1]);
    return 1;
  }
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
  GHashTable *days = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
  while (!g_mime_parser_eos(parser)) {
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (!message)
      continue;
    add_one(days, message_day(message));
    g_object_unref(message);
  }
  g_object_unref(parser);
  puts("day,messages");
  GHashTableIter iter;
  gpointer day, count;
  g_hash_table_iter_init(&iter, days);
  while (g_hash_table_iter_next(&iter, &day, &count))
    printf("%lld,%llu\n", (long long)*(gint64 *)day, (unsigned long long)*(guint64 *)count);
  g_hash_table_destroy(days);
  g_mime_shutdown();
  return fflush(stdout) != 0;
}
