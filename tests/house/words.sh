#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Words that must not be in the checkout: marks of unfinished work, paths of one machine, tabs in C,
# functions that the rules of the house rule out.
#
#   tests/house/words.sh [DIRECTORY]    checks the checkout, or another directory
#   tests/house/words.sh --self-test
#       checks that each of its rules can be broken and is then reported
#
# Prints FILE:LINE: what is wrong.
# Mail in test-corpora/ and tests/fuzz/corpus/ may say what it likes.
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"

# folder | functions that are not called there | why
functions='
lib cmd | strtok strtok_r strtod strtof strtol strtoul | length travels with bytes: span.h
lib cmd | strtoll strtoull atoi atol atof sscanf | length travels with bytes: span.h
lib cmd | strcasecmp strncasecmp strcasestr | length travels with bytes, and no locale: span.h
lib cmd | isspace isdigit isalpha isalnum isupper islower | no locale: span.h has the ASCII ones
lib cmd | ispunct isprint isxdigit iscntrl | no locale: span.h has the ASCII ones
lib cmd | toupper tolower setlocale strcoll | no locale: span.h has the ASCII ones
lib cmd | mktime timegm localtime localtime_r gmtime gmtime_r | civil.h and zone.h
lib cmd | strftime strptime asctime ctime | civil.h and zone.h
lib cmd | gets strcpy stpcpy strcat sprintf vsprintf alloca | no bound
lib cmd | rand srand random srandom drand48 | not for anything
lib     | strstr strpbrk strspn strlcpy strncpy strncat strtoumax | a span has no NUL: span.h
lib     | printf vprintf fprintf vfprintf dprintf puts fputs | only cmd prints
lib     | putchar fputc putc fwrite perror psignal | only cmd prints
lib     | g_print g_printerr g_warning g_message | only cmd prints
cmd     | perror psignal | a message to a person is one write: say.h
lib     | exit _exit abort quick_exit signal sigaction | the caller decides
lib cmd | assert | an invariant is TIDE_INVARIANT, which is nothing in a release: base/invariant.h
'

# What the program counts in sentences.
plurals='(messages|files|directories|links|labels|copies|folders|groups|rows|campaigns|templates|bins|days|bytes|hops|members)'

# The files of the checkout: what git knows or would add, or everything but what is built where
# there is no git.
files() {
  if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard
  else find . -type d \( -name .git -o -path './build*' -o -path ./out -o -exec test \
    -e '{}/CMakeCache.txt' \; \) -prune -o -type f -printf '%P\0'; fi |
    grep -zvE '^(test-corpora|tests/fuzz/corpus)/' | sort -zu |
    while IFS= read -r -d '' file; do [ -f "$file" ] && printf '%s\0' "$file"; done
}

check() { # DIRECTORY
  cd "$1" || return 2
  local found count
  count=$(files | tr -cd '\0' | wc -c)
  [ "$count" -gt 0 ] || { echo "$1: no file found"; return 2; }
  found=$(
    # Written so that this file does not find itself.
    files | xargs -0 grep -HnIoE '\b(TO[D]O|FIX[M]E)\b' | sed 's/$/ stands for unfinished work/'
    # A path is absolute where no name, variable, address or longer path leads up to it.
    files |
      xargs -0 grep -HnIoE \
        '(^|[^[:alnum:]_.~$}/%*<>-])/(work|home|root|Users|mnt|media|srv)/[[:alnum:]_.-]*' |
      sed -E 's/^([^:]*:[0-9]+:)[^/]?(.*)/\1\2 is a path of one machine/'
    # In what the program prints, as tests and pages show it.
    files | grep -zE '(\.test|\.md)$' | xargs -0r grep -HnoE "(^|[^[:alnum:].,:-])1 ([a-z]+ (or|of|all) )?$plurals\b" | sed -E 's/^([^:]*:[0-9]+:).*(1 .*)/\1\2: of one thing the noun is singular: tide_plural() of status.h/'
    files | grep -zE '\.[ch]$' | xargs -0r grep -HnF $'\t' | sed -E 's/^([^:]*:[0-9]+:).*/\1a tab/'
    files | grep -zE '^cmd/.*\.c$' | xargs -0r grep -HnoE '\bstderr\b' |
      sed 's/$/ is not for cmd\/: a message to a person is one write: say.h/'
    files | grep -zE '^(lib|cmd)/.*\.[ch]$' | xargs -0r awk -v table="$functions" '
      BEGIN {
        rows = split(table, row, "\n")
        for (i = 1; i <= rows; i++) {
          if (split(row[i], part, / *\| */) != 3) continue
          folders = split(part[1], folder, " "); names = split(part[2], name, " ")
          for (f = 1; f <= folders; f++)
            for (n = 1; n <= names; n++) why[folder[f] "/" name[n]] = part[3]
        }
      }
      FNR == 1 { remark = 0; split(FILENAME, path, "/") }
      {
        # Without remarks and without what stands in quotes.
        code = ""
        for (i = 1; i <= length($0); i++) {
          two = substr($0, i, 2); c = substr($0, i, 1)
          if (remark) { if (two == "*/") { remark = 0; i++ } }
          else if (two == "/*") { remark = 1; i++; code = code " " }
          else if (two == "//") break
          else if (c == "\"" || c == "\047") {
            for (i++; i <= length($0) && substr($0, i, 1) != c; i++) if (substr($0, i,
              1) == "\\") i++
            code = code c c
          } else code = code c
        }
        while (match(code, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
          called = substr(code, RSTART, RLENGTH - 1); sub(/[ \t]+$/, "", called)
          before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
          key = path[1] "/" called
          # A member of ours may be called like a function of the C library: sink->signal(…).
          if (FILENAME == "lib/base/invariant.h" && called == "assert") ; # its one use
          else if (key in why && before != "." &&
            before != ">") print FILENAME ":" FNR ":" called "() is not for " path[1] "/: " why[key]
          code = substr(code, RSTART + RLENGTH)
        }
      }'
  )
  if [ -n "$found" ]; then
    sed -E 's/^([^:]*:[0-9]+:)/\1 /' <<<"$found"
    return 1
  fi
  echo "$count files say nothing that they should not"
}

self_test() {
  local work got home=/home todo=TO fixme=FIX tab=$'\t'
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  todo+=DO fixme+=ME
  # gives FILE LINE WANT: LINE after a first one in FILE is reported as "FILE:2: WANT", or not at
  # all where WANT is empty.
  gives() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/$(dirname "$1")" "$work/tree/build/x"
    printf '/* first */\n%s\n' "$2" >"$work/tree/$1"
    echo "$todo" >"$work/tree/build/x/log"
    echo 'Good.' >"$work/tree/LICENCE"
    got=$(check "$work/tree") && [ -n "$3" ] && got="nothing"
    [[ $got == *" files say nothing"* ]] && got=
    is "$1 with '$2'" "${3:+$1:2: $3}" "$got"
  }
  gives lib/base/a.c "int x; /* $todo: more */" "$todo stands for unfinished work"
  gives docs/a.md "$fixme(x)" "$fixme stands for unfinished work"
  gives "docs/a b.md" "$fixme(x)" "$fixme stands for unfinished work"
  gives docs/a.md "MAS${todo}N ${todo}S ${todo,,}" ""
  gives test-corpora/a.eml "Subject: $todo $home/x" ""
  gives tests/fuzz/corpus/mbox/1 "$todo" ""
  gives README.md "see $home/ann/archive" "$home/ann is a path of one machine"
  gives tools/x "cd \"$home/ann/archive\"" "$home/ann is a path of one machine"
  gives tools/x "$home/ann" "$home/ann is a path of one machine"
  gives tools/x "a=$home/ann" "$home/ann is a path of one machine"
  gives README.md "https://example.org$home/ann ~$home/x \$HOME$home/x ..$home/x a$home/x" ""
  gives docs/a.md "read: 1 messages" \
    "1 messages: of one thing the noun is singular: tide_plural() of status.h"
  gives tests/golden/a.test "1 index or files, 11 files" \
    "1 index or files: of one thing the noun is singular: tide_plural() of status.h"
  gives docs/a.md "11 messages, 0.1 days, 1,1 files; depth 1: hops; 1 message; after 1 daysy" ""
  gives lib/base/a.c "${tab}int x;" "a tab"
  gives lib/base/a.h "int${tab}x;" "a tab"
  gives tools/Makefile "${tab}cc" ""
  gives lib/base/a.c 'n = strtol (s, 0, 10);' \
    "strtol() is not for lib/: length travels with bytes: span.h"
  gives cmd/a.c 'n = atoi(s);' \
    "atoi() is not for cmd/: length travels with bytes: span.h"
  gives lib/mime/a.c 'if (!isspace((unsigned char)c)) return;' \
    "isspace() is not for lib/: no locale: span.h has the ASCII ones"
  gives lib/base/a.c 't = mktime(&tm);' "mktime() is not for lib/: civil.h and zone.h"
  gives cmd/a.c 'strcpy(a, b);' "strcpy() is not for cmd/: no bound"
  gives lib/tally/a.c 'fprintf(stderr, "x");' "fprintf() is not for lib/: only cmd prints"
  gives cmd/a.c 'fprintf(out, "x");' ""
  gives cmd/a.c 'fprintf(stderr, "x");' \
    "stderr is not for cmd/: a message to a person is one write: say.h"
  gives cmd/a.c 'perror("x");' "perror() is not for cmd/: a message to a person is one write: say.h"
  gives cmd/a.c 'isatty(STDERR_FILENO);' ""
  gives lib/tally/a.c 'return tide_error_set(err, TIDE_FAIL, "printf(%s)", x); // printf()' ""
  gives lib/tally/a.c $'/* a remark\n printf(x) */ int tide_isspace(char c); my_printf(x);' ""
  gives lib/tally/a.c 'sink->signal(sink); int printf;' ""
  gives lib/tally/a.c "c = '\"'; puts(x); d = '\"';" "puts() is not for lib/: only cmd prints"
  gives lib/tally/a.c 'x = strstr(s, 1); y = "a\"b"; exit(1);' \
    "strstr() is not for lib/: a span has no NUL: span.h
lib/tally/a.c:2: exit() is not for lib/: the caller decides"
  finish
}

case ${1:-} in
--self-test) self_test ;;
*) check "${1:-$root}" ;;
esac
