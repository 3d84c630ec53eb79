/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A single file as a text, wherever it is: on the disk, compressed, or in a container. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "convert.h"
#include "findings.h"
#include "packed.h"
#include "source/source.h"
#include "unpack.h"
#include "walk.h"

enum { HEAD_BYTES = 512, PIECE_BYTES = 256 << 10 };

/* What is looked for: a member by its whole path, or the first whose path ends so. */
typedef struct wanted {
  tide_span path, end;
  bool (*matches)(tide_span path); /* in their place: only the path is wanted, not the text */
  size_t most;
  tide_buffer *found, *text;
} wanted;

static bool is_below(tide_span path, tide_span above) {
  return path.len > above.len && tide_span_starts(path, above) && path.ptr[above.len] == '/';
}

static bool is_wanted(const wanted *w, tide_span path) {
  if (w->matches)
    return w->matches(path);
  if (w->path.len)
    return tide_span_equal(path, w->path);
  return path.len > w->end.len && path.ptr[path.len - w->end.len - 1] == '/' &&
         tide_span_equal(tide_span_slice(path, path.len - w->end.len, path.len), w->end);
}

/* Appends the member's bytes to w->text until it holds `most`. */
static tide_status member_text(const wanted *w, tide_unpack *u, size_t most, tide_error *err) {
  tide_status status = TIDE_OK;
  while (status == TIDE_OK && w->text->len < most) {
    tide_span block;
    status = tide_unpack_read(u, &block, err);
    if (status == TIDE_OK && tide_buffer_put(w->text, block) != TIDE_OK)
      status = TIDE_FATAL;
  }
  return status == TIDE_END ? TIDE_OK : status;
}

static tide_status too_long(const wanted *w, tide_error *err) {
  return tide_error_set(err, TIDE_FAIL, "longer than %zu MiB", w->most >> 20);
}

/* TIDE_OK: found and read. TIDE_END: there is none. TIDE_SKIP: this member is not it. */
static tide_status member_try(const wanted *w, tide_unpack *u, const tide_member *member,
                              tide_error *err) {
  tide_span path = tide_span_of(member->path);
  const bool is_it = is_wanted(w, path);
  if (member->kind != TIDE_MEMBER_FILE && member->kind != TIDE_MEMBER_WHOLE)
    return TIDE_SKIP;
  if (w->path.len && !is_it && !is_below(w->path, path))
    return TIDE_SKIP;
  tide_buffer_clear(w->text);
  tide_status status = member_text(w, u, HEAD_BYTES, err);
  const tide_packed *packed = tide_packed_find(tide_buffer_span(w->text));
  if (status == TIDE_OK && tide_packed_is_read(packed)) {
    status = tide_unpack_enter(u, packed, tide_buffer_span(w->text), err);
    return status == TIDE_OK ? TIDE_SKIP : status;
  }
  if (!is_it)
    return status == TIDE_OK ? TIDE_SKIP : status;
  tide_buffer_clear(w->found);
  if (tide_buffer_put(w->found, tide_span_make(path.ptr, path.len + 1)) != TIDE_OK)
    return TIDE_FATAL;
  if (w->matches)
    return TIDE_OK;
  if (status == TIDE_OK)
    status = member_text(w, u, w->most + 1, err);
  return status == TIDE_OK && w->text->len > w->most ? too_long(w, err) : status;
}

/* Damage on the way is the business of who reads the mail in it; here it only means not found. */
static tide_status container_search(const wanted *w, tide_input *in, const tide_packed *kind,
                                    const char *path, tide_error *err) {
  tide_unpack *u;
  tide_member member;
  tide_status status = tide_unpack_open(&u, in, SPAN(""), kind, path);
  if (status != TIDE_OK)
    return status;
  status = TIDE_SKIP;
  while (status == TIDE_SKIP) {
    status = tide_unpack_next(u, &member, err);
    if (status == TIDE_FAIL)
      status = TIDE_SKIP;
    else if (status == TIDE_OK)
      status = member_try(w, u, &member, err);
  }
  tide_unpack_close(u);
  return status;
}

/* The file at `path`, which is on the disk: as a container, or (without one) as it is. */
static tide_status file_search(const wanted *w, const char *path, const atomic_bool *stop,
                               tide_error *err) {
  tide_input in;
  tide_status status = tide_input_open(&in, path, false, stop, err);
  if (status != TIDE_OK)
    return status;
  tide_buffer_clear(w->text);
  status = tide_input_read(&in, w->text, HEAD_BYTES, err);
  const tide_packed *packed = tide_packed_find(tide_buffer_span(w->text));
  if (status == TIDE_OK && tide_packed_is_read(packed) && tide_input_rewind(&in))
    return container_search(w, &in, packed, path, err);
  const bool is_it = is_wanted(w, tide_span_of(path));
  while (is_it && status == TIDE_OK && w->text->len <= w->most)
    status = tide_input_read(&in, w->text, PIECE_BYTES, err);
  tide_input_close(&in);
  if (!is_it || status == TIDE_FATAL || status == TIDE_FAIL)
    return is_it ? status : TIDE_END;
  if (w->text->len > w->most)
    return too_long(w, err);
  tide_buffer_clear(w->found);
  return tide_buffer_put(w->found, tide_span_make(path, strlen(path) + 1)) == TIDE_OK ? TIDE_OK
                                                                                      : TIDE_FATAL;
}

/* A text as PowerShell or an old Mac left it, as files of mail are (convert.c). */
static tide_status text_convert(tide_buffer *text) {
  tide_convert convert = {.kind = tide_convert_choose(tide_buffer_span(text))};
  tide_buffer converted = {0};
  if (convert.kind == TIDE_CONVERT_NONE)
    return TIDE_OK;
  const tide_status status = tide_convert_put(&convert, tide_buffer_span(text), true, &converted);
  tide_buffer_free(text);
  *text = converted;
  return status;
}

static tide_status finish(const wanted *w, tide_status status, tide_error *err) {
  if (status == TIDE_OK && !w->matches)
    status = text_convert(w->text);
  if (w->found->len && w->found->ptr[w->found->len - 1] == '\0')
    w->found->len--;
  if (status == TIDE_FATAL)
    return tide_error_memory(err);
  return status;
}

/* Up from the path to something that is a file: the container that it leads into. */
static tide_status file_above(const char *path, tide_buffer *above, tide_error *err) {
  struct stat st;
  if (tide_buffer_put(above, tide_span_make(path, strlen(path) + 1)) != TIDE_OK)
    return TIDE_FATAL;
  while (stat(above->ptr, &st) != 0) {
    char *slash = strrchr(above->ptr, '/');
    const int error = errno;
    if (!slash || slash == above->ptr)
      return tide_error_set(err, TIDE_FAIL, "%s", strerror(error));
    *slash = '\0';
  }
  if (!S_ISDIR(st.st_mode))
    return TIDE_OK;
  const int error = strcmp(above->ptr, path) == 0 ? EISDIR : ENOENT;
  return tide_error_set(err, TIDE_FAIL, "%s", strerror(error));
}

tide_status tide_text_read(const char *path, size_t most, const atomic_bool *stop,
                           tide_buffer *text, tide_error *err) {
  tide_buffer found = {0}, above = {0};
  wanted w = {.path = tide_span_of(path), .most = most, .found = &found, .text = text};
  tide_status status = file_above(path, &above, err);
  if (status == TIDE_OK)
    status = file_search(&w, above.ptr, stop, err);
  if (status == TIDE_END)
    status = tide_error_set(err, TIDE_FAIL, "%s", strerror(ENOENT));
  status = finish(&w, status, err);
  tide_buffer_free(&found);
  tide_buffer_free(&above);
  return status;
}

/* A search for a file in directories. */
typedef struct try {
  const char *place, *end;
  size_t most;
  const atomic_bool *stop;
  tide_buffer *found, *text;
}
try;

/* TIDE_END: there is no such file. */
static tide_status directory_try(const try *t, const char *between, tide_error *err) {
  struct stat st;
  tide_buffer_clear(t->found);
  if (tide_buffer_printf(t->found, "%s/%s%s%c", t->place, between, t->end, 0) != TIDE_OK)
    return tide_error_memory(err);
  t->found->len--;
  if (stat(t->found->ptr, &st) != 0 || !S_ISREG(st.st_mode))
    return TIDE_END;
  return tide_text_read(t->found->ptr, t->most, t->stop, t->text, err);
}

/* In the directory itself, beside it, and in those that are in it, by name. */
static tide_status directory_find(const try *t, tide_error *err) {
  struct dirent **names = NULL;
  tide_buffer between = {0};
  tide_status status = directory_try(t, "", err);
  if (status == TIDE_END)
    status = directory_try(t, "../", err);
  int count = status == TIDE_END ? scandir(t->place, &names, NULL, alphasort) : 0;
  for (int i = 0; i < count; i++) {
    tide_buffer_clear(&between);
    if (status == TIDE_END && names[i]->d_name[0] != '.' &&
        tide_buffer_printf(&between, "%s/%c", names[i]->d_name, 0) == TIDE_OK)
      status = directory_try(t, between.ptr, err);
    free(names[i]);
  }
  free(names);
  tide_buffer_free(&between);
  return status;
}

tide_status tide_text_find(const char *place, const char *end, size_t most, const atomic_bool *stop,
                           tide_text_found *out, tide_error *err) {
  wanted w = {.end = tide_span_of(end), .most = most, .found = &out->path, .text = &out->text};
  const try t = {place, end, most, stop, &out->path, &out->text};
  struct stat st;
  if (stat(place, &st) != 0)
    return TIDE_END;
  if (S_ISDIR(st.st_mode))
    return directory_find(&t, err);
  if (!S_ISREG(st.st_mode))
    return TIDE_END;
  return finish(&w, file_search(&w, place, stop, err), err);
}

/* By names alone: what is in a container below is not looked for. */
static tide_status walk_find(const char *place, const wanted *w, const atomic_bool *stop) {
  static const tide_file_id none = {0};
  tide_walk *walk;
  tide_walked file;
  tide_findings met = {.files_read = 0};
  if (tide_walk_open(&walk, &place, 1, false, none, stop) != TIDE_OK)
    return TIDE_FATAL;
  tide_status status = TIDE_OK;
  bool found = false;
  while (status == TIDE_OK && !found) {
    status = tide_stopped(stop) ? TIDE_END : tide_walk_next(walk, &file, &met);
    found = status == TIDE_OK && w->matches(tide_span_of(file.path));
  }
  tide_buffer_clear(w->found);
  if (found)
    status = tide_buffer_put(w->found, tide_span_make(file.path, strlen(file.path) + 1));
  tide_findings_free(&met);
  tide_walk_close(walk);
  return status == TIDE_OK || status == TIDE_END ? status : TIDE_FATAL;
}

tide_status tide_path_find(const char *place, bool (*matches)(tide_span path),
                           const atomic_bool *stop, tide_buffer *found, tide_error *err) {
  tide_buffer head = {0};
  const wanted w = {.matches = matches, .found = found, .text = &head};
  struct stat st;
  tide_status status = TIDE_END;
  if (stat(place, &st) == 0 && S_ISDIR(st.st_mode))
    status = walk_find(place, &w, stop);
  else if (stat(place, &st) == 0 && S_ISREG(st.st_mode))
    status = file_search(&w, place, stop, err);
  tide_buffer_free(&head);
  /* What cannot be read is told when the mail is. */
  return finish(&w, status == TIDE_FAIL ? TIDE_END : status, err);
}
