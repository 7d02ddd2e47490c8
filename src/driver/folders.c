// Folders of the user.
#include "driver/folders.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

bool folders_find(struct buf *path, const char *variable, const char *standard, const char *name) {
  const char *folder = getenv(variable), *home = getenv("HOME");
  if (folder && folder[0] == '/') buf_addf(path, "%s/cprof/%s", folder, name);
  else if (home && home[0] == '/') buf_addf(path, "%s/%s/cprof/%s", home, standard, name);
  return path->n && !path->failed;
}

int folders_make(const char *path, struct err *e) {
  char *folder = strdup(path);
  int result = folder ? 0 : err_nomem(e);
  for (char *at = folder ? strchr(folder + 1, '/') : NULL; at && !result; at = strchr(at + 1, '/')) {
    *at = '\0';
    if (mkdir(folder, 0700) && errno != EEXIST) result = err_system(e, folder);
    *at = '/';
  }
  free(folder);
  return result;
}
