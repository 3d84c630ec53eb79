/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line as data: what is parsed, what is refused and in which words, and what help, man
 * page, completion and markdown make of the tables. The program's own tables are held against its
 * output by tests/house/help.sh; here stand tables of the worst kind. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../cmd/arguments.c"
#include "../../cmd/help.c"

/* --- parsing --- */

typedef struct wanted {
  bool all, quiet, raw;
  const char *event, *output, *format;
  tide_option_list by;
  uint64_t jobs;
  int64_t before;
} wanted;

#define AT(member) offsetof(wanted, member)

static const char *const formats[] = {"csv", "tsv", "jsonl", NULL};
static const tide_option first_options[] = {
    {"all", 'a', TIDE_OPTION_FLAG, NULL, "Everything.", AT(all), NULL, NULL, 0},
    {"quiet", 'q', TIDE_OPTION_FLAG, NULL, "Nothing.", AT(quiet), NULL, NULL, 0},
    {"raw-cells", 0, TIDE_OPTION_FLAG, NULL, "As it is.", AT(raw), NULL, NULL, 0},
    {"event", 'e', TIDE_OPTION_TEXT, "WHEN", "The event.", AT(event), NULL, NULL, 0},
    {"output", 'o', TIDE_OPTION_FILE, "FILE", "Written there.", AT(output), NULL, NULL, 0},
    {.name = NULL}};
static const tide_option second_options[] = {
    {"by", 'b', TIDE_OPTION_LIST, "FIELD", "Groups.", AT(by), NULL, NULL, 0},
    {"jobs", 'j', TIDE_OPTION_NUMBER, "N", "Threads.", AT(jobs), NULL, NULL, 256},
    {"format", 0, TIDE_OPTION_CHOICE, "FORMAT", "Form.", AT(format), formats, "csv", 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION", "Window.", AT(before), NULL, "28d", 0},
    {.name = NULL}};
static const tide_option_group first_group = {"First", first_options},
                               second_group = {"Second", second_options};
static const tide_option_group *const groups[] = {&first_group, &second_group, NULL};

/* What came of it, as text: only what is not as it would be without any word. */
static void describe(const wanted *w, const tide_option_list *operands, char out[512]) {
  int n = snprintf(out, 512, "%s%s%s", w->all ? "all " : "", w->quiet ? "quiet " : "",
                   w->raw ? "raw " : "");
  if (w->event)
    n += snprintf(out + n, 512 - (size_t)n, "event=%s ", w->event);
  if (w->output)
    n += snprintf(out + n, 512 - (size_t)n, "output=%s ", w->output);
  if (w->jobs)
    n += snprintf(out + n, 512 - (size_t)n, "jobs=%llu ", (unsigned long long)w->jobs);
  if (strcmp(w->format, "csv") != 0)
    n += snprintf(out + n, 512 - (size_t)n, "format=%s ", w->format);
  if (w->before != 28 * 86400)
    n += snprintf(out + n, 512 - (size_t)n, "before=%lld ", (long long)w->before);
  for (size_t i = 0; i < w->by.count; i++)
    n += snprintf(out + n, 512 - (size_t)n, "by=%s ", w->by.items[i]);
  for (size_t i = 0; i < operands->count; i++)
    n += snprintf(out + n, 512 - (size_t)n, "[%s]", operands->items[i]);
}

enum { WORDS = 8 };
typedef struct parse_case {
  const char *words[WORDS];
  const char *want; /* as describe() says it, or the error's exact text */
} parse_case;

static tide_status parse(const char *const *words, char out[512], tide_error *err) {
  char *argv[WORDS + 1];
  int argc = 0;
  wanted w = {0};
  tide_option_list operands = {0};
  while (argc < WORDS && words[argc]) {
    argv[argc] = strdup(words[argc]);
    argc++;
  }
  tide_status status = options_parse(groups, argc, argv, &w, &operands, err);
  if (status == TIDE_OK)
    describe(&w, &operands, out);
  free(operands.items);
  free(w.by.items);
  while (argc)
    free(argv[--argc]);
  return status;
}

static void test_good(void **state) {
  (void)state;
  static const parse_case cases[] = {
      {{NULL}, ""},
      {{"a.mbox", "b.mbox"}, "[a.mbox][b.mbox]"},
      {{"--event", "mccolo"}, "event=mccolo "},
      {{"--event=mccolo"}, "event=mccolo "},
      {{"--event=a=b"}, "event=a=b "},
      {{"--event", "--all"},
       "event=--all "}, /* an argument may look like an option, as for getopt_long */
      {{"-emccolo"}, "event=mccolo "},
      {{"-e", "mccolo"}, "event=mccolo "},
      {{"-e=x"}, "event==x "},
      {{"-oout.csv"}, "output=out.csv "},
      {{"-o", "-"}, "output=- "},
      {{"-aq"}, "all quiet "},
      {{"-aqo", "out"}, "all quiet output=out "},
      {{"-qaoout"}, "all quiet output=out "},
      {{"-aj4"}, "all jobs=4 "},
      {{"--jobs=1"}, "jobs=1 "},
      {{"--jobs=256"}, "jobs=256 "},
      {{"--by", "origin/16", "-bcampaign", "--by=helo"}, "by=origin/16 by=campaign by=helo "},
      {{"a", "--all", "b", "-q"}, "all quiet [a][b]"}, /* they may mix */
      {{"--all", "--", "--quiet", "-q", "--"}, "all [--quiet][-q][--]"},
      {{"--"}, ""},
      {{"-", "--all"}, "all [-]"},
      {{"--format=jsonl"}, "format=jsonl "},
      {{"--before", "1d12h"}, "before=129600 "},
      {{"--before=2w", "--raw-cells"}, "raw before=1209600 "},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].words[0] ? cases[i].words[0] : "no word");
    char got[512] = "";
    tide_error err = {0};
    if (parse(cases[i].words, got, &err) != TIDE_OK)
      fail_msg("case %zu: %s", i, err.text);
    assert_string_equal(got, cases[i].want);
  }
}

#define LONG_64 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

static void test_bad(void **state) {
  (void)state;
  static const parse_case cases[] = {
      {{"--evnt", "x"}, "unknown option --evnt; did you mean --event?"},
      {{"--evnt=x"}, "unknown option --evnt; did you mean --event?"},
      {{"--evnet"}, "unknown option --evnet; did you mean --event?"},
      {{"--even"}, "unknown option --even; did you mean --event?"}, /* no abbreviations */
      {{"--ou", "x"}, "unknown option --ou; did you mean --output?"},
      {{"--Event"}, "unknown option --Event; did you mean --event?"},
      {{"--raw_cells"}, "unknown option --raw_cells; did you mean --raw-cells?"},
      {{"--frobnicate"}, "unknown option --frobnicate; see --help"},
      {{"--e"}, "unknown option --e; see --help"},
      {{"--=x"}, "unknown option --; see --help"},
      {{"---all"}, "unknown option ---all; did you mean --all?"},
      {{"--" LONG_64 LONG_64}, "unknown option --" LONG_64 "; see --help"},
      {{"--e\033[2J"},
       "unknown option --e\\x1b[2J; see --help"}, /* no escape reaches the terminal */
      {{"-x"}, "unknown option -x; see --help"},
      {{"-ax"}, "unknown option -x; see --help"},
      {{"-a="}, "unknown option -=; see --help"},
      {{"-\xc3\xb6"}, "unknown option -\xc3\xb6; see --help"},
      {{"-event", "x"}, "unknown option -event; did you mean --event?"},
      {{"-output=x"},
       "unknown option -output=x; did you mean --output=x?"}, /* not a file named "utput=x" */
      {{"--event"}, "--event needs an argument: WHEN"},
      {{"-o"}, "--output needs an argument: FILE"},
      {{"-ao"}, "--output needs an argument: FILE"},
      {{"--by"}, "--by needs an argument: FIELD"},
      {{"--event="}, "--event takes WHEN, not \"\""},
      {{"-o", ""}, "--output takes FILE, not \"\""},
      {{"--by=", "x"}, "--by takes FIELD, not \"\""},
      {{""}, "an argument is empty"},
      {{"--", ""}, "an argument is empty"},
      {{"--all=yes"}, "--all takes no argument"},
      {{"--all="}, "--all takes no argument"},
      {{"--jobs", "0"}, "--jobs takes a number from 1 to 256, not \"0\""},
      {{"--jobs=257"}, "--jobs takes a number from 1 to 256, not \"257\""},
      {{"--jobs=-1"}, "--jobs takes a number from 1 to 256, not \"-1\""},
      {{"--jobs="}, "--jobs takes a number from 1 to 256, not \"\""},
      {{"-j=4"}, "--jobs takes a number from 1 to 256, not \"=4\""},
      {{"-j4x"}, "--jobs takes a number from 1 to 256, not \"4x\""},
      {{"-j99999999999999999999999"},
       "--jobs takes a number from 1 to 256, not \"99999999999999999999999\""},
      {{"--format=xml"}, "--format takes csv, tsv or jsonl, not \"xml\""},
      {{"--format=cs"}, "--format takes csv, tsv or jsonl, not \"cs\""},
      {{"--format=CSV"}, "--format takes csv, tsv or jsonl, not \"CSV\""},
      {{"--before=month"}, "--before takes a duration such as 28d, 2w or 12h, not \"month\""},
      {{"--before=0d"}, "--before takes a duration such as 28d, 2w or 12h, not \"0d\""},
      {{"--event=a", "--event=b"}, "--event is given twice"},
      {{"--event=a", "-ea"}, "--event is given twice"},
      {{"-aqa"}, "--all is given twice"},
      {{"--format=csv", "--format=csv"}, "--format is given twice"},
      {{"a", "--nothing", "--all"}, "unknown option --nothing; see --help"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].words[0]);
    char got[512] = "";
    tide_error err = {0};
    if (parse(cases[i].words, got, &err) != TIDE_USAGE)
      fail_msg("case %zu (%s) was taken: %s", i, cases[i].words[0], got);
    assert_string_equal(err.text, cases[i].want);
    assert_int_equal(err.status, TIDE_USAGE);
  }
}

/* As many as a shell makes of a Maildir; and lists without end hide no option that is given twice.
 */
static void test_many(void **state) {
  (void)state;
  enum { MANY = 100000 };
  char operand[] = "a", list[] = "-bx", once[] = "-a";
  char **argv = calloc(MANY + 2, sizeof *argv);
  assert_non_null(argv);
  for (size_t kind = 0; kind < 2; kind++) {
    at("kind = %zu", kind);
    wanted w = {0};
    tide_option_list operands = {0};
    tide_error err = {0};
    for (size_t i = 0; i < MANY; i++)
      argv[i] = kind ? list : operand;
    argv[MANY] = argv[MANY + 1] = once;
    assert_int_equal(options_parse(groups, MANY + 1, argv, &w, &operands, &err), TIDE_OK);
    assert_int_equal(kind ? w.by.count : operands.count, MANY);
    assert_true(w.all);
    free(operands.items);
    free(w.by.items);
    w = (wanted){0};
    operands = (tide_option_list){0};
    assert_int_equal(options_parse(groups, MANY + 2, argv, &w, &operands, &err), TIDE_USAGE);
    assert_string_equal(err.text, "--all is given twice");
    free(operands.items);
    free(w.by.items);
  }
  free(argv);
}

/* --- help --- */

static const char *const many_choices[] = {"first-choice",
                                           "second-choice",
                                           "third-choice",
                                           "fourth-choice",
                                           "fifth-choice",
                                           "sixth-choice",
                                           NULL};
static const tide_option nasty_options[] = {
    {"dots", 'd', TIDE_OPTION_TEXT, ".DOT",
     ".hidden files begin with a dot; 'quotes' and \"quotes\" stay straight; a back\\slash and "
     "\\fBno font\\fR.",
     0, NULL, NULL, 0},
    {"bars", 0, TIDE_OPTION_LIST, "A|B|FILE",
     "'a|b' is either; `x|y` too, and <z> is no tag; ~home, ^caret, a lone ` stays.", 0, NULL, NULL,
     0},
    {"choices", 'c', TIDE_OPTION_CHOICE, "CHOICE", "One of many.", 0, many_choices, "third-choice",
     0},
    {"format", 0, TIDE_OPTION_CHOICE, "FORMAT", "One of few.", 0, formats, "csv", 0},
    {"by", 0, TIDE_OPTION_LIST, "FIELD", "Groups.", 0, NULL, NULL, 0},
    {"output", 'o', TIDE_OPTION_FILE, "FILE",
     "A sentence of words that goes on and on, so that it must be broken into several lines at "
     "seventy-nine columns, and not at eighty, wherever that may be in the sentence.",
     0, NULL, NULL, 0},
    {"help", 'h', TIDE_OPTION_FLAG, NULL, "This help.", 0, NULL, NULL, 0},
    {.name = NULL}};
static const tide_option_group nasty_group = {"Nasty's \"group\"", nasty_options};
static const tide_option_group *const nasty_groups[] = {&nasty_group, NULL};
static const char *const nasty_description[] = {
    ".TH is no request here.", "'br neither; and   several   blanks are one.", NULL};
static const tide_column nasty_rows[] = {
    {.name = "n", .help = "a number"},
    {.name = "a_column_with_a_long_name",
     .help = ".its meaning | both, in so many words that it does not fit on one line of the help"}};
static const tide_columns nasty_columns = TIDE_COLUMNS(nasty_rows);
static const tide_option_group *const nasty_none[] = {NULL};
static const tide_question_type nasty_question = {.name = "nasty", .columns = &nasty_columns};
static const tide_request_kind nasty_kind = {.question = &nasty_question, .groups = nasty_none};
static const example nasty_examples[] = {
    {"spamtide nasty --dots \"2008-11-11 16:30 America/New_York\" --bars 'one two three four five "
     "six' --output \"my file.csv\" ~/archive",
     "Quotes hold."},
    {".nasty \\n", "No request."},
    {"spamtide nasty \"a very long quoted word that has many blanks but none of them where the "
     "line may be broken at all\"",
     "Cannot be broken within quotes."},
    {NULL, NULL}};
static const command nasty = {.name = "nasty",
                              .operands = "[FILE|-]...",
                              .summary = ".summary's \"text\" \\ that is so long that the list of "
                                         "commands must be wrapped to hold it all",
                              .description = nasty_description,
                              .groups = nasty_groups,
                              .asks = &nasty_kind,
                              .examples = nasty_examples};
static const command plain = {.name = "plain",
                              .operands = "",
                              .summary = "a plain one",
                              .description = nasty_description + 2,
                              .groups = groups,
                              .field_columns = true,
                              .examples = nasty_examples};
const command *const commands[] = {&nasty, &plain, NULL};

typedef void print_command(FILE *, const command *);

/* What is printed, as text to be freed. */
static char *printed(print_command *print, const command *c) {
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  assert_non_null(out);
  print(out, c);
  assert_int_equal(fclose(out), 0);
  return text;
}

static void print_program(FILE *out, const command *c) {
  (void)c;
  help_program(out);
}
static void print_completion(FILE *out, const command *c) {
  (void)c;
  help_completion(out);
}

static void assert_has(const char *text, const char *part) {
  if (!strstr(text, part))
    fail_msg("\"%s\" is not in:\n%s", part, text);
}

/* No line is wider than 79, but where one quoted word is; none ends in a blank; the last one is
 * ended. */
static void assert_tidy(const char *text) {
  for (const char *line = text; *line;) {
    size_t len = strcspn(line, "\n");
    if (len > 79 && !memmem(line, len, "very long quoted", 16))
      fail_msg("%zu wide: %.*s", len, (int)len, line);
    if (len && line[len - 1] == ' ')
      fail_msg("blank at the end: %.*s", (int)len, line);
    assert_int_equal(line[len], '\n');
    line += len + 1;
  }
}

/* Each option and each choice; `dash` is what stands for a '-'. */
static void assert_names_all(const char *text, const command *c, const char *dash) {
  for (const tide_option_group *const *g = c->groups; *g; g++)
    for (const tide_option *o = (*g)->options; o->name; o++)
      for (size_t i = 0; i == 0 || (o->choices && o->choices[i - 1]); i++) {
        at("i = %zu", i);
        char name[128];
        size_t n = i ? 0 : (size_t)snprintf(name, sizeof name, "%s%s", dash, dash);
        for (const char *p = i ? o->choices[i - 1] : o->name; *p; p++)
          n += (size_t)(*p == '-' ? snprintf(name + n, sizeof name - n, "%s", dash)
                                  : snprintf(name + n, sizeof name - n, "%c", *p));
        assert_has(text, name);
      }
}

static void test_help(void **state) {
  (void)state;
  for (const command *const *c = commands; *c; c++) {
    at("command %s", (*c)->name);
    char *text = printed(help_command, *c);
    assert_tidy(text);
    assert_names_all(text, *c, "-");
    assert_has(text, "\nExit status:\n  0 everything was read;");
    free(text);
  }
  char *text = printed(help_command, &nasty);
  assert_has(text, "Usage: spamtide nasty [OPTION]... [FILE|-]...\n");
  assert_has(text, "'br neither; and several blanks are one.\n");
  assert_has(text, "  -d, --dots .DOT\n      .hidden files");
  assert_has(text, "  --format csv|tsv|jsonl\n      One of few. Default: csv.\n");
  assert_has(text,
             "  -c, --choices CHOICE\n      One of many.\n      One of:\n        first-choice\n"
             "        second-choice\n        third-choice (default)\n");
  assert_has(text, "\n  a_column_with_a_long_name  .its meaning");
  assert_has(text, "\n                             not fit on one line");
  assert_has(text,
             "  spamtide nasty --dots \"2008-11-11 16:30 America/New_York\" \\\n      --bars 'one "
             "two three four five six' --output \"my file.csv\" ~/archive\n      Quotes hold.\n");
  assert_has(text, "  spamtide nasty \\\n      \"a very long quoted word that has many blanks but "
                   "none of them where the line may be broken at all\"\n");
  free(text);
  text = printed(print_program, NULL);
  assert_tidy(text);
  assert_has(text, "  nasty         .summary's");
  assert_has(text, "  plain         a plain one\n");
  assert_has(text, "\nAn example:\n  spamtide nasty --dots");
  free(text);
  text = printed(help_command, &plain);
  assert_has(text, "Usage: spamtide plain [OPTION]...\n");
  for (size_t i = 0; i < tide_field_count; i++) {
    at("i = %zu", i);
    assert_has(text, tide_fields[i].name);
  }
  free(text);
}

/* --- other programs' opinion --- */

/* Gives text to a shell command on standard input; what the command prints is to be freed. */
static char *through(const char *shell_command, const char *text, int *status) {
  char path[] = "/tmp/spamtide-option-XXXXXX", line[2048];
  int fd = mkstemp(path);
  assert_number(fd, >=, 0);
  assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
  close(fd);
  assert_number(snprintf(line, sizeof line, "{ %s; } <%s 2>&1", shell_command, path), <,
                (int)sizeof line);
  FILE *in = popen(line, "r"), *out;
  char *answer = NULL;
  size_t size;
  assert_non_null(in);
  assert_non_null(out = open_memstream(&answer, &size));
  for (int c; (c = fgetc(in)) != EOF;)
    fputc(c, out);
  fclose(out);
  *status = pclose(in);
  unlink(path);
  return answer;
}

static bool have(const char *program) {
  char line[64];
  snprintf(line, sizeof line, "command -v %s >/dev/null 2>&1", program);
  return system(line) == 0;
}

static void test_man(void **state) {
  (void)state;
  static const command *const pages[] = {NULL, &nasty, &plain};
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
    at("row %zu of pages: %s", i, pages[i] ? pages[i]->name : "the program");
    int status;
    char *text = printed(help_man, pages[i]);
    if (pages[i])
      assert_names_all(text, pages[i], "\\-");
    /* No text may become a request that was not meant: all lines that begin like one are ours. */
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
      assert_true(*line != '\'');
      if (*line != '.')
        continue;
      static const char *const ours[] = {".TH ", ".SH ",  ".SS ",    ".TP\n", ".B ",   ".I ",
                                         ".BR ", ".PP\n", ".RS 4\n", ".nf\n", ".fi\n", ".RE\n"};
      size_t k = 0;
      while (k < sizeof ours / sizeof *ours && strncmp(line, ours[k], strlen(ours[k])) != 0)
        k++;
      if (k == sizeof ours / sizeof *ours)
        fail_msg("not a request of ours: %.40s", line);
    }
    if (have("mandoc")) {
      char *complaints = through("mandoc -T lint -W warning", text, &status);
      if (*complaints)
        fail_msg("mandoc: %s", complaints);
      free(complaints);
    }
    if (have("groff")) {
      char *complaints = through("groff -ww -man -Tascii >/dev/null", text, &status);
      if (*complaints || status)
        fail_msg("groff: %s", complaints);
      free(complaints);
    }
    free(text);
  }
  if (!have("mandoc"))
    return;
  int status;
  char *text = printed(help_man, &nasty);
  char *page = through("mandoc -T ascii | sed 's/.\\x08//g' | tr -s ' \\t\\n' ' '", text, &status);
  static const char *const seen[] = {
      "spamtide-nasty - .summary's \"text\" \\ that is so long",
      ".TH is no request here.",
      "'br neither; and several blanks are one.",
      "Nasty's \"group\"",
      "-d, --dots .DOT",
      "'quotes' and \"quotes\" stay straight; a back\\slash and \\fBno font\\fR.",
      "'a|b' is either; x|y too, and <z> is no tag; ~home, ^caret, a lone ` stays.",
      "third-choice (default), fourth-choice",
      ".its meaning | both",
      ".nasty \\n",
      "--dots \"2008-11-11 16:30 America/New_York\" \\ --bars 'one two three four five six'"};
  for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
    at("row %zu of seen: %s", i, seen[i]);
    assert_has(page, seen[i]);
  }
  free(page);
  free(text);
}

static void test_completion(void **state) {
  (void)state;
  static const struct {
    const char *words; /* as bash has them in COMP_WORDS: '=' stands alone */
    const char *want;
  } cases[] = {
      {"spamtide na", "nasty"},
      {"spamtide --v", "--version"},
      {"spamtide help pl", "plain"},
      {"spamtide nasty --ch", "--choices"},
      {"spamtide nasty --choices f", "first-choice fourth-choice fifth-choice"},
      {"spamtide nasty -c s", "second-choice sixth-choice"},
      {"spamtide nasty --format = t", "tsv"},
      {"spamtide nasty --format =", "csv tsv jsonl"},
      {"spamtide nasty --dots ''", ""},
      {"spamtide nasty --output al", "alone.mbox"},
      {"spamtide nasty --bars al", "alone.mbox"},
      {"spamtide nasty -o al", "alone.mbox"},
      {"spamtide nasty al", "alone.mbox"},
      {"spamtide nasty -- -d", "-dash.mbox"},
      {"spamtide plain al", ""}, /* takes no operands */
      {"spamtide nasty --by weekday,claimed_", "weekday,claimed_origin"},
      {"spamtide unknown al", ""},
  };
  if (!have("bash"))
    skip();
  int status;
  char *script = printed(print_completion, NULL), *answer;
  answer = through("bash -n", script, &status);
  if (*answer || status)
    fail_msg("bash: %s", answer);
  free(answer);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].words);
    char line[1024];
    snprintf(
        line, sizeof line,
        "set -u; d=$(mktemp -d) && trap 'rm -r \"$d\"' EXIT; cat >$d/script; cd $d && mkdir w && "
        "cd w && touch alone.mbox ./-dash.mbox && bash -euc '. ../script; COMP_WORDS=(\"$@\"); "
        "COMP_CWORD=$(($# - 1)); _spamtide; echo \"${COMPREPLY[*]}\"' bash %s",
        cases[i].words);
    answer = through(line, script, &status);
    if (status)
      fail_msg("%s: %s", cases[i].words, answer);
    answer[strcspn(answer, "\n")] = '\0';
    if (strcmp(answer, cases[i].want) != 0)
      fail_msg("%s: got \"%s\", want \"%s\"", cases[i].words, answer, cases[i].want);
    free(answer);
  }
  free(script);
}

static void test_markdown(void **state) {
  (void)state;
  for (const command *const *c = commands; *c; c++) {
    at("command %s", (*c)->name);
    char *text = printed(help_markdown, *c);
    assert_names_all(text, *c, "-");
    /* Two cells in each row: three bars that are not escaped. */
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
      at("line %.60s", line);
      size_t bars = 0, len = strcspn(line, "\n");
      for (size_t i = 0; i < len; i++)
        bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
      if (len && bars != 3)
        fail_msg("%zu bars: %.*s", bars, (int)len, line);
    }
    free(text);
  }
  char *text = printed(help_markdown, &nasty);
  assert_has(text,
             "| `--bars A\\|B\\|FILE` | 'a\\|b' is either; `x\\|y` too, and \\<z> is no tag;");
  assert_has(text, "| `--format FORMAT` | One of few. One of `csv` (default), `tsv`, "
                   "`jsonl`. |\n");
  assert_has(text, "| `-h, --help` | This help. |\n");
  assert_has(text, "| `a_column_with_a_long_name` | .its meaning \\| both");
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_good),    cmocka_unit_test(test_bad), cmocka_unit_test(test_many),
      cmocka_unit_test(test_help),    cmocka_unit_test(test_man), cmocka_unit_test(test_completion),
      cmocka_unit_test(test_markdown)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
