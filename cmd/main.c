/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide: finds the command and its options, and runs it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "help.h"
#include "interrupt.h"
#include "say.h"
#include "base/nearest.h"
#include "base/scan.h"
#include "session.h"
#include "version.h"

static const command *command_find(const char *name) {
  for (const command *const *c = commands; *c; c++)
    if (strcmp((*c)->name, name) == 0)
      return *c;
  return NULL;
}

/* A full disk counts even for a help text. */
static int finish_stdout(void) {
  if (fflush(stdout) == 0 && !ferror(stdout))
    return EXIT_ALL_READ;
  say("standard output: %s", strerror(errno));
  return EXIT_FAILED;
}

/* Nothing was typed: the help, as one message. */
static int help_for_nothing(void) {
  char *text = NULL;
  size_t len = 0;
  FILE *memory = open_memstream(&text, &len);
  if (memory) {
    help_program(memory);
    fclose(memory);
    say_whole(tide_span_make(text, len));
    free(text);
  }
  return EXIT_USAGE;
}

static int unknown_command(const char *typed) {
  const char *names[64];
  size_t count = 0;
  for (const command *const *c = commands; *c && count < sizeof names / sizeof *names; c++)
    names[count++] = (*c)->name;
  const char *near = tide_nearest(tide_span_of(typed), names, count);
  if (near)
    say("unknown command \"%s\"; did you mean %s?", typed, near);
  else
    say("unknown command \"%s\"; see spamtide --help", typed);
  return EXIT_USAGE;
}

/* What the documentation is made from: `spamtide help commands`, a name a line; `help man
 * [COMMAND]` and `help markdown COMMAND`. */
static int help_main(int argc, char **argv) {
  const command *c = argc > 1 ? command_find(argv[argc - 1]) : NULL;
  if (argc == 1 || (argc == 2 && c)) {
    if (c)
      help_command(stdout, c);
    else
      help_program(stdout);
  } else if (strcmp(argv[1], "commands") == 0 && argc == 2) {
    for (const command *const *each = commands; *each; each++)
      puts((*each)->name);
  } else if (strcmp(argv[1], "man") == 0 && (argc == 2 || c)) {
    help_man(stdout, c);
  } else if (strcmp(argv[1], "markdown") == 0 && c) {
    help_markdown(stdout, c);
  } else if (argc == 2) {
    return unknown_command(argv[1]);
  } else {
    say("usage: spamtide help [COMMAND]");
    return EXIT_USAGE;
  }
  return finish_stdout();
}

/* For tests, and for whoever doubts a vector instruction: no answer may depend on it. */
static bool limit_scan(void) {
  static const char *const widths[] = {
      [TIDE_SCAN_1] = "1", [TIDE_SCAN_16] = "16", [TIDE_SCAN_32] = "32"};
  const char *wanted = getenv("SPAMTIDE_SCAN");
  if (!wanted)
    return true;
  for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
    if (strcmp(wanted, widths[i]) == 0) {
      tide_scan_limit((tide_scan_width)i);
      return true;
    }
  say("SPAMTIDE_SCAN: 1, 16 or 32 bytes, not \"%s\"", wanted);
  return false;
}

/* Does the word name the file that st tells of? The value of an option may be in it, behind a =
 * (--labels=FILE, origin-in=FILE). */
static bool names_file(const char *word, const struct stat *st) {
  for (const char *name = word; name; name = strchr(name, '=') ? strchr(name, '=') + 1 : NULL) {
    struct stat named;
    if (stat(name, &named) == 0 && named.st_dev == st->st_dev && named.st_ino == st->st_ino)
      return true;
  }
  return false;
}

/* Does the word begin an option whose value is written and not read? *apart: its value is the next
 * word. */
static bool is_output_option(const char *word, bool *apart) {
  static const char *const names[] = {"-o", "--output", "--account", "--rules-out"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strncmp(word, names[i], strlen(names[i])) == 0) {
      *apart = !word[strlen(names[i])];
      return true;
    }
  return false;
}

/* Is standard error nothing that is read (2>>mail.mbox)? A message would land there, that of a
 * wrong option among them, so the exit status alone says so. In a directory of mail it may be a
 * log. */
static bool errors_apart(char **words) {
  struct stat errors, input;
  if (fstat(STDERR_FILENO, &errors) != 0 || !S_ISREG(errors.st_mode))
    return true;
  if (fstat(STDIN_FILENO, &input) == 0 && input.st_dev == errors.st_dev &&
      input.st_ino == errors.st_ino)
    return false;
  for (bool written = false; *words; words++) {
    const bool value = written;
    written = false;
    if (!value && !is_output_option(*words, &written) && names_file(*words, &errors))
      return false;
  }
  return true;
}

static int command_main(const command *c, int argc, char **argv) {
  settings s = {.asked.reading = {.tz = "UTC", .input = "auto"},
                .progress = "auto",
                .argv = (const char *const *)(argv - 2),
                .argc = argc + 2};
  const command_options options = command_options_of(c);
  tide_option_list operands = {0};
  tide_error err = {0};
  int code = EXIT_USAGE;
  tide_status status = options_parse(options.groups, argc, argv, &s, &operands, &err);
  if (s.help) {
    help_command(stdout, c);
    code = finish_stdout();
  } else if (status == TIDE_OK && operands.count && !c->operands[0]) {
    say("%s takes no mailbox: \"%s\"", c->name, operands.items[0]);
  } else if (status == TIDE_OK && limit_scan()) {
    s.paths = operands.items;
    s.path_count = operands.count;
    interrupt_install();
    code = c->run(c, &s);
    interrupt_end();
  } else if (status != TIDE_OK) {
    code = status == TIDE_USAGE ? EXIT_USAGE : EXIT_FAILED;
    say("%s", err.text);
  }
  tide_options_free(options.groups, &s);
  free(operands.items);
  return code;
}

/* A descriptor that was closed would be given to the first file that is opened, and messages to a
 * person would be in the result. So 0, 1 and 2 are taken, for the other direction: to use them
 * fails as it did (gnulib, stdopen). */
static bool take_descriptors(void) {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
      return false;
  return true;
}

int main(int argc, char **argv) {
  if (!take_descriptors())
    return EXIT_FAILED;
  /* "timeline 2>timeline": the command's own name is no file. */
  if (!errors_apart(argv + (argc < 2 ? argc : 2)))
    return EXIT_USAGE;
  /* Never setlocale: output is the same on every machine. */
  if (argc < 2) {
    return help_for_nothing();
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    help_program(stdout);
    return finish_stdout();
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("spamtide " SPAMTIDE_VERSION " (commit %s)\n",
           version_commit[0] ? version_commit : "unknown");
    return finish_stdout();
  }
  if (strcmp(argv[1], "help") == 0)
    return help_main(argc - 1, argv + 1);
  if (strcmp(argv[1], "completion") == 0) {
    help_completion(stdout);
    return finish_stdout();
  }
  const command *c = command_find(argv[1]);
  return c ? command_main(c, argc - 2, argv + 2) : unknown_command(argv[1]);
}
