// Regions, places and stacks are numbered as they are first seen; samples only raise a count.
#include <stdlib.h>

#include "record/internal.h"

static bool same_region(const struct region *a, const struct region *b) {
  return a->start == b->start && a->limit == b->limit && a->offset == b->offset && a->object == b->object;
}

uint32_t stacks_region(struct stacks *s, const struct region *r) {
  size_t at;
  uint64_t hash = hash_u64(r->start ^ hash_u64(r->limit ^ hash_u64(r->offset ^ hash_u64(r->object))));
  for (uint32_t i = index_first(&s->region_index, hash, &at); i != MAP_NONE;
       i = index_next(&s->region_index, hash, &at))
    if (same_region(&s->region[i], r)) return i;
  if (s->n_regions == NONE || ARRAY_RESERVE(s->region, s->region_cap, s->n_regions + 1) ||
      index_add(&s->region_index, hash, (uint32_t)s->n_regions))
    return NONE;
  s->region[s->n_regions] = *r;
  return (uint32_t)s->n_regions++;
}

uint32_t stacks_place(struct stacks *s, uint64_t address, uint32_t region) {
  size_t at;
  uint64_t hash = hash_u64(address ^ hash_u64(region));
  for (uint32_t i = index_first(&s->place_index, hash, &at); i != MAP_NONE; i = index_next(&s->place_index, hash, &at))
    if (s->place[i].address == address && s->place[i].region == region) return i;
  if (s->n_places == NONE || ARRAY_RESERVE(s->place, s->place_cap, s->n_places + 1) ||
      index_add(&s->place_index, hash, (uint32_t)s->n_places))
    return NONE;
  s->place[s->n_places] = (struct place){address, region};
  return (uint32_t)s->n_places++;
}

static bool same_stack(const struct stacks *s, const struct stack *k, const uint32_t *places, uint32_t n,
                       uint32_t thread) {
  return k->n == n && k->thread == thread && memcmp(s->frame + k->first, places, n * sizeof *places) == 0;
}

int stacks_count(struct stacks *s, const uint32_t *places, uint32_t n, uint32_t thread, uint64_t weight) {
  size_t at;
  uint64_t hash = hash_bytes(places, n * sizeof *places, thread);
  for (uint32_t i = index_first(&s->stack_index, hash, &at); i != MAP_NONE;
       i = index_next(&s->stack_index, hash, &at)) {
    if (!same_stack(s, &s->stack[i], places, n, thread)) continue;
    s->stack[i].count++;
    s->stack[i].weight += weight;
    return 0;
  }
  if (s->n_stacks == NONE || ARRAY_RESERVE(s->stack, s->stack_cap, s->n_stacks + 1) ||
      ARRAY_RESERVE(s->frame, s->frame_cap, s->n_frames + n) || index_add(&s->stack_index, hash, (uint32_t)s->n_stacks))
    return -1;
  memcpy(s->frame + s->n_frames, places, n * sizeof *places);
  s->stack[s->n_stacks++] = (struct stack){s->n_frames, n, thread, 1, weight};
  s->n_frames += n;
  return 0;
}

void stacks_release(struct stacks *s) {
  free(s->region);
  free(s->place);
  free(s->frame);
  free(s->stack);
  index_release(&s->region_index);
  index_release(&s->place_index);
  index_release(&s->stack_index);
  *s = (struct stacks){0};
}
