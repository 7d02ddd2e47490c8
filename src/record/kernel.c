// The kernel as a mapping of its own, and each of its modules; addresses in it get their names when recording ends. Where
// kernel.kptr_restrict hides them, all that is known is that an address is the kernel's.
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "record/internal.h"

enum { MOST_BYTES = 64 << 20, PAGE = 4096 };

static void read_file(const char *path, struct buf *text) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  (void)fd_read(fd, MOST_BYTES, text);
  close(fd);
}

// The number of the region; NONE: out of memory.
static uint32_t add_part(struct tracker *t, const char *name, const char *notes, uint64_t start, uint64_t limit) {
  struct buf text = {0};
  read_file(notes, &text);
  struct region r = {.start = start, .limit = limit};
  r.object = objects_add(&t->objects, str_of(name), elf_notes_build_id(buf_view(&text)), 0);
  buf_release(&text);
  if (r.object == NONE) return NONE;
  t->objects.at[r.object].keeps_names = true;
  return stacks_region(&t->stacks, &r);
}

// Those asked for in the part that have none yet get its region. Sorted by address.
static int claim(struct tracker *t, struct naming *at, size_t n, uint32_t region) {
  if (region == NONE) return -1;
  const struct region *r = &t->stacks.region[region];
  for (size_t i = 0; i < n; i++) {
    struct place *p = &t->stacks.place[at[i].place];
    if (p->region != KERNEL_REGION || at[i].address < r->start || at[i].address >= r->limit) continue;
    p->region = region;
    // A symbol before the part is none of it.
    if (at[i].begin < r->start) at[i].name = (struct str){"", 0};
  }
  return 0;
}

static bool any_in(const struct naming *at, size_t n, uint64_t start, uint64_t limit) {
  for (size_t i = 0; i < n; i++)
    if (at[i].address >= start && at[i].address < limit) return true;
  return false;
}

// "name size users dependents state 0xADDRESS ..."
static int claim_modules(struct tracker *t, struct naming *at, size_t n) {
  char line[1024], module[64], name[80], notes[128];
  uint64_t size, start;
  int result = 0;
  FILE *f = fopen("/proc/modules", "re");
  while (f && !result && fgets(line, sizeof line, f)) {
    if (sscanf(line, "%63s %" SCNu64 " %*s %*s %*s %" SCNx64, module, &size, &start) != 3 || start == 0) continue;
    if (!any_in(at, n, start, start + size)) continue;
    snprintf(name, sizeof name, "[%s]", module);
    snprintf(notes, sizeof notes, "/sys/module/%s/notes/.note.gnu.build-id", module);
    result = claim(t, at, n, add_part(t, name, notes, start, start + size));
  }
  if (f) fclose(f);
  return result;
}

// A line of the list, by the symbol's name; 0: there is none, or it is hidden.
static uint64_t address_of(struct str text, const char *symbol) {
  struct str at = str_of(symbol);
  size_t found = str_find(text, at), line = found, end;
  uint64_t value;
  if (found == SIZE_MAX) return 0;
  while (line > 0 && text.p[line - 1] != '\n') line--;
  for (end = line; end < found && text.p[end] != ' ';) end++;
  return hex_number((struct str){text.p + line, end - line}, &value) ? value : 0;
}

static int claim_kernel(struct tracker *t, struct naming *at, size_t n, struct str symbols) {
  uint64_t start = address_of(symbols, " _stext\n"), limit = address_of(symbols, " _end\n");
  if (limit <= start) limit = address_of(symbols, " _etext\n");
  // What is left has no module that is known (programs of BPF, trampolines): it is the kernel's, too.
  uint64_t first = at[0].address & ~(uint64_t)(PAGE - 1), last = at[n - 1].address;
  if (start && any_in(at, n, start, limit) &&
      claim(t, at, n, add_part(t, "[kernel.kallsyms]", "/sys/kernel/notes", start, limit)))
    return -1;
  for (size_t i = 0; i < n; i++)
    if (t->stacks.place[at[i].place].region == KERNEL_REGION)
      return claim(t, at, n, add_part(t, "[kernel.kallsyms]", "/sys/kernel/notes", first, last + 1));
  return 0;
}

int kernel_name(struct tracker *t, struct naming *at, size_t n) {
  struct str symbols = buf_view(&t->kernel_symbols);
  if (n == 0) return 0;
  naming_from_symbols(at, n, symbols);
  t->kernel_hidden = address_of(symbols, " _stext\n") == 0;
  return claim_modules(t, at, n) || claim_kernel(t, at, n, symbols) ? -1 : 0;
}

// The list takes a while to read: before the program starts nothing is lost by that, and nobody waits for it in the end.
void tracker_read_kernel(struct tracker *t) { read_file("/proc/kallsyms", &t->kernel_symbols); }
