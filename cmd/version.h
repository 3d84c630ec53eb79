/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which program this is. */
#ifndef CMD_VERSION_H
#define CMD_VERSION_H

/* The commit that it was built from, "-dirty" after it where files were changed since; "" where
 * that is unknown. Made at each build by cmake/commit.cmake. */
extern const char version_commit[];

#endif
