// folded: collapsed stacks for flame graph tools. A line a distinct stack: the frames, the outermost first, and the sum
// of the values. Every line reads back as what it says (profile/folded.h): bytes of names that would end a frame or a
// line, or begin something else, are replaced.
#include <stdlib.h>

#include "report/internal.h"
#include "report/texts.h"

// Where in a line a name stands.
enum { AT_ROOT = 1, AT_LEAF = 2, POSITIONS = 4 };

struct stack {
  size_t first, n;  // in folded.frame
  int64_t value, div;
};

struct folded {
  const struct report *r;
  struct graph graph;
  struct strings names;
  uint32_t *name_of;  // node * POSITIONS + position: a number in names; NONE: not yet
  struct buf name;
  uint32_t *frame;  // numbers in names, the outermost first
  size_t n_frames, frame_cap;
  struct stack *stack;
  uint32_t n_stacks;
  size_t stack_cap;
  struct index index;
};

// ---- names --------------------------------------------------------------------------------------

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The blank before a number at the end: a second value, to who reads the line. SIZE_MAX: there is none.
static size_t blank_before_number(struct str s) {
  size_t i = s.n;
  while (i && is_digit(s.p[i - 1])) i--;
  if (i == s.n) return SIZE_MAX;
  if (i && s.p[i - 1] == '-') i--;
  return i && s.p[i - 1] == ' ' ? i - 1 : SIZE_MAX;
}

static void replace(struct buf *name, unsigned position) {
  char *c = name->data;
  for (size_t i = 0; i < name->n; i++) {
    if (c[i] == ';') c[i] = ':';
    else if ((unsigned char)c[i] < 0x20 || c[i] == 0x7f) c[i] = '_';
  }
  if (name->n && position & AT_ROOT && c[0] == '#') c[0] = '_';  // a comment
  if (!(position & AT_LEAF)) return;
  for (size_t i = name->n; i && c[i - 1] == ' '; i--) c[i - 1] = '_';
  size_t blank = blank_before_number(buf_view(name));
  if (blank != SIZE_MAX) c[blank] = '_';
}

// The number of the node's name at a position, NONE when memory ran out.
static uint32_t name_at(struct folded *f, uint32_t node, unsigned position) {
  uint32_t *known = &f->name_of[(size_t)node * POSITIONS + position];
  if (*known != NONE) return *known;
  struct str name = graph_name(&f->graph, node);
  if (!name.p) return NONE;
  buf_clear(&f->name);
  buf_str(&f->name, name);
  if (f->name.failed) return NONE;
  replace(&f->name, position);
  return *known = strings_add(&f->names, buf_view(&f->name));
}

// ---- stacks -------------------------------------------------------------------------------------

// Writes the frames of a stack behind those that are kept. Returns how many, SIZE_MAX when memory ran out.
static size_t write_frames(struct folded *f, const uint32_t *stack, uint32_t depth) {
  const struct graph *g = &f->graph;
  size_t n = 0;
  for (uint32_t i = depth; i-- > 0;) {
    uint32_t first = g->first_slot[stack[i]], end = g->first_slot[stack[i] + 1];
    if (ARRAY_RESERVE(f->frame, f->frame_cap, f->n_frames + n + (end - first))) return SIZE_MAX;
    for (uint32_t k = end; k-- > first;) {
      unsigned position = (n == 0 ? AT_ROOT : 0u) | (i == 0 && k == first ? AT_LEAF : 0u);
      uint32_t name = name_at(f, g->slot[k], position);
      if (name == NONE) return SIZE_MAX;
      f->frame[f->n_frames + n++] = name;
    }
  }
  return n;
}

// The stack whose frames were just written: one there is, or a new one, which keeps them.
static struct stack *find_stack(struct folded *f, size_t n) {
  const uint32_t *frames = f->frame + f->n_frames;
  uint64_t hash = hash_bytes(frames, n * sizeof *frames, 0);
  size_t at = 0;
  for (uint32_t i = index_first(&f->index, hash, &at); i != MAP_NONE; i = index_next(&f->index, hash, &at)) {
    struct stack *s = &f->stack[i];
    if (s->n == n && memcmp(f->frame + s->first, frames, n * sizeof *frames) == 0) return s;
  }
  if (ARRAY_RESERVE(f->stack, f->stack_cap, (size_t)f->n_stacks + 1)) return NULL;
  if (index_add(&f->index, hash, f->n_stacks)) return NULL;
  f->stack[f->n_stacks] = (struct stack){.first = f->n_frames, .n = n};
  f->n_frames += n;
  return &f->stack[f->n_stacks++];
}

static int add_sample(struct folded *f, uint32_t sample) {
  const int64_t *values = profile_values(f->r->view->profile, sample);
  uint32_t depth;
  const uint32_t *stack = view_stack(f->r->view, sample, &depth);
  if (depth == 0) return 0;  // no line to stand on
  size_t n = write_frames(f, stack, depth);
  struct stack *s = n == SIZE_MAX ? NULL : find_stack(f, n);
  if (!s) return -1;
  s->value = wrap_add(s->value, values[f->r->o.column]);
  if (f->r->o.mean) s->div = wrap_add(s->div, values[0]);
  return 0;
}

static int collect(struct folded *f) {
  size_t n = (size_t)f->graph.n_nodes * POSITIONS + 1;
  f->name_of = malloc(n * sizeof *f->name_of);
  if (!f->name_of || strings_init(&f->names, NULL)) return -1;
  memset(f->name_of, 0xff, n * sizeof *f->name_of);
  for (uint32_t s = 0; s < f->r->view->profile->n_samples; s++)
    if (view_has(f->r->view, s) && add_sample(f, s)) return -1;
  return 0;
}

// ---- lines --------------------------------------------------------------------------------------

static void line(const struct folded *f, const struct stack *s, struct texts *lines) {
  int64_t value = report_number(f->r, s->div ? wrap_div(s->value, s->div) : s->value);
  if (value == 0) return;
  for (size_t i = 0; i < s->n; i++) {
    if (i) buf_addc(&lines->bytes, ';');
    buf_str(&lines->bytes, strings_at(&f->names, f->frame[s->first + i]));
  }
  buf_addc(&lines->bytes, ' ');
  buf_i64(&lines->bytes, value);
  buf_addc(&lines->bytes, '\n');
  texts_end(lines);
}

static void write_lines(const struct folded *f, struct buf *out) {
  struct texts lines = {0};
  for (uint32_t i = 0; i < f->n_stacks; i++) line(f, &f->stack[i], &lines);
  texts_sort(&lines);
  out->failed |= lines.bytes.failed;
  for (size_t i = 0; i < lines.n; i++) buf_str(out, lines.at[i]);
  texts_release(&lines);
}

int report_folded(const struct report *r, struct buf *out, struct err *e) {
  struct folded f = {.r = r};
  int result = graph_init(&f.graph, r->view, report_shape(&r->o), &r->o.paths, e);
  if (!result && collect(&f)) result = err_nomem(e);
  if (!result) write_lines(&f, out);
  if (!result && out->failed) result = err_nomem(e);
  graph_release(&f.graph);
  strings_release(&f.names);
  free(f.name_of);
  buf_release(&f.name);
  free(f.frame);
  free(f.stack);
  index_release(&f.index);
  return result;
}
