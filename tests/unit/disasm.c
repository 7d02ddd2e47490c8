// Machine code as text.
#include "disasm/disasm.h"

#include <elf.h>
#include <inttypes.h>

#include "support/test.h"

static int write_row(void *arg, const struct instruction *i) {
  buf_addf(arg, "%" PRIx64 "+%" PRIu32 " %.*s\n", i->address, i->length, STR_ARG(i->text));
  return 0;
}

static bool name_of(void *arg, uint64_t address, struct buf *out) {
  (void)arg;
  if (address < 0x1000) return false;
  buf_addf(out, "f+0x%" PRIx64, address - 0x1000);
  return true;
}

static void assert_rows(unsigned machine, bool intel, struct disasm_code code, const char *expected) {
  struct disasm_machine m = {.machine = machine, .is_64 = true, .intel_syntax = intel};
  struct err e = {""};
  struct buf rows = {0};
  struct disassembler *d = disassembler_new(&m, &e);
  if (!d && str_find(str_of(e.text), STR_LIT("not installed")) != SIZE_MAX) skip();
  assert_non_null(d);
  assert_int_equal(disassemble(d, &code, write_row, &rows, &e), 0);
  buf_addc(&rows, '\0');
  assert_string_equal(rows.data, expected);
  buf_release(&rows);
  disassembler_free(d);
}

#define CODE(text) \
  ((struct disasm_code){.bytes = STR_LIT(text), .address = 0x1000, .stop = UINT64_MAX, .name = name_of})

static void test_disasm__att(void **state) {
  (void)state;
  assert_rows(EM_X86_64, false, CODE("\x55\x48\x89\xe5\xc7\x45\xfc\xff\xff\xff\xff\xe8\x01\x00\x00\x00\xc3"),
              "1000+1 push   %rbp\n"
              "1001+3 mov    %rsp,%rbp\n"
              "1004+7 movl   $0xffffffff,-0x4(%rbp)\n"
              "100b+5 call   1011 <f+0x11>\n"
              "1010+1 ret\n");
  assert_rows(EM_X86_64, false,
              CODE("\x48\x8d\x05\x09\x00\x00\x00\x8b\x04\x8b\xd1\xf8\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00"),
              "1000+7 lea    0x9(%rip),%rax        # 1010 <f+0x10>\n"
              "1007+3 mov    (%rbx,%rcx,4),%eax\n"
              "100a+2 sar    %eax\n"
              "100c+10 cs nopw 0x0(%rax,%rax,1)\n");
}

static void test_disasm__intel(void **state) {
  (void)state;
  assert_rows(EM_X86_64, true, CODE("\xc7\x45\xfc\x07\x00\x00\x00\x8b\x04\x0b\xeb\xf4"),
              "1000+7 mov    DWORD PTR [rbp-0x4],0x7\n"
              "1007+3 mov    eax,DWORD PTR [rbx+rcx*1]\n"
              "100a+2 jmp    1000 <f+0x0>\n");
}

static void test_disasm__bytes_that_are_no_code(void **state) {
  (void)state;
  // Up to the target of a jump, up to a place that is known, else byte by byte; at the end nothing is read beyond.
  assert_rows(EM_X86_64, false, CODE("\xeb\x02\x06\x06\xc3"), "1000+2 jmp    1004 <f+0x4>\n1002+2 (bad)\n1004+1 ret\n");
  const uint64_t known[] = {0x1000, 0x1003};
  struct disasm_code code = CODE("\x06\x06\x06\xc3");
  code.boundary = known;
  code.n_boundaries = 2;
  assert_rows(EM_X86_64, false, code, "1000+3 (bad)\n1003+1 ret\n");
  assert_rows(EM_X86_64, false, CODE("\x06\xc3"), "1000+1 (bad)\n1001+1 ret\n");
  assert_rows(EM_X86_64, false, CODE("\xe8\x00"), "1000+1 (bad)\n1001+1 (bad)\n");
}

static void test_disasm__stop(void **state) {
  (void)state;
  struct disasm_code code = CODE("\x90\x48\x89\xe5\xc3");
  code.stop = 0x1002;
  assert_rows(EM_X86_64, false, code, "1000+1 nop\n1001+3 mov    %rsp,%rbp\n");
}

static void test_disasm__other_machines(void **state) {
  (void)state;
  assert_rows(EM_AARCH64, false, CODE("\xfd\x7b\xbf\xa9\x02\x00\x00\x94\xc0\x03\x5f\xd6"),
              "1000+4 stp\tx29, x30, [sp, #-0x10]!\n"
              "1004+4 bl\t100c <f+0xc>\n"
              "1008+4 ret\n");
  struct disasm_machine m = {.machine = 0xffff};
  struct err e = {""};
  assert_null(disassembler_new(&m, &e));
  assert_true(e.text[0]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_disasm__att),
      cmocka_unit_test(test_disasm__intel),
      cmocka_unit_test(test_disasm__bytes_that_are_no_code),
      cmocka_unit_test(test_disasm__stop),
      cmocka_unit_test(test_disasm__other_machines),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
