// Writes profiles that are hard on what shows them, uncompressed, to standard output:
//
//     hard_profiles hostile|names|wide|long|deep|many|one|empty|zero
#include <stdio.h>
#include <stdlib.h>

#include "profile/view.h"

enum { LONG_NAME = 20000, MANY = 100000, DEPTH = 20000 };

static void check(bool ok) {
  if (ok) return;
  fprintf(stderr, "hard_profiles: out of memory\n");
  exit(1);
}

static uint32_t add_location_in(struct profile *p, struct str name, struct str file) {
  struct function f = {.id = p->places.n_functions + 1, .name = profile_add_string(p, name)};
  f.system_name = profile_add_string(p, STR_LIT("linker's name"));  // else names would be taken for C++ and shortened
  f.filename = profile_add_string(p, file);
  struct line line = {.function = profile_add_function(p, &f)};
  struct location l = {.id = p->places.n_locations + 1, .mapping = NONE, .n_lines = 1};
  uint32_t at = profile_add_location(p, &l, &line);
  check(f.name != NONE && f.filename != NONE && f.system_name != NONE && line.function != NONE && at != NONE);
  return at;
}

static uint32_t add_location(struct profile *p, struct str name) { return add_location_in(p, name, STR_LIT("")); }

static void add_sample(struct profile *p, const uint32_t *frames, uint32_t n, int64_t value) {
  check(profile_add_sample(p, frames, n, &value, NONE) == 0);
}

// A stack of root and leaf.
static void add_pair(struct profile *p, uint32_t root, struct str leaf, int64_t value) {
  uint32_t frames[2] = {add_location(p, leaf), root};
  add_sample(p, frames, 2, value);
}

// The leaf's name is that of its file, of a label and of the label's value, too.
static void add_labeled_pair(struct profile *p, uint32_t root, struct str leaf, int64_t value) {
  uint32_t frames[2] = {add_location_in(p, leaf, leaf), root};
  struct label label = {.key = profile_add_string(p, leaf), .unit = NONE};
  label.text = label.key;
  uint32_t set = profile_add_label_set(p, &label, 1);
  check(label.key != NONE && set != NONE && profile_add_sample(p, frames, 2, &value, set) == 0);
}

// Names of functions, and unless `functions_only` of files, labels, the binary and comments.
static void hostile(struct profile *p, bool functions_only) {
  static const struct str names[] = {STR_LIT("</script><script>alert(1)</script>"),
                                     STR_LIT("<!-- <script>"),
                                     STR_LIT("]]>&lt;&amp;&#60;"),
                                     STR_LIT("\"quotes' \\ `${1}`"),
                                     STR_LIT("two\nlines\tand\0more"),
                                     STR_LIT("bad \xff\xc0\xaf\xed\xa0\x80 utf-8"),
                                     STR_LIT("cut \xe2\x82"),
                                     STR_LIT("\xe2\x80\xa8separators\xe2\x80\xa9"),
                                     STR_LIT("\xe2\x80\xaegnirts desrever"),
                                     STR_LIT("@DATA@ @TITLE@ @SCRIPT@"),
                                     STR_LIT("__proto__"),
                                     STR_LIT("constructor"),
                                     STR_LIT("grüße \xf0\x9f\x94\xa5"),
                                     STR_LIT("\xef\xbb\xbf byte order mark, \xef\xbf\xbe \xef\xbf\xbf noncharacters"),
                                     STR_LIT("\x01\x02\x07\x08\x0b\x0c\x1b[31m\x7f \xc2\x80\xc2\x9f controls"),
                                     STR_LIT("\xf4\x8f\xbf\xbf last, \xf4\x90\x80\x80 behind it, \xf8\x88\x80\x80\x80"),
                                     STR_LIT("e\xcc\x81\xcc\x82\xcc\x83 \xe2\x80\x8d\xe2\x80\x8f\xe2\x81\xa6 marks"),
                                     STR_LIT("\xff"),
                                     STR_LIT("\\"),
                                     STR_LIT("\""),
                                     STR_LIT("\n"),
                                     STR_LIT("\\l\\r\\G\\N\\n{a|b}<p> %s &#0; &amp")};
  char *name = malloc(LONG_NAME);
  check(name);
  for (size_t i = 0; i < LONG_NAME; i++) name[i] = "<long>"[i % 6];
  uint32_t root = add_location(p, STR_LIT("<b onclick=alert(2)>main</b>"));
  void (*add)(struct profile *, uint32_t, struct str, int64_t) = functions_only ? add_pair : add_labeled_pair;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) add(p, root, names[i], 100 - (int64_t)i);
  add(p, root, (struct str){name, LONG_NAME}, 50);
  if (!functions_only) {
    struct mapping binary = {.id = 1, .limit = 4096, .file = profile_add_string(p, names[3])};
    check(binary.file != NONE && profile_add_mapping(p, &binary) != NONE);
    check(profile_add_comment(p, STR_LIT("</script><img src=x onerror=alert(3)>")) != NONE);
    for (int i = 0; i < 100; i++) check(profile_add_comment(p, (struct str){name, LONG_NAME}) != NONE);
  }
  free(name);
}

// More frames than there is room for, all of one weight; their names have `more` bytes besides their number.
static void wide(struct profile *p, size_t more) {
  struct buf name = {0};
  uint32_t root = add_location(p, STR_LIT("main"));
  for (int i = 0; i < MANY; i++) {
    buf_clear(&name);
    buf_addf(&name, "f%d", i);
    buf_pad(&name, '<', more);
    check(!name.failed);
    add_pair(p, root, buf_view(&name), 7);
  }
  buf_release(&name);
}

static void deep(struct profile *p) {
  uint32_t f[2] = {add_location(p, STR_LIT("odd")), add_location(p, STR_LIT("even"))};
  uint32_t *frames = malloc(DEPTH * sizeof *frames);
  check(frames);
  for (uint32_t i = 0; i < DEPTH; i++) frames[i] = f[i % 2];
  for (uint32_t n = 1; n <= DEPTH; n += 1000) add_sample(p, frames + DEPTH - n, n, 1);
  free(frames);
}

// So many samples that reports on them take a while.
static void many(struct profile *p) {
  uint32_t f[2] = {add_location(p, STR_LIT("odd")), add_location(p, STR_LIT("even"))}, frames[64];
  for (uint32_t i = 0; i < 64; i++) frames[i] = f[i % 2];
  for (uint32_t i = 0; i < 400000; i++) add_sample(p, frames, 64, i + 1);
}

static void fill(struct profile *p, struct str kind) {
  uint32_t root = add_location(p, STR_LIT("main"));
  if (str_eq(kind, STR_LIT("hostile"))) hostile(p, false);
  else if (str_eq(kind, STR_LIT("names"))) hostile(p, true);
  else if (str_eq(kind, STR_LIT("wide"))) wide(p, 0);
  else if (str_eq(kind, STR_LIT("long"))) wide(p, 2000);
  else if (str_eq(kind, STR_LIT("deep"))) deep(p);
  else if (str_eq(kind, STR_LIT("many"))) many(p);
  else if (str_eq(kind, STR_LIT("one"))) add_sample(p, &root, 1, 1);
  else if (str_eq(kind, STR_LIT("zero"))) add_sample(p, &root, 1, 0);
}

int main(int argc, char **argv) {
  struct err e = {""};
  struct view v;
  struct buf out = {0};
  struct profile *p = profile_new(&e);
  check(p && profile_add_sample_type(p, STR_LIT("</title>cpu"), STR_LIT("nanoseconds")) != NONE);
  fill(p, str_of(argc > 1 ? argv[1] : ""));
  check(profile_check(p, &e) == 0 && view_init(&v, p, &e) == 0 && profile_encode(&v, 1, &out, &e) == 0);
  fwrite(out.data, 1, out.n, stdout);
  view_release(&v);
  profile_free(p);
  buf_release(&out);
  return fflush(stdout) ? 1 : 0;
}
