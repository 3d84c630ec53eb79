/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of networks are numbered once, and prefixes hold the numbers. Where a database leads from
 * IPv6 over to IPv4, the look-up goes on with the four bytes there. */
#include "network_table.h"

#include "base/limits.h"

tide_status tide_network_table_name(network_table *t, tide_span name, uint32_t *number,
                                    tide_error *err) {
  *number = tide_map_add(&t->names, name);
  return *number == TIDE_MAP_NONE ? tide_error_memory(err) : TIDE_OK;
}

tide_status tide_network_table_put(network_table *t, const tide_network *net, uint32_t number,
                                   uint32_t line, const char *path, tide_error *err) {
  if (tide_stopped(t->stop))
    return tide_error_of_status(err, TIDE_END);
  if (!t->prefixes && tide_prefixes_new(&t->prefixes) != TIDE_OK)
    return tide_error_memory(err);
  if (tide_prefixes_count(t->prefixes) == TIDE_LIMIT_TABLE_NETWORKS)
    return tide_error_set(err, TIDE_USAGE, "%s: more than %u networks", path,
                          TIDE_LIMIT_TABLE_NETWORKS);
  return tide_prefixes_add(t->prefixes, net, (int32_t)number, line) == TIDE_OK
             ? TIDE_OK
             : tide_error_memory(err);
}

tide_status tide_network_table_finish(network_table *t, const char *path, tide_error *err) {
  if (t->names.count == 0)
    return tide_error_set(err, TIDE_USAGE, "%s: no networks in it", path);
  uint32_t line = 0;
  tide_status status = tide_prefixes_build(t->prefixes, t->stop, &line);
  if (status == TIDE_USAGE)
    return tide_error_set(err, TIDE_USAGE,
                          "%s:%u: the network in this line occurs twice, with different numbers",
                          path, line);
  return tide_error_of_status(err, status);
}

void tide_network_table_free(network_table *t) {
  tide_prefixes_free(t->prefixes);
  tide_map_free(&t->names);
}

/* The four bytes that are at a prefix's end, where an address goes on as one of IPv4. */
static tide_ip ipv4_at(const tide_ip *ip, unsigned bit) {
  tide_ip four = {.family = 4};
  for (unsigned i = 0; i < 32; i++)
    four.bytes[i / 8] |=
        (uint8_t)((ip->bytes[(bit + i) / 8] >> (7 - (bit + i) % 8) & 1) << (7 - i % 8));
  return four;
}

tide_span tide_network_table_find(const network_table *t, const tide_ip *ip, tide_network *net) {
  *net = (tide_network){.bits = 0};
  int32_t number = tide_prefixes_find(t->prefixes, ip, net);
  if (number == NETWORK_IPV4) {
    const unsigned outer = net->bits;
    const tide_ip four = ipv4_at(ip, outer);
    *net = (tide_network){.bits = 0};
    number = tide_prefixes_find(t->prefixes, &four, net);
    if (number != TIDE_PREFIX_NONE)
      *net = tide_network_of(ip, outer + net->bits);
  }
  return number == TIDE_PREFIX_NONE ? (tide_span){0} : tide_map_key(&t->names, (uint32_t)number);
}
