// Names of character classes in Go's regular expressions, and what PCRE2 has to be told about them.
//
// The tables are Unicode 15.0's as Go 1.24 has them. Names are lists in one string, which needs no pointers and is
// searched only while a pattern is read.
#include "base/rx_names.h"

static const struct rx_group groups[] = {
    {"alnum", 0, 3, {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
    {"alpha", 0, 2, {{'A', 'Z'}, {'a', 'z'}}},
    {"ascii", 0, 1, {{0, 0x7f}}},
    {"blank", 0, 2, {{'\t', '\t'}, {' ', ' '}}},
    {"cntrl", 0, 2, {{0, 0x1f}, {0x7f, 0x7f}}},
    {"digit", 'd', 1, {{'0', '9'}}},
    {"graph", 0, 1, {{'!', '~'}}},
    {"lower", 0, 1, {{'a', 'z'}}},
    {"print", 0, 1, {{' ', '~'}}},
    {"punct", 0, 4, {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
    {"space", 0, 2, {{'\t', '\r'}, {' ', ' '}}},
    {"upper", 0, 1, {{'A', 'Z'}}},
    {"word", 'w', 4, {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
    {"xdigit", 0, 3, {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
    {NULL, 's', 3, {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}},
};

// The names Go 1.24 knows after \p, spelled exactly so. PCRE2 takes more.
static const char categories[] =
    " C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs Any ";
static const char scripts[] =
    " Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki"
    " Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee"
    " Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan"
    " Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi"
    " Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited"
    " Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li Kharoshthi"
    " Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani"
    " Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui"
    " Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari"
    " New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian"
    " Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong"
    " Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian"
    " Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le"
    " Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai"
    " Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square ";

struct ranges_of {
  const char *name, *ranges;
};

// Names that PCRE2 10.42 (Unicode 14) lacks, or reads otherwise: its \p{C} has the unassigned code points as well.
static const struct ranges_of own_ranges[] = {
    {"Any", "0-10ffff"},
    {"Kawi", "11f00-11f10 11f12-11f3a 11f3e-11f59"},
    {"Nag_Mundari", "1e4d0-1e4f9"},
};

// What (?i) adds to a name: the code points that are not in it but differ only in case from one that is. Code points
// between two of them that are in it already are not left out, which keeps the list short. Other names need nothing.
static const struct ranges_of fold_ranges[] = {
    {"L", "345"},
    {"Ll",
     "41-5a c0-d6 d8-de 100-12e 132-1b8 1bc 1c4-24e 345 370-372 376 37f 386 388-38a 38c 38e-3a1 3a3-3cf 3d8-3f4 3f7-480"
     " 48a-52e 531-556 10a0-10c5 10c7 10cd 13a0-13f5 1c90-1cba 1cbd-1cbf 1e00-1f0f 1f18-1f1d 1f28-1f3f 1f48-1f4d 1f59"
     " 1f5b 1f5d 1f5f-1f6f 1f88-1faf 1fb8-1fbc 1fc8-1fcc 1fd8-1fdb 1fe8-1fec 1ff8-1ffc 2126 212a-212b 2132 2183"
     " 2c00-2c75 2c7e-2ce2 2ceb-2ced 2cf2 a640-a66c a680-a69a a722-a76e a779-a786 a78b-a78d a790-a7c9 a7d0 a7d6-a7d8"
     " a7f5 ff21-ff3a 10400-10427 104b0-104d3 10570-1057a 1057c-1058a 1058c-10592 10594-10595 10c80-10cb2 118a0-118bf"
     " 16e40-16e5f 1e900-1e921"},
    {"Lt", "1c4-1cc 1f1-1f3 1f80-1fa7 1fb3 1fc3 1ff3"},
    {"Lu",
     "61-7a b5 df-f6 f8-12f 133-137 13a-148 14b-18c 192-19a 19e-1a8 1ad-1b9 1bd 1bf 1c5-1ef 1f2-21f 223-233 23c-254"
     " 256-257 259 25b-25c 260-261 263 265-266 268-26c 26f 271-272 275 27d 280 282-283 287-28c 292 29d-29e 345 371-373"
     " 377 37b-37d 3ac-3af 3b1-3f5 3f8-3fb 430-481 48b-52f 561-586 10d0-10fa 10fd-10ff 13f8-13fd 1c80-1c88 1d79 1d7d"
     " 1d8e 1e01-1e95 1e9b 1ea1-1f15 1f20-1f45 1f51 1f53 1f55 1f57 1f60-1f7d 1fb0-1fb1 1fbe 1fd0-1fd1 1fe0-1fe1 1fe5"
     " 214e 2184 2c30-2c6c 2c73 2c76 2c81-2ce3 2cec-2cee 2cf3 2d00-2d25 2d27 2d2d a641-a66d a681-a69b a723-a72f"
     " a733-a76f a77a-a787 a78c a791-a794 a797-a7a9 a7b5-a7ca a7d1 a7d7-a7d9 a7f6 ab53 ab70-abbf ff41-ff5a 10428-1044f"
     " 104d8-104fb 10597-105a1 105a3-105b1 105b3-105b9 105bb-105bc 10cc0-10cf2 118c0-118df 16e60-16e7f 1e922-1e943"},
    {"M", "399 3b9 1fbe"},
    {"Mn", "399 3b9 1fbe"},
    {"Common", "39c 3bc"},
    {"Greek", "b5 345"},
    {"Inherited", "399 3b9 1fbe"},
};
#define FIND_RANGES(table, name) find_ranges(table, sizeof(table) / sizeof *(table), name)

static const char *find_ranges(const struct ranges_of *table, size_t n, struct str name) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(str_of(table[i].name), name)) return table[i].ranges;
  return NULL;
}

static bool listed(const char *list, struct str name) {
  char key[40] = " ";
  if (name.n == 0 || name.n > sizeof key - 3 || memchr(name.p, ' ', name.n) || memchr(name.p, '\0', name.n))
    return false;
  memcpy(key + 1, name.p, name.n);
  key[name.n + 1] = ' ';
  return strstr(list, key) != NULL;
}

const struct rx_group *rx_group_of_escape(int c) {
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    if (groups[i].escape && (c | 0x20) == groups[i].escape) return &groups[i];
  return NULL;
}

const struct rx_group *rx_group_of_name(struct str name) {
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
    if (groups[i].name && str_eq(str_of(groups[i].name), name)) return &groups[i];
  return NULL;
}

bool rx_is_category(struct str name) { return listed(categories, name); }

bool rx_is_script(struct str name) { return listed(scripts, name); }

const char *rx_own_ranges(struct str name) { return FIND_RANGES(own_ranges, name); }

const char *rx_fold_ranges(struct str name) { return FIND_RANGES(fold_ranges, name); }
