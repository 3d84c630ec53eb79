/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as mail writes them, and separator lines of mboxes. */
#include "cmocka_all.h"

#include <stdio.h>

#include "base/civil.h"
#include "../../lib/mail/date_names.h"
#include "mail/date.h"

enum {
  NONE = TIDE_DATE_NO_ZONE,
  UNKNOWN = TIDE_DATE_UNKNOWN_ZONE,
  SHORT = TIDE_DATE_SHORT_YEAR,
  NOSEC = TIDE_DATE_NO_SECONDS,
  NOTIME = TIDE_DATE_NO_TIME,
  WEEKDAY = TIDE_DATE_WRONG_WEEKDAY,
  LEAP = TIDE_DATE_LEAP_SECOND,
  H24 = TIDE_DATE_HOUR_24
};

static void dates(void **state) {
  (void)state;
  static const struct {
    const char *text, *want; /* NULL: no date */
    unsigned odd;
  } cases[] = {
      /* RFC 5322, and what its obsolete syntax allows. */
      {"Tue, 11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue,\u00a011\u00a0Nov\u00a02008\u00a016:30:00\u00a0-0500", "2008-11-11T16:30:00-05:00", 0},
      {"11 \u039d\u03bf\u03b5\u03bc\u03b2\u03c1\u03af\u03bf\u03c5 2008 4:30:00 \u03bc\u03bc -0500",
       "2008-11-11T16:30:00-05:00", 0},
      {"Sent: Tuesday, November 11, 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"_ Tue, 11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"by x with SMTP id y; Tue, 11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +02:af", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +02:", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 400", "2008-11-11T16:30:00+04:00", 0},
      {"Tue, 011 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 -0500 (EST)", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30 -0500", "2008-11-11T16:30:00-05:00", NOSEC},
      {"Tue,11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"TUE, 11 NOV 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"tue, 11 november 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue (day), 11 (date) Nov 2008 (year) 16:30:00 (time) -0500", "2008-11-11T16:30:00-05:00",
       0},
      {"Tue, 11 Nov 2008\r\n\t16:30:00 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 08 16:30:00 EST", "2008-11-11T16:30:00-05:00", SHORT},
      {"Tue, 11 Nov 49 16:30:00 GMT", "2049-11-11T16:30:00Z", SHORT | WEEKDAY},
      {"Fri, 11 Nov 50 16:30:00 GMT", "1950-11-11T16:30:00Z", SHORT | WEEKDAY},
      {"Tue, 11 Nov 108 16:30:00 GMT", "2008-11-11T16:30:00Z", SHORT},
      {"Wed, 11 Nov 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", WEEKDAY},
      {"Tue, 1 Nov 2008 6:30:00 GMT", "2008-11-01T06:30:00Z", WEEKDAY},
      {"Tue, 11 Nov 2008 16:30:00", "2008-11-11T16:30:00Z", NONE},
      {"Tue, 11 Nov 2008 16:30:00 -0000", "2008-11-11T16:30:00Z", NONE},
      {"Tue, 11 Nov 2008 16:30:00 UT", "2008-11-11T16:30:00Z", 0},
      {"Tue, 11 Nov 2008 16:30:00 Z", "2008-11-11T16:30:00Z", 0},
      {"Tue, 11 Nov 2008 16:30:00 EDT", "2008-11-11T16:30:00-04:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 PST", "2008-11-11T16:30:00-08:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 CEST", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 METDST", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 MET DST", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +0200 (MET DST)", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +0200 CEST", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 CEST +0200", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +02:00", "2008-11-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +0545", "2008-11-11T16:30:00+05:45", 0},
      {"Tue, 11 Nov 2008 16:30:00 +1400", "2008-11-11T16:30:00+14:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +9999", "2008-11-11T16:30:00Z", UNKNOWN},
      {"Tue, 11 Nov 2008 16:30:00 XYZ", "2008-11-11T16:30:00Z", UNKNOWN},
      {"Tue, 11 Nov 2008 16:30:00 B", "2008-11-11T16:30:00Z",
       UNKNOWN}, /* a military letter: RFC 5322 4.3 */
      {"Tue, 11 Nov 2008 24:00:00 GMT", "2008-11-12T00:00:00Z", H24},
      {"Wed, 31 Dec 2008 23:59:60 GMT", "2009-01-01T00:00:00Z", LEAP},
      {"Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z", 0},
      {"Tue, 19 Jan 2038 03:14:08 +0000", "2038-01-19T03:14:08Z", 0},
      {"Mon, 07 Feb 2106 06:28:16 +0000", "2106-02-07T06:28:16Z", WEEKDAY},
      {"Fri, 29 Feb 2008 00:00:00 GMT", "2008-02-29T00:00:00Z", 0},
      /* White space and comments around the colons (RFC 5322 A.5), as in one server's time. */
      {"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", "1997-11-21T09:55:06-06:00", 0},
      {"Fri, 02 Aug 2002 04:02: 43\r\n\t-0500", "2002-08-02T04:02:43-05:00", 0},
      {"Fri, 2 Aug 2002 4 : 02 -0500", "2002-08-02T04:02:00-05:00", NOSEC},
      {"Tue, 11 Nov 2008 16:30 : -0500", "2008-11-11T16:30:00Z", NOSEC | NONE},
      {"Tue, 11 Nov 2008 16 -0500", NULL, 0},
      {"Tue, 11 Nov 2008 16(:30) -0500", NULL, 0},
      {"11 : 30", NULL, 0},
      /* TZ as POSIX has it after a name, hours counted to the west; else an offset. */
      {"Tue, 11 Nov 2008 22:30:00 MET-1", "2008-11-11T22:30:00+01:00", 0},
      {"Tue, 11 Nov 2008 22:30:00 CET-1CEST", "2008-11-11T22:30:00+01:00", 0},
      {"Wed, 12 Nov 2008 06:30:00 JST-9", "2008-11-12T06:30:00+09:00", 0},
      {"Tue, 11 Nov 2008 13:30:00 PST+8", "2008-11-11T13:30:00-08:00", 0},
      {"Tue, 11 Nov 2008 13:30:00 PST-8", "2008-11-11T13:30:00-08:00", 0},
      {"Wed, 12 Nov 2008 03:00:00 IST+530", "2008-11-12T03:00:00+05:30", 0},
      {"Tue, 11 Nov 2008 16:30:00 UTC-5", "2008-11-11T16:30:00-05:00", 0},
      {"Wed, 12 Nov 2008 03:00:00 +05.30", "2008-11-12T03:00:00+05:30", 0},
      {"Tue, 11 Nov 2008 22:30:00 +01.", "2008-11-11T22:30:00+01:00", 0},
      {"Tue, 11 Nov 2008 22:30:00 \"+0100\"", "2008-11-11T22:30:00+01:00", 0},
      {"\"Tue, 11 Nov 2008 16:30:00\" EST", "2008-11-11T16:30:00-05:00", 0},
      /* Years that programs count in their own ways. */
      {"Tue, 11 Nov 19108 21:30:00 GMT", "2008-11-11T21:30:00Z", 0},
      {"Tue, 11 Nov 19208 21:30:00 GMT", NULL, 0},
      {"Tue, 11 Nov 2551 21:30:00 GMT", "2008-11-11T21:30:00Z", 0},
      {"Tue, 11 Nov '08 21:30:00 GMT", "2008-11-11T21:30:00Z", SHORT},
      /* Months that are numbers, for want of a name. */
      {"\xe7\x81\xab, 11 11 2008 21:30:00 +0000", "2008-11-11T21:30:00Z", 0},
      {"Fri, 14 3 2008 21:30:00 +0000", "2008-03-14T21:30:00Z", 0},
      {"Fri, 3 14 2008 21:30:00 +0000", NULL, 0},
      {"\xe5\xb9\xb3\xe6\x88\x90"
       "20\xe5\xb9\xb4"
       "11\xe6\x9c\x88"
       "11\xe6\x97\xa5 21:30:00 +0000",
       "2008-11-11T21:30:00Z", 0},
      {"Th 3, 11 thg 11 2008 21:30:00 +0000", "2008-11-11T21:30:00Z", 0},
      {"3 11 11 2008 21:30:00 +0000", NULL, 0},
      {"Sen, 11 Agu 2008 21:30:00 +0000", "2008-08-11T21:30:00Z", 0},
      {"Min, 9 Nov 2008 21:30:00 +0000", "2008-11-09T21:30:00Z", 0},
      /* asctime, with the zone where writers put it. */
      {"Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", NONE},
      {"Tue Nov  4 16:30:00 2008", "2008-11-04T16:30:00Z", NONE},
      {"Tue Nov 11 16:30:00 EST 2008", "2008-11-11T16:30:00-05:00", 0},
      {"Tue Nov 11 16:30:00 2008 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue Nov 11 16:30:00 -0500 2008", "2008-11-11T16:30:00-05:00", 0},
      {"Nov 11 2008 16:30:00", "2008-11-11T16:30:00Z", NONE},
      {"Nov 11, 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      /* RFC 850, ISO 8601, a clock of twelve hours. */
      {"Tuesday, 11-Nov-08 16:30:00 GMT", "2008-11-11T16:30:00Z", SHORT},
      {"11-Nov-2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      {"2008-11-11T16:30:00Z", "2008-11-11T16:30:00Z", 0},
      {"2008-11-11T16:30:00-05:00", "2008-11-11T16:30:00-05:00", 0},
      {"2008-11-11 16:30:00.250 +0100", "2008-11-11T16:30:00+01:00", 0},
      {"2008/11/11 16:30:00 +0100", "2008-11-11T16:30:00+01:00", 0},
      {"2008/11/11 Tue 16:30:00 CST", "2008-11-11T16:30:00-06:00", 0},
      {"2008/11/11 Wed 16:30:00 GMT", "2008-11-11T16:30:00Z", WEEKDAY},
      {"2008-11-11T16:30Z", "2008-11-11T16:30:00Z", NOSEC},
      {"Tue, 11 Nov 2008 16.30.00 GMT", "2008-11-11T16:30:00Z", 0},
      {"Nov, 11 2008 4:30:00 PM -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 4:30:00 pm +0100", "2008-11-11T16:30:00+01:00", 0},
      {"Tue, 11 Nov 2008 16:30:00.882 0000", "2008-11-11T16:30:00Z", NONE},
      /* November here, and elsewhere too; 06/08 is not so kind: none is read. */
      {"11/11/2008 16:30:00", "2008-11-11T16:30:00Z", NONE},
      {"06/08/2002 17:14:37", NULL, 0},
      {"31/12/2008 16:30:00", "2008-12-31T16:30:00Z", NONE},
      {"12/31/2008 4:30 PM", "2008-12-31T16:30:00Z", NONE | NOSEC},
      {"13/13/2008 16:30:00", NULL, 0},
      {"8.12.2008 16:30:00 +0100", "2008-12-08T16:30:00+01:00", 0},
      {"31.11.2008 16:30:00", NULL, 0},
      {"30 Aug 0102 05:51:44 -0700", "0102-08-30T05:51:44-07:00",
       0}, /* as written; that it is not sane is said elsewhere */
      {"Tue, 11 Nov 2008 16:30:00 GMT+1", "2008-11-11T16:30:00+01:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 +-0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 -08:00", "2008-11-11T16:30:00-08:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 -1900", "2008-11-11T16:30:00Z", UNKNOWN},
      {"Tue, 11 Nov 2008 16:30:00 \"GMT\"", "2008-11-11T16:30:00Z", 0},
      {"Tue, 11 Nov 2008 16:30:00 (GMT)", "2008-11-11T16:30:00Z", 0},
      /* A zone that only a comment holds; one outside of it wins. */
      {"Tue, 11 Nov 2008 16:30:00 (-0500)", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 (GMT-05:00)", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 (EST)", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 (Eastern Standard Time)", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 (EST) +0100", "2008-11-11T16:30:00+01:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 (by hand)", "2008-11-11T16:30:00Z", NONE},
      {"Tue, 11 Nov 2008 16:30:00 (+9900)", "2008-11-11T16:30:00Z", NONE},
      /* Zones of several words, and places. */
      {"Tue, 11 Nov 2008 16:30:00 W. Europe Standard Time", "2008-11-11T16:30:00+01:00", 0},
      {"Mon, 11 Aug 2008 16:30:00 Pacific Daylight Time", "2008-08-11T16:30:00-07:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 Atlantis Standard Time", "2008-11-11T16:30:00Z", UNKNOWN},
      {"Mon, 11 Aug 2008 16:30:00 Central European Summer Time", "2008-08-11T16:30:00+02:00", 0},
      {"Mon, 11 Aug 2008 16:30:00 Europe/Paris", "2008-08-11T16:30:00+02:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 Europe/Paris", "2008-11-11T16:30:00+01:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 Europe/Nowhere", "2008-11-11T16:30:00Z", UNKNOWN},
      {"Tue, 11 Nov 2008 16:30:00 \xe2\x88\x92"
       "0500",
       "2008-11-11T16:30:00-05:00", 0},
      /* Other forms of the parts. */
      {"Tue, Tue, 11 Nov 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      {"Tue, 11 Nov 2008 4:30:00 p.m. GMT", "2008-11-11T16:30:00Z", 0},
      {"Tue, 11 Nov 2008 12:30:00 a. m. GMT", "2008-11-11T00:30:00Z", 0},
      {"Tue, 11 Nov 2008 4:30\xe2\x80\xaf"
       "PM",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"Tue, 11 Nov 2008 1630 -0500", "2008-11-11T16:30:00-05:00", NOSEC},
      {"Tue, 11 Nov 2008 163000 -0500", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 2460 -0500", NULL, 0},
      {"November 3rd, 2008 16:30:00 GMT", "2008-11-03T16:30:00Z", 0},
      {"Tue, 11th Nov 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      {"20081111T163000Z", "2008-11-11T16:30:00Z", 0},
      {"20081111T1630", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"20081111163000", "2008-11-11T16:30:00Z", NONE},
      {"20081311T163000Z", NULL, 0},
      {"2008\xe5\xb9\xb4"
       "3\xe6\x9c\x88"
       "9\xe6\x97\xa5 16:30:00 +0900",
       "2008-03-09T16:30:00+09:00", 0},
      {"2008\xeb\x85\x84 12\xec\x9b\x94 1\xec\x9d\xbc 16:30:00", "2008-12-01T16:30:00Z", NONE},
      /* A date alone, and seconds since the epoch. */
      {"11 Nov 2008", "2008-11-11T00:00:00Z", NONE | NOTIME},
      {"Tue, 11 Nov 2008", "2008-11-11T00:00:00Z", NONE | NOTIME},
      {"2008-11-11", "2008-11-11T00:00:00Z", NONE | NOTIME},
      {"11 Nov 08", NULL, 0},
      {"11 Nov 2008 of course", NULL, 0},
      {"1226421000", "2008-11-11T16:30:00Z", 0},
      {"1226421000123", "2008-11-11T16:30:00Z", 0},
      {"12264210", NULL, 0},
      /* Encoded words. */
      {"=?utf-8?q?Tue,_11_Nov_2008?= =?utf-8?Q?_16=3A30=3A00_-0500?=", "2008-11-11T16:30:00-05:00",
       0},
      {"=?us-ascii?B?MTEgTm92IDIwMDggMTY6MzA6MDAgR01U?=", "2008-11-11T16:30:00Z", 0},
      {"=?us-ascii?Q?Tue", NULL, 0},
      /* Other languages. */
      {"Mi, 5 Mrz 2008 16:30:00 +0100", "2008-03-05T16:30:00+01:00", 0},
      {"Mittwoch, 5. M\xe4rz 2008 16:30:00 +0100", "2008-03-05T16:30:00+01:00", 0},
      {"Do, 11 Dez 2008 16:30:00 +0100", "2008-12-11T16:30:00+01:00", 0},
      {"mer., 6 ao\xc3\xbbt 2008 16:30:00 +0200", "2008-08-06T16:30:00+02:00", 0},
      {"mar. 9 d\xe9"
       "c. 2008 16:30:00 +0100",
       "2008-12-09T16:30:00+01:00", 0},
      {"mar, 11 mar 2008 16:30:00 +0100", "2008-03-11T16:30:00+01:00", 0},
      {"jue, 11 de diciembre de 2008 16:30:00 +0100", "2008-12-11T16:30:00+01:00", 0},
      {"dom, 10 ago 2008 16:30:00 +0200", "2008-08-10T16:30:00+02:00", 0},
      {"ven, 10 ott 2008 16:30:00 +0200", "2008-10-10T16:30:00+02:00", 0},
      {"sex, 10 out 2008 16:30:00 -0300", "2008-10-10T16:30:00-03:00", 0},
      {"wo, 5 mrt 2008 16:30:00 +0100", "2008-03-05T16:30:00+01:00", 0},
      {"Wt, 11 lis 2008 16:30:00 +0100", "2008-11-11T16:30:00+01:00", 0},
      {"\xc5\x9br, 1 pa\xc5\xba 2008 16:30:00 +0200", "2008-10-01T16:30:00+02:00", 0},
      {"Paz, 9 Kas 2008 16:30:00 +0200", "2008-11-09T16:30:00+02:00", 0},
      {"\xd1\x81\xd1\x80, 5 \xd0\xbc\xd0\xb0\xd1\x80\xd1\x82\xd0\xb0 2008 16:30:00 +0300",
       "2008-03-05T16:30:00+03:00", 0},
      {"11 \xce\xcf\xd1 2008 16:30:00 +0300", "2008-11-11T16:30:00+03:00", 0}, /* KOI8-R */
      {"11 \xed\xee\xff 2008 16:30:00 +0300", "2008-11-11T16:30:00+03:00", 0}, /* Windows-1251 */
      {"di, 11 juillet 2006 16:30:00 +0200", "2006-07-11T16:30:00+02:00", 0},
      {"11 jui 2006 16:30:00 +0200", NULL, 0}, /* June or July */

      {"Tue, 11 Nov 2008 16:30:00 -0330 (Newfoundland (NST))", "2008-11-11T16:30:00-03:30", 0},
      {"Tue, 11 Nov 2008 16:30:00 +0530 (IST)", "2008-11-11T16:30:00+05:30", 0},
      {"11 Nov 2008 4:30:00 PM GMT", "2008-11-11T16:30:00Z", 0},
      {"11 Nov 2008 12:30:00 AM GMT", "2008-11-11T00:30:00Z", 0},
      /* A weekday in another language harms nothing, however it is written. */
      {"Die, 11 Nov 2008 16:30:00 +0100", "2008-11-11T16:30:00+01:00", 0},
      {"m\xe5, 11 Nov 2008 16:30:00 +0100", "2008-11-11T16:30:00+01:00", 0},
      {"Tue, 11 M\xe4r 2008 16:30:00 +0100", "2008-03-11T16:30:00+01:00", 0},
      /* Words that say nothing, and what stands around a date. */
      {"Tuesday the 11th of November 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      {"Nov 11, 2008 at 4:30 PM", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"Dienstag, den 11.11.2008, 16:30 Uhr", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"11.11.2008 um 16:30 Uhr +0000", "2008-11-11T16:30:00Z", NOSEC},
      {"am 11.11.2008 um 12:30", "2008-11-11T12:30:00Z", NONE | NOSEC},
      {"tirsdag 11. november 2008 kl. 16.30", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"martes 11 de noviembre del 2008 a las 16:30", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"ter\xc3\xa7"
       "a-feira, 11 de novembro de 2008 16:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"mardi 11 novembre 2008 \xc3\xa0 16h30", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"11 novembre 2008 16 h 30 +0100", "2008-11-11T16:30:00+01:00", NOSEC},
      {"11 Nov 2008 16-30-00 GMT", "2008-11-11T16:30:00Z", 0},
      {"'11 Nov 2008 16:30:00 GMT'", "2008-11-11T16:30:00Z", 0},
      {"<11 Nov 2008 16:30:00 GMT>", "2008-11-11T16:30:00Z", 0},
      {"Date: 11 Nov 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      {"[11/Nov/2008:16:30:00 +0000]", "2008-11-11T16:30:00Z", 0},
      {"2008.11.11 16:30:00", "2008-11-11T16:30:00Z", NONE},
      {"2008. 11. 12. 16:30", "2008-11-12T16:30:00Z", NONE | NOSEC},
      {"one two three four five six 11 Nov 2008 16:30:00", NULL, 0},
      /* An offset whose plus became a space, or has one after. */
      {"11 Nov 2008 16:30:00 0100", "2008-11-11T16:30:00+01:00", 0},
      {"11 Nov 2008 16:30:00 + 0100", "2008-11-11T16:30:00+01:00", 0},
      {"11 Nov 2008 16:30:00 2008", "2008-11-11T16:30:00Z", NONE},
      {"11 Nov 2008 16:30:00 NPT", "2008-11-11T16:30:00+05:45", 0},
      /* East Asia. */
      {"2008\xe5\xb9\xb4"
       "11\xe6\x9c\x88"
       "11\xe6\x97\xa5 16\xe6\x99\x82"
       "30\xe5\x88\x86"
       "00\xe7\xa7\x92",
       "2008-11-11T16:30:00Z", NONE},
      {"2008\xe5\xb9\xb4"
       "11\xe6\x9c\x88"
       "11\xe6\x97\xa5\xe7\x81\xab\xe6\x9b\x9c\xe6\x97\xa5 16:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"2008\xe5\xb9\xb4"
       "11\xe6\x9c\x88"
       "11\xe6\x97\xa5 \xe6\x98\x9f\xe6\x9c\x9f\xe4\xba\x8c",
       "2008-11-11T00:00:00Z", NONE | NOTIME},
      {"2008\xe5\xb9\xb4"
       "11\xe6\x9c\x88"
       "11\xe6\x97\xa5(\xe6\x98\x9f\xe6\x9c\x9f\xe4\xba\x8c) \xe4\xb8\x8b\xe5\x8d\x88"
       "4:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"2008\xe5\xb9\xb4"
       "11\xe6\x9c\x88"
       "11\xe6\x97\xa5 \xe4\xb8\x8a\xe5\x8d\x88"
       "12:30",
       "2008-11-11T00:30:00Z", NONE | NOSEC},
      {"2008\xeb\x85\x84 11\xec\x9b\x94 11\xec\x9d\xbc \xed\x99\x94\xec\x9a\x94\xec\x9d\xbc "
       "\xec\x98\xa4\xed\x9b\x84 4:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"2008-11-11 \xec\x98\xa4\xed\x9b\x84 4:30", "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"\xe6\x98\x9f\xe6\x9c\x9f\xe4\xba\x8c, 11 \xe5\x8d\x81\xe4\xb8\x80\xe6\x9c\x88 2008 "
       "16:30:00 +0000",
       "2008-11-11T16:30:00Z", 0},
      {"11 \xe5\x8d\x81\xe4\xb8\x89\xe6\x9c\x88 2008 16:30:00 +0000", NULL, 0},
      {"Th\xe1\xbb\xa9 Ba, 11 th\xc3\xa1ng 11 n\xc4\x83m 2008 16:30", "2008-11-11T16:30:00Z",
       NONE | NOSEC},
      /* Months of more languages. */
      {"\xce\xa4\xcf\x81\xce\xaf\xcf\x84\xce\xb7, 11 "
       "\xce\x9d\xce\xbf\xce\xb5\xce\xbc\xce\xb2\xcf\x81\xce\xaf\xce\xbf\xcf\x85 2008 16:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"\xce\x94\xce\xb5\xcf\x85, 5 \xce\x9c\xce\xb1\xce\x90 2008 16:30:00 GMT",
       "2008-05-05T16:30:00Z", 0},
      {"\xd0\xb2\xd1\x96\xd0\xb2\xd1\x82\xd0\xbe\xd1\x80\xd0\xbe\xd0\xba, 11 "
       "\xd0\xbb\xd0\xb8\xd1\x81\xd1\x82\xd0\xbe\xd0\xbf\xd0\xb0\xd0\xb4\xd0\xb0 2008 \xd1\x80. "
       "16:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"\xd1\x87\xd1\x82, 1 \xd1\x81\xd1\x96\xd1\x87 2009 16:30:00 GMT", "2009-01-01T16:30:00Z", 0},
      {"\xd0\xb2\xd1\x82\xd0\xbe\xd1\x80\xd0\xbd\xd0\xb8\xd0\xba, 11 "
       "\xd0\xbd\xd0\xbe\xd1\x8f\xd0\xb1\xd1\x80\xd1\x8f 2008 \xd0\xb3. 16:30",
       "2008-11-11T16:30:00Z", NONE | NOSEC},
      {"An, 11 Lap 2008 16:30:00 GMT", "2008-11-11T16:30:00Z", 0},
      {"T, 11 detsember 2008 16:30:00 GMT", "2008-12-11T16:30:00Z", 0},
      {"dj, 11 des 2008 16:30:00 GMT", "2008-12-11T16:30:00Z", 0},
      {"Sel, 11 Agu 2009 16:30:00 GMT", "2009-08-11T16:30:00Z", 0},
      /* Seconds since the epoch as programs print them. */
      {"@1226421000", "2008-11-11T16:30:00Z", 0},
      {"1226421000.5", "2008-11-11T16:30:00Z", 0},
      {"1226421000 +0000", "2008-11-11T16:30:00Z", 0},
      {"1226421000 5", NULL, 0},
      /* What stands after a whole date is somebody else's. */
      {"Tue, 11 Nov 2008 16:30:00 -0500 envelope-from <a@b>", "2008-11-11T16:30:00-05:00", 0},
      {"Tue, 11 Nov 2008 16:30:00 GMT 12", "2008-11-11T16:30:00Z", 0},
      /* No date, or none that exists. */
      {"", NULL, 0},
      {"yesterday", NULL, 0},
      {"16:30:00", NULL, 0},
      {"Mon, 31 Nov 2008 16:30:00 GMT", NULL, 0},
      {"Fri, 29 Feb 2007 16:30:00 GMT", NULL, 0},
      {"Tue, 0 Nov 2008 16:30:00 GMT", NULL, 0},
      {"Tue, 11 Nov 2008 25:30:00 GMT", NULL, 0},
      {"Tue, 11 Nov 2008 24:00:01 GMT", NULL, 0},
      {"Tue, 11 Nov 2008 16:60:00 GMT", NULL, 0},
      {"Tue, 11 Nov 2008 16:30:61 GMT", NULL, 0},
      {"Tue, 11 Nov 20080 16:30:00 GMT", NULL, 0},
      {"99999999999999999999", NULL, 0},
      {"((((((((((((((((", NULL, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    tide_date date;
    bool parsed = tide_date_parse(tide_span_of(cases[i].text), &date);
    char text[TIDE_RFC3339_MAX] = "none";
    if (parsed)
      tide_rfc3339_format(date.time, date.offset, text);
    const char *want = cases[i].want ? cases[i].want : "none";
    if (strcmp(text, want) != 0 || (parsed && date.odd != cases[i].odd))
      fail_msg("\"%s\": %s (odd %x), want %s (%x)", cases[i].text, text, parsed ? date.odd : 0,
               want, cases[i].odd);
  }
}

static void separators(void **state) {
  (void)state;
  static const struct {
    const char *line, *want, *sender; /* want NULL: no separator */
  } cases[] = {
      {"From bob@example.com Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com  Tue Nov  4 16:30:00 2008", "2008-11-04T16:30:00Z", "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30 2008", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 EST 2008", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30 EST 2008", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 2008 EST", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 2008 -0500", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 -0500 2008", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com Tue, 11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com 11 Nov 2008 16:30:00 -0500", "2008-11-11T16:30:00-05:00",
       "bob@example.com"},
      {"From bob@example.com Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com  Tue Nov 11 16:30:00 2008 WETDST", "2008-11-11T16:30:00+01:00",
       "bob@example.com"},
      {"From bob@example.com  Tue Nov 11 16:30:00 MET DST 2008", "2008-11-11T16:30:00+02:00",
       "bob@example.com"},
      {"From bob@example.com  Tue Nov 11 16:30:00 2008 MET DST", "2008-11-11T16:30:00+02:00",
       "bob@example.com"},
      {"From bob@example.com  Tue Nov 11 16:30:00 2008 LEARNED", NULL, NULL},
      {"From - Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", "-"},
      {"From ???@??? Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z",
       "?"
       "?"
       "?@?"
       "?"
       "?"},
      {"From bob at example.com  Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z",
       "bob at example.com"},
      {"From MAILER-DAEMON Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", "MAILER-DAEMON"},
      {"From \"bob tue nov\"@example.com Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z",
       "\"bob tue nov\"@example.com"},
      {"From Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", ""},
      {"From bob Tue Nov 11 16:30:00 2008 remote from uucp", "2008-11-11T16:30:00Z", "bob"},
      {"From bob@example.com Tue Nov 11 16:30:00 2008   ", "2008-11-11T16:30:00Z",
       "bob@example.com"},
      {"From 1234567890@xxx Tue Nov 11 16:30:00 +0000 2008", "2008-11-11T16:30:00Z",
       "1234567890@xxx"},
      {"From bob@example.com 2008-11-11 16:30:00", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 08", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com 1226421000", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com 11.11.2008 16:30", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 2008 (+0100)", "2008-11-11T16:30:00+01:00",
       "bob@example.com"},
      {"From - Tue Nov 11 2008 16:30:00 GMT+0100 (CET)", "2008-11-11T16:30:00+01:00", "-"},
      {"From - jue dic 11 16:30:00 2008", "2008-12-11T16:30:00Z", "-"},
      {"From bob Tue Nov 11 16:30:00 2008 forwarded by eve", "2008-11-11T16:30:00Z", "bob"},
      /* Not separators. */
      {"From 1226421000", NULL, NULL},
      {"From here on", NULL, NULL},
      {"From 2001 onward we", NULL, NULL},
      {"From bob to alice in 2003", NULL, NULL},
      {"From bob@example.com", NULL, NULL},
      {"From the meeting on Tue Nov 11 16:30:00 2008 we learned", NULL, NULL},
      {"From Tuesday, Nov 11 2008 on", NULL, NULL},
      {"From 10:30 to 11:30 we meet", NULL, NULL},
      {"From bob@example.com Tue Nov 31 16:30:00 2008", NULL, NULL},
      {"From bob@example.com Tue Nov 11 2008", NULL, NULL},
      {"From bob@example.com Tue Nov 11 16:30:00", NULL, NULL},
      {"From: bob@example.com Tue Nov 11 16:30:00 2008", NULL, NULL},
      {">From bob@example.com Tue Nov 11 16:30:00 2008", NULL, NULL},
      {"from bob@example.com Tue Nov 11 16:30:00 2008", "2008-11-11T16:30:00Z", "bob@example.com"},
      {"From bob@example.com Tue Nov 11 16:30:00 2008.", NULL, NULL},
      {"From ", NULL, NULL},
      {"From", NULL, NULL},
      {"", NULL, NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].line);
    tide_date date;
    tide_span sender = {0};
    bool parsed = tide_date_parse_separator(tide_span_of(cases[i].line), &date, &sender);
    char text[TIDE_RFC3339_MAX] = "none";
    if (parsed)
      tide_rfc3339_format(date.time, date.offset, text);
    const char *want = cases[i].want ? cases[i].want : "none";
    if (strcmp(text, want) != 0)
      fail_msg("\"%s\": %s, want %s", cases[i].line, text, want);
    if (parsed)
      assert_span_equal(sender, cases[i].sender);
  }
}

static uint32_t next(uint32_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 17;
  *seed ^= *seed << 5;
  return *seed;
}

/* The forms that nearly all mail has are read by scanners of their own. A space more, which means
 * nothing, leads the same text past them. */
static void short_ways(void **state) {
  (void)state;
  static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static const char other[] = " 0123456789,:+-();.@ADJMOSTWabcdefghijlmnoprstuvyZ\t\n\"\\\x80";
  uint32_t seed = 362436069u;
  unsigned read = 0;
  for (int round = 0; round < 400000; round++) {
    char text[160], longer[160];
    const char *weekday = weekdays[next(&seed) % 7], *month = months[next(&seed) % 12];
    unsigned day = next(&seed) % 33,
             year = next(&seed) % 4 ? 1990 + next(&seed) % 30 : next(&seed) % 10000,
             hour = next(&seed) % 26, minute = next(&seed) % 62, second = next(&seed) % 62,
             zone = next(&seed) % 4 ? next(&seed) % 16 * 100 + next(&seed) % 2 * 30
                                    : next(&seed) % 10000;
    const bool separator = round % 2;
    size_t len;
    if (separator)
      len = (size_t)snprintf(text, sizeof text, "From %s %s %s %2u %02u:%02u:%02u %04u",
                             next(&seed) % 4 ? "someone@host.example" : "Sun", weekday, month, day,
                             hour, minute, second, year);
    else
      len = (size_t)snprintf(text, sizeof text, "%s, %u %s %04u %02u:%02u:%02u %c%04u%s", weekday,
                             day, month, year, hour, minute, second, next(&seed) % 2 ? '+' : '-',
                             zone, next(&seed) % 2 ? "" : " (CEST)");
    for (uint32_t changes = next(&seed) % 3; changes; changes--) {
      size_t at = (separator ? 5 : 0) + next(&seed) % (len - (separator ? 5 : 0));
      if (next(&seed) % 4)
        text[at] = other[next(&seed) % (sizeof other - 1)];
      else if (next(&seed) % 2)
        len = at + 1;
      else
        memmove(text + at, text + at + 1, --len - at);
    }
    memcpy(longer, text, separator ? 5 : 0);
    longer[separator ? 5 : 0] = ' ';
    memcpy(longer + (separator ? 6 : 1), text + (separator ? 5 : 0), len - (separator ? 5 : 0));
    tide_date got = {0}, want = {0};
    tide_span got_sender = {0}, want_sender = {0};
    bool is, was;
    if (separator) {
      is = tide_date_parse_separator(tide_span_make(text, len), &got, &got_sender);
      was = tide_date_parse_separator(tide_span_make(longer, len + 1), &want, &want_sender);
    } else {
      is = tide_date_parse(tide_span_make(text, len), &got);
      was = tide_date_parse(tide_span_make(longer, len + 1), &want);
    }
    if (is != was || got.time != want.time || got.offset != want.offset || got.odd != want.odd ||
        !tide_span_equal(got_sender, want_sender))
      fail_msg("\"%.*s\" is read in two ways", (int)len, text);
    read += is;
  }
  assert_number(read, >, 100000);
}

/* The names of a language's months, whole and as programs shorten them (CLDR 44): none may be
 * missing, or a season goes. */
static void months_of_languages(void **state) {
  (void)state;
  static const char *const languages[] = {
      "ledna února března dubna května června července srpna září října listopadu prosince",
      "led úno bře dub kvě čvn čvc srp zář říj lis pro",
      "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada "
      "grudnia",
      "sty lut mar kwi maj cze lip sie wrz paź lis gru",
      "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie "
      "decembrie",
      "ian. feb. mar. apr. mai iun. iul. aug. sept. oct. nov. dec.",
      "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
      "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
      "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου "
      "Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
      "Ιαν Φεβ Μαρ Απρ Μαΐ Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
      "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
      "янв фев мар апр май июн июл авг сен окт ноя дек",
      "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
      "січ лют бер кві тра чер лип сер вер жов лис гру",
      "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta "
      "syyskuuta lokakuuta marraskuuta joulukuuta",
      "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
      "január február március április május június július augusztus szeptember október november "
      "december",
      "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
      "januar februar marec april maj junij julij avgust september oktober november december",
      "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
      "януари февруари март април май юни юли август септември октомври ноември декември",
      "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
      "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio "
      "gruodžio",
      "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris "
      "decembris",
      "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
      "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
      "xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro",
      "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
      "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
      "јануари февруари март април мај јуни јули август септември октомври ноември декември",
      "urtarrilak otsailak martxoak apirilak maiatzak ekainak uztailak abuztuak irailak urriak "
      "azaroak abenduak",
      "urt. ots. mar. api. mai. eka. uzt. abu. ira. urr. aza. abe.",
      "ionawr chwefror mawrth ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr",
      "jannar frar marzu april mejju ġunju lulju awwissu settembru ottubru novembru diċembru",
      "januarie februarie maart april mei junie julie augustus september oktober november "
      "desember",
      "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
      "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר",
      "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน "
      "กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
      "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
      /* As locales of the GNU C library have them. */
      "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад "
      "грудень",
      "sausis vasaris kovas balandis gegužė birželis liepa rugpjūtis rugsėjis spalis lapkritis "
      "gruodis",
      "led úno bře dub kvě čen čec srp zář říj lis pro",
      "gen. febr. març d’abr. maig juny jul. d'agost set. d'oct. nov. des.",
      "Yan Fev Mar Apr May İyn İyl Avq Sen Okt Noy Dek",
      "Ene Peb Mar Abr May Hun Hul Ago Set Okt Nob Dis",
      "Jan Shk Mar Pri Maj Qer Kor Gsh Sht Tet Nën Dhj",
      "ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ",
      "ينا فبر مار أبر ماي يون يول أغس سبت أكت نوف ديس",
      "Հնվ Փտր Մար Ապր Մայ Հնս Հլս Օգս Սեպ Հոկ Նմբ Դեկ",
      "იან თებ მარ აპრ მაი ივნ ივლ აგვ სექ ოქტ ნოე დეკ",
      "जन॰ फ़र॰ मार्च अप्रैल मई जून जुल॰ अग॰ सित॰ अक्तू॰ नव॰ दिस॰",
      "қаң. ақп. нау. сәу. мам. мау. шіл. там. қыр. қаз. қар. жел.",
      "Jan Feb Mac Apr Mei Jun Jul Ogo Sep Okt Nov Dis",
      "Қаң Ақп Нау Сәу Мам Мау Шіл Там Қыр Қаз Қар Жел",
      "ஜன. பிப். மார். ஏப். மே ஜூன் ஜூலை ஆக. செப். அக். நவ. டிச.",
  };
  /* Of these some are other months elsewhere, which the day of the week tells: Croatian and
   * Belarusian. */
  static const char *const told[] = {
      "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga "
      "prosinca",
      "sij velj ožu tra svi lip srp kol ruj lis stu pro",
      "siječanj veljača ožujak travanj svibanj lipanj srpanj kolovoz rujan listopad studeni "
      "prosinac",
      "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада "
      "снежня",
      "сту лют сак кра мая чэр ліп жні вер кас ліс сне",
  };
  static const char *const days[] = {"pon", "uto", "sri", "čet", "pet", "sub", "ned"};
  enum { LANGUAGES = sizeof languages / sizeof *languages, TOLD = 5 };
  for (size_t i = 0; i < LANGUAGES + TOLD; i++) {
    const bool is_told = i >= LANGUAGES;
    const char *name = is_told ? told[i - LANGUAGES] : languages[i];
    for (int month = 1; month <= 12; month++) {
      const int len = (int)strcspn(name, " "),
                day = tide_weekday_from_days(tide_days_from_civil(2008, month, 11));
      char text[80];
      tide_date d;
      snprintf(text, sizeof text, "%s 11 %.*s 2008 21:30:00 +0000", is_told ? days[day] : "", len,
               name);
      const tide_civil want = {.year = 2008, .month = month, .day = 11, .hour = 21, .minute = 30};
      if (!tide_date_parse(tide_span_of(text), &d) || d.time != tide_civil_seconds(&want))
        fail_msg("%s: not read as month %d", text, month);
      name += len + (name[len] == ' ');
    }
  }
  tide_date d;
  assert_true(tide_date_parse(SPAN("11 listopada 2008 21:30:00 +0000"), &d));
  assert_int_equal(d.time, 1226439000); /* November, where nothing tells */
  assert_true(tide_date_parse(SPAN("pon, 10 lis 2008 21:30:00 +0100"), &d));
  assert_int_equal(d.time, 1226349000); /* Polish: a Monday in November */
}

/* Digits of other scripts, and a month with Hebrew's "in". */
static void other_scripts(void **state) {
  (void)state;
  static const char *const dates[] = {
      "١١ نوفمبر ٢٠٠٨ ٢١:٣٠:٠٠ +0000",         "۱۱ نوامبر ۲۰۰۸ ۲۱:۳۰:۰۰ +0000",
      "११ नवंबर २००८ २१:३०:०० +0000",           "২০০৮-১১-১১ ২১:৩০:০০ +0000",
      "２００８年１１月１１日 21:30:00 +0000", "11 בנובמבר 2008 21:30:00 +0000"};
  for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
    tide_date d;
    if (!tide_date_parse(tide_span_of(dates[i]), &d) || d.time != 1226439000)
      fail_msg("%s: not read", dates[i]);
  }
}

/* Months in the charsets of eight bits that programs of their countries wrote. */
static void months_in_bytes(void **state) {
  (void)state;
  static const struct {
    const char *name;
    int month;
  } cases[] = {
      {"\xcd\xc1\xd1", 5},             /* "мая" in KOI8-R; "ian" by Latin-1, Greece's January */
      {"\xd3\xa6\xde.", 1},            /* "січ." in KOI8-U */
      {"\xec\xe0\xff", 5},             /* Windows-1251 */
      {"\xdc\xd0\xef", 5},             /* ISO-8859-5 */
      {"\xac\xa0\xef", 5},             /* code page 866 */
      {"\xef\xad\xa2", 1},             /* "янв" in it, which UTF-8 is, too */
      {"\xe1\xf6\xe7", 1},             /* "січ" in ISO-8859-5, by KOI8-R "АЖГ" */
      {"\xdb\xd8\xdf\xd5\xdd\xec", 7}, /* "липень" in it */
      {"\xe6\xed\xb3\xa2\xed\xff", 8}, /* "жніўня" in Windows-1251 */
      {"\xda\xd0\xe1", 10}, /* "кас" in ISO-8859-5, Belarus's October and not Turkey's November */
      {"л\x69пня", 7},      /* with a Latin "i" */
      {"\xec\xe0\xbc", 5},  /* "мај" in Windows-1251 */
      {"\xd6\xe5\xe2", 2},  /* "Φεβ" in ISO-8859-7 */
      {"\xcc\xdc\xf1\xf4\xe9\xef\xf2", 3}, /* "Μάρτιος" */
      {"\xdeub", 2},                       /* "Şub" in ISO-8859-9 */
      {"A\xf0ustos", 8},
      {"b\xf8"
       "ezna",
       3},              /* "března" in ISO-8859-2 */
      {"z\xe1\xf8", 9}, /* "zář" */
      {"pa\x9f", 10},   /* "paź" in Windows-1250 */
      {"pa\xbc", 10},   /* and in ISO-8859-2 */
      {"bir\xfe.", 6},  /* "birž." in ISO-8859-13 */
      {"ao\xfbt", 8},   /* ISO-8859-1 */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[80];
    tide_date d;
    snprintf(text, sizeof text, "11 %s 2008 21:30:00 +0000", cases[i].name);
    const tide_civil want = {
        .year = 2008, .month = cases[i].month, .day = 11, .hour = 21, .minute = 30};
    if (!tide_date_parse(tide_span_of(text), &d) || d.time != tide_civil_seconds(&want))
      fail_msg("%s: not read as month %d", text, cases[i].month);
  }
}

/* A day of the week in a language whose days are not known, which is a month's name in another, or
 * begins one: the month is what stands behind the day, or unknown. */
static void days_like_months(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int month; /* 0: no date */
  } cases[] = {
      {"þri, 11 nóv 2008 21:30:00 +0000", 11}, /* Icelandic; Albanian "prill" */
      {"þri, 11 nóv klukkan 2008 21:30:00 +0000", 11},
      {"Τετ, 11 Ιουν 2008 21:30:00 +0000", 6},  /* Greek; Albanian "tetor" */
      {"суб, 11 окт 2008 21:30:00 +0000", 10},  /* Serbian; Turkish "Şubat" */
      {"Sht, 11 Tet 2008 21:30:00 +0000", 10},  /* Albanian; "shtator" */
      {"Maw, 11 Tach 2008 21:30:00 +0000", 11}, /* Welsh: Tuesday and March */
      {"Fra 11 Jan 2008 21:30:00 +0000", 1},    /* Bislama; Maltese "frar" */
      {"mar, 11 payares 2008 21:30:00 +0000", 0},
      {"mar 11 payares 2008 21:30:00 +0000", 0},
      {"nje, 11 payares 2008 21:30:00 +0000", 0},
      {"mar, 11 de noviembre de 2008 21:30:00 +0000", 11},
      {"March 11 at 2008 21:30:00 +0000", 3},
      {"Nov 11th, 2008 at 21:30:00 +0000", 11},
      {"Thứ Sáu, 11 tháng 6 2008 21:30:00 +0000", 6}, /* "sáu" begins Lithuania's January */
      {"Dydd Mawrth, 11 Mai 2008 21:30:00 +0000", 5}, /* Welsh */
      {"T6, 11 Thg 1 2008 21:30:00 +0000", 1},        /* Vietnamese: the sixth day */
      {"J3, 11 Nov 2008 21:30:00 +0000", 11},         /* Swahili */
      {"Tue,\xa0"
       "11\xa0Nov\xa0"
       "2008 21:30:00 +0000",
       11}, /* a no-break space of Latin-1 */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    tide_date d;
    const bool read = tide_date_parse(tide_span_of(cases[i].text), &d);
    const tide_civil want = {
        .year = 2008, .month = cases[i].month, .day = 11, .hour = 21, .minute = 30};
    if (read != (cases[i].month > 0) || (read && d.time != tide_civil_seconds(&want)))
      fail_msg("\"%s\": read as %lld", cases[i].text, read ? (long long)d.time : -1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(dates),           cmocka_unit_test(separators),
      cmocka_unit_test(short_ways),      cmocka_unit_test(months_of_languages),
      cmocka_unit_test(months_in_bytes), cmocka_unit_test(other_scripts),
      cmocka_unit_test(days_like_months)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
