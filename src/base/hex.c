// Hexadecimal digits.
#include "base/base.h"

int hex_digit(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_number(struct str digits, uint64_t *value) {
  *value = 0;
  for (size_t i = 0; i < digits.n; i++) {
    int digit = hex_digit(digits.p[i]);
    if (digit < 0 || *value >> 60) return false;
    *value = *value << 4 | (uint64_t)digit;
  }
  return digits.n > 0;
}
