// A profile in the making. Samples go straight into the profile's columns, with numbers for their addresses; what
// becomes of an address (which mapping, which line) is known only at the end of a file, so locations are added last.
// Numbers are given in the order of appearance, and so are the ids in the finished profile.
#include <stdlib.h>

#include "profile/legacy_parts.h"

int draft_init(struct draft *d, struct err *e) {
  *d = (struct draft){.adjust = ADJUST_ALL};
  d->p = profile_new(e);
  return d->p ? 0 : -1;
}

void draft_release(struct draft *d) {
  profile_free(d->p);
  map64_release(&d->numbers);
  free(d->address);
  free(d->stack);
  free(d->frame);
  free(d->mapping);
  *d = (struct draft){0};
}

static uint32_t intern(struct draft *d, struct str text, struct err *e) {
  uint32_t number = profile_add_string(d->p, text);
  if (number == NONE) err_nomem(e);
  return number;
}

int draft_sample_type(struct draft *d, struct str type, struct str unit, struct err *e) {
  return profile_add_sample_type(d->p, type, unit) == NONE ? err_nomem(e) : 0;
}

int draft_period_type(struct draft *d, struct str type, struct str unit, struct err *e) {
  struct value_type is = {intern(d, type, e), intern(d, unit, e)};
  if (is.type == NONE || is.unit == NONE) return -1;
  d->p->period_type = is;
  return 0;
}

// ---- stacks -------------------------------------------------------------------------------------

int draft_push(struct draft *d, uint64_t address, struct err *e) {
  if (ARRAY_RESERVE(d->stack, d->stack_cap, d->n_stack + 1)) return err_nomem(e);
  bool call = d->adjust == ADJUST_ALL || (d->adjust == ADJUST_CALLERS && d->n_stack > 0);
  d->stack[d->n_stack++] = address - (call ? 1 : 0);
  return 0;
}

int draft_push_all(struct draft *d, struct str text, size_t line, struct err *e) {
  while (text_seek_behind(&text, "0x")) {
    struct str digits = text_take(&text, IN_LOW_HEX);
    if (digits.n == 0) continue;
    uint64_t address;
    if (!text_uint64(digits, 16, &address)) return err_set(e, "line %zu: an address of more than 64 bits", line);
    if (draft_push(d, address, e)) return -1;
  }
  return 0;
}

static uint32_t number_of(struct draft *d, uint64_t address) {
  uint32_t number = map64_get(&d->numbers, address);
  if (number != MAP_NONE) return number;
  number = d->n_addresses;
  if (number == NONE - 1 || ARRAY_RESERVE(d->address, d->address_cap, (size_t)number + 1)) return NONE;
  if (map64_put(&d->numbers, address, number)) return NONE;
  d->address[number] = address;
  d->n_addresses++;
  return number;
}

// Profilers take the leaf from the interrupted context and may find it once more by unwinding, where it is taken for a
// return address. The second one keeps its location in the profile but leaves the stack.
static void drop_second_leaf(struct draft *d) {
  if (d->n_stack < 2 || d->stack[0] != d->stack[1] + 1) return;
  memmove(d->frame + 1, d->frame + 2, (d->n_stack - 2) * sizeof *d->frame);
  d->n_stack--;
}

static int add_sample(struct draft *d, const int64_t *values, uint32_t labels, struct err *e) {
  if (d->n_stack >= NONE) return err_set(e, "a stack of more than 2^32 frames");
  if (ARRAY_RESERVE(d->frame, d->frame_cap, d->n_stack)) return err_nomem(e);
  for (size_t i = 0; i < d->n_stack; i++) {
    d->frame[i] = number_of(d, d->stack[i]);
    if (d->frame[i] == NONE) return err_nomem(e);
  }
  if (d->leaf_twice) drop_second_leaf(d);
  uint32_t n = (uint32_t)d->n_stack;
  d->n_stack = 0;
  return profile_add_sample(d->p, d->frame, n, values, labels) ? err_nomem(e) : 0;
}

int draft_sample(struct draft *d, const int64_t *values, struct err *e) { return add_sample(d, values, NONE, e); }

int draft_sample_of_size(struct draft *d, const int64_t *values, int64_t block_size, struct err *e) {
  struct label label = {.number = block_size, .unit = NONE, .numeric = true};
  label.key = intern(d, STR_LIT("bytes"), e);
  if (label.key == NONE) return -1;
  uint32_t labels = profile_add_label_set(d->p, &label, 1);
  return labels == NONE ? err_nomem(e) : add_sample(d, values, labels, e);
}

// ---- the end ------------------------------------------------------------------------------------

static int add_mappings(struct draft *d, struct err *e) {
  for (uint32_t i = 0; i < d->n_mappings; i++) {
    d->mapping[i].id = (uint64_t)i + 1;
    if (profile_add_mapping(d->p, &d->mapping[i]) == NONE) return err_nomem(e);
  }
  return 0;
}

static int add_locations(struct draft *d, const struct line *lines, const uint32_t *mapping_of, struct err *e) {
  for (uint32_t i = 0; i < d->n_addresses; i++) {
    struct location l = {.id = (uint64_t)i + 1, .address = lines ? 0 : d->address[i], .mapping = mapping_of[i]};
    l.n_lines = lines && lines[i].function != NONE;
    if (profile_add_location(d->p, &l, l.n_lines ? &lines[i] : NULL) == NONE) return err_nomem(e);
  }
  return 0;
}

int draft_finish(struct draft *d, const struct line *lines, struct err *e) {
  int result = -1;
  uint32_t *mapping_of = malloc(((size_t)d->n_addresses + 1) * sizeof *mapping_of);
  if (!mapping_of) return err_nomem(e);
  // A place with a name has lost its address and so gets no mapping.
  for (uint32_t i = 0; lines && i < d->n_addresses; i++)
    if (lines[i].function != NONE) d->address[i] = 0;
  if (maps_tidy(d, e) || maps_assign(d, d->address, mapping_of, e)) goto done;
  if (add_mappings(d, e) || add_locations(d, lines, mapping_of, e)) goto done;
  result = 0;
done:
  free(mapping_of);
  return result;
}
