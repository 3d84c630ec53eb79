/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of questions and of the reading, each in one row. What the command line takes, help,
 * man pages, completion, the tables in docs/ and the library's own interface are made from here. */
#include "request/kind.h"

#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "values.h"
#include "source/source.h"
#include "table/timeline.h"

#define AT(member) offsetof(tide_settings, member)
#define END                                                                                        \
  { .name = NULL }

#define CHOICE(name) #name,
static const char *const format_choices[] = {TIDE_EMITTERS(CHOICE) NULL};
static const char *const times_choices[] = {"rfc3339", "local", "date", "epoch", NULL};
static const char *const explain_format_choices[] = {"text", "jsonl", NULL};
static const char *const input_choices[] = {"auto", "maildir", TIDE_FORMATS(CHOICE) NULL};

/* What several kinds say alike. */
#define AN_INSTANT                                                                                 \
  " name from `spamtide events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a "    \
  "local time with its zone (\"2008-11-11 16:30 America/New_York\")."
#define WASHOUT_ROW                                                                                \
  {                                                                                                \
    .name = "washout", .kind = TIDE_OPTION_DURATION, .argument = "DURATION",                       \
    .help = "Time after the event that belongs to neither window.", .offset = AT(washout)          \
  }
#define EVENT_ROW                                                                                  \
  {                                                                                                \
    .name = "event", .kind = TIDE_OPTION_TEXT, .argument = "WHEN",                                 \
    .help = "The event (required): a" AN_INSTANT, .offset = AT(event)                              \
  }
#define EVENT_AS_IN_COMPARE_ROW                                                                    \
  {                                                                                                \
    .name = "event", .kind = TIDE_OPTION_TEXT, .argument = "WHEN",                                 \
    .help = "The event (required), written as for compare.", .offset = AT(event)                   \
  }

static const tide_option event_options[] = {
    {.name = "event",
     .kind = TIDE_OPTION_TEXT,
     .argument = "WHEN",
     .help = "The event: a" AN_INSTANT,
     .offset = AT(event)},
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that ends at the event's second, such as 28d. Whole weeks are "
             "best, because mail varies by weekday.",
     .offset = AT(before)},
    {.name = "after",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that begins at the event's second, or when the washout ends, "
             "such as 28d.",
     .offset = AT(after)},
    WASHOUT_ROW,
    END};

static const tide_option compare_event_options[] = {
    EVENT_ROW,
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that ends at the event's second.",
     .offset = AT(before),
     .preset = "28d"},
    {.name = "after",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that begins at the event's second, or when the washout ends.",
     .offset = AT(after),
     .preset = "28d"},
    WASHOUT_ROW,
    END};

static const tide_option windows_options[] = {
    {.name = "windows",
     .kind = TIDE_OPTION_TEXT,
     .argument = "DURATION[,DURATION]...",
     .help = "Compare with both windows of each of these lengths in turn, in whole days, such as "
             "7d,14d,28d,56d: one row each, instead of --before and --after. With --trend, each "
             "has one row without a trend and one with it.",
     .offset = AT(own.compare.windows)},
    END};

static const tide_option course_event_options[] = {
    EVENT_AS_IN_COMPARE_ROW,
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window before the event, with which each step is compared.",
     .offset = AT(before),
     .preset = "28d"},
    {.name = "after",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "How long the effect is followed at most, in whole days.",
     .offset = AT(after),
     .preset = "364d"},
    {.name = "step",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of a step, in whole days. Whole weeks are best.",
     .offset = AT(own.course.step),
     .preset = "7d"},
    {.name = "washout",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Time after the event that belongs to no step, in whole days.",
     .offset = AT(washout)},
    END};

static const char *const model_choices[] = {"auto", "quasipoisson", "negbin", "exact", NULL};
static const char *const errors_choices[] = {"history", "ar1", "newey-west", "independent", NULL};

static const tide_option model_options[] = {
    {.name = "unit",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "UNIT",
     .help = "Show only this unit, instead of all.",
     .offset = AT(own.compare.unit),
     .choices = tide_compare_units},
    {.name = "model",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "MODEL",
     .help = "How interval and p-value are made. quasipoisson and negbin are log-linear models of "
             "the counts of 24 hours; exact assumes messages that come independently of each "
             "other. auto is exact if a side has a count below 10 or fewer than 4 days, and "
             "quasipoisson otherwise. Bytes and recipients always use quasipoisson.",
     .offset = AT(own.compare.model),
     .choices = model_choices,
     .preset = "auto"},
    {.name = "errors",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "ERRORS",
     .help = "What the interval allows for besides chance. ar1: days resemble their neighbours; "
             "the correlation is estimated without bias, with Student's distribution. history: the "
             "same, and how much the archive's level varies, which its earlier dates show if there "
             "are enough of them. newey-west: as sandwich::NeweyWest in R; too narrow for a few "
             "weeks of days. independent: each day is independent.",
     .offset = AT(own.compare.errors),
     .choices = errors_choices,
     .preset = "history"},
    {.name = "confidence",
     .kind = TIDE_OPTION_TEXT,
     .argument = "PERCENT",
     .help = "Confidence of the intervals in percent, from 50 to 99.99.",
     .offset = AT(own.compare.confidence),
     .preset = "95"},
    {.name = "weekdays",
     .kind = TIDE_OPTION_FLAG,
     .help = "Add six terms for the days of the week, counted from the event's hour. Windows "
             "should be at least two weeks.",
     .offset = AT(own.compare.weekdays)},
    {.name = "trend",
     .kind = TIDE_OPTION_FLAG,
     .help = "Fit a slope before the event and another after it (interrupted time series). Change "
             "and interval are then those of the step at the event, apart from the slopes.",
     .offset = AT(own.compare.trend)},
    END};

static const tide_option control_options[] = {
    {.name = "control",
     .kind = TIDE_OPTION_LIST,
     .argument = "CONDITION",
     .help =
         "Mail that the event cannot have touched, as a condition like those of --where, such as "
         "label=ham. Changes are relative to its change (difference in differences), and its "
         "messages are left out of all other counts. May be given several times: all must hold.",
     .offset = AT(control)},
    END};

static const tide_option course_model_options[] = {
    {.name = "errors",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "ERRORS",
     .help = "What the interval allows for, as in compare.",
     .offset = AT(own.course.errors),
     .choices = errors_choices,
     .preset = "history"},
    {.name = "confidence",
     .kind = TIDE_OPTION_TEXT,
     .argument = "PERCENT",
     .help = "Confidence of the intervals in percent, from 50 to 99.99.",
     .offset = AT(own.course.confidence),
     .preset = "95"},
    END};

static const tide_option placebo_event_options[] = {
    EVENT_AS_IN_COMPARE_ROW,
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window before each date, in whole days.",
     .offset = AT(before),
     .preset = "28d"},
    {.name = "after",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window after each date, in whole days.",
     .offset = AT(after),
     .preset = "28d"},
    {.name = "washout",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Time after each date that belongs to neither window, in whole days.",
     .offset = AT(washout)},
    END};

static const tide_option bin_options[] = {
    {.name = "bin",
     .kind = TIDE_OPTION_TEXT,
     .argument = "BIN",
     .help = "hour, day, week (from Monday), month, year, or a duration such as 6h or 7d, which is "
             "counted from the event if there is one.",
     .offset = AT(bin),
     .preset = "day"},
    END};

static const tide_option zone_options[] = {
    {.name = "tz",
     .kind = TIDE_OPTION_TEXT,
     .argument = "ZONE",
     .help = "Time zone of days, of times in the output, and of times written without one: an IANA "
             "name such as America/New_York, or an offset such as +02:00.",
     .offset = AT(reading.tz),
     .preset = "UTC"},
    END};

static const char *const duplicates_choices[] = {"keep", "drop", "only", NULL};

static const tide_option choice_options[] = {
    {.name = "since",
     .kind = TIDE_OPTION_TEXT,
     .argument = "WHEN",
     .help = "Only messages from this time on, written as for --event.",
     .offset = AT(since)},
    {.name = "until",
     .kind = TIDE_OPTION_TEXT,
     .argument = "WHEN",
     .help = "Only messages before this time, written as for --event.",
     .offset = AT(until)},
    {.name = "exclude",
     .kind = TIDE_OPTION_LIST,
     .argument = "FROM..TO",
     .help = "Leave out messages from FROM until TO, each written as for --event. compare, course, "
             "families, placebo, changes, recovery and concentration also leave out the time "
             "itself, as one in which nothing was collected. May be given several times.",
     .offset = AT(exclude)},
    {.name = "where",
     .kind = TIDE_OPTION_LIST,
     .argument = "CONDITION",
     .help = "Only messages for which the condition holds: FIELD=VALUE, FIELD!=VALUE, FIELD~REGEX "
             "or FIELD!~REGEX, ignoring case. An empty VALUE asks for unknown values. "
             "origin-in=FILE asks for a list of networks (builtin:mccolo are McColo's own). May be "
             "given several times: all must hold.",
     .offset = AT(where)},
    END};

/* Copies are told before any question chooses: they are a matter of the reading. */
static const tide_option duplicates_options[] = {
    {.name = "duplicates",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "WHICH",
     .help = "What to do with copies of an earlier message: keep counts them, drop leaves them "
             "out, only leaves out everything else. A copy has the same Message-ID and the same "
             "text or, without an ID, the same header fields of the sender and the same body. "
             "Copies are found before any other option chooses among messages.",
     .offset = AT(reading.duplicates),
     .choices = duplicates_choices,
     .preset = "keep"},
    END};

static const tide_option group_options[] = {
    {.name = "by",
     .kind = TIDE_OPTION_LIST,
     .argument = "FIELD[,FIELD]...",
     .help = "Count each group separately. Addresses take a prefix length, as in origin/16.",
     .offset = AT(by)},
    {.name = "top",
     .kind = TIDE_OPTION_NUMBER,
     .argument = "N",
     .help = "Show only the N groups with the most messages; all others form the group (other).",
     .offset = AT(top),
     .most = UINT32_MAX - 1},
    END};

static const tide_option all_columns_options[] = {
    {.name = "all-columns",
     .kind = TIDE_OPTION_FLAG,
     .help = "Show all columns of the table, not only those that a paper prints.",
     .offset = AT(all_columns)},
    END};

static const tide_option column_options[] = {
    {.name = "columns",
     .kind = TIDE_OPTION_LIST,
     .argument = "FIELD[,FIELD]...",
     .help = "Show these columns, in this order, instead of all those below: any of them, and the "
             "fields that other commands group by, such as url_domain or origin/24. Several values "
             "in one cell are separated by \"; \".",
     .offset = AT(columns)},
    END};

static const tide_option reading_options[] = {
    {.name = "trust",
     .kind = TIDE_OPTION_LIST,
     .argument = "NETWORK|HOST|FILE",
     .help = "A server of yours, or a forwarder that you believe: a network, an address, a host "
             "name, a suffix such as .example.org, or a file with one of these on each line. May "
             "be given several times. Private and loopback addresses are always yours. With auto, "
             "the mail is read at least twice, what relays --suggest finds is trusted, and "
             "standard error says what that is.",
     .offset = AT(reading.trust)},
    {.name = "envelope-zone",
     .kind = TIDE_OPTION_TEXT,
     .argument = "ZONE",
     .help = "The zone of the mbox `From ` lines, an IANA name or an offset as for --tz. They are "
             "in the local time of the server that wrote them, and seldom say which zone that is. "
             "Without this option, a Date header that differs from the line by whole hours shows "
             "it. It matters only for messages without a date in any Received header.",
     .offset = AT(reading.envelope_zone)},
    {.name = "webmail-origin",
     .kind = TIDE_OPTION_FLAG,
     .help = "If a header such as X-Originating-IP names the address that a webmail service took "
             "the message from, take that for the origin; its origin_source is webmail. Anybody "
             "can write such a header.",
     .offset = AT(reading.webmail_origin)},
    {.name = "campaigns",
     .kind = TIDE_OPTION_LIST,
     .argument = "FILE",
     .help =
         "Campaign rules as CSV (campaign,rule,field,pattern). May be given several times. builtin "
         "stands for the built-in rules, which --by and --where use if no file is given.",
     .offset = AT(reading.campaigns)},
    {.name = "asn",
     .kind = TIDE_OPTION_FILE,
     .argument = "FILE|DIR",
     .help =
         "Table of networks, for asn, as_name and prefix: a MaxMind database (.mmdb), or prefixes "
         "and numbers as written by CAIDA's pfx2as or pyasn, plain or gzip. From a directory of "
         "tables with dates in their names, the one nearest before each message is used.",
     .offset = AT(reading.asn)},
    {.name = "country",
     .kind = TIDE_OPTION_FILE,
     .argument = "FILE",
     .help = "A MaxMind database (.mmdb), for country.",
     .offset = AT(reading.country)},
    {.name = "labels",
     .kind = TIDE_OPTION_LIST,
     .argument = "FILE",
     .help = "What the makers of a corpus say about its messages, for label: lines of a label and "
             "a path relative to the file, as in the index of the TREC corpora, or CSV with the "
             "columns label and path or message_id. The file may be in a container: "
             "trec07p.tgz/trec07p/full/index. May be given several times. If you ask for label and "
             "give no labels, full/index next to the mail is used, or else mail in junk folders is "
             "spam; standard error says so.",
     .offset = AT(reading.labels)},
    {.name = "label",
     .kind = TIDE_OPTION_LIST,
     .argument = "LABEL=PATH",
     .help =
         "Label all mail in that file, or below that directory or container, unless --labels says "
         "otherwise: spam=~/Maildir/.Junk. May be given several times; the longest path counts.",
     .offset = AT(reading.label)},
    {.name = "label-names",
     .kind = TIDE_OPTION_TEXT,
     .argument = "WORD=LABEL[,WORD=LABEL]...",
     .help = "What the words in the files of --labels mean, such as 0=spam,1=ham.",
     .offset = AT(reading.label_names)},
    {.name = "fold-lookalikes",
     .kind = TIDE_OPTION_FLAG,
     .help = "Search subject and text a second time with look-alikes replaced by plain letters: "
             "Greek and Cyrillic letters, accents, styled letters, and digits and signs inside "
             "words (\"v1@gra\").",
     .offset = AT(reading.fold_lookalikes)},
    {.name = "input",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "KIND",
     .help = "What the mailboxes are, instead of recognising it by their content.",
     .offset = AT(reading.input),
     .choices = input_choices,
     .preset = "auto"},
    {.name = "jobs",
     .letter = 'j',
     .kind = TIDE_OPTION_NUMBER,
     .argument = "N",
     .help = "Worker threads. The output is the same for any number. Default: one per processor.",
     .offset = AT(reading.jobs),
     .most = TIDE_LIMIT_JOBS},
    END};

static const tide_option form_options[] = {{.name = "format",
                                            .kind = TIDE_OPTION_CHOICE,
                                            .argument = "FORMAT",
                                            .help = "Format of the output.",
                                            .offset = AT(format),
                                            .choices = format_choices,
                                            .preset = "csv"},
                                           END};

static const tide_option writing_options[] = {
    {.name = "raw-cells",
     .kind = TIDE_OPTION_FLAG,
     .help = "Leave text from mail as it is. Without this, control characters are replaced, as tsv "
             "and jsonl always do, and an apostrophe is put before cells that a spreadsheet would "
             "run as a formula, and before those that look as if they already had one.",
     .offset = AT(raw_cells)},
    {.name = "coverage",
     .kind = TIDE_OPTION_FLAG,
     .help = "Add columns at the end, the same in every row, that show how complete the table is: "
             "messages read, undated and damaged, and of those counted how many have no origin, no "
             "network, or defects.",
     .offset = AT(coverage)},
    END};

static const tide_option explain_form_options[] = {
    {.name = "format",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "FORMAT",
     .help = "Format of the output: text for a person, or JSON Lines with an object for the "
             "message, each statement of time, each hop, the fingerprint and each field left out "
             "of it, and each match of a rule.",
     .offset = AT(format),
     .choices = explain_format_choices,
     .preset = "text"},
    END};

static const tide_option cell_options[] = {
    {.name = "times",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "FORM",
     .help = "How times are written, in every column. rfc3339 has the offset of --tz. local leaves "
             "it out, as in 2008-11-10 00:00:00, and date leaves out the time of day; both are in "
             "the zone of --tz, and spreadsheets take them for dates. epoch is seconds since 1970 "
             "in UTC. Columns of days, such as first_day, are dates in all forms.",
     .offset = AT(times),
     .choices = times_choices,
     .preset = "rfc3339"},
    {.name = "bom",
     .kind = TIDE_OPTION_FLAG,
     .help = "Begin csv and tsv with a byte order mark, which tells Excel that the text is UTF-8.",
     .offset = AT(bom)},
    END};

static const char *const rows_choices[] = {"auto", "all", "filled", NULL};

static const tide_option timeline_options[] = {
    {.name = "rows",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "WHICH",
     .help = "Rows of groups. all: every group has a row for every bin. filled: a group has rows "
             "only for bins with mail. auto: all for up to 50 groups, not counting (other), and "
             "filled for more, which standard error reports. The sums are the same.",
     .offset = AT(own.timeline.which_rows),
     .choices = rows_choices,
     .preset = "auto"},
    {.name = "wide",
     .kind = TIDE_OPTION_FLAG,
     .help = "One row per bin and one column per group, which spreadsheets and gnuplot plot at "
             "once: bin_start, period, covered, and the messages (or --unit, or --share) of each "
             "group under its name.",
     .offset = AT(own.timeline.wide)},
    {.name = "share",
     .kind = TIDE_OPTION_FLAG,
     .help = "Show what percentage of its bin each group is: in the column share_pct, or with "
             "--wide instead of the counts. Needs --by.",
     .offset = AT(own.timeline.share)},
    {.name = "unit",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "UNIT",
     .help = "What --wide shows, and what --share is a share of. Default: messages.",
     .offset = AT(own.timeline.unit),
     .choices = tide_timeline_unit_names},
    END};

static const tide_option relays_options[] = {{.name = "top",
                                              .kind = TIDE_OPTION_NUMBER,
                                              .argument = "N",
                                              .help = "Rows of the table. Default: 40.",
                                              .offset = AT(own.relays.rows),
                                              .most = UINT32_MAX - 1},
                                             END};

static const tide_option suggest_options[] = {
    {.name = "suggest",
     .kind = TIDE_OPTION_FLAG,
     .help = "Instead of the table, write a file for --trust, with a reason on each line. The "
             "archive is read again as long as new relays appear behind those already found.",
     .offset = AT(own.relays.suggest)},
    END};

static const tide_option changes_options[] = {
    {.name = "bin",
     .kind = TIDE_OPTION_TEXT,
     .argument = "BIN",
     .help = "day, week (from Monday), month, year, or a duration of a day or longer.",
     .offset = AT(bin),
     .preset = "day"},
    {.name = "min-length",
     .kind = TIDE_OPTION_NUMBER,
     .argument = "N",
     .help = "How many bins a level lasts at least. Default: 7 for days, 4 for longer bins.",
     .offset = AT(own.changes.min_length),
     .most = TIDE_LIMIT_SERIES},
    {.name = "penalty",
     .kind = TIDE_OPTION_NUMBER,
     .argument = "N",
     .help =
         "Strength that a change of four times the least length must have; a higher one shows "
         "fewer changes. Default: 3.6 times the natural logarithm of bins over the least length, "
         "less 0.5, which is 11.2 for half a year of days, and 16.1 for 700 days or more.",
     .offset = AT(own.changes.penalty),
     .most = 1000000},
    {.name = "together",
     .kind = TIDE_OPTION_FLAG,
     .help =
         "Instead of each group's changes, find the dates at which more groups of --by fell, or "
         "rose, within a day than chance explains: one row each, with the groups and a p-value.",
     .offset = AT(own.changes.together)},
    END};

static const tide_option recovery_options[] = {
    EVENT_ROW,
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Whole days before the event from which the level is taken. Whole weeks are best.",
     .offset = AT(before),
     .preset = "28d"},
    {.name = "to",
     .kind = TIDE_OPTION_NUMBER,
     .argument = "PERCENT",
     .help = "Percentage of the level before the event that counts as recovered.",
     .offset = AT(own.recovery.to),
     .preset = "90",
     .most = 1000},
    {.name = "smooth",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window whose mean is the smoothed level, in whole days. Whole weeks "
             "are best.",
     .offset = AT(own.recovery.smooth),
     .preset = "7d"},
    {.name = "sustain",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Whole days for which the smoothed level must stay there.",
     .offset = AT(own.recovery.sustain),
     .preset = "7d"},
    END};

static const tide_option concentration_options[] = {
    {.name = "event",
     .kind = TIDE_OPTION_TEXT,
     .argument = "WHEN",
     .help = "Measure before and after this event instead of over the whole archive: a" AN_INSTANT,
     .offset = AT(event)},
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that ends at the event's second. Default with --event: the "
             "length of --after, or 28d.",
     .offset = AT(before)},
    {.name = "after",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that begins at the event's second, or when the washout ends. "
             "Default: the length of --before.",
     .offset = AT(after)},
    WASHOUT_ROW,
    {.name = "by",
     .kind = TIDE_OPTION_LIST,
     .argument = "FIELD[,FIELD]...",
     .help = "The groups to measure: those of the last field, separately for each group of the "
             "fields before it. Addresses take a prefix length, as in origin/16. Default: origin.",
     .offset = AT(by)},
    END};

static const tide_option families_options[] = {
    {.name = "event",
     .kind = TIDE_OPTION_TEXT,
     .argument = "WHEN",
     .help = "The event. Without it, the table shows only the life spans of families. A" AN_INSTANT,
     .offset = AT(event)},
    {.name = "before",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that ends at the event's second, in whole days. Default with "
             "--event: 28d.",
     .offset = AT(before)},
    {.name = "after",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Length of the window that begins at the event's second, or when the washout ends. "
             "Default with --event: 28d.",
     .offset = AT(after)},
    {.name = "washout",
     .kind = TIDE_OPTION_DURATION,
     .argument = "DURATION",
     .help = "Time after the event that belongs to neither window, in whole days.",
     .offset = AT(washout)},
    {.name = "templates",
     .kind = TIDE_OPTION_FLAG,
     .help = "Also show how many templates each family sent, and the subject of the commonest. "
             "Text is decoded for this, which takes several times as long.",
     .offset = AT(own.families.templates)},
    END};

static const tide_option keywords_options[] = {
    {.name = "by",
     .kind = TIDE_OPTION_LIST,
     .argument = "FIELD[,FIELD]...",
     .help = "Look at the words of each group separately, such as campaign or fingerprint, instead "
             "of those of all messages.",
     .offset = AT(by)},
    {.name = "top",
     .kind = TIDE_OPTION_NUMBER,
     .argument = "N",
     .help =
         "How many words that fell, and how many that rose, are shown for each group. Default: 25.",
     .offset = AT(own.keywords.rows),
     .most = UINT32_MAX - 1},
    END};

static const tide_option_group cell_group = {"Cells", cell_options},
                               form_group = {"Writing", form_options},
                               suggest_group = {"Writing", suggest_options},
                               event_group = {"The event", event_options},
                               compare_event_group = {"The event", compare_event_options},
                               placebo_event_group = {"The event", placebo_event_options},
                               control_group = {"A control", control_options},
                               windows_group = {"Several windows", windows_options},
                               course_event_group = {"The event", course_event_options},
                               course_model_group = {"Model", course_model_options},
                               model_group = {"Model", model_options},
                               bin_group = {"Bins", bin_options},
                               zone_group = {"Time zone", zone_options},
                               choice_group = {"Which messages", choice_options},
                               duplicates_group = {"Which messages", duplicates_options},
                               group_group = {"Groups", group_options},
                               reading_group = {"Reading", reading_options},
                               writing_group = {"Writing", writing_options},
                               changes_group = {"Series", changes_options},
                               recovery_group = {"The event and the level", recovery_options},
                               concentration_group = {"Periods and groups", concentration_options},
                               keywords_group = {"Words", keywords_options},
                               families_group = {"The event and the families", families_options},
                               column_group = {"Columns", column_options},
                               all_columns_group = {"Columns", all_columns_options},
                               timeline_group = {"Rows and columns", timeline_options},
                               relays_group = {"The table", relays_options},
                               explain_form_group = {"Writing", explain_form_options};

static const tide_option_group *const timeline_groups[] = {
    &event_group,   &bin_group,      &zone_group, &choice_group, &duplicates_group, &group_group,
    &reading_group, &timeline_group, &cell_group, &form_group,   &writing_group,    NULL};
static const tide_option_group *const compare_groups[] = {&compare_event_group, &windows_group,
                                                          &control_group,       &model_group,
                                                          &zone_group,          &choice_group,
                                                          &duplicates_group,    &group_group,
                                                          &reading_group,       &all_columns_group,
                                                          &cell_group,          &form_group,
                                                          &writing_group,       NULL};
static const tide_option_group *const placebo_groups[] = {&placebo_event_group,
                                                          &control_group,
                                                          &zone_group,
                                                          &choice_group,
                                                          &duplicates_group,
                                                          &group_group,
                                                          &reading_group,
                                                          &cell_group,
                                                          &form_group,
                                                          &writing_group,
                                                          NULL};
static const tide_option_group *const course_groups[] = {
    &course_event_group, &course_model_group, &control_group, &zone_group,
    &choice_group,       &duplicates_group,   &group_group,   &reading_group,
    &cell_group,         &form_group,         &writing_group, NULL};
static const tide_option_group *const records_groups[] = {
    &column_group, &zone_group,    &choice_group, &duplicates_group, &reading_group, &cell_group,
    &form_group,   &writing_group, NULL};
static const tide_option_group *const relays_groups[] = {
    &relays_group, &zone_group, &choice_group,  &duplicates_group, &reading_group,
    &cell_group,   &form_group, &writing_group, &suggest_group,    NULL};
static const tide_option_group *const events_groups[] = {&zone_group, &cell_group, &form_group,
                                                         NULL};
static const tide_option_group *const explain_groups[] = {
    &zone_group, &choice_group, &duplicates_group, &reading_group, &explain_form_group, NULL};
static const tide_option_group *const rules_groups[] = {
    &zone_group, &choice_group, &duplicates_group, &reading_group,
    &cell_group, &form_group,   &writing_group,    NULL};
static const tide_option_group *const changes_groups[] = {
    &changes_group, &control_group,     &zone_group, &choice_group, &duplicates_group, &group_group,
    &reading_group, &all_columns_group, &cell_group, &form_group,   &writing_group,    NULL};
static const tide_option_group *const recovery_groups[] = {
    &recovery_group,    &zone_group, &choice_group, &duplicates_group, &group_group, &reading_group,
    &all_columns_group, &cell_group, &form_group,   &writing_group,    NULL};
static const tide_option_group *const keywords_groups[] = {
    &compare_event_group, &keywords_group, &zone_group, &choice_group,  &duplicates_group,
    &reading_group,       &cell_group,     &form_group, &writing_group, NULL};
static const tide_option_group *const families_groups[] = {&families_group,
                                                           &control_group,
                                                           &zone_group,
                                                           &choice_group,
                                                           &duplicates_group,
                                                           &reading_group,
                                                           &all_columns_group,
                                                           &cell_group,
                                                           &form_group,
                                                           &writing_group,
                                                           NULL};
static const tide_option_group *const concentration_groups[] = {
    &concentration_group, &zone_group, &choice_group, &duplicates_group, &reading_group,
    &all_columns_group,   &cell_group, &form_group,   &writing_group,    NULL};

const tide_option_group *const tide_reading_options[] = {&zone_group, &duplicates_group,
                                                         &reading_group, NULL};

const tide_request_kind tide_request_timeline = {
    .question = &tide_question_timeline, .groups = timeline_groups, .options = tide_fill_timeline};
const tide_request_kind tide_request_compare = {.question = &tide_question_compare,
                                                .groups = compare_groups,
                                                .options = tide_fill_compare,
                                                .prepare = tide_prepare_compare};
const tide_request_kind tide_request_placebo = {.question = &tide_question_placebo,
                                                .groups = placebo_groups};
const tide_request_kind tide_request_course = {
    .question = &tide_question_course, .groups = course_groups, .options = tide_fill_course};
const tide_request_kind tide_request_changes = {.question = &tide_question_changes,
                                                .groups = changes_groups};
const tide_request_kind tide_request_recovery = {
    .question = &tide_question_recovery, .groups = recovery_groups, .options = tide_fill_recovery};
const tide_request_kind tide_request_concentration = {.question = &tide_question_concentration,
                                                      .groups = concentration_groups,
                                                      .prepare = tide_prepare_concentration};
const tide_request_kind tide_request_families = {.question = &tide_question_families,
                                                 .groups = families_groups,
                                                 .options = tide_fill_families,
                                                 .prepare = tide_prepare_families};
const tide_request_kind tide_request_keywords = {.question = &tide_question_keywords,
                                                 .groups = keywords_groups};
const tide_request_kind tide_request_records = {.question = &tide_question_records,
                                                .groups = records_groups};
const tide_request_kind tide_request_explain = {.question = &tide_question_explanation,
                                                .groups = explain_groups,
                                                .prepare = tide_prepare_explain};
const tide_request_kind tide_request_relays = {
    .question = &tide_question_relays, .instead = tide_instead_of_relays, .groups = relays_groups};
const tide_request_kind tide_request_hits = {.question = &tide_question_hits,
                                             .groups = rules_groups};

const tide_request_kind tide_request_events = {.question = &tide_question_events,
                                               .groups = events_groups};

const tide_request_kind *const tide_request_kinds[] = {
    &tide_request_timeline,      &tide_request_compare,  &tide_request_placebo,
    &tide_request_course,        &tide_request_changes,  &tide_request_recovery,
    &tide_request_concentration, &tide_request_families, &tide_request_keywords,
    &tide_request_records,       &tide_request_explain,  &tide_request_relays,
    &tide_request_hits,          &tide_request_events,   NULL};

const tide_request_kind *tide_request_kind_find(const char *name) {
  for (const tide_request_kind *const *k = tide_request_kinds; *k; k++)
    if (strcmp((*k)->question->name, name) == 0)
      return *k;
  return NULL;
}
