/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level of containers within containers: it takes its bytes from the member that the level below
 * it is at, and gives members of its own. It is either a compressed file (gzip, xz), which has
 * one member, or an archive (tar, zip). unpack.c walks over the levels, level.c has what all of
 * them do, level_codec.c and level_archive.c what each kind does, and level_open.c chooses. */
#ifndef LIB_SOURCE_LEVEL_H
#define LIB_SOURCE_LEVEL_H

#include <archive.h>
#include <archive_entry.h>

#include "base/limits.h"
#include "base/map.h"
#include "unpack.h"

/* The state of a compressed file, which may be several streams one after the other. */
typedef enum tide_stream {
  TIDE_STREAM_NONE,    /* it had no bytes so far */
  TIDE_STREAM_WITHIN,  /* in the first one, or in one that gave something */
  TIDE_STREAM_BETWEEN, /* one is over, and no other began */
  TIDE_STREAM_FRESH,   /* another began, and gave nothing so far */
  TIDE_STREAM_OVER     /* nothing more comes */
} tide_stream;

typedef struct tide_level {
  tide_unpack *owner;
  const tide_packed *kind;
  tide_status (*block)(struct tide_level *, tide_span *out); /* as its kind does it */
  size_t path_len;                                           /* of the container's path */
  /* where its bytes come from */
  tide_buffer head; /* bytes that were read before the level was opened: they come first */
  size_t head_at;   /* how many of them were given to it */
  bool in_memory;   /* head is all that it reads, so that it can be read in any order */
  tide_span last;   /* the bytes that it was given last */
  uint64_t given;   /* bytes that it was given so far */
  uint64_t taken;   /* how many of those came before the head of the member that was read last */
  size_t zeros;     /* how many zeros the bytes given so far end in */
  /* an archive, or a compressed file that libarchive reads */
  struct archive *archive;
  struct archive_entry *entry; /* the member's header */
  bool indexed;                /* libarchive looks for the list of members at its end */
  bool opened;       /* libarchive could open it; if not, it cannot say whether it is encrypted */
  uint64_t at;       /* offset in the member of the next byte that is given */
  tide_span waiting; /* bytes of the member that were read, and not given yet */
  uint64_t hole;     /* zeros that are given before those */
  uint64_t size;     /* of a member with holes, whose data may end before it does; else 0 */
  bool in_member;    /* a member's head was read, and the member was not passed over */
  bool in_head;      /* from the search for a member's head until its first bytes come */
  size_t head_bytes; /* bytes that libarchive was given in that time */
  tide_pairs names;  /* hashes of the members' names */
  bool repeats;      /* one came twice */
  const char *first; /* what is wrong with its first member, and was not said yet */
  bool more;         /* something follows its end */
  uint64_t told;     /* the most memory that a member asked for so far */
  bool refused;      /* the member is not to be read, as `refusal` says */
  uint64_t most;     /* bytes that the member may give, for what memory it takes is not known; 0 */
  tide_error refusal;
  bool warned; /* something was wrong with the member's bytes */
  bool empty;  /* a filter that holds nothing */
  /* a compressed file that codec.c reads */
  tide_codec *codec;
  tide_span packed; /* what is still to be unpacked of what was read */
  bool waits;       /* it needs more than that */
  tide_stream stream;
  /* its state */
  bool gave_whole; /* its only member was given */
  bool failed;     /* nothing more can be had of it */
  bool over;       /* that is because of a limit */
  bool said;       /* why that is was said */
  unsigned retries;
  uint64_t damages;        /* heads that could not be read */
  tide_buffer tail;        /* of a zip: the last of what was read */
  uint64_t members, files; /* met so far; files: that are no directories */
  tide_error why;          /* of what failed */
} tide_level;

struct tide_unpack {
  tide_input input;
  bool seeks;
  char *read; /* what was read of the input last */
  tide_buffer path;
  tide_level levels[TIDE_LIMIT_CONTAINERS];
  size_t depth;
  void *utf8; /* the locale in which libarchive keeps names of all letters; may be NULL */
  uint64_t taken, given; /* bytes read of the file, bytes unpacked at all levels */
  uint64_t asked;        /* bytes of memory, more than is usual, that was not told yet */
  bool memory_out;
};

enum { TIDE_LEVEL_READ = 256 << 10, TIDE_TAR_BLOCK = 512 }; /* bytes */

/* --- level.c: what all levels do --- */

/* More bytes that the level reads. TIDE_OK, TIDE_END, TIDE_FAIL with l->why, TIDE_FATAL; so below
 * where nothing else is said, but that only sources, blocks and members end. */
tide_status tide_level_source(tide_level *, tide_span *out);
/* More bytes of the member that it is at. */
tide_status tide_level_block(tide_level *, tide_span *out);
void tide_level_close(tide_level *);
/* What it reads takes so much memory: TIDE_FAIL if that is too much. */
tide_status tide_level_ask(tide_level *, uint64_t bytes);
/* `what` became of it, such as "damaged": TIDE_FAIL. */
tide_status tide_level_fail(tide_level *, const char *what, const char *reason);
/* TIDE_FATAL. */
tide_status tide_unpack_no_memory(tide_unpack *);
/* How many zeros s ends in. */
size_t tide_zeros_at_end(tide_span s);
/* What comes after what libarchive took of the source so far, as far as that was read. */
tide_span tide_level_rest(const tide_level *);

/* --- level_open.c --- */

tide_status tide_level_open(tide_unpack *, const tide_packed *kind, tide_span head);

/* --- level_codec.c: what codec.c reads --- */

tide_status tide_level_codec_open(tide_level *);
tide_status tide_level_codec_block(tide_level *, tide_span *out);

/* --- level_archive.c: what libarchive reads --- */

/* `seeks`: it can be gone back and forth in. */
tide_status tide_level_archive_open(tide_level *, bool seeks);
/* The next member. TIDE_END: there are no more. */
tide_status tide_level_archive_next(tide_level *, tide_member *out);
tide_status tide_level_archive_block(tide_level *, tide_span *out);

/* --- level_zip.c: what libarchive does not look at --- */

/* Refuses the member if it asks for too much memory; does nothing for another archive. */
void tide_level_zip_judge(tide_level *);
/* A zip comes before this one, and is not read. */
bool tide_level_zip_is_second(tide_level *);
/* More of what comes after the last member. TIDE_OK or TIDE_FATAL. */
tide_status tide_level_zip_keep(tide_level *, tide_span rest);
/* Does it end as a zip does? */
bool tide_level_zip_ends(tide_level *);

#endif
