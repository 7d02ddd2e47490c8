// Writes a profile of bare addresses, uncompressed, to standard output. Standard input says what is in it:
//
//     mapping START LIMIT OFFSET BUILD_ID FILE     hexadecimal; - for no build id
//     address ADDRESS                              a sample with one frame, in the mapping that holds it
#include <stdio.h>
#include <stdlib.h>

#include "profile/view.h"

static void check(bool ok, const char *what) {
  if (ok) return;
  fprintf(stderr, "raw_addresses: %s\n", what);
  exit(1);
}

static void add_mapping(struct profile *p, const char *text) {
  unsigned long long start, limit, offset;
  char id[256];
  int file = 0;
  check(sscanf(text, "%llx %llx %llx %255s %n", &start, &limit, &offset, id, &file) == 4 && file, text);
  struct mapping m = {.id = p->places.n_mappings + 1, .start = start, .limit = limit, .offset = offset};
  m.build_id = strcmp(id, "-") == 0 ? 0 : profile_add_string(p, str_of(id));
  m.file = profile_add_string(p, str_of(text + file));
  check(profile_add_mapping(p, &m) != NONE, "out of memory");
}

static void add_address(struct profile *p, const char *text) {
  uint64_t address = strtoull(text, NULL, 16);
  struct location l = {.id = p->places.n_locations + 1, .address = address, .mapping = NONE};
  for (uint32_t i = 0; i < p->places.n_mappings; i++)
    if (address >= p->places.mapping[i].start && address < p->places.mapping[i].limit) l.mapping = i;
  uint32_t frame = profile_add_location(p, &l, NULL);
  int64_t value = 1;
  check(frame != NONE && !profile_add_sample(p, &frame, 1, &value, NONE), "out of memory");
}

static void read_lines(struct profile *p) {
  char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "mapping ", 8) == 0) add_mapping(p, line + 8);
    else if (strncmp(line, "address ", 8) == 0) add_address(p, line + 8);
    else check(false, line);
  }
}

int main(void) {
  struct err e = {""};
  struct buf out = {0};
  struct view v;
  struct profile *p = profile_new(&e);
  check(p && profile_add_sample_type(p, STR_LIT("samples"), STR_LIT("count")) != NONE, e.text);
  read_lines(p);
  check(!view_init(&v, p, &e) && !profile_encode(&v, 1, &out, &e) && !out.failed, e.text);
  fwrite(out.data, 1, out.n, stdout);
  view_release(&v);
  profile_free(p);
  buf_release(&out);
  return 0;
}
