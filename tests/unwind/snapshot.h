// Snapshots that a program takes of itself: registers and stack at each new instruction of what it runs between snapshot_on
// and snapshot_off, by single-stepping. Written to a file for `compare`; beside it lies FILE.objects, a line for each object
// ("BIAS START END PATH", in hex but for the path), and FILE.vdso.
#ifndef CPROF_TESTS_SNAPSHOT_H
#define CPROF_TESTS_SNAPSHOT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { SNAPSHOT_STACK = 65528 };

// Followed by the n bytes of the stack, and n_beside bytes of the stack that a signal on an alternate stack left.
struct snapshot {
  char place[24];
  uint64_t r[17];  // by DWARF's numbers
  uint64_t start, n;
  uint64_t beside, n_beside;
};

void snapshot_open(const char *path);
void snapshot_close(void);
// What follows is called so. The same instruction is taken up to `most` times a place.
void snapshot_place(const char *name, unsigned most);
// Where a stack is that the next snapshots leave; 0: nowhere.
void snapshot_beside(uint64_t address);
// Begin and end of stepping, for the calling thread.
void snapshot_on(void);
void snapshot_off(void);

#ifdef __cplusplus
}
#endif
#endif
