// rt: what runs inside a program that is recorded without the kernel's events, and what it shares with the recorder: a piece of
// memory with slots. A thread of the program takes a slot that is free, fills it and says so; the recorder reads it and frees
// it. Nobody waits for anybody; where there is no free slot a sample is lost and counted.
//
// Nothing in here is trusted by the recorder: every process of the program may write what it likes.
#ifndef CPROF_RT_SLOTS_H
#define CPROF_RT_SLOTS_H

#include <stdint.h>

enum { SLOTS = 512, SLOT_BYTES = 32 * 1024, SLOT_REGISTERS = 17, SLOT_NAME = 16 };
enum slot_state { SLOT_FREE, SLOT_TAKEN, SLOT_FULL };
enum slot_kind { SLOT_SAMPLE, SLOT_MAPS };

struct slot {
  uint32_t state;  // written last, read first
  uint32_t kind, pid, tid;
  uint64_t time;                       // CLOCK_MONOTONIC, ns
  uint64_t periods;                    // how many the sample stands for
  uint64_t registers[SLOT_REGISTERS];  // by DWARF's numbers
  uint32_t n;                          // bytes that are used
  char name[SLOT_NAME];                // of the thread
  // SAMPLE: the stack from the stack pointer on. MAPS: the program's path, a line feed, the beginning of /proc/self/maps; sent by a
  // process that begins.
  unsigned char bytes[SLOT_BYTES];
};

struct slots {
  uint32_t enabled;  // 0: timers end
  uint32_t next;     // where to look for a free slot
  uint64_t period;   // of CPU time between two samples of a thread, ns
  uint64_t lost;     // periods
  struct slot slot[SLOTS];
};

// The library has this in its constants: behind it there is room for the path of the shared memory, which the recorder fills in.
#define SLOTS_PATH_MARK "cprof: slots are in "
enum { SLOTS_PATH_ROOM = 64 };

#endif
