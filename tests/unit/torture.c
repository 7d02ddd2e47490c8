// Memory that runs out: the n-th allocation fails, or all from the n-th on, for every n that a run comes to. What is
// tried says "out of memory" or gives what it gives with memory; a sanitizer build also sees leaks.
//
// Linked with --wrap for malloc, calloc, realloc and strdup. That catches the calls of the project's own objects, also
// those that protobuf-c and PCRE2 make through allocators given to them, but, while they are shared libraries, not what
// zlib, PCRE2 and the C library allocate by themselves.
#include "base/gzip.h"
#include "base/rx.h"
#include "driver/commands.h"
#include "profile/tag_filter.h"
#include "support/message.h"
#include "support/sketch.h"

// ---- failing allocations ----------------------------------------------------------------------------

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *s);

static size_t calls, fail_at;  // 0: never
static bool fail_on;           // and all after it

static bool fails(void) {
  calls++;
  return fail_at && (fail_on ? calls >= fail_at : calls == fail_at);
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : __real_malloc(size); }
void *__wrap_calloc(size_t n, size_t size) { return fails() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *old, size_t size) { return fails() ? NULL : __real_realloc(old, size); }
char *__wrap_strdup(const char *s) { return fails() ? NULL : __real_strdup(s); }

// ---- the rack -----------------------------------------------------------------------------------------

// Does something from the beginning; 0 and the result as text, or -1 and a message. Cleans up after itself.
typedef int trial(const void *arg, struct buf *out, struct err *e);

static int run(trial *try, const void *arg, struct buf *out, struct err *e, size_t n, bool on) {
  *e = (struct err){0};
  calls = 0;
  fail_at = n;
  fail_on = on;
  int result = try(arg, out, e);
  fail_at = 0;
  return result;
}

static void torture(trial *try, const void *arg, bool on) {
  struct buf expected = {0};
  struct err e;
  size_t refused = 0;
  if (run(try, arg, &expected, &e, 0, false)) fail_msg("%s", e.text);
  assert_true(expected.n > 0);
  size_t needed = calls;
  for (size_t n = 1; n <= needed; n++) {
    struct buf out = {0};
    int result = run(try, arg, &out, &e, n, on);
    if (result == 0 && !str_eq(buf_view(&out), buf_view(&expected)))
      fail_msg("allocation %zu: another result\n%.*s\n--- not\n%.*s", n, STR_ARG(buf_view(&out)),
               STR_ARG(buf_view(&expected)));
    if (result && !strstr(e.text, "out of memory")) fail_msg("allocation %zu: \"%s\"", n, e.text);
    refused += result != 0;
    buf_release(&out);
  }
  // Few allocations can be done without.
  assert_true(needed > 0 && refused * 10 >= needed * 8);
  buf_release(&expected);
}

static void both_ways(trial *try, const void *arg) {
  torture(try, arg, false);
  torture(try, arg, true);
}

// The text of a profile without allocations that could fail: what a trial made is compared by it.
static int take_profile(struct profile *p, struct buf *out) {
  size_t n = fail_at, so_far = calls;
  fail_at = 0;
  struct buf bytes = encoded(p);
  buf_str(out, buf_view(&bytes));
  buf_release(&bytes);
  profile_free(p);
  fail_at = n;
  calls = so_far;
  return 0;
}

// ---- reading --------------------------------------------------------------------------------------------

static int try_read(const void *arg, struct buf *out, struct err *e) {
  struct profile *p = profile_read_memory(*(const struct str *)arg, SOURCE_LIMIT_AUTO, e);
  return p ? take_profile(p, out) : -1;
}

static void read_file_tortured(const char *path) {
  struct buf bytes = read_file(path);
  struct str view = buf_view(&bytes);
  both_ways(try_read, &view);
  buf_release(&bytes);
}

static void test_torture__read_plain(void **state) {
  (void)state;
  read_file_tortured(DATA_DIR "edge/unpacked.pb");
  read_file_tortured(DATA_DIR "edge/huge.pb");
}

static void test_torture__read_gzip(void **state) {
  (void)state;
  read_file_tortured(DATA_DIR "edge/labels.pb.gz");
  read_file_tortured(DATA_DIR "edge/inlines.pb.gz");
}

static void test_torture__read_legacy(void **state) {
  (void)state;
  read_file_tortured(DATA_DIR "edge/legacy.heap.txt");
  read_file_tortured(DATA_DIR "edge/legacy.java.txt");
}

static void test_torture__read_folded(void **state) {
  (void)state;
  const struct str stacks = STR_LIT("# of some\na;b;c 1\na;_Zd 2\r\n\na;c -3\nb 4");
  both_ways(try_read, &stacks);
}

// Ids near and far, label sets, unknown fields, odd orders.
static void test_torture__read_random(void **state) {
  (void)state;
  for (uint64_t number = 20000; number < 20030; number++) {
    struct buf bytes = random_profile(number);
    struct str view = buf_view(&bytes);
    both_ways(try_read, &view);
    buf_release(&bytes);
  }
}

// A large label set is sorted with room of its own.
static void test_torture__read_many_labels(void **state) {
  (void)state;
  struct profile *p = sketch("n/count",
                             "a 1 z=1 y=2 x=3 w=4 v=5 u=6 t=7 s=8 r=9 q=10 p=11 o=12 n=13 m=14 l=15 k=16 j=17 i=18 "
                             "h:19kb g:20 f:21ns",
                             NULL);
  struct buf bytes = encoded(p);
  struct str view = buf_view(&bytes);
  both_ways(try_read, &view);
  profile_free(p);
  buf_release(&bytes);
}

// ---- merging ------------------------------------------------------------------------------------------

static struct str source_bytes[2];

// Sources are decoded with memory, merged without.
static int try_merge(const void *arg, struct buf *out, struct err *e) {
  const struct str *bytes = arg;
  size_t n = fail_at;
  fail_at = 0;
  struct profile *both[2] = {decoded(bytes[0]), decoded(bytes[1])};
  calls = 0;
  fail_at = n;
  struct profile *sum = profile_merge(both, 2, e);
  assert_true(!both[0] && !both[1]);
  return sum ? take_profile(sum, out) : -1;
}

static struct buf sketched(struct profile *p) {
  struct mapping m = {.id = 1,
                      .start = 0x1000,
                      .limit = 0x9000,
                      .file = profile_add_string(p, STR_LIT("/bin/a")),
                      .build_id = profile_add_string(p, STR_LIT("id"))};
  p->places.location[0].mapping = profile_add_mapping(p, &m);
  p->doc_url = profile_add_string(p, STR_LIT("https://x"));
  profile_add_comment(p, STR_LIT("comment"));
  struct buf bytes = encoded(p);
  profile_free(p);
  return bytes;
}

static void test_torture__merge(void **state) {
  (void)state;
  struct buf a = sketched(sketch("n/count cpu/ms", "a+b;c 1 5 k=v x:3kb", "d 2 0 k=w", "e 4 4", NULL));
  struct buf b = sketched(sketch("cpu/ns n/count", "c;d 5 1 x:3kb x:4", "e -4000000 -4", "a+b;c 5 5 k=v x:3kb", NULL));
  source_bytes[0] = buf_view(&a);
  source_bytes[1] = buf_view(&b);
  both_ways(try_merge, source_bytes);
  buf_release(&a);
  buf_release(&b);
}

// ---- changes at load ------------------------------------------------------------------------------------

static int try_changes(const void *arg, struct buf *out, struct err *e) {
  size_t n = fail_at;
  const double ratio = 3;
  fail_at = 0;
  struct profile *p = decoded(*(const struct str *)arg);
  p->drop_frames = profile_add_string(p, STR_LIT("[a-c]+"));
  p->keep_frames = profile_add_string(p, STR_LIT("b|z"));
  calls = 0;
  fail_at = n;
  if (profile_scale(p, &ratio, e) || profile_set_label(p, STR_LIT("k"), STR_LIT("v"), e) || profile_prune(p, e) ||
      profile_check(p, e)) {
    profile_free(p);
    return -1;
  }
  return take_profile(p, out);
}

static void test_torture__changes_at_load(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a;b;c;main 1 k=old", "d;main 2 x:1kb", "main 0", NULL);
  struct buf bytes = encoded(p);
  struct str view = buf_view(&bytes);
  both_ways(try_changes, &view);
  profile_free(p);
  buf_release(&bytes);
}

// ---- filters and encoding ---------------------------------------------------------------------------------

static int try_encode(const void *arg, struct buf *out, struct err *e) {
  struct view v;
  int result = view_init(&v, arg, e);
  if (!result) result = profile_encode(&v, 1, out, e);
  view_release(&v);
  return result;
}

static void test_torture__encode(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a+b;c 1 k=v x:3kb", "d;a;c 2", NULL);
  both_ways(try_encode, p);
  profile_free(p);
}

static int try_names(struct view *v, struct err *e) {
  struct name_filter f = {rx_new(STR_LIT("[ac]"), e), rx_new(STR_LIT("z"), e), rx_new(STR_LIT("b|y"), e),
                          rx_new(STR_LIT("[a-e]"), e)};
  struct name_matches m;
  int result = f.focus && f.ignore && f.hide && f.show ? view_filter_names(v, &f, &m, e) : -1;
  rx_free((struct rx *)f.focus);
  rx_free((struct rx *)f.ignore);
  rx_free((struct rx *)f.hide);
  rx_free((struct rx *)f.show);
  return result;
}

static int try_cuts(struct view *v, struct err *e) {
  struct rx *from = rx_new(STR_LIT("c|d$"), e), *to = rx_new(STR_LIT("^a"), e);
  bool matched;
  int result = from && to ? 0 : -1;
  if (!result) result = view_show_from(v, from, &matched, e);
  if (!result) result = view_prune_from(v, to, e);
  if (!result) result = view_fold_inlines(v, false, e);
  rx_free(from);
  rx_free(to);
  return result;
}

static int try_labels(struct view *v, struct err *e) {
  struct label_units units;
  struct rx *key = rx_new(STR_LIT("^x$"), e);
  struct tag_filter *range = NULL, *text = NULL;
  bool a, b;
  int result = label_units_init(&units, v->profile, e);
  if (!result) range = tag_filter_new(STR_LIT("x=1kb:8kb"), &units, e);
  if (!result) text = tag_filter_new(STR_LIT("k=[w],z+"), &units, e);
  struct label_filter focus = {tag_filter_test, range}, ignore = {tag_filter_test, text};
  if (!range || !text || !key) result = -1;
  if (!result) result = view_filter_labels(v, &focus, &ignore, &a, &b, e);
  if (!result) result = view_filter_keys(v, NULL, key, &a, &b, e);
  tag_filter_free(range);
  tag_filter_free(text);
  label_units_release(&units);
  rx_free(key);
  return result;
}

static int try_filters(const void *arg, struct buf *out, struct err *e) {
  const struct str key = STR_LIT("k"), leaf = STR_LIT("x");
  struct view v;
  bool a, b;
  int result = view_init(&v, arg, e);
  if (!result) result = view_add_label_frames(&v, &key, 1, &leaf, 1, STR_LIT("minimum"), &a, &b, e);
  if (!result) result = try_names(&v, e);
  if (!result) result = try_cuts(&v, e);
  if (!result) result = try_labels(&v, e);
  if (!result) result = profile_encode(&v, 1, out, e);
  view_release(&v);
  return result;
}

static void test_torture__filters(void **state) {
  (void)state;
  struct profile *p = sketch("n/count", "a+b;c;d 1 k=v x:3kb", "d;a;c 2 k=w x:3kb", "b;c 4 x:4096", "c;a 8", NULL);
  both_ways(try_filters, p);
  profile_free(p);
}

// ---- reports ----------------------------------------------------------------------------------------------

struct asked {
  struct session session;
  const struct command *command;
};

static int try_report(const void *arg, struct buf *out, struct err *e) {
  const struct asked *a = arg;
  struct buf notes = {0};
  const char *argument = a->command->argument ? "[a-c]" : NULL;
  int result = driver_render(&a->session, &a->session.options, a->command, argument, out, &notes, e);
  buf_release(&notes);
  return result;
}

static void render_tortured(struct profile *p, const struct command *command, bool filtered) {
  struct asked a = {.session.profile = p, .command = command};
  options_init(&a.session.options);
  if (filtered) {
    struct options *o = &a.session.options;
    o->focus = "[a-z]";
    o->hide = "^d$";
    o->tagfocus = "x=1kb:1mb";
    o->taghide = "k";
    o->tagroot = "k";
    o->show_from = "c";
    o->granularity = "lines";
    o->trim_path = "/src:/usr";
  }
  both_ways(try_report, &a);
}

// Commands that share a report are tried once; disasm needs a binary.
static bool is_new(const struct command *c) {
  if (c->bend == BEND_CODE) return false;
  for (const struct command *before = command_table; before < c; before++)
    if (before->render == c->render) return false;
  return c->render != NULL;
}

static void test_torture__reports(void **state) {
  (void)state;
  struct profile *p =
      sketch("n/count cpu/ns", "a+b;c;d 1 10 k=v x:3kb", "d;a;c 2 20 k=w x:3kb", "b;c 4 40 x:4096", NULL);
  profile_add_comment(p, STR_LIT("comment"));
  p->time_nanos = 1700000000000000000;
  p->duration_nanos = 1500000000;
  for (size_t i = 0; i < command_count; i++) {
    if (!is_new(&command_table[i])) continue;
    print_message("           %s\n", command_table[i].name);
    render_tortured(p, &command_table[i], false);
    render_tortured(p, &command_table[i], true);
  }
  profile_free(p);
}

static void other_form_tortured(struct profile *p, const struct command *command, bool json) {
  struct asked a = {.session.profile = p, .command = command};
  options_init(&a.session.options);
  a.session.options.json = json;
  a.session.options.csv = !json;
  both_ways(try_report, &a);
}

static void test_torture__reports_in_other_forms(void **state) {
  (void)state;
  struct profile *p =
      sketch("n/count cpu/ns", "a+b;c;d 1 10 k=v x:3kb", "d;a;c 2 20 k=w x:3kb", "b;c 4 40 x:4096", NULL);
  for (size_t i = 0; i < command_count; i++) {
    if (command_table[i].render_json) other_form_tortured(p, &command_table[i], true);
    if (command_table[i].render_csv) other_form_tortured(p, &command_table[i], false);
  }
  profile_free(p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_torture__read_plain),  cmocka_unit_test(test_torture__read_gzip),
      cmocka_unit_test(test_torture__read_legacy), cmocka_unit_test(test_torture__read_folded),
      cmocka_unit_test(test_torture__read_random), cmocka_unit_test(test_torture__read_many_labels),
      cmocka_unit_test(test_torture__merge),       cmocka_unit_test(test_torture__changes_at_load),
      cmocka_unit_test(test_torture__encode),      cmocka_unit_test(test_torture__filters),
      cmocka_unit_test(test_torture__reports),     cmocka_unit_test(test_torture__reports_in_other_forms),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
