// Fuzz target: any bytes as an answer of symbolz, and as the URL of a profile.
#include "symbolize/symbolz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
  struct str answer;
  size_t n;
  uint64_t sum;
};

static int take(void *arg, uint64_t address, struct str name) {
  struct seen *s = arg;
  if (name.p < s->answer.p || name.p + name.n > s->answer.p + s->answer.n) abort();
  if (memchr(name.p, '\n', name.n)) abort();
  s->n++;
  s->sum += address;
  return s->n == 1000;
}

static void read_answer(struct str answer) {
  struct err e = {""};
  struct seen s = {.answer = answer};
  int result = symbolz_read(answer, take, &s, &e);
  if ((result < 0) != (e.text[0] != '\0') || (result > 0) != (s.n == 1000)) abort();
  if (s.n > answer.n / 4) abort();  // "0x1\n" is the shortest line that counts
}

static void make_url(struct str profile) {
  struct buf url = {0};
  bool made = symbolz_url(&url, profile, profile.n % 2);
  if (made != (url.n != 0)) abort();
  if (made && !str_ends(buf_view(&url), STR_LIT("/symbol")) && !str_ends(buf_view(&url), STR_LIT("/symbolz"))) abort();
  if (made && strlen(url.data) != url.n) abort();
  buf_release(&url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *copy = malloc(size ? size : 1);  // so that a byte too far is one beyond the allocation
  if (!copy) abort();
  if (size) memcpy(copy, data, size);
  read_answer((struct str){copy, size});
  make_url((struct str){copy, size});
  free(copy);
  return 0;
}
