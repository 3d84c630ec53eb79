/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <stdio.h>
#include <string.h>

static const char *const onsets[] = {"b", "br", "c", "cl", "d",  "dr", "f", "fl", "g", "gr", "h",
                                     "l", "m",  "n", "p",  "pl", "r",  "s", "st", "t", "tr", "v"};
static const char *const vowels[] = {"a", "e", "i", "o", "u", "ai", "ea", "io"};
static const char *const codas[] = {"", "", "n", "r", "l", "s", "m", "nt", "rd"};
/* Fixed width, so that no brand begins another. */
static const char *const brand_heads[] = {"za", "ze", "zi", "zo", "zu",
                                          "xa", "xe", "xi", "xo", "xu"};
static const char *const brand_middles[] = {"lor", "mel", "vin", "dar", "ton",
                                            "ber", "gil", "pan", "ral", "sev"};
static const char *const brand_tails[] = {"ina",  "ora",  "ium",  "ade",  "eta",
                                          "omil", "afil", "anol", "etin", "usol"};

enum { BRAND_COUNT = 1000 };

const gen_theme gen_themes[GEN_THEMES] = {
    {"pharmacy",
     {"%B %n pills only %p", "Buy %B now, save %n percent", "Your %B order %n is waiting",
      "--> %b at %p a tablet %w"},
     {"+%n percent off every pack this week", "Discount meds %w %w",
      "=%n tablets for the price of ten", "No waiting room needed", "Refill notice %n",
      "Feel %w again"},
     {"Our %B comes in packs of %n and costs %p a tablet.",
      "Order %B today: %n tablets, %p, shipped in a plain %w box.",
      "%B is made by %W Labs, an invented firm in an invented town.",
      "Nine of ten %w readers would choose %B."},
     {"No questions, no %w, no waiting room.", "Every pack holds %n tablets of %w flavour.",
      "We ship to all countries in %n days.",
      "The pharmacy of %W has been on line since the year %n.",
      "Save up to %n percent on your first order.", "Prices from £%n, ½ of what your %w shop asks.",
      "Our caf\xC3\xA9 of health is open day and night.", "See %u for the full list."}},
    {"watches",
     {"%B replica from %p", "Wear a %B tonight", "%B %w: looks like the real one",
      "%B watches, %n models"},
     {"A %w gift for %p", "Time is on your wrist", "Why pay for an original?",
      "-%n percent on timepieces", "Luxury for less", "%W leather and steel"},
     {"The %B ticks like the one your %w wears, for %p.", "All %n models of %B are in stock.",
      "Each %B comes with a box of %w wood.", "A %B on your wrist tells them who you are."},
     {"Heavy steel, %w glass and a moving second hand.",
      "Nobody will see the difference at %n paces.", "Wallets, pens and bags of %w leather too.",
      "Order two and save %n percent.", "Delivery takes %n days, in a plain box.",
      "The clasp is engraved with the %w crown.", "Everything here is pretend\xC2\xAE.",
      "The shop stands at %u this week."}},
    {"software",
     {"%B suite for %p", "%B, full version, download now", "Cheap OEM: %B %n", "[%w] %B licence"},
     {"All the programs you need", "Download in %n minutes", "Office %w for %p",
      "Your licence runs out", "Software sale %n", "Why wait for the box?"},
     {"%B for %p instead of %n hundred.", "The full %B, no %w disc needed.",
      "You get %B and %n other programs.", "%B runs on every %w machine."},
     {"Download at once and save the %w postage.", "Every program in five languages.",
      "Serial numbers come within %n hours.", "Our list holds %n titles.",
      "No manual, no box, no %w.", "Pay once, use for %n years.",
      "The menu is na\xC3\xAFve but complete.", "Full list at %u today."}},
    {"casino",
     {"%B casino gives you %p free", "Play %B tonight", "%B: %n games, one %w", "%b JACKPOT %n"},
     {"Your bonus of %p", "The cards are %w", "Win %n times", "High rollers only",
      "+%p on your first deposit", "A seat is free"},
     {"%B pays out %p to one player in %n.", "Sit down at %B and take the %w chair.",
      "%B has %n tables open now.", "Your first %n rounds at %B are free."},
     {"Roulette, cards and the %w wheel.", "The bonus is yours for %n days.",
      "Cash comes by %w post.", "Play from home in your %w slippers.",
      "More than %n players are at the tables.", "Nobody has to know.",
      "The d\xC3\xA9"
      "but bonus is doubled.",
      "Take a seat at %u now."}},
    {"degrees",
     {"%B university degree in %n days", "Graduate from %B", "Your %B diploma, %w", "%B: no exams"},
     {"Why study %w?", "A better post for you", "Bachelor in %n weeks", "They will call you doctor",
      "Call %n %n %n now", "Diploma %w"},
     {"%B University of nowhere confers it in %n weeks.", "A paper from %B for %p.",
      "%B asks for no exams and no %w.", "Your transcript from %B is sealed with %w wax."},
     {"No books, no tests, no %w lectures.", "Earn %n percent more.",
      "Call any hour, leave your name and %w.", "Everybody is admitted.", "It comes in a %w frame.",
      "Your past experience is worth %n credits.", "The r\xC3\xA9sum\xC3\xA9 writes itself.",
      "Read on at %u please."}},
    {"stocks",
     {"%B Corp will rise %n percent", "Watch %b on Monday", "%B: strong buy at %p", "Alert: %B %w"},
     {"It begins on Monday", "Investors %w", "The quiet one at %p", "Do not miss the %w train",
      "Up %n percent in a day", "News due at noon"},
     {"%B Corp trades at %p and our target is %n.", "Put %B on your screen first thing.",
      "%B found %w ore in an invented land.", "Volume in %B has risen %n times."},
     {"The news comes on %w day.", "Insiders hold %n percent.",
      "Remember the last one: it tripled.", "This is no advice, it is %w.",
      "Get in before the %w crowd.", "The chart speaks for itself.", "Price now: \xC2\xA3%n.",
      "Charts at %u tonight."}},
    {"loans",
     {"%B bank approved you for %p", "%B: rates from %n percent", "Final notice from %B",
      "Re: your %B request %n"},
     {"Your %w is approved", "Debt ends today", "Rates have fallen", "Application %n%n",
      "We can help, %w", "Second notice"},
     {"%B lends %n thousand at the %w rate.", "Our letter from %B is valid for %n days.",
      "%B does not look at your %w.", "Fill in the %B form, it takes %n minutes."},
     {"Bad credit is no %w.", "You were chosen from %n others.",
      "One monthly payment and a %w head.", "No fee until %w.",
      "Your house may be worth %n percent more.", "Answer within %n hours.",
      "The offer stands at \xC2\xA3%n.", "The form is at %u today."}},
    {"parcels",
     {"%B parcel %n%n could not be delivered", "%B tracking %n%n%n", "Collect your %B packet",
      "%B courier: wrong %w"},
     {"Your packet is waiting", "Wrong address %w", "Invoice %n%n", "Postage due %p",
      "Label attached? %w", "We called on you"},
     {"%B came to your door with parcel %n and found no %w.",
      "Print the %B label and show it at the %w.", "%B keeps packets for %n days.",
      "The %B depot is behind the %w."},
     {"The address was not %w.", "Storage costs %p a day.", "Bring a paper with your name.",
      "The packet weighs %n stone.", "The sender is %W of %W.", "After %n days it goes back.",
      "Postage of \xC2\xA3%n is due.", "Follow it at %u now."}},
};

const gen_theme gen_theme_list = {
    "list",
    {"", "", "", ""},
    {"Re: %w and the %w queue", "Patch for %w", "Re: build fails on %w", "Meeting notes %n",
     "Question about %w", "Re: release %n.%n"},
    {"", "", "", ""},
    {"I ran it again on %w with %n files and saw the same.",
     "The %w branch has it since last week.", "Could somebody with a %w machine try this?",
     "It looks as if %w is read before %w is written.", "See the attached log, line %n.",
     "I agree with %W here, but would call it %w.",
     "Gr\xC3\xBC\xC3\x9F"
     "e, and thanks for the %w.",
     "Version %n does not show it, version %n does."}};

void gen_words_make(gen_words *words, uint64_t seed) {
  gen_random r;
  gen_random_seed(&r, seed, 3);
  for (int i = 0; i < GEN_WORDS; i++) {
    int syllables = 1 + (int)gen_random_below(&r, 3);
    char *out = words->word[i];
    size_t len = 0;
    for (int s = 0; s < syllables; s++) {
      const char *parts[3]; /* not in an initializer: its parts are evaluated in no fixed order */
      parts[0] = onsets[gen_random_below(&r, sizeof onsets / sizeof *onsets)];
      parts[1] = vowels[gen_random_below(&r, sizeof vowels / sizeof *vowels)];
      parts[2] = codas[gen_random_below(&r, sizeof codas / sizeof *codas)];
      for (int p = 0; p < 3; p++) {
        size_t n = strlen(parts[p]);
        if (len + n >= sizeof words->word[i])
          break;
        memcpy(out + len, parts[p], n);
        len += n;
      }
    }
    out[len] = 0;
    words->length[i] = (uint8_t)len;
  }
}

void gen_brand_make(char out[16], uint64_t seed, uint32_t number) {
  /* A walk over all brands with a step prime to their number never comes to one twice. */
  uint32_t at = (uint32_t)((gen_hash(seed ^ 0x6272616e64) + (uint64_t)number * 387) % BRAND_COUNT);
  snprintf(out, 16, "%s%s%s", brand_heads[at % 10], brand_middles[at / 10 % 10],
           brand_tails[at / 100]);
}

static char upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static void add_number(gen_buffer *out, uint32_t n) {
  char digits[12];
  int at = (int)sizeof digits;
  do
    digits[--at] = (char)('0' + n % 10);
  while (n /= 10);
  gen_buffer_add(out, digits + at, sizeof digits - (size_t)at);
}

void gen_expand(gen_buffer *out, const char *text, const gen_words *words, gen_random *r,
                const char *brand, const char *host) {
  for (;;) {
    const char *mark = strchr(text, '%');
    if (!mark)
      break;
    gen_buffer_add(out, text, (size_t)(mark - text));
    text = mark + 2;
    size_t start = out->len;
    switch (mark[1]) {
    case 'B':
    case 'b':
      gen_buffer_text(out, brand);
      for (size_t i = start; i < out->len && (i == start || mark[1] == 'b'); i++)
        out->ptr[i] = upper(out->ptr[i]);
      break;
    case 'w':
    case 'W': {
      uint32_t w = gen_random_below(r, GEN_WORDS);
      gen_buffer_add(out, words->word[w], words->length[w]);
      if (mark[1] == 'W')
        out->ptr[start] = upper(out->ptr[start]);
      break;
    }
    case 'n': add_number(out, gen_random_between(r, 2, 99)); break;
    case 'p':
      gen_buffer_char(out, '$');
      add_number(out, gen_random_between(r, 1, 99));
      gen_buffer_add(out, gen_random_chance(r, 50) ? ".95" : ".00", 3);
      break;
    case 'u': gen_buffer_text(out, host); break;
    default: gen_die("a template with %%%c", mark[1]);
    }
  }
  gen_buffer_text(out, text);
}
