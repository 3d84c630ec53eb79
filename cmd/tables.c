/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options and commands. Parsing, --help, man pages, completion and the tables in docs/ are all
 * made from here. */
#include "command.h"

#include "commands.h"
#include "table/changes.h"
#include "table/concentration_table.h"
#include "table/keywords.h"
#include "base/limits.h"
#include "table/recovery_table.h"
#include "source/source.h"
#include "table/timeline.h"

#define AT(member) offsetof(settings, member)
#define END                                                                                        \
  { .name = NULL }

static const char *const progress_choices[] = {"auto", "always", "never", NULL};
static const char *const format_choices[] = {"csv", "tsv", "jsonl", NULL};
static const char *const times_choices[] = {"rfc3339", "local", "date", "epoch", NULL};
static const char *const explain_format_choices[] = {"text", "jsonl", NULL};
#define INPUT_CHOICE(name) #name,
static const char *const input_choices[] = {"auto", "maildir", TIDE_FORMATS(INPUT_CHOICE) NULL};

static const option event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event: a name from `spamtide events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a "
     "date, or a local time with its zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second, such as 28d. Whole weeks are best, "
     "because mail varies by weekday.",
     AT(before), NULL, NULL, 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends, such as "
     "28d.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    END};

static const option compare_event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event (required): a name from `spamtide events` such as mccolo, RFC 3339 "
     "(2008-11-11T21:30:00Z), a date, or a local time with its zone (\"2008-11-11 16:30 "
     "America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second.", AT(before), NULL, "28d", 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends.", AT(after),
     NULL, "28d", 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    END};

static const option windows_options[] = {
    {"windows", 0, OPTION_TEXT, "DURATION[,DURATION]...",
     "Compare with both windows of each of these lengths in turn, in whole days, such as "
     "7d,14d,28d,56d: one row each, instead of --before and --after. With --trend, each has one "
     "row without a trend and one with it.",
     AT(windows), NULL, NULL, 0},
    END};

static const option course_event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN", "The event (required), written as for compare.", AT(event),
     NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window before the event, with which each step is compared.", AT(before), NULL,
     "28d", 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "How long the effect is followed at most, in whole days.", AT(after), NULL, "364d", 0},
    {"step", 0, OPTION_DURATION, "DURATION",
     "Length of a step, in whole days. Whole weeks are best.", AT(step), NULL, "7d", 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time after the event that belongs to no step, in whole days.", AT(washout), NULL, NULL, 0},
    END};

static const char *const model_choices[] = {"auto", "quasipoisson", "negbin", "exact", NULL};
static const char *const errors_choices[] = {"history", "ar1", "newey-west", "independent", NULL};

static const char *const compare_units[] = {"messages",      "bytes",      "origins",
                                            "daily_origins", "recipients", NULL};

static const option model_options[] = {
    {"unit", 0, OPTION_CHOICE, "UNIT", "Show only this unit, instead of all.", AT(unit),
     compare_units, NULL, 0},
    {"model", 0, OPTION_CHOICE, "MODEL",
     "How interval and p-value are made. quasipoisson and negbin are log-linear models of the "
     "counts of 24 hours; exact assumes messages that come independently of each other. auto is "
     "exact if a side has a count below 10 or fewer than 4 days, and quasipoisson otherwise. Bytes "
     "and recipients always use quasipoisson.",
     AT(model), model_choices, "auto", 0},
    {"errors", 0, OPTION_CHOICE, "ERRORS",
     "What the interval allows for besides chance. ar1: days resemble their neighbours; the "
     "correlation is estimated without bias, with Student's distribution. history: the same, and "
     "the archive's level wanders, as its earlier dates show if there are enough of them. "
     "newey-west: what sandwich::NeweyWest in R gives, which is too narrow for a few weeks of "
     "days. independent: each day is independent.",
     AT(errors), errors_choices, "history", 0},
    {"confidence", 0, OPTION_TEXT, "PERCENT",
     "Confidence of the intervals in percent, from 50 to 99.99.", AT(confidence), NULL, "95", 0},
    {"weekdays", 0, OPTION_FLAG, NULL,
     "Add six terms for the days of the week, counted from the event's hour. Windows should be at "
     "least two weeks.",
     AT(weekdays), NULL, NULL, 0},
    {"trend", 0, OPTION_FLAG, NULL,
     "Fit a slope before the event and another after it (interrupted time series). Change and "
     "interval are then those of the step at the event, apart from the slopes.",
     AT(trend), NULL, NULL, 0},
    END};

static const option control_options[] = {
    {"control", 0, OPTION_LIST, "CONDITION",
     "Mail that the event cannot have touched, as a condition like those of --where, such as "
     "label=ham. Changes are relative to its change (difference in differences), and its messages "
     "are left out of all other counts. May be given several times: all must hold.",
     AT(control), NULL, NULL, 0},
    END};

static const option course_model_options[] = {
    {"errors", 0, OPTION_CHOICE, "ERRORS", "What the interval allows for, as in compare.",
     AT(errors), errors_choices, "history", 0},
    {"confidence", 0, OPTION_TEXT, "PERCENT",
     "Confidence of the intervals in percent, from 50 to 99.99.", AT(confidence), NULL, "95", 0},
    END};

static const option placebo_event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN", "The event (required), written as for compare.", AT(event),
     NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window before each date, in whole days.", AT(before), NULL, "28d", 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window after each date, in whole days.", AT(after), NULL, "28d", 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time after each date that belongs to neither window, in whole days.", AT(washout), NULL, NULL,
     0},
    END};

static const option bin_options[] = {
    {"bin", 0, OPTION_TEXT, "BIN",
     "hour, day, week (from Monday), month, year, or a duration such as 6h or 7d, which is counted "
     "from the event if there is one.",
     AT(bin), NULL, "day", 0},
    END};

static const option zone_options[] = {
    {"tz", 0, OPTION_TEXT, "ZONE",
     "Time zone of days, of times in the output, and of times written without one: an IANA name "
     "such as America/New_York, or an offset such as +02:00.",
     AT(tz), NULL, "UTC", 0},
    END};

static const char *const duplicates_choices[] = {"keep", "drop", "only", NULL};

static const option choice_options[] = {
    {"since", 0, OPTION_TEXT, "WHEN", "Only messages from this time on, written as for --event.",
     AT(since), NULL, NULL, 0},
    {"until", 0, OPTION_TEXT, "WHEN", "Only messages before this time, written as for --event.",
     AT(until), NULL, NULL, 0},
    {"exclude", 0, OPTION_LIST, "FROM..TO",
     "Leave out messages from FROM until TO, each written as for --event. For compare, course, "
     "families, placebo, changes and recovery nothing was collected then, and the time itself is "
     "left out too. May be given several times.",
     AT(exclude), NULL, NULL, 0},
    {"where", 0, OPTION_LIST, "CONDITION",
     "Only messages for which the condition holds: FIELD=VALUE, FIELD!=VALUE, FIELD~REGEX or "
     "FIELD!~REGEX, ignoring case. An empty VALUE asks for unknown values. origin-in=FILE asks for "
     "a list of networks (builtin:mccolo are McColo's own). May be given several times: all must "
     "hold.",
     AT(where), NULL, NULL, 0},
    {"duplicates", 0, OPTION_CHOICE, "WHICH",
     "What to do with copies of an earlier message: keep counts them, drop leaves them out, only "
     "leaves out everything else. A copy has the same Message-ID and the same text or, without an "
     "ID, the same header fields of the sender and the same body. Copies are found before any "
     "other "
     "option chooses among messages.",
     AT(duplicates), duplicates_choices, "keep", 0},
    END};

static const option group_options[] = {
    {"by", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "Count each group separately. Addresses take a prefix length, as in origin/16.", AT(by), NULL,
     NULL, 0},
    {"top", 0, OPTION_NUMBER, "N",
     "Show only the N groups with the most messages; all others form the group (other).", AT(top),
     NULL, NULL, UINT32_MAX - 1},
    END};

static const option all_columns_options[] = {
    {"all-columns", 0, OPTION_FLAG, NULL,
     "Show all columns of the table, not only those that a paper prints.", AT(all_columns), NULL,
     NULL, 0},
    END};

static const option column_options[] = {
    {"columns", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "Show these columns, in this order, instead of all those below: any of them, and the fields "
     "that other commands group by, such as url_domain or origin/24. Several values in one cell "
     "are separated by \"; \".",
     AT(columns), NULL, NULL, 0},
    END};

static const option reading_options[] = {
    {"trust", 0, OPTION_LIST, "NETWORK|HOST|FILE",
     "A server of yours, or a forwarder that you believe: a network, an address, a host name, a "
     "suffix such as .example.org, or a file with one of these on each line. May be given several "
     "times. Private and loopback addresses are always yours. With auto, the mail is read at least "
     "twice, what relays --suggest finds is trusted, and standard error says what that is.",
     AT(trust), NULL, NULL, 0},
    {"envelope-zone", 0, OPTION_TEXT, "ZONE",
     "The zone of the mbox `From ` lines, an IANA name or an offset as for --tz. They are in the "
     "local time of the server that wrote them, and seldom say which zone that is. Without this "
     "option, a Date header that lies whole hours away shows it. It matters only where no Received "
     "header has a date.",
     AT(envelope_zone), NULL, NULL, 0},
    {"webmail-origin", 0, OPTION_FLAG, NULL,
     "If a header such as X-Originating-IP names the address that a webmail service took the "
     "message from, take that for the origin; its origin_source is webmail. Anybody can write such "
     "a header.",
     AT(webmail_origin), NULL, NULL, 0},
    {"campaigns", 0, OPTION_LIST, "FILE",
     "Campaign rules as CSV (campaign,rule,field,pattern). May be given several times. builtin "
     "stands for the built-in rules, which --by and --where use if no file is given.",
     AT(campaigns), NULL, NULL, 0},
    {"asn", 0, OPTION_FILE, "FILE|DIR",
     "Table of networks, for asn, as_name and prefix: a MaxMind database (.mmdb), or prefixes and "
     "numbers as written by CAIDA's pfx2as or pyasn, plain or gzip. From a directory of tables "
     "with dates in their names, the one nearest before each message is used.",
     AT(asn), NULL, NULL, 0},
    {"country", 0, OPTION_FILE, "FILE", "A MaxMind database (.mmdb), for country.", AT(country),
     NULL, NULL, 0},
    {"labels", 0, OPTION_LIST, "FILE",
     "What the makers of a corpus say about its messages, for label: lines of a label and a path "
     "relative to the file, as in the index of the TREC corpora, or CSV with the columns label and "
     "path or message_id. The file may lie in a container: trec07p.tgz/trec07p/full/index. May be "
     "given several times. If label is asked for and no labels are given, full/index beside the "
     "mail is used, or else a Maildir's folders for junk give spam; standard error says so.",
     AT(labels), NULL, NULL, 0},
    {"label", 0, OPTION_LIST, "LABEL=PATH",
     "Label all mail in that file, or below that directory or container, unless --labels says "
     "otherwise: spam=~/Maildir/.Junk. May be given several times; the longest path counts.",
     AT(label), NULL, NULL, 0},
    {"label-names", 0, OPTION_TEXT, "WORD=LABEL[,WORD=LABEL]...",
     "What the words in the files of --labels stand for, such as 0=spam,1=ham.", AT(label_names),
     NULL, NULL, 0},
    {"fold-lookalikes", 0, OPTION_FLAG, NULL,
     "Search subject and text a second time with look-alikes replaced by plain letters: Greek and "
     "Cyrillic letters, accents, styled letters, and digits and signs inside words (\"v1@gra\").",
     AT(fold_lookalikes), NULL, NULL, 0},
    {"input", 0, OPTION_CHOICE, "KIND",
     "What the mailboxes are, instead of recognising it by their content.", AT(input),
     input_choices, "auto", 0},
    {"jobs", 'j', OPTION_NUMBER, "N",
     "Worker threads. The output is the same for any number. Default: one per processor.", AT(jobs),
     NULL, NULL, TIDE_LIMIT_JOBS},
    END};

static const option writing_options[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT", "Format of the output.", AT(format), format_choices,
     "csv", 0},
    {"raw-cells", 0, OPTION_FLAG, NULL,
     "Leave text from mail as it is. Without this, control characters are replaced, and an "
     "apostrophe is put before cells that a spreadsheet would calculate, and before those that "
     "look as if they already had one.",
     AT(raw_cells), NULL, NULL, 0},
    {"output", 'o', OPTION_FILE, "FILE",
     "Write to this file instead of standard output. It appears whole or not at all, and must not "
     "be a file that is read.",
     AT(output), NULL, NULL, 0},
    {"coverage", 0, OPTION_FLAG, NULL,
     "Add last columns, the same in every row, by which a reader can judge the others: messages "
     "read, undated and damaged, and of those counted how many have no origin, no network, or "
     "defects.",
     AT(coverage), NULL, NULL, 0},
    {"account", 0, OPTION_FILE, "FILE",
     "Write to this file, as JSON, what is needed to repeat and to cite the run: the version, the "
     "command line, the inputs and the tables and rules used, with sizes and SHA-256 digests (for "
     "which they are read once more), and what became of every message.",
     AT(account), NULL, NULL, 0},
    {"progress", 0, OPTION_CHOICE, "WHEN",
     "Show progress on standard error. auto shows it on a terminal.", AT(progress),
     progress_choices, "auto", 0},
    {"help", 'h', OPTION_FLAG, NULL, "This help.", AT(help), NULL, NULL, 0},
    END};

static const option cell_options[] = {
    {"times", 0, OPTION_CHOICE, "FORM",
     "How times are written, in every column. rfc3339 has the offset of --tz. local leaves it out, "
     "as in 2008-11-10 00:00:00, and date leaves out the time of day; both are in the zone of "
     "--tz, and spreadsheets take them for dates. epoch is seconds since 1970 in UTC.",
     AT(times), times_choices, "rfc3339", 0},
    {"bom", 0, OPTION_FLAG, NULL,
     "Begin csv and tsv with a byte order mark, which tells Excel that the text is UTF-8.", AT(bom),
     NULL, NULL, 0},
    END};

static const char *const rows_choices[] = {"auto", "all", "filled", NULL};
static const char *const unit_choices[] = {"messages", "bytes", "origins", NULL};

static const option timeline_options[] = {
    {"rows", 0, OPTION_CHOICE, "WHICH",
     "Rows of groups. all: every group has a row for every bin. filled: a group has rows only for "
     "bins with mail. auto: all for up to 50 groups, not counting (other), and filled for more, "
     "which standard error reports. The sums are the same.",
     AT(which_rows), rows_choices, "auto", 0},
    {"wide", 0, OPTION_FLAG, NULL,
     "One row per bin and one column per group, which spreadsheets and gnuplot plot at once: "
     "bin_start, period, covered, and the messages (or --unit, or --share) of each group under its "
     "name.",
     AT(wide), NULL, NULL, 0},
    {"share", 0, OPTION_FLAG, NULL,
     "Show what percentage of its bin each group is: in the column share_pct, or with --wide "
     "instead of the counts. Needs --by.",
     AT(share), NULL, NULL, 0},
    {"unit", 0, OPTION_CHOICE, "UNIT",
     "What --wide shows, and what --share is a share of. Default: messages.", AT(unit),
     unit_choices, NULL, 0},
    END};

static const option relays_options[] = {
    {"suggest", 0, OPTION_FLAG, NULL,
     "Instead of the table, write a file for --trust, with a reason on each line. The archive is "
     "read again as long as new relays appear behind those already found.",
     AT(suggest), NULL, NULL, 0},
    {"top", 0, OPTION_NUMBER, "N", "Rows of the table. Default: 40.", AT(rows), NULL, NULL,
     UINT32_MAX - 1},
    END};

static const option changes_options[] = {
    {"bin", 0, OPTION_TEXT, "BIN",
     "day, week (from Monday), month, year, or a duration of a day or longer.", AT(bin), NULL,
     "day", 0},
    {"min-length", 0, OPTION_NUMBER, "N",
     "How many bins a level lasts at least. Default: 7 for days, 4 for longer bins.",
     AT(min_length), NULL, NULL, TIDE_LIMIT_SERIES},
    {"penalty", 0, OPTION_NUMBER, "N",
     "Strength that a change of four times the least length must have; a higher one shows fewer "
     "changes. Default: 5.5 plus 2.4 times the natural logarithm of bins over the least length, "
     "which is 13.3 for half a year of days, and 17.6 for three years or more.",
     AT(penalty), NULL, NULL, 1000000},
    {"together", 0, OPTION_FLAG, NULL,
     "Instead of each group's changes, find the dates at which more groups of --by fell, or rose, "
     "within a day than chance lets coincide: one row each, with the groups and how probable it "
     "is.",
     AT(together), NULL, NULL, 0},
    END};

static const option recovery_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event (required): a name from `spamtide events` such as mccolo, RFC 3339 "
     "(2008-11-11T21:30:00Z), a date, or a local time with its zone (\"2008-11-11 16:30 "
     "America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Whole days before the event from which the level is taken. Whole weeks are best.", AT(before),
     NULL, "28d", 0},
    {"to", 0, OPTION_NUMBER, "PERCENT",
     "Percentage of the level before the event that counts as recovered.", AT(to), NULL, "90",
     1000},
    {"smooth", 0, OPTION_DURATION, "DURATION",
     "Whole days of which a smoothed level is the mean. Whole weeks are best.", AT(smooth), NULL,
     "7d", 0},
    {"sustain", 0, OPTION_DURATION, "DURATION",
     "Whole days for which the smoothed level must stay there.", AT(sustain), NULL, "7d", 0},
    END};

static const option concentration_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "Measure before and after this event instead of over the whole archive: a name from `spamtide "
     "events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a local time with its "
     "zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second. Default with --event: the length of "
     "--after, or 28d.",
     AT(before), NULL, NULL, 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends. Default: "
     "the length of --before.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    {"by", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "What is concentrated. With several fields it is the last, separately for each group of the "
     "fields before it. Addresses take a prefix length, as in origin/16. Default: origin.",
     AT(by), NULL, NULL, 0},
    END};

static const option families_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event. Without it, the table shows only the life spans of families. A name from "
     "`spamtide events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a local time "
     "with its zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second, in whole days. Default with --event: "
     "28d.",
     AT(before), NULL, NULL, 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends. Default "
     "with --event: 28d.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time after the event that belongs to neither window, in whole days.", AT(washout), NULL, NULL,
     0},
    {"templates", 0, OPTION_FLAG, NULL,
     "Also show how many templates each family sent, and the subject of the commonest. Text is "
     "decoded for this, which takes several times as long.",
     AT(templates), NULL, NULL, 0},
    END};

static const option keywords_options[] = {
    {"by", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "Look at the words of each group separately, such as campaign or fingerprint, instead of "
     "those of all messages.",
     AT(by), NULL, NULL, 0},
    {"top", 0, OPTION_NUMBER, "N",
     "How many words that fell, and how many that rose, are shown of each group. Default: 25.",
     AT(rows), NULL, NULL, UINT32_MAX - 1},
    {"rules-out", 0, OPTION_FILE, "FILE",
     "Write the words of the table to this file, as a rule file for --campaigns, each as a "
     "campaign of its own.",
     AT(rules_out), NULL, NULL, 0},
    END};

static const option explain_writing_options[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT",
     "Format of the output: text for a person, or JSON Lines with an object for the message, each "
     "statement of time, each hop, the fingerprint and each field left out of it, and each match "
     "of a rule.",
     AT(format), explain_format_choices, "text", 0},
    {"output", 'o', OPTION_FILE, "FILE",
     "Write to this file instead of standard output. It appears whole or not at all, and must not "
     "be a file that is read.",
     AT(output), NULL, NULL, 0},
    {"progress", 0, OPTION_CHOICE, "WHEN",
     "Show progress on standard error. auto shows it on a terminal.", AT(progress),
     progress_choices, "auto", 0},
    {"help", 'h', OPTION_FLAG, NULL, "This help.", AT(help), NULL, NULL, 0},
    END};

/* `events` reads no mail; --tz and --progress stand in its settings for the common code, but not
 * among its options. */
static const option event_writing_options[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT", "Format of the output.", AT(format), format_choices,
     "csv", 0},
    {"output", 'o', OPTION_FILE, "FILE",
     "Write to this file instead of standard output. It appears whole or not at all, and must not "
     "be a file that is read.",
     AT(output), NULL, NULL, 0},
    {"help", 'h', OPTION_FLAG, NULL, "This help.", AT(help), NULL, NULL, 0},
    END};

static const option_group event_group = {"The event", event_options},
                          compare_event_group = {"The event", compare_event_options},
                          placebo_event_group = {"The event", placebo_event_options},
                          control_group = {"A control", control_options},
                          windows_group = {"Several windows", windows_options},
                          course_event_group = {"The event", course_event_options},
                          course_model_group = {"Model", course_model_options},
                          model_group = {"Model", model_options}, bin_group = {"Bins", bin_options},
                          zone_group = {"Time zone", zone_options},
                          choice_group = {"Which messages", choice_options},
                          group_group = {"Groups", group_options},
                          reading_group = {"Reading", reading_options},
                          cell_group = {"Cells", cell_options},
                          writing_group = {"Writing", writing_options},
                          event_writing_group = {"Writing", event_writing_options},
                          changes_group = {"Series", changes_options},
                          recovery_group = {"The event and the level", recovery_options},
                          concentration_group = {"Periods and groups", concentration_options},
                          keywords_group = {"Words", keywords_options},
                          families_group = {"The event and the families", families_options},
                          column_group = {"Columns", column_options},
                          all_columns_group = {"Columns", all_columns_options},
                          timeline_group = {"Rows and columns", timeline_options},
                          relays_group = {"The table", relays_options},
                          explain_writing_group = {"Writing", explain_writing_options};

static const option_group *const timeline_groups[] = {
    &event_group,   &bin_group,      &zone_group, &choice_group,  &group_group,
    &reading_group, &timeline_group, &cell_group, &writing_group, NULL};
static const option_group *const compare_groups[] = {
    &compare_event_group, &windows_group, &control_group, &model_group,
    &zone_group,          &choice_group,  &group_group,   &reading_group,
    &all_columns_group,   &cell_group,    &writing_group, NULL};
static const option_group *const placebo_groups[] = {
    &placebo_event_group, &control_group, &zone_group,    &choice_group, &group_group,
    &reading_group,       &cell_group,    &writing_group, NULL};
static const option_group *const course_groups[] = {
    &course_event_group, &course_model_group, &control_group, &zone_group,    &choice_group,
    &group_group,        &reading_group,      &cell_group,    &writing_group, NULL};
static const option_group *const records_groups[] = {
    &column_group, &zone_group, &choice_group, &reading_group, &cell_group, &writing_group, NULL};
static const option_group *const relays_groups[] = {
    &relays_group, &zone_group, &choice_group, &reading_group, &cell_group, &writing_group, NULL};
static const option_group *const explain_groups[] = {&zone_group, &choice_group, &reading_group,
                                                     &explain_writing_group, NULL};
static const option_group *const rules_groups[] = {&zone_group, &choice_group,  &reading_group,
                                                   &cell_group, &writing_group, NULL};
static const option_group *const changes_groups[] = {
    &changes_group, &control_group,     &zone_group, &choice_group,  &group_group,
    &reading_group, &all_columns_group, &cell_group, &writing_group, NULL};
static const option_group *const recovery_groups[] = {
    &recovery_group,    &zone_group, &choice_group,  &group_group, &reading_group,
    &all_columns_group, &cell_group, &writing_group, NULL};
static const option_group *const keywords_groups[] = {
    &compare_event_group, &keywords_group, &zone_group,    &choice_group,
    &reading_group,       &cell_group,     &writing_group, NULL};
static const option_group *const families_groups[] = {
    &families_group,    &control_group, &zone_group,    &choice_group, &reading_group,
    &all_columns_group, &cell_group,    &writing_group, NULL};
static const option_group *const concentration_groups[] = {
    &concentration_group, &zone_group, &choice_group,  &reading_group,
    &all_columns_group,   &cell_group, &writing_group, NULL};
static const option_group *const events_groups[] = {&cell_group, &event_writing_group, NULL};

static const char mailboxes[] =
    "MAILBOX is an mbox, a Maildir, a directory (searched in the order of names), a file with one "
    "message, any of these compressed or in an archive such as tar, zip or 7z, or - for standard "
    "input, which is also read if no mailbox is named. Files are recognised by their content.";

static const char *const timeline_description[] = {
    "Counts messages by time: one row per bin, and per group if --by is given. Bins without mail "
    "are there, with zeros; with more than 50 groups, only rows with mail are written (--rows).",
    "The time of a message is when the owner's own server took it: from the topmost Received "
    "header, or else the mbox separator, Resent-Date, Date or the name of a Maildir file, "
    "whichever of these is the first sane one. The origin is the address that handed the message "
    "to the first server of the owner's.",
    mailboxes, NULL};
static const char *const compare_description[] = {
    "Counts messages, bytes, distinct origins and recipients before and after an event, cut at its "
    "second: one row per unit, and with --by per group, with a row (all) for everything. Each row "
    "has the change with its interval and p-value. Standard error says what speaks against "
    "trusting them.",
    mailboxes, NULL};
static const char *const placebo_description[] = {
    "Compares messages at every date that is a whole number of days from the event and whose "
    "windows lie within the archive: one row per date. The event's own row gives its rank among "
    "the dates whose windows do not hold the event.",
    mailboxes, NULL};
static const char *const course_description[] = {
    "Follows the effect of an event: compares the messages of each week after it with the window "
    "before it, with interval and p-value, until the rate has been back for two weeks. One row per "
    "step, and with --by per group, with rows (all) for everything.",
    mailboxes, NULL};
static const char *const records_description[] = {
    "Writes one row per message, in the order of the archive: everything that was read from it, "
    "and where each answer came from.",
    mailboxes, NULL};
static const char *const explain_description[] = {
    "Shows why each answer about a message came out as it did: every statement of time, and which "
    "one was taken; the Received chain hop by hop, whose each hop is, how long the message took to "
    "it, and where trust ends; which rows of which campaign rules matched, and on what text.",
    "All messages of a mailbox are explained; choose some with --where.", mailboxes, NULL};
static const char *const relays_description[] = {
    "Counts the hosts in the Received chains: which received and which handed over, at which "
    "depth, in how many messages and between which dates. From this it suggests what to name with "
    "--trust: in an unfamiliar archive, the owner's servers are in most of the messages.",
    "A suggestion is no more than that: read the reason. With --suggest, the output is a file for "
    "--trust.",
    mailboxes, NULL};
static const char *const rules_description[] = {
    "check reads rule files as --campaigns does and says what is in them, or what is wrong, as "
    "FILE:LINE:COLUMN. builtin stands for the built-in rules. No mail is read.",
    "hits tries every row of the rules (--campaigns, or those built in) on every message, so that "
    "no rule is hidden by another of its campaign. Each row of the output says in how many "
    "messages a pattern is found, and in how many its whole rule holds. Rows that never hit are "
    "there too.",
    mailboxes, NULL};
static const char *const changes_description[] = {
    "Finds the dates at which the volume changed, without being told of an event: one row per "
    "change, with an interval for its date and for its size, and the nearest takedown in the "
    "calendar. With --by it does so for all messages, as the group (all), and for each group. If "
    "nothing changed, a row says so.",
    "Windows of two weeks to a year are compared everywhere, with the weekly cycle and bursts "
    "taken out, and judged by how far the level strays by itself near them. A change that ended "
    "again is one row. The first and the last bin with mail may be cut by the ends of the archive "
    "and are left out; with --since and --until, the archive is taken as whole between them.",
    mailboxes, NULL};
static const char *const recovery_description[] = {
    "Says how long after an event the volume was back at a part of its level before it, smoothed "
    "and for days on end, or that it was not within the archive. There is one row for all "
    "messages, with --by as the group (all), and one for each group.",
    "Days are 24 hours long and are counted from the event's second. The first and the last of "
    "them with mail may be cut by the ends of the archive and are left out; with --since and "
    "--until, the archive is taken as whole between them.",
    mailboxes, NULL};
static const char *const keywords_description[] = {
    "Shows which words and pairs of words in subject and text fell and rose at an event: one row "
    "for each, the strongest first, with its change, its p-value, an example, and in how many "
    "templates and messages it was before and after.",
    "Nearly identical messages are one template and count once, so that one bulk mailing is not "
    "the whole list. Shares are compared, not numbers: if all mail fell alike, no word did.",
    mailboxes, NULL};
static const char *const families_description[] = {
    "Shows who sent the mail and who fell silent: one row per family of sending programs. A family "
    "is a fingerprint (docs/fingerprints.md), or several whose senders share more addresses than "
    "chance gives. With --event, each row has the change with interval and p-value as compare "
    "gives them, the last message before the event and the first after it, whether so long a wait "
    "is news, and the date of the family's own change; rows are sorted by their part in the total "
    "change. Without it, they have life spans.",
    "A family is a program and not a gang: see docs/families.md for what may be concluded.",
    mailboxes, NULL};
static const char *const concentration_description[] = {
    "Measures how much of the mail comes from how few senders: the share of the largest group, of "
    "the ten and the hundred largest, the Gini coefficient and the Herfindahl-Hirschman index, for "
    "the whole archive or before and after an event. Only groups with at least one message in the "
    "period count.",
    mailboxes, NULL};
static const char *const events_description[] = {
    "Writes the built-in calendar of takedowns, whose names --event, --since and --until accept.",
    NULL};

static const example timeline_examples[] = {
    {"spamtide timeline --event mccolo --bin week ~/archive/ > weeks.csv",
     "The weeks around McColo's end."},
    {"spamtide timeline --event \"2008-11-11 16:30 America/New_York\" --by campaign --campaigns "
     "my-rules.csv a.mbox b.mbox",
     "Days, for each campaign of your own rules."},
    {"zcat old.mbox.gz | spamtide timeline --bin day -", "From standard input."},
    {"spamtide timeline --bin week --by campaign --wide --share --times local --bom ~/archive > "
     "shares.csv",
     "A table that opens in a spreadsheet, ready for a chart."},
    {"spamtide timeline --bin month --by origin/8 --top 10 ~/Maildir",
     "The ten /8 networks that sent the most, and the rest."},
    {NULL, NULL}};
static const example compare_examples[] = {
    {"spamtide compare --event mccolo --before 28d --after 28d --by origin/16 ~/Maildir",
     "Four weeks before and after, network by network."},
    {"spamtide compare --event mccolo --windows 7d,14d,28d,56d --trend --unit messages ~/archive",
     "How much does the result depend on the windows, and on a slope?"},
    {"spamtide compare --event mccolo --weekdays --trend --confidence 99 ~/archive",
     "The step at the event, apart from weekdays and slopes, with intervals of 99 percent."},
    {"spamtide compare --event mccolo --before 7d --after 7d --washout 1d --where campaign~pharma "
     "~/archive",
     "Only pharmaceuticals, and without the day after."},
    {NULL, NULL}};
static const example placebo_examples[] = {
    {"spamtide placebo --event mccolo --before 28d --after 28d ~/archive > placebo.csv",
     "How often was there such a change when nothing happened?"},
    {"spamtide placebo --event mccolo --before 14d --after 14d --by chain ~/archive | grep -E "
     "',event,|^chain'",
     "The event's own rows, with their ranks, group by group."},
    {NULL, NULL}};
static const example course_examples[] = {
    {"spamtide course --event mccolo ~/archive", "For how many weeks was there less?"},
    {"spamtide course --event mccolo --step 14d --after 182d --by chain ~/archive",
     "Fortnights of half a year, group by group."},
    {NULL, NULL}};
static const example records_examples[] = {
    {"spamtide records ~/archive > messages.csv", "Everything, for a spreadsheet or a database."},
    {"spamtide records --campaigns builtin ~/archive > messages.csv",
     "The same, with the campaigns that each message matches; much slower, since text is "
     "searched."},
    {"spamtide records --columns time,origin,url_domain ~/archive",
     "Only when, from where, and what it links to."},
    {"spamtide records --where time_source=date --format jsonl old.mbox",
     "Messages of which only the sender says when they were sent."},
    {NULL, NULL}};
static const example relays_examples[] = {
    {"spamtide relays ~/archive", "Which hosts are where in the chains."},
    {"spamtide relays --suggest ~/archive > trust.txt",
     "A list to read through, and then to give to --trust of the other commands."},
    {NULL, NULL}};
static const example explain_examples[] = {
    {"spamtide explain message.eml", "One message, for a person."},
    {"spamtide explain --trust 192.0.2.0/24 --where message_id=\"<1@example.com>\" archive.mbox",
     "One message of an archive, with a relay of your own."},
    {"spamtide explain --format jsonl message.eml", "The same for a program."},
    {NULL, NULL}};
static const example rules_examples[] = {
    {"spamtide rules check my-rules.csv", "Is the file correct?"},
    {"spamtide rules hits --campaigns my-rules.csv ~/archive > hits.csv",
     "Which rows hit, how often and between which dates, and which never do."},
    {NULL, NULL}};
static const example changes_examples[] = {
    {"spamtide changes ~/archive", "When did the volume change?"},
    {"spamtide changes --by campaign --top 10 --since 2008-09-01 --until 2009-02-01 ~/archive",
     "The same for the ten largest campaigns, in five months that the archive covers."},
    {NULL, NULL}};
static const example recovery_examples[] = {
    {"spamtide recovery --event mccolo ~/archive",
     "How long until 90 percent of the volume was back?"},
    {"spamtide recovery --event mccolo --to 50 --sustain 14d --by origin/8 --top 10 ~/archive",
     "Half of it, for two weeks, network by network."},
    {NULL, NULL}};
static const example keywords_examples[] = {
    {"spamtide keywords --event mccolo ~/archive",
     "What was no longer sold, and what was sold instead?"},
    {"spamtide keywords --event mccolo --by fingerprint --top 5 ~/archive",
     "The same for the mail of each sending program."},
    {"spamtide keywords --event mccolo --rules-out words.csv ~/archive > words-table.csv",
     "A rule file, for timeline --by campaign --campaigns words.csv."},
    {NULL, NULL}};
static const example families_examples[] = {
    {"spamtide families --event mccolo ~/archive > families.csv",
     "Who fell silent when McColo was cut off?"},
    {"spamtide families --event mccolo --asn tables/ --campaigns builtin --templates ~/archive",
     "The same with networks, campaigns and templates."},
    {"spamtide families ~/archive", "Who sent, and from when to when?"},
    {NULL, NULL}};
static const example concentration_examples[] = {
    {"spamtide concentration ~/archive", "How much do the largest senders send?"},
    {"spamtide concentration --event mccolo --by asn --asn tables/ ~/archive",
     "Networks, four weeks before and after."},
    {"spamtide concentration --event mccolo --by source,origin a.mbox b.mbox",
     "Origins as each mailbox saw them."},
    {NULL, NULL}};
static const example events_examples[] = {{"spamtide events", "The whole calendar."}, {NULL, NULL}};

static const command timeline_command = {.name = "timeline",
                                         .operands = "[MAILBOX]...",
                                         .summary =
                                             "messages by time: one row per bin, and per group",
                                         .description = timeline_description,
                                         .groups = timeline_groups,
                                         .examples = timeline_examples,
                                         .question = &tide_question_timeline,
                                         .run = command_ask};
static const command compare_command = {.name = "compare",
                                        .operands = "[MAILBOX]...",
                                        .summary = "before and after an event: one row per group",
                                        .description = compare_description,
                                        .groups = compare_groups,
                                        .examples = compare_examples,
                                        .question = &tide_question_compare,
                                        .prepare = compare_prepare,
                                        .run = command_ask};
static const command placebo_command = {
    .name = "placebo",
    .operands = "[MAILBOX]...",
    .summary = "the same comparison at all other dates, and the event's rank",
    .description = placebo_description,
    .groups = placebo_groups,
    .examples = placebo_examples,
    .question = &tide_question_placebo,
    .run = command_ask};
static const command course_command = {.name = "course",
                                       .operands = "[MAILBOX]...",
                                       .summary =
                                           "the effect of an event, week by week, until it is over",
                                       .description = course_description,
                                       .groups = course_groups,
                                       .examples = course_examples,
                                       .question = &tide_question_course,
                                       .run = command_ask};
static const command records_command = {.name = "records",
                                        .operands = "[MAILBOX]...",
                                        .summary = "one row per message: all that was read from it",
                                        .description = records_description,
                                        .groups = records_groups,
                                        .field_columns = true,
                                        .examples = records_examples,
                                        .question = &tide_question_records,
                                        .run = command_ask};
static const command relays_command = {
    .name = "relays",
    .operands = "[MAILBOX]...",
    .summary = "who received and who handed over, to choose --trust from",
    .description = relays_description,
    .groups = relays_groups,
    .examples = relays_examples,
    .question = &tide_question_relays,
    .run = command_relays};
static const command explain_command = {
    .name = "explain",
    .operands = "[MAILBOX]...",
    .summary = "why a message has its time, its origin and its campaigns",
    .description = explain_description,
    .groups = explain_groups,
    .examples = explain_examples,
    .question = &tide_question_explanation,
    .prepare = explain_prepare,
    .run = command_ask};
static const command rules_command = {.name = "rules",
                                      .operands = "check FILE... | hits [MAILBOX]...",
                                      .summary = "checks rule files; counts which rules hit",
                                      .description = rules_description,
                                      .groups = rules_groups,
                                      .examples = rules_examples,
                                      .question = &tide_question_hits,
                                      .run = command_rules};
static const command changes_command = {.name = "changes",
                                        .operands = "[MAILBOX]...",
                                        .summary = "the dates at which the volume changed",
                                        .description = changes_description,
                                        .groups = changes_groups,
                                        .examples = changes_examples,
                                        .question = &tide_question_changes,
                                        .run = command_ask};
static const command recovery_command = {.name = "recovery",
                                         .operands = "[MAILBOX]...",
                                         .summary =
                                             "how long until the volume was back after an event",
                                         .description = recovery_description,
                                         .groups = recovery_groups,
                                         .examples = recovery_examples,
                                         .question = &tide_question_recovery,
                                         .run = command_ask};
static const command keywords_command = {.name = "keywords",
                                         .operands = "[MAILBOX]...",
                                         .summary = "which words fell and rose at an event",
                                         .description = keywords_description,
                                         .groups = keywords_groups,
                                         .examples = keywords_examples,
                                         .question = &tide_question_keywords,
                                         .run = command_ask};
static const command families_command = {
    .name = "families",
    .operands = "[MAILBOX]...",
    .summary = "who sent, and who fell silent: one row per family of sending programs",
    .description = families_description,
    .groups = families_groups,
    .examples = families_examples,
    .question = &tide_question_families,
    .prepare = families_prepare,
    .run = command_ask};
static const command concentration_command = {.name = "concentration",
                                              .operands = "[MAILBOX]...",
                                              .summary =
                                                  "how much of the mail comes from how few senders",
                                              .description = concentration_description,
                                              .groups = concentration_groups,
                                              .examples = concentration_examples,
                                              .question = &tide_question_concentration,
                                              .prepare = concentration_prepare,
                                              .run = command_ask};
static const command events_command = {.name = "events",
                                       .operands = "",
                                       .summary = "the built-in calendar of takedowns",
                                       .description = events_description,
                                       .groups = events_groups,
                                       .columns = &events_columns,
                                       .examples = events_examples,
                                       .run = command_events};

const command *const commands[] = {&timeline_command,      &compare_command,  &placebo_command,
                                   &course_command,        &changes_command,  &recovery_command,
                                   &concentration_command, &families_command, &keywords_command,
                                   &records_command,       &explain_command,  &relays_command,
                                   &rules_command,         &events_command,   NULL};
