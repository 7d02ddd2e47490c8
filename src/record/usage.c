// CPU time of a running process, or of one that has ended and was not waited for, from /proc/PID/stat: ticks, fields 14 to 17
// are its own time outside and in the kernel, then the same of the processes it started and waited for.
#include <stdio.h>
#include <unistd.h>

#include "record/internal.h"

double usage_of(pid_t pid, const struct record_options *o, bool kernel) {
  char path[40], text[1024];
  unsigned long user, system, children_user, children_system;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *f = fopen(path, "re");
  if (!f) return -1;
  size_t n = fread(text, 1, sizeof text - 1, f);
  fclose(f);
  text[n] = '\0';
  // The name before may hold blanks and parentheses.
  const char *behind = strrchr(text, ')');
  if (!behind || sscanf(behind + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &user, &system,
                        &children_user, &children_system) != 4)
    return -1;
  if (!o->no_children) user += children_user, system += children_system;
  return (double)(user + (kernel ? system : 0)) / (double)sysconf(_SC_CLK_TCK);
}
