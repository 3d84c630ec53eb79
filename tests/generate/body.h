/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands below the headers. */
#ifndef GENERATE_BODY_H
#define GENERATE_BODY_H

#include "message.h"

/* Fills m->body and appends MIME-Version, Content-Type and Content-Transfer-Encoding to `fields`.
 * brand NULL: the text does not name one. campaign NULL: list mail. */
void gen_body_make(gen_message *m, const gen_plan *, const gen_campaign *campaign,
                   const char *brand, gen_random *, gen_buffer *fields);

#endif
