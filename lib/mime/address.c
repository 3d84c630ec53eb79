/* Address lists (RFC 5322 3.4), read leniently: how many mailboxes, and the first one's domain. */
#include "spamtide/message.h"

/* Skips "(…)" with nesting or "…" with backslashes; returns the place behind, or the end where it never closes. */
static size_t skip_quoted(tide_span s, size_t at) {
  char open = s.ptr[at];
  int depth = 0;
  for (; at < s.len; at++) {
    if (s.ptr[at] == '\\') at++;
    else if (open == '(' && s.ptr[at] == '(') depth++;
    else if (open == '(' && s.ptr[at] == ')' && --depth == 0) return at + 1;
    else if (open == '"' && s.ptr[at] == '"' && depth++ == 1) return at + 1;
  }
  return s.len;
}

/* What stands behind the last @ of an address, in lower case. */
static tide_span domain_of(tide_span address, tide_arena *arena) {
  size_t at = address.len;
  while (at && address.ptr[at - 1] != '@') at--;
  if (at == 0) return (tide_span){0};
  size_t end = at;
  while (end < address.len && !tide_is_space(address.ptr[end]) && !strchr(">,;\"()", address.ptr[end])) end++;
  while (end > at && address.ptr[end - 1] == '.') end--;
  tide_span copy = tide_arena_copy(arena, tide_span_slice(address, at, end));
  if (!copy.ptr) return (tide_span){0};
  char *text = (char *)(uintptr_t)copy.ptr;
  for (size_t i = 0; i < copy.len; i++) text[i] = tide_lower(text[i]);
  return copy;
}

uint32_t tide_address_count(tide_span value, tide_span *domain, tide_arena *arena) {
  uint32_t count = 0;
  tide_span first = {0};
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  size_t word = 0;         /* where the mailbox being read begins */
  tide_span angle = {0};   /* its <…> */
  bool any = false;        /* something stands there */
  for (size_t at = 0; at <= value.len; at++) {
    char c = at < value.len ? value.ptr[at] : ',';
    if (c == '"' || c == '(') {
      any = any || c == '"';
      at = skip_quoted(value, at) - 1;
    } else if (c == '<') {
      size_t close = tide_span_find_char(tide_span_slice(value, at, value.len), '>');
      angle = tide_span_slice(value, at + 1, at + close);
      any = true;
      at += close;
    } else if (c == ':' && !angle.ptr) { /* a group's name (3.4): its members follow */
      any = false;
      word = at + 1;
    } else if (c == ',' || c == ';') {
      if (any) {
        count++;
        if (!first.ptr) first = angle.ptr ? angle : tide_span_slice(value, word, at);
      }
      any = false;
      angle = (tide_span){0};
      word = at + 1;
    } else if (!tide_is_space(c)) {
      any = true;
    }
  }
  if (domain) *domain = domain_of(first, arena);
  return count;
}
