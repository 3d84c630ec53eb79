/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of months and days in other languages, and zones of several words.
 *
 * Outlook and webmail of its time wrote dates in the language of the sender's system, in whatever
 * charset it had. To know only the months that are spelt as in English would lose the mail of
 * March, May, October and December: a dip in every year that nobody made. Words are folded to plain
 * letters first, so that each name is here once: accents go, Cyrillic becomes the capitals that
 * KOI8-R has in its lower half (RFC 1489). */
#include "date_names.h"
#include "base/invariant.h"
#include "base/utf8.h"

enum { NAME_MAX_LETTERS = 24 };

typedef struct named {
  const char *name;
  int number; /* negative: the name counts only whole, as it begins like a larger language's */
} named;

/* In the order of their bytes. Genitives where dates have them; German, French, Spanish, Italian,
 * Portuguese, Catalan, Dutch, Danish, Norwegian, Swedish, Polish, Czech, Slovak, Slovene, Serbian,
 * Bulgarian, Hungarian, Romanian, Finnish, Estonian, Latvian, Lithuanian, Greek, Turkish, Russian,
 * Ukrainian, Belarusian, Macedonian, Galician, Basque, Albanian, Welsh, Irish, Maltese,
 * Luxembourgish, Romansh, Afrikaans, Azerbaijani, Uzbek, Esperanto, Indonesian, Malay, Filipino,
 * Swahili. CLDR 44 (unicode.org/Public/cldr) and the locales of glibc 2.36, without their accents.
 */
static const named months[] = {
    /* clang-format off */
    {"@LI", 7}, {"@NI", 6}, {"APRELQ", 4}, {"APRELX", 4}, {"APRILA", 4}, {"AWGUSTA", 8},
    {"BEREZENX", 3}, {"BEREZNQ", 3}, {"DECEMBAR", 12}, {"DECEMBRA", 12}, {"DEKABRQ", 12},
    {"DEKABRX", 12}, {"DEKEMWRI", 12}, {"FEBRUARA", 2}, {"FEWRALQ", 2}, {"FEWRALX", 2},
    {"FEWRUARI", 2}, {"GRUDENX", 12}, {"GRUDNQ", 12}, {"I@LQ", 7}, {"I@LX", 7}, {"I@NQ", 6},
    {"I@NX", 6}, {"JANUARA", 1}, {"JANUARI", 1}, {"JULA", 7}, {"JULI", 7}, {"JUNA", 6}, {"JUNI", 6},
    {"KASTRY~NIKA", 10}, {"KRASAWIKA", 4}, {"KWITENX", 4}, {"KWITNQ", 4}, {"L@TAGA", 2},
    {"L@TIJ", 2}, {"L@TOGO", 2}, {"L@TY", 2}, {"LIPENQ", 7}, {"LIPENX", 7}, {"LIPNQ", 7},
    {"LISTAPADA", 11}, {"LISTOPADA", 11}, {"MAJA", 5}, {"MAQ", 5}, {"MARTA", 3}, {"NOEMWRI", 11},
    {"NOQBRQ", 11}, {"NOQBRX", 11}, {"NOWEMBAR", 11}, {"NOWEMBRA", 11}, {"OKTOBAR", 10},
    {"OKTOBRA", 10}, {"OKTOMWRI", 10}, {"OKTQBRQ", 10}, {"OKTQBRX", 10}, {"QNUARI", 1},
    {"QNWARQ", 1}, {"QNWARX", 1}, {"SAKAWIKA", 3}, {"SENTQBRQ", 9}, {"SENTQBRX", 9},
    {"SEPTEMBAR", 9}, {"SEPTEMBRA", 9}, {"SEPTEMWRI", 9}, {"SERPENX", 8}, {"SERPNQ", 8},
    {"SI~ENX", 1}, {"SI~NQ", 1}, {"SNEVANX", 12}, {"SNEVNQ", 12}, {"STUDZENQ", 1}, {"STUDZENX", 1},
    {"TRAWENX", 5}, {"TRAWNQ", 5}, {"VNIUNQ", 8}, {"VNIWENX", 8}, {"VOWTENX", 10}, {"VOWTNQ", 10},
    {"WERASENX", 9}, {"WERASNQ", 9}, {"WERESENX", 9}, {"WERESNQ", 9}, {"abendua", 12},
    {"abenduak", 12}, {"abenduaren", 12}, {"abrell", -4}, {"abril", 4}, {"abuztua", 8},
    {"abuztuak", 8}, {"abuztuaren", 8}, {"agosti", -8}, {"agosto", 8}, {"agustos", 8},
    {"agustus", 8}, {"aib", -4}, {"aibrean", -4}, {"aout", 8}, {"apirila", 4}, {"apirilak", 4},
    {"apirilaren", 4}, {"aprel", 4}, {"april", 4}, {"aprila", 4}, {"aprile", 4}, {"aprili", -4},
    {"aprilie", 4}, {"aprilios", 4}, {"apriliou", 4}, {"aprilis", 4}, {"aprill", 4}, {"aprilo", -4},
    {"aralik", 12}, {"augoustos", 8}, {"augoustou", 8}, {"august", 8}, {"augusta", 8},
    {"augusti", 8}, {"augusto", -8}, {"augusts", 8}, {"augustus", 8}, {"augusztus", 8},
    {"avgust", 8}, {"avgusta", 8}, {"avq", -8}, {"avqust", -8}, {"avrigl", -4}, {"avril", 4},
    {"avust", -8}, {"aws", -8}, {"awst", -8}, {"aww", -8}, {"awwissu", -8}, {"azaroa", 11},
    {"azaroak", 11}, {"azaroaren", 11}, {"balandis", -4}, {"balandzio", 4}, {"beal", -5},
    {"bealtaine", -5}, {"birzelio", 6}, {"birzelis", -6}, {"brezen", 3}, {"brezna", 3}, {"cec", -7},
    {"cen", -6}, {"cerven", 6}, {"cervence", 7}, {"cervenec", 7}, {"cervna", 6}, {"chw", -2},
    {"chwe", -2}, {"chwef", -2}, {"chwefror", -2}, {"cvc", 7}, {"cvn", 6}, {"czerwca", 6},
    {"czerwiec", 6}, {"decembar", 12}, {"december", 12}, {"decembra", 12}, {"decembre", 12},
    {"decembrie", 12}, {"decembris", 12}, {"decembro", 12}, {"deireadh", -10}, {"dekabr", -12},
    {"dekembrios", 12}, {"dekembriou", 12}, {"desemba", -12}, {"desember", 12}, {"desembre", 12},
    {"detsember", 12}, {"dezember", 12}, {"dezembro", 12}, {"dfomh", -10}, {"dhjetor", 12},
    {"dicembre", 12}, {"dicembru", -12}, {"diciembre", 12}, {"dis", -12}, {"disember", -12},
    {"disyembre", -12}, {"duben", 4}, {"dubna", 4}, {"ean", -1}, {"eanair", -1}, {"ebr", -4},
    {"ebrill", -4}, {"ekaina", 6}, {"ekainak", 6}, {"ekainaren", 6}, {"ekim", 10}, {"elokuuta", 8},
    {"enero", 1}, {"eylul", 9}, {"fanadur", -7}, {"favrer", -2}, {"feabh", -2}, {"feabhra", -2},
    {"febbraio", 2}, {"feber", 2}, {"febreiro", 2}, {"febrer", 2}, {"febrero", 2},
    {"febrouarios", 2}, {"febrouariou", 2}, {"februar", 2}, {"februara", 2}, {"februari", 2},
    {"februarie", 2}, {"februaris", 2}, {"februaro", -2}, {"fev", -2}, {"fevereiro", 2},
    {"fevral", -2}, {"fevrier", 2}, {"fra", -2}, {"frar", -2}, {"geguze", -5}, {"geguzes", 5},
    {"gener", 1}, {"gennaio", 1}, {"giugno", 6}, {"gor", -7}, {"gorff", -7}, {"gorffennaf", -7},
    {"grudnia", 12}, {"grudzien", 12}, {"gruodis", -12}, {"gruodzio", 12}, {"gsh", -8}, {"gun", -6},
    {"gunju", -6}, {"gusht", 8}, {"haziran", 6}, {"heinakuuta", 7}, {"helmikuuta", 2},
    {"huhtikuuta", 4}, {"hul", -7}, {"hulyo", -7}, {"hun", -6}, {"hunyo", -6}, {"hyd", -10},
    {"hydref", -10}, {"ianouarios", 1}, {"ianouariou", 1}, {"ianuarie", 1}, {"ion", -1},
    {"ionawr", -1}, {"ioulios", 7}, {"iouliou", 7}, {"iounios", 6}, {"iouniou", 6}, {"iraila", 9},
    {"irailak", 9}, {"irailaren", 9}, {"iuil", -7}, {"iulie", 7}, {"iunie", 6}, {"iyl", -7},
    {"iyn", -6}, {"iyul", -7}, {"iyun", -6}, {"jaanuar", 1}, {"jaenner", 1}, {"janar", 1},
    {"janeiro", 1}, {"jannar", -1}, {"janner", 1}, {"januar", 1}, {"januara", 1}, {"januari", 1},
    {"januarie", -1}, {"januaro", -1}, {"janvaris", 1}, {"janvier", 1}, {"joulukuuta", 12},
    {"juillet", 7}, {"juin", 6}, {"jul", 7}, {"jula", 7}, {"julai", -7}, {"julho", 7}, {"juli", 7},
    {"julie", -7}, {"julij", 7}, {"julijs", 7}, {"julio", 7}, {"juliol", 7}, {"julius", 7},
    {"jun", 6}, {"juna", 6}, {"junho", 6}, {"juni", 6}, {"junie", -6}, {"junij", 6}, {"junijs", 6},
    {"junio", 6}, {"junius", 6}, {"juny", 6}, {"juuli", 7}, {"juuni", 6}, {"kas", 11},
    {"kasim", 11}, {"kesakuuta", 6}, {"korrik", 7}, {"kovas", -3}, {"kovo", 3}, {"kveten", 5},
    {"kvetna", 5}, {"kwiecien", 4}, {"kwietnia", 4}, {"lapkricio", 11}, {"lapkritis", -11},
    {"leden", 1}, {"ledna", 1}, {"liepa", -7}, {"liepos", 7}, {"lipca", 7}, {"lipiec", 7},
    {"listopad", 11}, {"listopada", 11}, {"listopadu", 11}, {"lokakuuta", 10}, {"luglio", 7},
    {"lul", -7}, {"lulju", -7}, {"lunasa", -8}, {"lutego", 2}, {"luty", 2}, {"maaliskuuta", 3},
    {"maart", 3}, {"mac", -3}, {"machi", -3}, {"maerz", 3}, {"maggio", 5}, {"mai", 5},
    {"maiatza", 5}, {"maiatzak", 5}, {"maiatzaren", 5}, {"maig", 5}, {"maijs", 5}, {"maio", 5},
    {"maios", 5}, {"maiou", 5}, {"maj", 5}, {"maja", 5}, {"majo", -5}, {"majus", 5}, {"mar", 3},
    {"marca", 3}, {"marcius", 3}, {"marco", 3}, {"marec", 3}, {"maret", 3}, {"marraskuuta", 11},
    {"mars", 3}, {"marso", -3}, {"mart", 3}, {"marta", 3}, {"martie", 3}, {"martios", 3},
    {"martiou", 3}, {"marto", -3}, {"marts", 3}, {"martxoa", 3}, {"martxoak", 3}, {"martxoaren", 3},
    {"marz", 3}, {"marzec", 3}, {"marzo", 3}, {"marzu", -3}, {"matg", -5}, {"maw", -3},
    {"mawrth", -3}, {"mayis", 5}, {"mayo", 5}, {"mean", -9}, {"med", -9}, {"medi", -9}, {"mee", -5},
    {"meh", -6}, {"mehefin", -6}, {"mei", 5}, {"meith", -6}, {"meitheamh", -6}, {"mej", -5},
    {"mejju", -5}, {"mfomh", -9}, {"mrt", 3}, {"mrz", 3}, {"nentor", 11}, {"nisan", 4},
    {"nob", -11}, {"nobyembre", -11}, {"noembrios", 11}, {"noembriou", 11}, {"noiembrie", 11},
    {"noll", -12}, {"nollaig", -12}, {"novemba", -11}, {"novembar", 11}, {"november", 11},
    {"novembra", 11}, {"novembre", 11}, {"novembris", 11}, {"novembro", 11}, {"novembru", -11},
    {"noviembre", 11}, {"noy", -11}, {"noyabr", -11}, {"ocak", 1}, {"october", -10},
    {"octobre", 10}, {"octombrie", 10}, {"octubre", 10}, {"ogo", -8}, {"ogos", -8}, {"oktabr", -10},
    {"oktoba", -10}, {"oktobar", 10}, {"oktober", 10}, {"oktobra", 10}, {"oktobris", 10},
    {"oktobro", -10}, {"oktoober", 10}, {"oktubre", -10}, {"oktwbrios", 10}, {"oktwbriou", 10},
    {"oktyabr", -10}, {"otsaila", 2}, {"otsailak", 2}, {"otsailaren", 2}, {"ottobre", 10},
    {"ottubru", -10}, {"outubro", 10}, {"pazdziernik", 10}, {"pazdziernika", 10}, {"peb", -2},
    {"pebrero", -2}, {"pebruari", 2}, {"prill", 4}, {"prosince", 12}, {"prosinec", 12},
    {"qershor", 6}, {"rha", -12}, {"rhag", -12}, {"rhagfyr", -12}, {"rijen", 10}, {"rijna", 10},
    {"rugpjucio", 8}, {"rugpjutis", -8}, {"rugsejis", -9}, {"rugsejo", 9}, {"samh", -11},
    {"samhain", -11}, {"sausio", 1}, {"sausis", -1}, {"schaner", -1}, {"sen", 9}, {"sentabr", -9},
    {"sentyabr", -9}, {"septemba", -9}, {"septembar", 9}, {"september", 9}, {"septembra", 9},
    {"septembre", 9}, {"septembrie", 9}, {"septembrios", 9}, {"septembriou", 9}, {"septembris", 9},
    {"septembro", -9}, {"septiembre", 9}, {"setembre", 9}, {"setembro", 9}, {"setiembre", 9},
    {"settember", -9}, {"settembre", 9}, {"settembru", -9}, {"setyembre", -9}, {"shkurt", 2},
    {"shtator", 9}, {"sierpien", 8}, {"sierpnia", 8}, {"spalio", 10}, {"spalis", -10}, {"srpen", 8},
    {"srpna", 8}, {"stu", 11}, {"styczen", 1}, {"stycznia", 1}, {"subat", 2}, {"syyskuuta", 9},
    {"szeptember", 9}, {"tach", -11}, {"tachwedd", -11}, {"tammikuuta", 1}, {"temmuz", 7},
    {"tetor", 10}, {"toukokuuta", 5}, {"unor", 2}, {"unora", 2}, {"urria", 10}, {"urriak", 10},
    {"urriaren", 10}, {"urtarrila", 1}, {"urtarrilak", 1}, {"urtarrilaren", 1}, {"uztaila", 7},
    {"uztailak", 7}, {"uztailaren", 7}, {"vasario", 2}, {"vasaris", -2}, {"veebruar", 2},
    {"wrzesien", 9}, {"wrzesnia", 9}, {"xaneiro", 1}, {"xullo", 7}, {"xuno", 6}, {"yan", -1},
    {"yanvar", -1}, {"zari", 9}, {"zercladur", -6}, {"~ERWENX", 6}, {"~ERWNQ", 6}, {"~|RWENQ", 6},
    {"~|RWENX", 6},
    /* clang-format on */
};

/* Other months than those of the same names in the table above: in Croatian listopad, lipanj,
 * srpanj and travanj are the months before or after. */
static const named other_months[] = {
    /* clang-format off */
    {"kolovoz", 8}, {"kolovoza", 8}, {"lipanj", 6}, {"lipnja", 6}, {"listopad", 10},
    {"listopada", 10}, {"ozujak", 3}, {"ozujka", 3}, {"prosinac", 12}, {"prosinca", 12},
    {"rujan", 9}, {"rujna", 9}, {"sijecanj", 1}, {"sijecnja", 1}, {"srpanj", 7}, {"srpnja", 7},
    {"stu", 1}, {"studeni", 11}, {"studenog", 11}, {"studenoga", 11}, {"svibanj", 5},
    {"svibnja", 5}, {"travanj", 4}, {"travnja", 4}, {"veljaca", 2}, {"veljace", 2},
    /* clang-format on */
};

/* January to December in scripts whose letters are not folded, as they are written; "-" for no
 * other spelling than the row above has. Thai shortens with points, the last of which is left out.
 */
static const char *const spelt_months[] = {
    /* clang-format off */
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", /* Arabic */
    "- - - ابريل - - - اغسطس - اكتوبر - -", /* Arabic */
    "- - آذار نيسان أيار حزيران تموز آب أيلول - - -", /* Arabic */
    "- شباط - - - - - - - - - -", /* Arabic */
    "ينا فبر مار أبر ماي يون يول أغس سبت أكت نوف ديس", /* Arabic, shortened */
    "جانفي فيفري - أفريل - جوان جويلية أوت - - - -", /* Arabic of Algeria and Tunisia */
    "- - - - - - يوليوز غشت شتنبر - نونبر دجنبر", /* Arabic of Morocco */
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر", /* Persian */
    "ژانویهٔ فوریهٔ - - مهٔ - ژوئیهٔ - - اكتبر - -", /* Persian */
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر", /* Urdu */
    "ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר", /* Hebrew */
    "- - מרס - - - - - - - - -", /* Hebrew */
    "ינו׳ פבר׳ - אפר׳ - - - אוג׳ ספט׳ אוק׳ נוב׳ דצמ׳", /* Hebrew */
    "ינו פבר - אפר - יונ יול אוג ספט אוק נוב דצמ", /* Hebrew */
    "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի "
    "նոյեմբերի դեկտեմբերի", /* Armenian */
    "հունվար փետրվար մարտ ապրիլ մայիս հունիս հուլիս օգոստոս սեպտեմբեր հոկտեմբեր "
    "նոյեմբեր դեկտեմբեր", /* Armenian */
    "Հնվ Փտր Մար Ապր Մայ Հնս Հլս Օգս Սեպ Հոկ Նմբ Դեկ", /* Armenian */
    "հնվ փտվ մրտ ապր մյս հնս հլս օգս սեպ հոկ նոյ դեկ", /* Armenian */
    "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი "
    "ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი "
    "დეკემბერი", /* Georgian */
    "იან თებ მარ აპრ მაი ივნ ივლ აგვ სექ ოქტ ნოე დეკ", /* Georgian */
    "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर", /* Hindi */
    "- फरवरी - - - - - - सितम्बर अक्तूबर नवम्बर दिसम्बर", /* Hindi */
    "जन॰ फ़र॰ - - - - जुल॰ अग॰ सित॰ अक्तू॰ नव॰ दिस॰", /* Hindi */
    "जाने फेब्रु - एप्रि मे - जुलै ऑग सप्टें ऑक्टो नोव्हें डिसें", /* Marathi */
    "जानेवारी फेब्रुवारी - एप्रिल - - - ऑगस्ट सप्टेंबर ऑक्टोबर नोव्हेंबर डिसेंबर", /* Marathi */
    "জানুয়ারী ফেব্রুয়ারী মার্চ এপ্রিল মে জুন "
    "জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর", /* Bengali */
    "জানু ফেব - এপ্রি - - জুল আগ সেপ অক্টো নভে ডিসে", /* Bengali */
    "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் "
    "ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்", /* Tamil */
    "ஜன பிப் மார் ஏப் - - - ஆக செப் அக் நவ டிச", /* Tamil */
    "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ "
    "జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్", /* Telugu */
    "జన ఫిబ్ర - ఏప్రి - - - ఆగ సెప్టెం అక్టో నవం డిసెం", /* Telugu */
    "જાન્યુઆરી ફેબ્રુઆરી માર્ચ એપ્રિલ મે જૂન "
    "જુલાઈ ઑગસ્ટ સપ્ટેમ્બર ઑક્ટોબર નવેમ્બર ડિસેમ્બર", /* Gujarati */
    "જાન્યુ ફેબ્રુ - - - - - - સપ્ટે ઑક્ટો નવે ડિસે", /* Gujarati */
    "ਜਨਵਰੀ ਫ਼ਰਵਰੀ ਮਾਰਚ ਅਪ੍ਰੈਲ ਮਈ ਜੂਨ ਜੁਲਾਈ ਅਗਸਤ ਸਤੰਬਰ ਅਕਤੂਬਰ ਨਵੰਬਰ ਦਸੰਬਰ", /* Punjabi */
    "ਜਨ ਫ਼ਰ - ਅਪ੍ਰੈ - - ਜੁਲਾ ਅਗ ਸਤੰ ਅਕਤੂ ਨਵੰ ਦਸੰ", /* Punjabi */
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม "
    "พฤศจิกายน ธันวาคม", /* Thai */
    "ม.ค ก.พ มี.ค เม.ย พ.ค มิ.ย ก.ค ส.ค ก.ย ต.ค พ.ย ธ.ค", /* Thai */
    "қаңтар ақпан наурыз сәуір мамыр маусым "
    "шілде тамыз қыркүйек қазан қараша желтоқсан", /* Kazakh */
    "Қаңтар Ақпан Наурыз Сәуір Мамыр Маусым "
    "Шілде Тамыз Қыркүйек Қазан Қараша Желтоқсан", /* Kazakh */
    "Қаң Ақп Нау Сәу Мам Мау Шіл Там Қыр Қаз Қар Жел", /* Kazakh */
    "қаң ақп нау сәу мам мау шіл там қыр қаз қар жел", /* Kazakh */
    "ജനുവരി ഫെബ്രുവരി മാർച്ച് ഏപ്രിൽ മേയ് ജൂൺ "
    "ജൂലൈ ഓഗസ്റ്റ് സെപ്റ്റംബർ ഒക്‌ടോബർ നവംബർ ഡിസംബർ", /* Malayalam */
    "ജനു ഫെബ്രു മാർ ഏപ്രി - - - ഓഗ സെപ്റ്റം ഒക്ടോ നവം ഡിസം", /* Malayalam */
    "ಜನವರಿ ಫೆಬ್ರವರಿ ಮಾರ್ಚ್ ಏಪ್ರಿಲ್ ಮೇ ಜೂನ್ "
    "ಜುಲೈ ಆಗಸ್ಟ್ ಸೆಪ್ಟೆಂಬರ್ ಅಕ್ಟೋಬರ್ ನವೆಂಬರ್ ಡಿಸೆಂಬರ್", /* Kannada */
    "ಜನ ಫೆಬ್ರ - ಏಪ್ರಿ - - - - ಸೆಪ್ಟೆಂ ಅಕ್ಟೋ ನವೆಂ ಡಿಸೆಂ", /* Kannada */
    /* clang-format on */
};

static const named weekdays[] = {
    /* clang-format off */
    {"AUTORAK", 2}, {"ND", 7}, {"NEDE?A", 7}, {"NEDELA", 7}, {"NEDELQ", 7}, {"NEDILQ", 7},
    {"NQDZELQ", 7}, {"PANQDZELAK", 1}, {"PETAK", 5}, {"PETOK", 5}, {"PET_K", 5}, {"PN", 1},
    {"PONEDE?AK", 1}, {"PONEDELNIK", 1}, {"PONEDELXNIK", 1}, {"PONEDILOK", 1}, {"PQTNICA", 5},
    {"PQTNICQ", 5}, {"PT", 5}, {"SABOTA", 6}, {"SB", 6}, {"SERADA", 3}, {"SEREDA", 3}, {"SREDA", 3},
    {"SRQDA", 3}, {"SUBBOTA", 6}, {"SUBOTA", 6}, {"S_BOTA", 6}, {"UTORAK", 2}, {"WIWTOROK", 2},
    {"WOSKRESENXE", 7}, {"WS", 7}, {"WTORNIK", 2}, {"carsamba", 3}, {"cetvrtak", 4}, {"cmt", 6},
    {"csutortok", 4}, {"ctvrtek", 4}, {"cuma", 5}, {"cumartesi", 6}, {"czw", 4}, {"czwartek", 4},
    {"dienstag", 2}, {"dimanche", 7}, {"dinsdag", 2}, {"domenica", 7}, {"domingo", 7},
    {"donderdag", 4}, {"donnerstag", 4}, {"duminica", 7}, {"fredag", 5}, {"freitag", 5},
    {"giovedi", 4}, {"hetfo", 1}, {"jeudi", 4}, {"joi", 4}, {"jueves", 4}, {"jumat", 5},
    {"kamis", 4}, {"kedd", 2}, {"keskiviikko", 3}, {"lauantai", 6}, {"lordag", 6}, {"lundi", 1},
    {"lunedi", 1}, {"lunes", 1}, {"luni", 1}, {"maanantai", 1}, {"maandag", 1}, {"mandag", 1},
    {"mardi", 2}, {"martedi", 2}, {"martes", 2}, {"marti", 2}, {"mercoledi", 3}, {"mercredi", 3},
    {"miercoles", 3}, {"miercuri", 3}, {"minggu", 7}, {"mittwoch", 3}, {"montag", 1}, {"nd", 7},
    {"nedele", 7}, {"nedjelja", 7}, {"niedziela", 7}, {"onsdag", 3}, {"patek", 5}, {"pazar", 7},
    {"pazartesi", 1}, {"pentek", 5}, {"perjantai", 5}, {"persembe", 4}, {"petak", 5}, {"piatek", 5},
    {"pn", 1}, {"pondeli", 1}, {"ponedjeljak", 1}, {"poniedzialek", 1}, {"pt", 5}, {"pzt", 1},
    {"quarta", 3}, {"quinta", 4}, {"rabu", 3}, {"sabado", 6}, {"sabato", 6}, {"sabtu", 6},
    {"sali", 2}, {"sambata", 6}, {"samedi", 6}, {"samstag", 6}, {"sb", 6}, {"segunda", 1},
    {"selasa", 2}, {"senin", 1}, {"sexta", 5}, {"sobota", 6}, {"sondag", 7}, {"sonnabend", 6},
    {"sonntag", 7}, {"sr", 3}, {"sreda", 3}, {"srijeda", 3}, {"sroda", 3}, {"streda", 3},
    {"subbota", 6}, {"subota", 6}, {"sunnuntai", 7}, {"szerda", 3}, {"szombat", 6}, {"terca", 2},
    {"tiistai", 2}, {"tirsdag", 2}, {"tisdag", 2}, {"torsdag", 4}, {"torstai", 4}, {"utery", 2},
    {"utorak", 2}, {"vasarnap", 7}, {"vendredi", 5}, {"venerdi", 5}, {"viernes", 5}, {"vineri", 5},
    {"vrijdag", 5}, {"woensdag", 3}, {"wt", 2}, {"wtorek", 2}, {"zaterdag", 6}, {"zondag", 7},
    {"~ACWER", 4}, {"~ETWERG", 4}, {"~ETWRTAK", 4}, {"~ETWRTOK", 4}, {"~ETW_RT_K", 4}, {"~T", 4},
    /* clang-format on */
};

/* What Windows calls its zones, before "Standard Time" (bias of the registry's Time Zones key as of
 * 2008, unicode.org/cldr windowsZones.xml for the names); "Daylight Time" is an hour more. */
static const named windows_zones[] = {
    /* clang-format off */
    {"Dateline", -720}, {"Samoa", -660}, {"Hawaiian", -600}, {"Alaskan", -540}, {"Pacific", -480},
    {"US Mountain", -420}, {"Mountain", -420}, {"Mexico", -360},
    {"Central America", -360}, {"Central", -360}, {"Canada Central", -360}, {"SA Pacific", -300},
    {"Eastern", -300},
    {"US Eastern", -300}, {"Venezuela", -270}, {"Atlantic", -240}, {"SA Western", -240},
    {"Central Brazilian", -240},
    {"Pacific SA", -240}, {"Newfoundland", -210}, {"E. South America", -180}, {"Argentina", -180},
    {"SA Eastern", -180},
    {"Greenland", -180}, {"Montevideo", -180}, {"Mid-Atlantic", -120}, {"Azores", -60},
    {"Cape Verde", -60},
    {"Morocco", 0}, {"GMT", 0}, {"Greenwich", 0}, {"UTC", 0}, {"W. Europe", 60},
    {"Central Europe", 60},
    {"Romance", 60}, {"Central European", 60}, {"W. Central Africa", 60}, {"Namibia", 60},
    {"Jordan", 120}, {"GTB", 120},
    {"Middle East", 120}, {"Egypt", 120}, {"South Africa", 120}, {"FLE", 120}, {"Israel", 120},
    {"E. Europe", 120},
    {"Arabic", 180}, {"Arab", 180}, {"Russian", 180}, {"E. Africa", 180}, {"Georgian", 180},
    {"Iran", 210},
    {"Arabian", 240}, {"Azerbaijan", 240}, {"Caucasus", 240}, {"Mauritius", 240},
    {"Afghanistan", 270},
    {"Ekaterinburg", 300}, {"Pakistan", 300}, {"West Asia", 300}, {"India", 330},
    {"Sri Lanka", 330}, {"Nepal", 345},
    {"N. Central Asia", 360}, {"Central Asia", 360}, {"Bangladesh", 360}, {"Myanmar", 390},
    {"SE Asia", 420},
    {"North Asia", 420}, {"China", 480}, {"North Asia East", 480}, {"Singapore", 480},
    {"W. Australia", 480},
    {"Taipei", 480}, {"Ulaanbaatar", 480}, {"Tokyo", 540}, {"Japan", 540}, {"Korea", 540},
    {"Yakutsk", 540},
    {"Cen. Australia", 570}, {"AUS Central", 570}, {"E. Australia", 600}, {"AUS Eastern", 600},
    {"West Pacific", 600},
    {"Tasmania", 600}, {"Vladivostok", 600}, {"Central Pacific", 660}, {"New Zealand", 720},
    {"Fiji", 720},
    {"Tonga", 780}, {"Alaska", -540}, {"Hawaii", -600}, {"Philippine", 480}, {"Hong Kong", 480},
    {"Malay Peninsula", 480},
    /* clang-format on */
};

/* Zones whose names are written whole. */
static const named whole_zones[] = {
    {"Greenwich Mean Time", 0},
    {"Coordinated Universal Time", 0},
    {"Universal Time", 0},
    {"British Summer Time", 60},
    {"Irish Summer Time", 60},
    {"Western European Time", 0},
    {"Western European Summer Time", 60},
    {"Central European Time", 60},
    {"Central European Summer Time", 120},
    {"Middle European Time", 60},
    {"Middle European Summer Time", 120},
    {"Eastern European Time", 120},
    {"Eastern European Summer Time", 180},
    {"Moscow Time", 180},
    {"Mitteleurop\xc3\xa4ische Zeit", 60},
    {"Mitteleurop\xc3\xa4ische Sommerzeit", 120},
    {"Westeurop\xc3\xa4ische Normalzeit", 60},
    {"Westeurop\xc3\xa4ische Sommerzeit", 120},
};

/* --- letters --- */

/* The plain letters of U+00C0 to U+00FF and U+0100 to U+017F; '?' if there is none. */
static const char latin1_letters[] =
    "aaaaaaaceeeeiiiidnooooo?ouuuuypsaaaaaaaceeeeiiiidnooooo?ouuuuypy";
static const char latin_a_letters[] =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooo"
    "oooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
/* U+0410 to U+042F, and from U+0430 the same again, as KOI8-R's lower half has them, in capitals: a
 * name in Cyrillic is none in Latin, as Belarus's October begins with the letters of Turkey's
 * November. */
static const char cyrillic_letters[] = "ABWGDEVZIJKLMNOPRSTUFHC~{}_YX|@Q";
/* U+03B1 to U+03C9. */
static const char greek_letters[] = "abgdezh8iklmnxoprsstufcqw";

/* U+00C0 to U+00FF of ISO-8859-13 and ISO-8859-9, likewise; of ISO-8859-2 from 0x80 on, where
 * Windows-1250 has letters, too. */
static const char baltic_letters[] =
    "aiacaaeecezegkilsnnoooo?ulsuuzzsaiacaaeecezegkilsnnoooo?ulsuuzz?";
static const char turkish_letters[] =
    "aaaaaaaceeeeiiiignooooo?ouuuuissaaaaaaaceeeeiiiignooooo?ouuuuisy";
static const char latin2_letters[] =
    "??????????s?stzz??????????s?stzz?a?l?ls??sstz?zz?a?l?ls??sstz?zz"
    "raaaalccceeeeiiddnnoooo?ruuuuytsraaaalccceeeeiiddnnoooo?ruuuuyt?";

/* What bytes are letters of. A word in a charset of Cyrillic or Greek has no letters of ASCII, and
 * one in a Latin charset has some: "\xcd\xc1\xd1" is May in KOI8-R, and begins January in Greek by
 * Latin-1. */
typedef enum letters {
  LETTERS_LATIN,
  LETTERS_LATIN2,
  LETTERS_TURKISH,
  LETTERS_BALTIC,
  LETTERS_KOI8,
  LETTERS_1251,
  LETTERS_8859_5,
  LETTERS_866,
  LETTERS_GREEK,
  LETTERS_COUNT
} letters;

static char greek_letter(uint32_t c) {
  static const struct {
    uint16_t accented;
    char plain;
  } accents[] = {
      {0x386, 'a'}, {0x388, 'e'}, {0x389, 'h'}, {0x38a, 'i'}, {0x38c, 'o'},
      {0x38e, 'u'}, {0x38f, 'w'}, {0x390, 'i'}, {0x3aa, 'i'}, {0x3ab, 'u'},
      {0x3ac, 'a'}, {0x3ad, 'e'}, {0x3ae, 'h'}, {0x3af, 'i'}, {0x3b0, 'u'},
      {0x3ca, 'i'}, {0x3cb, 'u'}, {0x3cc, 'o'}, {0x3cd, 'u'}, {0x3ce, 'w'},
  };
  for (size_t i = 0; i < sizeof accents / sizeof *accents; i++)
    if (accents[i].accented == c)
      return accents[i].plain;
  if (c >= 0x391 && c <= 0x3a9)
    c += 0x20; /* to small letters */
  return c >= 0x3b1 && c <= 0x3c9 ? greek_letters[c - 0x3b1] : '?';
}

/* One plain letter of a byte above ASCII. */
static char letter_of_byte(unsigned char c, letters how) {
  switch (how) {
  case LETTERS_LATIN: return c < 0xc0 ? '?' : latin1_letters[c - 0xc0];
  case LETTERS_LATIN2: return latin2_letters[c - 0x80];
  case LETTERS_TURKISH: return c < 0xc0 ? '?' : turkish_letters[c - 0xc0];
  case LETTERS_BALTIC: return c < 0xc0 ? '?' : baltic_letters[c - 0xc0];
  case LETTERS_KOI8: {
    const char low = (char)(0x40 | (c & 0x1f));
    if (c < 0xc0)
      return (c & 0xee) == 0xa6 ? 'I' : '?'; /* KOI8-U */
    return low >= '[' && low <= '^' ? (char)(low + 0x20) : low;
  }
  case LETTERS_1251:
    if (c >= 0xc0)
      return cyrillic_letters[c & 0x1f];
    if (memchr("\xa3\xbc", c, 2))
      return 'J';
    if (memchr("\xa1\xa2", c, 2))
      return 'U';
    return memchr("\xb2\xb3\xaf\xbf", c, 4) ? 'I' : '?';
  case LETTERS_8859_5:
    if (c >= 0xb0 && c < 0xf0)
      return cyrillic_letters[(c - 0xb0) & 0x1f];
    if ((c & 0x0f) == 8)
      return 'J';
    if ((c & 0x0f) == 0x0e)
      return 'U';
    return (c & 0x0e) == 6 ? 'I' : '?';
  case LETTERS_866:
    if (c < 0xb0)
      return cyrillic_letters[c & 0x1f];
    return (c & 0xf0) == 0xe0 ? cyrillic_letters[0x10 | (c & 0x0f)] : '?';
  case LETTERS_GREEK: return greek_letter(c + 0x2d0u);
  case LETTERS_COUNT: break;
  }
  return '?';
}

/* One plain letter of a code point, or of a byte that stands for itself; '\0': nothing. */
static char letter_of(uint32_t c, letters how) {
  if (c < 0x80)
    return tide_lower((char)c);
  if (c == 0x301 || c == 0x307)
    return '\0'; /* accents that stand alone */
  if (c >= 0x410 && c <= 0x44f)
    return cyrillic_letters[(c - 0x410) % 32];
  if (c == 0x404 || c == 0x454)
    return 'E'; /* Ukrainian */
  if (c == 0x406 || c == 0x407 || c == 0x456 || c == 0x457)
    return 'I';
  if (c == 0x408 || c == 0x458)
    return 'J'; /* Serbian */
  if (c == 0x40e || c == 0x45e)
    return 'U'; /* Belarusian */
  if (c >= 0x386 && c <= 0x3ce)
    return greek_letter(c);
  if (c >= 0x100 && c <= 0x17f)
    return latin_a_letters[c - 0x100];
  return c > 0xff ? '?' : letter_of_byte((unsigned char)c, how);
}

/* Is it whole UTF-8? "\xd3\xa6\xde" is Ukraine's January in KOI8-U, of which two bytes could be. */
static bool is_utf8(tide_span word) {
  uint32_t c;
  for (size_t at = 0, len; at < word.len; at += len)
    if ((len = tide_utf8_take(tide_span_slice(word, at, word.len), &c)) == 0)
      return false;
  return true;
}

static tide_span fold(tide_span word, letters how, char out[NAME_MAX_LETTERS]) {
  /* Short months in code page 866 are UTF-8, too, of letters that no month has. */
  const bool unicode = how != LETTERS_866 && is_utf8(word);
  bool cyrillic = false;
  size_t len = 0;
  for (size_t at = 0, step = 1; at < word.len; at += step) {
    uint32_t point = (unsigned char)word.ptr[at];
    if (unicode)
      step = tide_utf8_take(tide_span_slice(word, at, word.len), &point);
    const char c = letter_of(point, how);
    if (c == '\0')
      continue;
    if (len == NAME_MAX_LETTERS)
      return (tide_span){0};
    cyrillic |= c >= 'A' && c <= 'Z';
    out[len++] = c;
  }
  /* Ukrainian is written with a Latin "i", too. */
  for (size_t i = 0; cyrillic && i < len; i++)
    if (tide_is_alpha(out[i]))
      out[i] = (char)(out[i] & ~0x20);
  return tide_span_make(out, len);
}

/* The number of the names that word begins; 0 for none, -1 for several that differ. A whole name is
 * no other's beginning. */
static int named_number(const named *names, size_t count, tide_span word) {
  size_t low = 0, high = count;
  while (low < high) { /* the first name that is not before word */
    size_t middle = (low + high) / 2;
    if (tide_span_compare(tide_span_of(names[middle].name), word) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  int found = 0;
  for (; low < count && tide_span_starts(tide_span_of(names[low].name), word); low++) {
    const int number = names[low].number;
    if (names[low].name[word.len] == '\0')
      return number < 0 ? -number : number;
    if (number < 0)
      continue;
    if (found && found != number)
      found = -1;
    else if (!found)
      found = number;
  }
  return found;
}

static int any_number(const named *names, size_t count, tide_span word, size_t least) {
  char plain[NAME_MAX_LETTERS];
  bool ascii = true, latin = false;
  for (size_t i = 0; i < word.len; i++) {
    ascii &= (unsigned char)word.ptr[i] < 0x80;
    latin |= tide_is_alpha(word.ptr[i]);
  }
  const int first = latin ? LETTERS_LATIN : LETTERS_KOI8,
            last = latin ? LETTERS_KOI8 : LETTERS_COUNT;
  int number = 0;
  for (int how = first; how < last && number <= 0; how++) {
    tide_span folded = fold(word, (letters)how, plain);
    if (folded.len >= least)
      number = named_number(names, count, folded);
    if (ascii)
      break; /* which all read alike */
  }
  return number;
}

#ifndef NDEBUG
/* named_number searches by halves. */
__attribute__((constructor)) static void check_order(void) {
  const named *const tables[] = {months, other_months, weekdays};
  const size_t counts[] = {sizeof months / sizeof *months,
                           sizeof other_months / sizeof *other_months,
                           sizeof weekdays / sizeof *weekdays};
  for (size_t t = 0; t < sizeof counts / sizeof *counts; t++)
    for (size_t i = 1; i < counts[t]; i++)
      TIDE_INVARIANT(tide_span_compare(tide_span_of(tables[t][i - 1].name),
                                       tide_span_of(tables[t][i].name)) < 0);
}
#endif

static int spelt_number(tide_span word) {
  for (size_t i = 0; i < sizeof spelt_months / sizeof *spelt_months; i++) {
    tide_span row = tide_span_of(spelt_months[i]);
    for (int month = 1; row.len; month++) {
      const size_t end = tide_span_find_char(row, ' ');
      if (tide_span_equal(tide_span_slice(row, 0, end), word))
        return month;
      row = tide_span_slice(row, end + 1, row.len);
    }
  }
  return 0;
}

int tide_month_named(tide_span word, int *other) {
  const int spelt = word.len && (unsigned char)word.ptr[0] >= 0xc0 ? spelt_number(word) : 0;
  *other = 0;
  if (spelt)
    return spelt;
  /* Hebrew's "in" is a letter of the word that it comes before. */
  if (tide_span_starts(word, SPAN("\xd7\x91")))
    return spelt_number(tide_span_slice(word, 2, word.len));
  int month = any_number(months, sizeof months / sizeof *months, word, 3);
  *other = any_number(other_months, sizeof other_months / sizeof *other_months, word, 3);
  return month > 0 ? month : *other;
}

int tide_weekday_named(tide_span word) {
  return any_number(weekdays, sizeof weekdays / sizeof *weekdays, word, 2);
}

size_t tide_zone_words(tide_span s, bool *known, int *minutes) {
  enum { ZONE_WORDS_MAX = 48 };
  *known = false;
  for (size_t i = 0; i < sizeof whole_zones / sizeof *whole_zones; i++) {
    tide_span name = tide_span_of(whole_zones[i].name);
    if (tide_span_istarts(s, name) && (s.len == name.len || !tide_is_alnum(s.ptr[name.len]))) {
      *known = true;
      *minutes = whole_zones[i].number;
      return name.len;
    }
  }
  s = tide_span_slice(s, 0, ZONE_WORDS_MAX);
  const tide_span standard = SPAN(" Standard Time"), daylight = SPAN(" Daylight Time");
  size_t at = tide_span_ifind(s, standard), extra = 0;
  if (at == s.len) {
    at = tide_span_ifind(s, daylight);
    extra = 60;
  }
  if (at == s.len)
    return 0;
  for (size_t i = 0; i < at; i++)
    if (!tide_is_alpha(s.ptr[i]) && s.ptr[i] != ' ' && s.ptr[i] != '.' && s.ptr[i] != '-')
      return 0;
  for (size_t i = 0; i < sizeof windows_zones / sizeof *windows_zones; i++)
    if (tide_span_iequal(tide_span_slice(s, 0, at), tide_span_of(windows_zones[i].name))) {
      *known = true;
      *minutes = windows_zones[i].number + (int)extra;
    }
  return at + standard.len;
}
