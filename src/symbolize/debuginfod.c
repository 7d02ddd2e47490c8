// Each request has a client of its own, as a client belongs to one thread. A server that cannot be reached is given up
// after the first request, which may have waited a minute and a half for it.
#include "symbolize/debuginfod.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/loader.h"

// The library's functions, whose headers are not needed for three of them. Build ids may be text of small letters and
// length 0; the descriptor of the file is returned, or a negative error number.
typedef void *begin_function(void);
typedef int find_function(void *client, const unsigned char *build_id, int length, char **path);
typedef void end_function(void *client);

struct debuginfod {
  pthread_mutex_t mutex;  // for what follows
  bool tried, told;
  begin_function *begin;  // NULL: not loaded, or given up
  find_function *find;
  end_function *end;
  struct err reason;  // "" when all is well
};

struct debuginfod *debuginfod_new(struct err *e) {
  struct debuginfod *d = calloc(1, sizeof *d);
  if (d) pthread_mutex_init(&d->mutex, NULL);
  else err_nomem(e);
  return d;
}

void debuginfod_free(struct debuginfod *d) {
  if (d) pthread_mutex_destroy(&d->mutex);
  free(d);
}

void debuginfod_tell(struct debuginfod *d, struct buf *notes) {
  pthread_mutex_lock(&d->mutex);
  if (d->reason.text[0] && !d->told) buf_addf(notes, "-debuginfod: %s\n", d->reason.text);
  d->told = d->reason.text[0] != '\0';
  pthread_mutex_unlock(&d->mutex);
}

// ---- loading ------------------------------------------------------------------------------------

static void load(struct debuginfod *d) {
  begin_function *begin = NULL;
  const struct loader_function functions[] = {
      {"debuginfod_begin", &begin}, {"debuginfod_find_debuginfo", &d->find}, {"debuginfod_end", &d->end}};
  void *library = loader_open("libdebuginfod.so.1");
  d->tried = true;
  if (!library) {
    err_set(&d->reason,
            "nothing is fetched, as libdebuginfod (package libdebuginfod1) is not installed; what was fetched "
            "before is used");
    return;
  }
  if (loader_find(library, "libdebuginfod", functions, sizeof functions / sizeof *functions, &d->reason) == 0)
    d->begin = begin;
}

// What a client is made with; NULL where nothing can be fetched.
static begin_function *loaded(struct debuginfod *d) {
  pthread_mutex_lock(&d->mutex);
  if (!d->tried) load(d);
  begin_function *begin = d->begin;
  pthread_mutex_unlock(&d->mutex);
  return begin;
}

// ---- fetching -----------------------------------------------------------------------------------

static bool is_unreachable(int error) {
  return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH || error == ETIME || error == ETIMEDOUT;
}

static void failed(struct debuginfod *d, int error, struct str id) {
  if (error == ENOENT) return;
  pthread_mutex_lock(&d->mutex);
  if (!d->reason.text[0]) err_set(&d->reason, "build id %.*s: %s", STR_ARG(id), strerror(error));
  if (is_unreachable(error)) d->begin = NULL;
  pthread_mutex_unlock(&d->mutex);
}

static int find_debug_file(struct debuginfod *d, void *client, struct str id, struct buf *path) {
  char text[129], *found = NULL;
  if (id.n >= sizeof text) return -ENOENT;
  for (size_t i = 0; i < id.n; i++) text[i] = (char)tolower((unsigned char)id.p[i]);
  text[id.n] = '\0';
  int fd = d->find(client, (const unsigned char *)text, 0, &found);
  if (fd < 0) return fd;
  close(fd);
  buf_clear(path);
  if (found) buf_adds(path, found);
  free(found);
  return found ? 0 : -ENOENT;
}

bool debuginfod_fetch(struct debuginfod *d, struct str id, struct buf *path) {
  begin_function *begin = d ? loaded(d) : NULL;
  if (!begin) return false;
  void *client = begin();
  int result = client ? find_debug_file(d, client, id, path) : -ENOMEM;
  if (client) d->end(client);
  if (result < 0) failed(d, -result, id);
  return result == 0;
}
