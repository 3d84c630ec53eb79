/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every form of help is written from the same rows of commands, options and columns. Nothing is
 * said here that a row could say. */
#include "help.h"

#include <string.h>

#include "record/field.h"

enum { WIDTH = 79, INDENT = 6, HELP_MAX = 1024 };

static const char about[] = "Reads archived mail (mbox, Maildir, directories of messages) and "
                            "shows, as CSV, how its volume changed around a date.";
static const char exit_codes[] =
    "0 everything was read; 1 some input could not be read, and the result is that of the rest; "
    "2 wrong usage; 3 the run failed, and the output must not be used; 130 stopped by Ctrl-C.";

/* --- what all forms share --- */

static bool is_column(const tide_field *f) {
  return f->column;
}
static bool is_group(const tide_field *f) {
  return f->group;
}

static bool takes_groups(const command *c) {
  const command_options all = command_options_of(c);
  for (const tide_option_group *const *g = all.groups; *g; g++)
    for (const tide_option *o = (*g)->options; o->name; o++)
      if (strcmp(o->name, "by") == 0)
        return true;
  return false;
}

/* Neighbours with one heading are shown as one group. */
static bool begins(const command_options *all, const tide_option_group *const *g) {
  return g == all->groups || strcmp(g[0]->heading, g[-1]->heading) != 0;
}

static bool takes_file(const tide_option *o) {
  return o->kind == TIDE_OPTION_FILE || (o->argument && strstr(o->argument, "FILE"));
}

/* An example's line is broken where it would be too wide, with a backslash, so that it can still be
 * pasted. Returns how much of `line` goes into `room`: up to a blank outside of quotes, best before
 * an option; all of it where it fits or has no such blank. */
static size_t example_fits(const char *line, size_t room) {
  size_t blank = 0, before_option = 0;
  char quote = 0;
  if (strlen(line) <= room)
    return strlen(line);
  for (size_t i = 0; line[i] && (i + 2 <= room || blank == 0); i++) {
    if (line[i] == ' ' && !quote && i > 0) {
      blank = i;
      if (line[i + 1] == '-')
        before_option = i;
    }
    if (quote ? line[i] == quote : line[i] == '"' || line[i] == '\'')
      quote = quote ? 0 : line[i];
  }
  if (2 * before_option > room)
    return before_option;
  return blank ? blank : strlen(line);
}

/* --- for a terminal --- */

/* Writes text in lines of at most WIDTH columns, each but the first after `indent` blanks;
 * `column` is where the first begins. */
static void wrap(FILE *out, const char *text, size_t indent, size_t column) {
  size_t blank = 0; /* owed between the last word and the next */
  for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
    size_t word = strcspn(text, " ");
    if (blank && column + blank + word > WIDTH) {
      fprintf(out, "\n%*s", (int)indent, "");
      column = indent;
    } else if (blank) {
      fputc(' ', out);
      column++;
    }
    fwrite(text, 1, word, out);
    column += word;
    text += word;
    blank = 1;
  }
  fputc('\n', out);
}

static size_t choices_width(const tide_option *o) {
  size_t width = 0;
  for (size_t i = 0; o->choices[i]; i++)
    width += strlen(o->choices[i]) + (i ? 1 : 0);
  return width;
}

/* An option's meaning, and its default where that is a fixed value. */
static const char *option_help(const tide_option *o, char out[HELP_MAX]) {
  if (!o->preset)
    return o->help;
  snprintf(out, HELP_MAX, "%s Default: %s.", o->help, o->preset);
  return out;
}

static bool is_default(const tide_option *o, const char *choice) {
  return o->preset && strcmp(choice, o->preset) == 0;
}

static void put_option(FILE *out, const tide_option *o) {
  char help[HELP_MAX];
  size_t width = 2 + (o->letter ? 4 : 0) + 2 + strlen(o->name) + 1;
  fputs("  ", out);
  if (o->letter)
    fprintf(out, "-%c, ", o->letter);
  fprintf(out, "--%s", o->name);
  const bool listed = o->choices && width + choices_width(o) > WIDTH;
  if (o->choices && !listed) {
    for (size_t i = 0; o->choices[i]; i++)
      fprintf(out, "%c%s", i ? '|' : ' ', o->choices[i]);
  } else if (o->argument) {
    fprintf(out, " %s", o->argument);
  }
  fprintf(out, "\n%*s", INDENT, "");
  wrap(out, listed ? o->help : option_help(o, help), INDENT, INDENT);
  if (listed) {
    fprintf(out, "%*sOne of:\n", INDENT, "");
    for (size_t i = 0; o->choices[i]; i++)
      fprintf(out, "%*s%s%s\n", INDENT + 2, "", o->choices[i],
              is_default(o, o->choices[i]) ? " (default)" : "");
  }
}

static void put_fields(FILE *out, bool (*wanted)(const tide_field *)) {
  size_t widest = 0;
  for (size_t i = 0; i < tide_field_count; i++)
    if (wanted(&tide_fields[i]) && strlen(tide_fields[i].name) > widest)
      widest = strlen(tide_fields[i].name);
  for (size_t i = 0; i < tide_field_count; i++) {
    if (!wanted(&tide_fields[i]))
      continue;
    fprintf(out, "  %-*s  ", (int)widest, tide_fields[i].name);
    wrap(out, tide_fields[i].help, widest + 4, widest + 4);
  }
}

/* When a column is shown; NULL: always. */
static const char *column_shown(const tide_column *column) {
  if (!column->extra)
    return NULL;
  switch (column->shown_by) {
  case TIDE_SHOW_EVENT: return "with --event";
  case TIDE_SHOW_LIVES: return "without --event";
  case TIDE_SHOW_CAMPAIGNS: return "with --campaigns";
  case TIDE_SHOW_TEMPLATES: return "with --templates";
  case TIDE_SHOW_NETWORKS: return "with --asn";
  default: return "with --all-columns";
  }
}

/* A column's meaning, and where it is not shown by default when it is. */
static const char *column_help(const tide_column *column, char out[HELP_MAX]) {
  const char *when = column_shown(column);
  if (!when)
    return column->help;
  snprintf(out, HELP_MAX, "%s: %s", when, column->help);
  return out;
}

static void put_columns(FILE *out, const command *c) {
  char help[HELP_MAX];
  const tide_columns *columns = command_columns(c);
  size_t widest = 0;
  for (size_t i = 0; columns && i < columns->count; i++)
    if (strlen(columns->at[i].name) > widest)
      widest = strlen(columns->at[i].name);
  for (size_t i = 0; columns && i < columns->count; i++) {
    fprintf(out, "  %-*s  ", (int)widest, columns->at[i].name);
    wrap(out, column_help(&columns->at[i], help), widest + 4, widest + 4);
  }
}

/* `indent` blanks before the first line, INDENT before those that continue it. */
static void put_example(FILE *out, const char *line, size_t indent) {
  while (*line) {
    size_t fits = example_fits(line, WIDTH - indent);
    fprintf(out, "%*s%.*s%s\n", (int)indent, "", (int)fits, line, line[fits] ? " \\" : "");
    line += fits + strspn(line + fits, " ");
    indent = INDENT;
  }
}

void help_program(FILE *out) {
  fputs("Usage: spamtide COMMAND [OPTION]... [MAILBOX]...\n\n", out);
  wrap(out, about, 0, 0);
  fputs("\nCommands:\n", out);
  for (const command *const *c = commands; *c; c++) {
    fprintf(out, "  %-13s ", (*c)->name);
    wrap(out, (*c)->summary, 16, 16);
  }
  fputs("\nAn example:\n", out);
  put_example(out, commands[0]->examples[0].line, 2);
  fputc('\n', out);
  wrap(out,
       "`spamtide COMMAND --help` says more. `spamtide completion` prints completion for bash, "
       "`spamtide --version` the version.",
       0, 0);
}

void help_command(FILE *out, const command *c) {
  fprintf(out, "Usage: spamtide %s [OPTION]...%s%s\n\n", c->name, c->operands[0] ? " " : "",
          c->operands);
  for (const char *const *p = c->description; *p; p++) {
    wrap(out, *p, 0, 0);
    fputc('\n', out);
  }
  const command_options all = command_options_of(c);
  for (const tide_option_group *const *g = all.groups; *g; g++) {
    if (begins(&all, g))
      fprintf(out, "%s%s:\n", g == all.groups ? "" : "\n", (*g)->heading);
    for (const tide_option *o = (*g)->options; o->name; o++)
      put_option(out, o);
  }
  fputc('\n', out);
  fputs("Columns:\n", out);
  if (c->field_columns)
    put_fields(out, is_column);
  put_columns(out, c);
  if (takes_groups(c)) {
    fputs("\nFields for --by:\n", out);
    put_fields(out, is_group);
  }
  fputs("\nExamples:\n", out);
  for (const example *e = c->examples; e->line; e++) {
    put_example(out, e->line, 2);
    fprintf(out, "%*s", INDENT, "");
    wrap(out, e->meaning, INDENT, INDENT);
  }
  fputs("\nExit status:\n  ", out);
  wrap(out, exit_codes, 2, 2);
}

/* --- for man(7) --- */

/* Nothing of the text becomes roff: a backslash begins an escape, a dot or a quote at the line's
 * beginning a request, quotes hold a macro's arguments together, and what is to be pasted must not
 * become a typographic dash, quote, accent or tilde. A blank too many would be laid out. */
static void roff_char(FILE *out, char c) {
  switch (c) {
  case '\\': fputs("\\e", out); break;
  case '-': fputs("\\-", out); break;
  case '\'': fputs("\\(aq", out); break;
  case '"': fputs("\\(dq", out); break;
  case '`': fputs("\\(ga", out); break;
  case '~': fputs("\\(ti", out); break;
  case '^': fputs("\\(ha", out); break;
  case '\n': fputc(' ', out); break;
  default: fputc(c, out);
  }
}

static void roff_bytes(FILE *out, const char *text, size_t len) {
  if (len && *text == '.')
    fputs("\\&", out);
  for (size_t i = 0; i < len; i++)
    roff_char(out, text[i]);
}

static void roff(FILE *out, const char *text) {
  roff_bytes(out, text, strlen(text));
}

/* Sentences: what is between `backquotes` is in bold. */
static void roff_prose(FILE *out, const char *text) {
  if (*text == '.')
    fputs("\\&", out);
  for (; *text; text++) {
    const char *end = *text == '`' ? strchr(text + 1, '`') : NULL;
    if (!end) {
      roff_char(out, *text);
      continue;
    }
    fputs("\\fB", out);
    for (text++; text < end; text++)
      roff_char(out, *text);
    fputs("\\fR", out);
  }
}

static void roff_item(FILE *out, const char *term, const char *text) {
  fputs(".TP\n.B ", out);
  roff(out, term);
  fputc('\n', out);
  roff_prose(out, text);
  fputc('\n', out);
}

static void roff_paragraph(FILE *out, const char *text) {
  roff_prose(out, text);
  fputc('\n', out);
}

/* What an example does, then its line as it is to be typed. */
static void roff_example(FILE *out, const example *e) {
  roff_paragraph(out, e->meaning);
  fputs(".PP\n.RS 4\n.nf\n", out);
  for (const char *line = e->line; *line;) {
    size_t fits = example_fits(
        line, line == e->line ? 67 : 63); /* of man's 78 columns, without its margin and these */
    if (line != e->line)
      fputs("    ", out);
    roff_bytes(out, line, fits);
    fputs(line[fits] ? " \\e\n" : "\n", out);
    line += fits + strspn(line + fits, " ");
  }
  fputs(".fi\n.RE\n", out);
}

static void roff_option(FILE *out, const tide_option *o) {
  char help[HELP_MAX];
  fputs(".TP\n", out);
  if (o->letter)
    fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
  fputs("\\fB\\-\\-", out);
  roff(out, o->name);
  fputs("\\fR", out);
  if (o->argument) {
    fputs(" \\fI", out);
    roff(out, o->argument);
    fputs("\\fR", out);
  }
  fputc('\n', out);
  roff_prose(out, o->choices ? o->help : option_help(o, help));
  for (size_t i = 0; o->choices && o->choices[i]; i++) {
    fputs(i ? ", \\fB" : " One of \\fB", out);
    roff(out, o->choices[i]);
    fputs("\\fR", out);
    if (is_default(o, o->choices[i]))
      fputs(" (default)", out);
  }
  fputs(o->choices ? ".\n" : "\n", out);
}

static void man_head(FILE *out, const char *name, const char *summary) {
  fputs(".TH ", out);
  for (const char *p = name; *p; p++)
    fputc(*p >= 'a' && *p <= 'z' ? *p - 32 : *p, out);
  fprintf(out, " 1 \"%s\" \"spamtide %s\" \"User Commands\"\n.SH NAME\n", SPAMTIDE_DATE,
          SPAMTIDE_VERSION);
  roff(out, name);
  fputs(" \\- ", out);
  roff(out, summary);
  fputc('\n', out);
}

static void man_program(FILE *out) {
  man_head(out, "spamtide", "counts archived mail before and after a date");
  fputs(".SH SYNOPSIS\n.B spamtide\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIMAILBOX\\fR]...\n.SH "
        "DESCRIPTION\n",
        out);
  roff_paragraph(out, about);
  fputs(".PP\nEach command has a page of its own, which names its options and columns.\n.SH "
        "COMMANDS\n",
        out);
  for (const command *const *c = commands; *c; c++)
    roff_item(out, (*c)->name, (*c)->summary);
  roff_item(out, "completion",
            "completion for bash, to be read with `source <(spamtide completion)`");
  fputs(".SH OPTIONS\n", out);
  roff_item(out, "-h, --help", "The commands; after a command, its help.");
  roff_item(out, "--version", "The version.");
  fputs(".SH EXAMPLES\n", out);
  for (const command *const *c = commands; *c; c++) {
    if (c != commands)
      fputs(".PP\n", out);
    roff_example(out, (*c)->examples);
  }
  fputs(".SH EXIT STATUS\n", out);
  roff_paragraph(out, exit_codes);
  fputs(".SH ENVIRONMENT\n", out);
  roff_item(
      out, "SOURCE_DATE_EPOCH",
      "The run's clock in seconds since 1970, instead of now. A date more than a day later is "
      "not sane.");
  roff_item(out, "SPAMTIDE_SCAN",
            "How many bytes searches look at in one step at most: 1, 16 or 32 (the default, where "
            "the processor can). No output depends on it.");
  fputs(".SH SEE ALSO\n", out);
  for (const command *const *c = commands; *c; c++)
    fprintf(out, "%s.BR spamtide\\-%s (1)", c == commands ? "" : ",\n", (*c)->name);
  fputc('\n', out);
}

void help_man(FILE *out, const command *c) {
  char help[HELP_MAX];
  if (!c) {
    man_program(out);
    return;
  }
  char name[64];
  snprintf(name, sizeof name, "spamtide-%s", c->name);
  man_head(out, name, c->summary);
  fprintf(out, ".SH SYNOPSIS\n.B spamtide %s\n[\\fIOPTION\\fR]...", c->name);
  if (c->operands[0]) {
    fputs(" \\fI", out);
    roff(out, c->operands);
    fputs("\\fR", out);
  }
  fputs("\n.SH DESCRIPTION\n", out);
  for (const char *const *p = c->description; *p; p++) {
    if (p != c->description)
      fputs(".PP\n", out);
    roff_paragraph(out, *p);
  }
  const command_options all = command_options_of(c);
  for (const tide_option_group *const *g = all.groups; *g; g++) {
    if (begins(&all, g)) {
      fprintf(out, "%s.SS ", g == all.groups ? ".SH OPTIONS\n" : "");
      roff(out, (*g)->heading);
      fputc('\n', out);
    }
    for (const tide_option *o = (*g)->options; o->name; o++)
      roff_option(out, o);
  }
  fputs(".SH COLUMNS\n", out);
  for (size_t i = 0; i < tide_field_count && c->field_columns; i++)
    if (tide_fields[i].column)
      roff_item(out, tide_fields[i].name, tide_fields[i].help);
  const tide_columns *columns = command_columns(c);
  for (size_t i = 0; columns && i < columns->count; i++)
    roff_item(out, columns->at[i].name, column_help(&columns->at[i], help));
  if (takes_groups(c)) {
    fputs(".SH FIELDS FOR \\-\\-by\n", out);
    for (size_t i = 0; i < tide_field_count; i++)
      if (tide_fields[i].group)
        roff_item(out, tide_fields[i].name, tide_fields[i].help);
  }
  fputs(".SH EXAMPLES\n", out);
  for (const example *e = c->examples; e->line; e++) {
    if (e != c->examples)
      fputs(".PP\n", out);
    roff_example(out, e);
  }
  fputs(".SH EXIT STATUS\n", out);
  roff_paragraph(out, exit_codes);
  fputs(".SH SEE ALSO\n.BR spamtide (1)\n", out);
}

/* --- for bash --- */

/* Readline cuts words at '=' too, so that --name=value comes as three; what comes before the value
 * is then one word further back. */
static const char completion_head[] =
    "# bash completion for spamtide: source <(spamtide completion)\n"
    "_spamtide() {\n"
    "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} i\n"
    "  COMPREPLY=()\n"
    "  if [ \"$word\" = = ]; then\n"
    "    word=\n"
    "  elif [ \"$before\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
    "    before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "  fi\n";

static void complete(FILE *out) {
  fputs("mapfile -t COMPREPLY < <(compgen -W '", out);
}
static void completed(FILE *out) {
  fputs("' -- \"$word\")", out);
}

/* The cases of options that take an argument: choices, files, or nothing that could be guessed. */
static void complete_arguments(FILE *out, const command *c) {
  const command_options all = command_options_of(c);
  for (const tide_option_group *const *g = all.groups; *g; g++)
    for (const tide_option *o = (*g)->options; o->name; o++) {
      if (!o->argument)
        continue;
      fprintf(out, "    %s:--%s", c->name, o->name);
      if (o->letter)
        fprintf(out, " | %s:-%c", c->name, o->letter);
      fputs(") ", out);
      if (o->choices) {
        complete(out);
        for (size_t i = 0; o->choices[i]; i++)
          fprintf(out, "%s%s", i ? " " : "", o->choices[i]);
        completed(out);
        fputs("; ", out);
      } else if (strcmp(o->name, "by") == 0) {
        fputs("mapfile -t COMPREPLY < <(compgen -P \"${word%\"${word##*,}\"}\" -W '", out);
        for (size_t i = 0; i < tide_field_count; i++)
          if (tide_fields[i].group)
            fprintf(out, "%s ", tide_fields[i].name);
        fputs("' -- \"${word##*,}\"); ", out);
      } else if (takes_file(o)) {
        fputs("mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); ", out);
      }
      fputs("return ;;\n", out);
    }
}

void help_completion(FILE *out) {
  fputs(completion_head, out);
  fputs("  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    ", out);
  complete(out);
  for (const command *const *c = commands; *c; c++)
    fprintf(out, "%s ", (*c)->name);
  fputs("completion help --help --version", out);
  completed(out);
  fputs("\n    return\n  fi\n  for ((i = 2; i < COMP_CWORD; i++)); do\n    if [ "
        "\"${COMP_WORDS[i]}\" = -- ]; then\n"
        "      mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n      return\n    fi\n  done\n  "
        "case ${COMP_WORDS[1]}:$before in\n    help:help) ",
        out);
  complete(out);
  for (const command *const *c = commands; *c; c++)
    fprintf(out, "%s%s", c == commands ? "" : " ", (*c)->name);
  completed(out);
  fputs("; return ;;\n", out);
  for (const command *const *c = commands; *c; c++)
    complete_arguments(out, *c);
  fputs("  esac\n  case $word in\n    -*)\n      case ${COMP_WORDS[1]} in\n", out);
  for (const command *const *c = commands; *c; c++) {
    fprintf(out, "        %s) ", (*c)->name);
    complete(out);
    const command_options all = command_options_of(*c);
    for (const tide_option_group *const *g = all.groups; *g; g++)
      for (const tide_option *o = (*g)->options; o->name; o++)
        fprintf(out, "--%s ", o->name);
    completed(out);
    fputs(" ;;\n", out);
  }
  fputs("      esac ;;\n    *)\n      case ${COMP_WORDS[1]} in\n", out);
  for (const command *const *c = commands; *c; c++)
    if ((*c)->operands[0])
      fprintf(out, "        %s) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n",
              (*c)->name);
  fputs("      esac ;;\n  esac\n}\ncomplete -o filenames -F _spamtide spamtide\n", out);
}

/* --- for docs/ --- */

/* A bar would end the cell, even within backquotes; '<' would begin a tag outside of them. */
static void markdown_cell(FILE *out, const char *text) {
  bool code = false;
  for (; *text; text++) {
    if (*text == '`')
      code = !code;
    if (*text == '|' || (*text == '<' && !code))
      fputc('\\', out);
    fputc(*text == '\n' ? ' ' : *text, out);
  }
}

static void markdown_row(FILE *out, const char *name, const char *meaning) {
  fprintf(out, "| `%s` | ", name);
  markdown_cell(out, meaning);
  fputs(" |\n", out);
}

void help_markdown(FILE *out, const command *c) {
  char help[HELP_MAX];
  fputs("| option | meaning |\n|---|---|\n", out);
  const command_options all = command_options_of(c);
  for (const tide_option_group *const *g = all.groups; *g; g++)
    for (const tide_option *o = (*g)->options; o->name; o++) {
      fputs("| `", out);
      if (o->letter)
        fprintf(out, "-%c, ", o->letter);
      fprintf(out, "--%s", o->name);
      for (const char *p = o->argument ? o->argument : ""; *p; p++)
        fprintf(out, "%s%s%c", p == o->argument ? " " : "", *p == '|' ? "\\" : "", *p);
      fputs("` | ", out);
      markdown_cell(out, o->choices ? o->help : option_help(o, help));
      for (size_t i = 0; o->choices && o->choices[i]; i++) {
        fprintf(out, "%s`%s`", i ? ", " : " One of ", o->choices[i]);
        if (is_default(o, o->choices[i]))
          fputs(" (default)", out);
      }
      fputs(o->choices ? ". |\n" : " |\n", out);
    }
  fputs("\n| column | meaning |\n|---|---|\n", out);
  for (size_t i = 0; i < tide_field_count && c->field_columns; i++)
    if (tide_fields[i].column)
      markdown_row(out, tide_fields[i].name, tide_fields[i].help);
  const tide_columns *columns = command_columns(c);
  for (size_t i = 0; columns && i < columns->count; i++)
    markdown_row(out, columns->at[i].name, column_help(&columns->at[i], help));
}
