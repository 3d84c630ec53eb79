/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What mail is read with: trust, rules, networks, labels. A wrong file of these is an error before
 * any mail is read. */
#include "request/reading.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/data.h"
#include "extract/fingerprint.h"
#include "hops/chain.h"
#include "networks/network.h"
#include "question/repeats.h"
#include "record/duplicates.h"
#include "record/labels.h"
#include "rules/campaign.h"

static void say(const tide_reading *r, tide_remark kind, const char *sentence) {
  if (r->say)
    r->say(r->say_context, kind, sentence);
}

static tide_status open_rules(tide_reading *r, tide_error *err) {
  static const char own[] = "built-in rules";
  const tide_reading_settings *o = r->settings;
  const char *marks = r->marks;
  bool built_in = o->campaigns.count == 0 && !marks;
  TIDE_TRY(tide_rules_new(&r->rules, r->stop, err));
  for (size_t i = 0; i < o->campaigns.count; i++)
    built_in |= strcmp(o->campaigns.items[i], "builtin") == 0;
  if (marks && !built_in)
    TIDE_TRY(tide_rules_add_some(r->rules, tide_data_campaigns, own, tide_span_of(marks), err));
  if (o->campaigns.count == 0 && !marks)
    TIDE_TRY(tide_rules_add(r->rules, tide_data_campaigns, own, err));
  for (size_t i = 0; i < o->campaigns.count; i++) {
    if (strcmp(o->campaigns.items[i], "builtin") == 0)
      TIDE_TRY(tide_rules_add(r->rules, tide_data_campaigns, own, err));
    else
      TIDE_TRY(tide_rules_add_file(r->rules, o->campaigns.items[i], err));
  }
  if (o->fold_lookalikes)
    tide_rules_fold_lookalikes(r->rules);
  size_t count = tide_rules_campaign_count(r->rules);
  r->campaign_names = calloc(count + 1, sizeof *r->campaign_names);
  if (!r->campaign_names)
    return tide_error_memory(err);
  for (size_t i = 0; i < count; i++)
    r->campaign_names[i] = tide_rules_campaign(r->rules, i);
  return TIDE_OK;
}

bool tide_reading_of_duplicates(const tide_reading *r, const char *word) {
  return r->settings->duplicates && strcmp(r->settings->duplicates, word) == 0;
}

static tide_status open_duplicates(tide_reading *r, tide_error *err) {
  const tide_duplicates_options options = {.drop = tide_reading_of_duplicates(r, "drop"),
                                           .places = r->parts & TIDE_PART_DUPLICATE_OF};
  if (!options.drop && !(r->parts & TIDE_PART_DUPLICATE))
    return TIDE_OK;
  if (tide_duplicates_new(&r->duplicates, &options) != TIDE_OK)
    return tide_error_memory(err);
  r->run.duplicates = r->duplicates;
  return TIDE_OK;
}

/* Is there a folder for junk in any of the mailboxes? Its mail then is labelled by it. */
static tide_status find_junk(tide_reading *r, bool *any, tide_error *err) {
  tide_buffer found = {0};
  tide_status status = TIDE_END;
  for (size_t i = 0; i < r->path_count && status == TIDE_END; i++)
    status = tide_path_find(r->paths[i], tide_labels_is_junk, r->stop, &found, err);
  tide_buffer_free(&found);
  *any = status == TIDE_OK;
  if (*any && tide_labels_take_junk(r->labels) != TIDE_OK)
    return tide_error_memory(err);
  return status == TIDE_END ? TIDE_OK : status;
}

/* A member of a container is read with it, and no file of its own. */
static tide_status remember_found(tide_reading *r, const char *path, tide_error *err) {
  struct stat st;
  if (stat(path, &st) != 0)
    return TIDE_OK;
  char *copy = strdup(path);
  if (!copy || tide_option_list_add(&r->labels_found, copy, err) != TIDE_OK) {
    free(copy);
    return tide_error_memory(err);
  }
  return TIDE_OK;
}

/* What corpora have where they have labels. */
static tide_status find_indexes(tide_reading *r, tide_text_found *found, size_t *count,
                                tide_error *err) {
  for (size_t i = 0; i < r->path_count; i++) {
    const tide_status status =
        tide_text_find(r->paths[i], "full/index", TIDE_LIMIT_LABELS, r->stop, found, err);
    if (status == TIDE_END || status == TIDE_FAIL)
      continue;
    TIDE_TRY(status);
    tide_error said;
    tide_error_set(&said, TIDE_OK, "labels are taken from %s", found->path.ptr);
    say(r, TIDE_REMARK_NOTE, said.text);
    TIDE_TRY(tide_labels_add_text(r->labels, found->path.ptr, tide_buffer_span(&found->text), err));
    TIDE_TRY(remember_found(r, found->path.ptr, err));
    ++*count;
  }
  return TIDE_OK;
}

/* The labels that the mail brings along: an index beside it, or folders for junk. */
static tide_status find_labels(tide_reading *r, tide_error *err) {
  tide_text_found found = {0};
  size_t count = 0;
  bool junk = false;
  const tide_status status = find_indexes(r, &found, &count, err);
  tide_buffer_free(&found.path);
  tide_buffer_free(&found.text);
  TIDE_TRY(status);
  if (count == 0)
    TIDE_TRY(find_junk(r, &junk, err));
  if (count == 0 && !junk)
    return tide_error_set(err, TIDE_USAGE,
                          "label needs --labels or --label: there is no full/index next to the "
                          "mail, and no junk folder in it");
  return TIDE_OK;
}

static tide_status read_labels(tide_reading *r, tide_buffer *text, tide_error *err) {
  const tide_reading_settings *o = r->settings;
  for (size_t i = 0; i < o->labels.count; i++) {
    const char *path = o->labels.items[i];
    tide_error reason;
    const tide_status status = tide_text_read(path, TIDE_LIMIT_LABELS, r->stop, text, &reason);
    if (status != TIDE_OK)
      return tide_error_set(err, status == TIDE_FATAL ? TIDE_FATAL : TIDE_USAGE, "%s: %s", path,
                            reason.text);
    TIDE_TRY(tide_labels_add_text(r->labels, path, tide_buffer_span(text), err));
  }
  return TIDE_OK;
}

static tide_status open_labels(tide_reading *r, tide_error *err) {
  const tide_reading_settings *o = r->settings;
  const bool given = o->labels.count || o->label.count;
  if (!given && !(r->parts & TIDE_PART_LABEL))
    return TIDE_OK;
  TIDE_TRY(tide_labels_new(&r->labels, r->stop, err));
  if (o->label_names)
    TIDE_TRY(tide_labels_rename(r->labels, tide_span_of(o->label_names), err));
  for (size_t i = 0; i < o->label.count; i++)
    TIDE_TRY(tide_labels_add_place(r->labels, tide_span_of(o->label.items[i]), err));
  if (!given)
    return find_labels(r, err);
  tide_buffer text = {0};
  const tide_status status = read_labels(r, &text, err);
  tide_buffer_free(&text);
  return status;
}

tide_status tide_reading_begin(tide_reading *r, tide_error *err) {
  const tide_reading_settings *o = r->settings;
  TIDE_TRY(tide_zone_open(&r->zone, tide_span_of(o->tz), err));
  if (o->envelope_zone)
    TIDE_TRY(tide_zone_open(&r->envelope_zone, tide_span_of(o->envelope_zone), err));
  return tide_calendar_read(&r->calendar, tide_data_takedowns, err);
}

static tide_status open_trust(tide_reading *r, tide_error *err) {
  const tide_option_list *named = &r->settings->trust;
  TIDE_TRY(tide_trust_new(&r->trust, err));
  for (size_t i = 0; i < named->count; i++) {
    const bool find = strcmp(named->items[i], "auto") == 0;
    r->trust_auto = r->trust_auto || find;
    if (!find)
      TIDE_TRY(tide_trust_add(r->trust, named->items[i], err));
  }
  return tide_services_read(&r->services, tide_data_services, err);
}

static tide_status open_networks(tide_reading *r, tide_error *err) {
  const tide_reading_settings *o = r->settings;
  if (o->asn || o->country)
    TIDE_TRY(tide_networks_new(&r->networks, r->stop, err));
  if (o->asn)
    TIDE_TRY(tide_networks_add(r->networks, o->asn, TIDE_NETWORK_ASN, err));
  if (o->country)
    TIDE_TRY(tide_networks_add(r->networks, o->country, TIDE_NETWORK_COUNTRY, err));
  if ((r->parts & TIDE_PART_AS_NAME) && !tide_networks_have_names(r->networks))
    return tide_error_set(err, TIDE_USAGE,
                          "%s has numbers of networks but no names: as_name "
                          "needs a MaxMind database (.mmdb)",
                          o->asn);
  return TIDE_OK;
}

static void run_fill(tide_reading *r) {
  const tide_reading_settings *o = r->settings;
  r->run.feed.input = o->input;
  r->run.feed.stop = r->stop;
  r->run.jobs = o->jobs ? (unsigned)o->jobs : tide_processors();
  r->run.extract = (tide_extract_options){.now = r->now,
                                          .trust = r->trust,
                                          .services = r->services,
                                          .rules = r->rules,
                                          .networks = r->networks,
                                          .additions = r->additions,
                                          .labels = r->labels,
                                          .envelope_zone = r->envelope_zone,
                                          .webmail_origin = o->webmail_origin};
  r->run.fields = (tide_field_context){.zone = r->zone, .campaigns = r->campaign_names};
  r->run.stop = r->stop;
  r->run.paths = r->paths;
  r->run.path_count = r->path_count;
}

tide_status tide_reading_open(tide_reading *r, tide_error *err) {
  static const char *const standard_input[] = {"-"};
  if (r->path_count == 0) {
    r->paths = standard_input;
    r->path_count = 1;
  }
  r->families_asked = r->parts & TIDE_PART_FAMILY;
  TIDE_TRY(open_trust(r, err));
  /* Rules that nobody asks about would only cost time; a rule file that was named is checked all
   * the same. */
  if ((r->parts & TIDE_PART_CAMPAIGN) || r->settings->campaigns.count)
    TIDE_TRY(open_rules(r, err));
  TIDE_TRY(open_duplicates(r, err));
  if ((r->parts & TIDE_PART_FINGERPRINT) || r->duplicates)
    TIDE_TRY(tide_additions_read(&r->additions, tide_data_added_fields, err));
  TIDE_TRY(open_networks(r, err));
  TIDE_TRY(open_labels(r, err));
  run_fill(r);
  return TIDE_OK;
}

/* What was found to trust is said, so that it can be judged and written into a paper. */
static void say_found(const tide_reading *r) {
  char text[TIDE_IP_TEXT];
  tide_error said;
  for (size_t i = 0; i < r->found.kept_count; i++) {
    const tide_hint *hint = &r->found.kept[i];
    tide_hint_text(hint, text);
    tide_error_set(&said, TIDE_OK, "trusted %s%s%s: %s", text, hint->name[0] ? " " : "", hint->name,
                   hint->reason);
    say(r, TIDE_REMARK_NOTE, said.text);
  }
  if (r->found.kept_count == 0)
    say(r, TIDE_REMARK_NOTE, "--trust auto: no host looks like a server of the archive's owner");
}

static tide_status find_servers(tide_reading *r, tide_error *err) {
  r->trust_auto = false;
  if (!tide_servers_can_read_again(&r->run))
    return tide_error_set(err, TIDE_USAGE,
                          "--trust auto reads the mail more than once, which standard input and "
                          "pipes do not allow: make a list with relays --suggest");
  /* All the mail that there is shows whose servers they are, whatever is asked of it. */
  tide_run_options run = r->run;
  tide_account account;
  run.trouble = NULL; /* it is told when the mail is read for the answer */
  TIDE_TRY(tide_servers_find(&r->found, &run, NULL, r->trust, &account, err));
  say_found(r);
  return TIDE_OK;
}

static tide_status find_families(tide_reading *r, tide_error *err) {
  r->families_asked = false;
  if (!tide_servers_can_read_again(&r->run))
    return tide_error_set(err, TIDE_USAGE,
                          "family is known when all mail has been read: it is read twice, which "
                          "standard input and pipes do not allow; fingerprint needs one reading");
  tide_run_options run = r->run;
  run.trouble = NULL; /* as above */
  tide_status status = tide_family_names_read(&run, &r->families, err);
  r->run.fields.families = &r->families.table;
  if (status == TIDE_OK && r->say)
    tide_families_bounds_say(&r->families.families.bounds, r->say, r->say_context);
  return status;
}

/* What can be read once more is, for its headers: that costs less than all its text. */
static tide_status find_repeats(tide_reading *r, tide_error *err) {
  if (!r->duplicates || !tide_servers_can_read_again(&r->run))
    return TIDE_OK;
  return tide_repeats_read(&r->run, 0, err);
}

tide_status tide_reading_prepare(tide_reading *r, tide_error *err) {
  tide_mime_init();
  TIDE_TRY(find_repeats(r, err));
  if (r->trust_auto)
    TIDE_TRY(find_servers(r, err));
  return r->families_asked ? find_families(r, err) : TIDE_OK;
}

/* What the labels did not fit, on either side. */
static void say_labels(const tide_reading *r, const tide_account *account) {
  tide_labels_account a;
  tide_error text;
  if (!r->labels || !(account->looked & TIDE_PART_LABEL))
    return;
  tide_labels_sum(r->labels, &a);
  if (a.junk) {
    tide_error_set(
        &text, TIDE_OK,
        tide_plural(a.junk, "mail in %llu folder for junk has the label spam: %.*s",
                    "mail in %llu folders for junk has the label spam; the first is %.*s"),
        (unsigned long long)a.junk, (int)a.first_junk.len, a.first_junk.ptr);
    say(r, TIDE_REMARK_NOTE, text.text);
  }
  if (a.unlabelled) {
    const uint64_t all = a.labelled + a.unlabelled;
    tide_error_set(&text, TIDE_OK,
                   tide_plural(a.unlabelled,
                               "%llu of %llu %s has no label: records --where label= shows it",
                               "%llu of %llu %s have no label: records --where label= shows them"),
                   (unsigned long long)a.unlabelled, (unsigned long long)all,
                   tide_plural(all, "message", "messages"));
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
  if (a.unmet) {
    tide_error_set(&text, TIDE_OK,
                   tide_plural(a.unmet, "%llu of %llu %s names no message that was read: %.*s",
                               "%llu of %llu %s name no message that was read, first %.*s"),
                   (unsigned long long)a.unmet, (unsigned long long)a.entries,
                   tide_plural(a.entries, "label", "labels"), (int)a.first_unmet.len,
                   a.first_unmet.ptr);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
  if (a.places_unmet) {
    tide_error_set(&text, TIDE_OK,
                   tide_plural(a.places_unmet, "nothing was read below %llu path of --label: %.*s",
                               "nothing was read below %llu paths of --label, first %.*s"),
                   (unsigned long long)a.places_unmet, (int)a.first_place_unmet.len,
                   a.first_place_unmet.ptr);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
  if (a.contradicted) {
    tide_error_set(&text, TIDE_OK,
                   tide_plural(a.contradicted,
                               "%llu label contradicts an earlier one, which counts: %.*s",
                               "%llu labels contradict an earlier one, which counts, first %.*s"),
                   (unsigned long long)a.contradicted, (int)a.first_contradicted.len,
                   a.first_contradicted.ptr);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
}

/* How many there were, where they stay too; what of them does not fit. */
static void say_duplicates(const tide_reading *r) {
  tide_duplicates_account a;
  tide_error text;
  if (!r->duplicates)
    return;
  tide_duplicates_sum(r->duplicates, &a);
  if (!tide_reading_of_duplicates(r, "drop")) {
    tide_error_set(&text, TIDE_OK,
                   tide_plural(a.found, "%llu message is a copy of an earlier one",
                               "%llu messages are copies of an earlier one"),
                   (unsigned long long)a.found);
    say(r, TIDE_REMARK_NOTE, text.text);
  }
  if (a.forgotten) {
    tide_error_set(
        &text, TIDE_OK,
        tide_plural(a.forgotten,
                    "%llu message came after the %u that can be remembered, so copies of "
                    "it were not found",
                    "%llu messages came after the %u that can be remembered, so copies "
                    "of them were not found"),
        (unsigned long long)a.forgotten, TIDE_LIMIT_DUPLICATES);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
  if (a.contradicted) {
    tide_error_set(
        &text, TIDE_OK,
        tide_plural(a.contradicted,
                    "%llu copy has a different label from the message that came first: %.*s:%llu",
                    "%llu copies have different labels from the message that came first, the first "
                    "of them at %.*s:%llu"),
        (unsigned long long)a.contradicted, (int)a.first_contradicted.len, a.first_contradicted.ptr,
        (unsigned long long)a.first_contradicted_at);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
}

/* Mail without any date, as in corpora that were made from texts; and what was taken for no mail at
 * all. Unread files were named one by one. */
static void say_nothing(const tide_reading *r, const tide_account *account) {
  const uint64_t undated = account->fates[TIDE_FATE_UNDATED];
  tide_error text;
  if (undated && !account->fates[TIDE_FATE_COUNTED]) {
    tide_error_set(&text, TIDE_OK,
                   tide_plural(undated,
                               "%llu message has no date, and none that was asked for has one: "
                               "tables over time stay empty, records shows what it holds",
                               "%llu messages have no date, and none that was asked for has one: "
                               "tables over time stay empty, records shows what they hold"),
                   (unsigned long long)undated);
    say(r, TIDE_REMARK_CAUTION, text.text);
  }
  if (!account->read && !account->troubles && account->passed[TIDE_PASSED_NOT_MAIL])
    say(r, TIDE_REMARK_CAUTION,
        "nothing there was recognised as mail; --input message reads each file as a message all "
        "the same");
}

void tide_reading_cautions(const tide_reading *r, const tide_account *account) {
  say_nothing(r, account);
  say_labels(r, account);
  say_duplicates(r);
}

void tide_reading_free(tide_reading *r) {
  tide_rules_free(r->rules);
  tide_additions_free(r->additions);
  tide_labels_free(r->labels);
  for (size_t i = 0; i < r->labels_found.count; i++)
    free((char *)(uintptr_t)r->labels_found.items[i]);
  free(r->labels_found.items);
  tide_duplicates_free(r->duplicates);
  tide_networks_free(r->networks);
  tide_trust_free(r->trust);
  tide_servers_free(&r->found);
  tide_family_names_free(&r->families);
  tide_services_free(r->services);
  tide_calendar_free(r->calendar);
  tide_zone_free(r->envelope_zone);
  tide_zone_free(r->zone);
  free(r->campaign_names);
}
