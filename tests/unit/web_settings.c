// settings.json, which the reference reads and writes, too; and the reader of JSON below it.
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"
#include "web/settings.h"

// ---- JSON -----------------------------------------------------------------------------------------

static void test_json_read__what_is_json(void **state) {
  (void)state;
  static const char *const good[] = {"0",
                                     "-0.5e+10",
                                     " [ ] ",
                                     "{}",
                                     "\"\\u00e9\\n\\/\"",
                                     "[1,[2,{\"a\":null}]]",
                                     "true",
                                     "null",
                                     "{\"a\" : 1 , \"a\":2}"};
  static const char *const bad[] = {"",     " ",     "01",    "+1",      "1.",  ".5",       "1e",
                                    "[1,]", "{,}",   "{1:2}", "{\"a\"}", "tru", "\"\\x\"",  "\"\\u12\"",
                                    "\"a",  "[1] 2", "nul",   "\"\n\"",  "[",   "{\"a\":}", "]"};
  struct json_value v;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) assert_int_equal(json_read(str_of(good[i]), &v), 0);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (json_read(str_of(bad[i]), &v) == 0) fail_msg("taken for JSON: %s", bad[i]);
}

static void test_json_read__depth_is_bounded(void **state) {
  (void)state;
  struct buf deep = {0};
  struct json_value v;
  buf_pad(&deep, '[', 64);
  buf_pad(&deep, ']', 64);
  assert_int_equal(json_read(buf_view(&deep), &v), 0);
  buf_clear(&deep);
  buf_pad(&deep, '[', 100000);
  buf_pad(&deep, ']', 100000);
  assert_int_equal(json_read(buf_view(&deep), &v), -1);
  buf_release(&deep);
}

static void test_json_read__members(void **state) {
  (void)state;
  struct json_value v, member;
  struct buf seen = {0};
  struct str key;
  assert_int_equal(json_read(STR_LIT(" { \"a\" : [1, 2] , \"b\":\"x,}\" } "), &v), 0);
  for (struct json_members m = json_members(&v); json_next(&m, &key, &member);)
    buf_addf(&seen, "%.*s=%.*s;", STR_ARG(key), STR_ARG(member.text));
  assert_str(buf_view(&seen), "\"a\"=[1, 2];\"b\"=\"x,}\";");
  buf_release(&seen);
}

static void test_json_read__unquote(void **state) {
  (void)state;
  struct buf out = {0};
  json_unquote(STR_LIT("\"a\\\"\\\\\\n\\u0041\\u00e9\\u20ac\\ud83d\\ude00\\ud83d!\""), &out);
  assert_str(buf_view(&out), "a\"\\\nA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd!");
  buf_release(&out);
}

// ---- the file -------------------------------------------------------------------------------------

struct fixture {
  char folder[64], path[128];
  struct options base;
};

static void begin(struct fixture *f) {
  strcpy(f->folder, "/tmp/cprof-settings-XXXXXX");
  assert_non_null(mkdtemp(f->folder));
  snprintf(f->path, sizeof f->path, "%s/pprof/settings.json", f->folder);
  options_init(&f->base);
}

static void end(struct fixture *f) {
  unlink(f->path);
  *strrchr(f->path, '/') = '\0';
  rmdir(f->path);
  assert_int_equal(rmdir(f->folder), 0);
}

static void write_text(struct fixture *f, const char *text) {
  char folder[128];
  snprintf(folder, sizeof folder, "%s/pprof", f->folder);
  mkdir(folder, 0700);
  FILE *file = fopen(f->path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

// As the reference writes it.
static const char written_by_pprof[] =
    "{\n  \"configs\": [\n    {\n      \"name\": \"hot \\u003cpath\\u003e\",\n      \"unit\": \"minimum\",\n"
    "      \"sort\": \"flat\",\n      \"nodecount\": -1,\n      \"nodefraction\": 0.005,\n"
    "      \"edgefraction\": 0.001,\n      \"trim\": true,\n      \"focus\": \"a\\\\.b\"\n    },\n"
    "    {\n      \"name\": \"second\",\n      \"call_tree\": true,\n      \"granularity\": \"lines\"\n    }\n  ]\n}";

static void test_settings__those_of_pprof_are_read(void **state) {
  (void)state;
  struct fixture f;
  struct settings s;
  struct err e = {""};
  begin(&f);
  f.base.sample_index = "alloc_space";
  write_text(&f, written_by_pprof);
  assert_int_equal(settings_read(&s, f.path, &f.base, &(struct buf){0}, &e), 0);
  assert_int_equal(s.n, 2);
  assert_string_equal(s.config[0].name, "hot <path>");
  assert_string_equal(s.config[0].options.focus, "a\\.b");
  assert_int_equal(s.config[0].options.nodecount, -1);
  assert_true(s.config[0].options.trim);
  // What is left out was zero, whatever the standard value is; what is not kept comes from the session.
  assert_true(s.config[1].options.call_tree);
  assert_false(s.config[1].options.trim);
  assert_int_equal(s.config[1].options.nodecount, 0);
  assert_string_equal(s.config[1].options.granularity, "lines");
  assert_string_equal(s.config[1].options.sample_index, "alloc_space");
  settings_release(&s);
  end(&f);
}

static void test_settings__there_and_back(void **state) {
  (void)state;
  struct fixture f;
  struct settings s;
  struct stat st;
  struct err e = {""};
  begin(&f);
  struct options o = f.base;
  o.focus = "<\"\xc3\xa9\n";
  o.nodefraction = 0.1;
  o.nodecount = 12345678901;
  assert_int_equal(settings_read(&s, f.path, &f.base, &(struct buf){0}, &e), 0);
  assert_int_equal(s.n, 0);
  settings_release(&s);
  assert_int_equal(settings_put(f.path, "mine", &o, &e), 0);
  assert_int_equal(stat(f.path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_int_equal(settings_read(&s, f.path, &f.base, &(struct buf){0}, &e), 0);
  assert_int_equal(s.n, 1);
  assert_string_equal(s.config[0].options.focus, o.focus);
  assert_true(s.config[0].options.nodefraction == 0.1);
  assert_true(s.config[0].options.nodecount == o.nodecount);
  assert_true(s.config[0].options.trim);
  settings_release(&s);
  end(&f);
}

static void test_settings__the_unknown_is_kept(void **state) {
  (void)state;
  struct fixture f;
  struct err e = {""};
  begin(&f);
  write_text(&f,
             "{\"version\": [1, 2], \"configs\": [{\"name\": \"a\", \"future\": {\"x\": 1}, \"focus\": \"old\"}, "
             "{\"name\": \"b\", \"later\": true}], \"end\": null}");
  struct options o = f.base;
  o.focus = "new";
  assert_int_equal(settings_put(f.path, "a", &o, &e), 0);
  assert_int_equal(settings_delete(f.path, "b", &e), 0);
  assert_int_equal(settings_put(f.path, "c", &o, &e), 0);
  struct buf text = read_file(f.path);
  struct str s = buf_view(&text);
  assert_true(str_find(s, STR_LIT("\"version\": [1, 2]")) != SIZE_MAX);
  assert_true(str_find(s, STR_LIT("\"future\": {\"x\": 1}")) != SIZE_MAX);
  assert_true(str_find(s, STR_LIT("\"end\": null")) != SIZE_MAX);
  assert_true(str_find(s, STR_LIT("\"focus\": \"new\"")) != SIZE_MAX);
  assert_true(str_find(s, STR_LIT("old")) == SIZE_MAX);
  assert_true(str_find(s, STR_LIT("later")) == SIZE_MAX);
  assert_true(str_find(s, STR_LIT("\"name\": \"c\"")) != SIZE_MAX);
  buf_release(&text);
  assert_int_equal(settings_delete(f.path, "nobody", &e), -1);
  assert_message(&e, "nobody");
  end(&f);
}

static void test_settings__damaged_files_stay_as_they_are(void **state) {
  (void)state;
  static const char *const damaged[] = {"{", "[]", "{\"configs\": 1}", "x"};
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    struct fixture f;
    struct settings s;
    struct err e = {""};
    begin(&f);
    write_text(&f, damaged[i]);
    assert_int_equal(settings_read(&s, f.path, &f.base, &(struct buf){0}, &e), -1);
    assert_message(&e, f.path);
    settings_release(&s);
    assert_int_equal(settings_put(f.path, "a", &f.base, &(struct err){""}), -1);
    struct buf text = read_file(f.path);
    assert_str(buf_view(&text), damaged[i]);
    buf_release(&text);
    end(&f);
  }
}

static void test_settings__values_nobody_knows(void **state) {
  (void)state;
  struct fixture f;
  struct settings s;
  struct err e = {""};
  struct buf notes = {0};
  begin(&f);
  write_text(&f,
             "{\"configs\": [null, {\"name\": \"a\", \"trim\": \"yes\", \"focus\": \"x\"}, {\"name\": \"b\", \"sort\": "
             "\"moon\"}, "
             "{\"name\": \"c\", \"focus\": \"y\"}]}");
  assert_int_equal(settings_read(&s, f.path, &f.base, &notes, &e), 0);
  assert_int_equal(s.n, 3);
  assert_string_equal(s.config[0].options.focus, "x");
  assert_string_equal(s.config[2].options.focus, "y");
  for (const char *const *part = (const char *const[]){"no object", "\"a\": \"trim\"", "\"b\": ", "moon", NULL}; *part;
       part++)
    assert_true(str_find(buf_view(&notes), str_of(*part)) != SIZE_MAX);
  buf_release(&notes);
  settings_release(&s);
  end(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_json_read__what_is_json),
      cmocka_unit_test(test_json_read__depth_is_bounded),
      cmocka_unit_test(test_json_read__members),
      cmocka_unit_test(test_json_read__unquote),
      cmocka_unit_test(test_settings__those_of_pprof_are_read),
      cmocka_unit_test(test_settings__there_and_back),
      cmocka_unit_test(test_settings__the_unknown_is_kept),
      cmocka_unit_test(test_settings__damaged_files_stay_as_they_are),
      cmocka_unit_test(test_settings__values_nobody_knows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
