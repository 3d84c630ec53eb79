/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result written over the mailbox that it was made from cannot be undone: so whatever is read is
 * held against what will be written, by device and inode, and whatever the names. */
#include "inputs.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"

typedef tide_status input_each(void *context, const char *use, const char *path, bool built_in,
                               tide_error *);

/* A file of labels may be in a container, which then is what is read. */
static tide_status each_labels(input_each *each, void *context, const char *path, tide_error *err) {
  struct stat st;
  char *outer = strdup(path), *slash = NULL;
  if (!outer)
    return tide_error_memory(err);
  while (stat(outer, &st) != 0 && (slash = strrchr(outer, '/')) && slash != outer)
    *slash = '\0';
  tide_status status = each(context, "labels", outer, false, err);
  free(outer);
  return status;
}

/* The lists of networks that conditions name. */
static tide_status condition_files(const tide_option_list *conditions, const char *use,
                                   input_each *each, void *context, tide_error *err) {
  for (size_t i = 0; i < conditions->count; i++) {
    const char *equals = strstr(conditions->items[i], "-in=");
    if (!equals)
      equals = strstr(conditions->items[i], "-in!=");
    const char *list = equals ? strchr(equals, '=') + 1 : "";
    if (*list)
      TIDE_TRY(each(context, use, list, strcmp(list, "builtin:mccolo") == 0, err));
  }
  return TIDE_OK;
}

tide_status inputs_each(const session *s,
                        tide_status (*each)(void *context, const char *use, const char *path,
                                            bool built_in, tide_error *),
                        void *context, tide_error *err) {
  const tide_reading_settings *o = &s->settings->asked.reading;
  const tide_option_list *found = &s->reading.labels_found;
  const char *const tables[][2] = {{"asn", o->asn}, {"country", o->country}};
  for (size_t i = 0; i < 2; i++)
    if (tables[i][1])
      TIDE_TRY(each(context, tables[i][0], tables[i][1], false, err));
  if (o->campaigns.count == 0)
    TIDE_TRY(each(context, "campaigns", "builtin", true, err));
  for (size_t i = 0; i < o->campaigns.count; i++)
    TIDE_TRY(each(context, "campaigns", o->campaigns.items[i],
                  strcmp(o->campaigns.items[i], "builtin") == 0, err));
  for (size_t i = 0; i < o->labels.count; i++)
    TIDE_TRY(each_labels(each, context, o->labels.items[i], err));
  for (size_t i = 0; i < found->count; i++)
    TIDE_TRY(each(context, "labels", found->items[i], false, err));
  for (size_t i = 0; i < o->trust.count; i++)
    TIDE_TRY(each(context, "trust", o->trust.items[i], false, err));
  TIDE_TRY(condition_files(&s->settings->asked.where, "where", each, context, err));
  return condition_files(&s->settings->asked.control, "control", each, context, err);
}

/* What will be written: at most the output, the rules and the account. */
enum { OUTPUTS = 3 };
typedef struct outputs {
  const char *words[OUTPUTS], *paths[OUTPUTS];
  tide_file_id ids[OUTPUTS];
  size_t count;
} outputs;

/* A terminal or /dev/null may be both; what is only a place for bytes may not. */
static bool holds_bytes(const struct stat *st) {
  return S_ISREG(st->st_mode) || S_ISBLK(st->st_mode) || S_ISFIFO(st->st_mode);
}

static void outputs_add(outputs *all, const char *words, const char *path) {
  struct stat st;
  if (!output_stat(path, &st) || !holds_bytes(&st))
    return; /* what is not there yet cannot be read */
  bool named = path && strcmp(path, "-") != 0;
  all->words[all->count] = named ? words : "";
  all->paths[all->count] = named ? path : "standard output";
  all->ids[all->count++] = (tide_file_id){(uint64_t)st.st_dev, (uint64_t)st.st_ino};
}

static tide_status refuse(const outputs *all, size_t which, const char *path, tide_error *err) {
  return tide_error_set(err, TIDE_USAGE, "%s%s would overwrite %s, which is read",
                        all->words[which], all->paths[which], path);
}

static tide_status compare(const outputs *all, const struct stat *st, const char *path,
                           tide_error *err) {
  for (size_t i = 0; i < all->count && holds_bytes(st); i++)
    if (all->ids[i].device == (uint64_t)st->st_dev && all->ids[i].inode == (uint64_t)st->st_ino)
      return refuse(all, i, path, err);
  return TIDE_OK;
}

/* A file, or the tables of a directory. */
static tide_status compare_entries(const outputs *all, DIR *dir, const char *path,
                                   tide_error *err) {
  struct stat st;
  for (struct dirent *e; (e = readdir(dir));)
    if (fstatat(dirfd(dir), e->d_name, &st, 0) == 0)
      TIDE_TRY(compare(all, &st, path, err));
  return TIDE_OK;
}

static tide_status compare_path(void *context, const char *use, const char *path, bool built_in,
                                tide_error *err) {
  const outputs *all = context;
  struct stat st;
  (void)use;
  if (built_in || stat(path, &st) != 0)
    return TIDE_OK;
  DIR *dir = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
  if (!dir)
    return compare(all, &st, path, err);
  const tide_status status = compare_entries(all, dir, path, err);
  closedir(dir);
  return status;
}

static tide_status compare_mail(const session *s, const outputs *all, tide_error *err) {
  struct stat st;
  for (size_t i = 0; i < s->reading.run.path_count; i++)
    if (strcmp(s->reading.run.paths[i], "-") == 0 && fstat(STDIN_FILENO, &st) == 0) {
      /* One pipe may be both ends of a program that asks and is answered. */
      if (!S_ISFIFO(st.st_mode))
        TIDE_TRY(compare(all, &st, "standard input", err));
    }
  const tide_run_options *run = &s->reading.run;
  const tide_file_ids sought = {.ids = all->ids, .count = all->count};
  tide_file_met met = {0};
  tide_status status = tide_feed_meets(run->paths, run->path_count, &run->feed, &sought, &met, err);
  if (status == TIDE_OK)
    status = refuse(all, met.which, met.path.ptr, err);
  tide_buffer_free(&met.path);
  return status == TIDE_END ? TIDE_OK : status;
}

/* The device and inode of what is there, or the name of what is not. */
static bool is_one_file(const char *a, const char *b) {
  struct stat x, y;
  const bool named = a && strcmp(a, "-") != 0;
  if (output_stat(a, &x) && output_stat(b, &y))
    return holds_bytes(&x) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
  return named && output_same_name(a, b);
}

tide_status inputs_apart(const session *s, tide_error *err) {
  const settings *o = s->settings;
  const struct {
    const char *name, *path;
    bool wanted;
  } written[OUTPUTS] = {{.name = "the output", .path = o->output, .wanted = true},
                        {.name = "the rules", .path = o->rules_out, .wanted = o->rules_out != NULL},
                        {.name = "the account", .path = o->account, .wanted = o->account != NULL}};
  static const char *const words[OUTPUTS] = {"the output ", "the rules ", "the account "};
  outputs all = {.count = 0};
  for (size_t i = 0; i < OUTPUTS; i++) {
    if (!written[i].wanted)
      continue;
    for (size_t k = 0; k < i; k++)
      if (written[k].wanted && is_one_file(written[k].path, written[i].path))
        return tide_error_set(err, TIDE_USAGE, "%s and %s are the same file: %s", written[k].name,
                              written[i].name, written[i].path);
    outputs_add(&all, words[i], written[i].path);
  }
  if (all.count == 0)
    return TIDE_OK;
  TIDE_TRY(inputs_each(s, compare_path, &all, err));
  if (s->reading.run.paths)
    return compare_mail(s, &all, err);
  /* No mail is read, but what the command was given is: rule files. */
  for (size_t i = 0; i < o->path_count; i++)
    TIDE_TRY(compare_path(&all, NULL, o->paths[i], false, err));
  return TIDE_OK;
}
