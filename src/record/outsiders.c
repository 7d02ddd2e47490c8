// Processes that are none of the program's, told to the kernel, which then takes no samples of them: neither do they pay for
// copies of their stacks, nor do these fill the rings. A small program of the kernel's own (BPF) looks the process up in a
// map before a sample is made. Where it is refused all samples come, and are left out here.
#include <dirent.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "record/internal.h"

enum { MOST = 8192 };  // of which the kernel forgets those that do not run

// The kernel's number of the first namespace of processes. In others processes have other numbers than the kernel's.
static const ino_t first_namespace = 0xEFFFFFFC;

static int bpf(enum bpf_cmd command, union bpf_attr *a) { return (int)syscall(SYS_bpf, command, a, sizeof *a); }

static uint64_t address(const void *p) { return (uint64_t)(uintptr_t)p; }

static bool numbers_are_the_kernels(void) {
  struct stat s;
  return stat("/proc/self/ns/pid", &s) == 0 && s.st_ino == first_namespace;
}

static int open_map(void) {
  union bpf_attr a = {.map_type = BPF_MAP_TYPE_LRU_HASH, .key_size = 4, .value_size = 4, .max_entries = MOST};
  return bpf(BPF_MAP_CREATE, &a);
}

// "No sample" (0) where the map has the process, else 1.
static int open_program(int map) {
  enum { RESULT = BPF_REG_0, FIRST = BPF_REG_1, SECOND = BPF_REG_2, STACK = BPF_REG_10 };
  const struct bpf_insn program[] = {
      {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_current_pid_tgid},
      {.code = BPF_ALU64 | BPF_RSH | BPF_K, .dst_reg = RESULT, .imm = 32},
      {.code = BPF_STX | BPF_MEM | BPF_W, .dst_reg = STACK, .src_reg = RESULT, .off = -4},
      {.code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = FIRST, .src_reg = BPF_PSEUDO_MAP_FD, .imm = map},
      {.code = 0},  // the second half
      {.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = SECOND, .src_reg = STACK},
      {.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = SECOND, .imm = -4},
      {.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem},
      {.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = RESULT, .imm = 0, .off = 2},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = RESULT, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = RESULT, .imm = 1},
      {.code = BPF_JMP | BPF_EXIT},
  };
  union bpf_attr a = {.prog_type = BPF_PROG_TYPE_PERF_EVENT,
                      .insns = address(program),
                      .insn_cnt = sizeof program / sizeof *program,
                      .license = address("Apache-2.0")};
  return bpf(BPF_PROG_LOAD, &a);
}

static void add_all_but(struct outsiders *o, uint32_t root) {
  DIR *processes = opendir("/proc");
  for (struct dirent *d; processes && (d = readdir(processes));) {
    uint32_t pid = (uint32_t)strtoul(d->d_name, NULL, 10);
    if (pid && pid != root) outsiders_add(o, pid);
  }
  if (processes) closedir(processes);
}

void outsiders_open(struct outsiders *o, const struct events *v, uint32_t root) {
  *o = (struct outsiders){.map = -1, .program = -1};
  if (!numbers_are_the_kernels()) return;
  o->map = open_map();
  if (o->map >= 0) o->program = open_program(o->map);
  for (size_t i = 0; i < v->n_rings && o->program >= 0; i++)
    if (v->ring[i].fd >= 0) ioctl(v->ring[i].fd, PERF_EVENT_IOC_SET_BPF, o->program);
  if (o->program >= 0) add_all_but(o, root);
}

void outsiders_add(struct outsiders *o, uint32_t pid) {
  uint32_t value = 1;
  union bpf_attr a = {.map_fd = (uint32_t)o->map, .key = address(&pid), .value = address(&value), .flags = BPF_ANY};
  if (o->program < 0 || pid == o->last) return;
  o->last = pid;
  bpf(BPF_MAP_UPDATE_ELEM, &a);
}

void outsiders_remove(struct outsiders *o, uint32_t pid) {
  union bpf_attr a = {.map_fd = (uint32_t)o->map, .key = address(&pid)};
  if (o->program < 0) return;
  if (o->last == pid) o->last = 0;
  bpf(BPF_MAP_DELETE_ELEM, &a);
}

void outsiders_close(struct outsiders *o) {
  if (o->program >= 0) close(o->program);
  if (o->map >= 0) close(o->map);
}
