// Disassembling a range of bytes.
#include "disasm/disasm.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>

#include "disasm/internal.h"

// ---- the machine --------------------------------------------------------------------------------

static int capstone_machine(const struct disasm_machine *m, cs_arch *arch, unsigned *mode) {
  unsigned bits = m->is_64 ? CS_MODE_64 : CS_MODE_32;
  *mode = m->is_big_endian ? 1u << 31 : 0;  // CS_MODE_BIG_ENDIAN, whose type is int
  switch (m->machine) {
    case EM_386:
    case EM_X86_64: *arch = CS_ARCH_X86, *mode = bits; return 0;
    case EM_AARCH64: *arch = CS_ARCH_ARM64; return 0;
    case EM_ARM: *arch = CS_ARCH_ARM; return 0;
    case EM_PPC:
    case EM_PPC64: *arch = CS_ARCH_PPC, *mode |= bits; return 0;
    case EM_MIPS: *arch = CS_ARCH_MIPS, *mode |= m->is_64 ? CS_MODE_MIPS64 : CS_MODE_MIPS32; return 0;
    case EM_S390: *arch = CS_ARCH_SYSZ, *mode = 1u << 31; return 0;
    case EM_SPARCV9: *arch = CS_ARCH_SPARC, *mode |= CS_MODE_V9; return 0;
    default: return -1;
  }
}

static bool is_x86(const struct disassembler *d) {
  return d->machine.machine == EM_X86_64 || d->machine.machine == EM_386;
}

struct disassembler *disassembler_new(const struct disasm_machine *m, struct err *e) {
  cs_arch arch;
  unsigned mode;
  struct disassembler *d = calloc(1, sizeof *d);
  if (!d) {
    err_nomem(e);
    return NULL;
  }
  d->machine = *m;
  if (capstone_machine(m, &arch, &mode)) err_set(e, "there is no disassembler for ELF machine %u", m->machine);
  else if (capstone__load(&d->capstone, e)) err_wrap(e, "disassembler");
  else if (d->capstone.open(arch, (cs_mode)mode, &d->handle) != CS_ERR_OK)
    err_set(e, "Capstone was built without ELF machine %u", m->machine);
  else {
    d->capstone.option(d->handle, CS_OPT_DETAIL, CS_OPT_ON);
    if (is_x86(d) && !m->intel_syntax) d->capstone.option(d->handle, CS_OPT_SYNTAX, CS_OPT_SYNTAX_ATT);
    d->insn = d->capstone.malloc(d->handle);
    if (d->insn) return d;
    err_nomem(e);
  }
  disassembler_free(d);
  return NULL;
}

void disassembler_free(struct disassembler *d) {
  if (!d) return;
  if (d->insn) d->capstone.free(d->insn, 1);
  if (d->handle) d->capstone.close(&d->handle);
  free(d);
}

// ---- text ---------------------------------------------------------------------------------------

void disasm__address(const struct disasm_code *code, uint64_t address, struct buf *out) {
  buf_addf(out, "%" PRIx64, address);
  size_t n = out->n;
  buf_adds(out, " <");
  if (!code->name || !code->name(code->name_arg, address, out)) out->n = n;
  else buf_addc(out, '>');
}

static bool in_group(const cs_insn *i, uint8_t group) {
  for (uint8_t k = 0; k < i->detail->groups_count; k++)
    if (i->detail->groups[k] == group) return true;
  return false;
}

bool disasm__target(const struct disassembler *d, const cs_insn *i, uint64_t *target) {
  if (!i->detail || !(in_group(i, CS_GRP_JUMP) || in_group(i, CS_GRP_CALL) || in_group(i, CS_GRP_BRANCH_RELATIVE)))
    return false;
  if (is_x86(d)) {
    const cs_x86 *x = &i->detail->x86;
    if (x->op_count != 1 || x->operands[0].type != X86_OP_IMM) return false;
    *target = (uint64_t)x->operands[0].imm;
    return true;
  }
  if (d->machine.machine != EM_AARCH64) return false;
  const cs_arm64 *a = &i->detail->arm64;
  if (a->op_count == 0 || a->operands[a->op_count - 1].type != ARM64_OP_IMM) return false;
  *target = (uint64_t)a->operands[a->op_count - 1].imm;
  return true;
}

// "mnemonic<tab>operands" with the target named, as objdump does on machines of fixed length.
static void plain_text(const struct disassembler *d, const struct disasm_code *code, const cs_insn *i,
                       struct buf *out) {
  uint64_t target;
  struct str operands = str_of(i->op_str);
  buf_adds(out, i->mnemonic);
  if (operands.n == 0) return;
  buf_addc(out, '\t');
  if (!disasm__target(d, i, &target)) {
    buf_str(out, operands);
    return;
  }
  while (operands.n && operands.p[operands.n - 1] != '#') operands.n--;
  if (operands.n) operands.n--;
  buf_str(out, operands);
  disasm__address(code, target, out);
}

void disasm__text(const struct disassembler *d, const struct disasm_code *code, const cs_insn *i, struct buf *out) {
  if (is_x86(d)) disasm__x86_text(code, i, d->machine.intel_syntax, out);
  else plain_text(d, code, i, out);
}

// ---- the range ----------------------------------------------------------------------------------

struct range {
  struct disassembler *d;
  const struct disasm_code *code;
  struct buf text;
  uint64_t *target;  // of jumps met so far
  size_t n_targets, target_cap;
};

static size_t least_length(const struct range *r) { return is_x86(r->d) || r->d->machine.machine == EM_S390 ? 1 : 4; }

// The first address after `at` that begins an instruction, as far as is known.
static uint64_t next_boundary(const struct range *r, uint64_t at) {
  uint64_t next = UINT64_MAX;
  for (size_t i = 0; i < r->n_targets; i++)
    if (r->target[i] > at && r->target[i] < next) next = r->target[i];
  for (size_t i = 0; i < r->code->n_boundaries; i++) {
    if (r->code->boundary[i] <= at) continue;
    return r->code->boundary[i] < next ? r->code->boundary[i] : next;
  }
  return next;
}

// How many bytes to pass over at an address where there is no instruction.
static size_t bad_length(const struct range *r, uint64_t at, size_t left) {
  enum { LONGEST_GAP = 16 };
  uint64_t next = next_boundary(r, at);
  size_t n = next - at <= LONGEST_GAP ? (size_t)(next - at) : least_length(r);
  return n < left ? n : left;
}

static int remember_target(struct range *r, const cs_insn *insn) {
  uint64_t target;
  if (!disasm__target(r->d, insn, &target) || target <= insn->address || target >= r->code->stop) return 0;
  if (ARRAY_RESERVE(r->target, r->target_cap, r->n_targets + 1)) return -1;
  r->target[r->n_targets++] = target;
  return 0;
}

static int next_instruction(struct range *r, struct str *rest, uint64_t *address, struct instruction *i) {
  const uint8_t *bytes = (const uint8_t *)rest->p;
  size_t left = rest->n;
  *i = (struct instruction){.address = *address};
  buf_clear(&r->text);
  if (r->d->capstone.iter(r->d->handle, &bytes, &left, address, r->d->insn)) {
    disasm__text(r->d, r->code, r->d->insn, &r->text);
    i->length = r->d->insn->size;
    if (remember_target(r, r->d->insn)) return -1;
  } else {
    i->length = (uint32_t)bad_length(r, *address, rest->n);
    *address += i->length;
    buf_adds(&r->text, "(bad)");
  }
  *rest = (struct str){rest->p + i->length, rest->n - i->length};
  i->text = buf_view(&r->text);
  return r->text.failed ? -1 : 0;
}

int disassemble(struct disassembler *d, const struct disasm_code *code, disasm_emit *emit, void *arg, struct err *e) {
  struct range r = {.d = d, .code = code};
  struct str rest = code->bytes;
  uint64_t address = code->address;
  int result = 0;
  struct instruction i;
  while (result == 0 && rest.n && address < code->stop) {
    if (next_instruction(&r, &rest, &address, &i)) result = err_nomem(e);
    else result = emit(arg, &i);
  }
  free(r.target);
  buf_release(&r.text);
  return result;
}
