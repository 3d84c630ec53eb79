# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript exact.R > exact.txt: stats::poisson.test on two counts: before, after, days before, days
# after, confidence; ratio's low and high, p.
source("series.R")
case <- function(before, after, days_before, days_after, confidence) {
  r <- poisson.test(c(after, before), c(days_after, days_before), conf.level = confidence)
  say("case", c(before, after, days_before, days_after, confidence, r$conf.int, r$p.value))
}
case(39, 0, 7, 7, 0.95); case(0, 5, 7, 7, 0.95); case(50, 4, 7, 7, 0.95); case(3, 3, 28, 28, 0.95)
case(1, 0, 28, 28, 0.95); case(1, 0, 28, 7, 0.9)
case(411, 327, 28, 28, 0.95); case(12, 30, 28, 14, 0.99); case(7, 2, 28, 27.5, 0.8)
case(100000, 99000, 28, 28, 0.95); case(5, 5000, 7, 28, 0.95); case(2, 9, 7, 21, 0.95)
