/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The network of the origin at the time of the message: an address belongs to a network at a date,
 * and today's table misattributes the mail of 2008. */
#include "extract/extractors.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "network_table.h"
#include "base/civil.h"
#include "base/limits.h"
#include "networks/network.h"

typedef struct table {
  bool dated;   /* by its name; counts only in a directory */
  int64_t from; /* seconds since the epoch */
  char *name;
  size_t name_len;
  network_table networks;
} table;

/* The tables of one kind: a single one, or several by date. */
typedef struct tables {
  table *at; /* by date */
  size_t count;
  atomic_size_t *recent; /* of several (NULL: a single one) the one last asked: mail is mostly in
                          * order, so the next message will probably ask it too. Only where to look
                          * first, whatever a thread reads here */
  const atomic_bool *stop;
} tables;

struct tide_networks {
  tables asn, country;
};

tide_status tide_networks_new(tide_networks **out, const atomic_bool *stop, tide_error *err) {
  *out = calloc(1, sizeof **out);
  if (!*out)
    return tide_error_memory(err);
  (*out)->asn.stop = (*out)->country.stop = stop;
  return TIDE_OK;
}

static void table_free(table *t) {
  tide_network_table_free(&t->networks);
  free(t->name);
}

static void tables_free(tables *t) {
  for (size_t i = 0; i < t->count; i++)
    table_free(&t->at[i]);
  free(t->at);
  free(t->recent);
}

void tide_networks_free(tide_networks *n) {
  if (!n)
    return;
  tables_free(&n->asn);
  tables_free(&n->country);
  free(n);
}

/* "20080501" or "2008-05-01", the first in the name that is a day. */
static bool date_in(const char *name, int64_t *out) {
  for (tide_span s = tide_span_of(name); s.len >= 8; s = tide_span_slice(s, 1, s.len)) {
    char digits[8];
    size_t count = 0, at = 0;
    bool dashes = s.len >= 10 && s.ptr[4] == '-' && s.ptr[7] == '-';
    for (; count < 8 && at < s.len; at++) {
      if (dashes && (at == 4 || at == 7))
        continue;
      if (!tide_is_digit(s.ptr[at]))
        break;
      digits[count++] = s.ptr[at];
    }
    uint64_t year, month, day;
    if (count < 8 || !tide_span_uint(tide_span_make(digits, 4), &year) ||
        !tide_span_uint(tide_span_make(digits + 4, 2), &month) ||
        !tide_span_uint(tide_span_make(digits + 6, 2), &day))
      continue;
    if (year < 1980 || year > 2999 || month < 1 || month > 12 || day < 1 ||
        day > (uint64_t)tide_month_days((int64_t)year, (int)month))
      continue;
    *out = tide_days_from_civil((int64_t)year, (int)month, (int)day) * 86400;
    return true;
  }
  return false;
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static tide_status table_read(tables *all, const char *path, tide_network_kind kind,
                              tide_error *err) {
  if (all->count == TIDE_LIMIT_TABLES)
    return tide_error_set(err, TIDE_USAGE, "%s: more than %u tables", path, TIDE_LIMIT_TABLES);
  table *grown = realloc(all->at, (all->count + 1) * sizeof *grown);
  if (!grown)
    return tide_error_memory(err);
  all->at = grown;
  table *t = &all->at[all->count++];
  *t = (table){.name = strdup(last_part(path)), .networks.stop = all->stop};
  if (!t->name)
    return tide_error_memory(err);
  t->name_len = strlen(t->name);
  t->dated = date_in(t->name, &t->from);
  if (tide_mmdb_is(path))
    return tide_mmdb_read(&t->networks, path, kind, err);
  if (kind == TIDE_NETWORK_COUNTRY)
    return tide_error_set(err, TIDE_USAGE,
                          "%s: --country takes a database in MaxMind's format (.mmdb)", path);
  return tide_asn_text_read(&t->networks, path, err);
}

static int by_date(const void *a, const void *b) {
  const table *x = a, *y = b;
  if (x->from != y->from)
    return x->from < y->from ? -1 : 1;
  return strcmp(x->name, y->name);
}

/* NULL at the end, with errno 0, or where it cannot be read. */
static struct dirent *next_entry(DIR *dir) {
  errno = 0;
  return readdir(dir);
}

static tide_status read_directory(tables *all, const char *path, tide_network_kind kind,
                                  tide_error *err) {
  DIR *dir = opendir(path);
  if (!dir)
    return tide_error_of_file(err, path);
  tide_buffer file = {0};
  tide_status status = TIDE_OK;
  struct dirent *e;
  while (status == TIDE_OK && (e = next_entry(dir))) {
    struct stat st;
    if (e->d_name[0] == '.')
      continue;
    tide_buffer_clear(&file);
    if (tide_buffer_printf(&file, "%s/%s%c", path, e->d_name, 0) != TIDE_OK)
      status = tide_error_memory(err);
    if (status != TIDE_OK || stat(file.ptr, &st) != 0 || !S_ISREG(st.st_mode))
      continue;
    status = table_read(all, file.ptr, kind, err);
    if (status == TIDE_OK && !all->at[all->count - 1].dated)
      status =
          tide_error_set(err, TIDE_USAGE, "%s: no date in its name, such as 20080501", file.ptr);
  }
  if (status == TIDE_OK && errno)
    status = tide_error_of_file(err, path);
  closedir(dir);
  tide_buffer_free(&file);
  if (status == TIDE_OK && all->count == 0)
    return tide_error_set(err, TIDE_USAGE, "%s: no tables in this directory", path);
  if (status != TIDE_OK)
    return status;
  qsort(all->at, all->count, sizeof *all->at, by_date);
  all->recent = calloc(1, sizeof *all->recent);
  return all->recent ? TIDE_OK : tide_error_memory(err);
}

tide_status tide_networks_add(tide_networks *n, const char *path, tide_network_kind kind,
                              tide_error *err) {
  tables *all = kind == TIDE_NETWORK_ASN ? &n->asn : &n->country;
  struct stat st;
  if (stat(path, &st) != 0)
    return tide_error_of_file(err, path);
  return S_ISDIR(st.st_mode) ? read_directory(all, path, kind, err)
                             : table_read(all, path, kind, err);
}

bool tide_networks_have_names(const tide_networks *n) {
  for (size_t i = 0; i < n->asn.count; i++) {
    const tide_map *names = &n->asn.at[i].networks.names;
    for (uint32_t k = 0; k < names->count; k++) {
      tide_span name = tide_map_key(names, k);
      if (tide_span_find_char(name, ' ') < name.len)
        return true;
    }
  }
  return false;
}

/* The one table, or the last that is not later than the message; NULL before the first. */
static const table *table_at(const tables *all, bool has_time, int64_t time) {
  if (!all->recent)
    return all->count ? &all->at[0] : NULL;
  if (!has_time || time < all->at[0].from)
    return NULL;
  const size_t recent = atomic_load_explicit(all->recent, memory_order_relaxed);
  size_t i = all->at[recent].from <= time ? recent : 0;
  while (i + 1 < all->count && all->at[i + 1].from <= time)
    i++;
  if (i != recent)
    atomic_store_explicit(all->recent, i, memory_order_relaxed);
  return &all->at[i];
}

void tide_networks_find(const tide_networks *n, const tide_ip *ip, bool has_time, int64_t time,
                        tide_network_facts *out) {
  *out = (tide_network_facts){.prefix = {.bits = 0}};
  if (ip->family == 0)
    return;
  const table *t = table_at(&n->asn, has_time, time);
  if (t) {
    const tide_span name = tide_network_table_find(&t->networks, ip, &out->prefix);
    const size_t end = tide_span_find_char(name, ' ');
    out->asn = tide_span_slice(name, 0, end);
    if (end < name.len)
      out->as_name = tide_span_slice(name, end + 1, name.len);
    out->table = tide_span_make(t->name, t->name_len);
  }
  t = table_at(&n->country, has_time, time);
  tide_network net;
  if (t)
    out->country = tide_network_table_find(&t->networks, ip, &net);
}

/* Which of several tables it will be only the date says, which is not read yet. */
static void tables_prefetch(const tables *all, const tide_ip *ip) {
  if (all->count)
    tide_prefixes_prefetch(
        all->at[all->recent ? atomic_load_explicit(all->recent, memory_order_relaxed) : 0]
            .networks.prefixes,
        ip);
}

void tide_networks_prefetch(const tide_networks *n, const tide_ip *ip) {
  tables_prefetch(&n->asn, ip);
  tables_prefetch(&n->country, ip);
}

static tide_status network_apply(const tide_extraction *x, tide_record *r) {
  if (!x->options->networks)
    return TIDE_OK;
  tide_network_facts facts;
  tide_networks_find(x->options->networks, &r->origin, r->has_time, r->time, &facts);
  r->asn = facts.asn;
  r->as_name = facts.as_name;
  r->country = facts.country;
  r->asn_table = facts.table;
  r->prefix = facts.prefix;
  return TIDE_OK;
}

const tide_extractor tide_extract_network = {.name = "network",
                                             .fills = TIDE_PART_NETWORK | TIDE_PART_COUNTRY |
                                                      TIDE_PART_AS_NAME,
                                             .uses = TIDE_PART_ORIGIN | TIDE_PART_TIME,
                                             .apply = network_apply};
