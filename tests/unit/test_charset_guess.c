/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What charset text looks like that names none. On the translations of free programs that were kept
 * aside when the tables were made, each line of 8 to 60 bytes by itself: Russian is told in 85 of
 * 100 (another charset in 2), Korean in 94 (0.3), Japanese in 87 to 94 (2), Chinese in 75 to 78
 * (3); of twenty lines together all are told, but for 2 in 100 of Chinese. Of 19 languages in Latin
 * letters, over 60,000 lines, not one was taken for something else. */
#include "cmocka_all.h"

#include <iconv.h>
#include <stdlib.h>

#include "../../lib/mime/charset.h"

/* The text in that charset, in `out`. */
static tide_span encode(const char *charset, const char *text, char *out, size_t room) {
  iconv_t cd = iconv_open(charset, "UTF-8");
  assert_true(cd != (iconv_t)-1);
  char *in = (char *)(uintptr_t)text, *to = out;
  size_t left = strlen(text), space = room;
  assert_int_equal(iconv(cd, &in, &left, &to, &space), 0);
  iconv_close(cd);
  return tide_span_make(out, room - space);
}

static void guesses(void **state) {
  (void)state;
  static const char russian[] = "Бесплатная доставка, звоните сейчас";
  static const struct {
    const char *charset, *text, *guess;
  } cases[] = {
      {"windows-1251", russian, "windows-1251"},
      {"windows-1251", "РЕКЛАМА НОВОГО МАГАЗИНА", "windows-1251"},
      {"windows-1251", "Знижки на всі товари в магазині", "windows-1251"},
      {"koi8-r", russian, "koi8-r"},
      {"iso-8859-5", russian, "iso-8859-5"},
      {"windows-1253", "Κερδίστε χρήματα από το σπίτι", "windows-1253"},
      {"windows-1255", "הזמנה למשרד החדש של החברה", "windows-1255"},
      {"windows-1256", "العروض الجديدة من الشركة", "windows-1256"},
      {"euc-kr", "(광고) 무료 메일 받으세요", "euc-kr"},
      {"euc-jp", "無料メールはこちらから", "euc-jp"},
      {"shift_jis", "無料メールはこちらから", "shift_jis"},
      {"shift_jis", "Windowsの無料メールはこちらから", "shift_jis"},
      {"gb18030", "免费广告邮件请立即点击", "gb18030"},
      {"big5", "免費廣告信件請立即點選", "big5"},
      /* Western text: letters within words, signs by themselves, few of anything */
      {"windows-1252", "Günstige Angebote für schöne Grüße", ""},
      {"windows-1252", "Découvrez à nouveau l'été à prix réduit", ""},
      {"windows-1252", "PROMOÇÃO DE INSCRIÇÃO: NÃO É FICÇÃO", ""},
      {"windows-1252", "¿Qué? ¡Sí! «Año» – 50 €", ""},
      {"windows-1252", "“It’s free” – click here…", ""},
      {"windows-1252", "Räkor på smörgås är bra för själen, åt å", ""},
      {"windows-1250", "Příliš žluťoučký kůň úpěl", ""},
      {"windows-1250", "Zażółć gęślą jaźń", ""},
      {"windows-1254", "Çığlık çığlığa şöförün öğüdü", ""},
      {"windows-1252",
       "\u00a0\u00a0\u00a0\u00a0 dear \u00a0\u00a0\u00a0\u00a0 été \u00a0\u00a0\u00a0", ""},
      {"windows-1252", "·········· ¡¡¡¡¡¡ °°°°°°", ""},
      {"windows-1252", "", ""},
      {"windows-1252", "é", ""},
      {"windows-1252", "ÄÖÜ", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].charset);
    char bytes[256];
    const tide_span text = encode(cases[i].charset, cases[i].text, bytes, sizeof bytes);
    const tide_span got = tide_charset_guess(text);
    if (!tide_span_equal(got, tide_span_of(cases[i].guess)))
      fail_msg("%s: got \"%.*s\"", cases[i].text, (int)got.len, got.ptr ? got.ptr : "");
    /* Any cut of it is read within its bytes. */
    for (size_t len = 0; len < text.len; len++) {
      char *copy = malloc(len ? len : 1);
      memcpy(copy, bytes, len);
      tide_charset_guess(tide_span_make(copy, len));
      free(copy);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(guesses)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
