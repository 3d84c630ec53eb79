# SPDX-License-Identifier: GPL-3.0-or-later
# What the other scripts share: the series, generated once with a fixed seed and printed with the
# results, so that the test reads both from one file.
set.seed(20081111)
say <- function(name, x) cat(name, format(as.numeric(x), digits = 17), "\n")
n <- 56
start <- seq(-28, 27)
after <- as.numeric(start >= 0)
level <- as.numeric(arima.sim(list(ar = 0.4), n, sd = 0.2))
count <- rnbinom(n, mu = 60 * exp(level) * ifelse(after == 1, 0.5, 1), size = 8)
weekday <- factor(start %% 7)
days <- c(0.5, rep(1, n - 2), 0.25)
few <- rpois(n, ifelse(after == 1, 0.4, 1.1))
amount <- count * 2500 + round(runif(n, 0, 90000))
