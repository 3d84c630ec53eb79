/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding, then merging in any order and any split, gives the same counts; and the tables made of
 * them. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "table/table.h"

static uint32_t seed = 1;
static uint32_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

typedef struct event {
  int64_t bin;
  char group[160];
  tide_record record;
} event;

static void any_split(void **state) {
  (void)state;
  enum { EVENTS = 5000, SPLITS = 7 };
  event *events = calloc(EVENTS, sizeof *events);
  for (int i = 0; i < EVENTS; i++) {
    events[i].bin = next_random() % 20;
    /* The last of them is longer than what an add may wait with (WAITING_GROUP). */
    unsigned group = next_random() % 9;
    snprintf(events[i].group, sizeof events[i].group, "g%0*u", group == 8 ? 150 : 1, group);
    events[i].record.bytes = next_random() % 1000;
    events[i].record.recipients = next_random() % 4;
    if (next_random() % 5)
      events[i].record.origin = (tide_ip){
          .family = 4, .bytes = {8, 8, (uint8_t)(next_random() % 3), (uint8_t)next_random()}};
  }
  tide_tally *whole, *merged, *parts[SPLITS];
  assert_int_equal(tide_tally_new(&whole), TIDE_OK);
  assert_int_equal(tide_tally_new(&merged), TIDE_OK);
  for (int i = 0; i < SPLITS; i++) {
    at("i = %d", i);
    assert_int_equal(tide_tally_new(&parts[i]), TIDE_OK);
  }
  for (int i = 0; i < EVENTS; i++) {
    tide_span group = tide_span_of(events[i].group);
    tide_tally_add(whole, events[i].bin, group, &events[i].record);
    tide_tally_add(parts[next_random() % SPLITS], events[i].bin, group, &events[i].record);
  }
  assert_int_equal(tide_tally_settle(whole), TIDE_OK);
  for (int i = 0; i < SPLITS; i++) {
    at("i = %d", i);
    assert_int_equal(tide_tally_settle(parts[i]), TIDE_OK);
  }
  for (int i = SPLITS - 1; i >= 0; i--)
    tide_tally_merge(merged, parts[(i * 3) % SPLITS], NULL);
  assert_int_equal(tide_tally_group_count(whole), tide_tally_group_count(merged));
  for (uint32_t g = 0; g < tide_tally_group_count(whole); g++) {
    at("g = %u", g);
    uint32_t other = 0;
    while (!tide_span_equal(tide_tally_group(merged, other), tide_tally_group(whole, g)))
      other++;
    assert_int_equal(tide_tally_group_messages(whole, g), tide_tally_group_messages(merged, other));
    for (int64_t bin = 0; bin < 20; bin++) {
      at("bin = %ld", bin);
      tide_count a = tide_tally_count(whole, bin, g), b = tide_tally_count(merged, bin, other);
      assert_memory_equal(&a, &b, sizeof a);
      /* Against counting by hand. */
      tide_count sum = {0};
      for (int i = 0; i < EVENTS; i++) {
        if (events[i].bin != bin ||
            !tide_span_equal(tide_span_of(events[i].group), tide_tally_group(whole, g)))
          continue;
        sum.messages++;
        sum.bytes += events[i].record.bytes;
        sum.recipients += events[i].record.recipients;
      }
      assert_int_equal(sum.messages, a.messages);
      assert_int_equal(sum.bytes, a.bytes);
      assert_int_equal(sum.recipients, a.recipients);
      bool seen[3][256] = {{false}};
      uint64_t origins = 0;
      for (int i = 0; i < EVENTS; i++) {
        const tide_ip *ip = &events[i].record.origin;
        if (events[i].bin != bin || !ip->family ||
            !tide_span_equal(tide_span_of(events[i].group), tide_tally_group(whole, g)))
          continue;
        origins += !seen[ip->bytes[2]][ip->bytes[3]];
        seen[ip->bytes[2]][ip->bytes[3]] = true;
      }
      assert_int_equal(origins, a.origins);
    }
  }
  tide_tally_free(whole);
  tide_tally_free(merged);
  for (int i = 0; i < SPLITS; i++)
    tide_tally_free(parts[i]);
  free(events);
}

static void groups(void **state) {
  (void)state;
  tide_buffer b = {0};
  tide_group_put(&b, SPAN("a"));
  tide_group_put(&b, SPAN(""));
  tide_group_put(&b, SPAN("b\0c"));
  tide_span rest = tide_buffer_span(&b), value;
  assert_true(tide_group_take(&rest, &value));
  assert_span_equal(value, "a");
  assert_true(tide_group_take(&rest, &value));
  assert_int_equal(value.len, 0);
  assert_true(tide_group_take(&rest, &value));
  assert_int_equal(value.len, 3);
  assert_false(tide_group_take(&rest, &value));
  tide_buffer_free(&b);
}

static void periods(void **state) {
  (void)state;
  const int64_t e = 1226439000, day = 86400;
  tide_windows none = {0}, open = {.has_event = true, .event = e},
               w = {.has_event = true,
                    .event = e,
                    .has_before = true,
                    .has_after = true,
                    .before = 7 * day,
                    .after = 7 * day,
                    .washout = day};
  assert_int_equal(tide_windows_period_at(&none, e), TIDE_PERIOD_NONE);
  assert_int_equal(tide_windows_period_at(&open, e - 1), TIDE_PERIOD_BEFORE);
  assert_int_equal(tide_windows_period_at(&open, e), TIDE_PERIOD_AFTER);
  assert_int_equal(tide_windows_period_at(&open, -62135596800), TIDE_PERIOD_BEFORE);
  assert_int_equal(tide_windows_period_at(&w, e - 7 * day), TIDE_PERIOD_BEFORE);
  assert_int_equal(tide_windows_period_at(&w, e - 7 * day - 1), TIDE_PERIOD_OUTSIDE);
  assert_int_equal(tide_windows_period_at(&w, e - 1), TIDE_PERIOD_BEFORE);
  assert_int_equal(tide_windows_period_at(&w, e), TIDE_PERIOD_OUTSIDE);
  assert_int_equal(tide_windows_period_at(&w, e + day - 1), TIDE_PERIOD_OUTSIDE);
  assert_int_equal(tide_windows_period_at(&w, e + day), TIDE_PERIOD_AFTER);
  assert_int_equal(tide_windows_period_at(&w, e + 8 * day - 1), TIDE_PERIOD_AFTER);
  assert_int_equal(tide_windows_period_at(&w, e + 8 * day), TIDE_PERIOD_OUTSIDE);
  assert_int_equal(tide_windows_period_of(&w, (tide_bin){e - 100, e + 100}), TIDE_PERIOD_DURING);
  assert_int_equal(tide_windows_period_of(&w, (tide_bin){e, e + 100}), TIDE_PERIOD_OUTSIDE);
  assert_int_equal(tide_windows_period_of(&open, (tide_bin){e, e + 100}), TIDE_PERIOD_AFTER);
  assert_int_equal(tide_windows_period_of(&w, (tide_bin){e - 7 * day - 1, e - 6 * day}),
                   TIDE_PERIOD_OUTSIDE);
  assert_int_equal(tide_windows_period_of(&w, (tide_bin){e - day, e}), TIDE_PERIOD_BEFORE);
  /* Windows beyond the range of time. */
  tide_windows far = {.has_event = true,
                      .event = e,
                      .has_before = true,
                      .has_after = true,
                      .before = INT64_MAX,
                      .after = INT64_MAX};
  assert_int_equal(tide_windows_period_at(&far, e + 1), TIDE_PERIOD_AFTER);
  assert_int_equal(tide_windows_period_at(&far, e - 1), TIDE_PERIOD_BEFORE);
}

/* Slots count back from the event and on from the washout, and hold every second of the windows
 * once. */
static void slots(void **state) {
  (void)state;
  const tide_windows w = {.has_event = true,
                          .event = 1000000,
                          .has_before = true,
                          .has_after = true,
                          .before = 2 * 86400 + 3600,
                          .after = 86400 + 60,
                          .washout = 5000};
  static const struct {
    int64_t from_event, slot;
    bool inside;
  } cases[] = {{-1, -1, true},      {-86400, -1, true},  {-86401, -2, true}, {-172801, -3, true},
               {-176400, -3, true}, {-176401, 0, false}, {0, 0, false},      {4999, 0, false},
               {5000, 0, true},     {91399, 0, true},    {91400, 1, true},   {91459, 1, true},
               {91460, 0, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %ld s from the event", i, (long)cases[i].from_event);
    int64_t slot, time = w.event + cases[i].from_event;
    tide_bin lasts;
    assert_int_equal(tide_windows_slot(&w, time, &slot, &lasts), cases[i].inside);
    if (!cases[i].inside)
      continue;
    assert_int_equal(slot, cases[i].slot);
    assert_true(lasts.start <= time && time < lasts.end);
    int64_t other;
    tide_bin same;
    assert_true(tide_windows_slot(&w, lasts.start, &other, &same) && other == slot);
    assert_true(tide_windows_slot(&w, lasts.end - 1, &other, &same) && other == slot);
    assert_true(!tide_windows_slot(&w, lasts.end, &other, &same) || other != slot);
  }
  assert_int_equal(tide_day_of(100, 99), -1);
  assert_int_equal(tide_day_of(100, 100), 0);
  assert_int_equal(tide_day_of(100, 100 - 86400), -1);
  assert_int_equal(tide_day_of(100, 99 - 86400), -2);
  assert_int_equal(tide_day_from(100, 100), 0);
  assert_int_equal(tide_day_from(100, 101), 1);
  assert_int_equal(tide_day_from(100, 100 - 86400), -1);
  assert_int_equal(tide_day_from(100, 101 - 86400), 0);
  assert_int_equal(tide_day_from(INT64_MAX, INT64_MIN), -(INT64_MAX / 86400));
}

/* A window ends where the archive does. Times are days from the event; the windows are 28 days, and
 * the washout one. */
static void clip(void **state) {
  (void)state;
  const double day = 86400;
  static const struct {
    double first, last, since, until; /* 0: no since, no until */
    double before, after;
  } cases[] = {
      {-40, 40, 0, 0, 28, 28},
      {-28, 29, 0, 0, 28, 28},
      {-27.1, 28.1, 0, 0, 28, 28}, /* less than a day: mail comes when it comes */
      {-27, 27.99, 0, 0, 27, 26},
      {-26.5, 27.5, 0, 0, 26, 26},
      {-1.5, 2.5, 0, 0, 1, 1},
      {-0.5, 1.5, 0, 0, 1, 1}, /* no whole day: what there is of one */
      {0, 0.5, 0, 0, 0, 0},
      {-26.5, 27.5, -27, 28, 27, 27},
      {-26.5, 27.5, -26.75, 27.75, 26.75, 26.75},
      {-26.5, 27.5, -100, 100, 26, 26}, /* they say nothing about the archive */
      {-0.25, 0.5, -0.5, 0.75, 0.5, 0},
  };
  const tide_windows w = {.has_event = true,
                          .event = 1000000000,
                          .has_before = true,
                          .has_after = true,
                          .before = 28 * 86400,
                          .after = 28 * 86400,
                          .washout = 86400};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: days %g to %g", i, (double)cases[i].first, (double)cases[i].last);
    const tide_extent e = {.any = true,
                           .first = w.event + (int64_t)(cases[i].first * day),
                           .last = w.event + (int64_t)(cases[i].last * day),
                           .has_since = cases[i].since != 0,
                           .has_until = cases[i].until != 0,
                           .since = w.event + (int64_t)(cases[i].since * day),
                           .until = w.event + (int64_t)(cases[i].until * day)};
    const tide_windows got = tide_windows_clip(&w, &e);
    if (got.before != (int64_t)(cases[i].before * day) ||
        got.after != (int64_t)(cases[i].after * day))
      fail_msg("case %zu: %.4f and %.4f days", i, (double)got.before / day,
               (double)got.after / day);
    assert_true(got.event == w.event && got.washout == w.washout);
  }
  const tide_windows whole = tide_windows_clip(&w, &(tide_extent){.any = false});
  assert_true(whole.before == w.before && whole.after == w.after);
}

static int64_t half(const void *context, int64_t bin) {
  (void)context;
  return bin / 2;
}

/* Bins that become one have sums, and origins that are distinct in both together. */
static void rebin(void **state) {
  (void)state;
  tide_tally *t, *made;
  assert_int_equal(tide_tally_new(&t), TIDE_OK);
  tide_record r = {.bytes = 10, .recipients = 2, .origin = {.family = 4, .bytes = {192, 0, 2, 1}}},
              v6 = {.bytes = 1, .origin = {.family = 6, .bytes = {0x20, 1}}};
  for (int64_t bin = 0; bin < 4; bin++) {
    r.origin.bytes[3] = (uint8_t)(bin == 3);
    tide_tally_add(t, bin, SPAN("a"), &r);
    tide_tally_add(t, bin, SPAN("a"), &v6);
    if (bin > 1)
      tide_tally_add(t, bin, SPAN("b"), &r);
  }
  assert_int_equal(tide_tally_settle(t), TIDE_OK);
  assert_int_equal(tide_tally_remake(t, NULL, half, NULL, &made), TIDE_OK);
  for (uint32_t g = 0; g < 2; g++) {
    at("g = %u", g);
    assert_true(tide_span_equal(tide_tally_group(t, g), tide_tally_group(made, g)));
  }
  tide_count first = tide_tally_count(made, 0, 0), second = tide_tally_count(made, 1, 0),
             b = tide_tally_count(made, 1, 1);
  assert_int_equal(first.messages, 4);
  assert_int_equal(first.bytes, 22);
  assert_int_equal(first.recipients, 4);
  assert_int_equal(first.origins, 2);
  assert_int_equal(second.origins, 3);
  assert_int_equal(b.messages, 2);
  assert_int_equal(b.origins, 2);
  assert_int_equal(tide_tally_count(made, 0, 1).messages, 0);
  tide_tally_free(t);
  tide_tally_free(made);
}

static void sum_bins(void *context, int64_t bin, const tide_count *n) {
  int64_t *sums = context;
  sums[0] += bin < TIDE_TALLY_ASIDE ? bin - TIDE_TALLY_ASIDE : bin;
  sums[1] += (int64_t)n->messages;
}

/* What is kept aside has counts, and is none of the messages that groups are chosen by; also after
 * a merge. */
static void aside(void **state) {
  (void)state;
  tide_tally *t, *top;
  tide_record r = {.bytes = 10};
  tide_buffer group = {0};
  assert_int_equal(tide_tally_new(&t), TIDE_OK);
  for (int i = 0; i < 40; i++) {
    at("i = %d", i);
    tide_buffer_clear(&group);
    tide_group_put(&group, i % 4 ? SPAN("old") : SPAN("new"));
    assert_int_equal(
        tide_tally_add(t, i % 4 ? TIDE_TALLY_ASIDE - 1 - i : i, tide_buffer_span(&group), &r),
        TIDE_OK);
  }
  assert_int_equal(tide_tally_settle(t), TIDE_OK);
  assert_int_equal(tide_tally_top(t, 1, 1, &top), TIDE_OK);
  for (uint32_t g = 0; g < 2; g++) {
    at("g = %u", g);
    tide_span bytes = tide_tally_group(top, g), value;
    assert_true(tide_group_take(&bytes, &value));
    const bool is_new = tide_span_equal(value, SPAN("new"));
    int64_t sums[2] = {0};
    tide_tally_each(top, g, sum_bins, sums);
    assert_int_equal(tide_tally_group_messages(top, g), is_new ? 10 : 0);
    assert_int_equal(sums[1], is_new ? 10 : 30);
    assert_int_equal(sums[0], is_new ? 180 : -630);
  }
  tide_tally_free(top);
  tide_tally_free(t);
  tide_buffer_free(&group);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(slots),  cmocka_unit_test(clip),
                                     cmocka_unit_test(rebin),  cmocka_unit_test(any_split),
                                     cmocka_unit_test(groups), cmocka_unit_test(periods),
                                     cmocka_unit_test(aside)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
