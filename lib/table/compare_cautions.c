/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why not to trust a comparison, in sentences: of messages, of the total. */
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "estimate.h"
#include "base/civil.h"

/* Sentences, one at a time. */
typedef struct speaker {
  void (*say)(void *context, const char *text);
  void *context;
  unsigned *said; /* codes of those that were said */
} speaker;

/* A sentence that explains a code; TIDE_CAUTION_COUNT: none. */
__attribute__((format(printf, 3, 4))) static void speak(const speaker *s, tide_caution code,
                                                        const char *format, ...) {
  tide_error text; /* its text is one line, cut where it is too long */
  va_list args;
  char line[TIDE_ERROR_MAX];
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (code < TIDE_CAUTION_COUNT) {
    tide_error_set(&text, TIDE_OK, "%s: %s", tide_caution_name(code), line);
    *s->said |= 1u << code;
  } else {
    tide_error_set(&text, TIDE_OK, "%s", line);
  }
  s->say(s->context, text.text);
}

static void caution_weeks(const tide_windows *w, const speaker *s) {
  if (!tide_estimate_windows_are_weeks(w))
    speak(s, TIDE_CAUTION_WEEKS,
          "the windows are not whole weeks: a weekday that comes more often in one can make a "
          "change, or hide one");
}

/* Messages of the slot after the last of a window that was clipped: the archive's own part of a
 * day. */
static uint64_t left_out(const tide_tally *total, int64_t slot) {
  return tide_tally_group_count(total) ? tide_tally_count(total, slot, 0).messages : 0;
}

static void caution_clip(const tide_compare *c, const tide_windows *clipped,
                         const tide_tally *total, const speaker *speech) {
  const tide_windows *w = c->windows;
  const tide_cover cover = tide_extent_cover(c->extent);
  const int64_t lost[2] = {w->before - clipped->before, w->after - clipped->after};
  for (int after = 0; after < 2; after++) {
    const bool exact = after ? cover.until_holds : cover.since_holds;
    const int64_t asked = after ? w->after : w->before, has = asked - lost[after],
                  edge = after ? c->extent->last : c->extent->first;
    char time[TIDE_RFC3339_MAX];
    if (!lost[after])
      continue;
    tide_rfc3339_format(edge, 0, time);
    const char *window = after ? "after" : "before", *edge_name = after ? "last" : "first";
    const double days = (double)has / SECONDS_A_DAY, of = (double)asked / SECONDS_A_DAY;
    const char *days_word = tide_plural(of, "day", "days");
    if (exact) {
      speak(speech, TIDE_CAUTION_CLIPPED, "the window %s is clipped to --%s: %.4g of %.4g %s",
            window, after ? "until" : "since", days, of, days_word);
      continue;
    }
    const int64_t covered = after ? cover.end - w->event - w->washout : w->event - cover.begin;
    if (!has)
      speak(speech, TIDE_CAUTION_CLIPPED,
            "the window %s is outside the archive, whose %s message is from %s: none of %.4g %s",
            window, edge_name, time, of, days_word);
    else if (covered < has)
      speak(speech, TIDE_CAUTION_CLIPPED,
            "the window %s is clipped to the archive, whose %s message is from %s: %.4g of %.4g "
            "%s, and that in part only",
            window, edge_name, time, days, of, days_word);
    else
      speak(speech, TIDE_CAUTION_CLIPPED,
            "the window %s is clipped to the archive, whose %s message is from %s: %.4g of %.4g %s "
            "(messages left out on the day that it %s in: %llu)",
            window, edge_name, time, days, of, days_word, after ? "ends" : "begins",
            (unsigned long long)left_out(total, after ? tide_slots_begun(has)
                                                      : -tide_slots_begun(has) - 1));
  }
}

/* Days of the windows before and after that --exclude names. */
static tide_status days_excluded(const tide_compare *c, double days[2]) {
  const tide_windows *w = c->windows;
  const int64_t after = w->event + w->washout;
  tide_outages named;
  TIDE_TRY(tide_outages_find(NULL, 0, c->extent, &named));
  days[0] = (double)tide_outages_overlap(&named, w->event - w->before, w->event) / SECONDS_A_DAY;
  days[1] = (double)tide_outages_overlap(&named, after, after + w->after) / SECONDS_A_DAY;
  tide_outages_free(&named);
  return TIDE_OK;
}

/* Days that are left out of a window: those that were named, and those that were found. */
static void caution_left_out(const char *window, double named, double found,
                             const speaker *speech) {
  if (named > 0)
    speak(speech, TIDE_CAUTION_GAP,
          tide_plural(named, "%.4g day in the window %s was left out, as --exclude asks",
                      "%.4g days in the window %s were left out, as --exclude asks"),
          named, window);
  if (found > 0)
    speak(speech, TIDE_CAUTION_GAP,
          tide_plural(found,
                      "%.4g day in the window %s was left out: no mail of any kind came then, and "
                      "judging by the days around it none was collected",
                      "%.4g days in the window %s were left out: no mail of any kind came then, "
                      "and judging by the days around them none was collected"),
          found, window);
}

static tide_status caution_gaps(const tide_compare *c, const slots *s, const speaker *speech) {
  double named[2];
  TIDE_TRY(days_excluded(c, named));
  for (int i = 0; i < 2; i++) {
    const char *window = i ? "after" : "before";
    const size_t known = s->whole_days[i], missing = s->empty_days[i];
    caution_left_out(window, named[i], s->gap_days[i] - named[i], speech);
    if (!known && s->gap_days[i] > 0)
      speak(speech, TIDE_CAUTION_GAP, "nothing is left of the window %s", window);
    else if (!s->any_mail[i])
      speak(speech, missing ? TIDE_CAUTION_EMPTY_DAYS : TIDE_CAUTION_COUNT,
            "the window %s has no mail at all, of any kind", window);
    else if (missing)
      speak(speech, TIDE_CAUTION_EMPTY_DAYS,
            tide_plural(missing,
                        "%zu of %zu %s in the window %s has no mail at all, of any kind: if the "
                        "archive has a gap there, it counts as a day without spam",
                        "%zu of %zu %s in the window %s have no mail at all, of any kind: if the "
                        "archive has gaps there, they count as days without spam"),
            missing, known, tide_plural(known, "day", "days"), window);
  }
  return TIDE_OK;
}

static void caution_history(const tide_compare *c, const slots *s, const tide_contrast *e,
                            const speaker *speech) {
  const tide_windows *w = c->windows;
  const double needed = TIDE_REFERENCE_WINDOWS * (double)(w->before + w->after) / 2 / SECONDS_A_DAY;
  size_t without_gaps = 0;
  for (size_t i = 0; i < s->past; i++)
    without_gaps += !s->past_gap[i];
  if (!c->history || !e->method[0] || tide_estimate_is_calibrated(e))
    return;
  static const char presumed[] = "how much the level varies by itself is estimated, from how much "
                                 "days vary and from other archives";
  if (c->contrast.trend && s->has_control)
    speak(speech, TIDE_CAUTION_NO_HISTORY,
          "%s: with --trend and --control the archive's earlier dates are not used", presumed);
  else if (!s->windows.before)
    speak(speech, TIDE_CAUTION_NO_HISTORY,
          "%s: windows of less than a day cannot be compared with earlier dates", presumed);
  else if ((double)without_gaps < needed)
    speak(
        speech, TIDE_CAUTION_NO_HISTORY,
        "%s: it takes %.4g days without gaps before the event to show it, and the archive has %zu",
        presumed, needed, without_gaps);
  else if (!tide_slots_has_history(s))
    speak(speech, TIDE_CAUTION_NO_HISTORY,
          "%s: there are fewer than %d messages to a window before the event, too few to show it",
          presumed, TIDE_HISTORY_LEAST);
  else
    speak(speech, TIDE_CAUTION_NO_HISTORY,
          "%s: it takes %.4g days without gaps before the event to show it, and what is compared "
          "began later than that",
          presumed, needed);
}

static void caution_peak(const tide_compare *c, const tide_contrast *e,
                         const tide_contrast *without, const slots *s, size_t peak,
                         const speaker *speech) {
  if (!tide_estimate_peak_carries(c, e, without, s))
    return;
  int64_t slot = s->number[peak];
  char time[TIDE_RFC3339_MAX];
  tide_rfc3339_format((slot < 0 ? c->windows->event : c->windows->event + c->windows->washout) +
                          slot * SECONDS_A_DAY,
                      0, time);
  if (isnan(without->ratio))
    speak(speech, TIDE_CAUTION_PEAK,
          "one day carries the result: all messages before came in the 24 hours from %s", time);
  else
    speak(speech, TIDE_CAUTION_PEAK,
          "one day carries the result: without the 24 hours from %s the change is %+.1f percent "
          "with p %.3g, not %+.1f with p %.3g",
          time, percent(without->ratio), fmax(without->p, DBL_MIN), percent(e->ratio),
          fmax(e->p, DBL_MIN));
}

static void caution_control(const slots *s, const speaker *speech) {
  const tide_reference *r = tide_slots_reference(s, UNIT_MESSAGES);
  const double before = s->control_before[UNIT_MESSAGES], after = s->control_after[UNIT_MESSAGES];
  if (!s->has_control)
    return;
  if (!(before > 0) || !(after > 0)) {
    speak(speech, TIDE_CAUTION_CONTROL_EMPTY,
          "the control has %.0f %s before and %.0f after: there is nothing to compare with", before,
          tide_plural(before, "message", "messages"), after);
    return;
  }
  speak(speech, TIDE_CAUTION_COUNT,
        "changes are relative to the control's, which had %.0f %s before and %.0f "
        "after (%+.1f percent)",
        before, tide_plural(before, "message", "messages"), after,
        percent(s->control[UNIT_MESSAGES].ratio));
  if (!tide_slots_reference_is_history(s, r))
    speak(speech, TIDE_CAUTION_CONTROL_UNKNOWN,
          "there is too little history to say whether the control moves with what is compared");
  else if (r->spread >= r->alone)
    speak(speech, TIDE_CAUTION_CONTROL_APART,
          "the control moves differently (the ratios at %zu earlier dates have a correlation of "
          "%.2f): it guards against what happened to both, but makes the interval wider",
          r->dates, r->correlation);
}

/* Of groups it is said how many, and the column says which. What befalls the windows befalls all.
 */
static void caution_groups(const tide_compare_summary *of, const speaker *speech) {
  char list[256] = "";
  size_t used = 0;
  if (!of || !of->groups)
    return;
  const char *groups = tide_plural(of->groups, "group", "groups");
  if (of->too_few)
    speak(speech, TIDE_CAUTION_COUNT,
          tide_plural(of->too_few,
                      "of %lu %s %lu has too few messages, or too little history, ever to be "
                      "significant: it is left out of p_adjusted",
                      "of %lu %s %lu have too few messages, or too little history, ever to be "
                      "significant: they are left out of p_adjusted"),
          (unsigned long)of->groups, groups, (unsigned long)of->too_few);
  for (tide_caution i = TIDE_CAUTION_NO_HISTORY; i < TIDE_CAUTION_COUNT; i++) {
    if (!of->cautions[i])
      continue;
    snprintf(list + used, sizeof list - used, "%s%lu %s", used ? ", " : "",
             (unsigned long)of->cautions[i], tide_caution_name(i));
    used = strlen(list);
  }
  if (used)
    speak(speech, TIDE_CAUTION_COUNT,
          "of %lu %s some have cautions of their own (%s): see that column",
          (unsigned long)of->groups, groups, list);
}

static void caution_sides(const sides *own, const speaker *to) {
  if (own->before.messages + own->after.messages == 0)
    speak(to, TIDE_CAUTION_NO_INTERVAL, "neither window has any of the messages asked for");
}

/* What the estimate itself says against itself. */
static tide_status caution_estimate(const tide_compare *c, slots *s, const sides *own,
                                    const speaker *to) {
  tide_contrast e, without;
  double slope = NAN, slope_p = NAN;
  size_t peak;
  tide_series series = tide_slots_series(s, UNIT_MESSAGES);
  TIDE_TRY(tide_estimate_make(c, s, &series, UNIT_MESSAGES, own, &e));
  if (own->before.messages >= TIDE_CONTRAST_SMALL)
    TIDE_TRY(tide_contrast_slope_before(&series, &slope, &slope_p));
  series = tide_slots_without_peak(s, &peak);
  TIDE_TRY(tide_estimate_make(c, s, &series, UNIT_MESSAGES, own, &without));
  const bool control = !s->has_control || s->control[UNIT_MESSAGES].ratio > 0;
  if (!own->before.messages && own->after.messages)
    speak(to, TIDE_CAUTION_NOTHING_BEFORE,
          "nothing before the event: there is no change in percent, and %s",
          e.method[0] ? "the interval has only a lower bound" : "no interval");
  if (control && !e.method[0] && own->before.messages && own->after.messages)
    speak(to, TIDE_CAUTION_NO_INTERVAL,
          "there is no interval: too few days for the model that was asked for, or days that "
          "are all alike");
  if (tide_estimate_ignores_bursts(c, &e, own))
    speak(to, TIDE_CAUTION_BURSTS,
          "the exact interval assumes that messages come independently, but days vary %.1f times "
          "as much as that: it is too narrow",
          e.dispersion);
  if (slope_p < tide_estimate_slope_p)
    speak(to, TIDE_CAUTION_SLOPE,
          "messages were already %s before the event, by %.1f percent a day (p %.3g): see "
          "--trend, and `spamtide placebo`",
          slope < 1 ? "falling" : "rising", fabs(percent(slope)), fmax(slope_p, DBL_MIN));
  if (tide_estimate_is_persistent(s, &e))
    speak(to, TIDE_CAUTION_PERSISTENT,
          "days resemble their neighbours so much that the interval says next to "
          "nothing: what looks like a step may be a slope, see --trend");
  caution_history(c, s, &e, to);
  if (tide_estimate_wanders(c, s, UNIT_MESSAGES, &e))
    speak(to, TIDE_CAUTION_WANDERS,
          "the level varies more over these windows than over half of them, as one that drifts or "
          "jumps does: the interval may be too narrow, see `spamtide placebo`");
  caution_peak(c, &e, &without, s, peak, to);
  caution_control(s, to);
  caution_groups(c->summary, to);
  return TIDE_OK;
}

/* c has the windows that the archive has, asked those that were asked for. */
static tide_status cautions_say(const tide_compare *asked, const tide_compare *c, slots *s,
                                const tide_tally *total, const speaker *to, tide_error *err) {
  sides own = {0};
  if (!c->extent->any) {
    speak(to, TIDE_CAUTION_COUNT, "there is no dated mail to compare");
    return TIDE_OK;
  }
  if ((c->control && tide_slots_count_control(s, c->control, &c->contrast) != TIDE_OK) ||
      (tide_tally_group_count(total) && tide_slots_count(s, total, 0) != TIDE_OK))
    return tide_error_memory(err);
  for (size_t i = 0; i < s->count; i++)
    *(i < s->before ? &own.before.messages : &own.after.messages) += s->counts[i].messages;
  caution_weeks(c->windows, to);
  caution_clip(asked, c->windows, total, to);
  if (caution_gaps(c, s, to) != TIDE_OK)
    return tide_error_memory(err);
  caution_sides(&own, to);
  return tide_error_of_status(err, caution_estimate(c, s, &own, to));
}

/* Codes that only rows of groups and of other units have. */
static void caution_rest(const tide_compare *c, const speaker *to) {
  tide_caution_count rest;
  if (!c->counted)
    return;
  rest = *c->counted;
  for (tide_caution i = 0; i < TIDE_CAUTION_COUNT; i++)
    if (*to->said >> i & 1 || i == TIDE_CAUTION_RECEIVER) /* told of all comparisons together */
      rest.with[i] = 0;
  tide_cautions_say(&rest, to->say, to->context);
}

tide_status tide_compare_cautions(const tide_compare *asked, const tide_tally *total,
                                  void (*say)(void *context, const char *text), void *context,
                                  tide_error *err) {
  const tide_windows clipped = tide_windows_clip(asked->windows, asked->extent);
  unsigned said = 0;
  const speaker to = {say, context, &said};
  tide_compare c = *asked;
  slots s;
  c.windows = &clipped;
  tide_status status = tide_slots_make(&c, &s, err);
  if (status == TIDE_OK)
    status = cautions_say(asked, &c, &s, total, &to, err);
  if (status == TIDE_OK)
    caution_rest(asked, &to);
  tide_slots_free(&s);
  return status;
}
