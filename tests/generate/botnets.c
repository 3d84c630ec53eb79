/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Botnets with engines on the same computers, which get another address each day or keep theirs;
 * people with ordinary clients after their providers' relays. */
#include "botnets.h"
#include "calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  PEOPLE = 60,
  STATIC_PERCENT = 30, /* of computers keep their address */
  SHARED_PERCENT = 2,  /* have two botnets' programs */
  NAT_PERCENT = 1,     /* of the visits come from one of few addresses */
  AGAIN_PERCENT = 20,  /* that a bot which sent here sends here once more on that day */
  SESSION_SECONDS = 10800,
  WITHIN = 3600,         /* seconds from the event in which a botnet stops */
  SHUFFLES_PERCENT = 15, /* of engines write their fields in another order in each message */
  ARRIVALS_MOST = 50000000
};

/* --- layouts --- */

typedef enum part { DATE, ID, FROM, TO, MIME, TYPE, ENCODING, PRIORITY, MAILER, PARTS } part;

static const char *const id_names[] = {"Message-ID", "Message-Id", "Message-id"};
static const char *const mime_names[] = {"MIME-Version", "Mime-Version"};
static const char *const type_names[] = {"Content-Type", "Content-type"};

/* What an engine writes is a function of its number. */
typedef struct layout {
  part order[PARTS];
  uint32_t id_name, mime_name, type_name, id_form;
  bool has_mailer, has_priority, shuffles;
  char mailer[24];
} layout;

static void order_shuffle(layout *l, gen_random *r) {
  for (uint32_t i = PARTS - 1; i > 0; i--) {
    const uint32_t other = gen_random_below(r, i + 1);
    const part swap = l->order[i];
    l->order[i] = l->order[other];
    l->order[other] = swap;
  }
}

static void layout_make(layout *l, const gen_plan *plan, uint32_t engine) {
  gen_random r;
  gen_random_seed(&r, plan->options->seed, UINT64_C(0x300000000) + engine);
  for (uint32_t i = 0; i < PARTS; i++)
    l->order[i] = (part)i;
  order_shuffle(l, &r);
  l->id_name = gen_random_below(&r, 3);
  l->mime_name = gen_random_below(&r, 2);
  l->type_name = gen_random_below(&r, 2);
  l->id_form = gen_random_below(&r, 4);
  l->has_mailer = gen_random_chance(&r, 60);
  l->has_priority = gen_random_chance(&r, 50);
  const char *first = plan->words.word[gen_random_below(&r, GEN_WORDS)];
  snprintf(l->mailer, sizeof l->mailer, "%c%s Mailer", first[0] - 32, first + 1);
  l->shuffles = gen_random_chance(&r, SHUFFLES_PERCENT);
}

static void letters_add(gen_buffer *out, uint32_t count, gen_random *r) {
  for (uint32_t i = 0; i < count; i++)
    gen_buffer_char(out, (char)('g' + gen_random_below(r, 20)));
}

static void id_make(gen_buffer *out, const layout *l, const char *domain, gen_random *r) {
  const uint32_t a = gen_random_between(r, 10000000, 99999999),
                 b = gen_random_between(r, 1000, 9999);
  out->len = 0;
  gen_buffer_char(out, '<');
  switch (l->id_form) {
  case 0: gen_buffer_format(out, "%u.%u", a, b); break;
  case 1:
    letters_add(out, 12, r);
    gen_buffer_format(out, "-%u", a);
    break;
  case 2:
    gen_buffer_format(out, "%u$", b);
    letters_add(out, 8, r);
    gen_buffer_format(out, "$%u", a);
    break;
  default: letters_add(out, 20, r); break;
  }
  gen_buffer_format(out, "@%s>", domain);
}

static void layout_write(gen_message *m, const layout *l, const char *date, const char *name) {
  gen_buffer *h = &m->head;
  for (int i = 0; i < PARTS; i++) {
    switch (l->order[i]) {
    case DATE: gen_buffer_format(h, "Date: %s\n", date); break;
    case ID:
      gen_buffer_format(h, "%s: %.*s\n", id_names[l->id_name], (int)m->id.len, m->id.ptr);
      break;
    case FROM:
      gen_buffer_format(h, "From: \"%s\" <%.*s>\n", name, (int)m->sender.len, m->sender.ptr);
      break;
    case TO: gen_buffer_text(h, "To: tide@example.org\n"); break;
    case MIME: gen_buffer_format(h, "%s: 1.0\n", mime_names[l->mime_name]); break;
    case TYPE:
      gen_buffer_format(h, "%s: text/plain; charset=us-ascii\n", type_names[l->type_name]);
      break;
    case ENCODING: gen_buffer_text(h, "Content-Transfer-Encoding: 7bit\n"); break;
    case PRIORITY:
      if (l->has_priority)
        gen_buffer_text(h, "X-Priority: 3\n");
      break;
    case MAILER:
      if (l->has_mailer)
        gen_buffer_format(h, "X-Mailer: %s 4.1\n", l->mailer);
      break;
    case PARTS: break;
    }
  }
  gen_buffer_format(h, "Subject: %.*s\n", (int)m->subject.len, m->subject.ptr);
}

/* --- who --- */

/* The address of a computer on a day. Some computers have two botnets' programs: those of the
 * botnets 2n and 2n + 1 with the lowest numbers. */
static uint32_t bot_address(const gen_plan *plan, uint32_t botnet, uint32_t bot, int64_t day) {
  const gen_botnet *b = &plan->botnets->at[botnet];
  const bool shared = bot < b->bots * SHARED_PERCENT / 100;
  const uint64_t computer = ((uint64_t)(shared ? botnet / 2 * 2 : botnet) << 32 | bot) * 2 + shared;
  gen_random r;
  gen_random_seed(&r, plan->options->seed ^ UINT64_C(0xb07), computer);
  if (!gen_random_chance(&r, STATIC_PERCENT))
    gen_random_seed(&r, plan->options->seed ^ UINT64_C(0xb08) ^ gen_hash(computer), (uint64_t)day);
  return gen_public_address(&r);
}

static int64_t day_of(int64_t time) {
  return (time - ((time % GEN_DAY) + GEN_DAY) % GEN_DAY) / GEN_DAY;
}

static void botnets_place(gen_plan *plan) {
  static const uint32_t shares[] = {8, 6, 5, 4, 4, 3, 3, 2};
  const gen_options *o = plan->options;
  gen_random r;
  gen_random_seed(&r, o->seed, 7);
  gen_botnets *all = plan->botnets = gen_alloc(1, sizeof *all);
  all->count = o->botnets;
  all->at = gen_alloc(all->count, sizeof *all->at);
  uint32_t engine = GEN_CLIENTS;
  for (uint32_t i = 0; i < all->count; i++) {
    gen_botnet *b = &all->at[i];
    b->first_engine = engine;
    b->engines = gen_random_between(&r, 1, GEN_BOTNET_ENGINES);
    engine += b->engines;
    b->share = shares[i % 8];
    all->shares += b->share;
    b->bots = 400 + (uint32_t)o->per_day * b->share * 2;
    for (uint32_t k = 0; k < 3; k++)
      b->campaigns[k] = (2 * i + k) % o->campaigns;
    b->stops = INT64_MAX;
    if (o->falls == GEN_FALLS_TOGETHER && o->has_event && i % 3 == 0)
      b->stops = o->event + gen_random_below(&r, WITHIN);
    if (o->falls == GEN_FALLS_APART && i % 3 != 1)
      b->stops = o->start + (int64_t)gen_random_between(&r, 14, o->days - 14) * GEN_DAY +
                 gen_random_below(&r, GEN_DAY);
    b->takes = o->falls == GEN_FALLS_TOGETHER && o->has_event && i % 3 == 1;
  }
  for (int i = 0; i < 3; i++)
    all->nat[i] = gen_public_address(&r);
  for (int i = 0; i < 6; i++)
    all->relays[i] = gen_public_address(&r);
}

/* --- arrivals --- */

static void arrival_put(gen_plan *plan, uint64_t *room, gen_arrival arrival) {
  if (plan->count == *room) {
    if (*room >= ARRIVALS_MOST)
      gen_die("more than %d messages", ARRIVALS_MOST);
    *room = *room ? *room * 2 : 1024;
    plan->arrivals = realloc(plan->arrivals, *room * sizeof *plan->arrivals);
    if (!plan->arrivals)
      gen_die("out of memory");
  }
  arrival.order = (uint32_t)plan->count;
  plan->arrivals[plan->count++] = arrival;
}

/* One visit of a bot: a message, or some, by whichever of its programs, from one address. */
static void visit(gen_plan *plan, uint64_t *room, uint32_t botnet, int64_t time, gen_random *r) {
  const gen_botnet *b = &plan->botnets->at[botnet];
  const uint32_t bot = gen_random_below(r, b->bots);
  const uint32_t address = gen_random_chance(r, NAT_PERCENT)
                               ? plan->botnets->nat[gen_random_below(r, 3)]
                               : bot_address(plan, botnet, bot, day_of(time));
  do {
    const uint32_t later = gen_random_below(r, SESSION_SECONDS);
    const uint32_t engine = b->first_engine + gen_random_below(r, b->engines);
    const uint32_t campaign = b->campaigns[gen_random_below(r, 3)];
    const int64_t at = time + later;
    if (at < b->stops && at < plan->options->start + (int64_t)plan->options->days * GEN_DAY)
      arrival_put(plan, room,
                  (gen_arrival){.time = at,
                                .campaign = (uint16_t)campaign,
                                .sender = (uint16_t)botnet,
                                .engine = (uint16_t)engine,
                                .address = address});
  } while (gen_random_chance(r, AGAIN_PERCENT));
}

static void person_writes(gen_plan *plan, uint64_t *room, int64_t time, gen_random *r) {
  const uint32_t person = gen_random_below(r, PEOPLE);
  arrival_put(plan, room,
              (gen_arrival){.time = time,
                            .campaign = GEN_HAM,
                            .sender = (uint16_t)person,
                            .engine = (uint16_t)(person % GEN_CLIENTS),
                            .address = plan->botnets->relays[person % 6]});
}

/* A Poisson process of batches of visits at the highest rate there is, that of twice the botnets'
 * mail, thinned. */
static void arrivals_make(gen_plan *plan) {
  const gen_options *o = plan->options;
  gen_random r;
  gen_random_seed(&r, o->seed, 8);
  gen_batch batch;
  gen_batch_prepare(&batch, o->overdispersion);
  const uint64_t span = (uint64_t)o->days * GEN_DAY * 1000000;
  /* A visit has 1 / (1 - AGAIN_PERCENT) messages in the mean. */
  const uint64_t visits = UINT64_C(86400000000) * 100 / (100 - AGAIN_PERCENT) / o->per_day / 2;
  const uint64_t gap = gen_mul_q32(visits, batch.mean) + 1;
  uint64_t now = 0, room = 0;
  for (;;) {
    now += gen_mul_q32(gen_random_exponential(&r), gap);
    if (now >= span)
      break;
    const int64_t time = o->start + (int64_t)(now / 1000000);
    const bool ham = gen_random_chance(&r, o->ham);
    uint32_t u = gen_random_below(&r, plan->botnets->shares), botnet = 0;
    while (u >= plan->botnets->at[botnet].share)
      u -= plan->botnets->at[botnet++].share;
    const gen_botnet *b = &plan->botnets->at[botnet];
    const bool twice = !ham && b->takes && gen_plan_after(plan, time);
    if (!twice && gen_random_chance(&r, 50))
      continue;
    uint32_t size = ham ? 1 : gen_batch_draw(&batch, &r);
    for (uint32_t i = 0; i < size; i++) {
      if (ham)
        person_writes(plan, &room, time, &r);
      else if (time < b->stops)
        visit(plan, &room, botnet, time, &r);
    }
  }
}

static int compare_arrivals(const void *a, const void *b) {
  const gen_arrival *x = a, *y = b;
  if (x->time != y->time)
    return (x->time > y->time) - (x->time < y->time);
  return (x->order > y->order) - (x->order < y->order);
}

void gen_botnets_make(gen_plan *plan) {
  botnets_place(plan);
  arrivals_make(plan);
  if (plan->count)
    qsort(plan->arrivals, plan->count, sizeof *plan->arrivals, compare_arrivals);
}

void gen_botnets_free(gen_botnets *b) {
  if (b)
    free(b->at);
  free(b);
}

/* --- messages --- */

static void hop_add(gen_message *m, const char *helo, uint32_t ip, const char *by, int64_t time,
                    gen_random *r) {
  char date[GEN_DATE_TEXT];
  gen_date_mail(date, time, 0);
  const uint32_t id = gen_random_between(r, 0x10000000, 0x7fffffff);
  gen_buffer_format(&m->head,
                    "Received: from %s (unknown [%u.%u.%u.%u])\n\tby %s (Postfix) with ESMTP id "
                    "%08X; %s\n",
                    helo, ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255, by, id, date);
  m->hops++;
}

void gen_botnets_message(gen_message *m, const gen_plan *plan, uint64_t number) {
  const gen_arrival *a = &plan->arrivals[number];
  const bool person = a->campaign == GEN_HAM;
  const gen_theme *theme = person ? &gen_theme_list : plan->campaigns[a->campaign].theme;
  const char *host = person ? "lists.example.net" : plan->campaigns[a->campaign].host;
  char date[GEN_DATE_TEXT], domain[48], name[16], relay[40];
  gen_random r;
  layout l;
  gen_random_seed(&r, plan->options->seed, UINT64_C(0x1000000000) + number);
  m->head.len = m->body.len = m->subject.len = m->sender.len = m->id.len = 0;
  m->time = a->time;
  m->origin = a->address;
  m->relayed_from = 0;
  m->hops = 0;
  m->recipients = 1;
  m->forged = false;
  m->mailer = person ? "client" : "engine";
  m->claimed_time = m->time - gen_random_between(&r, 2, 20);
  gen_date_mail(date, m->claimed_time, 3600);
  const char *first = plan->words.word[gen_random_below(&r, GEN_WORDS)];
  const char *second = plan->words.word[gen_random_below(&r, GEN_WORDS)];
  snprintf(domain, sizeof domain, "%s%s.test", first, second);
  snprintf(name, sizeof name, "%c%s", first[0] - 32, first + 1);
  gen_buffer_format(&m->sender, "%s@%s", first, domain);
  gen_expand(&m->subject, theme->subject_without[gen_random_below(&r, 6)], &plan->words, &r, "",
             host);
  if (person) {
    const uint32_t home = 0xc0a80000 | (a->sender + 2u);
    snprintf(relay, sizeof relay, "relay%u.example.com", a->sender % 6u);
    hop_add(m, relay, a->address, "mx.example.org", m->time, &r);
    hop_add(m, "desk", home, relay, m->time - 1, &r);
  } else {
    hop_add(m, first, a->address, "mx.example.org", m->time, &r);
  }
  layout_make(&l, plan, a->engine);
  if (l.shuffles && !person)
    order_shuffle(&l, &r);
  id_make(&m->id, &l, domain, &r);
  layout_write(m, &l, date, name);
  gen_expand(&m->body, theme->text_without[gen_random_below(&r, 8)], &plan->words, &r, "", host);
  gen_buffer_text(&m->body, "\n");
}

void gen_botnets_truth(gen_buffer *out, const gen_plan *plan, uint64_t number) {
  const gen_arrival *a = &plan->arrivals[number];
  if (a->campaign == GEN_HAM) {
    gen_buffer_format(out, ",client-%u,engine-%u,unchanged", a->engine, a->engine);
    return;
  }
  const gen_botnet *b = &plan->botnets->at[a->sender];
  const char *fate = b->takes ? "rose" : "unchanged";
  gen_buffer_format(out, ",botnet-%u,engine-%u,%s", a->sender, a->engine,
                    b->stops < INT64_MAX ? "silent" : fate);
}
