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

static bool same_stack(const struct stacks *s, const struct stack *a, const struct stack *b, const uint32_t *places) {
  return a->n == b->n && a->thread == b->thread && a->state == b->state &&
         memcmp(s->frame + a->first, places, b->n * sizeof *places) == 0;
}

uint32_t stacks_count(struct stacks *s, const uint32_t *places, const struct stack *k) {
  size_t at;
  uint64_t hash = hash_bytes(places, k->n * sizeof *places, k->thread ^ (uint64_t)k->state << 32);
  for (uint32_t i = index_first(&s->stack_index, hash, &at); i != MAP_NONE;
       i = index_next(&s->stack_index, hash, &at)) {
    if (!same_stack(s, &s->stack[i], k, places)) continue;
    s->stack[i].count += k->count;
    s->stack[i].weight += k->weight;
    return i;
  }
  if (s->n_stacks == NONE || ARRAY_RESERVE(s->stack, s->stack_cap, s->n_stacks + 1) ||
      ARRAY_RESERVE(s->frame, s->frame_cap, s->n_frames + k->n) ||
      index_add(&s->stack_index, hash, (uint32_t)s->n_stacks))
    return NONE;
  memcpy(s->frame + s->n_frames, places, k->n * sizeof *places);
  s->stack[s->n_stacks] = *k;
  s->stack[s->n_stacks].first = s->n_frames;
  s->n_frames += k->n;
  return (uint32_t)s->n_stacks++;
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
