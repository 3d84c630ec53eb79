/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The emitters, for the registry in emitter.c, and what they share (plain.c). */
#ifndef LIB_EMIT_EMITTERS_H
#define LIB_EMIT_EMITTERS_H

#include "base/civil.h"
#include "emit/emitter.h"

#define TIDE_EMITTER_DECLARED(name) extern const tide_emitter tide_emit_##name;
TIDE_EMITTERS(TIDE_EMITTER_DECLARED)

/* A value as text without quotes or escapes. */
tide_status tide_emit_plain(const tide_value *, tide_time_form, tide_buffer *out);
/* The byte order mark, where one is asked for. */
tide_status tide_emit_bom(const tide_emit_options *, tide_buffer *out);

#endif
