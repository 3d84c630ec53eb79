/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One Received header field, parsed. */
#ifndef LIB_HOPS_RECEIVED_H
#define LIB_HOPS_RECEIVED_H

#include "base/ip.h"
#include "base/span.h"

/* How the message came to this host, as far as the walk to the origin must know. X(enumerator,
 * "name", "meaning")
 *
 * LOCAL is submitted by a user or program (`by uid 0`, `(from root@localhost)`), passed on by a
 * filter (qmail-scanner) or the mail store (`with mapi`), mostly without a peer; the peer of FETCH
 * is the owner's mailbox server (fetchmail, getmail); HTTP is such as `by 10.4.8.2 with HTTP`. */
#define TIDE_HOP_KINDS(X)                                                                          \
  X(SMTP, "smtp", "from another host, or from this one over a socket")                             \
  X(LOCAL, "local", "inside one host or system")                                                   \
  X(FETCH, "fetch", "pulled from a mailbox by POP or IMAP")                                        \
  X(LMTP, "lmtp", "handed on inside one site")                                                     \
  X(HTTP, "http", "a webmail service took it from a browser")                                      \
  X(UNPARSED, "unparsed", "nothing of the grammar could be found")

typedef enum tide_hop_kind {
#define X(id, name, meaning) TIDE_HOP_##id,
  TIDE_HOP_KINDS(X)
#undef X
} tide_hop_kind;

const char *tide_hop_kind_name(tide_hop_kind);

/* Spans borrow from the field's value. Absent parts are empty. */
typedef struct tide_hop {
  tide_hop_kind kind;
  tide_ip peer;    /* the address that the receiving server saw; family 0 if it names none */
  tide_span helo;  /* the name or literal that the peer claimed, without brackets; its address is
                      never the peer's */
  tide_span rdns;  /* the name that the receiving server looked up for the peer */
  tide_span ident; /* ident or authenticated user; of a local hop the user's name or number */
  tide_span by;    /* host that received; text of an address where it gives only that */
  tide_ip by_ip;   /* address of that host where it gives one */
  tide_span with;  /* protocol: SMTP, ESMTPS, LMTP, HTTP… (RFC 3848 and what is found); what is
                      after `via` if there is no `with` */
  tide_span via;   /* link (RFC 5321 4.4), or what is found there */
  tide_span id;    /* queue id without brackets */
  tide_span recipient; /* `for` without brackets */
  tide_span
      sender; /* envelope sender without brackets, where the server names it (`envelope-from`) */
  tide_span date;    /* what comes after the last `;`, untouched: for tide_date_parse. Where the `;`
                        is missing, from the day on */
  bool rdns_doubted; /* the server says that the looked-up name may be forged */
  bool authenticated, encrypted; /* where the server says so */
  const char *server; /* whose form it is, by the table of server forms: "postfix", "sendmail",
                         "exim", "qmail", …; NULL: unknown */
  tide_span software; /* what the server says of itself: "8.14.1/8.14.1/Debian-9", "Postfix",
                         "Exim 4.50", a build number */
  bool peer_unread; /* no peer was read, yet a public address comes before `by` that no rule knew */
  tide_span unread; /* the first word or comment that no rule knew, */
  uint32_t unread_count; /* and how many there are. They end no clause and are never an address,
                            name or date above */
} tide_hop;

/* Parses the (still folded) value of a Received field. Always fills *out. Returns false, with kind
 * TIDE_HOP_UNPARSED, if there is neither a from, by or with that can be read, nor the form of a
 * server that writes none of them. No allocation; time linear in the length; reads at most
 * TIDE_LIMIT_HEADER_VALUE bytes. */
bool tide_received_parse(tide_span value, tide_hop *out);

#endif
