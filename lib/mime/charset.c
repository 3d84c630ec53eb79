/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charsets to UTF-8. A lying or unknown charset costs characters, never the message (modoboa#944).
 */
#include "parser.h"

#include <errno.h>

#include "spamtide/utf8.h"

static size_t utf8_length(tide_span s) {
  uint32_t any;
  return tide_utf8_take(s, &any);
}

size_t ascii_length(tide_span s) {
  size_t at = 0;
  for (uint64_t word; at + 8 <= s.len; at += 8) {
    memcpy(&word, s.ptr + at, 8);
    if (word & 0x8080808080808080u)
      break;
  }
  while (at < s.len && !(s.ptr[at] & 0x80))
    at++;
  return at;
}

bool utf8_valid(tide_span s) {
  for (size_t at = 0; at < s.len;) {
    tide_span rest = tide_span_make(s.ptr + at, s.len - at);
    size_t len = s.ptr[at] & 0x80 ? utf8_length(rest) : ascii_length(rest);
    if (len == 0)
      return false;
    at += len;
  }
  return true;
}

tide_span utf8_trim(tide_span s) {
  size_t lead = s.len;
  while (lead && s.len - lead < 4 && ((unsigned char)s.ptr[lead - 1] & 0xc0) == 0x80)
    lead--;
  if (lead == 0)
    return s;
  unsigned char c = (unsigned char)s.ptr[lead - 1];
  size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
  if (want > 1 && s.len - (lead - 1) < want)
    s.len = lead - 1;
  return s;
}

/* What Windows-1252 has at 0x80..0x9f (unicode.org, CP1252.TXT); its five holes are U+FFFD. */
uint32_t windows_1252_at(unsigned char byte) {
  static const uint16_t table[32] = {
      0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
      0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
      0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};
  return byte >= 0x80 && byte < 0xa0 ? table[byte - 0x80] : byte;
}

/* `unicode`: what is valid UTF-8 is taken for it, and only the rest is Windows-1252. */
static tide_status put_bytes(tide_span s, bool unicode, tide_buffer *out, bool *lied) {
  tide_status status = TIDE_OK;
  for (size_t at = 0; at < s.len && status == TIDE_OK;) {
    tide_span rest = tide_span_make(s.ptr + at, s.len - at);
    size_t len = s.ptr[at] & 0x80 ? unicode ? utf8_length(rest) : 0 : ascii_length(rest);
    if (len) {
      status = tide_buffer_put(out, tide_span_make(rest.ptr, len));
    } else {
      status = tide_buffer_put_utf8(out, windows_1252_at((unsigned char)*rest.ptr));
      *lied = *lied || unicode;
      len = 1;
    }
    at += len;
  }
  return status;
}

/* The charsets that mail uses, by their labels (IANA's, and the WHATWG Encoding Standard's reading
 * of them: where a small charset has a larger one that senders mean, the larger). What is not here
 * is not opened: iconv's stateful and exotic converters have had their holes (glibc bugs 27256,
 * 26224), and UTF-7 hides text from everything that looks at it as ASCII. */
static const struct {
  const char *label, *name;
} charsets[] = {
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"koi8", "KOI8-R"},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"windows-874", "CP874"},
    {"windows-31j", "CP932"},
    {"windows-949", "UHC"},
    {"cp1250", "CP1250"},
    {"cp1251", "CP1251"},
    {"cp1253", "CP1253"},
    {"cp1254", "CP1254"},
    {"cp1255", "CP1255"},
    {"cp1256", "CP1256"},
    {"cp1257", "CP1257"},
    {"cp1258", "CP1258"},
    {"cp-850", "CP850"},
    {"cp850", "CP850"},
    {"ibm850", "CP850"},
    {"cp437", "CP437"},
    {"ibm437", "CP437"},
    {"cp866", "CP866"},
    {"ibm866", "CP866"},
    {"cp852", "CP852"},
    {"ibm852", "CP852"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-11", "CP874"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"latin2", "ISO-8859-2"},
    {"latin5", "CP1254"},
    {"latin9", "ISO-8859-15"},
    {"tis-620", "CP874"},
    {"macintosh", "MACINTOSH"},
    {"x-mac-roman", "MACINTOSH"},
    {"viscii", "VISCII"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso-2022-jp-1", "ISO-2022-JP-2"},
    {"iso-2022-jp-2", "ISO-2022-JP-2"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"x-sjis", "CP932"},
    {"sjis", "CP932"},
    {"cp932", "CP932"},
    {"euc-jp", "EUC-JP-MS"},
    {"x-euc-jp", "EUC-JP-MS"},
    {"iso-2022-kr", "ISO-2022-KR"},
    {"euc-kr", "UHC"},
    {"ks_c_5601-1987", "UHC"},
    {"ks_c_5601", "UHC"},
    {"ksc5601", "UHC"},
    {"cp949", "UHC"},
    {"gb2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"x-gbk", "GB18030"},
    {"gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big-5", "BIG5-HKSCS"},
    {"cn-big5", "BIG5-HKSCS"},
    {"x-x-big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"euc-tw", "EUC-TW"},
    {"utf-16", ""},
    {"utf16", ""},
    {"unicode", ""},
    {"ucs-2", ""},
    {"utf-16le", "UTF-16LE"},
    {"utf-16be", "UTF-16BE"},
    {"utf-32", "UTF-32"},
    {"utf-32le", "UTF-32LE"},
    {"utf-32be", "UTF-32BE"},
};

static bool is_one_of(tide_span name, const char *const *names) {
  for (; *names; names++)
    if (tide_span_iequal(name, tide_span_of(*names)))
      return true;
  return false;
}

/* UTF-16 without a byte order mark: in most scripts the zeros among its bytes tell. RFC 2781 4.3:
 * big-endian where nothing does. */
static const char *utf16_name(tide_span s) {
  size_t zeros[2] = {0};
  if (tide_span_starts(s, SPAN("\xff\xfe")))
    return "UTF-16LE";
  if (tide_span_starts(s, SPAN("\xfe\xff")))
    return "UTF-16BE";
  for (size_t i = 0; i < s.len && i < 256; i++)
    zeros[i & 1] += s.ptr[i] == 0;
  return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

/* The name that iconv knows the charset by, or NULL. */
static const char *charset_name(tide_span label, tide_span bytes) {
  for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
    if (!tide_span_iequal(label, tide_span_of(charsets[i].label)))
      continue;
    const char *name = *charsets[i].name ? charsets[i].name : utf16_name(bytes);
    /* A text that is ASCII and says that it is UTF-16 or UTF-32 would turn into ideographs. */
    bool wide = strncmp(name, "UTF-", 4) == 0;
    return wide && !memchr(bytes.ptr, '\0', bytes.len) && ascii_length(bytes) == bytes.len ? NULL
                                                                                           : name;
  }
  return NULL;
}

void converter_close(converter *c) {
  if (c->name[0])
    iconv_close(c->cd);
  c->name[0] = '\0';
}

static bool converter_open(converter *c, const char *name) {
  if (c->name[0] && strcmp(c->name, name) == 0) {
    iconv(c->cd, NULL, NULL, NULL, NULL);
    return true;
  }
  converter_close(c);
  c->cd = iconv_open("UTF-8", name);
  if (c->cd == (iconv_t)-1)
    return false;
  memcpy(c->name, name, strlen(name) + 1);
  return true;
}

static tide_status convert(converter *c, tide_span bytes, tide_buffer *out, bool *lied) {
  enum { PIECE = 4096 };
  char *in = (char *)(uintptr_t)bytes.ptr; /* iconv's signature wants it; it is not written to */
  size_t left = bytes.len;
  char piece[PIECE];
  tide_status status = TIDE_OK;
  while (left && status == TIDE_OK) {
    char *to = piece;
    size_t room = sizeof piece;
    size_t n = iconv(c->cd, &in, &left, &to, &room);
    int error = errno;
    status = tide_buffer_put(out, tide_span_make(piece, sizeof piece - room));
    if (n != (size_t)-1 || error == E2BIG || status != TIDE_OK)
      continue;
    if (error == EINVAL)
      break; /* the last character was cut */
    *lied = true;
    status = tide_buffer_put_utf8(out, windows_1252_at((unsigned char)*in));
    in++;
    left--;
  }
  return status;
}

/* What has no name of its own, and what says Latin-1, which is Windows-1252 in fact (WHATWG
 * Encoding). */
static const char *const unicode[] = {"",      "us-ascii",          "utf-8",     "utf8",
                                      "ascii", "unicode-1-1-utf-8", "x-unknown", NULL};
static const char *const western[] = {"iso-8859-1", "windows-1252", "latin1",     "latin-1",
                                      "cp1252",     "iso8859-1",    "iso_8859-1", NULL};

tide_status charset_put(converter *c, tide_span bytes, tide_span charset, tide_buffer *out,
                        bool *lied) {
  charset = tide_span_trim(charset);
  if (bytes.len == 0)
    return TIDE_OK;
  if (is_one_of(charset, unicode))
    return put_bytes(bytes, true, out, lied);
  if (is_one_of(charset, western))
    return put_bytes(bytes, false, out, lied);
  const char *name = charset_name(charset, bytes);
  if (name && strncmp(name, "UTF-16", 6) == 0 &&
      (tide_span_starts(bytes, SPAN("\xff\xfe")) || tide_span_starts(bytes, SPAN("\xfe\xff"))))
    bytes = tide_span_slice(bytes, 2, bytes.len);
  if (name && converter_open(c, name))
    return convert(c, bytes, out, lied);
  *lied = true;
  return put_bytes(bytes, utf8_valid(bytes), out, lied);
}

tide_status charset_decode(converter *c, tide_span bytes, tide_span charset, tide_buffer *scratch,
                           tide_span *out, bool *lied) {
  tide_span name = tide_span_trim(charset);
  *out = bytes;
  if (is_one_of(name, unicode) ? utf8_valid(bytes)
                               : is_one_of(name, western) && ascii_length(bytes) == bytes.len)
    return TIDE_OK;
  tide_buffer_clear(scratch);
  tide_status status = charset_put(c, bytes, charset, scratch, lied);
  *out = tide_buffer_span(scratch);
  return status;
}
