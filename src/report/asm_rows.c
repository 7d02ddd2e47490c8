// Which routines of which binaries disasm shows: symbols that match and have samples.
#include "report/asm_rows.h"

#include <inttypes.h>
#include <stdlib.h>

#include "symbolize/demangle.h"

// ---- samples ------------------------------------------------------------------------------------

static int by_address(const void *a, const void *b) {
  const struct asm_sample *x = a, *y = b;
  if (x->address != y->address) return x->address < y->address ? -1 : 1;
  return (x->node > y->node) - (x->node < y->node);
}

// The nodes of a mapping, by their object address. Those the binary has no place for are left out.
static int take_samples(struct asm_rows *a, uint32_t mapping, struct err *why, struct err *e) {
  const struct report_code *code = a->r->code;
  const struct mapping *m = &a->r->view->places->mapping[mapping];
  uint32_t first = a->n_samples;
  for (uint32_t i = 0; i < a->graph.n_nodes; i++) {
    const struct node *n = &a->graph.node[i];
    struct asm_sample s = {.node = i};
    if (n->info.address < m->start || n->info.address >= m->limit) continue;
    if (!node_counts(n, a->r->o.drop_negative)) continue;
    if (n->info.object != m->file) continue;
    if (code->object_address(code->arg, mapping, n->info.address, &s.address, why)) continue;
    if (ARRAY_RESERVE(a->sample, a->sample_cap, (size_t)a->n_samples + 1)) return err_nomem(e);
    a->sample[a->n_samples++] = s;
  }
  qsort(a->sample + first, a->n_samples - first, sizeof *a->sample, by_address);
  return 0;
}

static uint32_t first_sample_from(const struct asm_rows *a, uint32_t from, uint64_t address) {
  uint32_t low = from, high = a->n_samples;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (a->sample[middle].address < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

// ---- symbols ------------------------------------------------------------------------------------

// An address that is asked for stands for the function that holds it.
static bool holds_address(const struct asm_rows *a, const struct asm_routine *t) {
  const struct report_code *code = a->r->code;
  uint64_t address, object_address;
  if (!report_asked_address(a->r, &address)) return false;
  if (address >= t->start && address <= t->stop) return true;
  const struct mapping *m = &a->r->view->places->mapping[t->mapping];
  if (address < m->start || address >= m->limit) return false;
  if (code->object_address(code->arg, t->mapping, address, &object_address, NULL)) return false;
  return object_address >= t->start && object_address <= t->stop;
}

// The first of the symbol's readable forms that matches: 1 and the form in `name`, 0 none does, -1.
static int match_forms(const struct asm_rows *a, struct str symbol, struct buf *name, struct err *e) {
  static const enum demangle_mode modes[] = {DEMANGLE_FULL, DEMANGLE_TEMPLATES, DEMANGLE_DEFAULT};
  buf_str(name, symbol);
  int match = rx_match(a->r->o.symbol, symbol, e);
  for (size_t i = 0; i < 3 && match == 0; i++) {
    buf_clear(name);
    demangle(symbol, modes[i], name);
    if (name->failed) return err_nomem(e);
    if (!str_eq(buf_view(name), symbol)) match = rx_match(a->r->o.symbol, buf_view(name), e);
  }
  return match;
}

static int match_routine(struct asm_rows *a, struct asm_routine *t, struct str symbol, struct err *e) {
  struct buf name = {0};
  bool whole = holds_address(a, t);
  if (whole) buf_str(&name, symbol);
  int match = whole ? 1 : match_forms(a, symbol, &name, e);
  t->name = (struct str){name.data ? arena_copy(&a->arena, name.data, name.n) : "", name.n};
  if (match > 0 && (name.failed || !t->name.p)) match = err_nomem(e);
  buf_release(&name);
  return match;
}

static int add_routine(struct asm_rows *a, struct asm_routine *t, struct str symbol, struct err *e) {
  int match = match_routine(a, t, symbol, e);
  if (match <= 0) return match;
  for (uint32_t i = t->first; i < t->last; i++) {
    const struct node *n = &a->graph.node[a->sample[i].node];
    t->flat = wrap_add(t->flat, n->flat);
    t->cum = wrap_add(t->cum, n->cum);
  }
  if (ARRAY_RESERVE(a->routine, a->routine_cap, (size_t)a->n_routines + 1)) return err_nomem(e);
  a->routine[a->n_routines++] = *t;
  return 0;
}

// A symbol reaches to the byte before the next one, as the reference has it.
static int take_mapping(struct asm_rows *a, uint32_t mapping, struct err *e) {
  const struct report_code *code = a->r->code;
  const struct code_symbol *symbol;
  struct err why = {""};
  size_t n;
  uint32_t first = a->n_samples;
  if (take_samples(a, mapping, &why, e)) return -1;
  bool any = a->n_samples > first;
  if (!any || code->symbols(code->arg, mapping, &symbol, &n, &why)) {
    if (why.text[0]) buf_addf(&a->reason, "%s%s", a->reason.n ? "; " : "", why.text);
    return 0;
  }
  for (size_t i = 0; i < n; i++) {
    struct asm_routine t = {.mapping = mapping, .start = symbol[i].address};
    t.stop = i + 1 < n ? symbol[i + 1].address - 1 : UINT64_MAX;
    t.first = first_sample_from(a, first, t.start);
    t.last = first_sample_from(a, t.first, t.stop);
    if (t.first < t.last && add_routine(a, &t, symbol[i].name, e)) return -1;
  }
  return 0;
}

static int by_name(const void *a, const void *b) {
  const struct asm_routine *x = a, *y = b;
  int order = str_cmp(x->name, y->name);
  if (!order) order = (x->start > y->start) - (x->start < y->start);
  return order ? order : (x->mapping > y->mapping) - (x->mapping < y->mapping);
}

int asm_rows_init(struct asm_rows *a, const struct report *r, struct err *e) {
  struct graph_shape shape = report_shape(&r->o);
  *a = (struct asm_rows){.r = r};
  shape.object = true;
  if (graph_init(&a->graph, r->view, shape, &r->o.paths, e)) return -1;
  if (graph_weigh(&a->graph, r->o.column, r->o.mean, r->weights, e)) return -1;
  for (uint32_t i = 0; i < r->view->places->n_mappings; i++)
    if (take_mapping(a, i, e)) return -1;
  if (a->reason.failed) return err_nomem(e);
  if (a->n_routines == 0)
    return err_set(e, "no function of a binary matches `%.*s`%s%s", STR_ARG(rx_pattern(r->o.symbol)),
                   a->reason.n ? ": " : "", a->reason.n ? a->reason.data : "");
  qsort(a->routine, a->n_routines, sizeof *a->routine, by_name);
  return 0;
}

void asm_rows_release(struct asm_rows *a) {
  graph_release(&a->graph);
  arena_release(&a->arena);
  buf_release(&a->reason);
  free(a->sample);
  free(a->routine);
  *a = (struct asm_rows){0};
}
