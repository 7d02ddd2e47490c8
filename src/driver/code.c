// Binaries of a profile, opened when a report asks for what is in them.
#include "driver/code.h"

#include <inttypes.h>
#include <stdlib.h>

#include "disasm/disasm.h"
#include "symbolize/demangle.h"
#include "symbolize/lookup.h"

struct binary {
  bool tried;
  struct lookup *lookup;  // NULL: there is none, `reason` says why
  struct elf *elf;
  struct err reason;
  struct code_symbol *symbol;
  size_t n_symbols;
  struct disassembler *disassembler;
};

struct code {
  const struct profile *profile;
  const struct search_paths *where;
  bool intel_syntax;
  struct buf *notes;
  struct binary *binary;  // one a mapping
};

// ---- opening ------------------------------------------------------------------------------------

static void check_build(struct code *c, const struct mapping *m, const struct binary *b) {
  struct str raw = elf_build_id(b->elf), wanted = profile_str(c->profile, m->build_id),
             file = profile_str(c->profile, m->file);
  if (raw.n && wanted.n && !elf_build_id_is(raw, wanted))
    buf_addf(c->notes, "%.*s: is another build than the profile's\n", STR_ARG(file));
}

static void open_binary(struct code *c, uint32_t mapping) {
  const struct mapping *m = &c->profile->places.mapping[mapping];
  struct binary *b = &c->binary[mapping];
  struct str file = profile_str(c->profile, m->file);
  b->tried = true;
  if (file.n == 0) {
    err_set(&b->reason, "a mapping has no file");
    return;
  }
  b->lookup = lookup_open(file, c->where, &b->reason);
  if (b->lookup) {
    b->elf = lookup_elf(b->lookup);
    check_build(c, m, b);
  } else err_wrap(&b->reason, "%.*s", STR_ARG(file));
}

static struct binary *binary_of(struct code *c, uint32_t mapping, struct err *e) {
  struct binary *b = &c->binary[mapping];
  if (!b->tried) open_binary(c, mapping);
  if (b->elf) return b;
  err_set(e, "%s", b->reason.text);
  return NULL;
}

// ---- what reports ask ---------------------------------------------------------------------------

static int make_symbols(struct binary *b, struct err *e) {
  const struct elf_symbol *symbol;
  size_t n;
  if (elf_symbols(lookup_symbol_file(b->lookup), &symbol, &n, e)) return -1;
  b->symbol = malloc((n + 1) * sizeof *b->symbol);
  if (!b->symbol) return err_nomem(e);
  for (size_t i = 0; i < n; i++) b->symbol[i] = (struct code_symbol){symbol[i].name, symbol[i].address};
  b->n_symbols = n;
  return 0;
}

static int symbols(void *arg, uint32_t mapping, const struct code_symbol **symbol, size_t *n, struct err *e) {
  struct binary *b = binary_of(arg, mapping, e);
  if (!b || (!b->symbol && make_symbols(b, e))) return -1;
  *symbol = b->symbol;
  *n = b->n_symbols;
  return 0;
}

static int object_address(void *arg, uint32_t mapping, uint64_t address, uint64_t *object_address, struct err *e) {
  const struct code *c = arg;
  const struct mapping *m = &c->profile->places.mapping[mapping];
  struct binary *b = binary_of(arg, mapping, e);
  struct elf_mapping where = {.start = m->start, .limit = m->limit, .offset = m->offset};
  return b ? elf_object_address(b->elf, &where, address, object_address, e) : -1;
}

// The nearest symbol at or below an address.
static const struct code_symbol *symbol_below(const struct binary *b, uint64_t address) {
  size_t low = 0, high = b->n_symbols;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (b->symbol[middle].address <= address) low = middle + 1;
    else high = middle;
  }
  return low ? &b->symbol[low - 1] : NULL;
}

static bool name_address(void *arg, uint64_t address, struct buf *out) {
  const struct code_symbol *s = symbol_below(arg, address);
  if (!s) return false;
  demangle(s->name, DEMANGLE_FULL, out);
  if (address != s->address) buf_addf(out, "+0x%" PRIx64, address - s->address);
  return true;
}

static int make_disassembler(const struct code *c, struct binary *b, struct err *e) {
  struct disasm_machine m = {elf_machine(b->elf), elf_is_64(b->elf), elf_is_big_endian(b->elf), c->intel_syntax};
  b->disassembler = disassembler_new(&m, e);
  return b->disassembler ? 0 : -1;
}

static int instructions(void *arg, uint32_t mapping, uint64_t start, uint64_t stop, const uint64_t *known,
                        size_t n_known, disasm_emit *emit, void *emit_arg, struct err *e) {
  struct binary *b = binary_of(arg, mapping, e);
  if (!b || (!b->symbol && make_symbols(b, e)) || (!b->disassembler && make_disassembler(arg, b, e))) return -1;
  struct disasm_code code = {.bytes = elf_loaded(b->elf, start),
                             .address = start,
                             .stop = stop,
                             .boundary = known,
                             .n_boundaries = n_known,
                             .name = name_address,
                             .name_arg = b};
  return disassemble(b->disassembler, &code, emit, emit_arg, e);
}

struct emitting {
  code_emit_frame *emit;
  void *arg;
  int result;
};

static void pass_on(void *arg, const struct lookup_frame *frame) {
  struct emitting *to = arg;
  struct code_frame f = {frame->function, frame->file, frame->line};
  if (to->result == 0) to->result = to->emit(to->arg, &f);
}

static int frames(void *arg, uint32_t mapping, uint64_t address, code_emit_frame *emit, void *emit_arg, struct err *e) {
  struct binary *b = binary_of(arg, mapping, e);
  struct emitting to = {emit, emit_arg, 0};
  int found = b ? lookup_frames(b->lookup, address, pass_on, &to) : 0;
  return to.result ? -1 : found;
}

struct report_code code_interface(struct code *c) {
  return (struct report_code){c, symbols, object_address, instructions, frames};
}

// ---- all of them --------------------------------------------------------------------------------

struct code *code_new(const struct profile *p, const struct search_paths *where, bool intel_syntax, struct buf *notes,
                      struct err *e) {
  struct code *c = calloc(1, sizeof *c);
  if (c) *c = (struct code){p, where, intel_syntax, notes, calloc((size_t)p->places.n_mappings + 1, sizeof *c->binary)};
  if (c && c->binary) return c;
  code_free(c);
  err_nomem(e);
  return NULL;
}

void code_free(struct code *c) {
  if (!c) return;
  for (uint32_t i = 0; c->binary && i < c->profile->places.n_mappings; i++) {
    disassembler_free(c->binary[i].disassembler);
    free(c->binary[i].symbol);
    lookup_close(c->binary[i].lookup);
  }
  free(c->binary);
  free(c);
}
