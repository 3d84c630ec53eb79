/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What charset a label means. Of a label only letters and digits count (Unicode TR 22, 1.4), so
 * that "Windows_1251", "win-1251" and "x-cp1251." are one. The many labels that are a number after
 * a family's name are read as that; the rest are rows. Known are all labels of the WHATWG Encoding
 * Standard, as it reads them: where a small charset has a larger one that senders mean, the larger
 * (tests/unit/test_charset.c). */
#include "charset.h"

enum {
  LABEL_MAX = 40,
  /* Letters of a known label that something else may follow: "windows-1252http-equivcontent-type",
     "utf-8 name=x". */
  BEGINNING_MIN = 4
};

const char tide_charset_utf8[] = "UTF-8", tide_charset_western[] = "CP1252";

/* A label without signs, in lower case. */
typedef struct plain_label {
  char text[LABEL_MAX + 1];
  size_t len;
} plain_label;

typedef struct label_row {
  const char *label, *decoder;
} label_row;

/* In the order of their bytes. */
static const label_row rows[] = {
    {"7bit", tide_charset_utf8},
    {"8bit", tide_charset_utf8},
    {"ansi", tide_charset_western},
    {"ansix341968", tide_charset_utf8},
    {"ansix341986", tide_charset_utf8},
    {"arabic", "ISO-8859-6"},
    {"armscii8", "ARMSCII-8"},
    {"asci", tide_charset_utf8},
    {"ascii", tide_charset_utf8},
    {"asmo708", "ISO-8859-6"},
    {"big5", "BIG5-HKSCS"},
    {"big5eten", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"big5tw", "BIG5-HKSCS"},
    {"bigfive", "BIG5-HKSCS"},
    {"binary", tide_charset_utf8},
    {"celtic", "ISO-8859-14"},
    {"cesu8", tide_charset_utf8},
    {"chinese", "GB18030"},
    {"chinesebig5", "BIG5-HKSCS"},
    {"cnbig5", "BIG5-HKSCS"},
    {"cngb", "GB18030"},
    {"cns11643", "EUC-TW"},
    {"cp154", "PT154"},
    {"csascii", tide_charset_utf8},
    {"cyrillic", "ISO-8859-5"},
    {"cyrillicasian", "PT154"},
    {"default", tide_charset_utf8},
    {"easterneuropean", "ISO-8859-2"},
    {"ebcdiccpbe", "IBM500"},
    {"ebcdiccpca", "IBM037"},
    {"ebcdiccpch", "IBM500"},
    {"ebcdiccpde", "IBM273"},
    {"ebcdiccpes", "IBM284"},
    {"ebcdiccpfr", "IBM297"},
    {"ebcdiccpgb", "IBM285"},
    {"ebcdiccpit", "IBM280"},
    {"ebcdiccpnl", "IBM037"},
    {"ebcdiccpus", "IBM037"},
    {"ebcdiccpwt", "IBM037"},
    {"ecma114", "ISO-8859-6"},
    {"ecma118", "ISO-8859-7"},
    {"elot928", "ISO-8859-7"},
    {"euc", "EUC-JP-MS"},
    {"euccn", "GB18030"},
    {"eucjp", "EUC-JP-MS"},
    {"eucjpms", "EUC-JP-MS"},
    {"eucjpwin", "EUC-JP-MS"},
    {"euckr", "UHC"},
    {"eucpkdfmtjapanese", "EUC-JP-MS"},
    {"euctw", "EUC-TW"},
    {"gb", "GB18030"},
    {"gb18030", "GB18030"},
    {"gb180302000", "GB18030"},
    {"gb180302005", "GB18030"},
    {"gb2312", "GB18030"},
    {"gb23121980", "GB18030"},
    {"gb231280", "GB18030"},
    {"gbk", "GB18030"},
    {"georgianacademy", "GEORGIAN-ACADEMY"},
    {"georgianps", "GEORGIAN-PS"},
    {"greek", "ISO-8859-7"},
    {"greek8", "ISO-8859-7"},
    {"hebrew", "ISO-8859-8"},
    {"hproman8", "HP-ROMAN8"},
    {"hz", "HZ"},
    {"hzgb", "HZ"},
    {"hzgb2312", "HZ"},
    {"iso10646ucs2", "UTF-16"},
    {"iso10646ucs4", "UTF-32"},
    {"iso2022", "ISO-2022-JP"},
    {"iso2022cn", "ISO-2022-CN"},
    {"iso2022cnext", "ISO-2022-CN"},
    {"iso2022jp", "ISO-2022-JP"},
    {"iso2022jp1", "ISO-2022-JP"},
    {"iso2022jp2", "ISO-2022-JP-2"},
    {"iso2022jp2004", "ISO-2022-JP"},
    {"iso2022jp3", "ISO-2022-JP"},
    {"iso2022jpesc", "ISO-2022-JP"},
    {"iso2022jpms", "ISO-2022-JP"},
    {"iso2022kr", "ISO-2022-KR"},
    {"iso58gb231280", "GB18030"},
    {"iso646irv1991", tide_charset_utf8},
    {"iso646us", tide_charset_utf8},
    {"iso8859", tide_charset_western},
    {"iso88591windows30latin1", tide_charset_western},
    {"iso88591windows31latin1", tide_charset_western},
    {"isoceltic", "ISO-8859-14"},
    {"isoir100", tide_charset_western},
    {"isoir101", "ISO-8859-2"},
    {"isoir109", "ISO-8859-3"},
    {"isoir110", "ISO-8859-4"},
    {"isoir126", "ISO-8859-7"},
    {"isoir127", "ISO-8859-6"},
    {"isoir138", "ISO-8859-8"},
    {"isoir144", "ISO-8859-5"},
    {"isoir148", "CP1254"},
    {"isoir149", "UHC"},
    {"isoir157", "ISO-8859-10"},
    {"isoir166", "CP1162"},
    {"isoir179", "ISO-8859-13"},
    {"isoir199", "ISO-8859-14"},
    {"isoir203", "ISO-8859-15"},
    {"isoir226", "ISO-8859-16"},
    {"isoir58", "GB18030"},
    {"isoir6", tide_charset_utf8},
    {"isolatinarabic", "ISO-8859-6"},
    {"isolatincyrillic", "ISO-8859-5"},
    {"isolatingreek", "ISO-8859-7"},
    {"isolatinhebrew", "ISO-8859-8"},
    {"jis", "ISO-2022-JP"},
    {"johab", "JOHAB"},
    {"junet", "ISO-2022-JP"},
    {"koi", "KOI8-R"},
    {"koi8", "KOI8-R"},
    {"koi8r", "KOI8-R"},
    {"koi8ru", "KOI8-RU"},
    {"koi8rus", "KOI8-R"},
    {"koi8t", "KOI8-T"},
    {"koi8u", "KOI8-U"},
    {"korean", "UHC"},
    {"ksc5601", "UHC"},
    {"ksc56011987", "UHC"},
    {"ksc56011989", "UHC"},
    {"ksc56011992", "JOHAB"},
    {"kseuckr", "UHC"},
    {"ksx1001", "UHC"},
    {"kz1048", "RK1048"},
    {"logical", "ISO-8859-8"},
    {"mac", "MACINTOSH"},
    {"macce", "MAC-CENTRALEUROPE"},
    {"maccentraleurope", "MAC-CENTRALEUROPE"},
    {"maccentraleurroman", "MAC-CENTRALEUROPE"},
    {"macchinesesimp", "GB18030"},
    {"macchinesetrad", "BIG5-HKSCS"},
    {"maccroatian", "MAC-CROATIAN"},
    {"maccyrillic", "MAC-CYRILLIC"},
    {"macgreek", "MAC-GREEK"},
    {"maciceland", "MAC-IS"},
    {"macicelandic", "MAC-IS"},
    {"macintosh", "MACINTOSH"},
    {"macjapanese", "CP932"},
    {"mackorean", "UHC"},
    {"macroman", "MACINTOSH"},
    {"macromania", "MAC-ROMANIAN"},
    {"macromanian", "MAC-ROMANIAN"},
    {"macturkish", "MAC-TURKISH"},
    {"macuk", "MAC-CYRILLIC"},
    {"macukrainian", "MAC-CYRILLIC"},
    {"mskanji", "CP932"},
    {"none", tide_charset_utf8},
    {"pt154", "PT154"},
    {"ptcp154", "PT154"},
    {"rk1048", "RK1048"},
    {"rkoi8r", "KOI8-R"},
    {"shiftjis", "CP932"},
    {"shiftjs", "CP932"},
    {"sjis", "CP932"},
    {"sjiswin", "CP932"},
    {"strk10482002", "RK1048"},
    {"suneugreek", "ISO-8859-7"},
    {"tcvn", "TCVN"},
    {"tcvn5712", "TCVN"},
    {"tcvn57121", "TCVN"},
    {"tcvn571211993", "TCVN5712-1"},
    {"tf8", tide_charset_utf8},
    {"thai", "CP1162"},
    {"tis620", "CP1162"},
    {"tis6202533", "CP1162"},
    {"tscii", "TSCII"},
    {"turkish", "CP1254"},
    {"ucs2", "UTF-16"},
    {"ucs2be", "UTF-16BE"},
    {"ucs2le", "UTF-16LE"},
    {"ucs4", "UTF-32"},
    {"ucs4be", "UTF-32BE"},
    {"ucs4le", "UTF-32LE"},
    {"uft8", tide_charset_utf8},
    {"uhc", "UHC"},
    {"ujis", "EUC-JP-MS"},
    {"unicode", "UTF-16"},
    {"unicode11utf7", "UTF-7"},
    {"unicode11utf8", tide_charset_utf8},
    {"unicode20utf7", "UTF-7"},
    {"unicode20utf8", tide_charset_utf8},
    {"unicodefeff", "UTF-16LE"},
    {"unicodefffe", "UTF-16BE"},
    {"unknown", tide_charset_utf8},
    {"unknown8bit", tide_charset_utf8},
    {"us", tide_charset_utf8},
    {"usacsii", tide_charset_utf8},
    {"usasci", tide_charset_utf8},
    {"usascii", tide_charset_utf8},
    {"userdefined", tide_charset_utf8},
    {"ut8", tide_charset_utf8},
    {"utf", tide_charset_utf8},
    {"utf16", "UTF-16"},
    {"utf16be", "UTF-16BE"},
    {"utf16le", "UTF-16LE"},
    {"utf32", "UTF-32"},
    {"utf32be", "UTF-32BE"},
    {"utf32le", "UTF-32LE"},
    {"utf7", "UTF-7"},
    {"utf8", tide_charset_utf8},
    {"utf8bom", tide_charset_utf8},
    {"utf8mb4", tide_charset_utf8},
    {"utf8n", tide_charset_utf8},
    {"viscii", "VISCII"},
    {"visual", "ISO-8859-8"},
    {"western", tide_charset_western},
    {"westerneuropean", tide_charset_western},
    {"windows31j", "CP932"},
    {"windowslatin1", tide_charset_western},
    {"windowslatin2", "ISO-8859-2"},
    {"winlatin1", tide_charset_western},
    {"xunicode20utf8", tide_charset_utf8},
};

/* Numbers of code pages (Microsoft's and IBM's, where they agree). */
typedef struct page_row {
  uint32_t number;
  const char *decoder;
} page_row;

static const page_row pages[] = {
    {37, "IBM037"},
    {367, tide_charset_utf8},
    {437, "CP437"},
    {500, "IBM500"},
    {720, "CP720"},
    {737, "CP737"},
    {775, "CP775"},
    {819, tide_charset_western},
    {850, "CP850"},
    {852, "CP852"},
    {855, "CP855"},
    {857, "CP857"},
    {858, "CP858"},
    {860, "CP860"},
    {861, "CP861"},
    {862, "CP862"},
    {863, "CP863"},
    {864, "CP864"},
    {865, "CP865"},
    {866, "CP866"},
    {869, "CP869"},
    {874, "CP1162"},
    {878, "KOI8-R"},
    {932, "CP932"},
    {936, "GB18030"},
    {943, "CP932"},
    {949, "UHC"},
    {950, "BIG5-HKSCS"},
    {951, "BIG5-HKSCS"},
    {1047, "IBM1047"},
    {1125, "CP1125"},
    {1140, "IBM1140"},
    {1141, "IBM1141"},
    {1162, "CP1162"},
    {1200, "UTF-16LE"},
    {1201, "UTF-16BE"},
    {1250, "CP1250"},
    {1251, "CP1251"},
    {1252, tide_charset_western},
    {1253, "CP1253"},
    {1254, "CP1254"},
    {1255, "CP1255"},
    {1256, "CP1256"},
    {1257, "CP1257"},
    {1258, "CP1258"},
    {1361, "JOHAB"},
    {10000, "MACINTOSH"},
    {10006, "MAC-GREEK"},
    {10007, "MAC-CYRILLIC"},
    {10010, "MAC-ROMANIAN"},
    {10029, "MAC-CENTRALEUROPE"},
    {10079, "MAC-IS"},
    {10081, "MAC-TURKISH"},
    {10082, "MAC-CROATIAN"},
    {12000, "UTF-32LE"},
    {12001, "UTF-32BE"},
    {20127, tide_charset_utf8},
    {20866, "KOI8-R"},
    {20932, "EUC-JP-MS"},
    {20936, "GB18030"},
    {20949, "UHC"},
    {21866, "KOI8-U"},
    {28591, tide_charset_western},
    {28592, "ISO-8859-2"},
    {28593, "ISO-8859-3"},
    {28594, "ISO-8859-4"},
    {28595, "ISO-8859-5"},
    {28596, "ISO-8859-6"},
    {28597, "ISO-8859-7"},
    {28598, "ISO-8859-8"},
    {28599, "CP1254"},
    {28603, "ISO-8859-13"},
    {28605, "ISO-8859-15"},
    {38598, "ISO-8859-8"},
    {50220, "ISO-2022-JP"},
    {50221, "ISO-2022-JP"},
    {50222, "ISO-2022-JP"},
    {50225, "ISO-2022-KR"},
    {50227, "ISO-2022-CN"},
    {51932, "EUC-JP-MS"},
    {51936, "GB18030"},
    {51949, "UHC"},
    {51950, "BIG5-HKSCS"},
    {52936, "HZ"},
    {54936, "GB18030"},
    {65000, "UTF-7"},
    {65001, tide_charset_utf8},
};

static const char *page_find(uint32_t number) {
  size_t low = 0, high = sizeof pages / sizeof *pages;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (pages[middle].number == number)
      return pages[middle].decoder;
    if (pages[middle].number < number)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

/* The parts of ISO 8859, from 1. */
static const char *part_find(uint32_t number) {
  static const char *const parts[] = {
      tide_charset_western, "ISO-8859-2",  "ISO-8859-3",  "ISO-8859-4",  "ISO-8859-5", "ISO-8859-6",
      "ISO-8859-7",         "ISO-8859-8",  "CP1254",      "ISO-8859-10", "CP1162",     NULL,
      "ISO-8859-13",        "ISO-8859-14", "ISO-8859-15", "ISO-8859-16"};
  return number >= 1 && number <= sizeof parts / sizeof *parts ? parts[number - 1] : NULL;
}

/* "latin1" and on, which count otherwise than the parts do. */
static const char *latin_find(uint32_t number) {
  static const uint8_t parts[] = {1, 2, 3, 4, 9, 10, 13, 14, 15, 16};
  return number >= 1 && number <= sizeof parts ? part_find(parts[number - 1]) : NULL;
}

/* Names that a number follows; of two that fit the longer is first. */
typedef struct family {
  const char *name;
  const char *(*find)(uint32_t number);
} family;

static const family families[] = {
    {"windows", page_find},   {"window", page_find},     {"wincp", page_find},
    {"win", page_find},       {"wcp", page_find},        {"mscp", page_find},
    {"ms", page_find},        {"codepage", page_find},   {"cp", page_find},
    {"pc", page_find},        {"dos", page_find},        {"ibm", page_find},
    {"ccsid", page_find},     {"ansi", page_find},       {"", page_find},
    {"iso8859", part_find},   {"isoiec8859", part_find}, {"ios8859", part_find},
    {"is08859", part_find},   {"so8859", part_find},     {"iso8895", part_find},
    {"iso8589", part_find},   {"iso8559", part_find},    {"iso8599", part_find},
    {"iso8858", part_find},   {"iso8889", part_find},    {"iso889", part_find},
    {"iso859", part_find},    {"iso88859", part_find},   {"8859", part_find},
    {"isolatin", latin_find}, {"latin", latin_find},     {"l", latin_find},
};

/* "8859-6-e" and "8859-8-i" say in which direction text runs; "8859-1:1987" of what year it is. */
static const char *family_find(const plain_label *label) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    size_t at = strlen(families[i].name), digits = 0;
    if (label->len <= at || memcmp(label->text, families[i].name, at) != 0)
      continue;
    uint32_t number = 0;
    size_t end =
        label->len - (label->text[label->len - 1] == 'e' || label->text[label->len - 1] == 'i');
    bool part = families[i].find == part_find;
    if (part && end - at > 4)
      end -= 4;
    for (; at < end && tide_is_digit(label->text[at]) && digits < 6; at++, digits++)
      number = number * 10 + (uint32_t)(label->text[at] - '0');
    if (at < end || digits == 0 || (!part && end < label->len))
      continue;
    const char *decoder = families[i].find(number);
    if (decoder)
      return decoder;
  }
  return NULL;
}

static const char *row_find(const plain_label *label) {
  size_t low = 0, high = sizeof rows / sizeof *rows;
  while (low < high) {
    size_t middle = (low + high) / 2;
    int order = strcmp(label->text, rows[middle].label);
    if (order == 0)
      return rows[middle].decoder;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return NULL;
}

static const char *plain_find(const plain_label *label) {
  const char *decoder = row_find(label);
  return decoder ? decoder : family_find(label);
}

/* What comes before a label without a meaning of its own: "x-gbk", "csGB2312", "charset=gb2312",
 * "iso-koi8-r". */
static const char *const before[] = {"charset", "x",       "cs",  "iso",
                                     "unicode", "windows", "win", "ms"};

static const char *label_find(plain_label label) {
  for (size_t again = 0; again < 3; again++) {
    const char *decoder = plain_find(&label);
    if (decoder)
      return decoder;
    size_t i = 0;
    while (i < sizeof before / sizeof *before &&
           strncmp(label.text, before[i], strlen(before[i])) != 0)
      i++;
    if (i == sizeof before / sizeof *before)
      return NULL;
    size_t skip = strlen(before[i]);
    label.len -= skip;
    memmove(label.text, label.text + skip, label.len + 1);
  }
  return NULL;
}

const char *tide_charset_find(tide_span charset) {
  /* Nine labels in ten. */
  if (charset.len == 0 || tide_span_iequal(charset, SPAN("utf-8")) ||
      tide_span_iequal(charset, SPAN("us-ascii")))
    return tide_charset_utf8;
  if (tide_span_iequal(charset, SPAN("iso-8859-1")))
    return tide_charset_western;
  plain_label label = {.len = 0};
  for (size_t i = 0; i < charset.len && label.len < LABEL_MAX; i++)
    if (tide_is_alnum(charset.ptr[i]))
      label.text[label.len++] = tide_lower(charset.ptr[i]);
  label.text[label.len] = '\0';
  if (label.len == 0)
    return NULL;
  const char *decoder = label_find(label);
  while (!decoder && label.len > BEGINNING_MIN) {
    /* A number is not cut: "windows-12520" is nothing that we know. */
    bool digits = tide_is_digit(label.text[label.len - 1]);
    label.text[--label.len] = '\0';
    if (!digits || !tide_is_digit(label.text[label.len - 1]))
      decoder = label_find(label);
  }
  return decoder;
}
