/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of prefixes and AS numbers as text: CAIDA's pfx2as and pyasn's. */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "network_table.h"
#include "base/limits.h"
#include "base/scan.h"

enum { ASN_LINE_MAX = 512 };

/* The next word of a line, and what is after it. */
static tide_span take_word(tide_span *line) {
  size_t at = 0;
  while (at < line->len && tide_is_space(line->ptr[at]))
    at++;
  size_t end = at + tide_scan_word(tide_span_slice(*line, at, line->len));
  while (end < line->len && !tide_is_space(line->ptr[end]))
    end++; /* a parenthesis ends no word here */
  tide_span word = tide_span_slice(*line, at, end);
  *line = tide_span_slice(*line, end, line->len);
  return word;
}

static bool is_asn(tide_span s) {
  for (size_t i = 0; i < s.len; i++)
    if (!tide_is_digit(s.ptr[i]) && !(s.ptr[i] && strchr("_,.{}", s.ptr[i])))
      return false;
  return s.len > 0 && s.len < 256 && tide_is_digit(s.ptr[s.ptr[0] == '{']);
}

/* "prefix/length asn" or "prefix length asn". */
static bool read_line(tide_span line, tide_network *net, tide_span *asn) {
  char text[TIDE_IP_TEXT + 8];
  tide_span first = take_word(&line), second = take_word(&line);
  if (tide_span_find_char(first, '/') < first.len) {
    *asn = second;
    return tide_network_parse(first, net) && is_asn(*asn) && take_word(&line).len == 0;
  }
  *asn = take_word(&line);
  uint64_t bits;
  if (first.len + second.len + 1 > sizeof text || !tide_span_uint(second, &bits) || first.len == 0)
    return false;
  memcpy(text, first.ptr, first.len);
  text[first.len] = '/';
  memcpy(text + first.len + 1, second.ptr, second.len);
  return tide_network_parse(tide_span_make(text, first.len + 1 + second.len), net) &&
         is_asn(*asn) && take_word(&line).len == 0;
}

static tide_status add_line(network_table *t, tide_span line, uint32_t number, const char *path,
                            tide_error *err) {
  tide_network net;
  tide_span asn;
  line = tide_span_trim(line);
  if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';')
    return TIDE_OK;
  if (!read_line(line, &net, &asn))
    return tide_error_set(
        err, TIDE_USAGE, "%s:%u: neither \"prefix/length asn\" nor \"prefix length asn\": \"%.*s\"",
        path, number, (int)(line.len > 60 ? 60 : line.len), line.ptr);
  uint32_t name;
  TIDE_TRY(tide_network_table_name(t, asn, &name, err));
  return tide_network_table_put(t, &net, name, number, path, err);
}

static tide_status read_lines(network_table *t, gzFile file, const char *path, tide_error *err) {
  char line[ASN_LINE_MAX];
  for (uint32_t number = 1; gzgets(file, line, sizeof line); number++) {
    tide_span s = tide_span_of(line);
    if (s.len == sizeof line - 1 && s.ptr[s.len - 1] != '\n')
      return tide_error_set(err, TIDE_USAGE, "%s:%u: longer than %d bytes", path, number,
                            ASN_LINE_MAX - 2);
    if (number > TIDE_LIMIT_TABLE_LINES)
      return tide_error_set(err, TIDE_USAGE, "%s: more than %u lines", path,
                            TIDE_LIMIT_TABLE_LINES);
    TIDE_TRY(add_line(t, s, number, path, err));
  }
  int code;
  const char *reason = gzerror(file, &code);
  if (code == Z_ERRNO)
    return tide_error_of_file(err, path);
  if (code == Z_OK || code == Z_STREAM_END)
    return TIDE_OK;
  return tide_error_set(err, code == Z_MEM_ERROR ? TIDE_FATAL : TIDE_USAGE, "%s: %s", path, reason);
}

tide_status tide_asn_text_read(network_table *t, const char *path, tide_error *err) {
  errno = 0;
  gzFile file = gzopen(path, "rbe");
  if (!file) {
    errno = errno ? errno : ENOMEM;
    return tide_error_of_file(err, path);
  }
  (void)gzbuffer(file, 1 << 17);
  tide_status status = read_lines(t, file, path, err);
  int closed = gzclose(file);
  TIDE_TRY(status);
  if (closed == Z_BUF_ERROR)
    return tide_error_set(err, TIDE_USAGE, "%s: ends in the middle of a gzip stream", path);
  return tide_network_table_finish(t, path, err);
}
