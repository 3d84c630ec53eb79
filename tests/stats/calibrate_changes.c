/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often `changes` is right on days that vary as those of real archives do. Residuals of a real
 * daily series about its mean of 91 days are drawn in blocks of 14 days and put about a level of 30
 * messages a day: with nothing happening, with a fall by 65 % that lasts 28 days, with one that
 * lasts, and with the shape that 3FN's end had in one archive: 27, 12 for a week, 5 for seven.
 * Prints rows of a table in Markdown.
 *
 *   calibrate_changes [control|windows] SERIES.csv...   columns bin_start,messages,... a row a day,
 * as `timeline` writes them
 *
 * Some columns are bounds: how often observers find the fall who know more than the program does
 * (observers.h). And one who knows both levels, how single days are distributed about each, and the
 * date to 14 days, takes the likeliest date, and is right to a day so often.
 *
 * With the word windows the shape is put into the days of each series as they are, thinned to 27 a
 * day, at 50 random places, and searched in windows that differ: a change that shows in a year
 * around it must show in all of them.
 *
 * With the word control each series is searched alone, and relative to a control: its own other
 * half, message by message, and days of the next series named. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "observers.h"
#include "real_series.h"
#include "stats/offset.h"
#include "stats/segment.h"

enum {
  COUNTS_MOST = 4000,
  SHAPE_FIRST = 7,
  SHAPE_SECOND = 49,
  FALL = OBSERVED_FALL,
  NEAR = 14,
  SERIES = 600,
  LENGTH_MOST = OBSERVED_MOST,
  NAMES_MOST = 8
};

static const double left = 0.35; /* of the level in a fall */
static const double shape_first = 12.0 / 27, shape_second = 5.0 / 27;
static double drawn[DAYS_MOST];

static void thin(gsl_rng *random, size_t from, size_t to, double part) {
  for (size_t i = from; i < to; i++)
    drawn[i] = gsl_ran_binomial(random, part, (unsigned)drawn[i]);
}

/* Logarithms of the probabilities of counts of a day, before and in a fall. */
static double usual[COUNTS_MOST], fallen_to[COUNTS_MOST];

static void distribution_make(void) {
  static double some[COUNTS_MOST], fewer[COUNTS_MOST];
  const double each = 1 / (double)residuals, least = 1e-6;
  memset(some, 0, sizeof some);
  memset(fewer, 0, sizeof fewer);
  for (size_t i = 0; i < residuals; i++) {
    double messages = LEVEL * residual[i], whole = floor(messages);
    if (whole + 1 >= COUNTS_MOST)
      continue;
    some[(size_t)whole] += each * (1 - (messages - whole));
    some[(size_t)whole + 1] += each * (messages - whole);
  }
  for (unsigned n = 0; n < COUNTS_MOST; n++)
    for (unsigned k = 0; k <= n && some[n] > 0; k++)
      fewer[k] += some[n] * gsl_ran_binomial_pdf(k, left, n);
  for (size_t k = 0; k < COUNTS_MOST; k++) {
    usual[k] = log(some[k] + least);
    fallen_to[k] = log(fewer[k] + least);
  }
}

/* The likeliest first day of a fall that began within NEAR days of `truth`. */
static size_t likeliest(size_t truth) {
  double sum = 0, most = -INFINITY;
  size_t at = truth;
  for (size_t i = truth + NEAR; i-- > truth - NEAR;) {
    size_t messages = drawn[i] < COUNTS_MOST ? (size_t)drawn[i] : COUNTS_MOST - 1;
    sum += fallen_to[messages] - usual[messages];
    if (sum <= most)
      continue;
    most = sum;
    at = i;
  }
  return at;
}

typedef struct answer {
  bool any, near, to_a_day, as_one;
} answer;

static size_t apart(size_t a, size_t b) {
  return a > b ? a - b : b - a;
}

static double control[LENGTH_MOST], scaled[LENGTH_MOST];

/* By how much more a change must pass its penalty, as `changes` asks where the series goes another
 * way than the control that it is scaled by. */
static double more_of(const double *series, size_t length, const tide_segmentation *found) {
  static size_t boundary[2 * LENGTH_MOST];
  static double even[LENGTH_MOST];
  size_t boundaries = 0;
  for (size_t i = 0; i < found->count; i++) {
    boundary[boundaries++] = found->changes[i].at;
    if (found->changes[i].ends)
      boundary[boundaries++] = found->changes[i].until;
  }
  for (size_t i = 0; i < length; i++)
    even[i] = 1;
  const tide_offset_pair pair = {series, control, even, length, 7, boundary, boundaries};
  const tide_offset_common common = tide_offset_in_common(&pair);
  return tide_offset_is_apart(&common) ? TIDE_OFFSET_APART_MORE : 0;
}

static bool ask_from(const double *series, const double *widths, size_t length, size_t truth,
                     answer *out) {
  const tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation found;
  *out = (answer){0};
  if (tide_segment_find(series, widths, length, &options, &found) != TIDE_OK)
    return false;
  const double more = widths == scaled ? more_of(series, length, &found) : 0;
  for (size_t i = 0; i < found.count; i++) {
    const tide_segment_change *c = &found.changes[i];
    if (c->strength < c->penalty + more)
      continue;
    bool near = apart(c->at, truth) <= NEAR && c->after < c->before;
    out->any = true;
    out->near |= near;
    out->as_one |= near && c->ends && apart(c->until, truth + FALL) <= NEAR;
    out->to_a_day |= near && apart(c->at, truth) <= 1;
  }
  tide_segmentation_free(&found);
  return true;
}

static bool ask(const double *widths, size_t length, size_t truth, answer *out) {
  return ask_from(drawn, widths, length, truth, out);
}

/* --- bounds --- */

/* How many of SERIES. */
typedef struct score {
  size_t alarms, falls, as_one, dated, likeliest, steps, shapes;
} score;

enum {
  OBSERVERS = 3, /* who know the length; how much the series varies; or learn that */
  LEARNER = OBSERVERS - 1
};

/* What the observers see in the series of one length: the squares that they judge by. */
typedef struct measured {
  const char *name;
  size_t length;
  score sum;
  double quiet[OBSERVERS][SERIES], fallen[OBSERVERS][SERIES], stepped[OBSERVERS][SERIES];
} measured;

static double square_of(size_t observer, const observed *o, const spread *known) {
  if (observer == 0)
    return -lowest_ratio(o);
  return largest(o, known, observer == LEARNER);
}

static void squares_take(const observed *quiet, const observed *fallen, const observed *stepped,
                         measured *out) {
  spread known = {.places = {0}};
  for (size_t i = 0; i < SERIES; i++)
    spread_add(&known, &quiet[i]);
  for (size_t k = 0; k < OBSERVERS; k++)
    for (size_t i = 0; i < SERIES; i++) {
      out->quiet[k][i] = square_of(k, &quiet[i], &known);
      out->fallen[k][i] = square_of(k, &fallen[i], &known);
      out->stepped[k][i] = square_of(k, &stepped[i], &known);
    }
}

/* What one of 20 of the quiet series is beyond. */
static double bar_of(const measured *m, size_t observer) {
  static double sorted[SERIES];
  memcpy(sorted, m->quiet[observer], sizeof sorted);
  gsl_sort(sorted, 1, SERIES);
  return sorted[SERIES - 1 - SERIES / 20];
}

static double percent_above(const double *squares, double bar) {
  size_t above = 0;
  for (size_t i = 0; i < SERIES; i++)
    above += squares[i] > bar;
  return 100.0 * (double)above / SERIES;
}

static bool series_measure(size_t length, gsl_rng *random, observed *quiet, observed *fallen,
                           observed *stepped, score *sum) {
  answer a;
  size_t truth = length / 2 - FALL / 2 - NEAR / 2 + gsl_rng_uniform_int(random, NEAR);
  series_draw(random, drawn, length);
  if (!ask(NULL, length, truth, &a))
    return false;
  sum->alarms += a.any;
  observe(quiet, drawn, length);
  thin(random, truth, truth + FALL, left);
  if (!ask(NULL, length, truth, &a))
    return false;
  sum->falls += a.near;
  sum->as_one += a.as_one;
  sum->dated += a.to_a_day;
  sum->likeliest += apart(likeliest(truth), truth) <= 1;
  observe(fallen, drawn, length);
  series_draw(random, drawn, length);
  thin(random, truth, length, left);
  if (!ask(NULL, length, truth, &a))
    return false;
  sum->steps += a.near;
  observe(stepped, drawn, length);
  series_draw(random, drawn, length);
  size_t second = truth + SHAPE_FIRST, end = second + SHAPE_SECOND;
  thin(random, truth, second, shape_first);
  thin(random, second, end < length ? end : length, shape_second);
  if (!ask(NULL, length, truth, &a))
    return false;
  sum->shapes += a.near;
  return true;
}

static bool length_measure(size_t length, gsl_rng *random, measured *out) {
  static observed quiet[SERIES], fallen[SERIES], stepped[SERIES];
  out->length = length;
  for (size_t i = 0; i < SERIES; i++)
    if (!series_measure(length, random, &quiet[i], &fallen[i], &stepped[i], &out->sum))
      return false;
  squares_take(quiet, fallen, stepped, out);
  return true;
}

static void row_print(const measured *m, const double bar[OBSERVERS]) {
  const double percent = 100.0 / SERIES;
  const score *sum = &m->sum;
  printf("| %s | %zu | %.1f %% | %.0f %% |", m->name, m->length, percent * (double)sum->alarms,
         percent * (double)sum->falls);
  for (size_t k = OBSERVERS; k-- > 0;)
    printf(" %.0f %% |", percent_above(m->fallen[k], bar[k]));
  printf(" %.0f %% | %.0f %% | %.0f %% | %.0f %% |", percent * (double)sum->as_one,
         sum->falls ? 100 * (double)sum->dated / (double)sum->falls : NAN,
         percent * (double)sum->likeliest, percent * (double)sum->steps);
  for (size_t k = OBSERVERS; k-- > 1;)
    printf(" %.0f %% |", percent_above(m->stepped[k], bar[k]));
  printf(" %.0f %% |\n", percent * (double)sum->shapes);
}

/* Whoever has to learn how much a series varies does not know which one it is, and needs a bar that
 * holds for all. */
static void rows_print(const measured *all, size_t rows) {
  puts("| series | days | false alarms | -65 % for 28 days found | bound: variation learned | "
       "bound: variation known | bound: and length | in one row | of those found, date within a "
       "day | bound | -65 % for good found | bound: variation learned | bound: variation known | "
       "27, 12, 5 found |");
  puts("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  for (size_t i = 0; i < rows; i++) {
    double bar[OBSERVERS];
    for (size_t k = 0; k < OBSERVERS; k++)
      bar[k] = bar_of(&all[i], k);
    for (size_t other = 0; other < rows; other++)
      if (all[other].length == all[i].length)
        bar[LEARNER] = fmax(bar[LEARNER], bar_of(&all[other], LEARNER));
    row_print(&all[i], bar);
  }
}

/* --- controls --- */

/* A series that was read before. */
typedef struct kept {
  const char *name;
  double *residual;
  size_t count;
} kept;

static double even[LENGTH_MOST];

/* One series in two halves, or two series of nothing in common. */
static bool pair_draw(gsl_rng *random, const kept *of, const kept *other, size_t length) {
  for (size_t from = 0; from < length; from += BLOCK) {
    const size_t start = gsl_rng_uniform_int(random, of->count - BLOCK + 1),
                 apart_from = other ? gsl_rng_uniform_int(random, other->count - BLOCK + 1) : 0;
    for (size_t i = 0; i < BLOCK && from + i < length; i++) {
      const double level = other ? LEVEL : 2 * LEVEL,
                   messages = floor(level * of->residual[start + i] + gsl_rng_uniform(random));
      drawn[from + i] = other ? messages : gsl_ran_binomial(random, 0.5, (unsigned)messages);
      control[from + i] =
          other ? floor(LEVEL * other->residual[apart_from + i] + gsl_rng_uniform(random))
                : messages - drawn[from + i];
    }
  }
  return tide_offset_widths(control, even, length, 7, scaled) == TIDE_OK;
}

static void answer_count(const answer *quiet, const answer *fallen, const answer *stepped,
                         score *to) {
  to->alarms += quiet->any;
  to->falls += fallen->near;
  to->dated += fallen->to_a_day;
  to->steps += stepped->near;
}

static bool pair_measure(const kept *of, const kept *other, size_t length, gsl_rng *random) {
  const double percent = 100.0 / SERIES;
  const double *const widths[2] = {even, scaled};
  score sum[2] = {0};
  for (size_t i = 0; i < SERIES; i++) {
    answer quiet[2], fallen[2], stepped[2];
    const size_t truth = length / 2 - FALL / 2 - NEAR / 2 + gsl_rng_uniform_int(random, NEAR);
    if (!pair_draw(random, of, other, length))
      return false;
    for (int k = 0; k < 2; k++)
      if (!ask(widths[k], length, truth, &quiet[k]))
        return false;
    thin(random, truth, truth + FALL, left);
    for (int k = 0; k < 2; k++)
      if (!ask(widths[k], length, truth, &fallen[k]))
        return false;
    if (!pair_draw(random, of, other, length))
      return false;
    thin(random, truth, length, left);
    for (int k = 0; k < 2; k++) {
      if (!ask(widths[k], length, truth, &stepped[k]))
        return false;
      answer_count(&quiet[k], &fallen[k], &stepped[k], &sum[k]);
    }
  }
  const char *its = other ? other->name : "its other half";
  for (int k = 0; k < 2; k++)
    printf("| %s | %s | %zu | %.1f %% | %.0f %% | %.0f %% | %.0f %% |\n", of->name,
           k ? its : "none", length, percent * (double)sum[k].alarms,
           percent * (double)sum[k].falls,
           sum[k].falls ? 100 * (double)sum[k].dated / (double)sum[k].falls : NAN,
           percent * (double)sum[k].steps);
  return true;
}

static int controls_measure(int paths_count, char **paths, gsl_rng *random) {
  static const size_t lengths[] = {182, 365};
  static kept all[NAMES_MOST];
  size_t known = 0;
  bool sound = random != NULL;
  for (size_t i = 0; i < LENGTH_MOST; i++)
    even[i] = 1;
  for (int i = 0; i < paths_count && known < NAMES_MOST && sound; i++) {
    const char *slash = strrchr(paths[i], '/');
    if (!series_read(paths[i]) || !residuals_make())
      return 1;
    if (residuals < RESIDUALS_LEAST)
      continue;
    kept *k = &all[known++];
    *k = (kept){slash ? slash + 1 : paths[i], malloc(residuals * sizeof *k->residual), residuals};
    sound = k->residual != NULL;
    if (sound)
      memcpy(k->residual, residual, residuals * sizeof *residual);
  }
  puts("| series | control | days | false alarms | -65 % for 28 days found | of those found, date "
       "within a day | -65 % for good found |");
  puts("|---|---|--:|--:|--:|--:|--:|");
  for (size_t i = 0; i < known; i++)
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths && sound; l++) {
      gsl_rng_set(random, 20081111);
      sound = pair_measure(&all[i], NULL, lengths[l], random) &&
              pair_measure(&all[i], &all[(i + 1) % known], lengths[l], random);
    }
  for (size_t i = 0; i < known; i++)
    free(all[i].residual);
  gsl_rng_free(random);
  return !sound;
}

/* --- windows --- */

enum { PLACES = 50, YEAR = 365, MARGIN = 3 * YEAR / 2, SHAPE_LEVEL = 27, WINDOWS = 5 };
static const char *const window_names[WINDOWS] = {"year around", "a year, at random",
                                                  "three years around",
                                                  "all before, 120 days after", "the whole"};

/* The first day and length of a window about `truth`. */
static void window_of(gsl_rng *random, size_t k, size_t truth, size_t *from, size_t *length) {
  *from = 0;
  *length = count;
  if (k == 0) {
    *from = truth - YEAR / 2;
    *length = YEAR;
  } else if (k == 1) {
    *from = truth - 60 - gsl_rng_uniform_int(random, YEAR - 120);
    *length = YEAR;
  } else if (k == 2) {
    *from = truth - MARGIN;
    *length = 2 * MARGIN;
  } else if (k == 3) {
    *length = truth + 120;
  }
}

/* The days as they are, thinned to the level of the shape and then by it. */
static void shape_put(gsl_rng *random, const double *whole, size_t truth) {
  double sum = 0;
  for (size_t i = truth - YEAR / 4; i < truth; i++)
    sum += whole[i];
  const double level = sum / (YEAR / 4.0), part = level > SHAPE_LEVEL ? SHAPE_LEVEL / level : 1;
  const size_t second = truth + SHAPE_FIRST, end = second + SHAPE_SECOND;
  memcpy(drawn, whole, count * sizeof *drawn);
  thin(random, 0, count, part);
  thin(random, truth, second, shape_first);
  thin(random, second, end, shape_second);
}

static bool windows_measure(const char *name, gsl_rng *random) {
  static double whole[DAYS_MOST];
  size_t found[WINDOWS] = {0}, as_first[WINDOWS] = {0};
  memcpy(whole, days, count * sizeof *whole);
  if (count < 2 * MARGIN + PLACES)
    return true; /* too short for three years around */
  for (size_t i = 0; i < PLACES; i++) {
    const size_t truth = MARGIN + gsl_rng_uniform_int(random, count - 2 * MARGIN);
    size_t from, length;
    bool first = false;
    shape_put(random, whole, truth);
    for (size_t k = 0; k < WINDOWS; k++) {
      answer a;
      window_of(random, k, truth, &from, &length);
      if (!ask_from(drawn + from, NULL, length, truth - from, &a))
        return false;
      if (k == 0)
        first = a.near;
      found[k] += a.near;
      as_first[k] += a.near == first;
    }
  }
  for (size_t k = 0; k < WINDOWS; k++)
    printf("| %s | %s | %zu | %zu |\n", name, window_names[k], found[k], as_first[k]);
  return true;
}

static int windows_all(int paths_count, char **paths, gsl_rng *random) {
  bool sound = random != NULL;
  puts("| series | window | found, of 50 | as in the year around |");
  puts("|---|---|--:|--:|");
  for (int i = 0; i < paths_count && sound; i++) {
    const char *slash = strrchr(paths[i], '/');
    if (!series_read(paths[i]) || !residuals_make())
      return 1;
    gsl_rng_set(random, 20090605);
    sound = windows_measure(slash ? slash + 1 : paths[i], random);
  }
  gsl_rng_free(random);
  return !sound;
}

int main(int argc, char **argv) {
  static const size_t lengths[] = {91, 182, 365, 1095};
  enum { EACH = sizeof lengths / sizeof *lengths };
  static measured all[NAMES_MOST * EACH];
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  size_t rows = 0;
  bool sound = random != NULL;
  if (argc > 1 && strcmp(argv[1], "control") == 0)
    return controls_measure(argc - 2, argv + 2, random);
  if (argc > 1 && strcmp(argv[1], "windows") == 0)
    return windows_all(argc - 2, argv + 2, random);
  for (int i = 1; i < argc && sound && rows < NAMES_MOST * EACH; i++) {
    const char *slash = strrchr(argv[i], '/');
    if (!series_read(argv[i]) || !residuals_make()) {
      fprintf(stderr, "calibrate_changes: cannot read %s\n", argv[i]);
      return 1;
    }
    if (residuals < RESIDUALS_LEAST)
      continue; /* too little to draw from */
    distribution_make();
    gsl_rng_set(random, 20081111);
    for (size_t l = 0; l < EACH && sound; l++) {
      all[rows].name = slash ? slash + 1 : argv[i];
      sound = length_measure(lengths[l], random, &all[rows++]);
    }
  }
  if (sound)
    rows_print(all, rows);
  gsl_rng_free(random);
  return !sound;
}
