/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All ways to name a message become keys of one map: an absolute path without `.` and `..`, a name
 * below a directory, a Message-ID. Paths are compared as they are written: symbolic links are not
 * followed, since what is in a container has none. */
#include "record/labels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/rows.h"

typedef struct entry {
  uint32_t label;
  atomic_bool met;
} entry;

typedef struct place {
  tide_span path; /* absolute */
  uint32_t label;
  atomic_bool met; /* of places of a label */
} place;

struct tide_labels {
  const atomic_bool *stop;
  tide_arena arena;
  tide_span here;   /* the working directory */
  tide_map names;   /* of labels */
  tide_map renamed; /* words of files, by number in `meant` */
  uint32_t *meant;  /* labels */
  tide_map keys;    /* what files name */
  entry *entries;   /* by number of the key */
  uint32_t entry_cap;
  place *places, *bases; /* folders; directories of files that name names without one */
  place *files;          /* directories of all files */
  size_t place_count, base_count, file_count;
  bool by_message_id;
  bool by_junk;
  uint32_t junk_label; /* of what is in folders for junk */
  pthread_mutex_t met_lock;
  tide_map junk; /* folders that were met; this and the next two under met_lock */
  uint64_t met_contradicted;
  tide_buffer first_met_contradicted; /* the bytewise least path */
  uint64_t contradicted;              /* within files */
  tide_span first_contradicted;
  _Atomic uint64_t labelled, unlabelled;
};

/* The kinds of keys, as their first byte. */
enum { KEY_PATH = 'p', KEY_NAME = 'n', KEY_MESSAGE_ID = 'm' };

tide_status tide_labels_new(tide_labels **out, const atomic_bool *stop, tide_error *err) {
  tide_labels *l = calloc(1, sizeof *l);
  char *here = getcwd(NULL, 0);
  if (l && here)
    l->here = tide_arena_copy(&l->arena, tide_span_of(here));
  free(here);
  if (!l || (here && !l->here.ptr)) {
    free(l);
    return tide_error_memory(err);
  }
  l->stop = stop;
  pthread_mutex_init(&l->met_lock, NULL);
  *out = l;
  return TIDE_OK;
}

/* --- paths --- */

/* Puts the parts of `path` after the directory that is in text[0..*len): without `.`, and one
 * back for each `..`. There is room. */
static void path_walk(char *text, size_t *len, tide_span path) {
  while (path.len) {
    size_t end = tide_span_find_char(path, '/');
    tide_span part = tide_span_slice(path, 0, end);
    path = tide_span_slice(path, end + 1, path.len);
    if (!part.len || tide_span_equal(part, SPAN(".")))
      continue;
    if (tide_span_equal(part, SPAN(".."))) {
      while (*len && text[*len - 1] != '/')
        --*len;
      *len -= *len > 0;
      continue;
    }
    text[(*len)++] = '/';
    memcpy(text + *len, part.ptr, part.len);
    *len += part.len;
  }
}

/* kind, then `path` seen from `base` (absolute) as an absolute path. NULL when out of memory. */
static tide_span path_key(char kind, tide_span base, tide_span path, tide_arena *arena) {
  char *text = tide_arena_take(arena, base.len + path.len + 3);
  size_t len = 0;
  if (!text)
    return (tide_span){0};
  text[0] = kind;
  if (!tide_span_starts(path, SPAN("/")))
    path_walk(text + 1, &len, base);
  path_walk(text + 1, &len, path);
  return tide_span_make(text, len + 1);
}

static tide_span directory_of(tide_span path) {
  size_t end = path.len;
  while (end && path.ptr[end - 1] != '/')
    end--;
  return tide_span_slice(path, 0, end);
}

static tide_span name_of(tide_span path) {
  return tide_span_slice(path, directory_of(path).len, path.len);
}

static bool is_below(tide_span path, tide_span above) {
  return tide_span_starts(path, above) && (path.len == above.len || path.ptr[above.len] == '/');
}

static tide_span message_id_key(tide_span id, tide_arena *arena) {
  id = tide_span_trim(id);
  if (id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>')
    id = tide_span_slice(id, 1, id.len - 1);
  char *text = tide_arena_take(arena, id.len + 1);
  if (!text)
    return (tide_span){0};
  text[0] = KEY_MESSAGE_ID;
  if (id.len)
    memcpy(text + 1, id.ptr, id.len);
  return tide_span_make(text, id.len + 1);
}

/* --- what files say --- */

tide_status tide_labels_rename(tide_labels *l, tide_span pairs, tide_error *err) {
  while (pairs.len) {
    size_t comma = tide_span_find_char(pairs, ',');
    tide_span pair = tide_span_trim(tide_span_slice(pairs, 0, comma));
    size_t equals = tide_span_find_char(pair, '=');
    pairs = tide_span_slice(pairs, comma + 1, pairs.len);
    if (equals == 0 || equals + 1 >= pair.len)
      return tide_error_set(err, TIDE_USAGE, "--label-names takes WORD=LABEL, not \"%.*s\"",
                            (int)pair.len, pair.ptr);
    uint32_t word = tide_map_add(&l->renamed, tide_span_slice(pair, 0, equals));
    uint32_t label = tide_map_add(&l->names, tide_span_slice(pair, equals + 1, pair.len));
    uint32_t *grown = realloc(l->meant, l->renamed.count * sizeof *grown);
    if (grown)
      l->meant = grown;
    if (!grown || word == TIDE_MAP_NONE || label == TIDE_MAP_NONE)
      return tide_error_memory(err);
    l->meant[word] = label;
  }
  return TIDE_OK;
}

static tide_status place_add(place **list, size_t *count, tide_span path, uint32_t label) {
  place *grown = realloc(*list, (*count + 1) * sizeof *grown);
  if (!grown)
    return TIDE_FATAL;
  *list = grown;
  grown[*count].path = path;
  grown[*count].label = label;
  atomic_init(&grown[(*count)++].met, false);
  return TIDE_OK;
}

tide_status tide_labels_add_place(tide_labels *l, tide_span text, tide_error *err) {
  size_t equals = tide_span_find_char(text, '=');
  if (equals == 0 || equals + 1 >= text.len)
    return tide_error_set(err, TIDE_USAGE, "--label takes LABEL=PATH, not \"%.*s\"", (int)text.len,
                          text.ptr);
  uint32_t label = tide_map_add(&l->names, tide_span_slice(text, 0, equals));
  tide_span key =
      path_key(KEY_PATH, l->here, tide_span_slice(text, equals + 1, text.len), &l->arena);
  if (label == TIDE_MAP_NONE || !key.ptr)
    return tide_error_memory(err);
  for (size_t i = 0; i < l->place_count; i++)
    if (tide_span_equal(l->places[i].path, tide_span_slice(key, 1, key.len)) &&
        l->places[i].label != label)
      return tide_error_set(err, TIDE_USAGE, "--label gives two labels to %.*s", (int)key.len - 1,
                            key.ptr + 1);
  if (place_add(&l->places, &l->place_count, tide_span_slice(key, 1, key.len), label) != TIDE_OK)
    return tide_error_memory(err);
  return TIDE_OK;
}

/* The number of a label that a file gives: some corpora have spam and SPAM for one. */
static uint32_t name_add(tide_labels *l, tide_span word) {
  enum { WORD_MOST = 256 };
  char small[WORD_MOST];
  if (word.len > sizeof small)
    return tide_map_add(&l->names, word);
  for (size_t i = 0; i < word.len; i++)
    small[i] = tide_lower(word.ptr[i]);
  return tide_map_add(&l->names, tide_span_make(small, word.len));
}

/* The first entry of a key counts. */
static tide_status entry_add(tide_labels *l, tide_span key, tide_span word) {
  if (tide_stopped(l->stop))
    return TIDE_END;
  uint32_t before = l->keys.count, number = key.ptr ? tide_map_add(&l->keys, key) : TIDE_MAP_NONE;
  uint32_t known = tide_map_find(&l->renamed, word);
  uint32_t label = known == TIDE_MAP_NONE ? name_add(l, word) : l->meant[known];
  if (number == TIDE_MAP_NONE || label == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (number < before) {
    if (l->entries[number].label == label)
      return TIDE_OK;
    if (!l->contradicted++)
      l->first_contradicted = tide_arena_copy(&l->arena, tide_span_slice(key, 1, key.len));
    return TIDE_OK;
  }
  if (number == l->entry_cap) {
    uint32_t cap = l->entry_cap ? l->entry_cap * 2 : 1024;
    entry *grown = realloc(l->entries, cap * sizeof *grown);
    if (!grown)
      return TIDE_FATAL;
    l->entries = grown;
    l->entry_cap = cap;
  }
  l->entries[number].label = label;
  atomic_init(&l->entries[number].met, false);
  return TIDE_OK;
}

/* A reading under way. */
typedef struct reading {
  tide_labels *labels;
  tide_span base; /* the absolute directory of the file */
  bool has_base;  /* it is among the labels' bases */
  tide_arena cells;
  size_t label_at, path_at, message_id_at; /* columns; SIZE_MAX: there is none */
  size_t line;
} reading;

/* A path as Windows writes it. */
static tide_span with_slashes(tide_span path, tide_arena *arena) {
  if (tide_span_find_char(path, '/') < path.len || tide_span_find_char(path, '\\') == path.len)
    return path;
  char *text = tide_arena_take(arena, path.len);
  for (size_t i = 0; text && i < path.len; i++)
    text[i] = path.ptr[i] == '\\' ? '/' : path.ptr[i];
  return tide_span_make(text, path.len);
}

static tide_status reading_add(reading *r, tide_span word, tide_span path) {
  tide_labels *l = r->labels;
  word = tide_span_trim(word);
  path = tide_span_trim(path);
  if (!word.len || !path.len)
    return TIDE_USAGE;
  path = with_slashes(path, &r->cells);
  if (!path.ptr)
    return TIDE_FATAL;
  if (tide_span_find_char(path, '/') < path.len)
    return entry_add(l, path_key(KEY_PATH, r->base, path, &r->cells), word);
  if (!r->has_base) {
    const tide_span base = tide_arena_copy(&l->arena, r->base);
    if (!base.ptr || place_add(&l->bases, &l->base_count, base, 0) != TIDE_OK)
      return TIDE_FATAL;
    r->has_base = true;
  }
  return entry_add(l, path_key(KEY_NAME, r->base, path, &r->cells), word);
}

/* LABEL PATH, one on each line. */
static tide_status read_lines(reading *r, tide_span text) {
  while (text.len) {
    size_t end = tide_span_find_char(text, '\n');
    tide_span line = tide_span_trim(tide_span_slice(text, 0, end));
    text = tide_span_slice(text, end + 1, text.len);
    r->line++;
    size_t at = 0;
    while (at < line.len && line.ptr[at] != ' ' && line.ptr[at] != '\t')
      at++;
    if (line.len && line.ptr[0] != '#')
      TIDE_TRY(reading_add(r, tide_span_slice(line, 0, at), tide_span_slice(line, at, line.len)));
    tide_arena_reset(&r->cells);
  }
  return TIDE_OK;
}

static bool is_message_id(tide_span name) {
  return tide_span_iequal(name, SPAN("message_id")) || tide_span_iequal(name, SPAN("message-id"));
}

static void take_columns(reading *r, const tide_csv_row *row) {
  for (size_t i = 0; i < row->count; i++) {
    if (tide_span_iequal(row->cells[i], SPAN("label")))
      r->label_at = i;
    if (tide_span_iequal(row->cells[i], SPAN("path")))
      r->path_at = i;
    if (is_message_id(row->cells[i]))
      r->message_id_at = i;
  }
}

static tide_span cell_at(const tide_csv_row *row, size_t at) {
  return at < row->count ? row->cells[at] : (tide_span){0};
}

static tide_status take_label(void *reading_under_way, const tide_csv_row *row) {
  reading *r = reading_under_way;
  tide_status status = TIDE_OK;
  const tide_span label = cell_at(row, r->label_at), path = cell_at(row, r->path_at),
                  message_id = cell_at(row, r->message_id_at);
  if (row->number == 0) {
    take_columns(r, row);
  } else if (path.len) {
    status = reading_add(r, label, path);
  } else if (message_id.len && tide_span_trim(label).len) {
    r->labels->by_message_id = true;
    status = entry_add(r->labels, message_id_key(message_id, &r->cells), tide_span_trim(label));
  } else {
    status = TIDE_USAGE;
  }
  tide_arena_reset(&r->cells);
  return status;
}

/* Does the first line name columns, with such a character between them? */
static bool names_columns(tide_span line, char separator) {
  bool label = false, other = false;
  while (line.len) {
    size_t end = tide_span_find_char(line, separator);
    tide_span name = tide_span_trim(tide_span_slice(line, 0, end));
    line = tide_span_slice(line, end + 1, line.len);
    if (name.len > 1 && name.ptr[0] == '"' && name.ptr[name.len - 1] == '"')
      name = tide_span_slice(name, 1, name.len - 1);
    label = label || tide_span_iequal(name, SPAN("label"));
    other = other || tide_span_iequal(name, SPAN("path")) || is_message_id(name);
  }
  return label && other;
}

/* What is between the cells of a table; 0 if the text is none. */
static char separator_of(tide_span text) {
  static const char separators[] = {',', ';', '\t'};
  const tide_span line = tide_span_trim(tide_span_slice(text, 0, tide_span_find_char(text, '\n')));
  for (size_t i = 0; i < sizeof separators; i++)
    if (names_columns(line, separators[i]))
      return separators[i];
  return 0;
}

tide_status tide_labels_add_text(tide_labels *l, const char *path, tide_span text,
                                 tide_error *err) {
  reading r = {.labels = l, .label_at = SIZE_MAX, .path_at = SIZE_MAX, .message_id_at = SIZE_MAX};
  tide_arena base = {0};
  tide_span key = path_key(KEY_PATH, l->here, directory_of(tide_span_of(path)), &base);
  tide_status status = TIDE_FATAL;
  r.base = tide_span_slice(key, 1, key.len);
  if (tide_span_starts(text, SPAN("\xef\xbb\xbf")))
    text = tide_span_slice(text, 3, text.len);
  const tide_span file = tide_arena_copy(&l->arena, r.base);
  const tide_row_taker taker = {.take = take_label, .context = &r, .separator = separator_of(text)};
  if (key.ptr && file.ptr && place_add(&l->files, &l->file_count, file, 0) == TIDE_OK)
    status =
        taker.separator ? tide_rows_read(text, &r.cells, taker, &r.line) : read_lines(&r, text);
  tide_arena_free(&r.cells);
  tide_arena_free(&base);
  if (status == TIDE_FATAL || status == TIDE_END)
    return tide_error_of_status(err, status);
  if (status != TIDE_OK)
    return tide_error_set(err, TIDE_USAGE, "%s:%zu: no label and path (or message_id) there", path,
                          r.line);
  return TIDE_OK;
}

/* --- what messages have --- */

static uint32_t entry_meet(tide_labels *l, tide_span key) {
  uint32_t number = key.ptr ? tide_map_find(&l->keys, key) : TIDE_MAP_NONE;
  if (number == TIDE_MAP_NONE)
    return TIDE_MAP_NONE;
  atomic_store_explicit(&l->entries[number].met, true, memory_order_relaxed);
  return l->entries[number].label;
}

/* What a member of a container on standard input is called there; nobody knows where it is. */
static bool is_streamed(tide_span source, tide_span *member) {
  *member = tide_span_slice(source, 2, source.len);
  return tide_span_starts(source, SPAN("-/"));
}

/* Seen from each directory above a file of labels: one of them is where the container is, or the
 * container itself, or where it was unpacked. */
static uint32_t find_streamed(tide_labels *l, tide_span member, tide_arena *arena) {
  uint32_t label = TIDE_MAP_NONE;
  for (size_t i = 0; label == TIDE_MAP_NONE && i < l->file_count; i++) {
    tide_span above = l->files[i].path;
    for (bool more = true; more && label == TIDE_MAP_NONE;) {
      label = entry_meet(l, path_key(KEY_PATH, above, member, arena));
      more = above.len;
      above = directory_of(above);
      above.len -= above.len > 0;
    }
  }
  return label;
}

static uint32_t find_by_path(tide_labels *l, tide_span source, tide_arena *arena) {
  tide_span key = path_key(KEY_PATH, l->here, source, arena), member;
  uint32_t label = entry_meet(l, key);
  tide_span path = tide_span_slice(key, 1, key.len);
  const bool streamed = is_streamed(source, &member);
  if (label == TIDE_MAP_NONE && streamed)
    label = find_streamed(l, member, arena);
  for (size_t i = 0; label == TIDE_MAP_NONE && i < l->base_count; i++)
    if (streamed || is_below(path, l->bases[i].path))
      label = entry_meet(l, path_key(KEY_NAME, l->bases[i].path, name_of(path), arena));
  return label;
}

/* A member on standard input is where it would be unpacked. */
static uint32_t find_by_place(tide_labels *l, tide_span source, tide_arena *arena) {
  tide_span member;
  if (is_streamed(source, &member))
    source = member;
  tide_span key = path_key(KEY_PATH, l->here, source, arena);
  tide_span path = tide_span_slice(key, 1, key.len);
  size_t longest = 0;
  uint32_t label = TIDE_MAP_NONE;
  for (size_t i = 0; i < l->place_count; i++) {
    if (!is_below(path, l->places[i].path))
      continue;
    if (!atomic_load_explicit(&l->places[i].met, memory_order_relaxed))
      atomic_store_explicit(&l->places[i].met, true, memory_order_relaxed);
    if (l->places[i].path.len < longest)
      continue;
    longest = l->places[i].path.len;
    label = l->places[i].label;
  }
  return label;
}

/* --- folders for junk --- */

/* What mail programs call them, in IMAP's own UTF-7 (RFC 3501 5.1.3) and in UTF-8: Dovecot,
 * Courier, Thunderbird, Gmail, Yahoo, and Outlook in the languages that its archives are in. */
static const char *const junk_names[] = {
    "Junk",
    "Spam",
    "Junkmail",
    "Junk Mail",
    "Junk Email",
    "Junk E-mail",
    "Junk-E-Mail",
    "Bulk Mail",
    "Spamverdacht",
    "Courrier ind&AOk-sirable",
    "Courrier ind\xc3\xa9sirable",
    "Correo no deseado",
    "Posta indesiderata",
    "Lixo Eletr&APQ-nico",
    "Lixo Eletr\xc3\xb4nico",
    "Ongewenste e-mail",
    "Skr&AOQ-ppost",
    "Skr\xc3\xa4ppost",
};

/* The folder in whose cur or new the file is; empty if it is in none. */
static tide_span maildir_of(tide_span path) {
  tide_span box = directory_of(path);
  box.len -= box.len > 0;
  const tide_span name = name_of(box);
  if (!tide_span_equal(name, SPAN("cur")) && !tide_span_equal(name, SPAN("new")))
    return (tide_span){0};
  tide_span folder = directory_of(box);
  folder.len -= folder.len > 0;
  return folder;
}

static bool is_junk_name(tide_span name) {
  for (size_t i = 0; i < sizeof junk_names / sizeof *junk_names; i++)
    if (tide_span_iequal(name, tide_span_of(junk_names[i])))
      return true;
  return false;
}

/* A mailbox as Thunderbird names it (Junk), as Google Takeout and Apple do (Spam.mbox), or as
 * readpst and old Apple Mail do, by its directory (Junk E-mail/mbox). */
static bool is_junk_file(tide_span path) {
  tide_span name = name_of(path);
  if (tide_span_equal(name, SPAN("mbox"))) {
    const tide_span directory = directory_of(path);
    name = name_of(tide_span_slice(directory, 0, directory.len - (directory.len > 0)));
  }
  if (tide_span_iends(name, SPAN(".mbox")))
    name.len -= SPAN(".mbox").len;
  return is_junk_name(name);
}

/* Apple Mail's mailbox is a directory, with a message a file some levels below:
 * "Junk.mbox/…/Messages/1.emlx". Empty if the file is in none for junk. */
static tide_span apple_junk_of(tide_span path) {
  static const tide_span end = SPAN(".mbox");
  for (size_t at = tide_span_ifind(path, SPAN(".mbox/")); at < path.len;) {
    const tide_span box = tide_span_slice(path, 0, at + end.len);
    if (is_junk_file(box))
      return box;
    at += end.len;
    at += tide_span_ifind(tide_span_slice(path, at, path.len), SPAN(".mbox/"));
  }
  return (tide_span){0};
}

/* The folder for junk that the file is in, or is; empty if there is none. */
static tide_span junk_of(tide_span path) {
  const tide_span folder = maildir_of(path);
  tide_span rest = name_of(folder);
  /* Maildir++ has dots where others have directories: .INBOX.Junk.2008. */
  while (rest.len) {
    const size_t dot = tide_span_find_char(rest, '.');
    if (is_junk_name(tide_span_slice(rest, 0, dot)))
      return folder;
    rest = tide_span_slice(rest, dot + 1, rest.len);
  }
  return is_junk_file(path) ? path : apple_junk_of(path);
}

bool tide_labels_is_junk(tide_span path) {
  return junk_of(path).len;
}

tide_status tide_labels_take_junk(tide_labels *l) {
  l->junk_label = tide_map_add(&l->names, SPAN("spam"));
  l->by_junk = true;
  return l->junk_label == TIDE_MAP_NONE ? TIDE_FATAL : TIDE_OK;
}

/* Memory that is out for the list of folders ends the run as for the arena's. */
static uint32_t find_by_junk(tide_labels *l, tide_span source, tide_arena *arena) {
  const tide_span junk = junk_of(source);
  if (!junk.len)
    return TIDE_MAP_NONE;
  pthread_mutex_lock(&l->met_lock);
  const uint32_t folder = tide_map_add(&l->junk, junk);
  pthread_mutex_unlock(&l->met_lock);
  if (folder == TIDE_MAP_NONE)
    arena->failed = true;
  return l->junk_label;
}

/* A message whose path and Message-ID have different labels. */
static void contradiction_meet(tide_labels *l, tide_span source, tide_arena *arena) {
  pthread_mutex_lock(&l->met_lock);
  const bool first = !l->met_contradicted++ ||
                     tide_span_compare(source, tide_buffer_span(&l->first_met_contradicted)) < 0;
  if (first) {
    tide_buffer_clear(&l->first_met_contradicted);
    arena->failed |= tide_buffer_put(&l->first_met_contradicted, source) != TIDE_OK;
  }
  pthread_mutex_unlock(&l->met_lock);
}

tide_span tide_labels_find(tide_labels *l, tide_span source, tide_span message_id,
                           tide_arena *arena) {
  uint32_t label = find_by_path(l, source, arena);
  if (l->by_message_id) {
    uint32_t by_id = entry_meet(l, message_id_key(message_id, arena));
    if (label == TIDE_MAP_NONE)
      label = by_id;
    else if (by_id != TIDE_MAP_NONE && by_id != label)
      contradiction_meet(l, source, arena);
  }
  if (l->place_count) {
    const uint32_t by_place = find_by_place(l, source, arena);
    if (label == TIDE_MAP_NONE)
      label = by_place;
  }
  if (label == TIDE_MAP_NONE && l->by_junk)
    label = find_by_junk(l, source, arena);
  _Atomic uint64_t *count = label == TIDE_MAP_NONE ? &l->unlabelled : &l->labelled;
  atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
  return label == TIDE_MAP_NONE ? (tide_span){0} : tide_map_key(&l->names, label);
}

void tide_labels_sum(const tide_labels *l, tide_labels_account *out) {
  *out = (tide_labels_account){.labelled = atomic_load(&l->labelled),
                               .unlabelled = atomic_load(&l->unlabelled),
                               .entries = l->keys.count,
                               .contradicted = l->contradicted + l->met_contradicted,
                               .first_contradicted =
                                   l->contradicted ? l->first_contradicted
                                                   : tide_buffer_span(&l->first_met_contradicted),
                               .junk = l->junk.count};
  for (uint32_t i = 0; i < l->junk.count; i++)
    if (i == 0 || tide_span_compare(tide_map_key(&l->junk, i), out->first_junk) < 0)
      out->first_junk = tide_map_key(&l->junk, i);
  for (size_t i = 0; i < l->place_count; i++)
    if (!atomic_load_explicit(&l->places[i].met, memory_order_relaxed) && !out->places_unmet++)
      out->first_place_unmet = l->places[i].path;
  for (uint32_t i = 0; i < l->keys.count; i++) {
    if (atomic_load_explicit(&l->entries[i].met, memory_order_relaxed))
      continue;
    tide_span key = tide_map_key(&l->keys, i);
    if (!out->unmet++)
      out->first_unmet = tide_span_slice(key, 1, key.len);
  }
}

void tide_labels_free(tide_labels *l) {
  if (!l)
    return;
  pthread_mutex_destroy(&l->met_lock);
  tide_map_free(&l->junk);
  tide_buffer_free(&l->first_met_contradicted);
  tide_map_free(&l->names);
  tide_map_free(&l->renamed);
  tide_map_free(&l->keys);
  free(l->meant);
  free(l->entries);
  free(l->places);
  free(l->bases);
  free(l->files);
  tide_arena_free(&l->arena);
  free(l);
}
