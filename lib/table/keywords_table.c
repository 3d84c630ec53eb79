/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose share of the templates' words changed. A template counts once for each word and side,
 * however many messages it has; words are held against all words, pairs against all pairs. */
#include "table/keywords_table.h"

#include <math.h>
#include <stdlib.h>

#include "groups.h"
#include "stats/adjust.h"
#include "stats/logodds.h"
#include "base/map.h"
#include "record/signature.h"
#include "base/room.h"
#include "base/visible.h"
#include "base/sort.h"

enum { SIGNIFICANT_PERCENT = 5, ALIKE_PERCENT = 80, PRIOR_PERCENT = 25, GROUP_VALUES_MAX = 16 };

/* A word of one group. */
typedef struct found {
  uint32_t word, group; /* the group's position */
  uint32_t templates[TIDE_SIDES];
  uint64_t messages[TIDE_SIDES];
  const tide_example *example; /* the earliest message of the side where it is more frequent */
  bool pair;
  tide_logodds odds;
  double p_adjusted;
} found;

/* A template of a group: entries whose signatures belong together. */
typedef struct member {
  tide_span group;
  uint32_t leader, entry;
} member;

/* Of one word while a group is counted. */
typedef struct slot {
  uint32_t templates[TIDE_SIDES], last[TIDE_SIDES]; /* last: the template that it was seen in */
  uint64_t messages[TIDE_SIDES];
  const tide_example *example[TIDE_SIDES];
} slot;

typedef struct keywords {
  const tide_keywords *table;
  const tide_lexicon *lexicon;
  const tide_row_writer *rows, *rules;
  tide_error *err;
  tide_lexicon_entry *entries;
  member *members; /* by group and leader */
  uint32_t count;
  bool *pair;          /* by word */
  slot *slots;         /* by word */
  double *prior;       /* by word: templates that have it, whatever the group */
  double all_prior[2]; /* words, pairs */
  uint32_t *touched;
  uint32_t touched_count;
  found *found;
  size_t found_count, found_cap;
  tide_span *groups;         /* by position */
  uint32_t *group_templates; /* by position and side */
  uint32_t group_count;
  tide_arena arena;
} keywords;

/* A row of the table. */
typedef struct keyword_row {
  tide_span word, example;
  const found *found;
  const uint32_t *all; /* templates of the group on each side */
  char cautions[TIDE_CAUTIONS_TEXT];
} keyword_row;

static double percent(uint32_t part, uint32_t all) {
  return all ? 100.0 * part / all : NAN;
}

TIDE_GETTER(keyword_row, word, tide_value_text(r->word))
TIDE_GETTER(keyword_row, change,
            tide_value_word(r->found->odds.log_odds < 0 ? SPAN("fell") : SPAN("rose")))
TIDE_GETTER(keyword_row, templates_before, tide_value_uint(r->found->templates[TIDE_SIDE_BEFORE]))
TIDE_GETTER(keyword_row, templates_after, tide_value_uint(r->found->templates[TIDE_SIDE_AFTER]))
TIDE_GETTER(keyword_row, share_before,
            tide_value_real(percent(r->found->templates[TIDE_SIDE_BEFORE],
                                    r->all[TIDE_SIDE_BEFORE])))
TIDE_GETTER(keyword_row, share_after,
            tide_value_real(percent(r->found->templates[TIDE_SIDE_AFTER], r->all[TIDE_SIDE_AFTER])))
TIDE_GETTER(keyword_row, messages_before, tide_value_uint(r->found->messages[TIDE_SIDE_BEFORE]))
TIDE_GETTER(keyword_row, messages_after, tide_value_uint(r->found->messages[TIDE_SIDE_AFTER]))
TIDE_GETTER(keyword_row, log_odds, tide_value_real(r->found->odds.log_odds))
TIDE_GETTER(keyword_row, z, tide_value_real(r->found->odds.z))
TIDE_GETTER(keyword_row, p_value, tide_value_probability(r->found->odds.p))
TIDE_GETTER(keyword_row, p_adjusted, tide_value_probability(r->found->p_adjusted))
TIDE_GETTER(keyword_row, cautions, tide_value_text(tide_span_of(r->cautions)))
TIDE_GETTER(keyword_row, example, tide_value_text_if(r->example))

static const tide_column keyword_columns[] = {
    {.name = "word",
     .help = "a word in lower case, or two words next to each other",
     .get = get_word},
    {.name = "change",
     .help =
         "fell or rose: whether its share of the words (or pairs) of the templates is smaller or "
         "larger after the event",
     .get = get_change},
    {.name = "templates_before",
     .help =
         "templates with the word before the event; each counts once, however many messages it has",
     .get = get_templates_before},
    {.name = "templates_after", .help = "the same after", .get = get_templates_after},
    {.name = "share_before_pct",
     .help = "percentage of the group's templates before the event",
     .get = get_share_before},
    {.name = "share_after_pct", .help = "the same after", .get = get_share_after},
    {.name = "messages_before",
     .help = "messages with the word before the event",
     .get = get_messages_before},
    {.name = "messages_after", .help = "the same after", .get = get_messages_after},
    {.name = "log_odds",
     .help = "natural logarithm of its odds among all words (or pairs) after the event over its "
             "odds before, pulled towards 0 by a prior (Monroe and others 2008)",
     .get = get_log_odds},
    {.name = "z", .help = "the same in standard errors; rows are sorted by it", .get = get_z},
    {.name = "p_value", .help = "two-sided p-value of z", .get = get_p_value},
    {.name = "p_adjusted",
     .help = "the same, adjusted for all words that were tested (Benjamini and Hochberg 1995)",
     .get = get_p_adjusted},
    {.name = "example",
     .help = "place of the earliest message with the word, on the side where it is more frequent "
             "(SOURCE:OFFSET)",
     .get = get_example},
    {.name = "cautions",
     .help = "reasons not to trust the row: clipped (a window reaches beyond the archive), chance "
             "(p_adjusted is above 0.05: with so many words, chance alone makes one as large)",
     .get = get_cautions},
};

const tide_columns tide_keywords_columns = TIDE_COLUMNS(keyword_columns);

/* A row of the rule file. */
typedef struct rule_row {
  tide_span campaign, field, pattern, note;
} rule_row;

TIDE_GETTER(rule_row, campaign, tide_value_text(r->campaign))
TIDE_GETTER(rule_row, field, tide_value_word(r->field))
TIDE_GETTER(rule_row, pattern, tide_value_text(r->pattern))
TIDE_GETTER(rule_row, note, tide_value_text(r->note))

static const tide_column rule_columns[] = {
    {.name = "campaign", .help = "the word", .get = get_campaign},
    {.name = "field", .help = "subject or text", .get = get_field},
    {.name = "pattern", .help = "the word as a pattern", .get = get_pattern},
    {.name = "note", .help = "how it changed", .get = get_note},
};

const tide_columns tide_keywords_rule_columns = TIDE_COLUMNS(rule_columns);

/* --- counting --- */

static int compare_members(const void *a, const void *b, void *context) {
  (void)context;
  const member *x = a, *y = b;
  int order = tide_span_compare(x->group, y->group);
  if (order)
    return order;
  if (x->leader != y->leader)
    return x->leader < y->leader ? -1 : 1;
  return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static int compare_leaders(const void *a, const void *b, void *context) {
  (void)context;
  const member *x = a, *y = b;
  return x->leader < y->leader ? -1 : x->leader > y->leader;
}

/* Which entries' signatures belong together. */
static tide_status leaders_put(keywords *k, tide_map *distinct, tide_span *signatures,
                               uint32_t *leader) {
  for (uint32_t i = 0; i < k->count; i++) {
    uint32_t number = tide_map_add(distinct, k->entries[i].signature);
    if (number == TIDE_MAP_NONE)
      return TIDE_FATAL;
    signatures[number] = k->entries[i].signature;
    k->members[i] = (member){k->entries[i].group, number, i};
  }
  TIDE_TRY(tide_signature_group(signatures, distinct->count, k->table->stop, leader));
  for (uint32_t i = 0; i < k->count; i++)
    k->members[i].leader = leader[k->members[i].leader];
  return TIDE_OK;
}

static tide_status find_leaders(keywords *k) {
  tide_map distinct = {0};
  tide_span *signatures = malloc((k->count + 1u) * sizeof *signatures);
  uint32_t *leader = malloc((k->count + 1u) * sizeof *leader);
  const tide_status status =
      signatures && leader ? leaders_put(k, &distinct, signatures, leader) : TIDE_FATAL;
  tide_map_free(&distinct);
  free(signatures);
  free(leader);
  return status;
}

/* Counts an entry's words in its template, whose number is from 1. */
static void count_entry(keywords *k, const tide_lexicon_entry *e, uint32_t template) {
  for (uint32_t i = 0; i < e->count; i++) {
    const tide_lexicon_use *use = &e->uses[i];
    slot *s = &k->slots[use->word];
    if (!s->last[TIDE_SIDE_BEFORE] && !s->last[TIDE_SIDE_AFTER])
      k->touched[k->touched_count++] = use->word;
    for (int side = 0; side < TIDE_SIDES; side++) {
      if (!use->messages[side])
        continue;
      s->messages[side] += use->messages[side];
      s->templates[side] += s->last[side] != template;
      s->last[side] = template;
      const tide_example *example = &e->example[side];
      if (use->in_example[side] &&
          (!s->example[side] || tide_example_compare(example, s->example[side]) < 0))
        s->example[side] = example;
    }
  }
}

static void forget(keywords *k) {
  for (uint32_t i = 0; i < k->touched_count; i++)
    k->slots[k->touched[i]] = (slot){0};
  k->touched_count = 0;
}

/* The prior: what share of the words of all templates each word has, on both sides and whatever the
 * group. */
static tide_status count_prior(keywords *k) {
  uint32_t template = 0;
  TIDE_TRY(
      tide_sort(k->members, k->count, sizeof *k->members, compare_leaders, NULL, k->table->stop));
  for (uint32_t i = 0; i < k->count; i++) {
    template += i == 0 || k->members[i].leader != k->members[i - 1].leader;
    count_entry(k, &k->entries[k->members[i].entry], template);
  }
  for (uint32_t i = 0; i < k->touched_count; i++) {
    const slot *s = &k->slots[k->touched[i]];
    const double templates = s->templates[TIDE_SIDE_BEFORE] + (double)s->templates[TIDE_SIDE_AFTER];
    k->prior[k->touched[i]] = templates;
    k->all_prior[k->pair[k->touched[i]]] += templates;
  }
  forget(k);
  return TIDE_OK;
}

static tide_status keep_found(keywords *k, const found *f) {
  if (tide_room(&k->found, &k->found_cap, k->found_count, sizeof *k->found) != TIDE_OK)
    return TIDE_FATAL;
  k->found[k->found_count++] = *f;
  return TIDE_OK;
}

/* The words of the group that was counted, tested. The prior weighs a quarter of the smaller
 * side: with less, what one side lacks has so large a variance that it ranks after what it has
 * seldom; with more, what changed is drawn to no change (docs/keywords.md). */
static tide_status test_group(keywords *k) {
  double all[2][TIDE_SIDES] = {{0}};
  for (uint32_t i = 0; i < k->touched_count; i++)
    for (int side = 0; side < TIDE_SIDES; side++)
      all[k->pair[k->touched[i]]][side] += k->slots[k->touched[i]].templates[side];
  /* A group without mail on one side has nothing to compare. */
  const bool both = all[0][TIDE_SIDE_BEFORE] > 0 && all[0][TIDE_SIDE_AFTER] > 0;
  for (uint32_t i = 0; i < k->touched_count && both; i++) {
    const uint32_t word = k->touched[i];
    const slot *s = &k->slots[word];
    found f = {.word = word, .group = k->group_count, .pair = k->pair[word]};
    if (s->templates[TIDE_SIDE_BEFORE] + s->templates[TIDE_SIDE_AFTER] < TIDE_KEYWORDS_LEAST)
      continue;
    memcpy(f.templates, s->templates, sizeof f.templates);
    memcpy(f.messages, s->messages, sizeof f.messages);
    const double before = all[f.pair][TIDE_SIDE_BEFORE], after = all[f.pair][TIDE_SIDE_AFTER],
                 weight = (before < after ? before : after) * PRIOR_PERCENT / 100;
    const tide_logodds_counts counts = {
        .before = s->templates[TIDE_SIDE_BEFORE],
        .after = s->templates[TIDE_SIDE_AFTER],
        .all_before = before,
        .all_after = after,
        .prior = weight * k->prior[word] / k->all_prior[f.pair],
        .all_prior = weight,
    };
    if (!(before > 0 && after > 0))
      continue;
    f.odds = tide_logodds_estimate(&counts);
    f.example = s->example[f.odds.log_odds < 0 ? TIDE_SIDE_BEFORE : TIDE_SIDE_AFTER];
    if (keep_found(k, &f) != TIDE_OK)
      return TIDE_FATAL;
  }
  return TIDE_OK;
}

static tide_status count_groups(keywords *k) {
  TIDE_TRY(
      tide_sort(k->members, k->count, sizeof *k->members, compare_members, NULL, k->table->stop));
  for (uint32_t i = 0; i < k->count;) {
    const tide_span group = k->members[i].group;
    uint32_t template = 0, *templates = &k->group_templates[k->group_count * TIDE_SIDES];
    if (tide_stopped(k->table->stop))
      return TIDE_END;
    while (i < k->count && tide_span_equal(k->members[i].group, group)) {
      bool any[TIDE_SIDES] = {false, false};
      const uint32_t leader = k->members[i].leader;
      template ++;
      for (; i < k->count && k->members[i].leader == leader &&
             tide_span_equal(k->members[i].group, group);
           i++) {
        const tide_lexicon_entry *e = &k->entries[k->members[i].entry];
        count_entry(k, e, template);
        for (int side = 0; side < TIDE_SIDES; side++)
          any[side] = any[side] || e->example[side].source.ptr;
      }
      for (int side = 0; side < TIDE_SIDES; side++)
        templates[side] += any[side];
    }
    if (test_group(k) != TIDE_OK)
      return TIDE_FATAL;
    forget(k);
    k->groups[k->group_count++] = group;
  }
  return TIDE_OK;
}

static tide_status adjust(keywords *k) {
  double *p = malloc((k->found_count + 1) * sizeof *p);
  if (!p)
    return TIDE_FATAL;
  for (size_t i = 0; i < k->found_count; i++)
    p[i] = k->found[i].odds.p;
  tide_status status = tide_adjust_bh(p, k->found_count, k->table->stop);
  *k->table->tested = (tide_keywords_tested){k->found_count, 1};
  for (size_t i = 0; i < k->found_count; i++) {
    k->found[i].p_adjusted = p[i];
    k->table->tested->least = fmin(k->table->tested->least, p[i]);
  }
  free(p);
  return status;
}

/* --- rows --- */

/* By group, what fell before what rose, the strongest first, equals by their bytes. */
static int compare_found(const void *a, const void *b, void *context) {
  const found *x = a, *y = b;
  const keywords *k = context;
  if (x->group != y->group)
    return x->group < y->group ? -1 : 1;
  const bool fell = x->odds.z < 0, other = y->odds.z < 0;
  if (fell != other)
    return fell ? -1 : 1;
  if (x->odds.z != y->odds.z)
    return fabs(x->odds.z) > fabs(y->odds.z) ? -1 : 1;
  return tide_span_compare(tide_lexicon_word(k->lexicon, x->word),
                           tide_lexicon_word(k->lexicon, y->word));
}

/* Is one count about as large as the other? */
static bool is_near(uint64_t a, uint64_t b) {
  const uint64_t less = a < b ? a : b, more = a < b ? b : a;
  return less * 100 >= more * ALIKE_PERCENT;
}

/* The first and the second word of a pair; a word is its own first. */
static tide_span part_of(tide_span word, bool second) {
  size_t blank = tide_span_find_char(word, ' ');
  return second ? tide_span_slice(word, blank + 1, word.len) : tide_span_slice(word, 0, blank);
}

static bool share_a_word(tide_span a, tide_span b) {
  for (int i = 0; i < 2; i++)
    for (int k = 0; k < 2; k++) {
      tide_span x = part_of(a, i), y = part_of(b, k);
      if (x.len && tide_span_equal(x, y))
        return true;
    }
  return false;
}

/* Does a stronger row tell the same: a word of the same pair, or a pair with the same word, in
 * about as many templates? */
static bool is_told(const keywords *k, const found *f, const found *const *shown, size_t count) {
  const tide_span word = tide_lexicon_word(k->lexicon, f->word);
  for (size_t i = 0; i < count; i++)
    if (is_near(f->templates[TIDE_SIDE_BEFORE], shown[i]->templates[TIDE_SIDE_BEFORE]) &&
        is_near(f->templates[TIDE_SIDE_AFTER], shown[i]->templates[TIDE_SIDE_AFTER]) &&
        share_a_word(word, tide_lexicon_word(k->lexicon, shown[i]->word)))
      return true;
  return false;
}

/* A word as a pattern that finds it where it stands alone; what is no letter is written with a
 * backslash. */
static tide_status put_pattern(tide_buffer *out, tide_span word) {
  TIDE_TRY(tide_buffer_put(out, SPAN("(?<!\\w)")));
  for (size_t i = 0; i < word.len; i++) {
    const char c = word.ptr[i];
    if (c == ' ')
      TIDE_TRY(tide_buffer_put(out, SPAN("\\s+")));
    else if (c == '\'')
      TIDE_TRY(tide_buffer_put(out, SPAN("['\xe2\x80\x99]")));
    else if (tide_is_alnum(c) || (unsigned char)c >= 0x80)
      TIDE_TRY(tide_buffer_putc(out, c));
    else
      TIDE_TRY(tide_buffer_printf(out, "\\%c", c));
  }
  return tide_buffer_put(out, SPAN("(?!\\w)"));
}

typedef struct rule_texts {
  tide_buffer campaign, pattern, note;
} rule_texts;

static tide_status rule_put(const keywords *k, const found *f, tide_span word, rule_texts *t) {
  tide_span group = k->groups[f->group], value;
  const char *before = " (";
  TIDE_TRY(tide_buffer_put(&t->campaign, word));
  while (tide_group_take(&group, &value)) {
    TIDE_TRY(tide_buffer_put(&t->campaign, tide_span_of(before)));
    TIDE_TRY(tide_buffer_put(&t->campaign, value));
    before = ", ";
    if (group.len == 0)
      TIDE_TRY(tide_buffer_putc(&t->campaign, ')'));
  }
  TIDE_TRY(put_pattern(&t->pattern, word));
  return tide_buffer_printf(&t->note, "%s: in %u templates before and in %u after",
                            f->odds.z < 0 ? "fell" : "rose", f->templates[TIDE_SIDE_BEFORE],
                            f->templates[TIDE_SIDE_AFTER]);
}

static tide_status rule_write(const keywords *k, const found *f, tide_span word, rule_texts *t) {
  static const char *const fields[] = {"subject", "text"};
  if (rule_put(k, f, word, t) != TIDE_OK)
    return tide_error_memory(k->err);
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    tide_value values[sizeof rule_columns / sizeof *rule_columns];
    const rule_row row = {tide_buffer_span(&t->campaign), tide_span_of(fields[i]),
                          tide_buffer_span(&t->pattern), tide_buffer_span(&t->note)};
    TIDE_TRY(tide_columns_write(&tide_keywords_rule_columns, &row, 0, values, k->rules, k->err));
  }
  return TIDE_OK;
}

static tide_status write_rule(const keywords *k, const found *f, tide_span word) {
  rule_texts t = {.campaign = {0}};
  const tide_status status = rule_write(k, f, word, &t);
  tide_buffer_free(&t.campaign);
  tide_buffer_free(&t.pattern);
  tide_buffer_free(&t.note);
  return status;
}

static tide_status place_put(keywords *k, const tide_example *e, tide_buffer *place) {
  tide_span source = tide_path_visible(e->source, &k->arena);
  if (!source.ptr)
    return TIDE_FATAL;
  TIDE_TRY(tide_buffer_put(place, source));
  return tide_buffer_printf(place, ":%llu", (unsigned long long)e->offset);
}

static void cautions_put(const keywords *k, keyword_row *row) {
  const bool holds[TIDE_CAUTION_COUNT] = {
      [TIDE_CAUTION_CLIPPED] = k->table->clipped,
      [TIDE_CAUTION_CHANCE] = row->found->p_adjusted > TIDE_KEYWORDS_NEWS,
  };
  tide_cautions_write(tide_cautions_set(holds), row->cautions);
}

static tide_status row_put(keywords *k, const found *f, tide_buffer *place) {
  enum { COLUMNS = sizeof keyword_columns / sizeof *keyword_columns };
  tide_value values[COLUMNS + GROUP_VALUES_MAX];
  const tide_span word = tide_lexicon_word(k->lexicon, f->word);
  keyword_row row = {.word = word, .found = f, .all = &k->group_templates[f->group * TIDE_SIDES]};
  if (f->example && place_put(k, f->example, place) != TIDE_OK)
    return tide_error_memory(k->err);
  row.example = tide_buffer_span(place);
  cautions_put(k, &row);
  tide_groups_values(k->groups[f->group], k->table->group_values, values);
  TIDE_TRY(tide_columns_write(&tide_keywords_columns, &row, k->table->group_values, values, k->rows,
                              k->err));
  return k->rules ? write_rule(k, f, word) : TIDE_OK;
}

static tide_status write_row(keywords *k, const found *f) {
  tide_buffer place = {0};
  const tide_status status = row_put(k, f, &place);
  tide_buffer_free(&place);
  tide_arena_reset(&k->arena);
  return status;
}

/* The strongest of each group and direction, without what changed little, and without those that
 * tell the same as a stronger one. */
static tide_status write_all(keywords *k) {
  const found **shown = malloc((k->found_count + 1) * sizeof *shown);
  tide_status status = shown ? TIDE_OK : tide_error_memory(k->err);
  size_t count = 0;
  if (k->found_count)
    qsort_r(k->found, k->found_count, sizeof *k->found, compare_found, k);
  for (size_t i = 0; i < k->found_count && status == TIDE_OK; i++) {
    const found *f = &k->found[i];
    if (i && (f[-1].group != f->group || (f[-1].odds.z < 0) != (f->odds.z < 0)))
      count = 0;
    if (count == k->table->top || fabs(f->odds.log_odds) < log(TIDE_KEYWORDS_FACTOR) ||
        f->odds.p > TIDE_KEYWORDS_P || is_told(k, f, shown, count))
      continue;
    shown[count++] = f;
    status = tide_stopped(k->table->stop) ? TIDE_END : write_row(k, f);
  }
  free(shown);
  return status;
}

static tide_status open_keywords(keywords *k) {
  const uint32_t words = tide_lexicon_word_count(k->lexicon);
  k->count = tide_lexicon_entry_count(k->lexicon);
  k->entries = malloc((k->count + 1u) * sizeof *k->entries);
  k->members = malloc((k->count + 1u) * sizeof *k->members);
  k->groups = malloc((k->count + 1u) * sizeof *k->groups);
  k->group_templates = calloc((k->count + 1u) * TIDE_SIDES, sizeof *k->group_templates);
  k->pair = malloc((words + 1u) * sizeof *k->pair);
  k->slots = calloc(words + 1u, sizeof *k->slots);
  k->prior = calloc(words + 1u, sizeof *k->prior);
  k->touched = malloc((words + 1u) * sizeof *k->touched);
  if (!k->entries || !k->members || !k->groups || !k->group_templates || !k->pair || !k->slots ||
      !k->prior || !k->touched)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < k->count; i++)
    k->entries[i] = tide_lexicon_entry_at(k->lexicon, i);
  for (uint32_t i = 0; i < words; i++)
    k->pair[i] = memchr(tide_lexicon_word(k->lexicon, i).ptr, ' ',
                        tide_lexicon_word(k->lexicon, i).len) != NULL;
  return TIDE_OK;
}

static tide_status keywords_test(keywords *k) {
  if (k->table->group_values > GROUP_VALUES_MAX)
    return TIDE_FATAL;
  TIDE_TRY(open_keywords(k));
  TIDE_TRY(find_leaders(k));
  if (k->count) {
    TIDE_TRY(count_prior(k));
    TIDE_TRY(count_groups(k));
  }
  return adjust(k);
}

tide_status tide_keywords_write(const tide_keywords *table, const tide_lexicon *lexicon,
                                const tide_row_writer *rows, const tide_row_writer *rules,
                                tide_error *err) {
  keywords k = {.table = table, .lexicon = lexicon, .rows = rows, .rules = rules, .err = err};
  tide_status status = keywords_test(&k);
  if (status == TIDE_FATAL)
    tide_error_memory(err);
  if (status == TIDE_OK)
    status = write_all(&k);
  free(k.entries);
  free(k.members);
  free(k.groups);
  free(k.group_templates);
  free(k.pair);
  free(k.slots);
  free(k.prior);
  free(k.touched);
  free(k.found);
  tide_arena_free(&k.arena);
  return status;
}
