// Input blocks and their inflating. One producer function fills a block; it is called by the reader itself for small
// inputs and by a thread, a few blocks ahead of the reader, for large ones.
#include "base/gzip.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

enum { INPUT_SIZE = 64 << 10, BLOCK_SIZE = 256 << 10, BLOCKS = 4 };

static const uint64_t auto_floor = UINT64_C(64) << 20, auto_ratio = 200;

// What a block holds: n bytes, or the end (0), or an error (-1, text in `error`).
struct block {
  unsigned char *bytes;
  ssize_t n;
};

struct source {
  int fd;             // -1: `memory` is the input
  struct str memory;  // what is left of it
  uint64_t limit, bytes_in, bytes_out;
  bool gzip, inflating, input_ended, member_open, threaded, started;
  struct err error;  // written by the producer before it hands over a block with n == -1
  z_stream z;
  unsigned char input[INPUT_SIZE];
  size_t input_n;  // bytes read ahead, for plain input; zlib keeps its own count
  struct block block[BLOCKS];
  // Blocks made and blocks given back, modulo nothing: they differ by at most BLOCKS.
  unsigned made, taken, released;
  bool stop;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t changed;
};

static ssize_t read_some(struct source *s, unsigned char *to, size_t n) {
  if (s->fd >= 0) return read(s->fd, to, n);
  if (n > s->memory.n) n = s->memory.n;
  if (n == 0) return 0;
  memcpy(to, s->memory.p, n);
  s->memory.p += n;
  s->memory.n -= n;
  return (ssize_t)n;
}

// Fills the input buffer; 0, or -1 on a read error.
static int read_input(struct source *s) {
  s->input_n = 0;
  while (s->input_n < INPUT_SIZE && !s->input_ended) {
    ssize_t n = read_some(s, s->input + s->input_n, INPUT_SIZE - s->input_n);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return err_set(&s->error, "%s", strerror(errno));
    if (n == 0) s->input_ended = true;
    s->input_n += (size_t)n;
  }
  s->bytes_in += s->input_n;
  return 0;
}

static uint64_t limit_now(const struct source *s) {
  if (s->limit != SOURCE_LIMIT_AUTO) return s->limit;
  return s->gzip ? auto_floor + auto_ratio * s->bytes_in : SOURCE_LIMIT_NONE;
}

static ssize_t produce_plain(struct source *s, unsigned char *out) {
  if (s->input_n == 0 && !s->input_ended && read_input(s)) return -1;
  size_t n = s->input_n;
  memcpy(out, s->input, n);
  s->input_n = 0;
  return (ssize_t)n;
}

// Gives zlib more input when it has none. 1 when there is input, 0 at its end, -1 on a read error.
static int refill(struct source *s) {
  if (s->z.avail_in) return 1;
  if (!s->input_ended && read_input(s)) return -1;
  if (s->input_ended && s->input_n == 0) return 0;
  s->z.next_in = s->input;
  s->z.avail_in = (uInt)s->input_n;
  s->input_n = 0;
  return s->z.avail_in > 0;
}

static int inflate_step(struct source *s) {
  int code = inflate(&s->z, Z_NO_FLUSH);
  if (code == Z_STREAM_END) {
    s->member_open = false;
    return 0;
  }
  if (code == Z_OK || code == Z_BUF_ERROR) return 0;
  if (code == Z_MEM_ERROR) return err_nomem(&s->error);
  return err_set(&s->error, "damaged gzip data: %s", s->z.msg ? s->z.msg : "unexpected stream state");
}

static ssize_t produce_inflated(struct source *s, unsigned char *out) {
  s->z.next_out = out;
  s->z.avail_out = BLOCK_SIZE;
  while (s->z.avail_out) {
    int more = refill(s);
    if (more < 0) return -1;
    if (more == 0) {
      if (s->member_open) return err_set(&s->error, "damaged gzip data: it ends in the middle");
      break;
    }
    if (!s->member_open) {
      if (inflateReset(&s->z) != Z_OK) return err_set(&s->error, "cannot reset the decompressor");
      s->member_open = true;
    }
    if (inflate_step(s)) return -1;
  }
  return (ssize_t)(BLOCK_SIZE - s->z.avail_out);
}

static void produce(struct source *s, struct block *b) {
  b->n = s->gzip ? produce_inflated(s, b->bytes) : produce_plain(s, b->bytes);
  if (b->n <= 0) return;
  s->bytes_out += (uint64_t)b->n;
  if (s->bytes_out > limit_now(s)) {
    err_set(&s->error, "it holds more than %llu bytes%s (-inflate_limit raises this)", (unsigned long long)limit_now(s),
            s->gzip ? " after decompression" : "");
    b->n = -1;
  }
}

static void *producer(void *arg) {
  struct source *s = arg;
  for (bool go = true; go;) {
    pthread_mutex_lock(&s->mutex);
    while (!s->stop && s->made - s->released == BLOCKS) pthread_cond_wait(&s->changed, &s->mutex);
    go = !s->stop;
    pthread_mutex_unlock(&s->mutex);
    if (!go) break;
    struct block *b = &s->block[s->made % BLOCKS];
    produce(s, b);
    go = b->n > 0;
    pthread_mutex_lock(&s->mutex);
    s->made++;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->mutex);
  }
  return NULL;
}

struct source *source_open(int fd, uint64_t limit, struct err *e) {
  struct source *s = calloc(1, sizeof *s);
  if (!s) {
    err_nomem(e);
    return NULL;
  }
  s->fd = fd;
  s->limit = limit;
  pthread_mutex_init(&s->mutex, NULL);
  pthread_cond_init(&s->changed, NULL);
  return s;
}

struct source *source_open_memory(struct str bytes, uint64_t limit, struct err *e) {
  struct source *s = source_open(-1, limit, e);
  if (s) s->memory = bytes;
  return s;
}

// Reads the first input and decides how the rest goes.
static int start(struct source *s) {
  s->started = true;
  if (read_input(s)) return -1;
  s->gzip = s->input_n >= 2 && s->input[0] == 0x1f && s->input[1] == 0x8b;
  if (s->gzip) {
    if (inflateInit2(&s->z, 16 + MAX_WBITS) != Z_OK) return err_nomem(&s->error);
    s->inflating = s->member_open = true;
    s->z.next_in = s->input;
    s->z.avail_in = (uInt)s->input_n;
    s->input_n = 0;
  }
  unsigned blocks = s->input_ended ? 1 : BLOCKS;
  for (unsigned i = 0; i < blocks; i++) {
    s->block[i].bytes = malloc(BLOCK_SIZE);
    if (!s->block[i].bytes) return err_nomem(&s->error);
  }
  s->threaded = blocks == BLOCKS && pthread_create(&s->thread, NULL, producer, s) == 0;
  return 0;
}

static struct block *take(struct source *s) {
  if (!s->threaded) {
    produce(s, &s->block[0]);
    return &s->block[0];
  }
  pthread_mutex_lock(&s->mutex);
  s->released = s->taken;  // the block given before
  pthread_cond_broadcast(&s->changed);
  while (s->made == s->taken) pthread_cond_wait(&s->changed, &s->mutex);
  struct block *b = &s->block[s->taken % BLOCKS];
  if (b->n > 0) s->taken++;  // the end and an error stay and are given again
  pthread_mutex_unlock(&s->mutex);
  return b;
}

int source_next(struct source *s, struct str *block, struct err *e) {
  *block = (struct str){"", 0};
  if (!s->started) start(s);
  // With a thread the error is the thread's until it hands over a block that says so.
  if (!s->threaded && s->error.text[0]) return err_set(e, "%s", s->error.text);
  struct block *b = take(s);
  if (b->n < 0) return err_set(e, "%s", s->error.text);
  *block = (struct str){(const char *)b->bytes, (size_t)b->n};
  return b->n > 0;
}

bool source_was_gzip(const struct source *s) { return s->gzip; }

void source_close(struct source *s) {
  if (!s) return;
  if (s->threaded) {
    pthread_mutex_lock(&s->mutex);
    s->stop = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->mutex);
    pthread_join(s->thread, NULL);
  }
  if (s->inflating) inflateEnd(&s->z);
  for (unsigned i = 0; i < BLOCKS; i++) free(s->block[i].bytes);
  pthread_mutex_destroy(&s->mutex);
  pthread_cond_destroy(&s->changed);
  free(s);
}
