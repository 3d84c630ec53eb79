/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What styles hide. Of CSS only what decides whether a text is seen; of a sheet only rules with
 * plain selectors, for those are what spam hides words by. A rule that is not understood hides
 * nothing: better a word too many than one lost. */
#include "style.h"

enum { STYLE_MAX = 4096, SELECTOR_MAX = 256 };

/* True if number is zero, with or without a unit: "0", "0px", "0.0em". */
static bool is_zero(tide_span number) {
  size_t at = 0;
  while (at < number.len && (number.ptr[at] == '0' || number.ptr[at] == '.'))
    at++;
  return at > 0 && !(at < number.len && tide_is_digit(number.ptr[at]));
}

/* "1px", "0.5pt": what no one reads. */
static bool is_speck(tide_span number) {
  size_t whole = 0;
  while (whole < number.len && number.ptr[whole] == '0')
    whole++;
  const bool one = whole < number.len && number.ptr[whole] == '1';
  size_t unit = whole + one;
  if (unit < number.len && number.ptr[unit] == '.')
    for (unit++; unit < number.len && tide_is_digit(number.ptr[unit]); unit++)
      if (one && number.ptr[unit] != '0')
        return false;
  const tide_span behind = tide_span_slice(number, unit, number.len);
  return tide_span_starts(behind, SPAN("px")) || tide_span_starts(behind, SPAN("pt"));
}

/* What one declaration says of a reason to hide: it sets it, it takes it away. */
typedef struct style_effect {
  uint8_t sets, clears; /* HIDE_… */
} style_effect;

static bool is_one_of(tide_span word, const char *const *words) {
  for (; *words; words++)
    if (tide_span_equal(word, tide_span_of(*words)))
      return true;
  return false;
}

/* A size of letters: nothing, something, or a share of the parent's, which leaves it as it is. */
static style_effect size_effect(tide_span value) {
  static const char *const keywords[] = {"xx-small", "x-small",  "small",     "medium",  "large",
                                         "x-large",  "xx-large", "xxx-large", "initial", NULL};
  size_t unit = 0;
  while (unit < value.len &&
         (tide_is_digit(value.ptr[unit]) || value.ptr[unit] == '.' || value.ptr[unit] == '+'))
    unit++;
  if (unit == 0)
    return (style_effect){.clears = is_one_of(value, keywords) ? HIDE_TINY : 0};
  if (is_zero(value) || is_speck(value))
    return (style_effect){.sets = HIDE_TINY};
  tide_span behind = tide_span_slice(value, unit, value.len);
  bool share = tide_span_starts(behind, SPAN("%")) || tide_span_starts(behind, SPAN("em")) ||
               tide_span_starts(behind, SPAN("ex")) || tide_span_starts(behind, SPAN("ch"));
  return (style_effect){.clears = share ? 0 : HIDE_TINY};
}

/* "italic bold 12px/30px Georgia, serif": the size is the first word that can be one. */
static style_effect font_effect(tide_span value) {
  while (value.len) {
    size_t end = tide_span_find_char(value, ' ');
    tide_span word = tide_span_slice(value, 0, end);
    word.len = tide_span_find_char(word, '/');
    bool weight = word.len == 3 && tide_is_digit(word.ptr[0]) && tide_span_iends(word, SPAN("00"));
    style_effect effect = weight ? (style_effect){0} : size_effect(word);
    if (effect.sets || effect.clears)
      return effect;
    value = tide_span_trim(tide_span_slice(value, end + 1, value.len));
  }
  return (style_effect){0};
}

/* "transparent", "rgba(1,2,3,0)", "#0000" and "#11223300". */
static style_effect colour_effect(tide_span value) {
  bool clear = tide_span_equal(value, SPAN("transparent"));
  if (tide_span_starts(value, SPAN("rgba(")) || tide_span_starts(value, SPAN("hsla("))) {
    const char *last = memrchr(value.ptr, ',', value.len);
    clear =
        last &&
        is_zero(tide_span_trim(tide_span_slice(value, (size_t)(last + 1 - value.ptr), value.len)));
  } else if (value.len == 5 || value.len == 9) {
    clear = value.ptr[0] == '#' && value.ptr[value.len - 1] == '0' &&
            (value.len == 5 || value.ptr[value.len - 2] == '0');
  }
  return clear ? (style_effect){.sets = HIDE_CLEAR} : (style_effect){.clears = HIDE_CLEAR};
}

/* "-9999px": far enough that no screen shows it. */
static bool is_far_off(tide_span value) {
  enum { FAR = 3 }; /* digits */
  size_t digits = 0;
  while (digits + 1 < value.len && tide_is_digit(value.ptr[digits + 1]))
    digits++;
  return value.len && value.ptr[0] == '-' && digits >= FAR;
}

static style_effect declaration_effect(tide_span name, tide_span value) {
  if (tide_span_equal(name, SPAN("display"))) {
    /* CSS 2.2 17.2: neither are columns of tables shown, whatever is in them. */
    const bool gone =
        tide_span_starts(value, SPAN("none")) || tide_span_starts(value, SPAN("table-column"));
    return gone ? (style_effect){.sets = HIDE_GONE} : (style_effect){.clears = HIDE_GONE};
  }
  if (tide_span_equal(name, SPAN("visibility"))) {
    if (tide_span_starts(value, SPAN("hidden")) || tide_span_starts(value, SPAN("collapse")))
      return (style_effect){.sets = HIDE_INVISIBLE};
    bool seen =
        tide_span_starts(value, SPAN("visible")) || tide_span_starts(value, SPAN("initial"));
    return (style_effect){.clears = seen ? HIDE_INVISIBLE : 0};
  }
  if (tide_span_equal(name, SPAN("font-size")))
    return size_effect(value);
  if (tide_span_equal(name, SPAN("font")))
    return font_effect(value);
  if (tide_span_equal(name, SPAN("color")))
    return tide_span_equal(value, SPAN("inherit")) ? (style_effect){0} : colour_effect(value);
  if (tide_span_equal(name, SPAN("text-indent")))
    return is_far_off(value) ? (style_effect){.sets = HIDE_ASIDE}
                             : (style_effect){.clears = HIDE_ASIDE};
  if (tide_span_equal(name, SPAN("opacity")))
    return is_zero(value) ? (style_effect){.sets = HIDE_FAINT}
                          : (style_effect){.clears = HIDE_FAINT};
  if (tide_span_equal(name, SPAN("mso-hide")))
    return tide_span_starts(value, SPAN("all")) ? (style_effect){.sets = HIDE_FAINT}
                                                : (style_effect){0};
  return (style_effect){0};
}

/* At the backslash of "\69", with a space after it, or of "\x": moves *at to its last byte. Signs
 * outside ASCII are of no keyword. */
static char take_escape(tide_span style, size_t *at) {
  enum { DIGITS_MAX = 6 };
  uint32_t c = 0;
  size_t digits = 0;
  for (int digit; digits < DIGITS_MAX && *at + 1 < style.len &&
                  (digit = tide_hex_digit(style.ptr[*at + 1])) >= 0;
       digits++, ++*at)
    c = c << 4 | (uint32_t)digit;
  if (digits && *at + 1 < style.len && tide_is_space(style.ptr[*at + 1]))
    ++*at;
  if (digits)
    return c < 0x80 ? (char)c : '?';
  *at += *at + 1 < style.len;
  return style.ptr[*at];
}

/* A style in lower case, its escapes taken off, without CSS comments, with blanks folded and none
 * around signs. */
static tide_span plain_style(tide_span style, char text[STYLE_MAX]) {
  size_t len = 0;
  bool blank = false;
  for (size_t at = 0; at < style.len && len + 1 < STYLE_MAX; at++) {
    char c = style.ptr[at];
    if (c == '/' && at + 1 < style.len && style.ptr[at + 1] == '*') {
      tide_span rest = tide_span_slice(style, at + 2, style.len);
      at += 2 + tide_span_find(rest, SPAN("*/")) + 1;
      continue;
    }
    if (c == '\\')
      c = take_escape(style, &at);
    if (tide_is_space(c)) {
      blank = true;
      continue;
    }
    bool sign = c == ':' || c == ';' || c == '!';
    if (blank && !sign && len && text[len - 1] != ':' && text[len - 1] != ';')
      text[len++] = ' ';
    blank = false;
    text[len++] = tide_lower(c);
  }
  return tide_span_make(text, len);
}

/* Is it a box of no height or width? With "overflow:hidden" nothing of it is seen. */
static bool is_flat(tide_span name, tide_span value) {
  static const char *const sizes[] = {"height", "max-height", "width", "max-width", NULL};
  return is_zero(value) && is_one_of(name, sizes);
}

static bool is_clipped(tide_span name, tide_span value) {
  return tide_span_equal(name, SPAN("overflow")) &&
         (tide_span_starts(value, SPAN("hidden")) || tide_span_starts(value, SPAN("clip")));
}

/* Only of a box that is taken out of the page's flow. */
static bool is_away(tide_span name, tide_span value) {
  static const char *const sides[] = {"left", "top", "right", "bottom", NULL};
  return (is_one_of(name, sides) && is_far_off(value)) ||
         (tide_span_equal(name, SPAN("clip")) &&
          (tide_span_starts(value, SPAN("rect(0")) || tide_span_starts(value, SPAN("rect(1px"))));
}

static bool is_taken_out(tide_span name, tide_span value) {
  return tide_span_equal(name, SPAN("position")) &&
         (tide_span_starts(value, SPAN("absolute")) || tide_span_starts(value, SPAN("fixed")));
}

element_name tide_element_name(tide_span s) {
  element_name n = {{0}};
  for (size_t i = 0; i < s.len && i < sizeof n.text; i++)
    n.text[i] = tide_lower(s.ptr[i]);
  return n;
}

/* important: HIDE_… of the matters of which that is said. */
static void add_effect(element_style *style, style_effect effect, uint8_t important) {
  const uint8_t matter = effect.sets | effect.clears,
                free = (uint8_t)(matter & (important | ~style->important));
  style->sets = (uint8_t)((style->sets & ~free) | (effect.sets & free));
  style->clears = (uint8_t)((style->clears & ~free) | (effect.clears & free));
  style->important |= matter & important;
}

static void add_style(element_style *style, const element_style *later) {
  add_effect(style, (style_effect){later->sets, later->clears}, later->important);
  style->flat |= later->flat;
  style->clipped |= later->clipped;
  style->taken_out |= later->taken_out;
  style->away |= later->away;
}

void tide_style_read(tide_span declarations, element_style *style) {
  char text[STYLE_MAX];
  for (tide_span rest = plain_style(declarations, text); rest.len;) {
    size_t end = tide_span_find_char(rest, ';');
    tide_span declaration = tide_span_slice(rest, 0, end);
    size_t colon = tide_span_find_char(declaration, ':');
    tide_span value = tide_span_slice(declaration, colon + 1, declaration.len);
    size_t mark = tide_span_find(value, SPAN("!important"));
    bool first = mark < value.len;
    value.len = mark;
    tide_span name = tide_span_slice(declaration, 0, colon);
    style->flat |= is_flat(name, value);
    style->clipped |= is_clipped(name, value);
    style->taken_out |= is_taken_out(name, value);
    style->away |= is_away(name, value);
    style_effect effect = declaration_effect(name, value);
    add_effect(style, effect, first ? 0xff : 0);
    rest = tide_span_slice(rest, end + 1, rest.len);
  }
}

uint8_t tide_style_hides(const element_style *style, uint8_t hidden) {
  const bool unseen = (style->flat && style->clipped) || (style->taken_out && style->away);
  const uint8_t sets = style->sets | (unseen ? HIDE_FAINT : 0);
  return (uint8_t)((hidden & (HIDE_GONE | HIDE_FAINT | ~style->clears)) | sets);
}

/* --- sheets --- */

/* The next piece of a sheet up to one of the signs, without the comments in front of it; *sign is
 * '\0' where none follows. HTML's comment marks are none of CSS (CSS 2.2, 4.1.1). */
static tide_span take_until(tide_span *css, const char *signs, char *sign) {
  static const tide_span skipped[] = {SPAN("<!--"), SPAN("-->"), SPAN("<![CDATA["), SPAN("]]>")};
  size_t from = 0, at = 0;
  *sign = '\0';
  while (at < css->len) {
    const tide_span rest = tide_span_slice(*css, at, css->len);
    size_t mark = 0;
    if (tide_span_starts(rest, SPAN("/*")))
      mark = tide_span_find(rest, SPAN("*/")) + 2;
    else if (rest.ptr[0] == '<' || rest.ptr[0] == '-' || rest.ptr[0] == ']')
      for (size_t i = 0; !mark && i < sizeof skipped / sizeof *skipped; i++)
        mark = tide_span_starts(rest, skipped[i]) ? skipped[i].len : 0;
    if (mark) {
      if (tide_span_trim(tide_span_slice(*css, from, at)).len == 0)
        from = at + mark;
      at += mark;
    } else if (strchr(signs, rest.ptr[0]) && rest.ptr[0]) {
      *sign = rest.ptr[0];
      break;
    } else {
      at++;
    }
  }
  at = at < css->len ? at : css->len;
  const tide_span piece = tide_span_trim(tide_span_slice(*css, from, at));
  *css = tide_span_slice(*css, at + (*sign != '\0'), css->len);
  return piece;
}

/* Moves past a block whose brace was taken. */
static void skip_block(tide_span *css) {
  char sign = '{';
  for (unsigned depth = 1; depth && sign;) {
    take_until(css, "{}", &sign);
    if (sign == '{')
      depth++;
    else
      depth--;
  }
}

static size_t name_length(tide_span s) {
  size_t len = 0;
  while (len < s.len &&
         (tide_is_alnum(s.ptr[len]) || s.ptr[len] == '-' || s.ptr[len] == '_' || s.ptr[len] & 0x80))
    len++;
  return len;
}

/* Where the last of several selectors begins that are one in the other. */
static size_t last_begin(tide_span s) {
  size_t at = s.len;
  while (at && !tide_is_space(s.ptr[at - 1]) && s.ptr[at - 1] != '>')
    at--;
  return at;
}

/* Takes a condition off the start of a selector: ".x", "#x", or as an attribute, "[class=x]",
 * "[id='x']". False if it begins with none of these. */
static bool take_condition(tide_span *s, bool *is_id, tide_span *name) {
  if (s->len && (s->ptr[0] == '.' || s->ptr[0] == '#')) {
    *is_id = s->ptr[0] == '#';
    *s = tide_span_slice(*s, 1, s->len);
    *name = tide_span_slice(*s, 0, name_length(*s));
    *s = tide_span_slice(*s, name->len, s->len);
    return name->len > 0;
  }
  const size_t end = tide_span_find_char(*s, ']');
  if (s->len == 0 || s->ptr[0] != '[' || end == s->len)
    return false;
  const tide_span inside = tide_span_slice(*s, 1, end);
  tide_span key = tide_span_slice(inside, 0, tide_span_find_char(inside, '='));
  *name = tide_span_slice(inside, key.len + 1, inside.len);
  *s = tide_span_slice(*s, end + 1, s->len);
  key.len -= key.len && key.ptr[key.len - 1] == '~';
  if (name->len > 2 && (name->ptr[0] == '"' || name->ptr[0] == '\''))
    *name = tide_span_slice(*name, 1, name->len - 1);
  *is_id = tide_span_iequal(key, SPAN("id"));
  return name->len && name_length(*name) == name->len &&
         (*is_id || tide_span_iequal(key, SPAN("class")));
}

/* "p", ".hidden", "#hidden", "p.hidden", "*.hidden", "table .a > p.b[class=c]". */
static bool read_selector(tide_span s, style_rule *rule) {
  if (s.len > SELECTOR_MAX)
    return false;
  const size_t begin = last_begin(s);
  const tide_span above = tide_span_trim(tide_span_slice(s, 0, begin));
  s = tide_span_slice(s, begin, s.len);
  const size_t len = name_length(s);
  *rule = (style_rule){.tag = tide_element_name(tide_span_slice(s, 0, len)), .above = above};
  s = tide_span_slice(s, len ? len : tide_span_starts(s, SPAN("*")), s.len);
  if (s.len == 0)
    return len > 0;
  if (!take_condition(&s, &rule->is_id, &rule->name))
    return false;
  rule->more = s;
  bool is_id;
  tide_span name;
  while (s.len)
    if (!take_condition(&s, &is_id, &name))
      return false;
  return true;
}

static void add_rules(style_sheet *sheet, tide_span selectors, const element_style *style) {
  while (selectors.len && !sheet->broken) {
    const size_t comma = tide_span_find_char(selectors, ',');
    style_rule rule;
    if (read_selector(tide_span_trim(tide_span_slice(selectors, 0, comma)), &rule)) {
      rule.style = *style;
      sheet->broken = sheet->count == STYLE_RULES_MAX;
      if (!sheet->broken)
        sheet->rules[sheet->count++] = rule;
      sheet->hides = sheet->hides || tide_style_hides(style, 0);
    }
    selectors = tide_span_slice(selectors, comma + 1, selectors.len);
  }
}

/* "@media screen", "@media all": not one for paper, nor for windows of some size. */
static bool is_for_screens(tide_span rule) {
  return tide_span_istarts(rule, SPAN("@media")) && tide_span_find_char(rule, '(') == rule.len &&
         (tide_span_ifind(rule, SPAN("screen")) < rule.len ||
          tide_span_ifind(rule, SPAN("all")) < rule.len);
}

void tide_sheet_read(style_sheet *sheet, tide_span css) {
  while (css.len && !sheet->broken) {
    char sign;
    const tide_span head = take_until(&css, "{};", &sign);
    if (sign != '{' || is_for_screens(head))
      continue; /* "@import …;", or the end of an @media */
    if (tide_span_starts(head, SPAN("@"))) {
      skip_block(&css);
      continue;
    }
    element_style style = {0};
    tide_style_read(take_until(&css, "}", &sign), &style);
    if (style.sets || style.clears || style.flat || style.clipped || style.taken_out || style.away)
      add_rules(sheet, head, &style);
  }
}

/* One of the words of a class attribute. */
static bool has_word(tide_span words, tide_span word) {
  for (size_t at = 0; at < words.len;) {
    size_t end = at;
    while (end < words.len && !tide_is_space(words.ptr[end]))
      end++;
    if (tide_span_equal(tide_span_slice(words, at, end), word))
      return true;
    at = end + 1;
  }
  return false;
}

/* ".b#c": has the element all of them? */
static bool has_all(const style_element *e, tide_span conditions) {
  bool is_id;
  tide_span name;
  while (conditions.len)
    if (!take_condition(&conditions, &is_id, &name) ||
        !(is_id ? tide_span_equal(name, e->id) : has_word(e->classes, name)))
      return false;
  return true;
}

static bool fits(const style_element *e, tide_span selector) {
  const size_t len = name_length(selector);
  const element_name tag = tide_element_name(tide_span_slice(selector, 0, len));
  if (len && !name_equal(&tag, &e->name))
    return false;
  return has_all(e, tide_span_slice(selector, len ? len : tide_span_starts(selector, SPAN("*")),
                                    selector.len));
}

/* Do the elements around it fit what comes before it in the selector? Of each the innermost is
 * taken. */
static bool fits_around(style_sheet *sheet, const style_element *e, tide_span above) {
  enum { LOOKS_MAX = 1 << 20 };
  for (; above.len; e = e->around) {
    const bool parent = above.ptr[above.len - 1] == '>';
    above = tide_span_trim(tide_span_slice(above, 0, above.len - parent));
    const size_t begin = last_begin(above);
    const tide_span selector = tide_span_slice(above, begin, above.len);
    while (e && ++sheet->looks < LOOKS_MAX && !fits(e, selector))
      e = parent ? NULL : e->around;
    if (!e || sheet->looks >= LOOKS_MAX)
      return false;
    above = tide_span_trim(tide_span_slice(above, 0, begin));
  }
  return true;
}

void tide_sheet_apply(style_sheet *sheet, const style_element *e, element_style *style) {
  /* An id is more specific than a class, and that more than an element (CSS 2.2, 6.4.3). */
  enum { BY_TAG, BY_CLASS, BY_ID };
  static const element_name any = {{0}};
  for (unsigned by = BY_TAG; by <= BY_ID; by++)
    for (unsigned i = 0; i < sheet->count; i++) {
      const style_rule *rule = &sheet->rules[i];
      const unsigned of_rule = rule->name.len ? BY_CLASS + rule->is_id : BY_TAG;
      if (of_rule != by || !(name_equal(&rule->tag, &any) || name_equal(&rule->tag, &e->name)))
        continue;
      const bool named = by == BY_TAG || (by == BY_ID ? tide_span_equal(rule->name, e->id)
                                                      : has_word(e->classes, rule->name));
      if (named && has_all(e, rule->more) && fits_around(sheet, e->around, rule->above))
        add_style(style, &rule->style);
    }
}
