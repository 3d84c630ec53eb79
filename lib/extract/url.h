/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs of a message: what a reader sees of them, and where links lead. */
#ifndef LIB_EXTRACT_URL_H
#define LIB_EXTRACT_URL_H

#include "base/arena.h"
#include "mime/message.h"
#include "base/status.h"

/* The distinct URLs of a message, those of its text first, then those of its links, each where it
 * first is: what begins with `http://`, `https://` or `www.` in text, up to what RFC 3986 2
 * leaves to the text around it and without what ends a sentence. TIDE_LIMIT_URLS at most; *defects
 * gets TIDE_DEFECT_TOO_MANY_URLS where there are more. *urls is in the arena, the spans borrow from
 * the message. TIDE_FATAL when out of memory. */
tide_status tide_urls_find(const tide_message *, tide_arena *, const tide_span **urls,
                           uint32_t *count, unsigned *defects);

/* The host of a URL (RFC 3986 3.2.2) in lower case, percent-encoding undone, without user, port and
 * a final dot, in the arena; empty if there is none. A number is the address that browsers take
 * it for (URL standard, 3.5): `0xcb007109`, `3405803785` and `203.0.28937` are 203.0.113.9. */
tide_span tide_url_host(tide_span url, tide_arena *);
/* What papers group by: the registered domain of its host in lower case, or its address; empty
 * where there is neither. */
tide_span tide_url_domain(tide_span url, tide_arena *);

#endif
