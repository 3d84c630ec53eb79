# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript reference.R > reference.txt: compare's default interval and p-value of series that wander,
# made from docs/statistics-methods.md: the model of the days, the earlier dates, what is presumed,
# and the larger error of both; with few messages by integrals over Student's distribution; with a
# control; and the wait of a stream that went silent.
say <- function(name, x) cat(name, format(as.numeric(x), digits = 17), "\n")
confidence <- 0.95

# The days' own error, by whole matrices. start: days from the event.
days_model <- function(y, start) {
  side <- 1 + (start >= 0)
  X <- cbind(side == 1, side == 2)
  mu <- as.vector(tapply(y, side, mean)[side])
  Q <- sqrt(mu) * X
  Q <- sweep(Q, 2, sqrt(colSums(Q^2)), "/")
  M <- diag(length(y)) - Q %*% t(Q)
  z <- (y - mu) / sqrt(mu)
  bins <- tabulate(side, 2)
  phi <- as.vector(tapply(z^2, side, sum)) / (bins - 1)
  near <- which(diff(start) == 1)
  S <- function(rho) rho^abs(outer(start, start, "-"))
  expected <- function(rho) {
    C <- M %*% S(rho) %*% M
    sum(C[cbind(near, near + 1)]) / sum(diag(C))
  }
  w <- ifelse(phi[side] > 0, z / sqrt(phi[side]), 0)
  seen <- sum(w[near] * w[near + 1]) / sum(w^2)
  rho <- 0
  if (sum(w^2) > 0 && expected(0) < seen)
    rho <- if (expected(0.95) < seen) 0.95 else
      uniroot(function(r) expected(r) - seen, c(0, 0.95), tol = 1e-13)$root
  for (s in 1:2) { # of a side with a mean of its own the mean of squares is so much too small
    of_mean <- mean(rho^abs(outer(1:bins[s], 1:bins[s], "-")))
    phi[s] <- max(1, phi[s] * (bins[s] - 1) / max(bins[s] * (1 - of_mean), (bins[s] - 1) / 4))
  }
  h <- ifelse(side == 1, -1, 1) * sqrt(mu * phi[side]) / as.vector(tapply(mu, side, sum)[side])
  V <- outer(h, h) * S(rho)
  own <- sapply(1:2, function(s) sum(V[side == s, side == s]))
  worth <- pmax(bins * (1 - rho^2) / (1 + rho^2) - 1, 0.5)
  relative <- 4 / ((1 - rho^2) * length(y)) + sum((own / sum(own))^2 * 2 / worth)
  list(log = log(mean(y[side == 2]) / mean(y[side == 1])), se = sqrt(sum(V)),
    df = max(1, 2 / relative), dispersion = sum(z^2) / (length(y) - 2))
}

ratio_of <- function(b, a) {
  few <- b < 5 | a < 5
  b <- b + few / 2
  a <- a + few / 2
  list(log = log(a / b), noise = 1 / b + 1 / a)
}

# The mean square of the ratio at earlier dates, each with half the weight of one ten windows
# nearer; past ends at the event. Three years at most, from the first day that has anything, and
# dates at which neither window has anything are none.
history <- function(past, gap, window, control = NULL) {
  b <- window[1]; w <- window[2]; a <- window[3]
  n <- length(past)
  first <- max(1, n - 1094, which(past > 0)[1])
  if (!is.null(control)) first <- max(first, which(control > 0)[1])
  found <- list()
  for (i in seq(first, length.out = max(0, n - first + 2 - b - w - a))) {
    before <- i:(i + b - 1); after <- (i + b + w):(i + b + w + a - 1)
    if (any(gap[i:(i + b + w + a - 1)]) || sum(past[before], past[after]) == 0) next
    own <- ratio_of(sum(past[before]), sum(past[after]))
    rate <- log(a / b)
    other <- list(log = rate, noise = 0)
    if (!is.null(control)) {
      if (sum(control[before], control[after]) == 0) next
      other <- ratio_of(sum(control[before]), sum(control[after]))
    }
    weight <- 0.5^((n - max(after)) / (10 * (a + b) / 2))
    found[[length(found) + 1]] <- c((own$log - other$log)^2, own$noise + other$noise, weight)
  }
  if (!length(found)) return(list(dates = 0, freedom = 0, wander = 0, spread = 0))
  found <- do.call(rbind, found)
  weight <- found[, 3] / sum(found[, 3])
  windows <- function(dates) (dates + b + a - 1) / ((b + a) / 2)
  spread <- sum(weight * found[, 1])
  list(dates = if (windows(nrow(found)) < 4) 0 else nrow(found),
    freedom = windows(1 / sum(weight^2)),
    wander = max(0, spread - sum(weight * found[, 2])), spread = spread)
}

presumed_of <- function(excess, window) {
  weeks <- max(7, window[1] / 2 + window[2] + window[3] / 2) / 7
  max(excess, 0) * weeks^0.3 + 0.15^2
}
presume <- function(h, presumed) {
  known <- max(h$freedom - 1, 0)
  prior <- 8 * min(1, 4 / max(known, 1))
  list(freedom = prior + known, wander = (prior * presumed + known * h$wander) / (prior + known))
}
student <- function(log, variance, df) {
  se <- sqrt(variance)
  half <- qt(1 - (1 - confidence) / 2, df) * se
  c(exp(log - half), exp(log + half), 2 * pt(-abs(log) / se, df))
}

# Of whole days: past ends at the event, window has the days before, those of the washout, and those
# after. Answers ratio, low, high, p, and the number of earlier dates.
compare_default <- function(past, gap, after, window, after_gap = rep(FALSE, length(after)),
  control = NULL, control_after = NULL) {
  n <- length(past)
  kept <- list((n - window[1] + 1):n, which(!after_gap))
  kept[[1]] <- kept[[1]][!gap[kept[[1]]]]
  y <- c(past[kept[[1]]], after[kept[[2]]])
  start <- c(kept[[1]] - n - 1, kept[[2]] - 1 + window[2])
  b <- sum(past[kept[[1]]]); a <- sum(after[kept[[2]]])
  days <- c(length(kept[[1]]), length(kept[[2]]))
  ratio <- a / days[2] / (b / days[1])
  h <- history(past, gap, window, control)
  used <- c(length(kept[[1]]), length(kept[[2]]))
  if (!is.null(control)) {
    cb <- sum(control[kept[[1]]]); ca <- sum(control_after[kept[[2]]])
    relative <- ratio / (ca / days[2] / (cb / days[1]))
    variance <- h$wander + ratio_of(cb, ca)$noise + ratio_of(b, a)$noise
    return(c(relative, student(log(relative), variance, h$freedom), h$dates))
  }
  if (b >= 10 && a >= 10 && min(days) >= 4) {
    m <- days_model(y, start)
    r <- presume(h, presumed_of(m$se^2 - 1 / b - 1 / a, window))
    variance <- max(m$se^2, r$wander + ratio_of(b, a)$noise)
    return(c(ratio, student(m$log, variance, r$freedom), h$dates))
  }
  c(ratio, few(b, a, days, window, h, y, start), h$dates)
}

# Mean over a ratio that wanders by Student's distribution.
over_wander <- function(f, r) {
  g <- function(t) sapply(t, function(x) f(x * sqrt(r$wander))) * dt(t, r$freedom)
  integrate(g, -Inf, 0, rel.tol = 1e-10)$value + integrate(g, 0, Inf, rel.tol = 1e-10)$value
}
spread_of <- function(y, start, b, a, days) {
  side <- 1 + (start >= 0)
  mean <- c(b, a) / days
  seen <- mean[side] > 0
  m <- mean[side][seen]
  sum((y[seen] - m)^2 / m) / (sum(seen) - sum(mean > 0))
}
few_presumed <- function(b, a, dispersion, window) {
  noise <- 1 / (b + 0.5) + 1 / (a + 0.5)
  step <- log(1.25)
  bursts <- if (dispersion > 1) exp(step * ceiling(log(dispersion) / step)) else 1
  presumed_of(noise * bursts - noise, window)
}
few <- function(b, a, days, window, h, y, start) {
  silent <- a == 0 || b == 0
  r <- presume(h, few_presumed(b, a, if (silent) 1 else spread_of(y, start, b, a, days), window))
  odds <- function(x) plogis(x + log(days[2] / days[1]))
  upper <- function(x) over_wander(function(w) pbinom(a - 1, a + b, odds(x + w), FALSE), r)
  lower <- function(x) over_wander(function(w) pbinom(a, a + b, odds(x + w)), r)
  root <- function(f) exp(uniroot(function(x) f(x) - (1 - confidence) / 2, c(-40, 40),
    tol = 1e-9)$root)
  exact <- c(if (a) root(upper) else 0, if (b) root(lower) else Inf,
    2 * min(upper(0), lower(0), 0.5))
  plain <- if (a + b) binom.test(a, a + b, days[2] / sum(days)) else list(p.value = 1)
  # Clopper and Pearson's bounds lie within, and so does their p-value or not.
  exact[3] <- max(exact[3], plain$p.value)
  exact
}
events_of <- function(days) {
  n <- length(days); m <- mean(days); d <- days - m
  lags <- sapply(0:min(6, n - 1), function(k) sum(d[(1 + k):n] * d[1:(n - k)]))
  v <- lags[1]
  with <- v + sum(2 * (1 - seq_along(lags[-1]) / 7) * lags[-1])
  max(1, sum(days) / max(1, max(v, with) / (n - 1) / m))
}
wait_p <- function(events, active, silent, r)
  min(1, 2 * over_wander(function(w) exp(-events * log1p(silent / active * exp(w))), r))

# --- cases ---
set.seed(17)
wandering <- function(n, level, sd) rpois(n, level *
  exp(as.vector(arima.sim(list(ar = 0.95), n, sd = sd)) + rnorm(n, sd = 0.2)))
case <- function(name, past, after, window, gap = rep(FALSE, length(past)), ...) {
  say(paste0(name, ".past"), past)
  say(paste0(name, ".gap"), which(gap) - 1)
  say(paste0(name, ".after"), after)
  more <- list(...)
  if (length(more)) {
    say(paste0(name, ".control"), more$control)
    say(paste0(name, ".behind"), more$control_after)
  }
  say(paste0(name, ".result"), c(window, compare_default(past, gap, after, window, ...)))
}
past <- wandering(1300, 30, 0.12)
case("long", past, wandering(28, 12, 0.1), c(28, 0, 28))
case("uneven", past, wandering(7, 12, 0.1), c(28, 14, 7))
gap <- rep(FALSE, 400); gap[c(100:117, 260:262)] <- TRUE
case("gaps", ifelse(gap, 0, past[1:400]), wandering(14, 30, 0.1), c(14, 0, 14), gap)
case("short", past[1:70], wandering(28, 30, 0.1), c(28, 0, 28))
case("alone", past[1:28], wandering(28, 10, 0.1), c(28, 0, 28))
case("steady", rpois(300, 40), rpois(28, 20), c(28, 0, 28))
case("sparse", rpois(500, exp(sin(1:500 / 40)) / 3), c(1, 0, 0, 1, 0, 0, 1, rep(0, 7)),
  c(14, 0, 14))
case("few", rpois(200, 2), c(0, 0, 1, 0, 2, 0, 0), c(7, 0, 7))
swing <- exp(sin(1:628 / 30) / 2)
own <- rpois(628, 20 * swing * rep(c(1, 0.5), c(600, 28)))
other <- rpois(628, 30 * swing)
case("control", own[1:600], own[601:628], c(28, 0, 28), control = other[1:600],
  control_after = other[601:628])
for (days in list(past[1:28], rpois(28, 0.3), c(rep(0, 27), 40), rep(c(0, 0, 9), 9))) {
  say("wait.days", days)
  say("wait.result", c(events_of(days), wait_p(events_of(days), length(days), 28,
    list(freedom = 9, wander = 0.2))))
}
