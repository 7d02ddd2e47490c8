// Fuzz target: any bytes as the name of a source, as a URL that a server sends us to, and as what a server sends.
#include <stdlib.h>

#include "driver/source_url.h"
#include "http/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct str part, struct str whole) {
  return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

static void split(struct str text) {
  struct url u, again;
  struct buf shown = {0}, socket = {0};
  if (!url_split(text, &u)) return;
  if (!inside(u.scheme, text) || !inside(u.user, text) || !inside(u.host, text) || !inside(u.path, text) ||
      !inside(u.query, text) || !u.scheme.n || !u.host.n)
    abort();
  if (!url_same_server(&u, &u)) abort();
  url_is_loopback(&u);
  if (url_socket(&u, &socket) && (socket.data[0] != '/' || strlen(socket.data) != socket.n)) abort();
  url_show(&u, &shown);
  if (!url_split(buf_view(&shown), &again) || again.user.n || !str_eq(u.host, again.host) ||
      !str_eq(u.path, again.path) || !str_eq(u.query, again.query))
    abort();
  buf_release(&shown);
  buf_release(&socket);
}

// What is made of a name stands on its own: made again of its URL it stays the same.
static void name(struct str text) {
  struct source_url first, second;
  int64_t seconds = text.n % 3 ? 0 : 7;
  bool found = source_url_init(&first, text, seconds, 0);
  struct url u;
  if (found && (!first.url.n || strlen(first.url.data) != first.url.n || !first.shown.n)) abort();
  if (found && url_split(buf_view(&first.url), &u)) {
    if (!source_url_init(&second, buf_view(&first.url), seconds, 0)) abort();
    if (!str_eq(buf_view(&first.url), buf_view(&second.url)) || first.milliseconds != second.milliseconds) abort();
    for (size_t i = 0; i < u.path.n + u.query.n; i++)
      if ((unsigned char)u.path.p[i] <= ' ' || (unsigned char)u.path.p[i] >= 0x7f) abort();
    source_url_release(&second);
  }
  source_url_release(&first);
}

// Lines up to an empty one are headers.
static void answer(char *bytes, size_t size) {
  struct http_answer a = {.body = {0}};
  struct receiver r = {.answer = &a, .left = 100};
  struct err e = {""};
  for (char *end; size && (end = memchr(bytes, '\n', size)) && end != bytes;) {
    size_t n = (size_t)(end - bytes) + 1;
    if (receive_header(bytes, 1, n, &r) != n) abort();
    bytes += n;
    size -= n;
  }
  if (receive_body(bytes, 1, size, &r) != size && !r.too_long) abort();
  receiver_result(&r, &e);
  for (const char *c = e.text; *c; c++)
    if ((unsigned char)*c < ' ' || *c == 0x7f) abort();
  if (a.body.n > 100) abort();
  buf_release(&r.words);
  http_answer_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size ? size : 1);  // so that a byte too far is one beyond the allocation
  if (!copy) abort();
  if (size) memcpy(copy, data, size);
  split((struct str){copy, size});
  name((struct str){copy, size});
  answer(copy, size);
  free(copy);
  return 0;
}
