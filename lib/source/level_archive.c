/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels that libarchive reads: archives, and what is compressed in ways that codec.c does not
 * know. */
#include "level.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { ZERO_BYTES = 64 << 10, RETRIES = 1000, TAR_MARK = 1024, NAMES_MOST = 1 << 20 };

static const char zeros[ZERO_BYTES];

/* libarchive has no text, "(null)" or zlib's number where a piece of a split archive ends. `fatal`:
 * it gives nothing more. */
static tide_status archive_fail(tide_level *l, bool fatal) {
  tide_span text = tide_span_trim(tide_span_of(archive_error_string(l->archive)));
  /* Where opening failed, version 3.6.2 would look beyond its table of formats. */
  if (l->opened && archive_read_has_encrypted_entries(l->archive) == 1)
    return tide_level_fail(l, "not read",
                           fatal && l->members
                               ? "encrypted: no password is known; what follows is lost too"
                               : "encrypted: no password is known");
  if (!text.len || tide_span_equal(text, SPAN("(null)")) ||
      tide_span_equal(text, SPAN("ZIP decompression failed (-5)")))
    text = SPAN("it is cut short, or one piece of several");
  char reason[256];
  snprintf(reason, sizeof reason, "%.*s", (int)text.len, text.ptr);
  return tide_level_fail(l, "damaged", reason);
}

/* Is more to be read for a member's head than any has? Zeros after a tar's end mark are passed
 * over in the search for a head. A list of all members is as long as it is. */
static tide_status archive_count_head(tide_level *l, size_t size) {
  if (!l->in_head || l->indexed)
    return TIDE_OK;
  l->head_bytes = l->zeros >= TAR_MARK ? 0 : l->head_bytes + size;
  if (l->head_bytes <= TIDE_LIMIT_MEMBER_HEAD)
    return TIDE_OK;
  char reason[96];
  snprintf(reason, sizeof reason, "the head of a member is longer than %u MiB",
           TIDE_LIMIT_MEMBER_HEAD >> 20);
  return tide_level_fail(l, "not read to its end", reason);
}

static la_ssize_t callback_read(struct archive *a, void *context, const void **bytes) {
  tide_level *l = context;
  tide_span span = SPAN("");
  tide_status status = tide_level_source(l, &span);
  if (status == TIDE_OK)
    status = archive_count_head(l, span.len);
  *bytes = span.ptr;
  if (status == TIDE_OK)
    return (la_ssize_t)span.len;
  if (status == TIDE_END)
    return 0;
  archive_set_error(a, EIO, "%s", status == TIDE_FATAL ? "out of memory" : l->why.text);
  return -1;
}

static la_int64_t callback_seek(struct archive *a, void *context, la_int64_t offset, int whence) {
  tide_level *l = context;
  (void)a;
  if (!l->in_memory) {
    int64_t at = tide_input_seek(&l->owner->input, offset, whence);
    return at < 0 ? ARCHIVE_FATAL : at;
  }
  int64_t from = 0, size = (int64_t)l->head.len;
  if (whence == SEEK_CUR)
    from = (int64_t)l->head_at;
  if (whence == SEEK_END)
    from = size;
  if (offset < -from || offset > size - from)
    return ARCHIVE_FATAL;
  l->head_at = (size_t)(from + offset);
  return from + offset;
}

tide_status tide_level_archive_open(tide_level *l, bool seeks) {
  struct archive *a = l->archive = archive_read_new();
  l->entry = a ? archive_entry_new2(a) : NULL;
  if (!l->entry)
    return tide_unpack_no_memory(l->owner);
  if (l->kind->filter) {
    archive_read_support_filter_by_code(a, l->kind->filter);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
  } else {
    archive_read_support_format_by_code(a, l->kind->format);
    /* What comes after an end mark is read too: tars are joined by cat. */
    archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
  }
  /* Without room for it archive_read_open1 would follow a null pointer. */
  if (archive_read_set_callback_data(a, l) != ARCHIVE_OK)
    return tide_unpack_no_memory(l->owner);
  archive_read_set_read_callback(a, callback_read);
  l->indexed = seeks && (l->kind->seeks || l->kind->format == ARCHIVE_FORMAT_ZIP);
  if (seeks)
    archive_read_set_seek_callback(a, callback_seek);
  int r = archive_read_open1(a);
  l->opened = r >= ARCHIVE_WARN;
  if (l->kind->format && r >= ARCHIVE_WARN)
    return TIDE_OK;
  if (r >= ARCHIVE_WARN)
    r = archive_read_next_header2(a, l->entry);
  if (l->owner->memory_out)
    return TIDE_FATAL;
  if (l->failed)
    return TIDE_FAIL;
  /* What fails at its first byte is taken for empty: that it failed is known all the same. */
  l->empty = r == ARCHIVE_EOF && archive_errno(a) == 0;
  /* It would open compressed files within this one too, past the limit on levels. */
  enum { FILTERS = 2 };
  if (archive_filter_count(a) > FILTERS)
    return tide_level_fail(l, "not read", "it is packed so more than once");
  if (l->empty || (r >= ARCHIVE_WARN && archive_filter_code(a, 0) == l->kind->filter))
    return TIDE_OK;
  return archive_fail(l, false);
}

static tide_status archive_failed(tide_level *l, int r) {
  if (l->owner->memory_out)
    return TIDE_FATAL;
  if (l->failed)
    return TIDE_FAIL; /* what it reads from failed */
  archive_fail(l, r <= ARCHIVE_FATAL);
  l->failed = r <= ARCHIVE_FATAL;
  return TIDE_FAIL;
}

/* The next member's head; what is left of the member before is passed over first, as what is read
 * for that is no head. What is wrong there is said, and the next call goes on after it. */
static int archive_head(tide_level *l) {
  int r = l->in_member ? archive_read_data_skip(l->archive) : ARCHIVE_OK;
  l->in_member = false;
  if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
    return r;
  l->in_head = true;
  l->head_bytes = 0;
  const la_int64_t taken = archive_filter_bytes(l->archive, 0);
  l->taken = taken > 0 ? (uint64_t)taken : 0;
  /* In the locale C it drops a zip's names of other letters. */
  const locale_t before = l->owner->utf8 ? uselocale(l->owner->utf8) : (locale_t)0;
  r = archive_read_next_header2(l->archive, l->entry);
  if (before)
    uselocale(before);
  l->in_member = r == ARCHIVE_OK || r == ARCHIVE_WARN;
  return r;
}

tide_status tide_level_archive_block(tide_level *l, tide_span *out) {
  if (l->empty)
    return TIDE_END;
  if (l->refused) {
    l->why = l->refusal;
    return TIDE_FAIL;
  }
  if (l->most && l->at >= l->most) {
    tide_status status =
        tide_level_fail(l, "not read to its end", "how much memory it takes is not known");
    l->failed = !archive_entry_size_is_set(l->entry);
    return status;
  }
  if (!l->waiting.len) {
    const void *bytes = NULL;
    size_t size = 0;
    la_int64_t offset = (la_int64_t)l->at;
    int r;
    do
      r = archive_read_data_block(l->archive, &bytes, &size, &offset);
    while (r == ARCHIVE_OK && size == 0);
    l->in_head = false;
    if (r == ARCHIVE_EOF && l->warned) {
      l->warned = false;
      return TIDE_FAIL;
    }
    if (r == ARCHIVE_EOF && l->at < l->size) {
      l->size = 0;
      tide_status status =
          tide_level_fail(l, "not read to its end", "there it has nothing but a hole");
      l->failed = false;
      return status;
    }
    if (r == ARCHIVE_EOF)
      return TIDE_END;
    if (r != ARCHIVE_OK) {
      tide_status status = archive_failed(l, r);
      /* zip finds that a sum is wrong when it has the last bytes: they are given first. */
      if (status == TIDE_FATAL || size == 0 || (r != ARCHIVE_WARN && r != ARCHIVE_FAILED))
        return status;
      l->warned = true;
    }
    l->waiting = tide_span_make(bytes, size);
    l->hole = (uint64_t)offset > l->at ? (uint64_t)offset - l->at : 0;
  }
  if (l->hole) {
    size_t size = l->hole < ZERO_BYTES ? (size_t)l->hole : ZERO_BYTES;
    *out = tide_span_make(zeros, size);
    l->hole -= size;
  } else {
    *out = l->waiting;
    l->waiting.len = 0;
  }
  l->at += out->len;
  return TIDE_OK;
}

/* What is wrong though its head was read; NULL: nothing. A name of other letters is no damage. */
static const char *head_warning(tide_level *l, int r) {
  const tide_span text = tide_span_of(r == ARCHIVE_WARN ? archive_error_string(l->archive) : NULL);
  if (tide_span_starts(text, SPAN("Skipped "))) /* cpio */
    return "what comes before it is damaged, and not read";
  if (tide_span_starts(text, SPAN("Ignoring malformed pax")))
    return "its head is damaged: its name may be another";
  return NULL;
}

/* Does something follow the archive's end? Of a zip only another zip: its list is no member. */
static bool is_more(const tide_level *l, tide_span rest) {
  if (l->kind->format == ARCHIVE_FORMAT_ZIP)
    return tide_span_find(rest, SPAN("PK\x03\x04")) < rest.len;
  return (l->kind->format == ARCHIVE_FORMAT_CPIO || l->kind->format == ARCHIVE_FORMAT_AR) &&
         tide_zeros_at_end(rest) < rest.len;
}

/* After an archive's end: its source is read to its end too, for the sums that are there, and for
 * what libarchive does not look at. */
static tide_status archive_drain(tide_level *l) {
  tide_status status = TIDE_END;
  if (!l->in_memory && !l->indexed) {
    tide_span rest = tide_level_rest(l);
    do {
      l->more |= is_more(l, rest);
      if (l->kind->format == ARCHIVE_FORMAT_ZIP && tide_level_zip_keep(l, rest) != TIDE_OK)
        return tide_unpack_no_memory(l->owner);
    } while ((status = tide_level_source(l, &rest)) == TIDE_OK);
  }
  if (status == TIDE_END && l->kind->format == ARCHIVE_FORMAT_TAR && l->zeros < TIDE_TAR_BLOCK)
    return tide_level_fail(l, "damaged", "it has no end mark: perhaps it is cut short");
  if (status == TIDE_END && l->more)
    return tide_level_fail(l, "damaged", "what follows its end is cut short, or something else");
  if (status == TIDE_END && l->kind->format == ARCHIVE_FORMAT_ZIP && !tide_level_zip_ends(l))
    return tide_level_fail(l, "damaged",
                           "its list of files is cut short, or something else follows it");
  return status;
}

/* Says in how many more places it is damaged than were said one by one. */
static tide_status archive_end(tide_level *l) {
  char reason[64];
  if (l->damages <= TIDE_LIMIT_DAMAGES)
    return archive_drain(l);
  snprintf(reason, sizeof reason, "in %llu more places",
           (unsigned long long)(l->damages - TIDE_LIMIT_DAMAGES));
  l->damages = 0;
  tide_status status = tide_level_fail(l, "damaged", reason);
  l->failed = false;
  return status;
}

/* GNU tar keeps of a directory what was in it, in incremental archives: names, each behind a
 * letter and with a NUL at its end (its manual, "Dumpdir"). */
static bool is_dump(tide_level *l) {
  tide_span names;
  if (l->kind->format != ARCHIVE_FORMAT_TAR || tide_level_archive_block(l, &names) != TIDE_OK)
    return false;
  return names.len && names.ptr[names.len - 1] == '\0' && memchr("YNDRTX", names.ptr[0], 6);
}

/* A tar that was filled up with a piece of a block: what is wrong there is after its end, and that
 * is so where nothing but zeros is from the head on that could not be read. That there is no
 * memory is no end. */
static bool is_behind_end(const tide_level *l) {
  return l->kind->format == ARCHIVE_FORMAT_TAR && l->zeros >= TAR_MARK &&
         l->given <= l->taken + l->zeros && archive_errno(l->archive) != ENOMEM;
}

static tide_member_kind member_kind(struct archive_entry *entry) {
  if (archive_entry_hardlink(entry) || archive_entry_hardlink_utf8(entry))
    return TIDE_MEMBER_LINK;
  switch (archive_entry_filetype(entry)) {
  case AE_IFREG:
  case 0: /* formats that know nothing else */ return TIDE_MEMBER_FILE;
  case AE_IFDIR: return TIDE_MEMBER_DIRECTORY;
  case AE_IFLNK: return TIDE_MEMBER_LINK;
  default: return TIDE_MEMBER_SPECIAL;
  }
}

/* Puts the member's name after the container's. "./" before a name says nothing. */
static tide_status path_extend(const tide_level *l, struct archive_entry *entry) {
  tide_unpack *u = l->owner;
  /* Names that are not UTF-8 are given as they are only. */
  const char *name = archive_entry_pathname_utf8(entry);
  if (!name)
    name = archive_entry_pathname(entry);
  if (!name || !*name)
    name = "(unnamed)";
  while (name[0] == '.' && name[1] == '/')
    name += 2;
  u->path.len = l->path_len;
  if (tide_buffer_putc(&u->path, '/') != TIDE_OK ||
      tide_buffer_put(&u->path, tide_span_make(name, strlen(name) + 1)) != TIDE_OK)
    return tide_unpack_no_memory(u);
  u->path.len--;
  return TIDE_OK;
}

/* Is it the first name that was there before? Where names are too many, it is not asked. */
static tide_status archive_check_name(tide_level *l, tide_span name, const char **odd) {
  const uint64_t hash = tide_hash(name);
  bool added = true;
  if (l->repeats || l->names.count == NAMES_MOST)
    return TIDE_OK;
  if (tide_pairs_add(&l->names, (uint32_t)(hash >> 33), (uint32_t)hash, &added) != TIDE_OK)
    return tide_unpack_no_memory(l->owner);
  l->repeats = !added;
  if (l->repeats)
    *odd = "its name occurs twice in the archive: both are read";
  return TIDE_OK;
}

tide_status tide_level_archive_next(tide_level *l, tide_member *out) {
  const tide_unpack *u = l->owner;
  if (l->members++ == TIDE_LIMIT_MEMBERS)
    return tide_level_fail(l, "not read to its end", "it has too many files");
  for (;;) {
    struct archive_entry *entry = l->entry;
    int r = archive_head(l);
    if (l->failed)
      return TIDE_FAIL;
    if (r == ARCHIVE_FATAL && is_behind_end(l))
      r = ARCHIVE_EOF;
    /* rar: what begins like one, and is none. */
    if (r == ARCHIVE_EOF && !l->files)
      return tide_level_fail(l, "not read", "it has no files");
    if (r == ARCHIVE_EOF)
      return archive_end(l);
    /* tar: what is no header is passed over until there is one again. That is said once. */
    if (r == ARCHIVE_RETRY && (l->retries++ || ++l->damages > TIDE_LIMIT_DAMAGES))
      continue;
    if (r == ARCHIVE_FAILED && l->retries++ > RETRIES)
      r = ARCHIVE_FATAL;
    if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
      return archive_failed(l, r);
    l->retries = 0;
    if (path_extend(l, entry) != TIDE_OK)
      return TIDE_FATAL;
    out->path = u->path.ptr;
    out->kind = member_kind(entry);
    l->files += out->kind != TIDE_MEMBER_DIRECTORY;
    tide_level_zip_judge(l);
    /* Of a rar before version 5 libarchive gives the encrypted bytes. */
    if (l->kind->format == ARCHIVE_FORMAT_RAR && archive_entry_is_data_encrypted(entry)) {
      l->refused = true;
      tide_error_set(&l->refusal, TIDE_FAIL, "not read (rar): encrypted: no password is known");
    }
    if (l->members == 1 && tide_level_zip_is_second(l))
      l->first = "what comes before it is not in the archive's list, and not read";
    l->size = archive_entry_sparse_count(entry) ? (uint64_t)archive_entry_size(entry) : 0;
    out->odd = l->first ? l->first : head_warning(l, r);
    l->first = NULL;
    if (out->kind == TIDE_MEMBER_DIRECTORY && archive_entry_size(entry) > 0 && !is_dump(l))
      out->odd = "it is a directory and has content, which is not read";
    if (out->kind != TIDE_MEMBER_FILE)
      return TIDE_OK;
    return archive_check_name(l, tide_span_of(u->path.ptr + out->own), &out->odd);
  }
}
