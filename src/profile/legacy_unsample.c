// Estimates of what was allocated from what was sampled. An allocation of size S is sampled with the probability
// 1 - exp(-S/R) at a mean distance of R bytes between samples, so its values count by one over that.
//
// Small sizes make the subtraction cancel almost all digits and the result is truncated, so that the last bit of exp
// decides about the number the user sees. To show the reference's numbers, exp is computed step by step as Go's math
// package does it on amd64 with fused multiply-add. The method is Naoki Shibata's (SLEEF, public domain).
#include <math.h>

#include "profile/legacy_parts.h"

// e^x = 2^k e^r with |r| <= ln 2 / 2. The Taylor series is taken at r/16, as t = e^(r/16) - 1; from e^s - 1 = t follows
// e^2s - 1 = t(t + 2), four times.
static double exponential(double x) {
  static const double taylor[] = {1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0};
  const double log2_e = 1.4426950408889634, largest = 7.09782712893384e+02, smallest = -708.0;
  const double ln2_high = 0.69314718055966295651160180568695068359375, ln2_low = 0.28235290563031577122588448175013e-12;
  if (x > largest) return HUGE_VAL;
  if (x < smallest) return 0;  // not quite, but one less this is one
  double k = rint(x * log2_e);
  double r = fma(-k, ln2_low, fma(-k, ln2_high, x)) / 16;
  double sum = taylor[0];
  for (size_t i = 1; i < sizeof taylor / sizeof *taylor; i++) sum = fma(r, sum, taylor[i]);
  double t = r * sum;
  for (int i = 0; i < 3; i++) t *= t + 2;
  return ldexp(fma(t + 2, t, 1), (int)k);
}

void unsample(int64_t *count, int64_t *size, int64_t rate) {
  if (*count == 0 || *size == 0) {
    *count = *size = 0;
    return;
  }
  if (rate <= 1) return;  // all is there, or the rate is not known
  double mean_size = (double)*size / (double)*count;
  double scale = 1 / (1 - exponential(-mean_size / (double)rate));
  *count = int64_from_double((double)*count * scale);
  *size = int64_from_double((double)*size * scale);
}
