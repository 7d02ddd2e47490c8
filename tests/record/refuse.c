// Runs a program in which the kernel refuses a system call, as it does in containers:
//
//     refuse perf_event_open|ptrace|process_vm_readv ERROR PROGRAM [ARGUMENT...]
//
// ERROR is the number of the error that the call ends with. Status 77 where filters can't be set.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned number_of(const char *name) {
  if (strcmp(name, "ptrace") == 0) return SYS_ptrace;
  return strcmp(name, "process_vm_readv") == 0 ? SYS_process_vm_readv : SYS_perf_event_open;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  unsigned error = (unsigned)atoi(argv[2]) & SECCOMP_RET_DATA;
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number_of(argv[1]), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
    fprintf(stderr, "skipped: no filters of system calls: %s\n", strerror(errno));
    return 77;
  }
  execvp(argv[3], argv + 3);
  perror(argv[3]);
  return 127;
}
