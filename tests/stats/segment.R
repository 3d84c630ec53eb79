# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/segment.c is held against: the procedure of include/spamtide/segment.h written a second time, in R, from the sources named there, with costs from
# dnbinom() and dpois(), dynamic programming without pruning, uniroot() and R's own quantiles. Prints a name and its values on each line.
# Dates are those of dating.R.
#   Rscript segment.R | sed "s/ $//" > segment.txt
source("dating.R")

# A deviance of whole counts from the probability functions; what does not depend on the mean cancels in differences.
cost <- function(y, kappa) {
  m <- mean(y)
  if (m == 0) return(0)
  if (kappa == 0) -2 * sum(dpois(y, m, log = TRUE)) else -2 * sum(dnbinom(y, size = 1 / kappa, mu = m, log = TRUE))
}

# The same for counts that are not whole any more, once the cycle is out: the quasi-likelihood of Wedderburn (1974) by numerical integration of (y - u) / V(u)
# would be slow; its closed form for V = u + kappa u^2 is McCullagh & Nelder's table 9.1.
quasi <- function(y, kappa) {
  m <- mean(y)
  if (m == 0) return(0)
  if (kappa == 0) -2 * sum(y * log(m) - m) else -2 * sum(y * log(kappa * m / (1 + kappa * m)) - log(1 + kappa * m) / kappa) + 2 * sum(y) * log(kappa)
}

best <- function(y, kappa, penalty, least, f) {
  n <- length(y)
  total <- c(-penalty, rep(Inf, n)); from <- rep(NA, n + 1)
  for (t in least:n) for (s in c(0, if (t >= 2 * least) least:(t - least))) {
    if (!is.finite(total[s + 1])) next
    sum <- total[s + 1] + f(y[(s + 1):t], kappa) + penalty
    if (sum < total[t + 1]) { total[t + 1] <- sum; from[t + 1] <- s }
  }
  ends <- n
  while (from[ends[1] + 1] > 0) ends <- c(from[ends[1] + 1], ends)
  list(ends = ends, total = total[n + 1])
}

differences <- function(a, lag, kappa) {
  n <- length(a)
  mean_of <- sapply(1:(n - lag), function(t) mean(a[t:(t + lag)]))
  d <- a[(1 + lag):n] - a[1:(n - lag)]
  median((d^2 / 2 / (mean_of + kappa * mean_of^2))[mean_of > 0]) / qchisq(0.5, 1)
}

# The lower end of the interval of a mean of which z was seen, and would not have been below bar.
least_effect <- function(z, bar) {
  above <- function(mean) pnorm(z - mean, lower.tail = FALSE) / (pnorm(bar - mean, lower.tail = FALSE) + pnorm(bar + mean, lower.tail = FALSE))
  uniroot(function(mean) above(mean) - 0.025, c(-10, z), tol = 1e-13)$root
}

find <- function(y, least, cycle) {
  n <- length(y); a <- y; out <- list(); penalty <- 2.5 * log(n)
  if (cycle == 7 && n >= 35 && mean(y) >= 5) {
    around <- as.numeric(stats::filter(y, rep(1 / 7, 7), sides = 2))
    phase <- (seq_along(y) - 1) %% 7
    factor <- sapply(0:6, function(p) median((y / around)[phase == p & !is.na(around) & around > 0]))
    factor <- pmin(pmax(factor, 0.1), 10)
    factor <- factor / mean(factor)
    a <- y / factor[phase + 1]
  }
  far <- min(7, n %/% 4)
  kappa <- if (differences(a, far, 0) <= 1) 0 else uniroot(function(k) differences(a, far, k) - 1, c(0, 100), tol = 1e-14)$root
  whole <- a
  a <- sapply(1:n, function(t) {
    m <- median(a[max(1, t - 7):min(n, t + 7)]); reach <- 3 * sqrt(m + kappa * m^2)
    if (m > 0) max(0, min(max(a[t], m - reach), m + reach)) else a[t]
  })
  r <- min(max(1 - differences(a, 1, kappa) / differences(a, far, kappa), 0), 0.9)
  scale <- max(1, differences(a, far, kappa) * (1 + 4 * r))
  repeat {
    p <- best(a, kappa, penalty * scale, least, quasi)
    segment <- rep(seq_along(p$ends), diff(c(0, p$ends)))
    m <- ave(a, segment)
    z <- ifelse(m > 0, (a - m) / sqrt(m + kappa * m^2), 0)
    dispersion <- sum(z^2) / (n - length(p$ends))
    products <- sum(sapply(split(z, segment), function(v) sum(v[-1] * v[-length(v)])))
    bias <- length(p$ends) / n
    left <- (products / sum(z^2) + bias) / (1 - 3 * bias)
    clamped <- min(max(left, 0), 0.9)
    new <- max(1, dispersion * (1 + 4 * min(max(left, r), 0.9)))
    if (new <= scale * 1.001) break
    scale <- new; r <- max(r, clamped)
  }
  say("estimates", c(penalty, kappa, r, scale))
  ends <- c(0, p$ends); changes <- length(ends) - 2
  if (changes == 0) { say("changes", 0); return(invisible()) }
  # How rates vary about the levels.
  cut <- whole != a; above <- whole > a
  runs <- sum(rle(cut)$values)
  m <- list(begins = (runs + 0.5) / (n + 1), ends = (runs + 0.5) / (sum(cut) + 1), above = (sum(above) + 0.5) / (sum(cut) + 1), mean = 0, spread = 0, bursts = sum(above) > n / 40, penalty = penalty)
  level <- ave(a, segment)
  sizes <- log((whole + 0.5) / level)[above & level > 0]
  m$mean <- (1.5 + sum(sizes)) / (1 + length(sizes))
  m$spread <- sqrt((1 + 1.5^2 + sum(sizes^2)) / (1 + length(sizes)) - m$mean^2)
  w <- ifelse(level > 0, 1 / (1 / level + kappa)^2, 0) * !(m$bursts & cut)
  d <- ifelse(level > 0, a / level - 1, 0)
  pair <- which(segment[-1] == segment[-n] & w[-1] > 0 & w[-n] > 0)
  own <- sum((w * (d^2 - 1 / level))[w > 0]) / sum(w)
  shared <- sum(w[pair] * d[pair] * d[pair + 1]) / sum(w[pair])
  of_means <- max(0, own + 1 / mean(a) + 4 * max(0, shared)) * length(p$ends) / n
  own <- max(0, 1.05 * (own + of_means)); shared <- min(max(0, 2.1 * (shared + of_means)), 0.9 * own)
  m$sd <- sqrt(shared); m$kappa <- own - shared
  say("rate", c(m$sd, m$kappa, m$begins, m$ends, m$above, m$mean, m$spread, m$bursts))
  dates <- list(); strength <- c(); at <- 0
  for (i in seq_len(changes)) {
    from <- at; split <- ends[i + 1]; to <- ends[i + 2]
    b <- (sum(a[(from + 1):split]) + 0.5) / (split - from); c <- (sum(a[(split + 1):to]) + 0.5) / (to - split)
    m$before <- b; m$after <- c
    m$before_se <- min(1, sqrt(scale * (1 / b + kappa) / (split - from))); m$after_se <- min(1, sqrt(scale * (1 / c + kappa) / (to - split)))
    strength[i] <- (quasi(a[(ends[i] + 1):to], kappa) - quasi(a[(ends[i] + 1):split], kappa) - quasi(a[(split + 1):to], kappa)) / scale
    found <- dating(whole[(from + 1):to], least, m)
    dates[[i]] <- from + c(found$at, found$low, found$high)
    at <- dates[[i]][1]
  }
  starts <- c(0, sapply(dates, function(x) x[1]), n)
  for (i in seq_len(changes)) {
    from <- starts[i]; at <- starts[i + 1]; to <- starts[i + 2]
    b <- mean(a[(from + 1):at]); c <- mean(a[(at + 1):to])
    ratio <- c(0, 0, 0)
    if (min(b, c) > 0) {
      se <- sqrt(scale * ((1 / b + kappa) / (at - from) + (1 / c + kappa) / (to - at)))
      size <- abs(log(c / b)); z <- size / se
      ratio <- c(log(c / b), sort(sign(log(c / b)) * c(se * least_effect(z, z * sqrt(min(1, penalty / strength[i]))), size + qnorm(0.975) * se)))
    }
    say("change", c(dates[[i]], b, c, ratio, strength[i]))
  }
  say("changes", changes)
}

set.seed(1108)
flat <- rnbinom(60, size = 6, mu = 12)
fall <- c(rnbinom(45, size = 12, mu = 60), rnbinom(35, size = 12, mu = 20), rnbinom(40, size = 12, mu = 45))
week <- c(1.2, 1.2, 1.15, 1.15, 1.1, 0.65, 0.55)
weekly <- rpois(140, rep(week, 20) * c(rep(300, 80), rep(120, 60)) * exp(as.numeric(arima.sim(list(ar = 0.4), 140, sd = 0.12))))
few <- c(rpois(40, 2), rpois(40, 0.3))
# Weak changes, whose dates have wide intervals.
for (i in 1:8) assign(paste0("weak", i), c(rnbinom(70, size = 15, mu = 40), rnbinom(70, size = 15, mu = 28)))
burst <- fall; burst[c(20, 21, 60, 100)] <- c(300, 250, 150, 0)
# Bursts of two days, so many that they count; one of them hides the fall. And a level of nothing.
bursts <- c(rnbinom(60, size = 12, mu = 50), rnbinom(60, size = 12, mu = 18)); bursts[c(11, 12, 33, 34, 61, 62, 84, 85, 100, 101)] <- c(210, 190, 180, 230, 60, 75, 70, 90, 80, 65)
rise <- c(rnbinom(60, size = 12, mu = 18), rnbinom(60, size = 12, mu = 45)); rise[c(11, 12, 33, 34, 84, 85)] <- c(110, 90, 90, 100, 270, 290)
none <- c(rep(0, 40), rpois(40, 3))
names <- c("flat", "fall", "weekly", "few", "burst", "bursts", "rise", "none", paste0("weak", 1:8))
for (name in names) say(name, get(name))

# Costs: how much a split at 45 gains, for three kappas, and the gain of glm() with the negative binomial family of MASS, where the size is given.
side <- factor(seq_along(fall) > 45)
for (kappa in c(0, 0.05, 0.8)) {
  say("gain", c(kappa, cost(fall, kappa) - cost(fall[1:45], kappa) - cost(fall[46:120], kappa)))
  if (kappa > 0) {
    one <- glm(fall ~ 1, family = MASS::negative.binomial(1 / kappa), control = list(epsilon = 1e-14, maxit = 100))
    two <- glm(fall ~ side, family = MASS::negative.binomial(1 / kappa), control = list(epsilon = 1e-14, maxit = 100))
    say("glm", c(kappa, deviance(one) - deviance(two)))
  }
}
# Ends of intervals of what is only seen from a size on.
for (case in list(c(3.7, 3.6), c(4, 3.6), c(5, 3.6), c(8, 3.6), c(3.7, 0))) say("effect", c(case, least_effect(case[1], case[2])))
# Optimal partitions: penalty, kappa, least length, what the best gains over one segment, then where its segments end.
for (case in list(c(30, 0, 7), c(8, 0.08, 7), c(2, 0.08, 3), c(0.1, 0.3, 1))) {
  p <- best(fall, case[2], case[1], case[3], cost)
  say("partition", c(case, cost(fall, case[2]) - p$total, p$ends))
}
for (name in names) { cat("find", name, "\n"); find(get(name), 7, 7) }
