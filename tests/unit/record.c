// What is pure of recording: regions, records of the kernel, their order, counting, and what processes do to all this.
#include "record/internal.h"

#include <linux/perf_event.h>

#include "support/test.h"

static struct region region(uint64_t start, uint64_t limit, uint64_t offset, uint32_t object) {
  return (struct region){.start = start, .limit = limit, .offset = offset, .object = object};
}

static void assert_region(const struct maps *m, uint64_t address, uint32_t object, uint64_t start, uint64_t offset) {
  const struct region *r = maps_find(m, address);
  assert_non_null(r);
  assert_int_equal(r->object, object);
  assert_int_equal(r->start, start);
  assert_int_equal(r->offset, offset);
}

// ---- maps ---------------------------------------------------------------------------------------

static void test_maps__found_between_their_ends(void **state) {
  (void)state;
  struct maps m = {0};
  assert_int_equal(maps_add(&m, region(0x3000, 0x4000, 0, 2)), 0);
  assert_int_equal(maps_add(&m, region(0x1000, 0x2000, 0, 1)), 0);
  assert_null(maps_find(&m, 0xfff));
  assert_region(&m, 0x1000, 1, 0x1000, 0);
  assert_region(&m, 0x1fff, 1, 0x1000, 0);
  assert_null(maps_find(&m, 0x2000));
  assert_region(&m, 0x3000, 2, 0x3000, 0);
  assert_null(maps_find(&m, 0x4000));
  assert_int_equal(maps_add(&m, region(0x5000, 0x5000, 0, 3)), 0);
  assert_int_equal(m.n, 2);
  maps_release(&m);
}

// What was unloaded is not told; what is loaded at its place is.
static void test_maps__a_new_region_replaces_what_it_covers(void **state) {
  (void)state;
  struct maps m = {0};
  maps_add(&m, region(0x1000, 0x5000, 0x100, 1));
  maps_add(&m, region(0x2000, 0x3000, 0, 2));
  assert_int_equal(m.n, 3);
  assert_region(&m, 0x1800, 1, 0x1000, 0x100);
  assert_region(&m, 0x2000, 2, 0x2000, 0);
  assert_region(&m, 0x3000, 1, 0x3000, 0x2100);
  maps_add(&m, region(0x1800, 0x4000, 0, 3));
  assert_int_equal(m.n, 3);
  assert_region(&m, 0x17ff, 1, 0x1000, 0x100);
  assert_region(&m, 0x2800, 3, 0x1800, 0);
  assert_region(&m, 0x4000, 1, 0x4000, 0x3100);
  maps_add(&m, region(0, 0x10000, 0, 4));
  assert_int_equal(m.n, 1);
  maps_release(&m);
}

// ---- records ------------------------------------------------------------------------------------

static void word(struct buf *b, uint64_t v) { buf_add(b, &v, sizeof v); }
static void half(struct buf *b, uint32_t v) { buf_add(b, &v, sizeof v); }

static struct str record_bytes(struct buf *whole, uint32_t type, uint16_t misc, const struct buf *body) {
  struct perf_event_header h = {type, misc, (uint16_t)(sizeof h + body->n)};
  buf_clear(whole);
  buf_add(whole, &h, sizeof h);
  buf_add(whole, body->data, body->n);
  return buf_view(whole);
}

static void trailer(struct buf *b, uint64_t time) {
  half(b, 1);
  half(b, 1);
  word(b, time);
}

static void sample(struct buf *b, uint64_t room, uint64_t filled, uint64_t time) {
  word(b, 0x401000);
  half(b, 10);
  half(b, 11);
  word(b, time);
  word(b, 1001);
  word(b, 2);
  word(b, PERF_CONTEXT_KERNEL);
  word(b, 0xffffffff81000004);
  word(b, 2);
  for (uint64_t i = 0; i < UNWIND_REGISTERS; i++) word(b, 100 + i);
  word(b, room);
  buf_pad(b, 's', room);
  if (room) word(b, filled);
}

static void test_records__a_sample_in_full_and_cut(void **state) {
  (void)state;
  struct buf body = {0}, whole = {0};
  struct record r;
  sample(&body, 64, 24, 77);
  struct str bytes = record_bytes(&whole, PERF_RECORD_SAMPLE, 0, &body);
  assert_int_equal(record_time(bytes), 77);
  for (int i = 0; i < 2; i++) {
    assert_true(record_parse(bytes, &r));
    assert_int_equal(r.kind, RECORD_SAMPLE);
    assert_int_equal(r.address, 0x401000);
    assert_int_equal(r.tid, 11);
    assert_int_equal(r.weight, 1001);
    assert_true(r.has_registers);
    // The kernel has bx before cx and dx, and the instruction pointer ninth.
    assert_int_equal(r.registers.r[3], 101);
    assert_int_equal(r.registers.r[1], 103);
    assert_int_equal(r.registers.r[UNWIND_RIP], 108);
    assert_int_equal(r.registers.r[15], 116);
    assert_int_equal(r.stack.start, r.registers.r[UNWIND_RSP]);
    assert_int_equal(r.stack.n, 24);
    assert_int_equal(r.kernel.n, 16);
    if (i == 0)
      for (size_t n = 8; n <= bytes.n; n += 8)
        assert_int_equal(record_useful(&(struct record_bytes){{bytes.p, n}, {bytes.p + n, bytes.n - n}}),
                         bytes.n - 64 - 8 + 24);
    bytes.n = whole.n - 64 - 8 + 24;
  }
  for (size_t n = 0; n < bytes.n - 24 - 8; n++) assert_false(record_parse((struct str){bytes.p, n}, &r) && r.stack.n);
  buf_release(&body);
  buf_release(&whole);
}

static void test_records__a_thread_without_registers(void **state) {
  (void)state;
  struct buf body = {0}, whole = {0};
  struct record r;
  word(&body, 0x401000);
  half(&body, 10);
  half(&body, 11);
  word(&body, 5);
  word(&body, 1001);
  word(&body, 0);
  word(&body, 0);
  word(&body, 0);
  assert_true(record_parse(record_bytes(&whole, PERF_RECORD_SAMPLE, 0, &body), &r));
  assert_false(r.has_registers);
  assert_int_equal(r.stack.n, 0);
  buf_release(&body);
  buf_release(&whole);
}

static void mapped(struct buf *b, uint32_t pid, uint64_t start, const char *name, uint64_t time) {
  static const unsigned char identity[24] = {20, 0, 0, 0, 0xab, 0xcd};
  char padded[16] = "";
  memcpy(padded, name, strlen(name));
  half(b, pid);
  half(b, pid);
  word(b, start);
  word(b, 0x1000);
  word(b, 0x2000);
  buf_add(b, identity, sizeof identity);
  word(b, 0);
  buf_add(b, padded, sizeof padded);
  trailer(b, time);
}

static void test_records__a_file_with_a_build_id(void **state) {
  (void)state;
  struct buf body = {0}, whole = {0};
  struct record r;
  mapped(&body, 4, 0x7000, "/bin/x", 9);
  assert_true(record_parse(record_bytes(&whole, PERF_RECORD_MMAP2, PERF_RECORD_MISC_MMAP_BUILD_ID, &body), &r));
  assert_int_equal(r.limit, 0x8000);
  assert_int_equal(r.offset, 0x2000);
  assert_true(str_eq(r.name, STR_LIT("/bin/x")));
  assert_int_equal(r.build_id.n, 20);
  assert_int_equal(r.time, 9);
  assert_true(record_parse(record_bytes(&whole, PERF_RECORD_MMAP2, 0, &body), &r));
  assert_int_equal(r.build_id.n, 0);
  assert_false(record_parse((struct str){whole.data, 20}, &r));
  buf_release(&body);
  buf_release(&whole);
}

// ---- the order of time --------------------------------------------------------------------------

struct seen {
  uint64_t time[8];
  size_t n;
};

static int see(void *arg, const struct record *r) {
  struct seen *s = arg;
  s->time[s->n++] = r->time;
  return 0;
}

static void test_queue__records_leave_by_time(void **state) {
  (void)state;
  static const uint64_t times[] = {30, 10, 40, 20};
  struct queue q = {0};
  struct seen seen = {0};
  struct buf body = {0}, whole = {0};
  for (size_t i = 0; i < 4; i++) {
    buf_clear(&body);
    mapped(&body, 1, 0x1000, "/x", times[i]);
    struct str bytes = record_bytes(&whole, PERF_RECORD_MMAP2, 0, &body);
    // As a ring gives them that goes over its end.
    assert_int_equal(queue_add(&q, &(struct record_bytes){{bytes.p, 16}, {bytes.p + 16, bytes.n - 16}}), 0);
  }
  assert_int_equal(queue_flush(&q, 30, &(struct sink){see, &seen}), 0);
  assert_int_equal(seen.n, 3);
  assert_int_equal(seen.time[0], 10);
  assert_int_equal(seen.time[2], 30);
  assert_int_equal(q.n, 1);
  queue_release(&q);
  buf_release(&body);
  buf_release(&whole);
}

// ---- names --------------------------------------------------------------------------------------

static void assert_names(const struct naming *at, size_t n, const char *const *names) {
  for (size_t i = 0; i < n; i++) assert_true(str_eq(at[i].name, str_of(names[i])));
}

// Modules come behind the kernel, in no order; addresses between symbols belong to the one before.
static void test_naming__from_symbols(void **state) {
  (void)state;
  struct naming at[] = {{.address = 0x0f}, {.address = 0x10}, {.address = 0x1f}, {.address = 0x2f}, {.address = 0x205}};
  static const char *const names[] = {"", "first", "first", "second", "inner"};
  naming_from_symbols(at, 5,
                      STR_LIT("0000000000000010 T first\n0000000000000010 t __alias\n0000000000000018 d data\n"
                              "0000000000000020 t second\n0000000000000200 t inner\t[module]\n"
                              "0000000000000100 t other\t[other]\nnonsense\n0000000000000203"));
  assert_names(at, 5, names);
}

static void test_naming__hidden_symbols_are_none(void **state) {
  (void)state;
  struct naming at[] = {{.address = 0x10}};
  static const char *const names[] = {""};
  naming_from_symbols(at, 1, STR_LIT("0000000000000000 T first\n0000000000000000 T second\n"));
  assert_names(at, 1, names);
}

// Code is replaced: what is listed last counts.
static void test_naming__from_a_perf_map(void **state) {
  (void)state;
  struct naming at[] = {{.address = 0x0f}, {.address = 0x10}, {.address = 0x1f}, {.address = 0x20}, {.address = 0x30}};
  static const char *const names[] = {"", "new", "a name with blanks", "", "at the top"};
  naming_from_perf_map(at, 5,
                       STR_LIT("10 10 a name with blanks\n0x10 0x4 new\n30 ffffffffffffffff at the top\n"
                               "11111111111111111 1 too far\n20 0 empty\n20 1\n20"));
  assert_names(at, 5, names);
}

// ---- counting -----------------------------------------------------------------------------------

static void test_stacks__equal_ones_are_counted(void **state) {
  (void)state;
  struct stacks s = {0};
  struct region r = region(0x1000, 0x2000, 0, 0);
  uint32_t a = stacks_region(&s, &r), one[2], other[2];
  assert_int_equal(stacks_region(&s, &r), a);
  one[0] = stacks_place(&s, 0x1004, a);
  one[1] = stacks_place(&s, 0x1008, a);
  other[0] = one[1];
  other[1] = one[0];
  assert_int_equal(stacks_place(&s, 0x1004, a), one[0]);
  assert_int_not_equal(stacks_place(&s, 0x1004, NONE), one[0]);
  stacks_count(&s, one, &(struct stack){.n = 2, .thread = NONE, .count = 1, .weight = 10});
  stacks_count(&s, one, &(struct stack){.n = 2, .thread = NONE, .count = 1, .weight = 10});
  stacks_count(&s, one, &(struct stack){.n = 1, .thread = NONE, .count = 1, .weight = 10});
  stacks_count(&s, other, &(struct stack){.n = 2, .thread = NONE, .count = 1, .weight = 10});
  stacks_count(&s, one, &(struct stack){.n = 2, .thread = 7, .count = 1, .weight = 10});
  struct stack waits = {.n = 2, .thread = 7, .state = STATE_WAITING, .count = 1, .weight = 10};
  assert_int_equal(stacks_count(&s, one, &waits), 4);
  assert_int_equal(s.n_stacks, 5);
  assert_int_equal(s.stack[0].count, 2);
  assert_int_equal(s.stack[0].weight, 20);
  stacks_release(&s);
}

// ---- the tree of processes --------------------------------------------------------------------------

static void fork_of(struct tree *t, uint32_t parent, uint32_t pid) {
  assert_int_equal(tree_take(t, &(struct record){.kind = RECORD_FORK, .pid = pid, .tid = pid, .parent = parent}), 0);
}

static void test_tree__has_what_its_processes_start(void **state) {
  (void)state;
  static const struct record_options options = {0};
  struct tree t;
  assert_int_equal(tree_begin(&t, &(struct subject){.options = &options, .pid = 10, .at_exec = true}), 0);
  assert_true(t.begin == UINT64_MAX);
  tree_take(&t, &(struct record){.kind = RECORD_COMM, .pid = 10, .tid = 10, .time = 7, .exec = true});
  assert_int_equal(t.begin, 7);
  fork_of(&t, 1, 20);
  fork_of(&t, 10, 11);
  fork_of(&t, 11, 12);
  assert_true(tree_has(&t, 10) && tree_has(&t, 11) && tree_has(&t, 12));
  assert_false(tree_has(&t, 1) || tree_has(&t, 20));
  // A number is used again by others, and again by ours.
  fork_of(&t, 1, 11);
  assert_false(tree_has(&t, 11));
  assert_true(tree_has(&t, 12));
  fork_of(&t, 12, 20);
  assert_true(tree_has(&t, 20));
  tree_release(&t);
}

static void test_tree__of_one_process(void **state) {
  (void)state;
  static const struct record_options options = {.no_children = true};
  struct tree t;
  assert_int_equal(tree_begin(&t, &(struct subject){.options = &options, .pid = 10}), 0);
  assert_int_equal(t.begin, 0);
  fork_of(&t, 10, 11);
  assert_true(tree_has(&t, 10));
  assert_false(tree_has(&t, 11));
  tree_release(&t);
}

// ---- processes ----------------------------------------------------------------------------------

static void take(struct tracker *t, struct record r) { assert_int_equal(tracker_take(t, &r), 0); }

static struct record map_of(uint32_t pid, uint64_t start, const char *name) {
  return (struct record){
      .kind = RECORD_MMAP, .pid = pid, .tid = pid, .start = start, .limit = start + 0x1000, .name = str_of(name)};
}

static const char *name_at(struct tracker *t, uint32_t pid, uint64_t address) {
  const struct region *r = maps_find(&t->process[map64_get(&t->process_of, pid)].maps, address);
  return r ? t->objects.at[r->object].name : "";
}

static void test_tracker__fork_copies_and_exec_forgets(void **state) {
  (void)state;
  static const struct record_options options = {.per_thread = true};
  struct tracker t;
  tracker_init(&t, &options);
  t.pid = 1;
  take(&t, (struct record){.kind = RECORD_COMM, .pid = 1, .tid = 1, .name = STR_LIT("first"), .exec = true});
  take(&t, map_of(1, 0x1000, "/none/first"));
  take(&t, map_of(1, 0x5000, "/none/ld.so"));
  assert_int_equal(t.main.start, 0x1000);
  take(&t, (struct record){.kind = RECORD_FORK, .pid = 2, .tid = 2, .parent = 1});
  assert_string_equal(name_at(&t, 2, 0x1800), "/none/first");
  take(&t, map_of(2, 0x1000, "/none/plugin"));
  assert_string_equal(name_at(&t, 2, 0x1800), "/none/plugin");
  assert_string_equal(name_at(&t, 1, 0x1800), "/none/first");
  take(&t, (struct record){.kind = RECORD_COMM, .pid = 2, .tid = 2, .name = STR_LIT("second"), .exec = true});
  assert_string_equal(name_at(&t, 2, 0x5000), "");
  // A thread that is given a name is no new program.
  take(&t, (struct record){.kind = RECORD_COMM, .pid = 1, .tid = 1, .name = STR_LIT("worker")});
  assert_string_equal(name_at(&t, 1, 0x1800), "/none/first");
  assert_string_equal(t.thread[map64_get(&t.thread_of, 1)].name, "worker");
  tracker_release(&t);
}

// What a process tells of itself: nothing of it is trusted.
static void test_tracker__maps_come_as_text(void **state) {
  (void)state;
  static const struct record_options options = {.per_thread = false};
  static const char *const ending[] = {"/none/first", "/none/first\n", "\n"};
  static const char *const damaged[] = {"\n\n\n", "/none/first\n5000-", "x\n1-0 r-xp 0 0:0 0 /y\n"};
  struct tracker t;
  tracker_init(&t, &options);
  t.pid = 1;
  take(&t, map_of(1, 0x9000, "/none/old"));
  take(&t, (struct record){.kind = RECORD_MAPS,
                           .pid = 1,
                           .name = STR_LIT("/none/first\n4000-5000 r--p 00000000 08:01 9 /none/first\n"
                                           "5000-6000 r-xp 00001000 08:01 9 /none/first\n"
                                           "7000-8000 r-xp 00000000 00:00 0 \n")});
  assert_int_equal(t.main.start, 0x5000);
  assert_string_equal(name_at(&t, 1, 0x4000), "");
  assert_string_equal(name_at(&t, 1, 0x5004), "/none/first");
  assert_string_equal(name_at(&t, 1, 0x7004), "//anon");
  assert_string_equal(name_at(&t, 1, 0x9004), "");
  // A process that is ending has nothing mapped, and had all this.
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
    take(&t, (struct record){.kind = RECORD_MAPS, .pid = 1, .name = str_of(ending[i])});
    assert_int_equal(t.main.start, 0x5000);
    assert_string_equal(name_at(&t, 1, 0x5004), "/none/first");
  }
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    take(&t, (struct record){.kind = RECORD_MAPS, .pid = 1, .name = str_of(damaged[i])});
    assert_int_equal(t.process[map64_get(&t.process_of, 1)].maps.n, 0);
  }
  tracker_release(&t);
}

// Looks at threads: a sample that is not wanted unless its stack is whole, one that comes again, and what becomes of their states.
static void test_tracker__states_are_told_apart(void **state) {
  (void)state;
  static const struct record_options options = {.wall = true};
  struct tracker t;
  struct answer answer;
  struct recording r = {.period = 1000, .used = -1, .wall = true};
  struct err e = {""};
  tracker_init(&t, &options);
  t.pid = 1;
  take(&t, map_of(1, 0x1000, "/none/first"));
  struct record s = {
      .kind = RECORD_SAMPLE, .pid = 1, .tid = 1, .address = 0x1004, .weight = 10, .state = STATE_WAITING};
  s.answer = &answer;
  s.if_complete = true;
  take(&t, s);
  assert_int_equal(answer.stack, NONE);
  assert_false(answer.complete || answer.unmapped);
  assert_int_equal(t.samples, 0);
  s.if_complete = false;
  take(&t, s);
  assert_int_equal(answer.stack, 0);
  take(&t, (struct record){.kind = RECORD_AGAIN, .pid = 1, .tid = 1, .again = 0, .weight = 30, .state = STATE_WAITING});
  s.state = STATE_RUNNING;
  take(&t, s);
  assert_int_equal(answer.stack, 1);
  s.address = 0x9999;
  take(&t, s);
  assert_true(answer.unmapped);
  struct profile *p = write_profile(&t, &(struct span){5, 6}, &r, &e);
  assert_non_null(p);
  assert_int_equal(p->n_samples, 3);
  assert_int_equal(profile_values(p, 0)[0], 2);
  assert_int_equal(profile_values(p, 0)[1], 40);
  assert_true(str_eq(profile_str(p, p->sample_type[1].type), STR_LIT("wall")));
  assert_true(str_eq(profile_str(p, p->label[0].text), STR_LIT("waiting")));
  assert_int_not_equal(profile_label_set(p, 0), profile_label_set(p, 1));
  assert_int_equal(profile_label_set(p, 1), profile_label_set(p, 2));
  assert_true(r.waited > 39e-9 && r.waited < 41e-9);
  assert_int_equal(r.cut, 4);
  profile_free(p);
  tracker_release(&t);
}

static struct record thread_of(enum record_kind kind, uint32_t pid, uint32_t tid, uint32_t parent) {
  return (struct record){.kind = kind, .pid = pid, .tid = tid, .parent = parent, .parent_tid = parent};
}

// A recording of many short processes does not grow with their number.
static void test_tracker__what_ended_leaves_room(void **state) {
  (void)state;
  static const struct record_options options = {0};
  struct tracker t;
  tracker_init(&t, &options);
  t.pid = 1;
  take(&t, map_of(1, 0x1000, "/none/first"));
  for (uint32_t pid = 100; pid < 200; pid++) {
    take(&t, thread_of(RECORD_FORK, pid, pid, 1));
    take(&t, thread_of(RECORD_FORK, pid, pid + 1000, pid));
    take(&t, thread_of(RECORD_EXIT, pid, pid, 1));
    assert_string_equal(name_at(&t, pid, 0x1000), "/none/first");  // its other thread runs on
    take(&t, thread_of(RECORD_EXIT, pid, pid + 1000, 1));
  }
  assert_int_equal(t.n_processes, 2);
  assert_true(t.n_threads <= 3);
  assert_int_equal(t.started, 200);
  assert_int_equal(t.unseen, 200);
  assert_string_equal(name_at(&t, 1, 0x1000), "/none/first");
  tracker_release(&t);
}

static void test_tracker__samples_become_a_profile(void **state) {
  (void)state;
  static const struct record_options options = {.per_thread = true};
  struct tracker t;
  tracker_init(&t, &options);
  t.pid = 1;
  struct span span = {.began = 5, .lasted = 6};
  struct recording r = {.period = 1000, .used = 0.001};
  struct err e = {""};
  take(&t, map_of(1, 0x5000, "/none/library"));
  take(&t, (struct record){.kind = RECORD_COMM, .pid = 1, .tid = 1, .name = STR_LIT("first"), .exec = true});
  take(&t, map_of(1, 0x1000, "/none/first"));
  take(&t, map_of(1, 0x5000, "/none/library"));
  struct record s = {.kind = RECORD_SAMPLE, .pid = 1, .tid = 1, .address = 0x5004, .weight = 1000};
  take(&t, s);
  take(&t, s);
  s.address = 0x9999;
  take(&t, s);
  take(&t, (struct record){.kind = RECORD_LOST, .lost = 3});
  struct profile *p = write_profile(&t, &span, &r, &e);
  assert_non_null(p);
  assert_int_equal(p->n_samples, 2);
  assert_int_equal(profile_values(p, 0)[0], 2);
  assert_int_equal(profile_values(p, 0)[1], 2000);
  assert_true(str_eq(profile_str(p, p->places.mapping[0].file), STR_LIT("/none/first")));
  assert_int_equal(p->places.mapping[p->places.location[0].mapping].start, 0x5000);
  assert_int_equal(p->places.location[1].mapping, NONE);
  assert_int_equal(p->label_set[profile_label_set(p, 0)].n, 3);
  assert_int_equal(r.lost, 3);
  assert_int_equal(r.cut, 3);
  profile_free(p);
  tracker_release(&t);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_maps__found_between_their_ends),
      cmocka_unit_test(test_maps__a_new_region_replaces_what_it_covers),
      cmocka_unit_test(test_records__a_sample_in_full_and_cut),
      cmocka_unit_test(test_records__a_thread_without_registers),
      cmocka_unit_test(test_records__a_file_with_a_build_id),
      cmocka_unit_test(test_queue__records_leave_by_time),
      cmocka_unit_test(test_naming__from_symbols),
      cmocka_unit_test(test_naming__hidden_symbols_are_none),
      cmocka_unit_test(test_naming__from_a_perf_map),
      cmocka_unit_test(test_tree__has_what_its_processes_start),
      cmocka_unit_test(test_tree__of_one_process),
      cmocka_unit_test(test_tracker__what_ended_leaves_room),
      cmocka_unit_test(test_stacks__equal_ones_are_counted),
      cmocka_unit_test(test_tracker__fork_copies_and_exec_forgets),
      cmocka_unit_test(test_tracker__maps_come_as_text),
      cmocka_unit_test(test_tracker__states_are_told_apart),
      cmocka_unit_test(test_tracker__samples_become_a_profile),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
