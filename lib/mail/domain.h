/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registered domains: the part of a host's name that somebody registered. */
#ifndef LIB_MAIL_DOMAIN_H
#define LIB_MAIL_DOMAIN_H

#include "base/arena.h"

/* "example.co.uk" of "www.shop.example.co.uk", by the Public Suffix List (publicsuffix.org) as
 * libpsl has it built in, so that a machine's own copy does not change a result; under a suffix
 * that is on no list, its last two labels. A part of host, in its case; empty for an address, a
 * public suffix itself, a name without a dot, and what is no ASCII host name. No allocation; safe
 * for threads. */
tide_span tide_domain_registered(tide_span host);
/* The name as the DNS has it: labels beyond ASCII in punycode (RFC 3490), a copy in the arena. The
 * host itself where it is ASCII already, or no such name. */
tide_span tide_domain_ascii(tide_span host, tide_arena *arena);
/* Can this be the name of a single host on the Internet: does it have a registered domain, or is it
 * one? The list is used for names of two labels only ("co.uk" is not a host). Its longer suffixes
 * (k12.ma.us, s3.amazonaws.com) each belong to one party, which the name identifies as well as a
 * host's name does. */
bool tide_domain_is_host(tide_span host);

#endif
