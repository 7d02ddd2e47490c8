// Which system calls may be interrupted by a stop, and what is mended after one.
#include <errno.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>

#include "record/wall.h"
#include "support/test.h"

static bool may(long number, size_t argument, uint64_t value) {
  struct call c = {.number = number};
  c.argument[argument] = value;
  return call_may_be_interrupted(&c, getpid());
}

static void test_calls__what_the_kernel_restarts_may_be_interrupted(void **state) {
  (void)state;
  assert_true(may(SYS_futex, 0, 0));
  assert_true(may(SYS_poll, 2, 1000));
  assert_true(may(SYS_clock_nanosleep, 0, 0));
}

static void test_calls__a_limit_of_time_must_not_begin_anew(void **state) {
  (void)state;
  assert_true(may(SYS_epoll_wait, 3, UINT64_MAX));
  assert_true(may(SYS_epoll_wait, 3, UINT32_MAX));
  assert_false(may(SYS_epoll_wait, 3, 0));
  assert_false(may(SYS_epoll_wait, 3, 1000));
  assert_true(may(SYS_rt_sigtimedwait, 2, 0));
  assert_false(may(SYS_rt_sigtimedwait, 2, 0x7fff0000));
}

static void test_calls__others_are_left_alone(void **state) {
  (void)state;
  assert_false(may(SYS_recvfrom, 0, 0));
  assert_false(may(SYS_ioctl, 0, 0));
  assert_false(may(SYS_msgrcv, 0, 0));
  assert_false(may(100000, 0, 0));
  assert_false(may(-1, 0, 0));
}

static void test_calls__files_are_told_apart(void **state) {
  int ends[2];
  (void)state;
  assert_int_equal(pipe(ends), 0);
  assert_true(may(SYS_read, 0, (uint64_t)ends[0]));
  close(ends[0]);
  assert_false(may(SYS_read, 0, (uint64_t)ends[0]));
  close(ends[1]);
}

static struct user_regs_struct left(long number, long result) {
  return (struct user_regs_struct){
      .orig_rax = (unsigned long long)number, .rax = (unsigned long long)result, .cs = 0x33};
}

static void test_calls__what_ends_with_eintr_is_restarted(void **state) {
  enum { ERESTARTNOHAND = 514 };
  struct user_regs_struct r = left(SYS_epoll_wait, -EINTR);
  (void)state;
  assert_true(call_mend(&r));
  assert_int_equal((long)r.rax, -ERESTARTNOHAND);
  assert_int_equal(r.orig_rax, SYS_epoll_wait);
}

// A file that was to be closed is closed all the same; a program of 32 bits has other numbers.
static void test_calls__nothing_else_is_touched(void **state) {
  struct user_regs_struct r[] = {left(SYS_close, -EINTR), left(SYS_epoll_wait, -EBADF), left(-1, -EINTR),
                                 left(SYS_epoll_wait, -EINTR)};
  (void)state;
  r[3].cs = 0x23;
  for (size_t i = 0; i < sizeof r / sizeof *r; i++) {
    struct user_regs_struct before = r[i];
    assert_false(call_mend(&r[i]));
    assert_memory_equal(&before, &r[i], sizeof before);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_calls__what_the_kernel_restarts_may_be_interrupted),
      cmocka_unit_test(test_calls__a_limit_of_time_must_not_begin_anew),
      cmocka_unit_test(test_calls__others_are_left_alone),
      cmocka_unit_test(test_calls__files_are_told_apart),
      cmocka_unit_test(test_calls__what_ends_with_eintr_is_restarted),
      cmocka_unit_test(test_calls__nothing_else_is_touched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
