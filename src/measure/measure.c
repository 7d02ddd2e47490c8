// Unit tables and the arithmetic on them.
#include "measure/measure.h"

#include <math.h>
#include <stdio.h>

enum { MAX_ALIASES = 3 };

struct unit {
  const char *name;
  const char *alias[MAX_ALIASES];  // lower case, singular
  double factor;                   // in the family's base unit
};

struct family {
  const struct unit *unit;
  size_t n;
  const char *default_name;
  double default_factor;
};

static const struct unit memory_units[] = {
    {"B", {"b", "byte"}, 1},
    {"kB", {"kb", "kbyte", "kilobyte"}, 0x1p10},
    {"MB", {"mb", "mbyte", "megabyte"}, 0x1p20},
    {"GB", {"gb", "gbyte", "gigabyte"}, 0x1p30},
    {"TB", {"tb", "tbyte", "terabyte"}, 0x1p40},
    {"PB", {"pb", "pbyte", "petabyte"}, 0x1p50},
};

static const struct unit time_units[] = {
    {"ns", {"ns", "nanosecond"}, 1},    {"us", {"us", "microsecond"}, 1e3}, {"ms", {"ms", "millisecond"}, 1e6},
    {"s", {"s", "sec", "second"}, 1e9}, {"hrs", {"hour", "hr"}, 3600e9},
};

static const struct unit gcu_units[] = {
    {"n*GCU", {"nanogcu"}, 1e-9}, {"u*GCU", {"microgcu"}, 1e-6}, {"m*GCU", {"milligcu"}, 1e-3},
    {"GCU", {"gcu"}, 1},          {"k*GCU", {"kilogcu"}, 1e3},   {"M*GCU", {"megagcu"}, 1e6},
    {"G*GCU", {"gigagcu"}, 1e9},  {"T*GCU", {"teragcu"}, 1e12},  {"P*GCU", {"petagcu"}, 1e15},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
static const struct family families[] = {
    {memory_units, COUNT(memory_units), "B", 1},
    {time_units, COUNT(time_units), "s", 1e9},
    {gcu_units, COUNT(gcu_units), "GCU", 1},
};

static const struct unit *find_unit(const struct family *f, struct str name) {
  char folded[16];
  if (name.n > sizeof folded) return NULL;
  for (size_t i = 0; i < name.n; i++) {
    char c = name.p[i];
    folded[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  struct str plain = {folded, name.n};
  if (plain.n > 2 && folded[plain.n - 1] == 's') plain.n--;
  for (size_t i = 0; i < f->n; i++)
    for (size_t k = 0; k < MAX_ALIASES && f->unit[i].alias[k]; k++)
      if (str_eq(plain, str_of(f->unit[i].alias[k]))) return &f->unit[i];
  return NULL;
}

static bool is_auto(struct str unit) { return str_eq(unit, STR_LIT("minimum")) || str_eq(unit, STR_LIT("auto")); }

// The unit with the largest factor in which the value is at least 1, or NULL.
static const struct unit *largest_below(const struct family *f, double value) {
  const struct unit *best = NULL;
  for (size_t i = 0; i < f->n; i++)
    if (value / f->unit[i].factor >= 1 && (!best || f->unit[i].factor >= best->factor)) best = &f->unit[i];
  return best;
}

static double scale_in_family(const struct family *f, double base_value, struct str to, struct str *unit) {
  const struct unit *target = is_auto(to) ? largest_below(f, base_value) : find_unit(f, to);
  *unit = str_of(target ? target->name : f->default_name);
  return base_value / (target ? target->factor : f->default_factor);
}

double measure_scale(int64_t value, struct str from, struct str to, struct str *unit) {
  if (value < 0 && value != INT64_MIN) return -measure_scale(-value, from, to, unit);
  for (size_t i = 0; i < COUNT(families); i++) {
    const struct unit *source = find_unit(&families[i], from);
    if (source) return scale_in_family(&families[i], (double)value * source->factor, to, unit);
  }
  bool silent =
      is_auto(to) || str_eq(to, STR_LIT("count")) || str_eq(to, STR_LIT("sample")) || str_eq(to, STR_LIT("unit"));
  *unit = silent ? STR_LIT("") : to;
  return (double)value;
}

// What "%.2f" prints, for numbers below 2^52: the exact value of the double, a half to the even digit. Reports print
// hundreds of thousands of them, and printf works with numbers of any length.
static struct str two_decimals(double v, char *text, size_t size) {
  uint64_t bits;
  memcpy(&bits, &v, sizeof bits);
  unsigned exponent = bits >> 52 & 0x7ff;
  if (exponent >= 1023 + 52) return (struct str){text, (size_t)snprintf(text, size, "%.2f", v)};
  // |v| is mantissa * 2^-shift.
  uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | (exponent ? UINT64_C(1) << 52 : 0), hundredths = 0;
  unsigned shift = 1075 - (exponent ? exponent : 1);
  if (shift < 62) {
    uint64_t scaled = mantissa * 100, half = UINT64_C(1) << (shift - 1), rest = scaled & (2 * half - 1);
    hundredths = scaled >> shift;
    hundredths += rest > half || (rest == half && hundredths & 1);
  }
  char *end = text + size, *at = end;
  for (int digit = 0; digit < 3 || hundredths; digit++, hundredths /= 10) {
    if (digit == 2) *--at = '.';
    *--at = (char)('0' + hundredths % 10);
  }
  if (bits >> 63) *--at = '-';
  return (struct str){at, (size_t)(end - at)};
}

void measure_label(struct buf *out, int64_t value, struct str from, struct str to) {
  struct str unit;
  double scaled = measure_scale(value, from, to, &unit);
  char text[340];
  struct str digits = two_decimals(scaled, text, sizeof text);
  if (str_ends(digits, STR_LIT(".00"))) digits.n -= 3;
  bool zero = str_eq(digits, STR_LIT("0")) || str_eq(digits, STR_LIT("-0"));
  buf_str(out, zero ? STR_LIT("0") : digits);
  if (!zero) buf_str(out, unit);
}

void measure_percentage(struct buf *out, int64_t value, int64_t total) {
  double share = total ? fabs((double)value / (double)total) * 100 : 0;
  if (share >= 99.95 && share <= 100.05) {
    buf_adds(out, "  100%");
  } else if (share >= 1) {
    char text[340];
    buf_right(out, two_decimals(share, text, sizeof text), 5);
    buf_addc(out, '%');
  } else {
    buf_addf(out, "%5.2g%%", share);
  }
}

bool measure_same_family(struct str a, struct str b) {
  for (size_t i = 0; i < COUNT(families); i++)
    if (find_unit(&families[i], a) && find_unit(&families[i], b)) return true;
  return false;
}
