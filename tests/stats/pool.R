# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/pool.c is held against: the definitions of lib/stats/pool.h written a second time,
# the bounds of the mixture by uniroot().
#   Rscript pool.R > pool.txt
say <- function(name, x) cat(name, format(as.numeric(x), digits = 17), "\n")
set.seed(28)
before <- 60; behind <- 44; groups <- 20; window <- 28
days <- t(sapply(1:groups, function(g) {
  level <- exp(cumsum(rnorm(before + behind, sd = c(0, 0.05, 0.3)[g %% 3 + 1])))
  rpois(before + behind, pmin(level * c(0.4, 1, 3)[g %% 3 + 1], 20))
}))
length_ <- before %/% 3; stride <- ceiling(length_ / 4); growth <- window / length_
level <- 0.02 * 1.4^(0:17)

ratio <- function(b, a) c(log((a + 0.5) / (b + 0.5))^2, 4 / (a + b + 1))
# Squares, noises, and the part of each that the one before does not tell.
pairs_of <- function(x) {
  last <- NA; out <- NULL
  for (i in seq(1, length(x) - 2 * length_ + 1, by = stride)) {
    b <- sum(x[i:(i + length_ - 1)]); a <- sum(x[(i + length_):(i + 2 * length_ - 1)])
    if (a + b < 8) next
    out <- rbind(out, c(ratio(b, a), if (is.na(last)) 1 else min(1, (i - last) / length_)))
    last <- i
  }
  out
}
likely <- function(p) {
  l <- sapply(level^2, function(v) -sum(p[, 3] * 0.5 * (log(v + p[, 2]) + p[, 1] / (v + p[, 2]))))
  exp(l - max(l))
}
tail <- function(weight, noise, x) sum(weight * 2 * pnorm(-x / sqrt(level^2 * growth + noise)))
bound <- function(weight, noise)
  uniroot(function(x) tail(weight, noise, x) - 0.05, c(0, 1000), tol = 1e-13)$root

for (g in 1:groups) say("days", days[g, ])
of_groups <- lapply(1:groups, function(g)
  rbind(pairs_of(days[g, 1:before]), pairs_of(days[g, before + 1:behind])))
heard <- Filter(Negate(is.null), of_groups)
each <- t(sapply(heard, likely))
weight <- rep(1 / 18, 18)
for (i in 1:60) {
  post <- sweep(each, 2, weight, "*"); post <- post / rowSums(post)
  weight <- (colSums(post) + 0.25 / 18) / (nrow(each) + 0.25)
}
say("pairs", sum(sapply(heard, nrow)))
say("weights", weight)
say("known", c(tail(weight, 0.1, 0.7), bound(weight, 0.1)))
for (g in 1:groups) {
  own <- weight
  if (!is.null(of_groups[[g]])) {
    own <- weight * likely(of_groups[[g]])
    own <- 0.98 * own / sum(own) + 0.02 * weight
  }
  say("own", c(g - 1, tail(own, 0.01, 0.7), bound(own, 0.01)))
}
