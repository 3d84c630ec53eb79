#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What clang-format cannot hold: at most six parameters, no ?: within another, no comma operator but
# in the step of a for, and no chain of "if (status == TIDE_OK) status = f();": that is
# TIDE_TRY(f()), lib/base/status.h. One such step may stand alone, before something is released.
# And each file of cmd and of a room of lib begins with what it is, and has a base name of its own;
# a row of a table there names its members, where it has three or more.
#
#   tests/house/style.sh [DIRECTORY]    checks the checkout, or another directory
#   tests/house/style.sh --self-test    checks that each rule can be broken and is then reported
#
# Prints FILE:LINE: what is wrong.
# It reads the text and not the meaning: remarks, literals and directives are taken out, and what is
# left is brackets, commas and semicolons. Macros are not looked into.
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/check.sh"
parameters=6

check() { # DIRECTORY
  cd "$1" || return 2
  local found count
  count=$(find cmd docs include lib tests \( -name '*.c' -o -name '*.h' \) | wc -l)
  [ "$count" -gt 0 ] || { echo "$1: no file found"; return 2; }
  found=$(find cmd docs include lib tests \( -name '*.c' -o -name '*.h' \) -print0 | sort -z |
    xargs -0 awk -v most="$parameters" '
    function say(line, what) { print FILENAME ":" line ": " what }

    # The next file: at its top, in no bracket.
    function reset() { depth = 0; body = 0; before = last = ""; remark = directive = 0; open(" ") }
    # What is known of a bracket: its kind; commas in it; whether a conditional of it is open; what
    # stood before it.
    function open(c) {
      kind[depth] = c; commas[depth] = 0; asked[depth] = 0; lead[depth] = last;
      lead2[depth] = before
      line_of[depth] = FNR; words[depth] = 0; declares[depth] = 0;
      loop[depth] = (c == "(" && last == "for"); semicolons[depth] = 0
      first[depth] = ""; table[depth] = 0
    }
    function statement() { commas[depth] = 0; asked[depth] = 0; words[depth] = 0;
      declares[depth] = 0 }

    # A list of parameters stands after a name that a type stands before, or after (*name), outside
    # of functions. Names with two bars are the C library'"'"'s.
    function parameters_end(  n, name) {
      if (body) return
      n = commas[depth] + 1
      if (n <= most) return
      name = lead[depth]
      if (name == ")" || (name !~ /^__/ && name ~ /^[A-Za-z_]/ && lead2[depth] ~ /^[A-Za-z_*]/ &&
        lead2[depth] != "define"))
        say(line_of[depth], (name == ")" ? "a function pointer" : name "()") " has " n \
          " parameters, not " most " at most")
    }
    function comma() {
      # In brackets that are no call, no list of parameters and no initializer, and between
      # statements that declare nothing.
      if (body && kind[depth] == "(" && (lead[depth] !~ /^[A-Za-z_)\]]/ ||
        lead[depth] ~ /^(if|while|switch|return)$/)) say(FNR, "a comma operator")
      # What a loop steps over may be two things.
      else if (body && kind[depth] == "(" && loop[depth] && !declares[depth] &&
        semicolons[depth] < 2) say(FNR, "a comma operator")
      else if (body && kind[depth] == "{" && statements[depth] &&
        !declares[depth]) say(FNR, "a comma operator")
      commas[depth]++
      asked[depth] = 0
    }
    function question(  i) {
      for (i = depth; i >= 0; i--) {
        if (asked[i]) { say(FNR, "?: within ?:"); break }
        if (kind[i] == "{" && statements[i]) break
      }
      asked[depth] = 1
    }
    # Two words in a row, or a word and stars and a word, begin a declaration; so do the first words
    # of a statement only.
    function word(w) {
      if (words[depth] >= 0) {
        if (w ~ /^(return|case|goto|else|do|if|while|switch|for)$/) words[depth] = (w == "else" ||
          w == "do") ? 0 : -1
        else if (++words[depth] == 2) { declares[depth] = 1; words[depth] = -1 }
      }
    }
    # A row of a table that is no array of arrays.
    function row_end(  n) {
      n = commas[depth] + (last != ",")
      if (n >= 3 && depth > 0 && table[depth - 1] && first[depth] !~ /^[.\[]/ &&
        FILENAME ~ /^(cmd|lib)\//) say(line_of[depth], "a row of " n " members that names none")
    }
    function token(t,  is_table) {
      if (first[depth] == "") first[depth] = t
      if (t ~ /^[A-Za-z_]/) word(t)
      else if (t == "*") { if (words[depth] == 0) words[depth] = -1 }
      else if (t == "(" || t == "[") { words[depth] = -1; depth++; open(t); statements[depth] = 0 }
      else if (t == ")" || t == "]") { if (t == ")") parameters_end(); if (depth > 0) depth--
        # for (…) STATEMENT, if (…) STATEMENT: what follows is a statement of its own.
        if (lead[depth + 1] ~ /^(for|if|while|switch)$/ && t == ")") statement() }
      else if (t == "{") {
        open_body = (!body && depth == 0 && last == ")") 
        is_table = last == "=" && before == "]" && lead[depth + 1] != "]" && !table[depth]
        depth++
        block = lead[depth] ~ /^[A-Za-z_]/ &&
          lead[depth] !~ /^(return|sizeof)$/ # of the bracket that closed: no cast
        open("{")
        table[depth] = is_table
        statements[depth] = open_body || (body && ((last == ")" && block) || last == ";" ||
          last == "{" || last == "}" || last == "else" || last == "do" || last == ":") &&
          statements[depth - 1])
        if (open_body) body = depth
      } else if (t == "}") {
        row_end()
        if (body == depth) body = 0
        was = statements[depth]
        if (depth > 0) depth--
        if (was) statement()
      } else if (t == ",") comma()
      else if (t == "?") question()
      else if (t == ";") { statement(); semicolons[depth]++ }
      else if (t == ":") { if (kind[depth] == "{" && !asked[depth]) statement() }
      else words[depth] = -1
      before = last; last = t
    }

    FNR == 1 { reset(); statements[0] = 0 }
    {
      text = $0
      if (directive || (!remark && text ~ /^[ \t]*#/)) { directive = text ~ /\\$/; next }
      while (text != "") {
        if (remark) {
          end = index(text, "*/")
          if (!end) { text = ""; break }
          text = substr(text, end + 2); remark = 0
        } else if (text ~ /^\/\*/) { remark = 1; text = substr(text, 3) }
        else if (text ~ /^\/\//) text = ""
        else if (match(text, /^[ \t]+/)) text = substr(text, RLENGTH + 1)
        else if (match(text, /^"([^"\\]|\\.)*"/) || match(text, /^\047([^\047\\]|\\.)*\047/)) {
          token("\""); text = substr(text, RLENGTH + 1) }
        else if (match(text, /^[A-Za-z_][A-Za-z_0-9]*/) || match(text, /^[0-9][0-9A-Za-z.]*/) ||
          match(text, /^(->|\.\.\.|[-+*\/%&|^=!<>]=|&&|\|\||\+\+|--|<<|>>)/)) {
          it = substr(text, 1, RLENGTH); text = substr(text, RLENGTH + 1); token(it)
        } else { token(substr(text, 1, 1)); text = substr(text, 2) }
      }
    }')
  found+=$(find cmd lib -name '*.c' -print0 | sort -z | xargs -0r awk '
    # Lines as clang-format lays them out: the condition, which may go on, and one assignment.
    FNR == 1 { ended = -1; where = "" }
    where == "" && /^ *if \(.*status == TIDE_OK/ { begun = FNR; where = "condition" }
    where == "condition" { if (/\)$/) where = "then"; else if (/[;{]$/) where = ""; next }
    where == "then" {
      where = ""
      if (!/^ *status =( |$)/) next
      if (ended == begun - 1) print FILENAME ":" begun ": a chain of status == TIDE_OK: TIDE_TRY in a function that holds nothing"
      where = "assignment"
    }
    where == "assignment" && /;$/ { ended = FNR; where = "" }')
  found+=$(find cmd lib/*/ -name '*.c' -print0 2>/dev/null | sort -z | xargs -0r awk '
    FNR == 2 && !/^\/\*/ { print FILENAME ":2: no comment at the head, which says what it is" }')
  found+=$(find cmd lib -name '*.[ch]' | sort | awk -F/ '
    { if ($NF in first) print $0 ":1: has the base name of " first[$NF]; else first[$NF] = $0 }')
  [ -z "$found" ] || { echo "$found"; return 1; }
  echo "$count files: six parameters at most, no ?: within ?:, no comma operator, no chain"
}

self_test() {
  local work got
  work=$(mktemp -d) || return 2
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  mkdir -p "$work"/{cmd,docs,include,lib,tests}
  # gives TEXT WANT: a file with TEXT is reported so, or not at all where WANT is empty.
  gives() {
    printf '%s\n' "$1" >"$work/lib/a.c"
    got=$(check "$work")
    [[ $got == *"six parameters at most, no"* ]] && got=
    is "'$1'" "${2:+lib/a.c:$2}" "$got"
  }
  # in TEXT WANT: the same for statements of a function, from the second line on.
  in_body() { gives $'static int f(int a, int b) {\n'"$1"$'\n}\nint c;' "${2:+2: $2}"; }
  local seven='int a, int b, int c, int d, int e, int f, int g'
  gives "int f($seven);" '1: f() has 7 parameters, not 6 at most'
  gives "static tide_thing *f($seven) { return 0; }" '1: f() has 7 parameters, not 6 at most'
  gives "struct s { int (*f)($seven); };" '1: a function pointer has 7 parameters, not 6 at most'
  gives "int f(int a, int (*g)($seven));" '1: a function pointer has 7 parameters, not 6 at most'
  gives "int f(${seven#*, });" ''
  gives $'int f(int a, /* b, */ int b,\n      int c);' ''
  gives 'int f(int (*g)(int a, int b), int (*h)(int a, int b), int c, int d, int e, int f);' ''
  gives 'ROW(a, b, c, d, e, f, g, h)' ''
  gives $'#define ROW(a, b, c, d, e, f, g, \\\n  h) a ? b : c ? d : e\nint a;' ''
  gives 'static const int table[] = {1, 2, 3, 4, 5, 6, 7, (1), f(1, 2, 3, 4, 5, 6, 7)};' ''
  in_body '  printf("%s", a, b, c, d, e, f, g, h);' ''
  in_body '  return a ? b : c ? 1 : 2;' '?: within ?:'
  in_body '  return a ? (b ? 1 : 2) : 3;' '?: within ?:'
  in_body '  x = a ? f(b ? 1 : 2) : 3;' '?: within ?:'
  in_body '  x = (a ? b : c) + (b ? 1 : 2); y = a ? 1 : 2;' ''
  in_body '  f(a ? 1 : 2, b ? 3 : 4);' ''
  in_body '  x = (struct s){a ? 1 : 2, b ? 3 : 4};' ''
  in_body '  while (a ? b : c) { x = a ? 1 : 2; }' ''
  in_body '  switch (a) { case 1: x = a ? 1 : 2; break; case 2: y = a ? 1 : 2; }' ''
  gives 'static const int x = A ? B : C ? D : E;' '1: ?: within ?:'
  in_body '  a = 1, b = 2;' 'a comma operator'
  in_body '  if (a) x++, y++;' 'a comma operator'
  in_body '  if (a) { x++; } else a = 1, b = 2;' 'a comma operator'
  in_body '  while (a = b, c) x++;' 'a comma operator'
  in_body '  for (a = 1, b = 2; a < b; a++) x++;' 'a comma operator'
  in_body '  for (int a = 1, b = 2; a++, a < b; b++) x++;' 'a comma operator'
  in_body '  for (int a = 1, b = 2; a < b; a++, b++) x++;' ''
  in_body '  x = (a, b);' 'a comma operator'
  in_body '  return a, b;' 'a comma operator'
  in_body '  *a = 1, b = 2;' 'a comma operator'
  in_body '  for (int a = 1, b = f(a, 2); a < b; a++) x++;' ''
  in_body '  int a = 1, b = f(1, 2), c[] = {1, 2}; tide_span s, t; const char *p, *q;' ''
  in_body '  x = (struct s){1, 2}; g(1, (struct s){1, 2}); static const struct s t[] = {{1, 2}, {3, 4}};' ''
  local unnamed='a row of 3 members that names none'
  gives 'static const struct s t[] = {{1, 2, 3}};' "1: $unnamed"
  gives $'static const struct s t[] = {\n    {.a = 1, .b = 2, .c = 3},\n    {1, f(2, 2), {3}},\n};' \
    "3: $unnamed"
  gives 'struct { int a, b; int c[2]; } t[LAST + 1] = {[LAST] = {1, 2, {3, 4},}};' "1: $unnamed"
  in_body '  const struct s t[2] = {{a, "b, c", 3}};' "$unnamed"
  in_body '  const struct s t[] = {{1, 2}, {f(1, 2), {1, 2, 3}}, {.a = 1, .b = {1, 2, 3}, .c = 2}};' ''
  gives "static const struct s t[26] = {['c' - 'a'] = {3, {E(A), E(B), E(C)}}};" ''
  gives 'static const int t[2][3] = {{1, 2, 3}, {4, 5, 6}};' ''
  gives 'static const struct s t[] = {ROW(1, 2, 3), ROW(4, 5, 6)};' ''
  gives 'static const struct s t = {1, 2, 3};' ''
  in_body '  (*p)(1, 2); p->f(1, 2); p[1](1, 2); enum { A, B }; x = sizeof(struct s[2]);' ''
  in_body '  {  int i = 1, j = 2; } do { char a, b; f(a, b); } while (x);' ''
  mkdir "$work/lib/room"
  printf '/* SPDX */\n#include "a.h"\n' >"$work/lib/room/b.c"
  contains 'a file without a comment at its head' "$(check "$work")" \
    'lib/room/b.c:2: no comment at the head'
  printf '/* SPDX */\n/* It is b. */\n' | tee "$work/lib/room/b.c" >"$work/cmd/b.c"
  is 'two files of one base name' 'lib/room/b.c:1: has the base name of cmd/b.c' "$(check "$work")"
  rm -r "$work/lib/room" "$work/cmd/b.c"
  local step=$'  if (status == TIDE_OK)\n    status = g();\n'
  in_body "$step" ''
  gives $'static int f(int a) {\n'"$step$step"$'}' \
    '4: a chain of status == TIDE_OK: TIDE_TRY in a function that holds nothing'
  local folded=$'  if (a && status == TIDE_OK &&\n      a)\n    status =\n        g(a);\n'
  gives $'static int f(int a) {\n'"$step$folded}" \
    '4: a chain of status == TIDE_OK: TIDE_TRY in a function that holds nothing'
  gives $'int f(int a) {\n'"$step"$'  a++;\n'"$step"$'  if (status == TIDE_OK)\n    a++;\n}' \
    ""
  finish
}

if [ "${1:-}" = --self-test ]; then self_test; else check "${1:-$root}"; fi
