# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/concentration.c is held against.
# Gini here is half the mean absolute difference of all pairs over the mean: another way than the
# program's.
#   Rscript concentration.R > concentration.txt
say <- function(name, x) cat(name, sprintf("%.15g", x), "\n")
measure <- function(x) {
  say("counts", x)
  x <- x[x > 0]; n <- length(x); p <- x / sum(x); down <- sort(x, decreasing = TRUE)
  top <- function(k) sum(head(down, k)) / sum(x)
  say("measures", c(n, sum(x), top(1), top(10), top(100),
    mean(abs(outer(x, x, "-"))) / (2 * mean(x)), sum(x * (x - 1)) / (sum(x) * (sum(x) - 1)),
    sum(x) * (sum(x) - 1) / sum(x * (x - 1))))
  m <- sum(x) %/% 3
  if (m > 0) say("rarefied", c(m, sum(1 - exp(lchoose(sum(x) - x, m) - lchoose(sum(x), m)))))
}
set.seed(7)
measure(c(1, 1, 1, 1))
measure(c(100, 1, 0, 1, 0))
measure(5)
measure(rgeom(150, 0.1))
measure(floor(1000 / seq_len(400)))
measure(floor(exp(rnorm(250, 3, 2))))
