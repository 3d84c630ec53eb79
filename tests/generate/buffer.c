/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void gen_die(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("tide-generate: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  exit(3);
}

void *gen_alloc(size_t count, size_t size) {
  void *p = calloc(count ? count : 1, size);
  if (!p)
    gen_die("out of memory");
  return p;
}

static char *reserve(gen_buffer *b, size_t more) {
  if (b->cap - b->len < more) {
    size_t cap = b->cap ? b->cap : 4096;
    while (cap - b->len < more)
      cap *= 2;
    char *p = realloc(b->ptr, cap);
    if (!p)
      gen_die("out of memory");
    b->ptr = p;
    b->cap = cap;
  }
  return b->ptr + b->len;
}

void gen_buffer_add(gen_buffer *b, const char *bytes, size_t len) {
  if (!len)
    return;
  memcpy(reserve(b, len), bytes, len);
  b->len += len;
}

void gen_buffer_char(gen_buffer *b, char c) {
  gen_buffer_add(b, &c, 1);
}
void gen_buffer_text(gen_buffer *b, const char *text) {
  gen_buffer_add(b, text, strlen(text));
}

void gen_buffer_format(gen_buffer *b, const char *format, ...) {
  size_t room = 256;
  for (;;) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(reserve(b, room), room, format, args);
    va_end(args);
    if (n < 0)
      gen_die("cannot format");
    if ((size_t)n < room) {
      b->len += (size_t)n;
      return;
    }
    room = (size_t)n + 1;
  }
}

void gen_buffer_free(gen_buffer *b) {
  free(b->ptr);
  *b = (gen_buffer){0};
}

void gen_buffer_base64(gen_buffer *b, const char *bytes, size_t len, int lines) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char *out = reserve(b, len / 3 * 4 + len / 57 + 8), *start = out;
  for (size_t i = 0; i < len; i += 3) {
    size_t left = len - i;
    uint32_t v = (uint32_t)(unsigned char)bytes[i] << 16;
    if (left > 1)
      v |= (uint32_t)(unsigned char)bytes[i + 1] << 8;
    if (left > 2)
      v |= (unsigned char)bytes[i + 2];
    *out++ = alphabet[v >> 18];
    *out++ = alphabet[v >> 12 & 63];
    *out++ = left > 1 ? alphabet[v >> 6 & 63] : '=';
    *out++ = left > 2 ? alphabet[v & 63] : '=';
    if (lines && ((i + 3) % 57 == 0 || left <= 3))
      *out++ = '\n';
  }
  b->len += (size_t)(out - start);
}

void gen_buffer_quoted(gen_buffer *b, const char *bytes, size_t len) {
  static const char hex[] = "0123456789ABCDEF";
  char *out = reserve(b, len * 3 + len * 3 / 72 * 2 + 16), *start = out, *line = out;
  for (size_t i = 0; i < len; i++) {
    unsigned char c = (unsigned char)bytes[i];
    if (c == '\n') {
      *out++ = '\n';
      line = out;
      continue;
    }
    int blank_at_end = (c == ' ' || c == '\t') && (i + 1 == len || bytes[i + 1] == '\n');
    if (out - line >= 73) {
      *out++ = '=';
      *out++ = '\n';
      line = out;
    }
    if ((c >= 33 && c <= 126 && c != '=') || ((c == ' ' || c == '\t') && !blank_at_end)) {
      *out++ = (char)c;
    } else {
      *out++ = '=';
      *out++ = hex[c >> 4];
      *out++ = hex[c & 15];
    }
  }
  b->len += (size_t)(out - start);
}
