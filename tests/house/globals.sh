#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every global name of the library begins with tide_: it can be linked into any program.
# What of them the shared library shows is held against include/spamtide/ by library.sh.
#
#   tests/house/globals.sh BUILD_DIR
set -euo pipefail
command -v nm >/dev/null || { echo "nm (binutils) is not there"; exit 77; }
# Sanitizers add names of their own, which begin with an underscore.
strange=$(nm -g --defined-only "$1/libspamtide.a" 2>/dev/null |
  awk 'NF == 3 && $3 !~ /^(tide_|_)/ { print $3 }' | sort -u)
count=$(nm -g --defined-only "$1/libspamtide.a" 2>/dev/null | awk 'NF == 3 && $3 ~ /^tide_/' |
  wc -l)
[ "$count" -gt 100 ] || { echo "FAILED: nm shows $count names"; exit 1; }
[ -z "$strange" ] || { echo "FAILED: globals without tide_:"; echo "$strange"; exit 1; }
echo "$count global names, all of them begin with tide_"
