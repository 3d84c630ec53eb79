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
     "Length of the window that ends at the event's second, such as 28d. Whole weeks are best: "
     "mail has weekdays.",
     AT(before), NULL, NULL, 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends.", AT(after),
     NULL, NULL, 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time behind the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    END};

static const option compare_event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event, which must be given: a name from `spamtide events` such as mccolo, RFC 3339 "
     "(2008-11-11T21:30:00Z), a date, or a local time with its zone (\"2008-11-11 16:30 "
     "America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second; 28d where it is not given.", AT(before),
     NULL, "28d", 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends; 28d where "
     "it is not given.",
     AT(after), NULL, "28d", 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time behind the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    END};

static const option windows_options[] = {
    {"windows", 0, OPTION_TEXT, "DURATION[,DURATION]...",
     "Both windows of each of these lengths in turn, in whole days, such as 7d,14d,28d,56d: a row "
     "each, in the place of --before and --after; with --trend one without and one with it.",
     AT(windows), NULL, NULL, 0},
    END};

static const option course_event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN", "The event, which must be given, as compare takes it.",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window before the event that each step is compared with; 28d where it is not "
     "given.",
     AT(before), NULL, "28d", 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "How long the effect is followed at most, in whole days; 364d where it is not given.",
     AT(after), NULL, "364d", 0},
    {"step", 0, OPTION_DURATION, "DURATION",
     "Length of a step, in whole days; 7d where it is not given. Whole weeks are best.", AT(step),
     NULL, "7d", 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time behind the event that belongs to no step, in whole days.", AT(washout), NULL, NULL, 0},
    END};

static const char *const model_choices[] = {"auto", "quasipoisson", "negbin", "exact", NULL};
static const char *const errors_choices[] = {"history", "ar1", "newey-west", "independent", NULL};

static const char *const compare_units[] = {"messages",      "bytes",      "origins",
                                            "daily_origins", "recipients", NULL};

static const option model_options[] = {
    {"unit", 0, OPTION_CHOICE, "UNIT", "Show this unit alone; all where it is not given.", AT(unit),
     compare_units, NULL, 0},
    {"model", 0, OPTION_CHOICE, "MODEL",
     "How interval and p-value are made: quasipoisson and negbin are log-linear models of the "
     "counts of 24 hours, exact presumes messages that come independently of each other. auto is "
     "exact where a side "
     "has fewer than 10 or fewer than 4 days, otherwise quasipoisson. Bytes and recipients always "
     "have quasipoisson.",
     AT(model), model_choices, "auto", 0},
    {"errors", 0, OPTION_CHOICE, "ERRORS",
     "What the interval allows for beside chance: ar1 that days resemble their neighbours, whose "
     "correlation it estimates without bias, with Student's distribution; history also that the "
     "archive's level wanders, as its earlier dates show, where there are enough of them; "
     "newey-west is what sandwich::NeweyWest in R gives and too narrow for some weeks of days; "
     "independent takes days as independent.",
     AT(errors), errors_choices, "history", 0},
    {"confidence", 0, OPTION_TEXT, "PERCENT",
     "Confidence of the intervals in percent, from 50 to 99.99, such as 95 or 99.9.",
     AT(confidence), NULL, "95", 0},
    {"weekdays", 0, OPTION_FLAG, NULL,
     "Six terms for the days of the week, counted from the event's hour. Windows should be two "
     "weeks at least.",
     AT(weekdays), NULL, NULL, 0},
    {"trend", 0, OPTION_FLAG, NULL,
     "A slope before the event and another behind it (interrupted time series): change and "
     "interval are then those of the step at the event, beside slopes that go on.",
     AT(trend), NULL, NULL, 0},
    END};

static const option control_options[] = {
    {"control", 0, OPTION_LIST, "CONDITION",
     "What the event cannot have touched, as --where takes it, such as label=ham: changes are "
     "relative to its change (difference in differences), and what it holds for is none of the "
     "rest. "
     "May be given several times: all must hold.",
     AT(control), NULL, NULL, 0},
    END};

static const option course_model_options[] = {
    {"errors", 0, OPTION_CHOICE, "ERRORS", "What the interval allows for, as compare takes it.",
     AT(errors), errors_choices, "history", 0},
    {"confidence", 0, OPTION_TEXT, "PERCENT",
     "Confidence of the intervals in percent, from 50 to 99.99, such as 95 or 99.9.",
     AT(confidence), NULL, "95", 0},
    END};

static const option placebo_event_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN", "The event, which must be given, as compare takes it.",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window before each date, in whole days; 28d where it is not given.", AT(before),
     NULL, "28d", 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window after each date, in whole days; 28d where it is not given.", AT(after),
     NULL, "28d", 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time behind each date that belongs to neither window, in whole days.", AT(washout), NULL,
     NULL, 0},
    END};

static const option bin_options[] = {
    {"bin", 0, OPTION_TEXT, "BIN",
     "hour, day, week (from Monday), month, year, or a duration such as 6h or 7d, which is counted "
     "from the event where there is one. day where it is not given.",
     AT(bin), NULL, "day", 0},
    END};

static const option zone_options[] = {
    {"tz", 0, OPTION_TEXT, "ZONE",
     "Zone of days, of times in the output, and of times written without one: an IANA name such as "
     "America/New_York, or an offset such as +02:00. UTC where it is not given.",
     AT(tz), NULL, "UTC", 0},
    END};

static const option choice_options[] = {
    {"since", 0, OPTION_TEXT, "WHEN", "Only messages from then on, written as for --event.",
     AT(since), NULL, NULL, 0},
    {"until", 0, OPTION_TEXT, "WHEN", "Only messages before then.", AT(until), NULL, NULL, 0},
    {"exclude", 0, OPTION_LIST, "FROM..TO",
     "No messages from FROM until TO, as written for --event: for compare, placebo, changes and "
     "recovery nothing was collected then, and the time between is left out. May be given several "
     "times.",
     AT(exclude), NULL, NULL, 0},
    {"where", 0, OPTION_LIST, "CONDITION",
     "Only messages for which it holds: FIELD=VALUE, FIELD!=VALUE, FIELD~REGEX or FIELD!~REGEX, "
     "without regard to case; an empty VALUE asks for what is unknown; origin-in=FILE for "
     "a list of networks (builtin:mccolo are McColo's own). May be given "
     "several times: all must hold.",
     AT(where), NULL, NULL, 0},
    END};

static const option group_options[] = {
    {"by", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "Count each group apart. Addresses take a prefix length, as in origin/16.", AT(by), NULL, NULL,
     0},
    {"top", 0, OPTION_NUMBER, "N",
     "Only the N groups with the most messages; the rest together is the group (other).", AT(top),
     NULL, NULL, UINT32_MAX - 1},
    END};

static const option all_columns_options[] = {
    {"all-columns", 0, OPTION_FLAG, NULL,
     "Every column of the table, not only those that a paper prints.", AT(all_columns), NULL, NULL,
     0},
    END};

static const option column_options[] = {
    {"columns", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "These columns, in this order, instead of all below: any of them, and the fields that other "
     "commands group by, such as url_domain or origin/24. Several values stand in one cell with "
     "\"; \" between "
     "them.",
     AT(columns), NULL, NULL, 0},
    END};

static const option reading_options[] = {
    {"trust", 0, OPTION_LIST, "NETWORK|HOST|FILE",
     "A server of ours, or a forwarder whose word is taken: a network, an address, a host name, a "
     "suffix such as .example.org, or a file with one of these on each line. May be given "
     "several times. Private and loopback addresses are always ours. With auto the mail is read "
     "twice "
     "or more, what relays --suggest finds is trusted, and standard error says what that is.",
     AT(trust), NULL, NULL, 0},
    {"envelope-zone", 0, OPTION_TEXT, "ZONE",
     "The zone of the mbox `From ` lines, which are in the local time of the server that wrote "
     "them and seldom say which that is: an IANA name or an offset, as for --tz. Where it is not "
     "given, the Date header shows it if it lies whole hours away. It counts where no Received "
     "header has a date.",
     AT(envelope_zone), NULL, NULL, 0},
    {"webmail-origin", 0, OPTION_FLAG, NULL,
     "Where a header such as X-Originating-IP names the address that a webmail took the message "
     "from, that is the origin, and its origin_source is webmail. Anybody can write such a header.",
     AT(webmail_origin), NULL, NULL, 0},
    {"campaigns", 0, OPTION_LIST, "FILE",
     "Campaign rules as CSV (campaign,rule,field,pattern). May be given several times; builtin "
     "stands for those built in, which --by and --where use where none are given.",
     AT(campaigns), NULL, NULL, 0},
    {"asn", 0, OPTION_FILE, "FILE|DIR",
     "Table of networks, for asn, as_name and prefix: a MaxMind database (.mmdb), or prefixes and "
     "numbers as CAIDA's pfx2as or pyasn write them, plain or gzip. Of a directory of tables with "
     "a date "
     "in their names, the one nearest before each message is used.",
     AT(asn), NULL, NULL, 0},
    {"country", 0, OPTION_FILE, "FILE", "A MaxMind database (.mmdb), for country.", AT(country),
     NULL, NULL, 0},
    {"labels", 0, OPTION_LIST, "FILE",
     "What those who made a corpus say of its messages, for label: lines of a label and a path "
     "relative to the file, as in the index of the TREC corpora, or CSV with the columns label and "
     "path or message_id. It may lie in a container: trec07p.tgz/trec07p/full/index. May be given "
     "several times. Where label is asked for and nothing is given, full/index beside the mail is "
     "taken, and standard error says so.",
     AT(labels), NULL, NULL, 0},
    {"label", 0, OPTION_LIST, "LABEL=PATH",
     "All mail in that file, or below that directory or container, has the label, unless --labels "
     "says another: spam=~/Maildir/.Junk. May be given several times; the longest path counts.",
     AT(label), NULL, NULL, 0},
    {"label-names", 0, OPTION_TEXT, "WORD=LABEL[,WORD=LABEL]...",
     "What the words in the files of --labels stand for, such as 0=spam,1=ham.", AT(label_names),
     NULL, NULL, 0},
    {"fold-lookalikes", 0, OPTION_FLAG, NULL,
     "Search subject and text a second time with look-alikes as plain letters: Greek and Cyrillic "
     "letters, accents, styled letters, digits and signs inside words (\"v1@gra\").",
     AT(fold_lookalikes), NULL, NULL, 0},
    {"input", 0, OPTION_CHOICE, "KIND",
     "What the mailboxes are, instead of finding it from their content.", AT(input), input_choices,
     "auto", 0},
    {"jobs", 'j', OPTION_NUMBER, "N",
     "Worker threads; the number of processors where it is not given. The output is the same for "
     "any number.",
     AT(jobs), NULL, NULL, TIDE_LIMIT_JOBS},
    END};

static const option writing_options[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT", "Form of the output.", AT(format), format_choices, "csv",
     0},
    {"raw-cells", 0, OPTION_FLAG, NULL,
     "Text from mail as it is. Without this, control characters are replaced and cells that a "
     "spreadsheet would calculate get an apostrophe, as do those that look as if they had got one.",
     AT(raw_cells), NULL, NULL, 0},
    {"output", 'o', OPTION_FILE, "FILE",
     "Write there instead of to standard output; the file appears whole or not at all, and is none "
     "of those that are read.",
     AT(output), NULL, NULL, 0},
    {"coverage", 0, OPTION_FLAG, NULL,
     "Behind the other columns, the same in every row, what a reader needs to judge them by: "
     "messages read, undated and damaged, and of those counted how many are without origin, "
     "without network and with "
     "defects.",
     AT(coverage), NULL, NULL, 0},
    {"account", 0, OPTION_FILE, "FILE",
     "Write there, as JSON, what it takes to repeat and to cite the run: version, command line, "
     "inputs and the tables and rules used with sizes and SHA-256 digests (for which they are read "
     "once more), and "
     "what became of every message.",
     AT(account), NULL, NULL, 0},
    {"progress", 0, OPTION_CHOICE, "WHEN", "Progress on standard error; auto is on a terminal.",
     AT(progress), progress_choices, "auto", 0},
    {"help", 'h', OPTION_FLAG, NULL, "This help.", AT(help), NULL, NULL, 0},
    END};

static const option cell_options[] = {
    {"times", 0, OPTION_CHOICE, "FORM",
     "How times are written, in every column: rfc3339 with the offset of --tz; local without it, "
     "as in 2008-11-10 00:00:00, and date without the time of day, both in the zone of --tz, which "
     "spreadsheets take for dates; epoch as seconds since 1970 in UTC.",
     AT(times), times_choices, "rfc3339", 0},
    {"bom", 0, OPTION_FLAG, NULL,
     "Begin csv and tsv with a byte order mark, by which Excel knows that the text is UTF-8.",
     AT(bom), NULL, NULL, 0},
    END};

static const char *const rows_choices[] = {"auto", "all", "filled", NULL};
static const char *const unit_choices[] = {"messages", "bytes", "origins", NULL};

static const option timeline_options[] = {
    {"rows", 0, OPTION_CHOICE, "WHICH",
     "Rows of groups: all has every bin for every group, filled a group only in the bins where it "
     "has mail; auto is all for up to 50 groups, (other) not counted, and filled for more, which "
     "is said on standard error. The sums are the same.",
     AT(which_rows), rows_choices, "auto", 0},
    {"wide", 0, OPTION_FLAG, NULL,
     "One row a bin with one column a group, as spreadsheets and gnuplot plot them at once: "
     "bin_start, period, covered, and the messages (or --unit, or --share) of each group under its "
     "name.",
     AT(wide), NULL, NULL, 0},
    {"share", 0, OPTION_FLAG, NULL,
     "What percent of its bin each group is: the column share_pct, and with --wide in the place of "
     "the counts. Needs --by.",
     AT(share), NULL, NULL, 0},
    {"unit", 0, OPTION_CHOICE, "UNIT",
     "What --wide shows and --share is of; messages where it is not given.", AT(unit), unit_choices,
     NULL, 0},
    END};

static const option relays_options[] = {
    {"suggest", 0, OPTION_FLAG, NULL,
     "Instead of the table, a file for --trust with a reason on each line. The archive is read "
     "again as long as new relays show behind those found.",
     AT(suggest), NULL, NULL, 0},
    {"top", 0, OPTION_NUMBER, "N", "Rows of the table; 40 where it is not given.", AT(rows), NULL,
     NULL, UINT32_MAX - 1},
    END};

static const option changes_options[] = {
    {"bin", 0, OPTION_TEXT, "BIN",
     "day, week (from Monday), month, year, or a duration of a day or longer. day where it is not "
     "given.",
     AT(bin), NULL, "day", 0},
    {"min-length", 0, OPTION_NUMBER, "N",
     "Bins that a level lasts at least; 7 for days and 4 for longer bins where it is not given.",
     AT(min_length), NULL, NULL, TIDE_LIMIT_SERIES},
    {"penalty", 0, OPTION_NUMBER, "N",
     "Strength that a change of four times the least length must have: higher shows fewer. Where "
     "it "
     "is not given it is 5.5 and 2.4 times the natural logarithm of bins over the least length, "
     "for "
     "half a year of days 13.3, and from three years on 17.6.",
     AT(penalty), NULL, NULL, 1000000},
    {"together", 0, OPTION_FLAG, NULL,
     "Instead of each group's changes the dates at which more groups of --by fell, or rose, within "
     "a day than chance lets coincide: one row each, with which groups and how probable it is.",
     AT(together), NULL, NULL, 0},
    END};

static const option recovery_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event, which must be given: a name from `spamtide events` such as mccolo, RFC 3339 "
     "(2008-11-11T21:30:00Z), a date, or a local time with its zone (\"2008-11-11 16:30 "
     "America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Whole days before the event that the level is taken from; 28d where it is not given. Whole "
     "weeks are best.",
     AT(before), NULL, "28d", 0},
    {"to", 0, OPTION_NUMBER, "PERCENT",
     "Part of the level before that counts as recovered; 90 where it is not given.", AT(to), NULL,
     "90", 1000},
    {"smooth", 0, OPTION_DURATION, "DURATION",
     "Whole days that a smoothed level is the mean of; 7d where it is not given. Whole weeks are "
     "best.",
     AT(smooth), NULL, "7d", 0},
    {"sustain", 0, OPTION_DURATION, "DURATION",
     "Whole days that the smoothed level must stay there; 7d where it is not given.", AT(sustain),
     NULL, "7d", 0},
    END};

static const option concentration_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "Measure before and after it, and not the whole archive: a name from `spamtide events` such "
     "as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a local time with its zone "
     "(\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second; 28d where there is an event and it is "
     "not given.",
     AT(before), NULL, NULL, 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends; as "
     "--before.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time behind the event that belongs to neither window.", AT(washout), NULL, NULL, 0},
    {"by", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "What is concentrated: origin where it is not given. With several fields the last is what is "
     "concentrated, for each group of those before it apart. Addresses take a prefix length, as in "
     "origin/16.",
     AT(by), NULL, NULL, 0},
    END};

static const option families_options[] = {
    {"event", 0, OPTION_TEXT, "WHEN",
     "The event; without it the table has the life spans of families alone. A name from `spamtide "
     "events` such as mccolo, RFC 3339 (2008-11-11T21:30:00Z), a date, or a local time with its "
     "zone (\"2008-11-11 16:30 America/New_York\").",
     AT(event), NULL, NULL, 0},
    {"before", 0, OPTION_DURATION, "DURATION",
     "Length of the window that ends at the event's second, in whole days; 28d where there is an "
     "event and it is not given.",
     AT(before), NULL, NULL, 0},
    {"after", 0, OPTION_DURATION, "DURATION",
     "Length of the window that begins at the event's second, or when the washout ends; as "
     "--before.",
     AT(after), NULL, NULL, 0},
    {"washout", 0, OPTION_DURATION, "DURATION",
     "Time behind the event that belongs to neither window, in whole days.", AT(washout), NULL,
     NULL, 0},
    {"templates", 0, OPTION_FLAG, NULL,
     "Say also how many templates each family sent, and the subject of the commonest: text is "
     "decoded for it, which takes several times as long.",
     AT(templates), NULL, NULL, 0},
    END};

static const option keywords_options[] = {
    {"by", 0, OPTION_LIST, "FIELD[,FIELD]...",
     "The words of each group apart, such as campaign or fingerprint; those of all messages where "
     "it "
     "is not given.",
     AT(by), NULL, NULL, 0},
    {"top", 0, OPTION_NUMBER, "N",
     "So many words that fell and as many that rose, of each group; 25 where it is not given.",
     AT(rows), NULL, NULL, UINT32_MAX - 1},
    {"rules-out", 0, OPTION_FILE, "FILE",
     "Write there, as a rule file for --campaigns, the words of the table whose p_adjusted is at "
     "most "
     "0.05, each as a campaign of its own.",
     AT(rules_out), NULL, NULL, 0},
    END};

static const option explain_writing_options[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT",
     "Form of the output: text for a person, or JSON Lines with an object for the message, each "
     "statement of time, each hop and each match of a rule.",
     AT(format), explain_format_choices, "text", 0},
    {"output", 'o', OPTION_FILE, "FILE",
     "Write there instead of to standard output; the file appears whole or not at all, and is none "
     "of those that are read.",
     AT(output), NULL, NULL, 0},
    {"progress", 0, OPTION_CHOICE, "WHEN", "Progress on standard error; auto is on a terminal.",
     AT(progress), progress_choices, "auto", 0},
    {"help", 'h', OPTION_FLAG, NULL, "This help.", AT(help), NULL, NULL, 0},
    END};

/* `events` reads no mail; --tz and --progress stand in its settings for the common code, but not
 * among its options. */
static const option event_writing_options[] = {
    {"format", 0, OPTION_CHOICE, "FORMAT", "Form of the output.", AT(format), format_choices, "csv",
     0},
    {"output", 'o', OPTION_FILE, "FILE",
     "Write there instead of to standard output; the file appears whole or not at all, and is none "
     "of those that are read.",
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
    &changes_group,     &zone_group, &choice_group,  &group_group, &reading_group,
    &all_columns_group, &cell_group, &writing_group, NULL};
static const option_group *const recovery_groups[] = {
    &recovery_group,    &zone_group, &choice_group,  &group_group, &reading_group,
    &all_columns_group, &cell_group, &writing_group, NULL};
static const option_group *const keywords_groups[] = {
    &compare_event_group, &keywords_group, &zone_group,    &choice_group,
    &reading_group,       &cell_group,     &writing_group, NULL};
static const option_group *const families_groups[] = {
    &families_group,    &zone_group, &choice_group,  &reading_group,
    &all_columns_group, &cell_group, &writing_group, NULL};
static const option_group *const concentration_groups[] = {
    &concentration_group, &zone_group, &choice_group,  &reading_group,
    &all_columns_group,   &cell_group, &writing_group, NULL};
static const option_group *const events_groups[] = {&cell_group, &event_writing_group, NULL};

static const char mailboxes[] =
    "MAILBOX is an mbox, a Maildir, a directory (searched through, in the order of names), a file "
    "with one message, or - for standard input, which is also "
    "read where none is named. What a file is shows from its content.";

static const char *const timeline_description[] = {
    "Counts messages by time: one row per bin, and per group where --by is given. Bins without "
    "mail are there, with zeros; with more than 50 groups only rows with mail are (--rows).",
    "The time of a message is when the owner's own server took it: the topmost Received header, "
    "then the mbox separator, then Resent-Date, Date and a Maildir file's name, each only "
    "where it is sane. The origin is the address that handed the message to the first server of "
    "ours.",
    mailboxes, NULL};
static const char *const compare_description[] = {
    "Counts messages, bytes, distinct origins and recipients before and after an event, cut at its "
    "second: one row per unit, and with --by per group, with a row (all) for everything. Each has "
    "the change "
    "with its interval and p-value; what speaks against trusting them is said on standard error.",
    mailboxes, NULL};
static const char *const placebo_description[] = {
    "Makes the comparison of messages at every date a whole number of days from the event whose "
    "windows lie within the archive: one row per date. The event's own row says where it ranks "
    "among those dates "
    "whose windows do not hold the event.",
    mailboxes, NULL};
static const char *const course_description[] = {
    "Follows the effect of an event: messages of week after week behind it, each against the "
    "window "
    "before the event, with interval and p-value, until the rate has been back for two weeks. One "
    "row per step, and with --by per group, with rows (all) for everything.",
    mailboxes, NULL};
static const char *const records_description[] = {
    "Writes one row per message, in the order of the archive: everything that was read from it, "
    "and where each answer came from.",
    mailboxes, NULL};
static const char *const explain_description[] = {
    "Shows of a message why each answer about it came out: every statement of time and which one "
    "was taken; the Received chain hop by hop, whose each hop is, how long the message "
    "took to it, and where trust ends; which rows of which campaign rules matched, and on what "
    "text.",
    "Of a mailbox with many messages it explains each; --where chooses.", mailboxes, NULL};
static const char *const relays_description[] = {
    "Counts the hosts of the Received chains: which received and which handed over, at which "
    "depth, in how many messages and between which dates. From that it suggests what to name "
    "with --trust: the servers of an archive that one does not know stand in most of its messages.",
    "A suggestion is no more than that: read the reason. With --suggest the output is a file that "
    "--trust takes.",
    mailboxes, NULL};
static const char *const rules_description[] = {
    "check reads rule files as --campaigns does and says what is in them, or with FILE:LINE:COLUMN "
    "what is wrong; builtin stands for the built-in rules. No mail is read.",
    "hits counts for each row of the rules (--campaigns, or those built in) in how many messages "
    "its pattern is found and for how many its whole rule holds, one row each, those that never "
    "hit among them. Every row is tried on every message, so that a rule is not hidden by another "
    "of its campaign.",
    mailboxes, NULL};
static const char *const changes_description[] = {
    "Finds the dates at which the volume changed, without being told of an event: one row per "
    "change, with an interval for its date and for its size, and the nearest takedown of the "
    "calendar. With "
    "--by it does so for all messages, group (all), and for each group. Where nothing changed, a "
    "row says so.",
    "Windows of two weeks to a year are compared everywhere, with the weekly cycle and bursts "
    "taken "
    "out, and held against how far the level strays by itself near them. A change that ended again "
    "is one row. The first and the last bin with mail "
    "may be cut by the archive's ends and are left out; with --since and --until the archive is "
    "taken as whole between them.",
    mailboxes, NULL};
static const char *const recovery_description[] = {
    "Says how long after an event the volume was back at a part of its level before it, smoothed "
    "and for days on end, or that it was not within the archive: one row, and with --by one for "
    "all "
    "messages, group (all), and for each group.",
    "Days are 24 hours long and are counted from the event's second. The first and the last of "
    "them with mail may be cut by the archive's ends and are left out; with --since and --until "
    "the archive "
    "is taken as whole between them.",
    mailboxes, NULL};
static const char *const keywords_description[] = {
    "Says which words and which pairs of words of subject and text fell and rose at an event: one "
    "row "
    "for each, the strongest first, with its change, its p-value, an example, and in how many "
    "templates and messages it stood before and after.",
    "Nearly the same messages are one template and count once, so that one bulk mailing is not the "
    "whole list. Shares are compared, not numbers: where all mail fell alike, no word did.",
    mailboxes, NULL};
static const char *const families_description[] = {
    "Says who sent the mail and who fell silent: one row per family of sending programs. A family "
    "is a fingerprint (docs/fingerprints.md), or several whose senders have more addresses in "
    "common than chance gives. With --event each row has the change with interval and p-value as "
    "compare gives them, the last message before the event and the first behind it, whether so "
    "long a wait is news, and the date of the family's own change; rows stand in the order of "
    "their part in the change of all. Without it they have life spans.",
    "A family is a program and not a gang: see docs/families.md for what may be concluded.",
    mailboxes, NULL};
static const char *const concentration_description[] = {
    "Measures how much of the mail comes from how few: the share of the largest group, of the ten "
    "and the hundred largest, the Gini coefficient and the Herfindahl-Hirschman index, for the "
    "whole "
    "archive or before and after an event. Groups are those with at least one message in the "
    "period.",
    mailboxes, NULL};
static const char *const events_description[] = {
    "Writes the built-in calendar of takedowns: the names that --event, --since and --until take.",
    NULL};

static const example timeline_examples[] = {
    {"spamtide timeline --event mccolo --bin week ~/archive/ > weeks.csv",
     "The weeks around McColo's end."},
    {"spamtide timeline --event \"2008-11-11 16:30 America/New_York\" --by campaign --campaigns "
     "my-rules.csv a.mbox b.mbox",
     "Days, for each campaign of one's own rules."},
    {"zcat old.mbox.gz | spamtide timeline --bin day -", "From standard input."},
    {"spamtide timeline --bin week --by campaign --wide --share --times local --bom ~/archive > "
     "shares.csv",
     "A table that opens in a spreadsheet and is a chart at once."},
    {"spamtide timeline --bin month --by origin/8 --top 10 ~/Maildir",
     "The ten /8 networks that sent most, and the rest."},
    {NULL, NULL}};
static const example compare_examples[] = {
    {"spamtide compare --event mccolo --before 28d --after 28d --by origin/16 ~/Maildir",
     "Four weeks before and after, network by network."},
    {"spamtide compare --event mccolo --windows 7d,14d,28d,56d --trend --unit messages ~/archive",
     "How much depends on the choice of windows, and on a slope?"},
    {"spamtide compare --event mccolo --weekdays --trend --confidence 99 ~/archive",
     "The step at the event, beside weekdays and slopes, with intervals of 99 percent."},
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
     "Only when, from where, and what for."},
    {"spamtide records --where time_source=date --format jsonl old.mbox",
     "Messages of which only the sender says when they were sent."},
    {NULL, NULL}};
static const example relays_examples[] = {
    {"spamtide relays ~/archive", "Who stands where."},
    {"spamtide relays --suggest ~/archive > trust.txt",
     "A list to look through, and to give to --trust of the other commands."},
    {NULL, NULL}};
static const example explain_examples[] = {
    {"spamtide explain message.eml", "One message, for a person."},
    {"spamtide explain --trust 192.0.2.0/24 --where message_id=\"<1@example.com>\" archive.mbox",
     "One message of an archive, with a relay of one's own."},
    {"spamtide explain --format jsonl message.eml", "The same for a program."},
    {NULL, NULL}};
static const example rules_examples[] = {
    {"spamtide rules check my-rules.csv", "Is it right?"},
    {"spamtide rules hits --campaigns my-rules.csv ~/archive > hits.csv",
     "Which rows hit, how often and from when to when, and which never do."},
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
     "What was no longer sold, and what was instead?"},
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
    {"spamtide families ~/archive", "From when to when did whom send?"},
    {NULL, NULL}};
static const example concentration_examples[] = {
    {"spamtide concentration ~/archive", "How many senders sent how much?"},
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
static const command course_command = {
    .name = "course",
    .operands = "[MAILBOX]...",
    .summary = "how an event's effect goes on, week by week, until it is over",
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
    .summary = "why a message has the time, the origin and the campaigns that it has",
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
                                              .summary = "how much of the mail comes from how few",
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
