# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/pool.c is held against: the definitions of lib/stats/pool.h written a second time,
# quantiles of the mixture by uniroot().
#   Rscript pool.R > pool.txt
say <- function(name, x) cat(name, format(as.numeric(x), digits = 17), "\n")
set.seed(28)
before <- 60; behind <- 44; groups <- 20; window <- 28
days <- t(sapply(1:groups, function(g) {
  level <- exp(cumsum(rnorm(before + behind, sd = c(0, 0.05, 0.3)[g %% 3 + 1])))
  rpois(before + behind, pmin(level * c(0.4, 1, 3)[g %% 3 + 1], 20))
}))
length_ <- 14; stride <- 4; growth <- window / length_; share <- stride / length_
level <- 0.02 * 1.4^(0:17)

ratio <- function(b, a) c(log((a + 0.5) / (b + 0.5))^2, 4 / (a + b + 1))
pairs_at <- function(x, starts) {
  both <- lapply(starts, function(i) {
    b <- sum(x[i:(i + length_ - 1)]); a <- sum(x[(i + length_):(i + 2 * length_ - 1)])
    if (a + b >= 8) ratio(b, a)
  })
  do.call(rbind, both)
}
forward <- function(x) pairs_at(x, seq(1, length(x) - 2 * length_ + 1, by = stride))
backward <- function(x) pairs_at(x, seq(length(x) - 2 * length_ + 1, 1, by = -stride))
likely <- function(p) {
  l <- sapply(level^2, function(v) -share * sum(0.5 * (log(v + p[, 2]) + p[, 1] / (v + p[, 2]))))
  exp(l - max(l))
}
student <- function(weight) {
  tail <- function(x) sum(weight * 2 * pnorm(-x / (level * sqrt(growth))))
  bound <- function(p) uniroot(function(x) tail(x) - p, c(0, 1000), tol = 1e-13)$root
  freedom <- c(1, 1.4, 2, 3, 5, 10, 30)
  miss <- abs(log(qt(0.999, freedom) / qt(0.975, freedom)) - log(bound(0.002) / bound(0.05)))
  best <- freedom[which.min(miss)]
  c(best, (bound(0.05) / qt(0.975, best))^2)
}

for (g in 1:groups) say("days", days[g, ])
of_groups <- lapply(1:groups, function(g)
  rbind(forward(days[g, 1:before]), forward(days[g, before + 1:behind])))
of_groups <- Filter(Negate(is.null), of_groups)
each <- t(sapply(of_groups, likely))
weight <- rep(1 / 18, 18)
for (i in 1:60) {
  post <- sweep(each, 2, weight, "*"); post <- post / rowSums(post)
  weight <- (colSums(post) + 0.25 / 18) / (nrow(each) + 0.25)
}
say("pairs", sum(sapply(of_groups, nrow)))
say("weights", weight)
say("known", student(weight))
for (g in 1:groups) {
  p <- backward(days[g, 1:before])
  own <- weight
  if (!is.null(p)) {
    own <- weight * likely(p)
    own <- 0.98 * own / sum(own) + 0.02 * weight
  }
  say("past", c(g - 1, student(own)))
}
