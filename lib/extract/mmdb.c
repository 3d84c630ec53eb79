/* MaxMind databases: libmaxminddb's work. */
#include <arpa/inet.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "networks.h"

struct mmdb {
  MMDB_s db;
};

bool mmdb_is(const char *path) {
  size_t len = strlen(path);
  return len > 5 && tide_span_iequal(tide_span_make(path + len - 5, 5), SPAN(".mmdb"));
}

/* Looks an address up. False where the database says that it is broken. */
static bool look_up(const MMDB_s *db, const tide_ip *ip, MMDB_lookup_result_s *out) {
  struct sockaddr_in four = {.sin_family = AF_INET};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6};
  const struct sockaddr *address = (const struct sockaddr *)(const void *)&four;
  int error = MMDB_SUCCESS;
  if (ip->family == 4) {
    memcpy(&four.sin_addr, ip->bytes, 4);
  } else {
    memcpy(&six.sin6_addr, ip->bytes, 16);
    address = (const struct sockaddr *)(const void *)&six;
  }
  *out = MMDB_lookup_sockaddr(db, address, &error);
  /* An IPv4 database knows nothing of IPv6; that is no damage. */
  if (error == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR) {
    out->found_entry = false;
    return true;
  }
  return error == MMDB_SUCCESS;
}

/* A value of an entry. False where the database is broken; has_data says whether it is there. */
static bool value_of(MMDB_lookup_result_s *found, MMDB_entry_data_s *out, const char *const *path) {
  out->has_data = false;
  int error = MMDB_aget_value(&found->entry, out, path);
  return error == MMDB_SUCCESS || error == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
}

static tide_span text_of(const MMDB_entry_data_s *data) {
  return data->has_data && data->type == MMDB_DATA_TYPE_UTF8_STRING ? tide_span_make(data->utf8_string, data->data_size) : (tide_span){0};
}

static const char *const asn_path[] = {"autonomous_system_number", NULL}, *const name_path[] = {"autonomous_system_organization", NULL},
                         *const country_path[] = {"country", "iso_code", NULL};

static bool find(const MMDB_s *db, const tide_ip *ip, tide_network_kind kind, tide_arena *arena, tide_network_facts *out) {
  MMDB_lookup_result_s found;
  MMDB_entry_data_s data;
  if (!look_up(db, ip, &found)) return false;
  if (!found.found_entry) return true;
  if (kind == TIDE_NETWORK_COUNTRY) {
    if (!value_of(&found, &data, country_path)) return false;
    out->country = text_of(&data);
    return true;
  }
  if (!value_of(&found, &data, asn_path)) return false;
  if (data.has_data && data.type == MMDB_DATA_TYPE_UINT32) {
    char text[16];
    out->asn = tide_arena_copy(arena, tide_span_make(text, (size_t)snprintf(text, sizeof text, "%u", data.uint32)));
    /* IPv4 stands below ::/96 in a database of both. */
    unsigned bits = found.netmask;
    if (ip->family == 4 && db->metadata.ip_version == 6) bits = bits > 96 ? bits - 96 : 0;
    out->prefix = tide_network_of(ip, bits);
  }
  if (!value_of(&found, &data, name_path)) return false;
  out->as_name = text_of(&data);
  return true;
}

/* Can all that stands behind a record be read? */
static bool entry_is_whole(MMDB_entry_s *entry) {
  MMDB_entry_data_list_s *list = NULL;
  bool whole = MMDB_get_entry_data_list(entry, &list) == MMDB_SUCCESS;
  MMDB_free_entry_data_list(list);
  return whole;
}

static bool record_is_whole(MMDB_entry_s *entry, uint8_t type) {
  return type == MMDB_RECORD_TYPE_DATA ? entry_is_whole(entry) : type != MMDB_RECORD_TYPE_INVALID;
}

enum { WALKED_MAX = 1 << 16, PROBES = 1024 };

/* A damaged file is better told before any mail is read: of a small one all records are, of a large one those of addresses from all over. */
static bool is_whole(const MMDB_s *db) {
  for (uint32_t i = 0; i < db->metadata.node_count && db->metadata.node_count <= WALKED_MAX; i++) {
    MMDB_search_node_s node;
    if (MMDB_read_node(db, i, &node) != MMDB_SUCCESS) return false;
    if (!record_is_whole(&node.left_record_entry, node.left_record_type) || !record_is_whole(&node.right_record_entry, node.right_record_type)) return false;
  }
  for (unsigned i = 0; i < PROBES; i++) {
    MMDB_lookup_result_s found;
    tide_ip ip = {.family = i < PROBES / 2 ? 4 : 6};
    ip.bytes[0] = (uint8_t)(i / 2);
    ip.bytes[1] = i & 1 ? 0x80 : 0;
    if (!look_up(db, &ip, &found) || (found.found_entry && !entry_is_whole(&found.entry))) return false;
  }
  return true;
}

tide_status mmdb_open(mmdb **out, const char *path, tide_error *err) {
  mmdb *m = calloc(1, sizeof *m);
  if (!m) return tide_error_set(err, TIDE_FATAL, "out of memory");
  int error = MMDB_open(path, MMDB_MODE_MMAP, &m->db);
  if (error != MMDB_SUCCESS) {
    free(m);
    return tide_error_set(err, TIDE_USAGE, "%s: %s", path, MMDB_strerror(error));
  }
  if (!is_whole(&m->db)) {
    mmdb_close(m);
    return tide_error_set(err, TIDE_USAGE, "%s: this database is damaged", path);
  }
  *out = m;
  return TIDE_OK;
}

void mmdb_close(mmdb *m) {
  if (!m) return;
  MMDB_close(&m->db);
  free(m);
}

void mmdb_find(const mmdb *m, const tide_ip *ip, tide_network_kind kind, tide_arena *arena, tide_network_facts *out) {
  if (!find(&m->db, ip, kind, arena, out)) out->broken = true;
}
