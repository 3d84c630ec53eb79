/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A directory's digest is made from the names and digests of all that is in it, sorted bytewise:
 * the same tree has the same digest on any file system. */
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
#include "base/room.h"
#include "base/sort.h"

enum { PIECE = 1 << 16 };

/* The names of a directory's files, relative to it. */
typedef struct listing {
  const char **names;
  size_t count, cap;
  tide_arena arena;
  tide_buffer path; /* scratch */
} listing;

/* What of the whole tree was found so far. */
typedef struct tree {
  listing files;
  tide_map visited; /* device and inode of directories */
  const atomic_bool *stop;
  tide_digest *out;
} tree;

static tide_status failed(tide_error *err, const char *path) {
  return tide_error_set(err, TIDE_FAIL, "%s: %s", path, strerror(errno));
}

bool tide_digest_is_later(const struct timespec *a, const struct timespec *b) {
  return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

static void changed_note(const struct stat *st, tide_digest *out) {
  if (tide_digest_is_later(&st->st_ctim, &out->changed))
    out->changed = st->st_ctim;
}

static tide_status file_sum(int fd, const char *path, GChecksum *sum, const atomic_bool *stop,
                            tide_digest *out, tide_error *err) {
  unsigned char piece[PIECE];
  struct stat st;
  for (;;) {
    if (tide_stopped(stop))
      return TIDE_END;
    ssize_t n = read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed(err, path);
    if (n == 0)
      break;
    g_checksum_update(sum, piece, n);
    out->bytes += (uint64_t)n;
  }
  if (fstat(fd, &st) != 0)
    return failed(err, path);
  changed_note(&st, out);
  memcpy(out->sha256, g_checksum_get_string(sum), TIDE_DIGEST_TEXT);
  return TIDE_OK;
}

static tide_status digest_file(int at, const char *path, const atomic_bool *stop, tide_digest *out,
                               tide_error *err) {
  int fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return failed(err, path);
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
  const tide_status status = sum ? file_sum(fd, path, sum, stop, out, err) : tide_error_memory(err);
  out->files++;
  if (sum)
    g_checksum_free(sum);
  close(fd);
  return status;
}

static int compare_names(const void *a, const void *b, void *context) {
  (void)context;
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static tide_status listing_add(listing *l, const char *name, tide_error *err) {
  if (tide_room(&l->names, &l->cap, l->count, sizeof *l->names) != TIDE_OK)
    return tide_error_memory(err);
  l->names[l->count] = tide_arena_copy(&l->arena, tide_span_of(name)).ptr;
  return l->names[l->count++] ? TIDE_OK : tide_error_memory(err);
}

static tide_status listing_sort(listing *l, const atomic_bool *stop, tide_error *err) {
  return tide_error_of_status(
      err, tide_sort(l->names, l->count, sizeof *l->names, compare_names, NULL, stop));
}

static void listing_free(listing *l) {
  free(l->names);
  tide_arena_free(&l->arena);
  tide_buffer_free(&l->path);
}

/* The entries of one directory, in bytewise order. */
static tide_status entries_read(DIR *dir, const tree *t, listing *entries, tide_error *err) {
  for (struct dirent *e; !tide_stopped(t->stop) && (e = readdir(dir));)
    if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
      TIDE_TRY(listing_add(entries, e->d_name, err));
  return listing_sort(entries, t->stop, err);
}

static tide_status list_entries(int fd, const char *below, const tree *t, listing *entries,
                                tide_error *err) {
  DIR *dir = fdopendir(fd);
  if (!dir) {
    close(fd);
    return failed(err, below);
  }
  const tide_status status = entries_read(dir, t, entries, err);
  closedir(dir);
  return status;
}

/* Is the directory met for the first time? Links are followed, so directories are entered once:
 * links back up, or a few that multiply at each level, would never end. */
static tide_status directory_meet(int fd, const char *below, tree *t, bool *first,
                                  tide_error *err) {
  struct stat st;
  if (fstat(fd, &st) != 0)
    return failed(err, below);
  changed_note(&st, t->out);
  const struct { uint64_t device, inode; } identity = {(uint64_t)st.st_dev, (uint64_t)st.st_ino};
  const uint32_t before = t->visited.count;
  if (tide_map_add(&t->visited, tide_span_make((const char *)&identity, sizeof identity)) ==
      TIDE_MAP_NONE)
    return tide_error_memory(err);
  *first = t->visited.count > before;
  return TIDE_OK;
}

static tide_status list(int at, const char *below, unsigned depth, tree *t, tide_error *err);

static tide_status list_each(int at, const char *below, unsigned depth, listing *entries, tree *t,
                             tide_error *err) {
  for (size_t i = 0; i < entries->count && !tide_stopped(t->stop); i++) {
    struct stat st;
    tide_buffer_clear(&entries->path);
    if (tide_buffer_printf(&entries->path, "%s/%s%c", below, entries->names[i], 0) != TIDE_OK)
      return tide_error_memory(err);
    const char *path = entries->path.ptr;
    if (fstatat(at, path, &st, 0) != 0) {
      if (errno != ENOENT && errno != ELOOP) /* gone meanwhile, or a link to nothing */
        return failed(err, path);
    } else if (S_ISDIR(st.st_mode) && depth < TIDE_LIMIT_DIRECTORY_DEPTH) {
      TIDE_TRY(list(at, path, depth + 1, t, err));
    } else if (S_ISREG(st.st_mode)) {
      TIDE_TRY(listing_add(&t->files, path, err));
    }
  }
  return TIDE_OK;
}

/* Calls itself for each directory, TIDE_LIMIT_DIRECTORY_DEPTH deep at most. `below` is the
 * directory's name relative to the first. */
static tide_status list(int at, const char *below, unsigned depth, tree *t, tide_error *err) {
  bool first = false;
  int fd = openat(at, below, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed(err, below);
  tide_status status = directory_meet(fd, below, t, &first, err);
  if (status != TIDE_OK || !first) {
    close(fd);
    return status;
  }
  listing entries = {0};
  status = list_entries(fd, below, t, &entries, err);
  if (status == TIDE_OK)
    status = list_each(at, below, depth, &entries, t, err);
  listing_free(&entries);
  return status;
}

static tide_status files_sum(int fd, tree *t, GChecksum *sum, tide_error *err) {
  tide_digest *out = t->out;
  TIDE_TRY(list(fd, ".", 0, t, err));
  TIDE_TRY(listing_sort(&t->files, t->stop, err));
  for (size_t i = 0; i < t->files.count; i++) {
    const char *name = t->files.names[i];
    TIDE_TRY(digest_file(fd, name, t->stop, out, err));
    g_checksum_update(sum, (const guchar *)out->sha256, TIDE_DIGEST_TEXT - 1);
    g_checksum_update(sum, (const guchar *)"  ", 2);
    g_checksum_update(sum, (const guchar *)name, -1);
    g_checksum_update(sum, (const guchar *)"\n", 1);
  }
  memcpy(out->sha256, g_checksum_get_string(sum), TIDE_DIGEST_TEXT);
  return TIDE_OK;
}

static tide_status digest_directory(const char *path, const atomic_bool *stop, tide_digest *out,
                                    tide_error *err) {
  tree t = {.stop = stop, .out = out};
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed(err, path);
  GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
  const tide_status status = sum ? files_sum(fd, &t, sum, err) : tide_error_memory(err);
  if (sum)
    g_checksum_free(sum);
  listing_free(&t.files);
  tide_map_free(&t.visited);
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
