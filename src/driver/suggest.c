// Edit distance over the names there are.
#include "driver/suggest.h"

#include "driver/commands.h"

enum { LONGEST = 40 };

// Insertions, deletions and substitutions; LONGEST for words that are too long to be flags.
static size_t distance(struct str a, struct str b) {
  size_t row[LONGEST + 1];
  if (a.n > LONGEST || b.n > LONGEST) return LONGEST;
  for (size_t k = 0; k <= b.n; k++) row[k] = k;
  for (size_t i = 1; i <= a.n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t k = 1; k <= b.n; k++) {
      size_t replaced = diagonal + (a.p[i - 1] != b.p[k - 1]);
      diagonal = row[k];
      size_t moved = (row[k] < row[k - 1] ? row[k] : row[k - 1]) + 1;
      row[k] = replaced < moved ? replaced : moved;
    }
  }
  return row[b.n];
}

struct nearest {
  struct str wanted;
  const char *name;
  size_t distance;
};

static void consider(struct nearest *n, const char *name) {
  size_t d = distance(n->wanted, str_of(name));
  if (d >= n->distance) return;
  n->distance = d;
  n->name = name;
}

// A third of the letters may be wrong.
static struct nearest nothing_near(struct str wanted) { return (struct nearest){wanted, NULL, wanted.n / 3 + 2}; }

static void consider_commands(struct nearest *n) {
  for (size_t i = 0; i < command_count; i++) consider(n, command_table[i].name);
}

const char *suggest_command(struct str word) {
  struct nearest n = nothing_near(word);
  consider_commands(&n);
  return n.name;
}

const char *suggest_flag(struct str name) {
  struct nearest n = nothing_near(name);
  for (size_t i = 0; i < option_count; i++) {
    const struct option_row *row = &option_table[i];
    if (row->type != OPTION_CHOICE) consider(&n, row->name);
    else
      for (const struct option_choice *c = row->choices; c->name; c++) consider(&n, c->name);
  }
  for (size_t i = 0; i < legacy_flag_count; i++) consider(&n, legacy_flags[i].name);
  consider_commands(&n);
  return n.name;
}
