# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript ranks.R > ranks.txt: stats::wilcox.test, exact, with ties, and beyond 50 values.
source("series.R")
case <- function(name, x, y) {
  r <- suppressWarnings(wilcox.test(x, y))
  say(paste0(name, ".x"), x); say(paste0(name, ".y"), y)
  say(paste0(name, ".result"), c(r$statistic, r$p.value, grepl("exact", r$method)))
}
case("ties", count[after == 0], count[after == 1])
case("few", few[after == 0], few[after == 1])
case("exact", round(rnorm(9, 10), 6), round(rnorm(12, 9), 6))
case("exact28", round(rnorm(28, 10), 6), round(rnorm(28, 10.3), 6))
case("apart", 1:5, 11:17)
case("one", 3.5, 1:6)
case("large", round(rnorm(60, 10), 6), round(rnorm(60, 10.5), 6))
case("middle", c(1, 4), c(2, 3))
