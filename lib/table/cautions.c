/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cautions: the codes that are in rows, and what each means, in a sentence. */
#include <stdio.h>
#include <string.h>

#include "table/table.h"

static const struct {
  const char *name, *meaning;
} cautions[TIDE_CAUTION_COUNT] = {
    [TIDE_CAUTION_WEEKS] = {"weeks", "the windows are not whole weeks: a weekday that comes more "
                                     "often in one can make a change, or hide one"},
    [TIDE_CAUTION_CLIPPED] = {"clipped", "a window is clipped to what the archive has"},
    [TIDE_CAUTION_GAP] = {"gap", "days were left out: they are in --exclude, or had no mail of any "
                                 "kind, and judging by the days around them none was collected"},
    [TIDE_CAUTION_EMPTY_DAYS] = {"empty-days", "days have no mail at all, of any kind: if the "
                                               "archive has gaps there, they count as days without "
                                               "spam"},
    [TIDE_CAUTION_RECEIVER] = {"receiver", "one of the servers received nothing for days, while "
                                           "others did: that may be the server and not the "
                                           "senders"},
    [TIDE_CAUTION_NOTHING_BEFORE] = {"nothing-before", "nothing before the event: there is no "
                                                       "change in percent"},
    [TIDE_CAUTION_NO_INTERVAL] = {"no-interval", "there is no interval: too few messages or days"},
    [TIDE_CAUTION_NO_HISTORY] = {"no-history",
                                 "there is too little history to show how much the level varies by "
                                 "itself, and the results may claim too much"},
    [TIDE_CAUTION_BURSTS] =
        {"bursts",
         "the exact interval assumes that messages come independently, and is too narrow"},
    [TIDE_CAUTION_SLOPE] = {"slope", "messages were already falling or rising before the event"},
    [TIDE_CAUTION_PERSISTENT] = {"persistent", "days resemble their neighbours so much that the "
                                               "interval says next to nothing"},
    [TIDE_CAUTION_PEAK] = {"peak", "one day carries the result"},
    [TIDE_CAUTION_CONTROL_EMPTY] = {"control-empty",
                                    "the control has no messages before or none after: there is "
                                    "nothing to compare with"},
    [TIDE_CAUTION_CONTROL_APART] = {"control-apart",
                                    "the control moves differently: it guards against what "
                                    "happened to both, but makes intervals wider"},
    [TIDE_CAUTION_CONTROL_UNKNOWN] =
        {"control-unknown",
         "there is too little history to say whether the control moves with what is compared"},
    [TIDE_CAUTION_FEW_PLACEBOS] = {"few-placebos", "fewer than 19 other dates: placebo_p cannot "
                                                   "be below 0.05, whatever happened"},
    [TIDE_CAUTION_WEEKLY_CYCLE] = {"weekly-cycle", "there is too little mail to take the cycle of "
                                                   "the week out"},
    [TIDE_CAUTION_WANDERS] =
        {"wanders", "the level varies more over longer windows, as one that drifts or swings does: "
                    "the levels before and after differ, but maybe not from that date on"},
    [TIDE_CAUTION_OPEN] = {"open", "the interval has no upper end: the archive is too short to "
                                   "show one"},
    [TIDE_CAUTION_CHANCE] = {"chance", "with so many tested, chance alone makes one as large"},
};

const char *tide_caution_name(tide_caution caution) {
  return caution < TIDE_CAUTION_COUNT ? cautions[caution].name : "";
}

unsigned tide_cautions_set(const bool holds[TIDE_CAUTION_COUNT]) {
  unsigned set = 0;
  for (tide_caution i = 0; i < TIDE_CAUTION_COUNT; i++)
    set |= holds[i] ? 1u << i : 0;
  return set;
}

void tide_cautions_write(unsigned set, char out[TIDE_CAUTIONS_TEXT]) {
  size_t used = 0;
  out[0] = 0;
  for (tide_caution i = 0; i < TIDE_CAUTION_COUNT; i++) {
    if (!(set >> i & 1))
      continue;
    snprintf(out + used, TIDE_CAUTIONS_TEXT - used, "%s%s", used ? " " : "", cautions[i].name);
    used = strlen(out);
  }
}

unsigned tide_cautions_read(tide_span text) {
  unsigned set = 0;
  while (text.len) {
    const size_t at = tide_span_find(text, SPAN(" ")), len = at < text.len ? at : text.len;
    for (tide_caution i = 0; i < TIDE_CAUTION_COUNT; i++)
      if (tide_span_equal(tide_span_slice(text, 0, len), tide_span_of(cautions[i].name)))
        set |= 1u << i;
    text = tide_span_slice(text, len < text.len ? len + 1 : len, text.len);
  }
  return set;
}

void tide_cautions_count(tide_caution_count *count, unsigned set) {
  if (!count)
    return;
  count->rows++;
  for (tide_caution i = 0; i < TIDE_CAUTION_COUNT; i++)
    count->with[i] += set >> i & 1;
}

void tide_cautions_say(const tide_caution_count *count,
                       void (*say)(void *context, const char *text), void *context) {
  for (tide_caution i = 0; i < TIDE_CAUTION_COUNT; i++) {
    tide_error text; /* its text is one line, cut where it is too long */
    if (!count->with[i])
      continue;
    if (count->rows == 1)
      tide_error_set(&text, TIDE_OK, "%s: %s", cautions[i].name, cautions[i].meaning);
    else
      tide_error_set(&text, TIDE_OK, "%s, in %lu of %lu rows: %s", cautions[i].name,
                     (unsigned long)count->with[i], (unsigned long)count->rows,
                     cautions[i].meaning);
    say(context, text.text);
  }
}
