# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript segment.R > segment.txt: the changes of whole series, made again from docs/changes.md and
# the headers of lib/stats: the cycle and bursts (even.h), all steps and all that ended (segment.h),
# by how the level wanders (wander.R), their dates (dating.R), levels and intervals. All of a series
# is looked at, however much of it is empty. Constants that were chosen on real archives stand here,
# those of the measure of wander in wander.R.
# Prints each series, what was asked, and what was found.
source("wander.R")
source("dating.R")
constant <- list(penalty = c(3.6, -0.5), longer = 2, shorter = 8, abrupt = 0.7, ramp = 0.6,
  each = 0.5, undone = 0.5, wanders = 1.1, fitted = 1.05, alike = 1e-9)

# --- even ---
even_cycle <- function(a, phase) {
  if (length(a) < 35 || mean(a) < 5) return(list(a = a, cycle = FALSE))
  ratio <- a / stats::filter(a, rep(1, 7) / 7)
  f <- sapply(0:6, function(p) median(ratio[phase %% 7 == p & is.finite(ratio)]))
  f <- pmin(10, pmax(0.1, ifelse(is.na(f), 1, f)))
  list(a = a / (f / mean(f))[phase %% 7 + 1], cycle = TRUE)
}
kappa_of <- function(a) {
  n <- length(a); lag <- min(7, n %/% 4); t <- seq_len(n - lag)
  level <- sapply(t, function(i) mean(a[i:(i + lag)]))
  k <- ((a[t + lag] - a[t])^2 / 2 / qchisq(0.5, 1) - level) / level^2
  k <- sort(k[level > 0], decreasing = TRUE)
  if (length(k)) min(100, max(0, k[length(k) %/% 2 + 1])) else 0
}
even_bursts <- function(a, unit) {
  n <- length(a); around <- 26 * unit; step <- around %/% 4 * 2 + 1
  kappa <- sapply(seq(0, n - 1, by = step) + step %/% 2, function(middle)
    kappa_of(a[(max(0, middle - around) + 1):min(n, middle + around)]))
  m <- sapply(seq_len(n), function(t) median(a[max(1, t - 7):min(n, t + 7)]))
  sd <- sqrt(m + kappa[(seq_len(n) - 1) %/% step + 1] * m^2)
  ifelse(m > 0, pmax(0, pmin(pmax(a, m - 3 * sd), m + 3 * sd)), a)
}

# --- sums; s$X and s$E are running totals of what is counted and of what is expected ---
deviance_of <- function(x, m, k) # of counts that need not be whole
  2 * ((if (x > 0) x * log(x / m) else 0) - if (k * m < 1e-9) x - m else
    (x + 1 / k) * log1p(k * (x - m) / (1 + k * m)))
bins <- function(from, to) if (to > from) (from + 1):to else c()
ratio <- function(s, A, B) log_ratio(sum(s$x[A]), sum(s$e[A]), sum(s$x[B]), sum(s$e[B]))[1]
variance_of <- function(s, v, n) v$rate * growth(s, v, n) / n
penalty_of <- function(s, window, ends) {
  longer <- log(window / (4 * s$unit))
  s$penalty + longer *
    (if (longer < 0) -constant$shorter else if (ends) -constant$longer else constant$longer)
}

# --- the search ---
# Both sums of a change at `at` (or in [at, to)), first what is around it.
windows <- function(s, at, w, ends) {
  if (!ends) return(list(bins(max(0, at - w), at), bins(at, min(s$n, at + w))))
  side <- max(w, 12 * s$unit)
  list(c(bins(max(0, at - side), at), bins(at + w, min(s$n, at + w + side))), bins(at, at + w))
}
is_step <- function(s, at, w, whole) {
  close <- max(w %/% 4, 2 * s$unit); low <- max(0, at - w); high <- min(s$n, at + w)
  if (close < w && !(ratio(s, bins(max(0, at - close), at), bins(at, min(s$n, at + close))) /
    whole >= constant$abrupt)) return(FALSE)
  if (w < 4 * s$unit) return(TRUE)
  ends <- c(low + ((at - low) * 0:4) %/% 4, at + ((high - at) * 1:4) %/% 4)
  y <- sapply(1:8, function(i) {
    part <- bins(ends[i], ends[i + 1])
    log((sum(s$x[part]) + 0.5) / sum(s$e[part]))
  })
  middle <- (ends[-1] + ends[-9]) / 2
  deviance(lm(y ~ gl(2, 4))) <= constant$ramp * deviance(lm(y ~ middle))
}
try_one <- function(s, at, w, ends, best) {
  to <- if (ends) at + w else at
  if (to + s$least > s$n || any(abs(c(at, to) - rep(s$boundary, each = 2)) < s$least) ||
    any(s$boundary > at & s$boundary < to)) return(best)
  both <- windows(s, at, w, ends); A <- both[[1]]; B <- both[[2]]; bar <- penalty_of(s, w, ends)
  a <- sum(s$x[A]); b <- sum(s$x[B]); ea <- sum(s$e[A]); eb <- sum(s$e[B])
  r <- (a + b) / (ea + eb) # no wander makes it stronger than this
  if (!(r > 0) || deviance_of(a, r * ea, 0) + deviance_of(b, r * eb, 0) - bar <= best$excess)
    return(best)
  whole <- ratio(s, A, B)
  if (ends && any(c(ratio(s, A[A <= at], B), ratio(s, A[A > at], B)) / whole < constant$each))
    return(best)
  v <- near(s, at, to)
  if (!ends) v$long_variance <- 0
  strong <- strength(s, v, A, B)
  if (strong - bar <= best$excess + constant$alike || !(ends || is_step(s, at, w, whole)))
    return(best)
  list(at = at, to = to, w = w, ends = ends, log = whole, strength = strong, excess = strong - bar)
}
strongest <- function(s) {
  best <- list(excess = 0)
  for (k in seq_along(s$w)[-(1:2)]) for (ends in c(FALSE, if (k <= 9) TRUE))
    for (at in seq(s$least, s$n - s$least, by = max(1, s$w[k] %/% 14)))
      best <- try_one(s, at, s$w[k], ends, best)
  if (is.null(best$w)) return(NULL)
  stride <- max(1, best$w %/% 14); middle <- best$at
  for (at in max(s$least, middle - stride):min(s$n - s$least, middle + stride))
    best <- try_one(s, at, best$w, best$ends, best)
  best
}

# --- dates ---
rate_of <- function(y, cut, ends) { # ends: of pieces, the last at length(y)
  piece <- findInterval(seq_along(y), ends + 1) + 1
  level <- as.vector(tapply(cut, piece, mean)[as.character(piece)])
  was <- y != cut; up <- y > cut; n <- length(y)
  runs <- sum(was & !c(FALSE, was[-n]))
  size <- c(log((y + 0.5) / level)[up & level > 0], NA); k <- length(size)
  mean <- (sum(size, na.rm = TRUE) + 1.5) / k # one more of mean 1.5 and standard deviation 1
  rate <- list(sd = 0, kappa = 0, begins = (runs + 0.5) / (n + 1),
    ends = (runs + 0.5) / (sum(was) + 1), above = (sum(up) + 0.5) / (sum(was) + 1), mean = mean,
    spread = sqrt((sum(size^2, na.rm = TRUE) + 1 + 1.5^2) / k - mean^2), bursts = sum(up) * 40 > n)
  d <- ifelse(level > 0, cut / level - 1, 0); use <- level > 0 & !(rate$bursts & was)
  pair <- which(use & c(FALSE, use[-n]) & c(FALSE, diff(piece) == 0))
  if (!length(pair)) return(rate)
  own <- weighted.mean((d^2 - 1 / level)[use], level[use]^2)
  shared <- weighted.mean(d[pair] * d[pair - 1], level[pair]^2)
  of_means <- max(0, own + n / sum(cut) + 4 * max(0, shared)) * length(ends) / n
  own <- max(0, constant$fitted * (own + of_means))
  rate$sd <- sqrt(min(max(0, 2 * constant$fitted * (shared + of_means)), 0.9 * own))
  rate$kappa <- own - rate$sd^2
  rate
}
pieces <- function(s, c, low, high) {
  most <- 4 * s$unit; more <- low + most * seq_len(ceiling((high - low) / most))
  b <- c(s$boundary, c$at, c$to, more[more + most %/% 2 < high])
  kept <- c(); from <- low
  for (e in c(sort(unique(b[b > low & b < high])), high)) {
    if (e - from < s$least && e < high) next # too short a piece goes to the next
    if (e - from < s$least) kept <- kept[-length(kept)] # the last to the one before
    kept <- c(kept, e); from <- e
  }
  kept - low
}
room <- function(s, from, to) c(max(0, s$boundary[s$boundary < from]),
  min(s$n, s$boundary[s$boundary > to]))
date_of <- function(s, rate, c, low, at, high) {
  v <- near(s, at, at); a <- sum(s$x[bins(low, at)]) + 0.5; b <- sum(s$x[bins(at, high)]) + 0.5
  se <- function(x, n) min(1, sqrt(variance_of(s, v, n) + 1 / x))
  d <- dating(s$y[bins(low, high)], s$least, c(rate, list(before = a / (at - low),
    after = b / (high - at), before_se = se(a, at - low), after_se = se(b, high - at),
    penalty = c$strength - c$excess)))
  low + c(d$at, d$low, d$high)
}
change_date <- function(s, c) {
  reach <- max(4 * s$unit, min(c$w, 8 * s$unit)); r <- room(s, c$at, c$to)
  low <- max(r[1], c$at - reach); high <- min(r[2], c$to + reach)
  from <- max(0, c$at - 26 * s$unit); to <- min(s$n, c$to + 26 * s$unit)
  rate <- rate_of(s$y[bins(from, to)], s$x[bins(from, to)], pieces(s, c, from, to))
  begin <- date_of(s, rate, c, low, c$at, if (c$ends) c$to else high)
  end <- if (c$ends) date_of(s, rate, c, begin[1], c$to, high) else rep(begin[1], 3)
  data.frame(at = begin[1], low = begin[2], high = begin[3], ends = c$ends, until = end[1],
    until_low = end[2], until_high = end[3], window = c$w)
}

# --- levels ---
plain <- function(s) within(s, e <- rep(1, n)) # without what is expected of other changes
sides_of <- function(s, c, reach) {
  r <- room(s, c$at, c$until); low <- max(r[1], c$at - reach); high <- min(r[2], c$until + reach)
  list(low = low, high = high, before = bins(low, c$at), within = bins(c$at, c$until),
    behind = bins(c$until, high))
}
join <- function(s, found) { # steps of which the second undoes the first
  i <- 1; s <- plain(s)
  while (i < nrow(found)) {
    c <- found[i, ]; d <- found[i + 1, ]; length <- d$at - c$at; i <- i + 1
    if (c$ends || d$ends || length > 16 * s$unit) next
    now <- sides_of(s, within(c, until <- d$at), max(length, 12 * s$unit))
    down <- ratio(s, now$before, now$within); up <- ratio(s, now$within, now$behind)
    if (down * up >= 0 || abs(down + up) >= constant$undone * min(abs(down), abs(up))) next
    found$ends[i - 1] <- TRUE
    found[i - 1, c("until", "until_low", "until_high", "window")] <- c(d$at, d$low, d$high, length)
    found <- found[-i, ]
  }
  found
}
weigh <- function(s, c) {
  now <- sides_of(s, c, if (c$ends) max(c$window, 12 * s$unit) else c$window)
  A <- if (c$ends) c(now$before, now$behind) else now$before
  B <- if (c$ends) now$within else now$behind
  v <- near(s, c$at, c$until); c$from <- now$low; c$to <- now$high
  c$before <- mean(s$x[A]); c$after <- mean(s$x[B])
  c$wanders <- v$short + v$long > constant$wanders
  se <- sqrt(variance_of(s, v, length(A)) + 1 / (sum(s$x[A]) + 0.5) +
    variance_of(s, v, length(B)) + 1 / (sum(s$x[B]) + 0.5))
  if (!c$ends) v$long_variance <- 0
  length <- if (c$ends) length(B) else min(c$window, length(A), length(B))
  c$strength <- strength(plain(s), v, A, B)
  c$penalty <- penalty_of(s, max(length, s$least), c$ends)
  c$log_low <- c$log_high <- 0
  if (c$before > 0 && c$after > 0) {
    size <- log(c$after / c$before); far <- qt(0.975, v$freedom); wide <- se * far / qnorm(0.975)
    z <- abs(size) / wide; least <- least_effect(z, z * sqrt(min(1, c$penalty / c$strength)))
    interval <- sort(sign(size) * c(wide * least, abs(size) + far * se))
    c$log_low <- interval[1]; c$log_high <- interval[2]
  }
  c
}
could_fall <- function(s) {
  at <- s$n %/% 2; v <- near(s, at, at); v$long_variance <- 0
  any(sapply(s$w[-(1:2)], function(w) {
    t <- s; t$x <- rep(c(mean(s$x), 0), each = w); t$e <- rep(1, 2 * w)
    strength(t, v, 1:w, w + 1:w) > penalty_of(s, w, FALSE)
  }))
}
segment <- function(counts, least, cycle = 7, phase = seq_along(counts)) {
  even <- if (cycle == 7) even_cycle(counts, phase) else list(a = counts, cycle = FALSE)
  unit <- max(4, least); n <- length(counts)
  penalty <- constant$penalty[1] * log(max(1, min(n / unit, 100))) + constant$penalty[2]
  s <- c(); boundary <- c(); found <- NULL; cut <- even_bursts(even$a, unit); e <- rep(1, n)
  repeat {
    s <- c(see(cut, e, unit), list(y = even$a, least = least, penalty = penalty))
    s$boundary <- boundary
    best <- strongest(s)
    if (is.null(best)) break
    c <- change_date(s, best); found <- rbind(found, c)
    changed <- bins(c$at, if (c$ends) c$until else n); e[changed] <- e[changed] * exp(best$log)
    boundary <- c(boundary, c$at, if (c$ends) c$until)
  }
  could <- could_fall(s)
  if (!is.null(found)) {
    found <- found[order(found$at), ]; s$boundary <- c(found$at, found$until[found$ends])
    found <- join(s, found)
  }
  while (!is.null(found) && nrow(found)) { # the weakest go
    s$boundary <- c(found$at, found$until[found$ends])
    now <- do.call(rbind, lapply(seq_len(nrow(found)), function(i) weigh(s, found[i, ])))
    worth <- now$strength - now$penalty
    if (min(worth) >= 0)
      return(c(even["cycle"], could = could, penalty = penalty, list(found = now)))
    found <- found[-which.min(worth), ]
  }
  c(even["cycle"], could = could, penalty = penalty)
}

if (sys.nframe() == 0) {
  set.seed(2008)
  days <- function(mu, size = 12) rnbinom(length(mu), size = size, mu = mu)
  week <- rep(c(1, 1, 1, 1, 1, 0.4, 0.5), 60)
  level <- function(n, ...) { # from each day on another
    changes <- list(...); mu <- rep(changes[[1]][2], n)
    for (c in changes) mu[(c[1] + 1):n] <- c[2]
    mu
  }
  swing <- exp(as.numeric(arima.sim(list(ar = 0.95), 300, sd = 0.12)))
  burst <- replace(rep(1, 250), c(60, 61, 119, 200), 6)
  # Strengths of some places are alike but for rounding; two steps become one that ended.
  alike <- paste0("41300221011114112210203034333020011011501141211120021220321115312202222122",
    "00111210221233030120203403221231102321123201010000010001000000000010000000",
    "00011000000000000000000000000000000000000000000000000000012000011120000000",
    "10120210001222100000000010000110111010")
  cases <- list(
    ended = list(days(level(182, c(0, 27), c(90, 8), c(118, 27)) * week[1:182]), 7),
    steps = list(days(level(250, c(0, 40), c(80, 14), c(170, 60)) * burst), 7),
    wanders = list(days(level(300, c(0, 30), c(150, 9)) * swing), 7),
    alike = list(as.numeric(strsplit(alike, "")[[1]]), 7, cycle = 0),
    silent = list(c(rep(0, 480), days(level(90, c(0, 3), c(40, 0.1), c(60, 3))), rep(0, 400)), 7),
    long = list(days(level(150, c(0, 20), c(70, 6)), 5), 10, cycle = 0),
    short = list(days(level(60, c(0, 50), c(30, 20)), 30), 2, cycle = 0),
    missing = list(days((level(200, c(0, 40), c(120, 15)) * week[1:200])[-(51:60)], 60), 7,
      phase = c(0:49, 60:199)),
    few = list(rpois(40, 0.4), 7))
  for (name in names(cases)) {
    case <- cases[[name]]; r <- do.call(segment, case)
    say("series", case[[1]])
    say("phases", if (is.null(case$phase)) seq_along(case[[1]]) - 1 else case$phase)
    say("asked", c(case[[2]], if (is.null(case$cycle)) 7 else case$cycle))
    say("found", c(r$cycle, r$could, r$penalty, NROW(r$found)))
    for (i in seq_len(NROW(r$found))) say("change", r$found[i, c("from", "to", "at", "low",
      "high", "ends", "until", "until_low", "until_high", "window", "before", "after", "log_low",
      "log_high", "wanders", "strength", "penalty")])
  }
}
