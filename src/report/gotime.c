// Times and durations as Go's time package prints them.
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "report/internal.h"

static const int64_t second = 1000000000;

// Splits so that the fraction is never negative.
static bool local(int64_t unix_nanos, struct tm *tm, int64_t *fraction) {
  int64_t seconds = unix_nanos / second;
  *fraction = unix_nanos % second;
  if (*fraction < 0) {
    *fraction += second;
    seconds--;
  }
  time_t t = (time_t)seconds;
  return localtime_r(&t, tm) != NULL;
}

static void formatted(struct buf *out, const struct tm *tm, const char *format) {
  char text[64];
  buf_add(out, text, strftime(text, sizeof text, format, tm));
}

// ".25" for a quarter of the unit; nothing for 0. `digits` is how many the whole unit has.
static void fraction_text(struct buf *out, uint64_t fraction, unsigned digits) {
  char text[24];
  if (fraction == 0) return;
  for (unsigned i = digits; i-- > 0; fraction /= 10) text[i] = (char)('0' + fraction % 10);
  while (text[digits - 1] == '0') digits--;
  buf_addc(out, '.');
  buf_add(out, text, digits);
}

void go_time(struct buf *out, int64_t unix_nanos) {
  struct tm tm;
  int64_t fraction;
  if (!local(unix_nanos, &tm, &fraction)) return;
  formatted(out, &tm, "%Y-%m-%d %H:%M:%S");
  fraction_text(out, (uint64_t)fraction, 9);
  formatted(out, &tm, " %z %Z");
}

void go_time_of_day(struct buf *out, int64_t unix_nanos) {
  struct tm tm;
  int64_t fraction;
  if (local(unix_nanos, &tm, &fraction)) formatted(out, &tm, "%Y-%m-%d %H:%M:%S %Z");
}

void go_duration(struct buf *out, int64_t nanos) {
  uint64_t u = nanos < 0 ? 0 - (uint64_t)nanos : (uint64_t)nanos;
  if (nanos < 0) buf_addc(out, '-');
  if (u == 0) {
    buf_adds(out, "0s");
  } else if (u < 1000) {
    buf_addf(out, "%" PRIu64 "ns", u);
  } else if (u < 1000000) {
    buf_addf(out, "%" PRIu64, u / 1000);
    fraction_text(out, u % 1000, 3);
    buf_adds(out, "µs");
  } else if (u < (uint64_t)second) {
    buf_addf(out, "%" PRIu64, u / 1000000);
    fraction_text(out, u % 1000000, 6);
    buf_adds(out, "ms");
  } else {
    uint64_t s = u / (uint64_t)second;
    if (s >= 3600) buf_addf(out, "%" PRIu64 "h", s / 3600);
    if (s >= 60) buf_addf(out, "%" PRIu64 "m", s / 60 % 60);
    buf_addf(out, "%" PRIu64, s % 60);
    fraction_text(out, u % (uint64_t)second, 9);
    buf_addc(out, 's');
  }
}
