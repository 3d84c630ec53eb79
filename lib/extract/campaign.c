#include "extractors.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "spamtide/limits.h"
#include "spamtide/map.h"
#include "spamtide/pattern.h"

/* What a pattern is held against; in the order of what looking costs. */
typedef enum subject_kind { ON_ORIGIN, ON_HELO, ON_HEADER, ON_RECEIVED, ON_SUBJECT, ON_RAW, ON_TEXT, ON_URL } subject_kind;

typedef struct rule {
  subject_kind kind;
  tide_span header;     /* ON_HEADER: the field's name */
  tide_header_id id;    /* its number, or TIDE_HEADER_OTHER */
  tide_pattern *pattern;
  struct rule *next;    /* of the same group: all are needed */
} rule;

/* Rules of which each is needed: those with the same campaign and the same name, or a single one without a name. */
typedef struct group {
  rule *rules;
  struct group *next; /* of the same campaign: one suffices */
  subject_kind cost;  /* of the dearest rule */
} group;

struct tide_rules {
  tide_map campaigns;
  group **groups; /* by campaign */
  size_t cap;
  tide_map names; /* (campaign, rule) → index in named */
  group **named;
  size_t named_cap;
  size_t count;
  unsigned needs;
  tide_arena arena;
};

struct tide_matcher {
  tide_pattern_scratch *scratch;
  tide_buffer joined;
};

tide_status tide_rules_new(tide_rules **out, tide_error *err) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

void tide_rules_free(tide_rules *r) {
  if (!r) return;
  for (uint32_t c = 0; c < r->campaigns.count; c++)
    for (group *g = r->groups[c]; g; g = g->next)
      for (rule *x = g->rules; x; x = x->next) tide_pattern_free(x->pattern);
  tide_map_free(&r->campaigns);
  tide_map_free(&r->names);
  tide_arena_free(&r->arena);
  free(r->groups);
  free(r->named);
  free(r);
}

size_t tide_rules_campaign_count(const tide_rules *r) { return r->campaigns.count; }
tide_span tide_rules_campaign(const tide_rules *r, size_t number) { return tide_map_key(&r->campaigns, (uint32_t)number); }
unsigned tide_rules_needs(const tide_rules *r) { return r->needs; }

/* --- reading --------------------------------------------------------------------------------------------------- */

enum { COLUMN_CAMPAIGN, COLUMN_RULE, COLUMN_FIELD, COLUMN_PATTERN, COLUMN_COUNT, CELLS_MAX = 64 };
static const char *const column_names[COLUMN_COUNT] = {"campaign", "rule", "field", "pattern"};

typedef struct cell {
  tide_span text;
  size_t line, column; /* of its first byte, from 1 */
} cell;

/* A rule file being read. libcsv tells no places, so it is fed byte by byte and the reader keeps count. */
typedef struct reading {
  tide_rules *rules;
  const char *name;
  tide_error *err;
  tide_status status;
  tide_arena arena; /* cells of the row */
  cell cells[CELLS_MAX];
  size_t cell_count;
  bool too_many;
  int columns[COLUMN_COUNT]; /* where they stand; -1 */
  bool has_head;
  size_t line, column;             /* of the byte that is fed */
  size_t cell_line, cell_column;   /* of the cell's first byte */
  bool cell_quoted;
} reading;

static tide_status wrong(reading *r, size_t line, size_t column, const char *reason, tide_span what) {
  int len = what.len > 80 ? 80 : (int)what.len;
  r->status = what.ptr ? tide_error_set(r->err, TIDE_USAGE, "%s:%zu:%zu: %s: \"%.*s\"", r->name, line, column, reason, len, what.ptr)
                       : tide_error_set(r->err, TIDE_USAGE, "%s:%zu:%zu: %s", r->name, line, column, reason);
  return r->status;
}

static void take_cell(void *text, size_t len, void *context) {
  reading *r = context;
  if (r->cell_count == CELLS_MAX) {
    r->too_many = true;
    return;
  }
  tide_span copy = tide_arena_copy(&r->arena, tide_span_make(text, len));
  if (!copy.ptr) r->status = TIDE_FATAL;
  r->cells[r->cell_count++] = (cell){copy, r->cell_line, r->cell_column};
}

static const cell *cell_of(const reading *r, int column) {
  int at = r->columns[column];
  return at >= 0 && (size_t)at < r->cell_count ? &r->cells[at] : NULL;
}

static tide_status read_head(reading *r) {
  for (int c = 0; c < COLUMN_COUNT; c++) r->columns[c] = -1;
  for (size_t i = 0; i < r->cell_count; i++)
    for (int c = 0; c < COLUMN_COUNT; c++)
      if (tide_span_iequal(tide_span_trim(r->cells[i].text), tide_span_of(column_names[c]))) r->columns[c] = (int)i;
  for (int c = 0; c < COLUMN_COUNT; c++)
    if (r->columns[c] < 0 && c != COLUMN_RULE) return wrong(r, r->cells[0].line, 1, "the first line has no column", tide_span_of(column_names[c]));
  r->has_head = true;
  return TIDE_OK;
}

static bool rule_kind(tide_span field, rule *out) {
  static const struct {
    const char *name;
    subject_kind kind;
  } words[] = {{"subject", ON_SUBJECT}, {"text", ON_TEXT}, {"raw", ON_RAW}, {"received", ON_RECEIVED}, {"origin", ON_ORIGIN}, {"helo", ON_HELO}, {"url", ON_URL}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (tide_span_iequal(field, tide_span_of(words[i].name))) {
      out->kind = words[i].kind;
      return true;
    }
  /* RFC 5322 2.2: printable ASCII but for the colon. */
  if (field.len == 0) return false;
  for (size_t i = 0; i < field.len; i++)
    if (field.ptr[i] <= ' ' || field.ptr[i] >= 0x7f || field.ptr[i] == ':') return false;
  static const char *const headers[] = {
#define X(id, name) name,
      TIDE_HEADERS(X)
#undef X
  };
  out->kind = ON_HEADER;
  out->id = TIDE_HEADER_OTHER;
  for (int i = 0; i < TIDE_HEADER_COUNT; i++)
    if (tide_span_iequal(field, tide_span_of(headers[i]))) out->id = (tide_header_id)i;
  return true;
}

/* The group that a rule belongs to: the one of its name, or a new one. */
static group *group_for(tide_rules *r, uint32_t campaign, tide_span name) {
  group **slot = NULL;
  if (name.len) {
    tide_buffer key = {0};
    uint32_t at = TIDE_MAP_NONE;
    if (tide_buffer_put(&key, tide_span_make((const char *)&campaign, sizeof campaign)) == TIDE_OK && tide_buffer_put(&key, name) == TIDE_OK)
      at = tide_map_add(&r->names, tide_buffer_span(&key));
    tide_buffer_free(&key);
    if (at == TIDE_MAP_NONE) return NULL;
    if (at >= r->named_cap) {
      size_t cap = r->named_cap ? r->named_cap * 2 : 32;
      group **grown = realloc(r->named, cap * sizeof *grown);
      if (!grown) return NULL;
      memset(grown + r->named_cap, 0, (cap - r->named_cap) * sizeof *grown);
      r->named = grown;
      r->named_cap = cap;
    }
    slot = &r->named[at];
    if (*slot) return *slot;
  }
  group *g = tide_arena_take(&r->arena, sizeof *g);
  if (!g) return NULL;
  *g = (group){0};
  if (slot) *slot = g;
  /* In the order of the file; sorted by cost when matching begins. */
  group **end = &r->groups[campaign];
  while (*end) end = &(*end)->next;
  *end = g;
  return g;
}

static uint32_t campaign_for(tide_rules *r, tide_span name) {
  uint32_t number = tide_map_add(&r->campaigns, name);
  if (number != TIDE_MAP_NONE && number >= r->cap) {
    size_t cap = r->cap ? r->cap * 2 : 32;
    group **grown = realloc(r->groups, cap * sizeof *grown);
    if (!grown) return TIDE_MAP_NONE;
    memset(grown + r->cap, 0, (cap - r->cap) * sizeof *grown);
    r->groups = grown;
    r->cap = cap;
  }
  return number;
}

static tide_status add_rule(reading *r) {
  const cell *campaign = cell_of(r, COLUMN_CAMPAIGN), *name = cell_of(r, COLUMN_RULE), *field = cell_of(r, COLUMN_FIELD), *pattern = cell_of(r, COLUMN_PATTERN);
  tide_rules *rules = r->rules;
  const cell *end = &r->cells[r->cell_count - 1];
  if (r->too_many) return wrong(r, end->line, end->column, "too many cells in a line", (tide_span){0});
  if (!campaign || !field || !pattern) return wrong(r, end->line, end->column, "a cell is missing: campaign, field and pattern are needed", (tide_span){0});
  tide_span campaign_name = tide_span_trim(campaign->text), field_name = tide_span_trim(field->text);
  if (campaign_name.len == 0) return wrong(r, campaign->line, campaign->column, "no campaign", (tide_span){0});
  if (pattern->text.len == 0) return wrong(r, pattern->line, pattern->column, "an empty pattern matches everything", (tide_span){0});
  if (pattern->text.len > TIDE_LIMIT_PATTERN) return wrong(r, pattern->line, pattern->column, "pattern longer than 16 KiB", (tide_span){0});
  if (rules->count >= TIDE_LIMIT_RULES) return wrong(r, campaign->line, campaign->column, "more rules than the limit", (tide_span){0});
  rule *x = tide_arena_take(&rules->arena, sizeof *x);
  if (!x) return r->status = TIDE_FATAL;
  *x = (rule){0};
  if (!rule_kind(field_name, x)) return wrong(r, field->line, field->column, "neither a known field nor a header's name", field_name);
  x->header = tide_arena_copy(&rules->arena, field_name);
  size_t offset = 0;
  tide_error reason;
  tide_status status = tide_pattern_compile(&x->pattern, pattern->text, &offset, &reason);
  if (status == TIDE_USAGE) return wrong(r, pattern->line, pattern->column + offset, reason.text, pattern->text);
  uint32_t number = status == TIDE_OK ? campaign_for(rules, campaign_name) : TIDE_MAP_NONE;
  group *g = number == TIDE_MAP_NONE ? NULL : group_for(rules, number, name ? tide_span_trim(name->text) : (tide_span){0});
  if (!g) {
    tide_pattern_free(x->pattern);
    return r->status = TIDE_FATAL;
  }
  /* Cheap ones first: a subject that does not match spares decoding nothing, but searching much. */
  rule **at = &g->rules;
  while (*at && (*at)->kind <= x->kind) at = &(*at)->next;
  x->next = *at;
  *at = x;
  if (x->kind > g->cost) g->cost = x->kind;
  if (x->kind == ON_SUBJECT) rules->needs |= TIDE_NEED_SUBJECT;
  if (x->kind == ON_TEXT || x->kind == ON_URL) rules->needs |= TIDE_NEED_TEXT;
  rules->count++;
  return TIDE_OK;
}

static void take_row(int terminator, void *context) {
  (void)terminator;
  reading *r = context;
  if (r->status == TIDE_OK && r->cell_count) {
    if (!r->has_head) read_head(r);
    else add_rule(r);
  }
  r->cell_count = 0;
  r->too_many = false;
  tide_arena_reset(&r->arena);
}

tide_status tide_rules_add(tide_rules *rules, tide_span csv, const char *name, tide_error *err) {
  struct csv_parser parser;
  reading r = {.rules = rules, .name = name, .err = err, .line = 1, .column = 1, .cell_line = 1, .cell_column = 1};
  if (csv.len > TIDE_LIMIT_RULE_FILE) return tide_error_set(err, TIDE_USAGE, "%s:1:1: larger than 64 MiB", name);
  if (csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL) != 0) return tide_error_set(err, TIDE_FATAL, "out of memory");
  size_t at = tide_span_starts(csv, SPAN("\xef\xbb\xbf")) ? 3 : 0;
  bool row_start = true, quoted = false;
  for (; at < csv.len && r.status == TIDE_OK; at++) {
    char c = csv.ptr[at];
    if (row_start && c == '#') { /* a remark, up to the end of the line: not CSV, and not fed */
      while (at < csv.len && csv.ptr[at] != '\n') at++;
      r.line++;
      r.column = 1;
      r.cell_line = r.line;
      r.cell_column = 1;
      continue;
    }
    if (c == '"') quoted = !quoted;
    bool ends_cell = !quoted && (c == ',' || c == '\n' || c == '\r');
    if (csv_parse(&parser, &c, 1, take_cell, take_row, &r) != 1) {
      int code = csv_error(&parser);
      wrong(&r, r.line, r.column, code == CSV_EPARSE ? "a quote inside a cell that is not quoted, or text behind one that is" : csv_strerror(code), (tide_span){0});
      break;
    }
    if (c == '\n') {
      r.line++;
      r.column = 1;
    } else {
      r.column++;
    }
    if (ends_cell) {
      r.cell_line = r.line;
      r.cell_column = r.column;
    }
    row_start = ends_cell && c != ',';
  }
  if (r.status == TIDE_OK && quoted) wrong(&r, r.cell_line, r.cell_column, "the quote is never closed", (tide_span){0});
  if (r.status == TIDE_OK && csv_fini(&parser, take_cell, take_row, &r) != 0) wrong(&r, r.line, r.column, csv_strerror(csv_error(&parser)), (tide_span){0});
  csv_free(&parser);
  tide_arena_free(&r.arena);
  if (r.status == TIDE_OK && !r.has_head) wrong(&r, 1, 1, "no column heads: campaign,rule,field,pattern", (tide_span){0});
  return r.status == TIDE_FATAL ? tide_error_set(err, TIDE_FATAL, "out of memory") : r.status;
}

tide_status tide_rules_add_file(tide_rules *rules, const char *path, tide_error *err) {
  FILE *file = fopen(path, "re");
  if (!file) return tide_error_set(err, TIDE_USAGE, "%s: %s", path, strerror(errno));
  tide_buffer bytes = {.limit = TIDE_LIMIT_RULE_FILE + 1};
  tide_status status = TIDE_OK;
  char piece[8192];
  size_t n;
  while (status == TIDE_OK && (n = fread(piece, 1, sizeof piece, file)) > 0) status = tide_buffer_put(&bytes, tide_span_make(piece, n));
  if (ferror(file)) status = tide_error_set(err, TIDE_USAGE, "%s: %s", path, strerror(errno));
  else if (status == TIDE_FATAL) tide_error_set(err, TIDE_FATAL, "out of memory");
  else status = tide_rules_add(rules, tide_buffer_span(&bytes), path, err);
  fclose(file);
  tide_buffer_free(&bytes);
  return status;
}

/* --- matching -------------------------------------------------------------------------------------------------- */

tide_status tide_matcher_new(tide_matcher **out, const tide_rules *rules) {
  (void)rules;
  tide_matcher *m = calloc(1, sizeof *m);
  if (!m || tide_pattern_scratch_new(&m->scratch) != TIDE_OK) {
    free(m);
    return TIDE_FATAL;
  }
  *out = m;
  return TIDE_OK;
}

void tide_matcher_free(tide_matcher *m) {
  if (!m) return;
  tide_pattern_scratch_free(m->scratch);
  tide_buffer_free(&m->joined);
  free(m);
}

/* One message being matched. */
typedef struct matching {
  tide_matcher *matcher;
  const tide_message *message;
  const tide_record *record;
  tide_arena *arena;
  unsigned *defects;
} matching;

static bool search(const matching *m, const rule *x, tide_span text) {
  switch (tide_pattern_search(x->pattern, m->matcher->scratch, text, NULL)) {
  case TIDE_MATCH_YES: return true;
  case TIDE_MATCH_NO: return false;
  case TIDE_MATCH_LIMIT_REACHED: break;
  }
  *m->defects |= TIDE_DEFECT_MATCH_LIMIT;
  return false;
}

static bool search_unfolded(const matching *m, const rule *x, tide_span value) {
  if (value.len > TIDE_LIMIT_HEADER_VALUE) {
    value.len = TIDE_LIMIT_HEADER_VALUE;
    *m->defects |= TIDE_DEFECT_LONG_HEADER;
  }
  return search(m, x, tide_header_unfold(value, m->arena));
}

static bool search_headers(const matching *m, const rule *x) {
  const tide_message *msg = m->message;
  if (x->id != TIDE_HEADER_OTHER) {
    for (uint32_t at = msg->first[x->id]; at != TIDE_HEADER_NONE; at = msg->headers[at].next)
      if (search_unfolded(m, x, msg->headers[at].value)) return true;
    return false;
  }
  for (uint32_t i = 0; i < msg->header_count; i++)
    if (msg->headers[i].id == TIDE_HEADER_OTHER && tide_span_iequal(msg->headers[i].name, x->header) && search_unfolded(m, x, msg->headers[i].value)) return true;
  return false;
}

/* Does a URL begin at text[at]? */
static bool url_starts(tide_span text, size_t at) {
  tide_span rest = tide_span_slice(text, at, at + 8);
  if (at && tide_is_alnum(text.ptr[at - 1])) return false;
  return tide_span_istarts(rest, SPAN("http://")) || tide_span_istarts(rest, SPAN("https://")) || tide_span_istarts(rest, SPAN("www."));
}

static bool search_urls(const matching *m, const rule *x, tide_span text) {
  for (size_t at = 0; at < text.len; at++) {
    char c = tide_lower(text.ptr[at]);
    if ((c != 'h' && c != 'w') || !url_starts(text, at)) continue;
    size_t end = at;
    while (end < text.len && (unsigned char)text.ptr[end] > ' ' && !strchr("<>\"'()[]{}", text.ptr[end])) end++;
    if (search(m, x, tide_span_slice(text, at, end))) return true;
    at = end;
  }
  return false;
}

static bool rule_holds(const matching *m, const rule *x) {
  char text[TIDE_IP_TEXT];
  switch (x->kind) {
  case ON_ORIGIN: return search(m, x, tide_span_make(text, tide_ip_format(&m->record->origin, text)));
  case ON_HELO: return search(m, x, m->record->helo);
  case ON_HEADER: return search_headers(m, x);
  case ON_RECEIVED:
    for (uint32_t at = m->message->first[TIDE_HEADER_RECEIVED]; at != TIDE_HEADER_NONE; at = m->message->headers[at].next)
      if (search_unfolded(m, x, m->message->headers[at].value)) return true;
    return false;
  case ON_SUBJECT: return search(m, x, m->message->subject);
  case ON_RAW: return search(m, x, m->message->raw->bytes);
  case ON_TEXT: return search(m, x, m->message->text);
  case ON_URL: return search_urls(m, x, m->message->text);
  }
  return false;
}

static bool campaign_holds(const matching *m, const group *groups) {
  /* Header rules of any group before text rules of any other. */
  for (int dear = 0; dear < 2; dear++)
    for (const group *g = groups; g; g = g->next) {
      if ((g->cost >= ON_RAW) != dear) continue;
      const rule *x = g->rules;
      while (x && rule_holds(m, x)) x = x->next;
      if (!x) return true;
    }
  return false;
}

tide_status tide_rules_match(const tide_rules *r, tide_matcher *matcher, const tide_message *message, const tide_record *record, tide_arena *arena,
                             const uint32_t **campaigns, uint32_t *count, unsigned *defects) {
  matching m = {matcher, message, record, arena, defects};
  uint32_t *found = tide_arena_take(arena, (r->campaigns.count + 1u) * sizeof *found);
  if (!found) return TIDE_FATAL;
  *count = 0;
  for (uint32_t c = 0; c < r->campaigns.count; c++)
    if (campaign_holds(&m, r->groups[c])) found[(*count)++] = c;
  *campaigns = found;
  return TIDE_OK;
}

static unsigned campaign_needs(const tide_extract_options *options) { return options->rules ? tide_rules_needs(options->rules) : 0; }

static tide_status campaign_apply(const tide_extraction *x, tide_record *r) {
  if (!x->options->rules) return TIDE_OK;
  return tide_rules_match(x->options->rules, x->matcher, x->message, r, x->arena, &r->campaigns, &r->campaign_count, &r->defects);
}

const tide_extractor tide_extract_campaign = {
    .name = "campaign", .fills = TIDE_PART_CAMPAIGN, .needs = campaign_needs, .uses = TIDE_PART_ORIGIN, .apply = campaign_apply};
