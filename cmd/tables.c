/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands, and the options that are the program's own: where results go and what is said. What
 * shapes a question is in lib/request/options.c. Parsing, --help, man pages, completion and the
 * tables in docs/ are all made from these. */
#include "command.h"

#include "commands.h"

#define AT(member) offsetof(settings, member)
#define END                                                                                        \
  { .name = NULL }

static const char *const progress_choices[] = {"auto", "always", "never", NULL};

static const tide_option output_options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = TIDE_OPTION_FILE,
     .argument = "FILE",
     .help = "Write to this file instead of standard output. It appears whole or not at all, and "
             "must not be a file that is read.",
     .offset = AT(output)},
    END};
static const tide_option account_options[] = {
    {.name = "account",
     .kind = TIDE_OPTION_FILE,
     .argument = "FILE",
     .help =
         "Write to this file, as JSON, what is needed to repeat and to cite the run: the version, "
         "the command line, the inputs and the tables and rules used, with sizes and SHA-256 "
         "digests (for which they are read once more), and what became of every message.",
     .offset = AT(account)},
    END};
static const tide_option progress_options[] = {
    {.name = "progress",
     .kind = TIDE_OPTION_CHOICE,
     .argument = "WHEN",
     .help = "Show progress on standard error. auto shows it on a terminal.",
     .offset = AT(progress),
     .choices = progress_choices,
     .preset = "auto"},
    END};
static const tide_option help_options[] = {{.name = "help",
                                            .letter = 'h',
                                            .kind = TIDE_OPTION_FLAG,
                                            .help = "This help.",
                                            .offset = AT(help)},
                                           END};

static const tide_option keywords_options[] = {
    {.name = "rules-out",
     .kind = TIDE_OPTION_FILE,
     .argument = "FILE",
     .help = "Write the words of the table to this file, as a rule file for --campaigns, each as a "
             "campaign of its own.",
     .offset = AT(rules_out)},
    END};

static const tide_option_group output_group = {"Writing", output_options},
                               account_group = {"Writing", account_options},
                               progress_group = {"Writing", progress_options},
                               help_group = {"Writing", help_options},
                               keywords_group = {"Writing", keywords_options};

static const tide_option_group *const writing_groups[] = {&output_group, &account_group,
                                                          &progress_group, &help_group, NULL};
static const tide_option_group *const keywords_groups[] = {
    &keywords_group, &output_group, &account_group, &progress_group, &help_group, NULL};
static const tide_option_group *const explain_groups[] = {&output_group, &progress_group,
                                                          &help_group, NULL};
/* `events` reads no mail. */
static const tide_option_group *const events_groups[] = {&output_group, &help_group, NULL};

static const char mailboxes[] =
    "MAILBOX is an mbox, a Maildir, a directory (searched in the order of names), a file with one "
    "message, any of these compressed or in an archive such as tar, zip or 7z, or - for standard "
    "input, which is also read if no mailbox is named. Files are recognised by their content.";

static const char *const timeline_description[] = {
    "Counts messages by time: one row per bin, and per group if --by is given. Bins without mail "
    "have rows with zeros; with more than 50 groups, only rows with mail are written (--rows).",
    "The time of a message is when the owner's own server took it: from the topmost Received "
    "header (mail that was fetched from a mailbox: the topmost below the fetch), or else the mbox "
    "separator, Resent-Date, Date or the name of a Maildir file, whichever of these is the first "
    "sane one. The origin is the address that handed the message to the first of the owner's "
    "servers.",
    mailboxes, NULL};
static const char *const compare_description[] = {
    "Counts messages, bytes, distinct origins and recipients before and after an event, to the "
    "second: one row per unit, and with --by per group, with a row (all) for everything. Each row "
    "has the change with its interval and p-value. Standard error gives the reasons not to trust "
    "them, if there are any.",
    mailboxes, NULL};
static const char *const placebo_description[] = {
    "Compares messages at every date that is a whole number of days from the event and whose "
    "windows are within the archive: one row per date. The event's own row gives its rank among "
    "the dates whose windows do not contain the event.",
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
    "one was taken; the Received chain hop by hop, whose server wrote each hop, how long the "
    "message took to get there, and where trust ends; which rows of which campaign rules matched, "
    "and on what text.",
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
    "messages a pattern is found, and in how many its whole rule matches. Rows that never match "
    "are listed too.",
    mailboxes, NULL};
static const char *const changes_description[] = {
    "Finds the dates at which the volume changed, without knowing an event: one row per "
    "change, with an interval for its date and for its size, and the nearest takedown in the "
    "calendar. With --by it does so for all messages, as the group (all), and for each group. If "
    "nothing changed, a row says so.",
    "Windows of two weeks to a year are compared everywhere, with the weekly cycle and bursts "
    "taken out, and judged by how much the level varies near them anyway. A change that ended is "
    "one row. The first and the last bin with mail may be cut by the ends of the archive and are "
    "left out; with --since and --until, the archive is taken as complete between them.",
    mailboxes, NULL};
static const char *const recovery_description[] = {
    "Says how long it took after an event until the smoothed volume was back at a given percentage "
    "of the level before and stayed there, or that it was not back when the archive ended. There "
    "is one row for all "
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
    "chance explains. With --event, each row has the change with interval and p-value as compare "
    "gives them, the last message before the event and the first after it, whether so long a wait "
    "is surprising, and the date of the family's own change; rows are sorted by their part in the "
    "total change. Without it, rows show life spans.",
    "A family is a program and not a gang: see docs/families.md for what you may conclude.",
    mailboxes, NULL};
static const char *const concentration_description[] = {
    "Measures how much of the mail comes from a few senders: the share of the largest group, of "
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
                                         .groups = writing_groups,
                                         .examples = timeline_examples,
                                         .asks = &tide_request_timeline,
                                         .run = command_ask};
static const command compare_command = {.name = "compare",
                                        .operands = "[MAILBOX]...",
                                        .summary = "before and after an event: one row per group",
                                        .description = compare_description,
                                        .groups = writing_groups,
                                        .examples = compare_examples,
                                        .asks = &tide_request_compare,
                                        .run = command_ask};
static const command placebo_command = {
    .name = "placebo",
    .operands = "[MAILBOX]...",
    .summary = "the same comparison at all other dates, and the event's rank",
    .description = placebo_description,
    .groups = writing_groups,
    .examples = placebo_examples,
    .asks = &tide_request_placebo,
    .run = command_ask};
static const command course_command = {.name = "course",
                                       .operands = "[MAILBOX]...",
                                       .summary =
                                           "the effect of an event, week by week, until it is over",
                                       .description = course_description,
                                       .groups = writing_groups,
                                       .examples = course_examples,
                                       .asks = &tide_request_course,
                                       .run = command_ask};
static const command records_command = {.name = "records",
                                        .operands = "[MAILBOX]...",
                                        .summary = "one row per message: all that was read from it",
                                        .description = records_description,
                                        .groups = writing_groups,
                                        .field_columns = true,
                                        .examples = records_examples,
                                        .asks = &tide_request_records,
                                        .run = command_ask};
static const command relays_command = {
    .name = "relays",
    .operands = "[MAILBOX]...",
    .summary = "who received and who handed over, to choose --trust from",
    .description = relays_description,
    .groups = writing_groups,
    .examples = relays_examples,
    .asks = &tide_request_relays,
    .run = command_ask};
static const command explain_command = {
    .name = "explain",
    .operands = "[MAILBOX]...",
    .summary = "why a message has its time, its origin and its campaigns",
    .description = explain_description,
    .groups = explain_groups,
    .examples = explain_examples,
    .asks = &tide_request_explain,
    .run = command_ask};
static const command rules_command = {.name = "rules",
                                      .operands = "check FILE... | hits [MAILBOX]...",
                                      .summary = "checks rule files; counts which rules hit",
                                      .description = rules_description,
                                      .groups = writing_groups,
                                      .examples = rules_examples,
                                      .asks = &tide_request_hits,
                                      .run = command_rules};
static const command changes_command = {.name = "changes",
                                        .operands = "[MAILBOX]...",
                                        .summary = "the dates at which the volume changed",
                                        .description = changes_description,
                                        .groups = writing_groups,
                                        .examples = changes_examples,
                                        .asks = &tide_request_changes,
                                        .run = command_ask};
static const command recovery_command = {.name = "recovery",
                                         .operands = "[MAILBOX]...",
                                         .summary =
                                             "how long until the volume was back after an event",
                                         .description = recovery_description,
                                         .groups = writing_groups,
                                         .examples = recovery_examples,
                                         .asks = &tide_request_recovery,
                                         .run = command_ask};
static const command keywords_command = {.name = "keywords",
                                         .operands = "[MAILBOX]...",
                                         .summary = "which words fell and rose at an event",
                                         .description = keywords_description,
                                         .groups = keywords_groups,
                                         .examples = keywords_examples,
                                         .asks = &tide_request_keywords,
                                         .run = command_ask};
static const command families_command = {
    .name = "families",
    .operands = "[MAILBOX]...",
    .summary = "who sent, and who fell silent: one row per family of sending programs",
    .description = families_description,
    .groups = writing_groups,
    .examples = families_examples,
    .asks = &tide_request_families,
    .run = command_ask};
static const command concentration_command = {.name = "concentration",
                                              .operands = "[MAILBOX]...",
                                              .summary =
                                                  "how much of the mail comes from how few senders",
                                              .description = concentration_description,
                                              .groups = writing_groups,
                                              .examples = concentration_examples,
                                              .asks = &tide_request_concentration,
                                              .run = command_ask};
static const command events_command = {.name = "events",
                                       .operands = "",
                                       .summary = "the built-in calendar of takedowns",
                                       .description = events_description,
                                       .groups = events_groups,
                                       .examples = events_examples,
                                       .asks = &tide_request_events,
                                       .run = command_ask};

const command *const commands[] = {&timeline_command,      &compare_command,  &placebo_command,
                                   &course_command,        &changes_command,  &recovery_command,
                                   &concentration_command, &families_command, &keywords_command,
                                   &records_command,       &explain_command,  &relays_command,
                                   &rules_command,         &events_command,   NULL};
