/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include "account.h"
#include "inputs.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "say.h"
#include "base/data.h"
#include "rules/campaign.h"
#include "hops/chain.h"
#include "extract/fingerprint.h"
#include "record/duplicates.h"
#include "record/labels.h"
#include "question/repeats.h"
#include "networks/network.h"

/* The run's clock. SOURCE_DATE_EPOCH (reproducible-builds.org) sets it, so that a run can be
 * repeated to the byte years later. */
static int64_t clock_now(void) {
  const char *fixed = getenv("SOURCE_DATE_EPOCH");
  uint64_t seconds;
  if (fixed && tide_span_uint(tide_span_of(fixed), &seconds) && seconds < INT64_MAX / 2)
    return (int64_t)seconds;
  return (int64_t)time(NULL);
}

static tide_status open_groups(session *s, tide_error *err) {
  const option_list *by = &s->settings->by;
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < by->count && status == TIDE_OK; i++)
    status = tide_grouping_add(&s->question.groups, tide_span_of(by->items[i]), err);
  return status;
}

static tide_status open_instants(session *s, tide_error *err) {
  const settings *o = s->settings;
  s->instants[INSTANT_EVENT] = (session_instant){.option = "event", .written = o->event};
  s->instants[INSTANT_SINCE] = (session_instant){.option = "since", .written = o->since};
  s->instants[INSTANT_UNTIL] = (session_instant){.option = "until", .written = o->until};
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < INSTANT_COUNT && status == TIDE_OK; i++) {
    session_instant *at = &s->instants[i];
    if (at->written)
      status = tide_event_parse(s->calendar, tide_span_of(at->written), s->zone, &at->time,
                                &at->zoned, err);
  }
  return status;
}

/* Half a day lies between the readings that people have in mind: which one it was is said. */
static void say_zones(const session *s) {
  for (size_t i = 0; i < INSTANT_COUNT; i++) {
    const session_instant *at = &s->instants[i];
    char time[TIDE_RFC3339_MAX];
    tide_error text; /* cleaned, as whatever is quoted from the command line */
    if (!at->written || at->zoned)
      continue;
    tide_rfc3339_format(at->time, tide_zone_offset(s->zone, at->time), time);
    tide_error_set(&text, TIDE_OK, "--%s %s names no zone: taken as %s, in the zone of --tz (%s)",
                   at->option, at->written, time, s->settings->tz);
    say("%s", text.text);
  }
}

static tide_status open_windows(session *s, tide_error *err) {
  const settings *o = s->settings;
  tide_windows *w = &s->question.windows;
  if (o->event) {
    w->event = s->instants[INSTANT_EVENT].time;
    w->has_event = true;
  } else if (o->before || o->after || o->washout) {
    return tide_error_set(err, TIDE_USAGE, "--before, --after and --washout need --event");
  }
  w->has_before = o->before > 0;
  w->has_after = o->after > 0;
  w->before = o->before;
  w->after = o->after;
  w->washout = o->washout;
  return TIDE_OK;
}

static tide_status open_excluded(session *s, tide_error *err) {
  const option_list *asked = &s->settings->exclude;
  if (asked->count > SESSION_EXCLUDED_MAX)
    return tide_error_set(err, TIDE_USAGE, "--exclude is given more than %d times",
                          SESSION_EXCLUDED_MAX);
  for (size_t i = 0; i < asked->count; i++) {
    tide_span text = tide_span_of(asked->items[i]);
    const char *dots = strstr(asked->items[i], "..");
    if (!dots)
      return tide_error_set(err, TIDE_USAGE, "--exclude takes FROM..TO, not \"%s\"",
                            asked->items[i]);
    const size_t at = (size_t)(dots - asked->items[i]);
    tide_bin *bin = &s->excluded[i];
    bool zoned;
    tide_status status = tide_event_parse(s->calendar, tide_span_slice(text, 0, at), s->zone,
                                          &bin->start, &zoned, err);
    if (status == TIDE_OK)
      status = tide_event_parse(s->calendar, tide_span_slice(text, at + 2, text.len), s->zone,
                                &bin->end, &zoned, err);
    if (status != TIDE_OK)
      return status;
    if (bin->start >= bin->end)
      return tide_error_set(err, TIDE_USAGE, "--exclude %s ends before it begins", asked->items[i]);
  }
  s->question.excluded = s->excluded;
  s->question.excluded_count = asked->count;
  return TIDE_OK;
}

static tide_status open_range(session *s, tide_error *err) {
  s->question.has_since = s->settings->since != NULL;
  s->question.since = s->instants[INSTANT_SINCE].time;
  s->question.has_until = s->settings->until != NULL;
  s->question.until = s->instants[INSTANT_UNTIL].time;
  if (s->question.has_since && s->question.has_until && s->question.since >= s->question.until)
    return tide_error_set(err, TIDE_USAGE, "--since must be earlier than --until");
  return open_excluded(s, err);
}

static tide_status open_rules(session *s, tide_error *err) {
  const settings *o = s->settings;
  const char *marks = s->question.type ? s->question.type->marks : NULL;
  bool built_in = o->campaigns.count == 0 && !marks;
  tide_status status = tide_rules_new(&s->rules, err);
  for (size_t i = 0; i < o->campaigns.count; i++)
    built_in |= strcmp(o->campaigns.items[i], "builtin") == 0;
  if (status == TIDE_OK && marks && !built_in)
    status = tide_rules_add_some(s->rules, tide_data_campaigns, "built-in rules",
                                 tide_span_of(marks), err);
  if (status == TIDE_OK && o->campaigns.count == 0 && !marks)
    status = tide_rules_add(s->rules, tide_data_campaigns, "built-in rules", err);
  for (size_t i = 0; i < o->campaigns.count && status == TIDE_OK; i++) {
    if (strcmp(o->campaigns.items[i], "builtin") == 0)
      status = tide_rules_add(s->rules, tide_data_campaigns, "built-in rules", err);
    else
      status = tide_rules_add_file(s->rules, o->campaigns.items[i], err);
  }
  if (status != TIDE_OK)
    return status;
  if (o->fold_lookalikes)
    tide_rules_fold_lookalikes(s->rules);
  size_t count = tide_rules_campaign_count(s->rules);
  s->campaign_names = calloc(count + 1, sizeof *s->campaign_names);
  if (!s->campaign_names)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  for (size_t i = 0; i < count; i++)
    s->campaign_names[i] = tide_rules_campaign(s->rules, i);
  return TIDE_OK;
}

static bool is_duplicates(const settings *o, const char *word) {
  return o->duplicates && strcmp(o->duplicates, word) == 0;
}

static tide_status open_duplicates(session *s, unsigned parts, tide_error *err) {
  const tide_duplicates_options options = {.drop = is_duplicates(s->settings, "drop"),
                                           .places = parts & TIDE_PART_DUPLICATE_OF};
  if (!options.drop && !(parts & TIDE_PART_DUPLICATE))
    return TIDE_OK;
  if (tide_duplicates_new(&s->duplicates, &options) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  s->run.duplicates = s->duplicates;
  return TIDE_OK;
}

/* Is there a folder for junk in any of the mailboxes? Its mail then is labelled by it. */
static tide_status find_junk(session *s, bool *any, tide_error *err) {
  tide_buffer found = {0};
  tide_status status = TIDE_END;
  for (size_t i = 0; i < s->run.path_count && status == TIDE_END; i++)
    status = tide_path_find(s->run.paths[i], tide_labels_is_junk, &interrupted, &found, err);
  tide_buffer_free(&found);
  *any = status == TIDE_OK;
  if (*any && tide_labels_take_junk(s->labels) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  return status == TIDE_END ? TIDE_OK : status;
}

/* What corpora have where they have labels, and Maildirs. */
static tide_status find_labels(session *s, tide_error *err) {
  tide_text_found found = {0};
  size_t count = 0;
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < s->run.path_count && status == TIDE_OK; i++) {
    status =
        tide_text_find(s->run.paths[i], "full/index", TIDE_LIMIT_LABELS, &interrupted, &found, err);
    if (status == TIDE_OK) {
      tide_error said;
      tide_error_set(&said, TIDE_OK, "labels are taken from %s", found.path.ptr);
      say("%s", said.text);
      status = tide_labels_add_text(s->labels, found.path.ptr, tide_buffer_span(&found.text), err);
      count++;
    } else if (status == TIDE_END || status == TIDE_FAIL) {
      status = TIDE_OK;
    }
  }
  tide_buffer_free(&found.path);
  tide_buffer_free(&found.text);
  bool junk = false;
  if (status == TIDE_OK && count == 0)
    status = find_junk(s, &junk, err);
  if (status == TIDE_OK && count == 0 && !junk)
    return tide_error_set(
        err, TIDE_USAGE,
        "label needs --labels or --label: there is no full/index beside the mail, "
        "and no Maildir folder for junk in it");
  return status;
}

static tide_status open_labels(session *s, unsigned parts, tide_error *err) {
  const settings *o = s->settings;
  const bool given = o->labels.count || o->label.count;
  if (!given && !(parts & TIDE_PART_LABEL))
    return TIDE_OK;
  tide_buffer text = {0};
  tide_status status = tide_labels_new(&s->labels, err);
  if (status == TIDE_OK && o->label_names)
    status = tide_labels_rename(s->labels, tide_span_of(o->label_names), err);
  for (size_t i = 0; i < o->label.count && status == TIDE_OK; i++)
    status = tide_labels_add_place(s->labels, tide_span_of(o->label.items[i]), err);
  for (size_t i = 0; i < o->labels.count && status == TIDE_OK; i++) {
    tide_error reason;
    status = tide_text_read(o->labels.items[i], TIDE_LIMIT_LABELS, &interrupted, &text, &reason);
    if (status == TIDE_OK)
      status = tide_labels_add_text(s->labels, o->labels.items[i], tide_buffer_span(&text), err);
    else
      status = tide_error_set(err, status == TIDE_FATAL ? TIDE_FATAL : TIDE_USAGE, "%s: %s",
                              o->labels.items[i], reason.text);
  }
  tide_buffer_free(&text);
  return status == TIDE_OK && !given ? find_labels(s, err) : status;
}

static tide_status sheet_write(void *out, tide_span text, tide_error *err) {
  return output_write(out, text, err);
}

static tide_status rules_write(void *text, tide_span row, tide_error *err) {
  return tide_buffer_put(text, row) == TIDE_OK ? TIDE_OK
                                               : tide_error_set(err, TIDE_FATAL, "out of memory");
}

/* Of --times; commands that write no table have no such option. */
static tide_time_form times_of(const char *given) {
  tide_span name = tide_span_of(given ? given : "");
  static const struct {
    tide_span name;
    tide_time_form form;
  } forms[] = {{SPAN("local"), TIDE_TIMES_LOCAL},
               {SPAN("date"), TIDE_TIMES_DATE},
               {SPAN("epoch"), TIDE_TIMES_EPOCH}};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (tide_span_equal(name, forms[i].name))
      return forms[i].form;
  return TIDE_TIMES_RFC3339;
}

tide_status session_open(session *s, const settings *o, const tide_question *question,
                         unsigned parts, tide_error *err) {
  *s = (session){.settings = o, .out = {.fd = -1}};
  if (question)
    s->question = *question;
  progress_open(&s->progress, o->progress);
  tide_status status = tide_zone_open(&s->zone, tide_span_of(o->tz), err);
  if (status == TIDE_OK && o->envelope_zone)
    status = tide_zone_open(&s->envelope_zone, tide_span_of(o->envelope_zone), err);
  if (status == TIDE_OK)
    status = tide_calendar_read(&s->calendar, tide_data_takedowns, err);
  if (status == TIDE_OK)
    status = open_instants(s, err);
  if (status == TIDE_OK)
    status = open_windows(s, err);
  if (status == TIDE_OK)
    status = open_range(s, err);
  if (status == TIDE_OK && o->bin)
    status = tide_binning_parse(tide_span_of(o->bin), &s->question.binning, err);
  if (status == TIDE_OK)
    status = open_groups(s, err);
  if (status == TIDE_OK)
    status = tide_trust_new(&s->trust, err);
  for (size_t i = 0; i < o->trust.count && status == TIDE_OK; i++) {
    const bool find = strcmp(o->trust.items[i], "auto") == 0;
    s->trust_auto = s->trust_auto || find;
    if (!find)
      status = tide_trust_add(s->trust, o->trust.items[i], err);
  }
  if (status == TIDE_OK)
    status = tide_services_read(&s->services, tide_data_services, err);
  if (status == TIDE_OK)
    status = tide_filter_new(&s->filter, err);
  for (size_t i = 0; i < o->where.count && status == TIDE_OK; i++)
    status = tide_filter_add(s->filter, tide_span_of(o->where.items[i]), err);
  if (status == TIDE_OK && is_duplicates(o, "only"))
    status = tide_filter_add(s->filter, SPAN("duplicate=yes"), err);
  if (status == TIDE_OK)
    status = tide_filter_new(&s->control, err);
  for (size_t i = 0; i < o->control.count && status == TIDE_OK; i++)
    status = tide_filter_add(s->control, tide_span_of(o->control.items[i]), err);
  if (status != TIDE_OK)
    return status;
  tide_question *q = &s->question;
  q->zone = s->zone;
  q->binning.zone = s->zone;
  q->top = (uint32_t)o->top;
  if (q->windows.has_event)
    q->binning.anchor = q->windows.event;
  unsigned asked = tide_filter_parts(s->filter) | tide_filter_parts(s->control) | q->groups.parts;
  status = session_tables_check(o, asked, err);
  if (status != TIDE_OK)
    return status;
  parts |= asked;
  s->families_asked = parts & TIDE_PART_FAMILY;
  /* Rules that nobody asks about would only cost time; a rule file that was named is checked all
   * the same. */
  if ((parts & TIDE_PART_CAMPAIGN) || o->campaigns.count)
    status = open_rules(s, err);
  if (status != TIDE_OK)
    return status;
  status = open_duplicates(s, parts, err);
  if (status != TIDE_OK)
    return status;
  if ((parts & TIDE_PART_FINGERPRINT) || s->duplicates)
    status = tide_additions_read(&s->additions, tide_data_added_fields, err);
  if (status != TIDE_OK)
    return status;
  if (o->asn || o->country)
    status = tide_networks_new(&s->networks, err);
  if (status == TIDE_OK && o->asn)
    status = tide_networks_add(s->networks, o->asn, TIDE_NETWORK_ASN, err);
  if (status == TIDE_OK && o->country)
    status = tide_networks_add(s->networks, o->country, TIDE_NETWORK_COUNTRY, err);
  if (status == TIDE_OK && (parts & TIDE_PART_AS_NAME) && !tide_networks_have_names(s->networks))
    status = tide_error_set(err, TIDE_USAGE,
                            "%s has numbers of networks but no names: as_name "
                            "needs a MaxMind database (.mmdb)",
                            o->asn);
  if (status != TIDE_OK)
    return status;
  s->sheet.emitter = tide_emitter_find(o->format);
  if (!s->sheet.emitter)
    return tide_error_set(err, TIDE_USAGE, "unknown format \"%s\"", o->format);
  if (o->bom && !s->sheet.emitter->takes_bom)
    return tide_error_set(err, TIDE_USAGE, "--format %s has no byte order mark: leave --bom out",
                          o->format);
  q->times = times_of(o->times);
  s->sheet.options =
      (tide_emit_options){.raw_cells = o->raw_cells, .times = q->times, .bom = o->bom};
  s->sheet.write = sheet_write;
  s->sheet.context = &s->out;
  s->sheet.stop = &interrupted;
  s->sheet.all_columns = o->all_columns;
  s->sheet.shown = (o->event ? TIDE_SHOW_EVENT : TIDE_SHOW_LIVES) |
                   (o->campaigns.count ? TIDE_SHOW_CAMPAIGNS : 0u) |
                   (o->templates ? TIDE_SHOW_TEMPLATES : 0u) | (o->asn ? TIDE_SHOW_NETWORKS : 0u);
  s->rules_sheet.emitter = tide_emitter_find("csv");
  s->rules_sheet.write = rules_write;
  s->rules_sheet.context = &s->rules_text;
  if (o->coverage) {
    s->sheet.behind = &tide_coverage_columns;
    s->sheet.behind_row = &s->question.account;
  }
  static const char *const standard_input[] = {"-"};
  bool piped = o->path_count == 0;
  s->run.paths = piped ? standard_input : o->paths;
  s->run.path_count = piped ? 1 : o->path_count;
  s->run.feed = (tide_feed_options){.input = o->input, .stop = &interrupted};
  status = open_labels(s, parts, err);
  if (status != TIDE_OK)
    return status;
  s->run.jobs = o->jobs ? (unsigned)o->jobs : tide_processors();
  q->parts = parts;
  s->run.extract = (tide_extract_options){.now = clock_now(),
                                          .trust = s->trust,
                                          .services = s->services,
                                          .rules = s->rules,
                                          .networks = s->networks,
                                          .additions = s->additions,
                                          .labels = s->labels,
                                          .envelope_zone = s->envelope_zone,
                                          .webmail_origin = o->webmail_origin};
  q->filter = o->where.count || is_duplicates(o, "only") ? s->filter : NULL;
  q->control = o->control.count ? s->control : NULL;
  q->sheet = &s->sheet;
  s->run.fields = (tide_field_context){.zone = s->zone, .campaigns = s->campaign_names};
  s->run.stop = &interrupted;
  s->run.progress = progress_show;
  s->run.trouble = progress_trouble;
  s->run.context = &s->progress;
  say_zones(s);
  return TIDE_OK;
}

/* Without the table every message would be in the group (unknown): no answer, but it looks like
 * one. */
tide_status session_tables_check(const settings *o, unsigned parts, tide_error *err) {
  if ((parts & TIDE_PART_NETWORK) && !o->asn)
    return tide_error_set(err, TIDE_USAGE,
                          "asn, as_name, prefix and asn_table come from a table of networks: name "
                          "one with --asn");
  if ((parts & TIDE_PART_COUNTRY) && !o->country)
    return tide_error_set(err, TIDE_USAGE,
                          "country comes from a database of networks: name one with --country");
  return TIDE_OK;
}

int session_refuse(const char *reason) {
  say("%s", reason);
  return EXIT_USAGE;
}

void session_caution(session *s, const char *sentence) {
  say("caution: %s", sentence);
  char **grown = realloc(s->cautions, (s->caution_count + 1) * sizeof *grown),
       *copy = strdup(sentence);
  if (grown)
    s->cautions = grown;
  if (!grown || !copy) {
    s->caution_lost = true;
    free(copy);
    return;
  }
  s->cautions[s->caution_count++] = copy;
}

tide_status session_begin(session *s, tide_error *err) {
  tide_status status = inputs_apart(s, err);
  if (status == TIDE_OK)
    status = output_open(&s->out, s->settings->output, err);
  s->out_open = status == TIDE_OK;
  s->run.feed.ours = (tide_file_id){s->out.device, s->out.inode};
  return status;
}

/* What was found to trust is said, so that it can be judged and written into a paper. */
static void say_found(const session *s) {
  char text[TIDE_IP_TEXT];
  for (size_t i = 0; i < s->found.kept_count; i++) {
    const tide_hint *hint = &s->found.kept[i];
    tide_hint_text(hint, text);
    say("trusted %s%s%s: %s", text, hint->name[0] ? " " : "", hint->name, hint->reason);
  }
  if (s->found.kept_count == 0)
    say("--trust auto: no host looks like a server of the archive's owner");
}

static tide_status find_servers(session *s, tide_error *err) {
  s->trust_auto = false;
  if (!tide_servers_can_read_again(&s->run))
    return tide_error_set(err, TIDE_USAGE,
                          "--trust auto reads the mail more than once, which standard input and "
                          "pipes do not allow: make a list with relays --suggest");
  /* All the mail that there is shows whose servers they are, whatever is asked of it. */
  tide_run_options run = s->run;
  tide_account account;
  run.trouble = NULL; /* it is told when the mail is read for the answer */
  tide_status status = tide_servers_find(&s->found, &run, NULL, s->trust, &account, err);
  progress_close(&s->progress);
  if (status == TIDE_OK)
    say_found(s);
  return status;
}

static tide_status find_families(session *s, tide_error *err) {
  s->families_asked = false;
  if (!tide_servers_can_read_again(&s->run))
    return tide_error_set(err, TIDE_USAGE,
                          "family is known when all mail has been read: it is read twice, which "
                          "standard input and pipes do not allow; fingerprint needs one reading");
  tide_run_options run = s->run;
  run.trouble = NULL; /* as above */
  tide_status status = tide_family_names_read(&run, &s->families, err);
  s->run.fields.families = &s->families.table;
  progress_close(&s->progress);
  return status;
}

/* What can be read once more is, for its headers: that costs less than all its text. */
static tide_status find_repeats(session *s, tide_error *err) {
  if (!s->duplicates || !tide_servers_can_read_again(&s->run))
    return TIDE_OK;
  tide_status status = tide_repeats_read(&s->run, 0, err);
  progress_close(&s->progress);
  return status;
}

tide_status session_prepare(session *s, tide_error *err) {
  /* Somebody who named no mailbox by mistake would wait for ever. */
  if (s->settings->path_count == 0 && isatty(STDIN_FILENO))
    say("reading mail from standard input");
  tide_mime_init();
  tide_status status = find_repeats(s, err);
  if (status == TIDE_OK && s->trust_auto)
    status = find_servers(s, err);
  return status == TIDE_OK && s->families_asked ? find_families(s, err) : status;
}

enum { CAUTION_LEAST = 20 }; /* messages with an origin: fewer are no archive */

/* One origin of most of the mail is nearly always a relay of the owner's own, or a list's server.
 */
static void caution_one_origin(session *s) {
  const tide_leaders *l = &s->question.account.leaders;
  const int most = tide_leaders_majority(l);
  if (!s->origins_shown || !tide_trust_is_empty(s->trust) || most < 0 || l->total < CAUTION_LEAST)
    return;
  char address[TIDE_IP_TEXT];
  tide_ip_format(&l->address[most], address);
  tide_error text;
  tide_error_set(&text, TIDE_OK,
                 "%.0f %% of the messages with an origin have the same one, %s; if that is a relay "
                 "of yours or a mailing list's server, it hides the senders: use --trust auto, or "
                 "choose with spamtide relays",
                 100.0 * (double)tide_leaders_count(l, most) / (double)l->total, address);
  session_caution(s, text.text);
}

/* What the labels did not fit, on either side. */
static void say_labels(session *s) {
  tide_labels_account a;
  tide_error text;
  if (!s->labels || !(s->question.account.looked & TIDE_PART_LABEL))
    return;
  tide_labels_sum(s->labels, &a);
  if (a.junk) {
    tide_error_set(&text, TIDE_OK,
                   "mail in %llu folders for junk has the label spam; the first is %.*s",
                   (unsigned long long)a.junk, (int)a.first_junk.len, a.first_junk.ptr);
    say("%s", text.text);
  }
  if (a.unlabelled) {
    tide_error_set(
        &text, TIDE_OK, "%llu of %llu messages have no label: records --where label= shows them",
        (unsigned long long)a.unlabelled, (unsigned long long)(a.labelled + a.unlabelled));
    session_caution(s, text.text);
  }
  if (a.unmet) {
    tide_error_set(&text, TIDE_OK, "%llu of %llu labels name no message that was read, first %.*s",
                   (unsigned long long)a.unmet, (unsigned long long)a.entries,
                   (int)a.first_unmet.len, a.first_unmet.ptr);
    session_caution(s, text.text);
  }
  if (a.contradicted) {
    tide_error_set(&text, TIDE_OK,
                   "%llu labels contradict an earlier one, which counts, first %.*s",
                   (unsigned long long)a.contradicted, (int)a.first_contradicted.len,
                   a.first_contradicted.ptr);
    session_caution(s, text.text);
  }
}

/* How many there were, where they stay too; what of them does not fit. */
static void say_duplicates(session *s) {
  tide_duplicates_account a;
  tide_error text;
  if (!s->duplicates)
    return;
  tide_duplicates_sum(s->duplicates, &a);
  if (!is_duplicates(s->settings, "drop"))
    say("%llu messages are copies of an earlier one", (unsigned long long)a.found);
  if (a.forgotten) {
    tide_error_set(&text, TIDE_OK,
                   "%llu messages came after the %u that can be remembered, so copies of them were "
                   "not found",
                   (unsigned long long)a.forgotten, TIDE_LIMIT_DUPLICATES);
    session_caution(s, text.text);
  }
  if (a.contradicted) {
    tide_error_set(&text, TIDE_OK,
                   "%llu copies have another label than the message that came first, the first of "
                   "them at %.*s:%llu",
                   (unsigned long long)a.contradicted, (int)a.first_contradicted.len,
                   a.first_contradicted.ptr, (unsigned long long)a.first_contradicted_at);
    session_caution(s, text.text);
  }
}

int session_close(session *s, tide_status status, const tide_error *err) {
  tide_error closing;
  bool keep = status == TIDE_OK && !atomic_load(&interrupted);
  bool gone = s->out.reader_gone;
  if (s->out_open) {
    tide_status closed = output_close(&s->out, keep, &closing);
    gone = gone || s->out.reader_gone;
    if (keep && closed != TIDE_OK && !gone) {
      status = closed;
      err = &closing;
    }
  }
  /* A signal that came when the output was whole takes nothing from it. */
  const bool whole = keep && status == TIDE_OK;
  if (whole)
    interrupt_last_words("spamtide: stopped, but the output is complete\n");
  int stopped = whole ? 0 : interrupt_exit_code();
  int code = EXIT_ALL_READ;
  if (gone) {
    code = EXIT_ALL_READ;
  } else if (stopped) {
    code = stopped;
  } else if (status == TIDE_USAGE) {
    code = EXIT_USAGE;
  } else if (status != TIDE_OK) {
    code = EXIT_FAILED;
  } else if (s->question.account.troubles || s->question.account.fates[TIDE_FATE_UNDECIDED]) {
    code = EXIT_SOME_LOST;
  }
  if (status != TIDE_OK && status != TIDE_END && !gone && !stopped)
    say("%s", err->text);
  if (s->run.paths && !gone && status != TIDE_USAGE)
    progress_account(&s->question.account);
  if (keep && !gone && status == TIDE_OK) {
    say_labels(s);
    say_duplicates(s);
    caution_one_origin(s);
  }
  if (stopped && !gone)
    say("stopped; there is no result");
  if (stopped)
    interrupt_last_words(NULL);
  if (s->settings->rules_out && keep && status == TIDE_OK && !gone && !stopped &&
      output_whole(s->settings->rules_out, tide_buffer_span(&s->rules_text), &closing) != TIDE_OK) {
    code = EXIT_FAILED;
    say("the rules were not written, but the output is complete: %s", closing.text);
  }
  if (s->settings->account && s->run.paths && status == TIDE_OK && !gone && !stopped) {
    tide_status written = account_write(s, &code, &closing);
    if (written == TIDE_END) {
      code = interrupt_exit_code();
      say("stopped; there is no account, but the output is complete");
    } else if (written != TIDE_OK) {
      code = EXIT_FAILED;
      say("the account was not written, but the output is complete: %s", closing.text);
    }
  }
  tide_rules_free(s->rules);
  tide_additions_free(s->additions);
  tide_labels_free(s->labels);
  tide_duplicates_free(s->duplicates);
  tide_networks_free(s->networks);
  tide_filter_free(s->filter);
  tide_filter_free(s->control);
  tide_trust_free(s->trust);
  tide_servers_free(&s->found);
  tide_family_names_free(&s->families);
  tide_services_free(s->services);
  tide_calendar_free(s->calendar);
  tide_zone_free(s->envelope_zone);
  tide_zone_free(s->zone);
  tide_question_free(&s->question);
  tide_sheet_free(&s->sheet);
  tide_sheet_free(&s->rules_sheet);
  tide_buffer_free(&s->rules_text);
  free(s->campaign_names);
  for (size_t i = 0; i < s->caution_count; i++)
    free(s->cautions[i]);
  free(s->cautions);
  if (gone) {
    /* End as any other program at the head of a pipe does: quietly, by the signal. */
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  return code;
}
