// The prompt without a terminal: command lines, assignments, shortcuts, completion, history.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/completion.h"
#include "driver/history.h"
#include "driver/prompt_command.h"
#include "driver/prompt_options.h"
#include "support/sketch.h"
#include "support/test.h"

// ---- command lines ----------------------------------------------------------------------------------

struct expected {
  const char *line, *command, *argument;
  int64_t nodecount;
  const char *focus, *ignore, *tagfocus, *sort, *output, *shell;
};

static void expect_command(const struct expected *x) {
  struct options o;
  struct prompt_command c;
  struct err e = {""};
  options_init(&o);
  if (prompt_command_parse(&c, &o, str_of(x->line), &e)) fail_msg("%s: %s", x->line, e.text);
  assert_string_equal(c.command->name, x->command);
  if (x->argument) assert_string_equal(c.argument, x->argument);
  else assert_null(c.argument);
  assert_int_equal(c.options.nodecount, x->nodecount);
  assert_string_equal(c.options.focus, x->focus ? x->focus : "");
  assert_string_equal(c.options.ignore, x->ignore ? x->ignore : "");
  assert_string_equal(c.options.tagfocus, x->tagfocus ? x->tagfocus : "");
  assert_string_equal(c.options.sort, x->sort ? x->sort : "flat");
  assert_string_equal(c.options.output, x->output ? x->output : "");
  if (x->shell) assert_string_equal(c.shell, x->shell);
  else assert_null(c.shell);
  prompt_command_release(&c);
}

static void test_prompt_command__words(void **state) {
  (void)state;
  static const struct expected lines[] = {
      {.line = "top", .command = "top", .nodecount = 10},
      {.line = "  text\r", .command = "text", .nodecount = 10},
      {.line = "tree", .command = "tree", .nodecount = -1},
      {.line = "top5", .command = "top", .nodecount = 5},
      {.line = "top 5 7", .command = "top", .nodecount = 7},
      {.line = "top a b -c -d", .command = "top", .nodecount = 10, .focus = "a|b", .ignore = "c|d"},
      {.line = "top --cum x|y", .command = "top", .nodecount = 10, .focus = "x|y", .sort = "cum"},
      {.line = "tags a b", .command = "tags", .nodecount = -1, .tagfocus = "a|b"},
      {.line = "peek main 3 x", .command = "peek", .argument = "main", .nodecount = 3, .focus = "x"},
      {.line = "peek -5", .command = "peek", .argument = "-5", .nodecount = -1},
      {.line = "top >f", .command = "top", .nodecount = 10, .output = "f"},
      {.line = "top > f 3", .command = "top", .nodecount = 3, .output = "f"},
      {.line = "top 3 | grep a | wc -l ", .command = "top", .nodecount = 3, .shell = "grep a | wc -l"},
      {.line = "top 4294967296", .command = "top", .nodecount = 10, .focus = "4294967296"},
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) expect_command(&lines[i]);
}

static void expect_refusal(const char *line, const char *message) {
  struct options o;
  struct prompt_command c;
  struct err e = {""};
  options_init(&o);
  assert_int_equal(prompt_command_parse(&c, &o, str_of(line), &e), -1);
  if (!strstr(e.text, message)) fail_msg("%s: %s", line, e.text);
  prompt_command_release(&c);
}

static void test_prompt_command__refused(void **state) {
  (void)state;
  expect_refusal("toop 5", "did you mean: top");
  expect_refusal("peek", "peek needs REGEX");
  expect_refusal("focus json", "did you mean: focus=json");
  expect_refusal("lines", "did you mean: lines=true");
  expect_refusal("top >", "a file name has to follow >");
  expect_refusal("top |  ", "a shell command has to follow |");
  expect_refusal("#", "there is no command \"#\"");
}

// ---- assignments ------------------------------------------------------------------------------------

static struct profile *two_types(void) {
  return sketch("samples/count cpu/nanoseconds", "leaf;work;main 1 10 key=value bytes:16kb",
                "main.(*T).run 2 20 kind=a", NULL);
}

static void test_prompt_assign(void **state) {
  (void)state;
  struct profile *p = two_types();
  struct options o;
  struct prompt_options po;
  struct err e = {""};
  options_init(&o);
  prompt_options_init(&po, &o, p);
  assert_int_equal(prompt_assign(&po, STR_LIT(" focus = a=b  //: why"), &e), 1);
  assert_string_equal(o.focus, "a=b");
  assert_int_equal(prompt_assign(&po, STR_LIT("mean"), &e), 1);
  assert_true(o.mean);
  assert_int_equal(prompt_assign(&po, STR_LIT("mean=No"), &e), 1);
  assert_false(o.mean);
  assert_int_equal(prompt_assign(&po, STR_LIT("cum=1"), &e), 1);
  assert_string_equal(o.sort, "cum");
  assert_int_equal(prompt_assign(&po, STR_LIT("sample_index=0"), &e), 1);
  assert_string_equal(o.sample_index, "samples");
  assert_int_equal(prompt_assign(&po, STR_LIT("nodefraction=1e-5"), &e), 1);
  assert_true(o.nodefraction == 1e-5);
  assert_int_equal(prompt_assign(&po, STR_LIT("top focus=x"), &e), 0);
  assert_int_equal(prompt_assign(&po, STR_LIT("http=:80"), &e), 0);  // not at the prompt
  prompt_options_release(&po);
  profile_free(p);
}

static void test_prompt_assign__refused(void **state) {
  (void)state;
  static const char *const lines[][2] = {
      {"focus", "focus needs a value"},   {"mean=maybe", "mean takes yes or no"}, {"nodecount=0x10", "whole number"},
      {"sort=bad", "one of its choices"}, {"granularity=", "its choices"},        {"sample_index=heap", "samples"},
      {"lines", "granularity=lines"},     {"nodefraction=many", "a number"},
  };
  struct profile *p = two_types();
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct options o, standard;
    struct prompt_options po;
    struct err e = {""};
    options_init(&o);
    options_init(&standard);
    prompt_options_init(&po, &o, p);
    assert_int_equal(prompt_assign(&po, str_of(lines[i][0]), &e), -1);
    if (!strstr(e.text, lines[i][1])) fail_msg("%s: %s", lines[i][0], e.text);
    assert_true(o.nodecount == standard.nodecount && o.mean == standard.mean && strcmp(o.sort, standard.sort) == 0);
    prompt_options_release(&po);
  }
  profile_free(p);
}

static void expect_shortcut(const struct profile *p, const char *line, const char *expected) {
  struct buf all = {0}, one = {0};
  for (size_t i = 0; prompt_shortcut(p, str_of(line), i, &one); i++) {
    buf_addf(&all, "%s%s", i ? " " : "", one.data);
    buf_clear(&one);
  }
  assert_str(buf_view(&all), expected);
  buf_release(&all);
  buf_release(&one);
}

static void test_prompt_shortcut(void **state) {
  (void)state;
  struct profile *p = two_types();
  expect_shortcut(p, ":", "focus= ignore= hide= tagfocus= tagignore=");
  expect_shortcut(p, " cpu ", "sample_index=cpu");
  expect_shortcut(p, "total_cpu", "mean=0 sample_index=cpu");
  expect_shortcut(p, "mean_samples", "mean=1 sample_index=samples");
  expect_shortcut(p, "cpu 5", "");
  profile_free(p);
  // The words of a later type hide those of an earlier one, and the one for all filters.
  p = sketch("cpu/ns total_cpu/ns :/n /count", "a 1 2 3 4", NULL);
  expect_shortcut(p, "total_cpu", "sample_index=total_cpu");
  expect_shortcut(p, "mean_cpu", "mean=1 sample_index=cpu");
  expect_shortcut(p, "total_total_cpu", "mean=0 sample_index=total_cpu");
  expect_shortcut(p, ":", "sample_index=:");
  expect_shortcut(p, "", "sample_index=");
  expect_shortcut(p, "mean_", "mean=1 sample_index=");
  profile_free(p);
}

static void test_option_text(void **state) {
  (void)state;
  static const char *const numbers[] = {"0.005", "1e-05", "1", "123456789", "0.1", "1e+21", "100000"};
  const struct option_row *row = option_find(STR_LIT("divide_by"));
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct options o;
    struct buf text = {0};
    options_init(&o);
    assert_int_equal(option_set(&o, row, numbers[i], NULL), 0);
    option_text(&o, row, &text);
    assert_str(buf_view(&text), numbers[i]);
    buf_release(&text);
  }
}

// ---- completion -------------------------------------------------------------------------------------

static void expect_completion(const struct profile *p, const char *line, const char *expected) {
  struct completion c;
  struct buf all = {0};
  completion_find(&c, p, str_of(line));
  for (size_t i = 0; i < c.n; i++) buf_addf(&all, "%s%s", i ? " " : "", c.item[i].insert);
  if (strcmp(all.n ? all.data : "", expected)) fail_msg("%s: %s", line, all.n ? all.data : "nothing");
  assert_false(c.failed);
  buf_release(&all);
  completion_release(&c);
}

static void test_completion(void **state) {
  (void)state;
  struct profile *p = two_types();
  expect_completion(p, "pe", "peek");
  expect_completion(p, "  topp", "topproto");
  expect_completion(p, "total_", "total_cpu total_samples");
  expect_completion(p, "gran", "granularity=");
  expect_completion(p, "sort=", "cum flat");
  expect_completion(p, "mean=f", "false");
  expect_completion(p, "sample_index = c", "cpu");
  expect_completion(p, "help gran", "granularity");
  expect_completion(p, "top le", "leaf");
  expect_completion(p, "top leaf -wo", "work");
  expect_completion(p, "top10 wor", "work");
  expect_completion(p, "focus=ork", "work");  // in the middle, where none begins so
  expect_completion(p, "peek main.", "main\\.\\(\\*T\\)\\.run");
  expect_completion(p, "peek main\\.\\(", "main\\.\\(\\*T\\)\\.run");
  expect_completion(p, "tags k", "key kind");
  expect_completion(p, "tagfocus=by", "bytes");
  expect_completion(p, "nonsense x", "");
  expect_completion(p, "unit=", "B GB MB PB TB auto hrs kB minimum ms ns s us");
  profile_free(p);
}

static void test_completion__common_start(void **state) {
  (void)state;
  struct profile *p = two_types();
  struct completion c;
  completion_find(&c, p, STR_LIT("tags k"));
  assert_int_equal(completion_common(&c), 1);
  assert_int_equal(c.from, 5);
  completion_release(&c);
  profile_free(p);
}

static void test_completion__files(void **state) {
  (void)state;
  char folder[] = "/tmp/cprof-completion-XXXXXX", file[64], line[96], sub[64];
  struct profile *p = two_types();
  assert_non_null(mkdtemp(folder));
  snprintf(file, sizeof file, "%s/report.txt", folder);
  snprintf(sub, sizeof sub, "%s/sub", folder);
  assert_int_equal(mkdir(sub, 0700), 0);
  assert_int_equal(close(open(file, O_WRONLY | O_CREAT, 0600)), 0);
  snprintf(line, sizeof line, "top > %s/r", folder);
  expect_completion(p, line, file);
  snprintf(line, sizeof line, "top >%s/s", folder);
  strcat(sub, "/");
  expect_completion(p, line, sub);
  unlink(file);
  rmdir(sub);
  rmdir(folder);
  profile_free(p);
}

// ---- history ----------------------------------------------------------------------------------------

struct taken {
  size_t n;
  char first[32], last[32];
};

static void take(void *arg, const char *line) {
  struct taken *t = arg;
  if (t->n++ == 0) snprintf(t->first, sizeof t->first, "%s", line);
  snprintf(t->last, sizeof t->last, "%s", line);
}

static void test_history(void **state) {
  (void)state;
  char folder[] = "/tmp/cprof-history-XXXXXX", path[64];
  struct stat st;
  struct err e = {""};
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/a/history", folder);
  struct taken t = {0};
  history_load(path, take, &t);
  assert_int_equal(t.n, 0);
  for (int i = 1; i <= 2 * HISTORY_LINES + 1; i++) {
    char line[32];
    snprintf(line, sizeof line, "top %d", i);
    assert_int_equal(history_append(path, str_of(line), &e), 0);
  }
  assert_int_equal(stat(path, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  history_load(path, take, &t);
  assert_int_equal(t.n, HISTORY_LINES);  // cut
  assert_string_equal(t.first, "top 1002");
  assert_string_equal(t.last, "top 2001");
  unlink(path);
  snprintf(path, sizeof path, "%s/a", folder);
  rmdir(path);
  rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_prompt_command__words),
      cmocka_unit_test(test_prompt_command__refused),
      cmocka_unit_test(test_prompt_assign),
      cmocka_unit_test(test_prompt_assign__refused),
      cmocka_unit_test(test_prompt_shortcut),
      cmocka_unit_test(test_option_text),
      cmocka_unit_test(test_completion),
      cmocka_unit_test(test_completion__common_start),
      cmocka_unit_test(test_completion__files),
      cmocka_unit_test(test_history),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
