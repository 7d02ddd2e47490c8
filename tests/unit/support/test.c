#include "support/test.h"

#include <dirent.h>

struct buf read_file(const char *path) {
  struct buf b = {0};
  char piece[4096];
  FILE *f = fopen(path, "rb");
  if (!f) fail_msg("cannot open %s", path);
  for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;) buf_add(&b, piece, n);
  assert_false(ferror(f) || b.failed);
  fclose(f);
  return b;
}

static int is_profile(const struct dirent *entry) {
  struct str name = str_of(entry->d_name);
  return str_ends(name, STR_LIT(".pb.gz")) || str_ends(name, STR_LIT(".pb")) || str_ends(name, STR_LIT(".txt")) ||
         str_ends(name, STR_LIT(".cpu"));
}

static size_t each_in(const char *folder, void (*use)(const char *path, struct str bytes)) {
  struct dirent **entry = NULL;
  int n = scandir(folder, &entry, is_profile, alphasort);
  for (int i = 0; i < n; i++) {
    struct buf path = {0};
    buf_addf(&path, "%s%s", folder, entry[i]->d_name);
    struct buf bytes = read_file(path.data);
    use(path.data, buf_view(&bytes));
    buf_release(&bytes);
    buf_release(&path);
    free(entry[i]);
  }
  free(entry);
  return n > 0 ? (size_t)n : 0;
}

void each_testdata(void (*use)(const char *path, struct str bytes)) {
  assert_true(each_in(DATA_DIR, use) >= 5);
  assert_true(each_in(DATA_DIR "edge/", use) >= 10);
}

struct str cut_off(struct str *s, char separator) {
  size_t n = 0;
  while (n < s->n && s->p[n] != separator) n++;
  struct str taken = {s->p, n};
  size_t skip = n < s->n ? n + 1 : n;
  *s = (struct str){s->p + skip, s->n - skip};
  return taken;
}

static struct fields fields_of(struct str line) {
  struct fields f = {.n = 1};
  for (size_t i = 0; i < MAX_FIELDS; i++) f.at[i] = STR_LIT("");
  for (size_t i = 0; i < line.n; i++) f.n += line.p[i] == '\t';
  assert_true(f.n <= MAX_FIELDS);
  for (size_t i = 0; i < f.n; i++) f.at[i] = cut_off(&line, '\t');
  return f;
}

size_t each_case(const char *path, size_t least, bool (*use)(const struct fields *f)) {
  struct buf text = read_file(path);
  size_t cases = 0, wrong = 0;
  for (struct str rest = buf_view(&text); rest.n;) {
    struct str line = cut_off(&rest, '\n');
    if (line.n == 0 || line.p[0] == '#') continue;
    struct fields f = fields_of(line);
    cases++;
    wrong += !use(&f);
  }
  buf_release(&text);
  assert_true(cases >= least);
  return wrong;
}

int64_t int_of(struct str s) {
  char text[24], *end;
  assert_true(s.n && s.n < sizeof text);
  memcpy(text, s.p, s.n);
  text[s.n] = '\0';
  int64_t v = strtoll(text, &end, 10);
  assert_true(*end == '\0');
  return v;
}

void assert_str_at(struct str got, struct str expected, const char *file, int line) {
  if (str_eq(got, expected)) return;
  print_error("expected \"%.*s\"\ngot      \"%.*s\"\n", STR_ARG(expected), STR_ARG(got));
  _fail(file, line);
}

void assert_message_at(const struct err *e, const char *part, const char *file, int line) {
  if (strstr(e->text, part)) return;
  print_error("expected a message with \"%s\"\ngot \"%s\"\n", part, e->text);
  _fail(file, line);
}

// SplitMix64.
uint64_t random_u64(struct random *r) {
  uint64_t v = r->state += UINT64_C(0x9e3779b97f4a7c15);
  v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
  return v ^ v >> 31;
}

uint32_t random_below(struct random *r, uint32_t n) { return (uint32_t)((random_u64(r) >> 32) % n); }

bool random_chance(struct random *r, uint32_t percent) { return random_below(r, 100) < percent; }
