// Arrays that grow by half. realloc moves large ones by remapping pages, so growth neither copies nor keeps two
// copies resident.
#include <stdlib.h>

#include "base/base.h"

int array_reserve(void *array_ptr, size_t *cap, size_t need, size_t element_size) {
  if (need <= *cap) return 0;
  size_t want = *cap + *cap / 2;
  if (want < need) want = need;
  if (want < 16) want = 16;
  if (want > SIZE_MAX / element_size) return -1;
  void *old;
  memcpy(&old, array_ptr, sizeof old);
  void *grown = realloc(old, want * element_size);
  if (!grown) return -1;
  memcpy(array_ptr, &grown, sizeof grown);
  *cap = want;
  return 0;
}

int64_t int64_from_double(double f) {
  if (f >= -9223372036854775808.0 && f < 9223372036854775808.0) return (int64_t)f;
  return INT64_MIN;
}
