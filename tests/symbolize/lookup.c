// Prints what src/symbolize/dwarf knows of addresses, for comparing it with other tools:
//
//     lookup [-t THREADS] [-a ALT] [-q] OBJECT <addresses
//
// Addresses are hexadecimal, one a line. For each a line with the address, then two lines a frame, as `addr2line -fi`
// has them: the name, FILE:LINE:COLUMN and the function's own line.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "symbolize/dwarf.h"

enum { MOST_THREADS = 16 };

struct part {
  struct elf *object, *alt;
  const char *path;
  const uint64_t *address;
  size_t n;
  struct buf out;
  struct err e;
};

static void print_frame(void *arg, const struct dwarf_frame *f) {
  struct buf *out = arg;
  struct str unknown = STR_LIT("??");
  buf_str(out, f->name.n ? f->name : unknown);
  buf_addc(out, '\n');
  buf_str(out, f->file.n ? f->file : unknown);
  buf_addf(out, ":%lld:%lld start %lld\n", (long long)f->line, (long long)f->column, (long long)f->start_line);
}

static void *look_up(void *arg) {
  struct part *p = arg;
  struct dwarf *d = dwarf_open(p->object, p->alt, p->path, &p->e);
  for (size_t i = 0; i < p->n; i++) {
    struct err e = {""};
    buf_addf(&p->out, "0x%llx\n", (unsigned long long)p->address[i]);
    int rc = d ? dwarf_lookup(d, p->address[i], print_frame, &p->out, &e) : 0;
    if (rc <= 0) buf_adds(&p->out, "??\n??:0:0 start 0\n");
    if (rc < 0 && !p->e.text[0]) p->e = e;
  }
  dwarf_close(d);
  return NULL;
}

static uint64_t *read_addresses(size_t *n) {
  uint64_t *address = NULL;
  size_t cap = 0, line_cap = 0;
  char *line = NULL;
  while (getline(&line, &line_cap, stdin) > 0) {
    if (ARRAY_RESERVE(address, cap, *n + 1)) abort();
    address[(*n)++] = strtoull(line, NULL, 16);
  }
  free(line);
  return address;
}

static void run(struct part *part, size_t threads) {
  pthread_t thread[MOST_THREADS];
  for (size_t i = 1; i < threads; i++)
    if (pthread_create(&thread[i], NULL, look_up, &part[i])) abort();
  look_up(&part[0]);
  for (size_t i = 1; i < threads; i++) pthread_join(thread[i], NULL);
}

int main(int argc, char **argv) {
  size_t threads = 1, n = 0;
  const char *alt_path = NULL;
  bool quiet = false;
  for (int option; (option = getopt(argc, argv, "t:a:q")) != -1;) {
    if (option == 't') threads = strtoul(optarg, NULL, 10);
    else if (option == 'a') alt_path = optarg;
    else if (option == 'q') quiet = true;
    else return 2;
  }
  if (optind + 1 != argc || !threads || threads > MOST_THREADS) return 2;
  struct err e = {""};
  struct elf *object = elf_open(argv[optind], &e), *alt = alt_path ? elf_open(alt_path, &e) : NULL;
  if (!object || (alt_path && !alt)) {
    fprintf(stderr, "lookup: %s\n", e.text);
    return 1;
  }
  uint64_t *address = read_addresses(&n);
  struct part part[MOST_THREADS] = {{NULL, NULL, NULL, NULL, 0, {NULL, 0, 0, false}, {""}}};
  for (size_t i = 0; i < threads; i++) {
    size_t from = n * i / threads, to = n * (i + 1) / threads;
    part[i] =
        (struct part){.object = object, .alt = alt, .path = argv[optind], .address = address + from, .n = to - from};
  }
  run(part, threads);
  for (size_t i = 0; i < threads; i++) {
    if (!quiet) fwrite(part[i].out.data, 1, part[i].out.n, stdout);
    if (part[i].e.text[0]) fprintf(stderr, "lookup: %s\n", part[i].e.text);
    buf_release(&part[i].out);
  }
  free(address);
  elf_close(object);
  elf_close(alt);
  return 0;
}
