/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our view of a message's head, and its text, against GMime's: over every file of $TIDE_CORPORA
 * (default:
 * ../shared/corpora beside the source). One file is one message; an mbox is left out. Where both
 * may differ, allowed_… says why. */
#include "cmocka_all.h"

#include <ftw.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>

#include "mime/message.h"
#include "record/record.h"

static tide_parser *parser;
static GMimeParserOptions *options;
static size_t files, compared, heads_differ, subjects, texts, texts_differ, damaged, raw_subjects,
    wrong;

static bool starts(tide_span s, const char *prefix) {
  return tide_span_starts(s, tide_span_of(prefix));
}

static tide_span read_file(const char *path) {
  static tide_buffer b;
  tide_buffer_clear(&b);
  FILE *f = fopen(path, "rb");
  if (!f)
    return (tide_span){0};
  for (size_t n = 1; n;) {
    if (tide_buffer_reserve(&b, 1 << 16) != TIDE_OK)
      break;
    b.len += n = fread(b.ptr + b.len, 1, 1 << 16, f);
  }
  fclose(f);
  return tide_buffer_span(&b);
}

/* GMime as a program would use it that knows nothing of ours. */
static GMimeMessage *parse(tide_span bytes) {
  GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
  GMimeParser *gmime = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  GMimeMessage *message = g_mime_parser_construct_message(gmime, options);
  g_object_unref(gmime);
  return message;
}

/* A header list of GMime's: the message's own, and after it the Content-… fields, which it keeps
 * with the part. */
typedef struct field {
  const char *name, *value;
} field;

static size_t list_fields(GMimeMessage *message, bool content, field *out, size_t max) {
  GMimeObject *of = content ? g_mime_message_get_mime_part(message) : GMIME_OBJECT(message);
  GMimeHeaderList *list = of ? g_mime_object_get_header_list(of) : NULL;
  size_t count = 0;
  for (int i = 0; list && i < g_mime_header_list_get_count(list) && count < max; i++) {
    GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
    const char *name = g_mime_header_get_name(header);
    if ((g_ascii_strncasecmp(name, "Content-", 8) == 0) == content)
      out[count++] = (field){name, g_mime_header_get_raw_value(header)};
  }
  return count;
}

static bool same_field(const tide_header *ours, const field *theirs) {
  if (!theirs->value || !tide_span_iequal(ours->name, tide_span_of(theirs->name)))
    return false;
  tide_span raw = tide_span_trim(tide_span_of(theirs->value));
  /* GMime's raw value ends at a NUL, and keeps CRLF as it was written. */
  return tide_span_equal(ours->value, raw) ||
         (memchr(ours->value.ptr ? ours->value.ptr : "", 0, ours->value.len) &&
          tide_span_starts(ours->value, raw));
}

/* GMime ends the header block at the first line that is no field (3.2.13); we pass over it, as RFC
 * 4155's readers do, and say header-junk. A `From ` line in front it takes for junk too where no
 * mbox is read, but we are given it only by a Maildir. */
static bool allowed_head(const tide_message *m) {
  /* The first boundary right below the last field: GMime takes it for junk, and what follows for
   * more of the head. */
  bool glued = m->body.len && m->body.ptr > m->head.ptr + 1 &&
               tide_span_starts(m->body, SPAN("--")) && m->body.ptr[-2] != '\n' &&
               m->body.ptr[-2] != '\r';
  return glued || m->defects & (TIDE_DEFECT_HEADER_JUNK | TIDE_DEFECT_NUL_BYTES |
                                TIDE_DEFECT_TOO_MANY_HEADERS);
}

static void compare_head(const char *path, const tide_message *m, GMimeMessage *message) {
  enum { MAX = 4096 };
  static field theirs[MAX];
  for (int content = 0; content < 2; content++) {
    size_t count = list_fields(message, content, theirs, MAX), at = 0;
    bool same = true;
    for (uint32_t i = 0; i < m->header_count && same; i++) {
      if ((m->headers[i].name.len >= 8 &&
           tide_span_istarts(m->headers[i].name, SPAN("Content-"))) != content)
        continue;
      same = at < count && same_field(&m->headers[i], &theirs[at]);
      if (!same && !allowed_head(m))
        print_message("%s: %.*s: %.*s\n   theirs %s: %s\n", path, (int)m->headers[i].name.len,
                      m->headers[i].name.ptr, (int)m->headers[i].value.len, m->headers[i].value.ptr,
                      at < count ? theirs[at].name : "(none)", at < count ? theirs[at].value : "");
      at++;
    }
    if (same && at == count)
      continue;
    heads_differ++;
    wrong += !allowed_head(m);
    return;
  }
}

/* Equal but for white space (GMime's unfolding leaves what begins a continuation line; ours makes
 * one blank of it) and for what GMime 3.2.13 does less well: a byte that does not fit the charset
 * becomes '?', and 0x80..0x9f of what says ISO-8859-1 is a control character instead of
 * Windows-1252. */
static bool same_words(tide_span a, tide_span b) {
  const char *i = a.ptr, *k = b.ptr, *i_end = a.ptr + a.len, *k_end = b.ptr + b.len;
  for (;;) {
    while (i < i_end && tide_is_space(*i))
      i++;
    while (k < k_end && tide_is_space(*k))
      k++;
    if (i == i_end || k == k_end)
      return i == i_end && k == k_end;
    gunichar ours = g_utf8_get_char(i), theirs = g_utf8_get_char(k);
    if (ours != theirs && !(ours >= 0x80 && (theirs == '?' || (theirs >= 0x80 && theirs < 0xa0))))
      return false;
    i = g_utf8_offset_to_pointer(i, 1);
    k = g_utf8_offset_to_pointer(k, 1);
  }
}

/* GMime 3.2.13 joins neighbouring base64 words before it decodes them, and loses what stands after
 * the padding of the first. UTF-8 that says it is ISO-8859-1 it takes apart: of a quote it makes
 * three letters, U+00E2 U+0080 U+0099. */
static bool allowed_subject(tide_span value, tide_span ours, tide_span theirs) {
  bool padded = tide_span_find(value, SPAN("=?=")) < value.len,
       base64 = tide_span_ifind(value, SPAN("?b?")) < value.len,
       apart = tide_span_find(theirs, SPAN("\xc3\xa2\xc2\x80")) < theirs.len;
  return (padded && base64 && theirs.len < ours.len) || (apart && theirs.len > ours.len);
}

static void compare_subject(const char *path, const tide_message *m) {
  /* Of the value as we found it, folded as it is: GMime unfolds for itself. */
  tide_span value = tide_message_header(m, TIDE_HEADER_SUBJECT);
  if (value.len == 0 || memchr(value.ptr, 0, value.len) || value.len > TIDE_LIMIT_HEADER_VALUE)
    return;
  /* Raw bytes that are no UTF-8: GMime chooses a charset for each word; we read byte by byte what
   * is no UTF-8 as Windows-1252. */
  if (!g_utf8_validate(value.ptr, (gssize)value.len, NULL)) {
    raw_subjects++;
    return;
  }
  char *copy = g_strndup(value.ptr, value.len);
  char *unfolded = g_mime_utils_header_unfold(copy),
       *decoded = g_mime_utils_header_decode_text(options, unfolded);
  subjects++;
  tide_span theirs = tide_span_of(decoded);
  if (!same_words(m->subject, theirs) && !allowed_subject(value, m->subject, theirs)) {
    wrong++;
    print_message("%s: subject \"%.*s\", theirs \"%s\"\n", path, (int)m->subject.len,
                  m->subject.ptr, decoded);
  }
  g_free(decoded);
  g_free(unfolded);
  g_free(copy);
}

/* The text parts as GMime decodes them, its own way through filters; HTML through the same
 * stripper. */
static void add_text(GMimeObject *parent, GMimeObject *part, gpointer data) {
  tide_buffer *out = data;
  (void)parent;
  if (GMIME_IS_MESSAGE_PART(part)) { /* foreach does not enter them */
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    if (inner)
      g_mime_message_foreach(inner, add_text, data);
  }
  if (!GMIME_IS_TEXT_PART(part))
    return;
  char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
  if (!text)
    return;
  if (out->len)
    tide_buffer_putc(out, '\n');
  bool html = g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "html");
  if (html)
    tide_html_text(tide_span_of(text), out, NULL);
  else
    tide_buffer_put(out, tide_span_of(text));
  g_free(text);
}

/* Without white space and bytes beyond ASCII: what charsets GMime lets end in '?', line ends and
 * the blank line before a boundary are not at issue. */
static size_t squeeze(tide_span s, char *out) {
  size_t len = 0;
  for (size_t i = 0; i < s.len; i++)
    if (s.ptr[i] > ' ' && s.ptr[i] != '?')
      out[len++] = s.ptr[i];
  return len;
}

static void find_empty(GMimeObject *parent, GMimeObject *part, gpointer data) {
  (void)parent;
  if (GMIME_IS_MULTIPART(part) && g_mime_multipart_get_count(GMIME_MULTIPART(part)) == 0)
    *(bool *)data = true;
}

/* What we take for text and GMime does not, or read otherwise: a message that is encoded inside
 * another, text with commands of text/enriched in it, HTML whose head alone names a charset, and
 * what stands after the padding of base64 (a list's footer). */
static void find_beyond(GMimeObject *parent, GMimeObject *part, gpointer data) {
  GMimeContentType *type = g_mime_object_get_content_type(part);
  (void)parent;
  bool page = g_mime_content_type_is_type(type, "text", "html"), named = false;
  if (page && !g_mime_content_type_get_parameter(type, "charset")) {
    char *text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    tide_span span = tide_span_of(text ? text : "");
    named = tide_span_ifind(span, SPAN("<meta")) < span.len &&
            tide_span_ifind(span, SPAN("charset")) < span.len;
    g_free(text);
  }
  GMimeDataWrapper *wrapper =
      GMIME_IS_TEXT_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
  bool base64 =
      wrapper && g_mime_data_wrapper_get_encoding(wrapper) == GMIME_CONTENT_ENCODING_BASE64;
  if (named || base64 || g_mime_content_type_is_type(type, "text", "enriched") ||
      g_mime_content_type_is_type(type, "text", "richtext") ||
      (GMIME_IS_PART(part) && g_mime_content_type_is_type(type, "message", "rfc822")))
    *(bool *)data = true;
  if (GMIME_IS_MESSAGE_PART(part)) {
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    if (inner)
      g_mime_message_foreach(inner, find_beyond, data);
  }
}

static void find_quoted(GMimeObject *parent, GMimeObject *part, gpointer data) {
  (void)parent;
  GMimeDataWrapper *wrapper =
      GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
  if (wrapper &&
      g_mime_data_wrapper_get_encoding(wrapper) == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
    *(bool *)data = true;
}

/* Of "==3D" GMime makes no "==", and it keeps a soft line break that blanks stand after. */
static bool has_odd_quoted(tide_span body, GMimeMessage *message) {
  bool quoted = false;
  g_mime_message_foreach(message, find_quoted, &quoted);
  return quoted && (tide_span_find(body, SPAN("==")) < body.len ||
                    tide_span_find(body, SPAN("= ")) < body.len ||
                    tide_span_find(body, SPAN("=\t")) < body.len);
}

/* Charsets that do not fit: GMime writes '?', we what the byte is in Windows-1252. A NUL ends
 * GMime's text. Of two Content-Type fields GMime takes the last, we as mail readers the first. A
 * multipart without parts is text for us, and nothing for GMime. And what find_beyond says. */
static bool allowed_text(const tide_message *m, GMimeMessage *message) {
  uint32_t type = m->first[TIDE_HEADER_CONTENT_TYPE];
  GMimeObject *root = g_mime_message_get_mime_part(message);
  bool empty = GMIME_IS_MULTIPART(root) && g_mime_multipart_get_count(GMIME_MULTIPART(root)) == 0;
  bool beyond = false;
  g_mime_message_foreach(message, find_empty, &empty);
  g_mime_message_foreach(message, find_beyond, &beyond);
  return empty || beyond || has_odd_quoted(m->body, message) ||
         m->defects & TIDE_DEFECT_BAD_CHARSET ||
         (m->text.len && memchr(m->text.ptr, 0, m->text.len)) ||
         (type != TIDE_HEADER_NONE && m->headers[type].next != TIDE_HEADER_NONE);
}

static void compare_text(const char *path, const tide_message *m, GMimeMessage *message) {
  tide_buffer theirs = {.limit = TIDE_LIMIT_TEXT};
  if (allowed_head(m))
    return;
  g_mime_message_foreach(message, add_text, &theirs);
  char *a = malloc(m->text.len + 1), *b = malloc(theirs.len + 1);
  assert_true(a && b);
  size_t a_len = squeeze(m->text, a), b_len = squeeze(tide_buffer_span(&theirs), b);
  texts++;
  if (a_len != b_len || memcmp(a, b, a_len) != 0) {
    texts_differ++;
    size_t at = 0;
    while (at < a_len && at < b_len && a[at] == b[at])
      at++;
    bool allowed = allowed_text(m, message);
    wrong += !allowed;
    if (!allowed || getenv("TIDE_VERBOSE"))
      print_message("%s: %zu ours, %zu theirs, defects %x, at %zu\n  ours   %.*s\n  theirs %.*s\n",
                    path, a_len, b_len, m->defects, at, (int)(a_len - at > 60 ? 60 : a_len - at),
                    a + at, (int)(b_len - at > 60 ? 60 : b_len - at), b + at);
  }
  free(a);
  free(b);
  tide_buffer_free(&theirs);
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *walk) {
  (void)walk;
  size_t len = strlen(path);
  if (type != FTW_F || st->st_size == 0 || st->st_size > 64 << 20)
    return 0;
  if (strstr(path, "/ip/") || (len > 5 && strcmp(path + len - 5, ".mbox") == 0))
    return 0;
  tide_span bytes = read_file(path);
  if (starts(bytes, "From ")) {
    size_t end = tide_span_find_char(bytes, '\n') + 1;
    bytes = tide_span_slice(bytes, end, bytes.len);
  }
  files++;
  tide_raw raw = {.bytes = bytes};
  const tide_message *m;
  tide_status status = tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT | TIDE_NEED_TEXT, &m);
  if (status == TIDE_SKIP) {
    damaged++;
    return 0;
  }
  assert_int_equal(status, TIDE_OK);
  GMimeMessage *message = parse(bytes);
  if (!message) { /* such as SMTP commands in front of the message */
    if (!allowed_head(m))
      fail_msg("%s: GMime sees no message", path);
    heads_differ++;
    return 0;
  }
  compared++;
  compare_head(path, m, message);
  compare_subject(path, m);
  compare_text(path, m, message);
  g_object_unref(message);
  return 0;
}

static void same_as_gmime(void **state) {
  (void)state;
  char path[4096];
  const char *corpora = getenv("TIDE_CORPORA"), *source = getenv("TIDE_SOURCE");
  if (!source)
    source = ".";
  snprintf(path, sizeof path, "%s", corpora ? corpora : source);
  if (!corpora)
    strncat(path, "/../shared/corpora", sizeof path - strlen(path) - 1);
  FILE *there = fopen(path, "r");
  if (!there)
    skip();
  fclose(there);
  assert_int_equal(nftw(path, visit, 32, FTW_PHYS), 0);
  print_message(
      "%zu files, %zu compared, %zu damaged; %zu heads differ as allowed; %zu subjects, %zu more "
      "in raw bytes; %zu texts, %zu differ as allowed\n",
      files, compared, damaged, heads_differ, subjects, raw_subjects, texts, texts_differ);
  assert_int_equal(wrong, 0);
  assert_number(compared, >, 100);
}

int main(void) {
  tide_mime_init();
  if (tide_parser_new(&parser) != TIDE_OK)
    return 1;
  static const char *charsets[] = {"utf-8", "windows-1252", NULL};
  options = g_mime_parser_options_new();
  g_mime_parser_options_set_fallback_charsets(options, charsets);
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_gmime)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  g_mime_parser_options_free(options);
  tide_parser_free(parser);
  return failed;
}
