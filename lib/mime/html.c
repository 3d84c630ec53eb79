/* HTML as a reader sees it: a lexer, no tree. Spam hides words from programs, not from readers. */
#include "parser.h"

typedef enum element { ELEMENT_INLINE, ELEMENT_BLOCK, ELEMENT_CELL, ELEMENT_RAW } element;

/* What a tag does to the text around it; everything else leaves no trace, so that "V<b></b>iagra" is one word. */
static element element_kind(tide_span name) {
  static const struct {
    const char *name;
    element kind;
  } kinds[] = {{"br", ELEMENT_BLOCK},  {"p", ELEMENT_BLOCK},     {"div", ELEMENT_BLOCK},   {"tr", ELEMENT_BLOCK},     {"li", ELEMENT_BLOCK},      {"ul", ELEMENT_BLOCK},
               {"ol", ELEMENT_BLOCK},  {"dl", ELEMENT_BLOCK},    {"dt", ELEMENT_BLOCK},    {"dd", ELEMENT_BLOCK},     {"h1", ELEMENT_BLOCK},      {"h2", ELEMENT_BLOCK},
               {"h3", ELEMENT_BLOCK},  {"h4", ELEMENT_BLOCK},    {"h5", ELEMENT_BLOCK},    {"h6", ELEMENT_BLOCK},     {"hr", ELEMENT_BLOCK},      {"table", ELEMENT_BLOCK},
               {"pre", ELEMENT_BLOCK}, {"center", ELEMENT_BLOCK}, {"form", ELEMENT_BLOCK}, {"blockquote", ELEMENT_BLOCK}, {"option", ELEMENT_BLOCK}, {"body", ELEMENT_BLOCK},
               {"td", ELEMENT_CELL},   {"th", ELEMENT_CELL},     {"style", ELEMENT_RAW},   {"script", ELEMENT_RAW},   {"title", ELEMENT_RAW},     {"noscript", ELEMENT_INLINE},
               {"textarea", ELEMENT_BLOCK}, {"address", ELEMENT_BLOCK}, {"section", ELEMENT_BLOCK}, {"article", ELEMENT_BLOCK}, {"caption", ELEMENT_BLOCK}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (tide_span_iequal(name, tide_span_of(kinds[i].name))) return kinds[i].kind;
  return ELEMENT_INLINE;
}

/* Elements that have no end tag: hiding one hides nothing. */
static bool is_void(tide_span name) {
  static const char *const names[] = {"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "param", "wbr"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_iequal(name, tide_span_of(names[i]))) return true;
  return false;
}

typedef struct html {
  tide_span in;
  size_t at;
  tide_buffer *out;
  tide_status status;
  bool space, line; /* white space or a line break is due before the next character */
  size_t start;     /* of our text in out */
  bool quotes_broken; /* a quote in a tag never closed: from there on quotes count for nothing, or a page of them would be read again and again */
  unsigned hidden;  /* depth inside a hidden element, counted by its own name */
  tide_span hidden_name;
} html;

static void put(html *h, uint32_t c) {
  if (h->hidden || h->status != TIDE_OK) return;
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == 0xa0) {
    h->space = true;
    return;
  }
  /* Zero-width characters and soft hyphens are there to be overlooked by readers only. */
  if (c == 0xad || c == 0x200b || c == 0x200c || c == 0x200d || c == 0x2060 || c == 0xfeff || c == 0x180e || c == 0x034f) return;
  if ((h->space || h->line) && h->out->len > h->start) h->status = tide_buffer_putc(h->out, h->line ? '\n' : ' ');
  h->space = h->line = false;
  if (h->status == TIDE_OK) h->status = c < 0x80 ? tide_buffer_putc(h->out, (char)c) : tide_buffer_put_utf8(h->out, c);
}

/* Numeric references to 128..159 mean Windows-1252 (HTML 13.2.5.80). */
static uint32_t reference(uint32_t c) {
  char byte = (char)c;
  if (c < 0x80 || c > 0x9f) return c;
  static const uint16_t table[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
                                     0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178};
  return table[(unsigned char)byte - 0x80];
}

/* "&…;" or "&…" at h->at. False where it is none: the & stands for itself. */
static bool take_entity(html *h) {
  tide_span rest = tide_span_slice(h->in, h->at + 1, h->at + 40);
  size_t len = 0;
  uint32_t c = 0;
  if (rest.len && rest.ptr[0] == '#') {
    bool hex = rest.len > 1 && (rest.ptr[1] == 'x' || rest.ptr[1] == 'X');
    size_t first = len = hex ? 2 : 1;
    for (; len < rest.len; len++) {
      char d = tide_lower(rest.ptr[len]);
      int digit = tide_is_digit(d) ? d - '0' : hex && d >= 'a' && d <= 'f' ? d - 'a' + 10 : -1;
      if (digit < 0) break;
      if (c < 0x200000) c = c * (hex ? 16 : 10) + (uint32_t)digit;
    }
    if (len == first) return false;
    c = reference(c);
    if (c == 0) c = 0xfffd;
  } else {
    while (len < rest.len && tide_is_alnum(rest.ptr[len])) len++;
    /* The longest name that is one: browsers read "&copyright" as "©right". */
    size_t whole = len;
    while (len >= 2 && !(c = entity_find(tide_span_slice(rest, 0, len)))) len--;
    if (!c) return false;
    if (len < whole && c > 0xff) return false; /* only the old Latin-1 names may go without their semicolon */
  }
  if (len < rest.len && rest.ptr[len] == ';') len++;
  h->at += 1 + len;
  put(h, c);
  return true;
}

static bool hides(tide_span attributes) {
  if (attributes.len > 4096) attributes.len = 4096;
  size_t at = tide_span_ifind(attributes, SPAN("style"));
  if (at == attributes.len) return false;
  tide_span style = tide_span_slice(attributes, at, attributes.len);
  char squeezed[512];
  size_t len = 0;
  for (size_t i = 0; i < style.len && len < sizeof squeezed; i++)
    if (!tide_is_space(style.ptr[i])) squeezed[len++] = tide_lower(style.ptr[i]);
  tide_span s = tide_span_make(squeezed, len);
  static const tide_span signs[] = {SPAN("display:none"), SPAN("visibility:hidden"), SPAN("font-size:0;"), SPAN("font-size:0\""), SPAN("font-size:0'"), SPAN("font-size:0px"),
                                    SPAN("font-size:0pt"), SPAN("mso-hide:all")};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (tide_span_find(s, signs[i]) < s.len) return true;
  return false;
}

/* Moves behind the end tag of an element whose content is no text. */
static void skip_raw(html *h, tide_span name) {
  while (h->at < h->in.len) {
    size_t less = tide_span_find_char(tide_span_slice(h->in, h->at, h->in.len), '<');
    h->at += less;
    tide_span rest = tide_span_slice(h->in, h->at, h->in.len);
    if (rest.len > name.len + 2 && rest.ptr[1] == '/' && tide_span_iequal(tide_span_slice(rest, 2, 2 + name.len), name)) {
      h->at += tide_span_find_char(rest, '>') + 1;
      return;
    }
    h->at++;
  }
  h->at = h->in.len;
}

/* A tag at h->at. False where the '<' begins none. */
static bool take_tag(html *h) {
  tide_span rest = tide_span_slice(h->in, h->at, h->in.len);
  if (rest.len < 2) return false;
  if (tide_span_starts(rest, SPAN("<!--"))) {
    size_t end = tide_span_find(tide_span_slice(rest, 4, rest.len), SPAN("-->"));
    h->at += end + 4 < rest.len ? end + 7 : rest.len;
    return true;
  }
  bool closing = rest.ptr[1] == '/';
  size_t name_at = closing ? 2 : 1, at = name_at;
  if (rest.ptr[1] == '!' || rest.ptr[1] == '?') {
    h->at += tide_span_find_char(rest, '>') + 1;
    return true;
  }
  while (at < rest.len && tide_is_alnum(rest.ptr[at])) at++;
  if (at == name_at || !tide_is_alpha(rest.ptr[name_at])) return false;
  tide_span name = tide_span_slice(rest, name_at, at);
  /* The tag ends at a '>' outside quotes; a quote that never closes ends nothing. */
  size_t attributes = at;
  char quote = 0;
  size_t plain_end = 0;
  for (; at < rest.len; at++) {
    char c = rest.ptr[at];
    if (c == '>' && !plain_end) plain_end = at;
    if (quote) quote = c == quote ? 0 : quote;
    else if ((c == '"' || c == '\'') && rest.ptr[at - 1] == '=' && !h->quotes_broken) quote = c;
    else if (c == '>') break;
    if (quote && at - attributes > 65536) break;
  }
  if (quote) h->quotes_broken = true;
  if ((at >= rest.len || rest.ptr[at] != '>') && plain_end) at = plain_end;
  tide_span attribute_text = tide_span_slice(rest, attributes, at);
  h->at += at + 1 < rest.len ? at + 1 : rest.len;
  if (h->hidden) {
    if (tide_span_iequal(name, h->hidden_name)) h->hidden = closing ? h->hidden - 1 : h->hidden + 1;
    return true;
  }
  switch (element_kind(name)) {
  case ELEMENT_BLOCK: h->line = true; break;
  case ELEMENT_CELL: h->space = true; break;
  case ELEMENT_RAW:
    if (!closing) skip_raw(h, name);
    return true;
  case ELEMENT_INLINE: break;
  }
  if (!closing && attribute_text.len && !is_void(name) && hides(attribute_text)) {
    h->hidden = 1;
    h->hidden_name = name;
  }
  return true;
}

tide_status tide_html_text(tide_span in, tide_buffer *out) {
  html h = {.in = in, .out = out, .start = out->len};
  while (h.at < in.len && h.status == TIDE_OK) {
    unsigned char c = (unsigned char)in.ptr[h.at];
    if (c == '<' && take_tag(&h)) continue;
    if (c == '&' && take_entity(&h)) continue;
    if (c < 0x80) {
      h.at++;
      put(&h, c);
      continue;
    }
    /* One UTF-8 character; the input is valid or some bytes of it are passed on as they are. */
    size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    uint32_t value = len == 1 ? 0xfffd : c & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) value = value << 6 | (h.at + i < in.len ? (unsigned char)in.ptr[h.at + i] & 0x3fu : 0);
    h.at += len;
    put(&h, value);
  }
  return h.status;
}
