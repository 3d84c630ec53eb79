# SPDX-License-Identifier: GPL-3.0-or-later
# How often the date of a fall can be right to a day, at all: what a reader of the counts could do
# who knew everything about the series but the day.
# Held against what `changes` reaches in the same kind of series (docs/STATISTICS.md, the tables of
# tools/simulate-changes).
#
#   Rscript date_bound.R > date_bound.txt
#
# Series as in simulate_changes.c: counts negative binomial about a rate whose logarithm is an
# autoregressive process of order one, a fall of 65 percent on one of 61 days; bursts, where there
# are any, of two days of four times the rate.
# The reader knows both levels, the dispersion, the process and its parameters, and that the day is
# one of the 61. The posterior of the day is computed by the forward and backward sums of a hidden
# Markov chain (Rabiner 1989, Proceedings of the IEEE 77, 257-286) over a grid of the process's
# values; of all dates the one is taken that has the most posterior weight within a day of it.
# That weight is the probability to be right, so that no rule can be right to a day more often.
set.seed(20081111)
bins <- 182; first <- 62; last <- 122; fall <- 0.65; states <- 61; series <- 4000
bound <- function(name, phi, sd, cv, volume, bursts = FALSE) {
  size <- 1 / cv^2
  at <- sample(first:last, series, replace = TRUE)
  x <- rnorm(series, 0, sd)
  counts <- matrix(0, series, bins)
  left <- rep(0, series) # days that a burst still lasts
  for (t in 1:bins) {
    left <- ifelse(bursts & left == 0 & runif(series) < 1 / 30, 2, left)
    mu <- volume * exp(x - sd^2 / 2) * ifelse(t >= at, 1 - fall, 1) * ifelse(left > 0, 4, 1)
    left <- pmax(0, left - 1)
    counts[, t] <- rnbinom(series, size = size, mu = mu)
    x <- phi * x + rnorm(series, 0, sd * sqrt(1 - phi^2))
  }
  grid <- seq(-4.5, 4.5, length.out = states) * sd
  move <- outer(grid, grid, function(from, to) dnorm(to, phi * from, sd * sqrt(1 - phi^2)))
  move <- move / rowSums(move)
  begin <- dnorm(grid, 0, sd) / sum(dnorm(grid, 0, sd))
  factor <- exp(grid - sd^2 / 2)
  if (bursts) { # no burst, its first day, its second
    move <- rbind(c(29, 1, 0) / 30, c(0, 0, 1), c(29, 1, 0) / 30) %x% move
    begin <- (c(29, 1, 0) / 30) %x% begin
    factor <- c(1, 4, 4) %x% factor
  }
  states <- length(factor)
  seen <- function(t, level)
    matrix(dnbinom(rep(counts[, t], states), size = size, mu = rep(level * factor, each = series)),
      series)
  forward <- list(); forward_log <- matrix(0, series, bins)
  ahead <- matrix(begin, series, states, byrow = TRUE); total <- 0
  # What days 1 to t say where they are all before the fall, as weights of the next day's state.
  for (t in 1:(last - 1)) {
    ahead <- ahead * seen(t, volume)
    s <- rowSums(ahead); total <- total + log(s)
    ahead <- (ahead / s) %*% move
    if (t >= first - 1) forward[[t]] <- ahead
    forward_log[, t] <- total
  }
  posterior <- matrix(-Inf, series, bins)
  behind <- matrix(1, series, states); total <- 0
  for (t in bins:first) { # and what days t to the last say where they are all after it
    behind <- behind * seen(t, volume * (1 - fall))
    if (t <= last)
      posterior[, t] <- forward_log[, t - 1] + log(rowSums(forward[[t - 1]] * behind)) + total
    s <- rowSums(behind); total <- total + log(s)
    behind <- (behind / s) %*% t(move)
  }
  posterior <- exp(posterior - apply(posterior, 1, max))
  near <- posterior
  near[, -1] <- near[, -1] + posterior[, -bins]
  near[, -bins] <- near[, -bins] + posterior[, -1]
  likeliest <- max.col(posterior[, first:last], ties.method = "first") + first - 1
  best <- max.col(near[, first:last], ties.method = "first") + first - 1
  share <- mean(abs(best - at) <= 1)
  cat(sprintf("%-24s %5d a day: within a day %.1f%% (standard error %.1f), exact %.1f%%\n", name,
    volume, 100 * share, 100 * sqrt(share * (1 - share) / series), 100 * mean(likeliest == at)))
}
for (volume in c(50, 500, 5000)) bound("AR 0.3, cv 0.25", 0.3, 0.20, 0.15, volume)
for (volume in c(50, 500, 5000)) bound("AR 0.5, cv 0.29", 0.5, 0.25, 0.15, volume)
states <- 31; series <- 2000
for (volume in c(50, 500, 5000)) bound("AR 0.3, cv 0.25, bursts", 0.3, 0.20, 0.15, volume,
  bursts = TRUE)
