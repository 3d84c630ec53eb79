/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header index, decoded text, links, URLs, look-alikes, template and fingerprint of any bytes:
 * every span lies where it should, and no limit is passed. A multipart gives the same text whether
 * GMime takes it apart or not, and with each width of searches. */
#include <stdlib.h>

#include "../../lib/mime/parser.h"
#include "base/data.h"
#include "base/scan.h"
#include "extract/fingerprint.h"
#include "mime/message.h"
#include "record/record.h"
#include "record/signature.h"
#include "extract/template.h"
#include "extract/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(tide_span part, tide_span whole) {
  if (part.len && (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len))
    abort();
}

/* What GMime is spared of a bomb is not what we are. */
enum {
  BOMBS = TIDE_DEFECT_TOO_MANY_PARTS | TIDE_DEFECT_TOO_MANY_HEADERS | TIDE_DEFECT_LONG_HEADER |
          TIDE_DEFECT_TOO_DEEP | TIDE_DEFECT_LONG_TEXT
};

static void same_as_tree(const tide_raw *raw, const tide_message *m) {
  static tide_parser *trees;
  if (!trees) {
    if (tide_parser_new(&trees) != TIDE_OK)
      abort();
    trees->tree_only = true;
  }
  const tide_message *tree;
  tide_scan_limit(TIDE_SCAN_32);
  if (tide_message_parse(trees, raw, TIDE_NEED_TEXT | TIDE_NEED_LINKS, &tree) != TIDE_OK)
    abort();
  if ((m->defects | tree->defects) & BOMBS)
    return;
  if (!tide_span_equal(m->text, tree->text) || !tide_span_equal(m->links, tree->links))
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static tide_parser *parser;
  static tide_additions *known;
  if (!parser) {
    tide_mime_init();
    if (tide_parser_new(&parser) != TIDE_OK ||
        tide_additions_read(&known, tide_data_added_fields, NULL) != TIDE_OK)
      abort();
  }
  /* The first byte chooses how an mbox would have escaped it, and the width of searches. */
  tide_scan_limit(size ? TIDE_SCAN_32 - data[0] / 3 % (TIDE_SCAN_32 + 1) : TIDE_SCAN_32);
  tide_raw raw = {.bytes = tide_span_make((const char *)data + (size > 0), size ? size - 1 : 0),
                  .escape = size ? (tide_escape)(data[0] % 4) : TIDE_ESCAPE_NONE};
  const tide_message *m;
  tide_arena arena = {0};
  tide_status status =
      tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT | TIDE_NEED_TEXT | TIDE_NEED_LINKS, &m);
  if (status == TIDE_OK) {
    same_as_tree(&raw, m);
    inside(m->head, raw.bytes);
    inside(m->body, raw.bytes);
    for (uint32_t i = 0; i < m->header_count; i++) {
      inside(m->headers[i].name, raw.bytes);
      inside(m->headers[i].value, raw.bytes);
      tide_span domain;
      tide_header_decode(m->headers[i].value, &arena);
      tide_header_unfold(m->headers[i].value, &arena);
      tide_address_count(m->headers[i].value, &domain, &arena);
    }
    if (m->text.len > TIDE_LIMIT_TEXT || m->links.len > TIDE_LIMIT_LINKS)
      abort();
    if (m->links.len && m->links.ptr[m->links.len - 1] != '\n')
      abort();
    const tide_span *urls;
    uint32_t count;
    unsigned defects = 0;
    if (tide_urls_find(m, &arena, &urls, &count, &defects) != TIDE_OK || count > TIDE_LIMIT_URLS)
      abort();
    for (uint32_t i = 0; i < count; i++) {
      if (urls[i].ptr >= m->text.ptr && urls[i].ptr < m->text.ptr + m->text.len)
        inside(urls[i], m->text);
      else
        inside(urls[i], m->links);
      if (tide_url_host(urls[i], &arena).len > 253)
        abort();
      tide_url_domain(urls[i], &arena);
    }
    tide_buffer folded = {.limit = 2 * TIDE_LIMIT_TEXT};
    if (tide_lookalikes_fold(m->text, &folded) == TIDE_FATAL)
      abort();
    tide_buffer_free(&folded);
    tide_span signature, layout;
    tide_field_part *parts = tide_arena_take(&arena, m->header_count * sizeof *parts + 1);
    if (!parts || tide_fingerprint_layout(m, known, &arena, parts, &layout) != TIDE_OK ||
        layout.len > TIDE_LIMIT_LAYOUT)
      abort();
    const tide_template_text text = {.subject = m->subject, .text = m->text};
    if (tide_template_make(&text, &arena, NULL, &signature) != TIDE_OK ||
        signature.len > TIDE_SIGNATURE_MAX)
      abort();
  } else if (status != TIDE_SKIP) {
    abort();
  }
  tide_arena_free(&arena);
  return 0;
}
