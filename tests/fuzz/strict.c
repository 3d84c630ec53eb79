/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers of tables that forgive nothing. */
#include "strict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void broken(const char *what, tide_span text, size_t at) {
  fprintf(stderr, "%s at %zu of: %.*s\n", what, at, (int)text.len, text.ptr);
  abort();
}

static void check_utf8(tide_span text) {
  for (size_t at = 0, taken; at < text.len; at += taken) {
    uint32_t point;
    taken = tide_utf8_take(tide_span_slice(text, at, text.len), &point);
    if (!taken)
      broken("no UTF-8", text, at);
  }
}

static bool is_number(tide_span s) {
  char copy[64], *end;
  if (s.len == 0 || s.len >= sizeof copy)
    return false;
  memcpy(copy, s.ptr, s.len);
  copy[s.len] = '\0';
  (void)strtod(copy, &end);
  return *end == '\0';
}

/* A cell without its quotes: nothing that a terminal or a spreadsheet acts on. */
static void check_cell(tide_span text, tide_span cell) {
  for (size_t i = 0; i < cell.len; i++)
    if ((unsigned char)cell.ptr[i] < ' ' || cell.ptr[i] == 0x7f)
      broken("a control", text, (size_t)(cell.ptr + i - text.ptr));
  if (cell.len && strchr("=+-@", cell.ptr[0]) && !is_number(cell))
    broken("a formula", text, (size_t)(cell.ptr - text.ptr));
}

/* RFC 4180, or cells between tabs: every row has as many cells as the first. */
static void read_cells(tide_span text, char separator) {
  size_t at = 0, first = 0, cells = 0;
  static char cell[1 << 20];
  const bool csv = separator == ',';
  while (at < text.len) {
    size_t len = 0;
    const bool quoted = csv && text.ptr[at] == '"';
    at += quoted;
    for (;; at++) {
      if (at == text.len)
        broken("no end of a cell", text, at);
      char c = text.ptr[at];
      if (quoted && c == '"') {
        if (at + 1 < text.len && text.ptr[at + 1] == '"')
          at++;
        else
          break;
      } else if (!quoted && (c == separator || c == '\n' || (csv && c == '\r'))) {
        break;
      } else if (!quoted && csv && c == '"') {
        broken("a quote inside", text, at);
      }
      if (len == sizeof cell)
        broken("an endless cell", text, at);
      cell[len++] = c;
    }
    at += quoted;
    check_cell(tide_span_make(cell, len), tide_span_make(cell, len));
    cells++;
    if (at < text.len && text.ptr[at] == separator) {
      at++;
      if (at == text.len)
        broken("no cell behind a separator", text, at);
      continue;
    }
    if (csv && (at >= text.len || text.ptr[at++] != '\r'))
      broken("no CR", text, at);
    if (at >= text.len || text.ptr[at++] != '\n')
      broken("no LF", text, at);
    if (first == 0)
      first = cells;
    if (cells != first)
      broken("another number of cells", text, at);
    cells = 0;
  }
  if (cells)
    broken("half a row", text, at);
}

static size_t json_string(tide_span s, size_t at) {
  if (at >= s.len || s.ptr[at++] != '"')
    broken("no string", s, at);
  for (; at < s.len && s.ptr[at] != '"'; at++) {
    if ((unsigned char)s.ptr[at] < ' ')
      broken("a control", s, at);
    if (s.ptr[at] == '\\' && (++at == s.len || !strchr("\"\\/bfnrtu", s.ptr[at])))
      broken("a wrong escape", s, at);
  }
  if (at >= s.len)
    broken("no end of a string", s, at);
  return at + 1;
}

/* Flat objects, one a line (RFC 8259). */
static void read_json(tide_span s) {
  for (size_t at = 0; at < s.len; at++) {
    if (s.ptr[at++] != '{')
      broken("no object", s, at);
    for (;; at++) {
      at = json_string(s, at);
      if (at >= s.len || s.ptr[at++] != ':')
        broken("no colon", s, at);
      if (at < s.len && s.ptr[at] == '"') {
        at = json_string(s, at);
      } else {
        size_t from = at;
        while (at < s.len && s.ptr[at] != ',' && s.ptr[at] != '}')
          at++;
        tide_span word = tide_span_slice(s, from, at);
        if (!is_number(word) && !tide_span_equal(word, SPAN("null")))
          broken("no value", s, from);
      }
      if (at < s.len && s.ptr[at] == '}')
        break;
      if (at >= s.len || s.ptr[at] != ',')
        broken("no comma", s, at);
    }
    if (++at >= s.len || s.ptr[at] != '\n')
      broken("no end of a line", s, at);
  }
}

/* --- numbers --- */

/* The line at *at, without its end. */
static tide_span line_take(tide_span text, size_t *at) {
  const size_t from = *at,
               end = from + tide_span_find_char(tide_span_slice(text, from, text.len), '\n');
  *at = end + 1;
  return tide_span_slice(text, from, end);
}

enum { COLUMNS_MAX = 128 };

static size_t cells_take(tide_span line, tide_span cells[COLUMNS_MAX]) {
  size_t count = 0;
  for (size_t at = 0; at <= line.len && count < COLUMNS_MAX;) {
    const size_t end = at + tide_span_find_char(tide_span_slice(line, at, line.len), '\t');
    cells[count++] = tide_span_slice(line, at, end);
    at = end + 1;
  }
  return count;
}

static bool number_take(tide_span s, double *out) {
  char copy[64];
  if (!is_number(s))
    return false;
  memcpy(copy, s.ptr, s.len);
  copy[s.len] = '\0';
  *out = strtod(copy, NULL);
  return true;
}

static void check_number(tide_span text, tide_span name, tide_span cell) {
  double x;
  if (!number_take(cell, &x))
    return;
  const bool p = tide_span_iends(name, SPAN("_p")) || tide_span_starts(name, SPAN("p_"));
  const bool share = tide_span_starts(name, SPAN("share_")) && !tide_span_iends(name, SPAN("_pct"));
  if (!isfinite(x) || (p && (x < 0 || x > 1)) || (share && (x < 0 || x > 1)))
    broken("no such number", text, (size_t)(cell.ptr - text.ptr));
}

/* Beside a lower end stands an upper one, which is not below it. */
static void check_interval(tide_span text, const tide_span *heads, const tide_span *cells,
                           size_t count, size_t at) {
  static const size_t end = sizeof "_low" - 1;
  const tide_span name = heads[at];
  double low, high;
  if (!tide_span_iends(name, SPAN("_low")) || !number_take(cells[at], &low))
    return;
  for (size_t i = 0; i < count; i++)
    if (heads[i].len == name.len + 1 && tide_span_iends(heads[i], SPAN("_high")) &&
        memcmp(heads[i].ptr, name.ptr, name.len - end) == 0 && number_take(cells[i], &high) &&
        high < low)
      broken("an interval that ends before it begins", text, (size_t)(cells[at].ptr - text.ptr));
}

void fuzz_read_numbers(tide_span text) {
  tide_span heads[COLUMNS_MAX], cells[COLUMNS_MAX];
  size_t at = 0;
  const size_t count = cells_take(line_take(text, &at), heads);
  while (at < text.len) {
    if (cells_take(line_take(text, &at), cells) != count)
      broken("another number of cells", text, at);
    for (size_t i = 0; i < count; i++) {
      check_number(text, heads[i], cells[i]);
      check_interval(text, heads, cells, count, i);
    }
  }
}

void fuzz_read(const char *format, tide_span text) {
  check_utf8(text);
  if (strcmp(format, "jsonl") == 0)
    read_json(text);
  else if (*format)
    read_cells(text, strcmp(format, "csv") == 0 ? ',' : '\t');
}
