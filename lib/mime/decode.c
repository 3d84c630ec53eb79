/* Header values as a reader sees them. */
#include "parser.h"

#include <gmime/gmime.h>

static GMimeParserOptions *parser_options;

void tide_mime_init(void) {
  if (parser_options) return;
  g_mime_init();
  static const char *charsets[] = {"utf-8", "windows-1252", NULL};
  parser_options = g_mime_parser_options_new();
  g_mime_parser_options_set_fallback_charsets(parser_options, charsets);
}

void tide_mime_shutdown(void) {
  if (!parser_options) return;
  g_mime_parser_options_free(parser_options);
  parser_options = NULL;
  g_mime_shutdown();
}

tide_span tide_header_unfold(tide_span value, tide_arena *arena) {
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  if (value.len == 0 || !memchr(value.ptr, '\n', value.len)) return value;
  char *text = tide_arena_take(arena, value.len + 1);
  size_t len = 0;
  if (!text) return (tide_span){0};
  for (size_t at = 0; at < value.len;) {
    if (value.ptr[at] != '\n') {
      text[len++] = value.ptr[at++];
      continue;
    }
    while (len && tide_is_space(text[len - 1])) len--;
    while (at < value.len && tide_is_space(value.ptr[at])) at++;
    text[len++] = ' ';
  }
  return tide_span_make(text, len);
}

tide_span tide_header_decode(tide_span value, tide_arena *arena) {
  value = tide_header_unfold(value, arena);
  bool plain = true;
  for (size_t i = 0; i < value.len && plain; i++)
    plain = value.ptr[i] > 0 && !(value.ptr[i] == '=' && i + 1 < value.len && value.ptr[i + 1] == '?');
  if (plain) return value;
  /* GMime takes a string: a NUL would end it, so a blank stands in its place. */
  tide_span copy = tide_arena_copy(arena, value);
  if (!copy.ptr) return (tide_span){0};
  char *text = (char *)(uintptr_t)copy.ptr;
  for (size_t i = 0; i < copy.len; i++)
    if (!text[i]) text[i] = ' ';
  char *decoded = g_mime_utils_header_decode_text(parser_options, text);
  if (!decoded) return (tide_span){0};
  tide_span out = tide_span_of(decoded);
  tide_buffer valid = {0};
  bool lied = false;
  if (!utf8_valid(out) && charset_put(out, (tide_span){0}, &valid, &lied) == TIDE_OK) out = tide_buffer_span(&valid);
  out = tide_arena_copy(arena, out);
  tide_buffer_free(&valid);
  g_free(decoded);
  return out;
}
