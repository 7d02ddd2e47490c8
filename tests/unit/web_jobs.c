// Jobs: shared, kept, limited, stopped.
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "support/test.h"
#include "web/jobs.h"

// Work that waits until it is let go or stopped, and counts.
struct test_work {
  struct work work;
  atomic_int *made, *released;
  atomic_bool *go;
  size_t bytes;
  unsigned status;
};

static struct answer *make(struct work *w, const atomic_bool *stop) {
  struct test_work *t = (struct test_work *)w;
  while (t->go && !atomic_load(t->go) && !atomic_load(stop)) usleep(1000);
  atomic_fetch_add(t->made, 1);
  struct answer *a = answer_new(atomic_load(stop) ? 503 : t->status, "text/plain");
  buf_pad(&a->body, 'x', t->bytes);
  return a;
}

static void release(struct work *w) {
  atomic_fetch_add(((struct test_work *)w)->released, 1);
  free(w);
}

struct fixture {
  struct jobs *jobs;
  atomic_int made, released, answered, status[600];
  atomic_bool go;
};

static struct work *work(struct fixture *f, bool waits, size_t bytes, unsigned status) {
  struct test_work *t = calloc(1, sizeof *t);
  *t = (struct test_work){{make, release, 60}, &f->made, &f->released, waits ? &f->go : NULL, bytes, status};
  return &t->work;
}

static void done(void *arg, struct answer *a) {
  struct fixture *f = arg;
  assert_non_null(a);
  atomic_fetch_add(&f->status[a->status], 1);
  atomic_fetch_add(&f->answered, 1);
  answer_release(a);
}

static void begin(struct fixture *f, struct jobs_limits limits) {
  struct err e = {""};
  memset(f, 0, sizeof *f);
  f->jobs = jobs_new(&limits, &e);
  assert_non_null(f->jobs);
}

static void end(struct fixture *f) {
  assert_true(jobs_end(f->jobs));
  jobs_free(f->jobs);
}

// Bounded: a test that waits for ever says nothing.
static void wait_for(atomic_int *count, int n) {
  for (int i = 0; i < 20000 && atomic_load(count) < n; i++) usleep(1000);
  assert_int_equal(atomic_load(count), n);
}

static void test_jobs__equal_requests_share_one(void **state) {
  (void)state;
  struct fixture f;
  begin(&f, (struct jobs_limits){2, 100, 10, 1000});
  for (int i = 0; i < 20; i++) assert_int_equal(jobs_ask(f.jobs, STR_LIT("a"), work(&f, true, 10, 200), done, &f), 0);
  atomic_store(&f.go, true);
  wait_for(&f.answered, 20);
  assert_int_equal(atomic_load(&f.made), 1);
  struct answer *kept = jobs_find(f.jobs, STR_LIT("a"));
  assert_non_null(kept);
  answer_release(kept);
  assert_null(jobs_find(f.jobs, STR_LIT("b")));
  end(&f);
  assert_int_equal(atomic_load(&f.released), 20);
}

static void count(void *arg, struct answer *a) {
  atomic_fetch_add((atomic_int *)arg, a && a->status == 200 ? 1 : 1000);
  answer_release(a);
}

static void test_jobs__who_leaves_is_not_answered(void **state) {
  (void)state;
  struct fixture f;
  atomic_int first = 0, second = 0;
  begin(&f, (struct jobs_limits){1, 100, 10, 1000});
  assert_false(jobs_leave(f.jobs, &first));
  assert_int_equal(jobs_ask(f.jobs, STR_LIT("a"), work(&f, true, 1, 200), count, &first), 0);
  assert_int_equal(jobs_ask(f.jobs, STR_LIT("a"), work(&f, true, 1, 200), count, &second), 0);
  assert_true(jobs_leave(f.jobs, &first));
  assert_false(jobs_leave(f.jobs, &first));
  atomic_store(&f.go, true);
  wait_for(&second, 1);
  assert_int_equal(atomic_load(&first), 0);
  end(&f);
}

static void test_jobs__what_nobody_waits_for_is_stopped(void **state) {
  (void)state;
  struct fixture f;
  atomic_int first = 0, second = 0;
  begin(&f, (struct jobs_limits){1, 100, 10, 1000});
  jobs_ask(f.jobs, STR_LIT("a"), work(&f, true, 1, 200), count, &first);
  jobs_ask(f.jobs, STR_LIT("b"), work(&f, true, 1, 200), count, &second);
  // One of them runs, or will; neither is let go.
  assert_true(jobs_leave(f.jobs, &first) && jobs_leave(f.jobs, &second));
  for (int i = 0; i < 20000 && atomic_load(&f.released) < 2; i++) usleep(1000);
  assert_int_equal(atomic_load(&f.released), 2);
  // Who asks now gets an answer of its own.
  atomic_store(&f.go, true);
  jobs_ask(f.jobs, STR_LIT("a"), work(&f, true, 1, 200), count, &second);
  wait_for(&second, 1);
  assert_int_equal(atomic_load(&first), 0);
  end(&f);
}

static void test_jobs__the_oldest_go_first(void **state) {
  (void)state;
  struct fixture f;
  begin(&f, (struct jobs_limits){1, 100, 3, 1000});
  static const char *const keys[] = {"a", "b", "c", "a", "d"};
  for (int i = 0; i < 5; i++) {
    jobs_ask(f.jobs, str_of(keys[i]), work(&f, false, 10, 200), done, &f);
    wait_for(&f.answered, i + 1);
  }
  struct answer *a = jobs_find(f.jobs, STR_LIT("a")), *d = jobs_find(f.jobs, STR_LIT("d"));
  assert_true(a && d && !jobs_find(f.jobs, STR_LIT("b")));
  answer_release(a);
  answer_release(d);
  jobs_ask(f.jobs, STR_LIT("large"), work(&f, false, 995, 200), done, &f);
  wait_for(&f.answered, 6);
  assert_null(jobs_find(f.jobs, STR_LIT("a")));
  end(&f);
}

static void test_jobs__what_is_not_kept(void **state) {
  (void)state;
  struct fixture f;
  begin(&f, (struct jobs_limits){1, 100, 10, 1000});
  jobs_ask(f.jobs, STR_LIT("failed"), work(&f, false, 10, 400), done, &f);
  jobs_ask(f.jobs, STR_LIT("large"), work(&f, false, 1001, 200), done, &f);
  wait_for(&f.answered, 2);
  assert_null(jobs_find(f.jobs, STR_LIT("failed")));
  assert_null(jobs_find(f.jobs, STR_LIT("large")));
  end(&f);
}

static void test_jobs__too_many_are_turned_away(void **state) {
  (void)state;
  struct fixture f;
  char key[] = "a";
  int refused = 0;
  begin(&f, (struct jobs_limits){1, 3, 10, 1000});
  for (; key[0] <= 'j'; key[0]++) refused += jobs_ask(f.jobs, str_of(key), work(&f, true, 1, 200), done, &f) != 0;
  assert_true(refused >= 6);
  atomic_store(&f.go, true);
  wait_for(&f.answered, 10 - refused);
  end(&f);
  assert_int_equal(atomic_load(&f.released), 10);
}

static void test_jobs__late_ones_are_stopped(void **state) {
  (void)state;
  struct fixture f;
  begin(&f, (struct jobs_limits){1, 3, 10, 1000});
  struct work *w = work(&f, true, 1, 200);
  w->seconds = 1;
  jobs_ask(f.jobs, STR_LIT("a"), w, done, &f);
  wait_for(&f.answered, 1);
  assert_int_equal(atomic_load(&f.status[503]), 1);
  end(&f);
}

static void test_jobs__the_end_answers_everyone(void **state) {
  (void)state;
  struct fixture f;
  char key[] = "a";
  begin(&f, (struct jobs_limits){2, 100, 10, 1000});
  for (; key[0] <= 'j'; key[0]++) assert_int_equal(jobs_ask(f.jobs, str_of(key), work(&f, true, 1, 200), done, &f), 0);
  assert_true(jobs_end(f.jobs));
  assert_int_equal(atomic_load(&f.answered), 10);
  assert_int_equal(atomic_load(&f.status[503]), 10);
  assert_int_equal(jobs_ask(f.jobs, STR_LIT("z"), work(&f, false, 1, 200), done, &f), -1);
  jobs_free(f.jobs);
  assert_int_equal(atomic_load(&f.released), 11);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_jobs__who_leaves_is_not_answered),
      cmocka_unit_test(test_jobs__what_nobody_waits_for_is_stopped),
      cmocka_unit_test(test_jobs__equal_requests_share_one),
      cmocka_unit_test(test_jobs__the_oldest_go_first),
      cmocka_unit_test(test_jobs__what_is_not_kept),
      cmocka_unit_test(test_jobs__too_many_are_turned_away),
      cmocka_unit_test(test_jobs__late_ones_are_stopped),
      cmocka_unit_test(test_jobs__the_end_answers_everyone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
