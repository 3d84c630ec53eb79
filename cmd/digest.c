/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"

enum { PIECE = 1 << 18 };

/* The names of a directory's files, relative to it. */
typedef struct listing {
  const char **names;
  size_t count, cap;
  tide_arena arena;
  tide_map visited; /* device and inode of directories */
} listing;

static tide_status failed(tide_error *err, const char *path) {
  return tide_error_set(err, TIDE_FAIL, "%s: %s", path, strerror(errno));
}
static tide_status digest_file(int at, const char *path, const atomic_bool *stop, tide_digest *out,
                               tide_error *err) {
  int fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return failed(err, path);
  unsigned char *piece = malloc(PIECE);
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
  tide_status status = piece && sum ? TIDE_OK : tide_error_memory(err);
  while (status == TIDE_OK) {
    if (stop && atomic_load_explicit(stop, memory_order_relaxed))
      status = TIDE_END;
    ssize_t n = read(fd, piece, PIECE);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      status = failed(err, path);
    if (n <= 0)
      break;
    g_checksum_update(sum, piece, n);
    out->bytes += (uint64_t)n;
  }
  if (status == TIDE_OK)
    memcpy(out->sha256, g_checksum_get_string(sum), TIDE_DIGEST_TEXT);
  out->files++;
  if (sum)
    g_checksum_free(sum);
  free(piece);
  close(fd);
  return status;
}

static tide_status listing_add(listing *l, const char *name) {
  if (l->count == l->cap) {
    size_t cap = l->cap ? l->cap * 2 : 64;
    const char **grown = realloc(l->names, cap * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    l->names = grown;
    l->cap = cap;
  }
  l->names[l->count] = tide_arena_copy(&l->arena, tide_span_of(name)).ptr;
  return l->names[l->count++] ? TIDE_OK : TIDE_FATAL;
}

static int compare_names(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The entries of one directory, in bytewise order. */
static tide_status list_entries(int fd, const char *below, listing *entries, tide_error *err) {
  DIR *dir = fdopendir(fd);
  if (!dir) {
    close(fd);
    return failed(err, below);
  }
  tide_status status = TIDE_OK;
  for (struct dirent *e; status == TIDE_OK && (e = readdir(dir));)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
        listing_add(entries, e->d_name) != TIDE_OK)
      status = tide_error_memory(err);
  closedir(dir);
  if (status == TIDE_OK && entries->count)
    qsort(entries->names, entries->count, sizeof *entries->names, compare_names);
  return status;
}

/* Calls itself for each directory, TIDE_LIMIT_DIRECTORY_DEPTH deep at most. `below` is the
 * directory's name relative to the first. Links are followed, so directories are entered once:
 * links back up, or a few that multiply at each level, would never end. */
static tide_status list(int at, const char *below, unsigned depth, listing *l, tide_error *err) {
  struct stat st;
  int fd = openat(at, below, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed(err, below);
  if (fstat(fd, &st) != 0) {
    tide_status status = failed(err, below);
    close(fd);
    return status;
  }
  struct {
    uint64_t device, inode;
  } identity = {(uint64_t)st.st_dev, (uint64_t)st.st_ino};
  uint32_t before = l->visited.count;
  if (tide_map_add(&l->visited, tide_span_make((const char *)&identity, sizeof identity)) ==
      TIDE_MAP_NONE) {
    close(fd);
    return tide_error_memory(err);
  }
  if (l->visited.count == before) {
    close(fd);
    return TIDE_OK;
  }
  listing entries = {0};
  tide_buffer name = {0};
  tide_status status = list_entries(fd, below, &entries, err);
  for (size_t i = 0; status == TIDE_OK && i < entries.count; i++) {
    tide_buffer_clear(&name);
    if (tide_buffer_printf(&name, "%s/%s%c", below, entries.names[i], 0) != TIDE_OK)
      status = tide_error_memory(err);
    else if (fstatat(at, name.ptr, &st, 0) != 0) /* gone meanwhile, or a link to nothing? */
      status = errno == ENOENT || errno == ELOOP ? TIDE_OK : failed(err, name.ptr);
    else if (S_ISDIR(st.st_mode) && depth < TIDE_LIMIT_DIRECTORY_DEPTH)
      status = list(at, name.ptr, depth + 1, l, err);
    else if (S_ISREG(st.st_mode) && listing_add(l, name.ptr) != TIDE_OK)
      status = tide_error_memory(err);
  }
  tide_buffer_free(&name);
  free(entries.names);
  tide_arena_free(&entries.arena);
  return status;
}

static tide_status digest_directory(const char *path, const atomic_bool *stop, tide_digest *out,
                                    tide_error *err) {
  listing l = {0};
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed(err, path);
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
  tide_status status = sum ? list(fd, ".", 0, &l, err) : tide_error_memory(err);
  if (status == TIDE_OK && l.count)
    qsort(l.names, l.count, sizeof *l.names, compare_names);
  for (size_t i = 0; i < l.count && status == TIDE_OK; i++) {
    status = digest_file(fd, l.names[i], stop, out, err);
    g_checksum_update(sum, (const guchar *)out->sha256, TIDE_DIGEST_TEXT - 1);
    g_checksum_update(sum, (const guchar *)"  ", 2);
    g_checksum_update(sum, (const guchar *)l.names[i], -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
  }
  if (status == TIDE_OK)
    memcpy(out->sha256, g_checksum_get_string(sum), TIDE_DIGEST_TEXT);
  if (sum)
    g_checksum_free(sum);
  free(l.names);
  tide_arena_free(&l.arena);
  tide_map_free(&l.visited);
  close(fd);
  return status;
}

tide_status tide_digest_path(const char *path, const atomic_bool *stop, tide_digest *out,
                             tide_error *err) {
  struct stat st;
  *out = (tide_digest){.files = 0};
  tide_status status;
  if (stat(path, &st) != 0)
    status = failed(err, path);
  else if (S_ISDIR(st.st_mode))
    status = digest_directory(path, stop, out, err);
  else if (S_ISREG(st.st_mode))
    status = digest_file(AT_FDCWD, path, stop, out, err);
  else
    status = tide_error_set(err, TIDE_FAIL, "%s: not a regular file", path);
  if (status != TIDE_OK)
    out->sha256[0] = '\0';
  return status;
}

tide_status tide_digest_bytes(tide_span bytes, tide_digest *out, tide_error *err) {
  *out = (tide_digest){.bytes = bytes.len};
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
  if (!sum)
    return tide_error_memory(err);
  g_checksum_update(sum, (const guchar *)bytes.ptr, (gssize)bytes.len);
  memcpy(out->sha256, g_checksum_get_string(sum), TIDE_DIGEST_TEXT);
  g_checksum_free(sum);
  return TIDE_OK;
}
