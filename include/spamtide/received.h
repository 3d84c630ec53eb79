/* One Received header field, taken apart. */
#ifndef SPAMTIDE_RECEIVED_H
#define SPAMTIDE_RECEIVED_H

#include "spamtide/ip.h"
#include "spamtide/span.h"

/* How the message came to this host, as far as the walk to the origin must know. */
typedef enum tide_hop_kind {
  TIDE_HOP_SMTP,    /* from another host, or from this one over a socket */
  TIDE_HOP_LOCAL,   /* no peer: submitted by a user or program on the host itself (`by uid 0`, `(from root@localhost)`) */
  TIDE_HOP_FETCH,   /* pulled from a mailbox by POP or IMAP (fetchmail, getmail): the peer is the owner's mailbox server */
  TIDE_HOP_LMTP,    /* handed on inside one site */
  TIDE_HOP_HTTP,    /* a webmail took it from a browser (`by 10.4.8.2 with HTTP`) */
  TIDE_HOP_UNPARSED /* nothing of the grammar could be found */
} tide_hop_kind;

/* Spans borrow from the field's value. Absent parts are empty. */
typedef struct tide_hop {
  tide_hop_kind kind;
  tide_ip peer;     /* the address that the receiving server saw; family 0 where it names none */
  tide_span helo;   /* the name or literal that the peer claimed; its address is never the peer's */
  tide_span rdns;   /* the name that the receiving server looked up for the peer */
  tide_span ident;  /* ident or authenticated user */
  tide_span by;     /* host that received; text of an address where it gives only that */
  tide_ip by_ip;    /* address of that host where it gives one */
  tide_span with;   /* protocol: SMTP, ESMTPS, LMTP, HTTP… (RFC 3848 and what is found) */
  tide_span id;     /* queue id */
  tide_span recipient; /* `for` without brackets */
  tide_span date;   /* what stands behind the last `;`, untouched: for tide_date_parse */
  bool authenticated, encrypted; /* where the server says so */
  const char *server; /* which row of the table of server forms matched: "postfix", "sendmail", "exim", "qmail", … */
} tide_hop;

/* Takes the (still folded) value of a Received field apart. Always fills *out; returns false and kind TIDE_HOP_UNPARSED where
 * neither from nor by could be read. No allocation; time linear in the length; reads at most TIDE_LIMIT_HEADER_VALUE bytes. */
bool tide_received_parse(tide_span value, tide_hop *out);

#endif
