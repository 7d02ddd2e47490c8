// Fuzz target: any text as what tagfocus and tagignore take, tried on label sets of every kind.
#include "profile/tag_filter.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool ok) {
  if (!ok) abort();
}

static uint32_t text_of(struct profile *p, const char *s) { return profile_add_string(p, str_of(s)); }

static struct label text(struct profile *p, const char *key, const char *value) {
  return (struct label){.key = text_of(p, key), .text = text_of(p, value), .unit = NONE};
}

static struct label number(struct profile *p, const char *key, int64_t value, const char *unit) {
  return (struct label){
      .key = text_of(p, key), .number = value, .unit = unit ? text_of(p, unit) : NONE, .numeric = true};
}

static void add_sample(struct profile *p, struct label *labels, uint32_t n) {
  const int64_t value = 1;
  expect(profile_add_sample(p, NULL, 0, &value, profile_add_label_set(p, labels, n)) == 0);
}

static struct profile *labelled(struct err *e) {
  struct profile *p = profile_new(e);
  expect(p && profile_add_sample_type(p, STR_LIT("samples"), STR_LIT("count")) == 0);
  struct label texts[] = {text(p, "key", "value"), text(p, "key", "other"), text(p, "thread", "worker 7")};
  struct label numbers[] = {number(p, "bytes", 4096, "bytes"), number(p, "bytes", INT64_MIN, NULL),
                            number(p, "latency", 1500, "ms"), number(p, "request", 64, NULL)};
  struct label odd[] = {text(p, "", "a=b"), number(p, "n", INT64_MAX, "things")};
  add_sample(p, texts, 3);
  add_sample(p, numbers, 4);
  add_sample(p, odd, 2);
  add_sample(p, NULL, 0);
  return p;
}

static void filter(struct view *v, struct tag_filter *f, struct err *e) {
  struct label_filter asked = {tag_filter_test, f}, none = {0};
  bool focused, ignored;
  int result = view_filter_labels(v, &asked, &none, &focused, &ignored, e);
  expect(result == 0 ? !ignored : e->text[0] != '\0');
  for (uint32_t s = 0; s < v->profile->n_samples && result == 0; s++) expect(focused || !view_has(v, s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct err e = {0};
  struct profile *p = labelled(&e);
  struct label_units units;
  struct view v;
  expect(label_units_init(&units, p, &e) == 0 && view_init(&v, p, &e) == 0);
  struct tag_filter *f = tag_filter_new((struct str){(const char *)data, size}, &units, &e);
  expect(f ? !e.text[0] : e.text[0] != '\0');
  if (f) filter(&v, f, &e);
  tag_filter_free(f);
  view_release(&v);
  label_units_release(&units);
  profile_free(p);
  return 0;
}
