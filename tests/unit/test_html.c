/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML as a reader sees it: the ways in which spam hides words from programs. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "mime/message.h"

static void expect_text(const char *html, const char *text) {
  tide_buffer out = {0};
  assert_int_equal(tide_html_text(tide_span_of(html), &out, NULL), TIDE_OK);
  if (!tide_span_equal(tide_buffer_span(&out), tide_span_of(text)))
    fail_msg("%s: got \"%.*s\"", html, (int)out.len, out.ptr);
  /* To look for links changes no text. */
  tide_links links = {0};
  tide_buffer_clear(&out);
  assert_int_equal(tide_html_text(tide_span_of(html), &out, &links), TIDE_OK);
  assert_true(tide_span_equal(tide_buffer_span(&out), tide_span_of(text)));
  tide_buffer_free(&links.targets);
  /* After other text, in a block of memory of its very size: a byte read too far is found. */
  char *exact = malloc(strlen(html) + 1);
  memcpy(exact, html, strlen(html));
  char *fit = realloc(exact, strlen(html) ? strlen(html) : 1);
  tide_buffer_clear(&out);
  tide_buffer_put(&out, SPAN("before"));
  assert_int_equal(tide_html_text(tide_span_make(fit, strlen(html)), &out, NULL), TIDE_OK);
  assert_true(
      tide_span_equal(tide_span_slice(tide_buffer_span(&out), 6, out.len), tide_span_of(text)));
  free(fit);
  tide_buffer_free(&out);
}

static void readers_view(void **state) {
  (void)state;
  static const struct {
    const char *html, *text;
  } cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"  two \r\n\t words  ", "two words"},
      /* tags inside words */
      {"V<b></b>iagra", "Viagra"},
      {"V<!-- x -->iagra", "Viagra"},
      {"V<!-->iagra", "Viagra"},
      {"V<!--->iagra", "Viagra"},
      {"V<!-- > - -- x --!>iagra", "Viagra"},
      {"V<!-- a > b -->iagra", "Viagra"},
      {"V<!x>iagra", "Viagra"},
      {"V<?php x ?>iagra", "Viagra"},
      {"V</>iagra", "Viagra"},
      {"V</ x>iagra", "Viagra"},
      {"V<x>iagra", "Viagra"},
      {"V<nonsense attr='>'>iagra", "Viagra"},
      {"V<FONT SIZE=\"1\" color=red>ia</font>gra", "Viagra"},
      {"V<a href=\"http://x/?a>b\">iagra</a>", "Viagra"},
      {"V<a href = 'x>y'>iagra</a>", "Viagra"},
      {"V<a href=x>iagra</a>", "Viagra"},
      {"V<a title=it's>iagra</a>", "Viagra"},
      {"V<o:p></o:p>iagra", "Viagra"},
      {"V<wbr>iagra", "Viagra"},
      {"V<img src=x>iagra", "Viagra"},
      {"V<span>i</span><span>agra</span>", "Viagra"},
      {"a<!--[if mso]>hidden<![endif]-->b", "ab"},
      {"a<![if !mso]>shown<![endif]>b", "ashownb"},
      {"a <!-- never closed", "a"},
      {"a<!-- x -->b<!--#rotate><b>c</b><!-- d>e", "abce"},
      {"a <b never closed", "a"},
      {"a <a href=\"never closed>b</a> c", "a b c"},
      /* a '<' that begins no tag */
      {"1 < 2 <3 <", "1 < 2 <3 <"},
      {"a<-b", "a<-b"},
      {"<<b>x", "<x"},
      /* blocks, cells and breaks */
      {"a<br>b", "a\nb"},
      {"a<BR/>b<br />c", "a\nb\nc"},
      {"<p>a</p><p>b</p>", "a\nb"},
      {"<div>a<div>b</div></div>c", "a\nb\nc"},
      {"<ul><li>a<li>b</ul>c", "a\nb\nc"},
      {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc"},
      {"<h1>a</h1>b<hr>c", "a\nb\nc"},
      {"a<br><br><br>b", "a\nb"},
      {"a <br> b", "a\nb"},
      /* what is no text */
      {"<head><title>no</title><style>p{color:red}</style></head>a", "a"},
      {"a<script>document.write('<b>no</b>')</script>b", "ab"},
      {"a<style>x</styles></style>b", "ab"},
      {"a<SCRIPT>x</script >b", "ab"},
      {"a<style>never closed", "a"},
      {"<title></title >a", "a"},
      /* hidden elements */
      {"a<span style=\"display:none\">no</span>b", "ab"},
      {"a<span style='DISPLAY : None;'>no</span>b", "ab"},
      {"a<span style=display:none>no</span>b", "ab"},
      {"a<span style=\"d\\69splay:no\\6e e\">no</span>b", "ab"},
      {"a<span style=\"display&#58;&nbsp;none\">b</span>c", "abc"},
      {"a<span style=\"display&#58;none\">no</span>b", "ab"},
      {"a<span style=\"display&colon;&#x6e;one\">no</span>b", "ab"},
      {"a<span style=\"color:red; display:\nnone !important\">no</span>b", "ab"},
      {"a<span style=\"display:/* x */none\">no</span>b", "ab"},
      {"a<div style=\"visibility:hidden\">no<div>no</div>no</div>b", "a\nb"},
      {"a<span style=\"font-size:0\">no</span>b", "ab"},
      {"a<span style=\"font-size:0px;color:red\">no</span>b", "ab"},
      {"a<span style=\"font-size:0.0em\">no</span>b", "ab"},
      {"a<span style=\"font-size:0.5em\">yes</span>b", "ayesb"},
      {"a<span style=\"font-size:10px\">yes</span>b", "ayesb"},
      {"a<font style=\"font-size:0pt\">no</font>b", "ab"},
      {"a<span style=\"mso-hide:all\">no</span>b", "ab"},
      {"a<span hidden>no</span>b", "ab"},
      {"a<span style=\"font-size:1px\">no</span>b", "ab"},
      {"a<span style=\"font-size:1.0pt\">no</span>b", "ab"},
      {"a<span style=\"font-size:0.9px\">no</span>b", "ab"},
      {"a<span style=\"font-size:1.5px\">b</span>c", "abc"},
      {"a<span style=\"font-size:10px\">b</span>c", "abc"},
      {"a<span style=\"font-size:1em\">b</span>c", "abc"},
      {"a<div style=\"font-size:1px\">no<span style=\"font-size:12px\">b</span></div>", "a\nb"},
      {"a<div style=\"text-indent:-9999px\">no</div>b", "a\nb"},
      {"a<div style=\"text-indent:-9999px\">no<p style=\"text-indent:0\">b</p></div>", "a\nb"},
      {"a<div style=\"text-indent:-20px\">b</div>", "a\nb"},
      {"a<span style=\"text-indent:-9999px\">b</span>", "ab"},
      {"a<span style=\"display:table-column;height:0\">no</span>b", "ab"},
      {"a<span style=\"display:table-cell\">b</span>", "ab"},
      {"a<span style=\"display:none\"><span>no</span>no</span>b", "ab"},
      {"a<span style=\"display:none\"><style>no</style></span>b", "ab"},
      {"a<b title=\"style=display:none\">yes</b>", "ayes"},
      {"a<a href=\"x?style=display:none\">yes</a>", "ayes"},
      {"a<b data-style=\"display:none\">yes</b>", "ayes"},
      {"a<b style=\"position:absolute; top:-1000px\">no</b>b", "ab"},
      {"a<b style=\"position:fixed;clip:rect(0 0 0 0)\">no</b>b", "ab"},
      {"a<b style=\"position:relative;left:-9999px\">b</b>", "ab"},
      {"a<b style=\"position:absolute;left:-20px\">b</b>", "ab"},
      {"a<b style=\"left:-9999px\">b</b>", "ab"},
      {"a<b style=\"color:rgba(0, 0, 0, 0.0)\">no</b>b", "ab"},
      {"a<b style=\"color:#00000000\">no<font color=red>yes</font></b>b", "ayesb"},
      {"a<b style=\"color:rgba(0,0,0,.5)\">b</b>", "ab"},
      {"a<b style=\"color:#000000\">b</b><b style=\"color:#fff0\">no</b>", "ab"},
      {"a<b style=\"color:transparent\">no<i style=\"color:inherit\">no</i></b>b", "ab"},
      {"a<b style=\"background-color:transparent\">b</b>", "ab"},
      {"a<datalist><option>no</datalist>b", "ab"},
      {"a<template>no<b>no</b></template>b<noembed>no</noembed>", "ab"},
      {"a<dialog>no</dialog><dialog open>b</dialog>", "ab"},
      {"<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby>", "ab"},
      {"a<b style=\"color:red\" style=\"display:none\">yes</b>", "ayes"},
      {"a<b title=style style=\"display:none\">no</b>b", "ab"},
      {"a<b style=\"-x-display:none\">yes</b>", "ayes"},
      {"a<img style=\"display:none\">yes", "ayes"},
      {"a<br style=\"display:none\">yes", "a\nyes"},
      /* of two declarations of one matter the later counts, or the important one */
      {"a<b style=\"display:none;display:block\">yes</b>", "ayes"},
      {"a<b style=\"display:block;display:none\">no</b>b", "ab"},
      {"a<b style=\"display:none!important;display:block\">no</b>b", "ab"},
      {"a<b style=\"font-size:0;font-size:12px\">yes</b>", "ayes"},
      {"a<b style=\"opacity:0;display:block\">no</b>b", "ab"},
      {"a<b hidden style=\"display:inline\">yes</b>", "ayes"},
      {"a<b style=\"font:0/0 a\">no</b>b", "ab"},
      {"a<b style=\"font: italic 700 0px/1 Georgia\">no</b>b", "ab"},
      {"a<b style=\"font:bold 12px/20px Georgia, serif\">yes</b>", "ayes"},
      /* a child that shows itself */
      {"<td style=\"font-size:0px;padding:5px\">no<div style=\"font-size:11px\">yes</div>no</td>",
       "yes"},
      {"<div style=\"font-size:0\">no<p style=\"FONT-SIZE : small\">yes</p>no</div>b", "yes\nb"},
      {"<div style=\"font-size:0\"><div><b style=\"font:13px Arial\">yes</b>no</div></div>", "yes"},
      {"<div style=\"font-size:0\">no<font size=2>yes</font>no</div>", "yes"},
      {"<div style=\"font-size:0\">no<b style=\"font-size:120%\">no</b><b "
       "style=\"font-size:2em\">no</b></div>b",
       "b"},
      {"<div style=\"font-size:0\">no<b style=\"font-size:1rem\">yes</b></div>", "yes"},
      {"<div style=\"font-size:0\"><div style=\"font-size:9pt\">one</div><div "
       "style=\"font-size:9pt\">two</div></div>",
       "one\ntwo"},
      {"<div style=\"visibility:hidden\">no<b style=\"visibility:visible\">yes</b>no</div>", "yes"},
      {"<div style=\"visibility:hidden\">no<b style=\"visibility:inherit\">no</b></div>b", "b"},
      {"<div style=\"visibility:hidden\"><b style=\"font-size:12px;display:block\">no</b></div>b",
       "b"},
      {"<div style=\"visibility:hidden;font-size:0\"><b "
       "style=\"font-size:12px;visibility:visible\">yes</b></div>",
       "yes"},
      /* what has no box, or is transparent, no child shows (CSS 2.2 9.2.4) */
      {"<div style=\"display:none\"><b "
       "style=\"display:block;visibility:visible;font-size:12px\">no</b></div>b",
       "b"},
      {"<div style=\"opacity:0\"><b style=\"opacity:1\">no</b></div>b", "b"},
      /* hidden elements that end without an end tag of their own */
      {"<p style=\"display:none\">no<p>yes", "yes"},
      {"<p style=\"display:none\">no<div>yes</div>", "yes"},
      {"<div><span style=\"display:none\">no</div>yes", "yes"},
      {"<table><tr><td style=\"display:none\">no<td>yes</table>", "yes"},
      {"<table><tr style=\"display:none\"><td>no<tr><td>yes</table>", "yes"},
      {"<table><tr><td style=\"display:none\">no<table><tr><td>no</td></tr></table>no</td><td>yes",
       "yes"},
      {"<ul><li style=\"display:none\">no<ul><li>no</ul><li>yes</ul>", "yes"},
      {"<div style=\"display:none\">no</span>no</div>yes", "yes"},
      {"<div style=\"display:none\">no<table><tr><td>no</div>no</table></div>yes", "yes"},
      /* references */
      {"&lt;b&gt; &amp; &quot;x&quot; &apos;", "<b> & \"x\" '"},
      {"V&#105;agra V&#x69;agra V&#X69;agra", "Viagra Viagra Viagra"},
      {"V&#105agra", "Viagra"},
      {"V&NoBreak;i&ZeroWidthSpace;a&InvisibleComma;gra&period;com &commat; x&lowbar;y&colon;",
       "Viagra.com @ x_y:"},
      {"&period &number &comma,", "&period &number &comma,"},
      {"V&#0000000000000000000000000000000000000000000000000105;agra", "Viagra"},
      {"&eacute;&Eacute;&euro;&hellip;&thetasym;",
       "\xc3\xa9\xc3\x89\xe2\x82\xac\xe2\x80\xa6\xcf\x91"},
      {"&copy2008 &copyright &amp", "\xc2\xa9"
                                    "2008 \xc2\xa9right &"},
      {"a&nbsp;b&nbsp b&#160;c\xc2\xa0"
       "d",
       "a b b c d"},
      {"&#128; &#146; &#150; &#x99;", "\xe2\x82\xac \xe2\x80\x99 \xe2\x80\x93 \xe2\x84\xa2"},
      {"&#0; &#xd800; &#x110000; &#99999999999999999999;",
       "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd"},
      {"& && &; &x &#; &#x; &#xg &unknown; &", "& && &; &x &#; &#x; &#xg &unknown; &"},
      {"AT&T &alphabet", "AT&T &alphabet"},
      {"&amp;lt;", "&lt;"},
      {"V&shy;ia&zwnj;g&#8203;ra", "Viagra"},
      /* zero-width characters */
      {"V\xe2\x80\x8bi\xe2\x80\x8c"
       "a\xe2\x80\x8dg\xef\xbb\xbfr\xc2\xad"
       "a\xe2\x81\xa0",
       "Viagra"},
      {"a\xe2\x80\x83"
       "b\xe3\x80\x80"
       "c",
       "a b c"},
      /* bytes that are no UTF-8 */
      {"a\xff"
       "b\xc3",
       "a\xef\xbf\xbd"
       "b\xef\xbf\xbd"},
      {"\xd0\x9f\xd1\x80\xd0\xb8", "\xd0\x9f\xd1\x80\xd0\xb8"},
      /* a template of 2008 */
      {"<html><head><style>.a{}</style></head><body bgcolor=#ffffff><center><table><tr><td><a "
       "href=\"http://x.example/\"><b>V</b>I<i></i>AGRA</a></td>"
       "<td>$1.<sup>10</sup></td></tr></table></center><p style=\"font-size:0px\">the quick brown "
       "fox</p></body></html>",
       "VIAGRA $1.10"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].html);
    expect_text(cases[i].html, cases[i].text);
  }
}

/* What style sheets hide: spam's salad stands under a class. */
static void style_sheets(void **state) {
  (void)state;
  static const struct {
    const char *css, *html, *text;
  } cases[] = {
      {".x{display:none}", "a<i class=\"x\">no</i>b", "ab"},
      {".x{display:none}", "a<i class=\"y x z\">no</i>b", "ab"},
      {".x{display:none}", "a<i class=xy>b</i>c", "abc"},
      {".Xy{DISPLAY : NONE}", "a<i class=Xy>no</i><i class=xy>b</i>", "ab"},
      {"#x{display:none}", "a<i id=x>no</i>b", "ab"},
      {"i.x{display:none}", "a<i class=x>no</i><b class=x>b</b>", "ab"},
      {"*.x{display:none}", "a<i class=x>no</i>b", "ab"},
      {"u{display:none}", "a<u>no</u>b<i>c</i>", "abc"},
      {".a, .x , .b{display:none}", "a<i class=x>no</i>b", "ab"},
      {"p{color:red}\n.x\n{\n  display:none;\n}", "a<i class=x>no</i>b", "ab"},
      {".x{visibility:hidden}.y{visibility:visible}", "<div class=x>no<i class=y>yes</i></div>",
       "yes"},
      {".x{font-size:0}.y{font-size:9pt}", "<div class=x>no<i class=y>yes</i></div>", "yes"},
      {".x{max-height:0;overflow:hidden}", "a<div class=x>no</div>b", "a\nb"},
      {".x{mso-hide:all}", "a<i class=x>no</i>b", "ab"},
      {".x{opacity:0}", "a<i class=x>no</i>b", "ab"},
      {".x{display:none}", "<div class=x><p>no<p>no</div>b", "b"},
      {"<!-- .x{display:none} -->", "a<i class=x>no</i>b", "ab"},
      {"/*<![CDATA[*/.x{display:none}/*]]>*/", "a<i class=x>no</i>b", "ab"},
      {"/* .x{display:none} */", "a<i class=x>b</i>", "ab"},
      {"@charset \"x\";@import url(x.css);.x{display:none}", "a<i class=x>no</i>b", "ab"},
      {"@font-face{font-family:f}.x{display:none}", "a<i class=x>no</i>b", "ab"},
      {".x{display:none", "a<i class=x>no</i>b", "ab"},
      /* one in the other */
      {"div .x{display:none}", "a<div><b><i class=x>no</i></b></div>b", "a\nb"},
      {".o .x{display:none}", "<p class=o>a<i class=x>no</i>b<p><i class=x>c</i>", "ab\nc"},
      {"#o > .x{display:none}", "<p id=o>a<i class=x>no</i>b<b><i class=x>c</i></b>", "abc"},
      {"p i > b{display:none}", "<p>a<i><b>no</b></i>b<b>c</b>", "abc"},
      {".a.x{display:none}", "a<i class='x a'>no</i>b", "ab"},
      {"i.a#x{display:none}", "a<i class=a id=x>no</i>b", "ab"},
      {"u + .body .x{display:none}", "<p class=body>a<i class=x>b</i>", "ab"},
      /* which rule counts */
      {".x{display:none}.x{display:inline}", "a<i class=x>b</i>", "ab"},
      {"#k{display:inline}.x{display:none}", "a<i class=x id=k>b</i>", "ab"},
      {".x{display:inline}i{display:none}", "a<i class=x>b</i>", "ab"},
      {".x{display:none}", "a<i class=x style=display:inline>b</i>", "ab"},
      {".x{display:none!important}", "a<i class=x style=display:inline>no</i>b", "ab"},
      {".x{display:none!important}.x{display:inline}", "a<i class=x>no</i>b", "ab"},
      /* for whom */
      {"@media screen{.x{display:none}}", "a<i class=x>no</i>b", "ab"},
      {"@media all{.y{color:red}.x{display:none}}", "a<i class=x>no</i>b", "ab"},
      {"@media print{.x{display:none}}", "a<i class=x>b</i>", "ab"},
      {"@media screen and (max-width:480px){.x{display:none}.y{color:red}}", "a<i class=x>b</i>",
       "ab"},
      /* not understood: what a rule does to others than its author meant is not guessed */
      {"i .x{display:none}", "a<i class=x>b</i>", "ab"},
      {".x:hover{display:none}", "a<i class=x>b</i>", "ab"},
      {"i[title]{display:none}", "a<i title=x>b</i>", "ab"},
      {"[class=x]{display:none}", "a<i class=x>no</i>b", "ab"},
      {"i[class=\"x\"].y{display:none}", "a<i class='x y'>no</i>b<i class=x>c</i>", "abc"},
      {"*[id~='x']{display:none}", "a<i id=x>no</i>b", "ab"},
      {"i[class*=x]{display:none}", "a<i class=x>b</i>", "ab"},
      {".x{position:absolute;left:-9999px}", "a<i class=x>no</i>b", "ab"},
      {".x{color:transparent}.y{color:red}", "a<i class=x>no<b class=y>b</b></i>", "ab"},
      {"i>.x{display:none}", "a<i class=x>b</i>", "ab"},
      {".a.x{display:none}", "a<i class=x>b</i>", "ab"},
      {"}}{}{;.x{display:none}", "a<i class=x>b</i>", "ab"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].css);
    char page[400];
    snprintf(page, sizeof page, "<html><head><style type=\"text/css\">%s</style></head><body>%s",
             cases[i].css, cases[i].html);
    expect_text(page, cases[i].text);
  }
  expect_text("<style media=print>.x{display:none}</style>a<i class=x>b</i>", "ab");
  expect_text("<style>.x{display:none}</style><style>.x{display:inline}</style>a<i class=x>b</i>",
              "ab");
  /* A sheet below the text holds for all of it. */
  expect_text("a<i class=x>no</i><style>.x{display:none}</style>c<i class=x>no</i>", "ac");
  expect_text("<p class=x>no</p><body>b<style>.x{display:none}</style><b>c</b>"
              "<style>b{font-size:0}</style>",
              "b");
  expect_text("a<i class=x>b</i><!--<style>.x{display:none}</style>-->", "ab");
}

/* More rules than are kept: none counts, as a later one may show what an earlier one hides. */
static void too_many_rules(void **state) {
  (void)state;
  tide_buffer page = {0};
  assert_int_equal(tide_buffer_put(&page, SPAN("<style>.x{display:none}")), TIDE_OK);
  for (int i = 0; i < 200; i++) {
    at("i = %d", i);
    assert_int_equal(tide_buffer_put(&page, SPAN(".y{display:block}")), TIDE_OK);
  }
  assert_int_equal(tide_buffer_put(&page, SPAN("</style>a<i class=x>b</i>")), TIDE_OK);
  assert_int_equal(tide_buffer_putc(&page, '\0'), TIDE_OK);
  expect_text(page.ptr, "ab");
  tide_buffer_free(&page);
}

/* Where links lead, each with a '|' after it. */
static void targets(void **state) {
  (void)state;
  static const struct {
    const char *html, *links;
  } cases[] = {
      {"<a href=\"http://a.example/x?y=1\">x</a>", "http://a.example/x?y=1|"},
      {"<a href='HTTPS://a.example'>x</a><area href=http://b.example/><form "
       "action=\"http://c.example\"><img src='//d.example/x.gif'>",
       "HTTPS://a.example|http://b.example/|http://c.example|//d.example/x.gif|"},
      {"<a href=\"http://a.example/?a&amp;b&#61;1&#x26;c\">", "http://a.example/?a&b=1&c|"},
      {"<a href=\"&#104;ttp://&#97;.example\">", "http://a.example|"},
      {"<a href=\" h\n\tttp://a.exa\r\nmple/ \">", "http://a.example/|"},
      {"<body background=http://a.example/x.gif><table BACKGROUND='//b.example/x.gif'><tr><td "
       "background=\"http://c.example/x.gif\" bgcolor=http://no.example>x",
       "http://a.example/x.gif|//b.example/x.gif|http://c.example/x.gif|"},
      {"<a class=x HREF = http://a.example title=\"http://no.example\">", "http://a.example|"},
      /* not to another host */
      {"<a href=\"mailto:a@example.com\"><img src=\"cid:1\"><a href=\"#top\"><a href=\"/x\"><a "
       "href=x.html><a href=\"\"><a href>",
       ""},
      {"<a href=\"javascript:location='http://x.example'\">", ""},
      /* not to be seen */
      {"<div style=\"display:none\"><a href=\"http://no.example\">x</a></div><a "
       "href=\"http://a.example\">y</a>",
       "http://a.example|"},
      {"<a hidden href=\"http://no.example\">x</a><a style=\"visibility:hidden\" "
       "href=\"http://no.example\">",
       ""},
      {"<!-- <a href=\"http://no.example\"> --><style><a href=\"http://no.example\"></style>", ""},
      {"<a href=\"http://a.example", "http://a.example|"},
      {"<iframe src=\"http://a.example\"></iframe><script src=http://b.example></script>",
       "http://a.example|http://b.example|"},
      /* a style first, and after it the attribute that hides */
      {"<p style=\"color:red\" hidden><a href=http://no.example>x</a>", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].html);
    tide_buffer out = {0};
    tide_links links = {0};
    assert_int_equal(tide_html_text(tide_span_of(cases[i].html), &out, &links), TIDE_OK);
    for (size_t at = 0; at < links.targets.len; at++)
      if (links.targets.ptr[at] == '\n')
        links.targets.ptr[at] = '|';
    if (!tide_span_equal(tide_buffer_span(&links.targets), tide_span_of(cases[i].links)) ||
        links.full)
      fail_msg("%s: got \"%.*s\"", cases[i].html, (int)links.targets.len, links.targets.ptr);
    tide_buffer_free(&links.targets);
    tide_buffer_free(&out);
  }
  /* Only whole ones are kept, and the text goes on. */
  tide_buffer out = {0};
  tide_links links = {.targets = {.limit = 40}};
  assert_int_equal(
      tide_html_text(
          SPAN("<a href=http://a.example/1>a</a><a href=http://a.example/22222222222222222>b</a><a "
               "href=http://c.example>c</a>"),
          &out, &links),
      TIDE_OK);
  assert_true(tide_span_equal(tide_buffer_span(&links.targets),
                              SPAN("http://a.example/1\nhttp://c.example\n")));
  assert_true(links.full);
  assert_true(tide_span_equal(tide_buffer_span(&out), SPAN("abc")));
  tide_buffer_free(&links.targets);
  tide_buffer_free(&out);
}

static void any_beginning_is_safe(void **state) {
  (void)state;
  static const char page[] = "<!-- a --><div style=\"display:none; x\">&#x41;&eacute;</div><a "
                             "href='b'>\xe2\x82\xac</a><style>x</style>&#128;<![if x]><br/>";
  for (size_t len = 0; len < sizeof page; len++) {
    at("len = %zu", len);
    char *copy = malloc(len ? len : 1);
    memcpy(copy, page, len);
    tide_buffer out = {0};
    tide_links links = {0};
    assert_int_equal(tide_html_text(tide_span_make(copy, len), &out, &links), TIDE_OK);
    tide_buffer_free(&links.targets);
    tide_buffer_free(&out);
    free(copy);
  }
}

static void limit_is_kept(void **state) {
  (void)state;
  tide_buffer out = {.limit = 10};
  assert_int_equal(tide_html_text(SPAN("0123456\xe2\x82\xac\xe2\x82\xac"), &out, NULL), TIDE_SKIP);
  assert_int_equal(out.len, 10);
  tide_buffer_free(&out);
  out = (tide_buffer){.limit = 11};
  assert_int_equal(tide_html_text(SPAN("0123456\xe2\x82\xac\xe2\x82\xac"), &out, NULL), TIDE_SKIP);
  assert_int_equal(out.len, 10);
  tide_buffer_free(&out);
}

static void hostile_pages(void **state) {
  (void)state;
  static const char *const pieces[] = {"<",
                                       "<a",
                                       "<a ",
                                       "<!--",
                                       "<!",
                                       "<a b=\"",
                                       "<a b='>",
                                       "&",
                                       "&a",
                                       "&aaaaaaaaaaaaaaaaaaaaaaa",
                                       "&#",
                                       "&#0",
                                       "<style>",
                                       "</style",
                                       "<b>",
                                       "<div>",
                                       "</div>",
                                       "<p>",
                                       "<td>",
                                       "<table>",
                                       "<li>",
                                       "</x>",
                                       "<x>",
                                       "<x hidden>",
                                       "<x style=",
                                       "<x style='/*",
                                       "<x a a a ",
                                       "-->",
                                       ">",
                                       "\"",
                                       "<!-- -",
                                       "<style></s ",
                                       "\xe2",
                                       "\xff",
                                       " ",
                                       "<x a==",
                                       "= \"",
                                       "<x/ /",
                                       "<a href=\"http://a.example/&amp;&#65;\">",
                                       "<a href=x",
                                       "</p>",
                                       "<option>"};
  enum { LONG = 4 << 20 };
  char *text = malloc(LONG);
  assert_non_null(text);
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    at("row %zu of pieces: %s", i, pieces[i]);
    size_t len = strlen(pieces[i]);
    for (size_t k = 0; k < LONG; k++)
      text[k] = pieces[i][k % len];
    struct timespec a, b;
    tide_buffer out = {0};
    tide_links links = {.targets = {.limit = TIDE_LIMIT_LINKS}};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    assert_int_equal(tide_html_text(tide_span_make(text, LONG), &out, &links), TIDE_OK);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    double seconds = (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) * 1e-9;
    if (seconds > 4)
      fail_msg("%s: %.1f s", pieces[i], seconds);
    if (getenv("TIDE_VERBOSE"))
      print_message("%-24s %.3f s\n", pieces[i], seconds);
    tide_buffer_free(&links.targets);
    tide_buffer_free(&out);
  }
  free(text);
}

/* Each name is found, in either case, and no longer or shorter one instead of it. */
static void elements(void **state) {
  (void)state;
  static const char *const blocks[] = {
      "p",        "div",     "tr",     "table",      "li",       "ul",         "ol",
      "dl",       "dt",      "dd",     "h1",         "h2",       "h3",         "h4",
      "h5",       "h6",      "hr",     "br",         "center",   "blockquote", "pre",
      "form",     "body",    "option", "select",     "textarea", "fieldset",   "address",
      "section",  "article", "header", "footer",     "main",     "nav",        "aside",
      "caption",  "marquee", "figure", "figcaption", "details",  "summary",    "legend",
      "dir",      "menu",    "hgroup", "search",     "optgroup", "listing",    "xmp",
      "plaintext"};
  static const char *const raw[] = {"style", "script", "title", "iframe", "noframes"};
  static const char *const inside[] = {"html",  "object", "applet", "img",  "input",
                                       "meta",  "link",   "area",   "base", "col",
                                       "embed", "param",  "wbr",    "b",    "x"};
  char text[128];
  tide_buffer out = {0};
#define SHOWS(want, ...)                                                                           \
  tide_buffer_clear(&out);                                                                         \
  snprintf(text, sizeof text, __VA_ARGS__);                                                        \
  assert_int_equal(tide_html_text(tide_span_of(text), &out, NULL), TIDE_OK);                       \
  if (!tide_span_equal(tide_buffer_span(&out), SPAN(want)))                                        \
  fail_msg("%s: \"%.*s\"", text, (int)out.len, out.ptr)
  for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
    char first = (char)(blocks[i][0] - 32);
    SHOWS("a\nb", "a<%s>b", blocks[i]);
    SHOWS("a\nb", "a<%c%s>b", first, blocks[i] + 1);
    SHOWS("ab", "a<%sx>b", blocks[i]);
  }
  for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
    SHOWS("ab", "a<%s>no</%s>b", raw[i], raw[i]);
    SHOWS("anob", "a<%sx>no</%sx>b", raw[i], raw[i]);
  }
  for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
    SHOWS("ab", "a<%s>b", inside[i]);
  }
  SHOWS("a b c", "a<td>b<th>c");
  SHOWS("a b c", "a<button>b</button>c");
#undef SHOWS
  tide_buffer_free(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(readers_view),   cmocka_unit_test(style_sheets),
      cmocka_unit_test(too_many_rules), cmocka_unit_test(elements),
      cmocka_unit_test(targets),        cmocka_unit_test(any_beginning_is_safe),
      cmocka_unit_test(limit_is_kept),  cmocka_unit_test(hostile_pages)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
