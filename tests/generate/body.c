/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body.h"

#include <stdio.h>
#include <string.h>

typedef enum structure { PLAIN, ALTERNATIVE, HTML, IMAGE } structure;

/* In percent, PLAIN, ALTERNATIVE and HTML; the rest has images. With the sizes below an average
 * of 4.5 KB a message, which is what spam of 2008 had; `small` is for a mailbox that is kept in a
 * repository. */
typedef struct mix {
  uint32_t plain, alternative, html;
  uint32_t paragraphs_low, paragraphs_high, sentences; /* a paragraph has 1 … sentences */
  uint32_t image_low, image_high;
} mix;
static const mix mixes[] = {
    [GEN_MIX_DEFAULT] = {34, 48, 14, 5, 16, 5, 5000, 28000},
    [GEN_MIX_SMALL] = {62, 26, 12, 1, 3, 2, 0, 0},
};

static const char *const list_footer =
    "\n_______________________________________________\ntide mailing list\n"
    "tide@lists.example.net\nhttp://lists.example.net/listinfo/tide\n";

/* Lines that a careless reader takes for the beginning of a message. Some look exactly like one:
 * only the quoting, the Content-Length or the file's end tells. */
static void add_from_line(gen_buffer *out, const gen_plan *plan, gen_random *r) {
  uint32_t kind = gen_random_below(r, 8);
  const char *w = plan->words.word[gen_random_below(r, GEN_WORDS)];
  if (plan->options->dialect == GEN_MBOXO && kind >= 5)
    kind -= 5; /* mboxo cannot tell `>From ` from a quoted `From ` */
  switch (kind) {
  case 0: gen_buffer_format(out, "From %s to you: the next line is as usual.\n", w); break;
  case 1: gen_buffer_format(out, "From today on every %s is half price.\n", w); break;
  case 2: gen_buffer_format(out, "From %s@example.com Tue Nov 11 21:30:00 2008\n", w); break;
  case 3:
    gen_buffer_format(out,
                      "From %s@example.net  Mon Sep  1 00:00:00 2008\nSubject: not a message\n", w);
    break;
  case 4:
    gen_buffer_format(out,
                      "From - Fri Dec 12 10:11:12 2008\nReceived: from %s by nowhere.invalid\n", w);
    break;
  case 5: gen_buffer_format(out, ">From %s quoted once\n", w); break;
  case 6: gen_buffer_format(out, ">From %s@example.org Wed Nov 12 08:00:00 2008\n", w); break;
  default: gen_buffer_format(out, ">>From %s quoted twice\n", w); break;
  }
}

/* Appends a paragraph in lines of at most 72 characters. */
static void add_wrapped(gen_buffer *out, const char *text, size_t len, const char *quote) {
  size_t column = 0, margin = strlen(quote);
  while (len) {
    const char *blank = memchr(text, ' ', len);
    size_t word = blank ? (size_t)(blank - text) : len;
    if (column && column + 1 + word > 72) {
      gen_buffer_char(out, '\n');
      column = 0;
    }
    if (column) {
      gen_buffer_char(out, ' ');
      column++;
    } else {
      gen_buffer_add(out, quote, margin);
      column = margin;
    }
    gen_buffer_add(out, text, word);
    column += word;
    text += word;
    len -= word;
    if (len) {
      text++;
      len--;
    }
  }
  gen_buffer_char(out, '\n');
}

/* The same words in HTML; now and then a letter of the brand is an entity or has a tag before it,
 * which a reader does not see. */
static void add_html(gen_buffer *out, const char *text, size_t len, const char *brand,
                     gen_random *r) {
  size_t brand_length = brand ? strlen(brand) : 0, column = 0;
  bool hide = brand && gen_random_chance(r, 30);
  for (size_t i = 0; i < len; i++) {
    char c = text[i];
    if (hide && c == brand[2] && i >= 2 && len - i >= brand_length - 2 &&
        memcmp(text + i, brand + 2, brand_length - 2) == 0) {
      if (gen_random_chance(r, 50)) {
        gen_buffer_format(out, "&#%d;", c);
      } else {
        gen_buffer_text(out, "<b></b>");
        gen_buffer_char(out, c);
      }
      column += 6;
    } else if (c == '&') {
      gen_buffer_text(out, "&amp;");
    } else if (c == ' ' && column > 64) {
      gen_buffer_char(out, '\n');
      column = 0;
    } else {
      gen_buffer_char(out, c);
      column++;
    }
  }
}

/* What a text is about; brand and campaign may be NULL. */
typedef struct topic {
  const gen_theme *theme;
  const gen_campaign *campaign;
  const char *brand;
} topic;

static void add_paragraph(gen_buffer *out, const gen_plan *plan, topic about, const mix *sizes,
                          gen_random *r) {
  uint32_t sentences = gen_random_between(r, 1, sizes->sentences);
  for (uint32_t i = 0; i < sentences; i++) {
    if (i)
      gen_buffer_char(out, ' ');
    const char *text = about.brand ? about.theme->text_with[gen_random_below(r, 4)]
                                   : about.theme->text_without[gen_random_below(r, 8)];
    gen_expand(out, text, &plan->words, r, about.brand ? about.brand : "",
               about.campaign ? about.campaign->host : "lists.example.net");
    about.brand = NULL; /* once in a paragraph */
  }
}

/* --- --bodies templates: a text that a campaign keeps, changed a little in each message --- */

/* In percent of the messages, or of the words. */
enum { GREETED = 60, TOKEN = 50, BUSTED = 30, MOVED = 25, MISSPELLED = 3 };

/* A letter or digit for a letter or digit in one word of a hundred letters or so, another number
 * for each number. */
static void vary(gen_buffer *text, const char *brand, gen_random *r) {
  size_t brand_length = brand ? strlen(brand) : 0;
  for (size_t i = 0; i < text->len; i++) {
    char c = text->ptr[i];
    bool first = i == 0 || text->ptr[i - 1] == ' ';
    if (c >= '0' && c <= '9') {
      text->ptr[i] = (char)('0' + gen_random_below(r, 10));
    } else if (first && gen_random_chance(r, MISSPELLED)) {
      size_t end = i;
      while (end < text->len && text->ptr[end] >= 'a' && text->ptr[end] <= 'z')
        end++;
      bool holds_brand = false; /* the rules look for it */
      for (size_t k = i; brand_length && k + brand_length <= text->len && k < end + brand_length;
           k++)
        holds_brand |= memcmp(text->ptr + k, brand, brand_length) == 0;
      if (end > i + 3 && !holds_brand)
        text->ptr[i + 2] = (char)('a' + gen_random_below(r, 26));
    }
  }
}

static void add_random_word(gen_buffer *out, gen_random *r, uint32_t length) {
  for (uint32_t i = 0; i < length; i++)
    gen_buffer_char(out, "abcdefghijklmnopqrstuvwxyz0123456789"[gen_random_below(r, 36)]);
}

static void put_paragraph(gen_message *m, gen_buffer *text, const char *brand, bool with_html,
                          gen_random *r) {
  add_wrapped(&m->plain, text->ptr, text->len, "");
  gen_buffer_char(&m->plain, '\n');
  if (!with_html)
    return;
  gen_buffer_text(&m->html, "<p>");
  add_html(&m->html, text->ptr, text->len, brand, r);
  gen_buffer_text(&m->html, "</p>\n");
}

static void make_template_texts(gen_message *m, const gen_plan *plan, const gen_campaign *campaign,
                                const char *brand, bool with_html, gen_random *r) {
  gen_random fixed;
  gen_random_seed(&fixed, plan->options->seed,
                  UINT64_C(0x300000000) + (uint64_t)(campaign - plan->campaigns));
  gen_buffer text = {0}, kept[6] = {{0}};
  m->plain.len = m->html.len = 0;
  if (with_html)
    gen_buffer_text(
        &m->html,
        "<html><head><title></title></head>\n<body bgcolor=\"#ffffff\"><table><tr><td>\n");
  if (gen_random_chance(r, GREETED)) {
    gen_buffer_format(&text, "Dear %s,", plan->words.word[gen_random_below(r, GEN_WORDS)]);
    put_paragraph(m, &text, NULL, with_html, r);
  }
  uint32_t paragraphs = gen_random_between(&fixed, 3, 6);
  for (uint32_t i = 0; i < paragraphs; i++) {
    /* A theme has eight sentences, which its campaigns share; the words after them are a
     * campaign's own. */
    add_paragraph(&kept[i], plan, (topic){campaign->theme, campaign, NULL}, &(mix){.sentences = 2},
                  &fixed);
    for (uint32_t words = gen_random_between(&fixed, 8, 18); words; words--) {
      gen_buffer_char(&kept[i], ' ');
      gen_buffer_text(&kept[i], plan->words.word[gen_random_below(&fixed, GEN_WORDS)]);
    }
  }
  if (gen_random_chance(r, MOVED)) {
    uint32_t at = gen_random_below(r, paragraphs - 1);
    gen_buffer moved = kept[at];
    kept[at] = kept[at + 1];
    kept[at + 1] = moved;
  }
  for (uint32_t i = 0; i < paragraphs; i++) {
    text.len = 0;
    if (i == 0 && brand) {
      gen_random same = fixed; /* the sentence with the brand is the same wherever it is named */
      gen_expand(&text, campaign->theme->text_with[gen_random_below(&same, 4)], &plan->words, &same,
                 brand, campaign->host);
      gen_buffer_char(&text, ' ');
    }
    gen_buffer_add(&text, kept[i].ptr, kept[i].len);
    vary(&text, brand, r);
    put_paragraph(m, &text, brand, with_html, r);
    gen_buffer_free(&kept[i]);
  }
  text.len = 0;
  gen_buffer_format(&text, "http://%s.%s/%u/", plan->words.word[gen_random_below(r, GEN_WORDS)],
                    campaign->host, gen_random_below(r, 100000));
  add_random_word(&text, r, 9);
  put_paragraph(m, &text, NULL, with_html, r);
  if (gen_random_chance(r, TOKEN)) {
    text.len = 0;
    add_random_word(&text, r, gen_random_between(r, 6, 14));
    put_paragraph(m, &text, NULL, with_html, r);
  }
  if (gen_random_chance(r, BUSTED)) {
    text.len = 0;
    for (uint32_t words = gen_random_between(r, 8, 50); words; words--) {
      if (text.len)
        gen_buffer_char(&text, ' ');
      gen_buffer_text(&text, plan->words.word[gen_random_below(r, GEN_WORDS)]);
    }
    put_paragraph(m, &text, NULL, with_html, r);
  }
  text.len = 0; /* under the mail of all campaigns */
  gen_buffer_text(&text, "You get this because you or a friend of yours asked for offers of our "
                         "partners. If you wish to hear no more of us, "
                         "answer with the word remove.");
  put_paragraph(m, &text, NULL, with_html, r);
  if (with_html)
    gen_buffer_text(&m->html, "</td></tr></table></body></html>\n");
  gen_buffer_free(&text);
}

static void make_texts(gen_message *m, const gen_plan *plan, topic about, const mix *sizes,
                       bool with_html, gen_random *r) {
  const gen_campaign *campaign = about.campaign;
  const char *brand = about.brand;
  uint32_t paragraphs = gen_random_between(r, sizes->paragraphs_low, sizes->paragraphs_high);
  uint32_t branded = gen_random_below(r, paragraphs);
  uint32_t from_line = gen_random_chance(r, 4) ? gen_random_below(r, paragraphs) : paragraphs;
  gen_buffer text = {0};
  m->plain.len = m->html.len = 0;
  if (with_html)
    gen_buffer_text(&m->html, "<html><head><title></title>\n<style type=\"text/css\">p { color: "
                              "#203040 }</style></head>\n"
                              "<body bgcolor=\"#ffffff\">\n");
  for (uint32_t i = 0; i < paragraphs; i++) {
    bool quoted = !campaign && i == 0 && gen_random_chance(r, 50);
    text.len = 0;
    add_paragraph(&text, plan, (topic){about.theme, campaign, i == branded ? brand : NULL}, sizes,
                  r);
    if (i == from_line) {
      size_t start = m->plain.len;
      add_from_line(&m->plain, plan, r);
      if (with_html)
        gen_buffer_add(&m->html, m->plain.ptr + start, m->plain.len - start);
    }
    add_wrapped(&m->plain, text.ptr, text.len, quoted ? "> " : "");
    gen_buffer_char(&m->plain, '\n');
    if (with_html) {
      gen_buffer_format(&m->html, "<p align=\"%s\"><font size=\"%u\" face=\"Arial\">",
                        i % 2 ? "left" : "center", 2 + i % 3);
      add_html(&m->html, text.ptr, text.len, i == branded ? brand : NULL, r);
      gen_buffer_text(&m->html, "</font></p>\n");
    }
  }
  if (campaign) {
    uint32_t number = gen_random_below(r, 100000);
    gen_buffer_format(&m->plain, "http://%s/%u/\n", campaign->host, number);
    if (with_html)
      gen_buffer_format(
          &m->html,
          "<a href=\"http://%s/%u/\"><img src=\"http://%s/%u.gif\" border=\"0\"></a><br>\n",
          campaign->host, number, campaign->host, number);
  } else {
    gen_buffer_text(&m->plain, list_footer);
  }
  if (with_html)
    gen_buffer_text(&m->html, "</body></html>\n");
  gen_buffer_free(&text);
}

static bool has_accents(const gen_buffer *b) {
  for (size_t i = 0; i < b->len; i++)
    if (b->ptr[i] & 0x80)
      return true;
  return false;
}

/* UTF-8 to ISO 8859-1, in place. The templates hold U+00A0 … U+00FF at most. */
static void to_latin(gen_buffer *b) {
  size_t to = 0;
  for (size_t i = 0; i < b->len; i++) {
    unsigned char c = (unsigned char)b->ptr[i];
    if (c >= 0xc0 && i + 1 < b->len)
      c = (unsigned char)((c << 6) | ((unsigned char)b->ptr[++i] & 0x3f));
    b->ptr[to++] = (char)c;
  }
  b->len = to;
}

static const char *choose_charset(gen_buffer *text, gen_random *r) {
  uint32_t u = gen_random_below(r, 100);
  if (!has_accents(text)) {
    if (u < 75)
      return u < 40 ? "us-ascii" : "iso-8859-1";
    return u < 85 ? "windows-1252" : "utf-8";
  }
  if (u < 40)
    return "utf-8";
  to_latin(text);
  return u < 75 ? "iso-8859-1" : "windows-1252";
}

static void make_boundary(char out[64], gen_random *r) {
  uint32_t a = (uint32_t)gen_random_next(r), b = (uint32_t)gen_random_next(r);
  if (a & 1)
    snprintf(out, 64, "----=_NextPart_000_%04X_01C9%04X.%08X", a >> 16, a & 0xffff, b);
  else
    snprintf(out, 64, "------------%06u%08u%06u", a % 1000000, b % 100000000, a / 7 % 1000000);
}

static void open_part(gen_buffer *out, const char *boundary, const char *type, const char *charset,
                      const char *encoding) {
  gen_buffer_format(out,
                    "--%s\nContent-Type: %s;\n\tcharset=\"%s\"\nContent-Transfer-Encoding: %s\n\n",
                    boundary, type, charset, encoding);
}

static void add_alternative(gen_message *m, const char *boundary, gen_random *r) {
  gen_buffer *out = &m->body;
  const char *charset = choose_charset(&m->plain, r);
  open_part(out, boundary, "text/plain", charset, "quoted-printable");
  gen_buffer_quoted(out, m->plain.ptr, m->plain.len);
  gen_buffer_char(out, '\n');
  charset = choose_charset(&m->html, r);
  open_part(out, boundary, "text/html", charset, "quoted-printable");
  gen_buffer_quoted(out, m->html.ptr, m->html.len);
  gen_buffer_format(out, "\n--%s--\n", boundary);
}

static void add_image(gen_message *m, const char *boundary, const mix *sizes, gen_random *r) {
  gen_buffer *out = &m->body, image = {0};
  open_part(out, boundary, "text/html", choose_charset(&m->html, r), "quoted-printable");
  gen_buffer_quoted(out, m->html.ptr, m->html.len);
  gen_buffer_format(
      out,
      "\n--%s\nContent-Type: image/gif;\n\tname=\"offer.gif\"\nContent-Transfer-Encoding: base64\n"
      "Content-ID: <offer%u@example.invalid>\n\n",
      boundary, gen_random_below(r, 1000));
  gen_buffer_add(&image, "GIF89a", 6);
  for (uint32_t left = gen_random_between(r, sizes->image_low, sizes->image_high); left >= 8;
       left -= 8) {
    uint64_t noise = gen_random_next(r);
    char bytes[8];
    for (int i = 0; i < 8; i++)
      bytes[i] = (char)(noise >> (8 * i) & 0xff); /* the same on every byte order */
    gen_buffer_add(&image, bytes, 8);
  }
  gen_buffer_base64(out, image.ptr, image.len, 1);
  gen_buffer_format(out, "\n--%s--\n", boundary);
  gen_buffer_free(&image);
}

void gen_body_make(gen_message *m, const gen_plan *plan, const gen_campaign *campaign,
                   const char *brand, gen_random *r, gen_buffer *fields) {
  const mix *sizes = &mixes[plan->options->size_mix];
  uint32_t u = campaign ? gen_random_below(r, 100) : 0; /* the list takes plain text only */
  structure kind = IMAGE;
  if (u < sizes->plain)
    kind = PLAIN;
  else if (u < sizes->plain + sizes->alternative)
    kind = ALTERNATIVE;
  else if (u < sizes->plain + sizes->alternative + sizes->html)
    kind = HTML;
  if (campaign && plan->options->bodies == GEN_BODIES_TEMPLATES)
    make_template_texts(m, plan, campaign, brand, kind != PLAIN, r);
  else
    make_texts(m, plan, (topic){campaign ? campaign->theme : &gen_theme_list, campaign, brand},
               sizes, kind != PLAIN, r);
  gen_buffer *out = &m->body;
  out->len = 0;
  char boundary[64];
  const char *charset;
  switch (kind) {
  case PLAIN:
    charset = choose_charset(&m->plain, r);
    if (gen_random_chance(r, 20)) {
      gen_buffer_format(
          fields,
          "MIME-Version: 1.0\nContent-Type: text/plain; charset=%s\nContent-Transfer-Encoding: "
          "quoted-printable\n",
          charset);
      gen_buffer_quoted(out, m->plain.ptr, m->plain.len);
    } else {
      bool eight = has_accents(&m->plain);
      if (eight || gen_random_chance(r, 70))
        gen_buffer_format(
            fields,
            "MIME-Version: 1.0\nContent-Type: text/plain;\n\tformat=flowed;\n\tcharset=\"%s\"\n"
            "Content-Transfer-Encoding: %s\n",
            charset, eight ? "8bit" : "7bit");
      gen_buffer_add(out, m->plain.ptr, m->plain.len);
    }
    break;
  case ALTERNATIVE:
    make_boundary(boundary, r);
    gen_buffer_format(
        fields, "MIME-Version: 1.0\nContent-Type: multipart/alternative;\n\tboundary=\"%s\"\n",
        boundary);
    gen_buffer_text(out, "This is a multi-part message in MIME format.\n\n");
    add_alternative(m, boundary, r);
    break;
  case HTML:
    charset = choose_charset(&m->html, r);
    gen_buffer_format(fields,
                      "MIME-Version: 1.0\nContent-Type: text/html; "
                      "charset=\"%s\"\nContent-Transfer-Encoding: base64\n",
                      charset);
    gen_buffer_base64(out, m->html.ptr, m->html.len, 1);
    break;
  case IMAGE:
    make_boundary(boundary, r);
    gen_buffer_format(fields,
                      "MIME-Version: 1.0\nContent-Type: "
                      "multipart/related;\n\ttype=\"text/html\";\n\tboundary=\"%s\"\n",
                      boundary);
    gen_buffer_text(out, "This is a multi-part message in MIME format.\n\n");
    add_image(m, boundary, sizes, r);
    break;
  }
}
