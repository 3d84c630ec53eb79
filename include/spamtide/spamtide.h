/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole public interface of libspamtide. docs/library.md begins with an example.
 *
 * The library never prints, never ends the process, never changes the locale, and installs no
 * signal handlers. Where memory is out it returns TIDE_FATAL, but for GLib, which GMime is made
 * with and which ends the process. Before version 1.0 functions may change with the number after
 * libspamtide.so; the value structs and enumerators of status.h keep their meaning. */
#ifndef SPAMTIDE_SPAMTIDE_H
#define SPAMTIDE_SPAMTIDE_H

#include "spamtide/archive.h"
#include "spamtide/catalog.h"
#include "spamtide/query.h"
#include "spamtide/row.h"
#include "spamtide/status.h"

#endif
