/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists with a name are built in (lib/data); all others are files, a network a line. */
#include "networks/netlist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/data.h"
#include "base/limits.h"
#include "networks/prefixes.h"

enum { LINE_MAX = 1024 };

struct tide_netlist {
  tide_prefixes *networks;
};

static tide_status add_line(tide_netlist *l, tide_span line, const char *name, uint32_t number,
                            tide_error *err) {
  size_t end = 0;
  line = tide_span_trim(line);
  while (end < line.len && line.ptr[end] != '#' && line.ptr[end] != ';' && line.ptr[end] != ',' &&
         !tide_is_space(line.ptr[end]))
    end++;
  tide_span text = tide_span_slice(line, 0, end);
  tide_network net;
  if (text.len == 0 && (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == ';'))
    return TIDE_OK;
  if (number > TIDE_LIMIT_TABLE_LINES)
    return tide_error_set(err, TIDE_USAGE, "%s: more than %u lines", name, TIDE_LIMIT_TABLE_LINES);
  if (!tide_network_parse(text, &net))
    return tide_error_set(err, TIDE_USAGE, "%s:%u: neither a network nor an address: \"%.*s\"",
                          name, number, (int)(text.len < 80 ? text.len : 80), text.ptr);
  return tide_prefixes_add(l->networks, &net, 1, number) == TIDE_OK ? TIDE_OK
                                                                    : tide_error_memory(err);
}

static tide_status read_built_in(tide_netlist *l, const char *name, tide_error *err) {
  if (strcmp(name, "builtin:mccolo") != 0)
    return tide_error_set(err, TIDE_USAGE, "\"%s\": the only list built in is builtin:mccolo",
                          name);
  tide_span rest = tide_data_mccolo_networks;
  for (uint32_t number = 1; rest.len; number++) {
    size_t end = tide_span_find_char(rest, '\n');
    TIDE_TRY(add_line(l, tide_span_slice(rest, 0, end), name, number, err));
    rest = tide_span_slice(rest, end + 1, rest.len);
  }
  return TIDE_OK;
}

static tide_status read_lines(tide_netlist *l, FILE *file, const char *path, tide_error *err) {
  char line[LINE_MAX];
  for (uint32_t number = 1; fgets(line, sizeof line, file); number++) {
    tide_span s = tide_span_of(line);
    if (s.len == sizeof line - 1 && s.ptr[s.len - 1] != '\n')
      return tide_error_set(err, TIDE_USAGE, "%s:%u: line longer than %d bytes", path, number,
                            LINE_MAX - 2);
    TIDE_TRY(add_line(l, s, path, number, err));
  }
  return ferror(file) ? tide_error_of_file(err, path) : TIDE_OK;
}

static tide_status read_file(tide_netlist *l, const char *path, tide_error *err) {
  FILE *file = fopen(path, "re");
  if (!file)
    return tide_error_of_file(err, path);
  const tide_status status = read_lines(l, file, path, err);
  fclose(file);
  return status;
}

static tide_status netlist_fill(tide_netlist *l, const char *name, tide_error *err) {
  uint32_t line;
  TIDE_TRY(strncmp(name, "builtin:", 8) == 0 ? read_built_in(l, name, err)
                                             : read_file(l, name, err));
  if (tide_prefixes_count(l->networks) == 0)
    return tide_error_set(err, TIDE_USAGE, "%s: no network in this list", name);
  return tide_prefixes_build(l->networks, NULL, &line) == TIDE_OK ? TIDE_OK
                                                                  : tide_error_memory(err);
}

tide_status tide_netlist_open(tide_netlist **out, const char *name, tide_error *err) {
  tide_netlist *l = calloc(1, sizeof *l);
  if (!l || tide_prefixes_new(&l->networks) != TIDE_OK) {
    free(l);
    return tide_error_memory(err);
  }
  const tide_status status = netlist_fill(l, name, err);
  if (status != TIDE_OK) {
    tide_netlist_free(l);
    return status;
  }
  *out = l;
  return TIDE_OK;
}

bool tide_netlist_has(const tide_netlist *l, const tide_ip *ip) {
  return ip->family && tide_prefixes_find(l->networks, ip, NULL) != TIDE_PREFIX_NONE;
}

void tide_netlist_free(tide_netlist *l) {
  if (!l)
    return;
  tide_prefixes_free(l->networks);
  free(l);
}
