/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charsets by all labels of the WHATWG Encoding Standard (encodings.json), and as senders misspell
 * them; and converters that hold a letter back. What says ASCII is UTF-8 where it is valid. */
#include "cmocka_all.h"

#include "../../lib/mime/charset.h"

/* labels, with blanks between them; bytes; the same in UTF-8 */
static const struct {
  const char *labels;
  tide_span bytes;
  const char *text;
} cases[] = {
    {"unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 ansi_x3.4-1968 "
     "ascii us-ascii",
     SPAN("\xc3\x9c"), "\xc3\x9c"},
    {"866 cp866 csibm866 ibm866", SPAN("\x86"), "\xd0\x96"},
    {"csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
     SPAN("\xb3"), "\xc5\x82"},
    {"csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
     SPAN("\xb1"), "\xc4\xa7"},
    {"csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
     SPAN("\xbb"), "\xc4\xa3"},
    {"csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988",
     SPAN("\xb6"), "\xd0\x96"},
    {"arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
     SPAN("\xd3\xd9\xd1"), "\xd8\xb3\xd8\xb9\xd8\xb1"},
    {"csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek",
     SPAN("\xeb"), "\xce\xbb"},
    {"csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual",
     SPAN("\xee"), "\xd7\x9e"},
    {"csiso88598i iso-8859-8-i logical", SPAN("\xee"), "\xd7\x9e"},
    {"csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6", SPAN("\xb3"), "\xc4\xa3"},
    {"iso-8859-13 iso8859-13 iso885913", SPAN("\xeb"), "\xc4\x97"},
    {"iso-8859-14 iso8859-14 iso885914", SPAN("\xf0"), "\xc5\xb5"},
    {"csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9", SPAN("\xa4"), "\xe2\x82\xac"},
    {"iso-8859-16", SPAN("\xba"), "\xc8\x99"},
    {"cskoi8r koi koi8 koi8-r koi8_r", SPAN("\xc3\xc5\xce\xc1"),
     "\xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"koi8-ru koi8-u", SPAN("\xa7\xd6\xc1"), "\xd1\x97\xd0\xb6\xd0\xb0"},
    {"csmacintosh mac macintosh x-mac-roman", SPAN("\x9f"), "\xc3\xbc"},
    {"dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874", SPAN("\xc3\xd2\xa4\xd2"),
     "\xe0\xb8\xa3\xe0\xb8\xb2\xe0\xb8\x84\xe0\xb8\xb2"},
    {"cp1250 windows-1250 x-cp1250", SPAN("\xb3\xf3\x64\x9f"), "\xc5\x82\xc3\xb3\x64\xc5\xba"},
    {"cp1251 windows-1251 x-cp1251", SPAN("\xf6\xe5\xed\xe0"), "\xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 "
     "iso_8859-1:1987 l1 latin1 windows-1252 x-cp1252",
     SPAN("\x93\xe9\x80"), "\xe2\x80\x9c\xc3\xa9\xe2\x82\xac"},
    {"cp1253 windows-1253 x-cp1253", SPAN("\xa2\xeb"), "\xce\x86\xce\xbb"},
    {"cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 "
     "latin5 windows-1254 x-cp1254",
     SPAN("\xfd\xf0\xfe"), "\xc4\xb1\xc4\x9f\xc5\x9f"},
    {"cp1255 windows-1255 x-cp1255", SPAN("\xee\xe7\xe9\xf8"), "\xd7\x9e\xd7\x97\xd7\x99\xd7\xa8"},
    {"cp1256 windows-1256 x-cp1256", SPAN("\xd3\xda\xd1"), "\xd8\xb3\xd8\xb9\xd8\xb1"},
    {"cp1257 windows-1257 x-cp1257", SPAN("\xeb\xfe"), "\xc4\x97\xc5\xbe"},
    {"cp1258 windows-1258 x-cp1258", SPAN("\xfd\xf5"), "\xc6\xb0\xc6\xa1"},
    {"x-mac-cyrillic x-mac-ukrainian", SPAN("\xf6\xe5\xed\xe0"),
     "\xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
     SPAN("\xb4\xd9\xcf\xfa\xd6\xec\xe9\x46"), "\xe4\xbf\x83\xe9\x94\x80\xe6\x9c\xb1\xe9\x95\x95"},
    {"gb18030", SPAN("\xb4\xd9\xcf\xfa"), "\xe4\xbf\x83\xe9\x94\x80"},
    {"big5 big5-hkscs cn-big5 csbig5 x-x-big5", SPAN("\xab\x50\xbe\x50"),
     "\xe4\xbf\x83\xe9\x8a\xb7"},
    {"cseucpkdfmtjapanese euc-jp x-euc-jp", SPAN("\xb9\xad\xb9\xf0"), "\xe5\xba\x83\xe5\x91\x8a"},
    {"csiso2022jp iso-2022-jp", SPAN("\x1b\x24\x42\x39\x2d\x39\x70\x1b\x28\x42"),
     "\xe5\xba\x83\xe5\x91\x8a"},
    {"csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
     SPAN("\x8d\x4c\x8d\x90\x87\x40"), "\xe5\xba\x83\xe5\x91\x8a\xe2\x91\xa0"},
    {"cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
     "ksc_5601 windows-949",
     SPAN("\xb1\xa4\xb0\xed\x8c\x63"), "\xea\xb4\x91\xea\xb3\xa0\xeb\x98\xa0"},
    {"unicodefffe utf-16be", SPAN("\x00\x61\x00\xdc"), "\x61\xc3\x9c"},
    {"csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
     SPAN("\x61\x00\xdc\x00"), "\x61\xc3\x9c"},
    /* read by signs in seven bits; the standard has "replacement" for most */
    {"hz-gb-2312 hz HZ-GB", SPAN("\x7e\x7b\x34\x59\x4f\x7a\x7e\x7d"), "\xe4\xbf\x83\xe9\x94\x80"},
    {"iso-2022-kr csiso2022kr", SPAN("\x1b\x24\x29\x43\x0e\x31\x24\x30\x6d\x0f"),
     "\xea\xb4\x91\xea\xb3\xa0"},
    {"iso-2022-cn iso-2022-cn-ext", SPAN("\x1b\x24\x29\x41\x0e\x34\x59\x4f\x7a\x0f"),
     "\xe4\xbf\x83\xe9\x94\x80"},
    {"x-user-defined", SPAN("\xc3\x9c"), "\xc3\x9c"},
    {"utf-7 unicode-1-1-utf-7 UTF7 cp65000 x-unicode-1-1-utf-7", SPAN("+ANw-a 1+1"),
     "\xc3\x9c\x61 1+1"},
    /* misspelt, and by other names */
    {"UTF_8 utf8 utf-8 cp65001 UFT-8 utf-8; utf8mb4 unicode-2-0-utf-8 charset=utf-8 ASCII USASCII "
     "us_ascii ansi_x3.4-1986 iso646-us default unknown-8bit 8bit x-unknown",
     SPAN("\xc3\x9c"), "\xc3\x9c"},
    {"win-1251 windows1251 Windows_1251 x-win1251 cp-1251 ms1251 "
     "windows-1251http-equivcontent-type WINDOWS-1251; codepage1251 windows-1251.",
     SPAN("\xf6\xe5\xed\xe0"), "\xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"latin-1 iso8859_1 iso-8859 ISO_8859_1 8859-1 8859_1 iso-8895-1 iso-8559-1 ISO-88591 "
     "ios-8859-1 windows1252 ansi win1252 iso-latin-1 x-ansi",
     SPAN("\x93\xe9\x80"), "\xe2\x80\x9c\xc3\xa9\xe2\x82\xac"},
    {"iso8859_2 iso-latin-2 latin-2 28592 iso-8859-2-windows-latin-2", SPAN("\xb3"), "\xc5\x82"},
    {"iso-8859-15-euro latin-9 iso8859_15 latin9 iso_8859-15:1998", SPAN("\xa4"), "\xe2\x82\xac"},
    {"iso_8859-16:2001 latin10 l10", SPAN("\xba"), "\xc8\x99"},
    {"iso_8859-14:1998 latin8 l8", SPAN("\xf0"), "\xc5\xb5"},
    {"latin7 l7", SPAN("\xeb"), "\xc4\x97"},
    {"koi8r KOI-8-R koi8_r x-koi8-r cp20866 koi8-r;", SPAN("\xc3\xc5\xce\xc1"),
     "\xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"koi8u cp21866", SPAN("\xa7\xd6\xc1"), "\xd1\x97\xd0\xb6\xd0\xb0"},
    {"gb-2312 GB_2312 gb2312-80 x-gb2312 cp936 ms936 euc-cn gb2312_charset cp54936 gb18030-2000",
     SPAN("\xb4\xd9\xcf\xfa"), "\xe4\xbf\x83\xe9\x94\x80"},
    {"big5-eten big-5 x-big5 cp950 ms950 big5_tw", SPAN("\xab\x50\xbe\x50"),
     "\xe4\xbf\x83\xe9\x8a\xb7"},
    {"euckr euc_kr ks_c_5601 ksc5601-1987 x-euc-kr cp949 ms949 uhc x-windows-949 kseuckr",
     SPAN("\xb1\xa4\xb0\xed\x8c\x63"), "\xea\xb4\x91\xea\xb3\xa0\xeb\x98\xa0"},
    {"sjis shift-jis shiftjis x-ms-cp932 cp932 windows31j x-shift-jis",
     SPAN("\x8d\x4c\x8d\x90\x87\x40"), "\xe5\xba\x83\xe5\x91\x8a\xe2\x91\xa0"},
    {"eucjp euc_jp x-euc ujis cp51932 eucjp-ms", SPAN("\xb9\xad\xb9\xf0"),
     "\xe5\xba\x83\xe5\x91\x8a"},
    {"iso2022jp iso_2022_jp _iso-2022-jp$esc cp50220 cp50221 iso-2022-jp-1 iso-2022-jp-ms jis",
     SPAN("\x1b\x24\x42\x39\x2d\x39\x70\x1b\x28\x42"), "\xe5\xba\x83\xe5\x91\x8a"},
    {"tis620 cp874 dos874 thai ibm874", SPAN("\xc3\xd2\xa4\xd2"),
     "\xe0\xb8\xa3\xe0\xb8\xb2\xe0\xb8\x84\xe0\xb8\xb2"},
    {"chinesebig5 chinese-big5", SPAN("\xa7\x41"), "\xe4\xbd\xa0"},
    {"unicode-utf-8", SPAN("\xc3\xa9"), "\xc3\xa9"},
    {"ebcdic-cp-us", SPAN("\xc1\x81"), "Aa"},
    {"x-mac-greek macgreek cp10006", SPAN("\xbf"), "\xce\xa9"},
    {"x-mac-turkish mac-turkish", SPAN("\xdf"), "\xc5\x9f"},
    {"x-mac-romanian", SPAN("\xde"), "\xc8\x9a"},
    {"x-mac-croatian", SPAN("\xc8"), "\xc4\x8c"},
    {"cp720 dos-720", SPAN("\xa0"), "\xd8\xa8"},
    {"iso-celtic iso-ir-199 iso-8859-14", SPAN("\xa1"), "\xe1\xb8\x82"},
    {"iso-koi8-r windows-koi8-r", SPAN("\xc3\xc5\xce\xc1"), "\xd1\x86\xd0\xb5\xd0\xbd\xd0\xb0"},
    {"x-mac-icelandic mac-iceland", SPAN("\xdf"), "\xc3\xbe"},
    {"hp-roman8", SPAN("\xcf"), "\xc3\xbc"},
    {"ibm037 cp037 ibm1140 cp500 ibm1047", SPAN("\xc8\xc5\xd3\xd3\xd6"), "HELLO"},
    {"x-macroman macroman", SPAN("\x9f"), "\xc3\xbc"},
    {"utf16-le ucs-2le", SPAN("\x61\x00\xdc\x00"), "\x61\xc3\x9c"},
    {"ibm850 cp-850 850 csPC850Multilingual", SPAN("\x81"), "\xc3\xbc"},
    {"cp437 ibm437 437", SPAN("\x81"), "\xc3\xbc"},
    {"cp852", SPAN("\x88"), "\xc5\x82"},
    {"x-mac-japanese", SPAN("\x8d\x4c\x8d\x90"), "\xe5\xba\x83\xe5\x91\x8a"},
    {"x-mac-chinesesimp", SPAN("\xb4\xd9\xcf\xfa"), "\xe4\xbf\x83\xe9\x94\x80"},
    {"x-mac-chinesetrad", SPAN("\xa7\x41"), "\xe4\xbd\xa0"},
    {"x-mac-korean", SPAN("\xb1\xa4\xb0\xed"), "\xea\xb4\x91\xea\xb3\xa0"},
};

static void put(tide_span bytes, tide_span label, const char *text, bool lies) {
  converter c = {.name = ""};
  tide_buffer out = {.limit = 0};
  bool lied = false;
  assert_int_equal(tide_charset_put(&c, bytes, label, &out, &lied), TIDE_OK);
  if (!tide_span_equal(tide_buffer_span(&out), tide_span_of(text)) || lied != lies)
    fail_msg("%.*s: \"%.*s\", want \"%s\"%s", (int)label.len, label.ptr, (int)out.len,
             out.ptr ? out.ptr : "", text, lied ? ", lied" : "");
  tide_buffer_free(&out);
  tide_converter_close(&c);
}

static void labels(void **state) {
  (void)state;
  size_t count = 0;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].labels);
    for (tide_span rest = tide_span_of(cases[i].labels); rest.len; count++) {
      size_t end = tide_span_find_char(rest, ' ');
      put(cases[i].bytes, tide_span_slice(rest, 0, end), cases[i].text, false);
      rest = tide_span_slice(rest, end + 1, rest.len);
    }
  }
  assert_number(count, >, 320);
}

static void unknown(void **state) {
  (void)state;
  static const char *const names[] = {"x-klingon",   "windows-9999",  "windows-12520",
                                      "iso-8859-99", "../etc/passwd", "nonsense",
                                      "---",         "iso-8859-12"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    at("row %zu of names: %s", i, names[i]);
    assert_null(tide_charset_find(tide_span_of(names[i])));
  }
  assert_string_equal(tide_charset_find((tide_span){0}), "UTF-8");
}

/* The rest of what shifts, and of what is held back at the end. */
static void chosen(void **state) {
  (void)state;
  put(SPAN("\xee\xe7\xe9\xf8"), SPAN("windows-1255"), "\xd7\x9e\xd7\x97\xd7\x99\xd7\xa8", false);
  put(SPAN("\xe0\xe9"), SPAN("windows-1255"), "\xd7\x90\xd7\x99", false);
  put(SPAN("Ti\xea"), SPAN("windows-1258"), "Ti\xc3\xaa", false);
  put(SPAN("a\xcc"), SPAN("windows-1258"), "\xc3\xa0", false); /* a letter and its accent */
  put(SPAN("\xe9\xff\xe9"), SPAN("windows-1255"), "\xd7\x99\xc3\xbf\xd7\x99", true);
  /* kana of both kinds, JIS X 0212, a line that ends in it, bytes that are none of it */
  put(SPAN("\x1b(I1\x1b(Ba"), SPAN("iso-2022-jp"),
      "\xef\xbd\xb1"
      "a",
      false);
  put(SPAN("\x0e"
           "1\x0f"
           "a"),
      SPAN("iso-2022-jp"),
      "\xef\xbd\xb1"
      "a",
      false);
  put(SPAN("\x1b$(D0!\x1b(B"), SPAN("iso-2022-jp"), "\xe4\xb8\x82", false);
  put(SPAN("\x1b$B$\"\na"), SPAN("iso-2022-jp"), "\xe3\x81\x82\na", false);
  put(SPAN("\x1b$B-!\x1b(J!"), SPAN("iso-2022-jp"), "\xe2\x91\xa0!", false);
  put(SPAN("\x1bXa"), SPAN("iso-2022-jp"), "\x1bXa", true);
  put(SPAN("~~a~\nb~{4Y"), SPAN("hz"), "~ab\xe4\xbf\x83", false);
  put(SPAN("~{4Y\na"), SPAN("hz"), "\xe4\xbf\x83\na", false);
  put(SPAN("a+-b +AOk-+2D3eAA x"), SPAN("utf-7"), "a+b \xc3\xa9\xf0\x9f\x98\x80 x", false);
  put(SPAN("+2D0- +3gA-"), SPAN("utf-7"), "\xef\xbf\xbd \xef\xbf\xbd", true);
}

/* UTF-8 that says it is something else. Too little of it can be what was said: "\xd6\xab" ends a
 * quotation in German, and two bytes are one letter in Chinese. */
static void unicode_lies(void **state) {
  (void)state;
  static const char quote[] = "India\xe2\x80\x99s", german[] = "Gr\xc3\xbc\xc3\x9f",
                    russian[] = "\xd0\xba\xd0\xb0\xd0\xb7\xd0\xb8\xd0\xbd\xd0\xbe",
                    chinese[] = "\xe8\xb5\x8c\xe5\x9c\xba\xe4\xbc\x98\xe6\x83\xa0";
  static const char *const labels[] = {"iso-8859-1", "iso-8859-2", "windows-1252", "iso-8859-15"};
  for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
    at("row %zu of labels: %s", i, labels[i]);
    put(tide_span_of(quote), tide_span_of(labels[i]), quote, true);
    put(tide_span_of(german), tide_span_of(labels[i]), german, true);
  }
  put(tide_span_of(russian), SPAN("windows-1251"), russian, true);
  put(tide_span_of(russian), SPAN("koi8-r"), russian, true);
  put(tide_span_of(chinese), SPAN("gb2312"), chinese, true);
  put(tide_span_of(chinese), SPAN("big5"), chinese, true);
  put(SPAN("SP\xd6\xab"), SPAN("iso-8859-1"), "SP\xc3\x96\xc2\xab", false);
  put(SPAN("\xc4\xd6\xdc"), SPAN("iso-8859-1"), "\xc3\x84\xc3\x96\xc3\x9c", false);
  put(SPAN("\xc5\xb8"), SPAN("windows-1251"), "\xd0\x95\xd1\x91", false);
  put(SPAN("\xc4\xe3\xba\xc3"), SPAN("gb2312"), "\xe4\xbd\xa0\xe5\xa5\xbd", false);
  put(SPAN("\xd6\xb0\xd0\xb9"), SPAN("gb2312"), "\xe8\x81\x8c\xe6\xb3\x84", false);
}

/* Punctuation of Windows under a charset of ISO's that has only controls there. */
static void windows_in_iso(void **state) {
  (void)state;
  put(SPAN("you\x92ve \xb3"), SPAN("iso-8859-2"), "you\xe2\x80\x99ve \xc5\x82", true);
  put(SPAN("\x93"), SPAN("iso-8859-15"), "\xe2\x80\x9c", true);
  put(SPAN("\xe6\x97\x81\xe6\x85"), SPAN("iso-8859-5"),
      "\xd1\x86\xe2\x80\x94\xef\xbf\xbd\xd1\x86\xe2\x80\xa6", true);
  put(SPAN("\x92"), SPAN("koi8-r"), "\xe2\x96\x93", false);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(labels), cmocka_unit_test(unknown),
                                     cmocka_unit_test(chosen), cmocka_unit_test(unicode_lies),
                                     cmocka_unit_test(windows_in_iso)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
