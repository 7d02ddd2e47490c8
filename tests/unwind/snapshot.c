#include "snapshot.h"

#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { SEEN = 1 << 16 };

static struct {
  int fd;
  const char *path;
  char place[24];
  unsigned most;
  uint64_t beside;
  unsigned char seen[SEEN];
} state;

// The trap flag is set by the popf: the trap comes with the next instruction, and on until it is cleared.
__asm__(
    ".text\n.globl snapshot_on\n.type snapshot_on,@function\nsnapshot_on:\n.cfi_startproc\n"
    "pushfq\n.cfi_adjust_cfa_offset 8\norq $0x100,(%rsp)\npopfq\n.cfi_adjust_cfa_offset -8\nret\n.cfi_endproc\n"
    ".size snapshot_on,.-snapshot_on\n"
    ".globl snapshot_off\n.type snapshot_off,@function\nsnapshot_off:\n.cfi_startproc\n"
    "pushfq\n.cfi_adjust_cfa_offset 8\nandq $~0x100,(%rsp)\npopfq\n.cfi_adjust_cfa_offset -8\nret\n.cfi_endproc\n"
    ".size snapshot_off,.-snapshot_off\n");

// Up to where memory ends.
static size_t copy(uint64_t from, char *to, size_t n) {
  struct iovec local = {to, n}, remote[17];
  size_t parts = 0;
  // By pages, as a part that is not there makes the whole part fail.
  for (uint64_t at = from; at < from + n && parts < 17; parts++) {
    uint64_t next = (at | 4095) + 1;
    if (next > from + n) next = from + n;
    remote[parts] = (struct iovec){(void *)(uintptr_t)at, next - at};
    at = next;
  }
  ssize_t got = process_vm_readv(getpid(), &local, 1, remote, parts, 0);
  return got < 0 ? 0 : (size_t)got;
}

static void put(const void *bytes, size_t n) {
  if (write(state.fd, bytes, n) != (ssize_t)n) _exit(3);
}

static void take(const greg_t *g) {
  static const int order[17] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
                                REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  static char stack[SNAPSHOT_STACK], beside[SNAPSHOT_STACK];
  struct snapshot s = {.start = (uint64_t)g[REG_RSP], .beside = state.beside};
  memcpy(s.place, state.place, sizeof s.place);
  for (int i = 0; i < 17; i++) s.r[i] = (uint64_t)g[order[i]];
  s.n = copy(s.start, stack, sizeof stack);
  s.n_beside = s.beside ? copy(s.beside, beside, sizeof beside) : 0;
  put(&s, sizeof s);
  put(stack, s.n);
  put(beside, s.n_beside);
}

static void on_trap(int number, siginfo_t *info, void *context) {
  const greg_t *g = ((ucontext_t *)context)->uc_mcontext.gregs;
  (void)number, (void)info;
  unsigned char *seen = &state.seen[((uint64_t)g[REG_RIP] * UINT64_C(0x9e3779b97f4a7c15)) >> 48];
  if (*seen >= state.most) return;
  ++*seen;
  take(g);
}

void snapshot_place(const char *name, unsigned most) {
  memset(state.place, 0, sizeof state.place);
  strncpy(state.place, name, sizeof state.place - 1);
  memset(state.seen, 0, sizeof state.seen);
  state.most = most;
}

void snapshot_beside(uint64_t address) { state.beside = address; }

void snapshot_open(const char *path) {
  struct sigaction a = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
  state.path = path;
  state.fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (state.fd < 0) abort();
  sigaction(SIGTRAP, &a, NULL);
}

static void write_vdso(const char *bytes, size_t n, char *path) {
  snprintf(path, 4096, "%s.vdso", state.path);
  FILE *f = fopen(path, "w");
  if (!f || fwrite(bytes, 1, n, f) != n || fclose(f)) abort();
}

// Sections of the vdso lie behind what is loaded, in the same two pages.
static int write_object(struct dl_phdr_info *info, size_t size, void *arg) {
  char path[4096] = "";
  uint64_t start = UINT64_MAX, end = 0;
  (void)size;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *p = &info->dlpi_phdr[i];
    if (p->p_type != PT_LOAD) continue;
    if (p->p_vaddr < start) start = p->p_vaddr;
    if (p->p_vaddr + p->p_memsz > end) end = p->p_vaddr + p->p_memsz;
  }
  end = (end + 4095) & ~UINT64_C(4095);
  if (info->dlpi_addr + start == getauxval(AT_SYSINFO_EHDR))
    write_vdso((const char *)(uintptr_t)(info->dlpi_addr + start), end - start, path);
  else if (!info->dlpi_name[0]) path[readlink("/proc/self/exe", path, sizeof path - 1)] = '\0';
  else snprintf(path, sizeof path, "%s", info->dlpi_name);
  fprintf(arg, "%lx %lx %lx %s\n", (long)info->dlpi_addr, (long)(info->dlpi_addr + start),
          (long)(info->dlpi_addr + end), path);
  return 0;
}

void snapshot_close(void) {
  char path[4096];
  snprintf(path, sizeof path, "%s.objects", state.path);
  FILE *f = fopen(path, "w");
  if (!f) abort();
  dl_iterate_phdr(write_object, f);
  if (fclose(f) || close(state.fd)) abort();
}
