/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One getter and one row for each field. Nothing else in the program lists them. */
#include "record/field.h"

#include <stdio.h>

#include "base/nearest.h"
#include "base/visible.h"

typedef bool getter(const tide_record *, const tide_field_context *, unsigned bits, uint32_t index,
                    tide_arena *, tide_value *out);

/* --- getters: one per field --- */

/* A getter with one value at most: `known` says whether there is one. */
#define GETTER(name, known, value)                                                                 \
  static bool get_##name(const tide_record *r, const tide_field_context *c, unsigned bits,         \
                         uint32_t index, tide_arena *arena, tide_value *out) {                     \
    (void)r, (void)c, (void)bits, (void)arena;                                                     \
    if (index > 0 || !(known))                                                                     \
      return false;                                                                                \
    *out = (value);                                                                                \
    return true;                                                                                   \
  }

static tide_value zoned(const tide_field_context *c, int64_t time) {
  return tide_zone_value(c->zone, time);
}

/* The address, or the network of `bits` that holds it. */
static tide_value address(const tide_ip *ip, unsigned bits, tide_arena *arena) {
  char text[TIDE_IP_TEXT];
  size_t len;
  if (bits) {
    tide_network net = tide_network_of(ip, bits);
    len = tide_network_format(&net, text);
  } else {
    len = tide_ip_format(ip, text);
  }
  return tide_value_word(tide_arena_copy(arena, tide_span_make(text, len)));
}

static tide_value network(const tide_network *net, tide_arena *arena) {
  char text[TIDE_IP_TEXT];
  return tide_value_word(
      tide_arena_copy(arena, tide_span_make(text, tide_network_format(net, text))));
}

static const char *const time_source_names[] = {
#define X(id, name, meaning) name,
    TIDE_TIME_SOURCES(X)
#undef X
};

static const char *const origin_source_names[] = {
#define X(id, name, meaning) name,
    TIDE_ORIGIN_SOURCES(X)
#undef X
};

static const char *const chain_names[] = {
#define X(id, name, meaning) name,
    TIDE_CHAIN_VERDICTS(X)
#undef X
};

static const char *const defect_names[] = {
#define X(id, name, meaning) name,
    TIDE_DEFECTS(X)
#undef X
};

/* Names with a space between them; borrowed from the arena. */
static tide_span join(const tide_span *names, size_t count, const char *between,
                      tide_arena *arena) {
  size_t len = 0, gap = strlen(between);
  for (size_t i = 0; i < count; i++)
    len += names[i].len + gap;
  char *text = tide_arena_take(arena, len + 1), *to = text;
  if (!text)
    return (tide_span){0};
  for (size_t i = 0; i < count; i++) {
    if (i) {
      memcpy(to, between, gap);
      to += gap;
    }
    if (names[i].len) {
      memcpy(to, names[i].ptr, names[i].len);
      to += names[i].len;
    }
  }
  return tide_span_make(text, (size_t)(to - text));
}

static tide_span defects_text(unsigned defects, tide_arena *arena) {
  tide_span names[TIDE_DEFECT_COUNT];
  size_t count = 0;
  for (unsigned i = 0; i < TIDE_DEFECT_COUNT; i++)
    if (defects >> i & 1)
      names[count++] = tide_span_of(defect_names[i]);
  return join(names, count, " ", arena);
}

static tide_span campaigns_text(const tide_record *r, const tide_field_context *c,
                                tide_arena *arena) {
  tide_span *names = tide_arena_take(arena, r->campaign_count * sizeof *names + 1);
  if (!names)
    return (tide_span){0};
  for (uint32_t i = 0; i < r->campaign_count; i++)
    names[i] = c->campaigns[r->campaigns[i]];
  return join(names, r->campaign_count, "; ", arena);
}

/* Case says nothing in names of hosts (RFC 4343), and groups must not be split by it. */
static tide_span lower_name(tide_span name, tide_arena *arena) {
  const tide_span copy = tide_arena_copy(arena, name);
  char *text = (char *)(uintptr_t)copy.ptr; /* the arena's, and ours to change */
  for (size_t i = 0; i < copy.len; i++)
    text[i] = tide_lower(text[i]);
  return copy;
}

GETTER(source, true, tide_value_text(tide_path_visible(r->source, arena)))
GETTER(mailbox, true, tide_value_text(tide_path_visible(r->mailbox, arena)))
GETTER(offset, true, tide_value_uint(r->offset))
GETTER(time, r->has_time, zoned(c, r->time))
GETTER(time_source, r->has_time, tide_value_word(tide_span_of(time_source_names[r->time_source])))
GETTER(claimed_time, r->has_claimed_time, zoned(c, r->claimed_time))
GETTER(origin, r->origin.family, address(&r->origin, bits, arena))
GETTER(origin_source, r->origin_source != TIDE_ORIGIN_NONE,
       tide_value_word(tide_span_of(origin_source_names[r->origin_source])))
GETTER(origin_hop, r->origin_hop, tide_value_uint(r->origin_hop))
GETTER(helo, r->helo.len, tide_value_text(r->helo))
GETTER(rdns, r->rdns.len, tide_value_text(lower_name(r->rdns, arena)))
GETTER(receiver, r->receiver.len, tide_value_text(r->receiver))
GETTER(hops, true, tide_value_uint(r->hops))
GETTER(hops_unparsed, true, tide_value_uint(r->hops_unparsed))
GETTER(claimed_origin, r->claimed_origin.family, address(&r->claimed_origin, bits, arena))
GETTER(chain, r->chain_verdict, tide_value_word(tide_span_of(chain_names[r->chain_verdict])))
GETTER(asn, r->asn.len, tide_value_text(r->asn))
GETTER(as_name, r->as_name.len, tide_value_text(r->as_name))
GETTER(asn_table, r->asn_table.len, tide_value_text(r->asn_table))
GETTER(prefix, r->prefix.address.family, network(&r->prefix, arena))
GETTER(country, r->country.len, tide_value_text(r->country))
GETTER(campaigns, r->campaign_count, tide_value_text(campaigns_text(r, c, arena)))
GETTER(message_id, r->message_id.len, tide_value_text(r->message_id))
GETTER(from_domain, r->from_domain.len, tide_value_text(r->from_domain))
GETTER(to_domain, r->to_domain.len, tide_value_text(r->to_domain))
GETTER(recipients, true, tide_value_uint(r->recipients))
GETTER(mailer, r->mailer.len, tide_value_text(r->mailer))
GETTER(charset, r->charset.len, tide_value_text(r->charset))
GETTER(subject, r->subject.len, tide_value_text(r->subject))
GETTER(bytes, true, tide_value_uint(r->bytes))
GETTER(template, r->template.len, tide_value_text(r->template))
GETTER(fingerprint, r->fingerprint.len, tide_value_word(r->fingerprint))
GETTER(fingerprint_layout, r->fingerprint_layout.len, tide_value_text(r->fingerprint_layout))
static const char *const opinion_names[] = {"", "no", "unsure", "yes"};
static const char *const answers[] = {"no", "yes"};

GETTER(spam_flag, r->spam_flag, tide_value_word(tide_span_of(opinion_names[r->spam_flag])))
GETTER(spam_score, r->has_spam_score, tide_value_real(r->spam_score))
GETTER(duplicate, true, tide_value_word(tide_span_of(answers[r->is_duplicate])))
GETTER(label, r->label.len, tide_value_text(r->label))
GETTER(defects, r->defects, tide_value_word(defects_text(r->defects, arena)))

/* The last label of the peer's looked-up name: where an address says it lives. */
static bool get_rdns_tld(const tide_record *r, const tide_field_context *c, unsigned bits,
                         uint32_t index, tide_arena *arena, tide_value *out) {
  (void)c;
  (void)bits;
  size_t at = r->rdns.len;
  while (at && r->rdns.ptr[at - 1] != '.')
    at--;
  if (index > 0 || at == 0 || at == r->rdns.len || tide_is_digit(r->rdns.ptr[at]))
    return false;
  tide_span label = lower_name(tide_span_slice(r->rdns, at, r->rdns.len), arena);
  if (!label.ptr)
    return false;
  *out = tide_value_text(label);
  return true;
}

/* Where the message is that came first. */
static bool get_duplicate_of(const tide_record *r, const tide_field_context *c, unsigned bits,
                             uint32_t index, tide_arena *arena, tide_value *out) {
  (void)c;
  (void)bits;
  if (index > 0 || !r->is_duplicate)
    return false;
  char digits[TIDE_UINT_TEXT];
  const tide_span parts[] = {
      tide_path_visible(r->duplicate_of, arena),
      tide_span_make(digits, tide_uint_format(r->duplicate_of_offset, digits))};
  *out = tide_value_text(join(parts, 2, ":", arena));
  return true;
}

/* One value for each campaign: a message is in all of them. */
static bool get_campaign(const tide_record *r, const tide_field_context *c, unsigned bits,
                         uint32_t index, tide_arena *arena, tide_value *out) {
  (void)bits;
  (void)arena;
  if (index >= r->campaign_count)
    return false;
  *out = tide_value_text(c->campaigns[r->campaigns[index]]);
  return true;
}

/* One value for each URL, and for each domain: a message is in all of them. */
static bool get_url(const tide_record *r, const tide_field_context *c, unsigned bits,
                    uint32_t index, tide_arena *arena, tide_value *out) {
  (void)c;
  (void)bits;
  (void)arena;
  if (index >= r->url_count)
    return false;
  *out = tide_value_text(r->urls[index]);
  return true;
}
static bool get_url_domain(const tide_record *r, const tide_field_context *c, unsigned bits,
                           uint32_t index, tide_arena *arena, tide_value *out) {
  (void)c;
  (void)bits;
  (void)arena;
  if (index >= r->url_domain_count)
    return false;
  *out = tide_value_text(r->url_domains[index]);
  return true;
}

/* A fingerprint that is in no table has the mail of one that is undated alone. */
static bool get_family(const tide_record *r, const tide_field_context *c, unsigned bits,
                       uint32_t index, tide_arena *arena, tide_value *out) {
  (void)bits;
  (void)arena;
  if (index > 0 || !r->fingerprint.len)
    return false;
  const uint32_t number =
      c->families ? tide_map_find(&c->families->fingerprints, r->fingerprint) : TIDE_MAP_NONE;
  *out = tide_value_word(number == TIDE_MAP_NONE ? r->fingerprint : c->families->family[number]);
  return true;
}

static const char *const weekday_names[] = {"1-Monday", "2-Tuesday",  "3-Wednesday", "4-Thursday",
                                            "5-Friday", "6-Saturday", "7-Sunday"};

/* Hour of the day and day of the week, in the run's zone: botnets do not sleep, people do. */
static bool get_weekday(const tide_record *r, const tide_field_context *c, unsigned bits,
                        uint32_t index, tide_arena *arena, tide_value *out) {
  (void)bits;
  (void)arena;
  if (index > 0 || !r->has_time)
    return false;
  int64_t local = r->time + tide_zone_offset(c->zone, r->time);
  int64_t days = local / 86400 - (local % 86400 < 0);
  *out = tide_value_word(tide_span_of(weekday_names[tide_weekday_from_days(days)]));
  return true;
}

/* --- what is beside groups --- */

static tide_span template_key(const tide_record *r) {
  return r->template;
}
static tide_span template_text(const tide_record *r) {
  return r->subject;
}
static const tide_field_example template_example = {template_key, template_text};

static tide_span fingerprint_key(const tide_record *r) {
  return r->fingerprint;
}
static tide_span fingerprint_text(const tide_record *r) {
  return r->fingerprint_layout;
}
static const tide_field_example fingerprint_example = {fingerprint_key, fingerprint_text};

#define UNKNOWN "(unknown)"
#define NONE    "(none)"

/* The order is that of the columns of `records`; a new column goes after the others, so that
 * scripts which count columns go on to work. What is only for --by is last. */
const tide_field tide_fields[] = {
    {.name = "source",
     .help = "path of the file, or - for standard input; a backslash, and any byte that cannot be "
             "shown, is written \\xNN, as printf %b reads it",
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_source},
    {.name = "offset",
     .help = "where the message begins in that file, in bytes; if the file is in UTF-16 or has "
             "line ends of CR alone, in the text it is converted to",
     .column = true,
     .absent = UNKNOWN,
     .get = get_offset},
    {.name = "time",
     .help = "when the owner's own server took delivery (RFC 3339)",
     .parts = TIDE_PART_TIME,
     .column = true,
     .absent = UNKNOWN,
     .get = get_time},
    {.name = "time_source",
     .help = "which statement of time that is: received, envelope-zoned, envelope (right to half a "
             "day), resent-date, date or file-name",
     .parts = TIDE_PART_TIME,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_time_source},
    {.name = "claimed_time",
     .help = "the Date header, the sender's claim",
     .parts = TIDE_PART_TIME,
     .column = true,
     .absent = UNKNOWN,
     .get = get_claimed_time},
    {.name = "origin",
     .help = "address of the host that handed the message to the first of the owner's servers; "
             "with a prefix length its network, as in origin/16",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_origin},
    {.name = "origin_source",
     .help = "which rule decided the origin: first-public, trust, first-hop, passed or webmail; or "
             "unread, if there is none because the hop that shows it cannot be read",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_origin_source},
    {.name = "origin_hop",
     .help = "number of the Received header that shows the origin; 1 is the topmost",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_origin_hop},
    {.name = "helo",
     .help = "name that the origin gave itself",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_helo},
    {.name = "rdns",
     .help = "name that the receiving server looked up for the origin",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_rdns},
    {.name = "receiver",
     .help = "host that received the message from the origin",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_receiver},
    {.name = "hops",
     .help = "number of Received headers",
     .parts = TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_hops},
    {.name = "hops_unparsed",
     .help = "how many of them could not be read",
     .parts = TIDE_PART_CHAIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_hops_unparsed},
    {.name = "claimed_origin",
     .help = "oldest public address in the chain, which a spammer can forge",
     .parts = TIDE_PART_CHAIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_claimed_origin},
    {.name = "asn",
     .help = "number of the network (autonomous system) that the origin was in, from --asn; "
             "several, separated by _, if several announced it",
     .parts = TIDE_PART_NETWORK,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_asn},
    {.name = "country",
     .help = "country of the origin, from --country (ISO 3166-1)",
     .parts = TIDE_PART_COUNTRY,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_country},
    {.name = "campaigns",
     .help = "campaigns whose rules the message matches, separated by \"; \"; in `records` only if "
             "--campaigns is given",
     .parts = TIDE_PART_CAMPAIGN,
     .column = true,
     .absent = NONE,
     .get = get_campaigns},
    {.name = "message_id",
     .help = "the Message-ID header",
     .parts = TIDE_PART_IDENTITY,
     .column = true,
     .absent = UNKNOWN,
     .get = get_message_id},
    {.name = "from_domain",
     .help = "domain of the From header's address",
     .parts = TIDE_PART_IDENTITY,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_from_domain},
    {.name = "to_domain",
     .help = "domain of the first recipient",
     .parts = TIDE_PART_IDENTITY,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_to_domain},
    {.name = "recipients",
     .help = "addresses in To, Cc and Bcc",
     .parts = TIDE_PART_IDENTITY,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_recipients},
    {.name = "mailer",
     .help = "X-Mailer or User-Agent",
     .parts = TIDE_PART_IDENTITY,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_mailer},
    {.name = "charset",
     .help = "charset that the message's own Content-Type declares",
     .parts = TIDE_PART_IDENTITY,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_charset},
    {.name = "subject",
     .help = "the subject, decoded",
     .parts = TIDE_PART_SUBJECT,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_subject},
    {.name = "bytes",
     .help = "size of the message in bytes, without the mbox separator and escapes",
     .column = true,
     .absent = UNKNOWN,
     .get = get_bytes},
    {.name = "defects",
     .help =
         "what was wrong with the message, separated by spaces; as a column, only what was found "
         "while the other columns and conditions were read: add url to have the text read",
     .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
     .column = true,
     .group = true,
     .absent = NONE,
     .get = get_defects},
    {.name = "chain",
     .help = "whether the chain below the origin contradicts itself: direct, consistent, "
             "private-by, backwards or by-mismatch, whichever is the worst that was found",
     .parts = TIDE_PART_CHAIN,
     .column = true,
     .group = true,
     .absent = UNKNOWN,
     .get = get_chain},
    {.name = "campaign",
     .help = "campaign whose rules the message matches; a message is in each that it matches",
     .parts = TIDE_PART_CAMPAIGN,
     .group = true,
     .absent = NONE,
     .get = get_campaign},
    {.name = "as_name",
     .help = "name of that network, if --asn is a MaxMind database",
     .parts = TIDE_PART_NETWORK | TIDE_PART_AS_NAME,
     .group = true,
     .absent = UNKNOWN,
     .get = get_as_name},
    {.name = "prefix",
     .help = "network prefix that the origin was in, from --asn",
     .parts = TIDE_PART_NETWORK,
     .group = true,
     .absent = UNKNOWN,
     .get = get_prefix},
    {.name = "asn_table",
     .help = "file that asn is from, if --asn names a directory of dated tables",
     .parts = TIDE_PART_NETWORK,
     .group = true,
     .absent = UNKNOWN,
     .get = get_asn_table},
    {.name = "url_domain",
     .help = "registered domain (or address) of a URL in the text or a link; a message is in the "
             "group of each",
     .parts = TIDE_PART_URL,
     .group = true,
     .absent = NONE,
     .get = get_url_domain},
    {.name = "url",
     .help = "URL in the text or a link; a message is in the group of each",
     .parts = TIDE_PART_URL,
     .group = true,
     .absent = NONE,
     .get = get_url},
    {.name = "rdns_tld",
     .help = "last label of rdns, such as a country's",
     .parts = TIDE_PART_ORIGIN,
     .group = true,
     .absent = UNKNOWN,
     .get = get_rdns_tld},
    {.name = "template",
     .help = "what subject and text say: groups of near-identical messages, with the columns "
             "template_subject and template_example, the subject and place (SOURCE:OFFSET) of the "
             "group's earliest message; not for --where",
     .parts = TIDE_PART_TEMPLATE,
     .group = true,
     .absent = "(no text)",
     .get = get_template},
    {.name = "fingerprint",
     .help = "what wrote the message, by the layout of its header; as a group it has the columns "
             "fingerprint_layout and fingerprint_example, the place (SOURCE:OFFSET) of the group's "
             "earliest message",
     .parts = TIDE_PART_FINGERPRINT,
     .group = true,
     .absent = UNKNOWN,
     .get = get_fingerprint},
    {.name = "fingerprint_layout",
     .help = "names of the fields that the sending program wrote, in its order and spelling, and "
             "the shapes of some of their values",
     .parts = TIDE_PART_FINGERPRINT,
     .group = true,
     .absent = UNKNOWN,
     .get = get_fingerprint_layout},
    {.name = "family",
     .help = "family of sending programs, named after the fingerprint that most of its messages "
             "have, as in `spamtide families`; the mail is read twice for it",
     .parts = TIDE_PART_FINGERPRINT | TIDE_PART_FAMILY,
     .group = true,
     .absent = UNKNOWN,
     .get = get_family},
    {.name = "mailbox",
     .help = "the file or directory on the command line in which the message was found, or - for "
             "standard input",
     .group = true,
     .absent = UNKNOWN,
     .get = get_mailbox},
    {.name = "label",
     .help = "what the makers of the corpus say about the message, such as spam or ham: from "
             "--labels and --label, or if neither is given, from full/index next to the mail or "
             "from junk folders",
     .parts = TIDE_PART_LABEL,
     .group = true,
     .absent = UNKNOWN,
     .get = get_label},
    {.name = "spam_flag",
     .help =
         "what the owner's filter said, an opinion: yes, no or unsure; only from fields above the "
         "Received header of the hop that is not ours, because a sender can write such fields too",
     .parts = TIDE_PART_OPINION,
     .group = true,
     .absent = UNKNOWN,
     .get = get_spam_flag},
    {.name = "spam_score",
     .help = "the score that the filter gave, on its own scale; from the same fields as spam_flag",
     .parts = TIDE_PART_OPINION,
     .group = true,
     .absent = UNKNOWN,
     .get = get_spam_score},
    {.name = "duplicate",
     .help = "yes if the message is a copy of one earlier in the archive, as --duplicates finds "
             "them, else no",
     .parts = TIDE_PART_DUPLICATE,
     .group = true,
     .absent = UNKNOWN,
     .get = get_duplicate},
    {.name = "duplicate_of",
     .help = "place (SOURCE:OFFSET) of the first message that it is a copy of",
     .parts = TIDE_PART_DUPLICATE | TIDE_PART_DUPLICATE_OF,
     .group = true,
     .absent = NONE,
     .get = get_duplicate_of},
    {.name = "weekday",
     .help = "day of the week of the time, in the zone of --tz",
     .parts = TIDE_PART_TIME,
     .group = true,
     .absent = UNKNOWN,
     .get = get_weekday},
};
const size_t tide_field_count = sizeof tide_fields / sizeof *tide_fields;

unsigned tide_field_chosen_parts(const tide_field *f) {
  /* Each part that is read can meet defects of its own. */
  const unsigned readable =
      TIDE_PART_CHAIN | TIDE_PART_IDENTITY | TIDE_PART_SUBJECT | TIDE_PART_URL;
  return f->parts | (f->get == get_defects ? readable : 0);
}

const tide_field_example *tide_field_example_of(const tide_field *f) {
  if (f->get == get_template)
    return &template_example;
  return f->get == get_fingerprint ? &fingerprint_example : NULL;
}

tide_axis tide_field_axis(const tide_field *f) {
  if (f->get == get_url || f->get == get_url_domain)
    return TIDE_AXIS_URL;
  return f->get == get_campaign ? TIDE_AXIS_CAMPAIGN : TIDE_AXIS_NONE;
}

bool tide_field_is_finest(const tide_field *f) {
  return f->get != get_url_domain;
}

bool tide_field_of_thing(const tide_field_use *use, const tide_record *r,
                         const tide_field_context *c, uint32_t index, tide_arena *arena,
                         tide_value *out) {
  if (use->field->get != get_url_domain)
    return use->field->get(r, c, use->bits, index, arena, out);
  if (index >= r->url_count)
    return false;
  uint32_t domain = r->domain_of_url[index];
  *out =
      domain < r->url_domain_count ? tide_value_text(r->url_domains[domain]) : tide_value_empty();
  return true;
}

bool tide_field_is_address(const tide_field *f) {
  return f->get == get_origin || f->get == get_claimed_origin;
}

/* Of a field whose values are whole numbers: whether the word is one, as they are written. */
static bool number_is_wrong(const tide_field *f, tide_span word) {
  uint64_t n;
  if (f->get != get_offset && f->get != get_origin_hop && f->get != get_hops &&
      f->get != get_hops_unparsed && f->get != get_recipients && f->get != get_bytes)
    return false;
  return !tide_span_uint(word, &n) || (word.len > 1 && word.ptr[0] == '0');
}

tide_status tide_field_check_word(const tide_field *f, tide_span word, tide_error *err) {
#define WORDS(names) names, sizeof names / sizeof *names
  static const struct {
    bool (*get)(const tide_record *, const tide_field_context *, unsigned bits, uint32_t index,
                tide_arena *, tide_value *out);
    const char *const *words; /* "" stands for no value */
    size_t count;
  } closed[] = {{get_time_source, WORDS(time_source_names)},
                {get_origin_source, WORDS(origin_source_names)},
                {get_chain, WORDS(chain_names)},
                {get_spam_flag, WORDS(opinion_names)},
                {get_duplicate, WORDS(answers)},
                {get_weekday, WORDS(weekday_names)}};
#undef WORDS
  size_t row = 0, len = 0;
  char list[256] = "";
  if (word.len && number_is_wrong(f, word))
    return tide_error_set(err, TIDE_USAGE, "%s is a number, not \"%.*s\"", f->name, (int)word.len,
                          word.ptr);
  while (row < sizeof closed / sizeof *closed && closed[row].get != f->get)
    row++;
  if (row == sizeof closed / sizeof *closed || !word.len)
    return TIDE_OK;
  for (size_t i = 0; i < closed[row].count; i++) {
    const char *known = closed[row].words[i];
    if (tide_span_iequal(word, tide_span_of(known)))
      return TIDE_OK;
    if (*known && len < sizeof list)
      len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", len ? ", " : "", known);
  }
  return tide_error_set(err, TIDE_USAGE, "%s is one of %s, not \"%.*s\"", f->name, list,
                        (int)word.len, word.ptr);
}

/* The field that was perhaps meant, or NULL. */
static const char *field_nearest(tide_span typed) {
  enum { NAMES_MAX = 128 };
  const char *names[NAMES_MAX];
  size_t count = 0;
  for (size_t i = 0; i < tide_field_count && count < NAMES_MAX; i++)
    names[count++] = tide_fields[i].name;
  return tide_nearest(tide_span_slice(typed, 0, tide_span_find_char(typed, '/')), names, count);
}

tide_status tide_field_parse(tide_span text, tide_field_use *out, tide_error *err) {
  size_t slash = tide_span_find_char(text, '/');
  tide_span name = tide_span_slice(text, 0, slash);
  for (size_t i = 0; i < tide_field_count; i++) {
    const tide_field *f = &tide_fields[i];
    if (!tide_span_equal(name, tide_span_of(f->name)))
      continue;
    uint64_t bits = 0;
    if (slash < text.len) {
      bool address_field = tide_field_is_address(f);
      if (!address_field)
        return tide_error_set(err, TIDE_USAGE, "only an address has a prefix length: \"%.*s\"",
                              (int)text.len, text.ptr);
      if (!tide_span_uint(tide_span_slice(text, slash + 1, text.len), &bits) || bits < 1 ||
          bits > 128)
        return tide_error_set(err, TIDE_USAGE, "not a prefix length from 1 to 128: \"%.*s\"",
                              (int)text.len, text.ptr);
    }
    *out = (tide_field_use){.field = f, .bits = (unsigned)bits, .name = text};
    return TIDE_OK;
  }
  const char *near = field_nearest(name);
  if (near)
    return tide_error_set(err, TIDE_USAGE, "unknown field \"%.*s\"; did you mean %s?",
                          (int)text.len, text.ptr, near);
  return tide_error_set(err, TIDE_USAGE,
                        "unknown field \"%.*s\"; `spamtide timeline --help` lists them",
                        (int)name.len, name.ptr);
}

tide_status tide_field_list_parse(tide_span list, const char *option, tide_field_use *out,
                                  size_t most, size_t *count, tide_error *err) {
  for (bool more = true; more;) {
    size_t comma = tide_span_find_char(list, ',');
    tide_span field = tide_span_trim(tide_span_slice(list, 0, comma));
    more = comma < list.len;
    list = tide_span_slice(list, comma + 1, list.len);
    if (*count == most)
      return tide_error_set(err, TIDE_USAGE, "--%s takes at most %zu fields", option, most);
    TIDE_TRY(tide_field_parse(field, &out[*count], err));
    for (size_t i = 0; i < *count; i++) /* two columns of one name, which JSON cannot hold */
      if (out[i].field == out[*count].field && out[i].bits == out[*count].bits)
        return tide_error_set(err, TIDE_USAGE, "--%s names %.*s twice", option, (int)field.len,
                              field.ptr);
    (*count)++;
  }
  return TIDE_OK;
}

tide_span tide_value_as_text(const tide_value *v, tide_arena *arena) {
  char text[64];
  int len = 0;
  switch (v->kind) {
  case TIDE_VALUE_EMPTY: return SPAN("");
  case TIDE_VALUE_WORD:
  case TIDE_VALUE_TEXT: return v->text;
  case TIDE_VALUE_UINT: len = (int)tide_uint_format(v->uint, text); break;
  case TIDE_VALUE_REAL:
  case TIDE_VALUE_PROBABILITY: len = snprintf(text, sizeof text, "%g", v->real); break;
  case TIDE_VALUE_TIME:
    len = (int)tide_rfc3339_format(v->time.seconds, v->time.offset, text);
    break;
  }
  return tide_arena_copy(arena, tide_span_make(text, (size_t)len));
}
