/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often compare's interval and p-value are right on real daily series: at dates when nothing
 * was done, and with changes made by thinning what came after. Prints rows of a table in Markdown.
 *
 *   calibrate [trend|short|dates|wait|course|control|unlike] SERIES.csv...
 *
 * A series is what `timeline --bin day` writes. With the word short only so many days before a date
 * are known, the window before among them; with dates it is all dates of all series together; with
 * wait it is the test of silence that is measured, on streams made by thinning; with unlike it is
 * other archives, made of the series; with course the weeks after a date, with control each series
 * with each as its control.
 */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daily.h"
#include "stats/gaps.h"
#include "stats/reference.h"
#include "stats/wait.h"

enum { STEP = 7, WINDOW_MOST = 112, FACTORS = 4, MESSAGES_LEAST = 20 };

static const double factors[FACTORS] = {1, 0.9, 0.7, 0.35};

enum { WINDOWS = 3 };
static const size_t windows_asked[WINDOWS] = {14, 28, 56};

static double control[DAYS_MOST];
static bool gap[DAYS_MOST];

/* Gaps of the series that was read into days: they are left out. */
static bool gaps_mark(const double *values) {
  tide_gap *gaps;
  size_t found;
  if (tide_gaps_find(values, count, &gaps, &found) != TIDE_OK)
    return false;
  for (size_t i = 0; i < found; i++)
    for (size_t d = gaps[i].from; d < gaps[i].to; d++)
      gap[d] = true;
  free(gaps);
  return true;
}

static bool series_read(const char *path) {
  char first[32];
  memset(gap, 0, sizeof gap);
  return values_read(path, "", days, first) && gaps_mark(days);
}

/* A series and another as its control, of the days that both have. */
static bool pair_read(const char *path, const char *other) {
  char first[2][32];
  memset(gap, 0, sizeof gap);
  if (!values_read(path, "", days, first[0]) || !values_read(other, "", control, first[1]))
    return false;
  const char *from = strcmp(first[0], first[1]) < 0 ? first[1] : first[0];
  char ignored[32];
  if (!values_read(path, from, days, ignored))
    return false;
  const size_t own = count;
  if (!values_read(other, from, control, ignored))
    return false;
  if (count > own)
    count = own;
  return gaps_mark(days) && gaps_mark(control);
}

static size_t gaps_within(size_t from, size_t to) {
  size_t sum = 0;
  for (size_t i = from; i < to; i++)
    sum += gap[i];
  return sum;
}

static double sum_of(const double *values, size_t length) {
  double sum = 0;
  for (size_t i = 0; i < length; i++)
    sum += values[i];
  return sum;
}

typedef struct tally {
  size_t dates, with_reference, alarms;
  size_t held[FACTORS], found; /* found: the fall by the last of the factors */
  double width;
} tally;

static void tally_take(tally *t, const tide_contrast *c, size_t factor) {
  double truth = factors[factor];
  t->held[factor] += c->low <= truth && truth <= c->high;
  t->found += factor == FACTORS - 1 && c->p < 0.05;
  if (factor)
    return;
  t->dates++;
  t->alarms += c->p < 0.05;
  t->width += log(c->high / c->low);
}

static void row_print(const char *name, size_t window, const char *method, const tally *t) {
  double n = (double)t->dates;
  printf("| %s | %zu+%zu | %s | %zu | %.1f %% |", name, window, window, method, t->dates,
         100 * (double)t->alarms / n);
  for (size_t f = 0; f < FACTORS; f++)
    printf(" %.1f %% |", 100 * (double)t->held[f] / n);
  printf(" %.0f %% | %.2f |\n", 100 * (double)t->found / n, exp(t->width / n));
}

/* What compare says of a series whose history is known: the model's contrast, widened. */
static void history_take(const tide_reference *history, const tide_series *series, size_t window,
                         tide_contrast *c) {
  const double before = sum_of(series->value, window),
               after = sum_of(series->value + window, window), length = (double)window;
  const tide_reference_few few = {(uint64_t)before, (uint64_t)after, length, length};
  const bool exact = strcmp(c->method, "exact") == 0;
  tide_reference r = *history;
  tide_reference_presume(&r, exact
                                 ? tide_reference_presumed_few(before, after, c->dispersion, length)
                                 : tide_reference_presumed(c->standard_error * c->standard_error,
                                                           1 / before + 1 / after, length));
  if (exact)
    tide_reference_calibrate_exact(&r, &few, 0.95, c);
  else
    tide_reference_calibrate(&r, before, after, 0.95, c);
}

/* With --trend: the reference of the model's own step. */
static bool with_trend;

static int window_measure(const char *name, size_t window, gsl_rng *random) {
  tally model = {0}, calibrated = {0};
  double value[2 * WINDOW_MOST], length[2 * WINDOW_MOST], start[2 * WINDOW_MOST];
  tide_series series = {2 * window, value, length, start};
  const tide_contrast_options options = {.confidence = 0.95, .trend = with_trend};
  const tide_reference_windows windows = {window, 0, window};
  for (size_t i = 0; i < 2 * window; i++) {
    length[i] = 1;
    start[i] = (double)i - (double)window;
  }
  for (size_t date = TIDE_REFERENCE_WINDOWS * window; date + window <= count; date += STEP) {
    if (gaps_within(date - window, date + window))
      continue;
    double before = sum_of(days + date - window, window), after = sum_of(days + date, window);
    if (before < MESSAGES_LEAST || after < MESSAGES_LEAST)
      continue;
    tide_history history = {date, days, gap, NULL};
    tide_reference reference;
    if (tide_reference_estimate(&history, &windows, TIDE_QUANTITY_COUNT, &reference) != TIDE_OK ||
        (with_trend && tide_reference_estimate_step(&history, &windows, TIDE_QUANTITY_COUNT,
                                                    &options, &reference) != TIDE_OK))
      return 1;
    if (!reference.dates)
      continue;
    for (size_t f = 0; f < FACTORS; f++) {
      tide_contrast c;
      for (size_t i = 0; i < 2 * window; i++)
        value[i] = days[date - window + i];
      for (size_t i = window; i < 2 * window && f; i++)
        value[i] = gsl_ran_binomial(random, factors[f], (unsigned)value[i]);
      if (tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
        return 1;
      tally_take(&model, &c, f);
      double step, noise;
      if (with_trend && tide_contrast_step(&series, &options, &step, &noise) != TIDE_OK)
        return 1;
      if (with_trend) {
        tide_reference r = reference;
        tide_reference_presume(&r, tide_reference_presumed(c.standard_error * c.standard_error,
                                                           noise, (double)window));
        tide_reference_calibrate_step(&r, noise, options.confidence, &c);
      } else {
        history_take(&reference, &series, window, &c);
      }
      tally_take(&calibrated, &c, f);
    }
  }
  if (!calibrated.dates)
    return 0;
  row_print(name, window, "model of days alone", &model);
  row_print(name, window, "with the archive's history", &calibrated);
  return 0;
}

/* --- short history --- */

enum { HISTORIES = 4 };
static const size_t known_days[HISTORIES] = {0, 60, 120, 365};

/* The days about a date, those after it thinned by a factor. */
typedef struct sides {
  double value[2 * WINDOW_MOST], length[2 * WINDOW_MOST], start[2 * WINDOW_MOST];
} sides;

static tide_series sides_draw(sides *s, size_t date, size_t window, size_t f, gsl_rng *random) {
  for (size_t i = 0; i < 2 * window; i++) {
    s->value[i] = days[date - window + i];
    s->length[i] = 1;
    s->start[i] = (double)i - (double)window;
  }
  for (size_t i = window; i < 2 * window && f; i++)
    s->value[i] = gsl_ran_binomial(random, factors[f], (unsigned)s->value[i]);
  return (tide_series){2 * window, s->value, s->length, s->start};
}

/* One date: the model alone, and with each length of history. */
static int date_measure(size_t date, size_t window, gsl_rng *random, tally *model, tally *known) {
  sides s;
  const tide_contrast_options options = {.confidence = 0.95};
  const tide_reference_windows windows = {window, 0, window};
  tide_reference reference[HISTORIES];
  for (size_t h = 0; h < HISTORIES; h++) {
    const size_t most = known_days[h] > window ? known_days[h] : window, from = date - most;
    const tide_history history = {most, days + from, gap + from, NULL};
    if (tide_reference_estimate(&history, &windows, TIDE_QUANTITY_COUNT, &reference[h]) != TIDE_OK)
      return 1;
  }
  for (size_t f = 0; f < FACTORS; f++) {
    tide_contrast c;
    const tide_series series = sides_draw(&s, date, window, f, random);
    if (tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
      return 1;
    tally_take(model, &c, f);
    for (size_t h = 0; h < HISTORIES; h++) {
      tide_contrast widened = c;
      history_take(&reference[h], &series, window, &widened);
      tally_take(&known[h], &widened, f);
    }
  }
  return 0;
}

static int short_measure(const char *name, size_t window, gsl_rng *random) {
  tally model = {0}, known[HISTORIES] = {{0}};
  const size_t first = known_days[HISTORIES - 1];
  for (size_t date = count > 3 * first ? first : window; date + window <= count; date += STEP) {
    const double before = sum_of(days + date - window, window), after = sum_of(days + date, window);
    if (gaps_within(date - window, date + window) || before + after < MESSAGES_LEAST / 2 ||
        !(before > 0) || !(after > 0))
      continue;
    if (date_measure(date, window, random, &model, known))
      return 1;
  }
  if (!model.dates)
    return 0;
  row_print(name, window, "model of days alone", &model);
  for (size_t h = 0; h < HISTORIES; h++) {
    char text[64];
    snprintf(text, sizeof text, "%zu days known", known_days[h]);
    if (known_days[h] <= count / 3)
      row_print(name, window, h ? text : "the windows alone", &known[h]);
  }
  return 0;
}

static int shorts_measure(const char *name, gsl_rng *random) {
  int failed = 0;
  for (size_t w = 0; w < WINDOWS && !failed; w++)
    failed = short_measure(name, windows_asked[w], random);
  return failed;
}

/* --- every date --- */

/* Of all series together, by window: dates with less history than four windows, and with enough. */
static tally dates_known[WINDOWS][2];

/* All dates, from the first that has a window before it, with all that is known there. */
static int dates_measure(size_t w, gsl_rng *random) {
  const size_t window = windows_asked[w];
  sides s;
  const tide_contrast_options options = {.confidence = 0.95};
  const tide_reference_windows windows = {window, 0, window};
  for (size_t date = window; date + window <= count; date += STEP) {
    const double before = sum_of(days + date - window, window), after = sum_of(days + date, window);
    const tide_history history = {date, days, gap, NULL};
    tide_reference reference;
    if (gaps_within(date - window, date + window) || before + after < MESSAGES_LEAST / 2 ||
        !(before > 0) || !(after > 0))
      continue;
    if (tide_reference_estimate(&history, &windows, TIDE_QUANTITY_COUNT, &reference) != TIDE_OK)
      return 1;
    for (size_t f = 0; f < FACTORS; f++) {
      tide_contrast c;
      const tide_series series = sides_draw(&s, date, window, f, random);
      if (tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
        return 1;
      history_take(&reference, &series, window, &c);
      tally_take(&dates_known[w][reference.dates > 0], &c, f);
    }
  }
  return 0;
}

static int every_date_measure(gsl_rng *random) {
  int failed = 0;
  for (size_t w = 0; w < WINDOWS && !failed; w++)
    failed = dates_measure(w, random);
  return failed;
}

static void every_date_print(int series) {
  char name[32];
  snprintf(name, sizeof name, "%d series", series);
  for (size_t w = 0; w < WINDOWS; w++)
    for (size_t known = 0; known < 2; known++)
      if (dates_known[w][known].dates)
        row_print(name, windows_asked[w], known ? "with the archive's history" : "too little of it",
                  &dates_known[w][known]);
}

/* --- other archives --- */

typedef enum kind {
  TENTH,
  ONE_A_DAY,
  ONE_DAY,
  DIGESTS,
  WORKDAYS,
  MONTHS_MISSING,
  WEEKS_MISSING,
  WEEKS_IN_PART,
  GROWTH,
  LEVELS,
  FIRSTS,
  CAMPAIGNS,
  STRAYING,
  KINDS
} kind;
static const char *const kind_names[KINDS] = {
    "a tenth of it",
    "one message a day",
    "its mail on one day a week",
    "three days' mail on each third",
    "weekends at a twentieth",
    "one month in ten missing",
    "10 to 35 days missing, twice a year",
    "5 to 19 days at 30 %, three times a year",
    "growing by half each year",
    "every other three years at a third",
    "ten days' mail more each 30 days",
    "campaigns on top, a week long, each three weeks",
    "times a level that strays by 0.5, over 30 days",
};

/* Days at random, so many to so many in a row and so far apart, keep a share. */
static void stretches_thin(double share, unsigned apart, unsigned least, unsigned most,
                           gsl_rng *random) {
  for (size_t at = 0; at < count;) {
    at += (size_t)gsl_ran_exponential(random, apart);
    const size_t end = at + least + gsl_rng_uniform_int(random, most - least + 1);
    for (; at < end && at < count; at++)
      days[at] = gsl_ran_binomial(random, share, (unsigned)days[at]);
  }
}

/* The mail of so many days on the first of them. */
static void gather(size_t length) {
  for (size_t i = 0; i < count; i++) {
    if (!(i % length))
      continue;
    days[i - i % length] += days[i];
    days[i] = 0;
  }
}

/* A campaign has the list's mean each day, give or take a factor e. */
static void campaigns_add(double mean, gsl_rng *random) {
  for (size_t at = 0; at < count;) {
    at += (size_t)gsl_ran_exponential(random, 20);
    const size_t end = at + 1 + (size_t)gsl_ran_exponential(random, 7);
    const double size = mean * gsl_ran_lognormal(random, -0.5, 1);
    for (size_t i = at; i < end && i < count; i++)
      days[i] += gsl_ran_poisson(random, size);
  }
}

static void straying_make(gsl_rng *random) {
  const double kept = exp(-1.0 / 30), sd = 0.5;
  double level = 0;
  for (size_t i = 0; i < count; i++) {
    level = kept * level + gsl_ran_gaussian(random, sd * sqrt(1 - kept * kept));
    days[i] = gsl_ran_poisson(random, days[i] * exp(level));
  }
}

/* What is kept of day i. */
static double kept_of(kind k, size_t i, double mean) {
  enum { A_YEAR = 365 };
  if (k == TENTH)
    return 0.1;
  if (k == ONE_A_DAY)
    return fmin(1, 1 / mean);
  if (k == WORKDAYS)
    return i % 7 < 5 ? 1 : 0.05;
  if (k == GROWTH)
    return pow(1.5, -(double)(count - i) / A_YEAR);
  return k == LEVELS && i / A_YEAR / 3 % 2 ? 1.0 / 3 : 1;
}

static void kind_make(kind k, const double *whole, gsl_rng *random) {
  enum { A_MONTH = 30 };
  const double mean = sum_of(whole, count) / (double)count;
  for (size_t i = 0; i < count; i++)
    days[i] = gsl_ran_binomial(random, kept_of(k, i, mean), (unsigned)whole[i]);
  for (size_t i = 0; k == MONTHS_MISSING && i < count; i += A_MONTH)
    if (gsl_rng_uniform(random) < 0.1)
      memset(days + i, 0, (count - i < A_MONTH ? count - i : A_MONTH) * sizeof *days);
  for (size_t i = 0; k == FIRSTS && i < count; i += A_MONTH)
    days[i] += floor(10 * mean * gsl_ran_lognormal(random, 0, 0.5));
  if (k == ONE_DAY || k == DIGESTS)
    gather(k == ONE_DAY ? 7 : 3);
  if (k == WEEKS_MISSING)
    stretches_thin(0, 180, 10, 35, random);
  if (k == WEEKS_IN_PART)
    stretches_thin(0.3, 120, 5, 19, random);
  if (k == CAMPAIGNS)
    campaigns_add(mean, random);
  if (k == STRAYING)
    straying_make(random);
}

/* One kind: false alarms by window, and the least and most coverage of all windows and changes. */
static void kind_print(const char *name) {
  double least = 100, most = 0;
  printf("| %s | %zu |", name, dates_known[0][1].dates);
  for (size_t w = 0; w < WINDOWS; w++) {
    const tally *t = &dates_known[w][1];
    const double n = (double)t->dates;
    printf(" %.1f %% |", 100 * (double)t->alarms / n);
    for (size_t f = 0; f < FACTORS; f++) {
      least = fmin(least, 100 * (double)t->held[f] / n);
      most = fmax(most, 100 * (double)t->held[f] / n);
    }
  }
  printf(" %.1f to %.1f %% |", least, most);
  for (size_t w = 0; w < WINDOWS; w++)
    printf(" %.0f %% |", 100 * (double)dates_known[w][1].found / (double)dates_known[w][1].dates);
  puts("");
}

static int unlike_measure(const char *name, gsl_rng *random) {
  static double whole[DAYS_MOST];
  int failed = 0;
  memcpy(whole, days, count * sizeof *whole);
  for (kind k = TENTH; k < KINDS && !failed; k++) {
    char text[128];
    snprintf(text, sizeof text, "%s, %s", name, kind_names[k]);
    kind_make(k, whole, random);
    memset(gap, 0, sizeof gap);
    memset(dates_known, 0, sizeof dates_known);
    failed = !gaps_mark(days) || every_date_measure(random);
    if (!failed && dates_known[WINDOWS - 1][1].dates)
      kind_print(text);
  }
  return failed;
}

/* --- course --- */

/* Week number `step` after dates at which nothing was done, against the four weeks before. */
static int step_measure(const char *name, size_t step) {
  enum { BEFORE = 28, WEEK = 7 };
  const size_t lead = (step - 1) * WEEK;
  const tide_contrast_options options = {.confidence = 0.95};
  const tide_reference_windows windows = {BEFORE, lead, WEEK};
  double value[BEFORE + WEEK], length[BEFORE + WEEK], start[BEFORE + WEEK];
  tide_series series = {BEFORE + WEEK, value, length, start};
  tally model = {0}, calibrated = {0};
  for (size_t date = BEFORE; date + lead + WEEK <= count; date += STEP) {
    tide_history history = {date, days, gap, NULL};
    tide_reference reference;
    tide_contrast c;
    if (gaps_within(date - BEFORE, date) || gaps_within(date + lead, date + lead + WEEK))
      continue;
    for (size_t i = 0; i < BEFORE + WEEK; i++) {
      const size_t day = i < BEFORE ? date - BEFORE + i : date + lead + i - BEFORE;
      value[i] = days[day];
      length[i] = 1;
      start[i] = (double)day - (double)date;
    }
    const double before = sum_of(value, BEFORE), after = sum_of(value + BEFORE, WEEK);
    if (before < MESSAGES_LEAST || after < MESSAGES_LEAST / 2)
      continue;
    if (tide_reference_estimate(&history, &windows, TIDE_QUANTITY_COUNT, &reference) != TIDE_OK ||
        tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
      return 1;
    if (!reference.dates)
      continue;
    tally_take(&model, &c, 0);
    const double apart = (double)(BEFORE + WEEK) / 2 + (double)lead;
    tide_reference_presume(&reference, tide_reference_presumed(c.standard_error * c.standard_error,
                                                               1 / before + 1 / after, apart));
    tide_reference_calibrate(&reference, before, after, options.confidence, &c);
    tally_take(&calibrated, &c, 0);
  }
  const double n = (double)model.dates;
  if (model.dates)
    printf("| %s | %zu | %zu | %.1f %% | %.1f %% | %.2f | %.2f |\n", name, step, model.dates,
           100 * (double)model.alarms / n, 100 * (double)calibrated.alarms / n,
           exp(model.width / n), exp(calibrated.width / n));
  return 0;
}

static int steps_measure(const char *name) {
  static const size_t steps[] = {1, 2, 4, 8, 13, 26, 40, 52};
  int failed = 0;
  for (size_t i = 0; i < sizeof steps / sizeof *steps && !failed; i++)
    failed = step_measure(name, steps[i]);
  return failed;
}

/* --- silence --- */

/* Streams of so many messages a window in the mean, made by thinning all of the series. */
static int wait_measure(const char *name, size_t window, double mean, gsl_rng *random) {
  static double thin[DAYS_MOST];
  double whole = sum_of(days, count) / (double)count * (double)window, keep = mean / whole;
  size_t dates = 0, silent = 0, fresh = 0, found = 0;
  const tide_reference_windows windows = {window, 0, window};
  for (size_t i = 0; i < count; i++)
    thin[i] = gsl_ran_binomial(random, fmin(keep, 1), (unsigned)days[i]);
  for (size_t date = TIDE_REFERENCE_WINDOWS * window; date + window <= count; date += STEP) {
    tide_history own = {date, thin, gap, NULL}, all = {date, days, gap, NULL};
    tide_reference r;
    if (gaps_within(date - window, date + window))
      continue;
    /* As compare does: streams with few messages are taken to wander as all mail does. */
    if (tide_reference_estimate(mean < 5 ? &all : &own, &windows, TIDE_QUANTITY_COUNT, &r) !=
        TIDE_OK)
      return 1;
    double before = sum_of(thin + date - window, window), after = sum_of(thin + date, window);
    if (!r.dates || !(before + after > 0))
      continue;
    double w = (double)window,
           p = tide_wait_p(tide_wait_events(thin + date - window, window), w, w, &r),
           back = tide_wait_p(tide_wait_events(thin + date, window), w, w, &r);
    dates++;
    silent += !(after > 0) && p < 0.05;
    fresh += !(before > 0) && back < 0.05;
    found += p < 0.05;
  }
  if (dates)
    printf("| %s | %zu+%zu | %.0f | %zu | %.1f %% | %.1f %% | %.1f %% |\n", name, window, window,
           mean, dates, 100 * (double)silent / (double)dates, 100 * (double)fresh / (double)dates,
           100 * (double)found / (double)dates);
  return 0;
}

static int waits_measure(const char *name, size_t window, gsl_rng *random) {
  static const double means[] = {3, 6, 12, 25, 50};
  int failed = 0;
  for (size_t i = 0; i < sizeof means / sizeof *means && !failed; i++)
    failed = wait_measure(name, window, means[i], random);
  return failed;
}

/* --- controls --- */

static int control_measure(const char *name, size_t window, gsl_rng *random) {
  tally plain = {0}, model = {0}, both = {0};
  double value[2 * WINDOW_MOST], length[2 * WINDOW_MOST], start[2 * WINDOW_MOST], correlation = 0;
  tide_series series = {2 * window, value, length, start};
  const tide_contrast_options options = {.confidence = 0.95};
  const tide_reference_windows windows = {window, 0, window};
  for (size_t date = TIDE_REFERENCE_WINDOWS * window; date + window <= count; date += STEP) {
    const double before = sum_of(days + date - window, window), after = sum_of(days + date, window),
                 other_before = sum_of(control + date - window, window),
                 other_after = sum_of(control + date, window);
    if (gaps_within(date - window, date + window) || before < MESSAGES_LEAST ||
        after < MESSAGES_LEAST || other_before < MESSAGES_LEAST || other_after < MESSAGES_LEAST)
      continue;
    tide_history alone = {date, days, gap, NULL}, pair = {date, days, gap, control};
    tide_reference without, with;
    tide_contrast c, other;
    for (size_t i = 0; i < 2 * window; i++) {
      value[i] = control[date - window + i];
      length[i] = 1;
      start[i] = (double)i - (double)window;
    }
    if (tide_reference_estimate(&alone, &windows, TIDE_QUANTITY_COUNT, &without) != TIDE_OK ||
        tide_reference_estimate(&pair, &windows, TIDE_QUANTITY_COUNT, &with) != TIDE_OK ||
        tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &other) != TIDE_OK)
      return 1;
    if (!without.dates || !with.dates)
      continue;
    tide_reference_take_control(&with, other_before, other_after);
    correlation += with.correlation;
    for (size_t f = 0; f < FACTORS; f++) {
      for (size_t i = 0; i < 2 * window; i++) {
        value[i] = days[date - window + i];
        if (f && i >= window)
          value[i] = gsl_ran_binomial(random, factors[f], (unsigned)value[i]);
        length[i] = 1;
      }
      const double thin_before = sum_of(value, window), thin = sum_of(value + window, window);
      if (tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
        return 1;
      history_take(&without, &series, window, &c);
      tally_take(&plain, &c, f);
      for (size_t i = window; i < 2 * window; i++)
        length[i] = other.ratio;
      if (tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c) != TIDE_OK)
        return 1;
      tide_contrast_add_error(&c, other.standard_error, other.freedom, options.confidence);
      tally_take(&model, &c, f);
      c.standard_error = NAN; /* as compare does: the model knows of no correlation */
      tide_reference_calibrate(&with, thin_before, thin, options.confidence, &c);
      tally_take(&both, &c, f);
    }
  }
  if (!both.dates)
    return 0;
  char text[64];
  row_print(name, window, "history, no control", &plain);
  row_print(name, window, "control, model of days alone", &model);
  snprintf(text, sizeof text, "control and history, correlation %.2f",
           correlation / (double)both.dates);
  row_print(name, window, text, &both);
  return 0;
}

/* Of a series two halves, message by message: what one does the other does. */
static void halve(gsl_rng *random) {
  for (size_t i = 0; i < count; i++) {
    const double half = gsl_ran_binomial(random, 0.5, (unsigned)days[i]);
    control[i] = days[i] - half;
    days[i] = half;
  }
}

static int controls_measure(const char *name, const char *path, const char *other,
                            gsl_rng *random) {
  int failed = 0;
  const bool halves = strcmp(path, other) == 0;
  if (!series_read(path) || !series_read(other))
    return 1;
  if (!pair_read(path, other))
    return 0; /* they have no days in common */
  if (halves)
    halve(random);
  for (size_t w = 0; w < WINDOWS && !failed; w++)
    failed = control_measure(name, windows_asked[w], random);
  return failed;
}

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static const char whole_head[] =
    "| series | days | interval | dates | p < 0.05 | 0 % | -10 % | -30 % | -65 % | -65 % found | "
    "high/low |\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|";

/* Each series with those after it as its control, and with itself: two halves of it. */
static int controls(char **paths, int paths_count, gsl_rng *random) {
  int failed = 0;
  puts(whole_head);
  for (int i = 0; i < paths_count && !failed; i++)
    for (int k = i; k < paths_count && !failed; k++) {
      char name[256];
      gsl_rng_set(random, 20081111);
      snprintf(name, sizeof name, "%s, control %s", name_of(paths[i]),
               i == k ? "its other half" : name_of(paths[k]));
      failed = controls_measure(name, paths[i], paths[k], random);
    }
  return failed;
}

int main(int argc, char **argv) {
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  int failed = random == NULL, first = 1;
  const bool wait = argc > 1 && strcmp(argv[1], "wait") == 0;
  if (!failed && argc > 1 && strcmp(argv[1], "control") == 0) {
    failed = controls(argv + 2, argc - 2, random);
    gsl_rng_free(random);
    return failed;
  }
  const bool course = argc > 1 && strcmp(argv[1], "course") == 0;
  const bool brief = argc > 1 && strcmp(argv[1], "short") == 0,
             every = argc > 1 && strcmp(argv[1], "dates") == 0,
             unlike = argc > 1 && strcmp(argv[1], "unlike") == 0;
  with_trend = argc > 1 && strcmp(argv[1], "trend") == 0;
  first += wait || course || brief || every || unlike || with_trend;
  if (course)
    puts("| series | week | dates | p < 0.05, model alone | with history | high/low, model | with "
         "history |\n|---|--:|--:|--:|--:|--:|--:|");
  else if (wait)
    puts("| series | days | messages a window | dates | silent, falsely | new, falsely | silence "
         "found |\n|---|---|--:|--:|--:|--:|--:|");
  else if (unlike)
    puts("| archive | dates | p < 0.05, 14+14 days | 28+28 | 56+56 | interval holds the truth | "
         "-65 % found, 14+14 | 28+28 | 56+56 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|");
  else
    puts(whole_head);
  for (int i = first; i < argc && !failed; i++) {
    const char *name = name_of(argv[i]);
    if (!series_read(argv[i])) {
      fprintf(stderr, "calibrate: cannot read %s\n", argv[i]);
      return 1;
    }
    gsl_rng_set(random, 20081111);
    if (course)
      failed = steps_measure(name);
    if (brief)
      failed = shorts_measure(name, random);
    if (every)
      failed = every_date_measure(random);
    if (unlike)
      failed = unlike_measure(name, random);
    for (size_t w = 0; !course && !brief && !every && !unlike && w < WINDOWS && !failed; w++)
      failed = (wait ? waits_measure : window_measure)(name, windows_asked[w], random);
  }
  if (every && !failed)
    every_date_print(argc - first);
  gsl_rng_free(random);
  return failed;
}
