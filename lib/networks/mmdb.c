/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MaxMind databases (MaxMind DB File Format 2.0), read once and whole by libmaxminddb: a look-up in
 * the file would be a walk of up to 128 steps through a tree that is far larger than the
 * processor's caches, and a damaged file is better told before any mail is read. */
#include <maxminddb.h>

#include "mmdb_data.h"
#include "network_table.h"
#include "base/buffer.h"

bool tide_mmdb_is(const char *path) {
  size_t len = strlen(path);
  return len > 5 && tide_span_iequal(tide_span_make(path + len - 5, 5), SPAN(".mmdb"));
}

/* What all addresses of a network have in common: a name's number, or one of these. */
enum { NOTHING = TIDE_PREFIX_VALUE_MAX + 1, MIXED };

enum { LEVELS_MAX = 128 };

typedef struct reader {
  const MMDB_s *db;
  const char *path;
  tide_network_kind kind;
  network_table *table;
  tide_pair_map read; /* numbers of names, or NOTHING, by place in the data section: networks share
                         their records */
  mmdb_data data;
  tide_buffer name;
  struct {
    tide_network net;
    uint32_t number;
  } waiting[LEVELS_MAX]; /* left halves, the outermost first, of which the right ones are not read
                            yet: they may be one */
  unsigned waits;
  uint32_t entered; /* nodes */
  tide_status status;
  tide_error *err;
} reader;

/* Ends the reading: nothing more is read or put once there was an error. */
static uint32_t stop(reader *r, tide_status status) {
  r->status = status;
  return NOTHING;
}

static uint32_t damaged(reader *r) {
  return stop(r, tide_error_set(r->err, TIDE_USAGE, "%s: this database is damaged", r->path));
}

static uint32_t out_of_memory(reader *r) {
  return stop(r, tide_error_memory(r->err));
}

/* A value of a record. False if the database is damaged; has_data says whether it is there. */
static bool value_of(MMDB_entry_s *entry, MMDB_entry_data_s *out, const char *const *path) {
  out->has_data = false;
  int error = MMDB_aget_value(entry, out, path);
  return error == MMDB_SUCCESS || error == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
}

static tide_span text_of(const MMDB_entry_data_s *data) {
  return data->has_data && data->type == MMDB_DATA_TYPE_UTF8_STRING
             ? tide_span_make(data->utf8_string, data->data_size)
             : (tide_span){0};
}

static const char *const asn_path[] = {"autonomous_system_number", NULL},
                         *const as_name_path[] = {"autonomous_system_organization", NULL},
                         *const country_path[] = {"country", "iso_code", NULL};

/* The name of a record, as a table has it; empty if the record has none. */
static bool name_of(MMDB_entry_s *entry, tide_network_kind kind, tide_buffer *name) {
  MMDB_entry_data_s data;
  tide_buffer_clear(name);
  if (kind == TIDE_NETWORK_COUNTRY)
    return value_of(entry, &data, country_path) && tide_buffer_put(name, text_of(&data)) == TIDE_OK;
  if (!value_of(entry, &data, asn_path))
    return false;
  if (!data.has_data || data.type != MMDB_DATA_TYPE_UINT32)
    return true;
  if (tide_buffer_printf(name, "%u", data.uint32) != TIDE_OK ||
      !value_of(entry, &data, as_name_path))
    return false;
  const tide_span as_name = text_of(&data);
  return as_name.len == 0 ||
         (tide_buffer_put(name, SPAN(" ")) == TIDE_OK && tide_buffer_put(name, as_name) == TIDE_OK);
}

/* The number of what the record says. */
static uint32_t number_of(reader *r, MMDB_entry_s *entry) {
  uint32_t number = tide_pair_map_find(&r->read, 0, entry->offset);
  if (number != TIDE_MAP_NONE)
    return number;
  tide_status status = tide_mmdb_data_check(&r->data, entry->offset);
  if (status == TIDE_FATAL)
    return out_of_memory(r);
  if (status != TIDE_OK || !name_of(entry, r->kind, &r->name))
    return damaged(r);
  number = NOTHING;
  const tide_span name = tide_buffer_span(&r->name);
  if (name.len) {
    status = tide_network_table_name(r->table, name, &number, r->err);
    if (status != TIDE_OK)
      return stop(r, status);
  }
  if (tide_pair_map_put(&r->read, 0, entry->offset, number) != TIDE_OK)
    return out_of_memory(r);
  return number;
}

/* The node or record that all IPv4 addresses come below in a database of both families (::/96),
 * and what writers let other networks point to as well. */
enum { IPV4_BITS = 96 };

static bool is_ipv4(const reader *r, uint32_t number) {
  const MMDB_ipv4_start_node_s *start = &r->db->ipv4_start_node;
  return r->db->metadata.ip_version == 6 && start->netmask == IPV4_BITS &&
         start->node_value == number;
}

static bool is_zero(const tide_network *net) {
  for (size_t i = 0; i < sizeof net->address.bytes; i++)
    if (net->address.bytes[i])
      return false;
  return true;
}

static const tide_network ipv4_all = {.address = {.family = 4}};

static bool is_name(uint32_t number) {
  return number != NOTHING && number != MIXED;
}

static void put_one(reader *r, const tide_network *net, uint32_t number) {
  if (r->status != TIDE_OK)
    return;
  r->status = tide_network_table_put(r->table, net, number, 0, r->path, r->err);
  if (net->address.family == 6 && net->bits <= IPV4_BITS && is_zero(net) && number != NETWORK_IPV4)
    put_one(r, &ipv4_all, number);
}

/* What was found of a whole network, after all that comes before it: networks in order need no
 * sorting. */
static void put(reader *r, const tide_network *net, uint32_t number) {
  if (!is_name(number))
    return;
  for (unsigned i = 0; i < r->waits; i++)
    put_one(r, &r->waiting[i].net, r->waiting[i].number);
  r->waits = 0;
  put_one(r, net, number);
}

static uint32_t read_node(reader *r, uint32_t number, const tide_network *net);

/* The node of all IPv4, seen from IPv6. */
static uint32_t read_ipv4(reader *r, uint32_t number, const tide_network *net) {
  if (net->bits > IPV4_BITS)
    return damaged(r);
  if (net->bits == IPV4_BITS && is_zero(net))
    put(r, &ipv4_all, read_node(r, number, &ipv4_all));
  put(r, net, NETWORK_IPV4);
  return MIXED;
}

/* One of the two records of a node, and the network that it is about. */
static uint32_t read_record(reader *r, uint64_t value, uint8_t type, MMDB_entry_s *entry,
                            const tide_network *net) {
  if (r->status != TIDE_OK)
    return NOTHING;
  switch (type) {
  case MMDB_RECORD_TYPE_EMPTY: return NOTHING;
  case MMDB_RECORD_TYPE_DATA: return number_of(r, entry);
  case MMDB_RECORD_TYPE_SEARCH_NODE:
    return net->address.family == 6 && is_ipv4(r, (uint32_t)value)
               ? read_ipv4(r, (uint32_t)value, net)
               : read_node(r, (uint32_t)value, net);
  default: return damaged(r);
  }
}

static tide_network half_of(const tide_network *net, bool right) {
  tide_network half = *net;
  if (right)
    half.address.bytes[net->bits / 8] |= (uint8_t)(0x80 >> net->bits % 8);
  half.bits++;
  return half;
}

/* A node and all below it. What the whole network has in common is left to the caller, for whom it
 * may be half of a larger one: of countries no prefix is told, and databases of cities have some
 * ten times as many networks as there are such of countries. */
static uint32_t read_node(reader *r, uint32_t number, const tide_network *net) {
  MMDB_search_node_s node;
  /* In a tree there is one way to each node (those to IPv4 are not taken here), and none below the
   * last bit of an address. What has more would have no end, or be far larger than the file. */
  if (r->entered++ == r->db->metadata.node_count ||
      net->bits == (net->address.family == 4 ? 32 : LEVELS_MAX))
    return damaged(r);
  if (MMDB_read_node(r->db, number, &node) != MMDB_SUCCESS)
    return damaged(r);
  const tide_network left = half_of(net, false), right = half_of(net, true);
  const uint32_t in_left =
      read_record(r, node.left_record, node.left_record_type, &node.left_record_entry, &left);
  const bool waits = r->kind == TIDE_NETWORK_COUNTRY && is_name(in_left);
  if (!waits)
    put(r, &left, in_left);
  else {
    r->waiting[r->waits].net = left;
    r->waiting[r->waits++].number = in_left;
  }
  const unsigned depth = r->waits;
  const uint32_t in_right =
      read_record(r, node.right_record, node.right_record_type, &node.right_record_entry, &right);
  /* Where something was put nothing waits any more. */
  const bool still_waits = waits && r->waits == depth;
  if (still_waits)
    r->waits--;
  if (in_left == in_right && (!is_name(in_left) || still_waits))
    return in_left;
  if (still_waits)
    put(r, &left, in_left);
  put(r, &right, in_right);
  return MIXED;
}

tide_status tide_mmdb_read(network_table *t, const char *path, tide_network_kind kind,
                           tide_error *err) {
  MMDB_s db;
  int error = MMDB_open(path, MMDB_MODE_MMAP, &db);
  if (error != MMDB_SUCCESS)
    return tide_error_set(err, error == MMDB_OUT_OF_MEMORY_ERROR ? TIDE_FATAL : TIDE_USAGE,
                          "%s: %s", path, MMDB_strerror(error));
  reader r = {.db = &db,
              .path = path,
              .kind = kind,
              .table = t,
              .data = {.bytes = db.data_section, .size = db.data_section_size},
              .status = TIDE_OK,
              .err = err};
  /* Damage where no network leads to is damage too. */
  for (uint32_t i = 0; i < db.metadata.node_count && r.status == TIDE_OK; i++) {
    MMDB_search_node_s node;
    if (MMDB_read_node(&db, i, &node) != MMDB_SUCCESS ||
        node.left_record_type == MMDB_RECORD_TYPE_INVALID ||
        node.right_record_type == MMDB_RECORD_TYPE_INVALID)
      (void)damaged(&r);
    else if (tide_stopped(t->stop))
      (void)stop(&r, tide_error_of_status(err, TIDE_END));
  }
  const tide_network all = {.address = {.family = db.metadata.ip_version == 4 ? 4 : 6}};
  if (r.status == TIDE_OK)
    put(&r, &all, read_node(&r, 0, &all));
  tide_mmdb_data_free(&r.data);
  tide_pair_map_free(&r.read);
  tide_buffer_free(&r.name);
  MMDB_close(&db);
  if (r.status != TIDE_OK)
    return r.status;
  if (t->names.count == 0)
    return tide_error_set(err, TIDE_USAGE, "%s: none of its networks has %s", path,
                          kind == TIDE_NETWORK_ASN ? "an AS number" : "a country");
  return tide_network_table_finish(t, path, err);
}
