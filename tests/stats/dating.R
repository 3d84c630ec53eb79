# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/dating.c is held against: the posterior of a date by forward sums alone, one pass
# over the whole series for each date and pair of levels, with 26 by 26 matrices for the process and
# the bursts together; and the threshold of intervals, by its formula and by the distribution that
# the formula approximates. Prints a name and its values on each line.
#   Rscript dating.R | sed "s/ $//" > dating.txt
say <- function(name, x) cat(name, sprintf("%.15g", x), "\n")

# Of counts that need not be whole, as the weekly cycle is divided out of them.
density <- function(y, mean, kappa) {
  if (kappa < 1e-7) return(exp(y * log(mean) - mean - lgamma(y + 1)))
  exp(lgamma(y + 1 / kappa) - lgamma(1 / kappa) - lgamma(y + 1) + y *
    log(kappa * mean / (1 + kappa * mean)) - log1p(kappa * mean) / kappa)
}
stopifnot(all.equal(density(0:50, 17, 0.08), dnbinom(0:50, size = 1 / 0.08, mu = 17)),
  all.equal(density(0:50, 17, 0), dpois(0:50, 17)))

posterior <- function(y, least, m) {
  z <- if (m$sd > 0.01) seq(-3, 3, length.out = 13) else 0
  step <- outer(z, z, function(from, to) dnorm(to, from / 2, sqrt(3 / 4)))
  step <- if (length(z) > 1) step / rowSums(step) else matrix(1)
  bursts <- matrix(c(1 - m$begins, m$ends, m$begins, 1 - m$ends), 2)
  step <- bursts %x% step
  share <- m$begins / (m$begins + m$ends)
  start <- c(1 - share, share) %x% (dnorm(z) / sum(dnorm(z)))
  factor <- if (length(z) > 1) exp(z * m$sd - m$sd^2 / 2) else 1
  burst <- function(y, level)
    if (y >= level) m$above * dnorm(log((y + 0.5) / level), m$mean, m$spread) / (y + 0.5) else
      (1 - m$above) / (3 * (y + 0.5))
  seen <- function(y, level) c(density(y, level * factor, m$kappa), rep(burst(y, level), length(z)))
  nodes <- seq(-2.5, 2.5, length.out = 5)
  n <- length(y)
  logs <- sapply(seq_len(n) - 1, function(at) {
    if (at < least || at > n - least) return(-Inf)
    pairs <- sapply(nodes, function(j) sapply(nodes, function(i) {
      before <- m$before * exp(i * m$before_se); after <- m$after * exp(j * m$after_se)
      state <- start; total <- 0
      for (t in seq_len(n)) {
        state <- state * seen(y[t], if (t <= at) before else after)
        total <- total + log(sum(state))
        state <- as.vector((state / sum(state)) %*% step)
      }
      size <- abs(log(after / before)) / sqrt(m$before_se^2 + m$after_se^2)
      bar <- sqrt(max(0, m$penalty - 3))
      total - log(pnorm(bar - size, lower.tail = FALSE) + pnorm(bar + size, lower.tail = FALSE))
    }))
    max(pairs) + log(sum(exp(pairs - max(pairs))))
  })
  p <- exp(logs - max(logs))
  p / sum(p)
}

# How far twice the logarithm of the posterior may be below the highest: the root of the formula
# that the header states.
G <- function(x, first, later) {
  wavers <- (first - later) * max(0.3, 1.85 - 0.28 * first)
  pnorm((x + first^2 / 2) / first, lower.tail = FALSE) + exp(-x - 0.582597158 * first + wavers) *
    pnorm((x - first^2 / 2) / first)
}
threshold <- function(first, later = first) {
  miss <- function(x) G(x, first, later) * (2 - min(1, G(0, first, later))) - 0.05
  if (miss(0) <= 0) 0 else 2 * uniroot(miss, c(0, 6), tol = 1e-13)$root
}

# The same without an approximation but that of a grid.
# With standard normal e(k), the log-likelihood of the position k bins off, less that of the true
# one, is W(k) + v e(k) - v^2 / 2, where W(1) is normal with mean -first^2 / 2 and variance first^2,
# W(k + 1) = W(k) - later e(k) - later^2 / 2, and v = first - later.
# H(x) is the probability that no k from 1 on is above x where W(1) is 0: the mean of H(x + later
# e + later^2 / 2) over all e that leave k = 1 below x.
# That equation is linear; its matrix is squared until nothing changes.
exact_threshold <- function(first, later, low = -8, top = 14) {
  v <- first - later
  grid <- seq(low, top, length.out = 700); n <- length(grid); h <- grid[2] - grid[1]
  most <- if (v > 0) (grid + v^2 / 2) / v else ifelse(grid >= 0, Inf, -Inf)
  edge <- function(to) pnorm(pmin((to - grid - later^2 / 2) / later, most))
  edges <- sapply(c(grid - h / 2, grid[n] + h / 2), edge)
  # beyond the top all stay below
  step <- rbind(cbind(edges[, -1] - edges[, -(n + 1)], pnorm(most) - edges[, n + 1]),
    c(rep(0, n), 1))
  for (i in 1:14) step <- step %*% step
  H <- step[1:n, n + 1]
  upto <- function(x) { # of the highest value, the beginning at 0 included
    e <- seq(-8, 8, length.out = 4001)
    sum(dnorm(e) * approx(grid, H, x + first^2 / 2 - first * e, yleft = 0, yright = 1)$y) *
      (e[2] - e[1])
  }
  x <- seq(0, top / 2, length.out = 600)
  F <- pmin(1, sapply(x, upto))
  mass <- diff(c(0, F))
  misses <- function(k) 2 * sum(mass * (1 - F[pmin(length(x), seq_along(x) + k)]))
  all <- sapply(0:(length(x) %/% 2), misses)
  if (all[1] <= 0.05) 0 else 2 * approx(all, x[seq_along(all)] + x[2] / 2, 0.05)$y
}

threshold_of <- function(m) {
  whole <- m$sd^2 + m$kappa
  # mean of both unit deviances; MASS::negative.binomial()$dev.resids takes levels below 1 as 1
  unit <- function(x, mu) 2 * (x * log(x / mu) - if (whole == 0) x - mu else
    (x + 1 / whole) * log((1 + whole * x) / (1 + whole * mu)))
  step2 <- (unit(m$before, m$after) + unit(m$after, m$before)) / 2
  noise <- m$kappa + 1 / sqrt(m$before * m$after)
  open <- m$sd^2
  for (i in 1:1000) open <- open * noise / (open + noise) / 4 + m$sd^2 * 3 / 4
  first <- sqrt(step2 * (m$sd^2 + noise) / (open + noise))
  threshold(first, first / 2 / (1 - noise / (open + noise) / 2))
}

dating <- function(y, least, m) {
  p <- posterior(y, least, m); n <- length(p)
  near <- 1.15 * p + c(0, p[-n]) + c(p[-1], 0)
  at <- which.max(ifelse(p > 0, near, -1))
  inside <- c(at, which(p >= max(p) * exp(-threshold_of(m) / 2)))
  low <- min(inside); high <- max(inside)
  while (m$bursts && sum(p[low:high]) < 0.9) {
    below <- if (low > 1) p[low - 1] else 0; above <- if (high < n) p[high + 1] else 0
    if (below == 0 && above == 0) break
    if (below > above) low <- low - 1 else high <- high + 1
  }
  list(p = p, at = at - 1, low = low - 1, high = high - 1)
}

if (sys.nframe() == 0) {
  set.seed(2009)
  for (first in c(0.3, 0.6, 1, 1.5, 2, 2.5, 3, 3.5, 3.9, 5))
    for (part in c(1, 0.8, 0.6))
      say("threshold", c(first, part * first, threshold(first, part * first),
        exact_threshold(first, part * first)))
  say("threshold", c(1e-9, 0, -2 * log(0.05), -2 * log(0.05)))
  y <- c(rnbinom(30, size = 12, mu = 40), rnbinom(25, size = 12, mu = 24))
  y[c(12, 34, 35)] <- c(160, 75, 0)
  say("counts", y)
  base <- list(sd = 0.2, kappa = 0.04, begins = 0.02, ends = 0.5, above = 0.8, mean = 1.3,
    spread = 0.6, bursts = FALSE, before = 41, after = 25, before_se = 0.06, after_se = 0.08,
    penalty = 13)
  cases <- list(base, modifyList(base, list(sd = 0)), modifyList(base, list(kappa = 0)),
    modifyList(base, list(sd = 0, kappa = 0)), modifyList(base, list(bursts = TRUE)),
    modifyList(base, list(before_se = 0.2, after_se = 0.3)), modifyList(base, list(penalty = 40)),
    modifyList(base, list(before = 25, after = 41)), modifyList(base, list(after = 0.02)))
  for (m in cases) {
    d <- dating(y, 7, m)
    say("model", c(unlist(m)))
    say("posterior", d$p)
    say("date", c(d$at, d$low, d$high))
  }
}
