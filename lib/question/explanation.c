/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain: one message, and why each answer about it came out. For a person, or as JSON Lines: an
 * object for each message, statement of time, hop and hit. */
#include <stdio.h>
#include <stdlib.h>

#include "rules/campaign.h"
#include "hops/chain.h"
#include "hops/delivery.h"
#include "extract/fingerprint.h"
#include "question/question.h"

enum { FOUND_MAX = 200 }; /* bytes of a match that a person is shown */

typedef struct explainer {
  const tide_question *question;
  tide_matcher *matcher;
  tide_buffer out;
  tide_status status; /* of what was put into out */
} explainer;

/* --- words --- */

static const struct {
  const char *name, *meaning;
} time_sources[] =
    {
#define X(id, name, meaning) {name, meaning},
        TIDE_TIME_SOURCES(X)
#undef X
},
  origin_sources[] =
      {
#define X(id, name, meaning) {name, meaning},
          TIDE_ORIGIN_SOURCES(X)
#undef X
},
  chain_verdicts[] = {
#define X(id, name, meaning) {name, meaning},
      TIDE_CHAIN_VERDICTS(X)
#undef X
};

static const char *const standings[] = {
#define X(id, reason) reason,
    TIDE_STANDINGS(X)
#undef X
};

/* --- what is explained --- */

/* The verdict on one statement of time. */
static const char *time_verdict(const tide_record *r, tide_time_source source,
                                const tide_time_statement *s) {
  if (r->has_time && source == r->time_source)
    return "taken";
  if (!s->there)
    return "absent";
  if (!s->readable)
    return "cannot be read";
  if (!s->sane)
    return "not sane: before 1982, or more than a day after now";
  return "not needed: an earlier one is taken";
}

/* One hop and what was thought of it. */
typedef struct hop_view {
  const tide_hop *hop;
  uint32_t number;     /* 1 is the topmost */
  const char *verdict; /* ours, origin, or a verdict on a claim below it */
  const char *reason;
  bool has_time, has_delay;
  int64_t time, delay; /* seconds since the epoch; since the hop below */
} hop_view;

static bool hop_time(const tide_hop *hop, int64_t *out) {
  tide_date date;
  bool read = hop && tide_date_parse(hop->date, &date) && tide_rfc3339_has(date.time);
  if (read)
    *out = date.time;
  return read;
}

static tide_status hop_view_of(const tide_extraction *x, const tide_record *r, uint32_t index,
                               tide_chain_walk *walk, hop_view *out) {
  *out = (hop_view){.hop = tide_chain_hop(x->chain, index, x->arena), .number = index + 1};
  if (!out->hop)
    return TIDE_FATAL;
  if (r->outer_hop == 0 || out->number < r->outer_hop) {
    out->verdict = "ours";
    out->reason = standings[tide_chain_standing(x->chain, index, x->options, x->arena)];
  } else if (out->number == r->outer_hop) {
    *walk = tide_chain_begin(out->hop);
    out->verdict = r->origin_hop ? "origin" : "outside";
    out->reason = standings[tide_chain_standing(x->chain, index, x->options, x->arena)];
  } else {
    tide_chain_verdict verdict = tide_chain_step(walk, out->hop);
    out->verdict = chain_verdicts[verdict].name;
    out->reason = verdict == TIDE_CHAIN_CONSISTENT ? "a claim that contradicts nothing"
                                                   : chain_verdicts[verdict].meaning;
  }
  int64_t before;
  out->has_time = hop_time(out->hop, &out->time);
  out->has_delay =
      out->has_time && hop_time(tide_chain_hop(x->chain, index + 1, x->arena), &before);
  if (out->has_delay)
    out->delay = out->time - before;
  return TIDE_OK;
}

/* --- JSON Lines: one kind of object for each part --- */

static tide_value word(const char *s) {
  return s && *s ? tide_value_word(tide_span_of(s)) : tide_value_empty();
}
static tide_value zoned(const tide_question *q, bool known, int64_t time) {
  return known ? tide_zone_value(q->run->fields.zone, time) : tide_value_empty();
}
static tide_value address(const tide_ip *ip, tide_arena *arena) {
  char shown[TIDE_IP_TEXT];
  return tide_value_text_if(
      tide_arena_copy(arena, tide_span_make(shown, tide_ip_format(ip, shown))));
}
/* What the parser of the command line would take for a field, for values that records have too. */
static tide_value field(const tide_question *q, const char *name, const tide_record *r,
                        tide_arena *arena) {
  tide_field_use use;
  tide_value value;
  bool found = tide_field_parse(tide_span_of(name), &use, NULL) == TIDE_OK &&
               use.field->get(r, &q->run->fields, 0, 0, arena, &value);
  return found ? value : tide_value_empty();
}

static void object(explainer *w, const char *const *names, const tide_value *values, size_t count) {
  const tide_question *q = w->question;
  if (w->status == TIDE_OK)
    w->status = q->sheet->emitter->row(names, values, count, &q->sheet->options, &w->out);
}

static void message_object(explainer *w, const tide_record *r, tide_arena *arena) {
  const tide_question *q = w->question;
  static const char *const names[] = {
      "part",       "source",      "offset",       "bytes",  "subject",       "message_id",
      "time",       "time_source", "time_reason",  "origin", "origin_source", "origin_reason",
      "origin_hop", "chain",       "chain_reason", "hops",   "campaigns",     "defects"};
  const tide_value values[] = {word("message"),
                               field(q, "source", r, arena),
                               tide_value_uint(r->offset),
                               tide_value_uint(r->bytes),
                               field(q, "subject", r, arena),
                               field(q, "message_id", r, arena),
                               field(q, "time", r, arena),
                               field(q, "time_source", r, arena),
                               word(time_sources[r->time_source].meaning),
                               field(q, "origin", r, arena),
                               field(q, "origin_source", r, arena),
                               word(origin_sources[r->origin_source].meaning),
                               field(q, "origin_hop", r, arena),
                               field(q, "chain", r, arena),
                               word(chain_verdicts[r->chain_verdict].meaning),
                               tide_value_uint(r->hops),
                               field(q, "campaigns", r, arena),
                               field(q, "defects", r, arena)};
  object(w, names, values, sizeof values / sizeof *values);
}

static void time_object(explainer *w, const tide_record *r, tide_time_source source,
                        const tide_time_statement *t) {
  const tide_question *q = w->question;
  static const char *const names[] = {"part", "statement", "written", "time", "verdict", "zone"};
  const tide_value values[] = {word("time"),
                               word(time_sources[source].name),
                               tide_value_text_if(t->text),
                               zoned(q, t->readable, t->date.time),
                               word(time_verdict(r, source, t)),
                               word(t->zone)};
  object(w, names, values, sizeof values / sizeof *values);
}

static void hop_object(explainer *w, const hop_view *v, tide_arena *arena) {
  const tide_question *q = w->question;
  const tide_hop *h = v->hop;
  static const char *const names[] = {"part",  "hop",   "verdict", "reason",      "kind",
                                      "peer",  "rdns",  "helo",    "ident",       "by",
                                      "by_ip", "with",  "via",     "encrypted",   "authenticated",
                                      "id",    "for",   "sender",  "server",      "software",
                                      "time",  "delay", "unread",  "unread_count"};
  const tide_value values[] = {word("hop"),
                               tide_value_uint(v->number),
                               word(v->verdict),
                               word(v->reason),
                               word(tide_hop_kind_name(h->kind)),
                               address(&h->peer, arena),
                               tide_value_text_if(h->rdns),
                               tide_value_text_if(h->helo),
                               tide_value_text_if(h->ident),
                               tide_value_text_if(h->by),
                               address(&h->by_ip, arena),
                               tide_value_text_if(h->with),
                               tide_value_text_if(h->via),
                               word(h->encrypted ? "yes" : "no"),
                               word(h->authenticated ? "yes" : "no"),
                               tide_value_text_if(h->id),
                               tide_value_text_if(h->recipient),
                               tide_value_text_if(h->sender),
                               word(h->server),
                               tide_value_text_if(h->software),
                               zoned(q, v->has_time, v->time),
                               v->has_delay ? tide_value_real((double)v->delay)
                                            : tide_value_empty(),
                               tide_value_text_if(h->unread),
                               tide_value_uint(h->unread_count)};
  object(w, names, values, sizeof values / sizeof *values);
}

static void hit_object(explainer *w, const tide_hit *h) {
  const tide_question *q = w->question;
  static const char *const names[] = {"part",    "campaign", "rule", "field",
                                      "pattern", "found",    "file", "line"};
  const tide_value values[] = {word("campaign"),
                               tide_value_text(q->run->fields.campaigns[h->campaign]),
                               tide_value_text_if(h->rule),
                               tide_value_text_if(h->field),
                               tide_value_text_if(h->pattern),
                               tide_value_text_if(h->found),
                               word(h->file),
                               tide_value_uint(h->line)};
  object(w, names, values, sizeof values / sizeof *values);
}

/* --- for a person --- */

static void say(explainer *w, const char *words) {
  if (w->status == TIDE_OK)
    w->status = tide_buffer_put(&w->out, tide_span_of(words));
}
/* Text from mail, cleaned for a terminal, after words of ours; neither if there is none. */
static void show(explainer *w, const char *before, tide_span mail) {
  if (!mail.len)
    return;
  say(w, before);
  if (w->status == TIDE_OK)
    w->status = tide_cell_clean(tide_span_slice(mail, 0, FOUND_MAX), false, NULL, &w->out);
  if (mail.len > FOUND_MAX)
    say(w, "...");
}
static void show_whole(explainer *w, tide_span mail) {
  if (w->status == TIDE_OK)
    w->status = tide_cell_clean(mail, false, NULL, &w->out);
}
static void show_value(explainer *w, const char *before, tide_value v, tide_arena *arena) {
  show(w, before, tide_value_as_text(&v, arena));
}

static void show_delay(explainer *w, int64_t delay) {
  static const struct {
    int64_t seconds;
    const char *unit;
  } units[] = {{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}};
  char number[32];
  size_t u = 0;
  uint64_t left = delay < 0 ? 0 - (uint64_t)delay : (uint64_t)delay;
  say(w, delay < 0 ? "  -" : "  +");
  while (u < 3 && left < (uint64_t)units[u].seconds)
    u++;
  snprintf(number, sizeof number, "%llu", (unsigned long long)(left / (uint64_t)units[u].seconds));
  say(w, number);
  say(w, units[u].unit);
  if (u < 3 && left % (uint64_t)units[u].seconds / (uint64_t)units[u + 1].seconds) {
    snprintf(
        number, sizeof number, " %llu",
        (unsigned long long)(left % (uint64_t)units[u].seconds / (uint64_t)units[u + 1].seconds));
    say(w, number);
    say(w, units[u + 1].unit);
  }
}

static void show_message(explainer *w, const tide_record *r, tide_arena *arena) {
  const tide_question *q = w->question;
  char where[64];
  snprintf(where, sizeof where, ", offset %llu, %llu %s\n", (unsigned long long)r->offset,
           (unsigned long long)r->bytes, tide_plural(r->bytes, "byte", "bytes"));
  show(w, "message ", r->source);
  say(w, where);
  show(w, "subject ", r->subject);
  if (r->subject.len)
    say(w, "\n");
  say(w, "\ntime    ");
  if (r->has_time)
    show_value(w, "", zoned(q, true, r->time), arena);
  else
    say(w, "unknown");
  say(w, "  ");
  say(w, time_sources[r->time_source].meaning);
  say(w, "\n");
}

static void show_time(explainer *w, const tide_record *r, tide_time_source source,
                      const tide_time_statement *t, tide_arena *arena) {
  char line[64];
  snprintf(line, sizeof line, "        %-14s", time_sources[source].name);
  say(w, line);
  show_value(w, "  ", zoned(w->question, t->readable, t->date.time), arena);
  if (!t->readable)
    show(w, "  ", t->text);
  say(w, "  ");
  say(w, time_verdict(r, source, t));
  if (t->zone) {
    const int minutes = t->date.offset / 60;
    snprintf(line, sizeof line, "; %+03d:%02d, ", minutes / 60, abs(minutes % 60));
    say(w, line);
    say(w, t->zone);
  }
  say(w, "\n");
}

static void show_origin(explainer *w, const tide_record *r, tide_arena *arena) {
  say(w, "origin  ");
  if (r->origin.family)
    show_value(w, "", address(&r->origin, arena), arena);
  else
    say(w, "unknown");
  say(w, "  ");
  if (r->origin_source != TIDE_ORIGIN_NONE) {
    say(w, origin_sources[r->origin_source].name);
    say(w, ": ");
  }
  say(w, origin_sources[r->origin_source].meaning);
  say(w, "\nchain   ");
  if (r->chain_verdict) {
    say(w, chain_verdicts[r->chain_verdict].name);
    say(w, ": ");
  }
  say(w, chain_verdicts[r->chain_verdict].meaning);
  show_value(w, "\ndefects ", field(w->question, "defects", r, arena), arena);
  say(w, "\n");
}

/* As RFC 5321 would have it written, whatever the server wrote. */
static void show_hop(explainer *w, const hop_view *v, tide_arena *arena) {
  const tide_hop *h = v->hop;
  char number[32];
  snprintf(number, sizeof number, "\nhop %-3u ", v->number);
  say(w, number);
  if (v->has_time)
    show_value(w, "", zoned(w->question, true, v->time), arena);
  else
    show(w, "no date: ", h->date.len ? h->date : SPAN("none written"));
  if (v->has_delay)
    show_delay(w, v->delay);
  say(w, "  ");
  say(w, v->verdict);
  say(w, ": ");
  say(w, v->reason);
  if (h->kind == TIDE_HOP_UNPARSED) {
    say(w, "\n");
    return;
  }
  if (h->helo.len || h->rdns.len || h->peer.family || h->ident.len) {
    say(w, "\n        from");
    show(w, " ", h->helo);
    say(w, " (");
    if (h->ident.len) {
      show(w, "", h->ident);
      if (h->rdns.len || h->peer.family)
        say(w, "@");
    }
    show(w, "", h->rdns);
    if (h->peer.family) {
      show_value(w, h->rdns.len ? " [" : "[", address(&h->peer, arena), arena);
      say(w, "]");
    }
    say(w, ")");
  }
  say(w, "\n        ");
  show(w, "by ", h->by);
  tide_ip literal;
  if (h->by_ip.family && !tide_ip_parse(h->by, &literal)) {
    show_value(w, " [", address(&h->by_ip, arena), arena);
    say(w, "]");
  }
  show(w, " with ", h->with);
  if (h->encrypted)
    say(w, ", encrypted");
  if (h->authenticated)
    say(w, ", authenticated");
  show(w, " id ", h->id);
  show(w, " for ", h->recipient);
  show(w, " envelope-from ", h->sender);
  if (h->server || h->software.len) {
    say(w, "  {");
    if (h->server)
      say(w, h->server);
    show(w, h->server ? ": " : "", h->software);
    say(w, "}");
  }
  if (h->unread_count) {
    snprintf(number, sizeof number, "\n        %u not read: ", h->unread_count);
    show(w, number, h->unread);
  }
  say(w, "\n");
}

static void show_hit(explainer *w, const tide_hit *h) {
  char line[32];
  show(w, "\ncampaign ", w->question->run->fields.campaigns[h->campaign]);
  show(w, ", rule ", h->rule);
  say(w, "\n        ");
  show(w, "", h->field);
  show(w, " has \"", h->found.len ? h->found : SPAN(" "));
  show(w, "\", by ", h->pattern);
  say(w, "\n        ");
  show(w, "", tide_span_of(h->file));
  snprintf(line, sizeof line, ", line %zu\n", h->line);
  say(w, line);
}

/* --- the sink --- */

static void take_hit(void *context, const tide_hit *h) {
  explainer *w = context;
  if (w->question->options.own.explain.prose)
    show_hit(w, h);
  else
    hit_object(w, h);
}

static void put_times(explainer *w, const tide_extraction *x, const tide_record *r) {
  for (tide_time_source source = TIDE_TIME_RECEIVED; source <= TIDE_TIME_FILE_NAME; source++) {
    tide_time_statement t = tide_time_state(x, source);
    /* One line under one of two names. */
    if (!t.there && (source == TIDE_TIME_ENVELOPE_ZONED ||
                     (source == TIDE_TIME_ENVELOPE && x->raw->envelope.len)))
      continue;
    if (w->question->options.own.explain.prose)
      show_time(w, r, source, &t, x->arena);
    else
      time_object(w, r, source, &t);
  }
}

static void put_hops(explainer *w, const tide_extraction *x, const tide_record *r) {
  tide_chain_walk walk = {.above = NULL};
  for (uint32_t i = 0; i < x->chain->count && w->status == TIDE_OK; i++) {
    hop_view v;
    w->status = hop_view_of(x, r, i, &walk, &v);
    if (w->status != TIDE_OK)
      return;
    if (w->question->options.own.explain.prose)
      show_hop(w, &v, x->arena);
    else
      hop_object(w, &v, x->arena);
    if (w->question->options.own.explain.prose && v.number == r->outer_hop)
      say(w, "\n-- what follows was not written by a server of ours: it can be forged --\n");
  }
}

/* Which fields have a say in the fingerprint, and why the others below the last Received have none.
 */
static void put_fingerprint(explainer *w, const tide_extraction *x, const tide_record *r) {
  static const char *const meanings[] = {
#define X(id, name, meaning) meaning,
      TIDE_FIELD_PARTS(X)
#undef X
  };
  const tide_message *m = x->message;
  const tide_additions *known = x->options->additions;
  tide_field_part *parts = tide_arena_take(x->arena, m->header_count * sizeof *parts + 1);
  tide_span layout;
  if (!parts || tide_fingerprint_layout(m, known, x->arena, parts, &layout) != TIDE_OK) {
    w->status = TIDE_FATAL;
    return;
  }
  if (w->question->options.own.explain.prose) {
    show(w, "\nfingerprint ", r->fingerprint.len ? r->fingerprint : SPAN("unknown"));
    say(w, "\n        ");
    show_whole(w, r->fingerprint_layout);
    say(w, "\n");
  } else {
    static const char *const names[] = {"part", "fingerprint", "layout"};
    const tide_value values[] = {word("fingerprint"), tide_value_text_if(r->fingerprint),
                                 tide_value_text_if(layout)};
    object(w, names, values, sizeof values / sizeof *values);
  }
  for (uint32_t i = 0; i < m->header_count && w->status == TIDE_OK; i++) {
    const tide_header *h = &m->headers[i];
    if (parts[i] != TIDE_FIELD_ADDED && parts[i] != TIDE_FIELD_FILLED_IN)
      continue;
    const tide_addition *row = parts[i] == TIDE_FIELD_ADDED ? tide_additions_find(known, h) : NULL;
    tide_span who = row ? row->who : SPAN("relay");
    tide_span reason = row ? row->reason : tide_span_of(meanings[parts[i]]);
    if (w->question->options.own.explain.prose) {
      show(w, "        without ", h->name);
      show(w, ", ", who);
      show(w, ": ", reason);
      say(w, "\n");
    } else {
      static const char *const names[] = {"part", "name", "who", "reason"};
      const tide_value values[] = {word("left-out"), tide_value_text_if(h->name),
                                   tide_value_text_if(who), tide_value_text_if(reason)};
      object(w, names, values, sizeof values / sizeof *values);
    }
  }
}

static tide_status explainer_record(void *worker, tide_record *r, const tide_extraction *x,
                                    tide_fate *fate, tide_error *err) {
  explainer *w = worker;
  const bool prose = w->question->options.own.explain.prose;
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  w->status = TIDE_OK;
  if (prose)
    show_message(w, r, x->arena);
  else
    message_object(w, r, x->arena);
  put_times(w, x, r);
  if (prose)
    show_origin(w, r, x->arena);
  put_hops(w, x, r);
  put_fingerprint(w, x, r);
  tide_matches found;
  if (w->status == TIDE_OK)
    w->status = tide_rules_explain(w->matcher, x->message, r, x->arena,
                                   (tide_hit_taker){take_hit, w}, &found);
  if (prose)
    say(w, "\n");
  return w->status == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}

static tide_status explainer_open(void *context, void **worker, tide_error *err) {
  explainer *w = calloc(1, sizeof *w);
  if (w)
    w->question = context;
  if (!w || tide_matcher_new(&w->matcher, w->question->run->extract.rules) != TIDE_OK) {
    free(w);
    return tide_error_memory(err);
  }
  *worker = w;
  return TIDE_OK;
}

static tide_status explainer_flush(void *worker, tide_error *err) {
  explainer *w = worker;
  const tide_sheet *sheet = w->question->sheet;
  tide_status status = sheet->write(sheet->context, tide_buffer_span(&w->out), err);
  tide_buffer_clear(&w->out);
  return status;
}

static tide_status explainer_close(void *worker, bool failed, tide_error *err) {
  explainer *w = worker;
  (void)failed;
  (void)err;
  tide_buffer_free(&w->out);
  tide_matcher_free(w->matcher);
  free(w);
  return TIDE_OK;
}

static const tide_sink explainer_sink = {.open = explainer_open,
                                         .record = explainer_record,
                                         .flush = explainer_flush,
                                         .close = explainer_close,
                                         .wants_undated = true};

static const tide_column explanation_columns[] = {
    {.name = "part",
     .help = "what the object is about: message, time, hop, fingerprint, left-out or campaign; the "
             "other members depend on it"}};

static const tide_columns columns = TIDE_COLUMNS(explanation_columns);

const tide_question_type tide_question_explanation = {
    .name = "explain",
    .columns = &columns,
    .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_CHAIN | TIDE_PART_IDENTITY |
             TIDE_PART_SUBJECT | TIDE_PART_CAMPAIGN | TIDE_PART_FINGERPRINT,
    .shows_hops = true,
    .sink = &explainer_sink};
