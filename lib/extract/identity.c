/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who a message says it is from and to, and what wrote it. */
#include "extract/extractors.h"

static tide_status identity_apply(const tide_extraction *x, tide_record *r) {
  const tide_message *m = x->message;
  r->message_id = tide_header_unfold(tide_message_header(m, TIDE_HEADER_MESSAGE_ID), x->arena);
  tide_address_count(tide_message_header(m, TIDE_HEADER_FROM), &r->from_domain, x->arena);
  static const tide_header_id to[] = {TIDE_HEADER_TO, TIDE_HEADER_CC, TIDE_HEADER_BCC};
  for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
    for (uint32_t at = m->first[to[i]]; at != TIDE_HEADER_NONE; at = m->headers[at].next) {
      tide_span domain = {0};
      r->recipients += tide_address_count(m->headers[at].value, &domain, x->arena);
      if (r->to_domain.len == 0)
        r->to_domain = domain;
    }
  }
  r->mailer = tide_message_header(m, TIDE_HEADER_X_MAILER);
  if (r->mailer.len == 0)
    r->mailer = tide_message_header(m, TIDE_HEADER_USER_AGENT);
  r->mailer = tide_header_decode(r->mailer, x->arena); /* "Shop (=?koi8-r?B?…?=)" */
  r->charset = tide_content_charset(tide_message_header(m, TIDE_HEADER_CONTENT_TYPE), x->arena);
  return TIDE_OK;
}

const tide_extractor tide_extract_identity = {
    .name = "identity", .fills = TIDE_PART_IDENTITY, .apply = identity_apply};

static unsigned subject_needs(const tide_extract_options *options) {
  (void)options;
  return TIDE_NEED_SUBJECT;
}

static tide_status subject_apply(const tide_extraction *x, tide_record *r) {
  r->subject = x->message->subject;
  return TIDE_OK;
}

const tide_extractor tide_extract_subject = {
    .name = "subject", .fills = TIDE_PART_SUBJECT, .needs = subject_needs, .apply = subject_apply};
