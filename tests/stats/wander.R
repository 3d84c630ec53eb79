# SPDX-License-Identifier: GPL-3.0-or-later
# What lib/stats/wander.c is held against: the definitions of lib/stats/wander.h written a second
# time, each place by itself, without running totals; the common rate of two sums by uniroot(),
# deviances from dnbinom() and dpois(), and the interval of what is only seen from a size on
# (segment.h) by uniroot(). Prints a name and its values on each line.
say <- function(name, x) cat(name, format(as.numeric(x), digits = 17), "\n")
scales_of <- function(n, unit) {
  w <- floor(c(1, 10/7, 2, 20/7, 4, 40/7, 8, 80/7, 16, 160/7, 32, 320/7) * unit + 0.5)
  w[2 * w <= n]
}

log_ratio <- function(a, ea, b, eb) {
  ha <- ea / (ea + eb); hb <- 1 - ha
  c(log((b + hb) * ea / ((a + ha) * eb)), 1 / (a + ha) + 1 / (b + hb))
}

see <- function(x, e, unit) {
  n <- length(x); w <- scales_of(n, unit)
  each <- lapply(w, function(s) {
    places <- n + 1 - 2 * s
    d <- sapply(1:places, function(i) {
      A <- i:(i + s - 1); B <- A + s
      log_ratio(sum(x[A]), sum(e[A]), sum(x[B]), sum(e[B]))
    })
    square <- d[1, ]^2
    chunk <- 13 * unit; around <- 26 * unit
    most <- sapply(seq_len(places) - 1, function(i) {
      middle <- i %/% chunk * chunk + chunk %/% 2
      2.5^2 * median(square[(max(0, middle - around) + 1):min(places, middle + around)]) /
        qchisq(0.5, 1)
    })
    inside <- integrate(function(z) pmin(z^2, 2.5^2) * dnorm(z), -2.5, 2.5, rel.tol = 1e-12)$value
    leaves <- inside + 2 * 2.5^2 * pnorm(-2.5)
    list(square = pmin(square, most) / leaves, noise = d[2, ])
  })
  list(x = x, e = e, n = n, unit = unit, w = w, each = each)
}

growth <- function(s, v, bins) { r <- bins / (2 * s$unit); r^ifelse(r < 1, v$short, v$long) }

# Places whose first bin is i (from 0) and that are `span` bins long, near and not across a change.
counting <- function(s, first, second, span, places) {
  around <- 26 * s$unit
  middle <- max(min((first + second) / 2, s$n - around), around)
  i <- 0:(places - 1)
  low <- floor(max(0, middle - around - span / 2))
  high <- floor(min(places, max(0, middle + around - span / 2)))
  i >= low & i < high & !(i < first & i + span > first) & !(i < second & i + span > second)
}

# The slope of log(variance times length) on log(length) and its variance, drawn to what is usual.
slope <- function(scales, usual, error) {
  scales <- scales[scales$variance > 0 & scales$weight > 0, ]
  if (nrow(scales) < 2) return(c(usual, error^2))
  weight <- scales$weight / 2; X <- log(scales$w); y <- log(scales$variance * scales$w)
  spread <- sum(weight * (X - weighted.mean(X, weight))^2) / 2
  c(max(0, (coef(lm(y ~ X, weights = weight))[2] * spread + usual / error^2) /
    (spread + 1 / error^2)), 1 / (spread + 1 / error^2))
}

near <- function(s, first, second) {
  weights <- 0; rates <- 0; freedom <- 0
  scales <- do.call(rbind, lapply(seq_len(min(9, length(s$w))), function(k) {
    w <- s$w[k]; use <- counting(s, first, second, 2 * w, s$n + 1 - 2 * w)
    data.frame(k = k, w = w,
      variance = if (any(use)) mean((s$each[[k]]$square - s$each[[k]]$noise)[use]) / 2 else 0,
      count = sum(use), weight = 1.5 * sum(use) / w)
  }))
  up <- slope(scales[scales$k <= 3, ], 0.65, 0.6); on <- slope(scales[scales$k >= 3, ], 0.15, 0.5)
  v <- list(short = up[1], long = on[1])
  for (k in which(scales$k <= 7 & scales$count > 0)) {
    w <- scales$w[k]
    weights <- weights + scales$weight[k]
    rates <- rates + scales$weight[k] * scales$variance[k] * w / growth(s, v, w)
    freedom <- max(freedom, 1.5 * scales$count[k] / max(w, 2 * s$unit))
  }
  t <- 1:(s$n - s$unit); u <- t + s$unit
  use <- counting(s, first, second, s$unit + 1, s$n - s$unit)
  a <- s$x[t] / s$e[t]; b <- s$x[u] / s$e[u]
  level <- sum((((a + b) / 2)^2)[use])
  if (sum(use) > s$unit && level > 0) {
    weight <- 1 / (1 / 12 + 2 / sum(use))
    weights <- weights + weight
    rates <- rates + weight * 3 * max(0, sum(((a - b)^2 / 2 - (a / s$e[t] + b / s$e[u]) / 2)[use]) /
      level)
    freedom <- freedom + weight
  }
  list(rate = if (weights > 0) max(0, rates / weights) else 0, freedom = max(1, freedom),
    short = up[1], long = on[1], long_variance = on[2])
}

deviance_of <- function(x, m, kappa) {
  l <- function(mu)
    if (kappa * m < 1e-9) dpois(x, mu, log = TRUE) else
      dnbinom(x, size = 1 / kappa, mu = mu, log = TRUE)
  2 * ((if (x > 0) l(x) else 0) - l(m))
}

strength <- function(s, v, A, B) { # bins of the two sums, counted from 1
  a <- sum(s$x[A]); b <- sum(s$x[B]); ea <- sum(s$e[A]); eb <- sum(s$e[B])
  ka <- v$rate * growth(s, v, length(A)) / length(A)
  kb <- v$rate * growth(s, v, length(B)) / length(B)
  if (a + b == 0) return(0)
  score <- function(r) (a - r * ea) / (1 + ka * r * ea) + (b - r * eb) / (1 + kb * r * eb)
  r <- uniroot(score, c(0, 10 * max(a / ea, b / eb)), tol = 1e-14)$root
  z2 <- deviance_of(a, r * ea, ka) + deviance_of(b, r * eb, kb)
  d <- 1 / (1 / v$freedom + 0.2 * max(0, log(min(length(A), length(B)) / (2 * s$unit)))^2 *
    v$long_variance)
  ((8 * d + 1) / (8 * d + 3))^2 * d * log(1 + z2 / d)
}

# The lower end of the interval of a mean of which z was seen, and would not have been below bar.
least_effect <- function(z, bar) {
  above <- function(mean)
    pnorm(z - mean, lower.tail = FALSE) /
      (pnorm(bar - mean, lower.tail = FALSE) + pnorm(bar + mean, lower.tail = FALSE))
  uniroot(function(mean) above(mean) - 0.025, c(-10, z), tol = 1e-13)$root
}

if (sys.nframe() == 0) {
  set.seed(1108)
  fall <- c(rnbinom(45, size = 12, mu = 60), rnbinom(35, size = 12, mu = 20),
    rnbinom(40, size = 12, mu = 45))
  few <- c(rpois(40, 2), rpois(40, 0.3))
  wave <- rpois(420, 30 * exp(as.numeric(arima.sim(list(ar = 0.9), 420, sd = 0.2))))
  none <- c(rep(0, 40), rpois(40, 3))
  for (name in c("fall", "few", "wave", "none")) {
    x <- get(name); n <- length(x)
    say(name, x)
    for (known in 0:1) {
      e <- rep(1, n)
      if (known) e[(n %/% 2 + 1):n] <- 0.4
      s <- see(x, e, 7)
      say("known", known)
      for (at in c(14, n %/% 3, n %/% 2 - 3, n - 20)) {
        second <- min(at + 21, n - 7)
        one <- near(s, at, at); two <- near(s, at, second)
        say("slopes", c(at, one$short, one$long, one$long_variance))
        say("near", c(at, second, one$rate, one$freedom, two$rate, two$freedom))
        from <- max(0, at - 28); to <- min(n, at + 20)
        say("strength", c(from, at, to, strength(s, one, (from + 1):at, (at + 1):to)))
        from <- max(0, at - 60); to <- min(n, at + 50)
        say("strength", c(from, at, to, strength(s, one, (from + 1):at, (at + 1):to)))
      }
    }
  }
  for (case in list(c(3.7, 3.6), c(4, 3.6), c(5, 3.6), c(8, 3.6), c(3.7, 0)))
    say("effect", c(case, least_effect(case[1], case[2])))
}
