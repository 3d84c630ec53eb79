/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directories are walked level by level with sorted names, and what a file is called there decides
 * only what no look inside could: a Maildir's flags, an index, a deleted message. */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "findings.h"
#include "base/arena.h"
#include "base/firsts.h"
#include "base/sort.h"

typedef struct walk_level {
  const char **names; /* sorted */
  tide_arena arena;   /* of the names */
  size_t count, at;
  size_t path_len; /* of the directory's path in tide_walk.path */
  bool messages;   /* a Maildir's cur or new */
  bool maildir;    /* holds cur and new */
} walk_level;

struct tide_walk {
  const char *const *paths;
  size_t count, at;
  bool force_maildir;
  tide_file_id ours;
  const atomic_bool *stop;
  bool *plain_directory;
  tide_buffer path;
  walk_level levels[TIDE_LIMIT_DIRECTORY_DEPTH + 1];
  size_t depth;
  tide_map visited;  /* device and inode of directories */
  tide_firsts files; /* that were given out */
  _Atomic uint64_t known_bytes, known_files;
  bool bytes_unknown;
};

tide_status tide_walk_open(tide_walk **out, const char *const *paths, size_t count,
                           bool force_maildir, tide_file_id ours, const atomic_bool *stop) {
  tide_walk *w = calloc(1, sizeof *w);
  if (!w)
    return TIDE_FATAL;
  w->paths = paths;
  w->count = count;
  w->force_maildir = force_maildir;
  w->ours = ours;
  w->stop = stop;
  w->plain_directory = calloc(count ? count : 1, sizeof *w->plain_directory);
  if (!w->plain_directory) {
    free(w);
    return TIDE_FATAL;
  }
  uint64_t bytes = 0;
  for (size_t i = 0; i < count; i++) {
    struct stat st;
    if (strcmp(paths[i], "-") == 0) {
      w->bytes_unknown = true;
    } else if (stat(paths[i], &st) == 0) {
      if (S_ISREG(st.st_mode))
        bytes += (uint64_t)st.st_size;
      else
        w->bytes_unknown = true;
    }
  }
  atomic_store(&w->known_bytes, w->bytes_unknown ? 0 : bytes);
  atomic_store(&w->known_files, count);
  *out = w;
  return TIDE_OK;
}

static void level_free(walk_level *level) {
  tide_arena_free(&level->arena);
  free(level->names);
  *level = (walk_level){0};
}

static int name_compare(const void *a, const void *b, void *context) {
  (void)context;
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* NULL at the end, with errno 0, or where it cannot be read. */
static struct dirent *next_entry(DIR *dir) {
  errno = 0;
  return readdir(dir);
}

static tide_status level_read(walk_level *level, const char *path, const atomic_bool *stop,
                              int *error) {
  DIR *dir = opendir(path);
  if (!dir) {
    *error = errno;
    return errno == ENOMEM ? TIDE_FATAL : TIDE_FAIL;
  }
  size_t cap = 0;
  struct dirent *entry;
  while (!tide_stopped(stop) && (entry = next_entry(dir)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    if (level->count == cap) {
      cap = cap ? cap * 2 : 64;
      const char **grown = realloc(level->names, cap * sizeof *grown);
      if (!grown) {
        closedir(dir);
        return TIDE_FATAL;
      }
      level->names = grown;
    }
    level->names[level->count] = tide_arena_copy(&level->arena, tide_span_of(entry->d_name)).ptr;
    if (!level->names[level->count++]) {
      closedir(dir);
      return TIDE_FATAL;
    }
  }
  *error = tide_stopped(stop) ? 0 : errno;
  closedir(dir);
  if (*error)
    return TIDE_FAIL;
  return tide_sort(level->names, level->count, sizeof *level->names, name_compare, NULL, stop);
}

static tide_file_id id_of(const struct stat *st) {
  return (tide_file_id){(uint64_t)st->st_dev, (uint64_t)st->st_ino};
}

static bool is_directory(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Is there a directory `name` in the one that path names? */
static bool has_directory(tide_buffer *path, const char *name) {
  size_t len = path->len;
  bool found = false;
  if (tide_buffer_putc(path, '/') == TIDE_OK &&
      tide_buffer_put(path, tide_span_make(name, strlen(name) + 1)) == TIDE_OK)
    found = is_directory(path->ptr);
  path->len = len;
  if (tide_buffer_putc(path, '\0') == TIDE_OK)
    path->len--;
  return found;
}

/* "1226442600.M1P2.host:2,S": seconds, and what tells apart those of one second; or the flags
 * alone. In archives that came through FAT or zip another sign stands for the colon. */
bool tide_walk_is_maildir_name(const char *name) {
  tide_span s = tide_span_of(name);
  size_t digits = 0;
  while (digits < s.len && tide_is_digit(s.ptr[digits]))
    digits++;
  if (digits >= 9 && digits <= 11 && digits < s.len &&
      (s.ptr[digits] == '.' || s.ptr[digits] == '_'))
    return true;
  size_t flags = tide_span_find(s, SPAN("2,"));
  return flags > 0 && flags < s.len && strchr(":;!_", s.ptr[flags - 1]);
}

/* Does the directory `name` below the one that path names hold a Maildir's files? One is enough,
 * whatever the order of the file system. */
static tide_status holds_maildir_names(tide_buffer *path, const char *name, bool *found) {
  const size_t len = path->len;
  *found = false;
  TIDE_TRY(tide_buffer_putc(path, '/'));
  TIDE_TRY(tide_buffer_put(path, tide_span_make(name, strlen(name) + 1)));
  DIR *dir = opendir(path->ptr);
  if (!dir && errno == ENOMEM)
    return TIDE_FATAL;
  struct dirent *entry;
  while (dir && !*found && (entry = readdir(dir)) != NULL)
    *found = tide_walk_is_maildir_name(entry->d_name);
  if (dir)
    closedir(dir);
  path->len = len;
  path->ptr[len] = '\0';
  return TIDE_OK;
}

/* Copies leave empty directories out: of some Maildirs only one is left. */
static tide_status is_maildir(tide_walk *w, bool *maildir) {
  const bool cur = has_directory(&w->path, "cur"), fresh = has_directory(&w->path, "new");
  *maildir =
      (cur && fresh) || ((cur || fresh) && (w->force_maildir || has_directory(&w->path, "tmp")));
  if (*maildir || !(cur || fresh))
    return TIDE_OK;
  return holds_maildir_names(&w->path, cur ? "cur" : "new", maildir);
}

/* Enters the directory at w->path (NUL-terminated). `messages` where it is a Maildir's cur or new.
 */
static tide_status walk_enter(tide_walk *w, tide_findings *found, bool messages) {
  struct stat st;
  if (w->depth > TIDE_LIMIT_DIRECTORY_DEPTH)
    return tide_findings_trouble(
        found, w->path.ptr, "directories are nested too deeply: name this one on the command line");
  if (stat(w->path.ptr, &st) != 0)
    return tide_findings_trouble(found, w->path.ptr, strerror(errno));
  tide_file_id identity = id_of(&st);
  uint32_t before = w->visited.count;
  if (tide_map_add(&w->visited, tide_span_make((const char *)&identity, sizeof identity)) ==
      TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (w->visited.count == before) {
    found->passed[TIDE_PASSED_LOOP]++;
    return TIDE_OK;
  }
  walk_level level = {.path_len = w->path.len, .messages = messages};
  int error = 0;
  tide_status status = level_read(&level, w->path.ptr, w->stop, &error);
  if (status == TIDE_FATAL || status == TIDE_END) {
    level_free(&level);
    return status;
  }
  if (status == TIDE_FAIL &&
      (status = tide_findings_trouble(found, w->path.ptr, strerror(error))) != TIDE_OK) {
    level_free(&level);
    return status;
  }
  if (!messages && (status = is_maildir(w, &level.maildir)) != TIDE_OK) {
    level_free(&level);
    return status;
  }
  if (w->depth == 0 && !level.maildir && !error)
    w->plain_directory[w->at - 1] = true;
  atomic_fetch_add(&w->known_files, level.count);
  w->levels[w->depth++] = level;
  return TIDE_OK;
}

/* ".mix4934d1b4", in which UW's IMAP server keeps mail beside .mixindex and .mixstatus. */
static bool is_mix(tide_span name) {
  size_t at = 4;
  if (!tide_span_starts(name, SPAN(".mix")))
    return false;
  while (at < name.len && tide_hex_digit(name.ptr[at]) >= 0)
    at++;
  return at > 4 && at == name.len;
}

/* Files that mail programs keep beside mail (stalwart#55), and hidden ones. */
bool tide_walk_is_index(const char *name) {
  static const char *const prefixes[] = {
      "dovecot",      "courierimap", "maildirfolder",    "maildirsize", "subscriptions",
      "sieve",        "Thumbs.db",   "desktop.ini",      "cyrus.cache", "cyrus.index",
      "cyrus.header", "cyrus.squat", "cyrus.annotations"};
  if (name[0] == '.')
    return !is_mix(tide_span_of(name));
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (name[0] == prefixes[i][0] && strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
      return true;
  size_t len = strlen(name);
  return len > 4 && strcmp(name + len - 4, ".msf") == 0;
}

bool tide_walk_is_deleted(const char *name) {
  size_t at = 1;
  if (name[0] != ',' && name[0] != '#')
    return false;
  while (tide_is_digit(name[at]))
    at++;
  return at > 1 && !name[at];
}

bool tide_walk_is_kmail(tide_span name) {
  static const char end[] = ".directory";
  return name.len > sizeof end && name.ptr[0] == '.' && tide_span_iends(name, tide_span_of(end));
}

/* Was this file met under another name: named twice, by itself and in its directory, or linked?
 * Where a file system gives the number of one file to the next, size and time tell them apart. */
static tide_status file_meet(tide_walk *w, const struct stat *st, tide_findings *found) {
  const uint64_t id[] = {(uint64_t)st->st_dev, (uint64_t)st->st_ino, (uint64_t)st->st_size,
                         (uint64_t)st->st_mtim.tv_sec, (uint64_t)st->st_mtim.tv_nsec};
  const tide_wide_hash hash = tide_hash_wide(tide_span_make((const char *)id, sizeof id));
  tide_first first = {.note = 0};
  if (tide_firsts_find(&w->files, hash, &first)) {
    found->passed[TIDE_PASSED_AGAIN]++;
    return TIDE_SKIP;
  }
  return tide_firsts_add(&w->files, hash, first);
}

/* Sets w->path to the level's directory and, where name is not NULL, /name after it;
 * NUL-terminated. */
static tide_status path_set(tide_walk *w, const walk_level *level, const char *name) {
  tide_buffer *path = &w->path;
  path->len = level->path_len;
  if (name && path->len && path->ptr[path->len - 1] != '/' &&
      tide_buffer_putc(path, '/') != TIDE_OK)
    return TIDE_FATAL;
  if ((name && tide_buffer_put(path, tide_span_of(name)) != TIDE_OK) ||
      tide_buffer_putc(path, '\0') != TIDE_OK)
    return TIDE_FATAL;
  path->len--;
  return TIDE_OK;
}

/* The next entry of the innermost directory. TIDE_OK: a file in *out. TIDE_SKIP: none yet, call
 * again. */
static tide_status walk_step(tide_walk *w, tide_walked *out, tide_findings *found) {
  walk_level *level = &w->levels[w->depth - 1];
  if (level->at == level->count) {
    level_free(level);
    w->depth--;
    return TIDE_SKIP;
  }
  const char *name = level->names[level->at++];
  bool messages = level->messages, maildir = level->maildir;
  if (path_set(w, level, name) != TIDE_OK)
    return TIDE_FATAL;
  if (maildir && strcmp(name, "tmp") == 0)
    return TIDE_SKIP;
  struct stat st;
  if (messages && name[0] == '.') {
    found->passed[TIDE_PASSED_INDEX]++;
    return TIDE_SKIP;
  }
  if (stat(w->path.ptr, &st) != 0) {
    TIDE_TRY(tide_findings_trouble(found, w->path.ptr, strerror(errno)));
    return TIDE_SKIP;
  }
  if (S_ISDIR(st.st_mode)) {
    if (messages) {
      found->passed[TIDE_PASSED_NOT_MAIL]++;
      return TIDE_SKIP;
    }
    bool box = maildir && (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0);
    /* Hidden directories are entered only where they are a Maildir++ folder, or hold KMail's. */
    if (name[0] == '.' && !tide_walk_is_kmail(tide_span_of(name)) &&
        !(has_directory(&w->path, "cur") || has_directory(&w->path, "new"))) {
      found->passed[TIDE_PASSED_INDEX]++;
      return TIDE_SKIP;
    }
    TIDE_TRY(walk_enter(w, found, box));
    return TIDE_SKIP;
  }
  if (!S_ISREG(st.st_mode)) {
    found->passed[TIDE_PASSED_SPECIAL]++;
    return TIDE_SKIP;
  }
  if (w->ours.inode && w->ours.inode == id_of(&st).inode && w->ours.device == id_of(&st).device)
    return TIDE_SKIP;
  if (!messages && (tide_walk_is_index(name) || tide_walk_is_deleted(name))) {
    found->passed[tide_walk_is_index(name) ? TIDE_PASSED_INDEX : TIDE_PASSED_DELETED]++;
    return TIDE_SKIP;
  }
  if (st.st_size == 0 && !messages) {
    found->passed[TIDE_PASSED_EMPTY]++;
    return TIDE_SKIP;
  }
  tide_status met = file_meet(w, &st, found);
  if (met != TIDE_OK)
    return met;
  *out = (tide_walked){.path = w->path.ptr,
                       .argument = w->at - 1,
                       .size = (uint64_t)st.st_size,
                       .id = id_of(&st),
                       .regular = true,
                       .maildir = messages};
  return TIDE_OK;
}

tide_status tide_walk_next(tide_walk *w, tide_walked *out, tide_findings *found) {
  for (;;) {
    if (w->depth) {
      tide_status status = walk_step(w, out, found);
      if (status != TIDE_SKIP)
        return status;
      continue;
    }
    if (w->at == w->count)
      return TIDE_END;
    const char *path = w->paths[w->at++];
    tide_buffer_clear(&w->path);
    if (tide_buffer_put(&w->path, tide_span_make(path, strlen(path) + 1)) != TIDE_OK)
      return TIDE_FATAL;
    w->path.len--;
    struct stat st;
    if (strcmp(path, "-") == 0) {
      *out = (tide_walked){.path = w->path.ptr, .argument = w->at - 1, .named = true};
      return TIDE_OK;
    }
    if (stat(path, &st) != 0) {
      if (tide_findings_trouble(found, path, strerror(errno)) != TIDE_OK)
        return TIDE_FATAL;
      continue;
    }
    if (S_ISDIR(st.st_mode)) {
      /* "…/cur" named by itself is still a Maildir's. */
      size_t len = strlen(path);
      while (len > 1 && path[len - 1] == '/')
        len--;
      w->path.len = len;
      if (tide_buffer_putc(&w->path, '\0') != TIDE_OK)
        return TIDE_FATAL;
      w->path.len--;
      tide_span last = tide_span_make(w->path.ptr, len);
      bool box = tide_span_iends(last, SPAN("/cur")) || tide_span_iends(last, SPAN("/new")) ||
                 tide_span_equal(last, SPAN("cur")) || tide_span_equal(last, SPAN("new"));
      tide_status status = walk_enter(w, found, box);
      if (status != TIDE_OK)
        return status;
      continue;
    }
    if (S_ISREG(st.st_mode) && st.st_size == 0) {
      /* /proc and the like say 0 and are not: only reading tells. */
      *out = (tide_walked){
          .path = w->path.ptr, .argument = w->at - 1, .id = id_of(&st), .named = true};
      return TIDE_OK;
    }
    tide_status met = S_ISREG(st.st_mode) ? file_meet(w, &st, found) : TIDE_OK;
    if (met == TIDE_FATAL)
      return met;
    if (met != TIDE_OK)
      continue;
    *out = (tide_walked){.path = w->path.ptr,
                         .argument = w->at - 1,
                         .id = id_of(&st),
                         .size = (uint64_t)st.st_size,
                         .named = true,
                         .regular = S_ISREG(st.st_mode)};
    return TIDE_OK;
  }
}

void tide_walk_known(const tide_walk *w, uint64_t *bytes, uint64_t *files) {
  *bytes = atomic_load(&w->known_bytes);
  *files = atomic_load(&w->known_files);
}

bool tide_walk_is_plain_directory(const tide_walk *w, size_t argument) {
  return w->plain_directory[argument];
}

void tide_walk_close(tide_walk *w) {
  if (!w)
    return;
  while (w->depth)
    level_free(&w->levels[--w->depth]);
  tide_map_free(&w->visited);
  tide_firsts_free(&w->files);
  tide_buffer_free(&w->path);
  free(w->plain_directory);
  free(w);
}
