/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing buffer, and the end of the program when memory is out. */
#ifndef GENERATE_BUFFER_H
#define GENERATE_BUFFER_H

#include <stddef.h>
#include <stdint.h>

typedef struct gen_buffer {
  char *ptr;
  size_t len, cap;
} gen_buffer;

void gen_buffer_add(gen_buffer *, const char *bytes, size_t len);
void gen_buffer_char(gen_buffer *, char);
void gen_buffer_text(gen_buffer *, const char *text);
void gen_buffer_format(gen_buffer *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gen_buffer_free(gen_buffer *);
/* In lines of 76 characters, or in one where `lines` is 0. */
void gen_buffer_base64(gen_buffer *, const char *bytes, size_t len, int lines);
/* Quoted-printable (RFC 2045 6.7) of text with LF line ends. */
void gen_buffer_quoted(gen_buffer *, const char *bytes, size_t len);

void *gen_alloc(size_t count, size_t size);
_Noreturn void gen_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
