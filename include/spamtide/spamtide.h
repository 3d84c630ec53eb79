/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole public interface of libspamtide. docs/library.md begins with an example.
 *
 * The library never prints, never ends the process, never changes the locale, and installs no
 * signal handlers. When memory is out it returns TIDE_FATAL. Only GLib, which GMime uses, ends the
 * process then. Before version 1.0 functions may change, together with the number after
 * libspamtide.so. The structs and enumerators of status.h keep their meaning. */
#ifndef SPAMTIDE_SPAMTIDE_H
#define SPAMTIDE_SPAMTIDE_H

#include "spamtide/archive.h"
#include "spamtide/catalog.h"
#include "spamtide/query.h"
#include "spamtide/row.h"
#include "spamtide/status.h"

#endif
