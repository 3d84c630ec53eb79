/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of all extractors, in the order in which they run. */
#include "extract/extractors.h"

#include "hops/chain.h"

/* In an order in which each finds what it uses. The origin first: its network comes from memory
 * while the date is read. */
static const tide_extractor *const extractors[] = {
    &tide_extract_origin,  &tide_extract_time,
    &tide_extract_chain,   &tide_extract_identity,
    &tide_extract_subject, &tide_extract_campaign,
    &tide_extract_url,     &tide_extract_template,
    &tide_extract_network, &tide_extract_fingerprint,
    &tide_extract_opinion, &tide_extract_copy_key,
    &tide_extract_copy_id, NULL,
};

unsigned tide_extract_parts(unsigned parts) {
  /* Extractors come after what they use, so one pass from the last to the first finds all. */
  size_t count = 0;
  while (extractors[count])
    count++;
  while (count--)
    if (extractors[count]->fills & parts)
      parts |= extractors[count]->uses;
  return parts;
}

unsigned tide_extract_needs(unsigned parts, const tide_extract_options *options) {
  unsigned needs = TIDE_NEED_HEADERS;
  for (const tide_extractor *const *e = extractors; *e; e++)
    if (((*e)->fills & parts) && (*e)->needs)
      needs |= (*e)->needs(options);
  return needs;
}

tide_status tide_extract(const tide_extraction *x, unsigned parts, tide_record *out) {
  const tide_message *m = x->message;
  *out = (tide_record){.offset = x->raw->offset, .bytes = x->raw->size, .defects = m->defects};
  if (x->raw->cut)
    out->defects |= TIDE_DEFECT_OVERSIZE;
  *x->chain = tide_chain_of(m);
  out->hops = x->chain->count;
  for (const tide_extractor *const *e = extractors; *e; e++) {
    if (!((*e)->fills & parts))
      continue;
    tide_status status = (*e)->apply(x, out);
    if (status != TIDE_OK)
      return status;
  }
  return TIDE_OK;
}
