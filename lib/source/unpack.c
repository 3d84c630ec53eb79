/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the members of containers within containers: the levels are a stack, and the members
 * are those of the uppermost. */
#include "unpack.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "level.h"

tide_status tide_unpack_open(tide_unpack **out, tide_input *in, tide_span head,
                             const tide_packed *kind, const char *path) {
  tide_unpack *u = calloc(1, sizeof *u);
  if (!u) {
    tide_input_close(in);
    return TIDE_FATAL;
  }
  u->input = *in;
  *in = (tide_input){.fd = -1};
  u->seeks = !head.len && !u->input.waits;
  u->taken = head.len;
  u->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  u->read = malloc(TIDE_LEVEL_READ);
  if (!u->read || tide_buffer_put(&u->path, tide_span_make(path, strlen(path) + 1)) != TIDE_OK) {
    tide_unpack_close(u);
    return TIDE_FATAL;
  }
  u->path.len--;
  if (tide_level_open(u, kind, head) == TIDE_FATAL) {
    tide_unpack_close(u);
    return TIDE_FATAL;
  }
  *out = u;
  return TIDE_OK;
}

tide_status tide_unpack_enter(tide_unpack *u, const tide_packed *kind, tide_span head,
                              tide_error *err) {
  if (u->depth == TIDE_LIMIT_CONTAINERS)
    return tide_error_set(err, TIDE_FAIL, "not read: containers are nested more than %u deep",
                          TIDE_LIMIT_CONTAINERS);
  tide_status status = tide_level_open(u, kind, head);
  return status == TIDE_FATAL ? TIDE_FATAL : TIDE_OK;
}

/* TIDE_END: the level has no more members. */
static tide_status level_next(tide_level *l, tide_member *out) {
  out->path = l->owner->path.ptr;
  out->own = l->path_len + 1;
  out->odd = NULL;
  l->at = l->hole = 0;
  l->waiting.len = 0;
  l->warned = false;
  if (l->refused && !archive_entry_size_is_set(l->entry))
    tide_level_fail(l, "not read to its end",
                    "where a member ends that asks for so much is not known");
  l->refused = false;
  if (l->failed)
    return l->said ? TIDE_END : TIDE_FAIL;
  if (!l->kind->format) {
    out->kind = TIDE_MEMBER_WHOLE;
    out->own = l->path_len;
    if (l->gave_whole)
      return TIDE_END;
    l->gave_whole = true;
    return TIDE_OK;
  }
  return tide_level_archive_next(l, out);
}

tide_status tide_unpack_next(tide_unpack *u, tide_member *out, tide_error *err) {
  while (u->depth && !u->memory_out) {
    tide_level *l = &u->levels[u->depth - 1];
    tide_status status = level_next(l, out);
    if (u->memory_out)
      break;
    if (status == TIDE_OK)
      return TIDE_OK;
    if (status == TIDE_FAIL) {
      l->said = true;
      *err = l->why;
    }
    u->path.len = l->path_len;
    u->path.ptr[u->path.len] = '\0';
    if (status == TIDE_FAIL)
      return TIDE_FAIL;
    tide_level_close(l);
    u->depth--;
  }
  return u->memory_out ? TIDE_FATAL : TIDE_END;
}

tide_status tide_unpack_read(tide_unpack *u, tide_span *out, tide_error *err) {
  tide_level *l = &u->levels[u->depth - 1];
  tide_status status = tide_level_block(l, out);
  if (u->memory_out)
    return TIDE_FATAL;
  if (status == TIDE_FAIL) {
    l->said = true;
    *err = l->why;
  }
  return status;
}

const char *tide_unpack_path(const tide_unpack *u) {
  return u->path.ptr;
}

uint64_t tide_unpack_taken(const tide_unpack *u) {
  return u->taken;
}

uint64_t tide_unpack_asked(tide_unpack *u) {
  const uint64_t asked = u->asked;
  u->asked = 0;
  return asked;
}

bool tide_unpack_stopped(const tide_unpack *u) {
  return tide_stopped(u->input.stop);
}

void tide_unpack_close(tide_unpack *u) {
  if (!u)
    return;
  while (u->depth)
    tide_level_close(&u->levels[--u->depth]);
  tide_input_close(&u->input);
  tide_buffer_free(&u->path);
  if (u->utf8)
    freelocale(u->utf8);
  free(u->read);
  free(u);
}
