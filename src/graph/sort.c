// A pattern-defeating quicksort (Peters, arXiv 2106.05123, without its block partitioning) with the constants of Go's
// library. It is not stable, and that is why it is here: where a second sort finds equal nodes, the order it leaves
// them in is a result of these very steps, and the reference's pictures show it.
#include "graph/internal.h"

enum { FEW = 12, NINTHER_FROM = 50, REPAIRS = 5 };

struct sorting {
  uint32_t *item;
  graph__compare *compare;
  void *arg;
};

// Half open, as everywhere in this file.
struct span {
  size_t from, to;
};

static bool less(const struct sorting *s, size_t a, size_t b) { return s->compare(s->item[a], s->item[b], s->arg) < 0; }

static void swap(const struct sorting *s, size_t a, size_t b) {
  uint32_t held = s->item[a];
  s->item[a] = s->item[b];
  s->item[b] = held;
}

static void sink_left(const struct sorting *s, size_t at, size_t lowest) {
  for (; at > lowest && less(s, at, at - 1); at--) swap(s, at, at - 1);
}

static void sort_few(const struct sorting *s, struct span r) {
  for (size_t i = r.from + 1; i < r.to; i++) sink_left(s, i, r.from);
}

static void sift_down(const struct sorting *s, size_t base, size_t root, size_t n) {
  for (size_t child; (child = 2 * root + 1) < n; root = child) {
    if (child + 1 < n && less(s, base + child, base + child + 1)) child++;
    if (!less(s, base + root, base + child)) return;
    swap(s, base + root, base + child);
  }
}

static void sort_as_heap(const struct sorting *s, struct span r) {
  size_t n = r.to - r.from;
  for (size_t root = (n - 1) / 2 + 1; root-- > 0;) sift_down(s, r.from, root, n);
  for (size_t end = n; end-- > 0;) {
    swap(s, r.from, r.from + end);
    sift_down(s, r.from, 0, end);
  }
}

// Up to REPAIRS neighbours out of order are put right. Is the span sorted then?
static bool repair(const struct sorting *s, struct span r) {
  size_t i = r.from + 1;
  for (int n = 0; n < REPAIRS; n++) {
    while (i < r.to && !less(s, i, i - 1)) i++;
    if (i == r.to) return true;
    if (r.to - r.from < NINTHER_FROM) return false;
    swap(s, i, i - 1);
    // To the left this may go on before the span: all there is smaller or equal, so it stops at once.
    if (i - r.from >= 2) sink_left(s, i - 1, 0);
    for (size_t k = i + 1; r.to - i >= 2 && k < r.to && less(s, k, k - 1); k++) swap(s, k, k - 1);
  }
  return false;
}

// Three items change places with others that a fixed random sequence chooses.
static void scatter(const struct sorting *s, struct span r) {
  size_t n = r.to - r.from, mask = 1, middle = r.from + n / 4 * 2;
  uint64_t random = n;
  while (mask <= n) mask *= 2;
  for (size_t i = middle - 1; i <= middle + 1; i++) {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    size_t other = (size_t)random & (mask - 1);
    swap(s, i, r.from + (other >= n ? other - n : other));
  }
}

static void put_in_order(const struct sorting *s, size_t *a, size_t *b, int *swaps) {
  if (!less(s, *b, *a)) return;
  size_t held = *a;
  *a = *b;
  *b = held;
  ++*swaps;
}

static size_t median(const struct sorting *s, size_t a, size_t b, size_t c, int *swaps) {
  put_in_order(s, &a, &b, swaps);
  put_in_order(s, &b, &c, swaps);
  put_in_order(s, &a, &b, swaps);
  return b;
}

// How the candidates for the pivot lay tells of the whole span.
enum pattern { UNKNOWN, RISING, FALLING };

static size_t choose_pivot(const struct sorting *s, struct span r, enum pattern *pattern) {
  size_t quarter = (r.to - r.from) / 4, at[3];
  int swaps = 0;
  bool ninther = r.to - r.from >= NINTHER_FROM;
  for (size_t i = 0; i < 3; i++) {
    at[i] = r.from + quarter * (i + 1);
    if (ninther) at[i] = median(s, at[i] - 1, at[i], at[i] + 1, &swaps);
  }
  size_t pivot = median(s, at[0], at[1], at[2], &swaps);
  *pattern = swaps == 0 ? RISING : swaps == 4 * 3 ? FALLING : UNKNOWN;
  return pivot;
}

static void reverse(const struct sorting *s, struct span r) {
  for (; r.from + 1 < r.to; r.from++, r.to--) swap(s, r.from, r.to - 1);
}

// Smaller items go before the pivot. Returns its new place; *orderly: nothing had to move.
static size_t partition(const struct sorting *s, struct span r, size_t pivot, bool *orderly) {
  swap(s, r.from, pivot);
  size_t i = r.from + 1, j = r.to - 1;
  for (*orderly = true;; *orderly = false, i++, j--) {
    while (i <= j && less(s, i, r.from)) i++;
    while (i <= j && !less(s, j, r.from)) j--;
    if (i > j) break;
    swap(s, i, j);
  }
  swap(s, j, r.from);
  return j;
}

// None is smaller than the pivot: those equal to it go to the front. Returns where the greater ones begin.
static size_t part_equal(const struct sorting *s, struct span r, size_t pivot) {
  swap(s, r.from, pivot);
  size_t i = r.from + 1, j = r.to - 1;
  for (;; i++, j--) {
    while (i <= j && !less(s, r.from, i)) i++;
    while (i <= j && less(s, r.from, j)) j--;
    if (i > j) return i;
    swap(s, i, j);
  }
}

static void sort_span(const struct sorting *s, struct span r, unsigned bad_pivots_left) {
  bool balanced = true, orderly = true;
  while (r.to - r.from > FEW) {
    if (!bad_pivots_left) {
      sort_as_heap(s, r);
      return;
    }
    if (!balanced) {
      scatter(s, r);
      bad_pivots_left--;
    }
    enum pattern pattern;
    size_t n = r.to - r.from, pivot = choose_pivot(s, r, &pattern);
    if (pattern == FALLING) {
      reverse(s, r);
      pivot = r.to - 1 - (pivot - r.from);
      pattern = RISING;
    }
    if (balanced && orderly && pattern == RISING && repair(s, r)) return;
    // The item before the span is not greater than any in it.
    if (r.from > 0 && !less(s, r.from - 1, pivot)) {
      r.from = part_equal(s, r, pivot);
      continue;
    }
    size_t middle = partition(s, r, pivot, &orderly);
    struct span left = {r.from, middle}, right = {middle + 1, r.to};
    bool left_is_smaller = middle - r.from < r.to - middle;
    balanced = (left_is_smaller ? middle - r.from : r.to - middle) >= n / 8;
    sort_span(s, left_is_smaller ? left : right, bad_pivots_left);
    r = left_is_smaller ? right : left;
  }
  sort_few(s, r);
}

void graph__sort(uint32_t *item, size_t n, graph__compare *compare, void *arg) {
  struct sorting s = {item, compare, arg};
  unsigned bits = 0;
  for (size_t rest = n; rest; rest >>= 1) bits++;
  sort_span(&s, (struct span){0, n}, bits);
}
