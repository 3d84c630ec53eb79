# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/recovery.c is held against: the definitions of lib/stats/recovery.h in plain R.
#   Rscript recovery.R > recovery.txt
say <- function(name, x) cat(name, sprintf("%.15g", x), "\n")
stays <- function(ok, sustain) {
  n <- length(ok)
  for (i in seq_len(max(0, n - sustain))) if (all(ok[i:(i + sustain)])) return(i)
  NA
}
recover <- function(name, before, after, to, smooth, sustain) {
  means <- stats::filter(after, rep(1 / smooth, smooth), sides = 1)
  level <- as.numeric(means)[smooth:length(after)]
  # Whole sums over the width, so that an equal is an equal.
  level <- round(level * smooth) / smooth
  base <- mean(before); target <- to * base
  days <- NA; half <- NA; until <- length(level)
  fell <- any(head(level, sustain + 1) < target)
  if (fell) {
    start <- which(level < target)[1]
    back <- stays(level[start:length(level)] >= target, sustain) + start - 1
    if (!is.na(back)) { days <- back - 1 + smooth; until <- back - 1 }
  }
  low <- which.min(level[1:until])
  if (fell && level[low] < base) half <- stays(tail(level, -(low - 1)) >= (base + level[low]) / 2,
    sustain) + low - 2 + smooth
  say("before", before); say("after", after)
  say("recovery", c(to, smooth, sustain, if (!fell) 2 else if (is.na(days)) 1 else 0, base, target,
    level[1], level[low], low - 1 + smooth, tail(level, 1),
                    ifelse(is.na(days), 0, days), ifelse(is.na(half), 0, half)))
}
set.seed(42)
before <- rpois(28, 40)
recover("back", before, rpois(120, c(rep(12, 20), seq(12, 44, length.out = 60), rep(44, 40))), 0.9,
  7, 7)
recover("half", before, rpois(120, c(rep(12, 20), seq(12, 44, length.out = 60), rep(44, 40))), 0.5,
  14, 3)
recover("never", before, rpois(60, 28), 0.5, 7, 7)
recover("not", before, rpois(60, 12), 0.9, 7, 7)
recover("one", before, rpois(60, c(rep(10, 15), rep(42, 45))), 0.9, 1, 0)
