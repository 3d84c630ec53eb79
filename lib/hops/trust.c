/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each text that a person gave is a list of its own, so that it can be said which of them met
 * nobody. Read by all threads, written by none once it is made. */
#include "hops/trust.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/room.h"

enum { TRUST_LINE_MAX = 1024 };

/* What was added by one text. */
typedef struct trust_list {
  tide_network *networks;
  size_t count, cap;
  tide_map names;    /* lower case */
  tide_map suffixes; /* lower case, with the leading dot */
  atomic_bool *met;  /* set by whichever thread meets one first; apart, as the list is const then */
} trust_list;

struct tide_trust {
  trust_list *lists;
  size_t count, cap;
};

tide_status tide_trust_new(tide_trust **out, tide_error *err) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : tide_error_memory(err);
}

static bool is_host_name(tide_span s) {
  if (s.len == 0 || s.len > 255)
    return false;
  bool dot = false;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '.')
      dot = true;
    else if (!tide_is_alnum(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '_')
      return false;
  }
  return dot || tide_span_iequal(s, SPAN("localhost"));
}

/* "MX.Example.org." and "mx.example.org" are one name. */
static tide_span fold(tide_span s, char out[256]) {
  if (s.len && s.ptr[s.len - 1] == '.')
    s.len--;
  if (s.len > 255)
    s.len = 255;
  for (size_t i = 0; i < s.len; i++)
    out[i] = tide_lower(s.ptr[i]);
  return tide_span_make(out, s.len);
}

static tide_status add_entry(trust_list *t, tide_span s, bool *known) {
  tide_network net;
  char folded[256];
  *known = true;
  if (tide_network_parse(s, &net)) {
    if (tide_room(&t->networks, &t->cap, t->count, sizeof *t->networks) != TIDE_OK)
      return TIDE_FATAL;
    t->networks[t->count++] = net;
    /* What is not public is ours without being named, and so is never met. */
    if (!tide_ip_is_public(&net.address))
      atomic_store_explicit(t->met, true, memory_order_relaxed);
    return TIDE_OK;
  }
  *known = is_host_name(s);
  if (!*known)
    return TIDE_OK;
  tide_map *map = s.ptr[0] == '.' ? &t->suffixes : &t->names;
  return tide_map_add(map, fold(s, folded)) == TIDE_MAP_NONE ? TIDE_FATAL : TIDE_OK;
}

static tide_status add_lines(trust_list *t, FILE *file, const char *path, tide_error *err) {
  char line[TRUST_LINE_MAX];
  for (unsigned number = 1; fgets(line, sizeof line, file); number++) {
    tide_span s = tide_span_of(line);
    if (s.len == sizeof line - 1 && s.ptr[s.len - 1] != '\n')
      return tide_error_set(err, TIDE_USAGE, "%s:%u: line longer than %d bytes", path, number,
                            TRUST_LINE_MAX - 2);
    s = tide_span_trim(tide_span_slice(s, 0, tide_span_find_char(s, '#')));
    if (s.len == 0)
      continue;
    bool known;
    TIDE_TRY(add_entry(t, s, &known));
    if (!known)
      return tide_error_set(err, TIDE_USAGE, "%s:%u: neither a network nor a host name: \"%.*s\"",
                            path, number, (int)s.len, s.ptr);
  }
  return ferror(file) ? tide_error_of_file(err, path) : TIDE_OK;
}

static tide_status add_file(trust_list *t, const char *path, tide_error *err) {
  FILE *file = fopen(path, "re");
  if (!file)
    return tide_error_of_file(err, path);
  const tide_status status = add_lines(t, file, path, err);
  fclose(file);
  return status;
}

/* A list at the end, with nothing in it; NULL when out of memory. */
static trust_list *list_add(tide_trust *t) {
  if (tide_room(&t->lists, &t->cap, t->count, sizeof *t->lists) != TIDE_OK)
    return NULL;
  trust_list *list = &t->lists[t->count];
  *list = (trust_list){.met = malloc(sizeof *list->met)};
  if (!list->met)
    return NULL;
  atomic_init(list->met, false);
  t->count++;
  return list;
}

tide_status tide_trust_add(tide_trust *t, const char *text, tide_error *err) {
  struct stat st;
  bool known;
  trust_list *list = list_add(t);
  if (!list)
    return tide_error_memory(err);
  /* A file is looked for only where the text cannot be a network; a host name with a dot may well
   * be a file's name too. */
  tide_network net;
  if (!tide_network_parse(tide_span_of(text), &net) && stat(text, &st) == 0 && S_ISREG(st.st_mode))
    return add_file(list, text, err);
  if (add_entry(list, tide_span_of(text), &known) != TIDE_OK)
    return tide_error_memory(err);
  return known ? TIDE_OK
               : tide_error_set(err, TIDE_USAGE,
                                "neither a network, a host name nor a file: \"%s\"", text);
}

bool tide_trust_is_met(const tide_trust *t, size_t index) {
  return atomic_load_explicit(t->lists[index].met, memory_order_relaxed);
}

/* Written once only: all threads read it. */
static bool meet(const trust_list *l) {
  if (!atomic_load_explicit(l->met, memory_order_relaxed))
    atomic_store_explicit(l->met, true, memory_order_relaxed);
  return true;
}

static bool list_has_address(const trust_list *l, const tide_ip *ip) {
  for (size_t i = 0; i < l->count; i++)
    if (tide_network_contains(&l->networks[i], ip))
      return meet(l);
  return false;
}

/* The name is folded. */
static bool list_has_name(const trust_list *l, tide_span name) {
  if (l->names.count && tide_map_find(&l->names, name) != TIDE_MAP_NONE)
    return meet(l);
  if (l->suffixes.count)
    for (size_t i = 0; i < name.len; i++)
      if (name.ptr[i] == '.' &&
          tide_map_find(&l->suffixes, tide_span_slice(name, i, name.len)) != TIDE_MAP_NONE)
        return meet(l);
  return false;
}

/* All lists are asked, so that which is met does not depend on their order. */
bool tide_trust_has_address(const tide_trust *t, const tide_ip *ip) {
  bool has = false;
  for (size_t i = 0; i < t->count; i++)
    has |= list_has_address(&t->lists[i], ip);
  return has;
}

bool tide_trust_has_name(const tide_trust *t, tide_span name) {
  char folded[256];
  bool has = false;
  if (name.len == 0 || name.len > 255 || t->count == 0)
    return false;
  const tide_span s = fold(name, folded);
  for (size_t i = 0; i < t->count; i++)
    has |= list_has_name(&t->lists[i], s);
  return has;
}

tide_standing tide_hop_standing(const tide_hop *hop, const tide_trust *trust) {
  if (hop->peer_unread)
    return TIDE_STANDING_UNREAD;
  switch (hop->kind) {
  case TIDE_HOP_UNPARSED: return TIDE_STANDING_UNPARSED;
  case TIDE_HOP_LOCAL: return TIDE_STANDING_LOCAL;
  case TIDE_HOP_FETCH:
    return TIDE_STANDING_FETCHED; /* the peer is the server that the owner keeps a mailbox on */
  case TIDE_HOP_LMTP:
    return TIDE_STANDING_LMTP; /* RFC 2033: inside one site, never across the Internet */
  case TIDE_HOP_SMTP:
  case TIDE_HOP_HTTP: break;
  }
  if (hop->peer.family == 0)
    return TIDE_STANDING_NO_PEER;
  if (!tide_ip_is_public(&hop->peer))
    return TIDE_STANDING_PRIVATE;
  if (!trust)
    return TIDE_STANDING_OUTSIDE;
  const bool by_address = tide_trust_has_address(trust, &hop->peer);
  if (!tide_trust_has_name(trust, hop->rdns) && !by_address)
    return TIDE_STANDING_OUTSIDE;
  return by_address ? TIDE_STANDING_TRUSTED_ADDRESS : TIDE_STANDING_TRUSTED_NAME;
}

bool tide_trust_is_empty(const tide_trust *t) {
  for (size_t i = 0; i < t->count; i++)
    if (t->lists[i].count || t->lists[i].names.count || t->lists[i].suffixes.count)
      return false;
  return true;
}

void tide_trust_free(tide_trust *t) {
  if (!t)
    return;
  for (size_t i = 0; i < t->count; i++) {
    tide_map_free(&t->lists[i].names);
    tide_map_free(&t->lists[i].suffixes);
    free(t->lists[i].networks);
    free(t->lists[i].met);
  }
  free(t->lists);
  free(t);
}
