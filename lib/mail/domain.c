/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Public Suffix List through libpsl, with the last answers of each thread remembered. */
#include "mail/domain.h"

#include <glib.h>
#include <libpsl.h>

#include "base/map.h"
#include "base/utf8.h"

enum { HOST_MAX = 253 }; /* RFC 1035 2.3.4, without the length bytes */

/* Answers that a thread was given last: an archive names the same hosts over and over, and to ask
 * the list was a tenth of all work for `records`. */
enum { MEMO_SLOTS = 256, MEMO_NAME = 62 };
typedef struct memo {
  uint8_t len, from; /* of the name; where its registered part begins, len where it has none */
  char name[MEMO_NAME];
} memo;
static _Thread_local memo memos[MEMO_SLOTS];

static memo *memo_of(const char *name, size_t len) {
  return len <= MEMO_NAME ? &memos[tide_hash(tide_span_make(name, len)) % MEMO_SLOTS] : NULL;
}
static bool memo_is(const memo *m, const char *name, size_t len) {
  return m->len == len && memcmp(m->name, name, len) == 0;
}

/* Where the registered part of a name in lower case begins; its length where it has none. */
static size_t ask(const char *name, size_t len) {
  memo *m = memo_of(name, len);
  if (m && memo_is(m, name, len))
    return m->from;
  const char *registered = psl_registrable_domain(psl_builtin(), name);
  size_t from = registered ? (size_t)(registered - name) : len;
  if (m) {
    m->len = (uint8_t)len;
    m->from = (uint8_t)from;
    memcpy(m->name, name, len);
  }
  return from;
}

/* The name in lower case with a NUL after it; its length, or 0 if it is none that the list
 * could know. */
static size_t read_name(tide_span host, char name[HOST_MAX + 1]) {
  if (host.len && host.ptr[host.len - 1] == '.')
    host.len--;
  if (host.len == 0 || host.len > HOST_MAX)
    return 0;
  for (size_t i = 0; i < host.len; i++) {
    char c = host.ptr[i];
    /* An address is no name, and neither is what holds a byte that no host name has; beyond ASCII
     * the list is asked in punycode only. */
    if (!tide_is_alnum(c) && c != '-' && c != '_' && c != '.')
      return 0;
    if (c == '.' && (i == 0 || host.ptr[i - 1] == '.'))
      return 0;
    name[i] = tide_lower(c);
  }
  name[host.len] = '\0';
  return tide_is_digit(name[host.len - 1]) ? 0 : host.len;
}

tide_span tide_domain_registered(tide_span host) {
  char name[HOST_MAX + 1];
  size_t len = read_name(host, name);
  size_t from = len ? ask(name, len) : 0;
  return from < len ? tide_span_slice(host, from, len) : (tide_span){0};
}

bool tide_domain_is_host(tide_span host) {
  char name[HOST_MAX + 1];
  size_t len = read_name(host, name);
  const char *dot = len ? memchr(name, '.', len) : NULL;
  if (!dot)
    return false;
  if (memchr(dot + 1, '.', len - (size_t)(dot + 1 - name)))
    return true;
  return ask(name, len) < len;
}

/* Is it UTF-8 with something beyond ASCII in it? */
static bool is_beyond_ascii(tide_span s) {
  bool beyond = false;
  uint32_t any;
  for (size_t at = 0, len; at < s.len; at += len) {
    len = s.ptr[at] & 0x80 ? tide_utf8_take(tide_span_slice(s, at, s.len), &any) : 1;
    if (len == 0 || s.ptr[at] == '\0')
      return false;
    beyond = beyond || len > 1;
  }
  return beyond;
}

tide_span tide_domain_ascii(tide_span host, tide_arena *arena) {
  char name[HOST_MAX + 1];
  if (host.len > HOST_MAX || !is_beyond_ascii(host))
    return host;
  memcpy(name, host.ptr, host.len);
  name[host.len] = '\0';
  char *ascii = g_hostname_to_ascii(name);
  const tide_span out = ascii ? tide_arena_copy(arena, tide_span_of(ascii)) : host;
  g_free(ascii);
  return out;
}
