// Counts the words of a text that it makes up. It takes longer than it has to; a profile shows where.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, WORDS = 5000000, VOCABULARY = 8000, LONGEST = 16 };

struct entry {
  struct entry *next;
  long count;
  char word[LONGEST];
};

static struct entry *bucket[BUCKETS];

static uint32_t random_number(uint32_t below) {
  static uint64_t state = 1;
  state = state * 6364136223846793005 + 1442695040888963407;
  return (uint32_t)((state >> 33) % below);
}

// Word number n of the vocabulary: syllables.
static void spell(char *word, uint32_t n) {
  static const char *const syllable[20] = {"ba", "de", "fi", "go", "hu", "ka", "le",  "mi",  "no",  "pu",
                                           "ra", "se", "ti", "vo", "wu", "za", "che", "shi", "tho", "qua"};
  for (int i = 0; i < 3; i++, n /= 20)
    for (const char *from = syllable[n % 20]; *from;) *word++ = *from++;
  *word = '\0';
}

static unsigned hash(const char *word) {
  unsigned h = 0;
  while (*word) h += (unsigned char)*word++;
  return h % BUCKETS;
}

static bool equal(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static struct entry *find(const char *word) {
  struct entry **at = &bucket[hash(word)];
  for (struct entry *e = *at; e; e = e->next)
    if (equal(e->word, word)) return e;
  struct entry *e = calloc(1, sizeof *e);
  if (!e) exit(1);
  strcpy(e->word, word);
  e->next = *at;
  return *at = e;
}

static void count_words(int n) {
  char word[LONGEST];
  for (int i = 0; i < n; i++) {
    // Small numbers come more often than large ones, as words do.
    spell(word, random_number(1 + random_number(VOCABULARY)));
    find(word)->count++;
  }
}

static int by_count(const void *a, const void *b) {
  const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
  return x->count != y->count ? (x->count < y->count) - (x->count > y->count) : strcmp(x->word, y->word);
}

static void print_most_frequent(int n) {
  static struct entry *all[VOCABULARY];
  int found = 0;
  for (int i = 0; i < BUCKETS; i++)
    for (struct entry *e = bucket[i]; e; e = e->next) all[found++] = e;
  qsort(all, (size_t)found, sizeof *all, by_count);
  for (int i = 0; i < n && i < found; i++) printf("%ld %s\n", all[i]->count, all[i]->word);
}

int main(void) {
  count_words(WORDS);
  print_most_frequent(3);
  return 0;
}
