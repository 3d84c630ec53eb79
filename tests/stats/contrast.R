# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript contrast.R > contrast.txt: the interval of --errors ar1 by another way: whole matrices in
# the place of sums along the series.
# Result: ratio, low, high, p, standard error, degrees of freedom, dispersion, autocorrelation.
source("series.R")
tight <- glm.control(epsilon = 1e-14, maxit = 200)

contrast <- function(name, y, start, days, count, weekdays = FALSE, trend = FALSE,
  confidence = 0.95) {
  after <- as.numeric(start >= 0)
  X <- cbind(1, after)
  if (weekdays) X <- cbind(X, sapply(1:6, function(k) as.numeric(floor(start + 1e-9) %% 7 == k)))
  if (trend) X <- cbind(X, start + days / 2, (start + days / 2) * after)
  n <- length(y)
  fit <- glm.fit(X, y, offset = log(days), family = quasipoisson(), control = tight)
  mu <- fit$fitted.values
  Q <- qr.Q(qr(sqrt(mu) * X))
  M <- diag(n) - Q %*% t(Q)
  z <- (y - mu) / sqrt(mu)
  lost <- rowSums(Q^2)
  side <- after + 1
  bins <- tabulate(side, 2)
  lost <- tapply(lost, side, sum)
  phi <- tapply(z^2, side, sum) / (bins - lost)
  z <- z / sqrt(phi[side])
  pairs <- which(diff(start) > 0.5 & diff(start) < 1.5)
  R <- function(rho) rho^abs(outer(start, start, "-"))
  neighbours <- cbind(pairs, pairs + 1)
  ratio <- function(rho) { C <- M %*% R(rho) %*% M; sum(C[neighbours]) / sum(diag(C)) }
  seen <- sum(z[pairs] * z[pairs + 1]) / sum(z^2)
  rho <- if (ratio(0) >= seen) 0 else if (ratio(0.95) <= seen) 0.95 else
    uniroot(function(r) ratio(r) - seen, c(0, 0.95), tol = 1e-13)$root
  for (s in 1:2) {
    inflation <- sum(rho^abs(outer(1:bins[s], 1:bins[s], "-"))) / bins[s]
    kept <- max(bins[s] - lost[s] * inflation, (bins[s] - lost[s]) / 4)
    phi[s] <- phi[s] * (bins[s] - lost[s]) / kept
    if (count) phi[s] <- max(phi[s], 1)
  }
  B <- solve(t(X) %*% (mu * X))
  h <- as.vector(X %*% B[, 2]) * sqrt(mu * phi[side])
  V <- outer(h, h) * R(rho)
  variance <- sum(V)
  own <- sapply(1:2, function(s) sum(V[side == s, side == s]))
  worth <- pmax(bins * (1 - rho^2) / (1 + rho^2) - lost, 0.5)
  df <- max(2 / (4 / ((1 - rho^2) * n) + sum((own / sum(own))^2 * 2 / worth)), 1)
  b <- fit$coefficients[2]
  t <- b / sqrt(variance)
  width <- qt(1 - (1 - confidence) / 2, df) * sqrt(variance)
  say(paste0(name, ".value"), y); say(paste0(name, ".start"), start)
  say(paste0(name, ".days"), days)
  say(paste0(name, ".options"), c(count, weekdays, trend, confidence))
  say(paste0(name, ".result"), c(exp(b), exp(b - width), exp(b + width), 2 * pt(-abs(t), df),
    sqrt(variance), df, sum((y - mu)^2 / mu) / (n - ncol(X)), rho))
}
one <- rep(1, n)
contrast("step", count, start, one, TRUE)
contrast("cut", count, start, days, TRUE, confidence = 0.99)
contrast("terms", count, start, one, TRUE, weekdays = TRUE, trend = TRUE)
contrast("trend", count, start, one, TRUE, trend = TRUE)
contrast("washout", count, start + 1.25 * (start >= 0), one, TRUE)
contrast("amount", amount, start, one, FALSE)
contrast("steady", rpois(n, 40), start, one, TRUE, confidence = 0.8)
contrast("weeks", rpois(14, c(rep(30, 7), rep(20, 7)) * exp(sin(1:14 / 2))), -7:6, rep(1, 14), TRUE)
