/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Received field of any bytes: every part lies inside the value, and what was not read is
 * counted. With and without vector instructions the answer is the same. */
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"
#include "hops/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 12 };

static void parts_of(const tide_hop *hop, tide_span parts[PARTS]) {
  const tide_span all[PARTS] = {hop->helo,   hop->rdns, hop->ident,    hop->by,
                                hop->with,   hop->via,  hop->id,       hop->recipient,
                                hop->sender, hop->date, hop->software, hop->unread};
  memcpy(parts, all, sizeof all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tide_span value = tide_span_make((const char *)data, size), parts[PARTS], narrow_parts[PARTS];
  tide_hop hop, narrow;
  tide_scan_limit(TIDE_SCAN_1);
  tide_received_parse(value, &narrow);
  tide_scan_limit(TIDE_SCAN_32);
  bool parsed = tide_received_parse(value, &hop);
  if (parsed == (hop.kind == TIDE_HOP_UNPARSED))
    abort();
  parts_of(&hop, parts);
  parts_of(&narrow, narrow_parts);
  if (hop.kind != narrow.kind || memcmp(&hop.peer, &narrow.peer, sizeof hop.peer) != 0 ||
      hop.unread_count != narrow.unread_count)
    abort();
  for (size_t i = 0; i < PARTS; i++) {
    if (parts[i].len != narrow_parts[i].len ||
        (parts[i].len && parts[i].ptr != narrow_parts[i].ptr))
      abort();
    if (parts[i].len &&
        (parts[i].ptr < value.ptr || parts[i].ptr + parts[i].len > value.ptr + value.len))
      abort();
  }
  if ((hop.unread_count == 0) != (hop.unread.len == 0) || hop.unread_count > size)
    abort();
  return 0;
}
