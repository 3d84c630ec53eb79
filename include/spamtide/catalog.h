/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is: questions, their options, the numbers of an account, each by name and with its
 * meaning. All text is the library's and lives as long as it does. Any thread may ask. */
#ifndef SPAMTIDE_CATALOG_H
#define SPAMTIDE_CATALOG_H

#include <stddef.h>

#include "spamtide/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that runs, such as "0.1.0". */
TIDE_PUBLIC const char *tide_version(void);

/* The names of the questions, from index 0; NULL after the last. */
TIDE_PUBLIC const char *tide_question_name(size_t index);

/* The names of a question's options, from index 0, or where question is NULL of the archive's; NULL
 * after the last, and where there is no such question. */
TIDE_PUBLIC const char *tide_option_name(const char *question, size_t index);
/* What an option means, in sentences; NULL where there is no such option. */
TIDE_PUBLIC const char *tide_option_help(const char *question, const char *option);
/* What stands for its argument, such as "DURATION"; NULL where it takes none. */
TIDE_PUBLIC const char *tide_option_argument(const char *question, const char *option);
/* The value that holds where it is not set; NULL where nothing does. */
TIDE_PUBLIC const char *tide_option_default(const char *question, const char *option);

/* The names of the numbers that tide_query_count gives, from index 0; NULL after the last. */
TIDE_PUBLIC const char *tide_count_name(size_t index);

#ifdef __cplusplus
}
#endif

#endif
