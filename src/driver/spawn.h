// Starting other programs.
#ifndef CPROF_DRIVER_SPAWN_H
#define CPROF_DRIVER_SPAWN_H

#include <sys/types.h>

#include "base/base.h"

// Starts a program, found by PATH, with no signal blocked and SIGPIPE as usual. `in` and `out` become its standard
// input and output; -1: as ours. 0, or an errno.
int spawn_program(char *const argv[], int in, int out, pid_t *pid);
// The same in a process group of its own.
int spawn_apart(char *const argv[], int in, int out, pid_t *pid);
// Waits for it. 0, or -1 with a message that names it when it failed.
int spawn_wait(pid_t pid, const char *name, struct err *e);

// Runs a shell command with the bytes for standard input, until it ends. That it does not read them all, or fails, is
// its own affair.
int spawn_shell(const char *command, struct str input, struct err *e);

#endif
