/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page's styles hide: those of an element, and those of its style sheets. */
#ifndef LIB_MIME_STYLE_H
#define LIB_MIME_STYLE_H

#include "base/span.h"

/* Why what is in an element is not seen. */
enum {
  HIDE_GONE = 1 << 0,      /* it has no box: nothing inside can undo that (CSS 2.2, 9.2.4) */
  HIDE_INVISIBLE = 1 << 1, /* visibility, which a child may set again (11.2) */
  HIDE_FAINT = 1 << 3,     /* transparent as a group, cut off or off the page: nothing inside undoes
                              that */
  HIDE_TINY = 1 << 2,      /* letters of no size: a child may set another (15.7) */
  HIDE_CLEAR = 1 << 4,     /* letters of no colour, likewise (CSS Color 4) */
  HIDE_ASIDE = 1 << 5      /* lines that begin far off the page, likewise (CSS 2.2, 16.1) */
};

/* A name's first bytes in lower case: no element's that is known here is longer, and longer ones
 * are told apart by them well enough. */
typedef struct element_name {
  char text[12];
} element_name;

element_name tide_element_name(tide_span);
static inline bool name_equal(const element_name *a, const element_name *b) {
  return memcmp(a->text, b->text, sizeof a->text) == 0;
}

/* An element as selectors name it, and the one around it, NULL for the outermost. */
typedef struct style_element {
  element_name name;
  tide_span classes, id; /* in the page; empty: none, or not asked for */
  const struct style_element *around;
} style_element;

/* What declarations say of one element. Start with all zero. */
typedef struct element_style {
  uint8_t sets, clears, important; /* HIDE_… */
  bool flat, clipped;              /* no height or width; what is outside it is cut off */
  bool taken_out, away; /* position absolute or fixed; far off the page, or clipped to nothing */
} element_style;

/* Adds the declarations of a style, as they stand in an attribute or between a sheet's braces.
 * Later ones count, unless an earlier one is important (CSS 2.2, 6.4). */
void tide_style_read(tide_span declarations, element_style *);
/* What of the reasons `hidden` around the element holds inside it. */
uint8_t tide_style_hides(const element_style *, uint8_t hidden);

enum { STYLE_RULES_MAX = 128 };

/* One selector of a rule that hides, or shows again. */
typedef struct style_rule {
  element_name tag; /* empty: any */
  tide_span name;   /* of a class or an id, in the page; empty: none */
  tide_span more;   /* classes and ids that the element must have besides, ".b#c" */
  tide_span above;  /* the selectors of elements around it, "table .a >" */
  bool is_id;
  element_style style;
} style_rule;

/* Only count, hides, broken and looks need be set before the first sheet. */
typedef struct style_sheet {
  unsigned count;
  bool hides;     /* some rule does: else none need be asked */
  bool broken;    /* more rules than are kept: then none counts, as none may be left out */
  unsigned looks; /* elements around others that were looked at */
  style_rule rules[STYLE_RULES_MAX];
} style_sheet;

/* Adds the rules of a <style> element. Kept are those whose selectors are made of elements, classes
 * and ids, one in the other. Rules of @media count where it is for any screen. */
void tide_sheet_read(style_sheet *, tide_span css);
/* Adds what the sheets say of the element. */
void tide_sheet_apply(style_sheet *, const style_element *, element_style *);

#endif
