#include "help.h"

#include <string.h>

#include "spamtide/field.h"

enum { WIDTH = 79, INDENT = 6 };

/* Writes text in lines of at most WIDTH columns, each but the first behind `indent` blanks; `column` is where the first begins. */
static void wrap(FILE *out, const char *text, size_t indent, size_t column) {
  while (*text) {
    size_t word = strcspn(text, " ");
    if (column + word > WIDTH && column > indent) {
      fprintf(out, "\n%*s", (int)indent, "");
      column = indent;
    }
    fwrite(text, 1, word, out);
    column += word;
    text += word;
    while (*text == ' ') text++;
    if (*text && column < WIDTH) {
      /* The blank only where another word follows on this line. */
      if (column + 1 + strcspn(text, " ") <= WIDTH) {
        fputc(' ', out);
        column++;
      } else {
        fprintf(out, "\n%*s", (int)indent, "");
        column = indent;
      }
    }
  }
  fputc('\n', out);
}

static const char exit_codes[] = "0 all was read; 1 some input could not be read, and the result is of the rest; 2 usage; 3 the run failed, and the output is not to be used; "
                                 "130 stopped by Ctrl-C.";

static void put_choices(FILE *out, const option *o) {
  for (size_t i = 0; o->choices[i]; i++) fprintf(out, "%s%s", i ? "|" : "", o->choices[i]);
}

static void put_option_head(FILE *out, const option *o) {
  if (o->letter) fprintf(out, "-%c, ", o->letter);
  fprintf(out, "--%s", o->name);
  if (o->kind == OPTION_CHOICE && o->choices) {
    fputc(' ', out);
    put_choices(out, o);
  } else if (o->argument) {
    fprintf(out, " %s", o->argument);
  }
}

static void put_fields(FILE *out, bool (*wanted)(const tide_field *)) {
  size_t widest = 0;
  for (size_t i = 0; i < tide_field_count; i++)
    if (wanted(&tide_fields[i]) && strlen(tide_fields[i].name) > widest) widest = strlen(tide_fields[i].name);
  for (size_t i = 0; i < tide_field_count; i++) {
    if (!wanted(&tide_fields[i])) continue;
    fprintf(out, "  %-*s  ", (int)widest, tide_fields[i].name);
    wrap(out, tide_fields[i].help, widest + 4, widest + 4);
  }
}

static bool is_column(const tide_field *f) { return f->column; }
static bool is_group(const tide_field *f) { return f->group; }

static bool takes_groups(const command *c) {
  for (const option_group *const *g = c->groups; *g; g++)
    for (const option *o = (*g)->options; o->name; o++)
      if (strcmp(o->name, "by") == 0) return true;
  return false;
}

void help_program(FILE *out) {
  fputs("Usage: spamtide COMMAND [OPTION]... [MAILBOX]...\n\n", out);
  wrap(out, "Reads archived mail (mbox, Maildir, directories of messages) and shows, as CSV, how its volume changed around a date.", 0, 0);
  fputs("\nCommands:\n", out);
  for (const command *const *c = commands; *c; c++) fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
  fputs("\nAn example:\n  spamtide timeline --event mccolo --bin week ~/archive/ > weeks.csv\n\n", out);
  fputs("`spamtide COMMAND --help` tells more. `spamtide completion` prints completion for\nbash, `spamtide --version` the version.\n", out);
}

void help_command(FILE *out, const command *c) {
  fprintf(out, "Usage: spamtide %s [OPTION]...%s%s\n\n", c->name, c->operands[0] ? " " : "", c->operands);
  for (const char *const *p = c->description; *p; p++) {
    wrap(out, *p, 0, 0);
    fputc('\n', out);
  }
  for (const option_group *const *g = c->groups; *g; g++) {
    fprintf(out, "%s:\n", (*g)->heading);
    for (const option *o = (*g)->options; o->name; o++) {
      fputs("  ", out);
      put_option_head(out, o);
      fprintf(out, "\n%*s", INDENT, "");
      wrap(out, o->help, INDENT, INDENT);
    }
    fputc('\n', out);
  }
  fputs("Columns:\n", out);
  if (c->field_columns) put_fields(out, is_column);
  for (size_t i = 0; i < c->column_count; i++) {
    fprintf(out, "  %-16s  ", c->columns[i].name);
    wrap(out, c->columns[i].help, 20, 20);
  }
  if (takes_groups(c)) {
    fputs("\nFields for --by:\n", out);
    put_fields(out, is_group);
  }
  fputs("\nExamples:\n", out);
  for (const example *e = c->examples; e->line; e++) {
    fprintf(out, "  %s\n%*s", e->line, INDENT, "");
    wrap(out, e->meaning, INDENT, INDENT);
  }
  fputs("\nExit status:\n  ", out);
  wrap(out, exit_codes, 2, 2);
}

/* Text for roff: backslashes, dashes that shall stay dashes, and dots and quotes that would begin a request. */
static void roff(FILE *out, const char *text) {
  if (*text == '.' || *text == '\'') fputs("\\&", out);
  for (; *text; text++) {
    if (*text == '\\') fputs("\\e", out);
    else if (*text == '-') fputs("\\-", out);
    else if (*text == '`' || *text == '~' || *text == '^') fprintf(out, "\\(%s", *text == '`' ? "ga" : *text == '~' ? "ti" : "ha");
    else fputc(*text, out);
  }
}

static void roff_item(FILE *out, const char *term, const char *text) {
  fputs(".TP\n.B ", out);
  roff(out, term);
  fputc('\n', out);
  roff(out, text);
  fputc('\n', out);
}

static void man_head(FILE *out, const char *name, const char *summary) {
  fputs(".TH ", out);
  for (const char *p = name; *p; p++) fputc(*p >= 'a' && *p <= 'z' ? *p - 32 : *p, out);
  fprintf(out, " 1 \"%s\" \"spamtide %s\" \"User Commands\"\n.SH NAME\n", SPAMTIDE_DATE, SPAMTIDE_VERSION);
  roff(out, name);
  fputs(" \\- ", out);
  roff(out, summary);
  fputc('\n', out);
}

static void man_program(FILE *out) {
  man_head(out, "spamtide", "counts archived mail before and after a date");
  fputs(".SH SYNOPSIS\n.B spamtide\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIMAILBOX\\fR]...\n.SH DESCRIPTION\n", out);
  roff(out, "Reads archived mail (mbox, Maildir, directories of messages) and shows, as CSV, how its volume changed around a date.");
  fputs("\n.SH COMMANDS\n", out);
  for (const command *const *c = commands; *c; c++) roff_item(out, (*c)->name, (*c)->summary);
  fputs(".SH EXIT STATUS\n", out);
  roff(out, exit_codes);
  fputs("\n.SH ENVIRONMENT\n", out);
  roff_item(out, "SOURCE_DATE_EPOCH", "The run's clock in seconds since 1970, in place of now: what is dated more than a day later is not sane.");
  fputs(".SH SEE ALSO\n", out);
  for (const command *const *c = commands; *c; c++) fprintf(out, "%s.BR spamtide\\-%s (1)", c == commands ? "" : ",\n", (*c)->name);
  fputc('\n', out);
}

void help_man(FILE *out, const command *c) {
  if (!c) {
    man_program(out);
    return;
  }
  char name[64];
  snprintf(name, sizeof name, "spamtide-%s", c->name);
  man_head(out, name, c->summary);
  fprintf(out, ".SH SYNOPSIS\n.B spamtide %s\n[\\fIOPTION\\fR]...", c->name);
  if (c->operands[0]) fprintf(out, " \\fI%s\\fR", c->operands);
  fputs("\n.SH DESCRIPTION\n", out);
  for (const char *const *p = c->description; *p; p++) {
    if (p != c->description) fputs(".PP\n", out);
    roff(out, *p);
    fputc('\n', out);
  }
  for (const option_group *const *g = c->groups; *g; g++) {
    fprintf(out, "%s\n.SS ", g == c->groups ? ".SH OPTIONS" : "");
    roff(out, (*g)->heading);
    fputc('\n', out);
    for (const option *o = (*g)->options; o->name; o++) {
      fputs(".TP\n", out);
      if (o->letter) fprintf(out, "\\fB\\-%c\\fR, ", o->letter);
      fputs("\\fB\\-\\-", out);
      roff(out, o->name);
      fputs("\\fR", out);
      if (o->argument) fprintf(out, " \\fI%s\\fR", o->argument);
      fputc('\n', out);
      roff(out, o->help);
      if (o->choices) {
        fputs(" One of", out);
        for (size_t i = 0; o->choices[i]; i++) {
          fputs(i ? ", " : " ", out);
          roff(out, o->choices[i]);
        }
        fputc('.', out);
      }
      fputc('\n', out);
    }
  }
  fputs(".SH COLUMNS\n", out);
  for (size_t i = 0; i < tide_field_count && c->field_columns; i++)
    if (tide_fields[i].column) roff_item(out, tide_fields[i].name, tide_fields[i].help);
  for (size_t i = 0; i < c->column_count; i++) roff_item(out, c->columns[i].name, c->columns[i].help);
  if (takes_groups(c)) {
    fputs(".SH FIELDS FOR \\-\\-by\n", out);
    for (size_t i = 0; i < tide_field_count; i++)
      if (tide_fields[i].group) roff_item(out, tide_fields[i].name, tide_fields[i].help);
  }
  fputs(".SH EXAMPLES\n", out);
  for (const example *e = c->examples; e->line; e++) roff_item(out, e->line, e->meaning);
  fputs(".SH EXIT STATUS\n", out);
  roff(out, exit_codes);
  fputs("\n.SH SEE ALSO\n.BR spamtide (1)\n", out);
}

void help_completion(FILE *out) {
  fputs("# bash completion for spamtide: source <(spamtide completion)\n_spamtide() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
        "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    mapfile -t COMPREPLY < <(compgen -W '",
        out);
  for (const command *const *c = commands; *c; c++) fprintf(out, "%s ", (*c)->name);
  fputs("completion --help --version' -- \"$word\")\n    return\n  fi\n  case ${COMP_WORDS[1]}:$before in\n", out);
  for (const command *const *c = commands; *c; c++)
    for (const option_group *const *g = (*c)->groups; *g; g++)
      for (const option *o = (*g)->options; o->name; o++) {
        if (!o->choices) continue;
        fprintf(out, "    %s:--%s) mapfile -t COMPREPLY < <(compgen -W '", (*c)->name, o->name);
        for (size_t i = 0; o->choices[i]; i++) fprintf(out, "%s%s", i ? " " : "", o->choices[i]);
        fputs("' -- \"$word\"); return ;;\n", out);
      }
  fputs("  esac\n  case $word in\n    -*)\n      case ${COMP_WORDS[1]} in\n", out);
  for (const command *const *c = commands; *c; c++) {
    fprintf(out, "        %s) mapfile -t COMPREPLY < <(compgen -W '", (*c)->name);
    for (const option_group *const *g = (*c)->groups; *g; g++)
      for (const option *o = (*g)->options; o->name; o++) fprintf(out, "--%s ", o->name);
    fputs("' -- \"$word\") ;;\n", out);
  }
  fputs("      esac ;;\n    *) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n  esac\n}\ncomplete -o filenames -F _spamtide spamtide\n", out);
}

static void markdown_cell(FILE *out, const char *text) {
  for (; *text; text++) {
    if (*text == '|') fputc('\\', out);
    fputc(*text, out);
  }
}

void help_markdown(FILE *out, const command *c) {
  fputs("| option | meaning |\n|---|---|\n", out);
  for (const option_group *const *g = c->groups; *g; g++)
    for (const option *o = (*g)->options; o->name; o++) {
      fputs("| `", out);
      if (o->letter) fprintf(out, "-%c, ", o->letter);
      fprintf(out, "--%s", o->name);
      if (o->argument) {
        fputc(' ', out);
        markdown_cell(out, o->argument);
      }
      fputs("` | ", out);
      markdown_cell(out, o->help);
      for (size_t i = 0; o->choices && o->choices[i]; i++) fprintf(out, "%s`%s`", i ? ", " : " One of ", o->choices[i]);
      fputs(o->choices ? ". |\n" : " |\n", out);
    }
  fputs("\n| column | meaning |\n|---|---|\n", out);
  for (size_t i = 0; i < tide_field_count && c->field_columns; i++) {
    if (!tide_fields[i].column) continue;
    fprintf(out, "| `%s` | ", tide_fields[i].name);
    markdown_cell(out, tide_fields[i].help);
    fputs(" |\n", out);
  }
  for (size_t i = 0; i < c->column_count; i++) {
    fprintf(out, "| `%s` | ", c->columns[i].name);
    markdown_cell(out, c->columns[i].help);
    fputs(" |\n", out);
  }
}
