// Rules and expressions put together byte by byte, stacks that fit them, and what damage does.
#include "unwind/unwind.h"

#include <elf.h>
#include <stdlib.h>

#include "support/test.h"
#include "unwind/internal.h"

// ---- rules put together here --------------------------------------------------------------------

enum { RULES = 0x8000, CODE = 0x1000, FUNCTION = 0x100, STACK = 0x7000, BIAS = 0x100000, WORDS = 32 };
enum { RBX = 3, RBP = UNWIND_RBP, RSP = UNWIND_RSP, RIP = UNWIND_RIP, R12 = 12 };

struct rules {
  uint8_t bytes[2048];
  size_t n, length_at;
};

static void put(struct rules *r, const void *bytes, size_t n) {
  assert_true(r->n + n <= sizeof r->bytes);
  memcpy(r->bytes + r->n, bytes, n);
  r->n += n;
}
static void put_u32(struct rules *r, uint32_t v) { put(r, &v, sizeof v); }
static void put_u64(struct rules *r, uint64_t v) { put(r, &v, sizeof v); }
#define PUT(r, ...) put(r, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

static void begin(struct rules *r) {
  r->length_at = r->n;
  put_u32(r, 0);
}
static void end(struct rules *r) {
  uint32_t length = (uint32_t)(r->n - r->length_at - 4);
  memcpy(r->bytes + r->length_at, &length, sizeof length);
}

// At position 0: after a call, the return address is at CFA - 8. Pointers are 4 bytes, relative to where they are.
static void add_cie(struct rules *r, const char *augmentation) {
  begin(r);
  put_u32(r, 0);
  PUT(r, 1);
  put(r, augmentation, strlen(augmentation) + 1);
  PUT(r, 1, 0x78, RIP, 1, 0x1b);              // alignments 1 and -8, one byte of data: 'R'
  PUT(r, 0x0c, RSP, 8, 0x80 | RIP, 1, 0, 0);  // def_cfa rsp+8; offset rip
  end(r);
}

// Followed by the function's program, then end().
static void add_fde(struct rules *r, uint64_t start) {
  begin(r);
  put_u32(r, (uint32_t)r->n);
  put_u32(r, (uint32_t)(start - RULES - r->n));
  put_u32(r, FUNCTION);
  PUT(r, 0);
}

static void make_table(struct unwind_table *t, const struct rules *r) {
  struct rule_source *s = &t->source[EH_FRAME];
  *t = (struct unwind_table){.debug_frame_tried = true, .entry = CODE + 15 * FUNCTION};
  s->section = (struct frame_section){.bytes = {(const char *)r->bytes, r->n}, .address = RULES};
  assert_int_equal(unwind__index_section(&s->index, &s->section, NULL), 0);
}

static void release_table(struct unwind_table *t) {
  unwind__index_release(&t->source[EH_FRAME].index);
  map64_release(&t->fde_at);
  free(t->fde);
  free(t->row);
  free(t->rule);
}

// ---- a process ----------------------------------------------------------------------------------

// Code is what the table has; `other` is code without rules.
enum { OTHER = BIAS + 0x4000 };
struct process {
  struct unwind_table table;
  struct unwind_registers registers;
  uint64_t stack[WORDS], pc[8];
  struct unwind_result result;
  bool (*read)(void *arg, uint64_t address, void *bytes, size_t n);
};

static struct unwind_table *find_table(void *arg, uint64_t address, uint64_t *bias, bool *code) {
  struct process *p = arg;
  *bias = BIAS;
  *code = address - OTHER < 0x1000;
  return address - BIAS - CODE < 16 * FUNCTION ? &p->table : NULL;
}

// Registers whose values tell which they are, and a stack of zeros.
static struct process *new_process(const struct rules *r, uint64_t object_address) {
  struct process *p = calloc(1, sizeof *p);
  assert_non_null(p);
  make_table(&p->table, r);
  for (unsigned i = 0; i < UNWIND_REGISTERS; i++) p->registers.r[i] = 0x5000 + i;
  p->registers.r[RSP] = STACK;
  p->registers.r[RIP] = BIAS + object_address;
  return p;
}

static void free_process(struct process *p) {
  release_table(&p->table);
  free(p);
}

static void set_word(struct process *p, uint64_t address, uint64_t v) { p->stack[(address - STACK) / 8] = v; }

static size_t walk(struct process *p) {
  struct unwind_source source = {find_table, p->read, p};
  struct unwind_stack stack = {STACK, (const unsigned char *)p->stack, sizeof p->stack};
  return unwind(&source, &p->registers, &stack, p->pc, 8, &p->result);
}

// The caller of the leaf, which is what the return address says, and the end.
static void expect_caller(struct process *p, uint64_t object_address) {
  assert_true(walk(p) >= 2);
  assert_int_equal(p->pc[0], p->registers.r[RIP]);
  assert_int_equal(p->pc[1], BIAS + object_address - 1);
}

static void expect_end(struct process *p, enum unwind_end wanted, size_t frames) {
  assert_int_equal(walk(p), frames);
  assert_string_equal(unwind_end_name(p->result.end), unwind_end_name(wanted));
}

// One function at CODE, another behind it that is the outermost.
static void two_functions(struct rules *r, const uint8_t *program, size_t n) {
  *r = (struct rules){.n = 0};
  add_cie(r, "zR");
  add_fde(r, CODE);
  put(r, program, n);
  end(r);
  add_fde(r, CODE + FUNCTION);
  PUT(r, 0x07, RIP);  // undefined
  end(r);
}
#define TWO_FUNCTIONS(r, ...) two_functions(r, (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})
enum { CALLER = CODE + FUNCTION + 5 };

// ---- programs -----------------------------------------------------------------------------------

// The word of the stack that holds the return address, at an offset of the function.
static void expect_return_at(const struct rules *r, uint64_t offset, unsigned word) {
  struct process *p = new_process(r, CODE + offset);
  set_word(p, STACK + 8 * word, BIAS + CALLER);
  p->registers.r[RBP] = STACK + 16;
  expect_caller(p, CALLER);
  expect_end(p, UNWIND_COMPLETE, 2);
  assert_int_equal(p->result.sure, 2);
  free_process(p);
}

static void test_unwind__rows(void **state) {
  struct rules r;
  (void)state;
  // push rbp; mov rsp, rbp; ... leave; ret
  TWO_FUNCTIONS(&r, 0x41, 0x0e, 16, 0x80 | RBP, 2, 0x43, 0x0d, RBP, 0x02, 0x20, 0x0c, RSP, 8, 0xc0 | RBP);
  expect_return_at(&r, 0, 0);
  expect_return_at(&r, 1, 1);
  expect_return_at(&r, 3, 1);
  expect_return_at(&r, 4, 3);
  expect_return_at(&r, 0x23, 3);
  expect_return_at(&r, 0x24, 0);
  expect_return_at(&r, FUNCTION - 1, 0);
}

static void test_unwind__remembered_rows(void **state) {
  struct rules r;
  (void)state;
  // To 16, remembered, to 24, back; the ways to advance; what is read over
  TWO_FUNCTIONS(&r, 0x41, 0x0e, 16, 0x0a, 0x41, 0x0e, 24, 0x2d, 0x2e, 0x90, 0x01, 0x03, 2, 0, 0x0b, 0x80 | 50, 3, 0x04,
                4, 0, 0, 0, 0x13, 0x7c);
  expect_return_at(&r, 0, 0);
  expect_return_at(&r, 1, 1);
  expect_return_at(&r, 2, 2);
  expect_return_at(&r, 3, 2);
  expect_return_at(&r, 4, 1);
  expect_return_at(&r, 7, 1);
  expect_return_at(&r, 8, 3);
}

static void expect_damaged(const uint8_t *program, size_t n) {
  struct rules r;
  two_functions(&r, program, n);
  struct process *p = new_process(&r, CODE);
  expect_end(p, UNWIND_BAD_RULE, 1);
  expect_end(p, UNWIND_BAD_RULE, 1);
  assert_int_equal(p->table.n_rows, 0);
  assert_int_equal(p->table.n_rules, 0);
  free_process(p);
}
#define EXPECT_DAMAGED(...) expect_damaged((const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__})

static void test_unwind__damaged_programs(void **state) {
  uint8_t remember[17];
  (void)state;
  EXPECT_DAMAGED(0x0b);                                               // restores what was not remembered
  EXPECT_DAMAGED(0x3f);                                               // no instruction
  EXPECT_DAMAGED(0x0e);                                               // no operand
  EXPECT_DAMAGED(0x0e, 0x80);                                         // one that does not end
  EXPECT_DAMAGED(0x0f, 0x7f, 0x77);                                   // an expression that does not end
  EXPECT_DAMAGED(0x0c, 40, 8);                                        // a register there is not
  EXPECT_DAMAGED(0x41, 0x0f, 1, 0x77, 0x41, 0x0e, 8);                 // the offset of a CFA that is none of a register
  EXPECT_DAMAGED(0x0e, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1);  // too large
  EXPECT_DAMAGED(0x01, 0, 0x80, 0xff, 0xff);                          // goes back
  memset(remember, 0x0a, sizeof remember);
  expect_damaged(remember, sizeof remember);
}

// ---- rules of registers -------------------------------------------------------------------------

// What the caller's rbx is, shown by the caller's CFA: rbx.
static void expect_rbx(const uint8_t *program, size_t n, uint64_t rbx) {
  struct rules r = {.n = 0};
  add_cie(&r, "zR");
  add_fde(&r, CODE);
  put(&r, program, n);
  end(&r);
  add_fde(&r, CODE + FUNCTION);
  PUT(&r, 0x0d, RBX);
  end(&r);
  struct process *p = new_process(&r, CODE);
  for (unsigned i = 0; i < WORDS; i++) p->stack[i] = STACK + 8 * i + 0x20;
  set_word(p, STACK, BIAS + CALLER);
  p->registers.r[RBX] = STACK + 0x10;
  p->registers.r[R12] = STACK + 0x18;
  set_word(p, rbx, BIAS + OTHER);  // the caller's return address is at rbx + 8 - 8
  assert_int_equal(walk(p), 3);
  assert_int_equal(p->pc[2], BIAS + OTHER - 1);
  free_process(p);
}
#define EXPECT_RBX(rbx, ...) expect_rbx((const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]){__VA_ARGS__}, rbx)

static void test_unwind__registers(void **state) {
  (void)state;
  EXPECT_RBX(STACK + 0x10, 0);                         // as it is
  EXPECT_RBX(STACK + 0x10, 0x08, RBX);                 // the same value
  EXPECT_RBX(STACK + 0x18, 0x09, RBX, R12);            // in another register
  EXPECT_RBX(STACK + 0x38, 0x11, RBX, 0x7e);           // at CFA + 16
  EXPECT_RBX(STACK + 0x20, 0x15, RBX, 0x7d);           // CFA + 24
  EXPECT_RBX(STACK + 0x40, 0x10, RBX, 2, 0x23, 0x18);  // at the expression CFA + 24
  EXPECT_RBX(STACK + 0x20, 0x16, RBX, 2, 0x23, 0x18);  // the expression
  EXPECT_RBX(STACK + 0x38, 0x2f, RBX, 2);              // at CFA + 16, in the old way
}

// In an epilogue rbp was taken off the stack already, and the rule still says where it was.
static void test_unwind__epilogue_keeps_register(void **state) {
  struct rules r;
  (void)state;
  r = (struct rules){.n = 0};
  add_cie(&r, "zR");
  add_fde(&r, CODE);
  PUT(&r, 0x80 | RBX, 2);
  end(&r);
  add_fde(&r, CODE + FUNCTION);
  PUT(&r, 0x0d, RBX);
  end(&r);
  struct process *p = new_process(&r, CODE);
  set_word(p, STACK, BIAS + CALLER);
  set_word(p, STACK + 0x30, BIAS + OTHER);
  p->registers.r[RBX] = STACK + 0x30;
  assert_int_equal(walk(p), 3);
  free_process(p);
}

// A call does not preserve rax: what it was in the caller is not known.
static void test_unwind__lost_register(void **state) {
  struct rules r = {.n = 0};
  (void)state;
  add_cie(&r, "zR");
  add_fde(&r, CODE);
  end(&r);
  add_fde(&r, CODE + FUNCTION);
  PUT(&r, 0x0d, 0);
  end(&r);
  struct process *p = new_process(&r, CODE);
  set_word(p, STACK, BIAS + CALLER);
  expect_end(p, UNWIND_BAD_RULE, 2);
  p->registers.r[RIP] = BIAS + CALLER;  // but in the leaf it is
  p->registers.r[0] = STACK;
  set_word(p, STACK, BIAS + 0x100);
  expect_end(p, UNWIND_NO_TABLE, 2);
  free_process(p);
}

// A thread that sleeps: only rsp and rip are known. What needs no other goes through, and what was saved on the way is known.
static void test_unwind__unknown_registers(void **state) {
  struct rules r = {.n = 0};
  (void)state;
  add_cie(&r, "zR");
  add_fde(&r, CODE);
  PUT(&r, 0x0e, 16, 0x80 | RBP, 2);
  end(&r);
  add_fde(&r, CODE + FUNCTION);
  PUT(&r, 0x0d, RBP);
  end(&r);
  struct process *p = new_process(&r, CODE);
  p->registers.unknown = ~(1U << RSP | 1U << RIP);
  set_word(p, STACK, STACK + 0x30);
  set_word(p, STACK + 8, BIAS + CALLER);
  set_word(p, STACK + 0x30, BIAS + 0x100);
  expect_end(p, UNWIND_NO_TABLE, 3);
  p->registers.r[RIP] = BIAS + CALLER;
  p->registers.r[RBP] = STACK + 0x30;
  expect_end(p, UNWIND_BAD_RULE, 1);
  free_process(p);
}

// ---- ends ---------------------------------------------------------------------------------------

static void test_unwind__ends(void **state) {
  struct rules r;
  (void)state;
  TWO_FUNCTIONS(&r, 0x41, 0x0e, 0x80, 0x20, 0x41, 0x0e, 0);
  struct process *p = new_process(&r, CODE);
  expect_end(p, UNWIND_COMPLETE, 1);  // a return address of 0
  set_word(p, STACK, BIAS + 0x100);
  expect_end(p, UNWIND_NO_TABLE, 2);
  set_word(p, STACK, BIAS + p->table.entry + 9);
  expect_end(p, UNWIND_COMPLETE, 2);  // _start without rules
  for (unsigned i = 0; i < WORDS; i++) p->stack[i] = BIAS + CODE + 1;
  expect_end(p, UNWIND_TOO_DEEP, 8);
  p->registers.r[RIP]++;
  expect_end(p, UNWIND_STACK_ENDS, 1);
  p->registers.r[RIP]++;
  expect_end(p, UNWIND_STACK_ENDS, 1);  // a CFA at the stack pointer: the return address is below the copy
  free_process(p);
}

static bool read_everywhere(void *arg, uint64_t address, void *bytes, size_t n) {
  uint64_t v = address < 0x9000 ? BIAS + CALLER : 0;
  (void)arg;
  memcpy(bytes, &v, n);
  return true;
}

static void test_unwind__memory_beside_the_copy(void **state) {
  struct rules r;
  (void)state;
  TWO_FUNCTIONS(&r, 0x41, 0x0e, 0x80, 0x10);
  struct process *p = new_process(&r, CODE + 1);
  expect_end(p, UNWIND_STACK_ENDS, 1);
  p->read = read_everywhere;
  expect_end(p, UNWIND_COMPLETE, 2);
  free_process(p);
}

static void test_unwind__stack_goes_down(void **state) {
  struct rules r = {.n = 0};
  (void)state;
  add_cie(&r, "zR");
  add_fde(&r, CODE);
  PUT(&r, 0x0c, RBP, 16);
  end(&r);
  struct process *p = new_process(&r, CODE);
  p->registers.r[RSP] = STACK + 0x40;
  p->registers.r[RBP] = STACK;
  set_word(p, STACK + 8, BIAS + CODE + 1);
  expect_end(p, UNWIND_LOOP, 1);
  free_process(p);
}

// What a handler returns to, and what was interrupted, are where they say.
static void test_unwind__signal_frame(void **state) {
  struct rules r = {.n = 0};
  (void)state;
  add_cie(&r, "zRS");
  add_fde(&r, CODE);
  end(&r);
  size_t second = r.n;
  add_cie(&r, "zR");
  add_fde(&r, CODE + FUNCTION);
  uint32_t back = (uint32_t)(r.n - 13 - second);
  memcpy(r.bytes + r.n - 13, &back, sizeof back);
  end(&r);
  struct process *p = new_process(&r, CODE + FUNCTION);
  set_word(p, STACK, BIAS + CODE + 1);
  set_word(p, STACK + 8, BIAS + CODE + FUNCTION);
  expect_end(p, UNWIND_COMPLETE, 3);
  assert_int_equal(p->pc[1], BIAS + CODE + 1);
  assert_int_equal(p->pc[2], BIAS + CODE + FUNCTION);
  free_process(p);
}

static void test_unwind__frame_pointers(void **state) {
  struct rules r;
  (void)state;
  TWO_FUNCTIONS(&r, 0);
  struct process *p = new_process(&r, CODE);
  p->registers.r[RIP] = OTHER;
  p->registers.r[RBP] = STACK + 0x10;
  set_word(p, STACK + 0x10, STACK + 0x40);
  set_word(p, STACK + 0x18, OTHER + 7);
  set_word(p, STACK + 0x48, BIAS + CALLER);
  expect_end(p, UNWIND_COMPLETE, 3);
  assert_int_equal(p->result.sure, 1);
  assert_int_equal(p->pc[1], OTHER + 6);
  set_word(p, STACK + 0x48, 12345);  // no code
  expect_end(p, UNWIND_NO_TABLE, 2);
  set_word(p, STACK + 0x10, STACK + 0x41);  // not aligned
  expect_end(p, UNWIND_NO_TABLE, 2);
  free_process(p);
}

// ---- expressions --------------------------------------------------------------------------------

struct expression {
  const char *bytes;
  size_t n;
  bool valid;
  uint64_t value;
};
#define GIVES(value, bytes) \
  { bytes, sizeof(bytes) - 1, true, value }
#define FAILS(bytes) \
  { bytes, sizeof(bytes) - 1, false, 0 }

static const struct expression expressions[] = {
    GIVES(0x700, ""),  // what is there at the start
    GIVES(5, "\x35"),
    GIVES(0x5000 + 3 - 8, "\x73\x78"),                 // breg3 -8
    GIVES(0x5000 + 12 + 200, "\x92\x0c\xc8\x01"),      // bregx
    GIVES(BIAS + 0x1234, "\x03\x34\x12\0\0\0\0\0\0"),  // addr
    GIVES(0xfe, "\x08\xfe"),
    GIVES(UINT64_MAX - 1, "\x09\xfe"),
    GIVES(0x8001, "\x0a\x01\x80"),
    GIVES((uint64_t)-0x7fff, "\x0b\x01\x80"),
    GIVES(0x80000001, "\x0c\x01\0\0\x80"),
    GIVES(UINT64_C(0xffffffff80000001), "\x0d\x01\0\0\x80"),
    GIVES(1, "\x0e\x01\0\0\0\0\0\0\0"),
    GIVES(300, "\x10\xac\x02"),
    GIVES((uint64_t)-2, "\x11\x7e"),
    GIVES(6, "\x33\x12\x22"),          // 3 dup plus
    GIVES(3, "\x33\x34\x13"),          // drop
    GIVES(3, "\x33\x34\x14"),          // over
    GIVES(3, "\x33\x34\x35\x15\x02"),  // pick
    GIVES(1, "\x33\x34\x16\x1c"),      // 3 4 swap minus
    GIVES(4, "\x33\x34\x35\x17"),      // rot: 5 3 4
    GIVES(2, "\x11\x7e\x19"),          // abs
    GIVES(4, "\x36\x3c\x1a"),
    GIVES((uint64_t)-2, "\x11\x7a\x33\x1b"),  // -6 / 3, signed
    GIVES(1, "\x37\x33\x1d"),
    GIVES(21, "\x37\x33\x1e"),
    GIVES((uint64_t)-3, "\x33\x1f"),
    GIVES(UINT64_MAX - 3, "\x33\x20"),
    GIVES(7, "\x35\x33\x21"),
    GIVES(12, "\x35\x23\x07"),
    GIVES(40, "\x35\x33\x24"),
    GIVES(0, "\x35\x08\x40\x24"),  // by 64
    GIVES(1, "\x35\x32\x25"),
    GIVES((uint64_t)-1, "\x11\x7e\x31\x26"),
    GIVES((uint64_t)-1, "\x11\x7e\x08\x7f\x26"),
    GIVES(6, "\x35\x33\x27"),
    GIVES(1, "\x33\x33\x29"),
    GIVES(1, "\x33\x11\x7e\x2a"),
    GIVES(0, "\x33\x33\x2b"),
    GIVES(1, "\x33\x33\x2c"),
    GIVES(1, "\x11\x7e\x33\x2d"),
    GIVES(0, "\x33\x33\x2e"),
    GIVES(4, "\x34\x2f\x01\0\x35"),          // skip over lit5
    GIVES(4, "\x34\x31\x28\x01\0\x35"),      // bra, taken
    GIVES(5, "\x34\x30\x28\x01\0\x35\x96"),  // not taken; nop
    GIVES(STACK + 0x500, "\x0a\0\x70\x06"),  // deref
    GIVES(0x75, "\x0a\x01\x70\x94\x01"),     // one byte
    GIVES(0x5000 + 16, "\x80\0"),            // rip
    FAILS("\x22"),                           // one value only
    FAILS("\x13\x13"),
    FAILS("\x13"),          // nothing is left
    FAILS("\x33\x30\x1b"),  // by 0
    FAILS("\x33\x30\x1d"),
    FAILS("\x08"),              // no operand
    FAILS("\x2f\x05\0"),        // behind the end
    FAILS("\x2f\xf0\xff"),      // before the begin
    FAILS("\x2f\xfd\xff"),      // for ever
    FAILS("\x12\x2f\xfc\xff"),  // grows for ever
    FAILS("\x81\0"),            // no such register
    FAILS("\x30\x06"),          // no memory
    FAILS("\x34\x94\x09"),      // nine bytes
    FAILS("\x50"),              // a register's name is no value here
    FAILS("\xff"),
    FAILS("\x15\x07"),
};

static void test_unwind__expressions(void **state) {
  uint64_t word = STACK + 0x500, initial = 0x700;
  struct unwind_source source = {find_table, NULL, NULL};
  struct unwind_stack stack = {STACK, (const unsigned char *)&word, sizeof word};
  struct memory memory = {&source, &stack};
  struct frame f = {.known = (1U << UNWIND_REGISTERS) - 1};
  (void)state;
  for (unsigned i = 0; i < UNWIND_REGISTERS; i++) f.r[i] = 0x5000 + i;
  for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++) {
    const struct expression *x = &expressions[i];
    char bytes[64] = {0, (char)x->n};
    uint64_t value = 0;
    memcpy(bytes + 2, x->bytes, x->n);
    struct frame_section s = {.bytes = {bytes, 2 + x->n}};
    bool valid = unwind__expression(&s, 1, &f, &memory, BIAS, &initial, &value);
    if (valid != x->valid || (valid && value != x->value)) print_error("expression %zu gives %lx\n", i, value);
    assert_int_equal(valid, x->valid);
    if (valid) assert_int_equal(value, x->value);
  }
}

// ---- pointers -----------------------------------------------------------------------------------

static void expect_pointer(uint8_t encoding, uint64_t value, size_t n) {
  static const char bytes[17] = "\0\xfe\xff\xff\xff\xff\xff\xff\xff\x01\0\0\0\0\0\0";
  struct frame_section s = {.bytes = {bytes, 16}, .address = 0x8000};
  struct cursor c = cursor_at(s.bytes, 1, false);
  assert_int_equal(unwind__pointer(&c, &s, encoding, 0x20000), value);
  assert_false(c.bad);
  assert_int_equal(c.p - (const uint8_t *)bytes, 1 + n);
}

static void test_unwind__pointers(void **state) {
  (void)state;
  expect_pointer(0x00, UINT64_MAX - 1, 8);
  expect_pointer(0x02, 0xfffe, 2);
  expect_pointer(0x03, 0xfffffffe, 4);
  expect_pointer(0x0a, UINT64_MAX - 1, 2);
  expect_pointer(0x0b, UINT64_MAX - 1, 4);
  expect_pointer(0x0c, UINT64_MAX - 1, 8);
  expect_pointer(0x1b, 0x7fff, 4);   // relative to where it is
  expect_pointer(0x3b, 0x1fffe, 4);  // relative to data
  expect_pointer(0x9b, 0x7fff, 4);   // indirect
  expect_pointer(0x50, 0x1ff, 15);   // aligned
  expect_pointer(0xff, 0, 0);        // omitted
}

// ---- damage -------------------------------------------------------------------------------------

static void walk_damaged(const struct rules *r) {
  for (uint64_t at = 0; at < 2 * FUNCTION; at += 37) {
    struct process *p = new_process(r, CODE + at);
    for (unsigned i = 0; i < WORDS; i++) p->stack[i] = BIAS + CODE + i * 16;
    size_t n = walk(p);
    assert_true(n >= 1 && n <= 8);
    free_process(p);
  }
}

static void test_unwind__damage(void **state) {
  struct rules r;
  (void)state;
  TWO_FUNCTIONS(&r, 0x41, 0x0e, 16, 0x80 | RBP, 2, 0x43, 0x0d, RBP, 0x0f, 2, 0x77, 8, 0x42, 0x0a, 0x0b);
  size_t whole = r.n;
  for (r.n = 0; r.n <= whole; r.n++) walk_damaged(&r);
  r.n = whole;
  for (size_t i = 0; i < whole; i++) {
    for (unsigned bit = 0; bit < 8; bit++) {
      r.bytes[i] ^= (uint8_t)(1 << bit);
      walk_damaged(&r);
      r.bytes[i] ^= (uint8_t)(1 << bit);
    }
  }
}

// ---- objects ------------------------------------------------------------------------------------

// This program's own functions, whose rules are looked for in two ways.
static void test_unwind_table__header_and_section_agree(void **state) {
  struct err e = {""};
  struct fde_index made = {.at = NULL};
  (void)state;
  struct elf *elf = elf_open("/proc/self/exe", &e);
  if (!elf || elf_machine(elf) != EM_X86_64) skip();
  struct unwind_table *t = unwind_table_new(elf, &e);
  assert_non_null(t);
  const struct rule_source *s = &t->source[EH_FRAME];
  assert_non_null(s->index.sorted.p);
  assert_int_equal(unwind__index_section(&made, &s->section, &e), 0);
  assert_true(made.n > 100);
  for (size_t i = 0; i < made.n; i++) {
    uint32_t position;
    assert_true(unwind__index_find(&s->index, &s->section, made.at[i].start, &position));
    assert_int_equal(position, made.at[i].position);
    struct place place;
    assert_int_equal(unwind__place(t, made.at[i].start, &place), PLACE_FOUND);
    assert_int_equal(place.fde->start, made.at[i].start);
  }
  unwind__index_release(&made);
  unwind_table_free(t);
  elf_close(elf);
}

static void expect_refused(unsigned machine, const char *why) {
  Elf64_Ehdr h = {.e_ident = ELFMAG "\2\1\1", .e_type = ET_DYN, .e_machine = (Elf64_Half)machine};
  struct err e = {""};
  struct elf *elf = elf_open_memory((struct str){(const char *)&h, sizeof h}, &e);
  assert_non_null(elf);
  assert_null(unwind_table_new(elf, &e));
  assert_message(&e, why);
  elf_close(elf);
  unwind_table_free(NULL);
}

static void test_unwind_table__refuses(void **state) {
  (void)state;
  expect_refused(EM_X86_64, "neither .eh_frame nor .debug_frame");
  expect_refused(EM_AARCH64, "not an x86-64 object");
}

// .debug_frame: CIEs have another id and are named by position; here in the 64-bit form, version 4.
static void test_unwind__debug_frame(void **state) {
  struct rules r = {.n = 0};
  struct entry entry;
  uint64_t next;
  (void)state;
  put_u32(&r, UINT32_MAX);
  put_u64(&r, 8 + 11);
  put_u64(&r, UINT64_MAX);
  PUT(&r, 4, 0, 8, 0, 1, 0x78, RIP, 0x0c, RSP, 8, 0);
  size_t fde = r.n;
  put_u32(&r, UINT32_MAX);
  put_u64(&r, 8 + 16 + 2);
  put_u64(&r, 0);
  put_u64(&r, CODE);
  put_u64(&r, FUNCTION);
  PUT(&r, 0x41, 0);
  struct frame_section s = {.bytes = {(const char *)r.bytes, r.n}, .debug = true};
  assert_int_equal(unwind__entry(&s, 0, &entry, &next), 0);
  assert_int_equal(next, fde);
  assert_int_equal(unwind__entry(&s, fde, &entry, &next), 1);
  assert_int_equal(next, 0);
  assert_int_equal(entry.start, CODE);
  assert_int_equal(entry.size, FUNCTION);
  assert_int_equal(entry.data_align, -8);
  assert_int_equal(entry.program_end - entry.program, 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_unwind__rows),
      cmocka_unit_test(test_unwind__remembered_rows),
      cmocka_unit_test(test_unwind__damaged_programs),
      cmocka_unit_test(test_unwind__registers),
      cmocka_unit_test(test_unwind__epilogue_keeps_register),
      cmocka_unit_test(test_unwind__lost_register),
      cmocka_unit_test(test_unwind__unknown_registers),
      cmocka_unit_test(test_unwind__ends),
      cmocka_unit_test(test_unwind__memory_beside_the_copy),
      cmocka_unit_test(test_unwind__stack_goes_down),
      cmocka_unit_test(test_unwind__signal_frame),
      cmocka_unit_test(test_unwind__frame_pointers),
      cmocka_unit_test(test_unwind__expressions),
      cmocka_unit_test(test_unwind__pointers),
      cmocka_unit_test(test_unwind__damage),
      cmocka_unit_test(test_unwind_table__header_and_section_agree),
      cmocka_unit_test(test_unwind_table__refuses),
      cmocka_unit_test(test_unwind__debug_frame),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
