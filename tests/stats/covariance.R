# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript covariance.R > covariance.txt: sandwich::NeweyWest of glm and glm.nb, for lags given and
# chosen, with and without prewhitening.
source("series.R")
library(MASS)
library(sandwich)
tight <- glm.control(epsilon = 1e-14, maxit = 500)
say("start", start); say("count", count)
trend <- start + 0.5
fits <- list(step = glm(count ~ after, quasipoisson, control = tight),
             trend = glm(count ~ after + trend + after:trend, quasipoisson, control = tight),
             negbin = glm.nb(count ~ after, control = tight))
for (name in names(fits)) for (white in 0:1) {
  fit <- fits[[name]]
  for (lag in c(0, 1, 4))
    say(sprintf("%s.%d.%d", name, white, lag), NeweyWest(fit, lag = lag, prewhite = white))
  say(sprintf("%s.%d.auto", name, white), NeweyWest(fit, prewhite = white))
  say(sprintf("%s.%d.lag", name, white), floor(bwNeweyWest(fit, prewhite = white)))
}
