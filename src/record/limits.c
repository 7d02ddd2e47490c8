// What the system allows.
#include <stdio.h>
#include <sys/resource.h>

#include "record/internal.h"

int kernel_setting(const char *path) {
  int level = 0;
  FILE *f = fopen(path, "re");
  if (!f) return 0;
  if (fscanf(f, "%d", &level) != 1) level = 0;
  fclose(f);
  return level;
}

void raise_file_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit)) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}
