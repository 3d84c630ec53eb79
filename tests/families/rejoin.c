/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How strict joining by senders is, on real mail of which nobody knows who belongs together. Run by
 * tests/families/measure --join.
 *
 *   rejoin ROUNDS <mail       lines of FINGERPRINT TAB ADDRESS, of messages that came by themselves
 *
 * Prints, after tabs: pairs that are joined as the mail is; archives of ROUNDS in which any pair is
 * joined when the addresses are shuffled, so that nobody belongs together: among one message for
 * each address and fingerprint that had any, and among all messages (which gives an address that
 * sent many messages of one program many programs); and, with the messages of one fingerprint at a
 * time dealt to two names by chance, ten times, which ought to be joined: cases in which the two
 * had 1, 2, and 3 or more addresses in common, and how many of each were joined. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ip.h"
#include "families/families.h"

enum { LINE = 256, NAME = 15 };

typedef struct mail {
  char name[NAME + 1];
  tide_ip address;
} mail;

typedef struct archive {
  mail *at;
  size_t count;
} archive;

static uint64_t state = 88172645463325252u;

/* xorshift64 (Marsaglia 2003) */
static uint64_t draw(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void must(bool done, const char *what) {
  if (!done) {
    fprintf(stderr, "rejoin: %s\n", what);
    exit(1);
  }
}

static void archive_read(archive *a) {
  char line[LINE];
  size_t cap = 0;
  while (fgets(line, sizeof line, stdin)) {
    char *tab = strchr(line, '\t');
    mail m = {.name = ""};
    if (!tab || tab - line > NAME)
      continue;
    memcpy(m.name, line, (size_t)(tab - line));
    if (!tide_ip_parse(tide_span_make(tab + 1, strcspn(tab + 1, "\n")), &m.address))
      continue;
    if (a->count == cap) {
      cap = cap ? cap * 2 : 1024;
      a->at = realloc(a->at, cap * sizeof *a->at);
      must(a->at, "out of memory");
    }
    a->at[a->count++] = m;
  }
}

static tide_senders *senders_of(const archive *a) {
  static const tide_field_context context;
  const tide_senders_options options = {0};
  tide_senders *s;
  must(tide_senders_new(&options, &s) == TIDE_OK, "out of memory");
  for (size_t i = 0; i < a->count; i++) {
    tide_record r = {.fingerprint = tide_span_of(a->at[i].name),
                     .fingerprint_layout = tide_span_of(a->at[i].name),
                     .source = SPAN("mail"),
                     .offset = i,
                     .has_time = true,
                     .origin = a->at[i].address,
                     .chain_verdict = TIDE_CHAIN_DIRECT};
    must(tide_senders_add(s, &r, &context) == TIDE_OK, "out of memory");
  }
  must(tide_senders_settle(s) == TIDE_OK, "out of memory");
  return s;
}

static uint64_t joined(const archive *a) {
  tide_senders *s = senders_of(a);
  tide_families f;
  must(tide_families_find(s, NULL, &f) == TIDE_OK, "out of memory");
  const uint64_t pairs = f.joined;
  tide_families_free(&f);
  tide_senders_free(s);
  return pairs;
}

static void shuffle(archive *a) {
  for (size_t i = a->count; i > 1; i--) {
    const size_t k = draw() % i;
    tide_ip kept = a->at[i - 1].address;
    a->at[i - 1].address = a->at[k].address;
    a->at[k].address = kept;
  }
}

static int name_compare(const void *x, const void *y) {
  const mail *a = x, *b = y;
  const int order = strcmp(a->name, b->name);
  return order ? order : memcmp(&a->address, &b->address, sizeof a->address);
}

/* How many addresses two runs of mail, each sorted by address, have in common. */
static size_t common(const archive *a, char first, char second) {
  size_t count = 0;
  for (size_t from = 0, to; from < a->count; from = to) {
    bool one = false, other = false;
    for (to = from;
         to < a->count && memcmp(&a->at[from].address, &a->at[to].address, sizeof(tide_ip)) == 0;
         to++) {
      one |= a->at[to].name[0] == first;
      other |= a->at[to].name[0] == second;
    }
    count += one && other;
  }
  return count;
}

static size_t rounds_joined(archive *a, long rounds) {
  size_t any = 0;
  for (long i = 0; i < rounds; i++) {
    shuffle(a);
    any += joined(a) > 0;
  }
  return any;
}

/* One message of each fingerprint and address. The archive is sorted by these. */
static void archive_keep_first(archive *a) {
  size_t kept = 0;
  for (size_t i = 0; i < a->count; i++)
    if (!kept || name_compare(&a->at[kept - 1], &a->at[i]) != 0)
      a->at[kept++] = a->at[i];
  a->count = kept;
}

int main(int argc, char **argv) {
  enum { MOST = 3, DEALS = 10 };
  static const char halves[] = "XY"; /* no fingerprint begins so */
  const long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
  archive a = {0}, copy;
  size_t cases[MOST + 1] = {0}, found[MOST + 1] = {0};
  must(rounds > 0, "usage: rejoin ROUNDS <mail");
  archive_read(&a);
  must(a.count > 0, "no mail");
  copy.count = a.count;
  copy.at = malloc(a.count * sizeof *copy.at);
  must(copy.at, "out of memory");
  const uint64_t before = joined(&a);
  memcpy(copy.at, a.at, a.count * sizeof *a.at);
  const size_t any_of_all = rounds_joined(&copy, rounds);
  qsort(a.at, a.count, sizeof *a.at, name_compare);
  memcpy(copy.at, a.at, a.count * sizeof *a.at);
  archive_keep_first(&copy);
  const size_t any = rounds_joined(&copy, rounds);
  copy.count = a.count;
  for (size_t from = 0, to; from < a.count; from = to) {
    for (to = from + 1; to < a.count && strcmp(a.at[from].name, a.at[to].name) == 0;)
      to++;
    if (to - from < 2 || a.at[from].name[0] == 0)
      continue;
    for (int deal = 0; deal < DEALS; deal++) {
      memcpy(copy.at, a.at, a.count * sizeof *a.at);
      for (size_t i = from; i < to; i++)
        copy.at[i].name[0] = halves[draw() >> 32 & 1];
      const archive dealt = {copy.at + from, to - from};
      size_t shared = common(&dealt, halves[0], halves[1]);
      if (shared > MOST)
        shared = MOST;
      cases[shared]++;
      if (shared)
        found[shared] += joined(&copy) > before;
    }
  }
  printf("%llu\t%zu\t%zu", (unsigned long long)before, any, any_of_all);
  for (int i = 1; i <= MOST; i++)
    printf("\t%zu\t%zu", cases[i], found[i]);
  printf("\n");
  free(copy.at);
  free(a.at);
  return 0;
}
