/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where messages and the truth about them go. */
#ifndef GENERATE_OUTPUT_H
#define GENERATE_OUTPUT_H

#include "message.h"

typedef struct gen_output gen_output;

/* Opens everything that the plan's options name; ends the program with a message where something
 * cannot be written. */
gen_output *gen_output_open(const gen_plan *);
void gen_output_message(gen_output *, const gen_message *, uint64_t number);
/* Checks that all has reached its files, and only then gives them their names. */
void gen_output_close(gen_output *);

#endif
