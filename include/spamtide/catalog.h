/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of what there is: questions, their options, and the numbers of an account, each with its
 * name and meaning. All text belongs to the library and lives as long as it is loaded. Any thread
 * may call these functions. */
#ifndef SPAMTIDE_CATALOG_H
#define SPAMTIDE_CATALOG_H

#include <stddef.h>

#include "spamtide/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library in use, such as "0.1.0". */
TIDE_PUBLIC const char *tide_version(void);

/* The names of the questions, from index 0; NULL after the last. */
TIDE_PUBLIC const char *tide_question_name(size_t index);

/* The names of a question's options, from index 0; if question is NULL, of the archive's options.
 * NULL after the last, and if there is no such question. In the next three, too, a NULL question
 * means the archive. */
TIDE_PUBLIC const char *tide_option_name(const char *question, size_t index);
/* What an option means, in sentences. NULL: there is no such option. */
TIDE_PUBLIC const char *tide_option_help(const char *question, const char *option);
/* A word for the option's argument, such as "DURATION". NULL: it takes none. */
TIDE_PUBLIC const char *tide_option_argument(const char *question, const char *option);
/* The value of an option that is not set. NULL: it has no default. */
TIDE_PUBLIC const char *tide_option_default(const char *question, const char *option);

/* The names of the numbers that tide_query_count gives, from index 0; NULL after the last. */
TIDE_PUBLIC const char *tide_count_name(size_t index);

#ifdef __cplusplus
}
#endif

#endif
