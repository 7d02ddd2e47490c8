// The text of an x86 instruction as objdump writes it, from Capstone's.
//
// In AT&T's syntax objdump leaves the suffix of the size out where a register tells it; numbers are hexadecimal, but
// for scales; constants are as wide as their operand.
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#include "disasm/internal.h"

// ---- the mnemonic -------------------------------------------------------------------------------

static bool one_of(struct str word, const char *list) {
  for (const char *at = list; *at;) {
    size_t n = strcspn(at, " ");
    if (n == word.n && memcmp(at, word.p, n) == 0) return true;
    at += n + (at[n] == ' ');
  }
  return false;
}

static bool is_general(x86_reg reg) {
  return !(reg >= X86_REG_XMM0 && reg <= X86_REG_ZMM31) && !(reg >= X86_REG_MM0 && reg <= X86_REG_MM7) &&
         !(reg >= X86_REG_ST0 && reg <= X86_REG_ST7);
}

// Does a register tell the size? The count of a shift does not.
static bool has_sizing_register(const cs_x86 *x, bool only_last) {
  for (uint8_t i = only_last && x->op_count ? x->op_count - 1 : 0; i < x->op_count; i++)
    if (x->operands[i].type == X86_OP_REG && is_general(x->operands[i].reg)) return true;
  return false;
}

static bool has_vector_register(const cs_x86 *x) {
  for (uint8_t i = 0; i < x->op_count; i++)
    if (x->operands[i].type == X86_OP_REG && !is_general(x->operands[i].reg)) return true;
  return false;
}

static struct str without_suffix(struct str word, const cs_x86 *x) {
  struct str stem = {word.p, word.n - 1};
  if (word.n < 3 || !strchr("bwlq", word.p[word.n - 1])) return word;
  if (one_of(stem, "call jmp ret leave push pop movabs pushf popf enter")) return stem;
  bool shift = one_of(stem, "shl shr sar rol ror rcl rcr shld shrd");
  bool sized =
      one_of(stem,
             "mov add sub and or xor cmp test lea adc sbb inc dec neg not mul imul div idiv xchg cmpxchg xadd "
             "bt bts btr btc bsf bsr tzcnt lzcnt popcnt bswap movbe andn bextr blsi blsr blsmsk bzhi mulx pdep "
             "pext rorx sarx shlx shrx adcx adox lsl lar str rdrand rdseed nop crc32");
  bool moves_if = word.n > 5 && memcmp(word.p, "cmov", 4) == 0;
  if (moves_if) return stem;
  if (one_of(stem, "cvtsi2sd cvtsi2ss vcvtsi2sd vcvtsi2ss")) return x->operands[0].type == X86_OP_MEM ? word : stem;
  return (shift || sized) && has_sizing_register(x, shift) && !has_vector_register(x) ? stem : word;
}

// Padding is often a nop with prefixes that do nothing: each is told.
static void write_idle_prefixes(const cs_insn *i, const char *operands, struct buf *out) {
  size_t n = 0;
  while (n < i->size && i->bytes[n] == 0x66) n++;
  for (size_t k = 1; k < n; k++) buf_adds(out, "data16 ");
  if (strncmp(operands, "%cs:", 4) == 0 || strstr(operands, "cs:[")) buf_adds(out, "cs ");
}

static bool is_nop(const cs_insn *i) { return i->id == X86_INS_NOP && i->detail->x86.op_count; }

// Capstone puts a prefix and the mnemonic into one text.
static void write_mnemonic(const cs_insn *i, bool intel, bool operands, struct buf *out) {
  struct str all = str_of(i->mnemonic), word = all;
  while (word.n && memchr(word.p, ' ', word.n)) word = (struct str){word.p + 1, word.n - 1};
  struct str prefix = {all.p, all.n - word.n};
  size_t start = out->n;
  if (is_nop(i)) write_idle_prefixes(i, i->op_str, out);
  // It takes one that moves 64 bits for one that moves 32.
  if (i->detail->x86.rex & 8 && str_eq(word, STR_LIT("movd"))) word = STR_LIT("movq");
  if (!intel) word = without_suffix(word, &i->detail->x86);
  buf_str(out, prefix);
  buf_str(out, word);
  if (!operands) return;
  bool prefixed = out->n - start > word.n;
  buf_pad(out, ' ', !prefixed && word.n < 6 ? 7 - word.n : 1);
}

// ---- operands -----------------------------------------------------------------------------------

struct operands {
  const char *at;
  const cs_x86 *x;
  struct buf *out;
  bool intel;
  int depth;         // in parentheses or brackets
  int registers;     // written since those were opened
  unsigned operand;  // number of the one that is being written
};

static uint64_t cut_to_size(uint64_t value, unsigned size) {
  return size == 0 || size >= 8 ? value : value & ((UINT64_C(1) << (8 * size)) - 1);
}

static unsigned operand_size(const struct operands *o) {
  return o->operand < o->x->op_count ? o->x->operands[o->operand].size : 0;
}

// A constant: objdump never writes a minus before it.
static void write_constant(struct operands *o) {
  char *end;
  bool minus = *o->at == '-';
  uint64_t value = strtoull(o->at + minus, &end, 0);
  if (minus) value = cut_to_size(0 - value, operand_size(o));
  buf_addf(o->out, "0x%" PRIx64, value);
  o->at = end;
}

static void write_number(struct operands *o) {
  char *end;
  bool scale = o->intel ? o->out->n && o->out->data[o->out->n - 1] == '*' : o->depth > 0;
  uint64_t value = strtoull(o->at, &end, 0);
  if (scale) buf_addf(o->out, "%" PRIu64, value);
  else buf_addf(o->out, "0x%" PRIx64, value);
  o->at = end;
}

// A displacement of 0 that is there all the same is written.
static bool has_empty_displacement(const struct operands *o) {
  if (o->operand >= o->x->op_count || o->x->operands[o->operand].type != X86_OP_MEM) return false;
  bool number = o->out->n && isalnum((unsigned char)o->out->data[o->out->n - 1]);
  return o->x->encoding.disp_size && o->x->operands[o->operand].mem.disp == 0 && !number;
}

static void open_parenthesis(struct operands *o) {
  if (!o->intel && *o->at == '(' && has_empty_displacement(o)) buf_adds(o->out, "0x0");
  if (o->intel && o->out->n && o->out->data[o->out->n - 1] == 'R') buf_addc(o->out, ' ');
  o->depth++;
  o->registers = 0;
  buf_addc(o->out, *o->at++);
}

// The index is followed by its scale even where that is 1.
static void write_intel_scale(struct operands *o) {
  if (!o->intel || !o->depth || o->operand >= o->x->op_count) return;
  const x86_op_mem *m = &o->x->operands[o->operand].mem;
  bool after_index = o->registers == 1 + (m->base != X86_REG_INVALID);
  if (o->x->operands[o->operand].type != X86_OP_MEM || m->index == X86_REG_INVALID || m->scale != 1) return;
  if (after_index) buf_adds(o->out, "*1");
  o->registers += after_index;
}

static void close_parenthesis(struct operands *o) {
  const x86_op_mem *m = o->operand < o->x->op_count ? &o->x->operands[o->operand].mem : NULL;
  bool memory = m && o->x->operands[o->operand].type == X86_OP_MEM;
  if (o->intel && memory) {
    write_intel_scale(o);
    if (m->disp == 0 && o->x->encoding.disp_size) buf_adds(o->out, "+0x0");
  }
  bool scaled = o->out->n && isdigit((unsigned char)o->out->data[o->out->n - 1]) && o->out->data[o->out->n - 2] == ',';
  if (!o->intel && *o->at == ')' && memory && m->index != X86_REG_INVALID && m->scale == 1 && !scaled)
    buf_adds(o->out, ",1");
  if (o->depth) o->depth--;
  buf_addc(o->out, *o->at++);
}

static void write_word(struct operands *o) {
  const char *start = o->at;
  while (isalnum((unsigned char)*o->at) || *o->at == '%' || *o->at == '_') o->at++;
  struct str word = {start, (size_t)(o->at - start)};
  o->registers++;
  bool keyword = o->intel && one_of(word, "byte word dword qword xmmword ymmword zmmword xword tbyte ptr");
  for (size_t i = 0; i < word.n; i++) {
    char c = word.p[i];
    buf_addc(o->out, keyword && c >= 'a' && c <= 'z' ? (char)(c - 0x20) : c);
  }
}

static void write_next(struct operands *o) {
  char c = *o->at;
  bool constant = o->at[0] == '$' && (isdigit((unsigned char)o->at[1]) || o->at[1] == '-');
  if (constant) {
    buf_addc(o->out, '$');
    o->at++;
    write_constant(o);
  } else if (o->intel && o->depth == 0 && c == '-' && isdigit((unsigned char)o->at[1])) write_constant(o);
  else if (isdigit((unsigned char)c)) write_number(o);
  else if (c == '(' || c == '[') open_parenthesis(o);
  else if (c == ')' || c == ']') close_parenthesis(o);
  else if (isalnum((unsigned char)c) || c == '%') write_word(o);
  else {
    // Spaces count where they part words: not behind commas and around signs.
    bool parts = isalnum((unsigned char)o->at[1]) && o->out->n && isalnum((unsigned char)o->out->data[o->out->n - 1]);
    if (c == ',' && o->depth == 0) o->operand++;
    if (c == '+' || c == '-') write_intel_scale(o);
    if (c != ' ' || parts) buf_addc(o->out, c);
    o->at++;
  }
}

// An address relative to the next instruction is told behind the text.
static void write_relative(const struct disasm_code *code, const cs_insn *i, struct buf *out) {
  const cs_x86 *x = &i->detail->x86;
  for (uint8_t k = 0; k < x->op_count; k++) {
    const cs_x86_op *op = &x->operands[k];
    if (op->type != X86_OP_MEM || op->mem.base != X86_REG_RIP) continue;
    buf_adds(out, "        # ");
    disasm__address(code, i->address + i->size + (uint64_t)op->mem.disp, out);
    return;
  }
}

static bool is_branch(const cs_insn *i, uint64_t *target) {
  const cs_x86 *x = &i->detail->x86;
  bool branch = false;
  for (uint8_t k = 0; k < i->detail->groups_count; k++)
    branch |= i->detail->groups[k] == CS_GRP_JUMP || i->detail->groups[k] == CS_GRP_CALL;
  if (!branch || x->op_count != 1 || x->operands[0].type != X86_OP_IMM) return false;
  *target = (uint64_t)x->operands[0].imm;
  return true;
}

// What objdump leaves out: the segment of a nop, the 1 that a shift's opcode stands for.
static void skip_untold(const cs_insn *i, struct operands *o) {
  uint8_t opcode = o->x->opcode[0];
  if (is_nop(i) && !o->intel && strncmp(o->at, "%cs:", 4) == 0) o->at += 4;
  if (!o->intel && (opcode == 0xd0 || opcode == 0xd1) && strncmp(o->at, "$1, ", 4) == 0) {
    o->at += 4;
    o->operand++;
  }
}

void disasm__x86_text(const struct disasm_code *code, const cs_insn *i, bool intel, struct buf *out) {
  struct operands o = {.at = i->op_str, .x = &i->detail->x86, .out = out, .intel = intel};
  uint64_t target;
  if (i->size == 2 && i->bytes[0] == 0x66 && i->bytes[1] == 0x90) {
    buf_adds(out, intel ? "xchg   ax,ax" : "xchg   %ax,%ax");
    return;
  }
  skip_untold(i, &o);
  write_mnemonic(i, intel, *o.at != '\0', out);
  if (is_branch(i, &target)) {
    disasm__address(code, target, out);
    return;
  }
  while (*o.at && !out->failed) write_next(&o);
  write_relative(code, i, out);
}
