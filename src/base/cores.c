// How many threads are worth starting.
#include <unistd.h>

#include "base/base.h"

unsigned cores_online(unsigned most) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores < 1 ? 1 : (unsigned long)cores < most ? (unsigned)cores : most;
}
