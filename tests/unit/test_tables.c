/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's own option tables are sound: what options_parse() and the makers of help take for
 * granted holds in every row. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "../../cmd/arguments.c"
#include "../../cmd/invocation.h"

/* The tables name the functions that run the commands; here they are never called, so they need not
 * be linked. */
#include "../../cmd/command.h"
#define int __attribute__((weak)) int
#include "../../cmd/commands.h"
#undef int

#include "../../cmd/tables.c"

/* What stands beside a command that is not linked. */
const tide_columns events_columns = {.count = 0};

typedef void check_option(const command *, const tide_option *);

static void each_option(check_option *check) {
  for (const command *const *c = commands; *c; c++) {
    const command_options all = command_options_of(*c);
    for (const tide_option_group *const *g = all.groups; *g; g++)
      for (const tide_option *o = (*g)->options; o->name; o++)
        check(*c, o);
  }
}

#define claim(condition)                                                                           \
  do {                                                                                             \
    if (!(condition))                                                                              \
      fail_msg("%s --%s: not so: %s", c->name, o->name, #condition);                               \
  } while (0)

static bool plain_text(const char *text) {
  for (; *text; text++)
    if (*text < ' ' || *text > '~')
      return false;
  return true;
}

static void check_row(const command *c, const tide_option *o) {
  size_t len = strlen(o->name);
  claim(len >= 2 && len <= TIDE_OPTION_NAME_MAX);
  for (size_t i = 0; i < len; i++)
    claim((o->name[i] >= 'a' && o->name[i] <= 'z') || (o->name[i] == '-' && i > 0));
  claim(o->letter == 0 || tide_is_alnum(o->letter));
  claim((o->argument == NULL) == (o->kind == TIDE_OPTION_FLAG));
  claim((o->choices != NULL) == (o->kind == TIDE_OPTION_CHOICE));
  claim((o->most > 0) == (o->kind == TIDE_OPTION_NUMBER));
  claim(o->kind != TIDE_OPTION_FLAG || o->preset == NULL);
  claim(o->offset < sizeof(settings));
  claim(plain_text(o->help));
  claim(strlen(o->help) > 1 && o->help[strlen(o->help) - 1] == '.');
  if (o->argument)
    for (const char *p = o->argument; *p; p++)
      claim(plain_text(p) && !tide_is_space(*p) &&
            tide_lower(*p) == *p + (tide_is_alpha(*p) ? 32 : 0));
  /* Completion puts choices between quotes, and one after the other. */
  for (size_t i = 0; o->choices && o->choices[i]; i++)
    for (const char *p = o->choices[i]; *p; p++)
      claim(tide_is_alnum(*p) || *p == '-' || *p == '_');
}
static void test_rows(void **state) {
  (void)state;
  each_option(check_row);
}

static void check_alone(const command *c, const tide_option *o) {
  size_t names = 0, letters = 0, places = 0, all = 0;
  const command_options options = command_options_of(c);
  for (const tide_option_group *const *g = options.groups; *g; g++)
    for (const tide_option *p = (*g)->options; p->name; p++, all++) {
      names += strcmp(o->name, p->name) == 0;
      letters += o->letter && o->letter == p->letter;
      places += o->offset == p->offset;
    }
  claim(names == 1);
  claim(letters <= 1);
  claim(places == 1);
  claim(all <= TIDE_OPTIONS_MAX);
}
static void test_alone(void **state) {
  (void)state;
  each_option(check_alone);
}

/* What stands for a value that is not given can be given, and --help is there. */
static void test_commands(void **state) {
  (void)state;
  for (const command *const *c = commands; *c; c++) {
    at("command %s", (*c)->name);
    const command_options options = command_options_of(*c);
    settings s = {.help = false};
    tide_option_list operands = {0};
    tide_error err = {0};
    char help[] = "--help", *argv[] = {help};
    if (options_parse(options.groups, 1, argv, &s, &operands, &err) != TIDE_OK)
      fail_msg("%s: %s", (*c)->name, err.text);
    assert_true(s.help);
    assert_null(options.groups[COMMAND_GROUPS_MAX - 1]); /* none was left out */
    assert_true(plain_text((*c)->summary) && (*c)->summary[strlen((*c)->summary) - 1] != '.');
    assert_number(strlen((*c)->name), <=, 13); /* the list of commands is laid out for that */
    assert_non_null((*c)->description[0]);
    assert_non_null((*c)->examples[0].line);
    const tide_columns *columns = command_columns(*c);
    for (size_t i = 0; columns && i < columns->count; i++) {
      at("i = %zu", i);
      assert_true(columns->at[i].name && columns->at[i].help && plain_text(columns->at[i].help));
    }
    for (const command *const *d = commands; d < c; d++)
      assert_string_not_equal((*c)->name, (*d)->name);
  }
}

/* The words of an example, quotes taken off; what is after a redirection or before and after a
 * pipe is not the program's. */
static int split(const char *line, char *text, char **argv, int most) {
  int argc = 0;
  const char *begin = strstr(line, "spamtide ");
  assert_non_null(begin);
  for (begin += strlen("spamtide "); *begin && *begin != '>' && *begin != '|';) {
    assert_number(argc, <, most);
    argv[argc++] = text;
    for (char quote = 0; *begin && (quote || *begin != ' '); begin++) {
      if (quote ? *begin == quote : *begin == '"' || *begin == '\'')
        quote = quote ? 0 : *begin;
      else
        *text++ = *begin;
    }
    *text++ = '\0';
    while (*begin == ' ')
      begin++;
  }
  return argc;
}

/* Every example is of its command, and its options are taken. */
static void test_examples(void **state) {
  (void)state;
  for (const command *const *c = commands; *c; c++)
    for (const example *e = (*c)->examples; e->line; e++) {
      at("command %s, example %s", (*c)->name, e->line);
      char text[512], *argv[32];
      const command_options options = command_options_of(*c);
      settings s = {.help = false};
      tide_option_list operands = {0};
      tide_error err = {0};
      assert_true(strlen(e->line) < sizeof text / 2 && plain_text(e->line) &&
                  plain_text(e->meaning));
      int argc = split(e->line, text, argv, 32);
      assert_number(argc, >, 0);
      assert_string_equal(argv[0], (*c)->name);
      if (options_parse(options.groups, argc - 1, argv + 1, &s, &operands, &err) != TIDE_OK)
        fail_msg("%s: %s", e->line, err.text);
      if (!(*c)->operands[0])
        assert_int_equal(operands.count, 0);
      tide_options_free(options.groups, &s);
      free(operands.items);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_alone),
                                     cmocka_unit_test(test_commands),
                                     cmocka_unit_test(test_examples)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
