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

static const tide_option event_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN",
     "The event: a name from `spamtide events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a "
     "date, or a local time with its zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second, such as 28d. Whole weeks are best, "
     "because mail varies by weekday.",
     AT(before), NULL, NULL, 0},
    {"after", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends, such as "
     "28d.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, TIDE_OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    END};

static const tide_option compare_event_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN",
     "The event (required): a name from `spamtide events` such as mccolo, RFC 3339 "
     "(2008-11-11T21:30:00Z), a date, or a local time with its zone (\"2008-11-11 16:30 "
     "America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second.", AT(before), NULL, "28d", 0},
    {"after", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends.", AT(after),
     NULL, "28d", 0},
    {"washout", 0, TIDE_OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    END};

static const tide_option windows_options[] = {
    {"windows", 0, TIDE_OPTION_TEXT, "DURATION[,DURATION]...",
     "Compare with both windows of each of these lengths in turn, in whole days, such as "
     "7d,14d,28d,56d: one row each, instead of --before and --after. With --trend, each has one "
     "row without a trend and one with it.",
     AT(own.compare.windows), NULL, NULL, 0},
    END};

static const tide_option course_event_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN", "The event (required), written as for compare.",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window before the event, with which each step is compared.", AT(before), NULL,
     "28d", 0},
    {"after", 0, TIDE_OPTION_DURATION, "DURATION",
     "How long the effect is followed at most, in whole days.", AT(after), NULL, "364d", 0},
    {"step", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of a step, in whole days. Whole weeks are best.", AT(own.course.step), NULL, "7d", 0},
    {"washout", 0, TIDE_OPTION_DURATION, "DURATION",
     "Time after the event that belongs to no step, in whole days.", AT(washout), NULL, NULL, 0},
    END};

static const char *const model_choices[] = {"auto", "quasipoisson", "negbin", "exact", NULL};
static const char *const errors_choices[] = {"history", "ar1", "newey-west", "independent", NULL};

static const tide_option model_options[] = {
    {"unit", 0, TIDE_OPTION_CHOICE, "UNIT", "Show only this unit, instead of all.",
     AT(own.compare.unit), tide_compare_units, NULL, 0},
    {"model", 0, TIDE_OPTION_CHOICE, "MODEL",
     "How interval and p-value are made. quasipoisson and negbin are log-linear models of the "
     "counts of 24 hours; exact assumes messages that come independently of each other. auto is "
     "exact if a side has a count below 10 or fewer than 4 days, and quasipoisson otherwise. Bytes "
     "and recipients always use quasipoisson.",
     AT(own.compare.model), model_choices, "auto", 0},
    {"errors", 0, TIDE_OPTION_CHOICE, "ERRORS",
     "What the interval allows for besides chance. ar1: days resemble their neighbours; the "
     "correlation is estimated without bias, with Student's distribution. history: the same, and "
     "the archive's level wanders, as its earlier dates show if there are enough of them. "
     "newey-west: what sandwich::NeweyWest in R gives, which is too narrow for a few weeks of "
     "days. independent: each day is independent.",
     AT(own.compare.errors), errors_choices, "history", 0},
    {"confidence", 0, TIDE_OPTION_TEXT, "PERCENT",
     "Confidence of the intervals in percent, from 50 to 99.99.", AT(own.compare.confidence), NULL,
     "95", 0},
    {"weekdays", 0, TIDE_OPTION_FLAG, NULL,
     "Add six terms for the days of the week, counted from the event's hour. Windows should be at "
     "least two weeks.",
     AT(own.compare.weekdays), NULL, NULL, 0},
    {"trend", 0, TIDE_OPTION_FLAG, NULL,
     "Fit a slope before the event and another after it (interrupted time series). Change and "
     "interval are then those of the step at the event, apart from the slopes.",
     AT(own.compare.trend), NULL, NULL, 0},
    END};

static const tide_option control_options[] = {
    {"control", 0, TIDE_OPTION_LIST, "CONDITION",
     "Mail that the event cannot have touched, as a condition like those of --where, such as "
     "label=ham. Changes are relative to its change (difference in differences), and its messages "
     "are left out of all other counts. May be given several times: all must hold.",
     AT(control), NULL, NULL, 0},
    END};

static const tide_option course_model_options[] = {
    {"errors", 0, TIDE_OPTION_CHOICE, "ERRORS", "What the interval allows for, as in compare.",
     AT(own.course.errors), errors_choices, "history", 0},
    {"confidence", 0, TIDE_OPTION_TEXT, "PERCENT",
     "Confidence of the intervals in percent, from 50 to 99.99.", AT(own.course.confidence), NULL,
     "95", 0},
    END};

static const tide_option placebo_event_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN", "The event (required), written as for compare.",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window before each date, in whole days.", AT(before), NULL, "28d", 0},
    {"after", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window after each date, in whole days.", AT(after), NULL, "28d", 0},
    {"washout", 0, TIDE_OPTION_DURATION, "DURATION",
     "Time after each date that belongs to neither window, in whole days.", AT(washout), NULL, NULL,
     0},
    END};

static const tide_option bin_options[] = {
    {"bin", 0, TIDE_OPTION_TEXT, "BIN",
     "hour, day, week (from Monday), month, year, or a duration such as 6h or 7d, which is counted "
     "from the event if there is one.",
     AT(bin), NULL, "day", 0},
    END};

static const tide_option zone_options[] = {
    {"tz", 0, TIDE_OPTION_TEXT, "ZONE",
     "Time zone of days, of times in the output, and of times written without one: an IANA name "
     "such as America/New_York, or an offset such as +02:00.",
     AT(reading.tz), NULL, "UTC", 0},
    END};

static const char *const duplicates_choices[] = {"keep", "drop", "only", NULL};

static const tide_option choice_options[] = {
    {"since", 0, TIDE_OPTION_TEXT, "WHEN",
     "Only messages from this time on, written as for --event.", AT(since), NULL, NULL, 0},
    {"until", 0, TIDE_OPTION_TEXT, "WHEN",
     "Only messages before this time, written as for --event.", AT(until), NULL, NULL, 0},
    {"exclude", 0, TIDE_OPTION_LIST, "FROM..TO",
     "Leave out messages from FROM until TO, each written as for --event. For compare, course, "
     "families, placebo, changes and recovery nothing was collected then, and the time itself is "
     "left out too. May be given several times.",
     AT(exclude), NULL, NULL, 0},
    {"where", 0, TIDE_OPTION_LIST, "CONDITION",
     "Only messages for which the condition holds: FIELD=VALUE, FIELD!=VALUE, FIELD~REGEX or "
     "FIELD!~REGEX, ignoring case. An empty VALUE asks for unknown values. origin-in=FILE asks for "
     "a list of networks (builtin:mccolo are McColo's own). May be given several times: all must "
     "hold.",
     AT(where), NULL, NULL, 0},
    END};

/* Copies are told before any question chooses: they are a matter of the reading. */
static const tide_option duplicates_options[] = {
    {"duplicates", 0, TIDE_OPTION_CHOICE, "WHICH",
     "What to do with copies of an earlier message: keep counts them, drop leaves them out, only "
     "leaves out everything else. A copy has the same Message-ID and the same text or, without an "
     "ID, the same header fields of the sender and the same body. Copies are found before any "
     "other "
     "option chooses among messages.",
     AT(reading.duplicates), duplicates_choices, "keep", 0},
    END};

static const tide_option group_options[] = {
    {"by", 0, TIDE_OPTION_LIST, "FIELD[,FIELD]...",
     "Count each group separately. Addresses take a prefix length, as in origin/16.", AT(by), NULL,
     NULL, 0},
    {"top", 0, TIDE_OPTION_NUMBER, "N",
     "Show only the N groups with the most messages; all others form the group (other).", AT(top),
     NULL, NULL, UINT32_MAX - 1},
    END};

static const tide_option all_columns_options[] = {
    {"all-columns", 0, TIDE_OPTION_FLAG, NULL,
     "Show all columns of the table, not only those that a paper prints.", AT(all_columns), NULL,
     NULL, 0},
    END};

static const tide_option column_options[] = {
    {"columns", 0, TIDE_OPTION_LIST, "FIELD[,FIELD]...",
     "Show these columns, in this order, instead of all those below: any of them, and the fields "
     "that other commands group by, such as url_domain or origin/24. Several values in one cell "
     "are separated by \"; \".",
     AT(columns), NULL, NULL, 0},
    END};

static const tide_option reading_options[] = {
    {"trust", 0, TIDE_OPTION_LIST, "NETWORK|HOST|FILE",
     "A server of yours, or a forwarder that you believe: a network, an address, a host name, a "
     "suffix such as .example.org, or a file with one of these on each line. May be given several "
     "times. Private and loopback addresses are always yours. With auto, the mail is read at least "
     "twice, what relays --suggest finds is trusted, and standard error says what that is.",
     AT(reading.trust), NULL, NULL, 0},
    {"envelope-zone", 0, TIDE_OPTION_TEXT, "ZONE",
     "The zone of the mbox `From ` lines, an IANA name or an offset as for --tz. They are in the "
     "local time of the server that wrote them, and seldom say which zone that is. Without this "
     "option, a Date header that lies whole hours away shows it. It matters only where no Received "
     "header has a date.",
     AT(reading.envelope_zone), NULL, NULL, 0},
    {"webmail-origin", 0, TIDE_OPTION_FLAG, NULL,
     "If a header such as X-Originating-IP names the address that a webmail service took the "
     "message from, take that for the origin; its origin_source is webmail. Anybody can write such "
     "a header.",
     AT(reading.webmail_origin), NULL, NULL, 0},
    {"campaigns", 0, TIDE_OPTION_LIST, "FILE",
     "Campaign rules as CSV (campaign,rule,field,pattern). May be given several times. builtin "
     "stands for the built-in rules, which --by and --where use if no file is given.",
     AT(reading.campaigns), NULL, NULL, 0},
    {"asn", 0, TIDE_OPTION_FILE, "FILE|DIR",
     "Table of networks, for asn, as_name and prefix: a MaxMind database (.mmdb), or prefixes and "
     "numbers as written by CAIDA's pfx2as or pyasn, plain or gzip. From a directory of tables "
     "with dates in their names, the one nearest before each message is used.",
     AT(reading.asn), NULL, NULL, 0},
    {"country", 0, TIDE_OPTION_FILE, "FILE", "A MaxMind database (.mmdb), for country.",
     AT(reading.country), NULL, NULL, 0},
    {"labels", 0, TIDE_OPTION_LIST, "FILE",
     "What the makers of a corpus say about its messages, for label: lines of a label and a path "
     "relative to the file, as in the index of the TREC corpora, or CSV with the columns label and "
     "path or message_id. The file may lie in a container: trec07p.tgz/trec07p/full/index. May be "
     "given several times. If label is asked for and no labels are given, full/index beside the "
     "mail is used, or else folders for junk give spam; standard error says so.",
     AT(reading.labels), NULL, NULL, 0},
    {"label", 0, TIDE_OPTION_LIST, "LABEL=PATH",
     "Label all mail in that file, or below that directory or container, unless --labels says "
     "otherwise: spam=~/Maildir/.Junk. May be given several times; the longest path counts.",
     AT(reading.label), NULL, NULL, 0},
    {"label-names", 0, TIDE_OPTION_TEXT, "WORD=LABEL[,WORD=LABEL]...",
     "What the words in the files of --labels stand for, such as 0=spam,1=ham.",
     AT(reading.label_names), NULL, NULL, 0},
    {"fold-lookalikes", 0, TIDE_OPTION_FLAG, NULL,
     "Search subject and text a second time with look-alikes replaced by plain letters: Greek and "
     "Cyrillic letters, accents, styled letters, and digits and signs inside words (\"v1@gra\").",
     AT(reading.fold_lookalikes), NULL, NULL, 0},
    {"input", 0, TIDE_OPTION_CHOICE, "KIND",
     "What the mailboxes are, instead of recognising it by their content.", AT(reading.input),
     input_choices, "auto", 0},
    {"jobs", 'j', TIDE_OPTION_NUMBER, "N",
     "Worker threads. The output is the same for any number. Default: one per processor.",
     AT(reading.jobs), NULL, NULL, TIDE_LIMIT_JOBS},
    END};

static const tide_option form_options[] = {{"format", 0, TIDE_OPTION_CHOICE, "FORMAT",
                                            "Format of the output.", AT(format), format_choices,
                                            "csv", 0},
                                           END};

static const tide_option writing_options[] = {
    {"raw-cells", 0, TIDE_OPTION_FLAG, NULL,
     "Leave text from mail as it is. Without this, control characters are replaced, as tsv and "
     "jsonl always do, and an apostrophe is put before cells that a spreadsheet would calculate, "
     "and before those that look as if they already had one.",
     AT(raw_cells), NULL, NULL, 0},
    {"coverage", 0, TIDE_OPTION_FLAG, NULL,
     "Add last columns, the same in every row, by which a reader can judge the others: messages "
     "read, undated and damaged, and of those counted how many have no origin, no network, or "
     "defects.",
     AT(coverage), NULL, NULL, 0},
    END};

static const tide_option explain_form_options[] = {
    {"format", 0, TIDE_OPTION_CHOICE, "FORMAT",
     "Format of the output: text for a person, or JSON Lines with an object for the message, each "
     "statement of time, each hop, the fingerprint and each field left out of it, and each match "
     "of a rule.",
     AT(format), explain_format_choices, "text", 0},
    END};

static const tide_option cell_options[] = {
    {"times", 0, TIDE_OPTION_CHOICE, "FORM",
     "How times are written, in every column. rfc3339 has the offset of --tz. local leaves it out, "
     "as in 2008-11-10 00:00:00, and date leaves out the time of day; both are in the zone of "
     "--tz, and spreadsheets take them for dates. epoch is seconds since 1970 in UTC. Columns of "
     "days, such as first_day, are dates in all forms.",
     AT(times), times_choices, "rfc3339", 0},
    {"bom", 0, TIDE_OPTION_FLAG, NULL,
     "Begin csv and tsv with a byte order mark, which tells Excel that the text is UTF-8.", AT(bom),
     NULL, NULL, 0},
    END};

static const char *const rows_choices[] = {"auto", "all", "filled", NULL};

static const tide_option timeline_options[] = {
    {"rows", 0, TIDE_OPTION_CHOICE, "WHICH",
     "Rows of groups. all: every group has a row for every bin. filled: a group has rows only for "
     "bins with mail. auto: all for up to 50 groups, not counting (other), and filled for more, "
     "which standard error reports. The sums are the same.",
     AT(own.timeline.which_rows), rows_choices, "auto", 0},
    {"wide", 0, TIDE_OPTION_FLAG, NULL,
     "One row per bin and one column per group, which spreadsheets and gnuplot plot at once: "
     "bin_start, period, covered, and the messages (or --unit, or --share) of each group under its "
     "name.",
     AT(own.timeline.wide), NULL, NULL, 0},
    {"share", 0, TIDE_OPTION_FLAG, NULL,
     "Show what percentage of its bin each group is: in the column share_pct, or with --wide "
     "instead of the counts. Needs --by.",
     AT(own.timeline.share), NULL, NULL, 0},
    {"unit", 0, TIDE_OPTION_CHOICE, "UNIT",
     "What --wide shows, and what --share is a share of. Default: messages.", AT(own.timeline.unit),
     tide_timeline_unit_names, NULL, 0},
    END};

static const tide_option relays_options[] = {{"top", 0, TIDE_OPTION_NUMBER, "N",
                                              "Rows of the table. Default: 40.",
                                              AT(own.relays.rows), NULL, NULL, UINT32_MAX - 1},
                                             END};

static const tide_option suggest_options[] = {
    {"suggest", 0, TIDE_OPTION_FLAG, NULL,
     "Instead of the table, write a file for --trust, with a reason on each line. The archive is "
     "read again as long as new relays appear behind those already found.",
     AT(own.relays.suggest), NULL, NULL, 0},
    END};

static const tide_option changes_options[] = {
    {"bin", 0, TIDE_OPTION_TEXT, "BIN",
     "day, week (from Monday), month, year, or a duration of a day or longer.", AT(bin), NULL,
     "day", 0},
    {"min-length", 0, TIDE_OPTION_NUMBER, "N",
     "How many bins a level lasts at least. Default: 7 for days, 4 for longer bins.",
     AT(own.changes.min_length), NULL, NULL, TIDE_LIMIT_SERIES},
    {"penalty", 0, TIDE_OPTION_NUMBER, "N",
     "Strength that a change of four times the least length must have; a higher one shows fewer "
     "changes. Default: 4 plus 2.4 times the natural logarithm of bins over the least length, "
     "which is 11.8 for half a year of days, and 16.1 for three years or more.",
     AT(own.changes.penalty), NULL, NULL, 1000000},
    {"together", 0, TIDE_OPTION_FLAG, NULL,
     "Instead of each group's changes, find the dates at which more groups of --by fell, or rose, "
     "within a day than chance lets coincide: one row each, with the groups and how probable it "
     "is.",
     AT(own.changes.together), NULL, NULL, 0},
    END};

static const tide_option recovery_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN",
     "The event (required): a name from `spamtide events` such as mccolo, RFC 3339 "
     "(2008-11-11T21:30:00Z), a date, or a local time with its zone (\"2008-11-11 16:30 "
     "America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Whole days before the event from which the level is taken. Whole weeks are best.", AT(before),
     NULL, "28d", 0},
    {"to", 0, TIDE_OPTION_NUMBER, "PERCENT",
     "Percentage of the level before the event that counts as recovered.", AT(own.recovery.to),
     NULL, "90", 1000},
    {"smooth", 0, TIDE_OPTION_DURATION, "DURATION",
     "Whole days of which a smoothed level is the mean. Whole weeks are best.",
     AT(own.recovery.smooth), NULL, "7d", 0},
    {"sustain", 0, TIDE_OPTION_DURATION, "DURATION",
     "Whole days for which the smoothed level must stay there.", AT(own.recovery.sustain), NULL,
     "7d", 0},
    END};

static const tide_option concentration_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN",
     "Measure before and after this event instead of over the whole archive: a name from `spamtide "
     "events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a local time with its "
     "zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second. Default with --event: the length of "
     "--after, or 28d.",
     AT(before), NULL, NULL, 0},
    {"after", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends. Default: "
     "the length of --before.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, TIDE_OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    {"by", 0, TIDE_OPTION_LIST, "FIELD[,FIELD]...",
     "What is concentrated. With several fields it is the last, separately for each group of the "
     "fields before it. Addresses take a prefix length, as in origin/16. Default: origin.",
     AT(by), NULL, NULL, 0},
    END};

static const tide_option families_options[] = {
    {"event", 0, TIDE_OPTION_TEXT, "WHEN",
     "The event. Without it, the table shows only the life spans of families. A name from "
     "`spamtide events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a local time "
     "with its zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second, in whole days. Default with --event: "
     "28d.",
     AT(before), NULL, NULL, 0},
    {"after", 0, TIDE_OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends. Default "
     "with --event: 28d.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, TIDE_OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window, in whole days.", AT(washout), NULL, NULL,
     0},
    {"templates", 0, TIDE_OPTION_FLAG, NULL,
     "Also show how many templates each family sent, and the subject of the commonest. Text is "
     "decoded for this, which takes several times as long.",
     AT(own.families.templates), NULL, NULL, 0},
    END};

static const tide_option keywords_options[] = {
    {"by", 0, TIDE_OPTION_LIST, "FIELD[,FIELD]...",
     "Look at the words of each group separately, such as campaign or fingerprint, instead of "
     "those of all messages.",
     AT(by), NULL, NULL, 0},
    {"top", 0, TIDE_OPTION_NUMBER, "N",
     "How many words that fell, and how many that rose, are shown of each group. Default: 25.",
     AT(own.keywords.rows), NULL, NULL, UINT32_MAX - 1},
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
