// Chunks of growing size, handed out from the front. Sanitizer builds give each piece a malloc of its own instead, so
// that an overrun of one piece is seen.
#include <stdlib.h>

#include "base/base.h"

#ifdef CPROF_ARENA_MALLOC
enum { FIRST_CHUNK = 1, LARGEST_CHUNK = 1 };
#else
enum { FIRST_CHUNK = 4 << 10, LARGEST_CHUNK = 1 << 20 };
#endif

struct arena_chunk {
  struct arena_chunk *next;
  size_t used, size;
  max_align_t bytes[];
};

static struct arena_chunk *chunk_new(struct arena *a, size_t need) {
  size_t size = a->chunk ? a->chunk->size * 2 : (size_t)FIRST_CHUNK;
  if (size > LARGEST_CHUNK) size = LARGEST_CHUNK;
  if (size < need) size = need;
  if (size > SIZE_MAX - sizeof(struct arena_chunk)) return NULL;
  struct arena_chunk *c = malloc(sizeof *c + size);
  if (!c) return NULL;
  *c = (struct arena_chunk){.next = a->chunk, .size = size};
  a->chunk = c;
  return c;
}

void *arena_alloc(struct arena *a, size_t size) {
  const size_t align = _Alignof(max_align_t);
  if (size > SIZE_MAX - align) return NULL;
  size = (size + align - 1) & ~(align - 1);
  struct arena_chunk *c = a->chunk;
  if (!c || c->size - c->used < size) c = chunk_new(a, size);
  if (!c) return NULL;
  void *piece = (char *)c->bytes + c->used;
  c->used += size;
  return piece;
}

void *arena_zalloc(struct arena *a, size_t size) {
  void *piece = arena_alloc(a, size);
  if (piece) memset(piece, 0, size);
  return piece;
}

void *arena_copy(struct arena *a, const void *bytes, size_t size) {
  void *piece = arena_alloc(a, size);
  if (piece && size) memcpy(piece, bytes, size);
  return piece;
}

char *arena_text(struct arena *a, struct str s) {
  char *text = arena_alloc(a, s.n + 1);
  if (!text) return NULL;
  if (s.n) memcpy(text, s.p, s.n);
  text[s.n] = '\0';
  return text;
}

void arena_clear(struct arena *a) {
  if (!a->chunk) return;
  struct arena keep = {a->chunk->next};
  arena_release(&keep);
  a->chunk->next = NULL;
  a->chunk->used = 0;
}

void arena_release(struct arena *a) {
  while (a->chunk) {
    struct arena_chunk *c = a->chunk;
    a->chunk = c->next;
    free(c);
  }
}
