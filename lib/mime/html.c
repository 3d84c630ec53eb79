/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML as a reader sees it: a lexer and a short stack of open elements, no tree; styles in style.c.
 * Spam hides words from programs, not from readers. What browsers do is the WHATWG HTML standard's;
 * its sections are named. */
#include "parser.h"
#include "style.h"
#include "base/scan.h"
#include "base/utf8.h"

/* What a tag does to the text around it; a tag of any other name leaves no trace, so that
 * "V<b></b>iagra" is one word. */
enum {
  KIND_BLOCK = 1 << 0, /* breaks the line */
  KIND_CELL = 1 << 1,  /* a cell of a table: a space */
  KIND_RAW =
      1 << 2, /* its content is no text for the reader, and ends at its end tag only (13.2.5.2) */
  KIND_VOID = 1 << 3,  /* has no content (13.1.2) */
  KIND_SCOPE = 1 << 4, /* what is open outside it is not closed from inside (13.2.4.2) */
  KIND_UNSEEN = 1 << 5 /* browsers show nothing of it (15.3.1) */
};

enum {
  OPEN_MAX = 128,           /* open elements remembered */
  ATTRIBUTES_MAX = 64 << 10 /* bytes of a tag within which a quote must close */
};

/* X(enumerator, "name", kind) */
#define ELEMENTS(X)                                                                                \
  X(BR, "br", KIND_BLOCK | KIND_VOID)                                                              \
  X(P, "p", KIND_BLOCK)                                                                            \
  X(DIV, "div", KIND_BLOCK)                                                                        \
  X(TD, "td", KIND_CELL | KIND_SCOPE)                                                              \
  X(TH, "th", KIND_CELL | KIND_SCOPE)                                                              \
  X(TR, "tr", KIND_BLOCK)                                                                          \
  X(TABLE, "table", KIND_BLOCK | KIND_SCOPE)                                                       \
  X(LI, "li", KIND_BLOCK)                                                                          \
  X(UL, "ul", KIND_BLOCK)                                                                          \
  X(OL, "ol", KIND_BLOCK)                                                                          \
  X(DL, "dl", KIND_BLOCK)                                                                          \
  X(DT, "dt", KIND_BLOCK)                                                                          \
  X(DD, "dd", KIND_BLOCK)                                                                          \
  X(H1, "h1", KIND_BLOCK)                                                                          \
  X(H2, "h2", KIND_BLOCK)                                                                          \
  X(H3, "h3", KIND_BLOCK)                                                                          \
  X(H4, "h4", KIND_BLOCK)                                                                          \
  X(H5, "h5", KIND_BLOCK)                                                                          \
  X(H6, "h6", KIND_BLOCK)                                                                          \
  X(HR, "hr", KIND_BLOCK | KIND_VOID)                                                              \
  X(IMG, "img", KIND_VOID)                                                                         \
  X(INPUT, "input", KIND_VOID)                                                                     \
  X(META, "meta", KIND_VOID)                                                                       \
  X(LINK, "link", KIND_VOID)                                                                       \
  X(AREA, "area", KIND_VOID)                                                                       \
  X(BASE, "base", KIND_VOID)                                                                       \
  X(COL, "col", KIND_VOID)                                                                         \
  X(EMBED, "embed", KIND_VOID)                                                                     \
  X(PARAM, "param", KIND_VOID)                                                                     \
  X(WBR, "wbr", KIND_VOID)                                                                         \
  X(STYLE, "style", KIND_RAW)                                                                      \
  X(SCRIPT, "script", KIND_RAW)                                                                    \
  X(TITLE, "title", KIND_RAW)                                                                      \
  X(IFRAME, "iframe", KIND_RAW)                                                                    \
  X(NOFRAMES, "noframes", KIND_RAW)                                                                \
  X(CENTER, "center", KIND_BLOCK)                                                                  \
  X(BLOCKQUOTE, "blockquote", KIND_BLOCK)                                                          \
  X(PRE, "pre", KIND_BLOCK)                                                                        \
  X(FORM, "form", KIND_BLOCK)                                                                      \
  X(BODY, "body", KIND_BLOCK | KIND_SCOPE)                                                         \
  X(HTML, "html", KIND_SCOPE)                                                                      \
  X(OPTION, "option", KIND_BLOCK)                                                                  \
  X(SELECT, "select", KIND_BLOCK)                                                                  \
  X(TEXTAREA, "textarea", KIND_BLOCK)                                                              \
  X(FIELDSET, "fieldset", KIND_BLOCK)                                                              \
  X(ADDRESS, "address", KIND_BLOCK)                                                                \
  X(SECTION, "section", KIND_BLOCK)                                                                \
  X(ARTICLE, "article", KIND_BLOCK)                                                                \
  X(HEADER, "header", KIND_BLOCK)                                                                  \
  X(FOOTER, "footer", KIND_BLOCK)                                                                  \
  X(MAIN, "main", KIND_BLOCK)                                                                      \
  X(NAV, "nav", KIND_BLOCK)                                                                        \
  X(ASIDE, "aside", KIND_BLOCK)                                                                    \
  X(CAPTION, "caption", KIND_BLOCK | KIND_SCOPE)                                                   \
  X(MARQUEE, "marquee", KIND_BLOCK | KIND_SCOPE)                                                   \
  X(OBJECT, "object", KIND_SCOPE)                                                                  \
  X(APPLET, "applet", KIND_SCOPE)                                                                  \
  X(TEMPLATE, "template", KIND_UNSEEN)                                                             \
  X(DATALIST, "datalist", KIND_UNSEEN)                                                             \
  X(DIALOG, "dialog", KIND_UNSEEN)                                                                 \
  X(RP, "rp", KIND_UNSEEN)                                                                         \
  X(NOEMBED, "noembed", KIND_RAW)                                                                  \
  X(BUTTON, "button", KIND_CELL)                                                                   \
  X(FIGURE, "figure", KIND_BLOCK)                                                                  \
  X(FIGCAPTION, "figcaption", KIND_BLOCK)                                                          \
  X(DETAILS, "details", KIND_BLOCK)                                                                \
  X(SUMMARY, "summary", KIND_BLOCK)                                                                \
  X(LEGEND, "legend", KIND_BLOCK)                                                                  \
  X(DIR, "dir", KIND_BLOCK)                                                                        \
  X(MENU, "menu", KIND_BLOCK)                                                                      \
  X(HGROUP, "hgroup", KIND_BLOCK)                                                                  \
  X(SEARCH, "search", KIND_BLOCK)                                                                  \
  X(OPTGROUP, "optgroup", KIND_BLOCK)                                                              \
  X(LISTING, "listing", KIND_BLOCK)                                                                \
  X(XMP, "xmp", KIND_BLOCK)                                                                        \
  X(PLAINTEXT, "plaintext", KIND_BLOCK)

typedef enum element_id {
#define X(id, name, kind) ELEMENT_##id,
  ELEMENTS(X)
#undef X
      ELEMENT_OTHER
} element_id;

/* A set of elements, of the first 64. */
typedef uint64_t element_set;
enum { SET_MAX = 64 };
#define IN(id) ((element_set)1 << ELEMENT_##id)

static const struct {
  element_name name;
  uint8_t kind;
} elements[] = {
#define X(id, name, kind) {{name}, kind},
    ELEMENTS(X)
#undef X
};

typedef struct open_element {
  style_element is;
  uint8_t id, kind;
  uint8_t hides; /* HIDE_…, those of the elements around it included */
} open_element;

typedef struct html {
  tide_span in;
  size_t at;
  tide_buffer *out;
  tide_links *links; /* may be NULL */
  tide_status status;
  size_t start, links_start; /* of ours in out and in links */
  bool space, line;          /* white space or a line break is due before the next character */
  bool quotes_broken; /* a quote in a tag never closed: from there on quotes count for nothing, or a
                         page of them would be read again and again */
  bool comments_broken; /* the same of a comment */
  open_element open[OPEN_MAX];
  unsigned open_count;
  uint8_t hidden; /* HIDE_… where the reader is */
  style_sheet sheet;
  bool sheets_read, late_sheet; /* all were read before; one that hides comes below text */
} html;

/* The elements by the first letter of their names. Nearly every tag is looked up, and most are none
 * of ours. */
#define E(id) ELEMENT_##id
static const struct {
  uint8_t count, ids[10];
} by_letter[26] = {
    ['a' - 'a'] = {5, {E(AREA), E(ADDRESS), E(ARTICLE), E(ASIDE), E(APPLET)}},
    ['b' - 'a'] = {5, {E(BR), E(BODY), E(BLOCKQUOTE), E(BASE), E(BUTTON)}},
    ['c' - 'a'] = {3, {E(CENTER), E(COL), E(CAPTION)}},
    ['d' - 'a'] = {8, {E(DIV), E(DL), E(DT), E(DD), E(DATALIST), E(DIALOG), E(DETAILS), E(DIR)}},
    ['e' - 'a'] = {1, {E(EMBED)}},
    ['f' - 'a'] = {5, {E(FORM), E(FIELDSET), E(FOOTER), E(FIGURE), E(FIGCAPTION)}},
    ['h' -
        'a'] = {10,
                {E(HR), E(H1), E(H2), E(H3), E(H4), E(H5), E(H6), E(HTML), E(HEADER), E(HGROUP)}},
    ['i' - 'a'] = {3, {E(IMG), E(INPUT), E(IFRAME)}},
    ['l' - 'a'] = {4, {E(LI), E(LINK), E(LEGEND), E(LISTING)}},
    ['m' - 'a'] = {4, {E(META), E(MAIN), E(MARQUEE), E(MENU)}},
    ['n' - 'a'] = {3, {E(NOFRAMES), E(NAV), E(NOEMBED)}},
    ['o' - 'a'] = {4, {E(OL), E(OPTION), E(OBJECT), E(OPTGROUP)}},
    ['p' - 'a'] = {4, {E(P), E(PRE), E(PARAM), E(PLAINTEXT)}},
    ['r' - 'a'] = {1, {E(RP)}},
    ['s' - 'a'] = {6, {E(STYLE), E(SCRIPT), E(SELECT), E(SECTION), E(SUMMARY), E(SEARCH)}},
    ['t' - 'a'] = {7, {E(TD), E(TR), E(TABLE), E(TH), E(TITLE), E(TEXTAREA), E(TEMPLATE)}},
    ['u' - 'a'] = {1, {E(UL)}},
    ['w' - 'a'] = {1, {E(WBR)}},
    ['x' - 'a'] = {1, {E(XMP)}},
};
#undef E

static element_id element_find(const element_name *name) {
  unsigned letter = (unsigned char)name->text[0] - 'a'; /* of a name it is one, in lower case */
  for (unsigned i = 0; i < by_letter[letter].count; i++)
    if (name_equal(name, &elements[by_letter[letter].ids[i]].name))
      return (element_id)by_letter[letter].ids[i];
  return ELEMENT_OTHER;
}

static bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Characters without a width of their own are there for programs: readers overlook them. */
static bool is_zero_width(uint32_t c) {
  return c == 0xad || c == 0x34f || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2064) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f) ||
         (c >= 0xe0000 && c <= 0xe01ef); /* variation selectors, tags */
}

static bool is_blank(uint32_t c) {
  return (c < 0x80 && is_white((char)c)) || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x202f || c == 0x205f || c == 0x3000;
}

/* The white space that is due. */
static void put_gap(html *h) {
  if ((h->space || h->line) && h->out->len > h->start)
    h->status = tide_buffer_putc(h->out, h->line ? '\n' : ' ');
  h->space = h->line = false;
}

static void put(html *h, uint32_t c) {
  if (h->hidden || h->status != TIDE_OK)
    return;
  if (is_blank(c)) {
    h->space = true;
    return;
  }
  if (c == 0 || is_zero_width(c))
    return;
  put_gap(h);
  if (h->status == TIDE_OK)
    h->status = tide_buffer_put_utf8(h->out, c);
}

/* --- references (13.2.5.72) --- */

/* "&#…": the number, and how long it is with its semicolon; 0 if it is none. Zeros may fill it
 * up without end. */
static size_t take_number(tide_span s, uint32_t *out) {
  size_t at = 2;
  bool hex = s.len > 2 && (s.ptr[2] == 'x' || s.ptr[2] == 'X');
  size_t first = at += hex;
  uint32_t c = 0;
  for (; at < s.len; at++) {
    int digit = tide_hex_digit(s.ptr[at]);
    if (digit < 0 || (digit > 9 && !hex))
      break;
    if (c < 0x200000)
      c = c * (hex ? 16u : 10u) + (uint32_t)digit;
  }
  if (at == first)
    return 0;
  if (c < 0x100) /* 13.2.5.80 */
    c = c ? tide_windows_1252_at((unsigned char)c) : 0xfffd;
  *out = c;
  return at + (at < s.len && s.ptr[at] == ';');
}

/* "&name;", "&name", and for the Latin-1 names as in "&copyright" also the longest beginning that
 * is one. */
static size_t take_name(tide_span s, uint32_t *out) {
  size_t len = 0;
  tide_span name = tide_span_slice(s, 1, s.len);
  while (len < name.len && len <= TIDE_ENTITY_MAX && tide_is_alnum(name.ptr[len]))
    len++;
  size_t whole = len;
  uint32_t c = 0;
  while (len >= 2 && !(c = tide_entity_find(tide_span_slice(name, 0, len))))
    len--;
  const bool closed = len < name.len && name.ptr[len] == ';';
  /* Signs of ASCII except the oldest four end with a semicolon: "&number" has none. */
  const bool loose = c >= 0x80 || c == '&' || c == '<' || c == '>' || c == '"';
  if (!c || (len < whole && c > 0xff) || (!closed && !loose))
    return 0;
  *out = c;
  return 1 + len + closed;
}

/* At an '&'. False if it stands for itself. */
static bool take_reference(html *h) {
  tide_span s = tide_span_slice(h->in, h->at, h->in.len);
  uint32_t c = 0;
  size_t len = s.len > 2 && s.ptr[1] == '#' ? take_number(s, &c) : take_name(s, &c);
  if (len == 0)
    return false;
  h->at += len;
  put(h, c);
  return true;
}

/* --- attributes --- */

bool tide_html_attribute(tide_span *rest, tide_span *name, tide_span *value) {
  tide_span s = *rest;
  size_t at = 0;
  while (at < s.len && (is_white(s.ptr[at]) || s.ptr[at] == '/'))
    at++;
  size_t from = at;
  while (at < s.len && !is_white(s.ptr[at]) && s.ptr[at] != '/' && (s.ptr[at] != '=' || at == from))
    at++;
  if (at == from)
    return false;
  *name = tide_span_slice(s, from, at);
  *value = (tide_span){0};
  size_t equals = at;
  while (equals < s.len && is_white(s.ptr[equals]))
    equals++;
  if (equals < s.len && s.ptr[equals] == '=') {
    at = equals + 1;
    while (at < s.len && is_white(s.ptr[at]))
      at++;
    from = at;
    if (at < s.len && (s.ptr[at] == '"' || s.ptr[at] == '\'')) {
      char quote = s.ptr[at++];
      from = at;
      at += tide_span_find_char(tide_span_slice(s, at, s.len), quote);
      *value = tide_span_slice(s, from, at);
      at++;
    } else {
      while (at < s.len && !is_white(s.ptr[at]))
        at++;
      *value = tide_span_slice(s, from, at);
    }
  }
  *rest = tide_span_slice(s, at, s.len);
  return true;
}

/* Does it lead to another host? */
static bool leads_out(tide_span target) {
  return tide_span_istarts(target, SPAN("http:")) || tide_span_istarts(target, SPAN("https:")) ||
         tide_span_starts(target, SPAN("//"));
}

/* Adds a link's target: references decoded, and without the white space and control characters that
 * browsers pass over (URL standard, 4.1). What is not whole is not added. */
static void put_link(html *h, tide_span value) {
  tide_buffer *links = &h->links->targets;
  size_t start = links->len;
  tide_status status = TIDE_OK;
  for (size_t at = 0; at < value.len && status == TIDE_OK;) {
    uint32_t c = 0;
    tide_span rest = tide_span_slice(value, at, value.len);
    size_t len = 0;
    if (rest.ptr[0] == '&')
      len = rest.len > 2 && rest.ptr[1] == '#' ? take_number(rest, &c) : take_name(rest, &c);
    if (len == 0) {
      c = (unsigned char)rest.ptr[0];
      len = 1;
      if (c > ' ' && c != 0x7f)
        status = tide_buffer_putc(links, rest.ptr[0]);
    } else if (c > ' ' && c != 0x7f) {
      status = tide_buffer_put_utf8(links, c);
    }
    at += len;
    /* Most targets are no links to another host: a few bytes tell. */
    if (links->len - start == 8 && !leads_out(tide_span_make(links->ptr + start, 8)))
      break;
  }
  if (status == TIDE_OK && leads_out(tide_span_slice(tide_buffer_span(links), start, links->len)))
    status = tide_buffer_putc(links, '\n');
  else
    links->len = start;
  if (status == TIDE_OK)
    return;
  links->len = start;
  if (status == TIDE_FATAL)
    h->status = status;
  else
    h->links->full = true;
}

/* A value as it is meant: its references decoded (13.2.5.36), as far as there is room. */
static tide_span plain_value(tide_span value, char *room, size_t size) {
  if (tide_span_find_char(value, '&') == value.len)
    return value;
  size_t len = 0;
  while (value.len && len + 4 <= size) {
    uint32_t c = (unsigned char)value.ptr[0];
    size_t taken = 0;
    if (c == '&')
      taken = value.len > 2 && value.ptr[1] == '#' ? take_number(value, &c) : take_name(value, &c);
    if (taken)
      len += tide_utf8_put(c, room + len);
    else
      room[len++] = value.ptr[0];
    value = tide_span_slice(value, taken ? taken : 1, value.len);
  }
  return tide_span_make(room, len);
}

/* Why what is in the element is not seen, HIDE_…. Its links are taken on the way, its classes
 * and its id where a style sheet asks for them. */
static uint8_t read_attributes(html *h, style_element *is, tide_span attributes) {
  enum { TARGETS_MAX = 4, STYLE_ROOM = 1024, CLASSES_MAX = 512 }; /* more than any element has */
  char room[STYLE_ROOM];
  /* The beginnings of the only names that can hide or show, as tide_scan_fours wants them: "hidd",
   * "styl", and the "size" and "color" of <font>. */
  static const uint32_t hiding[] = {0x64646968, 0x6c797473, 0x657a6973, 0x6f6c6f63};
  const bool by_sheet = h->sheet.hides && !h->sheet.broken;
  if (!h->links && !by_sheet &&
      tide_scan_fours(attributes, 0, hiding, h->hidden ? 4 : 2) == attributes.len)
    return h->hidden;
  tide_span name, value, inline_style = {0}, targets[TARGETS_MAX];
  unsigned target_count = 0;
  bool styled = false;
  element_style style = {0};
  while (tide_html_attribute(&attributes, &name, &value)) {
    if (tide_span_iequal(name, SPAN("hidden")))
      style.sets |= HIDE_GONE;
    /* Of <font>; other elements' size is none of letters, and does no harm. */
    else if (h->hidden & HIDE_TINY && tide_span_iequal(name, SPAN("size")))
      style.clears |= HIDE_TINY;
    else if (h->hidden & HIDE_CLEAR && tide_span_iequal(name, SPAN("color")))
      style.clears |= HIDE_CLEAR;
    else if (by_sheet && tide_span_iequal(name, SPAN("class")))
      is->classes = tide_span_slice(value, 0, CLASSES_MAX);
    else if (by_sheet && tide_span_iequal(name, SPAN("id")))
      is->id = value;
    /* The first of two counts (13.2.5.33). */
    else if (!styled && tide_span_iequal(name, SPAN("style"))) {
      styled = true;
      inline_style = value;
    } else if (h->links && value.len && target_count < TARGETS_MAX &&
               (tide_span_iequal(name, SPAN("href")) || tide_span_iequal(name, SPAN("src")) ||
                tide_span_iequal(name, SPAN("action")) ||
                tide_span_iequal(name, SPAN("background")))) {
      targets[target_count++] = value;
    }
  }
  if (by_sheet)
    tide_sheet_apply(&h->sheet, is, &style);
  tide_style_read(plain_value(inline_style, room, sizeof room), &style);
  const uint8_t hides = tide_style_hides(&style, h->hidden);
  for (unsigned i = 0; i < target_count && !h->hidden && !hides; i++)
    put_link(h, targets[i]);
  return hides;
}

/* --- open elements --- */

static void close_to(html *h, unsigned count) {
  if (count >= h->open_count)
    return;
  h->open_count = count;
  h->hidden = count ? h->open[count - 1].hides : 0;
}

/* The number of the innermost open element of that name, or OPEN_MAX; `scoped` ends the search at a
 * cell, a table and the like. */
static unsigned find_open(const html *h, const element_name *name, bool scoped) {
  for (unsigned i = h->open_count; i-- > 0;) {
    if (name_equal(&h->open[i].is.name, name))
      return i;
    if (scoped && h->open[i].kind & KIND_SCOPE)
      break;
  }
  return OPEN_MAX;
}

static inline bool is_in(unsigned id, element_set set) {
  return id < SET_MAX && (set >> id & 1);
}

/* Closes the innermost of those elements, unless a barrier is between. */
static void close_one_of(html *h, element_set set, element_set barriers) {
  for (unsigned i = h->open_count; i-- > 0;) {
    if (is_in(h->open[i].id, set)) {
      close_to(h, i);
      return;
    }
    if (is_in(h->open[i].id, barriers))
      return;
  }
}

/* What a start tag closes that may go without an end tag (13.1.2.4). */
static void close_implied(html *h, unsigned id, unsigned kind) {
  const element_set cells = IN(TD) | IN(TH), terms = IN(DT) | IN(DD);
  if (is_in(id, cells))
    close_one_of(h, cells, IN(TR) | IN(TABLE));
  else if (is_in(id, IN(TR)))
    close_one_of(h, IN(TR), IN(TABLE));
  else if (is_in(id, IN(LI)))
    close_one_of(h, IN(LI), IN(UL) | IN(OL) | IN(TABLE) | cells);
  else if (is_in(id, terms))
    close_one_of(h, terms, IN(DL) | IN(TABLE) | cells);
  else if (is_in(id, IN(OPTION)))
    close_one_of(h, IN(OPTION), IN(SELECT));
  else if (kind & KIND_BLOCK && id != ELEMENT_BR)
    close_one_of(h, IN(P),
                 cells | IN(TABLE) | IN(CAPTION) | IN(OBJECT) | IN(MARQUEE) | IN(APPLET) |
                     IN(HTML));
}

static void open_element_add(html *h, const style_element *is, unsigned id, unsigned kind,
                             uint8_t hides) {
  /* Beyond that depth nothing is hidden: better a word too many than one lost. */
  if (h->open_count == OPEN_MAX)
    return;
  h->open[h->open_count++] =
      (open_element){.is = *is, .id = (uint8_t)id, .kind = (uint8_t)kind, .hides = hides};
  h->hidden = hides;
}

/* --- tags --- */

/* Moves past the end tag of an element whose content is no text. */
static void skip_raw(html *h, tide_span name) {
  while (h->at < h->in.len) {
    h->at += tide_span_find_char(tide_span_slice(h->in, h->at, h->in.len), '<');
    tide_span rest = tide_span_slice(h->in, h->at, h->in.len);
    size_t behind = 2 + name.len;
    if (rest.len > behind && rest.ptr[1] == '/' &&
        tide_span_iequal(tide_span_slice(rest, 2, behind), name) &&
        (is_white(rest.ptr[behind]) || rest.ptr[behind] == '/' || rest.ptr[behind] == '>')) {
      h->at += tide_span_find_char(rest, '>');
      if (h->at < h->in.len)
        h->at++;
      return;
    }
    if (h->at < h->in.len)
      h->at++;
  }
}

/* The length of the comment at the start of s (13.2.5.43 and on): "-->" and "--!>" end it, and
 * "<!-->" and "<!--->" are whole. One that nothing ends goes on to the next '>': today's standard
 * lets it hide all that follows, but programs that wrote "<!--#rotate>" before there was one meant
 * the text to be read, and the readers of their time showed it. Of 1,497 pages in real mail those
 * are the only two that have such a comment. */
static size_t comment_length(html *h, tide_span s) {
  if (tide_span_starts(s, SPAN("<!-->")))
    return 5;
  if (tide_span_starts(s, SPAN("<!--->")))
    return 6;
  for (size_t at = 4; at < s.len && !h->comments_broken; at++) {
    at += tide_span_find_char(tide_span_slice(s, at, s.len), '>');
    if (at >= s.len)
      break;
    if ((s.ptr[at - 1] == '-' && s.ptr[at - 2] == '-' && at >= 6) ||
        (s.ptr[at - 1] == '!' && at >= 7 && s.ptr[at - 2] == '-' && s.ptr[at - 3] == '-'))
      return at + 1;
  }
  h->comments_broken = true; /* nor is there an end for those that follow */
  size_t end = tide_span_find_char(s, '>');
  return end + (end < s.len);
}

/* The '>' that ends the tag whose attributes begin at `from`: outside quotes. Where a quote does
 * not close in a sane distance, the first there is. */
static size_t tag_end(html *h, tide_span s, size_t from) {
  static const char signs[4] = {'>', '"', '\'', '>'};
  for (size_t at = from;; at++) {
    at += tide_scan_any(tide_span_slice(s, at, s.len), signs);
    if (at >= s.len)
      return s.len;
    if (s.ptr[at] == '>')
      return at;
    if (h->quotes_broken)
      continue;
    /* A quote opens a value only after its '='; elsewhere it is part of a name. */
    size_t before = at;
    while (before > from && is_white(s.ptr[before - 1]) && at - before < 16)
      before--;
    if (before == from || s.ptr[before - 1] != '=')
      continue;
    size_t most = from + ATTRIBUTES_MAX + 2 > at + 2 ? from + ATTRIBUTES_MAX + 2 : at + 2;
    tide_span value = tide_span_slice(s, at + 1, most);
    size_t len = tide_span_find_char(value, s.ptr[at]);
    if (len == value.len)
      break;
    at += 1 + len;
  }
  h->quotes_broken = true;
  return from + tide_span_find_char(tide_span_slice(s, from, s.len), '>');
}

static void take_end_tag(html *h, const element_name *name, unsigned id, unsigned kind) {
  unsigned number = find_open(h, name, !(kind & KIND_SCOPE) && id != ELEMENT_TR);
  if (number != OPEN_MAX)
    close_to(h, number);
}

/* The sheet that is between the tags of <style>. */
static void take_sheet(html *h, tide_span attributes, tide_span text) {
  if (h->sheets_read || tide_span_ifind(attributes, SPAN("print")) < attributes.len)
    return;
  const unsigned before = h->sheet.count;
  tide_sheet_read(&h->sheet, text);
  h->late_sheet |= h->sheet.hides && h->sheet.count > before &&
                   (h->out->len > h->start || (h->links && h->links->targets.len > h->links_start));
}

/* At a '<'. False if it begins no tag. */
static bool take_tag(html *h) {
  tide_span s = tide_span_slice(h->in, h->at, h->in.len);
  if (s.len < 2)
    return false;
  if (tide_span_starts(s, SPAN("<!--"))) {
    h->at += comment_length(h, s);
    return true;
  }
  bool closing = s.ptr[1] == '/';
  size_t name_at = closing ? 2 : 1;
  bool named = name_at < s.len && tide_is_alpha(s.ptr[name_at]);
  /* Declarations, <![if …]>, processing instructions and end tags without a name are comments up to
   * the next
   * '>' (13.2.5.41). */
  if (s.ptr[1] == '!' || s.ptr[1] == '?' || (closing && !named && s.len > 2)) {
    size_t end = tide_span_find_char(s, '>');
    h->at += end + (end < s.len);
    return true;
  }
  if (!named)
    return false;
  size_t name_end = name_at;
  while (name_end < s.len && !is_white(s.ptr[name_end]) && s.ptr[name_end] != '/' &&
         s.ptr[name_end] != '>')
    name_end++;
  tide_span written = tide_span_slice(s, name_at, name_end);
  size_t end = tag_end(h, s, name_end);
  h->at += end + (end < s.len);
  tide_span attributes = tide_span_slice(s, name_end, end);
  element_name name = tide_element_name(written);
  element_id id = element_find(&name);
  unsigned kind = id == ELEMENT_OTHER ? 0 : elements[id].kind;
  if (closing)
    take_end_tag(h, &name, id, kind);
  else
    close_implied(h, id, kind);
  /* What is there and not seen breaks lines all the same. */
  if (!(h->hidden & HIDE_GONE)) {
    h->line = h->line || kind & KIND_BLOCK;
    h->space = h->space || kind & KIND_CELL;
  }
  if (closing)
    return true;
  uint8_t hides = h->hidden;
  style_element is = {.name = name,
                      .around = h->open_count ? &h->open[h->open_count - 1].is : NULL};
  if ((attributes.len || h->sheet.hides) && (h->links || !(kind & (KIND_RAW | KIND_VOID))))
    hides = read_attributes(h, &is, attributes);
  if (!(kind & KIND_BLOCK))
    hides &= (uint8_t)(h->hidden | ~HIDE_ASIDE); /* only blocks have a first line */
  if (kind & KIND_UNSEEN &&
      !(id == ELEMENT_DIALOG && tide_span_ifind(attributes, SPAN("open")) < attributes.len))
    hides |= HIDE_GONE;
  const size_t content = h->at;
  if (kind & KIND_RAW)
    skip_raw(h, written);
  if (id == ELEMENT_STYLE)
    take_sheet(h, attributes, tide_span_slice(h->in, content, h->at));
  if (kind & KIND_RAW)
    return true;
  if (!(kind & KIND_VOID))
    open_element_add(h, &is, id, kind, hides);
  return true;
}

static void read_page(html *h) {
  const tide_span in = h->in;
  h->at = 0;
  h->space = h->line = h->quotes_broken = h->comments_broken = false;
  h->open_count = 0;
  h->hidden = 0;
  while (h->at < in.len && h->status == TIDE_OK) {
    unsigned char c = (unsigned char)in.ptr[h->at];
    if (c == '<' && take_tag(h))
      continue;
    if (c == '&' && take_reference(h))
      continue;
    size_t run = tide_scan_shown(tide_span_slice(in, h->at, in.len));
    if (run) { /* words, with the blanks between them */
      tide_span text = tide_span_make(in.ptr + h->at, run);
      h->at += run;
      if (h->hidden)
        continue;
      bool behind = text.ptr[run - 1] == ' ';
      if (text.ptr[0] == ' ') {
        h->space = true;
        text = tide_span_slice(text, 1, text.len);
      }
      if (behind && text.len)
        text.len--;
      if (text.len) {
        put_gap(h);
        if (h->status == TIDE_OK)
          h->status = tide_buffer_put(h->out, text);
        h->space = behind;
      }
      continue;
    }
    if (c < 0x80) {
      h->at++;
      put(h, c);
      continue;
    }
    uint32_t value = 0xfffd;
    size_t len = tide_utf8_take(tide_span_slice(in, h->at, in.len), &value);
    h->at += len ? len : 1;
    put(h, value);
  }
}

tide_status tide_html_text(tide_span in, tide_buffer *out, tide_links *links) {
  html h;
  /* Not all of it: the stack of elements is filled as it grows. */
  h.in = in;
  h.out = out;
  h.links = links;
  h.status = TIDE_OK;
  h.start = out->len;
  h.sheet.count = h.sheet.looks = 0;
  h.sheet.hides = h.sheet.broken = false;
  h.sheets_read = h.late_sheet = false;
  h.links_start = links ? links->targets.len : 0;
  const bool full = links && links->full;
  read_page(&h);
  if (h.late_sheet) { /* once more, with all sheets known from the first word on */
    h.sheets_read = true;
    if (h.status == TIDE_SKIP)
      h.status = TIDE_OK; /* out was full */
    out->len = h.start;
    if (links) {
      links->targets.len = h.links_start;
      links->full = full;
    }
    read_page(&h);
  }
  return h.status;
}
