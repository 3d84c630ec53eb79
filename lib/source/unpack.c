/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Containers within containers are levels: each takes its bytes from the member that the level
 * below it stands at, and gives members of its own. A level is either a compressed file (gzip, xz),
 * which has one member, or an archive (tar, zip). libarchive reads archives and what is compressed
 * in ways that codec.c does not know.
 *
 * What is given is borrowed from the library's own buffers, so that a level costs no copy. */
#include "unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/invariant.h"
#include "base/limits.h"
#include "base/map.h"
#include "listing.h"

enum {
  READ_BYTES = 256 << 10,
  ZERO_BYTES = 64 << 10,
  RETRIES = 1000,
  TAR_BLOCK = 512,
  TAR_MARK = 1024,
  NAMES_MOST = 1 << 20
};

typedef struct level {
  tide_unpack *owner;
  const tide_packed *kind;
  size_t path_len; /* of the container's path */
  /* where its bytes come from */
  tide_buffer head; /* first this, */
  size_t head_at;
  size_t zeros;   /* that what was read so far ends in */
  tide_span last; /* what was read last, */
  uint64_t given; /* how much was read so far, */
  uint64_t taken; /* and how much of that before the head that was read last */
  bool in_memory; /* and nothing else: then it can be gone back and forth in */
  /* an archive, or a compressed file that libarchive reads */
  struct archive *archive;
  struct archive_entry *entry; /* the member's header */
  bool indexed;                /* its list of members stands at its end, and is sought there */
  bool opened;                 /* or it knows nothing, not even whether it is encrypted */
  uint64_t at;                 /* in the member */
  tide_span waiting;
  uint64_t hole;     /* zeros before what waits */
  uint64_t size;     /* of a member with holes, else 0: its data may end before it does */
  bool in_member;    /* its head was read, and it was not passed over */
  bool in_head;      /* neither its head nor any of its bytes was given yet: what is read */
  size_t head_bytes; /* for that is counted here */
  tide_pairs names;  /* hashes of the members' names */
  bool repeats;      /* one came twice */
  const char *first; /* what is wrong with its first member, and not yet said */
  bool more;         /* something follows its end */
  uint64_t told;     /* the most memory that a member asked for so far */
  bool refused;      /* the member asks for too much memory, as `refusal` says */
  uint64_t most;     /* bytes that the member may give, for what memory it takes is not known; 0 */
  tide_error refusal;
  bool warned; /* something was wrong with the member's bytes */
  bool empty;  /* a filter that holds nothing */
  /* a compressed file that codec.c reads */
  tide_codec *codec;
  tide_span packed; /* what is still to be unpacked of what was read */
  bool waits;       /* it needs more than that */
  bool began, end,
      fresh;    /* it has bytes; and gives no more; nothing of this stream was given yet */
  bool between; /* one stream is over, and no other began */
  /* how it stands */
  bool gave_whole; /* its only member was given */
  bool failed;     /* nothing more can be had of it */
  bool over;       /* because of a limit */
  bool said;       /* and that was said */
  unsigned retries;
  uint64_t members, files; /* met so far; files: that are no directories */
  tide_error why;          /* of what failed */
} level;

struct tide_unpack {
  tide_input input;
  bool seeks;
  char *read; /* what was read of the input last */
  tide_buffer path;
  level levels[TIDE_LIMIT_CONTAINERS];
  size_t depth;
  locale_t utf8;         /* in which libarchive keeps names of all letters; 0: there is none */
  uint64_t taken, given; /* bytes read of the file, bytes unpacked at all levels */
  uint64_t asked;        /* bytes of memory, more than is usual, that was not told yet */
  bool memory_out;
};

static const char zeros[ZERO_BYTES];

static tide_status level_block(level *l, tide_span *out);

static tide_status out_of_memory(tide_unpack *u) {
  u->memory_out = true;
  return TIDE_FATAL;
}

/* `what` became of it: "damaged". */
static tide_status level_fail(level *l, const char *what, const char *reason) {
  l->failed = true;
  l->said = false;
  return tide_error_set(&l->why, TIDE_FAIL, "%s (%s): %s", what, l->kind->name, reason);
}

/* libarchive has no text, "(null)" or zlib's number where a piece of a split archive ends. `fatal`:
 * it gives nothing more. */
static tide_status level_fail_archive(level *l, bool fatal) {
  tide_span text = tide_span_trim(tide_span_of(archive_error_string(l->archive)));
  /* Where opening failed, version 3.6.2 would look beyond its table of formats. */
  if (l->opened && archive_read_has_encrypted_entries(l->archive) == 1)
    return level_fail(l, "not read",
                      fatal && l->members
                          ? "encrypted: no password is known; what follows is lost too"
                          : "encrypted: no password is known");
  if (!text.len || tide_span_equal(text, SPAN("(null)")) ||
      tide_span_equal(text, SPAN("ZIP decompression failed (-5)")))
    text = SPAN("it is cut short, or one piece of several");
  char reason[256];
  snprintf(reason, sizeof reason, "%.*s", (int)text.len, text.ptr);
  return level_fail(l, "damaged", reason);
}

/* --- where a level's bytes come from --- */

/* How many zeros s ends in. */
static size_t zeros_at_end(tide_span s) {
  size_t count = 0;
  while (count < s.len && !s.ptr[s.len - 1 - count])
    count++;
  return count;
}

static tide_status level_source_any(level *l, tide_span *out) {
  tide_unpack *u = l->owner;
  if (l->head_at < l->head.len) {
    *out = tide_span_slice(tide_buffer_span(&l->head), l->head_at, l->head.len);
    l->head_at = l->head.len;
    return TIDE_OK;
  }
  if (l->in_memory)
    return TIDE_END;
  if (l != u->levels) {
    level *below = l - 1;
    tide_status status = level_block(below, out);
    if (status == TIDE_FAIL) {
      l->failed = true;
      l->said = below->said;
      l->why = below->why;
      below->said = true;
    }
    return status;
  }
  tide_buffer read = {.ptr = u->read, .cap = READ_BYTES};
  tide_error err;
  tide_status status = tide_input_read(&u->input, &read, READ_BYTES, &err);
  u->taken += read.len;
  *out = tide_buffer_span(&read);
  if (status == TIDE_FAIL)
    return level_fail(l, "lost", err.text);
  if (status == TIDE_FATAL)
    return out_of_memory(u);
  return status;
}

/* GNU tar's volumes after the first begin with what is left of a member: a head of type M, or in
 * POSIX's form fields that say so (tar's manual, "Multi-volume archives"). A label may come first.
 */
static bool is_later_piece(tide_span tar) {
  enum { TYPE_AT = 156, HEADS = 4 };
  if (tar.len < TAR_BLOCK)
    return false;
  const size_t at = tar.ptr[TYPE_AT] == 'V' ? TAR_BLOCK : 0;
  const tide_span heads = tide_span_slice(tar, at, at + HEADS * TAR_BLOCK);
  return (heads.len > TYPE_AT && heads.ptr[TYPE_AT] == 'M') ||
         tide_span_find(heads, SPAN(" GNU.volume.offset=")) < heads.len;
}

/* The next bytes of what the level reads. TIDE_OK, TIDE_END, TIDE_FAIL with l->why, TIDE_FATAL. */
static tide_status level_source(level *l, tide_span *out) {
  TIDE_TRY(level_source_any(l, out));
  if (l->given == 0 && l->kind->format == ARCHIVE_FORMAT_TAR && is_later_piece(*out))
    l->first = "it began in the piece before this one, where its head is";
  l->last = *out;
  l->given += out->len;
  if (l->kind->format != ARCHIVE_FORMAT_TAR)
    return TIDE_OK;
  const size_t zeros_there = zeros_at_end(*out);
  l->zeros = zeros_there == out->len ? l->zeros + zeros_there : zeros_there;
  return TIDE_OK;
}

/* Is more to be read for a member's head than any has? Zeros after a tar's end mark are passed
 * over in the search for a head. A list of all members is as long as it is. */
static tide_status level_head_count(level *l, size_t size) {
  if (!l->in_head || l->indexed)
    return TIDE_OK;
  l->head_bytes = l->zeros >= TAR_MARK ? 0 : l->head_bytes + size;
  if (l->head_bytes <= TIDE_LIMIT_MEMBER_HEAD)
    return TIDE_OK;
  char reason[96];
  snprintf(reason, sizeof reason, "the head of a member is longer than %u MiB",
           TIDE_LIMIT_MEMBER_HEAD >> 20);
  return level_fail(l, "not read to its end", reason);
}

static la_ssize_t callback_read(struct archive *a, void *context, const void **bytes) {
  level *l = context;
  tide_span span = SPAN("");
  tide_status status = level_source(l, &span);
  if (status == TIDE_OK)
    status = level_head_count(l, span.len);
  *bytes = span.ptr;
  if (status == TIDE_OK)
    return (la_ssize_t)span.len;
  if (status == TIDE_END)
    return 0;
  archive_set_error(a, EIO, "%s", status == TIDE_FATAL ? "out of memory" : l->why.text);
  return -1;
}

static la_int64_t callback_seek(struct archive *a, void *context, la_int64_t offset, int whence) {
  level *l = context;
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

/* --- levels that libarchive reads --- */

static tide_status archive_open(level *l, bool seeks) {
  struct archive *a = l->archive = archive_read_new();
  l->entry = a ? archive_entry_new2(a) : NULL;
  if (!l->entry)
    return out_of_memory(l->owner);
  if (l->kind->filter) {
    archive_read_support_filter_by_code(a, l->kind->filter);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
  } else {
    archive_read_support_format_by_code(a, l->kind->format);
    /* What stands after an end mark is read too: tars are joined by cat. */
    archive_read_set_format_option(a, "tar", "read_concatenated_archives", "1");
  }
  /* Without room for it archive_read_open1 would follow a null pointer. */
  if (archive_read_set_callback_data(a, l) != ARCHIVE_OK)
    return out_of_memory(l->owner);
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
    return level_fail(l, "not read", "it is packed so more than once");
  if (l->empty || (r >= ARCHIVE_WARN && archive_filter_code(a, 0) == l->kind->filter))
    return TIDE_OK;
  return level_fail_archive(l, false);
}

static tide_status archive_failed(level *l, int r) {
  if (l->owner->memory_out)
    return TIDE_FATAL;
  if (l->failed)
    return TIDE_FAIL; /* what it reads from failed */
  level_fail_archive(l, r <= ARCHIVE_FATAL);
  l->failed = r <= ARCHIVE_FATAL;
  return TIDE_FAIL;
}

/* The next member's head; what is left of the member before is passed over first, as what is read
 * for that is no head. What is wrong there is said, and the next call goes on after it. */
static int archive_next(level *l) {
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

static tide_status archive_block(level *l, tide_span *out) {
  if (l->empty)
    return TIDE_END;
  if (l->refused) {
    l->why = l->refusal;
    return TIDE_FAIL;
  }
  if (l->most && l->at >= l->most) {
    tide_status status =
        level_fail(l, "not read to its end", "how much memory it takes is not known");
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
      tide_status status = level_fail(l, "not read to its end", "there it has nothing but a hole");
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

/* --- compressed files --- */

/* Its window and what belongs to it take so much memory. */
static tide_status level_ask(level *l, uint64_t bytes) {
  if (bytes > TIDE_LIMIT_UNPACK_MEMORY) {
    char reason[96];
    snprintf(reason, sizeof reason, "it asks for %llu MiB of memory, and may take %u",
             (unsigned long long)bytes >> 20, TIDE_LIMIT_UNPACK_MEMORY >> 20);
    return level_fail(l, "not read", reason);
  }
  if (bytes > TIDE_UNPACK_MEMORY_USUAL)
    l->owner->asked = bytes;
  return TIDE_OK;
}

/* After a whole stream there may be another, and zeros that fill a tape's block. */
static tide_status codec_go_on(level *l) {
  size_t zeros_there = 0;
  while (zeros_there < l->packed.len && !l->packed.ptr[zeros_there])
    zeros_there++;
  l->packed = tide_span_slice(l->packed, zeros_there, l->packed.len);
  l->waits = !l->packed.len;
  if (l->waits)
    return TIDE_OK;
  l->between = false;
  l->fresh = true;
  const tide_status status = tide_codec_again(l->codec);
  if (status == TIDE_FATAL)
    return out_of_memory(l->owner);
  return status == TIDE_OK ? TIDE_OK
                           : level_fail(l, "damaged", "what follows its end is something else");
}

/* What is wrong, if it is. */
static tide_status codec_judge(level *l, const tide_codec_said *said) {
  switch (said->news) {
  case TIDE_CODEC_MORE: break;
  case TIDE_CODEC_END: l->between = true; break;
  case TIDE_CODEC_OTHER:
    if (l->fresh)
      return level_fail(l, "damaged", "what follows its end is something else");
    return level_fail(l, "damaged", "its head is wrong");
  case TIDE_CODEC_DAMAGED:
    return level_fail(l, "damaged", said->why ? said->why : "no reason is given");
  case TIDE_CODEC_REFUSED: return level_fail(l, "not read", said->why);
  case TIDE_CODEC_MEMORY: return out_of_memory(l->owner);
  }
  if (!said->asks)
    return TIDE_OK;
  TIDE_TRY(level_ask(l, said->asks));
  return tide_codec_allow(l->codec, said->asks) == TIDE_OK ? TIDE_OK : out_of_memory(l->owner);
}

/* The source has no more: that is as it should be after a stream, or where there is nothing. */
static tide_status codec_ended(level *l) {
  l->end = true;
  if (l->between || !l->began)
    return TIDE_END;
  return level_fail(l, "damaged",
                    l->fresh ? "what follows its end is cut short, or something else"
                             : "it is cut short");
}

static tide_status codec_block(level *l, tide_span *out) {
  while (!l->end) {
    if (l->waits) {
      const tide_status status = level_source(l, &l->packed);
      if (status == TIDE_END)
        return codec_ended(l);
      TIDE_TRY(status);
      l->began = true;
      l->waits = false;
    }
    if (l->between) {
      const tide_status status = codec_go_on(l);
      l->end = status != TIDE_OK;
      TIDE_TRY(status);
      continue;
    }
    const tide_codec_said said = tide_codec_step(l->codec, &l->packed);
    const tide_status status = codec_judge(l, &said);
    l->waits = said.waits;
    l->fresh &= !said.out.len;
    l->end = status != TIDE_OK;
    if (status == TIDE_FATAL)
      return status;
    if (said.out.len) {
      *out = said.out;
      return TIDE_OK;
    }
    TIDE_TRY(status);
  }
  return l->failed ? TIDE_FAIL : TIDE_END;
}

static tide_status codec_open(level *l) {
  l->waits = true;
  return tide_codec_open(&l->codec, l->kind->codec) == TIDE_OK ? TIDE_OK : out_of_memory(l->owner);
}

/* --- levels --- */

static void level_close(level *l) {
  archive_entry_free(l->entry);
  archive_read_free(l->archive);
  tide_codec_close(l->codec);
  tide_buffer_free(&l->head);
  tide_pairs_free(&l->names);
  *l = (level){0};
}

/* The next bytes of the member that the level stands at. */
static tide_status level_block(level *l, tide_span *out) {
  tide_unpack *u = l->owner;
  if (l->over)
    return TIDE_FAIL;
  TIDE_TRY(l->kind->codec ? codec_block(l, out) : archive_block(l, out));
  u->given += out->len;
  if (u->given <= TIDE_LIMIT_UNPACKED_FREE ||
      u->given - TIDE_LIMIT_UNPACKED_FREE <= u->taken * TIDE_LIMIT_UNPACKED_RATIO)
    return TIDE_OK;
  char reason[96];
  snprintf(reason, sizeof reason, "it unpacks to more than %u times its size",
           TIDE_LIMIT_UNPACKED_RATIO);
  l->over = true;
  return level_fail(l, "not read to its end", reason);
}

/* Reads all of the source, so that it can be gone back and forth in. */
static tide_status level_hold(level *l) {
  tide_span block;
  tide_status status;
  tide_buffer all = {0};
  while ((status = level_source(l, &block)) == TIDE_OK) {
    if (all.len + block.len > TIDE_LIMIT_HELD) {
      char reason[160];
      snprintf(reason, sizeof reason,
               "its list of files is at its end, and from a pipe or a container no more than %u "
               "MiB are held in memory: save it to a file",
               TIDE_LIMIT_HELD >> 20);
      tide_buffer_free(&all);
      return level_fail(l, "not read", reason);
    }
    if (tide_buffer_put(&all, block) != TIDE_OK) {
      tide_buffer_free(&all);
      return out_of_memory(l->owner);
    }
  }
  tide_buffer_free(&l->head);
  l->head = all;
  l->head_at = 0;
  l->in_memory = true;
  return status == TIDE_END ? TIDE_OK : status;
}

static tide_status level_open(tide_unpack *u, const tide_packed *kind, tide_span head) {
  TIDE_INVARIANT(u->depth < sizeof u->levels / sizeof *u->levels);
  level *l = &u->levels[u->depth++];
  *l = (level){.owner = u, .kind = kind, .path_len = u->path.len};
  if (tide_buffer_put(&l->head, head) != TIDE_OK)
    return out_of_memory(u);
  bool seeks = l == u->levels && u->seeks;
  if (kind->seeks && !seeks) {
    tide_status status = level_hold(l);
    if (status != TIDE_OK)
      return status;
    seeks = true;
  }
  if (kind->seeks) {
    tide_error err;
    tide_listing listing;
    const tide_span held = l->in_memory ? tide_buffer_span(&l->head) : (tide_span){0};
    tide_status status = tide_listing_check(held, &u->input, &listing, &err);
    if (status == TIDE_FATAL)
      return out_of_memory(u);
    if (status != TIDE_OK)
      return level_fail(l, "not read", err.text);
    l->more = listing.more;
    TIDE_TRY(level_ask(l, listing.memory));
  }
  return kind->codec ? codec_open(l) : archive_open(l, seeks);
}

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
  u->read = malloc(READ_BYTES);
  if (!u->read || tide_buffer_put(&u->path, tide_span_make(path, strlen(path) + 1)) != TIDE_OK) {
    tide_unpack_close(u);
    return TIDE_FATAL;
  }
  u->path.len--;
  if (level_open(u, kind, head) == TIDE_FATAL) {
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
  tide_status status = level_open(u, kind, head);
  return status == TIDE_FATAL ? TIDE_FATAL : TIDE_OK;
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
static tide_status path_extend(tide_unpack *u, const level *l, struct archive_entry *entry) {
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
    return out_of_memory(u);
  u->path.len--;
  return TIDE_OK;
}

/* What stands behind what was taken of the source so far, as far as that was read. */
static tide_span level_rest(const level *l) {
  const la_int64_t taken = archive_filter_bytes(l->archive, 0);
  const uint64_t left = taken >= 0 && (uint64_t)taken < l->given ? l->given - (uint64_t)taken : 0;
  const size_t len = left < l->last.len ? (size_t)left : l->last.len;
  return tide_span_slice(l->last, l->last.len - len, l->last.len);
}

/* Does something follow the archive's end? Of a zip only another zip: its list is no member. */
static bool is_more(const level *l, tide_span rest) {
  if (l->kind->format == ARCHIVE_FORMAT_ZIP)
    return tide_span_find(rest, SPAN("PK\x03\x04")) < rest.len;
  return (l->kind->format == ARCHIVE_FORMAT_CPIO || l->kind->format == ARCHIVE_FORMAT_AR) &&
         zeros_at_end(rest) < rest.len;
}

/* After an archive's end: its source is read to its end too, for the sums that stand there, and for
 * what libarchive does not look at. */
static tide_status level_drain(level *l) {
  tide_status status = TIDE_END;
  if (!l->in_memory && !l->indexed) {
    tide_span rest = level_rest(l);
    l->more |= is_more(l, rest);
    while ((status = level_source(l, &rest)) == TIDE_OK)
      l->more |= is_more(l, rest);
  }
  if (status == TIDE_END && l->kind->format == ARCHIVE_FORMAT_TAR && l->zeros < TAR_BLOCK)
    return level_fail(l, "damaged", "it has no end mark: perhaps it is cut short");
  if (status == TIDE_END && l->more)
    return level_fail(l, "damaged", "what follows its end is cut short, or something else");
  return status;
}

/* Is it the first name that was there before? Where names are too many, it is not asked. */
static tide_status level_name(level *l, tide_span name, const char **odd) {
  const uint64_t hash = tide_hash(name);
  bool added = true;
  if (l->repeats || l->names.count == NAMES_MOST)
    return TIDE_OK;
  if (tide_pairs_add(&l->names, (uint32_t)(hash >> 33), (uint32_t)hash, &added) != TIDE_OK)
    return out_of_memory(l->owner);
  l->repeats = !added;
  if (l->repeats)
    *odd = "its name occurs twice in the archive: both are read";
  return TIDE_OK;
}

/* GNU tar keeps of a directory what stood in it, in incremental archives: names, each behind a
 * letter and with a NUL at its end (its manual, "Dumpdir"). */
static bool is_dump(level *l) {
  tide_span names;
  if (l->kind->format != ARCHIVE_FORMAT_TAR || archive_block(l, &names) != TIDE_OK)
    return false;
  return names.len && names.ptr[names.len - 1] == '\0' && memchr("YNDRTX", names.ptr[0], 6);
}

/* A tar that was filled up with a piece of a block: what is wrong there is after its end, and that
 * is so where nothing but zeros stands from the head on that could not be read. That there is no
 * memory is no end. */
static bool is_behind_end(const level *l) {
  return l->kind->format == ARCHIVE_FORMAT_TAR && l->zeros >= TAR_MARK &&
         l->given <= l->taken + l->zeros && archive_errno(l->archive) != ENOMEM;
}

/* --- zip: libarchive lets LZMA, xz and PPMd take what they ask for --- */

/* What a member's data begin with; less than `most` bytes where they go on in a block that was not
 * read yet. */
static tide_span zip_begin(level *l, tide_buffer *space, size_t most) {
  tide_error err;
  const la_int64_t at = archive_filter_bytes(l->archive, 0);
  if (!l->indexed)
    return level_rest(l);
  if (at < 0 || tide_input_read_at(&l->owner->input, space, most, (uint64_t)at, &err) != TIDE_OK)
    return SPAN("");
  return tide_buffer_span(space);
}

/* The window of LZMA or the model of PPMd, which stand before the data (APPNOTE.TXT 5.8 and 5.10).
 * 0: it is not known, as for xz, whose blocks each have their own. */
static uint64_t zip_memory(tide_span name, tide_span begin) {
  const unsigned char *p = (const unsigned char *)begin.ptr;
  enum { LZMA_BEGIN = 9, PPMD_BEGIN = 2 };
  if (tide_span_find(name, SPAN("lzma")) < name.len && begin.len >= LZMA_BEGIN)
    return (uint64_t)(p[5] | p[6] << 8 | p[7] << 16) | (uint64_t)p[8] << 24 | 1;
  if (tide_span_find(name, SPAN("ppmd")) < name.len && begin.len >= PPMD_BEGIN)
    return (((p[0] | p[1] << 8) >> 4 & 0xffull) + 1) << 20;
  return 0;
}

static bool zip_asks(tide_span name) {
  return tide_span_find(name, SPAN("(lzma")) < name.len ||
         tide_span_find(name, SPAN("(ppmd")) < name.len ||
         tide_span_find(name, SPAN("(xz")) < name.len;
}

/* How much memory does the member ask for? Judged before it is passed over too, as for that it is
 * unpacked where its size is not said. */
static tide_status zip_judge(level *l, tide_span name) {
  enum { BEGIN = 16 };
  tide_buffer space = {0};
  const uint64_t told = l->told;
  uint64_t asks = zip_memory(name, zip_begin(l, &space, BEGIN));
  tide_buffer_free(&space);
  if (!asks && !archive_entry_size_is_set(l->entry))
    return level_fail(l, "not read", "how much memory it takes is not known");
  if (!asks) {
    /* A window is no larger than what it is a window on. */
    const uint64_t size = (uint64_t)archive_entry_size(l->entry);
    asks = size < TIDE_UNPACK_MEMORY_USUAL ? TIDE_UNPACK_MEMORY_USUAL : size;
    if (asks > TIDE_LIMIT_UNPACK_MEMORY)
      asks = TIDE_LIMIT_UNPACK_MEMORY;
    l->most = asks;
  }
  TIDE_TRY(level_ask(l, asks));
  if (l->owner->asked <= told)
    l->owner->asked = 0;
  else
    l->told = l->owner->asked;
  return TIDE_OK;
}

static void zip_ask(level *l) {
  const tide_span name = tide_span_of(archive_format_name(l->archive));
  l->refused = false;
  l->most = 0;
  if (l->kind->format != ARCHIVE_FORMAT_ZIP || !zip_asks(name) || zip_judge(l, name) == TIDE_OK)
    return;
  l->refusal = l->why;
  l->refused = true;
  l->failed = false;
}

/* What is before the first member of a zip that begins as one with a member, and is not in its
 * list: another zip, to which this one was appended. */
static bool zip_is_second(level *l) {
  enum { HEAD = 30, LENGTHS_AT = 26 };
  tide_error err;
  tide_buffer head = {0};
  const la_int64_t at = archive_filter_bytes(l->archive, 0);
  bool second = false;
  if (l->kind->format == ARCHIVE_FORMAT_ZIP && l->indexed && at >= HEAD &&
      tide_input_read_at(&l->owner->input, &head, HEAD, 0, &err) == TIDE_OK && head.len == HEAD &&
      tide_span_starts(tide_buffer_span(&head), SPAN("PK\x03\x04"))) {
    const unsigned char *p = (const unsigned char *)head.ptr + LENGTHS_AT;
    second = at > HEAD + (p[0] | p[1] << 8) + (p[2] | p[3] << 8);
  }
  tide_buffer_free(&head);
  return second;
}

/* --- members --- */

/* TIDE_END: the level has no more members. */
static tide_status level_next(level *l, tide_member *out) {
  tide_unpack *u = l->owner;
  out->path = u->path.ptr;
  out->own = l->path_len + 1;
  out->odd = NULL;
  l->at = l->hole = 0;
  l->waiting.len = 0;
  l->warned = false;
  if (l->refused && !archive_entry_size_is_set(l->entry))
    level_fail(l, "not read to its end", "where a member ends that asks for so much is not known");
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
  if (l->members++ == TIDE_LIMIT_MEMBERS)
    return level_fail(l, "not read to its end", "it has too many files");
  for (;;) {
    struct archive_entry *entry = l->entry;
    int r = archive_next(l);
    if (l->failed)
      return TIDE_FAIL;
    if (r == ARCHIVE_FATAL && is_behind_end(l))
      r = ARCHIVE_EOF;
    /* rar: what begins like one, and is none. */
    if (r == ARCHIVE_EOF && !l->files)
      return level_fail(l, "not read", "it has no files");
    if (r == ARCHIVE_EOF)
      return level_drain(l);
    /* tar: what is no header is passed over until there is one again. That is said once. */
    if (r == ARCHIVE_RETRY && l->retries++)
      continue;
    if (r == ARCHIVE_FAILED && l->retries++ > RETRIES)
      r = ARCHIVE_FATAL;
    if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
      return archive_failed(l, r);
    l->retries = 0;
    if (path_extend(u, l, entry) != TIDE_OK)
      return TIDE_FATAL;
    out->path = u->path.ptr;
    out->kind = member_kind(entry);
    l->files += out->kind != TIDE_MEMBER_DIRECTORY;
    zip_ask(l);
    if (l->members == 1 && zip_is_second(l))
      l->first = "what stands before it is not in the archive's list, and not read";
    l->size = archive_entry_sparse_count(entry) ? (uint64_t)archive_entry_size(entry) : 0;
    out->odd = l->first;
    l->first = NULL;
    if (out->kind == TIDE_MEMBER_DIRECTORY && archive_entry_size(entry) > 0 && !is_dump(l))
      out->odd = "it is a directory and has content, which is not read";
    if (out->kind != TIDE_MEMBER_FILE)
      return TIDE_OK;
    return level_name(l, tide_span_of(u->path.ptr + out->own), &out->odd);
  }
}

tide_status tide_unpack_next(tide_unpack *u, tide_member *out, tide_error *err) {
  while (u->depth && !u->memory_out) {
    level *l = &u->levels[u->depth - 1];
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
    level_close(l);
    u->depth--;
  }
  return u->memory_out ? TIDE_FATAL : TIDE_END;
}

tide_status tide_unpack_read(tide_unpack *u, tide_span *out, tide_error *err) {
  level *l = &u->levels[u->depth - 1];
  tide_status status = level_block(l, out);
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
    level_close(&u->levels[--u->depth]);
  tide_input_close(&u->input);
  tide_buffer_free(&u->path);
  if (u->utf8)
    freelocale(u->utf8);
  free(u->read);
  free(u);
}
