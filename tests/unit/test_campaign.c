/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "hops/chain.h"
#include "rules/campaign.h"
#include "base/data.h"
#include "extract/extractor.h"
#include "rules/pattern.h"

#define HEAD "campaign,rule,field,pattern\n"

static tide_parser *parser;

static tide_rules *read_rules(const char *csv) {
  tide_rules *rules;
  tide_error err = {.text = ""};
  assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
  if (tide_rules_add(rules, tide_span_of(csv), "r.csv", &err) != TIDE_OK)
    fail_msg("%s\n%s", err.text, csv);
  return rules;
}

/* Names of the campaigns that a message matches, with a comma between. */
static void match_names(const tide_rules *rules, tide_span mail, const tide_record *record,
                        unsigned *defects, char *out, size_t size) {
  const tide_raw raw = {.bytes = mail, .size = mail.len};
  const tide_message *message;
  tide_matcher *matcher;
  tide_arena arena = {0};
  tide_record nothing = {0}, *filled = &nothing;
  tide_extract_options options = {.now = 1226440000, .rules = rules};
  const uint32_t *numbers;
  uint32_t count;
  assert_int_equal(tide_matcher_new(&matcher, rules), TIDE_OK);
  assert_int_equal(tide_message_parse(parser, &raw, tide_rules_needs(rules), &message), TIDE_OK);
  if (!record) { /* as the engine does it */
    tide_chain chain;
    const tide_extraction x = {.options = &options,
                               .raw = &raw,
                               .message = message,
                               .chain = &chain,
                               .matcher = matcher,
                               .arena = &arena};
    assert_int_equal(tide_extract(&x, TIDE_PART_CAMPAIGN, filled), TIDE_OK);
    numbers = filled->campaigns;
    count = filled->campaign_count;
    if (defects)
      *defects = filled->defects;
  } else {
    tide_matches found;
    assert_int_equal(tide_rules_match(matcher, message, record, &arena, &found), TIDE_OK);
    numbers = found.campaigns;
    count = found.count;
    if (defects)
      *defects |= found.defects;
  }
  size_t len = 0;
  out[0] = '\0';
  for (uint32_t i = 0; i < count; i++) {
    at("i = %u", i);
    assert_true(i == 0 || numbers[i] > numbers[i - 1]);
    tide_span name = tide_rules_campaign(rules, numbers[i]);
    len += (size_t)snprintf(out + len, size - len, "%s%.*s", i ? "," : "", (int)name.len, name.ptr);
    assert_number(len, <, size);
  }
  tide_matcher_free(matcher);
  tide_arena_free(&arena);
}

static void expect(const char *csv, tide_span mail, const tide_record *record, const char *want) {
  char got[512];
  tide_rules *rules = read_rules(csv);
  match_names(rules, mail, record, NULL, got, sizeof got);
  tide_rules_free(rules);
  if (strcmp(got, want) != 0)
    fail_msg("got \"%s\", want \"%s\" of\n%s", got, want, csv);
}

#define MAIL                                                                                       \
  "Received: from one.example ([192.0.2.7])\n\tby mx.example.org; Tue, 11 Nov 2008 10:00:00 "      \
  "-0500\n"                                                                                        \
  "Received: (from tomcat@localhost) by 192.0.2.8 id x\n"                                          \
  "Subject: =?utf-8?B?Q2hlYXAgY2Fmw6k=?=\n" /* Cheap café */                                      \
  "X-Mailer: Some\n\tMailer 1.0\nX-Odd: first\nx-odd: second\n"                                    \
  "Content-Type: text/html; charset=utf-8\n\n"                                                     \
  "<p>Buy V<b></b>iagra</p> see <b>http://Shop.example/a?b=1</b>, or (www.other.example).\n"

static void fields(void **state) {
  (void)state;
  tide_record record = {.helo = SPAN("DM")};
  assert_true(tide_ip_parse(SPAN("192.0.2.7"), &record.origin));
  static const struct {
    const char *row;
    bool want;
  } cases[] = {
      {"c,,subject,^cheap café$", true},
      {"c,,Subject,^CHEAP", true},
      {"c,,subject,utf-8", false},
      {"c,,text,buy viagra", true},
      {"c,,text,<b>", false},
      {"c,,raw,V<b></b>iagra", true},
      {"c,,raw,^Received: from one", true},
      {"c,,received,^\\(from tomcat", true},
      {"c,,received,7]\\) by mx", true},
      {"c,,received,one.*tomcat", false},
      {"c,,Received,^from one", true},
      {"c,,origin,^192\\.0\\.2\\.7$", true},
      {"c,,origin,8", false},
      {"c,,helo,^dm$", true},
      {"c,,x-mailer,^some mailer 1\\.0$", true},
      {"c,,X-Odd,^second$", true},
      {"c,,X-ODD,^first$", true},
      {"c,,X-Odd,third", false},
      {"c,,X-Not-There,^", false},
      {"c,,X-Not-There,(?!x)", false},
      {"c,,url,^http://shop\\.example/a\\?b=1$", true},
      {"c,,url,^www\\.other\\.example$", true},
      {"c,,url,viagra", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].row);
    char csv[256];
    snprintf(csv, sizeof csv, HEAD "%s\n", cases[i].row);
    expect(csv, SPAN(MAIL), &record, cases[i].want ? "c" : "");
  }
  /* What is unknown matches nothing. */
  tide_record unknown = {0};
  expect(HEAD "a,,origin,^(?!10\\.)\nb,,helo,^\n", SPAN("Subject: x\n\nbody\n"), &unknown, "");
}

static void groups(void **state) {
  (void)state;
  tide_record record = {0};
  static const struct {
    const char *csv, *want;
  } cases[] = {
      {HEAD "c,1,subject,cheap\nc,1,text,viagra\n", "c"},
      {HEAD "c,1,subject,cheap\nc,1,text,cialis\n", ""},
      {HEAD "c,1,text,cialis\nc,1,subject,cheap\n", ""},
      {HEAD "c,1,subject,dear\nc,1,text,viagra\nc,2,subject,cheap\nc,2,text,viagra\n", "c"},
      {HEAD "c,,subject,dear\nc,,text,viagra\n", "c"},
      {HEAD "c,,subject,dear\nc,,text,cialis\n", ""},
      /* rows of one rule need not stand together; the same rule's name elsewhere is another rule */
      {HEAD "a,x,subject,cheap\nb,x,text,viagra\na,x,text,cialis\n", "b"},
      /* in the order of the first row, whatever is tried first */
      {HEAD "late,,text,viagra\nfirst,,X-Mailer,some\nlate,,subject,cheap\n", "late,first"},
      {HEAD "a,,text,viagra\nb,,text,nothing\nc,,raw,viagra|<b>\nd,,subject,caf.\n", "a,c,d"},
      /* case and blanks of names */
      {HEAD " a ,,subject,cheap\nA,,subject,cheap\na,,subject,no\n", "a,A"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].csv);
    expect(cases[i].csv, SPAN(MAIL), &record, cases[i].want);
  }
}

static void formats(void **state) {
  (void)state;
  tide_record record = {0};
  static const char *const same[] = {
      "campaign,rule,field,pattern\nc,,subject,cheap\n",
      "campaign,rule,field,pattern\nc,,subject,cheap",
      ("\xef\xbb\xbf"
       "campaign,rule,field,pattern\r\nc,,subject,cheap\r\n"),
      "campaign,rule,field,pattern\rc,,subject,cheap\r",
      "\n\r\n# a \"remark\", with 'quotes'\ncampaign,rule,field,pattern\n\n  \n# "
      "x\nc,,subject,cheap\n#",
      "pattern,note,campaign,field\ncheap,\"why, and\nwhere\",c,subject\n",
      "Campaign, Field ,PATTERN\nc,subject,cheap\n",
      "campaign,rule,field,pattern,note\nc,,subject,cheap\n",
      "campaign,rule,field,pattern\n,,,\n\"# remark, "
      "quoted\",,,\nc,,subject,\"c(?:heap|\"\"|,)\"\n",
      " # remark\ncampaign,rule,field,pattern\n \t# remark, \"too\nc,,subject,cheap # no "
      "remark|cheap\n",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    at("row %zu of same: %s", i, same[i]);
    expect(same[i], SPAN(MAIL), &record, "c");
  }
  tide_rules *rules = read_rules("campaign,field,pattern\n");
  assert_int_equal(tide_rules_campaign_count(rules), 0);
  assert_int_equal(tide_rules_needs(rules), 0);
  tide_rules_free(rules);
}

static void errors(void **state) {
  (void)state;
  static const struct {
    tide_span csv;
    const char *want;
  } cases[] = {
      {SPAN(""), "r.csv:1:1: no row that names the columns"},
      {SPAN("# only a remark\n"), "r.csv:1:1: no row that names the columns"},
      {SPAN("\n\n campaign,field\n"), "r.csv:3:1: the first row must name the columns campaign, "
                                      "field, pattern and may name rule; missing: \"pattern\""},
      {SPAN("campaign;field;pattern\n"), "r.csv:1:1: the first row must name the columns campaign, "
                                         "field, pattern and may name rule; missing: \"campaign\""},
      {SPAN("campaign,field,campaign,pattern\n"),
       "r.csv:1:16: a column that was there before: \"campaign\""},
      {SPAN(HEAD "c,,subject\n"), "r.csv:2:11: a cell is missing in this row: \"pattern\""},
      {SPAN(HEAD "c,,subject,\n"), "r.csv:2:12: an empty pattern would match everything"},
      {SPAN(HEAD ",,subject,x\n"), "r.csv:2:1: no campaign"},
      {SPAN(HEAD "c,,,x\n"), "r.csv:2:4: no field"},
      {SPAN(HEAD "c,,sub ject,x\n"), "r.csv:2:4: a field is subject, text, raw, received, origin, "
                                     "helo, url or a header's name, not: \"sub ject\""},
      {SPAN(HEAD "c,,X:,x\n"), "r.csv:2:4: a field is subject"},
      {SPAN(HEAD "c,,caf\xc3\xa9,x\n"), "r.csv:2:4: a field is subject"},
      {SPAN(HEAD "c,,text,a(b\n"), "r.csv:2:12: missing closing parenthesis: \"a(b\""},
      {SPAN(HEAD "c,,text,ab)\n"), "r.csv:2:11: unmatched closing parenthesis: \"ab)\""},
      {SPAN(HEAD "c,,text,  ab)\n"), "r.csv:2:13: unmatched closing parenthesis"},
      {SPAN(HEAD "c,,text,\"a\"\"b)\"\n"), "r.csv:2:14: unmatched closing parenthesis: \"a\"b)\""},
      {SPAN(HEAD "c,,text,\"a\nb)\"\n"), "r.csv:3:2: unmatched closing parenthesis: \"a\\x0ab)\""},
      {SPAN(HEAD "# remark\n\nc,,text,x\r\nc,,text,ab)\r\n"), "r.csv:5:11: unmatched"},
      {SPAN("\xef\xbb\xbf"
            "campaign,field,pattern\rc,text,ab)\r"),
       "r.csv:2:10: unmatched"},
      {SPAN(HEAD "caf\xc3\xa9,,text,ab)\n"), "r.csv:2:15: unmatched"}, /* columns are bytes */
      {SPAN(HEAD "c,,text,a{1,3}\n"), "r.csv:2:13: more cells than the first row has columns; a "
                                      "pattern with a comma needs quotes around it"},
      {SPAN(HEAD "c,,text,a\"b\n"),
       "r.csv:2:10: a quote inside a cell that does not begin with one"},
      {SPAN(HEAD "c,,text,\"a\"b\n"), "r.csv:2:12: a quote inside"},
      {SPAN(HEAD "c,,text,\"ab\nc,,text,x\n"), "r.csv:2:9: a quote that is never closed"},
      {SPAN(HEAD "c,,text,\xff\n"), "r.csv:2:9: not UTF-8"},
      {SPAN(HEAD "c,,text,\xed\xa0\x80\n"), "r.csv:2:9: not UTF-8"},
      {SPAN("\xff\xfe"
            "c\0a\0"),
       "r.csv:1:1: this is UTF-16; a rule file must be UTF-8"},
      {SPAN(HEAD "c,,text,a\\Cb\n"), "r.csv:2:12: using \\C is disabled by the application"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].want);
    tide_rules *rules;
    tide_error err = {.text = ""};
    assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
    tide_status status = tide_rules_add(rules, cases[i].csv, "r.csv", &err);
    tide_rules_free(rules);
    if (status != TIDE_USAGE || strncmp(err.text, cases[i].want, strlen(cases[i].want)) != 0)
      fail_msg("case %zu: %d %s", i, status, err.text);
  }
}

/* A CSV of one row with a cell of that many bytes. */
static tide_span with_cell(const char *head, size_t len, const char *tail) {
  size_t size = strlen(head) + len + strlen(tail);
  char *text = malloc(size);
  assert_non_null(text);
  memcpy(text, head, strlen(head));
  memset(text + strlen(head), 'a', len);
  memcpy(text + strlen(head) + len, tail, strlen(tail));
  return tide_span_make(text, size);
}

static void limits(void **state) {
  (void)state;
  const struct {
    tide_span csv;
    const char *want; /* NULL: taken */
  } cases[] = {
      {with_cell(HEAD "c,,text,", TIDE_LIMIT_PATTERN, "\n"), NULL},
      {with_cell(HEAD "c,,text,", TIDE_LIMIT_PATTERN + 1, "\n"),
       "r.csv:2:9: longer than 16384 bytes"},
      {with_cell(HEAD "c,,", 255, ",x\n"), NULL},
      {with_cell(HEAD "c,,", 256, ",x\n"), "r.csv:2:4: a header's name longer than 255 bytes"},
      {with_cell(HEAD "#", TIDE_LIMIT_RULE_FILE, "\n"), "r.csv:1:1: larger than 64 MiB"},
      {with_cell(HEAD "c,,text,\"", 8 << 20, ""), "r.csv:2:9: a quote that is never closed"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].want);
    tide_rules *rules;
    tide_error err = {.text = ""};
    assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
    tide_status status = tide_rules_add(rules, cases[i].csv, "r.csv", &err);
    tide_rules_free(rules);
    free((void *)(uintptr_t)cases[i].csv.ptr);
    if (status != (cases[i].want ? TIDE_USAGE : TIDE_OK) ||
        (cases[i].want && strncmp(err.text, cases[i].want, strlen(cases[i].want)) != 0))
      fail_msg("case %zu: %d %s", i, status, err.text);
  }
  tide_buffer many = {0};
  assert_int_equal(tide_buffer_put(&many, SPAN(HEAD)), TIDE_OK);
  /* All in one rule: whoever looks through it for each new row never comes to the end. */
  for (unsigned i = 0; i <= TIDE_LIMIT_RULES; i++) {
    at("i = %u", i);
    assert_int_equal(tide_buffer_printf(&many, "c,1,subject,x\n"), TIDE_OK);
  }
  tide_rules *rules;
  tide_error err = {.text = ""};
  assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
  assert_int_equal(tide_rules_add(rules, tide_buffer_span(&many), "r.csv", &err), TIDE_USAGE);
  assert_string_equal(err.text, "r.csv:100002:1: more than 100,000 rules");
  assert_int_equal(tide_rules_count(rules), TIDE_LIMIT_RULES);
  tide_rules_free(rules);
  tide_buffer_free(&many);
}

/* A link's target is no text, but a URL. */
static void links(void **state) {
  (void)state;
  static const tide_record record = {0};
  static const tide_span mail = SPAN("Subject: x\nContent-Type: text/html\n\n<a "
                                     "href=\"http://shop.example/?a&amp;b\">www.seen.example</a><p "
                                     "hidden><a href=http://hidden.example>x</a>\n");
  expect(HEAD
         "a,,url,^http://shop\\.example/\\?a&b$\nb,,url,^www\\.seen\nc,,url,hidden\nd,,text,shop\n",
         mail, &record, "a,b");
}

static void several_files(void **state) {
  (void)state;
  tide_rules *rules = read_rules(HEAD "b,1,subject,cheap\nb,1,text,cialis\n");
  tide_error err;
  char got[256];
  tide_record record = {0};
  assert_int_equal(tide_rules_needs(rules), TIDE_NEED_SUBJECT | TIDE_NEED_TEXT);
  /* Rule 1 of another file is another rule; the campaign is the same. */
  assert_int_equal(
      tide_rules_add(rules, SPAN(HEAD "a,,X-Mailer,mailer\nb,1,X-Odd,second\n"), "s.csv", &err),
      TIDE_OK);
  assert_int_equal(tide_rules_campaign_count(rules), 2);
  assert_int_equal(tide_rules_count(rules), 4);
  assert_span_equal(tide_rules_campaign(rules, 0), "b");
  match_names(rules, SPAN(MAIL), &record, NULL, got, sizeof got);
  assert_string_equal(got, "b,a");
  assert_int_equal(tide_rules_add(rules, SPAN(HEAD "x,,text,(\n"), "t.csv", &err), TIDE_USAGE);
  assert_string_equal(err.text, "t.csv:2:10: missing closing parenthesis: \"(\"");
  tide_rules_free(rules);
  assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
  assert_int_equal(tide_rules_add_file(rules, "/nonexistent/rules.csv", &err), TIDE_USAGE);
  assert_string_equal(err.text, "/nonexistent/rules.csv: No such file or directory");
  assert_int_equal(tide_rules_add_file(rules, "/", &err), TIDE_USAGE);
  assert_string_equal(err.text, "/: Is a directory");
  tide_rules_free(rules);
}

static void needs(void **state) {
  (void)state;
  static const struct {
    const char *rows;
    unsigned want;
  } cases[] = {
      {"c,,X-Mailer,x\nc,,received,x\nc,,origin,x\nc,,helo,x\nc,,raw,x\n", TIDE_NEED_HEADERS},
      {"c,,subject,x\n", TIDE_NEED_SUBJECT},
      {"c,,text,x\n", TIDE_NEED_TEXT},
      {"c,,url,x\nd,,subject,x\n", TIDE_NEED_TEXT | TIDE_NEED_LINKS | TIDE_NEED_SUBJECT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].rows);
    char csv[256];
    snprintf(csv, sizeof csv, HEAD "%s", cases[i].rows);
    tide_rules *rules = read_rules(csv);
    assert_int_equal(tide_rules_needs(rules), cases[i].want);
    tide_rules_free(rules);
  }
}

/* A pattern that gives up is no match, is told as a defect, and spoils no other. */
static void gives_up(void **state) {
  (void)state;
  tide_span mail = with_cell("Subject: x\n\n", 30000, "!\n");
  tide_record record = {0};
  char got[64];
  unsigned defects = 0;
  tide_rules *rules = read_rules(HEAD "bad,,text,(a+)+$\ngood,,text,a!\nbad,,subject,never\n");
  clock_t before = clock();
  match_names(rules, mail, &record, &defects, got, sizeof got);
  assert_number(clock() - before, <, 5 * CLOCKS_PER_SEC);
  assert_string_equal(got, "good");
  assert_int_equal(defects, TIDE_DEFECT_MATCH_LIMIT);
  tide_rules_free(rules);
  /* A campaign that has matched is not tried further. */
  rules = read_rules(HEAD "bad,,text,(a+)+$\nbad,,subject,x\n");
  defects = 0;
  match_names(rules, mail, &record, &defects, got, sizeof got);
  assert_string_equal(got, "bad");
  assert_int_equal(defects, 0);
  tide_rules_free(rules);
  free((void *)(uintptr_t)mail.ptr);
}

static void odd_bytes(void **state) {
  (void)state;
  tide_record record = {.helo = SPAN("\xff\xfe")};
  expect(HEAD "a,,raw,via\nb,,X-Odd,end$\nc,,helo,x|^$\nd,,raw,\\x{ff}\ne,,X-Odd,nul\\x00\n",
         SPAN("X-Odd: \xff\xc3 nul\0 \xe2\x82"
              "end\n\n\xfe\xff via \x80\n"),
         &record, "a,b,e");
  /* Many URLs, none of them one. */
  expect(HEAD "a,,url,.\n",
         SPAN("Subject: x\n\nwww. http:// https://... awww.x hhttp://y http:/z www\n"), &record,
         "");
  expect(HEAD "a,,url,^http://b\n", SPAN("Subject: x\n\nhttp://a.example^http://b.example\n"),
         &record, "a");
  expect(HEAD "a,,url,x|y|z\n",
         SPAN("Subject: x\n\nwww. http:// https://... awww.x hhttp://y http:/z www\n"), &record,
         "");
}

/* Rules on subject and text are not all searched for: gate.c knows of some patterns that they
 * cannot match. Nobody may notice, so each pattern here is held against each text both ways. */
static void gates(void **state) {
  (void)state;
  static const char *const patterns[] = {
      "viagra",
      "VIAGRA",
      "vi[a4]gra",
      "v[i1!]agra",
      "v[i1l]agra|c[i1l]al[i1l]s",
      "viagras?",
      "via+gra",
      "viag(?:ra|er)s?",
      "(?:viagra)?",
      "(viagra|)",
      "(?:viagra|cialis)\\b",
      "(?:viagra)*x",
      "(?:viagra){0}",
      "(?:viagra){0,3}y",
      "(?:viagra){1,2}",
      "viag{1}ra",
      "viagr{0,1}a",
      "via{,2}gra",
      "via{x}gra",
      "v.iagra|gra",
      "(?=viagra)v",
      "(?!viagra)v",
      "(?<=cia)lis",
      "(?<!cia)lis",
      "lis(?= and)",
      "(?i:viagra)",
      "(?-i)viagra",
      "(?s)viagra.*cialis",
      "via(?#cis)gra",
      "(?x)via gra",
      "(?x: via gra )",
      "\\Qviagra\\E",
      "\\x76iagra",
      "viagr\\x{61}",
      "via\\x{67}ra",
      "(via)\\1",
      "[[:alpha:]]iagra",
      "[^]]iagra",
      "[]v]iagra",
      "[\\]v]iagra",
      "[v-w]iagra",
      "via\\.gra",
      "via\\-gra",
      "via gra",
      "via\\sgra",
      "via\\bgra",
      "via\\Kgra",
      "via(?:)gra",
      "\\d{3}gra",
      "123gra",
      "12[34]gra",
      "kiss",
      "mass",
      "a\\Sb|kiss",
      "(?|viagra|cialis)",
      "(?>viagra|cialis)",
      "(?<n>viagra)",
      "(?(?=v)viagra|cialis)",
      "(*UCP)viagra",
      "vi(?:agr|agro|alg)a",
      "abcdefghijklmnopqrstuvwxyz",
      "[ab][ab][ab][ab]",
      "[abcd]bc[abcd][abcd]",
      "a|viagra",
      "v\\wagra",
      "viagra|\\$",
      "^viagra$",
      "^(?:$|viagra)",
      "vi\\Nagra",
      "\\p{L}iagra",
      "(?:(?:viagra|cialis) ?){2}",
      "x*viagra",
      "vi?agra",
      "vi??agra",
      "vi*+agra",
      "ag(?:ra)?",
      "viagra(?:x{2}|)",
      "\\Aviagra",
      "viagra\\z",
      "ss|sss",
      "\\bcafé",
      "caf[eé]",
      "é?viagra",
      "viagré?",
      "(?:vi|ci)a(?:gra|lis)",
      "f[o0][o0]d|b[a4]r[s5z]",
      "a viagra b",
      "cialis and",
      "via\\.gra cialis",
      "a.viagra",
      "a\\.viagra",
      "- a - b",
      "cialis\\ and",
      "viagra[ ]b",
      "(?:a |cialis )(?:viagra|and)",
      "viagra[[:x]|bar[[:alpha:]]",
      "viagra[\\c]]|bar",
      "bar(?:viagra)?",
      "viagra{[x]||c{2}",
      "viagra{2|bar}",
      "viagr{ 0, 1 }a",
      "[[:^digit:]]iagra",
      "v[i]agra",
      "\304\260?s",
      "\\\\viagra",
  };
  static const char *const texts[] = {
      "",
      "viagra",
      "a Viagra b",
      "VIAGRA",
      "v1agra",
      "vi4gra",
      "cialis",
      "c1al1s",
      "viagras",
      "viaaagra",
      "viager",
      "via gra",
      "via.gra",
      "via-gra",
      "viaviagra",
      "viaviagra cialis",
      "vialga",
      "viagraviagra",
      "x",
      "y",
      "gra",
      "agra",
      "vgra",
      "vagra",
      "viiiagra",
      "via{x}gra",
      "viaagra",
      "cialis and",
      "1234gra",
      "123gra 124gra",
      "iagra",
      "]iagra",
      "\xe2\x84\xaaiss",
      "ki\xc5\xbfs",
      "ki\xc5\xbf\xc5\xbf",
      "MA\xc5\xbfS",
      "m\xc3\xa4ss",
      "abcdefghijklmnopqrstuvwxyz",
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ!",
      "abcdefghijklmnop qrstuvwxyz",
      "abab",
      "dbcda",
      "$",
      "via\xffgra",
      "viagra\xff",
      "\xffviagra",
      "vi\xc3\xa9gra",
      "caf\xc3\xa9",
      "CAF\xc3\x89",
      "cafe",
      "f00d",
      "food",
      "b4rz",
      "bars",
      "viagr\xc3\xa9",
      "viagr\xc3",
      "sss",
      "cialis  and",
      "cialis\nand",
      "cialis\xc2\xa0 and",
      "a.viagra",
      "- a - b",
      "\\viagra",
      "a\tviagra b",
      "v\304\260agra",
      "v\304\261agra",
      "bar",
      "bars",
      "bar]",
      "viagra]",
      "viagra\x1d",
  };
  tide_pattern_scratch *scratch;
  size_t yes = 0;
  assert_int_equal(tide_pattern_scratch_new(&scratch), TIDE_OK);
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    at("row %zu of patterns: %s", i, patterns[i]);
    char csv[256];
    tide_pattern *pattern;
    tide_error err = {.text = ""};
    tide_matcher *matcher;
    tide_arena arena = {0};
    if (tide_pattern_compile(&pattern, tide_span_of(patterns[i]), NULL, &err) != TIDE_OK)
      fail_msg("%s: %s", patterns[i], err.text);
    snprintf(csv, sizeof csv, HEAD "text,,text,\"%s\"\nsubject,,subject,\"%s\"\n", patterns[i],
             patterns[i]);
    tide_rules *rules = read_rules(csv);
    assert_int_equal(tide_matcher_new(&matcher, rules), TIDE_OK);
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
      at("row %zu of texts: %s", k, texts[k]);
      tide_span text = tide_span_of(texts[k]);
      const tide_message message = {.subject = text, .text = text};
      const tide_record record = {0};
      tide_matches found;
      bool want = tide_pattern_search(pattern, scratch, text, NULL) == TIDE_MATCH_YES;
      yes += want;
      assert_int_equal(tide_rules_match(matcher, &message, &record, &arena, &found), TIDE_OK);
      if (found.count != (want ? 2 : 0))
        fail_msg("\"%s\" in \"%s\": %u, want %d", patterns[i], texts[k], found.count, want);
    }
    tide_matcher_free(matcher);
    tide_rules_free(rules);
    tide_pattern_free(pattern);
    tide_arena_free(&arena);
  }
  assert_number(yes, >, 500);
  tide_pattern_scratch_free(scratch);
}

static void tell(void *context, const tide_hit *hit) {
  char *out = context;
  size_t len = strlen(out);
  snprintf(out + len, 512 - len, "%u %s:%zu %.*s %.*s %.*s [%.*s]\n", hit->campaign, hit->file,
           hit->line, (int)hit->rule.len, hit->rule.ptr, (int)hit->field.len, hit->field.ptr,
           (int)hit->pattern.len, hit->pattern.ptr, (int)hit->found.len, hit->found.ptr);
}

static void explains(void **state) {
  (void)state;
  tide_rules *rules = read_rules(HEAD "# "
                                      "remark\na,r,text,v.agra\na,r,X-Odd,se\nb,,subject,"
                                      "nothing\nb,,subject,\"c\na|ch..p\"\na,,text,buy\n");
  const tide_raw raw = {.bytes = SPAN(MAIL)};
  const tide_message *message;
  tide_matcher *matcher;
  tide_arena arena = {0};
  tide_record record = {0};
  tide_matches found;
  char out[512] = "";
  assert_int_equal(tide_matcher_new(&matcher, rules), TIDE_OK);
  assert_int_equal(tide_message_parse(parser, &raw, tide_rules_needs(rules), &message), TIDE_OK);
  assert_int_equal(
      tide_rules_explain(matcher, message, &record, &arena, (tide_hit_taker){tell, out}, &found),
      TIDE_OK);
  assert_int_equal(found.count, 2);
  assert_string_equal(out, "1 r.csv:6  subject c\na|ch..p [Cheap]\n0 r.csv:4 r X-Odd se [se]\n0 "
                           "r.csv:3 r text v.agra [Viagra]\n");
  tide_matcher_free(matcher);
  tide_arena_free(&arena);
  tide_rules_free(rules);
}

/* --- the built-in rules --- */

static tide_span read_source(const char *name) {
  const char *root = getenv("TIDE_SOURCE");
  char path[4096];
  snprintf(path, sizeof path, "%s/test-corpora/campaigns/%s", root ? root : ".", name);
  FILE *file = fopen(path, "rb");
  if (!file)
    fail_msg("%s: cannot be opened", path);
  tide_buffer bytes = {0};
  char piece[4096];
  for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
    assert_int_equal(tide_buffer_put(&bytes, tide_span_make(piece, n)), TIDE_OK);
  fclose(file);
  return tide_buffer_span(&bytes);
}

static void built_in(void **state) {
  (void)state;
  tide_rules *rules;
  tide_error err = {.text = ""};
  assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
  if (tide_rules_add(rules, tide_data_campaigns, "campaigns.csv", &err) != TIDE_OK)
    fail_msg("%s", err.text);
  tide_span expected = read_source("expected.csv"), lines = expected;
  bool seen[64] = {false};
  size_t files = 0;
  for (bool head = true; lines.len; head = false) {
    size_t end = tide_span_find_char(lines, '\n'),
           comma = tide_span_find_char(tide_span_slice(lines, 0, end), ',');
    char name[128], want[256], got[256];
    snprintf(name, sizeof name, "%.*s", (int)comma, lines.ptr);
    snprintf(want, sizeof want, "%.*s", (int)(end - comma - 1), lines.ptr + comma + 1);
    lines = tide_span_slice(lines, end + 1, lines.len);
    if (head)
      continue;
    tide_span mail = read_source(name);
    match_names(rules, mail, NULL, NULL, got, sizeof got);
    free((void *)(uintptr_t)mail.ptr);
    if (strcmp(got, want) != 0)
      fail_msg("%s: got \"%s\", want \"%s\"", name, got, want);
    for (size_t i = 0; i < tide_rules_campaign_count(rules); i++)
      if (tide_span_equal(tide_rules_campaign(rules, i), tide_span_of(want)))
        seen[i] = true;
    files++;
  }
  assert_number(files, >, 20);
  for (size_t i = 0; i < tide_rules_campaign_count(rules); i++)
    if (!seen[i])
      fail_msg("no message in test-corpora/campaigns for \"%.*s\"",
               (int)tide_rules_campaign(rules, i).len, tide_rules_campaign(rules, i).ptr);
  free((void *)(uintptr_t)expected.ptr);
  tide_rules_free(rules);
}

typedef struct sharing {
  const tide_rules *rules;
  unsigned turns;
  bool wrong;
} sharing;

static void *share(void *argument) {
  sharing *s = argument;
  tide_parser *own;
  tide_matcher *matcher;
  tide_arena arena = {0};
  if (tide_parser_new(&own) != TIDE_OK || tide_matcher_new(&matcher, s->rules) != TIDE_OK)
    abort();
  static const struct {
    const char *mail;
    uint32_t count, first;
  } cases[] = {{"Subject: one\n\nred and green\n", 2, 0},
               {"Subject: two\nX-Odd: blue\n\nnothing\n", 1, 2},
               {"Subject: three\n\nnothing\n", 0, 0}};
  for (unsigned i = 0; i < s->turns; i++) {
    const unsigned c = i % 3;
    const tide_raw raw = {.bytes = tide_span_of(cases[c].mail)};
    const tide_message *message;
    tide_record record = {0};
    tide_matches found;
    tide_arena_reset(&arena);
    if (tide_message_parse(own, &raw, tide_rules_needs(s->rules), &message) != TIDE_OK)
      abort();
    if (tide_rules_match(matcher, message, &record, &arena, &found) != TIDE_OK)
      abort();
    s->wrong = s->wrong || found.count != cases[c].count ||
               (found.count && found.campaigns[0] != cases[c].first);
  }
  tide_matcher_free(matcher);
  tide_parser_free(own);
  tide_arena_free(&arena);
  return NULL;
}

static void threads(void **state) {
  (void)state;
  tide_rules *rules = read_rules(
      HEAD
      "red,,text,\\bred\\b\ngreen,,text,gr+e+n\nblue,1,X-Odd,bl(?:u|o)e\nblue,1,subject,two\n");
  pthread_t ids[8];
  sharing all[8];
  for (size_t i = 0; i < 8; i++) {
    at("i = %zu", i);
    all[i] = (sharing){.rules = rules, .turns = 3000};
    assert_int_equal(pthread_create(&ids[i], NULL, share, &all[i]), 0);
  }
  for (size_t i = 0; i < 8; i++) {
    at("i = %zu", i);
    pthread_join(ids[i], NULL);
    assert_false(all[i].wrong);
  }
  tide_rules_free(rules);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields),        cmocka_unit_test(groups),  cmocka_unit_test(formats),
      cmocka_unit_test(errors),        cmocka_unit_test(limits),  cmocka_unit_test(links),
      cmocka_unit_test(several_files), cmocka_unit_test(needs),   cmocka_unit_test(gives_up),
      cmocka_unit_test(odd_bytes),     cmocka_unit_test(gates),   cmocka_unit_test(explains),
      cmocka_unit_test(built_in),      cmocka_unit_test(threads),
  };
  tide_mime_init();
  if (tide_parser_new(&parser) != TIDE_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tide_parser_free(parser);
  return failed;
}
