# SPDX-License-Identifier: GPL-3.0-or-later
# Rscript adjust.R > adjust.txt: stats::p.adjust(method = "BH").
source("series.R")
p <- c(0.01, 0.02, 0.03, 0.04, 0.05, 1, 0.9, 1e-12, 0.02, 0.5)
say("p", p); say("bh", p.adjust(p, "BH"))
