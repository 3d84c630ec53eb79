/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "botnets.h"
#include "plan.h"
#include "calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each hour's part of the day (UTC), 64 on average. Bots hardly sleep; a list keeps office hours on
 * the American east coast. */
static const uint8_t spam_hours[24] = {62, 61, 60, 60, 59, 59, 60, 61, 62, 63, 64, 65,
                                       66, 67, 68, 69, 69, 69, 68, 67, 66, 65, 64, 62};
static const uint8_t ham_hours[24] = {64, 52,  44,  36,  28,  20,  16,  16, 20, 28, 40, 60,
                                      84, 104, 116, 120, 116, 108, 104, 96, 84, 68, 56, 56};
enum { SPAM_PEAK = 69, HAM_PEAK = 120, BURST_SECONDS = 120, ARRIVALS_MAX = 50000000 };

static const char *const given_names[] = {"Alba",  "Bruno", "Carla", "Dario", "Edda",  "Falk",
                                          "Gerd",  "Hanna", "Ilse",  "Joost", "Karin", "Lars",
                                          "Mirko", "Nadia", "Olaf",  "Petra"};
static const char *const domains[] = {"example.com", "example.net", "example.org"};

bool gen_plan_after(const gen_plan *plan, int64_t time) {
  return plan->options->has_event && time >= plan->options->event;
}

uint32_t gen_public_address(gen_random *r) {
  for (;;) {
    uint32_t a = (uint32_t)(gen_random_next(r) >> 32);
    uint32_t top = a >> 24, second = a >> 16 & 255, three = a >> 8;
    if (top == 0 || top == 10 || top == 127 || top >= 224)
      continue;
    if (top == 100 && second >= 64 && second <= 127)
      continue; /* RFC 6598 */
    if (top == 169 && second == 254)
      continue; /* RFC 3927 */
    if (top == 172 && second >= 16 && second <= 31)
      continue; /* RFC 1918 */
    if (top == 192 && second == 168)
      continue; /* RFC 1918 */
    if (top == 198 && (second == 18 || second == 19))
      continue; /* RFC 2544 */
    if (three == 0xc00000 || three == 0xc05863)
      continue; /* 192.0.0, 192.88.99 */
    if (three == 0xc01fc4 || three == 0xc034c1 || three == 0xc0af30)
      continue; /* AS112 and AMT */
    if (three == 0xc00002 || three == 0xc63364 || three == 0xcb0071)
      continue; /* RFC 5737 */
    if ((a & 255) == 0 || (a & 255) == 255)
      continue;
    return a;
  }
}

static int compare_addresses(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Distinct addresses in no particular order: drawn, sorted, thinned of doubles until there are
 * enough, and shuffled. */
static void make_pool(gen_plan *plan, uint32_t size) {
  gen_random r;
  gen_random_seed(&r, plan->options->seed, 2);
  plan->list_ip = gen_public_address(&r);
  uint32_t *pool = gen_alloc(size, sizeof *pool), have = 0;
  while (have < size) {
    for (uint32_t i = have; i < size; i++)
      pool[i] = gen_public_address(&r);
    qsort(pool, size, sizeof *pool, compare_addresses);
    have = 0;
    for (uint32_t i = 0; i < size; i++)
      if (pool[i] != plan->list_ip && (have == 0 || pool[i] != pool[have - 1]))
        pool[have++] = pool[i];
  }
  for (uint32_t i = size; i > 1; i--) {
    uint32_t j = gen_random_below(&r, i), keep = pool[j];
    pool[j] = pool[i - 1];
    pool[i - 1] = keep;
  }
  plan->pool = pool;
  plan->pool_size = size;
}

static void make_campaigns(gen_plan *plan) {
  const gen_options *o = plan->options;
  gen_random r;
  gen_random_seed(&r, o->seed, 4);
  plan->campaigns = gen_alloc(o->campaigns, sizeof *plan->campaigns);
  for (uint32_t i = 0; i < o->campaigns; i++) {
    gen_campaign *c = &plan->campaigns[i];
    c->theme = &gen_themes[i % GEN_THEMES];
    c->kind = (gen_rule_kind)(i % 4);
    gen_brand_make(c->brand[0], o->seed, 2 * i);
    gen_brand_make(c->brand[1], o->seed, 2 * i + 1);
    snprintf(c->name, sizeof c->name, "%s-%s", c->theme->name, c->brand[0]);
    const char *first = plan->words.word[gen_random_below(&r, GEN_WORDS)];
    const char *second = plan->words.word[gen_random_below(&r, GEN_WORDS)];
    snprintf(c->host, sizeof c->host, "www.%s%s.%s", first, second,
             gen_random_chance(&r, 50) ? "test" : "invalid");
    c->share = 100000 / (i + 3); /* some large, many small */
    c->mailer = gen_random_next(&r) >> 40 & 0xff;
    plan->shares += c->share;
  }
  plan->shares_after = plan->shares;
  if (!o->has_event)
    return;
  /* What vanishes is a part of the fall, so that those who stay fall too. */
  uint64_t room = (uint64_t)plan->shares * o->drop * 7 / 1000;
  for (uint32_t i = 1; i < o->campaigns; i += 3) {
    gen_campaign *c = &plan->campaigns[i];
    if (c->share > room)
      continue;
    room -= c->share;
    plan->shares_after -= c->share;
    c->vanishes = true;
  }
}

static void share_pool(gen_plan *plan) {
  const gen_options *o = plan->options;
  uint32_t spam = 100 - o->ham;
  plan->forged_share = 0;
  if (spam > 0)
    plan->forged_share = o->forged >= spam ? 10000 : o->forged * 10000 / spam;
  uint32_t at = 0, left = plan->shares;
  for (uint32_t i = 0; i < o->campaigns; i++) {
    gen_campaign *c = &plan->campaigns[i];
    uint32_t others = o->campaigns - i - 1, rest = plan->pool_size - at;
    uint32_t size = (uint32_t)((uint64_t)rest * c->share / left);
    if (size < 1)
      size = 1;
    if (size > rest - others)
      size = rest - others;
    left -= c->share;
    c->pool = at;
    c->pool_size = size;
    c->pool_forged = (uint32_t)((uint64_t)size * plan->forged_share / 10000);
    if (plan->forged_share > 0 && plan->forged_share < 10000 && size > 1) {
      if (c->pool_forged < 1)
        c->pool_forged = 1;
      if (c->pool_forged > size - 1)
        c->pool_forged = size - 1;
    }
    at += size;
  }
}

static void make_authors(gen_plan *plan) {
  gen_random r;
  gen_random_seed(&r, plan->options->seed, 5);
  for (int i = 0; i < GEN_AUTHORS; i++) {
    gen_author *a = &plan->authors[i];
    const char *given = given_names[i % 16],
               *word = plan->words.word[gen_random_below(&r, GEN_WORDS)];
    const char *domain = domains[gen_random_below(&r, 3)];
    snprintf(a->name, sizeof a->name, "%s %c%s", given, word[0] - 32, word + 1);
    snprintf(a->address, sizeof a->address, "%s.%s@%s", given, word, domain);
    a->address[0] = (char)(a->address[0] + 32);
    snprintf(a->host, sizeof a->host, "smtp%d.%s", i, domain);
    a->ip = gen_public_address(&r);
    a->mailer = gen_random_below(&r, 256);
  }
}

/* The spam rate, in units of 2^-16 of the rate before the event. */
static uint32_t spam_level(const gen_options *o, int64_t time) {
  if (!o->has_event || time < o->event)
    return 65536;
  uint64_t fall = (uint64_t)o->drop * 65536 / 100;
  if (o->recovery_days) {
    int64_t whole = (int64_t)o->recovery_days * GEN_DAY, since = time - o->event;
    fall = since >= whole ? 0 : fall * (uint64_t)(whole - since) / (uint64_t)whole;
  }
  return (uint32_t)(65536 - fall);
}

static uint16_t pick_campaign(const gen_plan *plan, gen_random *r, bool after) {
  uint32_t u = gen_random_below(r, after ? plan->shares_after : plan->shares);
  for (uint32_t i = 0;; i++) {
    const gen_campaign *c = &plan->campaigns[i];
    if (after && c->vanishes)
      continue;
    if (u < c->share)
      return (uint16_t)i;
    u -= c->share;
  }
}

static int compare_arrivals(const void *a, const void *b) {
  const gen_arrival *x = a, *y = b;
  if (x->time != y->time)
    return (x->time > y->time) - (x->time < y->time);
  return (x->order > y->order) - (x->order < y->order);
}

/* A Poisson process of batches at the highest rate there is, thinned to the rate of the moment
 * (Lewis and Shedler 1979); with a number of messages asked for, the same given its total: batches
 * at uniform moments until there are enough. */
static void make_arrivals(gen_plan *plan) {
  const gen_options *o = plan->options;
  gen_random r;
  gen_random_seed(&r, o->seed, 1);
  gen_batch batch;
  gen_batch_prepare(&batch, o->overdispersion);
  const uint32_t spam = 100 - o->ham;
  const uint32_t peak = spam * SPAM_PEAK + o->ham * HAM_PEAK; /* average: 100 * 64 */
  const uint64_t span = (uint64_t)o->days * GEN_DAY * 1000000;
  uint64_t gap = 0, now = 0, room = 0;
  if (o->per_day)
    gap = gen_mul_q32(UINT64_C(86400000000) * 6400 / peak / o->per_day, batch.mean);
  if (o->per_day && gap == 0)
    gap = 1;
  for (;;) {
    if (o->messages) {
      if (plan->count >= o->messages)
        break;
      now = gen_random_below64(&r, span);
    } else {
      now += gen_mul_q32(gen_random_exponential(&r), gap);
      if (now >= span)
        break;
    }
    const int64_t time = o->start + (int64_t)(now / 1000000);
    const int64_t clock = ((time % GEN_DAY) + GEN_DAY) % GEN_DAY;
    const uint32_t level = spam_level(o, time);
    const uint32_t ham_now = o->ham * ham_hours[clock / 3600] << 14;
    const uint32_t spam_now = (spam * spam_hours[clock / 3600]) * (level >> 2);
    const uint32_t u = gen_random_below(&r, peak << 14);
    if (u >= ham_now + spam_now)
      continue;
    const bool after = gen_plan_after(plan, time);
    const uint16_t campaign = u < ham_now ? GEN_HAM : pick_campaign(plan, &r, after);
    int64_t end = o->start + (int64_t)o->days * GEN_DAY;
    if (o->has_event && !after && o->event < end)
      end = o->event; /* a burst does not run over the event */
    uint32_t size = gen_batch_draw(&batch, &r);
    if (o->messages && size > o->messages - plan->count)
      size = (uint32_t)(o->messages - plan->count);
    for (uint32_t i = 0; i < size; i++) {
      int64_t at = time + (i ? (int64_t)gen_random_below(&r, BURST_SECONDS) : 0);
      if (at >= end)
        at = end - 1;
      if (plan->count == room) {
        if (room >= ARRIVALS_MAX)
          gen_die("more than %d messages", ARRIVALS_MAX);
        room = room ? room * 2 : 1024;
        plan->arrivals = realloc(plan->arrivals, room * sizeof *plan->arrivals);
        if (!plan->arrivals)
          gen_die("out of memory");
      }
      plan->arrivals[plan->count] =
          (gen_arrival){.time = at, .order = (uint32_t)plan->count, .campaign = campaign};
      plan->count++;
    }
  }
  if (plan->count)
    qsort(plan->arrivals, plan->count, sizeof *plan->arrivals, compare_arrivals);
}

void gen_plan_make(gen_plan *plan, const gen_options *options) {
  *plan = (gen_plan){.options = options};
  gen_words_make(&plan->words, options->seed);
  make_authors(plan);
  make_campaigns(plan);
  if (options->botnets) {
    gen_botnets_make(plan);
    return;
  }
  make_arrivals(plan);
  uint32_t size = options->origins;
  if (!size)
    size = plan->count / 3 < 100 ? 100 : (uint32_t)(plan->count / 3); /* a bot sends a few each */
  if (size < options->campaigns)
    size = options->campaigns;
  make_pool(plan, size);
  share_pool(plan);
}

void gen_plan_free(gen_plan *plan) {
  gen_botnets_free(plan->botnets);
  free(plan->campaigns);
  free(plan->pool);
  free(plan->arrivals);
}
