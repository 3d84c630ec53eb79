/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read from one message: plain data. Text borrows from the message or from the worker's
 * arena, until the next message. */
#ifndef LIB_RECORD_RECORD_H
#define LIB_RECORD_RECORD_H

#include "base/ip.h"
#include "base/map.h"
#include "base/span.h"

/* What was wrong with a message that is still counted. X(enumerator, "name", "meaning") */
#define TIDE_DEFECTS(X)                                                                            \
  X(OVERSIZE, "oversize", "longer than the limit for one message; only its beginning was read")    \
  X(NO_BODY, "no-body", "the header block runs to the end of the message")                         \
  X(HEADER_JUNK, "header-junk", "a line among the headers that is not a header field")             \
  X(TOO_MANY_HEADERS, "too-many-headers",                                                          \
    "more header fields than the limit; the rest were not read")                                   \
  X(LONG_HEADER, "long-header",                                                                    \
    "a header value longer than the limit; only its beginning was decoded")                        \
  X(NUL_BYTES, "nul-bytes", "NUL bytes among the headers")                                         \
  X(BARE_CR, "bare-cr", "a carriage return alone among the headers")                               \
  X(BAD_DATE, "bad-date", "a Date header that cannot be read or is not sane")                      \
  X(BAD_RECEIVED_DATE, "bad-received-date",                                                        \
    "the topmost Received header has no date that can be read and is sane")                        \
  X(TOO_MANY_PARTS, "too-many-parts",                                                              \
    "more MIME parts than the limit; the rest were not searched")                                  \
  X(TOO_DEEP, "too-deep", "MIME parts nested deeper than the limit, which were not searched")      \
  X(LONG_TEXT, "long-text", "more decoded text than the limit; the rest was not searched")         \
  X(BAD_CHARSET, "bad-charset",                                                                    \
    "a charset that is unknown or does not fit the bytes; read as the charset that its letters "   \
    "look like, or as Windows-1252")                                                               \
  X(MATCH_LIMIT, "match-limit",                                                                    \
    "a pattern gave up at its limit of steps: a rule counts it as no match, --where leaves the "   \
    "message out")                                                                                 \
  X(TOO_MANY_URLS, "too-many-urls", "more distinct URLs than the limit; the rest were not read")   \
  X(TOO_MANY_GROUPS, "too-many-groups",                                                            \
    "more combinations of the values of --by than the limit; the rest were not counted")

enum {
#define X(id, name, meaning) TIDE_DEFECT_INDEX_##id,
  TIDE_DEFECTS(X)
#undef X
      TIDE_DEFECT_COUNT
};
enum {
#define X(id, name, meaning) TIDE_DEFECT_##id = 1u << TIDE_DEFECT_INDEX_##id,
  TIDE_DEFECTS(X)
#undef X
};

/* Which statement of time was taken; in the order in which they are tried. */
#define TIDE_TIME_SOURCES(X)                                                                       \
  X(NONE, "", "no sane date anywhere: the message is undated")                                     \
  X(RECEIVED, "received", "the topmost Received header, below any fetch from a mailbox")           \
  X(ENVELOPE_ZONED, "envelope-zoned",                                                              \
    "the mbox `From ` line, in the zone that it, --envelope-zone or the Date header shows")        \
  X(ENVELOPE, "envelope",                                                                          \
    "the mbox `From ` line, read as UTC: its zone is not known, so it is right to half a day")     \
  X(RESENT_DATE, "resent-date", "the Resent-Date header")                                          \
  X(DATE, "date", "the Date header: the sender's claim")                                           \
  X(FILE_NAME, "file-name", "the Maildir file's name: when it came into that folder")

typedef enum tide_time_source {
#define X(id, name, meaning) TIDE_TIME_##id,
  TIDE_TIME_SOURCES(X)
#undef X
} tide_time_source;

/* Which rule decided the origin. */
#define TIDE_ORIGIN_SOURCES(X)                                                                     \
  X(NONE, "", "no hop shows a public peer that is not ours")                                       \
  X(FIRST_PUBLIC, "first-public", "the first public peer from the top; no --trust was given")      \
  X(TRUST, "trust", "the peer of the last server that --trust names")                              \
  X(FIRST_HOP, "first-hop", "the topmost public peer, at a server that --trust does not name")     \
  X(PASSED, "passed",                                                                              \
    "the first peer from outside: servers of the receiver's own had handed the message on")        \
  X(UNREAD, "unread",                                                                              \
    "the first hop that may not be ours names an address that no rule could read")                 \
  X(WEBMAIL, "webmail",                                                                            \
    "what a webmail service says it saw, which anybody can write; only with --webmail-origin")

typedef enum tide_origin_source {
#define X(id, name, meaning) TIDE_ORIGIN_##id,
  TIDE_ORIGIN_SOURCES(X)
#undef X
} tide_origin_source;

/* Does the chain below the origin contradict itself? The worst that was found, in rising order. */
#define TIDE_CHAIN_VERDICTS(X)                                                                     \
  X(NONE, "", "no origin, so there is nothing below it")                                           \
  X(DIRECT, "direct", "the origin's hop is the oldest: it claims no history")                      \
  X(CONSISTENT, "consistent", "older hops, none of which contradicts another")                     \
  X(PRIVATE_BY, "private-by",                                                                      \
    "a hop received by a private or local host, which a public peer then handed on")               \
  X(BACKWARDS, "backwards", "a hop dated more than an hour later than the one above it")           \
  X(BY_MISMATCH, "by-mismatch", "a hop received by another host than the hop above it came from")

typedef enum tide_chain_verdict {
#define X(id, name, meaning) TIDE_CHAIN_##id,
  TIDE_CHAIN_VERDICTS(X)
#undef X
} tide_chain_verdict;

enum { TIDE_NO_TIME_BEFORE = 378691200 }; /* 1982-01-01: the year of RFC 822 */

/* What the owner's filter said of the message. */
typedef enum tide_opinion {
  TIDE_OPINION_NONE,
  TIDE_OPINION_NO,
  TIDE_OPINION_UNSURE,
  TIDE_OPINION_YES
} tide_opinion;

/* Groups of a record's members that are filled together, by one extractor each. */
enum {
  TIDE_PART_TIME = 1 << 0,
  TIDE_PART_ORIGIN = 1 << 1, /* origin, helo, rdns, receiver */
  TIDE_PART_CHAIN =
      1 << 2, /* what needs all hops to be read: hops_unparsed, claimed_origin, chain_verdict */
  TIDE_PART_IDENTITY = 1 << 3, /* Message-ID, domains, recipients, mailer, charset */
  TIDE_PART_SUBJECT = 1 << 4,
  TIDE_PART_CAMPAIGN = 1 << 5,
  TIDE_PART_URL = 1 << 6, /* URLs and their domains */
  TIDE_PART_TEMPLATE = 1 << 7,
  TIDE_PART_NETWORK = 1 << 8, /* asn, asn_table, prefix */
  TIDE_PART_COUNTRY = 1 << 9,
  TIDE_PART_AS_NAME = 1 << 10,
  TIDE_PART_FINGERPRINT = 1 << 11,
  TIDE_PART_FAMILY = 1 << 12,  /* no member: the family of a fingerprint is known only when all mail
                                  has been read (tide_field_context) */
  TIDE_PART_LABEL = 1 << 13,   /* filled by the engine: it depends on where the message is */
  TIDE_PART_OPINION = 1 << 14, /* spam_flag, spam_score */
  TIDE_PART_COPY_KEY = 1 << 15,
  TIDE_PART_DUPLICATE = 1 << 16, /* filled by the engine: it depends on all mail before it */
  TIDE_PART_DUPLICATE_OF = 1 << 17,
  TIDE_PART_COPY_ID = 1 << 18
};

typedef struct tide_record {
  /* from the source */
  tide_span source;  /* path of the file, or "-" */
  tide_span mailbox; /* what the user named: that file, a directory above it, or "-" */
  tide_opinion spam_flag;
  bool has_spam_score;
  double spam_score; /* on the filter's own scale */
  tide_span label;   /* empty if it has none */
  uint64_t offset, bytes;
  unsigned defects; /* TIDE_DEFECT_… */
  /* time */
  int64_t time, claimed_time; /* seconds since the epoch; meaningful only where the flag says so */
  bool has_time, has_claimed_time;
  tide_time_source time_source;
  /* the Received chain */
  tide_ip origin, claimed_origin;
  tide_origin_source origin_source;
  uint32_t outer_hop; /* where the walk ended: the peer of that hop is not ours; 1 is the topmost, 0
                         for none */
  uint32_t origin_hop; /* the hop that shows the origin; 0 for none, and where a webmail names it */
  tide_span helo, rdns, receiver;
  uint32_t hops, hops_unparsed;
  tide_chain_verdict chain_verdict;
  /* who and what */
  tide_span message_id, from_domain, to_domain, mailer, charset, subject;
  uint32_t recipients;
  /* network of the origin at the time of the message, from --asn and --country; empty if it is
   * unknown */
  tide_span asn, as_name, country, asn_table;
  tide_network prefix; /* family 0 if it is unknown */
  /* distinct URLs of text and links, and their registered domains or addresses, each in the order
   * of first appearance */
  const tide_span *urls, *url_domains;
  uint32_t url_count, url_domain_count;
  const uint32_t *domain_of_url; /* its number in url_domains, UINT32_MAX if it has none */
  /* campaigns matched: numbers into the rule set's names, ascending */
  const uint32_t *campaigns;
  uint32_t campaign_count;
  tide_span template; /* the signature of subject and text (signature.h); empty if there is
                         nothing to read */
  /* of the writing program (fingerprint.h); empty if no field is its own */
  tide_span fingerprint, fingerprint_layout;
  /* what two copies of one message have in common; if there is none it is a copy of none */
  tide_wide_hash copy_key, copy_id;
  bool has_copy_key, has_copy_id; /* copy_id: of a usable Message-ID; two copies of one message
                                     have the same, or none */
  bool is_duplicate;              /* of a message that is earlier in the archive */
  tide_span duplicate_of;         /* where that one is; empty if it is none, or nobody asks */
  uint64_t duplicate_of_offset;
} tide_record;

#endif
