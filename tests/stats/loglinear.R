# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript loglinear.R > loglinear.txt: stats::glm(family = quasipoisson) and MASS::glm.nb.
source("series.R")
library(MASS)
tight <- glm.control(epsilon = 1e-14, maxit = 200)
report <- function(name, fit) {
  say(paste0(name, ".coefficient"), coef(fit))
  say(paste0(name, ".error"), sqrt(diag(vcov(fit))))
}
say("start", start); say("count", count); say("days", days); say("few", few); say("amount", amount)
trend <- start + days / 2
step <- glm(count ~ after + offset(log(days)), quasipoisson, control = tight)
report("step", step); say("step.dispersion", summary(step)$dispersion)
full <- glm(count ~ after + weekday + trend + after:trend + offset(log(days)), quasipoisson,
  control = tight)
report("full", full); say("full.dispersion", summary(full)$dispersion)
sums <- glm(amount ~ after, quasipoisson, control = tight)
report("amount", sums); say("amount.dispersion", summary(sums)$dispersion)
nb <- glm.nb(count ~ after + offset(log(days)), control = glm.control(epsilon = 1e-14, maxit = 500))
report("negbin", nb); say("negbin.theta", nb$theta)
nbfull <- glm.nb(count ~ after + trend + after:trend,
  control = glm.control(epsilon = 1e-14, maxit = 500))
report("negbintrend", nbfull); say("negbintrend.theta", nbfull$theta)
