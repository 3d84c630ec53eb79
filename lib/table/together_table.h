/* SPDX-License-Identifier: GPL-3.0-or-later */
/* changes --together: the dates that more groups share than chance lets coincide, as rows. */
#ifndef LIB_TABLE_TOGETHER_TABLE_H
#define LIB_TABLE_TOGETHER_TABLE_H

#include "table/changes.h"

extern const tide_columns tide_together_columns;

/* Are the tallies to be by the hour? Where bins are civil days: hours say when a change was more
 * nearly than days do, of a group that has many messages. */
bool tide_together_by_hour(const tide_binning *);

/* Asks tide_changes_write for the changes of each group, which must have group_values, and
 * tide_together_find for the dates that falls, or rises, share: one row each, by time, those beyond
 * chance and the most striking others, and one that says none if there is none. Of the level of
 * 0.05 falls have four fifths and rises one. The bins of the tallies are civil hours, or the
 * binning's own where tide_together_by_hour says no. Errors are those of tide_changes_write.
 *
 * The hour of a change: the likelihood of the group's hours about it, where hours are Poisson with
 * the levels before and after it and the course of the group's own days, its logarithm divided by
 * the variance of those days over their mean (quasi-likelihood: Wedderburn 1974, Biometrika 61,
 * 439-447). */
tide_status tide_together_write(const tide_changes *, const tide_extent *, const tide_tally *total,
                                const tide_tally *groups, const tide_row_writer *, tide_error *);

#endif
