// Compressing: the input is cut into pieces of a fixed size that threads deflate side by side, each primed with the end of
// the piece before it; put together they are one deflate stream.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/gzip.h"

enum { PIECE = 512 << 10, WINDOW = 32 << 10, MAX_WRITERS = 8 };

struct piece {
  struct str in;
  struct str before;  // what it is primed with
  bool last;
  struct buf out;
  uLong crc;
  int code;  // zlib's
};

struct writing {
  struct piece *piece;
  size_t n;
  atomic_size_t next;
};

static void deflate_piece(struct piece *p) {
  z_stream z = {0};
  p->code = deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  if (p->code != Z_OK) return;
  if (p->before.n) deflateSetDictionary(&z, (const Bytef *)p->before.p, (uInt)p->before.n);
  z.next_in = (Bytef *)(uintptr_t)p->in.p;
  z.avail_in = (uInt)p->in.n;
  bool done = false;
  while (!done && p->code == Z_OK) {
    unsigned char some[32 << 10];
    z.next_out = some;
    z.avail_out = sizeof some;
    int code = deflate(&z, p->last ? Z_FINISH : Z_SYNC_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) p->code = code;
    done = p->last ? code == Z_STREAM_END : z.avail_out != 0;
    buf_add(&p->out, some, sizeof some - z.avail_out);
  }
  deflateEnd(&z);
  p->crc = crc32(0, (const Bytef *)p->in.p, (uInt)p->in.n);
}

static void *writer(void *arg) {
  struct writing *w = arg;
  for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->n;) deflate_piece(&w->piece[i]);
  return NULL;
}

static void cut(struct writing *w, struct str bytes) {
  for (size_t i = 0; i < w->n; i++) {
    size_t from = i * PIECE, n = bytes.n - from < PIECE ? bytes.n - from : PIECE;
    w->piece[i].in = (struct str){bytes.p + from, n};
    if (i) w->piece[i].before = (struct str){bytes.p + from - WINDOW, WINDOW};
    w->piece[i].last = i + 1 == w->n;
  }
}

static void run(struct writing *w) {
  pthread_t thread[MAX_WRITERS];
  long cores = w->n > 1 ? sysconf(_SC_NPROCESSORS_ONLN) : 1;
  size_t wanted = cores < 1 ? 0 : (size_t)cores - 1, started = 0;
  if (wanted > MAX_WRITERS) wanted = MAX_WRITERS;
  if (wanted >= w->n) wanted = w->n - 1;
  while (started < wanted && pthread_create(&thread[started], NULL, writer, w) == 0) started++;
  writer(w);
  for (size_t i = 0; i < started; i++) pthread_join(thread[i], NULL);
}

static void add_u32(struct buf *out, uint32_t v) {
  for (unsigned i = 0; i < 4; i++, v >>= 8) buf_addc(out, (char)(unsigned char)v);
}

// RFC 1952: magic, deflate, no flags, no time, no extra flags, Unix.
static const char header[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";

static int join(struct writing *w, struct str bytes, struct buf *out) {
  uLong crc = crc32(0, NULL, 0);
  bool failed = false;
  buf_add(out, header, sizeof header - 1);
  for (size_t i = 0; i < w->n; i++) {
    const struct piece *p = &w->piece[i];
    failed |= p->code != Z_OK || p->out.failed;
    buf_str(out, buf_view(&p->out));
    crc = crc32_combine(crc, p->crc, (z_off_t)p->in.n);
  }
  add_u32(out, (uint32_t)crc);
  add_u32(out, (uint32_t)bytes.n);
  return failed || out->failed ? -1 : 0;
}

int gzip_add(struct buf *out, struct str bytes, struct err *e) {
  struct writing w = {.n = bytes.n ? (bytes.n + PIECE - 1) / PIECE : 1};
  w.piece = calloc(w.n, sizeof *w.piece);
  if (!w.piece) return err_nomem(e);
  cut(&w, bytes);
  run(&w);
  int result = join(&w, bytes, out);
  for (size_t i = 0; i < w.n; i++) buf_release(&w.piece[i].out);
  free(w.piece);
  return result ? err_nomem(e) : 0;
}
