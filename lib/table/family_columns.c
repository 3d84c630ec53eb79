/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of the table of families. */
#include "family.h"

static tide_value uint_of(bool known, uint64_t n) {
  return known ? tide_value_uint(n) : tide_value_empty();
}
static tide_value time_of(const family_row *r, bool known, int64_t time) {
  return known ? tide_zone_value(r->of->table->zone, time) : tide_value_empty();
}
static int64_t event_of(const family_row *r) {
  return r->of->table->windows->event;
}
static tide_value layout_of(const family_row *r, const tide_senders *senders) {
  return tide_family_is_one(r)
             ? tide_value_text_if(tide_senders_layout(senders, tide_family_of(r)->largest)->text)
             : tide_value_empty();
}
static tide_value mailer_of(const family_row *r, const tide_senders *senders) {
  return tide_family_is_one(r)
             ? tide_value_text_if(tide_senders_mailer(senders, tide_family_of(r)->largest)->text)
             : tide_value_empty();
}

static tide_value bots_of(const family_row *r, double value) {
  return r->has_bots ? tide_value_uint((uint64_t)(value + 0.5)) : tide_value_empty();
}

TIDE_GETTER(family_row, family, tide_value_word(tide_family_row_name(r)))
#define X(name) TIDE_GETTER(family_row, compared_##name, tide_family_said(r, FAMILY_##name))
FAMILY_COMPARED(X)
#undef X
TIDE_GETTER(family_row, messages, tide_value_uint(tide_family_all(r)->messages))
TIDE_GETTER(family_row, origins_before, uint_of(r->has_bots, r->origins[SIDE_BEFORE]))
TIDE_GETTER(family_row, origins_after, uint_of(r->has_bots, r->origins[SIDE_AFTER]))
TIDE_GETTER(family_row, active_before, uint_of(tide_family_has_event(r), r->active[SIDE_BEFORE]))
TIDE_GETTER(family_row, active_after, uint_of(tide_family_has_event(r), r->active[SIDE_AFTER]))
TIDE_GETTER(family_row, first_seen,
            time_of(r, tide_family_all(r)->messages, tide_family_all(r)->first))
TIDE_GETTER(family_row, last_seen,
            time_of(r, tide_family_all(r)->messages, tide_family_all(r)->last))
TIDE_GETTER(family_row, last_before,
            time_of(r, tide_family_all(r)->before, tide_family_all(r)->last_before))
TIDE_GETTER(family_row, first_behind,
            time_of(r, tide_family_all(r)->behind, tide_family_all(r)->first_behind))
TIDE_GETTER(family_row, wait_from, time_of(r, r->waited, r->wait_from))
TIDE_GETTER(family_row, wait_days, tide_value_real(r->wait_days))
TIDE_GETTER(family_row, wait_p, tide_value_probability(r->wait_p))
TIDE_GETTER(family_row, quiet_p, tide_value_probability(r->quiet_p))
TIDE_GETTER(family_row, date, time_of(r, r->dated, r->date))
TIDE_GETTER(family_row, date_low, time_of(r, r->dated, r->date_low))
TIDE_GETTER(family_row, date_high, time_of(r, r->dated, r->date_high))
TIDE_GETTER(family_row, date_days,
            r->dated ? tide_value_real((double)(r->date - event_of(r)) / SECONDS_A_DAY)
                     : tide_value_empty())
TIDE_GETTER(family_row, bots_before, bots_of(r, r->bots[SIDE_BEFORE].least))
TIDE_GETTER(family_row, bots_before_low, bots_of(r, r->bots[SIDE_BEFORE].low))
TIDE_GETTER(family_row, bots_before_high, bots_of(r, r->bots[SIDE_BEFORE].high))
TIDE_GETTER(family_row, bots_after, bots_of(r, r->bots[SIDE_AFTER].least))
TIDE_GETTER(family_row, bots_after_low, bots_of(r, r->bots[SIDE_AFTER].low))
TIDE_GETTER(family_row, bots_after_high, bots_of(r, r->bots[SIDE_AFTER].high))
TIDE_GETTER(family_row, fingerprints,
            tide_value_uint(r->place ? tide_family_of(r)->fingerprints
                                     : tide_senders_count(r->of->table->senders)))
TIDE_GETTER(family_row, members,
            r->texts ? tide_value_text_if(r->texts->members) : tide_value_empty())
TIDE_GETTER(family_row, mailer, mailer_of(r, r->of->table->senders))
TIDE_GETTER(family_row, consistent_with,
            r->texts ? tide_value_text_if(r->texts->consistent_with) : tide_value_empty())
TIDE_GETTER(family_row, campaigns,
            r->texts ? tide_value_text_if(r->texts->campaigns) : tide_value_empty())
TIDE_GETTER(family_row, templates, uint_of(r->place && r->of->has_templates, r->templates))
TIDE_GETTER(family_row, template_subject,
            r->texts ? tide_value_text_if(r->texts->subject) : tide_value_empty())
TIDE_GETTER(family_row, networks,
            r->texts ? tide_value_text_if(r->texts->networks) : tide_value_empty())
TIDE_GETTER(family_row, layout, layout_of(r, r->of->table->senders))
TIDE_GETTER(family_row, example, tide_value_text_if(tide_buffer_span(&r->of->place)))

static const tide_column families_columns[] = {
    {.name = "family",
     .help = "the fingerprint that most of its messages have; (all) for all mail, (unknown) for "
             "mail without fingerprints",
     .get = get_family},
    {.name = "status",
     .help =
         "silent (the wait for its first message after the event is significant, and two days or "
         "more), gone (it had stopped before the event, significantly), fell, rose, new "
         "(significantly nothing before the event), unchanged (not significant, and the interval "
         "excludes a fall to a tenth and a tenfold rise) or too-few (not significant, and too few "
         "messages or mailings, or too little history, to say); empty without an event",
     .get = get_compared_status,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "before",
     .help = "messages in the window before the event",
     .get = get_compared_before,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "after",
     .help = "messages in the window after the event and the washout",
     .get = get_compared_after,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "change_pct",
     .help = "change of the rate in percent, as compare gives it",
     .get = get_compared_change_pct,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "change_low",
     .help = "lower end of its interval",
     .get = get_compared_change_low,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "change_high",
     .help = "upper end of its interval",
     .get = get_compared_change_high,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "p_value",
     .help = "p-value of no change, as compare gives it",
     .get = get_compared_p_value,
     .extra = true},
    {.name = "p_adjusted",
     .help = "the same, adjusted for the number of families (Benjamini and Hochberg)",
     .get = get_compared_p_adjusted,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "contribution_pct",
     .help = "its part of the total's change of the rate, in percent",
     .get = get_compared_contribution_pct,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "last_before",
     .help = "time of its last message before the event",
     .get = get_last_before,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "first_behind",
     .help = "time of its first message after the event, including the washout",
     .get = get_first_behind,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "wait_from",
     .help = "when its silence began: at the event, or with its last message in the 24 hours after "
             "it, whichever makes the longer wait",
     .get = get_wait_from,
     .extra = true},
    {.name = "wait_days",
     .help = "how long that silence lasted, in days without gaps: until its next message, or the "
             "end of the window",
     .get = get_wait_days,
     .extra = true},
    {.name = "wait_p",
     .help = "how probable so long a wait is at the rate before, with the messages of one mailing "
             "counted as one; adjusted for the number of families, and no less than the share of "
             "the archive's other days at which any family had so surprising a wait",
     .get = get_wait_p,
     .extra = true},
    {.name = "quiet_p",
     .help = "the same for the days from last_before to the event: small if it had stopped before",
     .get = get_quiet_p,
     .extra = true},
    {.name = "date",
     .help = "first day of its own new level, at the strongest change in the direction of "
             "change_pct within the windows, found as changes finds dates, without being told "
             "where the event is; days are counted from the event's second. It has one whatever "
             "its status says, if the change is strong enough for changes",
     .get = get_date,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "date_low",
     .help = "first day that could be it (95% interval)",
     .get = get_date_low,
     .extra = true},
    {.name = "date_high", .help = "last day that could be it", .get = get_date_high, .extra = true},
    {.name = "date_days",
     .help = "days from the event to that date; negative if it is earlier",
     .get = get_date_days,
     .extra = true},
    {.name = "messages",
     .help = "messages in the whole archive",
     .get = get_messages,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "first_seen",
     .help = "time of its first message",
     .get = get_first_seen,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "last_seen",
     .help = "time of its last message",
     .get = get_last_seen,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "active_before",
     .help = "days with mail in the window before",
     .get = get_active_before,
     .extra = true},
    {.name = "active_after",
     .help = "days with mail in the window after",
     .get = get_active_after,
     .extra = true},
    {.name = "origins_before",
     .help = "distinct addresses in the window before",
     .get = get_origins_before,
     .extra = true},
    {.name = "origins_after",
     .help = "distinct addresses in the window after",
     .get = get_origins_after,
     .extra = true},
    {.name = "bots_before",
     .help = "lower bound of how many addresses there were, seen and unseen, in the window before "
             "(Chao 1987); an address is not a computer: see docs/families.md",
     .get = get_bots_before,
     .extra = true},
    {.name = "bots_before_low",
     .help = "lower end of its 95% interval",
     .get = get_bots_before_low,
     .extra = true},
    {.name = "bots_before_high", .help = "upper end", .get = get_bots_before_high, .extra = true},
    {.name = "bots_after",
     .help = "the same bound for the window after",
     .get = get_bots_after,
     .extra = true},
    {.name = "bots_after_low",
     .help = "lower end of its 95% interval",
     .get = get_bots_after_low,
     .extra = true},
    {.name = "bots_after_high", .help = "upper end", .get = get_bots_after_high, .extra = true},
    {.name = "before_days",
     .help = "length of the window before, in days, without gaps",
     .get = get_compared_before_days,
     .extra = true},
    {.name = "after_days",
     .help = "length of the window after",
     .get = get_compared_after_days,
     .extra = true},
    {.name = "before_per_day",
     .help = "messages per day before",
     .get = get_compared_before_per_day,
     .extra = true},
    {.name = "after_per_day",
     .help = "messages per day after",
     .get = get_compared_after_per_day,
     .extra = true},
    {.name = "method",
     .help = "how interval and p-value were made, as compare says it",
     .get = get_compared_method,
     .extra = true},
    {.name = "cautions",
     .help = "reasons not to trust the change, in the words of compare",
     .get = get_compared_cautions,
     .extra = true,
     .shown_by = TIDE_SHOW_EVENT},
    {.name = "fingerprints",
     .help =
         "how many fingerprints it consists of, joined by their senders or as one program's that "
         "shuffles its fields",
     .get = get_fingerprints,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "members",
     .help = "their names if there are several, the largest first",
     .get = get_members,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "mailer",
     .help = "the mailer that the earliest message of its largest fingerprint names",
     .get = get_mailer},
    {.name = "consistent_with",
     .help = "known programs whose published marks at least half of its messages bear, with the "
             "percentage",
     .get = get_consistent_with,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "campaigns",
     .help = "the three that most of its messages match, with percentages",
     .get = get_campaigns,
     .extra = true,
     .shown_by = TIDE_SHOW_CAMPAIGNS},
    {.name = "templates",
     .help = "how many templates it sent, groups of near-identical messages",
     .get = get_templates,
     .extra = true,
     .shown_by = TIDE_SHOW_TEMPLATES},
    {.name = "template_subject",
     .help = "subject of the commonest",
     .get = get_template_subject,
     .extra = true,
     .shown_by = TIDE_SHOW_TEMPLATES},
    {.name = "networks",
     .help = "the three that most of its messages came from, with percentages",
     .get = get_networks,
     .extra = true,
     .shown_by = TIDE_SHOW_NETWORKS},
    {.name = "layout",
     .help = "names and shapes of that message's header (fingerprint_layout)",
     .get = get_layout,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
    {.name = "example",
     .help = "place of that message (SOURCE:OFFSET)",
     .get = get_example,
     .extra = true,
     .shown_by = TIDE_SHOW_LIVES},
};

const tide_columns tide_families_columns = TIDE_COLUMNS(families_columns);
