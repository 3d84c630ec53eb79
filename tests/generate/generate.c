/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tide-generate: mailboxes whose every message is known. */
#include "calendar.h"
#include "message.h"
#include "options.h"
#include "output.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind { TEXT, NUMBER, CHOICE, MOMENT, DECIMAL, FLAG } kind;

/* One row for each option: parsing and --help are made from it. */
typedef struct option_row {
  const char *name, *value, *help;
  int letter;
  kind kind;
  uint64_t low, high;         /* NUMBER; DECIMAL in hundredths */
  const char *const *choices; /* CHOICE */
} option_row;

static const char *const formats[] = {"mbox", "maildir", "files", NULL};
static const char *const mixes[] = {"default", "small", NULL};
static const char *const bodies[] = {"mixed", "templates", NULL};
static const char *const dates[] = {"plain", "hostile", NULL};
static const char *const dialects[] = {"mboxrd", "mboxo", "mboxcl2", NULL};
static const char *const falls[] = {"together", "apart", NULL};
static const char *const presets[] = {"mccolo", NULL};

enum {
  SEED = 256,
  FORMAT,
  TRUTH,
  TRUTH_DAILY,
  RULES,
  MESSAGES,
  PER_DAY,
  START,
  DAYS,
  EVENT,
  DROP,
  BODIES,
  RECOVERY_DAYS,
  OVERDISPERSION,
  ORIGINS,
  CAMPAIGNS,
  FORGED,
  HAM,
  BOTNETS,
  FALLS,
  SIZE_MIX,
  DATES,
  DIALECT,
  CRLF,
  PRESET,
  HELP
};

static const option_row rows[] = {
    {"output", "PATH", "where the mail goes; an mbox to standard output where it is not given or -",
     'o', TEXT, 0, 0, NULL},
    {"seed", "N", "another N is other mail; the same N the same bytes on any machine (1)", SEED,
     NUMBER, 0, UINT64_MAX, NULL},
    {"preset", "NAME",
     "mccolo: 2008-10-01 to 2009-01-31 with the fall of 11 November; other options change it",
     PRESET, CHOICE, 0, 0, presets},
    {"format", "NAME", "mbox, maildir or files; the messages are the same (mbox)", FORMAT, CHOICE,
     0, 0, formats},
    {"dialect", "NAME", "how an mbox marks what is no separator: mboxrd, mboxo or mboxcl2 (mboxrd)",
     DIALECT, CHOICE, 0, 0, dialects},
    {"crlf", NULL, "lines end in CR LF", CRLF, FLAG, 0, 0, NULL},
    {"messages", "N", "exactly so many messages", MESSAGES, NUMBER, 1, 50000000, NULL},
    {"per-day", "N", "so many messages a day before the event, on average (100)", PER_DAY, NUMBER,
     1, 10000000, NULL},
    {"start", "DAY", "the first day, UTC (2008-09-01)", START, MOMENT, 0, 0, NULL},
    {"days", "N", "how many days (152)", DAYS, NUMBER, 1, 36500, NULL},
    {"event", "TIME", "when the spam falls, such as 2008-11-11T21:30:00Z", EVENT, MOMENT, 0, 0,
     NULL},
    {"drop", "PERCENT", "how far the spam rate falls in the event's second (65)", DROP, NUMBER, 0,
     100, NULL},
    {"recovery-days", "N", "back at the old rate after N days, in a straight line; 0: never (0)",
     RECOVERY_DAYS, NUMBER, 0, 36500, NULL},
    {"overdispersion", "X",
     "variance over mean of the counts: 1 is Poisson, more is negative binomial (1)",
     OVERDISPERSION, DECIMAL, 100, 100000, NULL},
    {"origins", "N", "how many spamming addresses there are (a third of the messages)", ORIGINS,
     NUMBER, 1, 50000000, NULL},
    {"campaigns", "N", "how many campaigns, each with its own words and origins (6)", CAMPAIGNS,
     NUMBER, 1, GEN_LIMIT_CAMPAIGNS, NULL},
    {"forged", "PERCENT", "mail before the event with a forged hop `(from tomcat@localhost)` (0)",
     FORGED, NUMBER, 0, 100, NULL},
    {"ham", "PERCENT", "mail before the event that is a mailing list's and does not fall (0)", HAM,
     NUMBER, 0, 100, NULL},
    {"botnets", "N",
     "mail of N botnets with one to four programs each, and of people: see README.md (0)", BOTNETS,
     NUMBER, 0, GEN_LIMIT_BOTNETS, NULL},
    {"falls", "NAME",
     "with --botnets: together, a third stops within the hour of the event and another takes over; "
     "or apart, two thirds stop on a day of their own each (together)",
     FALLS, CHOICE, 0, 0, falls},
    {"size-mix", "NAME", "default: 4.5 KB a message on average; small: 1.4 KB", SIZE_MIX, CHOICE, 0,
     0, mixes},
    {"bodies", "NAME",
     "mixed: sentences by chance; templates: each campaign varies a text of its own (mixed)",
     BODIES, CHOICE, 0, 0, bodies},
    {"dates", "NAME", "hostile: half of the Date headers lie (plain)", DATES, CHOICE, 0, 0, dates},
    {"truth", "FILE", "write a CSV with a row for each message", TRUTH, TEXT, 0, 0, NULL},
    {"truth-daily", "FILE", "write a CSV with a row for each UTC day", TRUTH_DAILY, TEXT, 0, 0,
     NULL},
    {"rules", "FILE", "write campaign rules that find exactly these campaigns", RULES, TEXT, 0, 0,
     NULL},
    {"help", NULL, "print this", HELP, FLAG, 0, 0, NULL},
};
enum { ROWS = sizeof rows / sizeof *rows };

static _Noreturn void usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void usage(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fputs("tide-generate: ", stderr);
  vfprintf(stderr, format, args);
  fputs("\nTry `tide-generate --help`.\n", stderr);
  va_end(args);
  exit(2);
}

static void help(void) {
  puts("Usage: tide-generate [options] [-o PATH]\n\nWrites made-up mail of which everything is "
       "known.\n");
  for (int i = 0; i < ROWS; i++) {
    char left[64];
    snprintf(left, sizeof left, "%s--%s%s%s", rows[i].letter < 256 ? "-o, " : "", rows[i].name,
             rows[i].value ? " " : "", rows[i].value ? rows[i].value : "");
    printf("  %-22s %s\n", left, rows[i].help);
  }
  if (fflush(stdout) != 0)
    gen_die("standard output cannot be written");
}

static uint64_t parse_number(const option_row *row, const char *text) {
  uint64_t value = 0;
  const char *at = text;
  for (; *at >= '0' && *at <= '9'; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (value > (UINT64_MAX - digit) / 10)
      usage("--%s %s: too large", row->name, text);
    value = value * 10 + digit;
  }
  if (at == text || *at)
    usage("--%s %s: not a whole number", row->name, text);
  if (value < row->low || value > row->high)
    usage("--%s %s: not between %llu and %llu", row->name, text, (unsigned long long)row->low,
          (unsigned long long)row->high);
  return value;
}

/* "2.5" in hundredths. */
static uint32_t parse_decimal(const option_row *row, const char *text) {
  uint64_t value = 0;
  int digits = 0, places = -1;
  for (const char *at = text; *at; at++) {
    if (*at == '.' && places < 0) {
      places = 0;
    } else if (*at >= '0' && *at <= '9' && value < 1000000 && places < 2) {
      value = value * 10 + (uint64_t)(*at - '0');
      digits++;
      if (places >= 0)
        places++;
    } else {
      usage("--%s %s: not a number with at most two decimals", row->name, text);
    }
  }
  if (!digits)
    usage("--%s %s: not a number", row->name, text);
  for (int p = places < 0 ? 0 : places; p < 2; p++)
    value *= 10;
  if (value < row->low || value > row->high)
    usage("--%s %s: not between %llu and %llu", row->name, text, (unsigned long long)row->low / 100,
          (unsigned long long)row->high / 100);
  return (uint32_t)value;
}

static int parse_choice(const option_row *row, const char *text) {
  for (int i = 0; row->choices[i]; i++)
    if (strcmp(row->choices[i], text) == 0)
      return i;
  usage("--%s %s: no such choice; --help lists them", row->name, text);
}

static int64_t parse_moment(const option_row *row, const char *text) {
  int64_t time;
  if (!gen_time_parse(text, &time))
    usage("--%s %s: not a date such as 2008-11-11 or 2008-11-11T21:30:00Z", row->name, text);
  /* Before 1982 no reader believes a date; after 2100 nobody needs one. */
  if (time < gen_days(1982, 1, 1) * GEN_DAY || time >= gen_days(2101, 1, 1) * GEN_DAY)
    usage("--%s %s: not between 1982 and 2100", row->name, text);
  return time;
}

static void use_preset(gen_options *o) {
  o->per_day = 36;
  o->start = gen_days(2008, 10, 1) * GEN_DAY;
  o->days = 123;
  o->event = gen_days(2008, 11, 11) * GEN_DAY + 21 * 3600 + 30 * 60;
  o->has_event = true;
  o->drop = 65;
  o->recovery_days = 150;
  o->overdispersion = 200;
  o->campaigns = 6;
  o->forged = 12;
  o->ham = 20;
  o->size_mix = GEN_MIX_SMALL;
}

static void take(gen_options *o, const option_row *row, const char *text) {
  switch (row->letter) {
  case 'o': o->output = text; break;
  case SEED: o->seed = parse_number(row, text); break;
  case FORMAT: o->format = (gen_format)parse_choice(row, text); break;
  case TRUTH: o->truth = text; break;
  case TRUTH_DAILY: o->truth_daily = text; break;
  case RULES: o->rules = text; break;
  case MESSAGES:
    o->messages = parse_number(row, text);
    o->per_day = 0;
    break;
  case PER_DAY:
    o->per_day = parse_number(row, text);
    o->messages = 0;
    break;
  case START:
    o->start = parse_moment(row, text);
    if (o->start % GEN_DAY != 0)
      usage("--start %s: not a whole day", text);
    break;
  case DAYS: o->days = (uint32_t)parse_number(row, text); break;
  case EVENT:
    o->event = parse_moment(row, text);
    o->has_event = true;
    break;
  case DROP: o->drop = (uint32_t)parse_number(row, text); break;
  case RECOVERY_DAYS: o->recovery_days = (uint32_t)parse_number(row, text); break;
  case OVERDISPERSION: o->overdispersion = parse_decimal(row, text); break;
  case ORIGINS: o->origins = (uint32_t)parse_number(row, text); break;
  case CAMPAIGNS: o->campaigns = (uint32_t)parse_number(row, text); break;
  case FORGED: o->forged = (uint32_t)parse_number(row, text); break;
  case HAM: o->ham = (uint32_t)parse_number(row, text); break;
  case BOTNETS: o->botnets = (uint32_t)parse_number(row, text); break;
  case FALLS: o->falls = (gen_falls)parse_choice(row, text); break;
  case SIZE_MIX: o->size_mix = (gen_size_mix)parse_choice(row, text); break;
  case BODIES: o->bodies = (gen_bodies)parse_choice(row, text); break;
  case DATES: o->dates = (gen_dates)parse_choice(row, text); break;
  case DIALECT: o->dialect = (gen_dialect)parse_choice(row, text); break;
  case CRLF: o->crlf = true; break;
  case PRESET: parse_choice(row, text); break; /* taken before the others */
  case HELP: help(); exit(0);
  default: break;
  }
}

static void parse(gen_options *o, int argc, char **argv) {
  struct option list[ROWS + 1] = {0};
  for (int i = 0; i < ROWS; i++)
    list[i] = (struct option){rows[i].name, rows[i].value ? required_argument : no_argument, NULL,
                              rows[i].letter};
  *o = (gen_options){.seed = 1,
                     .per_day = 100,
                     .start = gen_days(2008, 9, 1) * GEN_DAY,
                     .days = 152,
                     .drop = 65,
                     .overdispersion = 100,
                     .campaigns = 6};
  bool messages = false, per_day = false;
  for (int pass = 0; pass < 2; pass++) { /* the preset first, wherever it stands */
    int c;
    optind = 0; /* GNU: start over */
    opterr = pass == 0;
    while ((c = getopt_long(argc, argv, "o:", list, NULL)) != -1) {
      if (c == '?') {
        fputs("Try `tide-generate --help`.\n", stderr);
        exit(2);
      }
      if (c == PRESET && pass == 0)
        use_preset(o);
      messages |= c == MESSAGES;
      per_day |= c == PER_DAY;
      for (int i = 0; i < ROWS && pass == 1; i++)
        if (rows[i].letter == c)
          take(o, &rows[i], optarg);
    }
  }
  if (optind < argc)
    usage("%s: no argument expected; -o names the output", argv[optind]);
  if (messages && per_day)
    usage("--messages and --per-day exclude each other");
  if (o->botnets && (messages || o->days < 30))
    usage("--botnets takes --per-day, not --messages, and 30 days or more");
  if (o->forged + o->ham > 100)
    usage("--forged and --ham together are more than 100 percent");
  if (o->format != GEN_MBOX && (!o->output || strcmp(o->output, "-") == 0))
    usage("--format %s needs -o PATH", formats[o->format]);
  const char *outputs[] = {o->format == GEN_MBOX && !o->output ? "-" : o->output, o->truth,
                           o->truth_daily, o->rules};
  for (int i = 0; i < 4; i++)
    for (int k = 0; k < i; k++)
      if (outputs[i] && outputs[k] && strcmp(outputs[i], outputs[k]) == 0)
        usage("two outputs go to %s", outputs[i]);
  if (o->messages && o->has_event && o->drop == 100 && o->ham == 0 && o->event < o->start + GEN_DAY)
    usage("--messages with --drop 100 and without --ham needs a day or more before --event");
}

int main(int argc, char **argv) {
  gen_options options;
  parse(&options, argc, argv);
  gen_plan plan;
  gen_plan_make(&plan, &options);
  gen_output *out = gen_output_open(&plan);
  gen_message message = {0};
  for (uint64_t i = 0; i < plan.count; i++) {
    gen_message_make(&message, &plan, i);
    gen_output_message(out, &message, i);
  }
  gen_output_close(out);
  gen_message_free(&message);
  gen_plan_free(&plan);
  return 0;
}
