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
#include "spamtide/data.h"

/* The run's clock. SOURCE_DATE_EPOCH (reproducible-builds.org) sets it, so that a run can be
 * repeated to the byte years later. */
static int64_t clock_now(void) {
  const char *fixed = getenv("SOURCE_DATE_EPOCH");
  uint64_t seconds;
  if (fixed && tide_span_uint(tide_span_of(fixed), &seconds) && seconds < INT64_MAX / 2)
    return (int64_t)seconds;
  return (int64_t)time(NULL);
}

/* The field that was perhaps meant, or NULL. */
static const char *nearest_field(tide_span typed) {
  const char *names[SESSION_COLUMNS_MAX];
  char text[64];
  size_t count = 0;
  if (typed.len >= sizeof text)
    return NULL;
  memcpy(text, typed.ptr, typed.len);
  text[typed.len] = '\0';
  for (size_t i = 0; i < tide_field_count && count < SESSION_COLUMNS_MAX; i++)
    names[count++] = tide_fields[i].name;
  return name_nearest(text, names, count);
}

tide_status session_fields(const option_list *lists, const char *name, tide_field_use *out,
                           size_t most, size_t *count, tide_error *err) {
  *count = 0;
  for (size_t i = 0; i < lists->count; i++) {
    tide_span list = tide_span_of(lists->items[i]);
    for (bool more = true; more;) {
      size_t comma = tide_span_find_char(list, ',');
      tide_span field = tide_span_trim(tide_span_slice(list, 0, comma));
      more = comma < list.len;
      list = tide_span_slice(list, comma + 1, list.len);
      if (*count == most)
        return tide_error_set(err, TIDE_USAGE, "--%s takes at most %zu fields", name, most);
      tide_status status = tide_field_parse(field, &out[(*count)++], err);
      const char *near =
          status == TIDE_USAGE
              ? nearest_field(tide_span_slice(field, 0, tide_span_find_char(field, '/')))
              : NULL;
      if (near && tide_span_find(tide_span_of(err->text), SPAN("unknown field")) == 0)
        return tide_error_set(err, TIDE_USAGE, "unknown field \"%.*s\"; did you mean %s?",
                              (int)field.len, field.ptr, near);
      if (status != TIDE_OK)
        return status;
    }
  }
  return TIDE_OK;
}

size_t session_group_width(const session *s, size_t field) {
  const tide_columns *beside = tide_example_columns(s->groups[field].field);
  return 1 + (beside ? beside->count : 0);
}

static tide_status open_groups(session *s, tide_error *err) {
  tide_status status =
      session_fields(&s->settings->by, "by", s->groups, SESSION_GROUPS_MAX, &s->group_count, err);
  for (size_t i = 0; i < s->group_count && status == TIDE_OK; i++) {
    const tide_field *field = s->groups[i].field;
    if (!field->group)
      status = tide_error_set(err, TIDE_USAGE,
                              "cannot group by \"%s\": use one of the fields that --help lists",
                              field->name);
    s->any_example |= tide_field_example_of(field) != NULL;
    s->group_values += session_group_width(s, i);
  }
  if (status == TIDE_OK && s->settings->top && s->group_count == 0)
    return tide_error_set(err, TIDE_USAGE, "--top chooses among groups: it needs --by");
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
  tide_windows *w = &s->windows;
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
  s->run.excluded = s->excluded;
  s->run.excluded_count = asked->count;
  return TIDE_OK;
}

static tide_status open_range(session *s, tide_error *err) {
  s->run.has_since = s->settings->since != NULL;
  s->run.since = s->instants[INSTANT_SINCE].time;
  s->run.has_until = s->settings->until != NULL;
  s->run.until = s->instants[INSTANT_UNTIL].time;
  if (s->run.has_since && s->run.has_until && s->run.since >= s->run.until)
    return tide_error_set(err, TIDE_USAGE, "--since must be earlier than --until");
  return open_excluded(s, err);
}

static tide_status open_rules(session *s, tide_error *err) {
  const settings *o = s->settings;
  tide_status status = tide_rules_new(&s->rules, err);
  if (status == TIDE_OK && o->campaigns.count == 0)
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

tide_status session_open(session *s, const settings *o, unsigned parts, tide_error *err) {
  *s = (session){.settings = o, .out = {.fd = -1}};
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
    status = tide_binning_parse(tide_span_of(o->bin), &s->binning, err);
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
  if (status != TIDE_OK)
    return status;
  s->binning.zone = s->zone;
  if (s->windows.has_event)
    s->binning.anchor = s->windows.event;
  unsigned asked = tide_filter_parts(s->filter);
  for (size_t i = 0; i < s->group_count; i++)
    asked |= s->groups[i].field->parts;
  status = session_tables_check(o, asked, err);
  if (status != TIDE_OK)
    return status;
  parts |= asked;
  /* Rules that nobody asks about would only cost time; a rule file that was named is checked all
   * the same. */
  if ((parts & TIDE_PART_CAMPAIGN) || o->campaigns.count)
    status = open_rules(s, err);
  if (status != TIDE_OK)
    return status;
  if (parts & TIDE_PART_FINGERPRINT)
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
  s->emitter = tide_emitter_find(o->format);
  if (!s->emitter)
    return tide_error_set(err, TIDE_USAGE, "unknown format \"%s\"", o->format);
  if (o->bom && !s->emitter->takes_bom)
    return tide_error_set(err, TIDE_USAGE, "--format %s has no byte order mark: leave --bom out",
                          o->format);
  s->emit =
      (tide_emit_options){.raw_cells = o->raw_cells, .times = times_of(o->times), .bom = o->bom};
  static const char *const standard_input[] = {"-"};
  bool piped = o->path_count == 0;
  s->run.paths = piped ? standard_input : o->paths;
  s->run.path_count = piped ? 1 : o->path_count;
  s->run.feed = (tide_feed_options){.input = o->input, .stop = &interrupted};
  s->run.jobs = o->jobs ? (unsigned)o->jobs : tide_processors();
  s->run.parts = parts;
  s->run.extract = (tide_extract_options){.now = clock_now(),
                                          .trust = s->trust,
                                          .services = s->services,
                                          .rules = s->rules,
                                          .networks = s->networks,
                                          .additions = s->additions,
                                          .envelope_zone = s->envelope_zone,
                                          .webmail_origin = o->webmail_origin};
  s->run.filter = o->where.count ? s->filter : NULL;
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

void session_caution(void *context, const char *text) {
  (void)context;
  say("caution: %s", text);
}

int session_refuse(const char *reason) {
  say("%s", reason);
  return EXIT_USAGE;
}

tide_status session_column(session *s, tide_span name, tide_error *err) {
  char plain[64];
  if (name.len <= sizeof plain) {
    /* R, gnuplot and SQL keep a name of these characters as it is. */
    for (size_t i = 0; i < name.len; i++)
      plain[i] = tide_is_alnum(name.ptr[i]) ? name.ptr[i] : '_';
    name = tide_span_make(plain, name.len);
  }
  return session_head(s, name, err);
}

tide_status session_head(session *s, tide_span name, tide_error *err) {
  const char **grown = realloc(s->columns, (s->column_count + 1) * sizeof *grown);
  if (grown)
    s->columns = grown;
  tide_span copy = grown ? tide_arena_copy(&s->names, name) : (tide_span){0};
  if (!copy.ptr)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  s->columns[s->column_count++] = copy.ptr;
  return TIDE_OK;
}

/* The heads of a field of --by. */
static tide_status group_column(session *s, size_t field, tide_error *err) {
  const tide_columns *beside = tide_example_columns(s->groups[field].field);
  tide_status status = session_column(s, s->groups[field].name, err);
  for (size_t i = 0; beside && i < beside->count && status == TIDE_OK; i++)
    status = session_column(s, tide_span_of(beside->at[i].name), err);
  return status;
}

tide_status session_columns(session *s, const tide_columns *c, size_t group_fields,
                            tide_error *err) {
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < c->count && status == TIDE_OK; i++)
    if (c->at[i].leads)
      status = session_column(s, tide_span_of(c->at[i].name), err);
  for (size_t i = 0; i < group_fields && status == TIDE_OK; i++)
    status = group_column(s, i, err);
  for (size_t i = 0; i < c->count && status == TIDE_OK; i++)
    if (!c->at[i].leads)
      status = session_column(s, tide_span_of(c->at[i].name), err);
  return status;
}

tide_status session_show_examples(const session *s, tide_tally **tally,
                                  const tide_examples *examples, tide_error *err) {
  if (!s->any_example)
    return TIDE_OK;
  bool shown[SESSION_GROUPS_MAX];
  for (size_t i = 0; i < s->group_count; i++)
    shown[i] = tide_field_example_of(s->groups[i].field);
  tide_tally *named;
  if (tide_tally_templates(*tally, examples, shown, s->group_count, &named) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  tide_tally_free(*tally);
  *tally = named;
  return TIDE_OK;
}

tide_status session_begin_plain(session *s, tide_error *err) {
  tide_status status = inputs_apart(s, err);
  if (status == TIDE_OK)
    status = output_open(&s->out, s->settings->output, err);
  s->out_open = status == TIDE_OK;
  s->run.feed.ours = (tide_file_id){s->out.device, s->out.inode};
  return status;
}

/* What --coverage adds, of the account. */
TIDE_GETTER(tide_account, read, tide_value_uint(r->read))
TIDE_GETTER(tide_account, undated, tide_value_uint(r->fates[TIDE_FATE_UNDATED]))
TIDE_GETTER(tide_account, damaged, tide_value_uint(r->fates[TIDE_FATE_DAMAGED]))
TIDE_GETTER(tide_account, without_origin,
            r->looked &TIDE_PART_ORIGIN ? tide_value_uint(r->without_origin) : tide_value_empty())
TIDE_GETTER(tide_account, without_network,
            r->looked &TIDE_PART_NETWORK ? tide_value_uint(r->without_network) : tide_value_empty())
TIDE_GETTER(tide_account, with_defects, tide_value_uint(r->with_defects))

static const tide_column coverage_rows[] = {
    {.name = "read", .help = "messages read", .get = get_read},
    {.name = "undated", .help = "without a date", .get = get_undated},
    {.name = "damaged", .help = "that could not be read", .get = get_damaged},
    {.name = "without_origin", .help = "of those counted: no origin", .get = get_without_origin},
    {.name = "without_network", .help = "in no network of the tables", .get = get_without_network},
    {.name = "with_defects", .help = "with any defect", .get = get_with_defects},
};
static const tide_columns coverage_columns = TIDE_COLUMNS(coverage_rows);

tide_status session_begin(session *s, tide_error *err) {
  tide_status status = session_begin_plain(s, err);
  return status == TIDE_OK ? session_heads(s, err) : status;
}

tide_status session_heads(session *s, tide_error *err) {
  tide_status status = TIDE_OK;
  if (s->settings->coverage) {
    status = session_columns(s, &coverage_columns, 0, err);
    s->covered = calloc(s->column_count, sizeof *s->covered);
    if (status == TIDE_OK && !s->covered)
      status = tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  if (status != TIDE_OK)
    return status;
  tide_buffer_clear(&s->row_text);
  if (s->emitter->head(s->columns, s->column_count, &s->emit, &s->row_text) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  return output_write(&s->out, tide_buffer_span(&s->row_text), err);
}

tide_status session_row_of(session *s, const tide_columns *columns, const void *row,
                           tide_error *err) {
  tide_value values[SESSION_COLUMNS_MAX];
  if (columns->count > SESSION_COLUMNS_MAX)
    return tide_error_set(err, TIDE_FATAL, "a table has more than %d columns", SESSION_COLUMNS_MAX);
  tide_columns_fill(columns, row, 0, values);
  return session_row(s, values, columns->count, err);
}

tide_status session_row(void *context, const tide_value *row, size_t count, tide_error *err) {
  session *s = context;
  /* Tables can take longer than reading did. */
  if (atomic_load_explicit(&interrupted, memory_order_relaxed))
    return tide_error_set(err, TIDE_END, "stopped");
  if (s->covered) {
    memcpy(s->covered, row, count * sizeof *row);
    row = s->covered;
    tide_columns_fill(&coverage_columns, &s->account, 0, s->covered + count);
    count += coverage_columns.count;
  }
  tide_buffer_clear(&s->row_text);
  if (s->emitter->row(s->columns, row, count, &s->emit, &s->row_text) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  return output_write(&s->out, tide_buffer_span(&s->row_text), err);
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
    say("--trust auto: nothing looks like a server of the archive's owner");
}

tide_status session_prepare(session *s, tide_error *err) {
  /* Somebody who named no mailbox by mistake would wait for ever. */
  if (s->settings->path_count == 0 && isatty(STDIN_FILENO))
    say("reading mail from standard input");
  tide_mime_init();
  if (!s->trust_auto)
    return TIDE_OK;
  s->trust_auto = false;
  if (!servers_can_read_again(&s->run))
    return tide_error_set(err, TIDE_USAGE,
                          "--trust auto reads the mail more than once, which standard input and "
                          "pipes do not allow: make a list with relays --suggest");
  /* All the mail that there is shows whose servers they are, whatever is asked of it. */
  tide_run_options run = s->run;
  tide_account account;
  run.parts = TIDE_PART_TIME | TIDE_PART_ORIGIN;
  run.filter = NULL;
  run.has_since = run.has_until = false;
  run.trouble = NULL; /* it is told when the mail is read for the answer */
  tide_status status = servers_find(&s->found, &run, s->trust, &account, err);
  progress_close(&s->progress);
  if (status == TIDE_OK)
    say_found(s);
  return status;
}

tide_status session_run(session *s, const tide_sink *sink, tide_error *err) {
  tide_status status = session_prepare(s, err);
  if (status != TIDE_OK)
    return status;
  status = tide_run(&s->run, sink, &s->account, err);
  progress_close(&s->progress);
  return status;
}

enum { CAUTION_LEAST = 20 }; /* messages with an origin: fewer are no archive */

/* One origin of most of the mail is nearly always a relay of the owner's own, or a list's server.
 */
static void caution_one_origin(const session *s) {
  const tide_leaders *l = &s->account.leaders;
  const int most = tide_leaders_majority(l);
  if (!s->origins_shown || !tide_trust_is_empty(s->trust) || most < 0 || l->total < CAUTION_LEAST)
    return;
  char address[TIDE_IP_TEXT];
  tide_ip_format(&l->address[most], address);
  say("caution: %.0f %% of the messages with an origin have the same, %s; if that is a relay of "
      "yours "
      "or a mailing list's server, the senders stand behind it: use --trust auto, or choose with "
      "spamtide relays",
      100.0 * (double)tide_leaders_count(l, most) / (double)l->total, address);
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
  int stopped = interrupt_exit_code();
  int code = EXIT_ALL_READ;
  if (gone) {
    code = EXIT_ALL_READ;
  } else if (stopped) {
    code = stopped;
  } else if (status == TIDE_USAGE) {
    code = EXIT_USAGE;
  } else if (status != TIDE_OK) {
    code = EXIT_FAILED;
  } else if (s->account.troubles || s->account.fates[TIDE_FATE_UNDECIDED]) {
    code = EXIT_SOME_LOST;
  }
  if (status != TIDE_OK && status != TIDE_END && !gone && !stopped)
    say("%s", err->text);
  if (s->run.paths && !gone && status != TIDE_USAGE)
    progress_account(&s->account);
  if (keep && !gone && status == TIDE_OK)
    caution_one_origin(s);
  if (stopped && !gone)
    say("stopped; there is no result");
  if (s->settings->account && s->run.paths && status == TIDE_OK && !gone && !stopped) {
    tide_status written = account_write(s, &code, &closing);
    if (written == TIDE_END) {
      code = interrupt_exit_code();
      say("stopped; there is no account, but the output is complete");
    } else if (written != TIDE_OK) {
      code = EXIT_FAILED;
      say("no account, but the output is complete: %s", closing.text);
    }
  }
  tide_rules_free(s->rules);
  tide_additions_free(s->additions);
  tide_networks_free(s->networks);
  tide_filter_free(s->filter);
  tide_trust_free(s->trust);
  servers_free(&s->found);
  tide_services_free(s->services);
  tide_calendar_free(s->calendar);
  tide_zone_free(s->envelope_zone);
  tide_zone_free(s->zone);
  tide_arena_free(&s->names);
  tide_buffer_free(&s->row_text);
  free(s->campaign_names);
  free(s->columns);
  free(s->covered);
  if (gone) {
    /* End as any other program at the head of a pipe does: quietly, by the signal. */
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
  }
  return code;
}

/* One message on its way into groups. */
typedef struct grouping {
  const session *session;
  tide_record *record;
  tide_arena *arena;
  tide_buffer *scratch;
  tide_status (*add)(void *context, tide_span group, const tide_record *);
  void *context;
  bool each_thing[TIDE_AXES]; /* the axis is asked for by its things, not by get's values */
  bool fixed[TIDE_AXES];      /* a field of the axis stands further left, at `index` */
  uint32_t index[TIDE_AXES];
  uint32_t groups, bytes;
} grouping;

static bool value_at(const grouping *g, const tide_field_use *use, uint32_t index,
                     tide_value *value) {
  const tide_field *f = use->field;
  const tide_field_context *context = &g->session->run.fields;
  return g->each_thing[tide_field_axis(f)]
             ? tide_field_of_thing(f, g->record, context, use->bits, index, g->arena, value)
             : f->get(g->record, context, use->bits, index, g->arena, value);
}

static tide_status group_add(grouping *g) {
  uint32_t bytes = (uint32_t)g->scratch->len;
  if (g->groups && (g->groups == TIDE_LIMIT_GROUPS || bytes > TIDE_LIMIT_GROUP_BYTES - g->bytes)) {
    g->record->defects |= TIDE_DEFECT_TOO_MANY_GROUPS;
    return TIDE_END;
  }
  g->groups++;
  g->bytes += bytes < TIDE_LIMIT_GROUP_BYTES - g->bytes ? bytes : TIDE_LIMIT_GROUP_BYTES - g->bytes;
  return g->add(g->context, tide_buffer_span(g->scratch), g->record);
}

/* Appends the values of group field `at` and those behind it to scratch, in every combination,
 * those of one axis together. TIDE_END where there were too many. */
static tide_status each_group(grouping *g, size_t at) {
  if (at == g->session->group_count)
    return group_add(g);
  const tide_field_use *use = &g->session->groups[at];
  const tide_axis axis = tide_field_axis(use->field);
  const bool fixed = axis && g->fixed[axis];
  const size_t len = g->scratch->len;
  tide_value value;
  tide_status status = TIDE_OK;
  for (uint32_t i = fixed ? g->index[axis] : 0; status == TIDE_OK; i++) {
    bool more = value_at(g, use, i, &value);
    if (!more && i > 0 && !fixed)
      break;
    tide_span text = more && value.kind != TIDE_VALUE_EMPTY ? tide_value_as_text(&value, g->arena)
                                                            : tide_span_of(use->field->absent);
    if (text.len > TIDE_LIMIT_CELL)
      text.len = TIDE_LIMIT_CELL;
    g->index[axis] = i;
    g->fixed[axis] = true;
    status = tide_group_put(g->scratch, text);
    if (status == TIDE_OK)
      status = each_group(g, at + 1);
    g->scratch->len = len;
    if (!more || fixed)
      break;
  }
  if (!fixed)
    g->fixed[axis] = false;
  return status;
}

tide_status
session_each_group(const session *s, tide_record *r, tide_arena *arena, tide_buffer *scratch,
                   tide_status (*add)(void *context, tide_span group, const tide_record *),
                   void *context) {
  grouping g = {.session = s,
                .record = r,
                .arena = arena,
                .scratch = scratch,
                .add = add,
                .context = context};
  tide_buffer_clear(scratch);
  for (size_t i = 0; i < s->group_count; i++)
    g.each_thing[tide_field_axis(s->groups[i].field)] |= tide_field_is_finest(s->groups[i].field);
  tide_status status = each_group(&g, 0);
  return status == TIDE_END ? TIDE_OK : status;
}
