// Names from lists that are text: /proc/kallsyms, which has where symbols begin, and the perf map that a compiler at run time
// writes, which has ranges. Only addresses that are asked for are kept, so a list costs no memory but its own. Both may hold
// anything.
#include <stdlib.h>

#include "record/internal.h"

enum { LONGEST_NAME = 4096, MOST_WORK = 1 << 26 };

// The first of those asked for at or above the address.
static size_t first_from(const struct naming *at, size_t n, uint64_t address) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (at[middle].address < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

static struct str next_line(struct str *text) {
  const char *end = memchr(text->p, '\n', text->n);
  struct str line = {text->p, end ? (size_t)(end - text->p) : text->n};
  text->p += line.n + (end != NULL);
  text->n -= line.n + (end != NULL);
  return line;
}

// Up to the next blank; the blanks behind are skipped.
static struct str next_word(struct str *line) {
  struct str word = {line->p, 0};
  while (word.n < line->n && line->p[word.n] != ' ' && line->p[word.n] != '\t') word.n++;
  size_t n = word.n;
  while (n < line->n && (line->p[n] == ' ' || line->p[n] == '\t')) n++;
  line->p += n;
  line->n -= n;
  return word;
}

static bool hexadecimal(struct str word, uint64_t *value) {
  if (word.n > 2 && word.p[0] == '0' && word.p[1] == 'x') word = (struct str){word.p + 2, word.n - 2};
  return word.n <= 16 && hex_number(word, value);
}

// `work` bounds what lists can cost that name the same addresses again and again.
static void name_range(struct naming *at, size_t n, uint64_t start, uint64_t size, struct str name, size_t *work) {
  if (name.n == 0 || name.n > LONGEST_NAME) return;
  for (size_t i = first_from(at, n, start); i < n && at[i].address - start<size && * work> 0; i++, --*work)
    at[i].name = name;
}

// "START SIZE name with blanks", a line each. Code is made anew at the same place: the last one counts.
void naming_from_perf_map(struct naming *at, size_t n, struct str text) {
  size_t work = MOST_WORK;
  while (text.n) {
    struct str line = next_line(&text), start = next_word(&line), size = next_word(&line);
    uint64_t from, bytes;
    if (hexadecimal(start, &from) && hexadecimal(size, &bytes)) name_range(at, n, from, bytes, line, &work);
  }
}

// "ADDRESS type name", or "ADDRESS type name [module]", in no order over modules. The first address asked for at or above a
// symbol hears of it; those behind it that hear of none have the same.
void naming_from_symbols(struct naming *at, size_t n, struct str text) {
  while (text.n) {
    struct str line = next_line(&text), address = next_word(&line), type = next_word(&line), name = next_word(&line);
    uint64_t begin;
    if (type.n != 1 || !memchr("tTwW", type.p[0], 4) || name.n == 0 || name.n > LONGEST_NAME) continue;
    if (!hexadecimal(address, &begin) || begin == 0) continue;
    size_t i = first_from(at, n, begin);
    if (i == n || begin < at[i].begin || (begin == at[i].begin && name.p[0] == '_')) continue;
    at[i].begin = begin;
    at[i].name = name;
  }
  for (size_t i = 1; i < n; i++)
    if (at[i].begin < at[i - 1].begin) at[i].begin = at[i - 1].begin, at[i].name = at[i - 1].name;
}
