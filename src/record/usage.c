// CPU time of a running process, from /proc/PID/stat: ticks, fields 14 and on.
#include <stdio.h>
#include <unistd.h>

#include "record/internal.h"

double usage_of(pid_t pid) {
  char path[40], text[1024];
  unsigned long ticks;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *f = fopen(path, "re");
  if (!f) return -1;
  size_t n = fread(text, 1, sizeof text - 1, f);
  fclose(f);
  text[n] = '\0';
  // The name before may hold blanks and parentheses.
  const char *behind = strrchr(text, ')');
  if (!behind || sscanf(behind + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &ticks) != 1) return -1;
  return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}
