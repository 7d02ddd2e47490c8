// Which mapping does an address belong to? To the first in the list that covers it. If none does, to the first whose
// file would, mapped from its beginning: some profilers leave the front part of a split mapping out. That mapping then
// starts there for all addresses to come. If there is none either, to a mapping made up for the purpose.
//
// The list may be long and hostile, so both questions go to segment trees over the sorted boundaries. A mapping marks
// the nodes that make up its range; a query walks from its leaf to the root.
#include <stdlib.h>

#include "profile/legacy_parts.h"

struct mark {
  uint32_t mapping, next;
};

struct cover {
  uint64_t *bound;  // sorted, distinct; leaf i is bound[i] .. bound[i+1]-1
  size_t n_bounds;
  uint32_t *covers;   // by node: the first mapping that covers it
  uint32_t *extends;  // by node: marks of the mappings that would after extension, first in the list first
  struct mark *mark;
  uint32_t n_marks;
  size_t mark_cap;
};

// Where the mapping of the whole file would start. Equal to start when there is nothing to extend.
static uint64_t file_start(const struct mapping *m) { return m->offset <= m->start ? m->start - m->offset : m->start; }

static int compare(const void *a, const void *b) {
  uint64_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return (x > y) - (x < y);
}

// Number of bounds <= v.
static size_t bounds_upto(const struct cover *c, uint64_t v) {
  size_t low = 0, high = c->n_bounds;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (c->bound[middle] <= v) low = middle + 1;
    else high = middle;
  }
  return low;
}

enum { MOST_NODES = 128 };

// The nodes that make up a range between two bounds.
static size_t nodes_of(const struct cover *c, uint64_t from, uint64_t to, size_t *node) {
  size_t n = 0;
  if (from >= to) return 0;
  size_t left = bounds_upto(c, from) - 1 + c->n_bounds, right = bounds_upto(c, to) - 1 + c->n_bounds;
  for (; left < right; left /= 2, right /= 2) {
    if (left & 1) node[n++] = left++;
    if (right & 1) node[n++] = --right;
  }
  return n;
}

static void cover_range(struct cover *c, uint64_t from, uint64_t to, uint32_t mapping) {
  size_t node[MOST_NODES], n = nodes_of(c, from, to, node);
  for (size_t i = 0; i < n; i++)
    if (mapping < c->covers[node[i]]) c->covers[node[i]] = mapping;
}

static int mark_range(struct cover *c, uint64_t from, uint64_t to, uint32_t mapping, struct err *e) {
  size_t node[MOST_NODES], n = nodes_of(c, from, to, node);
  if (n > NONE - c->n_marks || ARRAY_RESERVE(c->mark, c->mark_cap, c->n_marks + n)) return err_nomem(e);
  for (size_t i = 0; i < n; i++) {
    c->mark[c->n_marks] = (struct mark){mapping, c->extends[node[i]]};
    c->extends[node[i]] = c->n_marks++;
  }
  return 0;
}

static uint32_t find_cover(const struct cover *c, uint64_t address) {
  uint32_t best = NONE;
  size_t leaf = bounds_upto(c, address);
  for (size_t node = leaf ? leaf - 1 + c->n_bounds : 0; node; node /= 2)
    if (c->covers[node] < best) best = c->covers[node];
  return best;
}

// Marks of mappings that are extended by now (their offset is 0) are dropped on the way.
static uint32_t find_extensible(struct cover *c, const struct mapping *mapping, uint64_t address) {
  uint32_t best = NONE;
  size_t leaf = bounds_upto(c, address);
  for (size_t node = leaf ? leaf - 1 + c->n_bounds : 0; node; node /= 2) {
    uint32_t *head = &c->extends[node];
    while (*head != NONE && mapping[c->mark[*head].mapping].offset == 0) *head = c->mark[*head].next;
    if (*head != NONE && c->mark[*head].mapping < best) best = c->mark[*head].mapping;
  }
  return best;
}

static int cover_init(struct cover *c, const struct mapping *mapping, uint32_t n, struct err *e) {
  size_t most = (size_t)n * 3;
  c->bound = malloc((most + 1) * sizeof *c->bound);
  c->covers = malloc((most + 1) * 2 * sizeof *c->covers);
  c->extends = malloc((most + 1) * 2 * sizeof *c->extends);
  if (!c->bound || !c->covers || !c->extends) return err_nomem(e);
  memset(c->covers, 0xff, (most + 1) * 2 * sizeof *c->covers);
  memset(c->extends, 0xff, (most + 1) * 2 * sizeof *c->extends);
  for (uint32_t i = 0; i < n; i++) {
    c->bound[3 * (size_t)i] = file_start(&mapping[i]);
    c->bound[3 * (size_t)i + 1] = mapping[i].start;
    c->bound[3 * (size_t)i + 2] = mapping[i].limit;
  }
  qsort(c->bound, most, sizeof *c->bound, compare);
  for (size_t i = 0; i < most; i++)
    if (i == 0 || c->bound[i] != c->bound[i - 1]) c->bound[c->n_bounds++] = c->bound[i];
  for (uint32_t i = n; i-- > 0;) {  // backwards, as marks are put in front
    cover_range(c, mapping[i].start, mapping[i].limit, i);
    if (mark_range(c, file_start(&mapping[i]), mapping[i].start, i, e)) return -1;
  }
  return 0;
}

static void cover_release(struct cover *c) {
  free(c->bound);
  free(c->covers);
  free(c->extends);
  free(c->mark);
}

static uint32_t extend(struct cover *c, struct mapping *mapping, uint32_t i) {
  mapping[i].start = file_start(&mapping[i]);
  mapping[i].offset = 0;
  cover_range(c, mapping[i].start, mapping[i].limit, i);
  return i;
}

// The last of the list, made when first needed. It covers all addresses (but the greatest, which it takes too), so that
// from then on nothing else is extended.
static int made_up(struct draft *d, uint32_t *mapping, struct err *e) {
  if (*mapping != NONE) return 0;
  if (ARRAY_RESERVE(d->mapping, d->mapping_cap, (size_t)d->n_mappings + 1)) return err_nomem(e);
  *mapping = d->n_mappings++;
  d->mapping[*mapping] = (struct mapping){.limit = UINT64_MAX};
  return 0;
}

int maps_assign(struct draft *d, const uint64_t *address, uint32_t *mapping_of, struct err *e) {
  struct cover c = {0};
  uint32_t last = NONE;
  int result = -1;
  if (cover_init(&c, d->mapping, d->n_mappings, e)) goto done;
  for (uint32_t i = 0; i < d->n_addresses; i++) {
    uint64_t a = address[i];
    mapping_of[i] = NONE;
    if (a == 0) continue;
    uint32_t found = find_cover(&c, a);
    if (found == NONE && last == NONE) {
      found = find_extensible(&c, d->mapping, a);
      if (found != NONE) extend(&c, d->mapping, found);
    }
    if (found == NONE) {
      if (made_up(d, &last, e)) goto done;
      found = last;
    }
    mapping_of[i] = found;
  }
  result = 0;
done:
  cover_release(&c);
  return result;
}
