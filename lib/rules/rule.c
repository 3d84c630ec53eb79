/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rule files: CSV to a rule set. */
#include "rules.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/room.h"
#include "base/sort.h"
#include "base/utf8.h"

enum {
  COLUMN_CAMPAIGN,
  COLUMN_RULE,
  COLUMN_FIELD,
  COLUMN_PATTERN,
  COLUMN_COUNT,
  CELLS_MAX = 64,
  CSV_STEP = 64 << 10,
  QUOTE_MAX = 80
};
static const char *const column_names[COLUMN_COUNT] = {"campaign", "rule", "field", "pattern"};

tide_status tide_rules_new(tide_rules **out, const atomic_bool *stop, tide_error *err) {
  tide_rules *r = calloc(1, sizeof *r);
  if (!r || tide_gate_set_new(&r->subject_gates) != TIDE_OK ||
      tide_gate_set_new(&r->text_gates) != TIDE_OK) {
    tide_rules_free(r);
    return tide_error_memory(err);
  }
  r->stop = stop;
  *out = r;
  return TIDE_OK;
}

void tide_rules_free(tide_rules *r) {
  if (!r)
    return;
  for (size_t i = 0; i < r->count; i++)
    tide_pattern_free(r->rows[i].pattern);
  tide_gate_set_free(r->subject_gates);
  tide_gate_set_free(r->text_gates);
  tide_map_free(&r->campaigns);
  tide_map_free(&r->group_numbers);
  tide_map_free(&r->headers);
  tide_arena_free(&r->arena);
  free(r->rows);
  free(r->groups);
  free(r->plan);
  free(r->by_order);
  free(r->files);
  free(r);
}

size_t tide_rules_count(const tide_rules *r) {
  return r->count;
}
size_t tide_rules_campaign_count(const tide_rules *r) {
  return r->campaigns.count;
}
tide_span tide_rules_campaign(const tide_rules *r, size_t number) {
  return tide_map_key(&r->campaigns, (uint32_t)number);
}
unsigned tide_rules_needs(const tide_rules *r) {
  return r->needs;
}

void tide_rules_fold_lookalikes(tide_rules *r) {
  r->fold = true;
}

tide_rule_row tide_rules_row(const tide_rules *r, size_t index) {
  const rule *x = &r->rows[r->by_order[index]];
  const rule_group *g = &r->groups[x->group];
  return (tide_rule_row){r->files[x->file], x->line,  tide_map_key(&r->campaigns, g->campaign),
                         g->name,           x->field, x->text};
}

typedef struct cell {
  tide_span text;
  size_t at; /* of its first byte in the file, quote and blanks included */
} cell;

/* A rule file being read. libcsv tells no places, so it is fed byte by byte and the reader keeps
 * count. */
typedef struct reading {
  tide_rules *rules;
  tide_span csv;
  const char *name;
  tide_span begin; /* of campaigns; rows of others are passed over */
  tide_error *err;
  tide_status status;
  tide_arena arena; /* cells of the row */
  cell cells[CELLS_MAX];
  size_t cell_count;
  int columns[COLUMN_COUNT]; /* where they are; -1 */
  bool has_head;
  size_t head_count; /* columns */
  size_t at;         /* of the byte that is fed */
  size_t cell_at;    /* where the cell that is being fed begins */
  bool cell_ended;   /* by the byte that is fed */
  size_t row_at;     /* where the row begins, and */
  uint32_t row_line; /* its line, which row_line_at says the same of in bytes */
  size_t row_line_at;
} reading;

/* Lines and columns from 1; a line ends with LF, CRLF or a CR alone. */
static void place_of(tide_span csv, size_t at, size_t *line, size_t *column) {
  *line = *column = 1;
  for (size_t i = tide_span_starts(csv, SPAN("\xef\xbb\xbf")) ? 3 : 0; i < at && i < csv.len; i++) {
    bool ends =
        csv.ptr[i] == '\n' || (csv.ptr[i] == '\r' && !(i + 1 < csv.len && csv.ptr[i + 1] == '\n'));
    *column = ends ? 1 : *column + 1;
    *line += ends;
  }
}

static tide_status wrong(reading *r, size_t at, const char *reason, tide_span what) {
  size_t line, column;
  place_of(r->csv, at, &line, &column);
  int len = what.len > QUOTE_MAX ? QUOTE_MAX : (int)what.len;
  while (len && (size_t)len < what.len && ((unsigned char)what.ptr[len] & 0xc0) == 0x80)
    len--; /* no half characters */
  r->status = what.ptr ? tide_error_set(r->err, TIDE_USAGE, "%s:%zu:%zu: %s: \"%.*s\"", r->name,
                                        line, column, reason, len, what.ptr)
                       : tide_error_set(r->err, TIDE_USAGE, "%s:%zu:%zu: %s", r->name, line, column,
                                        reason);
  return r->status;
}

/* Where in the file the offset-th byte of a cell is: after the blanks and the quote in front,
 * and with `""` for a quote. */
static size_t place_in_cell(tide_span csv, const cell *c, size_t offset) {
  size_t at = c->at;
  while (at < csv.len && (csv.ptr[at] == ' ' || csv.ptr[at] == '\t'))
    at++;
  bool quoted = at < csv.len && csv.ptr[at] == '"';
  for (at += quoted; offset && at < csv.len; offset--)
    at += quoted && csv.ptr[at] == '"' ? 2 : 1;
  return at;
}

/* Position of the first byte that is no UTF-8 (RFC 3629 4), or s.len. */
static size_t utf8_stop(tide_span s) {
  const unsigned char *p = (const unsigned char *)s.ptr;
  for (size_t at = 0; at < s.len;) {
    unsigned c = p[at];
    size_t n = tide_utf8_length((unsigned char)c);
    if (n == 0 || n > s.len - at)
      return at;
    for (size_t i = 1; i < n; i++)
      if ((p[at + i] & 0xc0) != 0x80)
        return at;
    if ((c == 0xe0 && p[at + 1] < 0xa0) || (c == 0xed && p[at + 1] > 0x9f) ||
        (c == 0xf0 && p[at + 1] < 0x90) || (c == 0xf4 && p[at + 1] > 0x8f))
      return at;
    at += n;
  }
  return s.len;
}

static tide_status read_head(reading *r) {
  for (int c = 0; c < COLUMN_COUNT; c++)
    r->columns[c] = -1;
  for (size_t i = 0; i < r->cell_count; i++)
    for (int c = 0; c < COLUMN_COUNT; c++) {
      if (!tide_span_iequal(tide_span_trim(r->cells[i].text), tide_span_of(column_names[c])))
        continue;
      if (r->columns[c] >= 0)
        return wrong(r, r->cells[i].at, "a column that was there before", r->cells[i].text);
      r->columns[c] = (int)i;
    }
  for (int c = 0; c < COLUMN_COUNT; c++)
    if (r->columns[c] < 0 && c != COLUMN_RULE)
      return wrong(
          r, r->cells[0].at,
          "the first row must name the columns campaign, field, pattern and may name rule; missing",
          tide_span_of(column_names[c]));
  r->has_head = true;
  r->head_count = r->cell_count;
  return TIDE_OK;
}

/* What the word in the column `field` means; false if it is no header's name either. */
static tide_status take_place(reading *r, const cell *c, rule *out) {
  static const struct {
    const char *name;
    rule_place place;
  } words[] = {{"subject", RULE_SUBJECT}, {"text", RULE_TEXT},
               {"raw", RULE_RAW},         {"received", RULE_RECEIVED},
               {"origin", RULE_ORIGIN},   {"helo", RULE_HELO},
               {"url", RULE_URL}};
  static const char *const known[] = {
#define X(id, name) name,
      TIDE_HEADERS(X)
#undef X
  };
  tide_span field = tide_span_trim(c->text);
  if (field.len == 0)
    return wrong(r, c->at, "no field", (tide_span){0});
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (tide_span_iequal(field, tide_span_of(words[i].name))) {
      out->place = words[i].place;
      return TIDE_OK;
    }
  /* RFC 5322 3.6.8 ftext: printable ASCII except the colon. */
  for (size_t i = 0; i < field.len; i++)
    if (field.ptr[i] <= ' ' || field.ptr[i] >= 0x7f || field.ptr[i] == ':')
      return wrong(
          r, c->at,
          "a field is subject, text, raw, received, origin, helo, url or a header's name, not",
          field);
  if (field.len > RULE_HEADER_NAME_MAX)
    return wrong(r, c->at, "a header's name longer than 255 bytes", field);
  out->place = RULE_HEADER;
  for (int i = 0; i < TIDE_HEADER_COUNT; i++)
    if (tide_span_iequal(field, tide_span_of(known[i]))) {
      out->id = (tide_header_id)i;
      return TIDE_OK;
    }
  char lower[RULE_HEADER_NAME_MAX];
  for (size_t i = 0; i < field.len; i++)
    lower[i] = tide_lower(field.ptr[i]);
  out->id = TIDE_HEADER_OTHER;
  out->header = tide_map_add(&r->rules->headers, tide_span_make(lower, field.len));
  r->rules->header_lengths |= 1ull << (field.len < 63 ? field.len : 63);
  return out->header == TIDE_MAP_NONE ? (r->status = TIDE_FATAL) : TIDE_OK;
}

/* The number of the group that a row belongs to: that of its rule, or one of its own. */
static uint32_t group_for(reading *r, uint32_t campaign, tide_span name) {
  tide_rules *rules = r->rules;
  uint32_t key[3] = {campaign, rules->file_count, name.len ? 0 : (uint32_t)rules->count + 1};
  tide_buffer bytes = {0};
  uint32_t number = TIDE_MAP_NONE, before = rules->group_numbers.count;
  if (tide_room(&rules->groups, &rules->group_cap, before, sizeof *rules->groups) == TIDE_OK &&
      tide_buffer_put(&bytes, tide_span_make((const char *)key, sizeof key)) == TIDE_OK &&
      tide_buffer_put(&bytes, name) == TIDE_OK)
    number = tide_map_add(&rules->group_numbers, tide_buffer_span(&bytes));
  tide_buffer_free(&bytes);
  if (number == before)
    rules->groups[number] =
        (rule_group){.campaign = campaign, .name = tide_arena_copy(&rules->arena, name)};
  return number;
}

static tide_status add_rule(reading *r) {
  tide_rules *rules = r->rules;
  const cell *cells[COLUMN_COUNT];
  for (int c = 0; c < COLUMN_COUNT; c++) {
    int at = r->columns[c];
    cells[c] = at >= 0 && (size_t)at < r->cell_count ? &r->cells[at] : NULL;
    /* A row that ends early: the place is where the cell would be. */
    if (!cells[c] && at >= 0 && c != COLUMN_RULE)
      return wrong(r, r->at, "a cell is missing in this row", tide_span_of(column_names[c]));
  }
  /* `a{1,3}` without quotes is two cells, and the first of them is a pattern that means something
   * else. */
  if (r->cell_count > r->head_count)
    return wrong(
        r, r->cells[r->head_count].at,
        "more cells than the first row has columns; a pattern with a comma needs quotes around it",
        (tide_span){0});
  const cell *campaign = cells[COLUMN_CAMPAIGN], *pattern = cells[COLUMN_PATTERN];
  tide_span campaign_name = tide_span_trim(campaign->text);
  tide_span rule_name =
      cells[COLUMN_RULE] ? tide_span_trim(cells[COLUMN_RULE]->text) : (tide_span){0};
  rule x = {.gate = GATE_NONE,
            .order = (uint32_t)rules->count,
            .file = rules->file_count,
            .line = r->row_line};
  if (campaign_name.len == 0)
    return wrong(r, campaign->at, "no campaign", (tide_span){0});
  if (!tide_span_starts(campaign_name, r->begin))
    return TIDE_OK;
  if (rules->count >= TIDE_LIMIT_RULES)
    return wrong(r, r->row_at, "more than 100,000 rules", (tide_span){0});
  if (take_place(r, cells[COLUMN_FIELD], &x) != TIDE_OK)
    return r->status;
  if (pattern->text.len == 0)
    return wrong(r, pattern->at, "an empty pattern would match everything", (tide_span){0});
  size_t offset = 0;
  tide_error reason;
  tide_status status = tide_pattern_compile(&x.pattern, pattern->text, &offset, &reason);
  if (status == TIDE_USAGE)
    return wrong(r, place_in_cell(r->csv, pattern, offset), reason.text, pattern->text);
  if (status != TIDE_OK)
    return r->status = status;
  uint32_t number = tide_map_add(&rules->campaigns, campaign_name);
  x.group = number == TIDE_MAP_NONE ? TIDE_MAP_NONE : group_for(r, number, rule_name);
  x.field = tide_arena_copy(&rules->arena, tide_span_trim(cells[COLUMN_FIELD]->text));
  x.text = tide_arena_copy(&rules->arena, pattern->text);
  if (x.group == TIDE_MAP_NONE || !x.field.ptr || !x.text.ptr ||
      tide_room(&rules->rows, &rules->cap, rules->count, sizeof *rules->rows) != TIDE_OK) {
    tide_pattern_free(x.pattern);
    return r->status = TIDE_FATAL;
  }
  if (x.place == RULE_SUBJECT)
    r->status = tide_gate_set_add(rules->subject_gates, x.text, &x.gate);
  if (x.place == RULE_TEXT)
    r->status = tide_gate_set_add(rules->text_gates, x.text, &x.gate);
  rules->rows[rules->count++] = x;
  if (x.place == RULE_SUBJECT)
    rules->needs |= TIDE_NEED_SUBJECT;
  if (x.place == RULE_TEXT)
    rules->needs |= TIDE_NEED_TEXT;
  if (x.place == RULE_URL)
    rules->needs |= TIDE_NEED_TEXT | TIDE_NEED_LINKS;
  return r->status;
}

static void take_cell(void *text, size_t len, void *context) {
  reading *r = context;
  r->cell_ended = true;
  if (r->status != TIDE_OK)
    return;
  if (r->cell_count == CELLS_MAX) {
    wrong(r, r->cell_at, "more than 64 cells in a row", (tide_span){0});
    return;
  }
  tide_span copy = tide_arena_copy(&r->arena, tide_span_make(text, len));
  if (!copy.ptr)
    r->status = TIDE_FATAL;
  if (r->cell_count == 0)
    r->row_at = r->cell_at;
  r->cells[r->cell_count++] = (cell){copy, r->cell_at};
}

static void take_row(int terminator, void *context) {
  (void)terminator;
  reading *r = context;
  r->cell_ended = true;
  /* Spreadsheets write empty rows as `,,,` and put quotes around remarks that hold a comma. */
  if (r->status == TIDE_OK && tide_stopped(r->rules->stop))
    r->status = TIDE_END;
  bool empty = true,
       remark = r->cell_count && tide_span_starts(tide_span_trim(r->cells[0].text), SPAN("#"));
  for (size_t i = 0; i < r->cell_count; i++)
    empty = empty && tide_span_trim(r->cells[i].text).len == 0;
  if (r->status == TIDE_OK && !empty && !remark) {
    for (; r->row_line_at < r->row_at; r->row_line_at++) {
      char c = r->csv.ptr[r->row_line_at];
      r->row_line += c == '\n' || (c == '\r' && r->csv.ptr[r->row_line_at + 1] != '\n');
    }
    if (!r->has_head)
      read_head(r);
    else
      add_rule(r);
  }
  r->cell_count = 0;
  tide_arena_reset(&r->arena);
}

static void read_rows(reading *r, struct csv_parser *parser) {
  const tide_span csv = r->csv;
  bool blank = true; /* nothing but blanks in the cell so far */
  for (; r->at < csv.len && r->status == TIDE_OK; r->at++) {
    char c = csv.ptr[r->at];
    if (blank && r->cell_count == 0) {
      if (c == '#') { /* a remark, up to the end of the line: not CSV, and not fed */
        while (r->at < csv.len && csv.ptr[r->at] != '\n' && csv.ptr[r->at] != '\r')
          r->at++;
        r->cell_at = r->at + 1;
        continue;
      }
      if (c == '\n' || c == '\r') { /* an empty line, or the LF of a CRLF */
        r->cell_at = r->at + 1;
        continue;
      }
    }
    r->cell_ended = false;
    if (csv_parse(parser, &c, 1, take_cell, take_row, r) != 1) {
      if (csv_error(parser) == CSV_EPARSE)
        wrong(r, r->at,
              "a quote inside a cell that does not begin with one, or text after a closing quote",
              (tide_span){0});
      else
        r->status = TIDE_FATAL;
      return;
    }
    blank = r->cell_ended || (blank && (c == ' ' || c == '\t'));
    if (r->cell_ended)
      r->cell_at = r->at + 1;
  }
  if (r->status != TIDE_OK)
    return;
  if (csv_fini(parser, take_cell, take_row, r) != 0) {
    if (csv_error(parser) == CSV_EPARSE)
      wrong(r, r->cell_at, "a quote that is never closed", (tide_span){0});
    else
      r->status = TIDE_FATAL;
  }
  if (r->status == TIDE_OK && !r->has_head)
    wrong(r, 0, "no row that names the columns: campaign,rule,field,pattern", (tide_span){0});
}

static int compare_rows(const void *a, const void *b, void *context) {
  (void)context;
  const rule *x = a, *y = b;
  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  if (x->place != y->place)
    return x->place < y->place ? -1 : 1;
  return x->order < y->order ? -1 : x->order > y->order;
}

static int compare_groups(const void *a, const void *b, void *context) {
  const rule_group *groups = context;
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  if (groups[x].cost != groups[y].cost)
    return groups[x].cost < groups[y].cost ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Puts rows and groups in the order in which they are tried: a campaign that a header decides never
 * costs a look into the body. */
static tide_status arrange(tide_rules *rules) {
  uint32_t count = rules->group_numbers.count;
  uint32_t *plan = realloc(rules->plan, (count + 1u) * sizeof *plan);
  if (!plan)
    return TIDE_FATAL;
  rules->plan = plan;
  uint32_t *by_order = realloc(rules->by_order, (rules->count + 1u) * sizeof *by_order);
  if (!by_order)
    return TIDE_FATAL;
  rules->by_order = by_order;
  TIDE_TRY(
      tide_sort(rules->rows, rules->count, sizeof *rules->rows, compare_rows, NULL, rules->stop));
  for (uint32_t i = 0; i < rules->count; i++)
    by_order[rules->rows[i].order] = i;
  for (uint32_t i = 0; i < count; i++) {
    plan[i] = i;
    rules->groups[i].count = 0;
  }
  for (uint32_t i = 0; i < rules->count; i++) {
    rule_group *g = &rules->groups[rules->rows[i].group];
    if (g->count++ == 0)
      g->first = i;
    g->cost = rules->rows[i].place;
  }
  if (count)
    qsort_r(plan, count, sizeof *plan, compare_groups, rules->groups);
  TIDE_TRY(tide_gate_set_build(rules->subject_gates));
  return tide_gate_set_build(rules->text_gates);
}

tide_status tide_rules_add(tide_rules *rules, tide_span csv, const char *name, tide_error *err) {
  return tide_rules_add_some(rules, csv, name, SPAN(""), err);
}

tide_status tide_rules_add_some(tide_rules *rules, tide_span csv, const char *name, tide_span begin,
                                tide_error *err) {
  reading r = {.rules = rules, .csv = csv, .name = name, .begin = begin, .err = err, .row_line = 1};
  if (csv.len > TIDE_LIMIT_RULE_FILE)
    return tide_error_set(err, TIDE_USAGE, "%s:1:1: larger than 64 MiB", name);
  if (tide_span_starts(csv, SPAN("\xff\xfe")) || tide_span_starts(csv, SPAN("\xfe\xff")))
    return tide_error_set(err, TIDE_USAGE, "%s:1:1: this is UTF-16; a rule file must be UTF-8",
                          name);
  size_t stop = utf8_stop(csv);
  if (stop < csv.len)
    return wrong(&r, stop, "not UTF-8", (tide_span){0});
  const char **files = realloc(rules->files, (rules->file_count + 1u) * sizeof *files);
  if (!files)
    return tide_error_memory(err);
  rules->files = files;
  files[rules->file_count] = tide_arena_copy(&rules->arena, tide_span_of(name)).ptr;
  struct csv_parser parser;
  if (!files[rules->file_count] || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
    return tide_error_memory(err);
  csv_set_blk_size(&parser, CSV_STEP);
  r.at = r.cell_at = tide_span_starts(csv, SPAN("\xef\xbb\xbf")) ? 3 : 0;
  read_rows(&r, &parser);
  csv_free(&parser);
  tide_arena_free(&r.arena);
  rules->file_count++;
  tide_status arranged = arrange(rules);
  if (r.status == TIDE_OK)
    r.status = arranged;
  return r.status == TIDE_FATAL || r.status == TIDE_END ? tide_error_of_status(err, r.status)
                                                        : r.status;
}

tide_status tide_rules_add_file(tide_rules *rules, const char *path, tide_error *err) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return tide_error_of_file(err, path);
  tide_buffer bytes = {.limit = TIDE_LIMIT_RULE_FILE + 1};
  tide_status status = TIDE_OK;
  char piece[8192];
  for (;;) {
    ssize_t n = read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      status = tide_error_of_file(err, path);
    if (n <= 0)
      break;
    status = tide_buffer_put(
        &bytes,
        tide_span_make(piece, (size_t)n)); /* TIDE_SKIP: too large, which tide_rules_add says */
    if (status != TIDE_OK)
      break;
  }
  close(fd);
  if (status == TIDE_FATAL)
    tide_error_memory(err);
  else if (status != TIDE_USAGE)
    status = tide_rules_add(rules, tide_buffer_span(&bytes), path, err);
  tide_buffer_free(&bytes);
  return status;
}
