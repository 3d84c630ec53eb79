/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is put into batches, whoever fills them. */
#include "batch.h"

#include <string.h>

#include "base/invariant.h"
#include "base/room.h"

tide_status tide_batch_add_file(tide_batch *b, tide_file file, const char *path) {
  if (tide_room(&b->files, &b->file_cap, b->file_count, sizeof *b->files) != TIDE_OK)
    return TIDE_FATAL;
  file.path = b->names.len;
  b->files[b->file_count++] = file;
  return tide_buffer_put(&b->names, tide_span_make(path, strlen(path) + 1)) == TIDE_OK ? TIDE_OK
                                                                                       : TIDE_FATAL;
}

const tide_format *tide_format_for(const tide_format *forced, bool maildir, const char *path,
                                   const tide_packed *packed, tide_span peek) {
  if (packed)
    return NULL;
  if (forced)
    return forced;
  if (maildir)
    return &tide_format_message;
  return tide_packed_is_piece(path) ? NULL : tide_format_choose(peek);
}

/* "1226442600.M1P2.host,S=123:2,S": seconds of delivery before the first dot
 * (cr.yp.to/proto/maildir.html); OfflineIMAP has an underscore there: "1226442600_3.57912.host". */
int64_t tide_file_name_time(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  uint64_t seconds;
  tide_span digits = tide_span_make(name, strcspn(name, "._"));
  return digits.len <= 12 && tide_span_uint(digits, &seconds) ? (int64_t)seconds : INT64_MIN;
}

void tide_raw_limit(tide_raw *raw) {
  if (raw->bytes.len <= TIDE_LIMIT_MESSAGE)
    return;
  raw->bytes.len = TIDE_LIMIT_MESSAGE;
  raw->cut = true;
}

void tide_raw_close_hole(tide_raw *raw, const tide_cut *cut, char *home) {
  char *begin = home + (raw->bytes.ptr - home);
  TIDE_INVARIANT(cut->hole_at + cut->hole_len <= raw->bytes.len);
  memmove(begin + cut->hole_len, begin, cut->hole_at);
  raw->bytes = tide_span_slice(raw->bytes, cut->hole_len, raw->bytes.len);
}
