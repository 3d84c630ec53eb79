/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Received field of any bytes: every part lies inside the value, and what was not read is
 * counted. */
#include <stdlib.h>

#include "hops/received.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tide_span value = tide_span_make((const char *)data, size);
  tide_hop hop;
  bool parsed = tide_received_parse(value, &hop);
  if (parsed == (hop.kind == TIDE_HOP_UNPARSED))
    abort();
  const tide_span parts[] = {hop.helo,   hop.rdns, hop.ident,    hop.by,
                             hop.with,   hop.via,  hop.id,       hop.recipient,
                             hop.sender, hop.date, hop.software, hop.unread};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (parts[i].len &&
        (parts[i].ptr < value.ptr || parts[i].ptr + parts[i].len > value.ptr + value.len))
      abort();
  if ((hop.unread_count == 0) != (hop.unread.len == 0) || hop.unread_count > size)
    abort();
  return 0;
}
